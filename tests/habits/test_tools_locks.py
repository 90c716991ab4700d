"""The locks say what pyproject.toml and package.json say, and would install from any mirror."""

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PYTHON_LOCKS = ("requirements.lock", "requirements-dev.lock")
PINNED = re.compile(r"^([a-z0-9-]+)==([^ ;\\]+)", re.MULTILINE)


def locked(lock: str) -> dict[str, str]:
    return dict(PINNED.findall((ROOT / lock).read_text()))


def pins(requirements: list[object]) -> dict[str, str]:
    return dict(match for line in requirements if isinstance(line, str) for match in PINNED.findall(line))


@pytest.mark.parametrize("lock", PYTHON_LOCKS)
def test_a_python_lock_holds_every_run_time_dependency_at_the_version_asked_for(lock: str) -> None:
    wanted = pins(PROJECT["project"]["dependencies"]) | pins(PROJECT["project"]["optional-dependencies"]["demo"])
    assert wanted.items() <= locked(lock).items()


def test_the_developers_lock_adds_tools_and_changes_nothing_that_runs() -> None:
    groups = PROJECT["dependency-groups"]
    developers = locked("requirements-dev.lock")
    assert locked("requirements.lock").items() <= developers.items()
    assert (pins(groups["build"]) | pins(groups["dev"])).items() <= developers.items()


def test_every_dependency_is_pinned() -> None:
    groups = PROJECT["dependency-groups"]
    asked_for = [
        *PROJECT["project"]["dependencies"],
        *PROJECT["project"]["optional-dependencies"]["demo"],
        *(line for line in [*groups["build"], *groups["dev"]] if isinstance(line, str)),
    ]
    assert [line for line in asked_for if "==" not in line] == []


def test_every_run_time_dependency_has_its_reason_beside_it() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    listed = text[text.index("dependencies = [") : text.index("[project.scripts]")]
    assert [line for line in listed.splitlines() if "==" in line and " # " not in line] == []


@pytest.mark.parametrize("lock", PYTHON_LOCKS)
def test_no_python_lock_names_a_host_to_install_from(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert [word for word in ("://", "--index-url", "--find-links") if word in text] == []


def test_the_node_lock_names_no_host_to_install_from() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert [name for name, package in packages.items() if "resolved" in package] == []


def test_the_node_lock_holds_what_package_json_asks_for() -> None:
    asked_for = json.loads((ROOT / "package.json").read_text())
    root = json.loads((ROOT / "package-lock.json").read_text())["packages"][""]
    assert root["dependencies"] == asked_for["dependencies"]
    assert root["devDependencies"] == asked_for["devDependencies"]


def test_the_node_lock_has_a_checksum_for_every_package() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []


def test_the_components_in_the_pages_and_their_styles_are_a_pair() -> None:
    """Macros and styles of different releases disagree about class names without saying so."""
    asked_for = json.loads((ROOT / "package.json").read_text())["dependencies"]
    assert (locked("requirements.lock")["govuk-frontend-jinja"], asked_for["govuk-frontend"]) == ("4.1.0", "6.3.0")
