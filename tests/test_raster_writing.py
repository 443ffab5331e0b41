"""Rasters that are written: cloud optimized, with every number that went in, and with what they mean."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from pyproj import CRS

from data.errors import FileUnusable
from data.formats.raster import Grid, open_raster
from data.formats.raster_writing import Band, write_cog

WKT = CRS.from_epsg(4547).to_wkt()
GRID = Grid(300, 200, 470_000.0, 3_850_000.0, 100.0, 100.0)


@pytest.fixture(scope="module")
def values():
    cells = np.random.default_rng(3).lognormal(3, 4, (200, 300))
    cells[:30] = np.nan
    return cells


@pytest.fixture(scope="module")
def written(tmp_path_factory, values):
    path = tmp_path_factory.mktemp("cog") / "碳排放.tif"
    bands = [Band(values, "碳排放", "tCO2e"), Band(values * 2, "密度", "tCO2e/mu")]
    write_cog(path, bands, GRID, WKT, {"YEAR": 2024, "CHOICES": "gwp=AR5"})
    return path


def test_the_file_is_cloud_optimized_with_tiles_and_overviews(written):
    with rasterio.open(written) as made:
        assert made.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert made.profile["tiled"]
        assert made.block_shapes[0] == (128, 128)
        assert made.overviews(1) == [2, 4]


def test_every_number_comes_back_as_it_went_in(written, values):
    with rasterio.open(written) as made:
        assert made.dtypes == ("float64", "float64")
        np.testing.assert_array_equal(made.read(1), values)
        assert np.isnan(made.nodata)
        assert made.read(1, masked=True).mask.sum() == 30 * 300


def test_the_file_says_where_it_lies_and_what_its_numbers_are(written):
    with rasterio.open(written) as made:
        assert made.crs.to_epsg() == 4547
        assert (made.transform.c, made.transform.f, made.res) == (470_000.0, 3_850_000.0, (100.0, 100.0))
        assert (made.descriptions, made.units) == (("碳排放", "密度"), ("tCO2e", "tCO2e/mu"))
        assert (made.tags()["YEAR"], made.tags()["CHOICES"]) == ("2024", "gwp=AR5")


def test_our_own_reader_takes_it_up_again(written, values):
    with open_raster(written, band=1) as raster:
        cells, mask = raster.read(0, 0, 200, 300)
        assert raster.grid == GRID
        assert cells[mask].sum() == pytest.approx(np.nansum(values), rel=1e-12)


def test_a_single_cell_is_a_raster(tmp_path):
    one = Grid(1, 1, 470_000.0, 3_850_000.0, 500.0, 500.0)
    write_cog(tmp_path / "one.tif", [Band(np.array([[7.5]]), "a", "t")], one, WKT)
    with rasterio.open(tmp_path / "one.tif") as made:
        assert made.read(1).tolist() == [[7.5]]


def test_a_band_that_does_not_fit_the_grid_is_refused(tmp_path):
    with pytest.raises(FileUnusable, match="Make them fit"):
        write_cog(tmp_path / "odd.tif", [Band(np.zeros((3, 3)), "a", "t")], GRID, WKT)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["grid.png", "grid", "grid.tif.exe"])
def test_another_suffix_is_refused(tmp_path, name):
    with pytest.raises(FileUnusable, match="no name for a GeoTIFF"):
        write_cog(tmp_path / name, [Band(np.zeros((200, 300)), "a", "t")], GRID, WKT)


def test_a_folder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(FileUnusable, match="cannot be written"):
        write_cog(tmp_path / "gone" / "a.tif", [Band(np.zeros((200, 300)), "a", "t")], GRID, WKT)
