"""Measures: what they save by the day, what they cost, where they lead, and what is wrong with them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbon.path.abatement import RATE, abatements, annuity
from carbon.path.course import course
from carbon.path.measures import Measures, active, read_measures, reduction, share_of_year
from carbon.path.plan import overlaps, plan
from carbon.path.pledges import Pledge
from data.errors import ColumnMissing, RulesError
from data.parameters import parameter
from data.records import Outcome, Severity, Status

PLEDGE = Pledge("Z", "emissions_total", 2020, 2025, target=80_000.0)


def _measures(*rows: dict[str, Any], enterprises: list[str] | None = None) -> Measures:
    whole = [{"zone": "Z", "measure_id": f"M{number}", **row} for number, row in enumerate(rows)]
    return read_measures(pd.DataFrame(whole), "Z", enterprises)


def _lines(*rows: tuple[str, str, float]) -> pd.DataFrame:
    made = pd.DataFrame(rows, columns=["enterprise_id", "category", "tco2e"])
    return made.assign(scope="scope1", missing="")


@pytest.mark.parametrize(
    ("starts", "ends", "days"),
    [
        ("2024-07-01", None, 184),
        ("2024-12-31", None, 1),
        ("2023-05-01", None, 366),
        ("2025-01-01", None, 0),
        ("2023-01-01", "2024-01-01", 0),
        ("2023-01-01", "2024-01-02", 1),
        ("2024-03-01", "2024-03-11", 10),
        ("2024-03-01", "2024-03-01", 0),
        ("2024-03-01", "2024-02-01", 0),
        (None, None, 0),
    ],
)
def test_a_measure_counts_in_a_year_by_its_days(starts: str | None, ends: str | None, days: int) -> None:
    made = _measures({"starts_on": starts, "ends_on": ends, "reduction_tco2e": 366.0})
    assert share_of_year(made, 2024)[0] * 366 == pytest.approx(days)
    assert reduction(made, 2024).total == pytest.approx(days)


def test_a_year_that_is_no_leap_year_has_365_days() -> None:
    made = _measures({"starts_on": "2023-07-01", "reduction_tco2e": 365.0})
    assert reduction(made, 2023).total == pytest.approx(184)


def test_what_is_dropped_saves_nothing_and_the_rest_is_told_by_state() -> None:
    made = _measures(
        {"starts_on": "2020-01-01", "reduction_tco2e": 100.0, "state": "已完成"},
        {"starts_on": "2020-01-01", "reduction_tco2e": 10.0, "state": "running"},
        {"starts_on": "2020-01-01", "reduction_tco2e": 1.0},
        {"starts_on": "2020-01-01", "reduction_tco2e": 1000.0, "state": "dropped"},
    )
    told = reduction(made, 2024)
    assert told.total == 111.0
    assert dict(told.by_state) == {"planned": 1.0, "running": 10.0, "done": 100.0}
    assert len(active(made, date(2024, 1, 1))) == 3


def test_a_measure_without_a_number_leaves_the_sum_open_in_the_years_it_works() -> None:
    made = _measures(
        {"starts_on": "2024-01-01", "ends_on": "2025-01-01"},
        {"starts_on": "2023-01-01", "reduction_tco2e": 5.0},
    )
    told = reduction(made, 2024)
    assert (told.total, told.known, told.silent) == (None, 5.0, ("M0",))
    assert reduction(made, 2023).total == 5.0
    assert reduction(made, 2025).total == 5.0


@settings(max_examples=20)
@given(
    st.lists(st.tuples(st.dates(date(2019, 1, 1), date(2027, 1, 1)), st.floats(0, 1e5)), min_size=1),
    st.randoms(),
)
def test_order_of_measures_changes_nothing_and_scaling_scales(
    rows: list[tuple[date, float]], chance: Any
) -> None:
    given_ = [{"starts_on": day, "reduction_tco2e": saved} for day, saved in rows]
    whole = reduction(_measures(*given_), 2024).known
    chance.shuffle(given_)
    assert reduction(_measures(*given_), 2024).known == pytest.approx(whole)
    twice = [row | {"reduction_tco2e": 2 * row["reduction_tco2e"]} for row in given_]
    assert reduction(_measures(*twice), 2024).known == pytest.approx(2 * whole)


@settings(max_examples=25)
@given(st.dates(date(2020, 1, 1), date(2022, 12, 31)), st.integers(0, 1500))
def test_the_days_of_all_years_sum_to_the_days_of_the_measure(start: date, length: int) -> None:
    end = date.fromordinal(start.toordinal() + length)
    made = _measures({"starts_on": start, "ends_on": end, "reduction_tco2e": 1.0})
    days = sum(share_of_year(made, year)[0] * (366 if year % 4 == 0 else 365) for year in range(2020, 2028))
    assert days == pytest.approx(length)


def test_every_fault_of_a_measure_is_listed_at_once() -> None:
    made = _measures(
        {"starts_on": "2024-05-01", "ends_on": "2024-04-01", "reduction_tco2e": 1.0},
        {"starts_on": "2024-05-01", "enterprise_id": "E9"},
        {"reduction_tco2e": -1.0, "state": "maybe", "category": "moon"},
        {"measure_id": "M0", "reduction_tco2e": 1.0, "enterprise_id": "E1", "name": "屋顶光伏 {x}"},
        enterprises=["E1"],
    )
    assert sorted((fault.code, fault.feature) for fault in made.faults) == [
        ("measure_category_unknown", "M2"),
        ("measure_ends_before_start", "M0"),
        ("measure_enterprise_unknown", "M1"),
        ("measure_reduction_negative", "M2"),
        ("measure_state_unknown", "M2"),
        ("measure_stated_twice", "M0"),
        ("measure_without_reduction", "M1"),
        ("measure_without_start", "M0"),
    ]
    assert all(fault.remedy and fault.column and fault.layer == "measures" for fault in made.faults)
    assert any("2024-04-01" in fault.message for fault in made.faults)


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("reduction_tco2e", "很多"),
        ("reduction_tco2e", float("inf")),
        ("ends_on", "明年"),
        ("starts_on", "2024-02-30"),
    ],
)
def test_a_cell_that_is_no_number_or_no_day_is_named_and_never_taken_for_a_blank(
    column: str, cell: object
) -> None:
    made = _measures({"starts_on": "2024-01-01", "reduction_tco2e": 1.0, "state": "planned", column: cell})
    assert made.faults[0].code == "measure_unreadable"
    assert column in made.faults[0].message


def test_measures_of_other_zones_are_left_aside_and_a_lacking_column_is_named() -> None:
    rows = pd.DataFrame([{"zone": "Y", "measure_id": "A", "reduction_tco2e": 1.0, "starts_on": "2020-01-01"}])
    assert reduction(read_measures(rows, "Z"), 2024).total == 0.0
    with pytest.raises(ColumnMissing):
        read_measures(rows.drop(columns="measure_id"), "Z")


def test_the_list_is_sorted_by_the_cost_of_a_tonne_worked_by_hand() -> None:
    made = _measures(
        # (1000 x 0.1 + 20) x 10 000 / 4000 = 300
        {"reduction_tco2e": 4000.0, "investment_cny10k": 1000.0, "yearly_cost_cny10k": 20.0,
         "lifetime_years": 10},
        # (500 x 0.2 - 200) x 10 000 / 2000 = -500
        {"reduction_tco2e": 2000.0, "investment_cny10k": 500.0, "yearly_cost_cny10k": -200.0,
         "lifetime_years": 5},
        {"reduction_tco2e": 100.0, "investment_cny10k": 0.0, "yearly_cost_cny10k": 1.0},
        {"reduction_tco2e": 100.0, "investment_cny10k": 5.0, "yearly_cost_cny10k": 1.0},
        {"investment_cny10k": 5.0},
        {"reduction_tco2e": 0.0, "investment_cny10k": 5.0, "yearly_cost_cny10k": 1.0, "lifetime_years": 5},
        {"reduction_tco2e": 9.0, "state": "dropped"},
    )  # fmt: skip
    told = abatements(made, 0.0)
    assert [(one.measure_id, one.cost, one.cumulated) for one in told] == [
        ("M1", -500.0, 2000.0), ("M2", 100.0, 2100.0), ("M0", 300.0, 6100.0),
        ("M3", None, None), ("M4", None, None), ("M5", None, None),
    ]  # fmt: skip
    assert told[3].reason.startswith("使用年限 not stated")
    assert told[4].reason.startswith("年减排量, 年运行费用, 使用年限 not stated")
    assert told[5].reason == "A reduction of 0 tCO2e has no cost per tonne."


def test_the_shipped_rate_is_an_illustration_and_a_rate_below_zero_is_refused() -> None:
    rate = parameter(RATE).on(date(2024, 1, 1))
    assert rate.status is Status.ILLUSTRATION
    row = {
        "reduction_tco2e": 1000.0,
        "investment_cny10k": 100.0,
        "yearly_cost_cny10k": 0.0,
        "lifetime_years": 20,
    }
    assert abatements(_measures(row), rate)[0].cost == pytest.approx(1000 * annuity(0.06, 20))
    with pytest.raises(RulesError, match="zero or more"):
        abatements(_measures(row), -0.01)


@given(st.floats(0.001, 0.3), st.integers(1, 60))
def test_what_is_paid_each_year_is_worth_the_investment(rate: float, years: int) -> None:
    paid = annuity(rate, years)
    assert sum(paid / (1 + rate) ** year for year in range(1, years + 1)) == pytest.approx(1)


def test_a_plan_worked_by_hand_starts_from_the_last_figure_and_counts_no_saving_twice() -> None:
    told = course(PLEDGE, {2020: 100_000.0, 2023: 95_000.0})
    made = _measures(
        {"starts_on": "2021-01-01", "reduction_tco2e": 3_000.0},  # in the figure of 2023 already
        {"starts_on": "2025-01-01", "reduction_tco2e": 10_000.0},
        {"starts_on": "2023-01-01", "ends_on": "2025-01-01", "reduction_tco2e": 500.0},  # lost again in 2025
    )
    ahead = plan(told, made)
    assert ahead.since == 2023
    assert [(year.year, year.projected, year.shortfall) for year in ahead.years] == [
        (2024, 95_000.0, 11_000.0),
        (2025, 85_500.0, 5_500.0),
    ]
    assert {year.outcome for year in ahead.years} == {Outcome.NOT_MET}
    assert ahead.as_json()["years"][1]["reason"] is None


def test_a_plan_cannot_be_told_while_a_measure_says_no_number() -> None:
    told = course(PLEDGE, {2020: 100_000.0, 2023: 95_000.0})
    year = plan(told, _measures({"starts_on": "2025-01-01"})).years
    assert (year[0].outcome, year[1].outcome) == (Outcome.NOT_MET, Outcome.CANNOT_TELL)
    assert year[1].reason == "M0 states no reduction."


def test_no_plan_is_drawn_for_an_intensity_or_without_a_figure() -> None:
    per_mu = Pledge("Z", "emissions_per_mu", 2020, 2025, base=5.0, target=4.0)
    assert "does not follow from tonnes" in plan(course(per_mu, {2020: 5.0}), _measures({})).reason
    based = Pledge("Z", "emissions_total", 2020, 2025, base=5.0, target=4.0)
    assert "No year of the pledge has a figure" in plan(course(based, {}), _measures({})).reason


def test_measures_on_the_same_emissions_may_not_save_more_than_there_is() -> None:
    made = _measures(
        {"enterprise_id": "E", "category": "燃料", "starts_on": "2025-01-01", "reduction_tco2e": 60.0},
        {"enterprise_id": "E", "category": "fuel", "starts_on": "2026-01-01", "reduction_tco2e": 50.0},
        {"enterprise_id": "E", "category": "fuel", "starts_on": "2020-01-01", "reduction_tco2e": 500.0},
        {"enterprise_id": "E", "category": "fuel", "ends_on": "2021-01-01", "reduction_tco2e": 500.0},
        {"enterprise_id": "F", "category": "fuel", "starts_on": "2025-01-01", "reduction_tco2e": 10.0},
        {"starts_on": "2025-01-01", "reduction_tco2e": 110.0},
    )
    lines = _lines(("E", "fuel", 100.0), ("F", "fuel", 10.0), ("E", "electricity", 5.0))
    found = overlaps(made, lines, 2024)
    assert [(fault.code, fault.severity, fault.feature) for fault in found] == [
        ("measures_overlap", Severity.WARNING, "M0 M1")
    ]
    assert "110 tCO2e of fuel of E, which emits 100" in found[0].message
    assert not overlaps(made, lines.assign(missing="amount_blank"), 2024)
