"""The words of `words` in Welsh, with the same keys: steps, streams, codes, terms, statuses, months, counts, keys.

What stands alone or after "ar gyfer", "ym maes" or a colon needs no mutation, so the sentences of `in_welsh` put words
there. An area's own codes, streams and terms are said as they are spelt, as in English.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from ap_log.domain.policy.words import quoted, said_key

STEP_NAMES: tuple[str, ...] = (
    "cymorth",
    "rhybudd llafar",
    "rhybudd ysgrifenedig cyntaf",
    "rhybudd ysgrifenedig terfynol",
    "i’r swyddog prawf ei ystyried",
    "perygl uniongyrchol neu leoliad anhysbys",
)

# As they follow "ym maes".
STREAM_NAMES = {
    "SUB": "sylweddau",
    "CON": "ymddygiad",
    "RES": "preswylio",
    "CHG": "taliadau",
    "ENG": "ymgysylltu",
    "MED": "iechyd",
    "SAF": "diogelu",
}

STATUS_WORDS = {
    "licence": "trwydded",
    "community-order": "gorchymyn cymunedol",
    "suspended-sentence-order": "gorchymyn dedfryd ohiriedig",
    "bail": "mechnïaeth",
    "post-sentence-supervision": "goruchwyliaeth ar ôl dedfryd",
}

MONTHS = (
    "Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin",
    "Gorffennaf", "Awst", "Medi", "Hydref", "Tachwedd", "Rhagfyr",
)  # fmt: skip

CODE_WORDS = {
    "SUB-1": "Amheuaeth o ddefnyddio",
    "SUB-2": "Amheuaeth gref o ddefnyddio",
    "SUB-3": "Defnydd wedi’i gadarnhau",
    "SUB-4": "Cyffur ar y person neu yn yr ystafell",
    "SUB-5": "Gwrthod prawf neu ymyrryd ag ef",
    "SUB-6": "Dod o hyd i bibell, ffoil, nodwydd neu offer arall",
    "SUB-7": "Dod ag alcohol i mewn, neu ei yfed",
    "SUB-8": "Cyflenwi, cryn swm o gyffuriau, neu offer delio",
    "SUB-9": "Camddefnyddio meddyginiaeth, ei chuddio neu ei rhoi i rywun arall",
    "CON-1": "Ymddygiad aflonyddgar neu ddifrïol",
    "CON-2": "Bygythiad neu ymddygiad ymosodol, heb gyffwrdd",
    "CON-3": "Ymosodiad, arf, llosgi bwriadol neu ddigwyddiad rhywiol",
    "CON-4": "Bwlio, dyled neu bwysau ar breswylydd",
    "CON-5": "Gwrthod chwiliad neu ei rwystro",
    "RES-1": "Hwyr, hyd at 30 munud",
    "RES-2": "Hwyr, dros 30 munud, yn ôl o fewn 2 awr",
    "RES-3": "Hwyr, 2 awr neu fwy, a daeth yn ôl",
    "RES-4": "Heb ddychwelyd erbyn 06:00, neu leoliad anhysbys",
    "RES-5": "Peidio â llofnodi 2 waith mewn 7 diwrnod",
    "RES-6": "Peidio â llofnodi 4 gwaith mewn 14 diwrnod",
    "RES-7": "Gwestai neu ystafell heb ganiatâd",
    "RES-8": "Ymyrryd â larwm, teledu cylch cyfyng neu ddrws",
    "CHG-1": "Taliadau 2 wythnos yn hwyr, heb gynllun",
    "CHG-2": "Taliadau 4 wythnos yn hwyr, heb gynllun",
    "ENG-1": "Colli 2 apwyntiad cymorth mewn 21 diwrnod",
    "ENG-2": "Colli 2 apwyntiad cymorth mewn 21 diwrnod, sy’n ofynnol dan drwydded neu orchymyn",
    "MED-1": "Argyfwng meddygol",
    "SAF-1": "Pryder diogelu",
}

TERMS = {
    "victim-staff": "Aelod o staff oedd y dioddefwr",
    "victim-roommate": "Y person sy’n rhannu’r ystafell oedd y dioddefwr",
    "debt-or-bullying-of-resident": "Roedd dyled neu fwlio preswylydd yn rhan o hyn",
    "repeat-intoxicated-aggression": "Ymddygiad ymosodol dan ddylanwad unwaith eto",
    "told-staff-first": "Dywedodd y preswylydd wrth staff yn gyntaf",
    "attended-treatment-7-days": "Aeth y preswylydd i driniaeth yn y 7 diwrnod diwethaf",
    "recall-consideration": "Ystyried galw yn ôl i’r carchar",
    "breach-consideration": "Ystyried achos torri amodau",
    "bail-breach-report": "Adroddiad ar dorri amodau mechnïaeth",
    "placement-review": "Adolygu’r lleoliad",
}

_KEYS = (
    (r"base\..+", "Y cam cychwyn"),
    (r"repeat (\d+)\.base", r"Rheol ailadrodd \1: y cam cychwyn"),
    (r"repeat (\d+)\.count", r"Rheol ailadrodd \1: sawl gwaith"),
    (r"repeat (\d+)\.days", r"Rheol ailadrodd \1: o fewn sawl diwrnod"),
    (r"warning_days\.1", "Nifer y diwrnodau y mae rhybudd llafar mewn grym"),
    (r"warning_days\.2", "Nifer y diwrnodau y mae rhybudd ysgrifenedig cyntaf mewn grym"),
    (r"warning_days\.3", "Nifer y diwrnodau y mae rhybudd ysgrifenedig terfynol mewn grym"),
    (r"climb\.final_crosses", "Y meysydd lle mae rhybuddion terfynol yn cyfrif dros ei gilydd"),
    (r"climb\.low_cap\.max", "Y cam uchaf posibl wrth ddringo"),
    (r"cap\..+", "Y cam uchaf posibl yn y maes"),
    (r"aggravator\.add", "Nifer y camau y mae ffactor gwaethygu yn eu hychwanegu"),
    (r"aggravator\.max", "Y cam uchaf posibl ar ôl ychwanegu"),
    (r"mitigator\.subtract", "Nifer y camau y caiff ffactor lliniaru eu tynnu"),
    (r"help_seeking\.streams", "Y meysydd lle mae gofyn am gymorth yn cadw’r mater ar gam 0"),
    (r"evidence_guard\.step", "Y cam y mae angen tystiolaeth gadarn ar ei gyfer"),
    (r"evidence_guard\.any_of", "Yr hyn sy’n cyfrif fel tystiolaeth gadarn"),
    (r"episode_window_hours", "Nifer yr oriau pan fydd cofnodion yn cyfrif fel un digwyddiad"),
    (r"fit_to_warn_hours", "Nifer yr oriau sydd i fynd heibio cyn rhoi rhybudd"),
    (r"routes\..+", "Y llwybr ar gyfer y statws cyfreithiol"),
)


def step_words(step: int) -> str:
    """Such as "cam 1, rhybudd llafar"."""
    return f"cam {step}, {STEP_NAMES[step]}"


def soft_step_words(step: int) -> str:
    """The same after "i" and "ar": "gam 1, rhybudd llafar"."""
    return f"gam {step}, {STEP_NAMES[step]}"


def stream_words(stream: str) -> str:
    return STREAM_NAMES.get(stream, stream)


def code_words(code: str) -> str:
    return quoted(CODE_WORDS.get(code, code))


def term_words(term: str) -> str:
    return TERMS.get(term, term.replace("-", " ").capitalize())


def key_words(key: str) -> str:
    return said_key(key, _KEYS)


def day_words(at: datetime, zone: ZoneInfo, year: int) -> str:
    """Such as "3 Mawrth", with its year if that is not `year`."""
    local = at.astimezone(zone)
    day = f"{local.day} {MONTHS[local.month - 1]}"
    return day if local.year == year else f"{day} {local.year}"


def time_words(at: datetime, zone: ZoneInfo, year: int) -> str:
    """Such as "02:00 ar 11 Mawrth"."""
    return f"{at.astimezone(zone):%H:%M} ar {day_words(at, zone, year)}"


def times_words(number: int) -> str:
    """How often: "2 waith", "3 gwaith"; above ten "o" and the plural, which is right after any number."""
    if number <= 2:
        return f"{number} waith"
    return f"{number} gwaith" if number <= 10 else f"{number} o weithiau"


def days_words(number: int) -> str:
    """Such as "14 diwrnod"; only two softens it."""
    return f"{number} ddiwrnod" if number == 2 else f"{number} diwrnod"


def hours_words(number: int) -> str:
    """Such as "6 awr"."""
    return f"{number} awr"


def entries_words(number: int) -> str:
    """Such as "2 o gofnodion"."""
    return f"{number} o gofnodion"
