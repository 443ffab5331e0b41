"""The workbook of a request: all that was found, numbers as numbers, no text that becomes a formula."""

from __future__ import annotations

import runpy
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.cell import TYPE_FORMULA
from python_calamine import CalamineWorkbook

from api.requests.report import report_bytes

MADE = runpy.run_path(str(Path(__file__).with_name("request_document.py")))
WHEN = datetime(2026, 4, 2, 2, 0, tzinfo=UTC)
SHEETS = ["核查结论", "条件", "指标前后", "清单前后", "界址点", "地块", "问题清单", "依据"]
NAMES = ["fine", "not_met", "withheld", "hostile", "large"]


def workbook(name):
    document, drawing = MADE[name]()
    return openpyxl.load_workbook(BytesIO(report_bytes(document, drawing, "xlsx", when=WHEN)))


def rows_of(page, first):
    """The rows below the header that begins with `first`, as dicts by their labels."""
    rows = list(page.iter_rows(values_only=True))
    at = next(n for n, row in enumerate(rows) if row[0] == first)
    head = [label for label in rows[at] if label]
    return [
        dict(zip(head, row, strict=False)) for row in rows[at + 1 :] if sum(v is not None for v in row) > 1
    ]


@pytest.mark.parametrize("name", NAMES)
def test_every_sheet_is_there_and_prints_on_a4_across(name):
    book = workbook(name)
    assert book.sheetnames == SHEETS
    for page in book:
        assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
        assert page.print_title_rows
        assert not any(cell.data_type == TYPE_FORMULA for row in page.iter_rows() for cell in row)


def test_conditions_hold_numbers_units_articles_and_status():
    farm, *rest = rows_of(workbook("not_met")["条件"], "编号")
    assert farm["实测"] == pytest.approx(95_588.6, abs=1)
    assert (farm["限值"], farm["单位"], farm["结论"], farm["应避让"]) == (0, "平方米", "不符合", "是")
    assert farm["涉及面积（公顷）"] == pytest.approx(farm["实测"] / 10_000)
    assert farm["涉及面积（亩）"] == pytest.approx(farm["实测"] * 0.0015)
    assert farm["核实情况"] == "已核实"
    share = next(each for each in rest if each["条件"].startswith("产业用地占比"))
    assert (share["实测"], share["限值"], share["单位"]) == (0.5873, 0.6, "%")
    unknown = next(each for each in rest if each["条件"] == "亩均税收")
    assert (unknown["实测"], unknown["结论"]) == ("—", "无法判断")
    assert "营业收入" in unknown["原因"]


def test_boundary_points_are_numbers_in_metres():
    points = rows_of(workbook("not_met")["界址点"], "地块")
    assert len(points) == 7
    first = points[0]
    assert (first["地块"], first["圈号"], first["点号"]) == ("DP-01", 1, "J1")
    assert first["X（北，米）"] == pytest.approx(3_842_000, abs=0.002)
    assert first["Y（东，米）"] == pytest.approx(38_512_420, abs=0.002)
    assert first["边长（米）"] == pytest.approx(384.708, abs=0.002)


def test_areas_are_told_in_hectares_and_mu():
    rows = {row["项目"]: row for row in rows_of(workbook("fine")["核查结论"], "项目")}
    document = MADE["fine"]()[0]
    for code, label in (("asked", "申请范围"), ("after", "调整后")):
        assert rows[label]["面积（公顷）"] == document["area"][code]["ha"]
        assert rows[label]["面积（亩）"] == document["area"][code]["mu"]
    assert rows["申报面积"]["面积（公顷）"] == 34.1215
    assert rows["结论"]["内容"] == "符合（待核实）"


def test_indicators_and_inventory_stand_before_and_after():
    book = workbook("not_met")
    land, share, tax, *_, emissions = rows_of(book["指标前后"], "指标代码")
    assert (land["调整前"], land["调整后"], land["单位"]) == (184.25, 218.34, "公顷")
    assert (share["调整前"], share["单位"]) == (0.6421, "%")
    assert (tax["调整前"], tax["单位"]) == (21.35, "万元/亩")
    assert emissions["调整前"] == "—"
    assert "营业收入" in emissions["无法判断的原因"]
    lines = {row["项目"]: row for row in rows_of(book["清单前后"], "项目")}
    assert lines["碳排放总量(范围一、范围二, 位置法)"]["变化"] == pytest.approx(889.1)
    assert lines["土地转用碳排放合计"]["调整后"] == 812.4
    assert lines["土地转用：耕地、园地与设施农用地"]["调整后"] == 725.4


def test_faults_carry_their_line_and_rules_their_article():
    book = workbook("not_met")
    fault = rows_of(book["问题清单"], "级别")[0]
    assert (fault["行"], fault["文件"], fault["级别"]) == (14, "东片界址点.txt", "提示")
    rules = rows_of(book["依据"], "规则")
    assert len(rules) == 13
    assert rules[0]["依据"].startswith("《中华人民共和国土地管理法(2019年修正)》")
    assert "read in the whole text" in rules[0]["核对记录"]
    assert rules[-1]["未核查的原因"]


def test_the_workbook_holds_everything_of_a_hostile_document():
    document, drawing = MADE["hostile"]()
    made = report_bytes(document, drawing, "xlsx", when=WHEN)
    book = CalamineWorkbook.from_filelike(BytesIO(made))
    counts = {name: book.get_sheet_by_name(name).height for name in book.sheet_names}
    assert counts["条件"] > 60
    assert counts["界址点"] > 2_000
    assert counts["地块"] > 500
    assert counts["问题清单"] > 80


def test_the_same_document_makes_the_same_workbook():
    document, drawing = MADE["not_met"]()
    first, second = (report_bytes(document, drawing, "xlsx", when=WHEN) for _ in range(2))
    assert first == second
