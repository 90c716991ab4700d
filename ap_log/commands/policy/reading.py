"""Files as the policy commands read them, and the faults in them."""

from collections.abc import Iterable
from pathlib import Path

from ap_log.domain.policy.faults import Refused
from ap_log.domain.policy.language import Policy
from ap_log.domain.policy.loading import load_policy


def read_policies(paths: Iterable[str]) -> list[Policy]:
    """The policy of each file. Raises Refused with the faults of them all, each behind its file."""
    policies: list[Policy] = []
    faults: list[str] = []
    for path in paths:
        try:
            policies.append(read_policy(path))
        except Refused as refused:
            faults += refused.faults
    if faults:
        raise Refused(faults)
    return policies


def read_policy(path: str) -> Policy:
    """The policy of a file. Raises Refused with every fault behind the file's name."""
    content = read_file(path)
    try:
        return load_policy(text_of(content))
    except Refused as refused:
        raise Refused([f"{path}: {fault}" for fault in refused.faults]) from None


def read_file(path: str) -> bytes:
    """The content of a file. Raises Refused when it cannot be read."""
    try:
        return Path(path).read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        raise Refused([f"{path}: cannot be read: {error}"]) from None


def text_of(content: bytes) -> str:
    """The text of some bytes. Raises Refused when they are not UTF-8."""
    try:
        return content.decode("utf-8-sig")  # some editors begin a file with a byte-order mark
    except UnicodeDecodeError as error:
        raise Refused([f"not UTF-8: {error}"]) from None
