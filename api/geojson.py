"""GeoJSON as bytes (RFC 7946), from WKB without an object for each shape.

All vertices of a page are rounded and turned at once; a feature's coordinates are a slice of that array,
which the serialiser writes straight from memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from geo.rings import Rings

# a ten-millionth of a degree is about a centimetre
DECIMALS = 7
OPTIONS = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS

Geometry = dict[str, Any] | None


def geometries(wkb: Sequence[bytes | None], decimals: int = DECIMALS) -> list[Geometry]:
    """GeoJSON geometries of WKB polygons and multipolygons; None where there is none.

    Outlines run against the clock and holes with it.

    >>> import shapely
    >>> box = shapely.to_wkb(shapely.box(0, 0, 1, 1, ccw=False))
    >>> geometries([box, None])[0]["coordinates"][0].tolist()
    [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]]
    """
    rings = _rings(wkb)
    xy = _rounded(rings, decimals)
    starts = rings.ring_starts.tolist()
    spans = pairwise(starts)
    if len(rings.owner) == rings.size and not rings.is_hole.any():
        # one ring each and none missing: what nearly every page of parcels is
        return [{"type": "Polygon", "coordinates": (xy[a:b],)} for a, b in spans]
    found: list[Geometry] = [None] * rings.size
    owners, holes = rings.owner.tolist(), rings.is_hole.tolist()
    for (a, b), owner, hole in zip(spans, owners, holes, strict=True):
        made = found[owner]
        if made is None:
            found[owner] = {"type": "Polygon", "coordinates": [xy[a:b]]}
        elif hole:
            (made["coordinates"] if made["type"] == "Polygon" else made["coordinates"][-1]).append(xy[a:b])
        elif made["type"] == "Polygon":
            found[owner] = {"type": "MultiPolygon", "coordinates": [made["coordinates"], [xy[a:b]]]}
        else:
            made["coordinates"].append([xy[a:b]])
    return found


def point(x: float, y: float, decimals: int = DECIMALS) -> Geometry:
    """A GeoJSON point."""
    return {"type": "Point", "coordinates": [round(x, decimals), round(y, decimals)]}


def features(
    ids: Iterable[Any], shapes: Iterable[Geometry], names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> list[dict[str, Any]]:
    """GeoJSON features, ready to be serialised with `OPTIONS`."""
    return [
        {"type": "Feature", "id": own, "geometry": shape, "properties": dict(zip(names, row, strict=True))}
        for own, shape, row in zip(ids, shapes, rows, strict=True)
    ]


def dumped(document: Mapping[str, Any]) -> bytes:
    """A document that holds what this module makes."""
    return orjson.dumps(document, option=OPTIONS)


def _rings(wkb: Sequence[bytes | None]) -> Rings:
    whole = [blob or b"" for blob in wkb] if None in wkb else wkb
    starts = np.zeros(len(whole) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, whole), np.int64, len(whole)), out=starts[1:])
    return Rings.of_wkb(np.frombuffer(b"".join(whole), np.uint8), starts)  # type: ignore[arg-type]


def _rounded(rings: Rings, decimals: int) -> NDArray[np.float64]:
    """(vertices, 2) rounded coordinates, each ring in the direction that RFC 7946 wants."""
    xy = np.empty((len(rings.x), 2))
    xy[:, 0], xy[:, 1] = rings.x, rings.y
    if not len(xy):
        return xy
    # Twice the signed area, about each ring's own first vertex, so that no digits are lost.
    starts = rings.ring_starts[:-1]
    counts = np.diff(rings.ring_starts)
    dx, dy = rings.x - np.repeat(rings.x[starts], counts), rings.y - np.repeat(rings.y[starts], counts)
    cross = np.zeros(len(xy))
    cross[:-1] = dx[:-1] * dy[1:] - dx[1:] * dy[:-1]
    cross[rings.ring_starts[1:] - 1] = 0
    wrong = (np.add.reduceat(cross, starts) < 0) != rings.is_hole
    for ring in np.flatnonzero(wrong).tolist():
        a, b = rings.ring_starts[ring], rings.ring_starts[ring + 1]
        xy[a:b] = xy[a:b][::-1].copy()
    scale = 10.0**decimals
    xy *= scale
    np.rint(xy, out=xy)
    xy /= scale
    return xy
