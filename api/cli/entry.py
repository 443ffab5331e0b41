"""The group `mutan`, and how it says faults: one plain message, exit status 1, no traceback."""

from __future__ import annotations

import sys
import warnings
from typing import Any

import orjson
import typer
from typer.core import TyperGroup

from data.errors import FaultsFound, MutanError


class PlainFaults(TyperGroup):
    """Says our own faults in one plain message; any other keeps its traceback, for it is ours to mend."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except MutanError as fault:
            _say(fault, as_json="--json" in sys.argv)
            raise typer.Exit(1) from fault
        except BrokenPipeError:
            # the reader of our output has gone, as `| head` does
            sys.stderr.close()
            raise typer.Exit(0) from None


app = typer.Typer(
    cls=PlainFaults,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="亩碳 Mutan: land use and carbon of development zones, measured, mapped and served.",
)


def main() -> None:
    """Run `mutan`."""
    # a library's warning is for those who write programs, not for those who run one
    warnings.simplefilter("ignore")
    from api.cli import book, measure, pictures, rules, service

    for commands in (book, measure, rules, pictures, service):
        commands.add_to(app)
    app()


def _say(fault: MutanError, as_json: bool) -> None:
    if as_json and isinstance(fault, FaultsFound):
        document = {"error": str(fault).splitlines()[0], "faults": [f.as_json() for f in fault.faults]}
        sys.stdout.buffer.write(orjson.dumps(document, option=orjson.OPT_APPEND_NEWLINE))
        sys.stdout.flush()
    typer.echo(f"mutan: {fault}", err=True)
