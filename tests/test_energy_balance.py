"""Energy consumed in a park: each unit once, electricity by coal equivalent, what leaves taken off."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbon.category import Ask
from carbon.choices import Choices
from carbon.energy_balance import Energy, energy_balance
from carbon.gates.holding import At
from carbon.gates.park import energy_known, park_gate
from carbon.gates.stated import Stated
from carbon.inventory import Inventory, inventory
from data.records import Severity

COLUMNS = ["enterprise_id", "category", "item", "amount", "unit", "supplier_id", "purpose"]
ASK = Ask(2023, "410100")
GJ = 29.3076
NONE = (
    ("", "fuel", "diesel", "NO", "t"),
    ("", "heat", "bought", "NO", "GJ"),
    ("", "electricity", "bought", "NO", "MWh"),
)


def _inventory(*rows: tuple[Any, ...], choices: Choices | None = None, **more: Any) -> Inventory:
    """An inventory of rows of `COLUMNS`; a text for an amount is a notation. What is not stated is NO."""
    stated = {row[1] for row in rows}
    whole = [*rows, *(row for row in NONE if row[1] not in stated)]
    frame = pd.DataFrame([(*row, *[""] * (len(COLUMNS) - len(row))) for row in whole], columns=COLUMNS)
    key = frame["amount"].map(lambda amount: amount if isinstance(amount, str) else "")
    frame["amount"] = pd.to_numeric(frame["amount"], errors="coerce")
    frame = frame.assign(zone="Z", year=2023, notation=key, explanation=key, **more)
    return inventory(frame, zone="Z", region="410100", year=2023, choices=choices)


def _energy(*rows: tuple[Any, ...], coal: float | None = 0.3, **more: Any) -> Energy:
    return energy_balance(_inventory(*rows, **more).frame, ASK, coal_stated=coal)


def test_electricity_stands_at_its_coal_equivalent_and_beside_at_its_heat() -> None:
    told = _energy(("E", "electricity", "bought", 1000, "万kWh"))
    assert told.equivalent.value == pytest.approx(3000)
    assert told.physical.value == pytest.approx(1229)
    assert (told.low, told.high) == (told.equivalent.value, told.equivalent.value)


def test_fuel_heat_and_electricity_worked_by_hand() -> None:
    told = _energy(
        ("E", "fuel", "diesel", 100, "t"),  # 100 x 43.33 GJ
        ("E", "fuel", "natural_gas", 10, "万Nm3"),  # 10 x 389.31 GJ
        ("E", "heat", "bought", 29307.6, "GJ"),  # 1000 tce
        ("E", "electricity", "bought", 2000, "MWh"),  # 600 tce
    )
    assert told.equivalent.value == pytest.approx((4333 + 3893.1) / GJ + 1000 + 600)
    assert told.equivalent.breakdown == {
        "electricity": pytest.approx(600), "fuel": pytest.approx(8226.1 / GJ), "heat": pytest.approx(1000),
    }  # fmt: skip


def test_amounts_stated_as_energy_need_no_calorific_value() -> None:
    assert _energy(("E", "fuel", "diesel", 500, "tce")).equivalent.value == pytest.approx(500)


def test_a_power_plant_in_the_park_is_counted_once_as_fuel_and_its_exports_are_taken_off() -> None:
    plant = ("P", "fuel", "烟煤", 10_000, "t", "", "power")
    coal = 10_000 * 23.204 / GJ
    inside = (
        ("P", "electricity", "sold_in_park", 5000, "MWh"),
        ("Q", "electricity", "外购电力", 5000, "MWh", "P"),
    )
    heat = (("P", "heat", "sold_in_park", 900, "GJ"), ("Q", "heat", "蒸汽", 900, "GJ", "P"))
    assert _energy(plant).equivalent.value == pytest.approx(coal)
    assert _energy(plant, *inside, *heat).equivalent.value == pytest.approx(coal)
    out = (("P", "electricity", "sold", 2000, "MWh"), ("P", "heat", "sold", 2930.76, "GJ"))
    assert _energy(plant, *inside, *heat, *out).equivalent.value == pytest.approx(coal - 600 - 100)


def test_solar_power_is_energy_where_it_is_used_and_none_where_it_is_sold() -> None:
    used = ("E", "electricity", "own_nonfossil", 100, "MWh")
    assert _energy(used).equivalent.value == pytest.approx(30)
    assert _energy(used, ("E", "electricity", "sold_green", 900, "MWh")).equivalent.value == pytest.approx(30)


def test_recovered_energy_counts_nothing_and_raw_material_only_when_asked_for() -> None:
    burned, kept = ("E", "fuel", "coke", 100, "t"), 100 * 28.446 / GJ
    rows = (
        burned,
        ("E", "fuel", "blast_furnace_gas", 50, "万Nm3", "", "recovered"),
        ("E", "fuel", "naphtha", 10, "t", "", "feedstock"),
    )
    told = _energy(*rows)
    assert told.equivalent.value == pytest.approx(kept)
    assert told.feedstock_tce == pytest.approx(10 * 41.031 / GJ)
    with_raw = energy_balance(_inventory(*rows).frame, ASK, coal_stated=0.3, feedstock=True)
    assert with_raw.equivalent.value == pytest.approx(kept + 10 * 41.031 / GJ)


def test_what_comes_out_of_a_conversion_is_taken_off_and_counts_where_it_is_burned() -> None:
    works = (("E", "conversion", "in.crude_oil", 100, "t"), ("E", "conversion", "out.diesel", 50, "t"))
    lost = (100 * 42.62 - 50 * 43.33) / GJ
    assert _energy(*works).equivalent.value == pytest.approx(lost)
    burned = _energy(*works, ("E", "fuel", "diesel", 50, "t"))
    assert burned.equivalent.value == pytest.approx(100 * 42.62 / GJ)


def test_a_measured_calorific_value_comes_before_the_default() -> None:
    told = _energy(("E", "fuel", "烟煤", 1000, "t"), ncv_gj=[20.0, None, None])
    assert told.equivalent.value == pytest.approx(20_000 / GJ)


def test_what_is_not_known_or_not_stated_leaves_the_energy_open_with_the_reason() -> None:
    unknown = _energy(("E", "fuel", "diesel", "NE", "t"), ("F", "fuel", "diesel", 1, "t"))
    assert unknown.equivalent.value is None
    assert "E fuel diesel (NE" in unknown.equivalent.reason
    assert unknown.equivalent.breakdown["fuel"] == pytest.approx(43.33 / GJ)
    assert unknown.low is None
    frame = _inventory(("E", "electricity", "bought", 1, "MWh")).frame
    silent = energy_balance(frame[frame["category"] == "electricity"], ASK).equivalent
    assert silent.value is None
    assert "Nobody has stated any fuel, heat" in silent.reason


def test_a_fuel_without_a_calorific_value_in_the_family_is_named() -> None:
    told = _inventory(("E", "fuel", "coal_gangue", 1, "t"), choices=Choices(family="cn_a"))
    energy = energy_balance(told.frame, ASK, coal_stated=0.3)
    assert energy.equivalent.value is None
    assert "coal_gangue in t (no calorific value in the family cn_a)" in energy.equivalent.reason


def test_a_category_nobody_knows_leaves_the_energy_open() -> None:
    assert _energy(("E", "氢能", "氢气", 1, "t")).equivalent.value is None


def test_without_a_stated_coal_equivalent_the_energy_has_ends_and_a_warning() -> None:
    told = _energy(("E", "electricity", "bought", 1_000_000, "MWh"), coal=None)
    assert (told.low, told.equivalent.value, told.high) == (
        pytest.approx(280_000), pytest.approx(300_000), pytest.approx(330_000),
    )  # fmt: skip
    assert [(fault.code, fault.severity) for fault in told.faults] == [
        ("coal_equivalent_unverified", Severity.WARNING)
    ]
    exported = _energy(
        ("P", "fuel", "烟煤", 100_000, "t"), ("P", "electricity", "sold", 10_000, "MWh"), coal=None
    )
    assert exported.low is not None
    assert exported.high is not None
    assert exported.low < exported.equivalent.value < exported.high


def test_the_gate_of_a_whole_park_follows_from_its_inventory() -> None:
    rows = (
        ("E", "electricity", "bought", 100_000, "MWh"),  # 83 250 t
        ("E", "electricity", "green_direct", 900_000, "MWh"),  # 0 t
        ("", "process", "水泥熟料", "NO", "t"),
        ("", "conversion", "炼油", "NO", "t"),
    )
    told = _inventory(*rows)
    energy = energy_balance(told.frame, ASK)
    day = At("Z", 2023, pd.Timestamp("2025-12-31").date())
    found = park_gate(told.ndrc910, energy, Stated(), day)
    assert len(found) == 11
    # 83 250 t over 280 000 to 330 000 tce is 0.297 to 0.252: not met wherever the truth lies
    assert found[0].outcome == "not_met"
    assert found[0].shortfall == pytest.approx(83_250 - 0.2 * 300_000)
    assert energy_known(energy).high == pytest.approx(330_000)


AMOUNTS = st.lists(st.floats(0, 1e6), min_size=1, max_size=6)


@settings(max_examples=15)
@given(AMOUNTS, AMOUNTS, st.randoms())
def test_order_and_splitting_of_rows_change_nothing_and_doubling_doubles(
    coal: list[float], power: list[float], chance: Any
) -> None:
    rows = [("E", "fuel", "烟煤", amount, "t") for amount in coal]
    rows += [("E", "electricity", "bought", amount, "MWh") for amount in power]
    whole = _energy(*rows).equivalent.value
    mixed = [*rows]
    chance.shuffle(mixed)
    assert _energy(*mixed).equivalent.value == pytest.approx(whole)
    halves = [(*row[:3], row[3] / 2, row[4]) for row in rows for _ in range(2)]
    assert _energy(*halves).equivalent.value == pytest.approx(whole)
    doubled = [(*row[:3], row[3] * 2, row[4]) for row in rows]
    assert _energy(*doubled).equivalent.value == pytest.approx(2 * (whole or 0))


@settings(max_examples=15)
@given(st.floats(0, 1e6))
def test_power_passed_on_inside_the_park_changes_nothing(amount: float) -> None:
    rows = (("P", "fuel", "烟煤", 1000, "t"), ("Q", "electricity", "bought", 10, "MWh"))
    passed = (
        ("P", "electricity", "sold_in_park", amount, "MWh"),
        ("Q", "electricity", "外购电力", amount, "MWh", "P"),
    )
    assert _energy(*rows, *passed).equivalent.value == pytest.approx(_energy(*rows).equivalent.value)
