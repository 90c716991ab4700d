"""A person's notices, and one notice: reading it is seeing it; answering it is an action of its own.

Whatever is refused once an answer has been read, the page comes back with the choice and the words on it.
"""

import logging
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ap_log.actions.acknowledge_notice import acknowledge_notice
from ap_log.actions.answer_notice import answer_notice, choices_for
from ap_log.actions.see_notice import see_notice
from ap_log.domain.answers import Answer
from ap_log.domain.errors import NotFound, Refusal, Unavailable
from ap_log.handlers import forms
from ap_log.handlers.errors import is_spent, page_again
from ap_log.presenters.notices import AnswerForm, Inbox, Line, answer_form, line, notice_page
from ap_log.presenters.residents import resident_page
from ap_log.store import notices, policies, records, residents
from ap_log.store.models import Notice
from ap_log.store.queue import count_waiting
from ap_log.templating import page

_log = logging.getLogger(__name__)


async def index(request: Request) -> Response:
    """What waits for this person, and what they have dealt with."""
    actor, now = request.state.actor, request.state.now
    lines: list[tuple[Line, ...]] = []
    for found in (await notices.list_open(actor, now), await notices.list_closed(actor, now)):
        shown = zip(found, await records.notice_records(found), strict=True)
        lines.append(
            tuple(
                line(record, row.resident.name, row.resident.room, row.resident.premises.name, now)
                for row, record in shown
            )
        )
    waiting, closed = lines
    inbox = Inbox(waiting, closed, queued=await count_waiting(actor))
    return page(request, "pages/notices/index.html", inbox=inbox)


async def show(request: Request) -> Response:
    """One notice. Opened by the person it was sent to, it has been seen."""
    notice = await _asked_for(request)
    if _is_opened_by_a_person(request):
        try:
            await see_notice(notice, request.state.actor, request.state.now)
        except Unavailable:
            # Reading goes on while the database takes no writes: it is seen the next time it is opened.
            _log.exception("A notice was opened and could not be marked seen")
    return await _page(request, notice, answer_form(str(uuid4()), await choices_for(notice)))


async def acknowledge(request: Request) -> Response:
    """I have this in hand."""
    reference = request.path_params["reference"]
    await acknowledge_notice(reference, request.state.actor, request.state.now)
    return RedirectResponse(f"/notices/{reference}", 303)


async def answer(request: Request) -> Response:
    """A comment or a decision. What was typed stays on the page when it cannot be taken."""
    form = await forms.read(request)
    notice = await _asked_for(request)
    choices = await choices_for(notice)
    given = Answer(form.text("id"), form.text("choice") if choices else None, form.text("reason"))
    try:
        await answer_notice(notice.reference, given, request.state.actor, request.state.now)
    except NotFound:
        raise
    except Refusal as refusal:
        typed = answer_form(str(uuid4()) if is_spent(refusal) else given.id, choices, given.choice or "", given.reason)
        return await _page(request, notice, typed, refusal)
    return RedirectResponse(f"/notices/{notice.reference}", 303)


def _is_opened_by_a_person(request: Request) -> bool:
    """Not by a browser that fetches ahead what nobody has asked for yet, nor by a program that asks for headers."""
    return request.method == "GET" and "prefetch" not in request.headers.get("sec-purpose", "")


async def _asked_for(request: Request) -> Notice:
    notice = await notices.get_notice(request.state.actor, request.path_params["reference"], request.state.now)
    request.state.subject = ("notice", notice.id)
    return notice


async def _page(request: Request, notice: Notice, form: AnswerForm, refusal: Refusal | None = None) -> Response:
    """The notice as it stands now, which may be another way than when the form was opened."""
    actor, now = request.state.actor, request.state.now
    request.state.resident = notice.resident_id
    resident = await residents.get_resident(actor, notice.resident_id, now)
    record = await records.get_record(resident)
    current = await notices.get_notice(actor, notice.reference, now)
    (about,) = await records.notice_records([current])
    book = await policies.get_book()
    return page_again(
        request,
        "pages/notices/show.html",
        refusal,
        notice=notice_page(
            about,
            records.recommendation_record(current.recommendation),
            record,
            is_mine=current.recipient_id == actor.id,
            now=now,
        ),
        resident=resident_page(record, book.in_force_at(now) or book.policies[0], now),
        form=form,
    )
