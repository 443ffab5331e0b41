"""Rings to polygons by containment (环的嵌套): which ring is an outline, which a hole, which an island in it.

The number that a file gives a ring says nothing: parts of one plot are numbered as its holes are. So the
depth counts: a ring in no other is an outline, a ring in one is a hole, in two an island within the hole, and
so on.
Neither the way a ring runs nor the order of the rings matters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from data.records import Fault, Severity

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
AT_ONCE = 2048
"""Rings whose neighbours are sought in one go: a thousand rings one in the other are a million pairs."""

WORDS = {
    "ring_too_short": (
        "ring {a} has fewer than 3 different points, and encloses nothing; it was left out.",
        "Give the missing points, or delete the ring.",
    ),
    "ring_without_area": (
        "the points of ring {a} lie on one line, so that it encloses no land; it was left out.",
        "Give the points that lie off the line, or delete the ring.",
    ),
    "ring_not_finite": (
        "a coordinate of ring {a} is infinite or not a number; the ring was left out.",
        "Give the coordinate as a plain number.",
    ),
    "rings_equal": (
        "rings {b} and {a} are the same outline; it was taken once.",
        "Delete one of them; where a part was meant, give its own points.",
    ),
    "rings_crossing": (
        "rings {b} and {a} cross each other, so that neither lies beside or within the other.",
        "Correct the points where they cross: a hole lies within its outline, and parts lie side by side.",
    ),
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing wrong with rings.

    Parameters
    ----------
    code : a key of WORDS
    plot : number of the plot, from 0
    ring : number of the ring that is at fault, from 0, counted over all plots
    other : the ring that it is at odds with; None where it is at odds with itself
    """

    code: str
    plot: int
    ring: int
    other: int | None = None

    def fault(
        self, *, file: str = "", row: int | None = None, names: Sequence[Any] = (), plot: str = ""
    ) -> Fault:
        """The record of it.

        Parameters
        ----------
        row : line on which the ring begins
        names : what the file calls each ring; without it they are counted from 1
        plot : what the file calls the plot
        """
        a, b = (names[i] if len(names) else i + 1 for i in (self.ring, self.other or 0))
        message, remedy = WORDS[self.code]
        said = f"Plot {plot or self.plot + 1}: {message.format(a=a, b=b)}"
        return Fault(self.code, said, remedy, Severity.ERROR, file=file, row=row, feature=plot)


@dataclass(frozen=True, slots=True)
class Nested:
    """Plots made of rings.

    Parameters
    ----------
    shapes : (p plots,) Polygon or MultiPolygon; None for a plot none of whose rings encloses land
    depth : (m rings,) in how many rings each one lies; -1 where it was left out
    troubles : in order of the rings
    """

    shapes: NDArray[np.object_]
    depth: Ints
    troubles: tuple[Trouble, ...] = ()


def polygons_of_rings(
    rings: Floats | Sequence[Floats],
    starts: Ints | None = None,
    plots: Ints | None = None,
    *,
    least_width: float = 0.0,
) -> Nested:
    """Polygons of the rings of one plot, or of many plots at once, by containment.

    Outlines run counter-clockwise and holes clockwise (x to the right, y up); each keeps its first point.
    Parts stand in the order of their outlines. Rings may touch at points. Rings that cross are put together
    as their inner points lie, and told; a ring that crosses itself is taken as it is, for others to judge.

    Parameters
    ----------
    rings : (n, 2) coordinates of all rings in turn, or a list of (k, 2) arrays; closed or not
    starts : (m + 1,) where each ring begins in `rings`, and n at the end; None when `rings` is a list
    plots : (m,) number of the plot of each ring, from 0; None when all belong to one plot
    least_width : a ring narrower than this (2 x area / length) has no area

    >>> square = np.array([[0, 0], [4, 0], [4, 4], [0, 4.0]])
    >>> polygons_of_rings([square, square / 2 + 1, square / 4 + 1.5]).depth.tolist()
    [0, 1, 2]
    >>> polygons_of_rings([square, square / 2 + 1]).shapes[0].area    # 16 - 4
    12.0
    """
    flat, starts = _flat(rings, starts)
    count = len(starts) - 1
    plots = np.zeros(count, np.int64) if plots is None else np.asarray(plots, np.int64)
    found: list[tuple[int, int, str]] = []
    usable = _usable(flat, starts, found)
    bodies = np.full(count, None, object)
    bodies[usable] = _bodies(flat, starts, usable)
    areas = shapely.area(bodies)
    hulls = shapely.convex_hull(bodies)  # the lobes of a bow-tie take each other's area off
    thin = usable & (2 * shapely.area(hulls) <= least_width * shapely.length(hulls))
    found += [(int(i), -1, _why_thin(bodies[i])) for i in np.flatnonzero(thin)]
    usable &= ~thin
    within = _containers(bodies, areas, plots, usable, found)
    depth = np.where(usable, np.bincount(within[0], minlength=count), -1)
    shapes = _assembled(bodies, areas, plots, depth, within)
    return Nested(shapes, depth, tuple(_told(found, plots)))


def _told(found: list[tuple[int, int, str]], plots: Ints) -> Iterator[Trouble]:
    """In order of the rings; a ring drawn three times equals one other, not two."""
    equal = {ring for ring, _, code in found if code == "rings_equal"}
    first = {(ring, code) for ring, _, code in found if ring in equal}
    for ring, other, code in sorted(found):
        if ring in equal:
            if code != "rings_equal" or (ring, code) not in first:
                continue
            first.remove((ring, code))
        if other not in equal:
            yield Trouble(code, int(plots[ring]), ring, other if other >= 0 else None)


def _flat(rings: Floats | Sequence[Floats], starts: Ints | None) -> tuple[Floats, Ints]:
    if starts is not None:
        return np.asarray(rings, np.float64).reshape(-1, 2), np.asarray(starts, np.int64)
    each = [np.asarray(ring, np.float64).reshape(-1, 2) for ring in rings]
    starts = np.cumsum([0, *(len(ring) for ring in each)], dtype=np.int64)
    return (np.concatenate(each) if each else np.empty((0, 2))), starts


def _usable(flat: Floats, starts: Ints, found: list[tuple[int, int, str]]) -> NDArray[np.bool_]:
    """Which rings a library can make at all: three points at least, all of them numbers."""
    counts = np.diff(starts)
    usable = counts > 0
    odd = np.unique(np.searchsorted(starts, np.flatnonzero(~np.isfinite(flat).all(axis=1)), "right") - 1)
    usable[odd] = False
    found += [(int(i), -1, "ring_not_finite") for i in odd]
    few = [
        i for i in np.flatnonzero((counts <= 4) & (usable | (counts == 0))) if _different(flat, starts, i) < 3
    ]
    usable[few] = False
    found += [(int(i), -1, "ring_too_short") for i in few]
    return usable


def _different(flat: Floats, starts: Ints, ring: Any) -> int:
    return len(np.unique(flat[starts[ring] : starts[ring + 1]], axis=0))


def _bodies(flat: Floats, starts: Ints, usable: NDArray[np.bool_]) -> NDArray[np.object_]:
    """The land that each usable ring encloses, holes aside."""
    owner = np.repeat(np.arange(len(usable)), np.diff(starts))
    kept = usable[owner]
    owner = (np.cumsum(usable) - 1)[owner[kept]] if not usable.all() else owner
    lines = shapely.linearrings(flat[kept] if not usable.all() else flat, indices=owner)
    bodies: NDArray[np.object_] = shapely.polygons(lines)
    return bodies


def _why_thin(body: Any) -> str:
    return (
        "ring_too_short" if len(np.unique(shapely.get_coordinates(body), axis=0)) < 3 else "ring_without_area"
    )


def _containers(
    bodies: NDArray[np.object_],
    areas: Floats,
    plots: Ints,
    usable: NDArray[np.bool_],
    found: list[tuple[int, int, str]],
) -> tuple[Ints, Ints]:
    """Pairs (inner, outer) of the rings of one plot; rings that equal an earlier one become unusable.

    A ring lies in a larger one when an inner point of it does: of two that do not cross, the smaller cannot
    hold the larger, though an inner point of the larger may fall into it.
    """
    many = np.flatnonzero(
        usable & (np.bincount(plots[usable], minlength=plots.max(initial=0) + 1) > 1)[plots]
    )
    if not len(many):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    inner, outer = [], []
    shapely.prepare(bodies[many])
    tree, boxes = _apart(bodies[many], plots[many])
    points = np.full(len(bodies), None, object)
    points[many] = shapely.point_on_surface(bodies[many])
    for at in range(0, len(many), AT_ONCE):
        one, two = many[tree.query(boxes[at : at + AT_ONCE]) + np.array([[at], [0]])]
        a, b = one[one > two], two[one > two]
        a, b = _judged(a, b, bodies, usable, found)
        small, large = np.where(areas[a] < areas[b], a, b), np.where(areas[a] < areas[b], b, a)
        holds = (areas[small] < areas[large]) & shapely.contains_properly(bodies[large], points[small])
        inner.append(small[holds])
        outer.append(large[holds])
    small, large = np.concatenate(inner), np.concatenate(outer)
    kept = usable[small] & usable[large]
    return small[kept], large[kept]


def _apart(bodies: NDArray[np.object_], plots: Ints) -> tuple[shapely.STRtree, NDArray[np.object_]]:
    """Boxes of the rings, each plot moved off by itself, so that rings of two plots never meet."""
    box = shapely.bounds(bodies)
    step = (box[:, 2].max() - box[:, 0].min()) * 1.5 + 1
    _, number = np.unique(plots, return_inverse=True)
    moved = shapely.box(box[:, 0] + number * step, box[:, 1], box[:, 2] + number * step, box[:, 3])
    return shapely.STRtree(moved), moved


def _judged(
    a: Ints,
    b: Ints,
    bodies: NDArray[np.object_],
    usable: NDArray[np.bool_],
    found: list[tuple[int, int, str]],
) -> tuple[Ints, Ints]:
    """The pairs (later, earlier), less those that are equal; what is equal or crosses is told."""
    lines, both = np.full(len(bodies), None, object), np.union1d(a, b)
    lines[both] = shapely.get_exterior_ring(bodies[both])
    shapely.prepare(lines[both])
    meet = np.flatnonzero(shapely.intersects(lines[a], lines[b]))
    one, two = bodies[a[meet]], bodies[b[meet]]
    same = (shapely.bounds(one) == shapely.bounds(two)).all(axis=1)
    same[same] = shapely.equals_exact(shapely.normalize(one[same]), shapely.normalize(two[same]))
    sound = ~same & shapely.is_valid(one) & shapely.is_valid(two)
    alike = sound.copy()
    alike[sound] = shapely.equals(one[sound], two[sound])
    sound &= ~alike
    sound[sound] = shapely.overlaps(one[sound], two[sound])
    for where, code in ((meet[same | alike], "rings_equal"), (meet[sound], "rings_crossing")):
        found += [(int(i), int(j), code) for i, j in zip(a[where], b[where], strict=True)]
    usable[a[meet[same | alike]]] = False
    apart = np.ones(len(a), bool)
    apart[meet[same | alike]] = False
    return a[apart], b[apart]


def _assembled(
    bodies: NDArray[np.object_], areas: Floats, plots: Ints, depth: Ints, within: tuple[Ints, Ints]
) -> NDArray[np.object_]:
    """One shape for each plot: each hole goes to the smallest outline that holds it."""
    shell = np.where(depth % 2 == 0, np.arange(len(depth)), -1)
    shell[depth < 0] = -1
    inner, outer = within
    fits = (depth[inner] % 2 == 1) & (depth[outer] % 2 == 0)
    inner, outer = inner[fits], outer[fits]
    order = np.lexsort((-areas[outer], inner))
    shell[inner[order]] = outer[order]  # the last one written is the smallest
    used = np.flatnonzero(shell >= 0)
    used = used[np.lexsort((used, used != shell[used], shell[used], plots[used]))]
    shapes = np.full(int(plots.max(initial=-1)) + 1, None, object)
    if not len(used):
        return shapes
    first = used == shell[used]
    made = bodies[used]
    if not first.all():
        made = shapely.polygons(shapely.get_exterior_ring(made), indices=np.cumsum(first) - 1)
    made = shapely.orient_polygons(made)
    owner = plots[used[first]]
    number, begin, parts = np.unique(owner, return_index=True, return_counts=True)
    shapes[number[parts == 1]] = made[begin[parts == 1]]
    several = np.isin(owner, number[parts > 1])
    if several.any():
        _, index = np.unique(owner[several], return_inverse=True)
        shapes[number[parts > 1]] = shapely.multipolygons(made[several], indices=index)
    return shapes
