"""The workbook of an inventory, opened as its readers open it: sums that close, safe names, ready to sign."""

from __future__ import annotations

import runpy
import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from api.inventories.account import account_of
from api.inventories.wishes import Wishes
from api.inventories.workbook import SHEETS, workbook_bytes, write_workbook
from api.report.workbook import SIGNED
from data.book import open_book
from data.errors import FormatUnknown

park = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("inventory_park.py"))))
WHEN = datetime(2025, 3, 1, 9, 30)
NAMES = [
    "汇总", "分企业", "分类别", "分气体", "分行业", "零碳园区口径", "区内流动", "GPC 分部门", "不确定度",
    "质量与完整性", "填报符号", "排放因子", "核算选项", "清单明细", "质量问题",
]  # fmt: skip
SIGNED_SHEETS = NAMES[:8] + ["清单明细"]


def near(value):
    return pytest.approx(value, rel=1e-12)


@pytest.fixture(scope="module")
def account(tmp_path_factory):
    from typer.testing import CliRunner

    from api.cli.entry import program

    def run(*words):
        told = CliRunner().invoke(program(), [str(word) for word in words])
        return SimpleNamespace(status=told.exit_code, err=told.stderr)

    with open_book(park.book_of(tmp_path_factory.mktemp("park"), run)) as book:
        yield account_of(book, park.ZONE, park.YEAR, Wishes())


@pytest.fixture(scope="module")
def content(account):
    return workbook_bytes(account, when=WHEN, notice="示例数据，均为虚构")


@pytest.fixture(scope="module")
def workbook(content):
    return openpyxl.load_workbook(BytesIO(content))


def table(sheet, first):
    """Rows below the header whose first cell is `first`, up to the foot, by the names of the header."""
    top = next(row for row in range(1, 9) if sheet.cell(row, 1).value == first)
    names = [cell.value for cell in sheet[top]]
    merged = {span.min_row for span in sheet.merged_cells.ranges}
    rows = []
    for row in sheet.iter_rows(min_row=top + 1):
        if row[0].row in merged:
            break
        rows.append(dict(zip(names, row, strict=True)))
    return rows


def values(sheet, first):
    return [{name: cell.value for name, cell in row.items()} for row in table(sheet, first)]


def test_the_sheets_are_fifteen_in_chinese(workbook):
    assert workbook.sheetnames == NAMES
    assert len(SHEETS) == len(NAMES)


def test_another_reader_sees_the_same_cells(content, workbook):
    other = CalamineWorkbook.from_filelike(BytesIO(content))
    assert other.sheet_names == NAMES
    rows = other.get_sheet_by_name("汇总").to_python()
    numbers = [cell for row in rows for cell in row if isinstance(cell, float)]
    assert any(number == near(park.TOTAL) for number in numbers)
    for name in NAMES:
        seen = [cell for row in other.get_sheet_by_name(name).to_python() for cell in row if cell != ""]
        ours = [cell.value for row in workbook[name].iter_rows() for cell in row if cell.value is not None]
        assert len(seen) == len(ours), name


def test_both_totals_and_every_clause_stand_in_the_summary(workbook):
    rows = {row["项目"]: row["数值"] for row in values(workbook["汇总"], "项目")}
    assert rows["碳排放总量(范围一、范围二, 位置法)"] == near(park.TOTAL)
    assert rows["范围一排放"] == near(park.SCOPE1)
    assert rows["范围二排放(位置法)"] == near(park.SCOPE2)
    assert rows["E园区"] == near(sum(park.PARK.values()))
    assert rows["工业过程的排放 E工业过程"] == near(park.PARK["process"])


def test_every_breakdown_sums_to_the_total_of_the_summary(workbook):
    for name, first in (("分企业", "企业编号"), ("分类别", "类别"), ("分行业", "行业代码")):
        rows = values(workbook[name], first)
        assert sum(row["范围一"] + row["范围二"] for row in rows) == near(park.TOTAL), name
        assert sum(row["占比"] for row in rows) == near(1.0), name
    gases = [row for row in values(workbook["分气体"], "气体") if row["气体"] != "生物成因 CO2"]
    assert sum(row["合计"] for row in gases) == near(park.TOTAL)
    lines = values(workbook["清单明细"], "企业编号")
    tonnes = [row["吨二氧化碳当量"] for row in lines]
    assert sum(each for each in tonnes if isinstance(each, int | float)) == near(park.TOTAL)
    gpc = values(workbook["GPC 分部门"], "编号")
    assert sum(row["合计"] for row in gpc if isinstance(row["合计"], int | float)) == near(park.TOTAL)


def test_the_clauses_sum_to_the_total_of_the_park(workbook):
    rows = values(workbook["零碳园区口径"], "条款")
    parts = [row["吨二氧化碳"] for row in rows if row["条款"] and row["条款"] != "E园区"]
    flows = [row["吨二氧化碳"] for row in rows if not row["条款"]]
    assert len(parts) == 5
    assert sum(parts) == near(sum(flows)) == near(sum(park.PARK.values()))
    assert rows[-1]["吨二氧化碳"] == near(sum(park.PARK.values()))


def test_the_enterprises_on_their_own_less_the_flows_are_the_park(workbook):
    own = values(workbook["分企业"], "企业编号")
    flows = values(workbook["区内流动"], "供应方")
    assert len(flows) == 4
    internal = sum(row["吨二氧化碳当量"] for row in flows)
    assert internal == near(20_000 * park.GRID + 70_000 * 0.11)
    assert sum(row["企业自身口径"] for row in own) - internal == near(park.TOTAL)
    assert [row["双方差额"] for row in flows] == [0.0] * 4
    foot = [cell.value for row in workbook["区内流动"].iter_rows() for cell in row[:1] if cell.value]
    assert any("校核：" in text and "✓" in text for text in foot) or any("校核：满足" in t for t in foot)


def test_every_statement_has_its_line_with_file_version_and_row(workbook):
    lines = values(workbook["清单明细"], "企业编号")
    assert [row["原表行"] for row in lines] == [number + 2 for number in range(len(park.ROWS))]
    assert {row["版本"] for row in lines} == {"activity v4"}
    coal = lines[0]
    assert (coal["申报数量"], coal["申报单位"], coal["核算数量"], coal["单位"]) == (1, "万吨", 200_000, "GJ")
    assert coal["数据来源"] == "皮带秤"


def test_what_is_not_told_is_a_dash_with_its_reason(workbook):
    commuting = table(workbook["清单明细"], "企业编号")[-1]
    assert commuting["吨二氧化碳当量"].value == "—"
    assert "没有统计" in commuting["吨二氧化碳当量"].comment.text
    summary = {row["项目"].value: row for row in table(workbook["汇总"], "项目")}
    scope3 = summary["范围三排放(按申报)"]
    assert scope3["数值"].value == "—"
    assert "NE" in scope3["数值"].comment.text
    assert scope3["说明"].value
    keys = values(workbook["填报符号"], "企业编号")
    assert {row["符号"] for row in keys} == {"IE", "NO", "NE"}
    assert all(row["说明"] for row in keys)


def test_a_name_never_becomes_a_formula(workbook, content):
    for sheet in workbook:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", (sheet.title, cell.coordinate)
    with zipfile.ZipFile(BytesIO(content)) as parts:
        sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
        assert all(b"<f>" not in parts.read(name) for name in sheets)
    firms = {row["企业编号"]: row["企业名称"] for row in values(workbook["分企业"], "企业编号")}
    assert firms["P1"] == "=cmd 热电厂<i>"
    assert firms[park.ZONE] == park.NAME


def test_numbers_are_numbers_and_have_a_format(workbook):
    numbers = ("范围一", "范围二", "合计", "占比", "行数", "申报数量", "核算数量", "因子")
    for name, first in (("分企业", "企业编号"), ("分类别", "类别"), ("清单明细", "企业编号")):
        for row in table(workbook[name], first):
            for column in numbers:
                cell = row.get(column)
                if cell is None or cell.value in (None, "—"):
                    continue
                assert cell.data_type == "n", (name, column, cell.value)
                assert cell.number_format != "@"


def test_every_sheet_is_set_up_for_paper_and_says_that_the_data_is_made_up(workbook):
    for sheet in workbook:
        setup = sheet.page_setup
        assert setup.orientation == "landscape", sheet.title
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert setup.fitToWidth in (None, 1, 2)  # none stands for one page
        assert setup.fitToHeight == 0
        assert sheet.print_title_rows, sheet.title
        assert sheet.freeze_panes
        assert "示例数据，均为虚构" in [sheet.cell(row, 1).value for row in (1, 2, 3)], sheet.title
        assert sheet.oddFooter.center.text


def test_the_sheets_of_numbers_end_with_a_line_to_sign(workbook):
    for name in SIGNED_SHEETS:
        last = [row[0].value for row in workbook[name].iter_rows() if row[0].value][-1]
        assert last == SIGNED, name


def test_the_same_inventory_at_the_same_moment_is_the_same_file(account, content):
    assert workbook_bytes(account, when=WHEN, notice="示例数据，均为虚构") == content


def test_another_form_is_refused_and_leaves_nothing(account, tmp_path):
    with pytest.raises(FormatUnknown, match="xlsx"):
        write_workbook(account, tmp_path / "清单.pdf", when=WHEN)
    assert list(tmp_path.iterdir()) == []


def test_the_workbook_of_the_demo_says_on_every_sheet_that_it_is_made_up(book):
    told = account_of(book, "G411031", 2024, Wishes.of({"draws": "200"}))
    made = openpyxl.load_workbook(BytesIO(workbook_bytes(told, when=WHEN, notice=book.notes()["notice"])))
    assert made.sheetnames == NAMES
    for sheet in made:
        assert any("虚构" in str(sheet.cell(row, 1).value) for row in (1, 2, 3)), sheet.title
    total = {row["项目"]: row["数值"] for row in values(made["汇总"], "项目")}
    sums = sum(row["范围一"] + row["范围二"] for row in values(made["分企业"], "企业编号"))
    assert sums == pytest.approx(told.inventory.location.known["total"], rel=1e-9)
    if told.inventory.location.told["total"] is not None:
        assert total["碳排放总量(范围一、范围二, 位置法)"] == pytest.approx(sums, rel=1e-9)
