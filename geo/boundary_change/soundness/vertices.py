"""Vertices (界址点): points that stand twice, edges shorter than the tolerance, sharp angles and spikes.

All of them over all rings at once; what is told of a plot is how many there are, and where the first lie.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.records import Fault, Severity
from geo.boundary_change.soundness.drawn import LISTED, Drawn
from geo.rings import Floats, Ints, Rings

SAME_M = 1e-4
"""Points closer than a tenth of a millimetre are one: a survey tells coordinates to no more"""
SHARP_DEGREES = 10.0
"""An angle below it is hardly ever that of a boundary mark; no text was found that sets one, it is ours"""


@dataclass(frozen=True, slots=True)
class Corners:
    """Vertices of which no two neighbours are one point.

    Parameters
    ----------
    vertex : (c,) position of each in the flat arrays
    angle : (c,) between its two edges, degrees, 0 to 180
    arm_m : (c,) the shorter of its two edges
    """

    vertex: Ints
    angle: Floats
    arm_m: Floats

    @property
    def width_m(self) -> Floats:
        """(c,) how far apart its edges are at the end of the shorter one."""
        return np.asarray(self.arm_m * np.sin(np.radians(np.minimum(self.angle, 90.0))), np.float64)


def edge_lengths(rings: Rings) -> Floats:
    """(vertices,) length of the edge that begins at each vertex; nan at the last of a ring, where none does.

    >>> import shapely
    >>> edge_lengths(Rings.of([shapely.box(0, 0, 3, 4)])).tolist()
    [4.0, 3.0, 4.0, 3.0, nan]
    """
    length = np.full(len(rings.x), np.nan)
    if len(rings.x):
        length[:-1] = np.hypot(np.diff(rings.x), np.diff(rings.y))
        length[rings.ring_starts[1:] - 1] = np.nan
    return length


def corners(rings: Rings, length: Floats) -> Corners:
    """The corners of all rings; a ring with fewer than three has none.

    >>> import shapely
    >>> square = Rings.of([shapely.box(0, 0, 3, 4)])
    >>> corners(square, edge_lengths(square)).angle.tolist()
    [90.0, 90.0, 90.0, 90.0]
    """
    kept = np.flatnonzero(length > SAME_M)  # of points that are one, the last; nan is no point of its own
    ring = np.searchsorted(rings.ring_starts, kept, "right") - 1
    count = np.bincount(ring, minlength=len(rings.owner))
    kept, ring = kept[count[ring] > 2], ring[count[ring] > 2]
    count = np.where(count > 2, count, 0)
    start = np.cumsum(count) - count
    place = np.arange(len(kept)) - start[ring]
    before, after = ((place + step) % count[ring] + start[ring] for step in (-1, 1))
    x, y = rings.x[kept], rings.y[kept]
    back_x, back_y, on_x, on_y = x[before] - x, y[before] - y, x[after] - x, y[after] - y
    angle = np.abs(np.arctan2(back_x * on_y - back_y * on_x, back_x * on_x + back_y * on_y))
    arm = np.minimum(np.hypot(back_x, back_y), np.hypot(on_x, on_y))
    return Corners(kept, np.degrees(angle), arm)


def vertex_faults(drawn: Drawn, snap_m: float) -> Iterator[Fault]:
    """Faults of the vertices of all plots; those of one plot together.

    Parameters
    ----------
    snap_m : metres; shorter edges are told, and spikes that are narrower
    """
    rings = drawn.flat_rings
    length = edge_lengths(rings)
    turns = corners(rings, length)
    with np.errstate(invalid="ignore"):
        twice = np.flatnonzero(length <= SAME_M)
        short = np.flatnonzero((length > SAME_M) & (length < snap_m))
    sharp = turns.angle < SHARP_DEGREES
    spike = sharp & (turns.width_m < snap_m)
    for plot, at in _of_plots(drawn, twice):
        yield drawn.fault(
            "points_twice", plot,
            f"has {len(at)} points that the next one repeats, to {SAME_M * 1000:g} mm: {_where(drawn, at)}.",
            "Delete the repeated points; the area does not change.",
            Severity.WARNING,
        )  # fmt: skip
    for plot, at in _of_plots(drawn, short):
        yield drawn.fault(
            "edges_short", plot,
            f"has {len(at)} edges shorter than the tolerance of {snap_m:g} m, the shortest of "
            f"{length[at].min():.4f} m: {_where(drawn, at)}.",
            "Look whether a point was surveyed twice, and delete one of the two.",
            Severity.WARNING,
        )  # fmt: skip
    yield from _spikes(drawn, turns, spike, snap_m)
    yield from _sharp_angles(drawn, turns, sharp & ~spike)


def _spikes(drawn: Drawn, turns: Corners, spike: NDArray[np.bool_], snap_m: float) -> Iterator[Fault]:
    """Where an outline goes out and comes back on itself; an error where it encloses nothing there."""
    for plot, at in _of_plots(drawn, turns.vertex[spike]):
        mine = np.isin(turns.vertex, at)
        flat = not drawn.sound[plot] and bool((turns.width_m[mine] <= SAME_M).any())
        yield drawn.fault(
            "spike", plot,
            f"has {len(at)} spikes narrower than {snap_m:g} m, the longest of "
            f"{turns.arm_m[mine].max():.2f} m, the sharpest of {turns.angle[mine].min():.2f} degrees: "
            f"{_where(drawn, at)}.",
            "Delete the point at the tip of each, if there is no land behind it.",
            Severity.ERROR if flat else Severity.WARNING,
        )  # fmt: skip


def _sharp_angles(drawn: Drawn, turns: Corners, sharp: NDArray[np.bool_]) -> Iterator[Fault]:
    for plot, at in _of_plots(drawn, turns.vertex[sharp]):
        least = turns.angle[np.isin(turns.vertex, at)].min()
        yield drawn.fault(
            "angle_sharp", plot,
            f"has {len(at)} angles below {SHARP_DEGREES:g} degrees, the sharpest of {least:.2f}: "
            f"{_where(drawn, at)}.",
            "Look whether the points stand in the right order.",
            Severity.WARNING,
        )  # fmt: skip


def _of_plots(drawn: Drawn, vertices: Ints) -> Iterator[tuple[int, Ints]]:
    """The plots that have some of these vertices, and which."""
    vertices = np.sort(vertices)
    ring = np.searchsorted(drawn.rings.ring_starts, vertices, "right") - 1
    plot = drawn.rings.owner[ring]
    numbers, first = np.unique(plot, return_index=True)
    if len(numbers):
        yield from zip(numbers.tolist(), np.split(vertices, first[1:]), strict=True)


def _where(drawn: Drawn, vertices: Ints) -> str:
    """The first vertices with their numbers and places: `point 3 of ring 1 (E …, N …)`, and how many more."""
    starts, rings = drawn.rings.ring_starts, drawn.flat_rings
    said = []
    for vertex in vertices[:LISTED].tolist():
        ring = int(np.searchsorted(starts, vertex, "right")) - 1
        number = drawn.numbers(ring, np.array([vertex - starts[ring]]))[0]
        first = int(np.searchsorted(drawn.rings.owner, drawn.rings.owner[ring]))
        place = drawn.place(np.array([[rings.x[vertex], rings.y[vertex]]]))
        said.append(f"point {number} of ring {ring - first + 1} ({place})")
    more = len(vertices) - LISTED
    return "; ".join(said) + (f"; and {more} more" if more > 0 else "")
