"""A grid over zones that answers, for most parcels at once, in which zone they lie wholly.

Cells through which a zone's boundary runs, or in which zones overlap, are *mixed*; every other cell lies
wholly in one zone or in none. A parcel whose bounding box meets no mixed cell lies where any of its cells
lies, and a sum over the box takes four look-ups in a table of prefix sums. Only the rest is cut.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.rings import Floats, Ints, Rings, ranges

MOST_CELLS_A_SIDE = 4096
OUTSIDE, MIXED = -1, -2


@dataclass(frozen=True, slots=True)
class ZoneGrid:
    """Which cells are mixed, and the zone of each other cell.

    Parameters
    ----------
    west, south : corner of the grid, in the survey plane, metres
    width, height : of a cell, metres
    label : (rows, columns) number of the zone, or OUTSIDE; meaningless in a mixed cell
    mixed_before : (rows + 1, columns + 1) how many mixed cells lie south and west
    """

    west: float
    south: float
    width: float
    height: float
    label: NDArray[np.int32]
    mixed_before: NDArray[np.int32]

    @classmethod
    def over(cls, zones: NDArray[np.object_], cell: tuple[float, float], most: int) -> ZoneGrid:
        """A grid over polygons of the survey plane, with cells of about that width and height.

        `most` bounds the cells along a side, and MOST_CELLS_A_SIDE does.
        """
        west, south, east, north = shapely.total_bounds(zones)
        most = min(most, MOST_CELLS_A_SIDE) - 3
        width, height = max(cell[0], (east - west) / most), max(cell[1], (north - south) / most)
        west, south = west - 1.5 * width, south - 1.5 * height
        columns, rows = int((east - west) / width) + 3, int((north - south) / height) + 3
        corner = (west, south, width, height)
        boundary = _cells_of_boundaries(Rings.of(zones), corner, (rows, columns))
        label, doubtful = _labels(zones, boundary, corner)
        before = np.zeros((rows + 1, columns + 1), np.int32)
        np.cumsum(boundary | doubtful, axis=0, dtype=np.int32, out=before[1:, 1:])
        np.cumsum(before, axis=1, out=before)
        return cls(west, south, width, height, label, before)

    def zone_of_boxes(self, boxes: tuple[Floats, Floats, Floats, Floats]) -> NDArray[np.int32]:
        """The zone in which everything within each box (west, south, east, north) lies; OUTSIDE; or MIXED."""
        rows, columns = self.label.shape
        x1, x2 = (self._cells(v, self.west, self.width, columns) for v in (boxes[0], boxes[2]))
        y1, y2 = (self._cells(v, self.south, self.height, rows) for v in (boxes[1], boxes[3]))
        before = self.mixed_before
        mixed = before[y2 + 1, x2 + 1] - before[y1, x2 + 1] - before[y2 + 1, x1] + before[y1, x1]
        return np.where(mixed > 0, np.int32(MIXED), self.label[y1, x1])

    @staticmethod
    def _cells(value: Floats, start: float, step: float, count: int) -> Ints:
        # the outermost cells lie outside every zone, so what lies beyond is as good as within them
        return np.clip(np.nan_to_num((value - start) / step), 0, count - 1).astype(np.int64)


def _cells_of_boundaries(
    rings: Rings, corner: tuple[float, float, float, float], shape: tuple[int, int]
) -> NDArray[np.bool_]:
    """Every cell that a boundary may touch: edges are cut to a cell's size, and each bit's box marked."""
    west, south, width, height = corner
    x, y = (rings.x - west) / width, (rings.y - south) / height
    edge = np.ones(len(x) - 1, np.bool_)
    edge[rings.edges_between_rings()] = False
    start = np.flatnonzero(edge)
    dx, dy = x[start + 1] - x[start], y[start + 1] - y[start]
    bits = np.maximum(np.ceil(np.maximum(np.abs(dx), np.abs(dy))).astype(np.int64), 1)
    of, step = np.repeat(np.arange(len(start)), bits), ranges(np.zeros(len(start), np.int64), bits)
    ends = []
    for offset in (0, 1):
        t = (step + offset) / bits[of]
        ends.append((
            (x[start][of] + dx[of] * t).astype(np.int64),
            (y[start][of] + dy[of] * t).astype(np.int64),
        ))
    touched = np.zeros(shape, np.bool_)
    for column, _ in ends:
        for _, row in ends:
            touched[row, column] = True
    return touched


def _labels(
    zones: NDArray[np.object_], boundary: NDArray[np.bool_], corner: tuple[float, float, float, float]
) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """The zone of each cell off the boundaries, and the cells that lie in several zones.

    Along a row the zone can only change at a boundary cell, so one point of each run is looked up.
    """
    west, south, width, height = corner
    label = np.full(boundary.shape, OUTSIDE, np.int32)
    several = np.zeros(boundary.shape, np.bool_)
    for number, zone in enumerate(zones):
        shapely.prepare(zone)
        left, bottom, right, top = zone.bounds
        x1, x2 = int((left - west) / width), int((right - west) / width) + 1
        y1, y2 = int((bottom - south) / height), int((top - south) / height) + 1
        free = ~boundary[y1:y2, x1:x2]
        head = free.copy()
        head[:, 1:] &= ~free[:, :-1]
        row, column = np.nonzero(head)
        inside_head = np.zeros(free.shape, np.bool_)
        inside_head[row, column] = shapely.contains_xy(
            zone, west + (x1 + column + 0.5) * width, south + (y1 + row + 0.5) * height
        )
        run = np.maximum.accumulate(np.where(head, np.arange(free.shape[1]), 0), axis=1)
        inside = np.take_along_axis(inside_head, run, axis=1) & free
        there = label[y1:y2, x1:x2]
        several[y1:y2, x1:x2] |= inside & (there != OUTSIDE)
        there[inside] = number
    return label, several
