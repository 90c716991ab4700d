"""What a browser would send of a page's form, if nothing or only some fields of it were changed."""

from collections.abc import Mapping
from html.parser import HTMLParser
from urllib.parse import urlencode

from httpx2 import AsyncClient, Response

from ap_log.domain.policy_drafts import Draft

Fields = list[tuple[str, str]]
ADDING = "?add=yes"


class _Reader(HTMLParser):
    """Collects the fields of the form at `action`, in the order of the page."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.fields: Fields = []
        self._action = action
        self._is_within = False
        self._select: str | None = None
        self._chosen: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._is_within = given.get("action") == self._action
        elif tag == "select":
            self._select, self._chosen = given["name"], None
        elif tag == "option":
            self._chosen = given["value"] if "selected" in given or self._chosen is None else self._chosen
        elif tag == "input" and self._is_within and (given["type"] != "checkbox" or "checked" in given):
            self.fields.append((given["name"], given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_within = False
        elif tag == "select" and self._select is not None and self._is_within:
            self.fields.append((self._select, self._chosen or ""))


def address_of(draft: Draft, chapter: str) -> str:
    """Where a chapter of a draft is read and saved."""
    return f"/policy-drafts/{draft.id}/sections/{chapter}"


def fields_of(page: str, action: str) -> Fields:
    """The fields of the page's form as they stand."""
    reader = _Reader(action)
    reader.feed(page)
    assert reader.fields, f"no form for {action}"
    return reader.fields


def changed(fields: Fields, changes: Mapping[str, str | list[str]]) -> Fields:
    """The fields with others in place of those named; a list stands for boxes that are ticked."""
    kept = [(name, value) for name, value in fields if name not in changes]
    for name, value in changes.items():
        kept += [(name, each) for each in ([value] if isinstance(value, str) else value)]
    return kept


async def send(browser: AsyncClient, address: str, fields: Fields) -> Response:
    """Post the fields as a form."""
    form = {"content-type": "application/x-www-form-urlencoded"}
    return await browser.post(address, content=urlencode(fields), headers=form)


async def fill_in(
    browser: AsyncClient, address: str, changes: Mapping[str, str | list[str]], *, query: str = ""
) -> Response:
    """Open the page at an address, change some of its fields, and send it. With ADDING it has an empty rule."""
    page = await browser.get(address + query)
    return await send(browser, address, changed(fields_of(page.text, address), changes))
