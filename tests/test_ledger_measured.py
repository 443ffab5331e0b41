"""Statements with measured values, sources, years and repeats: what is refused, and what is said of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from carbon.ledger import Ledger, read_ledger, read_ledgers
from carbon.ledger.words import LISTED_MOST, located
from data.records import Fault, Severity

COAL: dict[str, Any] = {"category": "fuel", "item": "烟煤", "amount": 10.0, "unit": "t"}
REST: dict[str, Any] = {
    "zone": "Z",
    "enterprise_id": "E1",
    "year": 2023,
    "supplier_id": None,
    "notation": None,
    "explanation": None,
}


def _ledger(*rows: dict[str, Any], **how: Any) -> Ledger:
    return read_ledger(pd.DataFrame([REST | row for row in rows]), zone="Z", year=2023, first_row=2, **how)


def _said(ledger: Ledger) -> list[Fault]:
    return [fault for fault in ledger.faults if fault.code != "category_not_stated"]


def test_what_stands_beside_the_amount_is_read_in_both_languages() -> None:
    told = {"equipment": "发电锅炉", "purpose": "Power", "quality": "高", "source": " 计量表 ", "version": 3}
    measured = {"ncv_gj": 21.5, "carbon_tc_per_tj": 26.0, "measured_tco2e": 2.0, "uncertainty_pct": 5}
    [line] = _ledger(COAL | told | measured).lines.to_dict("records")
    assert (line["equipment"], line["purpose"], line["stated_quality"]) == ("power_boiler", "power", "H")
    assert (line["data_source"], line["version"], line["row"]) == ("计量表", "3", 2)
    assert [line[name] for name in measured] == [21.5, 26.0, 2.0, 5.0]
    assert line["problem"] == ""


def test_columns_that_a_table_lacks_are_blank_and_no_fault() -> None:
    ledger = _ledger(COAL)
    [line] = ledger.lines.to_dict("records")
    assert (line["equipment"], line["purpose"], line["stated_quality"], line["data_source"]) == ("",) * 4
    assert np.isnan([line[name] for name in ("ncv_gj", "carbon_tc_per_tj", "measured_tco2e")]).all()
    assert not _said(ledger)


@pytest.mark.parametrize(
    ("row", "code", "column", "says", "remedy"),
    [
        (
            {"equipment": "窑炉"},
            "equipment_unknown",
            "equipment",
            "窑炉 is no 用能设备",
            "水泥窑 (cement_kiln)",
        ),
        ({"purpose": "卖"}, "purpose_unknown", "purpose", "卖 is no 用途", "用作原料 (feedstock)"),
        ({"quality": "A"}, "quality_unknown", "quality", "A is no 数据质量", "高 (H), 中 (M), 低 (L)"),
        ({"ncv_gj": -1.0}, "ncv_gj_unusable", "ncv_gj", "(ncv_gj) is -1", "blank takes the default"),
        ({"ncv_gj": "约20"}, "ncv_gj_unusable", "ncv_gj", "'约20'", "Write a number"),
        ({"uncertainty_pct": -5.0}, "uncertainty_pct_unusable", "uncertainty_pct", "-5", "not negative"),
        ({"ncv_gj": 20_908.0}, "ncv_impossible", "ncv_gj", "20908 GJ in each t", "GJ/t"),
        ({"ncv_gj": 0.0}, "ncv_impossible", "ncv_gj", "0 GJ in each t", "GJ/t"),
        ({"ncv_gj": 20.0, "unit": "tce"}, "ncv_of_energy", "ncv_gj", "in tce", "leave the calorific value"),
        ({"carbon_tc_per_tj": 0.0261}, "carbon_impossible", "carbon_tc_per_tj", "0.0261", "by 1000"),
        ({"measured_tco2e": 2.1}, "measured_unsourced", "source", "2.1 tCO2e", "数据来源"),
        ({"unit": None}, "unit_missing", "unit", "10 stands without a unit", "万标准立方米"),
        ({"amount": -3.0}, "amount_impossible", "amount", "-3 t", "what a conversion yields"),
    ],
)
def test_each_value_that_cannot_be_is_a_fault_with_row_column_and_remedy(
    row: dict[str, Any], code: str, column: str, says: str, remedy: str
) -> None:
    ledger = _ledger(COAL | {"item": "柴油"}, COAL | row)
    [fault] = _said(ledger)
    assert (fault.code, fault.column, fault.row, fault.severity) == (code, column, 3, Severity.ERROR)
    assert says in fault.message
    assert remedy in fault.remedy
    assert ledger.lines["problem"].tolist() == ["", code]


@pytest.mark.parametrize(("heat", "unit"), [(389.31, "万Nm3"), (0.0389, "m3"), (57.0, "t"), (0.02, "kg")])
def test_a_calorific_value_is_held_against_the_unit_of_the_amount(heat: float, unit: str) -> None:
    assert not _said(_ledger(COAL | {"ncv_gj": heat, "unit": unit}))
    assert [fault.code for fault in _said(_ledger(COAL | {"ncv_gj": heat * 60, "unit": unit}))] == (
        ["ncv_impossible"] if unit != "m3" else []
    )


def test_a_supplier_is_unknown_silent_or_there() -> None:
    bought = {"category": "electricity", "item": "bought", "unit": "MWh", "supplier_id": "P"}
    assert [f.code for f in _said(_ledger(COAL | bought))] == ["supplier_silent"]
    assert [f.code for f in _said(_ledger(COAL | bought, enterprises={"P", "E1"}))] == ["supplier_silent"]
    [fault] = _said(_ledger(COAL | bought, enterprises={"E1"}))
    assert (fault.code, fault.column, fault.row) == ("supplier_unknown", "supplier_id", 2)
    assert "no such enterprise" in fault.message
    assert not _said(_ledger(COAL | bought, COAL | {"enterprise_id": "P"}, enterprises=set()))


def test_two_amounts_of_one_thing_are_both_counted_and_named() -> None:
    ledger = _ledger(COAL, COAL | {"item": "bituminous_coal", "amount": 12.0})
    [fault] = _said(ledger)
    assert (fault.code, fault.row, fault.severity) == ("stated_in_parts", 3, Severity.WARNING)
    assert "10 t and 12 t tell of the same thing (rows 2 and 3); both are counted" in fault.message
    assert ledger.lines["problem"].tolist() == ["", ""]
    [fault] = _said(_ledger(COAL, COAL))
    assert (fault.code, fault.row) == ("stated_twice", 3)
    assert "10 t stands there twice, in rows 2 and 3" in fault.message


@pytest.mark.parametrize(
    "other",
    [{"equipment": "水泥窑"}, {"purpose": "供热"}, {"enterprise_id": "E2"}, {"item": "焦炭"}, {"year": 2022}],
)
def test_what_tells_rows_apart_makes_them_no_repeat(other: dict[str, Any]) -> None:
    assert not _said(_ledger(COAL, COAL | other))


def test_a_row_without_a_year_is_a_fault_of_every_year_and_never_dropped_silently() -> None:
    frame = pd.DataFrame([REST | COAL | {"year": year} for year in (2022, "2023年", None, "去年", 2023.5)])
    read = read_ledgers(frame, zone="Z", years=(2022, 2023), first_row=2)
    assert read.lines["year"].tolist() == [2022, 2023]
    for year in (2022, 2023):
        lost = [fault for fault in read.faults[year] if fault.code == "year_unusable"]
        assert [(fault.row, fault.column) for fault in lost] == [(4, "year"), (5, "year"), (6, "year")]
        assert "'去年' is no year" in lost[1].message


def test_many_rows_with_one_fault_are_listed_up_to_a_thousand_and_the_rest_counted() -> None:
    frame = pd.DataFrame([REST | COAL | {"item": "风"}]).iloc[np.zeros(LISTED_MOST + 500, dtype=int)]
    ledger = read_ledger(frame.reset_index(drop=True), zone="Z", year=2023, first_row=2)
    said = [fault for fault in ledger.faults if fault.code == "item_unknown"]
    assert len(said) == LISTED_MOST + 1
    assert "500 more rows" in said[-1].message
    assert (ledger.lines["problem"] == "item_unknown").all()


def test_a_row_number_of_the_table_itself_is_kept() -> None:
    frame = pd.DataFrame([REST | COAL | {"row": 17}, REST | COAL | {"row": None, "item": "焦炭"}])
    assert read_ledger(frame, zone="Z", year=2023).lines["row"].tolist() == [17, -1]


LINES = pd.DataFrame({
    "row": [2, 3, 4, 5, 6, 7, 8],
    "enterprise_id": ["A", "B", "B", "C", "D", "E", ""],
    "category": "fuel",
    "item": ["diesel", *["bituminous_coal"] * 6],
    "stated_item": ["柴油", *["烟煤"] * 6],
})
ERROR = Fault("unit_unusable", "It is stated in kWh.", "State it in t.", column="unit")
WARNING = Fault("factor_of_another_year", "2022 stands in.", "Wait.", Severity.WARNING)


def test_an_error_of_a_quote_is_said_of_each_of_its_rows() -> None:
    told = located({ERROR: [1, 0]}, np.array([0, 1, 1, -1, -1, -1, -1]), LINES)
    assert [(fault.row, fault.feature) for fault in told] == [
        (2, "A fuel 柴油"),
        (3, "B fuel 烟煤"),
        (4, "B fuel 烟煤"),
    ]
    assert {(fault.column, fault.message) for fault in told} == {("unit", "It is stated in kWh.")}


def test_an_error_of_very_many_rows_is_listed_to_the_thousandth_and_the_rest_counted() -> None:
    many = LINES.iloc[np.zeros(LISTED_MOST + 20, dtype=int)]
    told = located({ERROR: [0]}, np.zeros(len(many), dtype=np.int64), many)
    assert len(told) == LISTED_MOST + 1
    assert told[-1].message == "It is stated in kWh. 20 more rows have the same fault."


def test_a_warning_of_quotes_is_said_once_with_its_first_rows_their_number_and_items() -> None:
    one, other = Fault("a", "One.", "x", Severity.WARNING), Fault("b", "None.", "x", Severity.WARNING)
    quote = np.array([0, 1, 2, 2, 2, 2, 2])
    all_of_them, single, none = located({WARNING: [2, 0], one: [1], other: [5]}, quote, LINES)
    assert all_of_them.message == "2022 stands in. Rows 2, 4, 5, 6, 7 … (6 in all)."
    assert (all_of_them.row, all_of_them.feature) == (2, "fuel bituminous_coal, fuel diesel")
    assert (single.row, single.message) == (3, "One. Row 3.")
    assert none == other


def test_rows_without_a_number_are_named_by_enterprise() -> None:
    [said] = located({WARNING: [0]}, np.zeros(7, dtype=np.int64), LINES.assign(row=-1))
    assert said.row is None
    assert said.message.endswith("Statements of A, B, C, D … (7 in all).")
