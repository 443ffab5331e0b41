"""The book as its callers see it: taking in, asking, paging, remarks."""

from __future__ import annotations

import runpy
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from data.book import Ask, Book
from data.errors import ColumnMissing, LayerUnusable
from data.records import Input, Outcome, Result

SHARED = runpy.run_path(str(Path(__file__).with_name("book_rows.py")))
NOW, SAID, source, parcels, enterprises, book = (
    SHARED[name] for name in ("NOW", "SAID", "source", "parcels", "enterprises", "book")
)


def test_what_went_in_comes_out_with_its_types_and_its_version(book: Book):
    frame = parcels()
    version = book.ingest(
        "parcels", frame, source(), crs="EPSG:4547", class_system="sandiao", note="first", **SAID
    )
    out = book.read("parcels")
    assert (version.name, version.rows, version.when, version.who) == ("parcels v1", 12, NOW, "Li Na")
    assert book.versions() == [version]
    assert (version.crs, version.class_system, version.note, version.source) == (
        "EPSG:4547",
        "sandiao",
        "first",
        source(),
    )
    assert out.crs.to_epsg() == 4490
    assert out["parcel_id"].tolist() == frame["parcel_id"].tolist()
    assert shapely.equals(out.geometry.to_numpy(), frame.geometry.to_numpy()).all()
    assert out.geometry.geom_type.tolist() == frame.geometry.geom_type.tolist()
    assert str(out["built"].dtype) == "boolean"
    assert out["built"].isna().sum() == 4
    assert np.isnan(out["floor_area_m2"].iloc[0])
    assert out["supply"].isna().all()
    assert set(out["version"]) == {"parcels v1"}


def test_a_table_without_geometry_keeps_days_integers_and_negative_taxes(book: Book):
    book.ingest("enterprises", enterprises(2024), source(), **SAID)
    out = book.read("enterprises")
    assert type(out) is pd.DataFrame
    assert out["started_on"].tolist() == [pd.Timestamp(2019, 5, 1)]
    assert str(out["started_on"].dtype) == "datetime64[s]"
    assert str(out["employees"].dtype) in {"Int64", "float64"}
    assert out["tax_cny10k"].tolist() == [-3.5]
    assert out["enterprise_id"].tolist() == ["00"]
    page = book.page("enterprises", Ask(), limit=5)
    assert page.columns["started_on"] == ["2019-05-01"]
    assert page.columns["above_scale"] == [True]
    assert page.wkb == [None]


def test_columns_that_the_kind_does_not_know_are_kept_as_json(book: Book):
    book.ingest("parcels", parcels(2, 1, owner=["王", None], floors=[3, 4]), source(), **SAID)
    assert book.read("parcels")["extra"].tolist() == [
        '{"owner":"王","floors":3}',
        '{"owner":null,"floors":4}',
    ]


def test_missing_geometry_is_kept_as_missing_and_found_by_no_box(book: Book):
    frame = parcels(3, 1)
    frame.loc[1, "geometry"] = None
    frame.loc[2, "geometry"] = shapely.Polygon()
    book.ingest("parcels", frame, source(), **SAID)
    assert book.read("parcels").geometry.isna().tolist() == [False, True, True]
    assert book.page("parcels", Ask(box=(100, 30, 120, 40)), limit=9).ids == [1]


def test_heights_are_left_behind(book: Book):
    frame = parcels(2, 1)
    frame["geometry"] = shapely.force_3d(frame.geometry.to_numpy(), 7.0)
    book.ingest("parcels", frame, source(), **SAID)
    assert not book.read("parcels").geometry.has_z.any()


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda f: f.set_geometry(f.geometry.set_crs(4326, allow_override=True)), "Bring them there first"),
        (lambda f: f.drop(columns="area_m2"), "Measure them first"),
        (lambda f: pd.DataFrame(f.drop(columns="geometry")), "file that holds polygons"),
        (lambda f: f.set_geometry(f.geometry.to_crs(4490).boundary), "Close the outlines"),
        (lambda f: f.assign(floor_area_m2="many"), "Mend the values"),
    ],
)
def test_a_layer_that_cannot_be_kept_says_what_to_do_and_leaves_no_trace(book: Book, spoil, says: str):
    with pytest.raises(LayerUnusable, match=says):
        book.ingest("parcels", spoil(parcels()), source(), **SAID)
    assert book.versions() == []
    assert len(book.read("parcels")) == 0


def test_a_table_without_its_scope_names_the_column(book: Book):
    with pytest.raises(ColumnMissing, match=r"A table of enterprises needs the column year"):
        book.ingest("enterprises", enterprises(2024).drop(columns="year"), source(), **SAID)


def test_the_same_file_again_changes_nothing_and_another_period_does(book: Book):
    first = book.ingest("parcels", parcels(), source(), **SAID)
    assert book.ingest("parcels", parcels(), source(), **SAID) == first
    assert len(book.versions()) == 1
    later = book.ingest("parcels", parcels(), source(), valid_from=date(2024, 1, 1), **SAID)
    assert later.number == 2


def test_an_older_file_is_taken_in_anew_when_another_has_taken_its_place(book: Book):
    book.ingest("parcels", parcels(4), source("a"), **SAID)
    book.ingest("parcels", parcels(2), source("b"), **SAID)
    assert book.ingest("parcels", parcels(4), source("a"), **SAID).number == 3
    assert len(book.read("parcels")) == 12


def test_scopes_are_replaced_one_by_one_and_ids_stay(book: Book):
    both = pd.concat([parcels(2, 1, "G1"), parcels(3, 1, "G2")], ignore_index=True)
    book.ingest("parcels", both, source("a"), **SAID)
    book.ingest("parcels", parcels(5, 1, "G1"), source("b"), **SAID)
    assert book.read("parcels")["zone"].value_counts().to_dict() == {"G1": 5, "G2": 3}
    assert book.page("parcels", Ask(zone="G2"), limit=9).ids == [3, 4, 5]
    assert book.read("parcels", Ask(as_of=1))["zone"].value_counts().to_dict() == {"G1": 2, "G2": 3}
    assert [(p.scope, p.version, p.rows) for p in book.parts("parcels")] == [("G1", 2, 5), ("G2", 1, 3)]


def test_parcels_without_a_zone_are_a_scope_of_their_own(book: Book):
    frame = parcels(2, 1).drop(columns="zone")
    book.ingest("parcels", frame, source("a"), **SAID)
    book.ingest("parcels", parcels(3, 1, "G1"), source("b"), **SAID)
    assert [p.scope for p in book.parts("parcels")] == ["", "G1"]
    assert len(book.read("parcels")) == 5
    assert len(book.read("parcels", Ask(zone="G1"))) == 3


def test_a_large_layer_comes_back_whole_though_laid_down_along_a_curve(book: Book):
    frame = parcels(120, 100)
    book.ingest("parcels", frame, source(), **SAID)
    out = book.read("parcels").sort_values("parcel_id")
    assert out["parcel_id"].tolist() == frame["parcel_id"].tolist()
    assert shapely.equals(out.geometry.to_numpy(), frame.geometry.to_numpy()).all()
    near = book.read("parcels", Ask(box=(113.0, 34.0, 113.0035, 34.0025)))
    assert sorted(near["parcel_id"]) == sorted(
        frame[frame.intersects(shapely.box(113, 34, 113.0035, 34.0025))]["parcel_id"]
    )


def test_an_empty_table_is_a_version_that_ends_nothing(book: Book):
    book.ingest("parcels", parcels(), source("a"), **SAID)
    assert book.ingest("parcels", parcels().iloc[:0], source("b"), **SAID).rows == 0
    assert len(book.read("parcels")) == 12


def test_results_take_the_place_of_those_of_the_same_zone_and_year(book: Book):
    def result(value: float | None) -> Result:
        return Result(
            "supply_rate", "土地供应率", value, "1", (Input("a", "甲", 1.0, "m2"),), outcome=Outcome.MET
        )

    book.store_results("G1", 2023, [result(0.5)], NOW)
    book.store_results("G1", 2024, [result(0.6)], NOW)
    book.store_results("G1", 2024, [result(None)], NOW, who="Li Na")
    assert [(r["zone"], r["year"], r["value"]) for r in book.results()] == [
        ("G1", 2023, 0.5),
        ("G1", 2024, None),
    ]
    assert book.results("G1", 2023)[0] == {
        "zone": "G1",
        "year": 2023,
        "when": NOW.isoformat(),
        "family": "assess",
        **result(0.5).as_json(),
    }
    book.store_results("G1", 2024, [result(0.7)], NOW, who="Li Na", family="cover")
    assert [(r["family"], r["value"]) for r in book.results("G1", 2024)] == [("assess", None), ("cover", 0.7)]
    assert [r["value"] for r in book.results("G1", 2024, "cover")] == [0.7]
    assert book.results("G2") == []
    assert book.journal()[-1] == {"when": NOW.isoformat(), "who": "Li Na", "what": "1 results for G1 2024"}


def test_notes_and_the_journal_are_kept(book: Book):
    book.note("content", "made up")
    book.note("content", "invented")
    book.ingest("parcels", parcels(), source(), **SAID)
    assert book.notes() == {"content": "invented"}
    assert [line["what"] for line in book.journal()] == ["parcels v1: 12 rows from a.gpkg"]
