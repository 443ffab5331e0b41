"""What is wrong in statements reaches the person through the doors: row, column, remedy; nothing is lost."""

from __future__ import annotations

import json
import re
import runpy
import shutil
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
from typer.testing import CliRunner

from api.cli.entry import program

park = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("inventory_park.py"))))
YEAR = str(park.YEAR)


def run(*words):
    told = CliRunner().invoke(program(), [str(word) for word in words])
    if told.exception is not None and not isinstance(told.exception, SystemExit):
        raise told.exception
    return SimpleNamespace(status=told.exit_code, out=told.stdout, err=told.stderr)


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """A book with the park's zone and enterprises, and no statement."""
    folder = tmp_path_factory.mktemp("empty")
    book = folder / "mutan.gpkg"
    assert run("new", book).status == 0
    files = park.layers(folder)
    assert run("ingest", "zones", files["zones"], "--book", book, "--valid-from", "2020-01-01").status == 0
    firms = park.filled("enterprises", folder / "企业.xlsx", park.firms())
    assert run("ingest", "enterprises", firms, "--book", book).status == 0
    return book


@pytest.fixture
def taken(empty, tmp_path):
    """Takes rows into a copy of the book; gives what ingest, check and inventory said."""

    def take(rows, edit=None, options=(), year=YEAR):
        book = Path(shutil.copy(empty, tmp_path / "mutan.gpkg"))
        file = park.statements(tmp_path / "能源.xlsx", rows)
        if edit:
            workbook = openpyxl.load_workbook(file)
            edit(workbook.worksheets[0])
            workbook.save(file)
        ingest = run("ingest", "activity", file, "--book", book)
        if ingest.status:
            return SimpleNamespace(ingest=ingest, faults=[], document=None, book=book)
        check = json.loads(run("check", "--book", book, "--json").out)
        told = run("inventory", park.ZONE, "--year", year, "--book", book, "--json", *options)
        document = json.loads(told.out)
        return SimpleNamespace(
            ingest=ingest, check=check["faults"], faults=document["faults"], document=document, book=book
        )

    return take


COAL = {"enterprise_id": "P1", "category": "燃料", "item": "烟煤", "amount": 100, "unit": "吨"}
POWER = {"enterprise_id": "B1", "category": "电力", "item": "外购电", "amount": 100, "unit": "MWh"}
COAL_T = 100 * 23.204 * 26.18 / 1000 * 0.93 * 44 / 12


def of(faults, code):
    return [fault for fault in faults if fault["code"] == code]


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ({"unit": "kWh"}, "unit_unusable", "unit"),
        ({"unit": "千瓦时"}, "unit_unusable", "unit"),
        ({"unit": "斗"}, "unit_unusable", "unit"),
        ({"amount": -5}, "amount_impossible", "amount"),
        ({"amount": None}, "amount_blank", "amount"),
        ({"notation": "NO", "explanation": "没有"}, "amount_and_notation", "notation"),
        ({"amount": None, "notation": "NE"}, "explanation_missing", "explanation"),
        ({"item": "火星煤"}, "item_unknown", "item"),
        ({"category": "魔法"}, "category_unknown", "category"),
        ({"ncv_gj": 900}, "ncv_impossible", "ncv_gj"),
    ],
)
def test_a_row_that_cannot_be_told_is_named_with_row_column_and_remedy(taken, row, code, column):
    told = taken([POWER, {**COAL, **row}])
    if told.document is None:  # refused at the door: nothing of the file is taken
        assert re.search(rf"row 3, (amount|notation|{column}), ", told.ingest.err)
        assert "The book is as it was" in told.ingest.err
        return
    found = [fault for fault in of(told.faults, code) if fault.get("row") == 3]
    assert found, [(fault["code"], fault.get("row")) for fault in told.faults]
    assert found[0]["column"] == column
    assert found[0]["remedy"]
    assert found[0]["severity"] == "error"
    assert len(told.document["lines"]) == 2
    lost = told.document["lines"][1]
    assert lost["missing"]
    assert lost["tco2e"] is None
    assert told.document["totals"]["location"]["total"] is None
    assert told.document["reasons"]["location"]["total"]
    assert told.document["known"]["location"]["total"] == pytest.approx(100 * park.GRID)


@pytest.mark.parametrize("row", [{"unit": "斗"}, {"amount": -5}, {"item": "火星煤"}, {"category": "魔法"}])
def test_check_names_the_row_of_a_statement_that_came_in(taken, row):
    told = taken([POWER, {**COAL, **row}])
    if told.document is not None and not of(told.faults, "unit_unusable"):
        assert [fault for fault in told.check if fault.get("row") == 3 and fault["severity"] == "error"]


def test_an_amount_without_a_unit_does_not_come_in_unseen(taken):
    told = taken([POWER, {**COAL, "unit": None}])
    if told.document is None:
        assert "row 3" in told.ingest.err
        assert "单位" in told.ingest.err or "unit" in told.ingest.err
    else:
        (fault,) = of(told.faults, "unit_missing")
        assert (fault["row"], fault["column"]) == (3, "unit")


@pytest.mark.parametrize(
    ("amount", "unit"),
    [
        ("1,234.5", "吨"),
        ("１２３４．５", "吨"),
        ("1 234.5", "吨"),
        (0.12345, "万吨"),
        ("１，２３４．５", "吨"),
    ],
)
def test_a_number_as_people_write_it_is_read_as_it_is_meant_or_named(taken, amount, unit):
    told = taken([{**COAL, "amount": amount, "unit": unit}])
    if told.document is None:
        assert "row 2" in told.ingest.err
        return
    (line,) = told.document["lines"]
    if line["tco2e"] is None:
        assert any(fault.get("row") == 2 and fault.get("column") == "amount" for fault in told.faults)
    else:
        assert line["amount"] == pytest.approx(1234.5)
        assert line["tco2e"] == pytest.approx(COAL_T * 12.345)


@pytest.mark.parametrize("amount", ["约100", "1.234,5", "12万", "一百", "#DIV/0!", "nan", "inf"])
def test_what_is_no_number_is_named_and_never_taken_for_one(taken, amount):
    told = taken([POWER, {**COAL, "amount": amount}])
    if told.document is None:
        assert "row 3" in told.ingest.err
        assert amount in told.ingest.err or "#DIV/0!" in told.ingest.err or "amount" in told.ingest.err
        return
    line = told.document["lines"][1]
    if amount == "12万":
        assert line["tco2e"] in (None, pytest.approx(COAL_T * 1200))
    else:
        assert line["tco2e"] is None
    if line["tco2e"] is None:
        assert [fault for fault in told.faults if fault.get("row") == 3]


def test_two_rows_for_one_thing_are_refused_and_named(taken):
    told = taken([COAL, POWER, COAL])
    assert told.document is None
    assert "row 4" in told.ingest.err
    assert "Rows 2, 4" in told.ingest.err


def test_one_thing_under_two_names_is_counted_and_named(taken):
    told = taken([COAL, POWER, {**COAL, "item": "bituminous_coal"}])
    assert told.document["totals"]["location"]["scope1"] == pytest.approx(2 * COAL_T)
    (fault,) = of(told.faults, "stated_twice")
    assert fault["row"] == 4
    assert of(told.check, "stated_twice")


def test_a_supplier_that_does_not_exist_is_told_from_one_that_is_silent(taken):
    bought = {**POWER, "item": "区内购电"}
    told = taken([{**bought, "supplier_id": "X9"}, {**bought, "enterprise_id": "L1", "supplier_id": "P1"}])
    (unknown,) = of(told.faults, "supplier_unknown")
    assert (unknown["row"], unknown["column"]) == (2, "supplier_id")
    (silent,) = of(told.faults, "supplier_silent")
    assert silent["row"] == 3


def test_a_supplier_that_sells_more_than_it_made_breaks_the_netting_and_is_named(taken):
    told = taken([
        COAL,
        {**POWER, "enterprise_id": "P1", "item": "自发电", "amount": 100},
        {**POWER, "enterprise_id": "P1", "item": "区内售电", "amount": 500},
        {**POWER, "item": "区内购电", "amount": 900, "supplier_id": "P1"},
    ])
    assert told.document["netting"]["holds"] == "not_met"
    assert "P1" in told.document["netting"]["reason"]
    said = " ".join(fault["message"] for fault in told.faults)
    assert "900" in said
    assert "500" in said
    about = [
        f for f in told.faults if "P1" in f["message"] and "100" in f["message"] and "500" in f["message"]
    ]
    assert about, said


def test_a_year_without_a_factor_says_which_there_are_and_is_open_with_the_exact_vintage(taken):
    rows = [{**POWER, "year": 2024}]
    told = taken(rows, year="2024")
    (fault,) = of(told.faults, "factor_of_another_year")
    for vintage in ("2021", "2022", "2023"):
        assert vintage in fault["message"]
    assert told.document["totals"]["location"]["scope2"] == pytest.approx(100 * park.GRID)
    exact = run("inventory", park.ZONE, "--year", "2024", "--vintage", "exact", "--book", told.book, "--json")
    document = json.loads(exact.out)
    assert document["totals"]["location"]["scope2"] is None
    (fault,) = of(document["faults"], "factor_missing")
    assert "2023" in fault["message"]
    assert document["lines"][0]["missing"] == "factor_missing"


def test_a_formula_that_failed_in_the_sheet_is_named_by_its_cell(taken):
    told = taken([POWER, COAL], edit=lambda sheet: sheet.cell(3, 6, "#REF!"))
    said = told.ingest.err + json.dumps(told.faults, ensure_ascii=False)
    assert "#REF!" in said
    assert "3" in said
    if told.document is not None:
        assert told.document["lines"][1]["tco2e"] is None


def test_merged_header_cells_do_not_shift_a_column(taken):
    def merge(sheet):
        sheet.insert_rows(1)
        sheet.cell(1, 1, "某开发区能源与物料报表")
        sheet.merge_cells("A1:S1")

    told = taken([POWER, COAL], edit=merge)
    if told.document is None:
        assert "row" in told.ingest.err
        return
    assert [line["row"] for line in told.document["lines"]] == [3, 4]
    assert told.document["totals"]["location"]["scope1"] == pytest.approx(COAL_T)


def test_nothing_disappears_of_a_sheet_full_of_faults(taken):
    rows = [
        COAL, POWER, {**COAL, "item": "褐煤", "unit": "kWh"}, {**COAL, "item": "无烟煤", "unit": "斗"},
        {**POWER, "item": "区内购电", "supplier_id": "nobody"},
        {**COAL, "item": "柴油", "notation": "NE", "explanation": "没有", "amount": None},
        {**POWER, "enterprise_id": "L1", "category": "热力", "unit": "吨"}, park.NO_REFINERY,
    ]  # fmt: skip
    told = taken(rows)
    assert [line["row"] for line in told.document["lines"]] == [number + 2 for number in range(len(rows))]
    named = {fault.get("row") for fault in told.faults}
    for line in told.document["lines"]:
        assert line["tco2e"] is not None or line["notation"] or line["row"] in named
    assert sum(row["lines"] for row in told.document["by"]["category"]) == len(rows)
