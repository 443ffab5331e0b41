"""Bare columns of GeoParquet (列式矢量): geometry as WKB, without one Python object per feature.

For work on many millions of rows; nothing here loads pandas or GDAL, which take longer to load than a
million parcels take to overlay.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from data.errors import ColumnMissing, FileUnusable

LIKELY = ("geometry", "geom", "wkb_geometry", "wkb", "shape")
"""Binary columns taken as geometry where no metadata names one"""


@dataclass(frozen=True, slots=True)
class WkbBatches:
    """Some columns of a GeoParquet, batch after batch.

    Parameters
    ----------
    batches : record batches; read as they are asked for, so that a file may be larger than the memory
    geometry : name of the geometry column in each batch: binary or large_binary, WKB; null where missing
    crs : as declared; longitude and latitude of WGS 84 where the file is silent; None where it says null
        or what PROJ does not know
    """

    batches: Iterator[pa.RecordBatch]
    geometry: str
    crs: CRS | None


@dataclass(frozen=True, slots=True)
class Geo:
    """What the metadata says: name of the geometry column, its encoding and CRS as written."""

    column: str
    encoding: str
    crs: str | None
    declared: bool


def wkb_batches(path: Path, columns: Sequence[str], rows: int = 1 << 16) -> WkbBatches:
    """Geometry as WKB and some attributes, nothing built from either.

    Parameters
    ----------
    columns : attributes to read; nothing else leaves the disk
    rows : of a batch, at the most

    Raises
    ------
    ColumnMissing : one of the columns is not there
    FileUnusable : there is no geometry column
    FileBroken : it is no whole Parquet file; also while the batches are read
    """
    with in_our_words(path):
        file = pq.ParquetFile(path, memory_map=True)
        geo = geo_of(file)
    names = file.schema_arrow.names
    if geo is None:
        raise FileUnusable(f"{path.name} has no geometry column: {', '.join(names)}. Save it as GeoParquet.")
    for column in columns:
        if column not in names:
            raise ColumnMissing(column, path.name, names)
    return WkbBatches(_read(file, geo, columns, rows, path), geo.column, _crs(geo.crs))


def _read(
    file: pq.ParquetFile, geo: Geo, columns: Sequence[str], rows: int, path: Path
) -> Iterator[pa.RecordBatch]:
    names = list(dict.fromkeys([geo.column, *columns]))
    with in_our_words(path):
        if geo.encoding.upper() != "WKB":
            yield from _turned_into_wkb(path, geo, names).to_batches(rows)
            return
        at = names.index(geo.column)
        for batch in file.iter_batches(rows, columns=names, use_pandas_metadata=False):
            batch = batch.select(names)
            column = batch.column(at)
            if isinstance(column.type, pa.BaseExtensionType):
                column = column.storage
            if not pa.types.is_large_binary(column.type):
                column = column.cast(pa.binary())
            yield batch.set_column(at, geo.column, column)


def _turned_into_wkb(path: Path, geo: Geo, names: Sequence[str]) -> pa.Table:
    """The columns with geometry as WKB, out of the other encodings of GeoParquet 1.1."""
    import geopandas as gpd

    shapes = gpd.read_parquet(path, columns=[geo.column])[geo.column]
    others = [name for name in names if name != geo.column]
    table = pq.read_table(path, columns=others, use_pandas_metadata=False) if others else pa.table({})
    return table.append_column(geo.column, pa.array(shapely.to_wkb(np.asarray(shapes)), pa.binary()))


def geo_of(file: pq.ParquetFile) -> Geo | None:
    """The metadata key `geo` of GeoParquet; else a binary column of a likely name."""
    schema = file.schema_arrow
    said = (schema.metadata or {}).get(b"geo")
    if said is None:
        binary = [f.name for f in schema if pa.types.is_binary(f.type) or pa.types.is_large_binary(f.type)]
        likely = [name for name in binary if name.lower() in LIKELY]
        return Geo(likely[0], "WKB", None, declared=False) if likely else None
    known = json.loads(said)
    name = known["primary_column"]
    about: dict[str, Any] = known["columns"][name]
    if name not in schema.names:
        raise ValueError(f"its metadata names a geometry column {name!r} that is not there")
    crs = about.get("crs", "OGC:CRS84")
    return Geo(
        name, about.get("encoding", "WKB"), crs if isinstance(crs, str) else crs and json.dumps(crs), True
    )


@contextmanager
def in_our_words(path: Path) -> Iterator[None]:
    """Whatever Arrow says of a file that is none, as FileBroken."""
    try:
        yield
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError, AttributeError) as odd:
        from data.formats.opening import broken

        # The metadata is free JSON: whatever shape it has instead of its own ends here.
        raise broken(path, "Parquet", f"{type(odd).__name__}: {odd}") from odd


def _crs(said: str | None) -> CRS | None:
    try:
        return CRS.from_user_input(said) if said else None
    except CRSError:
        return None
