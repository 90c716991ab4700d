"""Who has confirmed that they read which version of the policy. One that was withdrawn is nobody's to read."""

from collections import defaultdict
from datetime import datetime

from tortoise.expressions import Q, Subquery

from ap_log.domain.people import Actor, Role
from ap_log.domain.permissions import Permission, premises_where
from ap_log.domain.policy_readings import CONFIRMING, Asked, House, Reader, Unread, must_confirm

from .models import Person, PolicyReading, PolicyVersion, Posting


async def find_unread(actor: Actor) -> Unread | None:
    """The newest version, where this person has still to confirm it. At most one query: every page asks."""
    if not must_confirm(actor):
        return None
    standing = PolicyVersion.filter(withdrawn_at=None)
    known = standing.filter(_known_to(actor)).order_by("-version").limit(1).values("version")
    newer = standing.filter(version__gt=Subquery(known)).order_by("-version").first()
    row = await newer.values("id", "effective_from")
    return Unread(row["id"], row["effective_from"]) if row else None


async def find_reading(policy: str, actor: Actor) -> datetime | None:
    """When this person confirmed a version."""
    reading = await PolicyReading.get_or_none(policy_id=policy, person_id=actor.id)
    return reading.at if reading else None


async def add_reading(policy: str, actor: Actor, now: datetime) -> None:
    await PolicyReading.create(policy_id=policy, person_id=actor.id, at=now)


async def find_compared(version: int, actor: Actor) -> str | None:
    """The id of the version that this one is compared with for this person; None for the first.

    It is the newest they know: confirmed, published by themselves, or published before they came. So several versions
    that they have not read become one comparison. For whoever confirms nothing it is the one before.
    """
    older = PolicyVersion.filter(version__lt=version, withdrawn_at=None).order_by("-version")
    if must_confirm(actor):
        came = Person.filter(id=actor.id).values("created_at")
        older = older.filter(_known_to(actor) | Q(published_at__lte=Subquery(came)))
    found = await older.first().values_list("id", flat=True)
    return str(found) if found else None


async def list_houses(policy: str, actor: Actor, now: datetime) -> tuple[House, ...]:
    """For each premises whose practice this actor reviews, who works there now and has to confirm the version."""
    confirmed = dict(await PolicyReading.filter(policy_id=policy).values_list("person_id", "at"))
    names: dict[str, str] = {}
    readers: dict[str, list[Reader]] = defaultdict(list)
    for held in await _posted(policy, actor, now):
        premises, person = held[0].premises, held[0].person
        names[premises.id] = premises.name
        roles = tuple(Role(posting.role) for posting in held)
        readers[premises.id].append(Reader(person.name, roles, confirmed.get(person.id)))
    return tuple(House.of(names[each], readers[each]) for each in sorted(readers, key=lambda each: names[each]))


async def count_asked(policy: str, actor: Actor, now: datetime) -> Asked:
    """Who has still to confirm a version, at the premises whose practice this actor reviews; nobody twice."""
    confirmed = dict(await PolicyReading.filter(policy_id=policy).values_list("person_id", "at"))
    posted = [held[0] for held in await _posted(policy, actor, now) if held[0].person_id not in confirmed]
    return Asked(len({each.person_id for each in posted}), len({each.premises_id for each in posted}))


async def _posted(policy: str, actor: Actor, now: datetime) -> list[list[Posting]]:
    """The postings of each reader at each premises; without whoever published the version."""
    publisher = (await PolicyVersion.get(id=policy)).published_by_id
    found: dict[tuple[str | None, str], list[Posting]] = defaultdict(list)
    postings = Posting.filter(
        Q(ended_at=None) | Q(ended_at__gt=now),
        Q(person__left_at=None) | Q(person__left_at__gt=now),
        premises_id__in=premises_where(actor, Permission.REVIEW_PRACTICE),
        role__in=CONFIRMING,
        started_at__lte=now,
    )
    for posting in await postings.select_related("person", "premises").order_by("started_at", "id"):
        if posting.person_id != publisher:
            found[posting.premises_id, posting.person_id].append(posting)
    return list(found.values())


def _known_to(actor: Actor) -> Q:
    """The versions that a person need not confirm any more, and the first, which nobody confirms."""
    confirmed = PolicyReading.filter(person_id=actor.id).values("policy_id")
    first = PolicyVersion.all().order_by("version").limit(1).values("version")
    return Q(id__in=Subquery(confirmed)) | Q(published_by_id=actor.id) | Q(version=Subquery(first))
