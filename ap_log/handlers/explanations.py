"""Why a recommendation was made: for whoever may read the resident's record, however long ago it was replaced."""

from starlette.requests import Request
from starlette.responses import Response

from ap_log.domain.records import RecommendationRecord
from ap_log.handlers import forms
from ap_log.presenters.became import became
from ap_log.presenters.explanation import address, back, checked, explanation
from ap_log.presenters.languages import ENGLISH, LANGUAGES
from ap_log.store import decisions, recommendations, records, residents
from ap_log.templating import page


async def show(request: Request) -> Response:
    """The explanation, in Welsh for `?language=cy`, and what became of the recommendation.

    `?from=` is the page of ours that the reader came from.
    """
    actor, now = request.state.actor, request.state.now
    row = await recommendations.get_visible(actor, request.path_params["recommendation"], now)
    request.state.resident = row.resident_id
    resident = records.resident_record(await residents.get_resident(actor, row.resident_id, now))
    made = {each.id: each for each in await records.list_decisions(row.resident_id)}
    kept = await decisions.find_kept(row.id)
    successor = await recommendations.find_successor(row)
    query = forms.query(request)
    language, came_from = LANGUAGES.get(query.text("language"), ENGLISH), forms.our_page(query.text("from"))
    recommendation = records.recommendation_record(row)
    versions = await recommendations.find_policy_versions(_labels(recommendation))
    pages = {label: f"/policies/{version}" for label, version in versions.items()}
    shown = explanation(recommendation, pages, language)
    return page(
        request,
        "pages/recommendations/explanation.html",
        resident=resident,
        back=back(came_from, resident, language),
        language=language,
        ways=[(each, address(row.id, each, came_from)) for each in LANGUAGES.values()],
        explanation=shown,
        checked=checked(shown),
        policy_page=pages.get(row.policy),
        became=became(
            recommendation,
            made.get(row.decision_id or ""),
            records.act(kept, "kept_by") if kept else None,
            successor.id if successor else None,
            language,
            came_from,
        ),
    )


def _labels(recommendation: RecommendationRecord) -> set[str]:
    """The labels of the versions that a recommendation rests on."""
    figures = (figure for reason in recommendation.reasons for figure in reason.figures)
    return {recommendation.policy, *(figure.policy for figure in figures)}
