"""Draws one photo in a process of its own, with no more open files than it was given, and little memory and time.

`python -m ap_log.photo_box` reads a picture from standard input and writes its drawing to standard output; nothing,
where it cannot be drawn. What a picture does to the library that reads it, it does in here.
"""

import os
import resource
import sys
import warnings
from io import BytesIO

from PIL import Image, ImageOps

from ap_log.domain.entries import PHOTO_BYTES_LIMIT
from ap_log.domain.photos import DRAWING_SIDE, MOST_BYTES, MOST_PIXELS, Drawing

FORMATS = ("JPEG", "PNG", "WEBP")
"""What cameras and phones make. Every other format is code that nobody needs and somebody may reach."""

QUALITY = 80

MEMORY_BYTES = 640 * 1024 * 1024
"""Memory, with what the interpreter maps of itself: the worst photo of `MOST_PIXELS`, a WebP, takes 450 MB of it."""

CPU_SECONDS = 10
"""Of processor time: the worst photo of `MOST_PIXELS` takes one or two."""

_STREAMS = 3
"""Standard input, output and error: nothing is opened beside them. Code that runs in here could close one for another:
the limit keeps a library that goes astray in, not somebody who has taken it over."""

_NICER = 5
"""How far it steps back for the processes that people wait for."""

_WHITE = (255, 255, 255)


def draw(content: bytes) -> Drawing | None:
    """A drawing of a picture, without anything but its pixels; None where it is no picture we can draw."""
    try:
        return _draw(content)
    except Exception:  # A broken picture makes the library fail in any way, and would be tried again for ever.
        return None


def _draw(content: bytes) -> Drawing | None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        # So far only the header is read.
        picture = Image.open(BytesIO(content), formats=FORMATS)
        if picture.width * picture.height > MOST_PIXELS:
            return None
        picture.thumbnail((DRAWING_SIDE, DRAWING_SIDE))
        return _written(ImageOps.exif_transpose(picture))


def _written(picture: Image.Image) -> Drawing:
    """As JPEG, on a white sheet of its own: whatever was said beside the pixels stays behind."""
    sheet = Image.new("RGB", picture.size, _WHITE)
    pixels = picture.convert("RGBA")
    sheet.paste(pixels, mask=pixels)
    jpeg = BytesIO()
    sheet.save(jpeg, "JPEG", quality=QUALITY)
    return Drawing(sheet.width, sheet.height, jpeg.getvalue())


def shut() -> None:
    """Give up what drawing does not need. Nothing can be imported after this, so everything is imported before."""
    Image.init()
    os.nice(_NICER)
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_NOFILE, _STREAMS),
        (resource.RLIMIT_FSIZE, MOST_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))


def main() -> None:
    shut()
    drawing = draw(sys.stdin.buffer.read(PHOTO_BYTES_LIMIT))
    if drawing is not None:
        sys.stdout.buffer.write(drawing.written())
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
