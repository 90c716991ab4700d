"""The chapters of a policy's draft as forms. What is typed is saved even where it is wrong, with its faults shown.

Only a code that is there twice is not: a document has each code once. It stays on the page until it is put right.
"""

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ap_log.actions.change_draft import change_draft
from ap_log.domain.errors import CodeTwice, Invalid, NotFound, Refusal
from ap_log.domain.policy.drafting import Document
from ap_log.domain.policy_drafts import CHAPTERS, Draft
from ap_log.handlers import forms
from ap_log.handlers.errors import page_again
from ap_log.handlers.forms import Form
from ap_log.handlers.policy_form import read_chapter
from ap_log.presenters.policy_faults import faults_of_codes_twice
from ap_log.presenters.policy_form import faults_beside, followed_at, section_page
from ap_log.presenters.policy_rules import closed
from ap_log.store import policies, policy_drafts


async def show(request: Request) -> Response:
    """One chapter, with what is wrong in it. A draft that can no longer be changed has only its own page."""
    draft = await _get(request)
    if not draft.is_open:
        return RedirectResponse(f"/policy-drafts/{draft.id}", 303)
    return await _page(request, draft, draft.document, None, adds=forms.query(request).text("add") == "yes")


async def save(request: Request) -> Response:
    """Save one chapter and no other. With faults it is saved and shown again; without, the draft's page follows."""
    form = await forms.read(request)
    draft, chapter = await _get(request), _chapter(request)
    revision, shown = form.number("revision"), read_chapter(chapter, form, draft.document)
    if twice := faults_of_codes_twice(shown):
        opened = msgspec.structs.replace(draft, revision=revision)  # What somebody else saved since is not read yet.
        return await _page(request, opened, {**draft.document, **shown}, CodeTwice(*twice))
    typed = closed(chapter, shown)
    try:
        saved = await change_draft(draft.id, revision, typed, request.state.actor, request.state.now)
    except NotFound:
        raise
    except Refusal as refusal:
        now = await _get(request)
        return await _page(request, now, {**now.document, **typed}, refusal)
    if faults := faults_beside(chapter, saved):
        return await _page(request, saved, saved.document, Invalid(*faults), adds=_adds(form))
    return RedirectResponse(_next(saved, chapter, form), 303)


async def _page(
    request: Request, draft: Draft, document: Document, refusal: Refusal | None, *, adds: bool = False
) -> Response:
    chapter = _chapter(request)
    found = faults_beside(chapter, draft) if refusal is None else refusal.faults
    shown = section_page(
        chapter,
        draft,
        document,
        followed_at(await policies.get_book(), request.state.now),
        found,
        is_unsaved=refusal is not None and not isinstance(refusal, Invalid),
        adds=adds,
    )
    return page_again(request, "pages/policy_drafts/section.html", refusal, page=shown, found=found)


def _next(draft: Draft, chapter: str, form: Form) -> str:
    """Where to go after a chapter was saved: the draft's own page, or the same one with an empty rule."""
    if not _adds(form):
        return f"/policy-drafts/{draft.id}?saved={chapter}"
    return f"/policy-drafts/{draft.id}/sections/{chapter}?add=yes#new"


def _adds(form: Form) -> bool:
    return form.text("next") == "another"


def _chapter(request: Request) -> str:
    chapter: str = request.path_params["section"]
    if chapter not in CHAPTERS:
        raise NotFound
    return chapter


async def _get(request: Request) -> Draft:
    _chapter(request)
    return await policy_drafts.get_draft(request.path_params["draft"])
