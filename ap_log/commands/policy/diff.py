"""`ap-log policy diff`: what one policy changes in another, in plain words."""

import argparse
from collections.abc import Iterator
from typing import BinaryIO, TextIO

from ap_log.commands.policy.command import ANSWERED, Commands, add_parser, write_lines
from ap_log.commands.policy.layout import chapter_lines, heading
from ap_log.commands.policy.reading import read_policies
from ap_log.domain.policy.changes import changes
from ap_log.domain.policy.describe import TITLES
from ap_log.domain.policy.language import Policy


def add_to(commands: Commands) -> None:
    diff = add_parser(commands, "diff", "say in plain words what one policy changes in another")
    diff.add_argument("old", metavar="OLD", help="the policy that is changed")
    diff.add_argument("new", metavar="NEW", help="the policy that changes it")
    diff.set_defaults(run=run)


def run(asked: argparse.Namespace, stdin: BinaryIO, stdout: BinaryIO, stderr: TextIO) -> int:
    """The changes, chapter by chapter. Raises Refused with every fault of both files."""
    old, new = read_policies((asked.old, asked.new))
    write_lines(_lines(old, new), stdout)
    return ANSWERED


def _lines(old: Policy, new: Policy) -> Iterator[str]:
    yield f"Old: {heading(old)}"
    yield f"New: {heading(new)}"
    yield from _order(old, new)
    found = changes(old, new)
    if not found:
        yield from ("", "No difference.")
    for key, title in TITLES.items():
        words = [change.words for change in found if change.chapter == key]
        if words:
            yield from chapter_lines(title, words)


def _order(old: Policy, new: Policy) -> Iterator[str]:
    """What keeps the new policy from following the old one."""
    if new.name != old.name:
        yield f"These are not versions of one policy: their names differ, {old.name} and {new.name}."
    elif new.version <= old.version:
        yield f"The new version must have a higher number: {new.version} is not above {old.version}."
    if new.effective_from <= old.effective_from:
        yield "The new version must be in force later than the old one."
