"""Captured carbon dioxide and scope 3: they count as stated, and stand beside the total."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbon import CATEGORIES, captured, names, reported
from carbon.category import Ask
from carbon.choices import Choices
from carbon.inventory import Inventory, inventory

HENAN = Ask(2023, "410100")
ROWS = [("fuel", "柴油", 100.0, "t"), ("碳捕集", "地质封存", 50.0, "t"), ("范围三", "商务旅行", 7.0, "tCO2e")]


def _park(choices: Choices | None = None) -> Inventory:
    frame = pd.DataFrame(ROWS, columns=["category", "item", "amount", "unit"])
    frame = frame.assign(zone="Z", year=2023, enterprise_id="E1", source="核算报告")
    return inventory(frame, zone="Z", region="410100", year=2023, choices=choices or Choices())


def test_captured_and_scope_3_stand_in_scopes_of_their_own() -> None:
    told = _park().location.known
    assert told["captured"] == 50.0
    assert told["scope3"] == 7.0
    assert told["scope1"] == pytest.approx(314.51, abs=0.01)


def test_only_the_choice_to_deduct_takes_captured_carbon_dioxide_off() -> None:
    apart, deducted = _park(), _park(Choices(captured="deducted"))
    assert apart.location.known["total"] - deducted.location.known["total"] == pytest.approx(50.0)
    assert deducted.location.known["captured"] == 50.0


@pytest.mark.parametrize("item", sorted(set(names.items()["scope3"].values())))
def test_each_of_the_fifteen_categories_is_taken_over_as_stated(item: str) -> None:
    said = reported.quote(item, "tCO2e", HENAN)
    assert said.factor is not None
    assert (said.factor.value, said.quality, said.ndrc910) == (1.0, "as reported", None)


def test_there_are_fifteen_categories_each_with_a_chinese_name() -> None:
    known = names.items()["scope3"]
    assert len(set(known.values())) == 15
    assert {item for name, item in known.items() if not name.isascii()} == set(known.values())


@pytest.mark.parametrize("unit", ["t", "吨", "万元", "km", ""])
def test_scope_3_refuses_goods_money_and_distances(unit: str) -> None:
    [fault] = reported.quote("purchased_goods", unit, HENAN).faults
    assert fault.code == "unit_unusable"
    assert "State emissions in tCO2e" in fault.remedy


@pytest.mark.parametrize(("unit", "times"), [("t", 1.0), ("万吨", 1e4), ("kg", 1e-3), ("tCO2", 1.0)])
def test_captured_carbon_dioxide_is_a_mass(unit: str, times: float) -> None:
    assert captured.quote("stored", unit, HENAN).times == times


@pytest.mark.parametrize("unit", ["m3", "GJ", "tCO2e", ""])
def test_captured_carbon_dioxide_by_another_measure_is_a_fault(unit: str) -> None:
    [fault] = captured.quote("used", unit, HENAN).faults
    assert fault.code == "unit_unusable"
    assert "State it in tCO2" in fault.remedy


def test_neither_has_a_part_in_the_zero_carbon_park_total() -> None:
    for name in ("capture", "scope3", "land", "waste", "refrigerant"):
        assert CATEGORIES[name].part == ""
    assert _park().frame["ndrc910_tco2"].notna().sum() == 1


@given(st.floats(0.0, 1e9))
def test_an_amount_comes_out_as_it_went_in(amount: float) -> None:
    for said in (captured.quote("stored", "t", HENAN), reported.quote("investments", "tCO2e", HENAN)):
        assert said.factor is not None
        assert amount * said.times * said.factor.value == amount
