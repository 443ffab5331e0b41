"""What a condition measures does not depend on how features are cut, ordered or drawn; and laws of area."""

from __future__ import annotations

import runpy
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
import shapely.ops
from hypothesis import given
from hypothesis import strategies as st

from data.records import Outcome
from geo.boundary_change.conditions import Constraints
from geo.boundary_change.request import Request

MADE = runpy.run_path(str(Path(__file__).with_name("squares.py")))
condition, constraints, judged, request = (
    MADE[name] for name in ("condition", "constraints", "judged", "request")
)
FORMS = ("overlap", "containment", "distance")


@st.composite
def star(draw, least=3, most=12):
    """A star-shaped polygon around a point near the origin, in metres."""
    count = draw(st.integers(least, most))
    radii = np.array(draw(st.lists(st.integers(20, 120), min_size=count, max_size=count)), dtype=float)
    angles = np.linspace(0, 2 * np.pi, count, endpoint=False) + draw(st.floats(0, 1))
    middle = np.array([draw(st.integers(-100, 200)), draw(st.integers(-100, 200))], dtype=float)
    points = middle + radii[:, None] * np.column_stack([np.cos(angles), np.sin(angles)])
    return shapely.Polygon(np.round(points, 3))


STARS = st.lists(star(), min_size=1, max_size=5)


def features(shapes):
    return [{"shape": shape, "name": f"N{number}"} for number, shape in enumerate(shapes)]


def measured(form, asked, shapes, limit=20.0):
    return judged(condition(form, limit), asked, constraints(features(shapes))).finding


def same(one, other):
    """Two findings say the same, but for the last digits."""
    assert one.outcome is other.outcome
    if one.measured is None or other.measured is None:
        assert one.measured == other.measured
    else:
        assert one.measured == pytest.approx(other.measured, abs=1e-4)


@given(asked=star(), shapes=STARS, form=st.sampled_from(FORMS), seed=st.randoms())
def test_the_order_of_features_changes_nothing(asked, shapes, form, seed):
    mixed = list(shapes)
    seed.shuffle(mixed)
    same(measured(form, request(asked), shapes), measured(form, request(asked), mixed))


@given(asked=star(), shapes=STARS, form=st.sampled_from(FORMS), turn=st.integers(0, 11))
def test_where_an_outline_starts_and_which_way_it_runs_changes_nothing(asked, shapes, form, turn):
    def redrawn(shape):
        points = shapely.get_coordinates(shape)[:-1]
        return shapely.Polygon(np.roll(points, turn, axis=0)[::-1])

    again = measured(form, request(redrawn(asked)), [redrawn(shape) for shape in shapes])
    same(measured(form, request(asked), shapes), again)


@given(asked=star(), shapes=STARS, form=st.sampled_from(FORMS), at=st.integers(-100, 200))
def test_a_feature_that_is_split_in_two_measures_the_same(asked, shapes, form, at):
    left, right = shapely.box(-1000, -1000, at, 1000), shapely.box(at, -1000, 1000, 1000)
    split = [part for shape in shapes for side in (left, right)
             for part in shapely.get_parts(shapely.intersection(shape, side)) if part.area > 0]  # fmt: skip
    same(measured(form, request(asked), shapes), measured(form, request(asked), split))


@given(asked=star(), shapes=STARS)
def test_what_is_on_features_and_what_is_outside_make_the_whole(asked, shapes):
    on = measured("overlap", request(asked), shapes).measured
    outside = measured("containment", request(asked), shapes).measured
    assert on + outside == pytest.approx(asked.area, abs=1e-3)


@given(asked=star(), shapes=STARS)
def test_the_offending_land_is_as_large_as_was_measured_and_lies_where_it_is_said_to(asked, shapes):
    whole = shapely.union_all(shapes)
    for form, lies in (("overlap", True), ("containment", False)):
        got = judged(condition(form), request(asked), constraints(features(shapes)))
        if got.shape is None:
            assert got.finding.outcome is Outcome.MET
            continue
        assert got.shape.area == pytest.approx(got.finding.measured, abs=1e-6)
        inner = shapely.buffer(got.shape, -1e-6)
        assert asked.covers(inner)
        assert whole.covers(inner) if lies else not whole.intersects(inner)


@given(asked=star(), shapes=STARS, limit=st.floats(0.5, 200))
def test_land_beyond_the_distance_is_not_offending_and_land_within_is(asked, shapes, limit):
    got = judged(condition("distance", limit), request(asked), constraints(features(shapes)))
    apart = shapely.distance(asked, shapely.union_all(shapes))
    assert got.finding.measured == pytest.approx(apart, rel=1e-3, abs=1e-3)
    if got.shape is None:
        return
    rest = shapely.difference(asked, shapely.buffer(got.shape, 0.01 * limit))
    if not rest.is_empty:
        assert shapely.distance(rest, shapely.union_all(shapes)) >= limit * 0.999


@given(asked=star(), shapes=STARS, limit=st.integers(0, 40_000))
def test_a_larger_limit_is_never_harder_to_meet(asked, shapes, limit):
    order = [Outcome.NOT_MET, Outcome.CANNOT_TELL, Outcome.MET]
    small, large = (measured("overlap", request(asked), shapes, by).outcome for by in (limit, limit + 1000))
    assert order.index(large) >= order.index(small)


@given(asked=star(), shapes=STARS)
def test_more_features_never_make_less_overlap(asked, shapes):
    some = measured("overlap", request(asked), shapes[:-1]).measured
    assert measured("overlap", request(asked), shapes).measured >= some - 1e-6


@pytest.mark.parametrize("at", [113.0021, 113.00503, 113.0087])
@pytest.mark.parametrize("snap_m", [0.0, 0.1])
def test_features_of_a_survey_that_meet_along_a_line_leave_no_gap_between_them(at, snap_m):
    """Edges bend in the plane, and the two sides of a seam have other vertices than the whole."""
    asked = Request.of(
        "expansion", zone="Z1", day=date(2026, 6, 1), region="410100", snap_m=snap_m,
        asked=[shapely.box(113.0, 34.0, 113.01, 34.013)],
    )  # fmt: skip
    slanted = shapely.LineString([(at - 0.001, 33.99), (at + 0.0013, 34.02)])
    around = shapely.box(112.99, 33.99, 113.02, 34.02)
    parts = shapely.get_parts(shapely.ops.split(around, slanted))
    one, other = ([*parts[:1], shapely.segmentize(parts[1], 0.0007)], [around])
    told = [
        judged(condition("containment", of="added"), asked, placed(shapes, asked)).finding
        for shapes in (one, other)
    ]
    assert [each.outcome for each in told] == [Outcome.MET, Outcome.MET]
    on = [
        judged(condition("overlap"), asked, placed(shapes, asked)).finding.measured for shapes in (one, other)
    ]
    assert on == pytest.approx([asked.added.area] * 2, abs=0.005)


def placed(shapes, asked):
    """Shapes in degrees as features of one layer."""
    near = gpd.GeoDataFrame(
        {"role": "basic_farmland", "name": "甲", "level": None, "restricted": False, "version": "v1"},
        index=range(len(shapes)), geometry=list(shapes), crs=4490,
    )  # fmt: skip
    return Constraints.of(near, asked, {"basic_farmland": (112, 33, 114, 35)})
