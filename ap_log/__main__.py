"""`ap-log COMMAND`: the command line. Each command is a function of its arguments that returns an exit status."""

import sys
from importlib import import_module

COMMANDS = {
    "migrate": ("serve", "bring the database to the newest shape; make a policy and sealing keys where there are none"),
    "web": ("serve", "serve the web app"),
    "worker": ("serve", "send notices, pass on those that nobody answered, draw photos"),
    "invite": ("people", "make an invitation link for a person, by e-mail address"),
    "keys": ("keys", "show the keys that phones seal to, or add new ones"),
    "backup": ("backup", "compare a backup with the database, or say that the database was restored from one"),
    "policy": ("policy", "check, show and compare policies, and judge timelines under them"),
    "demo": ("demo", "create the demo of invented people"),
}


def main() -> int:
    """Run one command. Exit status 2 and the usage for a command there is not."""
    name, *arguments = sys.argv[1:] or [""]
    if name not in COMMANDS:
        asked = name in ("--help", "-h")
        print(_usage(), file=sys.stdout if asked else sys.stderr)
        return 0 if asked else 2
    # Imported only now: judging a timeline should not wait for a web server to load.
    module = import_module(f"ap_log.commands.{COMMANDS[name][0]}")
    status: int = getattr(module, name)(arguments)
    return status


def _usage() -> str:
    width = max(map(len, COMMANDS))
    lines = (f"  {name:<{width}}  {words}" for name, (_, words) in COMMANDS.items())
    return "\n".join(["usage: ap-log COMMAND", "", *lines])


if __name__ == "__main__":
    sys.exit(main())
