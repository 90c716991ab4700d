"""Draws one photo that waits: claims it, has it drawn in a box outside any transaction, and records what came of it."""

import asyncio
import signal
import sys
from datetime import datetime
from functools import partial
from tempfile import TemporaryFile
from typing import IO

from ap_log.domain.photos import MOST_BYTES, Drawing, read_drawing
from ap_log.store import audit, photos
from ap_log.store.transaction import transaction

DRAWN = "photo.drawn"
UNREADABLE = "photo.unreadable"

BOX = ("-I", "-m", "ap_log.photo_box")
"""The interpreter's arguments: nothing around it, neither environment nor folder, changes what is imported."""

SECONDS = 60.0
"""How long the box may take by the clock on the wall; it gives up by itself after its processor time."""

_FAULT_OF_PHOTO = frozenset(
    -number for number in (signal.SIGXCPU, signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGILL, signal.SIGFPE)
)
"""How a box ends that was made to by what it read: too long, or a fault in the library."""


class BoxBroken(Exception):
    """The box did not work, whatever was in it: the photo is drawn later."""


async def draw_photo(now: datetime) -> bool:
    """Draw the photo that has waited longest; False when none waits.

    Raises:
        BoxBroken: no process could be started, or something outside ended it.
    """
    photo_id = await transaction(partial(photos.claim_undrawn, now))
    if photo_id is None:
        return False
    drawing = await draw_in_box(await photos.read_content(photo_id))
    await transaction(partial(_record, photo_id, drawing, now))
    return True


async def draw_in_box(content: bytes) -> Drawing | None:
    """The drawing of a picture, made in a process of its own; None where it cannot be drawn. Raises BoxBroken."""
    # Files without a name, not pipes: nobody waits for whoever holds the other end, and the box's own limit ends them.
    with TemporaryFile() as given, TemporaryFile() as made:
        given.write(content)
        given.seek(0)
        code = await _run(given, made)
        made.seek(0)
        written = made.read(MOST_BYTES + 1)
    if code not in (0, *_FAULT_OF_PHOTO):
        raise BoxBroken(f"The process that draws photos ended with {code}")
    return None if code else read_drawing(written)


async def _run(given: IO[bytes], made: IO[bytes]) -> int:
    """How the box ended; as one does that takes too long, where it was ended for that."""
    box = await asyncio.create_subprocess_exec(sys.executable, *BOX, stdin=given, stdout=made, env={}, cwd="/")
    try:
        async with asyncio.timeout(SECONDS):
            return await box.wait()
    except TimeoutError:
        return -signal.SIGXCPU
    finally:
        if box.returncode is None:
            box.kill()
            await box.wait()


async def _record(photo_id: str, drawing: Drawing | None, now: datetime) -> None:
    is_news = await (
        photos.record_unreadable(photo_id, now) if drawing is None else photos.record_drawn(photo_id, drawing, now)
    )
    if is_news:
        await audit.add(UNREADABLE if drawing is None else DRAWN, None, now, subject_kind="photo", subject=photo_id)
