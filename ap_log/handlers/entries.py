"""The log form as a page, for when there is signal and no scripts; and an entry as the server holds it."""

import hashlib
from datetime import datetime
from uuid import uuid4

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ap_log.actions.log_entries import log_entry
from ap_log.domain.entries import Entry, code_of, read_entry
from ap_log.domain.errors import EntrySaved, Failed, Fault, IdTaken, Invalid, NotFound, Refusal, Unavailable
from ap_log.domain.permissions import Permission, premises_where
from ap_log.domain.sync import PushedEntry
from ap_log.handlers import forms
from ap_log.handlers.entry_form import entry_of, id_in, opened_in, to_choose_again, typed_in
from ap_log.handlers.errors import is_spent, page_again
from ap_log.handlers.forms import Form
from ap_log.presenters.entries import entry_card, receipt_lines, recommended
from ap_log.presenters.entry_form import RosterRow, Typed, at_first, entry_form
from ap_log.presenters.photos import Gallery, gallery
from ap_log.presenters.provenance import provenance
from ap_log.security.request_log import log_failure
from ap_log.store import entries, ledger, photos, recommendations, records, residents
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
    actor, now = request.state.actor, request.state.now
    arrived = {row.id: row.arrived_at for row in await residents.list_roster(actor)}
    typed = typed_in(form, arrived)
    entry = entry_of(form, typed, actor.id, arrived.get(typed.resident), now)
    if not isinstance(entry, Entry):
        return await _page(request, form, typed, Invalid(*entry))
    try:
        await log_entry(await _pushed(entry), actor, now)
    except NotFound:  # Whoever was chosen has left since the roster was read.
        return await _page(request, form, typed, NOBODY)
    except IdTaken:
        return await _page(request, form, typed, EntrySaved())
    except (Invalid, Unavailable) as refusal:
        return await _page(request, form, typed, refusal)
    except Failed as failure:
        log_failure(request.scope["state"], failure.__cause__ or failure)
        return await _page(request, form, typed, failure)
    return RedirectResponse(f"/entries/{entry.id}", 303)


async def show(request: Request) -> Response:
    """One entry as the server holds it, and what the policy recommends for its episode."""
    actor, now = request.state.actor, request.state.now
    row = await entries.find_newest(request.path_params["entry"])
    if row is None:
        raise NotFound
    resident = await residents.get_resident(actor, row.resident_id, now)
    request.state.resident = resident.id
    await row.fetch_related("author", "courier")
    record = records.entry_record(row, (), author_had_moved=False)
    entry = record.entry
    return page(
        request,
        "pages/entries/show.html",
        resident=resident,
        card=entry_card(entry, row.occurred_at, row.author.name, now, provenance(record, now)),
        photos=await _gallery(row, entry, now),
        can_export=resident.premises_id in premises_where(actor, Permission.DECIDE),
        receipt=receipt_lines(row.sequence, row.sha256, row.received_at, now),
        is_mine=row.author_id == actor.id,
        is_note=code_of(entry) is None,
        recommended=await _recommended(row),
    )


async def _gallery(row: EntryRow, entry: Entry, now: datetime) -> Gallery:
    here, lost = await photos.list_photos(row.entry_id), await ledger.list_lost_photos(row.entry_id)
    return gallery(entry, here, lost, row.author.name, row.recorded_at, now)


async def _page(request: Request, form: Form, typed: Typed, refusal: Refusal | None = None) -> Response:
    """The form with what was typed. Its id was made with its first page: saving twice is saving the same entry.

    Once that id is spent it gets another, or it could never be saved.
    """
    entry_id = str(uuid4()) if is_spent(refusal) else id_in(form)
    now = request.state.now
    return page_again(
        request,
        "pages/entries/new.html",
        refusal,
        form=entry_form(entry_id, opened_in(form, now), await _roster(request), to_choose_again(form, typed, now)),
        reference=request.state.reference,
    )


async def _roster(request: Request) -> list[RosterRow]:
    found = await residents.list_roster(request.state.actor)
    return [RosterRow(one.id, one.name, one.room, one.premises.name) for one in found]


async def _pushed(entry: Entry) -> PushedEntry:
    """The envelope a phone would send. A form posted twice keeps the time of its first saving, and so its bytes.

    Raises EntrySaved where the form was saved with other content: going back may mean a correction or another entry.
    """
    known = await entries.find_newest(entry.id)
    if known is not None:
        entry = msgspec.structs.replace(entry, recorded_at=read_entry(known.body).recorded_at)
        if _body(entry) != known.body:
            raise EntrySaved
    body = _body(entry)
    return PushedEntry(entry.id, hashlib.sha256(body.encode()).hexdigest(), body)


def _body(entry: Entry) -> str:
    return msgspec.json.encode(entry).decode()


async def _recommended(row: EntryRow) -> object:
    current = await recommendations.list_current(row.resident_id)
    about = next((one for one in current if row.entry_id in one.episode), None)
    return recommended(records.recommendation_record(about)) if about else None
