"""What every policy command has: the place it adds itself to, its exit status, and the lines it writes."""

import argparse
from collections.abc import Iterable
from typing import BinaryIO, Protocol

ANSWERED, REFUSED = 0, 2


class Commands(Protocol):
    """The commands of `ap-log policy`, which each command adds its own parser to."""

    def add_parser(self, name: str, *, help: str, description: str, allow_abbrev: bool) -> argparse.ArgumentParser: ...


def add_parser(commands: Commands, name: str, words: str) -> argparse.ArgumentParser:
    """A parser for a command whose help is these words."""
    return commands.add_parser(name, help=words, description=f"{words[:1].upper()}{words[1:]}.", allow_abbrev=False)


def write_lines(lines: Iterable[str], stdout: BinaryIO) -> None:
    stdout.write("".join(f"{line}\n" for line in lines).encode(errors="surrogateescape"))  # as a file's name may need
    stdout.flush()
