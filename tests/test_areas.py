"""Ellipsoidal areas: the published vectors, the published steps, geodesic areas, and what must not change."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.areas import ellipsoidal_area_m2
from geo.survey_plane import from_survey_plane, to_survey_plane

# (north, east) in EPSG:4526 and m² by the published method, rounded to 0.01: land.md section 7
VECTORS = {
    "100 m square near the central meridian": (
        [(3850000.0, 38470000.0), (3850100.0, 38470000.0), (3850100.0, 38470100.0), (3850000.0, 38470100.0)],
        9999.78,
    ),
    "1 km square near the central meridian": (
        [(3850000.0, 38470000.0), (3851000.0, 38470000.0), (3851000.0, 38471000.0), (3850000.0, 38471000.0)],
        999978.55,
    ),
    "36.6 km2 at the edge of the belt": (
        [
            (3840000.0, 38625000.0),
            (3845123.4567, 38626200.1),
            (3846000.25, 38630500.75),
            (3842500.0, 38632999.5),
            (3839000.125, 38629000.0),
        ],
        36598841.03,
    ),
    "22.5 km2 near the central meridian": (
        [
            (3855000.0, 38480000.0),
            (3858200.5, 38483100.25),
            (3855050.0, 38487020.0),
            (3851800.0, 38483500.0),
        ],
        22475595.77,
    ),
}


def published_steps(polygon: shapely.Polygon, epsg: int, piece_m: float = 70.0) -> float:
    """The published method said plainly: cut, go back to B and L, sum trapezoids. Slow on purpose."""
    a, f = 6378137.0, 1 / 298.257222101
    b, e2 = a * (1 - f), f * (2 - f)
    big_a = 1 + 3 / 6 * e2 + 30 / 80 * e2**2 + 35 / 112 * e2**3 + 630 / 2304 * e2**4
    big_b = 1 / 6 * e2 + 15 / 80 * e2**2 + 21 / 112 * e2**3 + 420 / 2304 * e2**4
    big_c = 3 / 80 * e2**2 + 7 / 112 * e2**3 + 180 / 2304 * e2**4
    big_d = 1 / 112 * e2**3 + 45 / 2304 * e2**4
    big_e = 5 / 2304 * e2**4
    back = pyproj.Transformer.from_crs(epsg, 4490, always_xy=True)

    def ring_area(ring: shapely.LinearRing) -> float:
        corners, points = list(ring.coords), []
        for (x1, y1), (x2, y2) in pairwise(corners):
            length = math.hypot(x2 - x1, y2 - y1)
            n = (int(length / piece_m) if length > piece_m else 0) + 1
            points += [(x1 + (x2 - x1) * k / n, y1 + (y2 - y1) * k / n) for k in range(n)]
        points.append(corners[0])
        lon, lat = (np.radians(v) for v in back.transform(*np.array(points).T))
        total = 0.0
        for l1, l2, b1, b2 in zip(lon, lon[1:], lat, lat[1:], strict=False):
            d, m = b2 - b1, (b1 + b2) / 2
            total += (
                2
                * b
                * b
                * ((l1 + l2) / 2 - lon[0])
                * (
                    big_a * math.sin(d / 2) * math.cos(m)
                    - big_b * math.sin(3 * d / 2) * math.cos(3 * m)
                    + big_c * math.sin(5 * d / 2) * math.cos(5 * m)
                    - big_d * math.sin(7 * d / 2) * math.cos(7 * m)
                    + big_e * math.sin(9 * d / 2) * math.cos(9 * m)
                )
            )
        return abs(total)

    return ring_area(polygon.exterior) - sum(ring_area(hole) for hole in polygon.interiors)


def star(rng: np.random.Generator, x: float, y: float, radius_m: float, corners: int = 12) -> shapely.Polygon:
    """A polygon seen whole from (x, y): always simple."""
    angle = (np.arange(corners) + rng.uniform(0.1, 0.9, corners)) * 2 * np.pi / corners
    r = radius_m * rng.uniform(0.4, 1, corners)
    return shapely.Polygon(np.c_[x + r * np.cos(angle), y + r * np.sin(angle)])


def geographic(polygons, epsg: int):
    back = pyproj.Transformer.from_crs(epsg, 4490, always_xy=True)
    return shapely.transform(polygons, lambda p: np.column_stack(back.transform(p[:, 0], p[:, 1])))


@pytest.mark.parametrize(("corners", "expected"), VECTORS.values(), ids=VECTORS)
def test_the_published_vectors_hold_on_the_sheet_and_in_degrees(corners, expected):
    polygon = shapely.Polygon([(east, north) for north, east in corners])
    assert ellipsoidal_area_m2([polygon], 4526)[0] == pytest.approx(expected, abs=0.05)
    assert ellipsoidal_area_m2([geographic(polygon, 4526)], 4490)[0] == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize("epsg", [4546, 4547, 4548, 4526, 32650, 3857, 4479 + 54])
@pytest.mark.parametrize("radius_m", [80, 700, 6_000, 25_000])
def test_the_closed_form_equals_the_published_steps_taken_one_by_one(epsg, radius_m):
    rng = np.random.default_rng(epsg + radius_m)
    crs = pyproj.CRS.from_epsg(epsg)
    centre = pyproj.Transformer.from_crs(4490, epsg, always_xy=True)
    west, _, east, _ = crs.area_of_use.bounds if epsg != 3857 else (112.0, 0, 115.0, 0)
    for _ in range(4):
        polygon = star(rng, *centre.transform(rng.uniform(west, east), rng.uniform(31.5, 36.3)), radius_m)
        assert ellipsoidal_area_m2([polygon], epsg)[0] == pytest.approx(
            published_steps(polygon, epsg), rel=2e-9
        )


def test_a_thousand_polygons_in_henan_lie_within_half_a_ppm_of_dense_geodesic_areas():
    rng, geod = np.random.default_rng(7), pyproj.Geod(ellps="GRS80")
    worst = 0.0
    for epsg, meridian in ((4546, 111), (4547, 114), (4548, 117)):
        sheet = pyproj.Transformer.from_crs(4490, epsg, always_xy=True)
        size = 10 ** rng.uniform(2.5, 4, 334)
        x, y = sheet.transform(
            rng.uniform(max(110.4, meridian - 1.4), min(116.6, meridian + 1.4), 334),
            rng.uniform(31.5, 36.3, 334),
        )
        polygons = np.array([star(rng, *where) for where in zip(x, y, size, strict=True)])
        dense = geographic(shapely.segmentize(polygons, size / 50), epsg)
        expected = np.array([abs(geod.geometry_area_perimeter(p)[0]) for p in dense])
        for measured in (
            ellipsoidal_area_m2(polygons, epsg),
            ellipsoidal_area_m2(geographic(polygons, epsg), 4490),
        ):
            worst = max(worst, np.abs(measured / expected - 1).max())
    assert worst < 0.5e-6


def test_a_hole_counts_the_same_whichever_way_it_was_drawn():
    shell, hole = shapely.box(0, 0, 3000, 3000), shapely.box(1000, 1000, 2000, 2000)
    shell, hole = (shapely.affinity.translate(p, 470_000, 3_850_000) for p in (shell, hole))
    one_way = shapely.Polygon(shell.exterior, [hole.exterior])
    other_way = shapely.Polygon(shell.exterior, [hole.exterior.reverse()])
    a, b, whole, missing = ellipsoidal_area_m2([one_way, other_way, shell, hole], 4547)
    assert a == b == pytest.approx(whole - missing, rel=1e-12)


def test_what_is_no_polygon_has_no_area_rather_than_zero():
    geometries = [None, shapely.Point(114, 34), shapely.Polygon(), shapely.box(114, 34, 114.01, 34.01)]
    assert np.isnan(ellipsoidal_area_m2(geometries, 4490)).tolist() == [True, True, True, False]
    assert len(ellipsoidal_area_m2([], 4490)) == 0


def test_the_parts_of_a_multipolygon_add_up():
    parts = [shapely.box(114, 34, 114.01, 34.01), shapely.box(114.02, 34, 114.03, 34.02)]
    together = ellipsoidal_area_m2([shapely.MultiPolygon(parts)], 4490)[0]
    assert together == pytest.approx(ellipsoidal_area_m2(parts, 4490).sum(), rel=1e-14)


def test_other_datums_are_measured_on_the_ellipsoid_of_the_survey():
    square = [shapely.box(38_470_000, 3_850_000, 38_471_000, 3_851_000)]
    assert ellipsoidal_area_m2(square, 2362)[0] == pytest.approx(
        ellipsoidal_area_m2(square, 4526)[0], rel=2e-6
    )


@given(lon=st.floats(75, 134), lat=st.floats(18, 53), width=st.floats(1e-4, 0.3), turn=st.integers(0, 3))
def test_the_start_and_direction_of_a_ring_do_not_matter(lon, lat, width, turn):
    corners = np.array([(0, 0), (width, width / 7), (width * 0.9, width), (-width / 5, width / 2)]) + (
        lon,
        lat,
    )
    polygon, other = shapely.Polygon(corners), shapely.Polygon(np.roll(corners, turn, axis=0)[::-1])
    a, b = ellipsoidal_area_m2([polygon, other], 4490)
    assert a == pytest.approx(b, rel=1e-11)


@given(
    lon=st.floats(110.4, 116.6),
    lat=st.floats(31.5, 36.3),
    width=st.floats(2e-4, 0.1),
    cut=st.floats(0.2, 0.8),
)
def test_cutting_a_polygon_in_the_survey_plane_neither_loses_nor_makes_area(lon, lat, width, cut):
    corners = np.array([(0, 0), (width, width / 9), (width * 0.8, width), (-width / 6, width * 0.7)]) + (
        lon,
        lat,
    )
    whole = to_survey_plane([shapely.Polygon(corners)], 4490)[0]
    left, bottom, right, top = whole.bounds
    knife = shapely.box(left - 1, bottom - 1, left + (right - left) * cut, top + 1)
    area = shapely.intersection(whole, knife).area + shapely.difference(whole, knife).area
    assert area == pytest.approx(ellipsoidal_area_m2([shapely.Polygon(corners)], 4490)[0], rel=1e-9)


def test_neighbours_share_every_vertex_put_into_their_common_edge():
    left, right = shapely.box(113.97, 34, 114.0, 34.02), shapely.box(114.0, 34, 114.02, 34.02)
    a, b = to_survey_plane([left, right], 4490)
    shared = shapely.intersection(a, b)
    assert shared.area == 0
    assert shapely.union(a, b).area == pytest.approx(a.area + b.area, rel=1e-15)
    assert len(set(a.exterior.coords) & set(b.exterior.coords)) > 30


def test_the_way_out_of_the_survey_plane_is_the_way_in_reversed():
    polygon = shapely.Polygon([(110.4, 31.4), (116.6, 31.5), (116.5, 36.3), (110.5, 36.2)])
    there_and_back = from_survey_plane(to_survey_plane([polygon], 4490))[0]
    corners = shapely.get_coordinates(there_and_back)
    for corner in shapely.get_coordinates(polygon):
        assert np.abs(corners - corner).max(axis=1).min() < 1e-11
