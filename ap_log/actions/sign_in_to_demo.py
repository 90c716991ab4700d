"""Signs in as one of the demo's invented people, without a passkey. Only a demo's database has anybody to be."""

from datetime import datetime
from functools import partial

from ap_log.actions.sign_in import start_session
from ap_log.domain.errors import NotAllowed, NotFound
from ap_log.domain.recommendations import faults_of_id
from ap_log.store import installation, staff
from ap_log.store.transaction import transaction


async def sign_in_to_demo(person: str, replaced: str | None, now: datetime) -> str:
    """Return the token of a new session for a person by id; `replaced`, this browser's old one, ends.

    Raises:
        NotFound: this database is not a demo.
        NotAllowed: there is no such person, or they no longer work here.
    """
    return await transaction(partial(_sign_in, person, replaced, now))


async def _sign_in(person: str, replaced: str | None, now: datetime) -> str:
    if not await installation.is_demo():
        raise NotFound
    if faults_of_id(person) or await staff.find_person(person, now) is None:
        raise NotAllowed
    return await start_session(person, now, replaced=replaced)
