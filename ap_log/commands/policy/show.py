"""`ap-log policy show`: a whole policy in plain words."""

import argparse
from collections.abc import Iterator
from typing import BinaryIO, TextIO

from ap_log.commands.policy.command import ANSWERED, Commands, add_parser, write_lines
from ap_log.commands.policy.layout import chapter_lines, heading
from ap_log.commands.policy.reading import read_policy
from ap_log.domain.policy.describe import describe
from ap_log.domain.policy.language import Policy


def add_to(commands: Commands) -> None:
    show = add_parser(commands, "show", "say in plain words what a policy says")
    show.add_argument("file", metavar="FILE", help="a policy")
    show.set_defaults(run=run)


def run(asked: argparse.Namespace, stdin: BinaryIO, stdout: BinaryIO, stderr: TextIO) -> int:
    """The policy, chapter by chapter. Raises Refused with every fault of the file."""
    write_lines(_lines(read_policy(asked.file)), stdout)
    return ANSWERED


def _lines(policy: Policy) -> Iterator[str]:
    yield heading(policy)
    for chapter in describe(policy):
        yield from chapter_lines(chapter.title, chapter.lines)
