"""What the editor says on the page that follows a change, which names it in `?saved=`."""

from ap_log.domain.policy.describe import TITLES

EXAMPLE = "example"
EXAMPLE_REMOVED = "example-removed"
DISCARDED = "discarded"
WITHDRAWN = "withdrawn"

_WORDS = {
    **{chapter: f"“{title}” saved" for chapter, title in TITLES.items()},
    EXAMPLE: "Example saved",
    EXAMPLE_REMOVED: "Example removed",
    DISCARDED: "Draft discarded",
    WITHDRAWN: "Version withdrawn",
}


def saved_words(what: str) -> str | None:
    """Such as "“Times” saved"; None for what is no change of ours."""
    return _WORDS.get(what)
