"""Deciding an episode: the recommendation with its reasons, the choice, and the five heads of steps 4 and 5.

Whatever is refused once the form has been read, the page comes back with everything typed on it. What never reached
us whole (a body too large or too slow) or came from nobody signed in cannot be kept: the browser's Back still has it.
"""

from uuid import uuid4

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ap_log.actions.decide import decide as decide_episode
from ap_log.actions.keep_decision import keep_decision
from ap_log.domain import recommendations as rules
from ap_log.domain.errors import Fault, Invalid, NotFound, Refusal
from ap_log.domain.people import Actor
from ap_log.domain.recommendations import AlternativeTried, Choice, Grounds, Heads
from ap_log.domain.records import RecommendationRecord
from ap_log.handlers import forms
from ap_log.handlers.errors import is_spent, page_again
from ap_log.handlers.forms import Form
from ap_log.presenters.decide_page import Typed, decide_page
from ap_log.store import decisions, policies, recommendations, records, residents
from ap_log.store.models import Recommendation


async def show(request: Request) -> Response:
    """The page on which a recommendation is decided; one that was replaced leads to what stands now."""
    recommendation = await _get(request)
    standing = await _standing(recommendation)
    if standing is None:
        return RedirectResponse(f"/residents/{recommendation.resident_id}", 303)
    if standing.id != recommendation.id:
        return RedirectResponse(f"/recommendations/{standing.id}", 303)
    return await _page(request, recommendation, Typed(id=str(uuid4()), step=recommendation.step))


async def decide(request: Request) -> Response:
    """Issue a step. Steps 4 and 5 go on to the five heads, with the reason kept."""
    form = await forms.read(request)
    typed = _typed(form)
    recommendation = await _get(request)
    if typed.step is None or not rules.needs_completion(typed.step):
        return await _decide(request, recommendation, typed, Choice(typed.id, typed.step, typed.reason))
    required = rules.is_departure(recommendation.step, typed.step)
    faults = rules.faults_of_reason(typed.reason, required=required)
    if faults:
        return await _page(request, recommendation, typed, Invalid(*faults))
    return await _page(request, recommendation, typed, completing=True)


async def start_completion(request: Request) -> Response:
    """The five heads, empty, for the step asked for or the recommended one."""
    recommendation = await _get(request)
    step = _step(forms.query(request).text("step"))
    if step is None or not rules.needs_completion(step):
        step = recommendation.step
    if step is None or not rules.needs_completion(step):
        return RedirectResponse(f"/recommendations/{recommendation.id}", 303)
    return await _page(request, recommendation, Typed(id=str(uuid4()), step=step), completing=True)


async def complete(request: Request) -> Response:
    """Send a completed recommendation of step 4 or 5."""
    form = await forms.read(request)
    typed = msgspec.structs.replace(_typed(form), heads=_heads(form), details=_details(form))
    choice = Choice(typed.id, typed.step, typed.reason, typed.heads)
    return await _decide(request, await _get(request), typed, choice, completing=True)


async def keep(request: Request) -> Response:
    """Let the decision stand that a recommendation puts in question."""
    form = await forms.read(request)
    recommendation = await _get(request)
    typed = Typed(id=form.text("id"), step=recommendation.step, keeping=form.text("keeping"))
    try:
        kept = await keep_decision(
            recommendation.id, Grounds(typed.id, typed.keeping), request.state.actor, request.state.now
        )
    except NotFound:
        raise
    except Invalid as refusal:
        named = [Fault("keeping", fault.message) if fault.field == "reason" else fault for fault in refusal.faults]
        return await _page(request, recommendation, typed, Invalid(*named))
    except Refusal as refusal:
        return await _page(request, recommendation, typed, refusal)
    return RedirectResponse(f"/residents/{recommendation.resident_id}#decision-{kept.decision_id}", 303)


async def _decide(
    request: Request, recommendation: Recommendation, typed: Typed, choice: Choice, *, completing: bool = False
) -> Response:
    try:
        made = await decide_episode(recommendation.id, choice, request.state.actor, request.state.now)
    except NotFound:
        raise
    except Refusal as refusal:
        return await _page(request, recommendation, typed, refusal, completing=completing)
    return RedirectResponse(f"/residents/{made.resident_id}?decided={made.id}", 303)


async def _page(
    request: Request,
    recommendation: Recommendation,
    typed: Typed,
    refusal: Refusal | None = None,
    *,
    completing: bool = False,
) -> Response:
    """The page of the recommendation as it stands now, with what was typed and why that was refused."""
    if is_spent(refusal):
        typed = msgspec.structs.replace(typed, id=str(uuid4()))
    actor, now = request.state.actor, request.state.now
    request.state.resident = recommendation.resident_id
    standing = await _standing(recommendation) or recommendation
    resident = await residents.get_resident(actor, recommendation.resident_id, now)
    book = await policies.get_book()
    shown = decide_page(
        records.recommendation_record(standing),
        await _before(standing),
        await records.get_record(resident),
        book.in_force_at(standing.started_at) or book.policies[0],
        typed,
        now,
    )
    completing = completing and shown.decided is None and shown.panel.step is not None
    template = "pages/recommendations/completion.html" if completing else "pages/recommendations/show.html"
    return page_again(request, template, refusal, page=shown)


async def _before(standing: Recommendation) -> RecommendationRecord | None:
    """What the person had before them whose decision is to be looked at again."""
    if not standing.look_again or standing.decision_id is None:
        return None
    decided_on = await recommendations.find_decided_on(standing.decision_id)
    return None if decided_on is None else records.recommendation_record(decided_on)


async def _get(request: Request) -> Recommendation:
    actor: Actor = request.state.actor
    return await decisions.get_decidable_recommendation(actor, request.path_params["recommendation"])


async def _standing(recommendation: Recommendation) -> Recommendation | None:
    """What stands now for the same episode: the recommendation itself unless it was replaced."""
    if recommendation.superseded_at is None:
        return recommendation
    return await decisions.find_current_like(recommendation)


def _typed(form: Form) -> Typed:
    return Typed(id=form.text("id"), step=_step(form.text("step")), reason=form.text("reason"))


def _step(text: str) -> int | None:
    return int(text) if text in {str(step) for step in rules.STEPS} else None


def _details(form: Form) -> dict[str, str]:
    """What was written about each alternative, ticked or not."""
    fields = [rules.details_field(term.code) for term in rules.ALTERNATIVES]
    return {field: form.text(field) for field in fields}


def _heads(form: Form) -> Heads:
    tried = tuple(AlternativeTried(code, form.text(rules.details_field(code))) for code in form.all("alternatives"))
    return Heads(
        immediate_risk=form.text("immediate_risk"),
        who_is_vulnerable=form.text("who_is_vulnerable"),
        current_circumstances=form.text("current_circumstances"),
        alternatives=tried,
        protective_factors=form.text("protective_factors"),
        resident_says=form.text("resident_says"),
        not_asked_because=form.text("not_asked_because"),
    )
