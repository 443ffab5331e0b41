"""Sheets (图幅平面): the planes in which the edges of a layer are straight, and the way out of them.

A boundary is straight on the map sheet on which it was drawn, not on the ellipsoid. So long edges get
points put in before they leave their sheet.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import pyproj

from geo.rings import Floats, Rings, ranges

GEOGRAPHIC = "EPSG:4490"
LONGEST_PARABOLA_M = 5_000.0
SHORT_M = 70.0


def geographic(rings: Rings, crs: Any) -> tuple[Rings, float | None]:
    """Rings in longitude and latitude of CGCS2000, and the central meridian of the plane they came in.

    The meridian is None where edges are straight in the belt in which each lies (a geographic CRS).
    In a plane that is no transverse Mercator, edges are cut to 70 m there before they leave it; so are
    edges too long for one parabola.
    """
    way = _way_of(crs)
    if way.projected:
        longest = LONGEST_PARABOLA_M if way.meridian is not None else SHORT_M
        rings = _cut(rings, longest)
    if way.out is not None:
        rings = rings.moved(*way.out.transform(rings.x, rings.y))
    return (rings, way.meridian) if way.projected else (_cut_in_belts(rings), None)


class _Way(NamedTuple):
    """The way out of a CRS: none where its numbers are longitude and latitude of CGCS2000 already."""

    projected: bool
    meridian: float | None
    out: pyproj.Transformer | None


@lru_cache(maxsize=64)
def _way_of(crs: Any) -> _Way:
    """Made once for each CRS: PROJ takes longer to find a way than to go it with a thousand points."""
    known = pyproj.CRS.from_user_input(crs)
    same = known.equals(pyproj.CRS.from_epsg(4490), ignore_axis_order=True) or known.to_epsg() == 4326
    out = None if same else pyproj.Transformer.from_crs(known, GEOGRAPHIC, always_xy=True)
    return _Way(bool(known.is_projected), _transverse_mercator(known), out)


def belt_meridian(lon: Floats) -> Floats:
    """Central meridian of the 3-degree belt in which a longitude lies, degrees.

    >>> belt_meridian(np.array([112.6, 115.4])).tolist()
    [114.0, 114.0]
    """
    return np.round(np.asarray(lon) / 3) * 3


def _transverse_mercator(crs: pyproj.CRS) -> float | None:
    """Central meridian in degrees of a transverse Mercator plane; None of any other."""
    operation = crs.coordinate_operation
    if operation is None or operation.method_code != "9807":
        return None
    return float(next(p.value for p in operation.params if p.code == "8802"))


def _cut(rings: Rings, longest_m: float) -> Rings:
    """Plane rings with points put into edges, so that none is longer than that."""
    if len(rings.x) < 2:
        return rings
    length = np.hypot(np.diff(rings.x), np.diff(rings.y))
    length[rings.edges_between_rings()] = 0.0
    edge = np.flatnonzero(length > longest_m)
    if not len(edge):
        return rings
    added = (length[edge] / longest_m).astype(np.int64)
    of = np.repeat(edge, added)
    t = ranges(np.ones(len(edge), np.int64), added) / np.repeat(added + 1, added)
    x = rings.x[of] + (rings.x[of + 1] - rings.x[of]) * t
    y = rings.y[of] + (rings.y[of + 1] - rings.y[of]) * t
    return rings.with_points(of, x, y)


def _cut_in_belts(rings: Rings) -> Rings:
    """Geographic rings whose edges are all short enough for one parabola: long ones cut in their belt."""
    if len(rings.x) < 2:
        return rings
    far = np.maximum(np.abs(np.diff(rings.x)), np.abs(np.diff(rings.y))) > LONGEST_PARABOLA_M / 112_000
    far[rings.edges_between_rings()] = False
    edge = np.flatnonzero(far)
    if not len(edge):
        return rings
    at, lon, lat = [], [], []
    belts = belt_meridian((rings.x[edge] + rings.x[edge + 1]) / 2)
    for meridian in np.unique(belts):
        some = edge[belts == meridian]
        sheet = _sheet_at(float(meridian))
        x1, y1 = sheet.transform(rings.x[some], rings.y[some])
        x2, y2 = sheet.transform(rings.x[some + 1], rings.y[some + 1])
        added = (np.hypot(x2 - x1, y2 - y1) / LONGEST_PARABOLA_M).astype(np.int64)
        of = np.repeat(np.arange(len(some)), added)
        t = ranges(np.ones(len(some), np.int64), added) / np.repeat(added + 1, added)
        there = sheet.transform(x1[of] + (x2 - x1)[of] * t, y1[of] + (y2 - y1)[of] * t, direction="INVERSE")
        at.append(some[of])
        lon.append(there[0])
        lat.append(there[1])
    where = np.concatenate(at)
    order = np.argsort(where, kind="stable")
    return rings.with_points(where[order], np.concatenate(lon)[order], np.concatenate(lat)[order])


@lru_cache(maxsize=64)
def _sheet_at(meridian: float) -> pyproj.Transformer:
    """From longitude and latitude to the plane of a belt."""
    belt = f"+proj=tmerc +lon_0={meridian} +k=1 +x_0=500000 +ellps=GRS80"
    return pyproj.Transformer.from_crs(GEOGRAPHIC, belt, always_xy=True)
