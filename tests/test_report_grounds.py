"""Behind the summary of a report stand grounds, inputs, years, parcels and enterprises, row by row."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from api.chinese import chinese
from api.report import write_report
from data import formats
from data.units import m2_to_mu

SHARED = runpy.run_path(str(Path(__file__).with_name("workbooks.py")))
near, load, records, result, sum_of = (
    SHARED[name] for name in ("near", "load", "records", "result", "sum_of")
)
in_ha, in_mu, alone = (SHARED[name] for name in ("in_ha", "in_mu", "alone"))
WHEN, ZHENGZHOU = SHARED["WHEN"], SHARED["ZHENGZHOU"]


def test_every_result_stands_in_the_grounds_with_its_value(book, in_mu):
    told = {
        (row["开发区代码"].value, row["指标代码"].value): row
        for row in records(in_mu["指标与依据"])
        if row["指标代码"].value
    }
    kept = book.results(None, 2024, "assess")
    assert len(told) == len(kept)
    for row in kept:
        cell = told[row["zone"], row["code"]]["数值"]
        per_mu = row["unit"] == "1" or row["unit"].endswith("/mu")
        if row["value"] is None:
            assert cell.value == "—"
            assert told[row["zone"], row["code"]]["无法判断的原因"].value == chinese(row["reason"])
        elif per_mu or not row["unit"].endswith("/ha"):
            assert cell.value == near(row["value"])


def test_inputs_say_the_sums_in_the_unit_of_the_report(book, in_mu):
    row = next(
        row
        for row in records(in_mu["输入"])
        if (row["开发区代码"].value, row["指标代码"].value, row["输入代码"].value)
        == (ZHENGZHOU, "built_rate", "supplied")
    )
    assert row["数值"].value == near(m2_to_mu(sum_of(book, ZHENGZHOU, "built_rate", "supplied")))
    assert row["单位"].value == "亩"
    assert row["行数"].value > 1000


def test_the_land_of_the_classes_sums_to_the_input(in_mu):
    rows = [
        row
        for row in records(in_mu["输入"])
        if (row["开发区代码"].value, row["指标代码"].value) == (ZHENGZHOU, "industrial_share.p2")
    ]
    whole = next(row["数值"].value for row in rows if row["输入代码"].value == "industrial")
    parts = [row["数值"].value for row in rows if row["输入代码"].value.startswith("industrial.")]
    assert len(parts) > 1
    assert sum(parts) == pytest.approx(whole, rel=1e-12)


def test_floor_space_stays_in_square_metres(in_mu):
    units = {row["单位"].value for row in records(in_mu["输入"]) if row["输入代码"].value == "floor_area"}
    assert units == {"平方米"}


def test_years_stand_beside_each_other_with_their_change(book, in_ha):
    sheet = in_ha["年度变化"]
    years = [cell.value for cell in sheet[4] if cell.value]
    assert years == [f"{year} 年" for year in range(2020, 2025)]
    row = next(
        row
        for row in sheet.iter_rows(min_row=6)
        if (row[0].value, row[3].value) == (ZHENGZHOU, "emissions_total")
    )
    old, new = (
        next(r["value"] for r in book.results(ZHENGZHOU, year) if r["code"] == "emissions_total")
        for year in (2023, 2024)
    )
    assert row[-2].value == near(new)
    assert row[-1].value == pytest.approx((new - old) / old, rel=1e-12)
    assert row[-1].number_format.startswith("+0.00%")


def test_the_change_of_a_share_is_in_percentage_points(book, in_ha):
    zone = "G411169"  # it was enlarged
    row = next(
        row
        for row in in_ha["年度变化"].iter_rows(min_row=6)
        if (row[0].value, row[3].value) == (zone, "supply_rate")
    )
    values = {
        year: next(r["value"] for r in book.results(zone, year) if r["code"] == "supply_rate")
        for year in range(2020, 2025)
    }
    assert "个百分点" in row[7].number_format
    for year, cell in zip(range(2021, 2025), row[7::2], strict=True):
        assert cell.value == pytest.approx((values[year] - values[year - 1]) * 100, abs=1e-12)


def test_thresholds_and_factors_that_nobody_checked_are_listed(book, in_ha):
    listed = {row["名称"].value for row in records(in_ha["未核实"], "名称")}
    used = {
        article["name"]
        for row in book.results(None, 2024)
        for article in row["articles"]
        if not isinstance(article, str) and article["status"] != "verified"
    }
    assert used
    assert used <= listed


def test_a_zone_by_itself_lists_its_parcels_and_enterprises(book, alone):
    assert {"图斑表", "企业表"} < set(alone.sheetnames)
    rows = [row for row in records(alone["图斑表"], "图斑编号") if row["地类名称"].value]
    whole = sum(row["面积(平方米)"].value for row in rows)
    built = sum(row["面积(平方米)"].value for row in rows if str(row["评价用地代码"].value).startswith("A"))
    total = next(row for row in records(alone["图斑表"], "图斑编号") if row["图斑编号"].value == "合计")
    assert total["面积(平方米)"].value == pytest.approx(whole, rel=1e-12)
    assert built == pytest.approx(sum_of(book, ZHENGZHOU, "built_rate", "built"), rel=1e-12)


def test_the_parcels_say_what_stands_in_the_industrial_share(book, alone):
    rows = [row for row in records(alone["图斑表"], "图斑编号") if row["地类名称"].value]
    for where, name in (("计入分子", "industrial"), ("计入分母", "construction")):
        counted = [row for row in rows if row[f"产业用地占比(P2) {where}"].value == "是"]
        whole = sum(row["面积(平方米)"].value for row in counted)
        assert whole == pytest.approx(sum_of(book, ZHENGZHOU, "industrial_share", name), rel=1e-12)


def test_the_enterprises_of_a_zone_sum_to_its_tax(book, alone):
    rows = [row for row in records(alone["企业表"], "企业编号") if row["企业名称"].value]
    assert sum(row["税收(万元)"].value for row in rows) == pytest.approx(
        sum_of(book, ZHENGZHOU, "tax_per_mu", "tax_cny10k"), rel=1e-12
    )
    one = next(row for row in rows if row["使用土地(平方米)"].value)
    land_ha = one["使用土地(平方米)"].value / 10_000
    assert one["地均税收(万元/公顷)"].value == pytest.approx(one["税收(万元)"].value / land_ha, rel=1e-12)


def test_other_sheets_read_back_with_all_their_rows(book, tmp_path):
    out = tmp_path / "一区.xlsx"
    told = write_report(book, [ZHENGZHOU], 2024, out, when=WHEN)
    for name in ("指标与依据", "输入", "图斑表", "企业表"):
        assert len(formats.read(out, layer=name).frame) == told.sheets[name], name
