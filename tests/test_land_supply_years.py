"""Years of supply left, on squares of one hectare that anybody can add up."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import ColumnMissing
from geo.areas import ellipsoidal_area_m2
from geo.coverage import apart
from geo.land import BEYOND
from geo.land.supply_years import supply_years_left

CRS = 4547
WEST, SOUTH = 470_000.0, 3_850_000.0
few = settings(max_examples=15)


def square(column: float, row: float, wide: float = 1.0, high: float = 1.0) -> shapely.Polygon:
    """A rectangle on a grid of 100 m; about 15 mu a cell, less 22 ppm on the ellipsoid."""
    return shapely.box(
        WEST + 100 * column, SOUTH + 100 * row, WEST + 100 * (column + wide), SOUTH + 100 * (row + high)
    )


def parcels(*rows: tuple) -> pd.DataFrame:
    columns = ["geometry", "supply", "supplied_on"]
    return pd.DataFrame(rows, columns=columns).assign(parcel_id=[f"P{n}" for n in range(len(rows))])


ZONE = square(0, 0, 10, 1)
PLAN = [square(0, 0, 8, 1), square(20, 0)]  # eight cells of the zone, and one elsewhere
FIVE = parcels(
    (square(0, 0), "supplied", date(2010, 5, 1)),
    (square(1, 0), "supplied", date(2019, 1, 1)),
    (square(2, 0), "idle", date(2023, 12, 31)),
    (square(8, 0), "supplied", date(2021, 6, 1)),  # outside of the plan: pace, and nothing off the reserve
    (square(3, 0), "ready", None),
    (square(12, 0), "supplied", None),  # outside of the zone: nobody asks for its day
)


def years(frame: pd.DataFrame = FIVE, **more):
    given = {"zone": ZONE, "planned": PLAN, "year": 2023, "crs": CRS, **more}
    zone, planned, year = given.pop("zone"), given.pop("planned"), given.pop("year")
    return supply_years_left(zone, planned, frame, year, **given)


def test_five_cells_left_at_three_cells_in_five_years_last_eight_years_and_four_months():
    told = years()
    assert told.value == pytest.approx(5 / (3 / 5), rel=1e-6)
    assert (told.code, told.unit, told.reason) == ("supply_years_left", "year", "")
    assert (told.code, told.label, told.unit) in BEYOND
    cells = {name: size / 15 for name, size in told.breakdown.items()}
    assert cells == pytest.approx(
        {
            "planned_mu": 8, "supplied_mu": 3, "evidence_mu": 0, "left_mu": 5, "recent_mu": 3,
            "supplied_mu.2019": 1, "supplied_mu.2020": 0, "supplied_mu.2021": 1, "supplied_mu.2022": 0,
            "supplied_mu.2023": 1,
        },
        rel=1e-4, abs=1e-9,
    )  # fmt: skip


def test_subtracting_totals_would_have_said_less():
    told = years()
    assert told.breakdown["left_mu"] > told.breakdown["planned_mu"] - 4 * 15


def test_areas_are_ellipsoidal():
    cell = ellipsoidal_area_m2([square(3, 0, 5, 1)], CRS)[0] * 15 / 10_000
    assert years().breakdown["left_mu"] == pytest.approx(cell, rel=1e-6)


def test_proved_land_is_taken_out_once_and_only_where_it_is_free():
    told = years(evidence=[square(2, 0, 2, 1), square(3, 0)])
    assert told.breakdown["evidence_mu"] / 15 == pytest.approx(1, rel=1e-4)
    assert told.value == pytest.approx(4 / (3 / 5), rel=1e-6)


def test_what_lies_under_two_parcels_is_taken_once():
    twice = pd.concat([FIVE, parcels((square(1.5, 0), "supplied", date(2020, 1, 1)))], ignore_index=True)
    told = years(twice)
    assert told.breakdown["left_mu"] == pytest.approx(years().breakdown["left_mu"], rel=1e-9)
    assert told.breakdown["recent_mu"] == pytest.approx(years().breakdown["recent_mu"], rel=1e-9)
    assert told.value == pytest.approx(years().value, rel=1e-9)


def test_the_first_and_the_last_day_of_the_five_years_count_and_the_days_beside_them_do_not():
    edge = [date(2018, 12, 31), date(2019, 1, 1), date(2023, 12, 31), date(2024, 1, 1)]
    told = years(parcels(*((square(n, 0), "supplied", day) for n, day in enumerate(edge))))
    assert told.breakdown["recent_mu"] / 15 == pytest.approx(2, rel=1e-4)
    assert told.breakdown["supplied_mu"] / 15 == pytest.approx(
        3, rel=1e-4
    )  # the last is supplied after the year
    assert told.value == pytest.approx(5 / (2 / 5), rel=1e-6)


def test_parcels_that_cross_the_boundary_count_with_what_lies_inside():
    told = years(parcels((square(-0.5, 0), "supplied", "2022-03-01")))
    assert told.breakdown["recent_mu"] / 15 == pytest.approx(0.5, rel=1e-4)


def test_a_supplied_parcel_without_its_day_leaves_the_pace_open():
    told = years(FIVE.assign(supplied_on=[None, *FIVE["supplied_on"][1:]]))
    assert told.value is None
    assert "supplied_on (供地日期) is not given for 1 parcel(s) (15.0 mu)" in told.reason
    assert told.breakdown["left_mu"] / 15 == pytest.approx(5, rel=1e-4)


def test_a_parcel_that_does_not_say_whether_it_is_supplied_leaves_it_open():
    told = years(FIVE.assign(supply=[*FIVE["supply"][:4], None, "supplied"]))
    assert "supply (供应状态) is not given for 1 parcel(s) (15.0 mu)" in told.reason


def test_a_neighbour_that_reaches_over_by_a_hair_is_not_asked():
    beside = parcels((square(9.9999, 0), None, None))
    assert years(pd.concat([FIVE, beside])).value == pytest.approx(years().value, rel=1e-4)


def test_a_survey_code_or_a_tenure_says_that_land_is_supplied():
    coded = FIVE.assign(supply=None, survey_code=["D1", "D21", "G", None, "E1", None])
    coded = coded.assign(tenure=[None, None, None, "granted", None, "granted"])
    assert years(coded).value == pytest.approx(years().value, rel=1e-9)
    closed = FIVE.assign(survey_code=["C1", *[None] * 5])
    assert years(closed).breakdown["left_mu"] / 15 == pytest.approx(6, rel=1e-4)


def test_nothing_supplied_in_five_years_is_no_pace():
    told = years(year=2030)
    assert told.value is None
    assert "Nothing was supplied here from 2026 to 2030" in told.reason


def test_no_plan_is_not_an_empty_plan():
    assert "planned_construction" in years(planned=[]).reason
    assert "lies in the zone" in years(planned=[square(40, 0)]).reason


def test_all_supplied_lasts_no_year():
    told = years(parcels((square(0, 0, 10, 1), "supplied", "2020-05-05")))
    assert told.value == 0
    assert told.reason == ""


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"zone": shapely.Polygon([(0, 0), (9, 9), (9, 0), (0, 9)])}, "1 of 1 shapes of zone"),
        ({"planned": [None, square(0, 0)]}, "1 of 2 shapes of planned"),
        ({"frame": FIVE.assign(geometry=[None, *FIVE["geometry"][1:]])}, "1 of 6 shapes of parcels"),
    ],
)
def test_shapes_that_cannot_be_cut_are_said_to_be_broken(given, said):
    told = years(**given)
    assert told.value is None
    assert said in told.reason
    assert "--repair" in told.reason


def test_without_parcels_or_their_outlines():
    assert "Nothing was supplied" in years(FIVE.iloc[:0]).reason
    with pytest.raises(ColumnMissing, match="geometry"):
        years(FIVE.drop(columns="geometry"))


@st.composite
def fabrics(draw: st.DrawFn) -> pd.DataFrame:
    cells = draw(st.lists(st.integers(-1, 10), min_size=1, max_size=9, unique=True))
    states = st.sampled_from(["supplied", "idle", "ready", "not_supplied"])
    days = st.dates(date(2015, 1, 1), date(2026, 12, 31))
    rows = [(square(cell, 0), draw(states), draw(days)) for cell in cells]
    return parcels(*rows)


@few
@given(fabrics(), st.randoms(use_true_random=False), st.floats(0.1, 0.9))
def test_neither_the_order_of_parcels_nor_a_cut_through_one_changes_anything(frame, chance, cut):
    order = list(range(len(frame)))
    chance.shuffle(order)
    west, south, east, north = frame["geometry"].iloc[0].bounds
    middle = west + (east - west) * cut
    halves = pd.concat([frame.iloc[[0]], frame.iloc[[0]]])
    halves = halves.assign(
        geometry=[shapely.box(west, south, middle, north), shapely.box(middle, south, east, north)]
    )
    whole = years(frame)
    for other in (frame.iloc[order], pd.concat([halves, frame.iloc[1:]])):
        told = years(other)
        # an edge of more than 70 m is bent at other points when it is cut elsewhere: some cm² a hectare
        assert told.breakdown == pytest.approx(whole.breakdown, rel=1e-6, abs=1e-5)
        assert told.value == (None if whole.value is None else pytest.approx(whole.value, rel=1e-6))


@few
@given(fabrics())
def test_left_supplied_and_proved_make_up_the_plan(frame):
    told = years(frame, evidence=[square(5, 0, 2, 1)]).breakdown
    parts = told["left_mu"] + told["supplied_mu"] + told["evidence_mu"]
    assert parts == pytest.approx(told["planned_mu"])
    assert min(told.values()) >= -1e-5
    by_year = [size for name, size in told.items() if name.startswith("supplied_mu.")]
    assert len(by_year) == 5
    assert np.sum(by_year) == pytest.approx(told["recent_mu"])


tiles = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(1, 3), st.integers(1, 3)), max_size=8
)


@few
@given(tiles)
def test_polygons_that_are_said_to_be_apart_do_not_overlap(corners):
    shapes = np.array([shapely.box(x, y, x + w, y + h) for x, y, w, h in corners], dtype=object)
    together = float(shapely.area(shapely.union_all(shapes)))
    if apart(shapes):
        assert float(shapely.area(shapes).sum()) == pytest.approx(together)


def test_a_fabric_of_common_vertices_is_apart_with_its_gaps_and_not_when_one_tile_moves_or_comes_twice():
    x, y = np.meshgrid(np.arange(20.0), np.arange(20.0))
    fabric = shapely.box(x.ravel(), y.ravel(), x.ravel() + 1, y.ravel() + 1)
    ring = shapely.difference(shapely.box(30, 0, 33, 3), shapely.box(31, 1, 32, 2))
    whole = np.array([*fabric, ring, shapely.box(31, 1, 32, 2)], dtype=object)
    assert apart(whole)
    assert apart(np.delete(whole, [33, 36, 401]))
    assert not apart(np.append(whole, fabric[7]))
    moved = whole.copy()
    moved[50] = shapely.box(10.001, 2, 11.001, 3)
    assert not apart(moved)
