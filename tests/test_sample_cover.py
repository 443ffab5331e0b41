"""The made-up land cover: small files that say what they are, and agree with the parcels but for a few."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
from rasterio.features import rasterize

from data.sample import Sample, write
from data.sample.plan import PLANE

CROPS, BUILT = 40, 50
CLASSES = {10, 30, 40, 50, 60, 80}


@pytest.fixture(scope="module")
def written(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a sample without layers."""
    folder = tmp_path_factory.mktemp("示例")
    write(folder, replace(sample, layers=()))
    return folder


@pytest.fixture(scope="module")
def main_class(sample: Sample, written: Path) -> pd.DataFrame:
    """The class that covers most of each parcel, by year; parcels are burnt in by GDAL, not by the sample."""
    parcels = gpd.GeoDataFrame(sample.frame("parcels")).to_crs(PLANE)
    mine = parcels[parcels["zone"] == sample.covers[0].zone].reset_index(drop=True)
    found = {}
    for cover in sample.covers:
        with rasterio.open(written / f"{cover.name}.tif") as opened:
            cells, at = opened.read(1), opened.transform
        shapes = zip(mine.geometry, range(1, len(mine) + 1), strict=True)
        number = rasterize(shapes, out_shape=cells.shape, transform=at, dtype="int32")
        inside = number > 0
        count = pd.crosstab(number[inside], cells[inside])
        found[cover.year] = count.idxmax(axis=1).reindex(range(1, len(mine) + 1)).to_numpy()
    return mine.assign(early=found[2020], late=found[2024]).set_index("parcel_id")


def test_the_files_are_small_and_say_that_they_are_made_up(sample: Sample, written: Path) -> None:
    assert [cover.year for cover in sample.covers] == [2020, 2024]
    for cover in sample.covers:
        path = written / f"{cover.name}.tif"
        assert path.stat().st_size < 300_000
        with rasterio.open(path) as opened:
            assert opened.crs.to_epsg() == int(PLANE.removeprefix("EPSG:"))
            assert opened.res == (10.0, 10.0)
            assert opened.compression.value == "DEFLATE"
            assert "示例数据" in opened.tags()["TIFFTAG_IMAGEDESCRIPTION"]
            assert set(np.unique(opened.read(1))) == CLASSES
            assert np.array_equal(opened.read(1), cover.cells)
    told = (written / "示例_说明.txt").read_text("utf-8")
    assert all(f"{cover.name}.tif" in told for cover in sample.covers)


def test_the_zone_lies_within_the_raster(sample: Sample, written: Path) -> None:
    zones = sample.frame("zones").set_index("code").to_crs(PLANE)
    for cover in sample.covers:
        with rasterio.open(written / f"{cover.name}.tif") as opened:
            west, south, east, north = zones.geometry[cover.zone].bounds
            assert opened.bounds.left < west
            assert opened.bounds.bottom < south
            assert opened.bounds.right > east
            assert opened.bounds.top > north


def test_some_parcels_were_built_between_the_two_years(sample: Sample, main_class: pd.DataFrame) -> None:
    story = sample.story("cover_grown")
    mine = main_class.loc[list(story.ids)]
    assert set(mine["early"]) == {CROPS}
    assert set(mine["late"]) == {BUILT}
    assert mine["built"].all()
    assert story.numbers["parcels"] == len(mine)
    assert story.numbers["area_ha"] == pytest.approx(mine.geometry.area.sum() / 1e4, rel=1e-3)


def test_parcels_and_cover_disagree_where_the_stories_say_and_hardly_elsewhere(
    sample: Sample, main_class: pd.DataFrame
) -> None:
    says, hides = sample.story("cover_disagrees_built"), sample.story("cover_disagrees_open")
    claimed, silent = main_class.loc[list(says.ids)], main_class.loc[list(hides.ids)]
    assert claimed["built"].all()
    assert set(claimed["early"]) == set(claimed["late"]) == {CROPS}
    assert not silent["built"].any()
    assert set(silent["late"]) == {BUILT}
    works = main_class["land_class"].isin(["0601", "0508"]) & (main_class.geometry.area > 10_000)
    seen = main_class["late"] == BUILT
    odd = main_class.index[works & (seen != main_class["built"])]
    assert set(odd) == set(says.ids)
    assert not main_class.loc[~main_class["built"] & seen].index.difference(list(hides.ids)).size
