"""The phrases a policy is described with: codes with their words, times, people told, and lists of any length."""

from collections.abc import Iterable

from ap_log.domain.policy.words import code_words, listed, mid_sentence, step_words, stream_words, term_words

_PEOPLE = {
    "key-worker": "key workers",
    "probation-practitioner": "probation practitioners",
    "senior-probation-officer": "senior probation officers",
    "area-manager": "area managers",
    "on-duty-manager": "on-duty managers",
    "manager": "managers",
    "deputy": "deputies",
}

_ANSWERS = {
    "seen": "to confirm that they have read it",
    "comment": "for a plan or comment",
    "decision": "for a decision with a reason",
}


def code_label(code: str) -> str:
    """Such as "SUB-2 (strongly suspected use)"; an area's own code has no other name than itself."""
    words = code_words(code).strip("“”")  # in brackets commas tear nothing apart
    return code if words == code else f"{code} ({mid_sentence(words)})"


def code_labels(codes: Iterable[str]) -> str:
    return listing([code_label(code) for code in codes])


def stream_labels(streams: Iterable[str]) -> str:
    return listing([stream_words(stream) for stream in streams])


def term_label(term: str) -> str:
    """The words of an aggravator or mitigator, in quotation marks."""
    return f"“{term_words(term)}”"


def term_labels(terms: Iterable[str]) -> str:
    return listing([term_label(term) for term in terms])


def people(duty: str) -> str:
    """Everybody who holds a duty, such as "key workers"; an area's own duty is said as it is spelt."""
    return _PEOPLE.get(duty, f"“{duty}”")


def people_listed(duties: Iterable[str]) -> str:
    return listing([people(duty) for duty in duties], "nobody")


def people_in_turn(duties: Iterable[str]) -> str:
    """Such as "deputies, then area managers"."""
    return ", then ".join(people(duty) for duty in duties) or "nobody"


def answer_asked(answer: str) -> str:
    """As it follows "they are asked"."""
    return _ANSWERS[answer]


def in_time(within: str) -> str:
    """Such as "within 2 working days", "on the same day" or "by 12:00 on the next working day"."""
    number, _, unit = within.partition(" ")
    if number == "same-day":
        return "on the same day"
    if number == "next-working-day":
        return f"by {unit} on the next working day"
    return f"within {number} {unit.replace('-', ' ')}"


def opening(words: str) -> str:
    """Words as they begin a sentence."""
    return words[:1].upper() + words[1:]


def aside(step: int) -> str:
    """A step as it stands inside a sentence: "step 1, verbal warning,"."""
    return f"{step_words(step)},"


def listing(words: list[str], nothing: str = "none") -> str:
    """Such as "substances, conduct and residence"; `nothing` when there are none."""
    return listed(words) if words else nothing
