"""The command `cover`: rasters of land cover against zones, ledger and each other."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.common import BookOption, JsonOption, examples, note, note_faults, now, print_json, the_book, who

if TYPE_CHECKING:
    import pandas as pd

    from api.covers import Cover, Wishes

BOOK, ALL = "book", "all"


def add_to(app: typer.Typer) -> None:
    """Hang the command on the group."""
    said = (
        "mutan cover 边界.gpkg WorldCover_2021.tif --classes worldcover --by code -o 地表覆盖.csv",
        "mutan cover 边界.gpkg CLCD_2020.tif --raster-2 CLCD_2023.tif --classes clcd",
        "mutan cover book CLCD_2024.tif --classes clcd --year 2024 --store",
    )
    app.command(epilog=examples(*said))(cover)


def cover(
    zones: Annotated[
        str,
        typer.Argument(
            metavar="ZONES",
            help="A file of polygons; `book`: the zones of the book; `all`: the whole raster.",
        ),
    ],
    raster: Annotated[Path, typer.Argument(metavar="RASTER", help=".tif .tiff .img .asc, of class values.")],
    classes: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="worldcover clcd globeland30 esri lc100 corine, or a CSV of your own."
        ),
    ] = None,
    by: Annotated[str | None, typer.Option(metavar="COLUMN", help="Of ZONES: their names.")] = None,
    raster_2: Annotated[
        Path | None, typer.Option("--raster-2", metavar="RASTER", help="Of a later year: what changed.")
    ] = None,
    align: Annotated[bool, typer.Option("--align", help="Lay it on the cells of the first.")] = False,
    parcels: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Parcels with the column built (是否建成).")
    ] = None,
    threshold: Annotated[
        float, typer.Option(help="Built share from which a parcel is built on.", min=0, max=1)
    ] = 0.5,
    crs: Annotated[str | None, typer.Option(metavar="CRS", help="Of ZONES, when it does not say.")] = None,
    raster_crs: Annotated[
        str | None, typer.Option(metavar="CRS", help="Of RASTER, when it does not say.")
    ] = None,
    nodata: Annotated[float | None, typer.Option(help="Value that means nothing.")] = None,
    band: Annotated[int | None, typer.Option(help="Of a raster with several, from 1.", min=1)] = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="OUT", help=".csv .parquet .json .xlsx; none: print CSV."),
    ] = None,
    store: Annotated[bool, typer.Option("--store", help="Keep the results in the book.")] = False,
    year: Annotated[
        int | None, typer.Option(metavar="YEAR", help="Of `book`: its end.", min=1990, max=2100)
    ] = None,
    book: BookOption = None,
    json: JsonOption = False,
) -> None:
    """Area of each land-cover class in each zone, and where ledger and satellite differ (卫星核台账)."""
    from api.covers import Wishes, change_of_file, cover_of_file, layer_of_file

    _check_words(zones, year, (store, raster_2 is not None, parcels is not None))
    wishes = Wishes(classes, nodata, band, raster_crs, align, threshold)
    if zones == BOOK:
        told = _of_book(book, (raster, raster_2), wishes, year or 0, store=store)
    elif raster_2 is not None:
        layer = None if zones == ALL else layer_of_file(Path(zones), by=by, crs=crs)
        told = change_of_file(layer, (raster, raster_2), wishes)
    else:
        told = cover_of_file(layer_of_file(Path(zones), by=by, crs=crs), raster, wishes, parcels)
    _give(told, output, json=json)


def _check_words(zones: str, year: int | None, asked: tuple[bool, bool, bool]) -> None:
    store, change, parcels = asked
    if zones == BOOK and year is None:
        raise typer.BadParameter("say which year of the book is meant: --year 2024", param_hint="--year")
    if zones == BOOK and parcels:
        raise typer.BadParameter("the parcels of the book are taken; leave it out", param_hint="--parcels")
    if store and (zones != BOOK or change):
        raise typer.BadParameter(
            "results are kept for the zones of the book, of one raster: mutan cover book RASTER --store",
            param_hint="--store",
        )
    if zones == ALL and not change:
        raise typer.BadParameter("the whole raster is compared with --raster-2", param_hint="ZONES")
    if change and parcels:
        raise typer.BadParameter("parcels are held against one raster", param_hint="--parcels")


def _of_book(
    address: str | None, rasters: tuple[Path, Path | None], wishes: Wishes, year: int, *, store: bool
) -> Cover:
    from api.covers import change_of_file
    from api.covers_book import cover_of_book, keep, zones_of_book

    first, second = rasters
    with the_book(address, write=store) as open_book:
        if second is not None:
            return change_of_file(zones_of_book(open_book, year)[0], (first, second), wishes)
        told = cover_of_book(open_book, year, first, wishes)
        if store:
            keep(open_book, told, year, now(), who())
            note(f"Kept the results of {len(told.results)} zones for {year}.")
    return told


def _give(told: Cover, output: Path | None, *, json: bool) -> None:
    if output is not None:
        _write(told.rows, output)
        note(f"Wrote {len(told.rows)} rows to {output}.")
        if told.parcels is not None:
            beside = output.with_name(f"{output.stem}_parcels{output.suffix}")
            _write(told.parcels, beside)
            note(f"Wrote {len(told.parcels)} parcels, those that differ most first, to {beside}.")
    if json:
        return print_json(told.as_json())
    if output is None:
        _print_csv(told.rows)
        if told.parcels is not None:
            note(_summary(told.parcels))
    note_faults(told.faults)
    return None


def _summary(parcels: pd.DataFrame) -> str:
    from geo.cover import VERDICTS

    counted = parcels["verdict"].value_counts()
    said = ", ".join(f"{label} {counted.get(name, 0)}" for name, label in VERDICTS.items())
    return f"{len(parcels)} parcels against the ledger: {said}. With -o or --json they are listed."


def _write(table: pd.DataFrame, path: Path) -> None:
    if path.suffix.lower() == ".xlsx":
        from data import formats

        return formats.write(table, path, layer_name="地表覆盖")
    from api.overlays import write_rows

    return write_rows(_arrow(table), path)


def _print_csv(table: pd.DataFrame) -> None:
    from api.overlays import write_rows

    write_rows(_arrow(table), sys.stdout.buffer)


def _arrow(table: pd.DataFrame) -> Any:
    import pyarrow as pa

    return pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata()
