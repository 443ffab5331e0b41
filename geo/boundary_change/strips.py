"""Strips (细条): land along a boundary that is narrower than a tolerance, and so is drawing and not meant.

All shapes are in a plane true to scale, metres, on a grid of a micrometre: offsets of buffers would else
leave threads of a nanometre along every edge.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.rings import Floats, Rings

EMPTY = shapely.Polygon()
GRID_M = 1e-6
"""A survey tells coordinates to 0.1 mm; a micrometre along a kilometre is 0.001 m²"""
JOIN_M = 1e-5
WORTH_A_TREE = 1_000_000  # pairs of vertices
THREAD_M = 2e-4
"""Sides are cut to 70 m in a plane in which they bend: a point on a side lies off it by up to 0.1 mm there"""
TAIL = 20
"""A thin piece that hangs on a wide one is a strip when it is so many tolerances long, else a corner"""
_buffer = partial(shapely.buffer, quad_segs=2, join_style="mitre")


def polygonal(shape: shapely.Geometry) -> shapely.Geometry:
    """What of a shape has an area, as one polygon or multipolygon; an empty polygon where nothing has."""
    if shape.geom_type in ("Polygon", "MultiPolygon"):
        return shape
    parts = shapely.get_parts(shapely.get_parts(shape))
    areal = [part for part in parts if part.geom_type == "Polygon"]
    return shapely.union_all(areal) if areal else EMPTY


def as_one(shapes: NDArray[np.object_]) -> shapely.Geometry:
    """Polygons as one shape on the grid; no threads are left between neighbours.

    Plots that share a side, but not its points, do not fit to the last digit in a plane in which sides bend.

    Parameters
    ----------
    shapes : (n,) polygons of the plane, None for none. A needle that is valid where it was drawn may cross
        itself here, for its edges bend: it is made valid.
    """
    held = shapes[~shapely.is_missing(shapes)]
    if not len(held):
        return EMPTY
    whole = polygonal(shapely.union_all(fitted(valid(held))))
    return polygonal(shapely.set_precision(shapely.set_precision(whole, GRID_M), 0))


def fitted(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """The shapes, each with the vertices of its neighbours put into its sides where they lie on them."""
    one, two = neighbours(shapes)
    if not len(one):
        return shapes
    shapes = shapes.copy()
    for earlier, order in ((True, np.unique(one)), (False, np.unique(one)[::-1])):
        for at in order.tolist():
            beside = two[one == at]
            beside = beside[(beside < at) == earlier]
            made = shapely.snap(shapes[at], shapely.geometrycollections(shapes[beside]), THREAD_M)
            if len(beside) and shapely.is_valid(made):
                shapes[at] = made
    return shapes


def neighbours(shapes: NDArray[np.object_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of shapes that touch, or nearly do."""
    if len(shapes) < 2:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    one, two = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=THREAD_M)
    return one[one != two], two[one != two]


def valid(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """The shapes, those that are not valid made so by their structure."""
    good = shapely.is_valid(shapes) | shapely.is_missing(shapes)
    if good.all():
        return shapes
    made = shapes.copy()
    made[~good] = shapely.make_valid(shapes[~good], method="structure", keep_collapsed=False)
    return made


def union(one: shapely.Geometry, other: shapely.Geometry) -> shapely.Geometry:
    """What either has; edges that run along each other within some micrometres become one."""
    if one.is_empty or other.is_empty:
        return one if other.is_empty else other
    return polygonal(shapely.union(*noded(one, other), grid_size=GRID_M))


def difference(one: shapely.Geometry, other: shapely.Geometry) -> shapely.Geometry:
    """What the first has, and the second has not."""
    if one.is_empty or other.is_empty:
        return one
    return polygonal(shapely.difference(*noded(one, other), grid_size=GRID_M))


def intersection(one: shapely.Geometry, other: shapely.Geometry) -> shapely.Geometry:
    """What both have."""
    if one.is_empty or other.is_empty:
        return EMPTY
    return polygonal(shapely.intersection(*noded(one, other), grid_size=GRID_M))


def noded(one: shapely.Geometry, other: shapely.Geometry) -> tuple[shapely.Geometry, shapely.Geometry]:
    """Two shapes with the vertices of each put into the edges of the other that they lie on.

    A vertex on an edge never lies on it to the last digit, and a cut would leave a thread there.
    """
    if not shapely.dwithin(shapely.envelope(one), shapely.envelope(other), JOIN_M):
        return one, other
    snapped = _snapped(other, one)
    both = _snapped(one, snapped), snapped
    return both if shapely.is_valid(both).all() else (one, other)


def _snapped(shape: shapely.Geometry, to: shapely.Geometry) -> shapely.Geometry:
    """A shape with the vertices of another put into its sides; for large ones, those that lie on them."""
    if shapely.get_num_coordinates(shape) * shapely.get_num_coordinates(to) < WORTH_A_TREE:
        return shapely.snap(shape, to, JOIN_M)
    marks = marks_on(to, shape)
    return shapely.snap(shape, shapely.multipoints(marks), JOIN_M) if len(marks) else shape


def marks_on(one: shapely.Geometry, other: shapely.Geometry) -> Floats:
    """(k, 2) the vertices of one shape that lie on the sides of another, to `JOIN_M`.

    >>> marks_on(shapely.box(4, 10, 6, 12), shapely.box(0, 0, 10, 10)).tolist()
    [[6.0, 10.0], [4.0, 10.0], [6.0, 10.0]]
    """
    box = np.array([*one.bounds, *other.bounds]).reshape(2, 4)
    low, high = box[:, :2].max(axis=0) - JOIN_M, box[:, 2:].min(axis=0) + JOIN_M
    points: Floats = shapely.get_coordinates(one)
    points = points[((points >= low) & (points <= high)).all(axis=1)]
    if not len(points):
        return points
    rings = Rings.of(shapely.get_parts(other))
    corners = np.column_stack([rings.x, rings.y])
    start, end = (
        np.delete(corners[:-1], gaps := rings.edges_between_rings(), 0),
        np.delete(corners[1:], gaps, 0),
    )
    near = ((np.minimum(start, end) <= high) & (np.maximum(start, end) >= low)).all(axis=1)
    sides = shapely.linestrings(np.stack([start[near], end[near]], axis=1))
    mark = shapely.STRtree(sides).query(shapely.points(points), predicate="dwithin", distance=JOIN_M)[0]
    return np.asarray(points[np.unique(mark)], np.float64)


def strips_of(shape: shapely.Geometry, beside: shapely.Geometry, width_m: float) -> shapely.Geometry:
    """The strips of a shape along another that are narrower than a width; they may hang on wider land.

    Parameters
    ----------
    shape, beside : polygons of the plane; they may touch, and need not
    width_m : metres; 0 or less: there are no strips

    >>> zone, drawn = shapely.box(0, 0, 100, 100), shapely.box(0, 0, 100.05, 100)
    >>> round(strips_of(shapely.difference(drawn, zone), zone, 0.1).area, 3)
    5.0
    """
    if width_m <= 0 or shape.is_empty or beside.is_empty:
        return EMPTY
    core = _buffer(_buffer(shape, -width_m / 2), width_m / 2)
    thin = shapely.get_parts(difference(shape, core))
    if not len(thin):
        return EMPTY
    alone = ~shapely.dwithin(thin, polygonal(core), GRID_M)
    long = alone | (_length(thin) > TAIL * width_m)
    along = shapely.dwithin(thin, beside, width_m) & long
    if (along & ~alone).any():  # land that hangs on the shape lies along the other over its whole length
        points, owner = shapely.get_coordinates(thin, return_index=True)
        off = ~shapely.dwithin(shapely.points(points), beside, 2 * width_m)
        along &= alone | (np.bincount(owner[off], minlength=len(thin)) == 0)
    return _together(thin[along])


def gaps_between(one: shapely.Geometry, other: shapely.Geometry, width_m: float) -> shapely.Geometry:
    """The land between two shapes where they are closer than a width and do not touch.

    >>> zone, drawn = shapely.box(0, 0, 100, 100), shapely.box(100.05, 0, 200, 100)
    >>> round(gaps_between(zone, drawn, 0.1).area, 3), gaps_between(zone, drawn, 0.04).area
    (5.0, 0.0)
    """
    if width_m <= 0 or one.is_empty or other.is_empty or not shapely.dwithin(one, other, width_m):
        return EMPTY
    one, other = near(one, other, width_m), near(other, one, width_m)
    found, both = EMPTY, union(one, other)
    for width in (width_m, width_m / 50, width_m / 2500):
        gap = _closed(both, one, other, max(width, 4 * JOIN_M))
        if not gap.is_empty:
            found, both = union(found, gap), union(both, gap)
    return found


def _closed(
    both: shapely.Geometry, one: shapely.Geometry, other: shapely.Geometry, width_m: float
) -> shapely.Geometry:
    """What a closing by a width puts between two shapes; GEOS leaves out a hundredth of the width."""
    closed = polygonal(_buffer(_buffer(both, width_m / 2), -width_m / 2))
    parts = shapely.get_parts(difference(closed, both))
    reach = width_m / 50 + JOIN_M
    return _together(parts[shapely.dwithin(parts, one, reach) & shapely.dwithin(parts, other, reach)])


def near(shape: shapely.Geometry, other: shapely.Geometry, width_m: float) -> shapely.Geometry:
    """The part of a shape in the other's neighbourhood: a zone may have a hundred times its vertices."""
    west, south, east, north = other.bounds
    room = 10 * width_m
    box = shapely.box(west - room, south - room, east + room, north + room)
    return shape if shapely.covers(box, shapely.envelope(shape)) else intersection(shape, box)


def widths_of(strips: NDArray[np.object_]) -> NDArray[np.float64]:
    """(n,) largest width of each strip: the diameter of the largest circle in it; 0 where there is none.

    >>> widths_of(np.array([shapely.box(0, 0, 100, 0.05)])).round(3).tolist()
    [0.05]
    """
    if not len(strips):
        return np.zeros(0)
    mean = 2 * shapely.area(strips) / np.maximum(shapely.length(strips), GRID_M)
    circles = [
        shapely.maximum_inscribed_circle(strip, tolerance=max(wide / 100, GRID_M)) if wide > GRID_M else None
        for strip, wide in zip(strips, mean, strict=True)
    ]
    return np.asarray(np.nan_to_num(2 * shapely.length(np.array(circles, dtype=object))), np.float64)


def _length(parts: NDArray[np.object_]) -> NDArray[np.float64]:
    """(n,) the diagonal of each one's box."""
    box = shapely.bounds(parts)
    return np.asarray(np.hypot(box[:, 2] - box[:, 0], box[:, 3] - box[:, 1]), np.float64)


def _together(parts: NDArray[np.object_]) -> shapely.Geometry:
    return polygonal(shapely.union_all(parts, grid_size=GRID_M)) if len(parts) else EMPTY
