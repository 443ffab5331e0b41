"""Land cover on real rasters, against exactextract itself and plain numpy."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from exactextract import exact_extract

from data.formats.raster import open_raster
from data.units import m2_to_ha
from geo.areas import ellipsoidal_area_m2
from geo.cover import Polygons, change, change_in, class_areas, crs_of, pair_of, statistics

pytestmark = pytest.mark.real


@pytest.fixture
def island(real):
    return real / "raster_sao_miguel"


@pytest.fixture
def concelhos(island):
    return gpd.read_file(island / "concelhos.gpkg")


def test_class_shares_of_six_municipalities_agree_with_exactextract(island, concelhos):
    path = island / "clc2018_v2020_20u1.tif"
    with open_raster(path) as raster:
        found = class_areas(concelhos.geometry, concelhos.crs, raster, crs_of(raster))
    peer = exact_extract(str(path), concelhos, ["unique", "frac"], output="pandas")
    area = ellipsoidal_area_m2(concelhos.geometry, concelhos.crs)
    for i, (values, shares) in enumerate(zip(peer["unique"], peer["frac"], strict=True)):
        ours = found.part(i, i + 1)
        order = np.argsort(values)
        assert ours.value.tolist() == np.asarray(values)[order].astype(int).tolist()
        # cells of one municipality differ in size by 0.3 %, which the peer does not weigh
        assert np.allclose(ours.area_m2 / area[i], np.asarray(shares)[order], rtol=2e-3)
        assert np.allclose(ours.class_cells / ours.cells[0], np.asarray(shares)[order], rtol=1e-9)
    assert np.allclose(found.known_m2 + found.nodata_m2 + found.outside_m2, area, rtol=1e-9)


def test_density_by_land_area_is_the_count(island, concelhos):
    files = [island / f"gpw_v411_2020_{name}_2020.tif" for name in ("density", "land_area", "count")]
    with open_raster(files[0]) as density, open_raster(files[1]) as land, open_raster(files[2]) as count:
        crs = crs_of(density)
        by_weight = statistics(concelhos.geometry, concelhos.crs, density, crs, ["weighted_sum"], land)
        people = statistics(concelhos.geometry, concelhos.crs, count, crs, ["sum"])
    assert np.allclose(by_weight["weighted_sum"], people["sum"], rtol=1e-4)
    assert (people["sum"] > 1000).all()


def test_heights_agree_with_exactextract(island, concelhos):
    path = island / "eu_dem_v11.tif"
    with open_raster(path) as raster:
        ours = statistics(
            concelhos.geometry, concelhos.crs, raster, crs_of(raster), ["min", "max", "sum", "mean"]
        )
    peer = exact_extract(str(path), concelhos, ["min", "max", "sum", "mean"], output="pandas")
    for name in ("min", "max", "sum"):
        assert np.allclose(ours[name], peer[name], rtol=1e-6)
    assert np.allclose(ours["mean"], peer["mean"], rtol=1e-3)  # ours is over land, not over cells


def wuhan(real):
    return [real / "raster_wuhan_lulc" / f"wh{year}_refy.tif" for year in (2005, 2010)]


def test_the_transitions_of_wuhan_are_those_that_numpy_counts(real):
    first, second = (rasterio.open(path).read(1) for path in wuhan(real))
    both = (first != -128) & (second != -128)
    plain = np.zeros((8, 8), int)
    np.add.at(plain, (first[both], second[both]), 1)
    with open_raster(wuhan(real)[0]) as one, open_raster(wuhan(real)[1]) as two:
        crs = crs_of(one)
        with pair_of(one, two, (crs, crs_of(two))) as pair:
            told = change(pair, crs)
    valid = told.valid.iloc[0]
    assert (valid["first_cells"], valid["second_cells"]) == (5_326_350, 5_326_119)
    assert valid["common_cells"] == both.sum()
    found = np.zeros((8, 8), int)
    found[told.table["from_value"], told.table["to_value"]] = told.table["cells"]
    assert (found == plain).all()
    # the cells lie beyond the edge of their UTM belt, where the plane is larger than the Earth
    assert 0.995 < told.table["area_m2"].sum() / (both.sum() * 900) < 1
    assert told.matrix().to_numpy().sum() == pytest.approx(m2_to_ha(valid["common_m2"]), rel=1e-12)
    classes = told.by_class()
    assert classes["net_m2"].sum() == pytest.approx(0, abs=1e-3)
    assert classes["gain_m2"].sum() == pytest.approx(classes["loss_m2"].sum(), rel=1e-12)


def test_four_quarters_of_wuhan_change_as_the_whole_does(real):
    with open_raster(wuhan(real)[0]) as one, open_raster(wuhan(real)[1]) as two:
        crs = crs_of(one)
        west, south, east, north = one.grid.bounds
        x, y = west + 30 * 1465, north - 30 * 1465
        quarters = [
            shapely.box(west, y, x, north), shapely.box(x, y, east, north),
            shapely.box(west, south, x, y), shapely.box(x, south, east, y),
        ]  # fmt: skip
        with pair_of(one, two, (crs, crs)) as pair:
            whole, parts = change(pair, crs), change_in(pair, crs, Polygons(quarters, crs))
    summed = parts.table.groupby(["from_value", "to_value"])[["cells", "area_m2"]].sum()
    wholes = whole.table.set_index(["from_value", "to_value"])[["cells", "area_m2"]]
    assert np.allclose(summed["cells"], wholes["cells"], rtol=1e-6)
    assert np.allclose(summed["area_m2"], wholes["area_m2"], rtol=1e-5)
    assert parts.valid["first_cells"].sum() == pytest.approx(5_326_350, rel=1e-6)


def test_five_years_of_global_land_cover_have_the_known_wetland(real):
    files = sorted((real / "raster_lc100_series").glob("W080N20_LC100_*.tif"))
    zone = gpd.read_file(real / "raster_lc100_series" / "sierra_de_neiba_478140.gpkg")
    cells = []
    for path in files:
        with open_raster(path) as raster:
            west, south, east, north = raster.grid.bounds
            crs = crs_of(raster)
            found = class_areas([shapely.box(west, south, east, north)], crs, raster, crs)
            cells.append({
                v: round(n) for v, n in zip(found.value.tolist(), found.class_cells.tolist(), strict=True)
            })
            inside = class_areas(zone.geometry, zone.crs, raster, crs)
            assert inside.reason.tolist() == [""]
    assert [each.get(90, 0) for each in cells] == [0, 0, 2, 2, 2]
    assert [each.get(80, 0) for each in cells] == [0, 0, 0, 0, 1]


def test_both_gdals_of_the_process_read_the_same_crs(real):
    from pyproj import CRS

    with open_raster(wuhan(real)[0]) as raster:
        crs = crs_of(raster)
    here = gpd.GeoDataFrame(geometry=[shapely.box(760_000, 3_400_000, 761_000, 3_401_000)], crs=32649)
    assert crs.equals(CRS.from_user_input(here.crs), ignore_axis_order=True)
    assert ellipsoidal_area_m2(here.geometry, crs) == pytest.approx(
        ellipsoidal_area_m2(here.geometry, here.crs)
    )
