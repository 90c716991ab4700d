"""The grounds of a recommendation in plain English. `in_welsh` says the same, sentence for sentence."""

from collections.abc import Iterable

from ap_log.domain.policy import grounds
from ap_log.domain.policy.grounds import Active, Said, When, said
from ap_log.domain.policy.rules import Outcome
from ap_log.domain.policy.words import (
    STATUS_WORDS,
    STEP_NAMES,
    code_words,
    count_words,
    day_words,
    listed,
    mid_sentence,
    step_words,
    stream_words,
    term_words,
    time_words,
)

NOTHING_FIRM = "Nothing here or behind an active warning is firm enough to put to the officer"
CASE_CONFERENCE = "case conference"


class English:
    """A `grounds.Voice`."""

    def starts(self, ground: grounds.Starts) -> Said:
        what = code_words(ground.code)
        return Said(f"{what} starts at {step_words(ground.step)}.", mid_sentence(what))

    def repeated(self, ground: grounds.Repeated) -> Said:
        times = f"{count_words(ground.count, 'time')} within {count_words(ground.days, 'day')}"
        what = f"{code_words(ground.code)} {times}"
        return Said(f"{what} starts at {step_words(ground.step)}.", mid_sentence(what))

    def help_sought(self, ground: grounds.HelpSought) -> Said:
        what = mid_sentence(code_words(ground.code))
        return Said(f"Help was asked for, so {what} stays at {step_words(0)}.", "help was asked for")

    def climbs(self, ground: grounds.Climbs) -> Said:
        active = _active(ground.warning)
        if ground.step is None:
            return Said(f"{active}, but what starts at {step_words(0)} does not climb.")
        return Said(f"{active}, so this {_climbs(ground.step, ground.is_higher)}.", mid_sentence(active))

    def final_warning(self, ground: grounds.FinalWarning) -> Said:
        active = _active(ground.warning)
        across = f"Final warnings count across {listed([stream_words(stream) for stream in ground.streams])}"
        return Said(f"{active}. {across}, so this {_climbs(ground.step, ground.is_higher)}.", mid_sentence(active))

    def low_capped(self, ground: grounds.LowCapped) -> Said:
        what = code_words(ground.code)
        most = f"{step_words(ground.step)} at most"
        return Said(f"{what} climbs to {most}.", f"{mid_sentence(what)} climbs no higher")

    def aggravated(self, ground: grounds.Aggravated) -> Said:
        terms = _terms(ground.terms)
        return Said(f"{terms}: that raises it to {step_words(ground.step)}.", mid_sentence(terms))

    def capped(self, ground: grounds.Capped) -> Said:
        never = f"{stream_words(ground.stream)} never goes above"
        sentence = f"{never} {step_words(ground.step)}."
        return Said(sentence[:1].upper() + sentence[1:], f"{never} this")

    def together(self, ground: grounds.Together) -> Said:
        hours, what = count_words(ground.hours, "hour"), mid_sentence(code_words(ground.code))
        return Said(f"{ground.entries} entries within {hours} are one episode; {what} calls for the most.")

    def mitigated(self, ground: grounds.Mitigated) -> Said:
        step = step_words(ground.step)
        return Said(f"{_terms(ground.terms)}: you may reduce this to {step}, with a reason.")

    def firm(self, ground: grounds.Firm) -> Said:
        return Said(f"{code_words(ground.code)} on {_day(ground.day)} is firm enough to put to the officer.")

    def nothing_firm(self, ground: grounds.NothingFirm) -> Said:
        return Said(f"{NOTHING_FIRM}: hold a case conference.", mid_sentence(NOTHING_FIRM))

    def leads(self, ground: grounds.Leads) -> Said:
        status, way = STATUS_WORDS[ground.legal_status], mid_sentence(term_words(ground.route))
        return Said(f"For a resident on {status} the way is {way}. A person decides.")

    def not_fit(self, ground: grounds.NotFit) -> Said:
        return Said(
            f"Do not give a warning before {_time(ground.fit_at)}: they were under the influence at "
            f"{_time(ground.seen_at)}, and {count_words(ground.hours, 'hour')} must pass."
        )

    def reopened(self, ground: grounds.Reopened) -> Said:
        return Said("Look again: a warning this step was built on has been made void since.")

    def headline(self, ground: grounds.Headline) -> Said:
        name = CASE_CONFERENCE if ground.outcome is Outcome.CASE_CONFERENCE else STEP_NAMES[ground.step]
        return Said(f"Step {ground.step}, {name}: {said(ground.decided_by, self).cause}.")


def _active(warning: Active) -> str:
    name, stream = STEP_NAMES[warning.step], stream_words(warning.stream)
    return f"A {name} for {stream} from {_day(warning.issued)} is active until {_day(warning.expires)}"


def _climbs(step: int, is_higher: bool) -> str:
    words = f"climbs to {step_words(step)}"
    return words if is_higher else f"{words}, which is no higher than where it starts"


def _terms(terms: Iterable[str]) -> str:
    return listed([term_words(term) for term in terms])


def _day(when: When) -> str:
    return day_words(when.at, when.zone, when.year)


def _time(when: When) -> str:
    return time_words(when.at, when.zone, when.year)
