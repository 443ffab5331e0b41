"""GeoParquet, and its bare columns (列式矢量): geometry as WKB, without one Python object per feature."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from pyproj import CRS

from data.errors import ColumnMissing, FileUnusable
from data.formats.faults import odd_geometries, reader_fault
from data.formats.frames import crs_of, frame_of, unique_names
from data.formats.opening import broken, digest
from data.formats.wkb import CURVES, SURFACES, geometries, wkb_types
from data.records import Fault, Source, Table

LIKELY = ("geometry", "geom", "wkb_geometry", "wkb", "shape")
"""Binary columns taken as geometry where no metadata names one"""


@dataclass(frozen=True, slots=True)
class WkbColumns:
    """Columns of a GeoParquet as Arrow holds them.

    Parameters
    ----------
    geometry : (n,) binary, WKB; null where missing; in as many chunks as the file has row groups
    attributes : the columns asked for, n rows
    crs : as declared; longitude and latitude of WGS 84 where the file is silent; None where it says null
    """

    geometry: pa.ChunkedArray
    attributes: pa.Table
    crs: CRS | None


@dataclass(frozen=True, slots=True)
class _Geo:
    """What the metadata says: name of the geometry column, its encoding and CRS as written."""

    column: str
    encoding: str
    crs: str | None
    declared: bool


def read_parquet(path: Path, *, layer: str | None = None, encoding: str | None = None) -> Table:
    """A GeoParquet as a GeoDataFrame; a Parquet without geometry as a DataFrame."""
    faults: list[Fault] = []
    with _in_our_words(path):
        file = pq.ParquetFile(path)
        geo = _geo(file)
        table = file.read(use_pandas_metadata=False)
    shapes = crs = None
    if geo:
        column = _as_wkb(table.column(geo.column), geo, path)
        table = table.remove_column(table.column_names.index(geo.column))
        crs = crs_of(geo.crs, path.name, faults)
        _say_undeclared(geo, path, faults)
        _refuse_curves(column, path)
        shapes = geometries(column, faults, {"file": path.name})
        faults += odd_geometries(shapes, file=path.name, layer="")
    table = table.rename_columns(unique_names(table.column_names, path.name, faults))
    source = Source(str(path), digest([path]), "GeoParquet" if geo else "Parquet", "", "utf-8")
    return Table(frame_of(table, shapes, crs), source, tuple(faults))


def read_wkb_columns(
    path: Path, columns: Sequence[str], row_groups: Sequence[int] | None = None
) -> WkbColumns:
    """Geometry as WKB and some attributes, nothing built from either: for work on many millions of rows.

    Parameters
    ----------
    columns : attributes to read; nothing else leaves the disk
    row_groups : numbers of the row groups to read, None for all; `pyarrow.parquet.ParquetFile` counts them

    Raises
    ------
    ColumnMissing : one of the columns is not there
    FileUnusable : there is no geometry column
    FileBroken : it is no whole Parquet file
    """
    with _in_our_words(path):
        file = pq.ParquetFile(path)
        geo = _geo(file)
        names = file.schema_arrow.names
        if geo is None:
            raise FileUnusable(
                f"{path.name} has no geometry column: {', '.join(names)}. Save it as GeoParquet."
            )
        for column in columns:
            if column not in names:
                raise ColumnMissing(column, path.name, names)
        groups = range(file.num_row_groups) if row_groups is None else row_groups
        table = file.read_row_groups(list(groups), columns=[geo.column, *columns], use_pandas_metadata=False)
    faults: list[Fault] = []
    geometry = _as_wkb(table.column(geo.column), geo, path)
    return WkbColumns(geometry, table.select(list(columns)), crs_of(geo.crs, path.name, faults))


def _geo(file: pq.ParquetFile) -> _Geo | None:
    """The metadata key `geo` of GeoParquet; else a binary column of a likely name."""
    schema = file.schema_arrow
    said = (schema.metadata or {}).get(b"geo")
    if said is None:
        binary = [f.name for f in schema if pa.types.is_binary(f.type) or pa.types.is_large_binary(f.type)]
        likely = [name for name in binary if name.lower() in LIKELY]
        return _Geo(likely[0], "WKB", None, declared=False) if likely else None
    known = json.loads(said)
    name = known["primary_column"]
    about: dict[str, Any] = known["columns"][name]
    if name not in schema.names:
        raise ValueError(f"its metadata names a geometry column {name!r} that is not there")
    crs = about.get("crs", "OGC:CRS84")
    return _Geo(
        name, about.get("encoding", "WKB"), crs if isinstance(crs, str) else crs and json.dumps(crs), True
    )


def _as_wkb(column: pa.ChunkedArray, geo: _Geo, path: Path) -> pa.ChunkedArray:
    """The column as binary; the other encodings of GeoParquet 1.1 are turned into WKB."""
    if isinstance(column.type, pa.BaseExtensionType):
        column = pa.chunked_array([chunk.storage for chunk in column.chunks], column.type.storage_type)
    if geo.encoding.upper() == "WKB":
        return column if pa.types.is_large_binary(column.type) else column.cast(pa.binary())
    with _in_our_words(path):
        shapes = gpd.read_parquet(path, columns=[geo.column])[geo.column]
    return pa.chunked_array([pa.array(shapely.to_wkb(np.asarray(shapes)), pa.binary())])


def _say_undeclared(geo: _Geo, path: Path, faults: list[Fault]) -> None:
    if not geo.declared:
        faults.append(
            reader_fault(
                "geometry_undeclared",
                f"The file is Parquet without GeoParquet metadata; {geo.column} was taken as geometry.",
                "Save it as GeoParquet, so that its coordinate reference system is kept.",
                file=path.name,
            )
        )


def _refuse_curves(column: pa.ChunkedArray, path: Path) -> None:
    curved = int(np.isin(wkb_types(column), list(CURVES | SURFACES)).sum())
    if curved:
        raise FileUnusable(
            f"{path.name} holds {curved} curves or surfaces, which GeoParquet does not allow. "
            "Export them as polygons."
        )


@contextmanager
def _in_our_words(path: Path) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError, AttributeError) as odd:
        # The metadata is free JSON: whatever shape it has instead of its own ends here.
        raise broken(path, "Parquet", f"{type(odd).__name__}: {odd}") from odd
