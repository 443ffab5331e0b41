"""Types of cells: numbers, codes, days, periods, flags, as people write them."""

from __future__ import annotations

import runpy
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest

SHARED = runpy.run_path(str(Path(__file__).with_name("fitting.py")))
fitted, errors, statistic, project = (SHARED[name] for name in ("fitted", "errors", "statistic", "project"))


def test_numbers_are_read_with_separators_and_full_width_digits():
    cells = ["1,234,567.5", "１２．５", " 7 ", "-3", "1e3", "+4", "", None, "0"]
    values = fitted("projects", project(actual_tax_cny10k=cells)).frame["actual_tax_cny10k"]
    assert values.fillna(-99).tolist() == [1_234_567.5, 12.5, 7.0, -3.0, 1000.0, 4.0, -99, -99, 0.0]


@pytest.mark.parametrize(
    "cell", ["约5", "12,34", "—", "无", "nan", "inf", "1.2万", "(5)", "=1", "12%", "1_000", "True"]
)
def test_text_in_a_number_column_is_a_fault_with_row_and_text_and_never_zero(cell):
    table = fitted("projects", project(actual_tax_cny10k=["1", cell, "3"]))
    assert errors(table) == [("not_a_number", 3, "actual_tax_cny10k")]
    assert repr(cell) in table.faults[0].message
    assert "leave the cell blank" in table.faults[0].remedy
    assert table.faults[0].file == "企业.xlsx"
    assert table.frame["actual_tax_cny10k"].isna().tolist() == [False, True, False]


def test_mixed_cells_of_a_workbook_are_told_apart():
    cells = [1.5, "2,000", date(2024, 1, 1), True, None, datetime(2024, 1, 1, 3)]
    table = fitted("projects", project(actual_tax_cny10k=pd.Series(cells, dtype=object)))
    assert errors(table) == [("not_a_number", row, "actual_tax_cny10k") for row in (4, 5, 7)]
    assert table.frame["actual_tax_cny10k"].tolist()[:2] == [1.5, 2000.0]


def test_a_percent_counts_only_where_no_unit_stands():
    table = fitted("projects", project(actual_plot_ratio=["120%"]))
    assert table.frame["actual_plot_ratio"].tolist() == [1.2]


def test_integers_are_whole_and_years_may_say_so():
    rows = {
        "enterprise_id": list("abcd"),
        "name": list("甲乙丙丁"),
        "zone": ["G1"] * 4,
        "year": ["2024", "2023年", "2022年度", "2024.5"],
    }
    table = fitted("enterprises", rows)
    assert table.frame["year"].tolist()[:3] == [2024, 2023, 2022]
    assert str(table.frame["year"].dtype) == "Int64"
    assert errors(table) == [("not_whole", 5, "year")]


def test_codes_are_text_without_what_a_spreadsheet_adds():
    cells = pd.Series(["0601", 601.0, " ０７ ", "110101.0", 12, "G-1.0"], dtype=object)
    table = fitted("projects", project(parcel_id=cells))
    assert table.frame["parcel_id"].tolist() == ["0601", "601", "07", "110101", "12", "G-1.0"]
    assert errors(table) == []


def test_codes_that_a_spreadsheet_has_rounded_are_faults():
    cells = pd.Series([4.1e17, "4.1E+17", 601.5, True], dtype=object)
    table = fitted("projects", project(parcel_id=cells))
    assert errors(table) == [
        ("code_rounded", 2, "parcel_id"),
        ("code_rounded", 3, "parcel_id"),
        ("not_a_code", 4, "parcel_id"),
        ("not_a_code", 5, "parcel_id"),
    ]
    assert table.frame["parcel_id"].isna().all()
    assert "as text" in table.faults[0].remedy


@pytest.mark.parametrize(
    "cell", ["2024-06-01", "2024/6/1", "20240601", "2024年6月1日", 45444, 45444.0, 20240601, date(2024, 6, 1)]
)
def test_days_are_read_however_they_are_written(cell):
    table = fitted("projects", project(due_on=pd.Series([cell], dtype=object)))
    assert table.frame["due_on"].tolist() == [pd.Timestamp(2024, 6, 1)]
    assert table.faults == ()


def test_days_of_a_datetime_column_are_days():
    table = fitted("projects", project(due_on=pd.to_datetime(["2024-06-01 10:30", None])))
    assert table.frame["due_on"].isna().tolist() == [False, True]
    assert table.frame["due_on"][0] == pd.Timestamp(2024, 6, 1)


@pytest.mark.parametrize("cell", ["2024-02-30", "2024年6月", "soon", 7, "1/6/2024", True])
def test_what_is_no_day_is_a_fault(cell):
    table = fitted("projects", project(due_on=pd.Series([cell], dtype=object)))
    assert errors(table) == [("not_a_day", 2, "due_on")]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2024", "2024"),
        (2024.0, "2024"),
        ("2024年", "2024"),
        ("2024-06", "2024-06"),
        ("2024年6月", "2024-06"),
        ("2024/6", "2024-06"),
        (202406, "2024-06"),
        (date(2024, 6, 1), "2024-06"),
    ],
)
def test_periods_are_years_or_months(cell, expected):
    table = fitted("statistics", statistic(period=pd.Series([cell], dtype=object)))
    assert table.frame["period"].tolist() == [expected]
    assert errors(table) == []


@pytest.mark.parametrize("cell", ["2024-13", "2024Q2", "24", date(2024, 6, 2)])
def test_what_is_no_period_is_a_fault(cell):
    table = fitted("statistics", statistic(period=pd.Series([cell], dtype=object)))
    assert errors(table) == [("not_a_period", 2, "period")]


def test_flags_are_read_and_blank_is_neither():
    cells = pd.Series(["是", "否", 1.0, 0, True, "FALSE", "已建成", "未建成", None, "也许"], dtype=object)
    rows = {"parcel_id": [str(i) for i in range(10)], "land_class": ["0601"] * 10, "built": cells}
    table = fitted("parcels", rows)
    assert table.frame["built"].tolist()[:8] == [True, False, True, False, True, False, True, False]
    assert table.frame["built"].isna().tolist()[8:] == [True, True]
    assert errors(table) == [("not_a_flag", 11, "built")]


def test_one_of_takes_english_and_chinese_and_lists_what_is_allowed():
    rows = {"code": list("abc"), "name": list("abc"), "level": ["国家级", "Provincial", "市级"]}
    table = fitted("zones", rows)
    assert table.frame["level"].tolist()[:2] == ["national", "provincial"]
    assert errors(table) == [("not_allowed", 4, "level")]
    assert "国家级 (national), 省级 (provincial)" in table.faults[0].remedy
