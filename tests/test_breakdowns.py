"""Breakdowns and clauses: each sums to the total, and each clause answers for its items."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from carbon.breakdowns import by_category, by_enterprise, by_gas, by_industry
from carbon.inventory import Inventory, inventory
from carbon.ndrc910 import clauses

FIRMS = pd.DataFrame({
    "enterprise_id": ["E1", "E2", "E3"],
    "name": ["甲", "乙", "丙"],
    "industry": ["3011", "C44", None],
})
ROWS = [
    ("E1", "fuel", "烟煤", 1000.0, "t", ""),
    ("E1", "electricity", "外购电力", 100.0, "MWh", ""),
    ("E2", "fuel", "天然气", 10.0, "万Nm3", ""),
    ("E2", "electricity", "区内售电", 500.0, "MWh", ""),
    ("E1", "electricity", "区内购电", 500.0, "MWh", "E2"),
    ("E3", "heat", "外购热力", 1000.0, "GJ", ""),
    ("", "electricity", "外购电力", 20.0, "MWh", ""),
]


def _made(rows: list[tuple[Any, ...]]) -> Inventory:
    columns = ["enterprise_id", "category", "item", "amount", "unit", "supplier_id"]
    frame = pd.DataFrame(rows, columns=columns).assign(zone="Z", year=2023)
    return inventory(frame, zone="Z", region="410000", year=2023)


def test_every_breakdown_sums_to_the_total() -> None:
    made = _made(ROWS)
    total = made.location.known["total"]
    for table in (by_category(made.frame), by_enterprise(made.frame, FIRMS), by_industry(made.frame, FIRMS)):
        assert table["known"].sum() == pytest.approx(total)
        assert table["share"].sum() == pytest.approx(1.0)
        assert table["lines"].sum() == len(ROWS)
    assert by_gas(made.frame).query("gas != 'biogenic CO2'")["total"].sum() == pytest.approx(total)


def test_power_passed_on_inside_counts_with_whoever_burned_the_fuel() -> None:
    table = by_enterprise(_made(ROWS).frame, FIRMS).set_index("enterprise_id")
    assert table.loc["E2", "scope1"] == pytest.approx(216.219, abs=1e-3)
    assert table.loc["E1", "scope2"] == pytest.approx(58.97)
    assert table.loc["E1", "name"] == "甲"


def test_industries_are_the_first_two_digits_and_the_unknown_stand_apart() -> None:
    table = by_industry(_made(ROWS).frame, FIRMS)
    assert set(table["industry"]) == {"30", "44", "", "zone"}


def test_an_open_line_leaves_its_group_untold_and_what_is_known_beside() -> None:
    table = by_enterprise(_made([*ROWS, ("E3", "fuel", "烟煤", None, "t", "")]).frame, FIRMS)
    row = table.set_index("enterprise_id").loc["E3"]
    assert pd.isna(row["tco2e"])
    assert row["known"] == pytest.approx(110.0)
    assert row["open"] == 1


def test_without_enterprises_names_are_unknown_and_nothing_is_lost() -> None:
    table = by_enterprise(_made(ROWS).frame)
    assert table["name"].isna().all()
    assert len(table) == 4


def test_each_clause_lists_its_items_with_amount_and_factor() -> None:
    total, *parts = clauses(
        _made([
            ("", "electricity", "绿电直供", 50_000.0, "MWh", ""),
            ("", "electricity", "绿证电力", 20_000.0, "MWh", ""),
            ("", "electricity", "外购电力", 50_000.0, "MWh", ""),
            ("", "electricity", "外送电力", 10_000.0, "MWh", ""),
            ("", "heat", "外购热力", 200_000.0, "GJ", ""),
            ("", "heat", "外供热力", 50_000.0, "GJ", ""),
        ])
    )
    told = {each.code: each for each in parts}
    power, heat = told["ndrc910_power"], told["ndrc910_heat"]
    assert power.value == pytest.approx(33_300.0)
    assert heat.value == pytest.approx(16_500.0)
    assert [each.value for each in power.inputs] == pytest.approx([0.0, 0.0, 41_625.0, -8_325.0])
    assert "10,000 MWh x -0.8325" in power.inputs[-1].label
    assert "ndrc-2025-910 附件4 二(二)3①" in power.articles
    assert total.value is None  # fuel, conversion and process are not stated
    assert total.breakdown["power"] + total.breakdown["heat"] == pytest.approx(49_800.0)
    assert told["ndrc910_fuel"].reason
