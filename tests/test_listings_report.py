"""The workbook over HTTP is the one that the command writes."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest

from data.book import open_book

ZONE = "G411164"


def cells(book):
    """Sheet, place -> value and number format of every cell that is not blank."""
    return {
        (sheet.title, cell.coordinate): (cell.value, cell.number_format)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def download(client, query=""):
    answer = client.get(f"/zones/{ZONE}/report.xlsx?year=2024{query}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].endswith("spreadsheetml.sheet")
    assert 'filename="report-2024.xlsx"' in answer.headers["content-disposition"]
    return openpyxl.load_workbook(BytesIO(answer.content))


@pytest.mark.parametrize("words", [("mu", "2"), ("亩", "0"), ("m2", "8")])
def test_the_workbook_of_the_service_is_that_of_the_command(mutan, client, demo_book, tmp_path, words):
    unit, decimals = words
    path = tmp_path / "报表.xlsx"
    told = mutan(
        *("report", ZONE, "--year", "2024", "--book", demo_book.book, "-o", path),
        *("--unit", unit, "--decimals", decimals),
    )
    assert told.status == 0, told.err
    theirs = download(client, f"&unit={unit}&decimals={decimals}")
    ours = openpyxl.load_workbook(path)
    assert theirs.sheetnames == ours.sheetnames
    one, other = cells(theirs), cells(ours)
    assert set(one) == set(other)
    moments = [place for place in one if one[place] != other[place]]
    # only when it was made may differ, for the two are made one after the other
    assert all("时间" in str(one[place][0]) or "生成" in str(one[place][0]) for place in moments), moments


def test_unit_and_decimals_are_those_that_were_asked_for(client):
    mu, ha = download(client, "&unit=mu&decimals=2"), download(client)
    heads = [{cell.value for row in book["汇总表"].iter_rows(max_row=8) for cell in row} for book in (mu, ha)]
    assert "批准面积(亩)" in heads[0]
    assert "批准面积(公顷)" in heads[1]
    formats = [{said for _, said in cells(book).values()} for book in (mu, ha)]
    assert any(said.endswith("0.00") for said in formats[0])
    assert any(said.endswith("0.0000") for said in formats[1])
    assert not any(said.endswith("0.0000") for said in formats[0])


def test_a_workbook_is_not_sent_again_until_the_book_changes(client):
    path = f"/zones/{ZONE}/report.xlsx?year=2024"
    tag = client.get(path).headers["etag"]
    again = client.get(path, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(f"{path}&unit=mu", headers={"if-none-match": tag}).status_code == 200


def test_a_value_of_the_workbook_is_the_result_that_is_kept(client, demo_book):
    with open_book(demo_book.book) as book:
        kept = {row["code"]: row for row in book.results(ZONE, 2024, "assess")}
    values = {value for value, _ in cells(download(client, "&unit=mu")).values() if isinstance(value, float)}
    for code in (
        "industrial_share",
        "plot_ratio",
        "tax_per_mu",
        "benefit_gini_tax_per_mu",
    ):
        value = kept[code]["value"]
        assert any(each == pytest.approx(value, rel=2e-15) for each in values), code
