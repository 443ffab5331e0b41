"""A workbook stays a workbook whatever the data says, however many zones there are."""

from __future__ import annotations

import json
import re
import runpy
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

import openpyxl
import pandas as pd
import pytest
import typer
from openpyxl.cell.cell import TYPE_FORMULA
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from api.assess import assess
from api.cli import report as command
from api.cli.entry import PlainFaults
from api.report import report_bytes, write_report
from data.book import new_book, open_book
from data.records import Source

WHEN = datetime(2025, 3, 1, 9, 30, tzinfo=UTC)
SMALL = runpy.run_path(str(Path(__file__).with_name("small_book.py")))
FIRST = SMALL["FIRST"]
HOSTILE = [
    '=HYPERLINK("http://example.invalid","点我")',
    "=cmd|'/C calc'!A0",
    "@SUM(1+1)",
    "+1+1",
    "-2+3",
    "http://example.invalid/",
    "长" * 5000,
    "🏭" * 40,
    "甲\x00\x01\x1f\x0b区\ud800\uffff",
    "_x0041_ <b>&amp;</b> ]]>",
    "第一行\r\n第二行",
    "&P&N 页眉",
    "  前后有空格  ",
    "'单引号",
]


def take(book, kind, frame):
    book.ingest(kind, frame, Source(f"{kind}.gpkg", f"{kind:0<64}"[:64], "made"), who="test", when=WHEN)


def hostile_book(path, text):
    book = new_book(path)
    zones = SMALL["zones"]([FIRST], 6).assign(name=text.encode("utf-8", "replace").decode(), city="=1+1")
    take(book, "zones", zones)
    parcels = SMALL["parcels"]()
    parcels = parcels[parcels["zone"] == FIRST].assign(supply="supplied")
    take(book, "parcels", parcels)
    firms = SMALL["enterprises"]()
    take(
        book,
        "enterprises",
        firms[firms["zone"] == FIRST].assign(name=text.encode("utf-8", "replace").decode()),
    )
    return book


def cells(content):
    book = openpyxl.load_workbook(BytesIO(content))
    return {
        sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book.worksheets
    }


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_becomes_a_formula_or_a_link_or_breaks_the_file(tmp_path, text):
    with hostile_book(tmp_path / "book.gpkg", text) as book:
        content = report_bytes(book, [FIRST], 2024, when=WHEN)
    told = openpyxl.load_workbook(BytesIO(content))
    for sheet in told:
        assert not sheet._hyperlinks
        assert not [c for row in sheet.iter_rows() for c in row if c.data_type == TYPE_FORMULA]
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert not [name for name in archive.namelist() if "externalLink" in name]
        assert not re.search(rb"<f>|<hyperlink", b"".join(archive.read(n) for n in archive.namelist()))
    read = CalamineWorkbook.from_filelike(BytesIO(content))
    assert read.sheet_names == told.sheetnames


def test_a_plain_looking_text_is_kept_letter_by_letter(tmp_path):
    text = '=HYPERLINK("http://example.invalid","_x0041_")'
    with hostile_book(tmp_path / "book.gpkg", text) as book:
        content = report_bytes(book, [FIRST], 2024, when=WHEN)
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_name("企业表").to_python()
    named = [row[1] for row in rows if row[0] == "E1"]
    assert [name.replace("_x005F_", "_") for name in named] == [text]


def test_a_zone_without_parcels_and_enterprises_has_a_report_that_says_so(tmp_path):
    with new_book(tmp_path / "book.gpkg") as book:
        take(book, "zones", SMALL["zones"]([FIRST], 6))
        told = cells(report_bytes(book, [FIRST], 2024, when=WHEN))
    row = next(row for row in told["汇总表"] if row[0] == FIRST)
    assert row.count("—") > 20
    assert any("0 个图斑" in str(cell) for row in told["图斑表"] for cell in row)
    assert not any(str(cell).startswith("示例数据") for sheet in told.values() for cell in sheet[0])


def test_two_reports_of_the_same_book_are_equal_byte_for_byte(small_book):
    with open_book(small_book) as book:
        first = report_bytes(book, [], 2024, when=WHEN)
        second = report_bytes(book, [], 2024, when=WHEN)
        other = report_bytes(book, [], 2024, when=datetime(2025, 4, 1, tzinfo=UTC))
    assert first == second
    changed = [
        (a, b)
        for name, rows in cells(first).items()
        for row, again in zip(rows, cells(other)[name], strict=True)
        for a, b in zip(row, again, strict=True)
        if a != b
    ]
    assert changed
    assert all("2025-03-01" in a and "2025-04-01" in b for a, b in changed)


def test_a_report_written_to_a_file_is_that_of_the_service(small_book, tmp_path):
    with open_book(small_book) as book:
        told = write_report(book, [], 2024, tmp_path / "a.xlsx", when=WHEN)
        assert (tmp_path / "a.xlsx").read_bytes() == report_bytes(book, [], 2024, when=WHEN)
    assert told.zones == ("G990001", "G990002")
    assert told.sheets["汇总表"] == 2
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]


def test_a_result_that_the_columns_do_not_know_comes_in_a_group_of_its_own(small_book, tmp_path):
    from shutil import copy

    copy(small_book, tmp_path / "book.gpkg")
    with open_book(tmp_path / "book.gpkg", write=True) as book:
        results = assess(book, FIRST, 2024).results
        strange = replace(results[0], code="roof_area", label="屋顶面积", value=150.0, unit="mu", target=None)
        book.store_results(FIRST, 2024, [*results, strange], WHEN)
        told = cells(report_bytes(book, [FIRST], 2024, when=WHEN, unit="ha"))
    sheet = told["汇总表"]
    header = next(row for row in sheet if row[0] == "开发区代码")
    assert sheet[sheet.index(header) - 1][header.index("屋顶面积(公顷)")] == "其他指标"
    assert next(row for row in sheet if row[0] == FIRST)[header.index("屋顶面积(公顷)")] == 10.0


def province(path, count=150):
    """A book of many zones, each with the results of the small one for two years."""
    with hostile_book(path.with_suffix(".one.gpkg"), "示例") as one:
        results = assess(one, FIRST, 2024).results
    book = new_book(path)
    one = SMALL["zones"]([FIRST], 1)
    codes = [f"G41{n:04d}" for n in range(count)]
    rows = pd.concat([one.assign(code=code, name=f"示例 {code}") for code in codes], ignore_index=True)
    take(book, "zones", rows)
    for n, code in enumerate(codes):
        for year in (2023, 2024):
            moved = [r if r.value is None else replace(r, value=r.value * (1 + n / 1000)) for r in results]
            book.store_results(code, year, moved, WHEN)
    return book, results


def test_a_whole_province_fits_into_one_workbook_and_little_memory(tmp_path):
    book, results = province(tmp_path / "book.gpkg")
    with book:
        before = getrusage(RUSAGE_SELF).ru_maxrss
        told = write_report(book, [], 2024, tmp_path / "all.xlsx", when=WHEN)
        grown = (getrusage(RUSAGE_SELF).ru_maxrss - before) * 1024
    assert told.sheets["汇总表"] == 150
    assert told.sheets["指标与依据"] == told.sheets["年度变化"] == 150 * len(results)
    assert grown < 150e6
    assert (tmp_path / "all.xlsx").stat().st_size < 8e6
    rows = CalamineWorkbook.from_path(tmp_path / "all.xlsx").get_sheet_by_name("汇总表").to_python()
    assert sum(str(row[0]).startswith("G41") for row in rows) == 150


def run(*words):
    app = typer.Typer(cls=PlainFaults, pretty_exceptions_enable=False)
    app.callback()(lambda: None)
    command.add_to(app)
    return CliRunner().invoke(app, [str(word) for word in words])


def test_the_command_writes_what_it_says(small_book, tmp_path):
    out = tmp_path / "报告.xlsx"
    told = run("report", "--year", 2024, "-o", out, "--book", small_book, "--unit", "亩", "--json")
    assert told.exit_code == 0
    said = json.loads(told.stdout)
    assert said["zones"] == ["G990001", "G990002"]
    assert said["file"] == str(out)
    header = next(row for row in cells(out.read_bytes())["汇总表"] if row[0] == "开发区代码")
    assert "批准面积(亩)" in header


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-o", "a.html"], ".xlsx"),
        (["-o", "a.xlsx", "--unit", "顷"], "公顷"),
        (["-o", "missing/a.xlsx"], "missing"),
        (["G999999", "-o", "a.xlsx"], "G999999"),
    ],
)
def test_the_command_says_what_cannot_be_done(small_book, tmp_path, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    told = run("report", *words, "--year", 2024, "--book", small_book)
    assert told.exit_code == 1
    assert said in told.stderr
    assert not list(tmp_path.iterdir())


def test_the_day_of_the_report_is_the_one_it_was_given(small_book):
    with open_book(small_book) as book:
        told = openpyxl.load_workbook(BytesIO(report_bytes(book, [], 2024, when=WHEN)))
    assert told.properties.created == WHEN.replace(tzinfo=None)
    assert "制表时间：2025-03-01 09:30" in told["汇总表"]["A3"].value
