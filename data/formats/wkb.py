"""Geometry bytes (WKB): which types they hold, and geometries out of them, nothing lost in silence."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from data.formats.faults import each
from data.records import Fault, Severity

Geometries = NDArray[np.object_]

CURVES = {8, 9, 10, 11, 12, 13, 14}
"""CircularString, CompoundCurve, CurvePolygon, MultiCurve, MultiSurface, Curve, Surface"""

SURFACES = {15, 16, 17}
"""PolyhedralSurface, TIN, Triangle: three-dimensional bodies, which no area is made of here"""


def wkb_types(column: pa.Array | pa.ChunkedArray) -> NDArray[np.int64]:
    """Geometry type of each value: 1 Point … 7 GeometryCollection, 8-17 curves and bodies, 0 missing.

    Parameters
    ----------
    column : (n,) binary or large_binary, WKB of either byte order, ISO or extended

    >>> wkb_types(pa.array([shapely.to_wkb(shapely.Point(1, 2)), None])).tolist()
    [1, 0]
    """
    if isinstance(column, pa.ChunkedArray):
        parts = [wkb_types(chunk) for chunk in column.chunks]
        return np.concatenate(parts) if parts else np.zeros(0, np.int64)
    wide = pa.types.is_large_binary(column.type)
    codes = np.zeros(len(column), np.int64)
    if not len(column) or column.buffers()[2] is None:
        return codes
    offsets = np.frombuffer(column.buffers()[1], np.int64 if wide else np.int32)
    offsets = offsets[column.offset : column.offset + len(column) + 1].astype(np.int64)
    data = np.frombuffer(column.buffers()[2], np.uint8)
    there = np.flatnonzero(np.diff(offsets) >= 5)
    start = offsets[there]
    four: NDArray[np.uint8] = np.stack([data[start + k] for k in range(1, 5)], axis=1)
    code = np.where(data[start] == 1, four.view("<u4")[:, 0], four.view(">u4")[:, 0]).astype(np.int64)
    codes[there] = (code & 0x1FFFFFFF) % 1000
    return codes


def geometries(column: pa.Array | pa.ChunkedArray, faults: list[Fault], about: dict[str, Any]) -> Geometries:
    """Geometries out of WKB; what cannot be one becomes None, with a fault that names its row.

    A ring that is not closed is closed, with a warning.

    Parameters
    ----------
    column : (n,) WKB
    faults : list to which faults are added
    about : `file`, `layer` and `first_row` for the faults
    """
    raw = column.to_numpy(zero_copy_only=False) if isinstance(column, pa.Array) else column.to_numpy()
    with np.errstate(invalid="ignore"):
        shapes: Geometries = shapely.from_wkb(raw, on_invalid="ignore")
    missing = np.array(column.is_null())
    lost = np.flatnonzero(shapely.is_missing(shapes) & ~missing)
    if not len(lost):
        return shapes
    shapes[lost] = shapely.from_wkb(raw[lost], on_invalid="fix")
    mended = ~shapely.is_missing(shapes[lost])
    faults += each(
        "ring_closed",
        lost[mended],
        "a ring was not closed; it was closed with a straight line.",
        "Check the outline of this feature.",
        severity=Severity.WARNING,
        **about,
    )
    faults += each(
        "geometry_unreadable",
        lost[~mended],
        "its geometry cannot be read: a ring with fewer than three points, or damaged bytes. "
        "The row is kept without a geometry.",
        "Draw this feature again.",
        **about,
    )
    return shapes
