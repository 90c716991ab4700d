"""Refusals of what phones bring: of seals and photos, and of what is decided about entries that came another way."""

from .errors import Refusal


class UnknownAuthor(Refusal):
    """The record says that somebody wrote it whom AP Log does not know."""

    code = "unknown-author"
    title = "AP Log does not know who wrote this entry"
    way_on = "It stays on this phone. Show it to your manager."


class SealBroken(Refusal):
    """A sealed entry or photo that does not open: damaged, or sealed as something else."""

    code = "seal-broken"
    title = "What this phone sealed could not be opened"
    way_on = "It stays on this phone. Try again, and if it goes on show it to your manager and log it once more."


class UnknownSealingKey(SealBroken):
    """Sealed to a key that this server does not have: another server's, or one that was lost."""

    code = "unknown-sealing-key"
    title = "This was sealed for another key than AP Log has"
    way_on = "It stays on this phone. Tell your manager: whoever runs AP Log may be able to bring the key back."


class OtherBytes(Refusal):
    """All of a photo came, and it is not the one that its entry declares. What came is kept."""

    code = "other-bytes"
    title = "This is not the photo that its entry has"
    way_on = "It stays on this phone. Try again, and if it goes on show it to your manager."


class AlreadyConfirmed(Refusal):
    code = "already-confirmed"
    title = "You have already said that you wrote this entry"
    way_on = "If that was a mistake, tell your manager. What is wrong with it can be logged as another entry."


class AlreadyDisowned(Refusal):
    code = "already-disowned"
    title = "You have already said that you did not write this entry"
    way_on = "It counts for nothing. If you have more to say about it, tell your manager."


class HeldDecided(Refusal):
    """A held entry that was taken into the log or set aside before."""

    code = "held-decided"
    title = "This entry has already been dealt with"
    way_on = "Read below who decided, what, and why. What you wrote was not saved."
