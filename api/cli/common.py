"""What commands share: options, the book, progress on a terminal, and JSON on standard output."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import orjson
import typer

if TYPE_CHECKING:
    from data.book import Book
    from data.records import Fault

BookOption = Annotated[
    str | None,
    typer.Option("--book", help="The book; default MUTAN_BOOK, ./mutan.gpkg", metavar="BOOK"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
YearOption = Annotated[
    int, typer.Option("--year", metavar="YEAR", help="What was in force at its end.", min=1990, max=2100)
]
DAY = ["%Y-%m-%d"]


@contextmanager
def the_book(address: str | None, *, write: bool = False) -> Iterator[Book]:
    """The book that the command means, closed when it is done."""
    # not before a command needs them: they bring GDAL, which takes longer to load than most commands to run
    from api.settings import settings
    from data.book import open_book

    said = settings()  # read though a book is named: the office's own rules are laid over ours then
    book = open_book(address or said.book, write=write)
    try:
        yield book
    finally:
        book.close()


def examples(*lines: str) -> str:
    """The end of a command's help: lines that a person can copy, kept as they are."""
    return "\n".join(("\b", "Examples:" if len(lines) > 1 else "Example:", *(f"  {line}" for line in lines)))


def who() -> str:
    """The name of the account that runs the command."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in some containers
        return "unknown"


def now() -> datetime:
    """The moment it is, with its time zone."""
    return datetime.now().astimezone()


def as_day(moment: datetime | None) -> date | None:
    """The day that an option names."""
    return moment.date() if moment else None


def print_json(document: Any) -> None:
    """One JSON document on standard output, and nothing else there."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE | orjson.OPT_SERIALIZE_NUMPY
    sys.stdout.flush()
    sys.stdout.buffer.write(orjson.dumps(document, option=options))
    sys.stdout.flush()


def note(text: str) -> None:
    """A message for the person, on standard error."""
    typer.echo(text, err=True)


def note_faults(faults: Sequence[Fault], most: int = 20) -> None:
    """Faults on standard error, the first of them."""
    note_lines([str(fault) for fault in faults], most)


def note_lines(lines: Sequence[str], most: int = 20) -> None:
    """Lines on standard error, the first of them."""
    for line in lines[:most]:
        note(f"  {line}")
    if len(lines) > most:
        note(f"  … and {len(lines) - most} more (--json lists them all)")


@contextmanager
def progress(length: int, label: str) -> Iterator[Any]:
    """A progress bar on a terminal, and none elsewhere."""
    with typer.progressbar(
        length=length, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        yield bar
