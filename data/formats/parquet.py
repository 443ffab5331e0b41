"""GeoParquet (列式矢量) as a frame; `wkb_columns` reads bare columns of it."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from data.errors import FileUnusable
from data.formats.faults import odd_geometries, reader_fault
from data.formats.frames import crs_of, frame_of, unique_names
from data.formats.opening import digest
from data.formats.wkb import CURVES, SURFACES, geometries, wkb_types
from data.formats.wkb_columns import Geo, geo_of, in_our_words
from data.records import Fault, Source, Table


def read_parquet(path: Path, *, layer: str | None = None, encoding: str | None = None) -> Table:
    """A GeoParquet as a GeoDataFrame; a Parquet without geometry as a DataFrame."""
    faults: list[Fault] = []
    with in_our_words(path):
        file = pq.ParquetFile(path)
        geo = geo_of(file)
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


def _as_wkb(column: pa.ChunkedArray, geo: Geo, path: Path) -> pa.ChunkedArray:
    """The column as binary; the other encodings of GeoParquet 1.1 are turned into WKB."""
    if isinstance(column.type, pa.BaseExtensionType):
        column = pa.chunked_array([chunk.storage for chunk in column.chunks], column.type.storage_type)
    if geo.encoding.upper() == "WKB":
        return column if pa.types.is_large_binary(column.type) else column.cast(pa.binary())
    with in_our_words(path):
        shapes = gpd.read_parquet(path, columns=[geo.column])[geo.column]
    return pa.chunked_array([pa.array(shapely.to_wkb(np.asarray(shapes)), pa.binary())])


def _say_undeclared(geo: Geo, path: Path, faults: list[Fault]) -> None:
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
