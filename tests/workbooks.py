"""What the tests of reports share: workbooks of the sample, and ways to read them back."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

import openpyxl
import pytest

from api.report import report_bytes

WHEN = datetime(2025, 3, 1, 9, 30)
ZHENGZHOU = "G411031"


def near(value):
    """Excel keeps sixteen digits of a number."""
    return pytest.approx(value, rel=2e-15, abs=0)


def load(content):
    return openpyxl.load_workbook(BytesIO(content))


def records(sheet, first="开发区代码"):
    """Rows below the header, by its names; the sheet's own cells are kept."""
    top = next(row for row in range(1, 9) if sheet.cell(row, 1).value == first)
    names = [cell.value for cell in sheet[top]]
    return [dict(zip(names, row, strict=True)) for row in sheet.iter_rows(min_row=top + 1)]


@pytest.fixture(scope="module")
def in_ha(book):
    return load(report_bytes(book, [], 2024, when=WHEN))


@pytest.fixture(scope="module")
def in_mu(book):
    return load(report_bytes(book, [], 2024, when=WHEN, unit="亩", decimals=2))


@pytest.fixture(scope="module")
def alone(book):
    return load(report_bytes(book, [ZHENGZHOU], 2024, when=WHEN, unit="m2"))


def result(book, zone, code):
    return next(row for row in book.results(zone, 2024, "assess") if row["code"] == code)


def sum_of(book, zone, code, name):
    return next(each["value"] for each in result(book, zone, code)["inputs"] if each["name"] == name)
