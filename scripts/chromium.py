"""Finds the Chromium that tests drive, or installs one: from Debian's packages as root, else Playwright's own.

`python -m scripts.chromium` makes sure of one and prints where it is. Having none is an error with a sentence that says
what to do, never a reason to skip the browser tests.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import sync_playwright

NONE_FOUND = (
    "The browser tests need Chromium and none was found or could be installed. Install the package `chromium`, or run "
    "`.venv/bin/python -m playwright install chromium`, or set CHROMIUM to the path of a Chromium or Chrome."
)
APT_INSTALL = ("apt-get", "install", "-y", "--no-install-recommends", "chromium")


def find() -> Path | None:
    """The Chromium to drive: CHROMIUM, then the system's, then Playwright's own; None when there is none.

    Raises SystemExit when CHROMIUM names something that is not there, rather than quietly driving another.
    """
    wanted = os.environ.get("CHROMIUM")
    if wanted:
        if not Path(wanted).is_file():
            raise SystemExit(f"CHROMIUM is set to {wanted}, which is not a file.")
        return Path(wanted)
    system = Path("/usr/bin/chromium")
    if system.is_file():
        return system
    on_path = shutil.which("chromium") or shutil.which("chromium-browser")
    return Path(on_path) if on_path else playwrights_own()


def playwrights_own() -> Path | None:
    """The Chromium that `playwright install` downloaded, if it did."""
    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return path if path.is_file() else None


def install() -> None:
    """Try the ways there are; what failed shows in their own output and in nothing being found afterwards."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update"], check=False)
        if subprocess.run(APT_INSTALL, check=False).returncode == 0:
            return
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def find_or_install(find: Callable[[], Path | None] = find, install: Callable[[], None] = install) -> Path:
    """A Chromium to drive, installed if need be. Raises SystemExit with what to do when there can be none."""
    found = find()
    if found is None:
        install()
        found = find()
    if found is None:
        raise SystemExit(NONE_FOUND)
    return found


def launch_arguments() -> list[str]:
    """Flags every test browser starts with: nothing in the background, and no sandbox where root may not have one."""
    quiet = [
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    return ["--no-sandbox", *quiet] if os.geteuid() == 0 else quiet


if __name__ == "__main__":
    print(f"Chromium: {find_or_install()}")
