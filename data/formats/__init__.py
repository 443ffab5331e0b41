"""Bytes in, tables out, and back (数据格式): the table of contents of every file format.

READERS and WRITERS are the contents: a suffix that is not in them does not exist for the program.
One file per family:

    vector.py     GeoPackage, FileGDB, GeoJSON, FlatGeobuf, through GDAL
    shapefile.py  Shapefile and bare dBASE tables, whose text has to be decoded by us
    kml.py        KML and KMZ, parsed safely
    topojson.py   TopoJSON, its arcs put together with numpy
    parquet.py    GeoParquet, also as bare WKB columns
    archive.py    ZIP archives that hold any of these
    dxf/          closed outlines of CAD drawings
    boundary_txt/ plots as numbered points, as land offices report them
    tables.py     XLSX, XLS, XLSB, ODS, CSV, TSV
    limits.py     how large, how deep, how many: each limit with its reason
    faults.py     what was odd about a layer, as records
    opening.py    what a file is (magic bytes), its hash, and GDAL kept quiet
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.errors import FormatUnknown
from data.records import Table

if TYPE_CHECKING:
    import pandas as pd

Reader = Callable[..., Table]
Writer = Callable[..., None]


def _later(module: str, function: str) -> Callable[..., Any]:
    """The function, imported when it is first called: GDAL and geopandas take a second to load."""

    def call(*args: Any, **kwargs: Any) -> Any:
        return getattr(import_module(f"data.formats.{module}"), function)(*args, **kwargs)

    call.__name__ = call.__qualname__ = function
    return call


def _read_sheet(path: Path, *, layer: str | None = None, encoding: str | None = None) -> Table:
    """A sheet of a workbook is what a layer is elsewhere."""
    read_table: Reader = _later("tables", "read_table")
    return read_table(path, encoding=encoding, sheet=layer)


def _write_csv(frame: pd.DataFrame, path: Path, layer_name: str) -> None:
    _later("tables", "write_csv")(frame, path)


def _write_xlsx(frame: pd.DataFrame, path: Path, layer_name: str) -> None:
    _later("tables", "write_xlsx")(frame, path, title=layer_name)


READERS: Mapping[str, Reader] = {
    ".gpkg": _later("vector", "read_vector"),
    ".gdb": _later("vector", "read_vector"),
    ".fgb": _later("vector", "read_vector"),
    ".geojson": _later("vector", "read_json"),
    ".json": _later("vector", "read_json"),
    ".topojson": _later("topojson", "read_topojson"),
    ".shp": _later("shapefile", "read_shapefile"),
    ".dbf": _later("shapefile", "read_shapefile"),
    ".kml": _later("kml", "read_kml"),
    ".kmz": _later("kml", "read_kmz"),
    ".parquet": _later("parquet", "read_parquet"),
    ".geoparquet": _later("parquet", "read_parquet"),
    ".zip": _later("archive", "read_zip"),
    ".xlsx": _read_sheet,
    ".xls": _read_sheet,
    ".xlsb": _read_sheet,
    ".ods": _read_sheet,
    ".csv": _read_sheet,
    ".tsv": _read_sheet,
    ".txt": _later("boundary_txt.reading", "read_boundary_txt"),
    ".dxf": _later("dxf.reading", "read_dxf"),
}

WRITERS: Mapping[str, Writer] = {
    ".geojson": _later("writing", "write_geojson"),
    ".gpkg": _later("writing", "write_geopackage"),
    ".fgb": _later("writing", "write_flatgeobuf"),
    ".parquet": _later("writing", "write_geoparquet"),
    ".csv": _write_csv,
    ".xlsx": _write_xlsx,
    ".txt": _later("boundary_txt.writing", "write_txt"),
}


def read(path: str | Path, *, layer: str | None = None, encoding: str | None = None) -> Table:
    """Any supported file as a table, with its source and everything that was odd about it.

    Parameters
    ----------
    path : file, or a FileGDB folder
    layer : name of the layer, sheet or archived file to take; None takes the only one
    encoding : of the text, where the format does not fix it; wins over what the file declares

    Returns
    -------
    Table : its frame is a GeoDataFrame with the CRS that the file declares, or None where it
        declares none; a DataFrame for files without geometry

    Raises
    ------
    FormatUnknown : no reader knows it; the message says what the bytes look like
    FileBroken : truncated, or not what its name says
    FileTooLarge : it passes a limit, which the message states
    FileUnusable : several layers and none chosen, or a part is missing
    """
    path = Path(path)
    _later("opening", "check")(path, READERS)
    return READERS[path.suffix.lower()](path, layer=layer, encoding=encoding)


def write(frame: pd.DataFrame, path: str | Path, *, layer_name: str = "layer") -> None:
    """The frame into a file whose format its suffix names; the file is whole or not there at all.

    Parameters
    ----------
    frame : GeoDataFrame or DataFrame
    path : its folder must exist; a file already there is replaced only once the new one is whole
    layer_name : name of the layer or sheet inside, where the format has names

    Raises
    ------
    FormatUnknown : no writer knows the suffix
    CrsMissing : the format fixes its CRS, and the frame declares none
    FileUnusable : the file cannot be written there, or cannot hold such a column
    """
    path = Path(path)
    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        raise FormatUnknown(
            f"No writer knows {path.suffix or 'a name without an extension'} ({path.name}). "
            f"We write {', '.join(WRITERS)}: name the file so."
        )
    _later("writing", "whole_or_nothing")(writer, frame, path, layer_name)
