"""Finds the browsers without Background Sync that `make torture` drives, or installs them from Debian as root.

`python -m scripts.other_engines` makes sure of both and prints where they are. Having none is an error with a sentence
that says what to do, never a reason to skip.
"""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Engine:
    """A browser by the program that starts it, and the Debian packages that bring it."""

    name: str
    programs: tuple[str, ...]
    packages: tuple[str, ...]

    def find(self) -> Path | None:
        """The program that is started, once everything beside it is there too."""
        found = [shutil.which(program) for program in self.programs]
        return Path(str(found[0])) if all(found) else None


FIREFOX = Engine("Firefox ESR", ("firefox-esr",), ("firefox-esr",))
WEBKIT = Engine(
    "WebKitGTK",
    ("WebKitWebDriver", "xvfb-run", "dbus-launch"),
    ("webkit2gtk-driver", "xvfb", "xauth", "dbus", "dbus-x11"),
)


def find_or_install(engine: Engine) -> Path:
    """The engine's program, installed if need be. Raises SystemExit with what to do when there can be none."""
    found = engine.find()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update"], check=False)
        subprocess.run(["apt-get", "install", "-y", "--no-install-recommends", *engine.packages], check=False)
        found = engine.find()
    if found is None:
        raise SystemExit(f"These tests need {engine.name}. Install the packages {' '.join(engine.packages)}.")
    return found


if __name__ == "__main__":
    for one in (FIREFOX, WEBKIT):
        print(f"{one.name}: {find_or_install(one)}")
