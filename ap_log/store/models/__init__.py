"""The tables, a module for each subject. Only `store/` sees them.

The log's own tables (entries, decisions, voids, withdrawals, answers, audit) are only ever added to; columns that are
set later (`superseded_at`, `sent_at`, …) say what became of a row and never change what it said.
Ids made by us or by a phone are UUIDs as text, the same text on every border.
The first line of a table's docstring becomes its comment in the database, and Tortoise splits that at semicolons.
"""

from ap_log.store.models.columns import new_id
from ap_log.store.models.decisions import Decision, KeptDecision, Recommendation, Void, Withdrawal
from ap_log.store.models.devices import Device, DeviceItem, DevicePerson, PhoneReminder
from ap_log.store.models.installation import AuditRecord, Installation
from ap_log.store.models.log import Entry, HeldEntry, Premises, Resident
from ap_log.store.models.notices import Notice, NoticeAnswer, OutboxMessage
from ap_log.store.models.people import Challenge, Invitation, Passkey, Person, Posting, Session
from ap_log.store.models.photos import Photo, PhotoPiece
from ap_log.store.models.policies import PolicyDraft, PolicyReading, PolicyVersion, Rehearsal, RehearsalDifference

__all__ = [
    "AuditRecord",
    "Challenge",
    "Decision",
    "Device",
    "DeviceItem",
    "DevicePerson",
    "Entry",
    "HeldEntry",
    "Installation",
    "Invitation",
    "KeptDecision",
    "Notice",
    "NoticeAnswer",
    "OutboxMessage",
    "Passkey",
    "Person",
    "PhoneReminder",
    "Photo",
    "PhotoPiece",
    "PolicyDraft",
    "PolicyReading",
    "PolicyVersion",
    "Posting",
    "Premises",
    "Recommendation",
    "Rehearsal",
    "RehearsalDifference",
    "Resident",
    "Session",
    "Void",
    "Withdrawal",
    "new_id",
]
