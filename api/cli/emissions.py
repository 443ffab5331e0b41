"""Commands that lay emissions on the ground: emissions, grid."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

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

ZoneArgument = Annotated[str, typer.Argument(metavar="ZONE", help="Code of the zone.")]
UnplacedOption = Annotated[
    str,
    typer.Option(
        metavar="HOW", help="Enterprises without a parcel: list, or built_land to put them on built land."
    ),
]


def add_to(app: typer.Typer) -> None:
    """Hang the commands on the group."""
    said = (
        "mutan grid G411031 --year 2024 -o 碳排放_2024.tif",
        "mutan grid G411031 --year 2024 --cell 30 --unplaced built_land -o 碳排放_2024.tif --json",
    )
    app.command(epilog=examples(*said))(grid)
    by_firm = "mutan emissions G411031 --year 2024 --by enterprise -o 企业碳排放.geojson"
    app.command(epilog=examples(by_firm, "mutan emissions G411031 --year 2024 --by zone --json"))(emissions)


def grid(
    zone: ZoneArgument,
    year: YearOption,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="OUT", help="A .tif file.")],
    cell: Annotated[float, typer.Option(metavar="METRES", help="Side of a cell.")] = 100.0,
    crs: Annotated[
        str | None, typer.Option(metavar="CRS", help="A plane in metres; none: the belt of the zone.")
    ] = None,
    unplaced: UnplacedOption = "list",
    book: BookOption = None,
    json: JsonOption = False,
) -> None:
    """Spread a zone's emissions on a grid (碳排放网格), as a Cloud Optimized GeoTIFF."""
    from api.emissions import emissions_of
    from api.emissions_grid import emission_grid

    with the_book(book) as open_book:
        told = emissions_of(open_book, zone, year, unplaced=unplaced)
        made = emission_grid(told, cell, crs=crs, notice=open_book.notes().get("notice", ""))
    made.write(output)
    if json:
        return print_json({"file": str(output), **made.as_json()})
    note(f"Wrote {output}: {made.grid}. {_closed(made.totals)}")
    note_faults(made.faults)
    return None


def emissions(
    zone: ZoneArgument,
    year: YearOption,
    by: Annotated[str, typer.Option(metavar="WHAT", help="enterprise, parcel or zone.")] = "enterprise",
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="OUT", help=".geojson .gpkg .parquet …; none: print a table."),
    ] = None,
    unplaced: UnplacedOption = "list",
    book: BookOption = None,
    json: JsonOption = False,
) -> None:
    """Emissions of a zone by enterprise, by parcel or as a whole, with their place (碳排放落图)."""
    from api.emissions import emissions_of, names_of
    from api.emissions_features import features_of, of_by

    of_by(by)
    with the_book(book) as open_book:
        told = emissions_of(open_book, zone, year, unplaced=unplaced)
        frame = features_of(told, by, names_of(open_book, zone, year))
    if output is not None:
        _write(frame, output, f"{zone}_{year}")
        note(f"Wrote {len(frame)} rows to {output}. {_closed(told.totals)}")
    if json:
        from api.covers import plain

        faults = [fault.as_json() for fault in told.faults]
        rows = plain(frame.drop(columns="geometry"))
        return print_json({
            "zone": zone,
            "year": year,
            "by": by,
            **told.totals,
            "rows": rows,
            "faults": faults,
        })
    if output is None:
        for row in frame.drop(columns="geometry").itertuples(index=False):
            typer.echo("\t".join("—" if each is None or each != each else str(each) for each in row))
    note_faults(told.faults)
    return None


def _write(frame: Any, output: Path, layer: str) -> None:
    from data import formats

    formats.write(frame, output, layer_name=layer)


def _closed(totals: dict[str, Any]) -> str:
    """What is on the map, and what is not, in one line."""
    said = f"{totals['placed_tco2e']:,.2f} of {totals['known_tco2e']:,.2f} tCO2e have a place"
    if totals["not_placed_tco2e"]:
        said += f", {totals['not_placed_tco2e']:,.2f} have none"
    if totals["lines_not_told"]:
        said += f"; {totals['lines_not_told']} lines are not told"
    return f"{said}."
