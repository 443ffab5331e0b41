"""Commands that measure: area, overlay, assess."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from api.cli.common import (
    BookOption,
    JsonOption,
    YearOption,
    examples,
    note,
    note_faults,
    now,
    print_json,
    progress,
    the_book,
)


def add_to(app: typer.Typer) -> None:
    """Hang the commands on the group."""
    app.command(epilog=examples("mutan area 边界.kml", "mutan area 地块.shp --crs EPSG:4526 --json"))(area)
    said = "mutan overlay 图斑.parquet 边界.gpkg --by DLBM --zone code -o 地类面积.csv"
    app.command(epilog=examples(said))(overlay)
    app.command(epilog=examples("mutan assess G411031 --year 2024 --why", "mutan assess --year 2024"))(assess)


def area(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Any file of polygons.")],
    crs: Annotated[
        str | None, typer.Option(metavar="CRS", help="Of its coordinates: EPSG:4526, gcj02 …")
    ] = None,
    layer: Annotated[str | None, typer.Option(metavar="NAME", help="Of a file with several.")] = None,
    encoding: Annotated[str | None, typer.Option(metavar="NAME", help="Of its text: gbk, utf-8 …")] = None,
    json: JsonOption = False,
) -> None:
    """Area of every feature on the ellipsoid (椭球面积): m², ha, mu."""
    from api.areas import areas

    told = areas(file, crs=crs, layer=layer, encoding=encoding)
    if json:
        return print_json(told.as_json())
    for each in told.features:
        said = [each[key] for key in ("id", "name", "area_m2", "area_ha", "area_mu")]
        typer.echo("\t".join("—" if cell is None else str(cell) for cell in said))
    total = told.total
    size = f"{total['area_m2']} m², {total['area_ha']:.4f} ha, {total['area_mu']} mu"
    note(f"{len(told.features)} features, {size}")
    note_faults(told.faults)
    return None


def overlay(
    parcels: Annotated[Path, typer.Argument(metavar="PARCELS", help="A layer of polygons.")],
    zones: Annotated[Path, typer.Argument(metavar="ZONES", help="That by which they are cut.")],
    by: Annotated[str, typer.Option(help="Column of the parcels: what is added up.", metavar="COLUMN")],
    zone: Annotated[str, typer.Option(help="Column of the zones: their names.", metavar="COLUMN")],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="OUT", help=".csv .parquet .json; none: print CSV."),
    ] = None,
    parcels_crs: Annotated[
        str | None, typer.Option(metavar="CRS", help="When its file does not say.")
    ] = None,
    zones_crs: Annotated[str | None, typer.Option(metavar="CRS", help="When its file does not say.")] = None,
    threads: Annotated[int, typer.Option(help="How many work at once.", min=1, max=64)] = 2,
    json: JsonOption = False,
) -> None:
    """Area of each class of parcels in each zone, on the ellipsoid, exactly apportioned."""
    from api.overlays import overlay_files, write_rows

    rows = overlay_files(
        parcels, zones, by=by, zone=zone, parcels_crs=parcels_crs, zones_crs=zones_crs, threads=threads
    )
    if output is not None:
        write_rows(rows, output)
        note(f"Wrote {len(rows)} rows to {output}.")
    elif json:
        print_json(rows.to_pylist())
    else:
        write_rows(rows, sys.stdout.buffer)


def assess(
    year: YearOption,
    zone: Annotated[
        list[str] | None, typer.Argument(metavar="ZONE...", help="Codes; none: all zones of the year.")
    ] = None,
    book: BookOption = None,
    why: Annotated[bool, typer.Option("--why", help="Print what each number rests on.")] = False,
    json: JsonOption = False,
) -> None:
    """Measure zones in a year: land, benefit, emissions; keep the results in the book."""
    from datetime import date

    from api.assess import assess_and_store, zone_codes

    told = []
    with the_book(book, write=True) as open_book:
        codes = zone or zone_codes(open_book, date(year, 12, 31))
        with progress(len(codes), f"assess {year}") as bar:
            for each in assess_and_store(open_book, codes, year, now()):
                told.append(each)
                bar.update(1)
    if json:
        documents = [each.as_json() for each in told]
        return print_json(documents[0] if len(zone or ()) == 1 else {"zones": documents})
    from api.words import lines_of

    for each in told:
        for line in lines_of(each.as_json(), why=why):
            typer.echo(line)
    return None
