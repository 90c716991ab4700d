"""`ap-log policy COMMAND`: a policy checked, shown, compared and replayed from the command line, one file a command."""

import argparse
import os
import sys
from typing import BinaryIO, TextIO

from ap_log.commands.policy import check, diff, replay, show, simulate
from ap_log.commands.policy.command import ANSWERED, REFUSED
from ap_log.domain.policy.faults import Refused


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
        status: int = asked.run(asked, stdin, stdout, stderr)
    except Refused as refused:
        stderr.writelines(f"{fault}\n" for fault in refused.faults)
        return REFUSED
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="ap-log policy", allow_abbrev=False)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in (check, show, diff, replay, simulate):
        command.add_to(commands)
    return parser
