"""The pages that a person's duties give them, in the order they need them."""

import msgspec

from ap_log.domain.people import Actor
from ap_log.domain.permissions import Permission, may


class Item(msgspec.Struct, frozen=True):
    """One link of the navigation; `is_current` when the page shown is this one or lies below it.

    `count` is how many things there need a person, where that is said.
    """

    words: str
    href: str
    is_current: bool
    count: int = 0


PHONES = "/devices"

_PAGES = (
    (Permission.LOG_ENTRIES, "Log", "/app"),
    (Permission.REVIEW_QUEUE, "Queue", "/queue"),
    (Permission.VIEW_RESIDENTS, "Residents", "/residents"),
    (Permission.ANSWER_NOTICES, "Notices", "/notices"),
    (Permission.VIEW_POLICY, "Policy", "/policies"),
    (Permission.MANAGE_PHONES, "Phones", PHONES),
    (Permission.ADMINISTER_PEOPLE, "People", "/people"),
)

_ALSO_BELOW = {"/queue": ("/held-entries",), "/policies": ("/policy-drafts", "/rehearsals", "/consistency")}
"""Pages that are reached from one of these and have addresses of their own."""

_SHELL_PAGES = (
    ("Log", "/app", ("/app", "/app/log")),
    ("On this phone", "/app/outbox", ("/app/outbox", "/app/phone")),
    ("Residents", "/residents", ()),
)


def navigation_for(actor: Actor | None, path: str, phones: int = 0) -> tuple[Item, ...]:
    """The links for a signed-in person; none for anybody else. `phones` is how many phones need them."""
    if actor is None:
        return ()
    counts = {PHONES: phones}
    return tuple(
        _item(words, href, path, counts.get(href, 0)) for permission, words, href in _PAGES if may(actor, permission)
    )


def shell_navigation(path: str) -> tuple[Item, ...]:
    """The links of the phone's static pages, which are the same for everybody."""
    return tuple(Item(words, href, is_current=path in pages) for words, href, pages in _SHELL_PAGES)


def _item(words: str, href: str, path: str, count: int) -> Item:
    below = (href, *_ALSO_BELOW.get(href, ()))
    is_current = any(path == page or path.startswith(f"{page}/") for page in below)
    return Item(words, href, is_current, count)
