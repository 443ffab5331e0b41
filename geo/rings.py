"""Many polygons as flat arrays: every vertex in one array, offsets beside it.

The calculators run over all vertices at once; a Shapely object per polygon would cost more than the
measuring itself. Shapely arrays and WKB columns both become `Rings`, and back.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

POLYGON, MULTIPOLYGON = 3, 6
_WKB_RING_START = 13  # byte order 1, type 4, number of rings 4, number of points 4


@dataclass(frozen=True, slots=True)
class Rings:
    """Polygons as rings in flat arrays.

    Parameters
    ----------
    x, y : (vertices,) coordinates; every ring is closed, its last vertex repeats its first
    ring_starts : (rings + 1,) first vertex of each ring, and the end
    is_hole : (rings,) whether the ring bounds a hole
    owner : (rings,) number of the geometry that the ring belongs to, rising
    size : how many geometries there are, those without any ring included
    """

    x: Floats
    y: Floats
    ring_starts: Ints
    is_hole: NDArray[np.bool_]
    owner: Ints
    size: int

    @classmethod
    def of(cls, geometries: Any) -> Rings:
        """The rings of an array of Shapely polygons and multipolygons; anything else has none.

        >>> rings = Rings.of([shapely.box(0, 0, 1, 1), None])
        >>> rings.size, rings.ring_starts.tolist()
        (2, [0, 5])
        """
        array = np.asarray(geometries, dtype=object)
        kinds = shapely.get_type_id(array)
        if (kinds == POLYGON).all() and not shapely.get_num_interior_rings(array).any():
            points, owner_of_point = shapely.get_coordinates(array, return_index=True)
            counts = np.bincount(owner_of_point, minlength=len(array))
            owner = np.flatnonzero(counts)
            return cls._flat(points, counts[owner], np.zeros(len(owner), np.bool_), owner, len(array))
        areal = array.copy()
        areal[~np.isin(kinds, (POLYGON, MULTIPOLYGON))] = None
        areal[shapely.is_empty(areal)] = None
        parts, owner = shapely.get_parts(areal, return_index=True)
        filled = ~shapely.is_empty(parts)
        parts, owner = parts[filled], owner[filled]
        rings, part_of_ring = shapely.get_rings(parts, return_index=True)
        if (gone := shapely.is_empty(rings)).any():  # an empty hole bounds nothing
            rings, part_of_ring = rings[~gone], part_of_ring[~gone]
        points, ring_of_point = shapely.get_coordinates(rings, return_index=True)
        is_hole = np.zeros(len(rings), np.bool_)
        is_hole[1:] = part_of_ring[1:] == part_of_ring[:-1]
        counts = np.bincount(ring_of_point, minlength=len(rings))
        return cls._flat(points, counts, is_hole, owner[part_of_ring], len(array))

    @classmethod
    def _flat(cls, points: Floats, counts: Ints, is_hole: NDArray[np.bool_], owner: Ints, size: int) -> Rings:
        starts = np.zeros(len(counts) + 1, np.int64)
        np.cumsum(counts, out=starts[1:])
        x, y = np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1])
        return cls(x, y, starts, is_hole, owner.astype(np.int64), size)

    @classmethod
    def of_wkb(cls, data: NDArray[np.uint8], starts: Ints) -> Rings:
        """The rings of little-endian WKB, end to end in one buffer, without a Shapely object each.

        Parameters
        ----------
        data : the bytes of all geometries
        starts : (n + 1,) where each begins, and the end; an empty span is a missing geometry

        Polygons of one ring are taken straight from the bytes; when any other geometry is among
        them, the whole column goes through Shapely.
        """
        lengths = np.diff(starts)
        begin = starts[:-1][lengths > 0]
        header = data[begin[:, None] + np.arange(9)] if len(begin) else np.empty((0, 9), np.uint8)
        one_ring = header.size and bool((header == (1, 3, 0, 0, 0, 1, 0, 0, 0)).all())
        if not one_ring:
            spans = pairwise(starts.tolist())
            blobs = [data[a:b].tobytes() if b > a else None for a, b in spans]
            return cls.of(shapely.from_wkb(np.asarray(blobs, dtype=object)))
        points = (lengths[lengths > 0] - _WKB_RING_START) // 16
        xy = _points_between(data, begin + _WKB_RING_START, points)
        return cls._flat(xy, points, np.zeros(len(points), np.bool_), np.flatnonzero(lengths), len(lengths))

    def moved(self, x: Floats, y: Floats) -> Rings:
        """The same rings over other coordinates, vertex for vertex."""
        return Rings(x, y, self.ring_starts, self.is_hole, self.owner, self.size)

    def edges_between_rings(self) -> Ints:
        """Positions i for which i to i + 1 is no edge, for i ends a ring."""
        return self.ring_starts[1:-1] - 1

    def select(self, geometries: Ints) -> Rings:
        """The rings of some geometries, which are renumbered from 0 in the order given (rising)."""
        number = np.full(self.size, -1, np.int64)
        number[geometries] = np.arange(len(geometries))
        rings = np.flatnonzero(number[self.owner] >= 0)
        counts = np.diff(self.ring_starts)[rings]
        points = ranges(self.ring_starts[rings], counts)
        starts = np.zeros(len(rings) + 1, np.int64)
        np.cumsum(counts, out=starts[1:])
        return Rings(
            self.x[points],
            self.y[points],
            starts,
            self.is_hole[rings],
            number[self.owner[rings]],
            len(geometries),
        )

    def with_points(self, edge: Ints, x: Floats, y: Floats) -> Rings:
        """The rings with vertices put in: each after vertex `edge`, in the order given (rising)."""
        return Rings(
            np.insert(self.x, edge + 1, x),
            np.insert(self.y, edge + 1, y),
            self.ring_starts + np.searchsorted(edge, self.ring_starts),
            self.is_hole,
            self.owner,
            self.size,
        )

    def sums(self, per_vertex: Floats) -> Floats:
        """(rings,) sum of a number over the vertices of each ring."""
        if not len(self.is_hole):
            return np.empty(0)
        return np.asarray(np.add.reduceat(per_vertex, self.ring_starts[:-1]))

    def polygons(self) -> NDArray[np.object_]:
        """(size,) Shapely polygons; multipolygons where a geometry has several shells; None without ring."""
        out = np.full(self.size, None, dtype=object)
        if not len(self.owner):
            return out
        ring_of_point = np.repeat(np.arange(len(self.owner)), np.diff(self.ring_starts))
        rings = shapely.linearrings(self.x, self.y, indices=ring_of_point)
        shell = np.cumsum(~self.is_hole) - 1
        parts = shapely.polygons(rings, indices=shell)
        owner = self.owner[~self.is_hole]
        single = np.bincount(owner, minlength=self.size)[owner] == 1
        out[owner[single]] = parts[single]
        if not single.all():
            several, number = np.unique(owner[~single], return_inverse=True)
            out[several] = shapely.multipolygons(parts[~single], indices=number)
        return out


def ranges(starts: Ints, counts: Ints) -> Ints:
    """Runs of whole numbers end to end: `counts[i]` of them from `starts[i]` on.

    >>> ranges(np.array([10, 3]), np.array([2, 3])).tolist()
    [10, 11, 3, 4, 5]
    """
    ends = np.cumsum(counts)
    runs: Ints = np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - (ends - counts), counts)
    return runs


def _points_between(data: NDArray[np.uint8], begin: Ints, points: Ints) -> Floats:
    """(n, 2) coordinates that lie from each `begin` on in a buffer of bytes."""
    if len(points) and (points == points[0]).all() and (np.diff(begin) == begin[1:2] - begin[0:1]).all():
        step = int(begin[1] - begin[0]) if len(begin) > 1 else int(points[0]) * 16
        rows = np.lib.stride_tricks.as_strided(data[begin[0] :], (len(begin), int(points[0]) * 16), (step, 1))
        return np.ascontiguousarray(rows).view("<f8").reshape(-1, 2)
    keep = np.zeros(len(data) + 1, np.int8)
    keep[begin] = 1
    np.subtract.at(keep, begin + points * 16, 1)
    return data[np.cumsum(keep[:-1], dtype=np.int8).view(np.bool_)].view("<f8").reshape(-1, 2)
