"""`mutan check` lists what is odd in every table of a book, not in its layers alone."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pandas as pd
import pytest

from api.checking import check_book
from data.book import new_book
from data.records import Source

DAY = date(2024, 12, 31)
FIRMS = {
    "name": "甲厂",
    "zone": "G1",
    "industry": "36",
    "land_mu": 10.0,
    "leased_in_mu": 0.0,
    "leased_out_mu": 0.0,
}


@pytest.fixture
def book(tmp_path):
    with new_book(tmp_path / "book.gpkg") as made:
        yield made


def take(book, kind, *rows):
    source = Source(f"{kind}.xlsx", kind, "xlsx")
    book.ingest(kind, pd.DataFrame(list(rows)), source, who="test", when=datetime(2025, 1, 1, tzinfo=UTC))


def codes(book):
    return {fault.code for fault in check_book(book, DAY)}


def test_an_empty_book_has_no_fault(book):
    assert check_book(book, DAY) == []


def test_a_firm_that_skips_a_year_and_one_whose_tax_exceeds_its_revenue_are_named(book):
    ours = {**FIRMS, "enterprise_id": "E1", "revenue_cny10k": 10.0, "tax_cny10k": 50.0}
    take(book, "enterprises", *({**ours, "year": year} for year in (2022, 2024)))
    told = check_book(book, DAY)
    assert {fault.feature for fault in told} == {"E1"}
    assert any("2023" in fault.message for fault in told)
    assert any(fault.column == "tax_cny10k" for fault in told)
    assert all(fault.remedy for fault in told)


def test_statements_after_the_day_are_not_looked_at(book):
    take(
        book,
        "enterprises",
        {**FIRMS, "enterprise_id": "E1", "year": 2025, "tax_cny10k": 5.0, "revenue_cny10k": 1.0},
    )
    assert check_book(book, DAY) == []


def test_projects_and_statistics_are_checked_as_well(book):
    take(
        book,
        "projects",
        {"project_id": "P1", "land_m2": 100.0, "floor_area_m2": 10.0, "high_floor_area_m2": 20.0},
    )
    months = [{"period": f"2024-{month:02d}", "value": 1.0} for month in range(1, 13)]
    rows = [*months, {"period": "2024", "value": 13.0}]
    take(book, "statistics", *({"zone": "G1", "item": "tax", "unit": "亿元", **row} for row in rows))
    assert {"year_contradicts_months"} < codes(book)
    assert {fault.layer for fault in check_book(book, DAY)} == {"projects", "statistics"}


STATED = {"zone": "G1", "enterprise_id": "E1", "year": 2024, "category": "燃料", "item": "烟煤", "unit": "吨"}


def test_statements_are_checked_with_the_row_of_their_file(book):
    take(
        book,
        "activity",
        {**STATED, "amount": 5.0, "row": 2},
        {**STATED, "item": "风", "amount": 5.0, "row": 3},
        {**STATED, "item": "柴油", "amount": 5.0, "equipment": None, "ncv_gj": 42_652.0, "row": 5},
        {**STATED, "item": "焦炭", "amount": -1.0, "row": 7},
        {**STATED, "item": "褐煤", "amount": 1.0, "unit": "kWh", "row": 9},
    )
    told = {(fault.code, fault.row, fault.column) for fault in check_book(book, DAY)}
    assert told == {
        ("item_unknown", 3, "item"),
        ("ncv_impossible", 5, "ncv_gj"),
        ("amount_impossible", 7, "amount"),
        ("unit_unusable", 9, "unit"),
    }


def test_a_supplier_that_no_table_names_is_told_from_one_that_is_silent(book):
    take(book, "enterprises", {**FIRMS, "enterprise_id": "E2", "year": 2024})
    bought = {**STATED, "category": "电力", "item": "外购电力", "unit": "万千瓦时", "amount": 1.0}
    take(book, "activity", {**bought, "supplier_id": "E2"}, {**bought, "supplier_id": "E9"})
    told = {fault.code: fault.message for fault in check_book(book, DAY) if fault.column == "supplier_id"}
    assert set(told) == {"supplier_silent", "supplier_unknown"}
    assert told["supplier_unknown"].startswith("E9")


def test_each_zone_and_year_is_checked_for_itself_and_later_years_are_not(book):
    odd = {**STATED, "item": "风", "amount": 1.0}
    take(book, "activity", odd, {**odd, "zone": "G2"}, {**odd, "year": 2023}, {**odd, "year": 2025})
    assert [fault.code for fault in check_book(book, DAY)] == ["item_unknown"] * 3
