"""The catalogue of refusals: everything AP Log can say no to, each with words for the person and a way on.

What a refusal means over HTTP is decided in one place, `handlers/errors.py`.
"""

import msgspec


class Fault(msgspec.Struct, frozen=True):
    """One thing wrong with what was sent: the field it is about, and a sentence that says what would be right."""

    field: str
    message: str


class Refusal(Exception):
    """Something AP Log will not do. `code` is stable and meant for programs, `title` and `way_on` for people."""

    code = "refused"
    title = "That could not be done"
    way_on = "Go back and try again."

    def __init__(self, *faults: Fault) -> None:
        super().__init__(self.title, *faults)
        self.faults = faults


class Invalid(Refusal):
    """What was sent has faults; each names its field."""

    code = "invalid"
    title = "There is a problem"
    way_on = "Correct what is named below and send it again. Nothing you wrote is lost."


class NotFound(Refusal):
    """There is no such thing, or it is not for this person to know that there is. The two look the same."""

    code = "not-found"
    title = "Page not found"
    way_on = "Check the address, or start again from the first page."


class NotOnYourList(NotFound):
    """An entry about somebody whom its author may not log about, or who is not there at all."""

    title = "This resident is not on your list"
    way_on = "The entry stays where it is. Show it to your manager."


class NotSignedIn(Refusal):
    code = "not-signed-in"
    title = "Sign in to go on"
    way_on = "Sign in with your passkey. Entries on this phone are kept and are sent after you have signed in."


class NotAllowed(Refusal):
    """The person is signed in, and their duty does not include this."""

    code = "not-allowed"
    title = "You cannot do this"
    way_on = "If this is part of your work, ask your manager to check your duties in AP Log."


class CrossOrigin(Refusal):
    """A change asked for by a page that is not ours."""

    code = "cross-origin"
    title = "This request did not come from AP Log"
    way_on = "Open AP Log itself and try again."


class WrongAddress(Refusal):
    """The request names another address than the one AP Log is set up for."""

    code = "wrong-address"
    title = "AP Log is not at this address"
    way_on = "Use the address your manager gave you."


class TooLarge(Refusal):
    code = "too-large"
    title = "That is more than AP Log can take at once"
    way_on = "Send less at a time. What is on this phone stays on it."


class TooSlow(Refusal):
    code = "too-slow"
    title = "The connection was too slow"
    way_on = "Try again where the signal is better. What is on this phone stays on it."


class TooMany(Refusal):
    code = "too-many"
    title = "Too many tries"
    way_on = "Wait a few minutes and try again."


class WrongMethod(Refusal):
    code = "wrong-method"
    title = "That is not possible here"
    way_on = "Start again from the first page."


class FactsHaveChanged(Refusal):
    """The recommendation this person read has been replaced since they opened the page."""

    code = "facts-have-changed"
    title = "The facts have changed since you opened this page"
    way_on = "Read the new recommendation below and decide again. Your words are kept."


class AlreadyDecided(Refusal):
    """This episode was decided before: by another person, or by the same form with other content."""

    code = "already-decided"
    title = "This has already been decided"
    way_on = "Open the resident's page to see who decided, what, and why."


class AlreadyVoid(Refusal):
    code = "already-void"
    title = "This warning is already void"
    way_on = "Open the resident's page to see who voided it, and why."


class AlreadyWithdrawn(Refusal):
    code = "already-withdrawn"
    title = "This decision has already been withdrawn"
    way_on = "Open the resident's page to see who withdrew it, and why."


class AlreadyAnswered(Refusal):
    code = "already-answered"
    title = "This notice has already been answered"
    way_on = "Open the notice to see the answer."


class DraftChanged(Refusal):
    """Somebody changed the draft of a policy after the form was opened."""

    code = "draft-changed"
    title = "This draft has changed since you opened this page"
    way_on = (
        "What you typed is not saved. Compare it with the draft as it is now, and save again if it is still wanted."
    )


class DraftClosed(Refusal):
    code = "draft-closed"
    title = "This draft can no longer be changed"
    way_on = "It was published or discarded. Open the policy to see which, or start another draft."


class NewerPublished(Refusal):
    """Another version took the number that this draft was to get: what the draft changes is no longer what was read."""

    code = "newer-published"
    title = "Another version was published since you opened this page"
    way_on = "Read below what your draft changes now, compared with that version, and publish it if it is right."


class NewestWithdrawn(Refusal):
    """The version that a draft was compared with was withdrawn: what the draft changes is no longer what was read."""

    code = "newest-withdrawn"
    title = "A version was withdrawn since you opened this page"
    way_on = "Read below what your draft changes now, compared with the version before, and publish it if it is right."


class VersionWithdrawn(Refusal):
    code = "version-withdrawn"
    title = "This version has already been withdrawn"
    way_on = "Open the policy to see who withdrew it, and why."


class VersionInForce(Refusal):
    code = "version-in-force"
    title = "This version can no longer be withdrawn"
    way_on = "It is in force, or takes effect within a minute. Publish another version that follows it."


class CodeTwice(Refusal):
    """A code of an area's own was typed that the draft has already: one cannot be kept beside the other."""

    code = "code-twice"
    title = "Not saved: a code is in this policy twice"
    way_on = "Change one of the two or take it out. What you typed is below."


class NotReadyToPublish(Refusal):
    code = "not-ready-to-publish"
    title = "This draft cannot be published yet"
    way_on = "Correct what is named below. The draft and what you typed are kept."


class RehearsalUnderWay(Refusal):
    """A draft is rehearsed once at a time."""

    code = "rehearsal-under-way"
    title = "This draft is already being rehearsed"
    way_on = (
        "No second rehearsal was begun. Open the one that is under way from the list below, and ask again when it is"
        " done. One over premises that are not yours is not listed."
    )


class InvitationSpent(Refusal):
    """An invitation that was used, has run out, or never was. The three look the same."""

    code = "invitation-spent"
    title = "This invitation cannot be used"
    way_on = "It may have been used or have run out. Ask your manager for a new one."


class PasskeyRefused(Refusal):
    code = "passkey-refused"
    title = "Your passkey was not accepted"
    way_on = "Try again. If it goes on, ask your manager to check who you are and send a new invitation."


class IdTaken(Refusal):
    """An entry with this id was made by another person."""

    code = "id-taken"
    title = "This entry's number is already in use"
    way_on = "The entry stays on this phone. Show it to your manager."


class FormUsed(IdTaken):
    """A form was sent before, with other content or for something else. Under a new number it can be sent."""

    code = "form-used"
    title = "This form was sent before, and what you wrote now is not saved"
    way_on = "Your words are below. If they are still wanted, check them and send them again."


class EntrySaved(FormUsed):
    """A page was saved before, about somebody or something else. What it says now may be another entry."""

    code = "entry-saved"
    title = "This page was already saved"
    way_on = "Your words are below. Save again to log another entry."


class AnotherPhone(Refusal):
    """A report under the id of a phone that is known, without the secret that this phone made with it."""

    code = "another-phone"
    title = "AP Log knows another phone by this one's name"
    way_on = "Entries on this phone are kept and are sent as before. Tell your manager that you saw this."


class PlatformPasskey(Refusal):
    """A passkey that would live on a phone which several people use."""

    code = "platform-passkey"
    title = "This phone is shared, so a passkey on it would not be yours alone"
    way_on = (
        "Everybody who knows the passcode of this phone could sign in as you. Use your own security key, or choose"
        " another phone or tablet and scan the QR code with your own phone."
    )


class Unavailable(Refusal):
    """The database cannot take writes just now."""

    code = "unavailable"
    title = "AP Log cannot save just now"
    way_on = "Try again in a minute. What is on this phone stays on it."


class Failed(Refusal):
    """AP Log itself is at fault."""

    code = "failed"
    title = "Something went wrong in AP Log"
    way_on = "Try again. If it goes on, tell your manager the reference below. What is on this phone stays on it."
