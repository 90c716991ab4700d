"""How decisions compare with what was recommended, for those who run a house, and the cases behind one kind of them."""

from starlette.requests import Request
from starlette.responses import Response

from ap_log.domain.consistency import Span, compare, span_of
from ap_log.domain.errors import NotFound
from ap_log.handlers import forms
from ap_log.presenters.consistency import PERIODS, Period, cases_page, consistency_page
from ap_log.presenters.times import ZONE
from ap_log.store import consistency
from ap_log.templating import page


async def show(request: Request) -> Response:
    """The comparison over a period; without one, over the last year."""
    actor, now = request.state.actor, request.state.now
    period, span = _period(request)
    tallies = await consistency.count_decisions(actor, span)
    names = await consistency.list_names(actor, tallies)
    shown = consistency_page(compare(tallies), names, period, span, now)
    return page(request, "pages/consistency/show.html", consistency=shown)


async def list_like(request: Request) -> Response:
    """The newest cases of one kind. Raises NotFound where there are too few of each step for a list to tell nothing."""
    actor, now, query = request.state.actor, request.state.now, forms.query(request)
    period, span = _period(request)
    practice = compare(await consistency.count_decisions(actor, span))
    wanted = (query.text("recommended"), query.text("code"))
    kind = next((each for each in practice.kinds if (str(each.recommended), each.code) == wanted), None)
    if kind is None or not kind.listed:
        raise NotFound
    case = (kind.recommended, kind.code)
    cases = {step: await consistency.list_newest(actor, span, case, step, now) for step in kind.listed}
    return page(request, "pages/consistency/cases.html", cases=cases_page(kind, cases, period, span, now))


def _period(request: Request) -> tuple[Period, Span]:
    key = forms.query(request).text("period") or PERIODS[0].key
    period = next((each for each in PERIODS if each.key == key), None)
    if period is None:
        raise NotFound
    return period, span_of(period.years_ago, request.state.now.astimezone(ZONE))
