"""Crossings (自相交): rings that cross or touch themselves, or enclose nothing.

Only rings that are no sound outline by themselves are looked at, edge by edge: where they cross, between
which points, and into which lobes they fall, with the area of each. A bow-tie's lobes run against each other,
so that their areas are taken off each other by any program that sums round the ring.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from data.records import Fault
from geo.boundary_change.soundness.drawn import LISTED, Drawn
from geo.boundary_change.soundness.vertices import SAME_M
from geo.rings import Floats, Ints

MOST = 200_000
"""Points of a ring that is looked at edge by edge: one with ten times as many would take all memory"""
LOBES_TOLD = 6
LEAST_LOBE_M2 = 0.005  # what is told with two decimals as 0.00


@dataclass(frozen=True, slots=True)
class Meeting:
    """Where two edges of one ring meet that are no neighbours.

    Parameters
    ----------
    first, second : (k,) position in the ring of the vertices at which the two edges begin
    points : (k, 2) where they meet, metres
    through : (k,) whether each goes through the other, and not just to it
    """

    first: Ints
    second: Ints
    points: Floats
    through: NDArray[np.bool_]


def ring_faults(drawn: Drawn) -> Iterator[Fault]:
    """An error for each ring that encloses nothing, crosses itself, or touches itself."""
    rings = drawn.flat_rings
    bad = np.flatnonzero(~drawn.sound[rings.owner])
    if not len(bad):
        return
    starts = rings.ring_starts
    points = np.column_stack([rings.x, rings.y])
    for ring in bad[np.diff(starts)[bad] <= MOST].tolist():  # the others are told by `nests.unexplained`
        here = points[starts[ring] : starts[ring + 1]]
        if _is_flat(here):
            yield _without_area(drawn, ring, here)
        elif not shapely.is_valid(shapely.polygons(here)):
            yield from _of_ring(drawn, ring, here)


def meetings(points: Floats) -> Meeting:
    """Where the edges of a closed ring meet that are no neighbours; overlapping ones meet nowhere.

    >>> bow_tie = np.array([[0, 0], [2, 2], [2, 0], [0, 2], [0, 0.0]])
    >>> found = meetings(bow_tie)
    >>> found.first.tolist(), found.second.tolist(), found.points.tolist()
    ([0], [2], [[1.0, 1.0]])
    """
    edges = shapely.linestrings(np.stack([points[:-1], points[1:]], axis=1))
    begin = np.flatnonzero(np.hypot(*(points[1:] - points[:-1]).T) > SAME_M)
    one, two = shapely.STRtree(edges[begin]).query(edges[begin], predicate="intersects")
    apart = (two - one > 1) & ~((one == 0) & (two == len(begin) - 1))
    first, second = begin[one[apart]], begin[two[apart]]
    where = shapely.intersection(edges[first], edges[second])
    single = shapely.get_type_id(where) == shapely.GeometryType.POINT
    first, second, where = first[single], second[single], where[single]
    order = np.lexsort((second, first))
    first, second = first[order], second[order]
    through = _through(points, first, second) & _through(points, second, first)
    return Meeting(first, second, shapely.get_coordinates(where[order]), through)


def lobes(points: Floats) -> NDArray[np.object_]:
    """The faces into which a ring that crosses itself cuts the plane, as polygons.

    >>> bow_tie = np.array([[0, 0], [2, 2], [2, 0], [0, 2], [0, 0.0]])
    >>> shapely.area(lobes(bow_tie)).tolist()
    [1.0, 1.0]
    """
    return np.asarray(shapely.get_parts(shapely.polygonize([shapely.node(shapely.linestrings(points))])))


def _through(points: Floats, edge: Ints, other: Ints) -> NDArray[np.bool_]:
    """Whether the ends of one edge lie on different sides of another."""
    a, b = points[edge], points[edge + 1]
    side = [np.sign(_cross(b - a, points[other + step] - a)) for step in (0, 1)]
    return np.asarray(side[0] * side[1] < 0, np.bool_)


def _cross(one: Floats, other: Floats) -> Floats:
    return np.asarray(one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0], np.float64)


def _is_flat(points: Floats) -> bool:
    """Whether all points lie on one line, to a tenth of a millimetre."""
    hull = shapely.convex_hull(shapely.multipoints(points))
    return bool(2 * shapely.area(hull) <= SAME_M * max(shapely.length(hull), SAME_M))


def _without_area(drawn: Drawn, ring: int, points: Floats) -> Fault:
    count = len(np.unique(np.round(points / SAME_M), axis=0))
    why = f"has {count} different points and needs 3" if count < 3 else f"has its {count} points on one line"
    return drawn.fault(
        "ring_without_area", drawn.rings.owner[ring],
        f"{_ring(drawn, ring)}{why}, so that it encloses no land, at {drawn.place(points[:1])}.",
        "Give the points that are missing, or delete the ring.",
        area_m2=0.0,
    )  # fmt: skip


def _of_ring(drawn: Drawn, ring: int, points: Floats) -> Iterator[Fault]:
    """Where a ring crosses or touches itself; nothing where it but runs back on itself."""
    met = meetings(points)
    if not len(met.first):
        return
    pieces = lobes(points)
    if len(pieces) < 2:  # a spike comes back to where it left, and is told as one
        return
    areas = np.sort(drawn.areas(pieces))[::-1]
    whole = float(drawn.areas([shapely.polygons(points)])[0])
    crosses = bool(met.through.any()) or areas.sum() - whole > LEAST_LOBE_M2
    code, verb = ("self_crossing", "crosses") if crosses else ("self_touching", "touches")
    if met.through.any():
        chosen = np.flatnonzero(met.through)
    else:
        _, chosen = np.unique(np.round(met.points / SAME_M), axis=0, return_index=True)
        chosen = np.sort(chosen)
    said = "; ".join(_between(drawn, ring, met, at) for at in chosen[:LISTED])
    more = f"; and at {len(chosen) - LISTED} more places" if len(chosen) > LISTED else ""
    told = ", ".join(f"{area:,.2f}" for area in areas[:LOBES_TOLD])
    yield drawn.fault(
        code, drawn.rings.owner[ring],
        f"{_ring(drawn, ring)}{verb} itself {said}{more}. It falls into {len(areas)} lobes of {told}"
        f"{' …' if len(areas) > LOBES_TOLD else ''} m²; summed round the ring they are {whole:,.2f} m².",
        "Put the points into the order in which they stand round the land, or draw each lobe as a part."
        if crosses else "Draw each lobe as a part or a hole of its own; the area does not change.",
        area_m2=float(areas.sum() - whole) if crosses else None,
    )  # fmt: skip


def _between(drawn: Drawn, ring: int, met: Meeting, at: int) -> str:
    count = int(drawn.rings.ring_starts[ring + 1] - drawn.rings.ring_starts[ring] - 1)
    edges = []
    for begin in (met.first[at], met.second[at]):
        ends = np.sort(drawn.numbers(ring, np.array([begin, (begin + 1) % count])))
        edges.append("-".join(map(str, ends if ends[1] - ends[0] == 1 else ends[::-1])))
    return f"at {drawn.place(met.points[at : at + 1])}, between points {edges[0]} and {edges[1]}"


def _ring(drawn: Drawn, ring: int) -> str:
    """`: ring 2 ` where the plot has several; nothing where it has one."""
    owner = drawn.rings.owner
    first = int(np.searchsorted(owner, owner[ring]))
    several = int(np.searchsorted(owner, owner[ring], "right")) - first > 1
    return f"in ring {ring - first + 1} " if several else ""
