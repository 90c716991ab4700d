"""`ap-log policy replay`: judges timelines under policies, from files or one a line from standard input."""

import argparse
import json
from collections.abc import Iterator
from typing import BinaryIO, TextIO

from ap_log.commands.policy.command import ANSWERED, REFUSED, Commands, add_parser
from ap_log.commands.policy.reading import read_file, read_policies, text_of
from ap_log.domain.policy.evaluate import answer_json, evaluate, read_timeline
from ap_log.domain.policy.faults import Refused
from ap_log.domain.policy.language import PolicyBook

_STANDARD_INPUT = "-"


def add_to(commands: Commands) -> None:
    replay = add_parser(commands, "replay", "judge timelines under a policy")
    replay.add_argument("--policy", action="append", required=True, metavar="FILE", help="a policy; may be repeated")
    replay.add_argument("--timeline", required=True, metavar="FILE", help="a timeline, or - for one on each line")
    replay.set_defaults(run=run)


def run(asked: argparse.Namespace, stdin: BinaryIO, stdout: BinaryIO, stderr: TextIO) -> int:
    """The answer, or one for each line. Raises Refused with every fault of a file."""
    book = PolicyBook(tuple(read_policies(asked.policy)))
    if asked.timeline == _STANDARD_INPUT:
        return _replay_lines(book, stdin, stdout)
    stdout.write(_replayed(read_file(asked.timeline), book))
    stdout.flush()
    return ANSWERED


def _replay_lines(book: PolicyBook, stdin: BinaryIO, stdout: BinaryIO) -> int:
    status = ANSWERED
    for line in _lines(stdin):
        try:
            answer = _replayed(line, book)
        except Refused as refused:
            answer = json.dumps({"faults": refused.faults}, separators=(",", ":")).encode() + b"\n"
            status = REFUSED
        stdout.write(answer)
        stdout.flush()  # whoever writes line by line waits for each answer
    return status


def _lines(stdin: BinaryIO) -> Iterator[bytes]:
    return (line for line in stdin if line.strip())


def _replayed(content: bytes, book: PolicyBook) -> bytes:
    return answer_json(evaluate(book, read_timeline(text_of(content), book)))
