"""Layers through GDAL (矢量数据): GeoPackage, FileGDB, FlatGeobuf, GeoJSON.

Attributes come over Arrow, so that text stays text and whole numbers stay whole; geometries come as WKB,
so that curves are seen before GDAL draws them as straight lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyogrio
from numpy.typing import NDArray
from pyogrio import raw

from data.errors import FileUnusable
from data.formats.faults import odd_geometries, reader_fault
from data.formats.frames import crs_of, frame_of, unique_names
from data.formats.json_scan import declared_crs, scan
from data.formats.opening import digest, gdal, sniff
from data.formats.wkb import CURVES, SURFACES, geometries, wkb_types
from data.records import Fault, Source, Table

FORMATS = {".gpkg": "GeoPackage", ".gdb": "FileGDB", ".fgb": "FlatGeobuf"}
NOT_DATA = {"layer_styles", "qgis_projects"}
"""Tables that QGIS leaves in a GeoPackage"""


def read_vector(path: Path, *, layer: str | None = None, encoding: str | None = None) -> Table:
    """A layer of a GeoPackage, FileGDB or FlatGeobuf. Their text is UTF-8 by definition."""
    kind = FORMATS[path.suffix.lower()]
    faults: list[Fault] = []
    # GDAL's own Arrow stream of FlatGeobuf hands over broken offsets where a geometry is empty.
    with gdal(path, kind, faults, OGR_FLATGEOBUF_STREAM_BASE_IMPL="YES"):
        layers = [(str(name), shape) for name, shape in pyogrio.list_layers(path)]
        chosen = choose_layer(layers, layer, path, faults)
        meta, columns = raw.read_arrow(path, layer=chosen, datetime_as_string=False)
        columns, column = split_geometry(meta, columns)
        straight = _straight(path, chosen, column, faults)
    source = Source(str(path), digest([path]), kind, chosen, "utf-8")
    return assemble(meta, columns, straight, source, faults)


def read_json(path: Path, *, layer: str | None = None, encoding: str | None = None) -> Table:
    """A GeoJSON, with the CRS of its old `crs` member where it has one; a TopoJSON goes to its own reader.

    RFC 7946 fixes WGS 84 longitude and latitude, and UTF-8. Dates stay text, as JSON has none.
    """
    if sniff(path) == "topojson":
        from data.formats.topojson import read_topojson

        return read_topojson(path, layer=layer, encoding=encoding)
    text, used = scan(path, "GeoJSON", encoding)
    faults: list[Fault] = []
    crs = declared_crs(text, path, faults)
    # The driver is named, for GDAL would otherwise take any JSON dialect that it knows.
    with gdal(path, "GeoJSON", faults, OGR_GEOJSON_MAX_OBJ_SIZE="0"):
        meta, columns = raw.read_arrow(
            f"GeoJSON:{path}" if text is path else text, layer=layer, return_fids=True, DATE_AS_STRING="YES"
        )
    columns, column = split_geometry(meta, columns)
    meta["crs"] = crs
    columns = _with_ids(columns, meta["fid_column"])
    source = Source(str(path), digest([path]), "GeoJSON", layer or "", used)
    return assemble(meta, columns, column, source, faults)


def _with_ids(columns: pa.Table, fid: str) -> pa.Table:
    """Whole-number ids of features are kept when they say more than the order does."""
    at = columns.column_names.index(fid)
    ids, columns = columns.column(at), columns.remove_column(at)
    if "id" in columns.column_names or np.array_equal(ids.to_numpy(), np.arange(len(ids))):
        return columns
    return columns.add_column(0, "id", ids)


def choose_layer(
    layers: Sequence[tuple[str, str | None]], wanted: str | None, path: Path, faults: list[Fault]
) -> str:
    """The layer asked for; else the only one; else the only one with polygons, with a warning.

    Parameters
    ----------
    layers : name and geometry type of each, None for a table without geometry

    Raises
    ------
    FileUnusable : there is none, none of that name, or several; the message lists them
    """
    layers = [pair for pair in layers if pair[0] not in NOT_DATA or pair[0] == wanted]
    names = [name for name, _ in layers]
    listed = ", ".join(f"{name} ({shape or 'no geometry'})" for name, shape in layers)
    if not layers:
        raise FileUnusable(f"{path.name} holds no layer. Export the data again, with its features.")
    if wanted is not None:
        if wanted in names:
            return wanted
        near = (get_close_matches(wanted, names, 1, 0.5) or names)[0]
        raise FileUnusable(
            f"{path.name} has no layer {wanted!r}, perhaps {near}. It has: {listed}. Name one."
        )
    if len(layers) == 1:
        return names[0]
    maybe = [n for n, shape in layers if shape and re.search("Polygon|Surface|Unknown|Collection", shape)]
    if len(maybe) == 1:
        faults.append(
            reader_fault(
                "layer_chosen",
                f"There are several layers: {listed}. Only {maybe[0]} can hold polygons; it was taken.",
                "Name the layer, if you meant another.",
                file=path.name,
                layer=maybe[0],
            )
        )
        return maybe[0]
    raise FileUnusable(f"{path.name} has several layers: {listed}. Name the one to take (--layer).")


def split_geometry(meta: dict[str, Any], columns: pa.Table) -> tuple[pa.Table, pa.ChunkedArray | None]:
    """Attributes, and the WKB column: what is not a field and not the id is the geometry."""
    fields = {*meta["fields"], meta["fid_column"]}
    last = columns.num_columns - 1
    if meta["geometry_type"] is None or (
        last >= 0
        and columns.column_names[last] in fields - {""}
        and not pa.types.is_binary(columns.column(last).type)
    ):
        return columns, None
    return columns.remove_column(last), columns.column(last)


def _straight(
    path: Path, layer: str, column: pa.ChunkedArray | None, faults: list[Fault]
) -> pa.ChunkedArray | None:
    """The column, with curves drawn as straight lines by GDAL (one vertex every 4 degrees of arc)."""
    if column is None:
        return None
    types = wkb_types(column)
    curved = int(np.isin(types, list(CURVES)).sum())
    bodies = int(np.isin(types, list(SURFACES)).sum())
    if bodies:
        raise FileUnusable(
            f"{path.name}, layer {layer}: {bodies} geometries are surfaces in space (TIN or polyhedral), "
            "which we do not read. Export them as polygons."
        )
    if not curved:
        return column
    faults.append(
        reader_fault(
            "curves_linearised",
            f"{curved} geometries have arcs; each arc was replaced by straight lines, one every 4 degrees.",
            "Round outlines come out up to 0.1 % small; densify the arcs in the source, if that matters.",
            file=path.name,
            layer=layer,
        )
    )
    return pa.chunked_array([pa.array(raw.read(path, layer=layer, columns=[])[2], pa.binary())])


def assemble(
    meta: dict[str, Any],
    columns: pa.Table,
    column: pa.ChunkedArray | None,
    source: Source,
    faults: list[Fault],
) -> Table:
    """The Table out of what GDAL handed over, with the faults of its geometries."""
    file = Path(source.path).name
    columns = columns.rename_columns(unique_names(columns.column_names, file, faults))
    shapes: NDArray[np.object_] | None = None
    if column is not None:
        shapes = geometries(column, faults, {"file": file, "layer": source.layer})
        faults += odd_geometries(shapes, file=file, layer=source.layer)
    frame = frame_of(columns, shapes, crs_of(meta["crs"], file, faults))
    return Table(frame, source, tuple(faults))
