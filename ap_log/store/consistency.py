"""Counts the decisions that stand, for comparison with what was recommended, and lists the newest of one kind.

The cost is that of the decisions made at the premises asked for, whatever else the database holds.
"""

from datetime import datetime

from tortoise.expressions import RawSQL, Subquery
from tortoise.functions import Count
from tortoise.queryset import QuerySet

from ap_log.domain.consistency import Case, CaseDecided, Names, Span, Tally
from ap_log.domain.people import Actor
from ap_log.domain.permissions import Permission, premises_where
from ap_log.domain.small_numbers import NEWEST
from ap_log.store.models import Decision, Person, Premises, Recommendation
from ap_log.store.visibility import visible_residents

_CODE = RawSQL(
    "(SELECT entry.code FROM entry WHERE entry.entry_id = decision.entry_id"
    " AND entry.received_at <= decision.decided_at"
    " AND (entry.superseded_at IS NULL OR entry.superseded_at > decision.decided_at))"
)
"""The code of the entry that decided the episode, in the version that the person who decided had before them."""

_PREMISES = RawSQL(
    "(SELECT made_on.premises_id FROM recommendation AS made_on WHERE made_on.decision_id = decision.id"
    " ORDER BY made_on.made_at, made_on.superseded_at IS NULL, made_on.id LIMIT 1)"
)
"""Where the resident lived when the decision was made: by the first recommendation tied to it, which it was made on.

Later ones say where the resident lived when the facts changed. Of two of one moment, the one replaced is the first.
"""


async def count_decisions(actor: Actor, span: Span) -> tuple[Tally, ...]:
    """The decisions of a span that stand, at the premises whose practice this actor reviews; one query.

    Those that the policy could not judge recommend nothing to compare them with, and are left out.
    """
    counted = _standing(actor, span).annotate(code=_CODE, count=Count("id"))
    keys = ("premises", "decided_by_id", "recommended", "step", "code")
    rows = await counted.group_by(*keys).values_list(*keys, "count")
    return tuple(Tally(*row) for row in rows if row[4] is not None)


async def list_names(actor: Actor, tallies: tuple[Tally, ...]) -> Names:
    """The names of all premises whose practice this actor reviews, and of those who decided."""
    premises = Premises.filter(id__in=premises_where(actor, Permission.REVIEW_PRACTICE))
    people = Person.filter(id__in={each.decided_by for each in tallies})
    return Names(
        premises=dict(await premises.order_by("name", "id").values_list("id", "name")),
        people=dict(await people.order_by("name", "id").values_list("id", "name")),
    )


async def list_newest(actor: Actor, span: Span, case: Case, step: int, now: datetime) -> tuple[CaseDecided, ...]:
    """The newest decisions of a kind for one step, `NEWEST` at most, about residents this actor may see.

    Who reviews the practice of a house need not see a resident who has left it since.
    """
    seen = Subquery(visible_residents(actor, now).values("id"))
    standing = _standing(actor, span).filter(recommended=case[0], step=step, resident_id__in=seen)
    rows = standing.annotate(code=_CODE).filter(code=case[1]).select_related("resident")
    return tuple(
        CaseDecided(
            decision_id=row.id,
            resident_id=row.resident.id,
            resident_name=row.resident.name,
            room=row.resident.room,
            reason=row.reason,
            at=row.decided_at,
        )
        for row in await rows.order_by("-decided_at", "id").limit(NEWEST)
    )


def _standing(actor: Actor, span: Span) -> QuerySet[Decision]:
    """The decisions on a recommendation, made in a span and not withdrawn, at the premises this actor reviews."""
    reviewed = premises_where(actor, Permission.REVIEW_PRACTICE)
    # An index finds the recommendations of these premises; only of their decisions is it asked where they were made.
    tied = Recommendation.filter(premises_id__in=reviewed, decision_id__isnull=False)
    return Decision.annotate(premises=_PREMISES).filter(
        decided_at__gte=span.since,
        decided_at__lt=span.until,
        recommended__isnull=False,
        withdrawal__id__isnull=True,
        id__in=Subquery(tied.values("decision_id")),
        premises__in=Subquery(Premises.filter(id__in=reviewed).values("id")),
    )
