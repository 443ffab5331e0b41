"""An empty template, filled by a person, reads back as what was filled in."""

from __future__ import annotations

from datetime import date

import openpyxl
import pandas as pd
import pytest

from data.columns import fit
from data.errors import FileUnusable, NoSuchCode
from data.formats.tables import read_table
from data.formats.templates import write_template
from data.kinds import kind, kinds

# The columns that scripts outside may rely on; a template may have more of them.
CONTRACT = {
    "zones": "code name level city approved_ha",
    "parcels": "parcel_id zone land_class class_system supply built enterprise_id floor_area_m2 footprint_m2",
    "enterprises": "enterprise_id name zone industry year investment_cny10k tax_cny10k revenue_cny10k "
    "value_added_cny10k profit_cny10k rd_cny10k employees energy_tce land_mu leased_in_mu leased_out_mu "
    "above_scale started_on",
    "activity": "zone enterprise_id year category item amount unit supplier_id notation explanation",
    "constraints": "kind name level restricted",
    "statistics": "zone period item value unit",
    "projects": "project_id enterprise_id parcel_id promised_investment_cny10k actual_investment_cny10k "
    "promised_tax_cny10k actual_tax_cny10k promised_plot_ratio actual_plot_ratio promised_energy_tce "
    "actual_energy_tce promised_output_cny10k actual_output_cny10k contract_on due_on",
}


@pytest.fixture(scope="module")
def templates(tmp_path_factory):
    folder = tmp_path_factory.mktemp("templates")
    for name in kinds():
        write_template(name, folder / f"{name}.xlsx")
    return folder


def filled(templates, name, path, *rows):
    """The template as a person fills it in: values by our names, below the header."""
    book = openpyxl.load_workbook(templates / f"{name}.xlsx")
    sheet = book.worksheets[0]
    columns = list(kind(name).columns)
    for i, row in enumerate(rows, start=2):
        for ours, value in row.items():
            sheet.cell(i, columns.index(ours) + 1, value)
    book.save(path)
    return fit(read_table(path), kind(name))


@pytest.mark.parametrize("name", sorted(kinds()))
def test_a_template_has_the_columns_of_its_kind_with_units_in_the_header(templates, name):
    sheet = openpyxl.load_workbook(templates / f"{name}.xlsx").worksheets[0]
    header = [cell.value for cell in sheet[1]]
    assert header == [column.header for column in kind(name).columns.values()]
    assert sheet.max_row == 1
    assert sheet.freeze_panes == "A2"


@pytest.mark.parametrize("name", sorted(CONTRACT))
def test_a_template_read_back_has_the_columns_of_the_contract(templates, name):
    table = fit(read_table(templates / f"{name}.xlsx"), kind(name))
    minimum = CONTRACT[name].split()
    assert [column for column in table.frame.columns if column in minimum] == minimum
    assert set(table.frame.columns) == set(kind(name).columns)
    assert len(table.frame) == 0
    assert table.faults == ()


@pytest.mark.parametrize("name", sorted(kinds()))
def test_the_guide_explains_every_column(templates, name):
    sheet = openpyxl.load_workbook(templates / f"{name}.xlsx")["说明"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [row[1] for row in rows[1 : 1 + len(kind(name).columns)]] == list(kind(name).columns)
    for row, column in zip(rows[1:], kind(name).columns.values(), strict=False):
        assert row[0] == column.header
        assert (row[3] or "") == column.unit
        assert (row[4] == "是") == column.required
        assert (row[6] or "") == column.explain
        assert row[7]
        for english, label in column.one_of.items():
            assert f"{label} = {english}" in row[5]


def test_lists_and_bounds_are_offered_while_someone_types(templates):
    sheet = openpyxl.load_workbook(templates / "zones.xlsx").worksheets[0]
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    assert rules["C2:C1048576"].formula1 == '"国家级,省级"'
    assert rules["E2:E1048576"].type == "decimal"
    assert rules["E2:E1048576"].operator == "greaterThanOrEqual"
    sheet = openpyxl.load_workbook(templates / "parcels.xlsx").worksheets[0]
    offered = [rule.formula1 for rule in sheet.data_validations.dataValidation]
    assert '"是,否"' in offered
    assert any("三调" in str(one) for one in offered)


def test_codes_are_typed_as_text(templates):
    sheet = openpyxl.load_workbook(templates / "parcels.xlsx").worksheets[0]
    assert sheet.column_dimensions["A"].number_format == "@"


def test_zones_filled_in_read_back(templates, tmp_path):
    table = filled(
        templates,
        "zones",
        tmp_path / "a.xlsx",
        {"code": "G411031", "name": "甲区", "level": "国家级", "city": "郑州市", "approved_ha": 1234.5},
        {"code": "0601", "name": "乙区", "category": "产城融合型", "population": 12_000},
    )
    assert table.faults == ()
    frame = table.frame
    assert frame["code"].tolist() == ["G411031", "0601"]
    assert frame["level"].fillna("").tolist() == ["national", ""]
    assert frame["category"].fillna("").tolist() == ["", "integrated"]
    assert frame["approved_ha"].tolist()[0] == 1234.5
    assert frame["approved_ha"].isna().tolist() == [False, True]
    assert frame["population"].tolist()[1] == 12_000.0


def test_enterprises_filled_in_read_back(templates, tmp_path):
    table = filled(
        templates,
        "enterprises",
        tmp_path / "a.xlsx",
        {
            "enterprise_id": "007",
            "name": "甲厂",
            "zone": "G411031",
            "industry": "0610",
            "year": 2024,
            "tax_cny10k": -12.5,
            "employees": 0,
            "above_scale": "是",
            "started_on": date(2020, 2, 29),
        },
    )
    assert table.faults == ()
    row = table.frame.iloc[0]
    assert (row["enterprise_id"], row["industry"], row["year"]) == ("007", "0610", 2024)
    assert (row["tax_cny10k"], row["employees"], row["above_scale"]) == (-12.5, 0.0, True)
    assert row["started_on"] == pd.Timestamp(2020, 2, 29)
    assert pd.isna(row["energy_tce"])


def test_activity_filled_in_wrongly_names_the_rows_as_excel_shows_them(templates, tmp_path):
    one = {"zone": "G1", "year": 2024, "category": "fuel", "item": "烟煤", "unit": "t"}
    table = filled(
        templates,
        "activity",
        tmp_path / "a.xlsx",
        {**one, "amount": 5},
        {**one, "item": "汽油", "notation": "未估算", "explanation": "无台账"},
        {**one, "item": "柴油"},
        {**one, "item": "焦炭", "amount": "约 3"},
    )
    assert [(f.code, f.row) for f in table.faults] == [("not_a_number", 5), ("amount_missing", 4)]
    assert table.frame["notation"].fillna("").tolist() == ["", "NE", "", ""]


def test_a_kind_that_does_not_exist_and_a_folder_that_is_not_there_are_said(tmp_path):
    with pytest.raises(NoSuchCode, match="parcels"):
        write_template("parcel", tmp_path / "a.xlsx")
    with pytest.raises(FileUnusable, match="Check folder"):
        write_template("zones", tmp_path / "none" / "a.xlsx")
    assert list(tmp_path.iterdir()) == []
