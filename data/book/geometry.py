"""Geometry as a GeoPackage keeps it (GeoPackageBinary): a header with the envelope, then WKB.

Every feature is kept as a MultiPolygon, so that a table has one geometry type and a desktop GIS opens it
as one layer. A polygon of one part is handed back as a Polygon.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from data.errors import LayerUnusable

SRS_ID = 4490
POLYGON, MULTIPOLYGON = 3, 6

# A little-endian WKB MultiPolygon that holds one polygon begins with these nine bytes.
_ONE_PART = b"\x01\x06\x00\x00\x00\x01\x00\x00\x00"
_HEAD = np.dtype([
    ("magic", "S2"),
    ("version", "u1"),
    ("flags", "u1"),
    ("srs", "<i4"),
    ("box", "<f8", 4),
    ("part", "V9"),
])
_LITTLE_ENDIAN_WITH_XY_BOX = 0b0000_0011
_PLAIN = _HEAD.itemsize - len(_ONE_PART)
_HEAD_BYTES = {0: 8, 1: 40, 2: 56, 3: 56, 4: 72}
_BOX_ORDER = [0, 2, 1, 3]


def blobs(shapes: NDArray[np.object_], boxes: NDArray[np.float64] | None = None) -> list[bytes | None]:
    """GeoPackageBinary of polygons and multipolygons; None where there is no geometry or an empty one.

    Parameters
    ----------
    shapes : (n,) shapely polygons in EPSG:4490; heights are left behind
    boxes : (n, 4) their west, south, east, north, if already at hand

    Raises
    ------
    LayerUnusable : something is neither a polygon nor a multipolygon
    """
    types = shapely.get_type_id(shapes)
    _refuse_what_is_no_polygon(shapes, types)
    boxes = shapely.bounds(shapes) if boxes is None else boxes
    heads = np.zeros(len(shapes), _HEAD)
    heads["magic"], heads["flags"], heads["srs"] = b"GP", _LITTLE_ENDIAN_WITH_XY_BOX, SRS_ID
    heads["box"] = boxes[:, _BOX_ORDER]
    heads["part"] = np.void(_ONE_PART)
    packed = heads.tobytes()
    size = _HEAD.itemsize
    ends = (np.arange(len(shapes)) * size + np.where(types == POLYGON, size, _PLAIN)).tolist()
    wkb = shapely.to_wkb(shapes, output_dimension=2, byte_order=1, flavor="iso").tolist()
    whole = [
        packed[start:end] + body if body is not None else None
        for start, end, body in zip(range(0, len(packed), size), ends, wkb, strict=True)
    ]
    for empty in np.flatnonzero(np.isnan(boxes[:, 0])).tolist():
        whole[empty] = None
    return whole


def _refuse_what_is_no_polygon(shapes: NDArray[np.object_], types: NDArray[np.int32]) -> None:
    odd = np.flatnonzero((types != POLYGON) & (types != MULTIPOLYGON) & (types != -1))
    if len(odd):
        names = sorted({shapes[i].geom_type for i in odd})
        rows = ", ".join(str(i) for i in odd[:10])
        raise LayerUnusable(
            f"{len(odd)} features are {', '.join(names)} (rows {rows} counted from 0), and a book keeps "
            "polygons. Close the outlines, or leave these features out."
        )


def wkb(blob: bytes | None) -> bytes | None:
    """The WKB inside; a multipolygon of one part as a polygon.

    >>> square = shapely.box(113, 34, 114, 35)
    >>> shapely.from_wkb(wkb(blobs(np.array([square]))[0])).equals(square)
    True
    """
    if blob is None:
        return None
    start = _HEAD_BYTES[blob[3] >> 1 & 7]
    body = start + len(_ONE_PART)
    return blob[body:] if blob[start:body] == _ONE_PART else blob[start:]


def wkbs(kept: Sequence[bytes | None]) -> list[bytes | None]:
    """The WKB inside of each, as `wkb` has it; the usual case without a call for each."""
    head, usual = _HEAD.itemsize, _LITTLE_ENDIAN_WITH_XY_BOX
    return [
        blob[head:] if blob and blob[3] == usual and blob[_PLAIN:head] == _ONE_PART else wkb(blob)
        for blob in kept
    ]


def shapes(kept: Sequence[bytes | None]) -> NDArray[Any]:
    """Shapely geometries, None where there is none."""
    out: NDArray[Any] = shapely.from_wkb(wkbs(kept))
    return out
