"""Commands that list: one for each listing of `api/listings`, with the options that it takes."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import orjson
import typer

from api.cli.common import (
    BookOption,
    JsonOption,
    YearOption,
    examples,
    note,
    note_faults,
    print_json,
    the_book,
)
from api.listings import LISTINGS, ListingKind
from data.errors import FormatUnknown

if TYPE_CHECKING:
    from api.listings.listing import Listing

Output = Annotated[
    Path | None,
    typer.Option(
        "-o", "--output", metavar="OUT", help=".xlsx .csv, and .geojson .gpkg where rows have a place."
    ),
]
WhyOption = Annotated[bool, typer.Option("--why", help="Print what the numbers rest on.")]
# each with its default
DOORS = {
    "output": (None, Output),
    "book": (None, BookOption),
    "why": (False, WhyOption),
    "json": (False, JsonOption),
}
SHOWN = 40
SHEETS = (".csv", ".xlsx")
NAMING = ("enterprise_id", "zone", "subject", "parcel_id")


def add_to(app: typer.Typer) -> None:
    """Hang a command on the group for each listing that has one."""
    for kind in LISTINGS.values():
        if kind.command:
            app.command(kind.command, epilog=examples(*kind.examples))(_command(kind))


def _command(kind: ListingKind) -> Callable[..., None]:
    """A function with the parameters that the listing takes, for typer to read."""

    def run(*, year: int, zone: str = "", **doors: Any) -> None:
        # a listing of all zones may have an option of that name
        code, said = (zone, {}) if kind.zoned else ("", {"zone": zone})
        said |= {
            name: "true" if doors[name] is True else doors[name] for name in kind.options if name in doors
        }
        told = _make(kind, code, year, said, doors)
        if kind.checks and (told.frame["outcome"] == "not_met").any():
            raise typer.Exit(3)

    made = list(_parameters(kind))
    run.__signature__ = inspect.Signature(made)  # typer reads it there
    run.__annotations__ = {each.name: each.annotation for each in made}
    run.__doc__ = kind.about + (" Status 3 when one is not met." if kind.checks else "")
    return run


def _parameters(kind: ListingKind) -> Iterator[inspect.Parameter]:
    """Zone, year, the options of the listing, and the doors that every listing has."""
    named = inspect.Parameter.KEYWORD_ONLY
    if kind.zoned:
        code = Annotated[str, typer.Argument(metavar="ZONE", help="Code of the zone.")]
        yield inspect.Parameter("zone", named, annotation=code)
    yield inspect.Parameter("year", named, annotation=YearOption)
    for name, about in kind.options.items():
        flag = name in kind.flags
        words = (f"--{name}",) if flag else ()
        option = typer.Option(*words, help=about, **({} if flag else {"metavar": "NAME"}))
        default = False if flag else ""
        yield inspect.Parameter(name, named, default=default, annotation=Annotated[type(default), option])
    for name, (default, about) in DOORS.items():
        yield inspect.Parameter(name, named, default=default, annotation=about)


def _make(kind: ListingKind, code: str, year: int, said: dict[str, str], doors: Mapping[str, Any]) -> Listing:
    """The listing, shown through the door that is asked for."""
    from api.listings.listing import Asked

    with the_book(doors["book"]) as open_book:
        told = kind.make(Asked(open_book, code, year, {name: word for name, word in said.items() if word}))
        if doors["output"] is not None:
            _write(told, doors["output"])
        elif doors["json"]:
            print_json(told.as_json(why=doors["why"]))
        else:
            _print(told, doors["why"])
    return told


def _write(told: Listing, output: Path) -> None:
    from api.listings.placing import placed
    from data import formats

    if output.suffix.lower() in SHEETS:
        formats.write(told.exported(), output, layer_name=told.heading)
    elif told.placed_by or output.suffix.lower() not in formats.WRITERS:
        formats.write(placed(told) if told.placed_by else told.frame, output, layer_name=told.name)
    else:
        raise FormatUnknown(
            f"The rows of {told.name} have no place, which {output.suffix} is for. "
            f"Name the file {output.stem}.xlsx or {output.stem}.csv."
        )
    note(f"Wrote {len(told.frame)} rows to {output}.")


def _print(told: Listing, why: bool) -> None:
    """The table on standard output, tab-separated; all else beside it, on standard error."""
    from api.words import number, why_lines

    note(f"{told.title} {told.asked.code} {told.asked.year}".replace("  ", " "))
    typer.echo("\t".join(column.header for column in told.columns.values()))
    for row in told.rows():
        typer.echo("\t".join(_cell(value) for value in row.values()))
    for result in told.results:
        typer.echo(f"{result.code}\t{result.label}\t{number(result.value, result.unit, result.code)}")
        if result.value is None:
            note(f"  cannot tell: {result.reason}")
        if why:
            for line in why_lines(result.as_json()):
                typer.echo(line)
    if why:
        _print_why(told)
    for line in told.notes:
        note(line)
    note_faults(told.faults)


def _print_why(told: Listing) -> None:
    from api.words import article

    for name, formula in told.formulas.items():
        typer.echo(f"formula\t{name}\t{formula}")
    for each in told.articles:
        typer.echo(f"article\t{article(each if isinstance(each, str) else each.as_json())}")
    for row, chain in zip(told.rows()[:SHOWN], told.whys, strict=False):
        subject = next(str(row[name]) for name in (*NAMING, *row) if row.get(name) is not None)
        for key, value in chain.items():
            said = value if isinstance(value, str) else orjson.dumps(value, default=str).decode()
            typer.echo(f"why\t{subject}\t{key}\t{said}")
    if len(told.whys) > SHOWN:
        note(f"  … and {len(told.whys) - SHOWN} more rows (--why --json tells them all)")


def _cell(value: object) -> str:
    from api.words import MARKS

    if value is None:
        return "—"
    if isinstance(value, float):
        return f"{value:,.4f}".rstrip("0").rstrip(".")
    return MARKS.get(str(value), str(value)).replace("\t", " ").replace("\n", " ")
