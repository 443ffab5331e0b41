"""Streets and plots of one part (路网): a grid of roads, blocks between them, plots cut from the blocks.

The frame (u, v) is in metres and straight; `Bend` turns it into the plane, winding a little as roads do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Bend:
    """The way from a part's straight frame into the plane and back, exact in both directions.

    Formula: two shears, each a sine of the other axis, then a turn and a shift.

    >>> bend = Bend(5e5, 3.8e6, 0.1, (80.0, 60.0), (5000.0, 4000.0), (0.3, 1.1))
    >>> there = bend.plane(np.array([[120.0, -300.0]]))
    >>> bend.frame(there).round(6).tolist()
    [[120.0, -300.0]]
    """

    east: float
    north: float
    turn: float
    swing: tuple[float, float]
    length: tuple[float, float]
    phase: tuple[float, float]

    def _sine(self, which: int, along: Floats) -> Floats:
        return self.swing[which] * np.sin(2 * np.pi * along / self.length[which] + self.phase[which])

    def plane(self, uv: Floats) -> Floats:
        """(n, 2) metres of the frame -> (n, 2) east, north of the plane."""
        x = uv[:, 0] + self._sine(0, uv[:, 1])
        y = uv[:, 1] + self._sine(1, x)
        c, s = np.cos(self.turn), np.sin(self.turn)
        return np.column_stack([self.east + c * x - s * y, self.north + s * x + c * y])

    def frame(self, xy: Floats) -> Floats:
        """(n, 2) east, north -> (n, 2) metres of the frame."""
        c, s = np.cos(self.turn), np.sin(self.turn)
        x0, y0 = xy[:, 0] - self.east, xy[:, 1] - self.north
        x, y = c * x0 + s * y0, -s * x0 + c * y0
        v = y - self._sine(1, x)
        return np.column_stack([x - self._sine(0, v), v])


@dataclass(frozen=True)
class Grid:
    """Edges of roads and blocks along both axes: interval 0, 2, 4 … is a block, 1, 3, 5 … a road."""

    u: Floats
    v: Floats

    def cells(self, uv: Floats) -> tuple[Ints, Ints]:
        """Interval number along u and along v of each point."""
        return np.searchsorted(self.u, uv[:, 0]) - 1, np.searchsorted(self.v, uv[:, 1]) - 1

    def blocks(self) -> tuple[Ints, Ints, Floats]:
        """Numbers along u and v, and (n, 4) rectangles u0, v0, u1, v1 of all blocks."""
        along, across = np.arange(0, len(self.u) - 1, 2), np.arange(0, len(self.v) - 1, 2)
        ku, kv = np.repeat(along, len(across)), np.tile(across, len(along))
        return ku, kv, np.column_stack([self.u[ku], self.v[kv], self.u[ku + 1], self.v[kv + 1]])

    def lines(self) -> Floats:
        """(n, 2, 2) end points of every edge, right through."""
        u0, u1, v0, v1 = self.u[0], self.u[-1], self.v[0], self.v[-1]
        across = [[[u, v0], [u, v1]] for u in self.u]
        return np.array(across + [[[u0, v], [u1, v]] for v in self.v])


def lay_grid(rng: np.random.Generator, half_u: float, half_v: float) -> Grid:
    """A street grid that covers a part: wide roads every third or fourth street."""
    return Grid(_edges(rng, half_u, (390.0, 640.0)), _edges(rng, half_v, (300.0, 470.0)))


def _edges(rng: np.random.Generator, half: float, pitch: tuple[float, float]) -> Floats:
    """Alternating ends of blocks and roads from -half to beyond +half, whole decimetres."""
    count = int(2 * half / pitch[0]) + 2
    blocks = rng.uniform(*pitch, count)
    roads = np.where(np.arange(count) % 3 == rng.integers(3), rng.uniform(46, 60, count), 0.0)
    roads = np.where(roads > 0, roads, rng.uniform(20, 34, count))
    steps = np.column_stack([blocks, roads]).ravel()[:-1]
    edges = np.concatenate([[0.0], np.cumsum(steps)])
    return np.asarray(np.round(edges - edges[-1] / 2, 1))


def cut_plots(rng: np.random.Generator, rectangles: Floats, largest_m2: Floats) -> tuple[Floats, Ints]:
    """Blocks cut in two, again and again, until no plot is larger than its block allows.

    Parameters
    ----------
    rectangles : (n, 4) u0, v0, u1, v1 of the blocks
    largest_m2 : (n,) largest plot of each block; each plot varies it by up to a half

    Returns
    -------
    (m, 4) rectangles, and (m,) the number of the block each was cut from
    """
    owner = np.arange(len(rectangles))
    done: list[Floats] = []
    owners: list[Ints] = []
    while len(rectangles):
        wide, high = rectangles[:, 2] - rectangles[:, 0], rectangles[:, 3] - rectangles[:, 1]
        whole = wide * high <= largest_m2[owner] * rng.uniform(0.6, 1.5, len(owner))
        whole |= np.minimum(wide, high) < 70.0
        done.append(rectangles[whole])
        owners.append(owner[whole])
        rest, owner = rectangles[~whole], owner[~whole]
        rectangles = _halve(rng, rest)
        owner = np.concatenate([owner, owner])
    return np.vstack(done), np.concatenate(owners)


def _halve(rng: np.random.Generator, boxes: Floats) -> Floats:
    """Each rectangle cut across its longer side, somewhere near the middle."""
    wide = (boxes[:, 2] - boxes[:, 0]) >= (boxes[:, 3] - boxes[:, 1]) * rng.uniform(0.8, 1.25, len(boxes))
    share = rng.choice([0.33, 0.4, 0.5, 0.5, 0.6, 0.67], len(boxes))
    at_u = np.round(boxes[:, 0] + share * (boxes[:, 2] - boxes[:, 0]), 1)
    at_v = np.round(boxes[:, 1] + share * (boxes[:, 3] - boxes[:, 1]), 1)
    first, second = boxes.copy(), boxes.copy()
    first[:, 2] = np.where(wide, at_u, boxes[:, 2])
    second[:, 0] = np.where(wide, at_u, boxes[:, 0])
    first[:, 3] = np.where(wide, boxes[:, 3], at_v)
    second[:, 1] = np.where(wide, boxes[:, 1], at_v)
    return np.vstack([first, second])


def linework(grid: Grid, plots: Floats, bend: Bend, longest_m: float = 90.0) -> NDArray[np.object_]:
    """Every edge once, bent into the plane, no piece longer than `longest_m`.

    The edges are noded while they are still straight: two edges that share a stretch bend alike only when
    they have the same points on it.
    """
    straight = shapely.linestrings(grid.lines())
    rings = shapely.get_exterior_ring(shapely.box(*plots.T))
    noded = shapely.get_parts(shapely.union_all(np.concatenate([straight, rings])))
    return np.asarray(shapely.transform(shapely.segmentize(noded, longest_m), bend.plane))
