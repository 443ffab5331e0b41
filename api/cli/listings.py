"""Commands that list: share, grade, spread, projects, exits, monthly, standing, targets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
from data.errors import FormatUnknown

if TYPE_CHECKING:
    from api.listings.listing import Listing

Zone = Annotated[str, typer.Argument(metavar="ZONE", help="Code of the zone.")]
Output = Annotated[
    Path | None,
    typer.Option(
        "-o", "--output", metavar="OUT", help=".xlsx .csv, and .geojson .gpkg where rows have a place."
    ),
]
Why = Annotated[bool, typer.Option("--why", help="Print what the numbers rest on.")]
Scheme = Annotated[
    str, typer.Option(metavar="NAME", help="A file of data/rules/benefit; default henan_2019.")
]
SHOWN = 40
SHEETS = (".csv", ".xlsx")
NAMING = ("enterprise_id", "zone", "subject", "parcel_id")


def add_to(app: typer.Typer) -> None:
    """Hang the commands on the group."""
    said = {
        share: (
            "mutan share G411031 --year 2024",
            "mutan share G411031 --year 2024 --definition p1 -o 占比.xlsx",
        ),
        grade: (
            "mutan grade G411031 --year 2024 --scheme henan_2019",
            "mutan grade G411031 --year 2024 --why",
        ),
        spread: ("mutan spread G411031 --year 2024 --by division --measure value_added_per_mu",),
        projects: ("mutan projects G411031 --year 2024",),
        exits: ("mutan exits G411031 --year 2024 -o 退出清单.geojson",),
        monthly: ("mutan monthly G411031 --year 2024",),
        standing: ("mutan standing --year 2024", "mutan standing --year 2024 --by tax_per_mu --json"),
        targets: ("mutan targets --year 2024", "mutan targets --year 2024 --zone G411031 --why"),
    }
    for command, lines in said.items():
        app.command(epilog=examples(*lines))(command)


def share(
    zone: Zone,
    year: YearOption,
    definition: Annotated[str, typer.Option(metavar="NAME", help="p1 p2 p3 p4; default auto.")] = "",
    vacant: Annotated[bool, typer.Option("--vacant", help="Count 空闲地 1201 as construction land.")] = False,
    output: Output = None,
    book: BookOption = None,
    why: Why = False,
    json: JsonOption = False,
) -> None:
    """Industrial land share parcel by parcel, and what would have to change to reach the target."""
    options = {"definition": definition, "vacant": "true" if vacant else ""}
    _run("share", zone, year, options, (output, book, why, json))


def grade(
    zone: Zone,
    year: YearOption,
    scheme: Scheme = "",
    enterprise: Annotated[str, typer.Option(metavar="ID", help="Only that enterprise.")] = "",
    output: Output = None,
    book: BookOption = None,
    why: Why = False,
    json: JsonOption = False,
) -> None:
    """Grade the enterprises of a zone by a scheme (亩均效益评价)."""
    options = {"scheme": scheme, "enterprise": enterprise}
    _run("grades", zone, year, options, (output, book, why, json))


def spread(
    zone: Zone,
    year: YearOption,
    by: Annotated[str, typer.Option(metavar="NAME", help="zone; default division.")] = "",
    measure: Annotated[str, typer.Option(metavar="CODE", help="Default tax_per_mu.")] = "",
    scheme: Scheme = "",
    output: Output = None,
    book: BookOption = None,
    why: Why = False,
    json: JsonOption = False,
) -> None:
    """Spread of a measure over the enterprises: sums, mean, quantiles, Gini, classes (效益分布)."""
    options = {"by": by, "measure": measure, "scheme": scheme}
    _run("spread", zone, year, options, (output, book, why, json))


def projects(
    zone: Zone,
    year: YearOption,
    output: Output = None,
    book: BookOption = None,
    why: Why = False,
    json: JsonOption = False,
) -> None:
    """Hold projects against control values, promises and the admission list. Status 3 when one is not met."""
    told = _run("projects", zone, year, {}, (output, book, why, json))
    if (told.frame["outcome"] == "not_met").any():
        raise typer.Exit(3)


def exits(
    zone: Zone,
    year: YearOption,
    scheme: Scheme = "",
    output: Output = None,
    book: BookOption = None,
    why: Why = False,
    json: JsonOption = False,
) -> None:
    """Idle land and low-yield enterprises, with reason and age (退出清单)."""
    _run("exits", zone, year, {"scheme": scheme}, (output, book, why, json))


def monthly(
    zone: Zone,
    year: YearOption,
    item: Annotated[str, typer.Option(metavar="ITEMS", help="Separated by commas; none: all.")] = "",
    output: Output = None,
    book: BookOption = None,
    why: Why = False,
    json: JsonOption = False,
) -> None:
    """Monthly series with year-on-year and year-to-date (按月监测)."""
    _run("monthly", zone, year, {"item": item}, (output, book, why, json))


def standing(
    year: YearOption,
    by: Annotated[str, typer.Option(metavar="CODE", help="Rank by one result; none: the leagues.")] = "",
    league: Annotated[
        str, typer.Option(metavar="NAME", help="Evaluation of the leagues; default henan_2023_13.")
    ] = "",
    output: Output = None,
    book: BookOption = None,
    why: Why = False,
    json: JsonOption = False,
) -> None:
    """How the zones stand: leagues of the yearly evaluation, or ranks by one result."""
    _run("standing", "", year, {"by": by, "league": league}, (output, book, why, json))


def targets(
    year: YearOption,
    zone: Annotated[
        str, typer.Option(metavar="CODE", help="Only that zone, or the province; none: all of them.")
    ] = "",
    output: Output = None,
    book: BookOption = None,
    why: Why = False,
    json: JsonOption = False,
) -> None:
    """The targets of the plan, for the province and each zone: level, growth, what remains, on course."""
    _run("targets", "", year, {"zone": zone}, (output, book, why, json))


def _run(
    name: str,
    zone: str,
    year: int,
    options: dict[str, str],
    doors: tuple[Path | None, str | None, bool, bool],
) -> Listing:
    from api.listings import LISTINGS
    from api.listings.listing import Asked

    output, book, why, json = doors
    with the_book(book) as open_book:
        said = {option: value for option, value in options.items() if value}
        told = LISTINGS[name].make(Asked(open_book, zone, year, said))
        if output is not None:
            _write(told, output)
        elif json:
            print_json(told.as_json(why=why))
        else:
            _print(told, why)
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
