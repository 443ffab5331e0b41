"""The table of GPC sectors: every tonne in one row, keys where there is none, exports by energy."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from carbon.gpc import ROWS, table
from carbon.inventory import Inventory, inventory

FIRMS = pd.DataFrame({"enterprise_id": ["E1", "P", "S"], "industry": ["30", "4412", "H61"]})
PARK = [
    ("E1", "fuel", "烟煤", 1000.0, "t", ""),
    ("E1", "electricity", "区内购电", 300.0, "MWh", "P"),
    ("P", "fuel", "天然气", 10.0, "万Nm3", ""),
    ("P", "electricity", "区内售电", 300.0, "MWh", ""),
    ("P", "electricity", "上网电量", 100.0, "MWh", ""),
    ("S", "electricity", "外购电力", 50.0, "MWh", ""),
    ("", "electricity", "外购电力", 20.0, "MWh", ""),
]


def _made(rows: list[tuple[Any, ...]], **more: Any) -> Inventory:
    columns = ["enterprise_id", "category", "item", "amount", "unit", "supplier_id"]
    frame = pd.DataFrame(rows, columns=columns).assign(zone="Z", year=2023, **more)
    return inventory(frame, zone="Z", region="410000", year=2023)


def _rows(made: Inventory, firms: pd.DataFrame | None = FIRMS) -> pd.DataFrame:
    return table(made.frame, firms).set_index("ref")


def test_every_row_of_the_table_is_there_and_their_sum_is_the_total() -> None:
    made = _made(PARK)
    rows = _rows(made)
    assert list(rows.index) == list(ROWS)
    assert rows["tco2e"].sum() == pytest.approx(made.location.known["total"])


def test_a_plant_that_sells_a_quarter_outside_has_a_quarter_of_its_fuel_in_i_4_4() -> None:
    rows = _rows(_made(PARK))
    burned = 216.219
    assert rows.loc["I.4.1", "tco2e"] == pytest.approx(0.75 * burned, abs=1e-3)
    assert rows.loc["I.4.4", "tco2e"] == pytest.approx(0.25 * burned, abs=1e-3)
    assert rows.loc["I.4.4", "level"] == "territorial"


def test_power_bought_inside_is_marked_as_counted_elsewhere() -> None:
    rows = _rows(_made(PARK))
    assert rows.loc["I.3.2", "notation"] == "IE"
    assert pd.isna(rows.loc["I.3.2", "tco2e"])


def test_offices_and_the_zone_itself_have_their_own_rows() -> None:
    rows = _rows(_made(PARK))
    assert rows.loc["I.2.2", "tco2e"] == pytest.approx(50 * 0.5897)
    assert rows.loc["I.6.2", "tco2e"] == pytest.approx(20 * 0.5897)


def test_what_nobody_stated_is_not_estimated_and_never_zero() -> None:
    rows = _rows(_made(PARK))
    assert rows.loc["III.1.1", "notation"] == "NE"
    assert rows.loc["III.1.1", "explanation"] == "nobody has stated any"
    assert pd.isna(rows.loc["III.1.1", "tco2e"])


def test_an_open_line_leaves_its_row_untold() -> None:
    rows = _rows(_made([*PARK, ("E1", "fuel", "煤矸石", 5.0, "t", "")]))
    assert pd.isna(rows.loc["I.3.1", "tco2e"])
    assert rows.loc["I.3.1", "explanation"] == "1 lines are not told"


def test_without_industries_all_energy_is_unspecified() -> None:
    rows = _rows(_made(PARK), None)
    assert rows.loc["I.6.1", "lines"] == 2
    assert rows.loc["I.4.4", "notation"] == "NO"
