"""A person says which of the entries they wrote that came under their name while somebody else was signed in."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ap_log.actions.confirm_entries import confirm_entries, disown_entry
from ap_log.domain.errors import Fault, Invalid, NotFound, Refusal
from ap_log.handlers import forms
from ap_log.handlers.errors import page_again
from ap_log.presenters.confirmations import Brought, Whom, brought
from ap_log.store import confirmations, records
from ap_log.store.models import Entry

NONE_TICKED = Invalid(Fault("entries", "Tick the entries that you wrote"))
SAVED = {"confirmed": "Thank you. What you ticked is confirmed", "disowned": "Thank you. It counts for nothing now"}


async def index(request: Request) -> Response:
    """The entries that wait for this person's word."""
    return await _index(request)


async def confirm(request: Request) -> Response:
    """I wrote what is ticked. What does not wait any more is left as it is."""
    ticked = (await forms.read(request)).numbers("entries")
    if not ticked:
        return await _index(request, NONE_TICKED)
    await confirm_entries(ticked, request.state.actor, request.state.now)
    return RedirectResponse("/confirmations?saved=confirmed", 303)


async def ask_disowning(request: Request) -> Response:
    """Ask what the person knows of an entry that they did not write."""
    return await _disowning(request)


async def disown(request: Request) -> Response:
    """I did not write this."""
    reason = (await forms.read(request)).text("reason")
    try:
        await disown_entry(_sequence(request), reason, request.state.actor, request.state.now)
    except NotFound:
        raise
    except Refusal as refusal:
        return await _disowning(request, reason, refusal)
    return RedirectResponse("/confirmations?saved=disowned", 303)


async def _index(request: Request, refusal: Refusal | None = None) -> Response:
    rows = await confirmations.list_unconfirmed(request.state.actor.id)
    request.state.handed_out = {"entries": [row.entry_id for row in rows]}
    return page_again(
        request,
        "pages/confirmations/index.html",
        refusal,
        brought=[_brought(request, row) for row in rows],
        saved=SAVED.get(forms.query(request).text("saved")),
    )


async def _disowning(request: Request, reason: str = "", refusal: Refusal | None = None) -> Response:
    row = await confirmations.get_brought(request.state.actor.id, _sequence(request))
    request.state.handed_out = {"entries": [row.entry_id]}
    return page_again(
        request, "pages/confirmations/disowning.html", refusal, brought=_brought(request, row), reason=reason
    )


def _brought(request: Request, row: Entry) -> Brought:
    record = records.entry_record(row, (), author_had_moved=False)
    about = Whom(row.resident.name, row.resident.room, row.courier.name)
    return brought(record, about, row.confirmed_at, request.state.now)


def _sequence(request: Request) -> int:
    number = forms.whole_number(request.path_params["sequence"], digits=18)
    if number is None:
        raise NotFound
    return number
