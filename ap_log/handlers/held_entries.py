"""Entries that are held back from the log until a manager decides, for those who review either premises."""

from datetime import datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ap_log.actions.decide_held_entry import decide_held_entry
from ap_log.domain.errors import NotFound, Refusal
from ap_log.domain.holding import Outcome, Settlement
from ap_log.handlers import forms
from ap_log.handlers.errors import page_again
from ap_log.presenters import words
from ap_log.presenters.held_entries import Disowned, Held, Names, State, disowned_words, held
from ap_log.store import confirmations, held_entries
from ap_log.store.models import Entry, HeldEntry
from ap_log.templating import page

SAVED = {Outcome.TAKEN: "The entry is in the log", Outcome.SET_ASIDE: "The entry is set aside. It stays on this page"}


async def index(request: Request) -> Response:
    """What waits, what was decided lately, and what its author said they did not write."""
    actor, now = request.state.actor, request.state.now
    waiting = await held_entries.list_waiting(actor)
    decided = await held_entries.list_decided(actor, now)
    disowned = await confirmations.list_disowned(actor, now)
    read = [row.entry_id for row in waiting + decided] + [row.entry_id for row in disowned]
    request.state.handed_out = {"entries": read}
    return page(
        request,
        "pages/held_entries/index.html",
        waiting=[_held(request, row) for row in waiting],
        decided=[_held(request, row) for row in decided],
        disowned=[_disowned(request, row, row.disowned_at) for row in disowned if row.disowned_at is not None],
        saved=SAVED.get(Outcome(saved)) if (saved := forms.query(request).text("saved")) in SAVED else None,
    )


async def show(request: Request) -> Response:
    """One held entry, and what can be decided about it."""
    return await _page(request, Settlement("", ""))


async def decide(request: Request) -> Response:
    """Take it into the log, or set it aside."""
    form = await forms.read(request)
    settlement = Settlement(form.text("outcome"), form.text("reason"))
    try:
        await decide_held_entry(request.path_params["held"], settlement, request.state.actor, request.state.now)
    except NotFound:
        raise
    except Refusal as refusal:
        return await _page(request, settlement, refusal)
    return RedirectResponse(f"/held-entries?saved={settlement.outcome}", 303)


async def _page(request: Request, typed: Settlement, refusal: Refusal | None = None) -> Response:
    row = await held_entries.get_held(request.state.actor, request.path_params["held"])
    request.state.handed_out = {"entries": [row.entry_id]}
    if row.resident_id is not None:
        request.state.resident = row.resident_id
    return page_again(request, "pages/held_entries/show.html", refusal, held=_held(request, row), typed=typed)


def _held(request: Request, row: HeldEntry) -> Held:
    names = Names(
        resident=row.resident.name if row.resident else None,
        room=row.resident.room if row.resident else "",
        premises=row.premises.name if row.premises else None,
        author=row.author.name,
        author_premises=row.author_premises.name if row.author_premises else None,
        courier=row.courier.name if row.courier_id != row.author_id else None,
        decided_by=row.decided_by.name if row.decided_by else None,
    )
    state = State(
        id=row.id,
        why=row.why,
        occurred_at=row.occurred_at,
        received_at=row.received_at,
        doubt_ms=row.doubt_ms,
        outcome=row.outcome,
        reason=row.reason,
        decided_at=row.decided_at,
    )
    return held(row.body, names, state, request.state.now)


def _disowned(request: Request, row: Entry, at: datetime) -> Disowned:
    said = disowned_words(row.author.name, row.courier.name, at, row.disowned_because, request.state.now)
    return Disowned(
        row.resident_id,
        row.resident.name,
        row.resident.room,
        f"entry-{row.entry_id}",
        words.happening_words(row.happening),
        said,
    )
