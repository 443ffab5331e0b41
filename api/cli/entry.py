"""The group `mutan`, and how it says faults: one plain message, exit status 1, no traceback."""

from __future__ import annotations

import os
import sys
import warnings
from functools import cache
from importlib.metadata import version
from typing import Annotated, Any, TextIO, cast

import typer
from typer.core import TyperGroup

from api.cli import STOPPED
from api.cli.common import note, print_json
from data.errors import FaultsFound, MutanError


class PlainFaults(TyperGroup):
    """Says faults that a person can mend in one message; any other keeps its traceback: it is ours."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        as_json = "--json" in ctx.args
        try:
            told = super().invoke(ctx)
            sys.stdout.flush()
        except MutanError as fault:
            raise _said(fault, as_json) from fault
        except BrokenPipeError:
            # the reader of our output has gone, as `| head` does; nothing may be flushed to it at the end
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from None
        except OSError as odd:
            if odd.filename is None and odd.errno is None:
                raise
            raise _said(_in_words(odd), as_json) from odd
        except KeyboardInterrupt:
            note("mutan: stopped. What had not ended is not kept.")
            raise typer.Exit(STOPPED) from None
        return told


@cache
def program() -> typer.Typer:
    """The whole command line, with every command hung on."""
    from api.cli import (
        book,
        cover,
        emissions,
        inventory,
        listings,
        measure,
        pictures,
        report,
        request,
        requests,
        rules,
        service,
    )

    app = typer.Typer(
        name="mutan",
        cls=PlainFaults,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        help="亩碳 Mutan: land use and carbon of development zones, measured, mapped and served.",
        epilog="To look around: mutan demo. Help on a command: mutan COMMAND --help.",
    )
    app.callback()(_about)
    for commands in (
        *(book, measure, inventory, emissions, listings, cover),
        *(request, requests, rules, pictures, report, service),
    ):
        commands.add_to(app)
    return app


def run() -> None:
    """Run the command that the words of the command line name, and end the process."""
    # a library's warning is for those who write programs, not for those who run one
    warnings.simplefilter("ignore")
    # names of files and zones hold what an old console cannot show: it gets \u…, not a fault
    for stream in (sys.stdout, sys.stderr):
        cast(Any, cast(TextIO, stream)).reconfigure(errors="backslashreplace")
    program()()


def _tell_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"mutan {version('mutan')}")
        raise typer.Exit


def _about(
    _: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_tell_version, help="Show the version and exit."),
    ] = False,
) -> None:
    pass


def _said(fault: MutanError, as_json: bool) -> typer.Exit:
    note(f"mutan: {fault}")
    if as_json:
        faults = fault.faults if isinstance(fault, FaultsFound) else ()
        what = str(fault).splitlines()[0] if faults else str(fault)
        what = what.encode(errors="backslashreplace").decode()  # names of files may be no text
        print_json({"error": what, "faults": [each.as_json() for each in faults]})
    return typer.Exit(1)


def _in_words(odd: OSError) -> MutanError:
    where = f"{odd.filename}: " if odd.filename else ""
    return MutanError(
        f"{where}{odd.strerror or odd}. The system refused it. "
        "Check the path, the rights to the file and its folder, and the room on the disk."
    )
