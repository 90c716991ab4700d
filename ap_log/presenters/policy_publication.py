"""What a draft changes in the published versions, and what is checked before it is published, as pages show them."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from ap_log.domain.errors import Fault, NotReadyToPublish
from ap_log.domain.policies import PublishedVersion, Reach, standing
from ap_log.domain.policy.changes import changes
from ap_log.domain.policy.describe import TITLES
from ap_log.domain.policy_drafts import CHAPTERS, Draft
from ap_log.domain.policy_publication import CHANGES, EXAMPLES, faults_before_publication
from ap_log.presenters.policy_draft import Changed, Head, by_chapter, draft_head
from ap_log.presenters.policy_form import faults_beside
from ap_log.presenters.times import Moment, moment


class Comparison(msgspec.Struct, frozen=True):
    """What a draft changes in one published version."""

    version: int
    is_in_force: bool
    effective_from: Moment
    changed: tuple[Changed, ...]


class Line(msgspec.Struct, frozen=True):
    """One thing to correct: the field of its fault, and the page where it is corrected."""

    field: str
    words: str
    href: str


class Check(msgspec.Struct, frozen=True):
    """One thing a draft has to be before it is published, whether it is, and what it lacks of that."""

    words: str
    status: str
    tone: str
    missing: tuple[Line, ...] = ()


class PublicationPage(msgspec.Struct, frozen=True):
    """The checks of a draft, and what will be published; `changed` is None while faults keep that from being said.

    `reach` says where it takes effect.
    """

    head: Head
    checks: tuple[Check, ...]
    changed: tuple[Changed, ...] | None
    zone: str
    reach: str
    is_ready: bool


def comparisons(draft: Draft, versions: Sequence[PublishedVersion], now: datetime) -> tuple[Comparison, ...]:
    """What a draft without faults changes: in the version in force, and in the newest where that is still to come."""
    policy = draft.policy(now)
    stand = standing(versions)
    in_force = [version for version in stand if version.policy.effective_from <= now][-1:]
    beside = [*in_force, *(version for version in stand[-1:] if version not in in_force)]
    return tuple(
        Comparison(
            version=version.version,
            is_in_force=version in in_force,
            effective_from=moment(version.policy.effective_from, now),
            changed=by_chapter(changes(version.policy, policy)),
        )
        for version in beside
    )


def publication_page(
    draft: Draft, versions: Sequence[PublishedVersion], reach: Reach, now: datetime
) -> PublicationPage:
    """The checks of a draft, each with everything it lacks; the last two are made once it has no faults."""
    newest, head = standing(versions)[-1], draft_head(draft, versions, now)
    placed, others = draft.faults(), faults_before_publication(draft, newest)
    lines = [*fault_lines(draft), *(_line(draft, fault) for fault in others if fault.field not in CHAPTERS)]
    wanted = {
        "Every value can be used, and whatever is logged can be judged": CHAPTERS,
        "Every worked example passes": (EXAMPLES,),
        f"It changes something in version {newest.version}": (CHANGES,),
    }
    return PublicationPage(
        head=head,
        checks=tuple(
            _check(words, [line for line in lines if line.field in fields], is_known=fields is CHAPTERS or not placed)
            for words, fields in wanted.items()
        ),
        changed=None if placed else by_chapter(changes(newest.policy, draft.policy(now))),
        zone=newest.policy.zone.key,
        reach=reach_words(reach),
        is_ready=not lines,
    )


def reach_words(reach: Reach) -> str:
    """Where a version takes effect: "It takes effect at all 3 premises, 1 of them not yours."."""
    if reach.premises == 1:
        return "It takes effect at the 1 premises there is."
    whose = f"{reach.of_others} of them not yours" if reach.of_others else "all of them yours"
    return f"It takes effect at all {reach.premises} premises, {whose}."


def fault_lines(draft: Draft) -> list[Line]:
    """What keeps a draft from being used, in the words of its forms, each leading to its field."""
    address = f"/policy-drafts/{draft.id}/sections"
    return [
        Line(chapter, f"{TITLES[chapter]}: {fault.message}", f"{address}/{chapter}#{fault.field}")
        for chapter in CHAPTERS
        for fault in faults_beside(chapter, draft)
    ]


def in_form_words(refusal: NotReadyToPublish, draft: Draft) -> NotReadyToPublish:
    """The refusal, with the faults of the document in the words of its forms."""
    lines = fault_lines(draft)
    if not lines:
        return refusal
    others = [fault for fault in refusal.faults if fault.field not in CHAPTERS]
    return NotReadyToPublish(*(Fault(line.field, line.words) for line in lines), *others)


def _line(draft: Draft, fault: Fault) -> Line:
    ways = {EXAMPLES: "/examples", CHANGES: ""}
    return Line(fault.field, fault.message, f"/policy-drafts/{draft.id}{ways[fault.field]}")


def _check(words: str, missing: list[Line], *, is_known: bool) -> Check:
    if not is_known:
        return Check(words, "Not known yet", "grey")
    if missing:
        return Check(words, "No", "red", tuple(missing))
    return Check(words, "Yes", "green")
