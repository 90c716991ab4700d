"""What the administrator's list of people says of each."""

from datetime import datetime

import msgspec

from ap_log.domain.people import ROLE_NAMES
from ap_log.domain.staff import Duty, LastInvitation, StaffMember
from ap_log.presenters import times


class StaffRow(msgspec.Struct, frozen=True):
    """One person on the list, in words. Who has left cannot be invited; who has no passkey has none to lose."""

    id: str
    name: str
    email: str
    duties: tuple[str, ...]
    passkey: str
    last_sign_in: str
    invitation: str
    can_be_invited: bool
    can_lose_passkeys: bool


def staff_row(member: StaffMember, now: datetime) -> StaffRow:
    return StaffRow(
        id=member.id,
        name=member.name,
        email=member.email,
        duties=_duties(member, now),
        passkey={0: "None", 1: "Yes"}.get(member.passkeys, f"Yes, {member.passkeys}"),
        last_sign_in=_said(member.last_sign_in, now) if member.last_sign_in else "Never",
        invitation=_invitation(member.invitation, now),
        can_be_invited=not member.has_left(now),
        can_lose_passkeys=member.passkeys > 0 and not member.has_left(now),
    )


def _duties(member: StaffMember, now: datetime) -> tuple[str, ...]:
    if member.left_at is not None and member.has_left(now):
        return (f"Left {times.day(member.left_at, now)}",)
    return tuple(_duty(duty) for duty in member.duties) or ("No duty now",)


def _duty(duty: Duty) -> str:
    return f"{ROLE_NAMES[duty.role]}, {duty.premises}" if duty.premises else ROLE_NAMES[duty.role]


def _invitation(invitation: LastInvitation | None, now: datetime) -> str:
    if invitation is None:
        return "None"
    if invitation.used_at is not None:
        return f"Used {times.day(invitation.used_at, now)}"
    if invitation.expires_at > now:
        return f"Open until {times.when(invitation.expires_at, now)}"
    return f"Ran out {times.day(invitation.expires_at, now)}"


def _said(at: datetime, now: datetime) -> str:
    words = times.when(at, now)
    return words[:1].upper() + words[1:]
