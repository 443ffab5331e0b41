"""Amounts and units of statements as people write them: read where there is one meaning, else refused."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbon.ledger import read_ledger
from data.columns import fit
from data.errors import UnitMismatch
from data.kinds import kind
from data.records import Fault, Severity, Source, Table
from data.units import convert

ROW: dict[str, Any] = {"开发区代码": "Z", "企业编号": "E1", "年份": "2023", "类别": "燃料", "品种": "烟煤"}


def _fitted(*rows: dict[str, Any]) -> Table:
    frame = pd.DataFrame([ROW | row for row in rows])
    return fit(Table(frame, Source("台账.xlsx", "0" * 64, "xlsx"), (), 2), kind("activity"))


def _errors(table: Table) -> list[Fault]:
    return [fault for fault in table.faults if fault.severity is Severity.ERROR]


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("1,234.5", 1234.5),
        ("1 234.5", 1234.5),
        ("1\u00a0234.5", 1234.5),  # a blank that does not break
        ("1，234", 1234.0),
        ("１２３４．５", 1234.5),
        ("3.2万", 32_000.0),
        ("３.２ 万", 32_000.0),
        ("1.1亿", 110_000_000.0),
        ("0.07万", 700.0),
        ("0", 0.0),
        (1234.5, 1234.5),
    ],
)
def test_an_amount_is_read_however_it_is_grouped_and_counted(cell: object, amount: float) -> None:
    table = _fitted({"数量": cell, "单位": "吨"})
    assert not _errors(table)
    assert table.frame["amount"].tolist() == [amount]


@pytest.mark.parametrize(
    "cell", ["1200（估）", "约1200", "1,23", "1.2万吨", "12%", "1.234,5", "1200吨", "—", "12 34", "1200?"]
)
def test_an_amount_with_anything_else_in_its_cell_is_refused_and_never_guessed(cell: str) -> None:
    [fault] = _errors(_fitted({"数量": "1", "单位": "吨", "品种": "柴油"}, {"数量": cell, "单位": "吨"}))
    assert (fault.code, fault.row, fault.column) == ("not_a_number", 3, "amount")
    assert repr(cell) in fault.message
    assert "explanation (说明)" in fault.remedy


def test_a_count_in_the_amount_and_in_its_unit_is_refused() -> None:
    [fault] = _errors(_fitted({"数量": "3.2万", "单位": "万吨"}))
    assert (fault.code, fault.row, fault.column) == ("counted_twice", 2, "amount")
    assert not _errors(
        _fitted({"数量": "3.2", "单位": "万吨"}, {"数量": "3.2万", "单位": "kg", "品种": "柴油"})
    )


def test_an_uncertainty_may_carry_its_percent_sign() -> None:
    table = _fitted({"数量": "1", "单位": "吨", "数据不确定度(%)": "7.5%"})
    assert table.frame["uncertainty_pct"].tolist() == [7.5]
    assert not table.faults


@pytest.mark.parametrize(
    ("unit", "base", "times"),
    [
        ("吨", "t", 1.0),
        ("万吨", "t", 1e4),
        ("千吨", "t", 1e3),
        ("百万吨", "t", 1e6),
        ("Ｔ", "t", 1.0),
        ("ton", "t", 1.0),  # and not the short ton of 907 kg
        ("千克", "t", 1e-3),
        ("KG", "t", 1e-3),
        ("立方米", "m3", 1.0),
        ("㎥", "m3", 1.0),
        ("万立方米", "m3", 1e4),
        ("亿立方米", "m3", 1e8),
        ("千立方米", "m3", 1e3),
        ("升", "m3", 1e-3),
        ("万Nm³", "Nm3", 1e4),
        ("N㎥", "Nm3", 1.0),
        ("10⁴Nm³", "Nm3", 1e4),
        ("×10^4 m3", "m3", 1e4),
        ("万标准立方米", "Nm3", 1e4),
        ("标方", "Nm3", 1.0),
        ("吉焦", "GJ", 1.0),
        ("百万千焦", "GJ", 1.0),
        ("太焦", "GJ", 1e3),
        ("mj", "GJ", 1e-3),
        ("百万大卡", "GJ", 4.1868),
        ("万千瓦时", "MWh", 10.0),
        ("亿千瓦时", "MWh", 1e5),
        ("万 kWh", "MWh", 10.0),
        ("KWH", "MWh", 1e-3),
        ("Mwh", "MWh", 1.0),
        ("千瓦·时", "MWh", 1e-3),
        ("万度", "MWh", 10.0),
        ("吨标准煤", "GJ", 29.3076),
        ("万吨标煤", "GJ", 293_076.0),
        ("吨二氧化碳", "tCO2", 1.0),
        ("万吨二氧化碳当量", "tCO2e", 1e4),
    ],
)
def test_a_unit_of_statements_is_known_with_its_count(unit: str, base: str, times: float) -> None:
    assert convert(1.0, unit, base) == pytest.approx(times, rel=1e-12)


@pytest.mark.parametrize(
    ("unit", "base"),
    [("升", "t"), ("千瓦时", "t"), ("立方米", "Nm3"), ("吨/年", "t"), ("104m3", "m3"), ("", "t")],
)
def test_a_unit_that_measures_something_else_is_never_converted(unit: str, base: str) -> None:
    with pytest.raises(UnitMismatch):
        convert(1.0, unit, base)


@given(
    st.decimals(0, 10**9, places=3, allow_nan=False),
    st.sampled_from([",", " ", "，", "\u202f"]),
    st.booleans(),
)
def test_grouping_and_width_change_no_amount(number: Any, mark: str, wide: bool) -> None:
    written = f"{number:,.3f}".replace(",", mark)
    wider = written.translate(str.maketrans("0123456789.", "０１２３４５６７８９．"))
    table = _fitted({"数量": wider if wide else written, "单位": "吨"})
    assert table.frame["amount"].tolist() == [float(number)]


def test_rows_of_one_key_are_found_though_the_file_lacks_columns_of_it() -> None:
    [fault] = _errors(_fitted({"数量": "1", "单位": "吨"}, {"数量": "2", "单位": "吨"}))
    assert (fault.code, fault.row) == ("duplicate_key", 3)
    assert "Rows 2, 3" in fault.message
    assert "equipment" not in fault.message
    apart = [{"数量": "1", "单位": "吨", "用途": "供热"}, {"数量": "2", "单位": "吨", "用途": None}]
    assert not _errors(_fitted(*apart))


def test_every_item_of_a_file_reaches_the_ledger_in_its_row() -> None:
    table = _fitted(
        {"数量": "3.2万", "单位": "吨", "用能设备": "发电锅炉", "数据来源": "计量表"},
        {"数量": "1,000", "单位": "万千瓦时", "类别": "电力", "品种": "外购电力", "数据质量": "高"},
    )
    lines = read_ledger(table.frame, zone="Z", year=2023, first_row=table.first_row).lines
    assert lines["amount"].tolist() == [32_000.0, 1000.0]
    assert lines["row"].tolist() == [2, 3]
    assert lines["equipment"].tolist() == ["power_boiler", ""]
    assert lines["stated_quality"].tolist() == ["", "H"]
