"""The two languages a recommendation is explained in: their words for the policy, and for the page around them."""

from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

import msgspec

from ap_log.domain.policy import welsh_words, words
from ap_log.domain.policy.describe import TITLES


class Words(Protocol):
    """What `domain/policy/words` and `welsh_words` both hold."""

    STEP_NAMES: tuple[str, ...]
    STATUS_WORDS: dict[str, str]

    def step_words(self, step: int) -> str: ...
    def code_words(self, code: str) -> str: ...
    def term_words(self, term: str) -> str: ...
    def key_words(self, key: str) -> str: ...
    def day_words(self, at: datetime, zone: ZoneInfo, year: int) -> str: ...


class Titles(msgspec.Struct, frozen=True, kw_only=True):
    """The headings and short words of the page. Those with {} are filled in."""

    why: str
    why_not_judged: str
    step: str
    outcome: str
    reasons: str
    rules: str
    chapter: str
    for_checking: str
    rests_on: str
    facts: str
    no_facts: str
    this_episode: str
    before: str
    what: str
    when: str
    code: str
    legal_status: str
    recalled: str
    intoxicated: str
    help_seeking: str
    decision: str
    void: str
    policy: str
    versions: str
    made: str
    at: str
    decided: str
    issued: str
    as_recommended: str
    higher: str
    lower: str
    one_step: str
    steps: str
    nobody: str
    not_called_for: str
    never: str
    in_question: str
    before_this: str
    kept: str
    withdrawn: str
    voided: str
    replaced: str
    successor: str
    back_to_decision: str
    back_to_notice: str
    back_to_record: str
    stands: str
    record: str
    only_english: str


class Language(msgspec.Struct, frozen=True):
    """One language: its tag, its name in itself, its words, titles, and what outcomes and chapters are called."""

    tag: str
    name: str
    words: Words
    titles: Titles
    outcomes: dict[str, str]
    chapters: dict[str, str]


ENGLISH = Language(
    tag="en",
    name="English",
    words=words,
    outcomes={
        "support": "Support",
        "warn": "A warning",
        "consider": "For the officer to consider",
        "case-conference": "Case conference",
        "act-now": "Act now",
        "cannot-judge": "The policy cannot judge this",
    },
    chapters=TITLES,
    titles=Titles(
        why="Why step {} was recommended",
        why_not_judged="Why the policy could not judge this",
        step="Step",
        outcome="What it calls for",
        reasons="Reasons",
        rules="The rule behind this",
        chapter="{}, version {}",
        for_checking="For whoever checks it",
        rests_on="What this rests on",
        facts="The facts used, as they were then",
        no_facts="The facts were not kept with recommendations at that time. The record holds the entries.",
        this_episode="This episode",
        before="Before it",
        what="What",
        when="When",
        code="Code",
        legal_status="Legal status: {}.",
        recalled="Recalled before for aggression under the influence.",
        intoxicated="under the influence",
        help_seeking="asked for help",
        decision="Decision: {}",
        void="The warning was made void",
        policy="Policy version {}",
        versions="Policy versions {}",
        made="Recommended on {}",
        at="{} at {}",
        decided="What a person decided",
        issued="issued {} on {}",
        as_recommended="As the policy recommended.",
        higher="This departs from the recommendation: {} higher.",
        lower="This departs from the recommendation: {} lower.",
        one_step="1 step",
        steps="{} steps",
        nobody="Nobody has decided on this yet.",
        not_called_for="No decision is called for.",
        never="Nobody decided on this before it was replaced.",
        in_question="This recommendation puts an earlier decision in question:",
        before_this="The episode had been decided before this recommendation was made:",
        kept="looked at it again on {} and kept it",
        withdrawn="withdrew this decision on {}",
        voided="declared the warning void on {}",
        replaced="Replaced on {}, because the facts or the decision had changed.",
        successor="The recommendation that took its place",
        back_to_decision="The decision",
        back_to_notice="Notice {}",
        back_to_record="The whole record",
        stands="This recommendation stands.",
        record="This decision on the record",
        only_english="",
    ),
)

WELSH = Language(
    tag="cy",
    name="Cymraeg",
    words=welsh_words,
    outcomes={
        "support": "Cymorth",
        "warn": "Rhybudd",
        "consider": "I’r swyddog prawf ei ystyried",
        "case-conference": "Cynhadledd achos",
        "act-now": "Gweithredu ar unwaith",
        "cannot-judge": "Ni all y polisi farnu hyn",
    },
    chapters={
        "times": "Amseroedd",
        "base": "Lle mae pob digwyddiad yn dechrau",
        "repeat": "Yr hyn sy’n cyfrif am fwy o’i ailadrodd",
        "climb": "Pa mor bell y mae cam yn dringo",
        "raising": "Yr hyn sy’n codi cam, a’r hyn sydd o blaid preswylydd",
        "guard": "Tystiolaeth gadarn, a phenderfyniadau sy’n wahanol",
        "routes": "I ble mae’n mynd o gam 4",
        "notify": "Pwy sy’n cael gwybod",
    },
    titles=Titles(
        why="Pam yr argymhellwyd cam {}",
        why_not_judged="Pam na allai’r polisi farnu hyn",
        step="Cam",
        outcome="Yr hyn sydd ei angen",
        reasons="Rhesymau",
        rules="Y rheol y tu ôl i hyn",
        chapter="{}, fersiwn {}",
        for_checking="I’r sawl sy’n ei wirio",
        rests_on="Sail hyn",
        facts="Y ffeithiau a ddefnyddiwyd, fel yr oeddent ar y pryd",
        no_facts="Nid oedd y ffeithiau’n cael eu cadw gydag argymhellion bryd hynny. Mae’r cofnodion ar y ffeil.",
        this_episode="Y digwyddiad hwn",
        before="Cyn hynny",
        what="Beth",
        when="Pryd",
        code="Cod",
        legal_status="Statws cyfreithiol: {}.",
        recalled="Galwyd y preswylydd yn ôl o’r blaen am ymddygiad ymosodol dan ddylanwad.",
        intoxicated="dan ddylanwad",
        help_seeking="gofynnwyd am gymorth",
        decision="Penderfyniad: {}",
        void="Gwnaed y rhybudd yn ddi-rym",
        policy="Fersiwn {} o’r polisi",
        versions="Fersiynau {} o’r polisi",
        made="Argymhellwyd ar {}",
        at="{} am {}",
        decided="Yr hyn a benderfynwyd gan berson",
        issued="– y penderfyniad oedd {}, ar {}",
        as_recommended="Yn unol ag argymhelliad y polisi.",
        higher="Mae hyn yn wahanol i’r argymhelliad: {} yn uwch.",
        lower="Mae hyn yn wahanol i’r argymhelliad: {} yn is.",
        one_step="1 cam",
        steps="{} o gamau",
        nobody="Nid oes neb wedi penderfynu ar hyn eto.",
        not_called_for="Nid oes angen penderfyniad.",
        never="Ni phenderfynodd neb ar hyn cyn iddo gael ei ddisodli.",
        in_question="Mae’r argymhelliad hwn yn codi cwestiwn am benderfyniad cynharach:",
        before_this="Roedd penderfyniad eisoes wedi’i wneud cyn yr argymhelliad hwn:",
        kept="– edrychwyd eto ar {} a chadwyd y penderfyniad",
        withdrawn="– tynnwyd y penderfyniad hwn yn ôl ar {}",
        voided="– gwnaed y rhybudd yn ddi-rym ar {}",
        replaced="Disodlwyd ar {}, oherwydd bod y ffeithiau neu’r penderfyniad wedi newid.",
        successor="Yr argymhelliad a ddaeth yn ei le",
        back_to_decision="Y penderfyniad",
        back_to_notice="Hysbysiad {}",
        back_to_record="Y ffeil gyfan",
        stands="Mae’r argymhelliad hwn yn sefyll.",
        record="Y penderfyniad hwn ar y ffeil",
        only_english="Gwnaed yr argymhelliad hwn cyn i resymau gael eu cadw yn Gymraeg. Maent yn Saesneg yn unig.",
    ),
)

LANGUAGES = {language.tag: language for language in (ENGLISH, WELSH)}
