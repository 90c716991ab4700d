"""The worked examples of a policy's draft: the list with what the draft says of each, and one as a form.

An example with faults is not saved, because nothing could be said of it; its page comes back with everything typed.
"""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ap_log.actions.change_draft import change_examples
from ap_log.domain.errors import Invalid, NotFound, Refusal
from ap_log.domain.policy.examples import Example, try_example
from ap_log.domain.policy.faults import Refused
from ap_log.domain.policy.language import Policy
from ap_log.domain.policy_drafts import Draft
from ap_log.handlers import forms
from ap_log.handlers.errors import page_again
from ap_log.handlers.example_form import example_of, faults_in, typed_in
from ap_log.handlers.forms import Form
from ap_log.presenters.policy_examples import (
    NEW,
    TypedExample,
    at_first,
    event_words,
    example_page,
    examples_page,
    typed_of,
)
from ap_log.presenters.policy_saved import EXAMPLE, EXAMPLE_REMOVED, saved_words
from ap_log.store import policies, policy_drafts
from ap_log.templating import page


async def index(request: Request) -> Response:
    """Every example: whether it passes, and for one that fails what the draft says instead, and why."""
    draft = await _get(request)
    policy = _policy(draft)
    tried = None if policy is None else [try_example(policy, example) for example in draft.examples]
    return page(
        request,
        "pages/policy_drafts/examples.html",
        page=examples_page(draft, tried),
        is_open=draft.is_open,
        saved=saved_words(forms.query(request).text("saved")),
    )


async def show(request: Request) -> Response:
    """One example as a form, with what the draft says of it; or an empty one."""
    draft = await _get(request)
    if not draft.is_open:
        return RedirectResponse(f"/policy-drafts/{draft.id}", 303)
    if _is_new(request):
        return await _page(request, draft, at_first(), None)
    return await _page(request, draft, typed_of(_find(draft, _id(request))), None, is_tried=True)


async def save(request: Request) -> Response:
    """Save an example, or show what the draft says of it, or give a row for another event: as the button asks."""
    form = await forms.read(request)
    draft = await _get(request)
    typed = typed_in(form, form.text("id") if _is_new(request) else _id(request))
    example = example_of(typed)
    policy = _policy(draft)
    faults = faults_in(example, policy or await _policy_in_force(request), knows_all=policy is not None)
    refusal = Invalid(*faults) if faults else None
    if form.text("next") == "event":
        return await _page(request, draft, typed, refusal if _was_refused(form) else None, adds=True)
    if refusal:
        return await _page(request, draft, typed, refusal)
    if form.text("next") == "try":
        return await _page(request, draft, typed, None, is_tried=True, is_unsaved=True)
    return await _save(request, draft, form, typed, example)


async def ask_removal(request: Request) -> Response:
    """Ask whether an example is to be taken out."""
    draft = await _get(request)
    if not draft.is_open:
        return RedirectResponse(f"/policy-drafts/{draft.id}", 303)
    return _removal_page(request, draft, _find(draft, _id(request)), None)


async def remove(request: Request) -> Response:
    """Take an example out. One that is not there any more is taken out already."""
    form = await forms.read(request)
    draft = await _get(request)
    example = next((each for each in draft.examples if each.id == _id(request)), None)
    if example is None:
        return RedirectResponse(f"/policy-drafts/{draft.id}/examples?saved={EXAMPLE_REMOVED}", 303)
    try:
        await _change(request, draft, form, [each for each in draft.examples if each.id != example.id])
    except NotFound:
        raise
    except Refusal as refusal:
        return _removal_page(request, await _get(request), example, refusal)
    return RedirectResponse(f"/policy-drafts/{draft.id}/examples?saved={EXAMPLE_REMOVED}", 303)


async def _save(request: Request, draft: Draft, form: Form, typed: TypedExample, example: Example) -> Response:
    try:
        await _change(request, draft, form, _with(draft.examples, example))
    except NotFound:
        raise
    except Refusal as refusal:
        return await _page(request, await _get(request), typed, refusal)
    return RedirectResponse(f"/policy-drafts/{draft.id}/examples?saved={EXAMPLE}", 303)


async def _change(request: Request, draft: Draft, form: Form, examples: Sequence[Example]) -> None:
    await change_examples(draft.id, form.number("revision"), examples, request.state.actor, request.state.now)


def _with(examples: Sequence[Example], example: Example) -> list[Example]:
    """The examples with this one in its place, or at the end where it is new."""
    if all(each.id != example.id for each in examples):
        return [*examples, example]
    return [example if each.id == example.id else each for each in examples]


async def _page(
    request: Request,
    draft: Draft,
    typed: TypedExample,
    refusal: Refusal | None,
    *,
    adds: bool = False,
    is_tried: bool = False,
    is_unsaved: bool = False,
) -> Response:
    policy = _policy(draft)
    tried = try_example(policy, example_of(typed)) if is_tried and policy is not None else None
    shown = example_page(draft, typed, tried, is_new=_is_new(request), adds=adds, is_judged=policy is not None)
    return page_again(request, "pages/policy_drafts/example.html", refusal, page=shown, is_unsaved=is_unsaved)


def _removal_page(request: Request, draft: Draft, example: Example, refusal: Refusal | None) -> Response:
    return page_again(
        request,
        "pages/policy_drafts/example_removal.html",
        refusal,
        draft=draft,
        example=example,
        events=[event_words(event) for event in example.events],
    )


def _policy(draft: Draft) -> Policy | None:
    """The policy the draft would be; None while it has faults."""
    try:
        return draft.policy(draft.changed_at)
    except Refused:
        return None


async def _policy_in_force(request: Request) -> Policy:
    book = await policies.get_book()
    return book.in_force_at(request.state.now) or book.policies[0]


def _find(draft: Draft, example_id: str) -> Example:
    found = next((each for each in draft.examples if each.id == example_id), None)
    if found is None:
        raise NotFound
    return found


def _id(request: Request) -> str:
    example_id: str = request.path_params["example"]
    return example_id


def _was_refused(form: Form) -> bool:
    """Whether the page that this form was sent from had messages, which then stay."""
    return form.flag("refused")


def _is_new(request: Request) -> bool:
    return _id(request) == NEW


async def _get(request: Request) -> Draft:
    return await policy_drafts.get_draft(request.path_params["draft"])
