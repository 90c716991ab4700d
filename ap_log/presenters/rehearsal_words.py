"""The words for what a rehearsal found, on pages and on the command line."""

from collections.abc import Iterator
from urllib.parse import urlencode

import msgspec

from ap_log.domain.policy.rehearsal import Kind
from ap_log.domain.rehearsals import CANNOT_JUDGE, CASE_CONFERENCE, Choice, Summary
from ap_log.presenters import words
from ap_log.presenters.words import Step


def headline(summary: Summary) -> str:
    """What would have differed, in one sentence."""
    if not summary.judged:
        return "Nothing would have differed"
    episodes = f"{summary.judged:,} of {summary.episodes:,} episodes would have differed"
    parts = (
        (summary.higher, "a higher step"),
        (summary.lower, "a lower one" if summary.higher else "a lower step"),
        (summary.level, "joined or split at the same step"),
    )
    return f"{episodes}: {', '.join(f'{count:,} {said}' for count, said in parts if count)}"


def looked_at(summary: Summary) -> str:
    """What the sentence rests on."""
    return f"This looked at {counted(summary.episodes, 'episode')} of {counted(summary.residents, 'resident')}."


def notes(summary: Summary) -> tuple[str, ...]:
    """What a reader has to know besides."""
    said = list(_unjudged(summary))
    if regrouped := summary.kinds.get(Kind.REGROUPED, 0):
        said.append(
            f"In {regrouped:,} of these the draft joins or splits episodes; the highest step of each is compared."
        )
    if summary.contradictory:
        said.append(
            f"{counted(summary.contradictory, 'resident')} could not be compared: their entries and decisions"
            " contradict each other, which their pages say."
        )
    return tuple(said)


def _unjudged(summary: Summary) -> Iterator[str]:
    """What one side could not judge: of that nobody can say whether it would have differed."""
    under_draft = sum(pair.count for pair in summary.pairs if pair.draft == CANNOT_JUDGE)
    if under_draft:
        yield f"The draft could not judge {counted(under_draft, 'episode')}."
    if then := summary.unjudged - under_draft:
        yield f"The policy then could not judge {counted(then, 'episode')} that the draft can."


def rung_label(name: str) -> str:
    """A rung in a word or two, for the heading of a narrow column: "Step 2"."""
    found = rung_step(name)
    if found is None:
        return "Not judged"
    return found.name if name == CASE_CONFERENCE else f"Step {found.number}"


def rung_words(name: str) -> str:
    """A rung as a heading: "Step 2: first written warning"."""
    found = rung_step(name)
    return "Cannot be judged" if found is None else f"Step {found.number}: {found.name[0].lower()}{found.name[1:]}"


def rung_step(name: str) -> Step | None:
    """The rung as a step of the ladder; None for what cannot be judged."""
    if name == CANNOT_JUDGE:
        return None
    return words.step(4, CASE_CONFERENCE) if name == CASE_CONFERENCE else words.step(int(name))


def address(name: str, choice: Choice) -> str:
    """Where the differences of a choice are listed; `name` is the rehearsal's id."""
    return f"/rehearsals/{name}/differences?{query(choice)}"


def query(choice: Choice) -> str:
    """A choice as the query of an address; empty for all."""
    return urlencode({key: value for key, value in msgspec.structs.asdict(choice).items() if value is not None})


def counted(count: int, what: str) -> str:
    """A number of things: "1 resident", "2,000 residents"."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"
