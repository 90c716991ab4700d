"""`ap-log policy check`: says of each policy file that it has no faults, or names them all."""

import argparse
from typing import BinaryIO, TextIO

from ap_log.commands.policy.command import ANSWERED, REFUSED, Commands, add_parser, write_lines
from ap_log.commands.policy.reading import read_policy
from ap_log.domain.policy.faults import Refused


def add_to(commands: Commands) -> None:
    check = add_parser(commands, "check", "name every fault of policy files")
    check.add_argument("files", nargs="+", metavar="FILE", help="a policy")
    check.set_defaults(run=run)


def run(asked: argparse.Namespace, stdin: BinaryIO, stdout: BinaryIO, stderr: TextIO) -> int:
    """A line for each file that can be used; every fault of the others goes to standard error, and the status is 2."""
    status = ANSWERED
    for path in asked.files:
        try:
            write_lines([f"{path}: {read_policy(path).label} has no faults"], stdout)
        except Refused as refused:
            stderr.writelines(f"{fault}\n" for fault in refused.faults)
            status = REFUSED
    return status
