"""Reads what a phone holds to work without signal: the roster, each resident's timeline, the policies in force."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from ap_log.domain.people import Actor
from ap_log.domain.policy.kept_facts import in_order
from ap_log.domain.policy.language import policy_json
from ap_log.domain.policy.timeline import Decision, Event, Fact, Timeline, Void
from ap_log.domain.sync import Me, Reference, ResidentReference, SealingKey
from ap_log.store import confirmations, installation, models, policies
from ap_log.store.residents import list_roster
from ap_log.store.timelines import timelines_of

KEPT_HERE = "Kept in AP Log"
"""Stands for the reason of a decision or a void, which a phone that may be lost has no need of."""


async def get_reference(actor: Actor, sealing: tuple[SealingKey, ...], now: datetime) -> Reference:
    """The residents who live where the actor may log, all published policies, and the keys that phones seal to.

    Raises Refused without a policy.
    """
    book = await policies.get_book()
    residents = await list_roster(actor)
    timelines = await timelines_of(residents, book.policies[0].effective_from)
    return Reference(
        me=Me(actor.id, actor.name, await confirmations.count_unconfirmed(actor.id)),
        read_at=now,
        residents=tuple(_resident(row, timelines[row.id]) for row in residents),
        policies=tuple(policy_json(policy) for policy in book.policies),
        sealing=sealing,
        restore_epoch=(await installation.get_safekeeping()).restore_epoch,
    )


def _resident(row: models.Resident, timeline: Timeline) -> ResidentReference:
    return ResidentReference(
        id=row.id,
        name=row.name,
        room=row.room,
        premises=row.premises.name,
        legal_status=row.legal_status,
        antipsychotic=row.antipsychotic,
        timeline=timeline_json(timeline),
    )


def timeline_json(timeline: Timeline) -> dict[str, Any]:
    """A timeline as the policy engine reads it from JSON, oldest fact first."""
    return {
        "case": timeline.case,
        "resident": {
            "legal_status": timeline.resident.legal_status,
            "recalled_for_intoxicated_aggression": timeline.resident.recalled_for_intoxicated_aggression,
        },
        "assume_issued": timeline.assume_issued,
        "facts": _facts(timeline.facts),
    }


def _facts(facts: Iterable[Fact]) -> list[dict[str, Any]]:
    return [fact_json(fact) for fact in in_order(facts)]


def fact_json(fact: Fact) -> dict[str, Any]:
    """One fact as the policy engine reads it from JSON."""
    match fact:
        case Event():
            return {
                "id": fact.id,
                "type": "event",
                "code": fact.code,
                "occurred_at": fact.occurred_at.isoformat(),
                "intoxicated": fact.intoxicated,
                "help_seeking": fact.help_seeking,
                "aggravators": list(fact.aggravators),
                "mitigators": list(fact.mitigators),
            }
        case Decision():
            decided = {"event": fact.event, "step": fact.step, "decided_at": fact.decided_at.isoformat()}
            return {"id": fact.id, "type": "decision", "reason": KEPT_HERE, **decided}
        case Void():
            named = {"event": fact.event} if fact.decision is None else {"decision": fact.decision}
            return {"id": fact.id, "type": "void", "reason": KEPT_HERE, "at": fact.at.isoformat(), **named}
