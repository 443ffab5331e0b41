"""Pledges, their trajectories, and how a zone stands to them."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbon.path.course import compound, course, straight
from carbon.path.plan import pledge_faults
from carbon.path.pledges import INDICATORS, NAMES, Pledge, read_pledges
from data.errors import ColumnMissing
from data.records import Outcome

PLEDGE = Pledge("Z", "emissions_total", 2020, 2025, target=80_000.0, source="园区碳达峰方案")
KNOWN: dict[int, float | None] = {2020: 100_000.0, 2021: 96_000.0, 2022: None, 2023: 95_000.0}


def _pledges(**columns: Any) -> pd.DataFrame:
    row = {"zone": "Z", "indicator": "emissions_total", "base_year": 2020, "target_year": 2030}
    return pd.DataFrame([row | columns])


def test_a_pledge_worked_by_hand() -> None:
    told = course(PLEDGE, KNOWN, reasons={2022: "heat is open"})
    assert [year.year for year in told.years] == [2020, 2021, 2022, 2023, 2024, 2025]
    assert [year.straight for year in told.years] == [100_000, 96_000, 92_000, 88_000, 84_000, 80_000]
    assert [str(year.outcome) for year in told.years] == [
        "met", "met", "cannot_tell", "not_met", "cannot_tell", "cannot_tell",
    ]  # fmt: skip
    late = told.on(2023)
    assert late is not None
    assert (late.gap, late.yearly_cut) == (7_000.0, 7_500.0)
    # 95 000 x (1 - r)^2 = 80 000
    assert late.yearly_rate == pytest.approx(1 - (80 / 95) ** 0.5)
    assert told.years[2].reason == "heat is open"
    assert told.years[4].reason == "There is no figure of 2024 yet."
    assert (told.base_origin, told.on(2026)) == ("inventory", None)


def test_the_last_year_of_a_pledge_is_held_against_its_target() -> None:
    for value, outcome in ((80_000.0, "met"), (80_000.1, "not_met")):
        last = course(PLEDGE, {2020: 100_000.0, 2025: value}).on(2025)
        assert last is not None
        assert last.outcome == outcome
        assert last.yearly_cut is None


def test_an_equal_share_each_year_asks_for_more_in_the_first_years_than_an_equal_step() -> None:
    told = course(PLEDGE, {2020: 100_000.0, 2022: 92_000.0}, shape="compound")
    year = told.on(2022)
    assert year is not None
    assert year.compound == pytest.approx(100_000 * 0.8**0.4)
    assert year.outcome is Outcome.NOT_MET
    assert course(PLEDGE, {2020: 100_000.0, 2022: 92_000.0}).on(2022).outcome is Outcome.MET  # type: ignore[union-attr]


def test_no_equal_share_leads_to_zero() -> None:
    zero = Pledge("Z", "ndrc910_total", 2020, 2030, target=0.0)
    year = course(zero, {2020: 100.0, 2021: 90.0}, shape="compound").on(2021)
    assert year is not None
    assert (year.compound, year.outcome, year.yearly_rate) == (None, Outcome.CANNOT_TELL, None)
    assert "choose the straight line" in year.reason
    assert course(zero, {2020: 100.0, 2021: 90.0}).on(2021).outcome is Outcome.MET  # type: ignore[union-attr]


def test_a_pledge_without_a_base_is_a_fault_with_the_reason_of_that_year() -> None:
    told = course(PLEDGE, {2020: None, 2021: 5.0}, reasons={2020: "fuel is open."})
    assert told.reason.startswith("emissions_total of the base year 2020 is not known (fuel is open)")
    assert {year.outcome for year in told.years} == {Outcome.CANNOT_TELL}
    assert told.on(2021).value == 5.0  # type: ignore[union-attr]
    fault = pledge_faults(told)[0]
    assert fault.code == "pledge_without_base"
    assert fault.remedy
    assert not pledge_faults(course(PLEDGE, KNOWN))


def test_the_base_of_the_pledge_comes_before_that_of_the_inventory() -> None:
    stated = Pledge("Z", "emissions_total", 2020, 2025, base=200.0, share=0.5)
    told = course(stated, {2020: 100.0})
    assert (told.base, told.base_origin, told.target) == (200.0, "pledge", 100.0)
    assert told.as_json()["years"][0]["gap"] == -100.0


@given(st.floats(1, 1e6), st.floats(1, 1e6), st.integers(1, 40))
def test_both_trajectories_begin_at_the_base_end_at_the_target_and_stay_between(
    base: float, target: float, whole: int
) -> None:
    low, high = sorted((base, target))
    for shape in (straight, compound):
        points = [shape(base, target, gone, whole) for gone in range(whole + 1)]
        assert points[0] == pytest.approx(base)
        assert points[-1] == pytest.approx(target)
        assert all(low * (1 - 1e-9) <= (each or 0) <= high * (1 + 1e-9) for each in points)


@given(st.floats(1, 1e7), st.floats(0, 1e7))
def test_the_base_year_itself_is_always_on_course(base: float, target: float) -> None:
    year = course(Pledge("Z", "emissions_total", 2021, 2030, target=target), {2021: base}).on(2021)
    assert year is not None
    assert (year.gap, year.outcome) == (0.0, Outcome.MET)


@given(st.floats(0.01, 100))
def test_scaling_every_figure_scales_the_gap_and_changes_no_answer(times: float) -> None:
    scaled = Pledge("Z", "emissions_total", 2020, 2025, target=80_000.0 * times)
    known = {year: None if value is None else value * times for year, value in KNOWN.items()}
    for one, other in zip(course(PLEDGE, KNOWN).years, course(scaled, known).years, strict=True):
        if one.gap is not None and one.gap > 1:
            assert other.outcome is one.outcome
            assert other.gap == pytest.approx(one.gap * times)


@given(st.floats(1, 1e6), st.floats(0, 1e6), st.integers(1, 20))
def test_cutting_by_what_is_asked_each_year_reaches_the_target(now: float, target: float, left: int) -> None:
    pledge = Pledge("Z", "emissions_total", 2020, 2020 + left, base=now, target=target)
    year = course(pledge, {2020: now}).on(2020)
    assert year is not None
    assert now - (year.yearly_cut or 0) * left == pytest.approx(min(now, target), abs=1e-6 * now)


@pytest.mark.parametrize(
    ("unit", "indicator", "base", "expected"),
    [
        ("万吨", "emissions_total", 12.5, 125_000.0),
        ("tCO2e", "emissions_total", 12.5, 12.5),
        ("", "emissions_per_mu", 3.0, 3.0),
        ("吨/万元", "emissions_per_value_added", 0.2, 0.2),
        ("万吨/亿元", "emissions_per_value_added", 0.2, 0.2),
        ("吨标准煤", "energy_tce", 7.0, 7.0),
        ("吨/公顷", "emissions_per_mu", 15.0, 1.0),
    ],
)
def test_figures_of_a_pledge_are_read_in_the_unit_they_are_stated_in(
    unit: str, indicator: str, base: float, expected: float
) -> None:
    read, faults = read_pledges(
        _pledges(unit=unit, indicator=indicator, base_value=base, target_value=0.0), "Z"
    )
    assert not faults
    assert read[0].base == pytest.approx(expected)


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"indicator": "排放"}, "indicator_unknown"),
        ({"target_year": None}, "pledge_without_year"),
        ({"target_year": 2020}, "pledge_years_reversed"),
        ({}, "pledge_without_target"),
        ({"target_value": "很低"}, "pledge_unreadable"),
        ({"base_year": "二〇二〇", "target_value": 1.0}, "pledge_unreadable"),
        ({"target_value": float("inf")}, "pledge_unreadable"),
        ({"target_value": 1.0, "unit": "GJ"}, "unit_not_convertible"),
        ({"target_value": 1.0, "unit": "吨/亩"}, "unit_not_convertible"),
    ],
)
def test_a_pledge_that_cannot_be_followed_is_a_fault_and_is_not_read(
    columns: dict[str, Any], code: str
) -> None:
    read, faults = read_pledges(_pledges(**columns), "Z")
    assert not read
    assert [fault.code for fault in faults] == [code]
    assert all(fault.remedy and fault.layer == "pledges" and fault.column for fault in faults)


def test_a_pledge_that_contradicts_itself_is_read_by_its_value_with_a_warning() -> None:
    read, faults = read_pledges(_pledges(base_value=100.0, target_value=70.0, reduction_share=0.2), "Z")
    assert (read[0].target, read[0].share) == (70.0, None)
    assert [fault.code for fault in faults] == ["pledge_contradicts_itself"]
    assert not read_pledges(_pledges(base_value=100.0, target_value=80.2, reduction_share=0.2), "Z")[1]


def test_pledges_of_other_zones_are_left_aside_and_chinese_names_are_read() -> None:
    rows = pd.concat([
        _pledges(indicator="碳排放总量(位置法)", target_value=1.0),
        _pledges().assign(zone="Y"),
    ])
    read, faults = read_pledges(rows, "Z")
    assert [one.indicator for one in read] == ["emissions_total"]
    assert not faults
    assert len(NAMES) == 2 * len(INDICATORS)
    with pytest.raises(ColumnMissing):
        read_pledges(rows.drop(columns="base_year"), "Z")
