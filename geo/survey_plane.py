"""The survey plane: an equal-area plane in which the national survey's method is the shoelace formula.

The survey cuts each edge, straight in the projected plane, into pieces of at most 70 m, and sums the
trapezoids that the pieces make with the equator (国土调查办发〔2008〕32号).

Two observations make that fast without changing the number.

1. The trapezoid formula is the shoelace formula in a plane. With F(B) = A sin B - B sin 3B + C sin 5B -
   D sin 7B + E sin 9B, a piece from (L1, B1) to (L2, B2) counts b² (L1 + L2)/2 (F(B2) - F(B1)). So in the
   *survey plane* x = b L, y = b F(B), an equal-area cylindrical plane, plane area is ellipsoidal area.
   Overlays are cut in that plane too, so that no area is lost or made at a cut.
2. In that plane an edge that is straight on the map sheet is an arc so flat that a parabola fits it to
   1e-3 of a ppm up to 5 km. A chord polygon of n pieces under a parabola has the chord's area plus
   (1 - 1/n²) c x a / 12, where c is the chord and a the change of the tangent from end to end. So the sum
   over all pieces of at most 70 m is had without making them.

The tangent turns by two causes: the meridian convergence (the edge is straight on the sheet, not to the
north) and the stretch p/b of the survey plane, p = N cos B being the radius of the parallel:

    a = ( (b/p)² c_y d - e c_x,  -(p/b)² c_x d + e c_y ),  d = change of convergence,  e = ln(p2/p1)

Source: the two observations are derived here, and held against a plain implementation of the published
steps by `tests/test_areas.py`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.rings import Floats, Ints, Rings, ranges
from geo.sheets import belt_meridian, geographic

SEMI_MAJOR_M = 6_378_137.0
FLATTENING = 1 / 298.257222101
SEMI_MINOR_M = SEMI_MAJOR_M * (1 - FLATTENING)
E2 = FLATTENING * (2 - FLATTENING)
SECOND_E2 = E2 / (1 - E2)
PIECE_M = 70.0


def _polynomial_in_sine() -> tuple[float, ...]:
    """F(B) / sin B as a polynomial in sin² B, from the published A, B, C, D, E."""
    a = 1 + 3 / 6 * E2 + 30 / 80 * E2**2 + 35 / 112 * E2**3 + 630 / 2304 * E2**4
    b = 1 / 6 * E2 + 15 / 80 * E2**2 + 21 / 112 * E2**3 + 420 / 2304 * E2**4
    c = 3 / 80 * E2**2 + 7 / 112 * E2**3 + 180 / 2304 * E2**4
    d = 1 / 112 * E2**3 + 45 / 2304 * E2**4
    e = 5 / 2304 * E2**4
    return (
        a - 3 * b + 5 * c - 7 * d + 9 * e,
        4 * b - 20 * c + 56 * d - 120 * e,
        16 * c - 112 * d + 432 * e,
        64 * d - 576 * e,
        256 * e,
    )


F0, F1, F2, F3, F4 = _polynomial_in_sine()


def to_survey_plane(geometries: Any, crs: Any) -> NDArray[np.object_]:
    """Polygons with edges cut to at most 70 m, in the equal-area plane in which plane area is area.

    Parameters as for `ellipsoidal_area_m2`. Anything that is no polygon becomes None. Neighbours that
    share an edge share every vertex put into it, to the last bit.

    >>> square = shapely.box(470_000, 3_850_000, 470_100, 3_850_100)
    >>> round(to_survey_plane([square], 4547)[0].area, 2)
    9999.78
    """
    return pieces_of(*geographic(Rings.of(geometries), crs)).polygons()


def from_survey_plane(geometries: Any) -> NDArray[np.object_]:
    """Geometries of the survey plane back in longitude and latitude, EPSG:4490, degrees."""

    def back(points: Floats) -> Floats:
        return np.column_stack([np.degrees(points[:, 0] / SEMI_MINOR_M), _latitude(points[:, 1])])

    return np.asarray(shapely.transform(np.asarray(geometries, dtype=object), back), dtype=object)


def pieces_of(rings: Rings, central_meridian: float | None = None) -> Rings:
    """Rings in longitude and latitude as rings of the survey plane, edges cut to at most 70 m."""
    sine = np.sin(np.radians(rings.y))
    x, y = rings.x * (SEMI_MINOR_M * np.pi / 180), northing(sine)
    edge = long_edges(rings, x, y, sine)
    if not len(edge):
        return rings.moved(x, y)
    # from the lesser end to the greater, so that both neighbours compute the same vertices
    forward = (x[edge] < x[edge + 1]) | ((x[edge] == x[edge + 1]) & (y[edge] < y[edge + 1]))
    start, end = np.where(forward, edge, edge + 1), np.where(forward, edge + 1, edge)
    bend_x, bend_y, count = bend(rings, (x, y, sine), start, end, central_meridian)
    added = count - 1
    of = np.repeat(np.arange(len(edge)), added)
    step = ranges(np.ones(len(edge), np.int64), added)
    t = np.where(forward[of], step, count[of] - step) / count[of]
    flat = 0.5 * t * (1 - t)
    start, end = start[of], end[of]
    inserted_x = x[start] + (x[end] - x[start]) * t - bend_x[of] * flat
    inserted_y = y[start] + (y[end] - y[start]) * t - bend_y[of] * flat
    return rings.moved(x, y).with_points(np.repeat(edge, added), inserted_x, inserted_y)


def plane(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Longitude and latitude, degrees, in the survey plane: x = b L, y = b F(B), metres."""
    return lon * (SEMI_MINOR_M * np.pi / 180), northing(np.sin(np.radians(lat)))


def northing(sine: Floats) -> Floats:
    """The ordinate b F(B), metres, from the sine of the latitude."""
    square = sine * sine
    y = square * F4
    for coefficient in (F3, F2, F1):
        y += coefficient
        y *= square
    y += F0
    y *= sine
    y *= SEMI_MINOR_M
    return y


def long_edges(rings: Rings, x: Floats, y: Floats, sine: Floats) -> Ints:
    """Positions of the vertices from which an edge starts that may be longer than 70 m on a sheet."""
    if len(x) < 2:
        return np.empty(0, np.int64)
    ends = np.array((sine.min(), sine.max()))
    radius = _parallel(ends) / SEMI_MINOR_M
    lowest = max(float(radius.min()), 1e-6)
    highest = 1.004 if ends[0] * ends[1] < 0 else float(radius.max())
    far = np.square(np.diff(x) * highest)
    far += np.square(np.diff(y) / lowest)
    long = far > (PIECE_M / 1.002) ** 2
    long[rings.edges_between_rings()] = False
    return np.flatnonzero(long)


def bend(
    rings: Rings, xy: tuple[Floats, Floats, Floats], start: Ints, end: Ints, meridian: float | None
) -> tuple[Floats, Floats, Ints]:
    """The vector a of each edge, and into how many pieces of at most 70 m it is cut.

    `xy` is x, y in the survey plane and the sine of the latitude, of each vertex.
    """
    x, y, sine = xy
    lon1, lon2, sine1, sine2 = rings.x[start], rings.x[end], sine[start], sine[end]
    origin = belt_meridian((lon1 + lon2) / 2) if meridian is None else meridian
    east1, east2 = np.radians(lon1 - origin), np.radians(lon2 - origin)
    chord_x, chord_y = x[end] - x[start], y[end] - y[start]
    radius1, radius2 = _parallel(sine1), _parallel(sine2)
    turn = _convergence(east2, sine2) - _convergence(east1, sine1)
    stretch = 2 * (radius2 - radius1) / (radius2 + radius1)
    square = radius1 * radius2 / SEMI_MINOR_M**2
    bend_x = chord_y * turn / square - stretch * chord_x
    bend_y = stretch * chord_y - chord_x * turn * square
    scale = 1 + east1 * east2 * (1 - sine1 * sine2) / 2
    length = scale * np.sqrt(chord_x**2 * square + chord_y**2 / square)
    return bend_x, bend_y, np.where(length > PIECE_M, length / PIECE_M, 0).astype(np.int64) + 1


def _convergence(east: Floats, sine: Floats) -> Floats:
    """Meridian convergence of the Gauss-Krüger plane, radians; `east` of its meridian, radians."""
    cosine2 = 1 - sine * sine
    eta2 = SECOND_E2 * cosine2
    return east * sine * (1 + east * east * cosine2 / 3 * (1 + eta2 * (3 + 2 * eta2)))


def _parallel(sine: Floats) -> Floats:
    """Radius of the parallel, N cos B, metres, from the sine of the latitude."""
    square = sine * sine
    return np.asarray(SEMI_MAJOR_M * np.sqrt((1 - square) / (1 - E2 * square)))


def _latitude(y: Floats) -> Floats:
    """Latitude in degrees of y in the survey plane, by Newton's method; 1e-12 degrees in five steps."""
    sine = y / (SEMI_MINOR_M * F0)
    for _ in range(6):
        square = sine * sine
        value = sine * (F0 + square * (F1 + square * (F2 + square * (F3 + square * F4))))
        slope = F0 + square * (3 * F1 + square * (5 * F2 + square * (7 * F3 + square * 9 * F4)))
        sine = sine - (value - y / SEMI_MINOR_M) / slope
    return np.asarray(np.degrees(np.arcsin(sine)))
