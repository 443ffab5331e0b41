"""Names and units of columns: how files spell them, and what is told of those that are not known."""

from __future__ import annotations

import runpy
from pathlib import Path

import pandas as pd
import pytest

from data.errors import ColumnMissing
from data.kinds import kinds

SHARED = runpy.run_path(str(Path(__file__).with_name("fitting.py")))
fitted, errors, enterprise, project = (SHARED[name] for name in ("fitted", "errors", "enterprise", "project"))


@pytest.mark.parametrize(
    "header",
    ["tax_cny10k", "TAX_CNY10K", "税收(万元)", "税收（万元）", " 税 收 ( 万元 )", "*税收(万元)", "税收/万元"],
)
def test_our_names_and_labels_are_found_however_they_are_written(header):
    table = fitted("enterprises", enterprise(**{header: [12.5]}))
    assert table.frame["tax_cny10k"].tolist() == [12.5]
    assert table.faults == ()


def test_every_template_header_is_found_in_every_kind():
    for one in kinds().values():
        required = {c.header: ["1"] for c in one.columns.values() if not c.one_of and c.type == "code"}
        headers = {c.header: ["2024" if c.type != "flag" else "是"] for c in one.columns.values()}
        table = fitted(one.name, {**headers, **required})
        assert set(table.frame.columns) == set(one.columns), one.name


def test_a_column_renamed_to_nothing_is_kept_beside_ours():
    table = fitted("enterprises", enterprise(税收=[4], tax_cny10k=["?"]), rename={"tax_cny10k": ""})
    assert table.frame["tax_cny10k"].tolist() == [4]
    assert table.frame["tax_cny10k_given"].tolist() == ["?"]
    table = fitted("enterprises", enterprise(profit_cny10k=["?"]), rename={"profit_cny10k": ""})
    assert "profit_cny10k" not in table.frame


def test_a_rename_of_nothing_we_know_names_both_sides():
    table = fitted("enterprises", enterprise(缴税=[3]), rename={"缴": "tax_cny10k", "缴税": "tax"})
    told = {fault.column: fault for fault in table.faults if fault.code == "rename_unknown"}
    assert "no column 缴." in told["缴"].message
    assert "缴税" in told["缴"].remedy
    assert "no column tax." in told["缴税"].message
    assert "tax_cny10k" in told["缴税"].remedy


def test_a_rename_wins_over_everything():
    table = fitted("enterprises", enterprise(缴税=[3], 税收=[4]), rename={"缴税": "tax_cny10k"})
    assert table.frame["tax_cny10k"].tolist() == [3.0]


def test_a_qualified_label_is_not_taken_for_the_plain_one():
    table = fitted("enterprises", enterprise(**{"税收(含附加)": [3]}))
    assert "tax_cny10k" not in table.frame
    assert table.frame["税收(含附加)"].tolist() == [3]


def test_a_group_above_a_name_is_passed_over_with_a_warning():
    table = fitted("enterprises", enterprise(**{"经济指标/税收(万元)": [3]}))
    assert table.frame["tax_cny10k"].tolist() == [3.0]
    assert [f.code for f in table.faults] == ["column_guessed"]


def test_levels_that_together_make_a_label_are_that_label():
    table = fitted("projects", project(**{"承诺/税收/万元": [3], "实际/税收/万元": [2]}))
    assert table.frame[["promised_tax_cny10k", "actual_tax_cny10k"]].to_numpy().tolist() == [[3.0, 2.0]]


def test_years_below_a_label_are_not_taken_for_it():
    table = fitted("enterprises", enterprise(**{"税收/2022年": [3], "税收/2023年": [2]}))
    assert "tax_cny10k" not in table.frame


def test_two_columns_that_mean_the_same_are_a_fault_and_the_first_counts():
    table = fitted("enterprises", enterprise(**{"税收(万元)": [3], "tax_cny10k": [2]}))
    assert errors(table) == [("column_twice", None, "tax_cny10k")]
    assert table.frame["tax_cny10k"].tolist() == [3.0]
    assert "rename" in table.faults[0].remedy


def test_names_cut_by_a_shapefile_are_found():
    table = fitted(
        "parcels", {"parcel_id": ["1"], "land_class": ["0601"], "declared_a": [5.0], "总建筑面积": [1.0]}
    )
    assert table.frame["declared_area_m2"].tolist() == [5.0]
    assert [f.code for f in table.faults] == ["column_cut", "unit_assumed"]


def test_unknown_columns_are_kept_and_named_in_one_warning():
    table = fitted("enterprises", enterprise(电话=["1"], 备注=["x"]))
    assert table.frame["备注"].tolist() == ["x"]
    assert [(f.code, f.severity.value) for f in table.faults] == [("columns_unknown", "warning")]
    assert "电话, 备注" in table.faults[0].message


def test_a_missing_required_column_says_which_and_what_there_is():
    with pytest.raises(ColumnMissing, match=r"enterprise_id.*There are: 企业, 年.*year \(年份\)"):
        fitted("enterprises", {"企业": ["1"], "年": [2024]})


@pytest.mark.parametrize(
    ("name", "header", "given_value", "ours", "expected"),
    [
        ("enterprises", "税收(亿元)", 1.5, "tax_cny10k", 15_000.0),
        ("enterprises", "税收(元)", 123_456.0, "tax_cny10k", 12.3456),
        ("enterprises", "税收（千元）", 10.0, "tax_cny10k", 1.0),
        ("enterprises", "自有用地面积(公顷)", 2.0, "land_mu", 30.0),
        ("enterprises", "自有用地面积(平方米)", 2000.0, "land_mu", 3.0),
        ("enterprises", "综合能耗(万吨标准煤)", 0.5, "energy_tce", 5000.0),
        ("enterprises", "从业人数(万人)", 0.25, "employees", 2500.0),
        ("zones", "批准面积(亩)", 150.0, "approved_ha", 10.0),
        ("zones", "批准面积(平方公里)", 1.5, "approved_ha", 150.0),
        ("zones", "批准面积(㎡)", 25_000.0, "approved_ha", 2.5),
        ("parcels", "总建筑面积(万平方米)", 0.3, "floor_area_m2", 3000.0),
    ],
)
def test_a_unit_in_the_header_is_converted(name, header, given_value, ours, expected):
    rows = {"enterprises": enterprise(), "zones": {"code": ["G1"], "name": ["区"]}}
    rows["parcels"] = {"parcel_id": ["1"], "land_class": ["0601"]}
    table = fitted(name, {**rows[name], header: [given_value]})
    assert table.frame[ours].tolist() == pytest.approx([expected], rel=1e-12)
    assert errors(table) == []
    assert "unit_converted" in [f.code for f in table.faults]


def test_a_unit_of_another_thing_is_a_fault():
    table = fitted("enterprises", enterprise(**{"税收(亩)": [1.0]}))
    assert errors(table) == [("unit_mismatch", None, "税收(亩)")]


def test_a_unit_said_once_for_the_sheet_counts_where_it_measures_the_same():
    frame = pd.DataFrame(enterprise(税收=[1.0], 从业人数=[5], 自有用地面积=[2.0]))
    frame.attrs["units"] = ("亿元", "公顷")
    table = fitted("enterprises", frame)
    assert table.frame[["tax_cny10k", "land_mu", "employees"]].to_numpy().tolist() == [[10_000.0, 30.0, 5.0]]


def test_a_label_without_a_unit_is_taken_in_ours_with_a_warning():
    table = fitted("enterprises", enterprise(税收=[1.0]))
    assert table.frame["tax_cny10k"].tolist() == [1.0]
    assert [f.code for f in table.faults] == ["unit_assumed"]
