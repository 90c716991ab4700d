"""Puts the built front end and the templates into the wheel, so that installing AP Log needs no Node.

An editable install gets neither: it reads the templates where they are, and `make build` builds the front end.
"""

import subprocess
import sys
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class FrontEndBuildHook(BuildHookInterface[Any]):
    """Builds the front end before files are collected for a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel" or version == "editable":
            return
        subprocess.run([sys.executable, "-m", "scripts.build_front_end"], cwd=self.root, check=True)
        build_data["force_include"]["web/templates"] = "ap_log/templates"
