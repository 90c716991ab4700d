"""The draft of a policy: starting one, its task list, what it changes, publishing and discarding it.

Its sections and its worked examples, as forms, are in `draft_sections` and `draft_examples`.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ap_log.actions.discard_draft import discard_draft
from ap_log.actions.publish_policy import publish_policy
from ap_log.actions.start_draft import start_draft
from ap_log.domain.errors import Fault, NotFound, NotReadyToPublish, Refusal
from ap_log.domain.policy.language import Policy
from ap_log.domain.policy_drafts import Draft
from ap_log.domain.policy_publication import Publication, local_time
from ap_log.handlers import forms
from ap_log.handlers.errors import page_again
from ap_log.handlers.forms import Form
from ap_log.presenters.policy_draft import draft_head, draft_page
from ap_log.presenters.policy_publication import comparisons, fault_lines, in_form_words, publication_page
from ap_log.presenters.policy_saved import DISCARDED, saved_words
from ap_log.store import policies, policy_drafts, rehearsals
from ap_log.templating import page

AT_ONCE = "at-once"
ON_A_DAY = "on-a-day"


class Typed(msgspec.Struct, frozen=True):
    """What stands in the form that publishes. The revision and the versions are those that its page shows."""

    when: str = ON_A_DAY
    day: str = ""
    month: str = ""
    year: str = ""
    clock: str = ""
    reason: str = ""


async def start(request: Request) -> Response:
    """Start a draft from the newest published version."""
    form = await forms.read(request)
    draft_id = await start_draft(form.text("id"), request.state.actor, request.state.now)
    return RedirectResponse(f"/policy-drafts/{draft_id}", 303)


async def show(request: Request) -> Response:
    """The task list of a draft, or what became of it."""
    draft = await _get(request)
    rehearsed = await rehearsals.list_rehearsals(request.state.actor, draft.id)
    shown = draft_page(draft, await policies.list_versions(), rehearsed, request.state.now)
    saved = saved_words(forms.query(request).text("saved"))
    return page(request, "pages/policy_drafts/show.html", page=shown, saved=saved)


async def compare(request: Request) -> Response:
    """What a draft changes in the version in force, and in the newest."""
    draft, now = await _get(request), request.state.now
    versions = await policies.list_versions()
    faults = fault_lines(draft) if draft.faults() else []
    return page(
        request,
        "pages/policy_drafts/comparison.html",
        head=draft_head(draft, versions, now),
        faults=faults,
        comparisons=() if faults else comparisons(draft, versions, now),
    )


async def ask_publication(request: Request) -> Response:
    """Ask when a draft takes effect, and why."""
    draft = await _get(request)
    if not draft.is_open:
        return RedirectResponse(f"/policy-drafts/{draft.id}", 303)
    return await _publication(request, await _opened(request.state.now))


async def publish(request: Request) -> Response:
    """Publish a draft as the next version of the policy."""
    form = await forms.read(request)
    draft, typed = await _get(request), _typed(form)
    zone = (await _newest()).zone
    asked = Publication(
        revision=form.number("revision"),
        version=form.number("version"),
        follows=form.number("follows"),
        effective_from=_effective_from(typed, zone),
        reason=typed.reason,
        unread=tuple(_unread(typed, zone)),
    )
    try:
        version_id = await publish_policy(draft.id, asked, request.state.actor, request.state.now)
    except NotFound:
        raise
    except NotReadyToPublish as refusal:
        return await _publication(request, typed, in_form_words(refusal, draft))
    except Refusal as refusal:
        return await _publication(request, typed, refusal)
    return RedirectResponse(f"/policies/{version_id}?published=1", 303)


async def ask_discard(request: Request) -> Response:
    """Ask whether a draft is to be discarded."""
    draft = await _get(request)
    if not draft.is_open:
        return RedirectResponse(f"/policy-drafts/{draft.id}", 303)
    return await _discard(request)


async def discard(request: Request) -> Response:
    """Discard a draft."""
    form = await forms.read(request)
    draft = await _get(request)
    try:
        await discard_draft(draft.id, form.number("revision"), request.state.actor, request.state.now)
    except NotFound:
        raise
    except Refusal as refusal:
        return await _discard(request, refusal)
    return RedirectResponse(f"/policies?saved={DISCARDED}", 303)


async def _publication(request: Request, typed: Typed, refusal: Refusal | None = None) -> Response:
    draft, versions = await _get(request), await policies.list_versions()
    shown = publication_page(draft, versions, await policies.get_reach(request.state.actor), request.state.now)
    return page_again(request, "pages/policy_drafts/publication.html", refusal, page=shown, typed=typed)


async def _discard(request: Request, refusal: Refusal | None = None) -> Response:
    draft = await _get(request)
    head = draft_head(draft, await policies.list_versions(), request.state.now)
    return page_again(request, "pages/policy_drafts/discard.html", refusal, head=head)


async def _get(request: Request) -> Draft:
    return await policy_drafts.get_draft(request.path_params["draft"])


async def _newest() -> Policy:
    """The newest version, on whose clock a time is typed."""
    return (await policies.get_book()).policies[-1]


async def _opened(now: datetime) -> Typed:
    """The form as it is opened: tomorrow, or the day after the newest version takes effect, when staff have come."""
    newest = await _newest()
    day = max(now, newest.effective_from).astimezone(newest.zone) + timedelta(days=1)
    return Typed(day=str(day.day), month=str(day.month), year=str(day.year), clock="09:00")


def _typed(form: Form) -> Typed:
    return Typed(
        when=form.text("when"),
        day=form.text("day"),
        month=form.text("month"),
        year=form.text("year"),
        clock=form.text("clock"),
        reason=form.text("reason"),
    )


def _effective_from(typed: Typed, zone: ZoneInfo) -> datetime | None:
    if typed.when == AT_ONCE:
        return None
    return local_time(typed.day, typed.month, typed.year, typed.clock, zone)


def _unread(typed: Typed, zone: ZoneInfo) -> list[Fault]:
    """What is wrong with the fields of the time, where they hold none."""
    if typed.when not in (AT_ONCE, ON_A_DAY):
        return [Fault("when", "Choose when it takes effect")]
    if typed.when == AT_ONCE or _effective_from(typed, zone) is not None:
        return []
    return [Fault("effective_from", "Enter a real date and time, such as 27 3 2027 at 09:00")]
