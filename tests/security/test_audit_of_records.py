"""Who read about a resident is answered from the audit trail alone, whichever page showed their record."""

from typing import Any

import pytest

from ap_log.store.models import AuditRecord, new_id
from tests.cast import World
from tests.deciding import recommend
from tests.notices import decided, sent_to
from tests.visitors import Visit


async def read_about(resident_id: str, who: str) -> list[AuditRecord]:
    """What a person read about a resident, by the audit trail, first read first."""
    records = await AuditRecord.filter(actor_id=who).order_by("sequence")
    return [record for record in records if record.details.get("resident") == resident_id and "route" in record.details]


async def ids_of(world: World) -> dict[str, Any]:
    """An entry, a recommendation, a decision and a notice, all about Gwilym."""
    decision = await decided(world, 4, world.now, happening="supply")
    again = await recommend(world, happening="threat", occurred_at=world.now.isoformat())
    notice = await sent_to(world, "dev", wanted="decision")
    return {
        "resident": decision.resident_id,
        "entry": decision.entry_id,
        "recommendation": again.id,
        "decision": decision.id,
        "reference": notice.reference,
        "notice": notice.id,
    }


PAGES = (
    ("ben", "/residents/{resident}", "resident.viewed", "resident"),
    ("ben", "/entries/{entry}", "entry.viewed", "entry"),
    ("ben", "/recommendations/{recommendation}", "recommendation.viewed", "recommendation"),
    ("ben", "/recommendations/{recommendation}/completion?step=4", "recommendation.viewed", "recommendation"),
    ("ben", "/decisions/{decision}/void", "decision.viewed", "decision"),
    ("ben", "/decisions/{decision}/withdrawal", "decision.viewed", "decision"),
    ("dev", "/notices/{reference}", "notice.viewed", "notice"),
    ("ben", "/notices/{reference}", "notice.viewed", "notice"),
)


@pytest.mark.parametrize(("who", "path", "event", "kind"), PAGES)
async def test_a_page_with_a_record_on_it_is_recorded_with_its_resident(
    visit: Visit, world: World, who: str, path: str, event: str, kind: str
) -> None:
    ids, actor = await ids_of(world), world.actors[who]
    answer = await (await visit(actor)).get(path.format(**ids))
    assert answer.status_code == 200
    [record] = await read_about(ids["resident"], actor.id)
    assert (record.event, record.subject_kind, record.subject) == (event, kind, ids[kind])


FORMS: tuple[tuple[str, str, dict[str, str], str], ...] = (
    ("ben", "/recommendations/{recommendation}/decision", {"step": "4", "reason": "x"}, "recommendation"),
    ("ben", "/recommendations/{recommendation}/decision", {"step": "9"}, "recommendation"),
    ("ben", "/recommendations/{recommendation}/completion", {"step": "4"}, "recommendation"),
    ("ben", "/recommendations/{recommendation}/keeping", {}, "recommendation"),
    ("ben", "/decisions/{decision}/void", {}, "decision"),
    ("ben", "/decisions/{decision}/withdrawal", {}, "decision"),
    ("dev", "/notices/{reference}/answer", {}, "notice"),
)


@pytest.mark.parametrize(("who", "path", "sent", "kind"), FORMS)
async def test_a_form_that_comes_back_with_the_record_is_recorded_as_shown(
    visit: Visit, world: World, who: str, path: str, sent: dict[str, str], kind: str
) -> None:
    ids, actor = await ids_of(world), world.actors[who]
    answer = await (await visit(actor)).post(path.format(**ids), data={"id": new_id()} | sent)
    assert answer.status_code in (200, 409, 422)
    [record] = await read_about(ids["resident"], actor.id)
    assert (record.event, record.subject_kind, record.subject) == ("record.shown", kind, ids[kind])
    assert record.details["status"] == answer.status_code


async def test_what_was_done_is_recorded_as_done_and_not_as_shown(visit: Visit, world: World) -> None:
    one = await recommend(world)
    await (await visit(world.ben)).post(f"/recommendations/{one.id}/decision", data={"id": new_id(), "step": "1"})
    assert not await AuditRecord.exists(event="record.shown")
    assert (await AuditRecord.get(event="decision.made")).details["resident"] == one.resident_id


async def test_who_was_refused_has_read_about_nobody(visit: Visit, world: World) -> None:
    ids = await ids_of(world)
    for _, path, _, _ in PAGES:
        await (await visit(world.owen)).get(path.format(**ids))
    assert await read_about(ids["resident"], world.owen.id) == []
