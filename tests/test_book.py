"""The book as its callers see it: taking in, asking, paging, remarks."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely

from data.book import Ask, Book, new_book
from data.errors import BookError, ColumnMissing, LayerUnusable
from data.records import Input, Outcome, Result, Source

NOW = datetime(2025, 3, 1, 8, 30, 15, 123456, tzinfo=UTC)
SAID = {"who": "Li Na", "when": NOW}


def source(name: str = "a") -> Source:
    return Source(f"{name}.gpkg", name * 64, "GPKG", "parcels", "utf-8")


def parcels(columns: int = 4, rows: int = 3, zone: str = "G411031", **more: object) -> geopandas.GeoDataFrame:
    """A grid of squares with a side of 0.001°, one of them in two pieces."""
    x, y = (part.ravel() for part in np.meshgrid(np.arange(columns), np.arange(rows)))
    shapes = shapely.box(113 + x * 0.001, 34 + y * 0.001, 113.0009 + x * 0.001, 34.0009 + y * 0.001)
    shapes[0] = shapely.union(
        shapely.box(113, 34, 113.0004, 34.0009), shapely.box(113.0005, 34, 113.0009, 34.0009)
    )
    n = len(shapes)
    said = {
        "parcel_id": [f"{i:05d}" for i in range(n)],
        "zone": zone,
        "land_class": ["0601" if i % 2 else "1001" for i in range(n)],
        "built": pd.array([True, False, None] * n, dtype="boolean")[:n],
        "floor_area_m2": [np.nan, *map(float, range(1, n))],
        "area_m2": 8_000.0,
    }
    return geopandas.GeoDataFrame({**said, **more}, geometry=shapes, crs=4490)


def enterprises(year: int, zones: tuple[str, ...] = ("G411031",)) -> pd.DataFrame:
    n = len(zones)
    return pd.DataFrame({
        "enterprise_id": [f"0{i}" for i in range(n)],
        "name": "某厂",
        "zone": list(zones),
        "year": year,
        "employees": pd.array([12] * n, dtype="Int64"),
        "above_scale": pd.array([True] * n, dtype="boolean"),
        "started_on": [date(2019, 5, 1)] * n,
        "tax_cny10k": [-3.5] * n,
    })


@pytest.fixture
def book(tmp_path: Path):
    with new_book(tmp_path / "mutan.gpkg") as made:
        yield made


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


def test_bounds_are_those_of_what_is_current(book: Book):
    assert book.bounds("parcels") is None
    book.ingest("parcels", parcels(9, 9), source("a"), **SAID)
    book.ingest("parcels", parcels(2, 1), source("b"), **SAID)
    assert book.bounds("parcels") == pytest.approx((113, 34, 113.0019, 34.0009))


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
