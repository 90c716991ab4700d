"""The scanner of profile folders finds what it is there to find: a scan that finds nothing has to mean something."""

import base64
import gzip
import struct
from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from scripts.chromium import find_or_install, launch_arguments
from tests.browser.disk import find, unsnapped

CANARY = "Ceridwen Canary of Elm House"
SECRET = bytes(range(100, 132))


def as_varint(number: int) -> bytes:
    digits = []
    while number > 127:
        digits.append(number & 127 | 128)
        number >>= 7
    return bytes([*digits, number])


def snapped(before: bytes, again: int, after: bytes) -> bytes:
    """`before`, its last `again` bytes once more as a copy, then `after`, as Snappy writes that."""
    copy = bytes([(again - 1) << 2 | 2]) + again.to_bytes(2, "little")
    literals = [bytes([(len(part) - 1) << 2]) + part for part in (before, after)]
    return as_varint(len(before) + again + len(after)) + literals[0] + copy + literals[1]


def block_of(value: bytes) -> bytes:
    return b"\x00\x01" + as_varint(len(value)) + b"k" + value + struct.pack("<II", 0, 1)


def table_of(compressed: bytes) -> bytes:
    """A LevelDB table of one block, which is compressed."""
    data = compressed + b"\x01" + bytes(4)
    index = block_of(as_varint(0) + as_varint(len(compressed)))
    footer = as_varint(0) + as_varint(0) + as_varint(len(data)) + as_varint(len(index))
    return data + index + b"\x00" + bytes(4) + footer.ljust(40, b"\0") + struct.pack("<Q", 0xDB4775248B80FB57)


@pytest.mark.parametrize(
    ("form", "content"),
    [
        ("UTF-8", b"x" + CANARY.encode() + b"x"),
        ("UTF-16LE", b"x" + CANARY.encode("utf-16-le")),
        ("UTF-16BE", b"x" + CANARY.encode("utf-16-be")),
        *((f"base64 at {before}", base64.b64encode(b"x" * before + CANARY.encode() + b"y")) for before in range(3)),
        ("UTF-8", gzip.compress(b"..." + CANARY.encode())),
        ("UTF-8", b"..." + gzip.compress(CANARY.encode())),
        ("UTF-8", b"...\xff\x11\x02" + snapped(b"Ceridwen Canary of Elm House", 5, b"..")),
    ],
    # Names of their own: compressed bytes hold the time, and test processes that disagree on a name do not run.
    ids=[
        "UTF-8",
        "UTF-16LE",
        "UTF-16BE",
        *(f"base64 at {before}" for before in range(3)),
        "a compressed file",
        "a compressed part of a file",
        "a Snappy block",
    ],
)
def test_a_canary_is_found_however_it_is_written(tmp_path: Path, form: str, content: bytes) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file").write_bytes(content)

    assert f"name as {form} in deep/file" in find(tmp_path, {"name": CANARY})


@pytest.mark.parametrize(
    "content",
    [SECRET, SECRET.hex().encode(), base64.urlsafe_b64encode(b"ab" + SECRET)],
    ids=["raw", "hexadecimal", "base64"],
)
def test_a_secret_is_found_however_it_is_written(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(b"..." + content + b"...")

    assert find(tmp_path, {"secret": SECRET})


def test_a_canary_in_pieces_in_a_compressed_block_of_a_leveldb_table_is_found(tmp_path: Path) -> None:
    compressed = snapped(b"Ceridwen Canary, Canary", 6, b" of Elm House")
    table = table_of(snapped(b"..Ceridwen Can", 3, b"ary of Elm House"))
    assert unsnapped(compressed) == b"Ceridwen Canary, CanaryCanary of Elm House"
    (tmp_path / "000003.ldb").write_bytes(table)

    assert find(tmp_path, {"name": "CanCanary of Elm House"}) == ["name as UTF-8 in 000003.ldb"]
    assert b"CanCanary of Elm House" not in table


def test_what_is_not_there_is_not_found(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"Ceridwen Canar\x1f\x8b\x08\xff\x11\x02\xff\xff\xff\xff" * 9)
    (tmp_path / "table").write_bytes(table_of(snapped(b"nothing", 3, b"of note")))

    assert find(tmp_path, {"name": CANARY, "secret": SECRET}) == []


async def test_what_a_page_keeps_readable_is_found_wherever_it_keeps_it(tmp_path: Path) -> None:
    canaries = {place: f"{CANARY} in {place}" for place in ("history", "local", "cache", "database")}
    async with async_playwright() as playwright:
        context = await playwright.chromium.launch_persistent_context(
            tmp_path / "profile", executable_path=find_or_install(), args=launch_arguments()
        )
        await context.route("**", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"))
        page = await context.new_page()
        await page.goto("http://localhost:1/")
        await page.evaluate(_KEEP, canaries)
        await context.close()

    found = find(tmp_path / "profile", canaries)

    assert {sentence.split(" ")[0] for sentence in found} == set(canaries), found


_KEEP = """async (words) => {
  document.title = words.history;
  localStorage.setItem("note", words.local);
  await (await caches.open("mine")).put("/x", new Response(words.cache));
  await new Promise((resolve) => {
    const open = indexedDB.open("mine");
    open.onupgradeneeded = () => open.result.createObjectStore("notes");
    open.onsuccess = () => {
      const kept = open.result.transaction("notes", "readwrite", { durability: "strict" });
      kept.objectStore("notes").put(words.database.repeat(200), 1);
      kept.oncomplete = resolve;
    };
  });
}"""
