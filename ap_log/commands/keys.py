"""`ap-log keys`: the keys that phones seal to, shown by name, and new ones added."""

import argparse
import sys
from pathlib import Path

from ap_log import clock
from ap_log.security.sealing import KeysNotReady, SealingKeys, rotate_keys
from ap_log.settings import BadSetting, from_environment


def keys(arguments: list[str]) -> int:
    """Show the keys in use, or add new ones first. Exit status 2 and a sentence where the file cannot be used."""
    parser = argparse.ArgumentParser(prog="ap-log keys", description="The keys that phones seal entries and photos to.")
    parser.add_argument(
        "what",
        choices=["show", "rotate"],
        help="show those in use; or rotate: add new ones, to which phones seal from their next contact on",
    )
    asked = parser.parse_args(arguments)
    try:
        file = Path(from_environment().sealing_keys)
        if asked.what == "rotate":
            rotate_keys(file, clock.now())
        for key in SealingKeys(file).public_keys():
            print(f"{key.kem:<7} {key.id}")
    except (BadSetting, KeysNotReady) as refusal:
        print(refusal, file=sys.stderr)
        return 2
    if asked.what == "rotate":
        print("The older keys stay in the file: what was sealed to them can still be opened. Keep a copy of the file.")
    return 0
