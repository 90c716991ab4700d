"""What has become of the phones of Elm House: entries that came in other people's hands, and phones that need somebody.

Chika stood in at Elm for a night, so what she logged there is held for Ben. Joseph's entry went out while Asha was
signed in. One phone has lost an entry of Rob's, one lies in a drawer with two of Joseph's, and Esther's was wiped.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from ap_log.actions.log_entries import log_entries
from ap_log.actions.report_phone import report_phone
from ap_log.actions.revoke_device import revoke_device
from ap_log.actions.share_device import share_device
from ap_log.demo.agenda import Act, Agenda
from ap_log.demo.cast import Company
from ap_log.demo.moments import Logged, ago, last
from ap_log.demo.pushing import id_of, pushed_entry
from ap_log.domain.devices import Holding, PhoneReport
from ap_log.domain.errors import Refusal
from ap_log.domain.sync import Problem, Push
from ap_log.store.sessions import Found

_HELD = Logged(
    "Nathan Hargreave",
    last("23:50", at_least=timedelta(hours=6)),
    "late-30",
    "chika",
    "I stood in here last night. Back at ten to twelve, out of breath, sober. Bus again.",
    after=timedelta(hours=2),
)

_BROUGHT = Logged(
    "Callum Reith",
    ago(hours=14),
    "safeguarding",
    "joseph",
    "Has not left his room since the telephone call with his mother. Ate nothing.",
    after=timedelta(hours=12),
)


@dataclass(frozen=True)
class _Said:
    """What a phone said of itself, and whose hand it was in. `holds`: how old each unsent entry of theirs was."""

    phone: str
    ago: timedelta
    by: str
    holds: tuple[timedelta, ...] = ()
    people: tuple[str, ...] = ()
    wiped: tuple[str, ...] = ()
    is_persisted: bool = True
    is_signed_in: bool = True


_OFFICE, _DRAWER, _ESTHERS = "office", "drawer", "esther"
_EVENING, _LATER = timedelta(days=6, hours=3), timedelta(days=6, hours=1)

_SAID = (
    _Said(_ESTHERS, timedelta(days=9), "esther", people=("esther",)),
    _Said(_ESTHERS, timedelta(days=6, hours=20), "esther", wiped=("esther",), is_signed_in=False),
    _Said(_DRAWER, timedelta(days=6), "joseph", (_EVENING, _LATER), people=("joseph",), is_persisted=False),
    _Said(_OFFICE, timedelta(days=2, hours=9), "rob", (timedelta(days=2, hours=10),), people=("asha", "rob")),
    _Said(_OFFICE, timedelta(days=1, hours=2), "rob", people=("asha", "rob")),
    _Said(_OFFICE, timedelta(hours=2), "asha", people=("asha", "rob", "joseph")),
)

_WIPED_AGO, _SHARED_AGO = timedelta(days=6, hours=22), timedelta(days=2)


def plan_phone_work(agenda: Agenda, company: Company, residents: dict[str, str]) -> None:
    """Put it on the agenda. `residents` are ids by name."""
    ben, now = company.actors["ben"], agenda.now
    for logged, courier in ((_HELD, "chika"), (_BROUGHT, "asha")):
        agenda.plan(logged.when(now) + logged.after, _bring(agenda, company, residents, logged, courier))
    for said in _SAID:
        agenda.plan(now - said.ago, _say(company, said, now))

    async def wipe(at: datetime) -> None:
        await revoke_device(id_of(_ESTHERS), ben, at)

    async def share(at: datetime) -> None:
        await share_device(id_of(_OFFICE), ben, at, is_shared=True)

    agenda.plan(now - _WIPED_AGO, wipe)
    agenda.plan(now - _SHARED_AGO, share)


def _bring(agenda: Agenda, company: Company, residents: dict[str, str], logged: Logged, courier: str) -> Act:
    author, resident = company.actors[logged.author], residents[logged.resident]
    saved = logged.when(agenda.now) + timedelta(minutes=6)

    async def act(at: datetime) -> None:
        pushed = pushed_entry(agenda.new_id(), logged, author, resident, agenda.now, saved)
        await log_entries(Push((pushed,), at), company.actors[courier], at, _never)

    return act


def _say(company: Company, said: _Said, now: datetime) -> Act:
    person = company.actors[said.by]

    async def act(at: datetime) -> None:
        report = PhoneReport(
            device=id_of(said.phone),
            token=sha256(said.phone.encode()).hexdigest(),
            build="demo",
            holds=tuple(_holding(said.phone, person.id, now - before) for before in said.holds),
            people=tuple(company.actors[each].id for each in said.people),
            wiped=tuple(company.actors[each].id for each in said.wiped),
            is_persisted=said.is_persisted,
            can_lock=True,
        )
        await report_phone(report, Found("", at, person) if said.is_signed_in else None, at)

    return act


def _holding(phone: str, author: str, saved: datetime) -> Holding:
    """An unsent entry of which nobody will ever know the words."""
    name = f"{phone} {saved.isoformat()}"
    return Holding(id_of(name), sha256(name.encode()).hexdigest(), author, saved)


def _never(refusal: Refusal) -> Problem:
    raise refusal
