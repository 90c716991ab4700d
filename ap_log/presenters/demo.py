"""The demo's pages: who may be tried out and what to try first, and the mail that has arrived."""

import re
from collections.abc import Iterable
from datetime import datetime

import msgspec

from ap_log.domain.people import ROLE_NAMES, Role
from ap_log.presenters.times import Moment, moment

EMAIL_DOMAIN = "example.invalid"
"""A domain that can never receive mail (RFC 2606): the demo's messages could not leave it if they tried."""

NEWCOMER = "mair"
"""Whoever shows how one signs in for the first time: the part of their address before the @."""

_LINK = re.compile(r"https?://[^\s<>\"]+")

_GUIDES: dict[str, str] = {
    "asha": "Log what you found in the corridor: tap Log and pick room 7.",
    "ben": "Decide what waits in your queue. The most urgent is at the top.",
    "dev": "Answer what waits for you. One notice asks for your decision.",
    "rob": "Decide beside Ben, and see what comes to you when he does not.",
    "nia": "See the queues of both houses in one list, and what came in the night.",
    "joseph": "The second night worker: see what Asha logged, and add to it.",
    "chika": "Look for anybody at Elm House: she sees nothing of it.",
    "owen": "Decide what waits at Oak House.",
    "bethan": "The second night worker at Oak House.",
    "sian": "See the cases of her officers, and what she was told of.",
    "tom": "See what came to him because somebody else did not answer.",
    "hannah": "The officer of the residents that Dev and Tom do not have.",
    "farah": "See both houses, and the decisions that left the policy by two steps.",
    "grace": "Invite a new colleague. She sees no resident.",
    "esther": "She left last week. Try: AP Log no longer lets her in.",
}

_GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Start with these three", ("asha", "ben", "dev")),
    ("Elm House", ("rob", "joseph", "esther")),
    ("Oak House", ("owen", "chika", "bethan")),
    ("Both houses", ("nia", "farah", "grace")),
    ("Probation", ("tom", "hannah", "sian")),
)


class Letter(msgspec.Struct, frozen=True):
    """One message in the demo's mailbox, as it came; `key` stands for it in addresses."""

    key: str
    to: str
    subject: str
    at: datetime
    text: str


class Part(msgspec.Struct, frozen=True):
    """A stretch of a letter: words, or a link."""

    words: str
    is_link: bool = False


class LetterRow(msgspec.Struct, frozen=True):
    """A letter for a page. `lines` are its text, empty in the list."""

    key: str
    to: str
    subject: str
    arrived: Moment
    lines: tuple[tuple[Part, ...], ...] = ()


class Face(msgspec.Struct, frozen=True):
    """Somebody of the cast as the database has them. `duties` are roles with the house each is held at, or None."""

    id: str
    name: str
    email: str
    duties: tuple[tuple[Role, str | None], ...]


class Card(msgspec.Struct, frozen=True):
    """One tap that signs in as somebody."""

    person: str
    name: str
    duties: str
    guide: str


class Group(msgspec.Struct, frozen=True):
    """The cards under one heading."""

    heading: str
    cards: tuple[Card, ...]


def groups_of(faces: Iterable[Face]) -> tuple[Group, ...]:
    """The cast in the order to try them; people the demo did not come with have no card."""
    known = {face.email.removesuffix(f"@{EMAIL_DOMAIN}"): face for face in faces}
    made = (Group(heading, tuple(_card(known[key], key) for key in keys if key in known)) for heading, keys in _GROUPS)
    return tuple(group for group in made if group.cards)


def _card(face: Face, key: str) -> Card:
    return Card(face.id, face.name, _duties(face), _GUIDES[key])


def _duties(face: Face) -> str:
    """Their duties as one says them: "Manager, Elm House"."""
    roles = tuple(dict.fromkeys(ROLE_NAMES[role] for role, _ in face.duties))
    places = sorted({place for _, place in face.duties if place is not None})
    return ", ".join((*roles, " and ".join(places)) if places else roles) or "No longer works here"


def letter_row(letter: Letter, now: datetime) -> LetterRow:
    """A letter in the list."""
    return LetterRow(letter.key, letter.to, letter.subject, moment(letter.at, now))


def letter_page(letter: Letter, now: datetime) -> LetterRow:
    """A letter to be read, its addresses made into links."""
    lines = tuple(_parts(line) for line in letter.text.strip().splitlines())
    return LetterRow(letter.key, letter.to, letter.subject, moment(letter.at, now), lines)


def _parts(line: str) -> tuple[Part, ...]:
    parts, end = [], 0
    for found in _LINK.finditer(line):
        parts += [Part(line[end : found.start()]), Part(found.group(), is_link=True)]
        end = found.end()
    return tuple(part for part in (*parts, Part(line[end:])) if part.words)
