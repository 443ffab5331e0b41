"""Commands that measure: area, overlay, assess."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

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

if TYPE_CHECKING:
    from data.book import Book


def add_to(app: typer.Typer) -> None:
    """Hang the commands on the group."""
    app.command(epilog=examples("mutan area 边界.kml", "mutan area 地块.shp --crs EPSG:4526 --json"))(area)
    said = "mutan overlay 图斑.parquet 边界.gpkg --by DLBM --zone code -o 地类面积.csv"
    app.command(epilog=examples(said))(overlay)
    said_for = ("mutan assess G411031 --year 2024 --why", "mutan assess --year 2024 --since 2020")
    app.command(epilog=examples(*said_for))(assess)


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
    area: Annotated[
        str, typer.Option(metavar="NAME", help="ellipsoid 椭球面, or plane 平面: of the parcels' own CRS.")
    ] = "ellipsoid",
    threads: Annotated[int, typer.Option(help="How many work at once.", min=1, max=64)] = 2,
    json: JsonOption = False,
) -> None:
    """Area of each class of parcels in each zone, exactly apportioned; on the ellipsoid, or in the plane."""
    from api.overlays import overlay_files, write_rows

    crs = {"parcels_crs": parcels_crs, "zones_crs": zones_crs}
    rows = overlay_files(parcels, zones, by=by, zone=zone, area=area, threads=threads, **crs)
    if "plane" in (said := rows.schema.metadata[b"area"].decode()):
        note(f"Areas are measured {said}, not on the ellipsoid.")
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
        list[str] | None, typer.Argument(metavar="ZONE...", help="Codes; none: all zones of these years.")
    ] = None,
    since: Annotated[
        int | None,
        typer.Option(metavar="YEAR", help="Every year from this one to --year.", min=1990, max=2100),
    ] = None,
    book: BookOption = None,
    why: Annotated[bool, typer.Option("--why", help="Print what each number rests on.")] = False,
    workers: Annotated[
        int | None, typer.Option(help="Processes at work; as many as there are processors.", min=1, max=64)
    ] = None,
    definition: Annotated[str, typer.Option(metavar="NAME", help="Of the share: p1 p2 p3 p4 auto.")] = "auto",
    vacant: Annotated[bool, typer.Option("--vacant", help="Count 空闲地 1201 as construction land.")] = False,
    base: Annotated[
        str,
        typer.Option(metavar="NAME", help="Area to divide by: approved administered built industrial own."),
    ] = "built",
    evaluation: Annotated[
        str, typer.Option(metavar="NAME", help="Ideal values and weights of the score: illustration …")
    ] = "",
    scheme: Annotated[
        str, typer.Option(metavar="NAME", help="Of enterprise grading; none: that of the province.")
    ] = "",
    json: JsonOption = False,
) -> None:
    """Measure zones in a year or several: land, benefit, emissions; keep the results in the book."""
    from api.assess import assess_and_store_years
    from api.chosen import Chosen
    from api.workers import cores

    years = range(year if since is None else since, year + 1)
    if not years:
        raise typer.BadParameter(f"{since} lies after --year {year}.", param_hint="--since")
    chosen = Chosen(definition, vacant, base, evaluation, scheme)
    told: list[Any] = []
    skipped = []
    with the_book(book, write=True) as open_book:
        codes = zone or _codes(open_book, years)
        label = f"assess {'-'.join(map(str, sorted({years[0], year})))}"
        with progress(len(codes) * len(years), label) as bar:
            how = {"chosen": chosen, "workers": workers or cores()}
            for each in assess_and_store_years(open_book, codes, years, now(), **how):
                told.append(each.as_json() if json else _words(each.as_json(), why=why))
                skipped.append(each.or_raise().skipped if len(years) == 1 else each.skipped)
                bar.update(1)
    if told and all(skipped):
        each.or_raise()
    if json:
        print_json(told[0] if len(told) == len(zone or ()) == 1 else {"zones": told})
    elif told:
        typer.echo("\n".join(told))


def _codes(book: Book, years: Iterable[int]) -> list[str]:
    """Zones with a boundary at the end of one of the years."""
    from datetime import date

    from api.assess import zone_codes

    return sorted({code for year in years for code in zone_codes(book, date(year, 12, 31))})


def _words(told: Mapping[str, Any], *, why: bool) -> str:
    from api.words import lines_of

    return "\n".join(lines_of(told, why=why))
