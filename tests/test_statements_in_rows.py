"""A sheet with a row per energy becomes statements by a map; the order of rows changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbon.ledger import read_ledger
from data.columns import supplier
from data.errors import ColumnMissing
from data.formats import read
from data.records import Severity, Status
from geo.layers import Layer, take

MAP = "energy_rows_example"
FORM: list[list[Any]] = [
    ["企业能源购进、消费与库存", None, None, None],
    ["企业编号：E7", None, "2023年", None],
    ["能源名称", "计量单位", "购进量", "消费量"],
    ["烟煤", "吨", 1200, "1,150.5"],
    ["天然气", "万立方米", 30, 30],
    ["电力", "万千瓦时", 500, 500],
    ["能源合计", "吨标准煤", None, 2400],
    ["热力", "百万千焦", 0, 0],
]


def _taken(folder: Path, rows: list[list[Any]]) -> tuple[Layer, int]:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    sheet.merge_cells("A1:D1")
    book.save(folder / "能源.xlsx")
    table = read(folder / "能源.xlsx")
    return take(table, "activity", supplier=MAP, zone="Z"), table.first_row


def test_the_example_says_that_it_is_made_up() -> None:
    assert supplier(MAP).status is Status.ILLUSTRATION


def test_each_row_is_a_statement_and_what_stands_above_holds_for_all(tmp_path: Path) -> None:
    layer, first = _taken(tmp_path, FORM)
    assert not layer.errors
    ledger = read_ledger(layer.frame, zone="Z", year=2023, first_row=first)
    told = ledger.lines[["enterprise_id", "category", "item", "amount", "unit", "row"]].to_numpy().tolist()
    assert told == [
        ["E7", "fuel", "bituminous_coal", 1150.5, "吨", 4],
        ["E7", "fuel", "natural_gas", 30.0, "万立方米", 5],
        ["E7", "electricity", "bought", 500.0, "万千瓦时", 6],
        ["E7", "heat", "bought", 0.0, "百万千焦", 8],
    ]
    assert [fault.row for fault in layer.faults if fault.code == "total_row"] == [7]


def test_an_energy_that_the_map_does_not_list_is_kept_and_named_with_its_row(tmp_path: Path) -> None:
    layer, first = _taken(tmp_path, [*FORM[:4], ["生物质颗粒", "吨", 1, 1]])
    ledger = read_ledger(layer.frame, zone="Z", year=2023, first_row=first)
    [fault] = [fault for fault in ledger.faults if fault.severity is Severity.ERROR and fault.row == 5][:1]
    assert (fault.code, fault.column) == ("category_unknown", "category")
    assert "生物质颗粒" in fault.message
    assert len(ledger.lines) == 2


def test_a_title_that_names_two_years_is_no_year(tmp_path: Path) -> None:
    rows = [["2022年与2023年能源消费", None, None, None], ["企业编号：E7"], *FORM[2:]]
    with pytest.raises(ColumnMissing, match=r"needs the column year.*The title names 2022, 2023"):
        _taken(tmp_path, rows)


ROWS = st.lists(
    st.fixed_dictionaries({
        "enterprise_id": st.sampled_from(["E1", "E2", None]),
        "category": st.sampled_from(["fuel", "electricity", "风"]),
        "item": st.sampled_from(["烟煤", "bought", "柴油"]),
        "amount": st.sampled_from([1.0, 2.0, -1.0, None, "x"]),
        "unit": st.sampled_from(["t", "MWh", None]),
        "supplier_id": st.sampled_from([None, "E1", "P"]),
        "notation": st.sampled_from([None, None, "NE"]),
        "explanation": st.sampled_from([None, "x"]),
        "equipment": st.sampled_from([None, "水泥窑", "窑"]),
        "ncv_gj": st.sampled_from([None, 20.0, 1e6, -1.0]),
        "measured_tco2e": st.sampled_from([None, 2.0]),
        "source": st.sampled_from([None, "表"]),
        "zone": st.just("Z"),
        "year": st.just(2023),
    }),
    min_size=1,
    max_size=8,
)


@settings(max_examples=40)
@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_problem_of_any_row(rows: list[dict[str, Any]], any_order: Any) -> None:
    frame = pd.DataFrame(rows).assign(row=range(2, len(rows) + 2))
    order = list(range(len(rows)))
    any_order.shuffle(order)
    one = read_ledger(frame, zone="Z", year=2023)
    other = read_ledger(frame.iloc[order], zone="Z", year=2023)
    assert dict(zip(one.lines["row"], one.lines["problem"], strict=True)) == dict(
        zip(other.lines["row"], other.lines["problem"], strict=True)
    )
    errors = {(f.code, f.row, f.message) for f in one.faults if f.severity is Severity.ERROR}
    assert errors == {(f.code, f.row, f.message) for f in other.faults if f.severity is Severity.ERROR}
    assert {f.row for f in one.faults if f.row is not None} >= set(
        one.lines.loc[one.lines["problem"] != "", "row"]
    )
