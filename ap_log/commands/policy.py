"""`ap-log policy replay`: judges timelines under policies, from files or one a line from standard input."""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, TextIO

from ap_log.domain.policy.evaluate import answer_json, evaluate, read_timeline
from ap_log.domain.policy.faults import Refused
from ap_log.domain.policy.language import Policy, PolicyBook
from ap_log.domain.policy.loading import load_policy

ANSWERED, REFUSED = 0, 2
_STANDARD_INPUT = "-"


def policy(arguments: list[str]) -> int:
    """`ap-log policy ARGUMENTS` on the process's own streams."""
    try:
        return main(arguments, sys.stdin.buffer, sys.stdout.buffer, sys.stderr)
    except BrokenPipeError:  # whoever reads the answers has seen enough; nothing may be flushed to them at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ANSWERED


def main(arguments: list[str], stdin: BinaryIO, stdout: BinaryIO, stderr: TextIO) -> int:
    """Runs `policy ARGUMENTS`. The exit status is 2 when anything was refused, else 0."""
    try:
        asked = _parser().parse_args(arguments)
    except SystemExit as left:  # argparse has printed its help or what is wrong
        return ANSWERED if left.code == 0 else REFUSED
    try:
        book = _book(asked.policy)
        if asked.timeline == _STANDARD_INPUT:
            return _replay_lines(book, stdin, stdout)
        stdout.write(_replayed(_read(asked.timeline), book))
        stdout.flush()
    except Refused as refused:
        stderr.writelines(f"{fault}\n" for fault in refused.faults)
        return REFUSED
    return ANSWERED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="ap-log policy", allow_abbrev=False)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    replay = commands.add_parser("replay", help="judge timelines under a policy", allow_abbrev=False)
    replay.add_argument("--policy", action="append", required=True, metavar="FILE", help="a policy; may be repeated")
    replay.add_argument("--timeline", required=True, metavar="FILE", help="a timeline, or - for one on each line")
    return parser


def _book(paths: list[str]) -> PolicyBook:
    policies: list[Policy] = []
    faults: list[str] = []
    for path in paths:
        try:
            policies.append(_policy(path))
        except Refused as refused:
            faults += refused.faults
    if faults:
        raise Refused(faults)
    return PolicyBook(tuple(policies))


def _policy(path: str) -> Policy:
    content = _read(path)
    try:
        return load_policy(_text(content))
    except Refused as refused:
        raise Refused([f"{path}: {fault}" for fault in refused.faults]) from None


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
    return answer_json(evaluate(book, read_timeline(_text(content), book)))


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")  # some editors begin a file with a byte-order mark
    except UnicodeDecodeError as error:
        raise Refused([f"not UTF-8: {error}"]) from None


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        raise Refused([f"{path}: cannot be read: {error}"]) from None
