"""An office's own wide sheet, a column per fuel, becomes statements; nothing is dropped without a word."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbon.ledger import read_ledger
from data import parameters
from data.columns import fit, recognise, supplier
from data.columns.notes import Notes
from data.columns.suppliers import read_supplier
from data.columns.unpivot import unpivoted
from data.errors import ColumnMissing, NoSuchCode, RuleFileError
from data.formats import read
from data.kinds import kind
from data.records import Fault, Severity, Source, Status, Table
from geo.layers import take

MAP = "wide_energy_example"
HEADER = ["企业编号", "年份", "烟煤(吨)", "天然气（万立方米）", "电力(万千瓦时)", "热力(百万千焦)"]
Rows = list[list[Any]]


def _written(folder: Path, rows: Rows, *merged: str) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for cells in merged:
        sheet.merge_cells(cells)
    book.save(folder / "能源.xlsx")
    return folder / "能源.xlsx"


def _fitted(path: Path) -> Table:
    table = read(path)
    return fit(
        table.__class__(table.frame.assign(zone="Z"), table.source, table.faults, table.first_row),
        kind("activity"),
        supplier=MAP,
    )


def _errors(table: Table) -> list[tuple[str, int | None, str]]:
    return [(f.code, f.row, f.column) for f in table.faults if f.severity is Severity.ERROR]


def _warned(table: Table, code: str) -> Fault:
    [fault] = [fault for fault in table.faults if fault.code == code]
    return fault


def test_the_example_says_that_it_is_made_up_and_is_never_suggested() -> None:
    assert supplier(MAP).status is Status.ILLUSTRATION
    assert MAP not in recognise(HEADER, "activity")


def test_each_filled_cell_is_a_statement_with_the_unit_of_its_header(tmp_path: Path) -> None:
    table = _fitted(
        _written(tmp_path, [HEADER, ["E1", 2023, 1000, 2.5, 30, 0], ["E2", 2023, 5.0, None, 1, 2]])
    )
    assert not _errors(table)
    rows = table.frame[["enterprise_id", "category", "item", "amount", "unit"]].to_numpy().tolist()
    assert rows == [
        ["E1", "fuel", "bituminous_coal", 1000.0, "吨"],
        ["E1", "fuel", "natural_gas", 2.5, "万立方米"],
        ["E1", "electricity", "bought", 30.0, "万千瓦时"],
        ["E1", "heat", "bought", 0.0, "百万千焦"],
        ["E2", "fuel", "bituminous_coal", 5.0, "吨"],
        ["E2", "electricity", "bought", 1.0, "万千瓦时"],
        ["E2", "heat", "bought", 2.0, "百万千焦"],
    ]
    assert "1 blank cells in 4 columns" in _warned(table, "blank_cells").message


def test_the_statements_reach_the_ledger_with_the_rows_of_the_sheet(tmp_path: Path) -> None:
    table = read(_written(tmp_path, [HEADER, ["E1", 2023, 1000, 2.5, 30, 0], ["E2", 2023, 5, None, 1, 2]]))
    layer = take(table, "activity", supplier=MAP, zone="Z")
    assert not layer.errors
    ledger = read_ledger(layer.frame, zone="Z", year=2023, first_row=table.first_row)
    assert ledger.lines["row"].tolist() == [2, 2, 2, 2, 3, 3, 3]
    assert ledger.lines["problem"].eq("").all()
    assert not [fault for fault in ledger.faults if fault.severity is Severity.ERROR]


def test_a_title_a_line_of_units_two_header_rows_and_totals_are_read_as_the_form_means_them(
    tmp_path: Path,
) -> None:
    rows: Rows = [
        ["2023年企业能源消费情况"],
        ["填报单位：甲园区"],
        ["企业编号", "企业名称", "烟煤", None, "电力", None, "合计(吨标准煤)"],
        [None, None, "消费量(吨)", "金额(万元)", "消费量(万千瓦时)", "金额(万元)", None],
        ["E1", "甲", 10, 1, 20, 2, 31.6],
        ["E2", "乙", 30, 3, 40, 4, 70.1],
        ["合计", None, 40, 4, 60, 6, 101.7],
        ["填表人：张三"],
    ]
    table = _fitted(
        _written(tmp_path, rows, "A1:G1", "A3:A4", "B3:B4", "C3:D3", "E3:F3", "G3:G4"),
    )
    assert not _errors(table)
    told = table.frame[["enterprise_id", "item", "amount", "unit"]].to_numpy().tolist()
    assert told == [
        ["E1", "bituminous_coal", 10.0, "吨"],
        ["E1", "bought", 20.0, "万千瓦时"],
        ["E2", "bituminous_coal", 30.0, "吨"],
        ["E2", "bought", 40.0, "万千瓦时"],
    ]
    assert table.frame["year"].tolist() == [2023] * 4
    assert (table.frame.index + table.first_row).tolist() == [5, 5, 6, 6]
    assert _warned(table, "total_row").row == 7
    assert _warned(table, "footer").row == 8
    assert "烟煤/金额(万元)" in _warned(table, "columns_left_out").message
    assert "合计(吨标准煤)" in _warned(table, "columns_left_out").message
    assert "year is 2023" in _warned(table, "titled").message


def test_units_below_a_merged_name_tell_amounts_from_money(tmp_path: Path) -> None:
    rows: Rows = [["企业编号", "年份", "柴油消费量", None], [None, None, "吨", "万元"], ["E1", 2023, 7, 6]]
    table = _fitted(_written(tmp_path, rows, "A1:A2", "B1:B2", "C1:D1"))
    assert not _errors(table)
    assert table.frame[["item", "amount", "unit"]].to_numpy().tolist() == [["diesel", 7.0, "吨"]]


@pytest.mark.parametrize(
    ("cell", "code"), [("约5", "not_a_number"), ("—", "not_a_number"), ("5吨", "not_a_number")]
)
def test_text_in_a_cell_is_a_fault_with_its_row_and_the_column_of_the_sheet(
    tmp_path: Path, cell: str, code: str
) -> None:
    table = _fitted(_written(tmp_path, [HEADER, ["E1", 2023, 1, 2, 3, 4], ["E2", 2023, 1, cell, 3, 4]]))
    assert _errors(table) == [(code, 3, "天然气（万立方米）")]


@pytest.mark.parametrize("shown", ["#REF!", "#DIV/0!", "#N/A"])
def test_an_error_of_a_formula_is_a_fault_with_its_cell_and_no_zero(tmp_path: Path, shown: str) -> None:
    path = _written(tmp_path, [HEADER, ["E1", 2023, 1, shown, 3, 4]])
    table = _fitted(path)
    assert _errors(table) == [("error_cell", 2, "D")]
    assert table.frame["item"].tolist() == ["bituminous_coal", "bought", "bought"]


def test_a_formula_that_was_never_computed_is_a_fault(tmp_path: Path) -> None:
    table = _fitted(_written(tmp_path, [HEADER, ["E1", 2023, "=1+1", 2, 3, 4]]))
    assert _errors(table) == [("formula_without_value", 2, "C")]


@pytest.mark.parametrize(
    ("header", "code", "says"),
    [
        ("褐煤(万元/吨)", "unit_mismatch", "cannot measure what the map counts in t"),
        ("褐煤(千瓦)", "unit_mismatch", "千瓦"),
        ("生物质颗粒(吨)", "column_not_mapped", "生物质颗粒"),
        ("烟煤消费(吨)", "column_twice", "both tell of fuel bituminous_coal"),
    ],
)
def test_a_column_that_cannot_be_taken_is_a_fault_with_its_header(
    tmp_path: Path, header: str, code: str, says: str
) -> None:
    table = _fitted(_written(tmp_path, [[*HEADER, header], ["E1", 2023, 1, 2, 3, 4, 5]]))
    assert _errors(table) == [(code, None, header)]
    assert says in next(fault.message for fault in table.faults if fault.code == code)


@pytest.mark.parametrize(
    ("header", "unit"),
    [("烟煤(吨标准煤)", "吨标准煤"), ("天然气(万标准立方米)", "万标准立方米"), ("柴油", "t")],
)
def test_energy_and_gas_states_are_taken_as_they_stand_and_the_usual_unit_where_none_does(
    tmp_path: Path, header: str, unit: str
) -> None:
    table = _fitted(_written(tmp_path, [["企业编号", "年份", header, "焦炭(吨)"], ["E1", 2023, 1, 2]]))
    assert not _errors(table)
    assert table.frame["unit"].tolist() == [unit, "吨"]


def test_rows_that_state_nothing_are_named(tmp_path: Path) -> None:
    rows: Rows = [HEADER, ["E1", 2023, 1, 2, 3, 4], ["E2", 2023, None, None, None, None]]
    said = _warned(_fitted(_written(tmp_path, rows)), "blank_cells")
    assert "1 rows state nothing at all: 3." in said.message
    assert "Write 0" in said.remedy


def test_a_blank_may_be_made_a_fault_by_the_map(tmp_path: Path) -> None:
    text = (parameters.HERE / "columns" / f"{MAP}.yaml").read_text("utf-8")
    (tmp_path / "strict.yaml").write_text(text.replace("blank: skip", "blank: fault"), "utf-8")
    table = read(_written(tmp_path, [HEADER, ["E1", 2023, 1, None, 3, 4]]))
    long, headers = unpivoted(table, read_supplier(tmp_path / "strict.yaml"), Notes.of(table, "activity"))
    assert long.frame["amount"].isna().tolist() == [False, True, False, False]
    assert headers.tolist() == HEADER[2:]


@pytest.mark.parametrize(
    ("old", "new"), [("blank: skip", "blank: zero"), ("item: coke,", "itme: coke,"), ("leave:", "left:")]
)
def test_a_map_with_a_word_that_does_not_exist_is_refused(tmp_path: Path, old: str, new: str) -> None:
    text = (parameters.HERE / "columns" / f"{MAP}.yaml").read_text("utf-8")
    assert old in text
    (tmp_path / "odd.yaml").write_text(text.replace(old, new), "utf-8")
    with pytest.raises(RuleFileError):
        read_supplier(tmp_path / "odd.yaml")


CELLS = st.lists(
    st.lists(st.one_of(st.none(), st.integers(0, 10**6)), min_size=4, max_size=4), min_size=1, max_size=6
)


@given(CELLS)
def test_every_filled_cell_is_counted_once_and_the_sums_of_columns_stay(cells: Rows) -> None:
    frame = pd.DataFrame([[f"E{i}", 2023, *row] for i, row in enumerate(cells)], columns=HEADER).assign(
        zone="Z"
    )
    table = fit(Table(frame, Source("a.xlsx", "0" * 64, "xlsx"), (), 2), kind("activity"), supplier=MAP)
    assert len(table.frame) == sum(cell is not None for row in cells for cell in row)
    assert table.frame["amount"].sum() == sum(cell or 0 for row in cells for cell in row)


def test_an_office_keeps_its_own_map_in_its_own_folder(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "columns").mkdir()
    text = (parameters.HERE / "columns" / f"{MAP}.yaml").read_text("utf-8")
    (tmp_path / "columns" / "our_office.yaml").write_text(text.replace("烟煤*", "我们的煤*"), "utf-8")
    parameters.lay_over(tmp_path)
    try:
        path = _written(tmp_path, [["企业编号", "年份", "我们的煤(吨)"], ["E1", 2023, 5]])
        table = take(read(path), "activity", supplier="our_office", zone="Z")
        assert table.frame["item"].tolist() == ["bituminous_coal"]
    finally:
        parameters._roots = parameters._roots[:1]
        for kept in (parameters.parameter, parameters.names, parameters._read_file):
            kept.cache_clear()
    with pytest.raises(NoSuchCode):
        supplier("our_office")


def test_a_wide_table_without_a_map_is_told_that_a_map_could_read_it(tmp_path: Path) -> None:
    with pytest.raises(ColumnMissing, match="write a map with `unpivot`, like wide_energy_example"):
        fit(read(_written(tmp_path, [HEADER, ["E1", 2023, 1, 2, 3, 4]])), kind("activity"))
