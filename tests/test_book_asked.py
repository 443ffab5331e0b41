"""What a book answers: by zone and year, by box, in pages, some columns of it."""

from __future__ import annotations

import runpy
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from data.book import Ask, Book
from data.errors import BookError, ColumnMissing

SHARED = runpy.run_path(str(Path(__file__).with_name("book_rows.py")))
SAID, source, parcels, enterprises, book = (
    SHARED[name] for name in ("SAID", "source", "parcels", "enterprises", "book")
)


def test_yearly_tables_are_asked_by_zone_and_year(book: Book):
    book.ingest("enterprises", enterprises(2023, ("G1", "G2")), source("a"), **SAID)
    book.ingest("enterprises", enterprises(2024, ("G1", "G2")), source("b"), **SAID)
    assert len(book.read("enterprises")) == 4
    out = book.read("enterprises", Ask(zone="G2", year=2024))
    assert out[["zone", "year", "version"]].to_numpy().tolist() == [["G2", 2024, "enterprises v2"]]
    assert [p.scope for p in book.parts("enterprises")] == ["G1/2023", "G1/2024", "G2/2023", "G2/2024"]
    statistics = pd.DataFrame({
        "zone": "G1",
        "period": ["2023-12", "2024-01", "2024"],
        "item": "i",
        "unit": "1",
    })
    book.ingest("statistics", statistics, source("c"), **SAID)
    assert book.read("statistics", Ask(year=2024))["period"].tolist() == ["2024-01", "2024"]


@pytest.mark.parametrize(
    ("kind", "ask", "column"),
    [
        ("constraints", Ask(zone="G1"), "zone"),
        ("parcels", Ask(year=2024), "year"),
        ("parcels", Ask(where={"landclass": "0601"}), "land_class"),
    ],
)
def test_asking_for_a_column_that_the_kind_lacks_names_it(book: Book, kind: str, ask: Ask, column: str):
    with pytest.raises(ColumnMissing, match=column):
        book.read(kind, ask)


def test_a_box_on_a_table_without_geometry_and_a_box_turned_around_are_refused(book: Book):
    with pytest.raises(BookError, match="by zone, not by box"):
        book.page("enterprises", Ask(box=(1, 2, 3, 4)), limit=1)
    with pytest.raises(BookError, match="west, south, east, north"):
        book.page("parcels", Ask(box=(114, 34, 113, 35)), limit=1)


def test_a_box_finds_the_polygons_that_meet_it_and_not_their_neighbours(book: Book):
    frame = parcels(30, 30)
    book.ingest("parcels", frame, source(), **SAID)
    rng = np.random.default_rng(7)
    for _ in range(20):
        west, south = 113 + rng.random() * 0.03, 34 + rng.random() * 0.03
        box = (west, south, west + rng.random() * 0.02, south + rng.random() * 0.02)
        expected = (np.flatnonzero(frame.intersects(shapely.box(*box))) + 1).tolist()
        page = book.page("parcels", Ask(box=box), limit=1000, count=True)
        assert page.ids == expected
        assert page.matched == len(expected)
    # Between the squares there is a gap of 0.0001°, narrower than the index can tell everywhere.
    gap = (113.00091, 34.0002, 113.00099, 34.0004)
    assert book.page("parcels", Ask(box=gap), limit=9).ids == []


def test_pages_follow_each_other_without_gap_or_overlap(book: Book):
    for number in range(7):
        book.ingest("parcels", parcels(4, 3, f"G{number % 4}"), source(str(number)), **SAID)
    whole = book.read("parcels")
    for ask in (Ask(), Ask(where={"land_class": "0601"}), Ask(box=(113, 34, 113.0025, 35)), Ask(zone="G3")):
        expected = book.read("parcels", ask)
        ids, offset, more = [], 0, True
        while more:
            page = book.page("parcels", ask, limit=5, offset=offset, count=True)
            assert page.matched == len(expected)
            ids += page.ids
            offset, more = offset + 5, page.more
        assert ids == expected.index.tolist()
        assert set(ids) <= set(whole.index)
    page = book.page("parcels", Ask(ids=[whole.index[3], whole.index[1], 1]), limit=9)
    assert page.ids == sorted({whole.index[3], whole.index[1]})
    assert shapely.from_wkb(page.wkb[0]).equals(whole.geometry.loc[page.ids[0]])
    assert page.columns["version"] == whole.loc[page.ids, "version"].tolist()
    assert book.page("parcels", Ask(), limit=5, offset=900).ids == []


def test_a_page_can_be_narrowed_by_equal_columns_and_by_the_lack_of_a_value(book: Book):
    book.ingest("parcels", parcels(4, 3, enterprise_id=["E1", None] * 6), source(), **SAID)
    assert book.page("parcels", Ask(where={"enterprise_id": "E1"}), limit=99, count=True).matched == 6
    both = Ask(where={"enterprise_id": None, "built": np.bool_(True)})
    assert book.page("parcels", both, limit=99, columns=["built"]).columns.keys() == {"built", "version"}
    assert book.page("parcels", both, limit=99, count=True).matched == 2


def test_only_the_columns_asked_for_are_read(book: Book):
    book.ingest("parcels", parcels(), source(), **SAID)
    assert list(book.read("parcels", columns=["zone", "area_m2"])) == ["zone", "area_m2", "version"]
    assert list(book.read("parcels", columns=["geometry"])) == ["version", "geometry"]
    with pytest.raises(ColumnMissing, match="area_m2"):
        book.read("parcels", columns=["area"])


def test_bounds_are_those_of_what_is_current(book: Book):
    assert book.bounds("parcels") is None
    book.ingest("parcels", parcels(9, 9), source("a"), **SAID)
    book.ingest("parcels", parcels(2, 1), source("b"), **SAID)
    assert book.bounds("parcels") == pytest.approx((113, 34, 113.0019, 34.0009))


def test_a_box_takes_whole_scopes_and_parts_of_others_but_no_row_without_a_place(book: Book):
    west, middle, east = parcels(5, 4, "G1"), parcels(5, 4, "G2"), parcels(5, 4, "G3")
    middle["geometry"] = middle.translate(0.005)
    east["geometry"] = east.translate(0.010)
    middle.loc[7, "geometry"] = None
    frame = pd.concat([west, middle, east], ignore_index=True)
    book.ingest("parcels", frame, source(), **SAID)
    for box in (
        (112, 33, 114, 35),
        (112, 33, 113.0073, 35),
        (113.0021, 34.0011, 113.0128, 34.003),
        (1, 1, 2, 2),
    ):
        expected = (np.flatnonzero(frame.intersects(shapely.box(*box))) + 1).tolist()
        page = book.page("parcels", Ask(box=box), limit=99, count=True)
        assert (page.ids, page.matched) == (expected, len(expected))
        assert book.read("parcels", Ask(box=box, zone="G2"))["zone"].isin(["G2"]).all()
