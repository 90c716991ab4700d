"""The grounds of a recommendation in plain Welsh, sentence for sentence as `in_english`, with the same figures.

Words from the tables stand where nothing mutates them: after a colon, "yw", "ar gyfer", "ym maes" or a number with "o".
"""

from collections.abc import Iterable

from ap_log.domain.policy import grounds
from ap_log.domain.policy.grounds import Active, Said, When, said
from ap_log.domain.policy.rules import Outcome
from ap_log.domain.policy.welsh_words import (
    STATUS_WORDS,
    STEP_NAMES,
    code_words,
    day_words,
    days_words,
    entries_words,
    hours_words,
    soft_step_words,
    step_words,
    stream_words,
    term_words,
    time_words,
    times_words,
)
from ap_log.domain.policy.words import mid_sentence

NOTHING_FIRM = "Nid oes dim yma, na thu ôl i rybudd sydd mewn grym, sy’n ddigon cadarn i’w roi gerbron y swyddog prawf"
CASE_CONFERENCE = "cynhadledd achos"


class Welsh:
    """A `grounds.Voice`."""

    def starts(self, ground: grounds.Starts) -> Said:
        what = code_words(ground.code)
        return Said(f"{what}: y man cychwyn yw {step_words(ground.step)}.", mid_sentence(what))

    def repeated(self, ground: grounds.Repeated) -> Said:
        times = f"{times_words(ground.count)} o fewn {days_words(ground.days)}"
        what = f"{code_words(ground.code)}, {times}"
        return Said(f"{what}: y man cychwyn yw {step_words(ground.step)}.", mid_sentence(what))

    def help_sought(self, ground: grounds.HelpSought) -> Said:
        what = mid_sentence(code_words(ground.code))
        sentence = f"Gofynnwyd am gymorth, felly mae hyn yn aros ar {soft_step_words(0)}: {what}."
        return Said(sentence, "gofynnwyd am gymorth")

    def climbs(self, ground: grounds.Climbs) -> Said:
        active = _active(ground.warning)
        if ground.step is None:
            return Said(f"{active}, ond nid yw’r hyn sy’n dechrau ar {soft_step_words(0)}, yn dringo.")
        return Said(f"{active}, felly {_climbs(ground.step, ground.is_higher)}.", mid_sentence(active))

    def final_warning(self, ground: grounds.FinalWarning) -> Said:
        active = _active(ground.warning)
        streams = ", ".join(stream_words(stream) for stream in ground.streams)
        across = f"Mae rhybuddion terfynol yn cyfrif ym mhob un o’r meysydd hyn: {streams}"
        climbs = _climbs(ground.step, ground.is_higher)
        return Said(f"{active}. {across}. Felly {climbs}.", mid_sentence(active))

    def low_capped(self, ground: grounds.LowCapped) -> Said:
        what = code_words(ground.code)
        most = f"y cam uchaf posibl wrth ddringo yw {step_words(ground.step)}"
        return Said(f"{what}: {most}.", f"dyna’r cam uchaf posibl wrth ddringo ar gyfer {mid_sentence(what)}")

    def aggravated(self, ground: grounds.Aggravated) -> Said:
        terms = _terms(ground.terms)
        return Said(f"{terms}: mae hynny’n codi’r mater i {soft_step_words(ground.step)}.", mid_sentence(terms))

    def capped(self, ground: grounds.Capped) -> Said:
        field = f"ym maes {stream_words(ground.stream)}"
        sentence = f"Y cam uchaf posibl {field} yw {step_words(ground.step)}."
        return Said(sentence, f"dyna’r cam uchaf posibl {field}")

    def together(self, ground: grounds.Together) -> Said:
        together = f"Mae {entries_words(ground.entries)} o fewn {hours_words(ground.hours)} yn cyfrif fel un digwyddiad"
        return Said(f"{together}; hwn sy’n galw am y cam uchaf: {mid_sentence(code_words(ground.code))}.")

    def mitigated(self, ground: grounds.Mitigated) -> Said:
        step = soft_step_words(ground.step)
        return Said(f"{_terms(ground.terms)}: cewch ostwng hyn i {step}, gyda rheswm.")

    def firm(self, ground: grounds.Firm) -> Said:
        what = f"{code_words(ground.code)} ar {_day(ground.day)}"
        return Said(f"{what}: mae hynny’n ddigon cadarn i’w roi gerbron y swyddog prawf.")

    def nothing_firm(self, ground: grounds.NothingFirm) -> Said:
        return Said(f"{NOTHING_FIRM}: cynhaliwch gynhadledd achos.", mid_sentence(NOTHING_FIRM))

    def leads(self, ground: grounds.Leads) -> Said:
        status, way = STATUS_WORDS[ground.legal_status], mid_sentence(term_words(ground.route))
        return Said(f"Statws cyfreithiol y preswylydd: {status}. Y llwybr yw: {way}. Person sy’n penderfynu.")

    def not_fit(self, ground: grounds.NotFit) -> Said:
        return Said(
            f"Peidiwch â rhoi rhybudd cyn {_time(ground.fit_at)}: roedd y preswylydd dan ddylanwad am "
            f"{_time(ground.seen_at)}, a rhaid i {hours_words(ground.hours)} fynd heibio."
        )

    def reopened(self, ground: grounds.Reopened) -> Said:
        return Said("Edrychwch eto: ers hynny mae rhybudd yr oedd y cam hwn yn seiliedig arno wedi’i wneud yn ddi-rym.")

    def headline(self, ground: grounds.Headline) -> Said:
        name = CASE_CONFERENCE if ground.outcome is Outcome.CASE_CONFERENCE else STEP_NAMES[ground.step]
        return Said(f"Cam {ground.step}, {name}: {said(ground.decided_by, self).cause}.")


def _active(warning: Active) -> str:
    what = f"{STEP_NAMES[warning.step]} ym maes {stream_words(warning.stream)}"
    return f"Mae {what}, a roddwyd ar {_day(warning.issued)}, mewn grym tan {_day(warning.expires)}"


def _climbs(step: int, is_higher: bool) -> str:
    words = f"mae hyn yn dringo i {soft_step_words(step)}"
    return words if is_higher else f"{words}, nad yw’n uwch na’r man cychwyn"


def _terms(terms: Iterable[str]) -> str:
    """Joined by semicolons: "a" and "ac" would change what follows them."""
    first, *rest = [term_words(term) for term in terms]
    return "; ".join([first, *(mid_sentence(words) for words in rest)])


def _day(when: When) -> str:
    return day_words(when.at, when.zone, when.year)


def _time(when: When) -> str:
    return time_words(when.at, when.zone, when.year)
