"""The log form as a page, for when there is signal and no scripts; and an entry as the server holds it."""

import hashlib

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ap_log.actions.log_entries import log_entry
from ap_log.domain.entries import Entry, code_of, read_entry
from ap_log.domain.errors import Fault, IdTaken, Invalid, NotFound, Refusal, Unavailable
from ap_log.domain.sync import PushedEntry
from ap_log.handlers import forms
from ap_log.handlers.entry_form import entry_of, id_in, opened_in, typed_in
from ap_log.handlers.errors import status_of
from ap_log.handlers.forms import Form
from ap_log.presenters.entries import entry_card, receipt_lines, recommended
from ap_log.presenters.entry_form import RosterRow, Typed, at_first, entry_form
from ap_log.store import entries, recommendations, records, reference, residents
from ap_log.store.models import Entry as EntryRow
from ap_log.templating import page

NOBODY = Invalid(Fault("resident", "Choose who it is about"))


async def new(request: Request) -> Response:
    """The empty form, about the resident that the address names, if any."""
    typed = at_first(request.state.now, forms.query(request).text("resident"))
    return await _page(request, forms.query(request), typed)


async def create(request: Request) -> Response:
    """Log what was typed. Whatever is wrong with it, the page comes back with every word in it."""
    form = await forms.read(request)
    typed, now = typed_in(form, {row.id for row in await _roster(request)}), request.state.now
    entry = entry_of(typed, id_in(form), request.state.actor.id, opened_in(form, now), now)
    if not isinstance(entry, Entry):
        return await _page(request, form, typed, Invalid(*entry))
    try:
        await log_entry(await _pushed(entry), request.state.actor, now)
    except NotFound:  # Whoever was chosen has left since the roster was read.
        return await _page(request, form, typed, NOBODY)
    except (Invalid, IdTaken, Unavailable) as refusal:
        return await _page(request, form, typed, refusal)
    return RedirectResponse(f"/entries/{entry.id}", 303)


async def show(request: Request) -> Response:
    """One entry as the server holds it, and what the policy recommends for its episode."""
    actor, now = request.state.actor, request.state.now
    row = await entries.find_newest(request.path_params["entry"])
    if row is None:
        raise NotFound
    resident = await residents.get_resident(actor, row.resident_id)
    await row.fetch_related("author")
    entry = read_entry(row.body)
    return page(
        request,
        "pages/entries/show.html",
        resident=resident,
        card=entry_card(entry, row.author.name, now),
        receipt=receipt_lines(row.sequence, row.sha256, row.received_at, now),
        is_mine=row.author_id == actor.id,
        is_note=code_of(entry) is None,
        recommended=await _recommended(row),
    )


async def _page(request: Request, form: Form, typed: Typed, refusal: Refusal | None = None) -> Response:
    """The form with what was typed. Its id was made with its first page: saving twice is saving the same entry."""
    opened_at = opened_in(form, request.state.now)
    return page(
        request,
        "pages/entries/new.html",
        status=200 if refusal is None else status_of(refusal),
        form=entry_form(id_in(form), opened_at, await _roster(request), typed),
        refusal=refusal,
        errors=refusal.faults if refusal else (),
    )


async def _roster(request: Request) -> list[RosterRow]:
    found = await reference.list_roster(request.state.actor)
    return [RosterRow(one.id, one.name, one.room, one.premises.name) for one in found]


async def _pushed(entry: Entry) -> PushedEntry:
    """The envelope a phone would send. A form posted twice keeps the time of its first saving, and so its bytes."""
    known = await entries.find_newest(entry.id)
    if known is not None:
        same = msgspec.structs.replace(entry, recorded_at=read_entry(known.body).recorded_at)
        if _body(same) == known.body:
            entry = same
    body = _body(entry)
    return PushedEntry(entry.id, hashlib.sha256(body.encode()).hexdigest(), body)


def _body(entry: Entry) -> str:
    return msgspec.json.encode(entry).decode()


async def _recommended(row: EntryRow) -> object:
    current = await recommendations.list_current(row.resident_id)
    about = next((one for one in current if row.entry_id in one.episode), None)
    return recommended(records.recommendation_record(about)) if about else None
