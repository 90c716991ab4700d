"""The published policy: its versions, what one says and changes, who has read it, and taking one back."""

from uuid import uuid4

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ap_log.actions.confirm_reading import confirm_reading
from ap_log.actions.withdraw_policy import withdraw_policy
from ap_log.domain.errors import NotFound, Refusal
from ap_log.domain.permissions import Permission, may
from ap_log.domain.policies import PublishedVersion, standing
from ap_log.handlers import forms
from ap_log.handlers.errors import page_again
from ap_log.presenters.open_drafts import draft_row
from ap_log.presenters.policies import index_page, version_card, version_page
from ap_log.presenters.policy_readings import ChangesPage, changes_page, house_rows, published_words
from ap_log.presenters.policy_saved import WITHDRAWN, saved_words
from ap_log.store import policies, policy_drafts, policy_readings
from ap_log.templating import page


async def index(request: Request) -> Response:
    """Every version; for those who write the next one, the drafts."""
    actor, now = request.state.actor, request.state.now
    can_edit = may(actor, Permission.EDIT_POLICY)
    drafts = await policy_drafts.list_open_drafts() if can_edit else ()
    versions = await policies.list_versions()
    return page(
        request,
        "pages/policies/index.html",
        index=index_page(versions, now),
        drafts=[draft_row(draft, standing(versions)[-1], now) for draft in drafts],
        can_edit=can_edit,
        new_draft=str(uuid4()),
        can_review=may(actor, Permission.REVIEW_PRACTICE),
        saved=saved_words(forms.query(request).text("saved")),
    )


async def show(request: Request) -> Response:
    """One version, whole. `?published=1` is for whoever has just published it."""
    version, versions = await _asked_for(request)
    is_news = forms.query(request).flag("published")
    return page(
        request,
        "pages/policies/show.html",
        policy=version_page(version, versions, request.state.now),
        can_review=may(request.state.actor, Permission.REVIEW_PRACTICE),
        can_edit=may(request.state.actor, Permission.EDIT_POLICY),
        saved=await _published(request, version) if is_news else None,
    )


async def _published(request: Request, version: PublishedVersion) -> str | None:
    """What is said to whoever published a version that stands; None to anybody else."""
    actor, now = request.state.actor, request.state.now
    if version.withdrawal is not None or not await policies.is_published_by(version.id, actor.id):
        return None
    return published_words(version, await policy_readings.count_asked(version.id, actor, now), now)


async def changes(request: Request) -> Response:
    """What a version changes for this person. `?to=` is where they were going when they were shown it.

    `?confirmed=1` is for whoever has just confirmed it.
    """
    query = forms.query(request)
    to = forms.our_page(query.text("to"))
    shown = await _changes(request, "/" if to == request.url.path else to)
    has_read = query.flag("confirmed") and shown.confirmed is not None
    saved = f"You have read version {shown.number}" if has_read else None
    return page(request, "pages/policies/changes.html", changes=shown, saved=saved)


async def confirm(request: Request) -> Response:
    """I have read this."""
    form = await forms.read(request)
    policy = request.path_params["policy"]
    await confirm_reading(policy, request.state.actor, request.state.now)
    return RedirectResponse(forms.our_page(form.text("to")) or f"/policies/{policy}/changes?confirmed=1", 303)


async def readings(request: Request) -> Response:
    """Who at this person's premises has read a version, and who has not."""
    version, versions = await _asked_for(request)
    actor, now = request.state.actor, request.state.now
    return page(
        request,
        "pages/policies/readings.html",
        policy=version_card(version, versions, now),
        newest=version_card(standing(versions)[-1], versions, now),
        houses=[house_rows(house, now) for house in await policy_readings.list_houses(version.id, actor, now)],
    )


async def ask_withdrawal(request: Request) -> Response:
    """Ask why a version that is still to come is taken back. Of any other there is only its own page."""
    version, versions = await _asked_for(request)
    if not version_card(version, versions, request.state.now).can_be_withdrawn:
        return RedirectResponse(f"/policies/{version.id}", 303)
    return await _withdrawal(request)


async def withdraw(request: Request) -> Response:
    """Take back a version that is still to come."""
    form = await forms.read(request)
    reason = form.text("reason")
    try:
        await withdraw_policy(request.path_params["policy"], reason, request.state.actor, request.state.now)
    except NotFound:
        raise
    except Refusal as refusal:
        return await _withdrawal(request, reason, refusal)
    return RedirectResponse(f"/policies?saved={WITHDRAWN}", 303)


async def _withdrawal(request: Request, reason: str = "", refusal: Refusal | None = None) -> Response:
    version, versions = await _asked_for(request)
    card = version_card(version, versions, request.state.now)
    return page_again(request, "pages/policies/withdrawal.html", refusal, policy=card, reason=reason)


async def _asked_for(request: Request) -> tuple[PublishedVersion, tuple[PublishedVersion, ...]]:
    """The version in the address, and all versions, oldest first. Raises NotFound."""
    versions = await policies.list_versions()
    version = next((each for each in versions if each.id == request.path_params["policy"]), None)
    if version is None:
        raise NotFound
    return version, versions


async def _changes(request: Request, to: str) -> ChangesPage:
    version, versions = await _asked_for(request)
    actor, unread = request.state.actor, request.state.unread_policy
    compared_id = await policy_readings.find_compared(version.version, actor)
    compared = next((each for each in versions if each.id == compared_id), None)
    return changes_page(
        version,
        compared,
        versions,
        confirmed=await policy_readings.find_reading(version.id, actor),
        asks=unread is not None and unread.policy == version.id,
        to=to,
        now=request.state.now,
    )
