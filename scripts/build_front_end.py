"""Builds what a browser gets into ap_log/static, from web/ and service-worker/. Does nothing when nothing changed.

The result is listed in assets.json: the name pages ask for, the file that has it and its SHA-256. Everything is built
into a new folder that then takes the old one's place, so a failed build leaves the last good one standing.
"""

import base64
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from scripts import node

ROOT = node.ROOT
STATIC = ROOT / "ap_log" / "static"
ASSETS = "assets.json"
GENERATED = ROOT / "web" / "src" / "generated"

STYLESHEETS = {"app.css": "web/styles/app.scss"}
PAGE_SCRIPTS = {"app.js": "web/src/app.ts"}
# A worker keeps its name: a browser compares it byte for byte under the address it was first registered with. The
# second is served in place of the first to take it off the phones.
WORKERS = {"service-worker.js": "service-worker/worker.ts", "service-worker-kill.js": "service-worker/kill.ts"}
# Of the icons the pages themselves show one; the others and the manifest are for browsers that install the app.
SHOWN_ICON = "icons/icon.svg"
# An installed app and a phone's home screen remember these names, so they carry no hash.
COPIED = {"manifest.webmanifest": "web/manifest.webmanifest", "icons": "web/icons"}

INPUTS = (
    "web",
    "service-worker",
    "scripts",
    "package-lock.json",
    "tsconfig.json",
    "ap_log/contracts.py",
    "ap_log/contracts",
    "ap_log/domain",
)
COMPRESSED = (".js", ".css", ".svg", ".webmanifest")
COMPRESS = """
const { readFileSync, writeFileSync } = require("node:fs");
const { brotliCompressSync, gzipSync } = require("node:zlib");
for (const path of process.argv.slice(1)) {
  writeFileSync(`${path}.br`, brotliCompressSync(readFileSync(path)));
  writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }));
}
"""
ESBUILD_OPTIONS = ("--bundle", "--minify", "--target=es2022", "--charset=utf8", "--log-level=warning")


def main() -> None:
    """Build unless the last build had the same inputs and is still whole."""
    inputs = fingerprint(ROOT, *INPUTS)
    if is_current(STATIC, inputs):
        print("The front end is up to date.")
        return
    node.install_packages()
    write_generated_types()
    with tempfile.TemporaryDirectory(prefix=".static-", dir=STATIC.parent) as workplace:
        built = Path(workplace) / "static"
        built.mkdir()
        build(built, inputs)
        put_in_place(built, STATIC)
    print(f"The front end is built in {STATIC.relative_to(ROOT)}.")


def is_current(static: Path, inputs: str) -> bool:
    """Tell whether a folder was built from these inputs and every file it lists is still there."""
    try:
        assets = json.loads((static / ASSETS).read_bytes())
    except FileNotFoundError:
        return False
    return bool(assets["inputs"] == inputs) and all((static / a["file"]).is_file() for a in assets["files"].values())


def write_generated_types() -> None:
    """Have ap_log.contracts write the TypeScript types and vocabulary that both sides share."""
    if find_spec("ap_log.contracts") is None:
        return
    subprocess.run([sys.executable, "-m", "ap_log.contracts", str(GENERATED)], cwd=ROOT, check=True)


def build(built: Path, inputs: str) -> None:
    """Fill the folder `built`: styles, page scripts, copies, then the worker, which names the others, and the list."""
    for name, source in STYLESHEETS.items():
        node.run_or_stop("sass", "--style=compressed", "--no-source-map", *sass_paths(), source, str(built / name))
    for name, source in PAGE_SCRIPTS.items():
        node.run_or_stop("esbuild", source, *ESBUILD_OPTIONS, "--format=esm", f"--outfile={built / name}")
    names = {name: with_hash_in_name(built / name) for name in (*STYLESHEETS, *PAGE_SCRIPTS)}
    shown = sorted([*names.values(), SHOWN_ICON])
    names |= copy_as_they_are(built)
    for name, source in WORKERS.items():
        build_worker(built, name, source, shown)
        names[name] = name
    compress(built)
    files = {name: {"file": file, "sha256": digest(built / file)} for name, file in names.items()}
    (built / ASSETS).write_text(json.dumps({"inputs": inputs, "files": files}, indent=2) + "\n")


def compress(built: Path) -> None:
    """Put beside each text its compressed forms, as `app.css.br` and `app.css.gz`: a phone's signal is narrow."""
    texts = [str(path) for path in files_under(built) if path.suffix in COMPRESSED]
    node.evaluate(COMPRESS, *texts)


def sass_paths() -> tuple[str, str]:
    """Where stylesheets are looked for: GOV.UK Frontend's as `govuk/…`, ours by their own name."""
    return "--load-path=node_modules/govuk-frontend/dist", "--load-path=web/styles"


def with_hash_in_name(path: Path) -> str:
    """Rename app.css to app-0123456789.css, so that it may be cached for ever, and return the new name."""
    renamed = path.with_name(f"{path.stem}-{digest(path)[:10]}{path.suffix}")
    path.rename(renamed)
    return renamed.name


def copy_as_they_are(built: Path) -> dict[str, str]:
    """Copy the manifest and the icons; return the name of each file, which is also its file."""
    for name, source in COPIED.items():
        path = ROOT / source
        if path.is_dir():
            shutil.copytree(path, built / name)
        else:
            shutil.copyfile(path, built / name)
    copied = (path for name in COPIED for path in files_under(built / name))
    return {name: name for name in (path.relative_to(built).as_posix() for path in copied)}


def build_worker(built: Path, name: str, source: str, static_files: list[str]) -> None:
    """Bundle a service worker with the files it keeps on the phone and an id that changes when any of it does.

    Each file comes with its digest in the form that `fetch` checks. Pages count too: the empty forms a phone keeps are
    rendered from web/templates.
    """
    digests = {f"/static/{file}": integrity(built / file) for file in static_files}
    pages = fingerprint(ROOT, "web/templates", "service-worker")
    build_id = hashlib.sha256("".join([*digests.values(), pages]).encode())
    node.run_or_stop(
        "esbuild",
        source,
        *ESBUILD_OPTIONS,
        "--format=iife",
        "--tsconfig=tsconfig.worker.json",
        f"--define:BUILD_ID={json.dumps(build_id.hexdigest()[:16])}",
        f"--define:STATIC_FILES={json.dumps(digests)}",
        f"--outfile={built / name}",
    )


def integrity(path: Path) -> str:
    """The SHA-256 of a file as Subresource Integrity writes it."""
    return f"sha256-{base64.b64encode(hashlib.sha256(path.read_bytes()).digest()).decode()}"


def put_in_place(built: Path, static: Path) -> None:
    """Let the finished folder take the place of the last build, which goes away with the workplace."""
    if static.exists():
        static.rename(built.with_name("old"))
    built.rename(static)


def fingerprint(root: Path, *places: str) -> str:
    """SHA-256 over the names and contents of all files at these places below root, generated ones left out."""
    hashed = hashlib.sha256()
    for place in places:
        for path in files_under(root / place):
            hashed.update(f"{path.relative_to(root).as_posix()} {digest(path)}\n".encode())
    return hashed.hexdigest()


def files_under(place: Path) -> Iterator[Path]:
    """The file itself, or all files below a folder in a stable order; nothing for a place that does not exist."""
    if place.is_file():
        yield place
    for path in sorted(place.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts and GENERATED not in path.parents:
            yield path


def digest(path: Path) -> str:
    """The SHA-256 of a file's contents, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    main()
