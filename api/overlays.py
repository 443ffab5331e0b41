"""Overlay of two files (`mutan overlay`): a row for each zone and class.

GeoParquet goes through as bare WKB, batch by batch, in bounded memory; any other format as a layer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyproj
import shapely

from data import formats
from data.errors import ColumnMissing, FileUnusable, LayerUnusable
from data.formats.wkb_columns import wkb_batches
from data.units import m2_to_mu
from geo.overlay import Batch, Zones, area_by_class
from geo.rings import Rings
from geo.surfaces import Plane, Surface, surface

BATCH = 1 << 16


class Classes:
    """Numbers given to classes as they are met; a missing class is one of its own."""

    def __init__(self) -> None:
        self.names: dict[Any, int] = {}

    def number(self, column: pa.Array) -> np.ndarray[Any, np.dtype[np.int64]]:
        """The number of each value of a column."""
        coded = column.dictionary_encode(null_encoding="encode")
        known = [self.names.setdefault(name, len(self.names)) for name in coded.dictionary.to_pylist()]
        return np.asarray(known, np.int64)[coded.indices.to_numpy(zero_copy_only=False)]


def overlay_files(
    parcels: Path,
    zones: Path,
    *,
    by: str,
    zone: str,
    parcels_crs: str | None = None,
    zones_crs: str | None = None,
    area: str = "ellipsoid",
    threads: int = 2,
) -> pa.Table:
    """Area and pieces of each class of parcels in each zone.

    Parameters
    ----------
    by, zone : column of the parcels whose values are the classes; column of the zones that names them
    area : ellipsoid, or plane: that of the CRS in which the parcels are given, into which zones are brought

    Returns
    -------
    columns zone, class, area_m2, area_mu, pieces; sorted by zone as in its file, then class; classes that
    a zone does not hold are left out. The key `area` of its metadata says where areas were measured.

    Raises
    ------
    MutanError : a file cannot be read, a column is missing, a CRS cannot be told, a zone is invalid, or the
        parcels have no plane to measure in
    """
    given = _parcels(parcels, by, parcels_crs)
    on = surface(area, given.crs)
    names, ready = _zones(zones, zone, zones_crs, on)
    classes = Classes()
    total, pieces = area_by_class(_batches(given, classes, ready), ready, threads)
    order = sorted(classes.names, key=lambda name: (name is None, str(name)))
    column = np.array([classes.names[name] for name in order], np.int64)
    total, pieces = total[:, column], pieces[:, column]
    row, of_class = np.nonzero(pieces)
    found = total[row, of_class]
    table = pa.table({
        "zone": [names[i] for i in row],
        "class": [None if order[j] is None else str(order[j]) for j in of_class],
        "area_m2": found,
        "area_mu": m2_to_mu(found),
        "pieces": pieces[row, of_class],
    })
    return table.replace_schema_metadata({"area": on.words})


def write_rows(rows: pa.Table, where: Path | IO[bytes]) -> None:
    """The rows as CSV, Parquet or JSON, by extension; CSV on a stream.

    Raises
    ------
    FileUnusable : the extension is none of these
    """
    import pyarrow.csv

    if not isinstance(where, Path):
        return pyarrow.csv.write_csv(rows, where)
    suffix, sink = where.suffix.lower(), pa.BufferOutputStream()
    if suffix == ".csv":
        pyarrow.csv.write_csv(rows, sink)
    elif suffix == ".parquet":
        import pyarrow.parquet

        pyarrow.parquet.write_table(rows, sink)
    elif suffix == ".json":
        import orjson

        sink.write(orjson.dumps(rows.to_pylist(), option=orjson.OPT_INDENT_2))
    else:
        raise FileUnusable(
            f"The overlay is written as .csv, .parquet or .json, not as {suffix or 'nothing'}."
        )
    from data.formats.whole import whole_or_not

    with whole_or_not(where) as beside:
        beside.write_bytes(sink.getvalue())
    return None


def _zones(path: Path, column: str, crs: str | None, on: Surface) -> tuple[list[str], Zones]:
    plane = on.crs if isinstance(on, Plane) else None
    if path.suffix.lower() == ".parquet" and crs is None:
        whole = wkb_batches(path, [column])
        batches = list(whole.batches)
        names = [str(name) for each in batches for name in each.column(column).to_pylist()]
        wkb = [each.column(whole.geometry).to_numpy(zero_copy_only=False) for each in batches]
        shapes = shapely.from_wkb(np.concatenate(wkb))
        return names, Zones(shapes, _known(whole.crs, path), names, plane=plane)
    frame = _layer(path, column, crs)
    names = frame[column].astype(str).tolist()
    return names, Zones(frame.geometry, frame.crs, names, plane=plane)


@dataclass(frozen=True, slots=True)
class _Given:
    """Parcels of a file: their CRS, and batch after batch their outlines and classes."""

    crs: pyproj.CRS
    batches: Iterator[tuple[Rings, pa.Array]]


def _parcels(path: Path, by: str, crs: str | None) -> _Given:
    if path.suffix.lower() == ".parquet" and crs is None:
        whole = wkb_batches(path, [by], BATCH)
        some = ((_rings(each.column(whole.geometry)), each.column(by)) for each in whole.batches)
        return _Given(_known(whole.crs, path), some)
    frame = _layer(path, by, crs)
    shapes, values = np.asarray(frame.geometry), pa.array(frame[by], from_pandas=True)
    starts = range(0, len(frame), BATCH)
    return _Given(frame.crs, ((Rings.of(shapes[at : at + BATCH]), values.slice(at, BATCH)) for at in starts))


def _batches(given: _Given, classes: Classes, zones: Zones) -> Iterator[Batch]:
    for rings, values in given.batches:
        held, meridian = zones.surface.parcels(rings, given.crs)
        yield Batch(held, classes.number(values), meridian)


def _rings(column: pa.Array) -> Rings:
    """The rings of a WKB column, read from its buffer."""
    wide = column.cast(pa.large_binary())
    starts = np.frombuffer(wide.buffers()[1], np.int64)[wide.offset : wide.offset + len(wide) + 1]
    data = np.frombuffer(wide.buffers()[2] or b"", np.uint8)
    return Rings.of_wkb(data[starts[0] : starts[-1]], starts - starts[0])


def _layer(path: Path, column: str, crs: str | None) -> Any:
    import geopandas as gpd

    from geo.crs import declare_anywhere

    frame = formats.read(path).frame
    if not isinstance(frame, gpd.GeoDataFrame):
        raise LayerUnusable(f"{path.name} has no geometry to overlay. Give the file that holds the polygons.")
    if column not in frame:
        raise ColumnMissing(column, "mutan overlay", list(frame.columns))
    return declare_anywhere(frame, crs)[0]


def _known(crs: pyproj.CRS | None, path: Path) -> pyproj.CRS:
    if crs is None:
        from data.errors import CrsMissing

        raise CrsMissing(f"{path.name} declares no CRS. Say it with --parcels-crs or --zones-crs EPSG:….")
    return crs
