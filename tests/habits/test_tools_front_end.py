"""The front-end build knows when it has nothing to do, and names what it makes after its contents."""

import hashlib
import json
import re
import struct
from pathlib import Path

import pytest

from scripts.build_front_end import SHOWN_ICON, STATIC, fingerprint, is_current, put_in_place, with_hash_in_name

ROOT = Path(__file__).resolve().parents[2]
ICON_SIZES = {"icon-192.png": 192, "icon-512.png": 512, "icon-maskable-512.png": 512, "apple-touch-icon.png": 180}


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A folder that was built from the inputs `abc` and holds one file."""
    static = tmp_path / "static"
    static.mkdir()
    (static / "app-1.css").write_text("a {}")
    assets = {"inputs": "abc", "files": {"app.css": {"file": "app-1.css", "sha256": ""}}}
    (static / "assets.json").write_text(json.dumps(assets))
    return static


def test_a_whole_build_of_the_same_inputs_is_current(built: Path) -> None:
    assert is_current(built, "abc")


def test_other_inputs_ask_for_a_build(built: Path) -> None:
    assert not is_current(built, "abd")


def test_a_missing_file_asks_for_a_build(built: Path) -> None:
    (built / "app-1.css").unlink()
    assert not is_current(built, "abc")


def test_no_build_at_all_asks_for_one(tmp_path: Path) -> None:
    assert not is_current(tmp_path / "static", "abc")


def test_a_new_build_takes_the_place_of_the_old_one_whole(built: Path, tmp_path: Path) -> None:
    new = tmp_path / "work" / "static"
    new.mkdir(parents=True)
    (new / "app-2.css").write_text("b {}")
    put_in_place(new, built)
    assert [path.name for path in built.iterdir()] == ["app-2.css"]


def test_a_changed_renamed_or_added_file_changes_the_fingerprint(tmp_path: Path) -> None:
    source = tmp_path / "web"
    source.mkdir()
    prints = [fingerprint(tmp_path, "web")]
    (source / "a.ts").write_text("1")
    prints.append(fingerprint(tmp_path, "web"))
    (source / "a.ts").write_text("2")
    prints.append(fingerprint(tmp_path, "web"))
    (source / "a.ts").rename(source / "b.ts")
    prints.append(fingerprint(tmp_path, "web"))
    assert len(set(prints)) == 4


def test_what_python_leaves_behind_does_not_change_the_fingerprint(tmp_path: Path) -> None:
    (tmp_path / "domain" / "__pycache__").mkdir(parents=True)
    before = fingerprint(tmp_path, "domain")
    (tmp_path / "domain" / "__pycache__" / "entries.pyc").write_bytes(b"1")
    assert fingerprint(tmp_path, "domain") == before


def test_a_file_is_named_after_its_contents(tmp_path: Path) -> None:
    path = tmp_path / "app.css"
    path.write_text("a {}")
    name = with_hash_in_name(path)
    assert name == f"app-{hashlib.sha256(b'a {}').hexdigest()[:10]}.css"
    assert (tmp_path / name).read_text() == "a {}"


def test_every_file_the_build_lists_has_the_checksum_it_lists() -> None:
    files = json.loads((STATIC / "assets.json").read_text())["files"].values()
    assert {file["file"] for file in files} >= {"service-worker.js", "manifest.webmanifest"}
    for file in files:
        assert hashlib.sha256((STATIC / file["file"]).read_bytes()).hexdigest() == file["sha256"], file["file"]


def test_the_worker_keeps_what_pages_load_and_nothing_else() -> None:
    """A phone that kept the worker that takes workers away could never be reached by the next one."""
    assets = json.loads((STATIC / "assets.json").read_text())["files"]
    worker = (STATIC / "service-worker.js").read_text()
    kept = {name for name, asset in assets.items() if f"/static/{asset['file']}" in worker}
    assert kept == {"app.css", "app.js", SHOWN_ICON}


def test_the_styles_load_no_font_and_name_none_of_gov_uks_own() -> None:
    assets = json.loads((STATIC / "assets.json").read_text())["files"]
    styles = (STATIC / assets["app.css"]["file"]).read_text()
    assert "@font-face" not in styles
    assert "GDS Transport" not in styles
    assert "govuk-crest" not in styles
    assert re.search(r"url\((?!['\"]?data:)", styles) is None, "styles may fetch nothing: the page must work offline"


@pytest.mark.parametrize(("name", "size"), ICON_SIZES.items())
def test_an_icon_has_the_size_its_name_promises(name: str, size: int) -> None:
    header = (ROOT / "web" / "icons" / name).read_bytes()[:24]
    assert header.startswith(b"\x89PNG")
    assert struct.unpack(">II", header[16:24]) == (size, size)


def test_the_manifest_names_icons_that_are_there_and_one_that_phones_may_cut() -> None:
    icons = json.loads((ROOT / "web" / "manifest.webmanifest").read_text())["icons"]
    missing = [icon["src"] for icon in icons if not (ROOT / "web" / icon["src"].removeprefix("/static/")).is_file()]
    assert missing == []
    assert {icon["purpose"] for icon in icons} == {"any", "maskable"}
