"""Columns of a file become columns of a kind; what does not fit is listed, all at once, with its row."""

from __future__ import annotations

from datetime import date, datetime

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from data.codes.classes import classify
from data.columns import fit, recognise, supplier, suppliers
from data.columns.suppliers import read_supplier
from data.errors import ColumnMissing, NoSuchCode, RuleFileError
from data.kinds import kind, kinds
from data.records import Severity, Source, Status, Table

SOURCE = Source("folder/企业.xlsx", "0" * 64, "xlsx")


def fitted(name, columns, first_row=2, **how):
    frame = columns if isinstance(columns, pd.DataFrame) else pd.DataFrame(columns)
    return fit(Table(frame, SOURCE, (), first_row), kind(name), **how)


def errors(table):
    return [(f.code, f.row, f.column) for f in table.faults if f.severity is Severity.ERROR]


def enterprise(**columns):
    return {"enterprise_id": ["1"], "name": ["甲"], "zone": ["G1"], "year": [2024], **columns}


def statistic(**columns):
    return {"zone": ["G1"], "period": ["2024"], "item": ["税收"], "unit": ["万元"], **columns}


def project(**columns):
    count = len(next(iter(columns.values())))
    return {"project_id": [f"p{i}" for i in range(count)], **columns}


# -- names ----------------------------------------------------------------------------------------


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


# -- units ----------------------------------------------------------------------------------------


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


# -- types ----------------------------------------------------------------------------------------


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


# -- rules ----------------------------------------------------------------------------------------


def test_bounds_are_held_with_the_value():
    table = fitted("enterprises", enterprise(year=[1890], employees=[-3], tax_cny10k=[-5]))
    assert errors(table) == [("out_of_bounds", 2, "year"), ("out_of_bounds", 2, "employees")]
    assert "'-3' is out of bounds: at least 0 人" in table.faults[1].message


def test_an_empty_required_cell_is_a_fault_once():
    rows = {
        "enterprise_id": ["1", " ", None],
        "name": list("甲乙丙"),
        "zone": ["G1"] * 3,
        "year": ["2024", "x", None],
    }
    assert errors(fitted("enterprises", rows)) == [
        ("not_a_number", 3, "year"),
        ("required_empty", 3, "enterprise_id"),
        ("required_empty", 4, "enterprise_id"),
        ("required_empty", 4, "year"),
    ]


def test_equal_keys_are_one_fault_that_lists_the_rows():
    rows = {
        "enterprise_id": ["1", "2", "1", "1"],
        "name": list("abcd"),
        "zone": ["G1"] * 4,
        "year": [2024, 2024, 2024, 2023],
    }
    table = fitted("enterprises", rows)
    assert errors(table) == [("duplicate_key", 4, "")]
    assert "Rows 2, 4 have the same key: enterprise_id 1, year 2024" in table.faults[0].message


def test_several_rows_of_one_zone_are_its_parts():
    table = fitted("zones", {"code": ["G1", "G1"], "name": ["区", "区"]})
    assert [(f.code, f.severity.value) for f in table.faults] == [("duplicate_key", "warning")]


def activity(**columns):
    count = len(next(iter(columns.values())))
    return {
        "zone": ["G1"] * count,
        "year": [2024] * count,
        "category": ["fuel"] * count,
        "item": [f"煤{i}" for i in range(count)],
        "unit": ["t"] * count,
        **columns,
    }


def test_an_amount_or_a_notation_with_its_reason_never_both_never_neither():
    table = fitted(
        "activity",
        activity(
            amount=[0, 5, None, None, None, 3],
            notation=[None, None, "NO", "未估算", None, "NE"],
            explanation=[None, None, "没有", None, "未知", "x"],
        ),
    )
    assert errors(table) == [
        ("amount_missing", 6, "amount"),
        ("amount_and_notation", 7, "amount"),
        ("notation_unexplained", 5, "notation"),
    ]
    assert table.frame["amount"].tolist()[:2] == [0.0, 5.0]
    assert table.frame["notation"].tolist()[2:4] == ["NO", "NE"]
    assert "never 0 for unknown" in table.faults[0].remedy


def test_a_file_without_an_amount_column_lacks_every_amount():
    assert errors(fitted("activity", activity(amount=[None]))) == [("amount_missing", 2, "amount")]
    assert errors(fitted("activity", activity(category=["fuel"]))) == [("amount_missing", 2, "amount")]


def test_a_bad_amount_is_named_once():
    table = fitted("activity", activity(amount=["约5"]))
    assert errors(table) == [("not_a_number", 2, "amount")]


def test_rows_are_told_by_the_index_that_the_reader_left():
    frame = pd.DataFrame(project(actual_tax_cny10k=["1", "x"]), index=[0, 7])
    assert errors(fitted("projects", frame, first_row=5)) == [("not_a_number", 12, "actual_tax_cny10k")]


def test_faults_of_the_reader_stay_and_come_first():
    first = fitted("projects", project(actual_tax_cny10k=["x"]))
    again = fit(first, kind("projects"))
    assert again.faults[: len(first.faults)] == first.faults


def test_many_bad_cells_are_listed_up_to_a_thousand_and_the_rest_counted():
    table = fitted("projects", project(actual_tax_cny10k=["x"] * 2500))
    assert len(table.faults) == 1001
    assert "1,500 more cells" in table.faults[-1].message


def test_geometry_and_its_crs_stay():
    frame = gpd.GeoDataFrame({"地块编号": ["1"], "地类编码": ["0601"]}, geometry=[box(0, 0, 1, 1)], crs=4526)
    table = fitted("parcels", frame)
    assert isinstance(table.frame, gpd.GeoDataFrame)
    assert table.frame.crs.to_epsg() == 4526
    assert table.frame["land_class"].tolist() == ["0601"]
    assert table.faults == ()


def test_the_given_table_is_left_as_it_was():
    frame = pd.DataFrame(enterprise(**{"税收(亿元)": ["1"]}))
    before = frame.copy()
    fitted("enterprises", frame)
    pd.testing.assert_frame_equal(frame, before)


cell = st.one_of(
    st.none(),
    st.text(max_size=8),
    st.floats(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.dates(),
    st.datetimes(),
)


@given(st.sampled_from(sorted(kinds())), st.data())
def test_any_cells_give_a_table_with_faults_and_never_an_exception(name, data):
    one = kind(name)
    count = data.draw(st.integers(0, 3))
    rows = {
        column: pd.Series(data.draw(st.lists(cell, min_size=count, max_size=count)), dtype=object)
        for column in one.columns
    }
    table = fitted(name, pd.DataFrame(rows))
    assert len(table.frame) == count
    assert list(table.frame.columns) == list(one.columns)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
def test_numbers_as_text_and_as_numbers_are_the_same(values):
    texts = fitted("projects", project(actual_tax_cny10k=[repr(v) for v in values])).frame
    assert texts["actual_tax_cny10k"].tolist() == values


# -- suppliers ------------------------------------------------------------------------------------


def dltb(**columns):
    return {
        "BSM": ["410000211000000001"],
        "TBBH": ["1"],
        "DLBM": ["0601"],
        "DLMC": ["工业用地"],
        "TBMJ": [1234.56],
        **columns,
    }


def test_every_supplier_file_is_well_written():
    assert {"guotu_dltb", "guotu_kfyq", "euluc", "cambridge_parcels"} <= set(suppliers())
    for one in suppliers().values():
        assert one.source
        assert one.label
        assert one.recognised_by or one.status is Status.ILLUSTRATION


def test_the_land_survey_becomes_parcels():
    table = fitted("parcels", dltb(), supplier="guotu_dltb")
    row = table.frame.iloc[0]
    assert row["parcel_id"] == "410000211000000001"
    assert row["land_class"] == "0601"
    assert row["class_system"] == "sandiao"
    assert row["declared_area_m2"] == 1234.56
    assert row["TBBH"] == "1"
    assert errors(table) == []


def test_a_supplier_is_suggested_and_never_applied_silently():
    assert recognise(list(dltb()), "parcels") == ["guotu_dltb"]
    assert recognise(["a", "b"], "parcels") == []
    with pytest.raises(ColumnMissing, match=r"look like those of the supplier guotu_dltb: name it"):
        fitted("parcels", dltb())
    table = fitted("parcels", dltb(), rename={"BSM": "parcel_id", "DLBM": "land_class"})
    assert "class_system" not in table.frame
    assert "supplier_likely" in [f.code for f in table.faults]


def test_the_two_extents_of_a_zone_go_where_they_belong_though_names_are_cut():
    rows = {
        "BSM": ["1", "2", "3"],
        "KFYQMC": ["甲区"] * 3,
        "KFYQXZ": ["依法审批范围", "实际管理范围", "不详"],
        "KFYQTZ": ["工业主导型", "产城融合型", None],
        "KFYQMJ": [2_000_000.0, 3_000_000.0, 4_000_000.0],
        "KFYQYGYTDM": [1.0, 2.0, 3.0],
    }
    assert recognise(list(rows), "zones") == ["guotu_kfyq"]
    frame = fitted("zones", rows, supplier="guotu_kfyq").frame
    assert frame["approved_ha"].fillna(-1).tolist() == [200.0, -1, -1]
    assert frame["administered_ha"].fillna(-1).tolist() == [-1, 300.0, -1]
    assert frame["category"].tolist()[:2] == ["industry_led", "integrated"]
    assert frame["KFYQYGYTDM"].tolist() == [1.0, 2.0, 3.0]


def test_an_unknown_class_stays_unknown_and_is_never_guessed():
    table = fitted("parcels", {"Class": [3, 10, 4], "area_m2": [1.0, 2.0, 3.0]}, supplier="euluc")
    assert table.frame["land_class"].tolist() == ["1001", "1401", "4"]
    assert table.frame["class_system"].tolist() == ["ydyh_2023", "ydyh_2023", "other"]
    assert table.frame["parcel_id"].tolist() == ["1", "2", "3"]
    assert errors(table) == []


def test_a_supplier_of_another_kind_or_name_is_refused():
    with pytest.raises(NoSuchCode, match="guotu_dltb"):
        fitted("parcels", dltb(), supplier="guotu_dtlb")
    with pytest.raises(NoSuchCode, match="for parcels"):
        fitted("parcels", dltb(), supplier="guotu_kfyq")


GOOD = "label: x\nkind: parcels\nsource: x\nstatus: unverified\nrecognised_by: [A]\ncolumns: {A: parcel_id}\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (GOOD + "wrong: 1\n", "keys are those of Supplier"),
        (GOOD.replace("parcels", "plots"), "no kind 'plots'"),
        (GOOD.replace("parcel_id", "parcel"), "no column parcel"),
        (GOOD.replace("unverified", "sure"), "sure"),
        (GOOD + "codes: {land_class: {map: {0: '07'}}}\n", "quote the code"),
        (GOOD + "label: y\n", "stands there twice"),
    ],
)
def test_a_badly_written_supplier_file_says_what_is_wrong(tmp_path, text, words):
    (tmp_path / "some.yaml").write_text(text, "utf-8")
    with pytest.raises(RuleFileError, match=words):
        read_supplier(tmp_path / "some.yaml")


def test_codes_of_a_supplier_are_codes_of_the_system_it_names():
    codes = pd.Series(list(supplier("euluc").codes["land_class"].map.values()))
    known = classify(codes, pd.Series([supplier("euluc").fixed["class_system"]] * len(codes)))
    assert known["category"].notna().all()
    unknown = classify(pd.Series(["4"]), pd.Series(["other"]))
    assert unknown["category"].isna().all()


@pytest.mark.real
def test_the_real_land_use_layer_of_a_zone_fits(real):
    frame = gpd.read_file(real / "zone_wuxi_xinwu" / "xinwu_land_use.gpkg")
    table = fitted("parcels", frame, supplier="euluc", first_row=1)
    counts = table.frame.groupby("class_system").size()
    assert counts.to_dict() == {"other": 146, "ydyh_2023": 1887}
    assert table.frame.loc[table.frame["land_class"] == "1001"].shape[0] == 435
    assert errors(table) == []


@pytest.mark.real
def test_the_real_parcels_name_the_lots_drawn_twice(real):
    frame = gpd.read_file(real / "parcels_cambridge" / "ASSESSING_ParcelsFY2013.topojson")
    table = fitted("parcels", pd.DataFrame(frame.drop(columns="geometry")), supplier="cambridge_parcels")
    assert len(table.frame) == 13_159
    again = [f for f in table.faults if f.code == "duplicate_key"]
    assert again
    assert table.frame["parcel_id"].dropna().duplicated().sum() >= np.int64(len(again))
