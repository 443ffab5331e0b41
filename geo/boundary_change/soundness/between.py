"""Between plots (地块之间): plots of one file that lie on each other, and narrow gaps between them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely

from data.records import Fault, Severity
from geo.boundary_change.soundness.drawn import Drawn, Shapes
from geo.boundary_change.strips import gaps_between, polygonal, widths_of
from geo.rings import Floats, Ints

LEAST_WIDTH_M = 1e-3
"""Plots whose common side is drawn with other points on each overlap by less: coordinates are told to 1 mm"""
LEAST_M2 = 0.005  # what is told with two decimals as 0.00
PAIRS_LISTED = 100


def overlaps(drawn: Drawn) -> Iterator[Fault]:
    """One fault for each two plots that lie on each other; both are counted once in what is asked for."""
    one, two = _pairs(drawn)
    shapes = drawn.flat
    shared = shapely.intersection(shapes[one], shapes[two])
    solid = np.flatnonzero(_solid(shared))
    areas = drawn.areas(np.array([polygonal(shape) for shape in shared[solid]], dtype=object))
    for at, area in zip(solid[:PAIRS_LISTED].tolist(), areas, strict=False):
        a, b = one[at], two[at]
        how = "are the same land" if shapely.equals(shapes[a], shapes[b]) else "overlap"
        place = shapely.get_coordinates(shapely.point_on_surface(shared[at]))
        yield drawn.fault(
            "plots_overlap", b,
            f"and plot {drawn.names[a]}{_line(drawn, a)} {how}: {area:,.2f} m² at {drawn.place(place)}.",
            "Correct their common side, or take one of them out; the land is asked for once.",
            Severity.WARNING, area_m2=float(area),
        )  # fmt: skip
    if len(solid) > PAIRS_LISTED:
        yield _the_rest("plots_overlap", len(solid), "pairs of plots overlap", drawn)


def gaps(drawn: Drawn, snap_m: float) -> Iterator[Fault]:
    """One fault for each two plots between which lies a strip narrower than the tolerance."""
    found = []
    for a, b in _nearly(drawn, snap_m):
        strips = shapely.get_parts(gaps_between(drawn.flat[a], drawn.flat[b], snap_m))
        strips = strips[shapely.area(strips) > LEAST_M2]
        widths = widths_of(strips)
        if len(strips) and widths.max() > LEAST_WIDTH_M:
            found.append((a, b, strips[widths > LEAST_WIDTH_M], float(widths.max())))
    for a, b, strips, width in found[:PAIRS_LISTED]:
        area = float(drawn.areas(strips).sum())
        place = shapely.get_coordinates(shapely.point_on_surface(strips))
        yield drawn.fault(
            "plots_gap", b,
            f"and plot {drawn.names[a]}{_line(drawn, a)} leave {len(strips)} gaps of {area:,.2f} m² between "
            f"them, at most {width:.3f} m wide (tolerance {snap_m:g} m), at {drawn.place(place)}.",
            "Give both plots the same points along their common side.",
            Severity.WARNING, area_m2=area,
        )  # fmt: skip
    if len(found) > PAIRS_LISTED:
        yield _the_rest("plots_gap", len(found), "pairs of plots leave a gap", drawn)


def _pairs(drawn: Drawn) -> tuple[Ints, Ints]:
    """Sound plots that meet."""
    number = np.flatnonzero(drawn.sound)
    shapes = drawn.flat[number]
    shapely.prepare(shapes)
    one, two = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    return number[one[one < two]], number[two[one < two]]


def _solid(shared: Shapes) -> np.ndarray:
    """Which intersections are more than the thread along a side drawn with other points."""
    area, length = shapely.area(shared), shapely.length(shared)
    solid = (area > LEAST_M2) & (2 * area > LEAST_WIDTH_M * length)
    return np.asarray(solid, np.bool_)


def _nearly(drawn: Drawn, snap_m: float) -> Iterator[tuple[int, int]]:
    """Pairs of sound plots of which one has a vertex close to the other's side, but not on it."""
    number = np.flatnonzero(drawn.sound)
    if snap_m <= 0 or len(number) < 2:
        return
    shapes = drawn.flat[number]
    points, owner = shapely.get_coordinates(shapes, return_index=True)
    beside = _beside(shapely.bounds(shapes), points, owner, snap_m)
    marks = shapely.points(points[beside])
    owner = owner[beside]
    mark, other = shapely.STRtree(shapes).query(marks, predicate="dwithin", distance=snap_m)
    mark, other = mark[owner[mark] != other], other[owner[mark] != other]
    off = shapely.distance(marks[mark], shapes[other]) > LEAST_WIDTH_M
    pairs = np.sort(np.column_stack([owner[mark[off]], other[off]]), axis=1)
    yield from ((int(number[a]), int(number[b])) for a, b in np.unique(pairs, axis=0))


def _beside(boxes: Floats, points: Floats, owner: Ints, snap_m: float) -> np.ndarray:
    """Which points lie in the box of a plot that is not their own."""
    tree = shapely.STRtree(shapely.box(*(boxes + (-snap_m, -snap_m, snap_m, snap_m)).T))
    point, box = tree.query(shapely.points(points))
    return np.unique(point[box != owner[point]])


def _line(drawn: Drawn, plot: int) -> str:
    return "" if drawn.lines[plot] is None else f" (line {drawn.lines[plot]})"


def _the_rest(code: str, count: int, what: str, drawn: Drawn) -> Fault:
    return Fault(
        code, f"In all {count:,} {what}; the first {PAIRS_LISTED} are listed.",
        "Correct the first, and check again.", Severity.WARNING, file=drawn.file,
    )  # fmt: skip
