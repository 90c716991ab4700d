"""Photos of the demo: things seized that never were, drawn here, so that nobody's property and no place is in them."""

from collections.abc import Callable
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw, ImageFilter, ImageFont

_SIZE = (1280, 960)
_QUALITY = 85
_TABLE, _GRAIN = (126, 96, 70), (112, 84, 60)
_PAPER, _INK = (238, 234, 224), (40, 40, 44)

_Draw = Callable[[ImageDraw.ImageDraw, Random], None]


def draw_exhibit(name: str) -> bytes:
    """The photo of this name, as a JPEG: the same bytes each time."""
    random = Random(name)
    picture = Image.new("RGB", _SIZE, _TABLE)
    on = ImageDraw.Draw(picture, "RGBA")
    for y in range(0, _SIZE[1], 6):
        on.line([(0, y), (_SIZE[0], y + random.randint(-9, 9))], fill=_GRAIN, width=random.randint(1, 3))
    _DRAWN[name](on, random)
    _scale(on)
    written = BytesIO()
    picture.filter(ImageFilter.GaussianBlur(0.8)).save(written, "JPEG", quality=_QUALITY)
    return written.getvalue()


def _bag(on: ImageDraw.ImageDraw, random: Random) -> None:
    """A clear bag with something green and crumbled in it."""
    on.polygon([(430, 190), (860, 210), (880, 690), (410, 675)], fill=(225, 232, 236, 120))
    for _ in range(1500):
        x, y = random.gauss(640, 56), random.gauss(552, 34)
        green = random.randint(0, 60)
        on.ellipse([x, y, x + 11, y + 8], fill=(52 + green, 78 + green, 36 + green // 2))
    on.rectangle([428, 205, 862, 222], fill=(96, 140, 190, 170))
    on.line([(470, 260), (455, 650)], fill=(255, 255, 255, 120), width=7)
    on.line([(815, 250), (835, 640)], fill=(255, 255, 255, 80), width=4)


def _label(on: ImageDraw.ImageDraw, _: Random) -> None:
    """The paper label of a seized thing."""
    on.polygon([(300, 250), (980, 222), (1000, 660), (312, 690)], fill=_PAPER)
    on.ellipse([336, 430, 372, 466], fill=_TABLE)
    for row, words in enumerate(("EXHIBIT  ELM / 0022", "Room 22, jacket", "Small bag, green", "Sealed, in the safe")):
        on.text((410, 300 + 85 * row), words, fill=_INK, font=ImageFont.load_default(52))


def _scale(on: ImageDraw.ImageDraw) -> None:
    """The edge of a ruler, as whoever takes such a photo lays beside it."""
    on.rectangle([90, 820, 1190, 900], fill=(214, 188, 92))
    for tick in range(111):
        on.line([(90 + 10 * tick, 820), (90 + 10 * tick, 860 if tick % 10 == 0 else 838)], fill=_INK, width=2)
    for number in range(11):
        on.text((96 + 100 * number, 862), str(number), fill=_INK, font=ImageFont.load_default(26))


_DRAWN: dict[str, _Draw] = {"bag": _bag, "label": _label}
