"""Polygons as numbered points (界址点编号): where a ring begins, which way it runs, its points' numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Outlines:
    """The points of plots in the order of the file, each ring with its first point again at its end.

    Parameters
    ----------
    east, north : (n,) rounded
    label : (n,) number of the point, from 1 in each plot, or in each ring
    ring : (n,) number of the ring of each point, from 0 over all plots
    plot : (m,) plot of each ring, from 0
    number : (m,) number of each ring in its plot, from 1
    size : (m,) points of each ring, with the one that closes it
    """

    east: Floats
    north: Floats
    label: Ints
    ring: Ints
    plot: Ints
    number: Ints
    size: Ints


def outlines(shapes: NDArray[np.object_], decimals: int, rings_apart: bool) -> Outlines:
    """Rings as land offices write them.

    A ring begins at its north-westernmost point (largest north minus east, the more northern of two).
    Outlines run clockwise, holes counter-clockwise; the holes of a part follow its outline. Points are
    numbered through a plot, and a ring ends with the number with which it began.

    Parameters
    ----------
    shapes : (p,) polygons and multipolygons, none of them empty
    decimals : to which coordinates are rounded
    rings_apart : points are numbered from 1 in each ring

    >>> out = outlines(np.array([shapely.box(0, 0, 2, 1)]), 3, False)
    >>> list(zip(out.label.tolist(), out.east.tolist(), out.north.tolist()))
    [(1, 0.0, 1.0), (2, 2.0, 1.0), (3, 2.0, 0.0), (4, 0.0, 0.0), (1, 0.0, 1.0)]
    """
    parts, plot_of_part = shapely.get_parts(shapes, return_index=True)
    rings, part_of_ring = shapely.get_rings(
        shapely.orient_polygons(shapely.force_2d(parts), exterior_cw=True), return_index=True
    )
    flat, owner = shapely.get_coordinates(rings, return_index=True)
    flat = np.round(flat, decimals)
    closing = np.append(np.diff(owner) != 0, True)
    flat, owner = flat[~closing], owner[~closing]
    size = np.bincount(owner, minlength=len(rings)).astype(np.int64)
    starts = np.cumsum(size) - size
    shift = _north_west(flat, owner, starts) - starts
    ring = np.repeat(np.arange(len(rings)), size + 1)
    place = (np.arange(len(ring)) - np.repeat(starts + np.arange(len(rings)), size + 1)) % size[ring]
    at = starts[ring] + (place + shift[ring]) % size[ring]
    plot = plot_of_part[part_of_ring].astype(np.int64)
    first = np.searchsorted(plot, plot)
    before = np.zeros(len(rings), np.int64) if rings_apart else starts - starts[first]
    label = before[ring] + place + 1
    number = np.arange(len(rings)) - first + 1
    return Outlines(flat[at, 0], flat[at, 1], label, ring, plot, number, size + 1)


def _north_west(flat: Floats, owner: Ints, starts: Ints) -> Ints:
    """The north-westernmost point of each ring."""
    chosen = np.ones(len(flat), bool)
    for score in (flat[:, 1] - flat[:, 0], flat[:, 1]):
        left = np.where(chosen, score, -np.inf)
        chosen &= left == np.maximum.reduceat(left, starts)[owner]
    where = np.flatnonzero(chosen)
    return where[np.unique(owner[where], return_index=True)[1]]
