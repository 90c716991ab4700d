"""`ap-log policy simulate`: what would have differed had a draft been in force since a day, over the real history."""

import argparse
from importlib import import_module
from typing import BinaryIO, TextIO

from ap_log.commands.policy.command import Commands, add_parser


def add_to(commands: Commands) -> None:
    simulate = add_parser(commands, "simulate", "say what would have differed had a policy been in force")
    simulate.add_argument("--policy", required=True, metavar="DRAFT", help="the policy to try")
    simulate.add_argument("--since", required=True, metavar="DATE", help="the day it begins, such as 2026-03-27")
    simulate.set_defaults(run=run)


def run(asked: argparse.Namespace, stdin: BinaryIO, stdout: BinaryIO, stderr: TextIO) -> int:
    """What differs in the database of the settings. Raises Refused with every fault of what was given."""
    # Imported only now: judging a timeline should not wait for a database to load.
    status: int = import_module("ap_log.commands.policy.simulation").simulate(asked, stdout, stderr)
    return status
