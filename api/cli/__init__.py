"""The command line: `mutan`. One file per group of commands; every command is a door to one function."""

from api.cli.entry import main

__all__ = ["main"]
