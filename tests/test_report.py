"""The workbook of a report says what was assessed, to the digit, in the units that were asked for."""

from __future__ import annotations

import runpy
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.assess import assess
from api.chinese import chinese
from api.report import report_bytes, write_report
from api.report.look import area_in, per_in
from data import formats
from data.book import open_book
from data.book.interface import Ask
from data.errors import FormatUnknown, MutanError, NotHere, NothingInForce
from data.units import m2_to_ha

SHARED = runpy.run_path(str(Path(__file__).with_name("workbooks.py")))
near, load, records, result, sum_of = (
    SHARED[name] for name in ("near", "load", "records", "result", "sum_of")
)
in_ha, in_mu, alone = (SHARED[name] for name in ("in_ha", "in_mu", "alone"))
WHEN, ZHENGZHOU = SHARED["WHEN"], SHARED["ZHENGZHOU"]
SHEETS = ["汇总表", "年度变化", "指标与依据", "输入", "依据", "未核实", "质量问题", "说明"]


def row_of(sheet, zone):
    return next(row for row in records(sheet) if row["开发区代码"].value == zone)


def test_a_report_of_all_zones_has_its_sheets_in_their_order(in_ha):
    assert in_ha.sheetnames == SHEETS


def test_the_summary_has_a_row_for_each_zone_and_its_columns_in_groups(book, in_ha):
    sheet = in_ha["汇总表"]
    groups = [cell.value for cell in sheet[4] if cell.value]
    zones = sorted(book.read("zones", Ask(on=date(2024, 12, 31)), columns=["code"])["code"])
    assert groups == ["节约集约类", "发展空间类", "碳排放", "企业效益分布", "项目与闲置"]
    assert [row["开发区代码"].value for row in records(sheet)][: len(zones)] == zones


def test_shares_and_areas_of_the_summary_equal_the_results_to_the_digit(book, in_ha):
    row = row_of(in_ha["汇总表"], ZHENGZHOU)
    assert row["土地供应率"].value == near(result(book, ZHENGZHOU, "supply_rate")["value"])
    assert row["土地供应率"].number_format == "0.00%"
    built = sum_of(book, ZHENGZHOU, "built_rate", "built")
    assert row["已建成城镇建设用地 A(公顷)"].value == near(m2_to_ha(built))
    assert row["综合容积率"].value == near(result(book, ZHENGZHOU, "plot_ratio")["value"])
    assert row["碳排放总量(吨CO₂当量)"].value == near(result(book, ZHENGZHOU, "emissions_total")["value"])
    assert row["批准面积(公顷)"].value == 1249


def test_what_is_told_per_mu_is_fifteen_times_as_much_per_hectare(in_ha, in_mu):
    ha, mu = (row_of(book["汇总表"], ZHENGZHOU) for book in (in_ha, in_mu))
    assert ha["地均税收(万元/公顷)"].value == near(mu["亩均税收(万元/亩)"].value * 15)
    assert ha["人口密度(人/公顷)"].value == near(mu["人口密度(人/亩)"].value * 15)
    assert mu["批准面积(亩)"].value == ha["批准面积(公顷)"].value * 15


@given(st.floats(1e-6, 1e12), st.sampled_from(["m2", "mu", "ha"]), st.sampled_from(["m2", "mu", "ha"]))
def test_an_amount_is_the_same_in_every_unit_of_land(area, unit, wanted):
    there = area_in(area, unit, wanted)
    assert area_in(there, wanted, unit) == pytest.approx(area, rel=1e-14)
    assert per_in(7.0, unit, wanted) * there == pytest.approx(7.0 * area, rel=1e-14)


def test_square_metres_are_as_they_were_measured(book, alone):
    row = row_of(alone["汇总表"], ZHENGZHOU)
    built = sum_of(book, ZHENGZHOU, "built_rate", "built")
    assert row["已建成城镇建设用地 A(平方米)"].value == near(built)
    assert "地均税收(万元/公顷)" in row


def test_decimals_are_those_that_were_asked_for(in_ha, in_mu):
    assert row_of(in_ha["汇总表"], ZHENGZHOU)["批准面积(公顷)"].number_format == "#,##0.0000"
    mu = row_of(in_mu["汇总表"], ZHENGZHOU)
    assert mu["批准面积(亩)"].number_format == "#,##0.00"
    assert mu["土地供应率"].number_format == "0%"


def test_a_missing_number_is_a_dash_with_its_reason(book, in_ha):
    found = 0
    for row in records(in_ha["汇总表"])[:9]:
        zone = row["开发区代码"].value
        kept = result(book, zone, "industrial_share.p4")
        cell = row["产业用地占比(宽口径)"]
        if kept["value"] is None:
            found += 1
            assert cell.value == "—"
            assert chinese(kept["reason"])[:60] in cell.comment.text
    assert found


def test_no_dash_of_a_result_is_without_a_reason(in_ha):
    sheet = in_ha["汇总表"]
    dashes = [cell for row in sheet.iter_rows(min_row=6) for cell in row if cell.value == "—"]
    assert dashes
    assert all(cell.comment and len(cell.comment.text) > 8 for cell in dashes)


def test_what_is_not_met_is_marked_by_more_than_colour(book, in_ha):
    outcomes = {row["zone"]: row["outcome"] for row in book.results(None, 2024) if row["target"] is not None}
    assert "not_met" in outcomes.values()
    for zone, outcome in outcomes.items():
        row = row_of(in_ha["汇总表"], zone)
        words = {"met": "✓ 达标", "not_met": "✗ 未达标", "cannot_tell": "？ 无法判断"}
        assert row["产业用地占比 判定"].value == words[outcome]
        assert ("✗" in row["产业用地占比"].number_format) == (outcome == "not_met")
        assert row["产业用地占比 目标"].value == 0.6


def test_the_total_adds_areas_and_divides_sums(book, in_ha):
    total = next(row for row in records(in_ha["汇总表"]) if row["开发区代码"].value == "合计")
    zones = [row["zone"] for row in book.results(None, 2024) if row["code"] == "idle_rate"]
    idle = [sum_of(book, zone, "idle_rate", "idle") for zone in zones]
    supplied = [sum_of(book, zone, "idle_rate", "supplied") for zone in zones]
    assert total["闲置土地 G(公顷)"].value == near(m2_to_ha(sum(idle)))
    assert total["闲置土地率"].value == near(sum(idle) / sum(supplied))


def test_the_total_of_what_one_zone_lacks_is_a_dash_that_names_the_zone(book, in_ha):
    total = next(row for row in records(in_ha["汇总表"]) if row["开发区代码"].value == "合计")
    lacking = [
        row["zone"]
        for row in book.results(None, 2024)
        if row["code"] == "built_rate" and row["value"] is None
    ]
    assert lacking
    assert total["土地建成率"].value == "—"
    assert lacking[0] in total["土地建成率"].comment.text


def test_the_remark_of_the_book_stands_on_every_sheet(book, in_ha, alone):
    notice = book.notes()["notice"]
    for told in (in_ha, alone):
        for sheet in told:
            assert notice in [sheet.cell(row, 1).value for row in (1, 2)], sheet.title


def test_every_sheet_is_ready_to_print(in_ha, alone):
    for sheet in [*in_ha, *alone]:
        assert sheet.page_setup.orientation == "landscape", sheet.title
        assert sheet.page_setup.paperSize in ("8", "9", 8, 9), sheet.title  # A3, A4
        assert sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.title
        assert sheet.page_setup.fitToHeight in ("0", 0), sheet.title
        assert sheet.print_title_rows, sheet.title
        assert sheet.freeze_panes, sheet.title
        assert "&P" in sheet.oddFooter.center.text, sheet.title
    signed = [cell.value for row in in_ha["汇总表"].iter_rows(min_row=10) for cell in row]
    assert any(str(text).startswith("填表人：") and "审核人：" in text for text in signed if text)


def test_the_summary_reads_back_with_its_header(book, tmp_path):
    out = tmp_path / "全省.xlsx"
    write_report(book, [], 2024, out, when=WHEN)
    table = formats.read(out, layer="汇总表")
    frame = table.frame
    assert table.frame.attrs["units"] == ("公顷",)
    assert len(frame) == 9
    row = frame[frame["开发区代码"] == ZHENGZHOU].iloc[0]
    assert row["节约集约类/批准面积(公顷)"] == 1249
    assert row["节约集约类/土地供应率"] == near(result(book, ZHENGZHOU, "supply_rate")["value"])


def test_a_year_that_was_not_assessed_is_measured_and_said_so(small_book):
    with open_book(small_book) as book:
        told = load(report_bytes(book, ["G990002"], 2024, when=WHEN))
        measured = assess(book, "G990002", 2024).result("supply_rate")
        assert not book.results("G990002", 2024)
    row = row_of(told["汇总表"], "G990002")
    assert row["土地供应率"].value == near(measured.value)
    assert "现时测算" in [cell.value for cell in told["说明"]["A"]]


def test_kept_results_that_no_longer_fit_the_book_are_said(small_book, tmp_path):
    from dataclasses import replace
    from shutil import copy

    copy(small_book, tmp_path / "book.gpkg")
    with open_book(tmp_path / "book.gpkg", write=True) as book:
        results = [
            replace(each, value=0.123) if each.code == "supply_rate" else each
            for each in assess(book, "G990001", 2024).results
        ]
        book.store_results("G990001", 2024, results, WHEN)
        told = load(report_bytes(book, ["G990001"], 2024, when=WHEN))
    codes = [row["代码"].value for row in records(told["质量问题"])]
    assert codes[0] == "results_aged"
    assert row_of(told["汇总表"], "G990001")["土地供应率"].value == 0.123


@pytest.mark.parametrize("name", ["报告.html", "报告.pdf", "报告.docx", "报告"])
def test_other_forms_are_refused_with_what_there_is(small_book, tmp_path, name):
    with open_book(small_book) as book, pytest.raises(FormatUnknown, match=r"\.xlsx"):
        write_report(book, [], 2024, tmp_path / name, when=WHEN)
    assert not list(tmp_path.iterdir())


def test_words_that_mean_nothing_are_refused(small_book, tmp_path):
    out = tmp_path / "a.xlsx"
    with open_book(small_book) as book:
        with pytest.raises(MutanError, match="公顷"):
            write_report(book, [], 2024, out, when=WHEN, unit="英亩")
        with pytest.raises(MutanError, match="decimals"):
            write_report(book, [], 2024, out, when=WHEN, decimals=30)
        with pytest.raises(NotHere):
            write_report(book, ["G999999"], 2024, out, when=WHEN)
        with pytest.raises(NothingInForce):
            write_report(book, [], 1999, out, when=WHEN)
    assert not out.exists()
