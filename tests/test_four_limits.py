"""The four limits: each side by the neighbour that it faces most, or by where it ends."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.boundary_change.soundness import limits
from geo.boundary_change.soundness.limits import as_words, in_words
from geo.local_plane import LocalPlane

PLANE = LocalPlane(34.5)
WEST, SOUTH = (float(v) for v in PLANE.points(np.array([[113.5, 34.5]]))[0])


def box(x: float, y: float, wide: float, high: float) -> shapely.Polygon:
    """A rectangle of the plane, metres from the corner of the place."""
    return shapely.box(WEST + x, SOUTH + y, WEST + x + wide, SOUTH + y + high)


def layer(**features: shapely.Geometry) -> pd.DataFrame:
    """Neighbours in degrees."""
    shapes = PLANE.back(np.array(list(features.values()), dtype=object))
    return pd.DataFrame({"name": list(features), "geometry": shapes})


SHAPE = box(0, 0, 400, 300)


def test_each_side_is_told_by_its_neighbour():
    around = layer(
        东区=box(400, 0, 200, 300),
        南村=box(0, -200, 400, 200),
        西河=box(-30, -50, 20, 400),
        北路=box(-50, 320, 500, 5),
    )
    told = limits(SHAPE, PLANE, around)
    assert as_words(told) == {
        "east": "东至 东区",
        "south": "南至 南村",
        "west": "西至 西河(相距约10米)",
        "north": "北至 北路(相距约20米)",
    }
    assert {limit.basis for limit in told.values()} == {"feature"}
    assert (told["east"].distance_m, told["east"].share) == (0, 1)


def test_a_side_without_a_neighbour_is_told_by_where_it_ends():
    told = limits(SHAPE, PLANE, layer(东区=box(400, 0, 200, 300)))
    assert told["west"].words == "西至 113°30′00.0″E 附近(无相邻要素)"
    assert told["south"].words == "南至 34°30′00.0″N 附近(无相邻要素)"
    assert told["west"].basis == "bearing"
    assert {limit.basis for limit in limits(SHAPE, PLANE).values()} == {"bearing"}
    assert {limit.basis for limit in limits(SHAPE, PLANE, layer()).values()} == {"bearing"}


def test_of_two_neighbours_the_one_that_a_side_faces_most_is_its_limit():
    two = layer(甲=box(400, 0, 50, 100), 乙=box(400, 100, 50, 200))
    told = limits(SHAPE, PLANE, two)["east"]
    assert told.name == "乙"
    assert told.share == pytest.approx(2 / 3, abs=0.05)


def test_a_nearer_neighbour_hides_the_one_behind_it():
    behind = layer(
        路=shapely.LineString([(WEST + 410, SOUTH - 50), (WEST + 410, SOUTH + 350)]), 厂=box(420, 0, 100, 300)
    )
    assert limits(SHAPE, PLANE, behind)["east"].words == "东至 路(相距约10米)"


def test_a_neighbour_out_of_reach_is_none_and_the_reach_can_be_set():
    far = layer(远村=box(480, 0, 100, 300))
    assert limits(SHAPE, PLANE, far)["east"].basis == "bearing"
    assert limits(SHAPE, PLANE, far, reach_m=100)["east"].words == "东至 远村(相距约80米)"


def test_a_neighbour_at_a_corner_is_no_limit():
    corner = layer(角=box(400, 300, 50, 50))
    assert {limit.basis for limit in limits(SHAPE, PLANE, corner).values()} <= {"bearing", "feature"}
    assert limits(SHAPE, PLANE, corner, reach_m=10)["east"].basis == "bearing"


def test_what_lies_within_the_shape_is_no_neighbour():
    own = layer(地块=box(300, 100, 100, 100), 跨界=box(350, 0, 100, 300))
    assert limits(SHAPE, PLANE, own)["east"].name == "跨界"
    assert limits(SHAPE, PLANE, own.head(1))["east"].basis == "bearing"


def test_a_road_along_the_side_itself_is_its_limit():
    road = layer(界路=shapely.LineString([(WEST + 400, SOUTH - 9), (WEST + 400, SOUTH + 309)]))
    told = limits(SHAPE, PLANE, road)
    assert (told["east"].words, told["east"].distance_m) == ("东至 界路", 0)
    assert told["south"].basis == "bearing"


def test_of_a_feature_with_many_vertices_the_neighbourhood_is_enough():
    coast = np.column_stack([np.linspace(-5_000, 5_000, 5_000), 330 + 5 * np.sin(np.arange(5_000))]) + (
        WEST,
        SOUTH,
    )
    land = shapely.Polygon([*coast, (WEST + 5_000, SOUTH + 9_000), (WEST - 5_000, SOUTH + 9_000)])
    told = limits(SHAPE, PLANE, layer(红线=land))
    assert told["north"].words == "北至 红线(相距约26米)"
    assert told["south"].basis == "bearing"


def test_an_invalid_neighbour_is_made_valid_and_seen():
    crossed = shapely.Polygon([
        (WEST + x, SOUTH + y) for x, y in ((400, 0), (400, 300), (500, 0), (500, 300))
    ])
    assert limits(SHAPE, PLANE, layer(甲=crossed))["east"].name == "甲"


def test_a_feature_without_a_name_or_a_shape_is_passed_over():
    odd = pd.DataFrame({
        "name": ["无图", None],
        "geometry": [None, *layer(a=box(400, 0, 9, 300))["geometry"]],
    })
    assert limits(SHAPE, PLANE, odd)["east"].basis == "bearing"


def test_holes_and_their_land_do_not_count():
    ring = shapely.difference(SHAPE, box(100, 100, 100, 100))
    assert limits(ring, PLANE, layer(飞地=box(100, 100, 100, 100)))["east"].basis == "bearing"


def test_nothing_has_no_sides():
    assert limits(shapely.Polygon(), PLANE) == {}


@given(st.integers(0, 3), st.booleans())
def test_start_and_direction_of_the_outline_do_not_matter(start, turned):
    around = layer(东区=box(400, 0, 200, 300), 南村=box(0, -200, 400, 200))
    ring = np.roll(shapely.get_coordinates(SHAPE)[:-1], start, axis=0)[:: -1 if turned else 1]
    assert as_words(limits(shapely.Polygon(ring), PLANE, around)) == as_words(limits(SHAPE, PLANE, around))


@given(st.floats(-180, 180))
def test_degrees_in_words_are_within_a_twentieth_of_a_second(value):
    degrees, _, rest = in_words(value).partition("°")
    minutes, _, seconds = rest.rstrip("″").partition("′")
    back = int(degrees) + int(minutes) / 60 + float(seconds) / 3600
    assert back == pytest.approx(abs(value), abs=0.0500001 / 3600)
    assert float(seconds) < 60
