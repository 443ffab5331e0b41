"""The gate of a zero-carbon park: its core indicator, its guides, its conditions."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from carbon.gates.guides import CONDITIONS, GUIDES, conditions, guides, waste_energy
from carbon.gates.holding import RULES, At, Known, counted
from carbon.gates.stated import ITEMS, NAMES, NEEDS, Stated, stated
from carbon.gates.zero_carbon import acceptance, zero_carbon_gate
from data.errors import ColumnMissing, NoSuchCode
from data.parameters import NoDuplicates, parameter
from data.records import Outcome, Status

CASES = yaml.load((Path(__file__).parent / "cases" / "gates.yaml").read_text("utf-8"), NoDuplicates)
AT = At("Z", 2024, date(2025, 12, 31), "410100")


def _statistics(*rows: tuple[str, object, str], year: object = "2024") -> pd.DataFrame:
    return pd.DataFrame([("Z", year, *row) for row in rows], columns=list(NEEDS))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["about"][:60])
def test_a_case_worked_by_hand_comes_out(case: dict[str, Any]) -> None:
    found = zero_carbon_gate(case["total"], case["energy"], AT)
    assert found.outcome == case["outcome"]
    assert found.measured == pytest.approx(case["measured"], rel=1e-12)
    assert (found.limit.value if found.limit else None) == case["limit"]
    assert found.shortfall == (None if case["cut"] is None else pytest.approx(case["cut"], rel=1e-9))
    assert bool(found.reason) == (found.outcome is Outcome.CANNOT_TELL)


@given(st.floats(2e5, 5e6), st.floats(0, 5e6))
def test_cutting_what_is_asked_meets_the_limit_and_a_tonne_less_does_not(energy: float, total: float) -> None:
    found = zero_carbon_gate(total, energy, AT)
    if found.shortfall is None or found.shortfall < 2:
        return
    assert zero_carbon_gate(total - found.shortfall - 0.01, energy, AT).outcome is Outcome.MET
    assert zero_carbon_gate(total - found.shortfall + 1, energy, AT).outcome is Outcome.NOT_MET


def test_a_missing_total_or_energy_keeps_its_reason() -> None:
    found = zero_carbon_gate(Known(None, "process is not stated."), None, AT)
    assert found.outcome is Outcome.CANNOT_TELL
    assert found.reason == "process is not stated. 年综合能源消费量 is not known."
    assert found.remedy


@pytest.mark.parametrize("energy", [0.0, -10.0])
def test_nothing_is_told_per_tce_where_no_energy_is_consumed(energy: float) -> None:
    found = zero_carbon_gate(0.0, energy, AT)
    assert found.outcome is Outcome.CANNOT_TELL
    assert "nothing can be told per tce" in found.reason


def test_an_unverified_coal_equivalent_decides_nothing_that_it_could_turn() -> None:
    spread = Known(500_000.0, low=440_000.0, high=560_000.0)
    assert zero_carbon_gate(80_000.0, spread, AT).outcome is Outcome.MET
    assert zero_carbon_gate(120_000.0, spread, AT).shortfall == 20_000.0
    open_ = zero_carbon_gate(110_000.0, spread, AT)
    assert open_.outcome is Outcome.CANNOT_TELL
    assert open_.shortfall is None
    assert "440,000" in open_.reason
    assert "560,000" in open_.reason


def test_energy_that_may_lie_below_the_lowest_class_leaves_the_answer_open() -> None:
    assert zero_carbon_gate(1.0, Known(210_000.0, low=190_000.0, high=230_000.0), AT).outcome == "cannot_tell"


def test_before_the_text_was_out_no_class_and_no_limit_was_in_force() -> None:
    early = At("Z", 2024, date(2025, 1, 1))
    assert zero_carbon_gate(1.0, 500_000.0, early).outcome is Outcome.CANNOT_TELL
    known_before = At("Z", 2024, date(2025, 12, 31), known_on=date(2025, 7, 1))
    assert zero_carbon_gate(1.0, 500_000.0, known_before).limit is None


def test_acceptance_follows_the_core_indicator_alone() -> None:
    for total, outcome in ((100_000.0, "met"), (110_000.0, "not_met"), (None, "cannot_tell")):
        asked = acceptance(zero_carbon_gate(total, 500_000.0, AT))
        assert asked.outcome == outcome
        assert bool(asked.remedy) == (outcome != "met")


def test_every_threshold_is_verified_and_names_the_annex_it_stands_in() -> None:
    names = ["core_20_100", "core_100_up", "class_from", "class_large", *GUIDES, *CONDITIONS]
    for name in names:
        for row in parameter(f"{RULES}.{name}").history():
            assert row.status is Status.VERIFIED
            assert row.article.startswith("ndrc-2025-910 附件")


@pytest.mark.parametrize(
    ("item", "met", "not_met", "unit"),
    [
        ("clean_energy_share", 90, 89.99, "%"),
        ("product_energy_level", 2, 3, "级"),
        ("solid_waste_use_rate", 0.8, 0.7999, "1"),
        ("waste_energy_use_rate", 50, 49, "%"),
        ("water_reuse_rate", 100, 79.9, "%"),
    ],
)
def test_a_guide_is_met_at_its_value_and_not_beyond(item: str, met: float, not_met: float, unit: str) -> None:
    for value, outcome in ((met, Outcome.MET), (not_met, Outcome.NOT_MET)):
        figures = stated(_statistics((ITEMS[item].label, value, unit)), "Z", 2024)
        assert not figures.faults
        found = guides(figures, AT)
        assert counted(found)[outcome] == 1
        assert counted(found)[Outcome.CANNOT_TELL] == len(GUIDES) - 1


def test_a_guide_that_nobody_states_says_what_to_state() -> None:
    for found in guides(Stated(), AT):
        assert found.outcome is Outcome.CANNOT_TELL
        assert found.reason
        assert found.remedy.startswith("State ")


def test_a_guide_is_left_out_with_a_reason_and_only_with_one() -> None:
    figures = Stated({"water_reuse_rate": 0.1})
    left = {one.rule: one for one in guides(figures, AT, {"water_reuse": "no industrial water"})}
    mine = left[f"{RULES}.water_reuse"]
    assert (mine.outcome, mine.measured) == (Outcome.CANNOT_TELL, 0.1)
    assert mine.reason == "Left out of the acceptance: no industrial water"
    kept = guides(figures, AT, {"water_reuse": " "})[-1]
    assert kept.outcome is Outcome.NOT_MET
    assert "only be left out with a reason" in kept.reason
    with pytest.raises(NoSuchCode, match="water_reuse"):
        guides(figures, AT, {"water_reus": "x"})


def test_the_mean_of_waste_heat_cold_and_pressure_is_weighted_by_what_is_there() -> None:
    given_ = {
        "waste_heat_use_rate": 0.6, "waste_cold_use_rate": 0.1, "waste_pressure_use_rate": 0.4,
        "waste_heat_available": 100.0, "waste_cold_available": 50.0, "waste_pressure_available": 50.0,
    }  # fmt: skip
    assert waste_energy(Stated(given_))[0].value == pytest.approx((60 + 5 + 20) / 200)
    del given_["waste_cold_use_rate"]
    assert "cold" in waste_energy(Stated(given_))[0].reason
    assert waste_energy(Stated(given_ | {"waste_cold_available": 0.0}))[0].value == pytest.approx(80 / 150)
    nothing = {f"waste_{kind}_available": 0.0 for kind in ("heat", "cold", "pressure")}
    assert "No waste heat" in waste_energy(Stated(nothing))[0].reason


def test_a_person_answers_the_conditions_and_until_then_they_cannot_be_told() -> None:
    assert counted(conditions(Stated(), AT))["cannot_tell"] == 4
    assert all("Show" in found.remedy for found in conditions(Stated(), AT))
    yes = dict.fromkeys(("condition_entity", "condition_boundary", "condition_metering"), 1.0)
    assert counted(conditions(Stated(yes | {"major_accidents_3y": 0.0}), AT))["met"] == 4
    bad = conditions(Stated(yes | {"major_accidents_3y": 1.0, "condition_entity": 0.0}), AT)
    assert counted(bad) == {"met": 2, "not_met": 2, "cannot_tell": 0}


def test_statistics_are_read_under_both_names_and_other_years_months_and_zones_are_left_aside() -> None:
    rows = pd.DataFrame(
        [
            ("Z", 2024, "water_reuse_rate", 81, "%"),
            ("Z", "2024-06", "工业用水重复利用率", 10, "%"),
            ("Y", "2024", "工业用水重复利用率", 20, "%"),
            ("Z", "2023", "工业用水重复利用率", 30, "%"),
            ("Z", "2024", "电力等价值折标系数", 0.301, "kgce/kWh"),
            ("Z", "2024", "可再生能源装机容量", 2, "万千瓦"),
            ("Z", "2024", "clean_energy_share", None, "%"),
            ("Z", "2024", "beds", 7, "张"),
        ],
        columns=list(NEEDS),
    )
    read = stated(rows, "Z", 2024)
    assert read.told == {
        "water_reuse_rate": 0.81, "electricity_coal_equivalent": pytest.approx(0.301),
        "renewable_capacity": 20.0,
    }  # fmt: skip
    assert not read.faults
    assert len(NAMES) == 2 * len(ITEMS)


def test_a_figure_that_is_impossible_double_or_in_a_strange_unit_is_a_fault_and_is_not_used() -> None:
    read = stated(
        _statistics(
            ("water_reuse_rate", 92.5, "1"),
            ("clean_energy_share", 0.9, "GJ"),
            ("solid_waste_use_rate", 80, "%"),
            ("工业固体废弃物综合利用率", 81, "%"),
            ("value_added", "约三亿", "元"),
            ("renewable_capacity", float("inf"), "MW"),
            ("waste_heat_use_rate", "", "%"),
            ("revenue", 3, "亿元"),
            ("revenue", 30_000, "万元"),
        ),
        "Z",
        2024,
    )
    assert sorted(fault.code for fault in read.faults) == [
        *("figure_impossible", "figure_impossible", "figure_not_a_number"),
        *("stated_twice", "unit_not_convertible"),
    ]  # fmt: skip
    assert read.told == {"revenue": 30_000.0}
    assert all(fault.remedy and fault.layer == "statistics" for fault in read.faults)


def test_statistics_without_a_column_are_refused_by_name() -> None:
    with pytest.raises(ColumnMissing, match="unit"):
        stated(_statistics(("revenue", 1, "万元")).drop(columns="unit"), "Z", 2024)
