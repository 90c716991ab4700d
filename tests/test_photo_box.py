"""The box that draws photos: what it draws is only pixels, and what it cannot draw does no harm outside it."""

import re
import signal
import struct
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from PIL import ExifTags, Image, PngImagePlugin

from ap_log import photo_box
from ap_log.actions import draw_photos
from ap_log.actions.draw_photos import BoxBroken, draw_in_box
from ap_log.domain.photos import DRAWING_SIDE, MOST_PIXELS, Drawing, read_drawing
from tests.photos import bomb, picture

CANARY = "Gwilym was at Elm House"


def opened(drawing: Drawing | None) -> Image.Image:
    assert drawing is not None
    image = Image.open(BytesIO(drawing.jpeg))
    image.load()
    assert image.format == "JPEG"
    assert image.size == (drawing.width, drawing.height)
    return image


def colour(drawing: Drawing | None, place: tuple[int, int] = (5, 5)) -> tuple[int, ...]:
    """The colour at a place, in steps of 32 from black to white: JPEG does not keep it to the bit."""
    pixel = opened(drawing).getpixel(place)
    assert isinstance(pixel, tuple)
    return tuple(round(part / 32) for part in pixel)


def told(kind: str) -> bytes:
    """A picture that says, in every place its format has, where it was taken and by whom."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = CANARY
    exif[ExifTags.Base.BodySerialNumber] = CANARY
    exif[ExifTags.Base.CameraOwnerName] = CANARY
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSAreaInformation] = CANARY
    text = PngImagePlugin.PngInfo()
    text.add_itxt("Comment", CANARY)
    more: dict[str, dict[str, Any]] = {
        "JPEG": {"comment": CANARY, "xmp": CANARY.encode()},
        "PNG": {"pnginfo": text},
        "WEBP": {"xmp": CANARY.encode()},
    }
    return picture("teal", kind=kind, exif=exif, icc_profile=CANARY.encode() * 20, **more[kind])


@pytest.mark.parametrize("kind", photo_box.FORMATS)
async def test_a_drawing_is_a_jpeg_that_says_nothing_of_where_and_with_what_it_was_taken(kind: str) -> None:
    content = told(kind)
    assert CANARY.encode() in content
    drawing = await draw_in_box(content)
    image = opened(drawing)
    assert drawing is not None
    assert CANARY.encode() not in drawing.jpeg
    assert not image.getexif()
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert not re.search(rb"\xff[\xe1-\xef\xfe]", drawing.jpeg[:600])  # No application's segment, and no comment.
    assert colour(drawing) == (0, 4, 4)


@pytest.mark.parametrize(
    ("size", "drawn"),
    [
        ((3200, 2400), (1600, 1200)),
        ((1000, 4000), (400, 1600)),
        ((DRAWING_SIDE, 10), (DRAWING_SIDE, 10)),
        ((DRAWING_SIDE + 1, 10), (DRAWING_SIDE, 10)),
        ((1, 1), (1, 1)),
        ((5000, 5000), (1600, 1600)),
    ],
)
async def test_a_large_photo_is_drawn_smaller_and_a_small_one_as_it_is(
    size: tuple[int, int], drawn: tuple[int, int]
) -> None:
    assert opened(await draw_in_box(picture(size=size))).size == drawn


async def test_a_photo_that_was_turned_is_drawn_the_right_way_up() -> None:
    turned = Image.new("RGB", (40, 20), "red")
    turned.paste("blue", (0, 0, 20, 20))
    exif, file = Image.Exif(), BytesIO()
    exif[ExifTags.Base.Orientation] = 6
    turned.save(file, "JPEG", exif=exif, quality=100)
    drawing = await draw_in_box(file.getvalue())
    assert opened(drawing).size == (20, 40)
    assert colour(drawing, (10, 5)) == (0, 0, 8)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
async def test_every_kind_of_pixels_becomes_plain_colour(mode: str) -> None:
    file = BytesIO()
    Image.new(mode, (30, 30)).save(file, "PNG")
    assert opened(await draw_in_box(file.getvalue())).mode == "RGB"


async def test_what_is_see_through_is_white() -> None:
    file = BytesIO()
    Image.new("RGBA", (30, 30), (255, 0, 0, 0)).save(file, "PNG")
    assert colour(await draw_in_box(file.getvalue())) == (8, 8, 8)


def test_m17_a_bomb_is_refused_from_its_header_and_none_of_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    content = bomb()
    assert len(content) < 800_000

    def load(_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", load)
    assert photo_box.draw(content) is None


@pytest.mark.parametrize("fault", [struct.error("required argument is not an integer"), KeyError(3), EOFError()])
def test_however_the_library_fails_over_a_picture_it_is_one_that_cannot_be_drawn(
    fault: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(_: object) -> None:
        raise fault

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", load)
    assert photo_box.draw(picture()) is None


@pytest.mark.parametrize(("width", "is_drawn"), [(5000, True), (5001, False)])
async def test_m17_the_limit_is_25_million_pixels(width: int, is_drawn: bool) -> None:
    assert MOST_PIXELS == 5000 * 5000
    drawing = await draw_in_box(bomb(width, 5000))
    assert (drawing is not None) is is_drawn


async def test_m17_the_bomb_itself_does_not_come_out_of_the_box() -> None:
    assert await draw_in_box(bomb()) is None


def lossless() -> bytes:
    return picture("teal", (400, 400), "WEBP", lossless=True)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"nonsense" * 500, id="nonsense"),
        pytest.param(b"\xff\xd8\xff", id="the-beginning-of-a-jpeg"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", id="svg"),
        pytest.param(picture(kind="GIF"), id="gif"),
        pytest.param(picture(kind="TIFF"), id="tiff"),
        pytest.param(picture(kind="BMP"), id="bmp"),
        pytest.param(picture(kind="PDF"), id="pdf"),
        pytest.param(picture(kind="AVIF"), id="avif"),
        pytest.param(picture(kind="JPEG2000"), id="jpeg-2000"),
        *(
            pytest.param(whole[: len(whole) * tenths // 10], id=f"{name}-{tenths}-tenths")
            for name, whole in (("jpeg", picture()), ("png", picture(kind="PNG")), ("webp", lossless()))
            for tenths in (1, 5, 9)
        ),
    ],
)
async def test_what_is_no_whole_photo_cannot_be_drawn_and_is_no_error(content: bytes) -> None:
    assert await draw_in_box(content) is None


def test_a_photo_with_any_one_byte_changed_is_drawn_or_not_and_never_an_error() -> None:
    for kind in photo_box.FORMATS:
        whole = picture(size=(16, 16), kind=kind)
        for place in range(len(whole)):
            damaged = bytearray(whole)
            damaged[place] ^= 0xFF
            drawing = photo_box.draw(bytes(damaged))
            assert drawing is None or max(drawing.width, drawing.height) <= DRAWING_SIDE


def in_box(code: str) -> subprocess.CompletedProcess[bytes]:
    """What becomes of some code that runs where photos are drawn: what a fault in the library would let somebody do."""
    start = f"from ap_log import photo_box; photo_box.shut()\n{code}"
    return subprocess.run([sys.executable, "-I", "-c", start], env={}, capture_output=True, check=False, timeout=60)


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("open('/etc/passwd')", "Too many open files"),
        ("open('/dev/null', 'w')", "Too many open files"),
        ("import socket", "Too many open files"),
        ("import _socket; _socket.socket()", "Too many open files"),
        ("import os; os.pipe()", "Too many open files"),
        ("x = bytearray(700_000_000)", "MemoryError"),
    ],
)
def test_in_the_box_nothing_can_be_opened_and_memory_ends(code: str, error: str) -> None:
    done = in_box(code)
    assert done.returncode == 1
    assert error in done.stderr.decode()


def test_in_the_box_time_ends() -> None:
    done = in_box("import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 10))\nwhile True: pass")
    assert done.returncode == -signal.SIGXCPU


@pytest.mark.parametrize(
    ("code", "becomes_of_it"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", None),
        ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", None),
        ("print('x' * 10**7)", None),
        ("from ap_log import photo_box; photo_box.shut(); print('x' * 10**7)", BoxBroken),
        ("import os; os.fork() or os.setsid() or __import__('time').sleep(60)", None),
        ("import time; time.sleep(60)", None),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", BoxBroken),
        ("raise SystemExit(1)", BoxBroken),
    ],
)
async def test_a_box_that_ends_otherwise_gives_no_drawing_or_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, code: str, becomes_of_it: type[Exception] | None
) -> None:
    monkeypatch.setattr(draw_photos, "BOX", ("-I", "-c", code))
    monkeypatch.setattr(draw_photos, "SECONDS", 5.0)
    if becomes_of_it is None:
        assert await draw_in_box(picture()) is None
    else:
        with pytest.raises(becomes_of_it):
            await draw_in_box(picture())


@pytest.mark.parametrize(
    "made",
    [
        lambda _: b"",
        lambda written: written[:4],
        lambda written: b"\xff\xff\xff\xff" + written[4:],
        lambda written: b"\0\0\0\0" + written[4:],
        lambda written: written + b"x" * 3_000_000,
    ],
)
def test_what_comes_out_of_the_box_and_is_no_drawing_is_not_taken_for_one(made: Callable[[bytes], bytes]) -> None:
    drawing = photo_box.draw(picture())
    assert drawing is not None
    assert read_drawing(drawing.written()) == drawing
    assert read_drawing(made(drawing.written())) is None
