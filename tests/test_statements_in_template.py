"""The template of statements lists what may be chosen, and reads back as it was filled in."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from carbon import CATEGORIES, names
from carbon.category import Ask
from carbon.ledger import read_ledger
from data.columns import fit
from data.formats.tables import read_table
from data.formats.template_lists import SHEET, UNITS, lists_of
from data.formats.templates import write_template
from data.kinds import kind
from data.records import Severity
from data.units import convert


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "能源.xlsx"
    write_template("activity", path)
    return path


def test_every_category_and_item_of_the_inventory_is_listed_with_a_name_that_it_knows() -> None:
    labels, items = lists_of(kind("activity"))
    assert set(labels) == set(CATEGORIES)
    known = names.items()
    listed = {(one.category, one.name) for one in items}
    assert {(labels[c], item) for c in CATEGORIES for item in known.get(c, {}).values()} == listed
    for one in items:
        category = names.categories()[names.fold(one.category)]
        assert known[category][names.fold(one.label)] == one.name
        assert known[category][names.fold(one.name)] == one.name


def test_the_usual_unit_of_an_item_is_one_that_its_factor_can_take() -> None:
    _, items = lists_of(kind("activity"))
    for one in items:
        quote = CATEGORIES[names.categories()[names.fold(one.category)]].quote
        said = {fault.code for fault in quote(one.name, one.unit, Ask(2023, "410000")).faults}
        assert "unit_unusable" not in said, one


def test_every_unit_offered_is_known() -> None:
    assert {one.unit for one in lists_of(kind("activity"))[1]} <= set(UNITS)
    for unit in UNITS:
        assert convert(1.0, unit, unit) == 1.0


def test_items_of_a_category_stand_together_so_that_a_list_can_offer_them(template: Path) -> None:
    sheet = openpyxl.load_workbook(template)[SHEET]
    column = [row[3].value for row in sheet.iter_rows(min_row=2) if row[3].value]
    assert column == sorted(column, key=column.index)
    assert len([1 for one, two in itertools.pairwise(column) if one != two]) == len(set(column)) - 1


def test_category_item_and_unit_are_chosen_from_lists_and_other_names_may_be_typed(template: Path) -> None:
    sheet = openpyxl.load_workbook(template).worksheets[0]
    rules = {str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation}
    columns = list(kind("activity").columns)
    for name in ("category", "item", "unit"):
        rule = rules[f"{chr(ord('A') + columns.index(name))}2"]
        assert rule.type == "list"
        assert SHEET in rule.formula1
        assert rule.errorStyle == "warning"
    item = rules[f"{chr(ord('A') + columns.index('item'))}2"].formula1
    assert f"MATCH(${chr(ord('A') + columns.index('category'))}2," in item


def test_other_templates_have_no_such_sheet(tmp_path: Path) -> None:
    write_template("zones", tmp_path / "a.xlsx")
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames == [kind("zones").label, "说明"]


def test_a_filled_template_reads_back_without_a_word(template: Path, tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"category": one.category, "item": one.label, "unit": one.unit, "amount": number}
        for number, one in enumerate(lists_of(kind("activity"))[1], start=1)
    ]
    rows[0] |= {"equipment": "发电锅炉", "purpose": "火力发电", "ncv_gj": 22.5, "quality": "高"}
    book = openpyxl.load_workbook(template)
    sheet = book.worksheets[0]
    columns = list(kind("activity").columns)
    for i, row in enumerate(rows, start=2):
        for name, value in ({"zone": "G411031", "year": 2023, "source": "计量表"} | row).items():
            sheet.cell(i, columns.index(name) + 1, value)
    book.save(tmp_path / "filled.xlsx")
    table = fit(read_table(tmp_path / "filled.xlsx"), kind("activity"))
    assert not table.faults
    ledger = read_ledger(table.frame, zone="G411031", year=2023, first_row=table.first_row)
    assert ledger.lines["amount"].tolist() == [row["amount"] for row in rows]
    assert ledger.lines["row"].tolist() == list(range(2, len(rows) + 2))
    assert (ledger.lines["equipment"][0], ledger.lines["purpose"][0]) == ("power_boiler", "power")
    errors = {fault.code for fault in ledger.faults if fault.severity is Severity.ERROR}
    assert errors <= {"supplier_missing"}  # what was bought inside the park must name its supplier
