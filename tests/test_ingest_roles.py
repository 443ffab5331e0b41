"""Constraint layers of survey offices, which say by their names and fields what they are."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from api.ingest import Wishes, ingest
from data.book import new_book
from data.errors import ColumnMissing, NoSuchCode

WHEN = datetime(2026, 1, 2, tzinfo=UTC)
SQUARES = [shapely.box(113.0 + k, 34.0, 113.01 + k, 34.01) for k in (0.0, 0.02)]


def taken(folder: Path, file: str, columns: dict[str, list[str]], role: str = "") -> gpd.GeoDataFrame:
    path = folder / file
    gpd.GeoDataFrame(columns, geometry=SQUARES, crs=4490).to_file(path, engine="pyogrio")
    with new_book(folder / "book.gpkg") as book:
        told = ingest(book, "constraints", path, Wishes(role=role), who="甲", when=WHEN)
        assert any(fault.code == "role_recognised" for fault in told.faults) == ("kind" not in columns)
        return book.read("constraints")


def test_a_layer_of_farmland_is_known_by_its_name(tmp_path):
    rows = taken(tmp_path, "YJJBNTTB.gpkg", {"YJJBNTTBBH": ["0001", "0002"], "DLBM": ["0102", "0103"]})
    assert rows["kind"].tolist() == ["basic_farmland", "basic_farmland"]
    assert rows["name"].tolist() == ["0001", "0002"]


def test_a_development_boundary_has_its_zones_as_levels(tmp_path):
    rows = taken(tmp_path, "图层1.gpkg", {"GHFQDM": ["410", "430"], "MC": ["甲", "乙"]})
    assert set(rows["kind"]) == {"urban_boundary"}
    assert rows["level"].tolist() == ["城镇集中建设区", "特别用途区"]


def test_what_a_person_says_wins_over_the_name(tmp_path):
    rows = taken(tmp_path, "YJJBNTTB.gpkg", {"MC": ["甲", "乙"]}, role="ecological_red_line")
    assert set(rows["kind"]) == {"ecological_red_line"}


def test_a_column_that_says_the_kind_is_left_as_it_is(tmp_path):
    rows = taken(tmp_path, "YJJBNTTB.gpkg", {"kind": ["water", "heritage"], "name": ["甲", "乙"]})
    assert sorted(rows["kind"]) == ["heritage", "water"]


def test_a_layer_that_nothing_tells_is_refused_with_the_option_that_says_it(tmp_path):
    with pytest.raises(ColumnMissing, match="--role basic_farmland"):
        taken(tmp_path, "图层1.gpkg", {"MC": ["甲", "乙"]})


def test_a_role_that_does_not_exist_is_refused_with_those_near_it(tmp_path):
    with pytest.raises(NoSuchCode, match="basic_farmland"):
        taken(tmp_path, "图层1.gpkg", {"MC": ["甲", "乙"]}, role="basic_farm")
