"""Ellipsoidal area (椭球面积), and plane area (平面面积): the only place that measures an area.

The national survey measures a parcel on the CGCS2000 ellipsoid, not on the plane: each edge, straight in
the projected plane, is cut into pieces of at most 70 m; each piece makes a trapezoid with the equator;
the trapezoids are summed round the ring. `geo.survey_plane` says how the sum is had in closed form, for
all vertices of a layer at once.

The published steps also round plane coordinates to 0.1 mm and seconds to 1e-6; that is not done here,
for rounding makes an area depend on where a parcel is cut. It moves 36 km² by less than 0.02 m².

Source: 国土调查办发〔2008〕32号, kept by the third survey.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from geo.rings import Floats, Rings
from geo.sheets import geographic
from geo.survey_plane import SEMI_MINOR_M, bend, long_edges, northing

_VERTICES_AT_ONCE = 1 << 17  # what a core's cache holds of the few arrays in work


def ellipsoidal_area_m2(geometries: Any, crs: Any) -> Floats:
    """Area of polygons on the CGCS2000 ellipsoid, as the national survey measures it.

    Parameters
    ----------
    geometries : (n,) Shapely polygons or multipolygons, or a GeoSeries
    crs : the CRS of their coordinates: anything pyproj understands. In a projected CRS edges are
        straight in its plane; in a geographic one, in the 3-degree belt in which the edge lies.

    Returns
    -------
    (n,) m², >= 0, not rounded; nan where there is no polygon (a missing or empty geometry, a line, a point).

    >>> import shapely
    >>> square = shapely.box(470_000, 3_850_000, 470_100, 3_850_100)
    >>> round(float(ellipsoidal_area_m2([square], 4547)[0]), 2)
    9999.78

    Source: 国土调查办发〔2008〕32号.
    """
    rings = Rings.of(geometries)
    area = areas_of(*geographic(rings, crs))
    area[np.bincount(rings.owner, minlength=rings.size) == 0] = np.nan
    return area


def areas_of(rings: Rings, central_meridian: float | None = None) -> Floats:
    """(size,) ellipsoidal area in m² of rings in longitude and latitude, degrees.

    Parameters
    ----------
    rings : no edge longer than some kilometres, see `geo.sheets.LONGEST_PARABOLA_M`
    central_meridian : degrees, of the plane in which edges are straight; None: each edge's own belt
    """
    signed = np.empty(len(rings.owner))
    cut = np.searchsorted(rings.ring_starts, np.arange(0, max(len(rings.x), 1), _VERTICES_AT_ONCE))
    for first, last in zip(cut, np.append(cut[1:], len(rings.owner)), strict=True):
        if last > first:
            signed[first:last] = _ring_areas(rings, int(first), int(last), central_meridian)
    return _of_geometries(rings, signed)


def plane_areas_of(rings: Rings) -> Floats:
    """(size,) area of rings in the plane of their coordinates, in its unit squared; 0 where there is no ring.

    For those who state plane area; nothing of ours is measured so unless it is asked for.

    Formula: Σ (x_i y_i+1 - x_i+1 y_i) / 2 of each outline, less that of its holes

    >>> import shapely
    >>> square = shapely.box(38_470_000, 3_850_000, 38_470_100, 3_850_100)
    >>> plane_areas_of(Rings.of([square, None])).tolist()
    [10000.0, 0.0]
    """
    if not len(rings.owner):
        return np.zeros(rings.size)
    first = np.repeat(rings.ring_starts[:-1], np.diff(rings.ring_starts))
    x, y = rings.x - rings.x[first], rings.y - rings.y[first]  # near zero, so that no digit is lost
    terms = np.zeros(len(x))
    np.multiply(x[:-1], y[1:], out=terms[:-1])
    terms[:-1] -= x[1:] * y[:-1]
    terms[rings.ring_starts[1:] - 1] = 0.0
    return _of_geometries(rings, rings.sums(terms) / 2)


def _of_geometries(rings: Rings, signed: Floats) -> Floats:
    """(size,) area of each geometry from those of its rings, however they run; holes are taken off."""
    ring_area = np.abs(signed)
    np.negative(ring_area, out=ring_area, where=rings.is_hole)
    return np.asarray(np.bincount(rings.owner, ring_area, rings.size), np.float64)


def _ring_areas(rings: Rings, first: int, last: int, meridian: float | None) -> Floats:
    """(last - first,) signed area in m² of some rings; counter-clockwise is positive."""
    begin, end = int(rings.ring_starts[first]), int(rings.ring_starts[last])
    starts = rings.ring_starts[first : last + 1] - begin
    some = Rings(
        rings.x[begin:end],
        rings.y[begin:end],
        starts,
        rings.is_hole[first:last],
        rings.owner[first:last],
        rings.size,
    )
    sine = np.sin(np.radians(some.y))
    x, y = some.x * (SEMI_MINOR_M * np.pi / 180), northing(sine)
    x -= np.repeat(x[starts[:-1]], np.diff(starts))  # near zero, so that no digit is lost in the products
    terms = np.zeros(end - begin)
    np.multiply(x[:-1] + x[1:], np.diff(y), out=terms[:-1])
    terms[starts[1:] - 1] = 0.0
    terms *= 0.5
    edge = long_edges(some, x, y, sine)
    if len(edge):
        bend_x, bend_y, count = bend(some, (x, y, sine), edge, edge + 1, meridian)
        chord_x, chord_y = x[edge + 1] - x[edge], y[edge + 1] - y[edge]
        terms[edge] += (chord_x * bend_y - chord_y * bend_x) * (1 - 1 / count**2) / 12
    return some.sums(terms)
