"""Probing: what a request may learn of classified land, and how many may ask how often."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.boundary_change.blurring import Grid, blurred, holds_cell
from geo.boundary_change.probing import Answer, Question, Settings, weigh

DAY = date(2026, 6, 1)
WHEN = datetime(2026, 6, 1, 9, tzinfo=UTC)
HOUSE = Settings.on(DAY)
KM = shapely.box(0, 0, 1000, 1000)


def question(
    shape: shapely.Geometry, *, who: str = "甲", after: timedelta = timedelta(), day: date = DAY
) -> Question:
    return Question(who, WHEN + after, day, shape)


def refusal(shape: shapely.Geometry, *earlier: Question, settings: Settings = HOUSE, **said: object) -> str:
    return weigh(question(shape, **said), earlier, settings).refused


def test_a_wide_request_is_answered():
    assert weigh(question(KM), [], HOUSE) == Answer()


@pytest.mark.parametrize(
    ("shape", "why"),
    [
        (shapely.box(0, 0, 99, 100), "part of the request is smaller than 1 ha"),
        (shapely.box(0, 0, 100, 100), ""),  # a hectare to the square metre
        (shapely.union(KM, shapely.box(5000, 0, 5050, 50)), "smaller than 1 ha"),
        (shapely.box(0, 0, 39, 1000), "narrower than 40 m"),
        (shapely.box(0, 0, 41, 1000), ""),
        (shapely.union(KM, shapely.box(1000, 500, 2000, 501)), "narrower than 40 m"),  # a spike
        (shapely.union(KM, shapely.box(1000, 500, 1100, 600)), ""),
        (shapely.difference(KM, shapely.box(500, 500, 550, 550)), "hole of the request is smaller"),
        (shapely.difference(KM, shapely.box(400, 400, 500, 500)), ""),
        (shapely.box(0, 0, 100_001, 1000), "reaches over more than 100 km"),
        (shapely.Point(0, 0).buffer(500), ""),  # round
        (shapely.Polygon([(0, 0), (1000, 0), (500, 800)]), ""),  # corners of a triangle are no spikes
    ],
)
def test_small_narrow_and_pierced_shapes_are_not_answered_for(shape: shapely.Geometry, why: str):
    said = refusal(shape)
    assert why in said if why else said == ""


def test_the_same_question_again_is_answered_and_not_counted():
    others = [question(shapely.box(x, 0, x + 500, 500)) for x in range(0, 10_000, 1000)]
    earlier = [question(KM), *others]
    none_left = replace(HOUSE, per_day=1, per_year=1, per_place=1)
    assert weigh(question(KM, who="乙"), earlier, none_left) == Answer(known=True)
    turned = shapely.Polygon([*KM.exterior.coords[2:-1], *KM.exterior.coords[:3]][::-1])
    moved = shapely.transform(turned, lambda points: points + 1e-7)
    assert weigh(question(moved), earlier, none_left).known


def test_a_shape_with_a_thread_is_not_the_same():
    thread = shapely.union(KM, shapely.box(1000, 500, 1900, 500.001))  # 0.9 m²
    assert "narrower" in refusal(thread, question(KM))


def test_the_same_shape_for_another_day_counts_as_a_question():
    again = question(KM, day=date(2025, 1, 1))
    assert weigh(again, [question(KM)], HOUSE) == Answer()
    assert "neighbourhood" in weigh(again, [question(KM)], replace(HOUSE, per_place=1)).refused


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (shapely.box(0, 0, 1009, 1000), False),  # a strip of 0.9 ha more
        (shapely.box(0, 0, 1011, 1000), True),
        (shapely.box(0, 0, 991, 1000), False),
        (shapely.Polygon([(0, 0), (1000, 0), (1005, 1005), (0, 1000)]), False),  # one point moved
        # moved by 5 m and padded with land far away, beside it or through a corridor
        (shapely.union(shapely.box(5, 0, 1005, 1000), shapely.box(9000, 0, 9500, 500)), False),
        (shapely.union(shapely.box(5, 0, 1005, 1000), shapely.box(5, 1000, 1005, 2000)), False),
        (shapely.union_all([shapely.box(5, 0, 1005, 1000), shapely.box(505, 1000, 605, 3000)]), False),
        (shapely.box(1000, 0, 2000, 1000), True),  # beside it
        (shapely.difference(KM, shapely.box(0, 0, 100, 100.1)), True),
    ],
)
def test_a_question_must_differ_from_those_of_anybody_by_whole_pieces(other: shapely.Geometry, told: bool):
    said = refusal(other, question(KM, who="乙", after=-timedelta(days=300)))
    assert (said == "") is told
    assert told or "piece of less than 1 ha" in said


def test_a_question_of_more_than_a_year_ago_counts_no_more():
    assert refusal(shapely.box(0, 0, 1001, 1000), question(KM, after=-timedelta(days=365))) == ""


def far_apart(count: int) -> list[shapely.Geometry]:
    return [shapely.box(x, 0, x + 500, 500) for x in range(0, 5000 * count, 5000)]


def test_one_person_asks_so_often_a_day_and_is_told_when_again():
    shapes = far_apart(21)
    earlier = [question(shape, after=timedelta(minutes=at)) for at, shape in enumerate(shapes[:20])]
    said = refusal(shapes[20], *earlier, after=timedelta(hours=2))
    assert "20 different questions" in said
    assert "2026-06-02 09:00" in said
    assert refusal(shapes[20], *earlier, after=timedelta(days=1)) == ""
    assert refusal(shapes[20], *earlier, who="乙", after=timedelta(hours=2)) == ""


def test_one_person_asks_so_often_a_year():
    settings = replace(HOUSE, per_year=3)
    shapes = far_apart(4)
    earlier = [question(shape, after=timedelta(days=2 * at)) for at, shape in enumerate(shapes[:3])]
    assert "within a year" in refusal(shapes[3], *earlier, settings=settings, after=timedelta(days=10))
    assert refusal(shapes[3], *earlier, settings=settings, after=timedelta(days=365)) == ""


def test_everybody_together_asks_so_often_in_a_neighbourhood():
    shapes = [shapely.box(x, 0, x + 200, 200) for x in range(0, 12 * 250, 250)]
    near = [question(shape, who=f"人{at}", after=timedelta(days=at)) for at, shape in enumerate(shapes)]
    later = {"who": "新", "after": timedelta(days=20)}
    assert refusal(shapely.box(1500, 300, 1700, 500), *near[:-1], **later) == ""
    wide = shapely.box(1000, 300, 2000, 1300)
    assert "neighbourhood" in refusal(wide, *near, **later)
    assert refusal(shapely.box(9000, 0, 9200, 200), *near, **later) == ""


# The blur: whatever is told follows from the cells that a classified area touches.

GRID = Grid.of(100.0)
NEAR = (112.9, 34.4, 113.1, 34.6)


@given(
    st.lists(
        st.tuples(st.floats(112.99, 113.01), st.floats(34.49, 34.51)), min_size=3, max_size=8, unique=True
    )
)
def test_an_area_lies_in_its_blur_and_the_blur_no_farther_than_a_cell_from_it(points):
    area = shapely.convex_hull(shapely.multipoints(points))
    blur = blurred(np.array([area]), NEAR, GRID)[0]
    assert shapely.covers(shapely.buffer(blur, 1e-9), area)
    # no point of a filled cell is farther from the area than the diagonal of a cell
    diagonal = np.hypot(1 / GRID.per_degree, GRID.widths(np.array([34 * GRID.per_degree]))[0])
    corners = shapely.points(shapely.get_coordinates(blur))
    assert float(shapely.distance(corners, area).max()) <= diagonal * 1.001


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(0.0, 0.9))
def test_areas_in_the_same_cell_are_blurred_alike(x: float, y: float, size: float):
    cell = GRID.boxes(*map(np.array, zip(GRID.cell(113.0, 34.5), strict=True)))[0]
    west, south, east, north = shapely.buffer(cell, -1e-7, join_style="mitre").bounds
    x, y = west + x * (east - west), south + y * (north - south)
    some = shapely.box(x, y, x + size * (east - x), y + size * (north - y))
    assert blurred(np.array([some]), NEAR, GRID)[0].equals(shapely.union_all([cell]))


def test_a_whole_cell_is_surely_classified_and_half_a_cell_is_not():
    cell = GRID.boxes(*map(np.array, zip(GRID.cell(113.0, 34.5), strict=True)))[0]
    west, south, east, north = cell.bounds
    assert holds_cell(cell, GRID)
    assert not holds_cell(shapely.box(west, south, east, (south + north) / 2), GRID)
    assert not holds_cell(shapely.Polygon(), GRID)


def test_areas_are_told_in_whole_steps_upwards_and_distances_downwards():
    assert [HOUSE.area(each) for each in (0.0, 0.5, 2.0, 10_000.0, 10_000.1)] == [0, 0, 1e4, 1e4, 2e4]
    assert [HOUSE.distance(each) for each in (0.0, 499.9, 500.0, 1700.0)] == [0, 0, 500, 1500]
