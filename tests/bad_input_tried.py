"""How tests of bad input try a file on a book."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import box

from data.book import open_book

FIRST = "G990001"


@pytest.fixture
def book(small_book: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of the small book beside the files; at the end it holds what it held."""
    folder = tmp_path / "台账"
    folder.mkdir()
    copy = Path(shutil.copy(small_book, folder / "mutan.gpkg"))
    before = held(copy)
    yield copy
    assert held(copy) == before
    assert [path.name for path in folder.iterdir()] == ["mutan.gpkg"]


@pytest.fixture
def refused(mutan, book: Path) -> Callable[..., str]:
    """Gives a file to a command, which must refuse it plainly; returns what it said."""

    def run(*words: object, status: int = 1) -> str:
        if words[0] in ("ingest", "export", "check", "assess") and "--book" not in words:
            words = (*words, "--book", book)
        told = mutan(*words)  # a fault that is not ours would be raised here
        assert (told.status, told.out) == (status, ""), told
        assert "Traceback" not in told.err
        if status == 1:
            assert told.err.startswith("mutan: ")
            assert len(told.err) > 40
            assert re.search(r"[.:] [A-Z].*[.:;!)]", told.err), told.err  # what happened, then what to do
        return told.err

    return run


def held(book: Path) -> list[tuple[str, int]]:
    """Versions of the book, and rows of each."""
    with open_book(book) as opened:
        return [(version.name, version.rows) for version in opened.versions()]


def polygons(**changed: object) -> gpd.GeoDataFrame:
    """Parcels that could be taken, but for what is changed."""
    said = {"parcel_id": ["001", "002"], "zone": FIRST, "land_class": "0601", "class_system": "sandiao"}
    shapes = [box(113.60, 34.70, 113.61, 34.71), box(113.61, 34.70, 113.62, 34.71)]
    return gpd.GeoDataFrame({**said, **changed}, geometry=shapes, crs=4490)


def geojson(path: Path, *rings: list[list[float]], **more: object) -> Path:
    """A GeoJSON of polygons with such outlines."""
    features = [
        {"type": "Feature", "properties": {"parcel_id": str(n), "zone": FIRST, "land_class": "0601"},
         "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for n, ring in enumerate(rings)
    ]  # fmt: skip
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **more}), "utf-8")
    return path
