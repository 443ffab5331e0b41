"""The command line: `mutan`. One file per group of commands; every command is a door to one function."""

from __future__ import annotations

import sys

__all__ = ["main"]
STOPPED = 130  # what shells give for a program that Ctrl-C ended


def main() -> None:
    """Run `mutan`."""
    try:
        from api.cli.entry import run

        run()
    except KeyboardInterrupt:  # while it was still loading; what comes later is said by the command
        sys.exit(STOPPED)
