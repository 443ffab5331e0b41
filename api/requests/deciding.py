"""The boundary that a decision brings (新边界): the corners as they were handed in, and no others.

A request is cut in a plane in which edges bend, so its shapes have a point every 70 m. Those points are of
the method; a boundary that goes into the book has the corners of the old one and of the files, to the last
digit, and the points where their edges cross.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import shapely
from numpy.typing import NDArray

from data.errors import StepNotAllowed
from geo.areas import ellipsoidal_area_m2
from geo.boundary_change.request import Request

NEAR_M = 1e-3
"""Shapes are snapped to each other by tenths of a millimetre"""
OFF_M2 = 0.5

Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]


def boundary_of(request: Request, drawn: Iterable[shapely.Geometry]) -> shapely.Geometry:
    """The boundary that the zone would have, EPSG:4490.

    Parameters
    ----------
    drawn : old boundary and plots of the files as they were drawn, EPSG:4490

    Raises
    ------
    StepNotAllowed : nothing would be left of the zone
    """
    if request.after.is_empty:
        raise StepNotAllowed("The request leaves no boundary. Look at its check before deciding.")
    whole = request.degrees(request.after)
    corners = shapely.get_coordinates(np.array(list(drawn), dtype=object))
    cut = _with_corners(request, whole, corners)
    if cut is not None and _as_large(cut, request.after.area):
        return cut
    return whole if whole.is_valid else shapely.make_valid(whole, method="structure", keep_collapsed=False)


def _with_corners(
    request: Request, whole: shapely.Geometry, corners: NDArray[np.float64]
) -> shapely.Geometry | None:
    """The shape with its corners alone, each where it was drawn; None where too few are left of a ring."""
    points = shapely.points(shapely.get_coordinates(request.after))
    at = _nearest(points, shapely.points(request.plane.points(corners)))
    made = np.array([request.boundary, request.asked, request.gives_up], dtype=object)
    of_the_method = (_nearest(points, shapely.points(shapely.get_coordinates(made))) >= 0) & (at < 0)
    degrees = shapely.get_coordinates(whole)
    degrees[at >= 0] = corners[at[at >= 0]]
    parts = shapely.get_parts(whole)
    rings, part = shapely.get_rings(parts, return_index=True)
    _, ring = shapely.get_coordinates(rings, return_index=True)
    kept = ~of_the_method
    if np.bincount(ring[kept], minlength=len(rings)).min() < 4:
        return None
    closed = shapely.linearrings(degrees[kept], indices=ring[kept])
    polygons = shapely.polygons(closed, indices=part)
    return polygons[0] if len(polygons) == 1 else shapely.multipolygons(polygons)


def _nearest(points: NDArray[np.object_], others: NDArray[np.object_]) -> Ints:
    """(n,) number of the other point on which each lies; -1 where it lies on none."""
    found = np.full(len(points), -1, np.int64)
    if len(others):
        at, of = shapely.STRtree(others).query_nearest(points, max_distance=NEAR_M, all_matches=False)
        found[at] = of
    return found


def _as_large(shape: shapely.Geometry, area_m2: float) -> bool:
    """Whether a shape is valid, and as large as the one it stands for."""
    if not shape.is_valid:
        return False
    return bool(abs(ellipsoidal_area_m2(np.array([shape], dtype=object), 4490)[0] - area_m2) < OFF_M2)
