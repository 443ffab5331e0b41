"""Widths (最小宽度): how narrow a polygon is at its narrowest, and as a whole.

Two figures, for they answer two questions.

`necks` is the narrowest place (瓶颈宽度): the smallest opening that changes the shape, that is, cuts it
apart, breaks a ring of land open, or leaves nothing of it. An opening by d rubs out all that a disc of
diameter d does not fit into. A rectangle's is its shorter side; that of two fields with a lane between them
is the lane's. A lane that ends blind cuts nothing apart, and does not count.
`bands` is the width of the whole (外接矩形宽): the shorter side of the smallest rectangle round it.

An opening is taken at a ladder of widths, each half as large again as the one before, then between two rungs
to 5e-4: a neck between lands that are less than half as wide again as itself is no neck, but part of a strip.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.rings import Floats

STEP = 1.5
TOP = 0.99
PRECISE = 5e-4
COARSE = 0.05
MOST = 10_000
FINE = 1e-4
"""Outlines with more vertices are first drawn to so much of the side of a square as large; some cannot be"""
LEAST_M = 1e-3
SMOOTH = 0.002
ARC = 6
"""Chords in a quarter of the disc: it is never more than 1 % too small"""
Shapes = NDArray[np.object_]


def necks(shapes: Any) -> Floats:
    """(n,) width of the narrowest place of each shape, metres; of several parts, that of the narrowest.

    Parameters
    ----------
    shapes : (n,) valid polygons of a plane true to scale; nan comes of what is none, and of outlines with so
        many vertices that it cannot be told

    >>> field, lane = shapely.box(0, 0, 100, 100), shapely.box(100, 45, 150, 55)
    >>> two = shapely.union_all([field, lane, shapely.box(150, 0, 250, 100)])
    >>> necks([field, two]).round(2).tolist()
    [100.0, 10.0]
    """
    parts, owner = shapely.get_parts(np.asarray(shapes, dtype=object), return_index=True)
    found = np.full(len(shapes), np.inf)
    if len(parts):
        np.minimum.at(found, owner, [_neck(part) for part in parts])
    found[~np.isfinite(found)] = np.nan
    return found


def bands(shapes: Any) -> Floats:
    """(n,) shorter side of the smallest rectangle round each shape, metres; of several parts, the least.

    >>> bands([shapely.box(0, 0, 30, 40), None]).tolist()
    [30.0, nan]
    """
    parts, owner = shapely.get_parts(np.asarray(shapes, dtype=object), return_index=True)
    found = np.full(len(shapes), np.inf)
    boxes = shapely.oriented_envelope(parts)
    points, of = shapely.get_coordinates(boxes, return_index=True)
    first = np.searchsorted(of, np.flatnonzero(shapely.get_type_id(boxes) == shapely.GeometryType.POLYGON))
    sides = [np.hypot(*(points[first + step + 1] - points[first + step]).T) for step in (0, 1)]
    if len(first):
        np.minimum.at(found, owner[of[first]], np.minimum(*sides))
    found[~np.isfinite(found)] = np.nan
    return found


def _neck(part: shapely.Geometry) -> float:
    """The narrowest place of one polygon."""
    if part.is_empty or part.area <= 0:
        return np.inf
    if shapely.get_num_coordinates(part) > MOST:
        part = shapely.simplify(part, part.area**0.5 * FINE, preserve_topology=False)
        if shapely.get_num_coordinates(part) > MOST or part.geom_type != "Polygon" or not part.is_valid:
            return np.inf
    if not len(part.interiors) and shapely.area(shapely.convex_hull(part)) <= part.area * (1 + 1e-6):
        return _inscribed(part, 2e-4)
    slack = part.area / part.length * COARSE  # the circle is slow where many are nearly as large
    widest = _inscribed(part, COARSE)
    low, high, left = _rungs(part, widest)
    high = min(high, widest + 2.1 * slack)
    while high - low > PRECISE * high:
        middle = (low + high) / 2
        less = _eroded(left, middle - low)
        if _same(less, part):
            low, left = middle, less
        else:
            high = middle
    return float(high)


def _inscribed(part: shapely.Geometry, share: float) -> float:
    """Diameter of the largest disc in a polygon, less than this share of A / P too small."""
    tolerance = part.area / part.length * share
    return float(2 * shapely.length(shapely.maximum_inscribed_circle(part, tolerance=tolerance)))


def _rungs(part: shapely.Geometry, widest: float) -> tuple[float, float, shapely.Geometry]:
    """Two widths, and what is left at the first: the shape is one there, and not at the second.

    The second is inf where the shape is one until a disc of the widest place fits in no more.
    """
    least = max(float(shapely.minimum_clearance(part)) / STEP, LEAST_M)  # no neck is narrower than it
    count = max(int(np.ceil(np.log(widest / least) / np.log(STEP))), 1)
    low, left = 0.0, part
    for rung in widest * TOP / STEP ** np.arange(count, -1, -1.0):
        less = _eroded(left, rung - low)
        if not _same(less, part):
            return low, float(rung), left
        plain = shapely.simplify(less, rung * SMOOTH, preserve_topology=False)
        low, left = float(rung), plain if shapely.is_valid(plain) and _same(plain, part) else less
    return low, np.inf, left


def _eroded(shape: shapely.Geometry, width: float) -> shapely.Geometry:
    """What is left of a shape when half a width is taken off all round: a step on the way inwards."""
    return shapely.buffer(shape, -width / 2, quad_segs=ARC)


def _same(left: shapely.Geometry, part: shapely.Geometry) -> bool:
    """Whether what is left has as many parts and holes as there were."""
    return left.geom_type == "Polygon" and not left.is_empty and len(left.interiors) == len(part.interiors)
