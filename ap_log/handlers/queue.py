"""What waits for a decision and for an answer, for those who decide, their area manager among them."""

from starlette.requests import Request
from starlette.responses import Response

from ap_log.domain.errors import NotFound
from ap_log.domain.permissions import Permission, premises_where
from ap_log.handlers import forms
from ap_log.presenters.held_entries import waiting_words
from ap_log.presenters.queue import queue_page
from ap_log.store import held_entries
from ap_log.store.queue import PAGE, get_queue
from ap_log.templating import page


async def index(request: Request) -> Response:
    """One page of the queue, the most urgent first."""
    actor, now = request.state.actor, request.state.now
    number = forms.page_number(forms.query(request))
    premises = premises_where(actor, Permission.REVIEW_QUEUE)
    shown = queue_page(await get_queue(actor, number, now), number, PAGE, len(premises), now)
    if number > shown.pages:
        raise NotFound
    waiting = await held_entries.count_waiting(actor)
    held = waiting_words(waiting) if waiting else None
    return page(request, "pages/queue/index.html", queue=shown, held=held)
