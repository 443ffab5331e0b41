"""Coverage (无重叠覆盖): whether polygons that share vertices lie apart, without a look at each pair."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

MIXED = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F], np.uint64)  # odd factors that scatter bits
SAME = 1e-11  # by so small a share may two sums of the same areas differ, of rounding
Shapes = NDArray[np.object_]


def apart(shapes: Shapes) -> bool:
    """Whether no two polygons overlap, as is soon seen where neighbours have the same vertices.

    An edge that stands an even number of times drops out. What is left over bounds all land that lies under
    an odd number of polygons; only where none overlap is it as large as all of them together.

    Parameters
    ----------
    shapes : (n,) valid polygons

    Returns
    -------
    False may also mean that it cannot be seen so

    >>> tiles = shapely.box([0, 1, 0.5], 0, [1, 2, 1.5], 1)
    >>> apart(tiles[:2]), apart(tiles)
    (True, False)
    """
    if not len(shapes):
        return True
    rings = shapely.get_rings(shapes)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    at = np.flatnonzero(ring[1:] == ring[:-1])
    bits = (xy + 0.0).view(np.uint64)  # minus zero is zero
    for shift in (32, 29):  # round figures have their bits in one half
        bits = (bits ^ (bits >> np.uint64(shift))) * MIXED
    point = (bits[:, 0] ^ bits[:, 1]) >> np.uint64(1)
    edge = point[at] + point[at + 1]
    order = np.argsort(edge)
    starts = np.flatnonzero(np.diff(edge[order], prepend=~edge[order[:1]]))
    odd = np.diff(starts, append=len(order)) % 2 == 1
    left = at[order[starts[odd]]]
    lines = shapely.multilinestrings(shapely.linestrings(np.stack((xy[left], xy[left + 1]), axis=1)))
    if not shapely.is_simple(lines):
        return False
    whole, bounded = float(shapely.area(shapes).sum()), float(shapely.area(shapely.build_area(lines)))
    return abs(whole - bounded) <= SAME * whole
