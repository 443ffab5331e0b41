"""Belts by their parameters, what is declared against what the numbers can be, and the way to EPSG:4490."""

from __future__ import annotations

import re

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio.warp
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS, Transformer

from data.errors import CrsContradicted, CrsMissing
from geo.crs import (
    EARTH,
    Belt,
    belt_of,
    belts,
    choose,
    datum_fault,
    declare,
    declare_anywhere,
    local_belt,
    looks_of,
    registered,
    to_geographic,
)

ZHENGZHOU = (112.7, 34.2, 114.3, 35.0)
ESRI = (
    'PROJCS["{name}",GEOGCS["GCS",DATUM["{datum}",SPHEROID["{spheroid}",{a},{f}]],PRIMEM["Greenwich",0.0],'
    'UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",{east}],'
    'PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",{meridian}],PARAMETER["Scale_Factor",1.0],'
    'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)
SPHEROIDS = {
    "D_China_2000": ("CGCS2000", 6378137.0, 298.257222101),
    "D_CGCS_2000": ("CGCS2000", 6378137.0, 298.257222101),
    "D_Xian_1980": ("Xian_1980", 6378140.0, 298.257),
    "D_Beijing_1954": ("Krasovsky_1940", 6378245.0, 298.3),
    "D_unknown": ("Krasovsky_1940", 6378245.0, 298.3),
}


def esri(name, datum, meridian, east):
    spheroid, a, f = SPHEROIDS[datum]
    return ESRI.format(name=name, datum=datum, spheroid=spheroid, a=a, f=f, east=east, meridian=meridian)


def squares(x, y, crs=None, count=3, side=100.0):
    west = x + np.arange(count) * side
    return gpd.GeoDataFrame(
        {"n": range(count)}, geometry=shapely.box(west, y, west + side, y + side), crs=crs
    )


def degrees(lon, lat, crs=None, count=3):
    return squares(lon, lat, crs, count, 0.001)


# --- belts


@pytest.mark.parametrize(
    ("codes", "width", "prefixed", "first", "datum"),
    [
        (range(4513, 4534), 3, True, 25, "CGCS2000"),
        (range(4534, 4555), 3, False, 25, "CGCS2000"),
        (range(4491, 4502), 6, True, 13, "CGCS2000"),
        (range(4502, 4513), 6, False, 13, "CGCS2000"),
        (range(2327, 2338), 6, True, 13, "Xian 1980"),
        (range(2338, 2349), 6, False, 13, "Xian 1980"),
        (range(2349, 2370), 3, True, 25, "Xian 1980"),
        (range(2370, 2391), 3, False, 25, "Xian 1980"),
        (range(2401, 2422), 3, True, 25, "Beijing 1954"),
        (range(2422, 2443), 3, False, 25, "Beijing 1954"),
        (range(21413, 21424), 6, True, 13, "Beijing 1954"),
        (range(21453, 21464), 6, False, 13, "Beijing 1954"),
        (range(4568, 4579), 6, True, 13, "New Beijing"),
        (range(4579, 4590), 6, False, 13, "New Beijing"),
    ],
)
def test_every_belt_of_a_series_has_the_number_and_meridian_of_the_grammar(
    codes, width, prefixed, first, datum
):
    for number, code in enumerate(codes, first):
        meridian = 3 * number if width == 3 else 6 * number - 3
        assert belts()[code] == belt_of(code) == Belt(number, width, meridian, prefixed, datum)


def test_every_belt_agrees_with_the_name_and_the_parameters_in_the_register():
    assert len(belts()) == 256
    for code, belt in belts().items():
        crs = CRS.from_epsg(code)
        values = {p.name: p.value for p in crs.coordinate_operation.params}
        assert values["Longitude of natural origin"] == belt.central_meridian
        assert values["False easting"] == belt.false_easting
        assert ("3-degree" in crs.name) == (belt.width == 3)
        assert crs.name.endswith(f"zone {belt.number}" if belt.prefixed else f"CM {belt.central_meridian}E")


@pytest.mark.parametrize("code", [32650, 3857, 4490, 26986])
def test_what_is_no_gauss_krueger_belt_is_none(code):
    assert belt_of(code) is None


@pytest.mark.parametrize(
    "code", [4491, 4508, 4525, 4526, 4527, 4546, 4547, 4548, 2333, 2362, 2383, 2414, 2435]
)
def test_a_belt_written_in_esris_dialect_is_known_again(code):
    assert registered(CRS(CRS.from_epsg(code).to_wkt("WKT1_ESRI"))).to_epsg() == code


@pytest.mark.parametrize(
    ("name", "datum", "meridian", "east", "code"),
    [
        ("CGCS2000_3_Degree_GK_Zone_38", "D_China_2000", 114, 38_500_000, 4526),
        ("Xian_1980_3_Degree_GK_CM_114E", "D_Xian_1980", 114, 500_000, 2383),
        ("Beijing_1954_GK_Zone_19", "D_Beijing_1954", 111, 19_500_000, 21419),
        ("a name of one's own", "D_China_2000", 114, 500_000, 4547),
        ("a datum that no register spells so", "D_CGCS_2000", 114, 500_000, 4547),
        ("CGCS2000_GK_CM_111E", "D_CGCS_2000", 111, 500_000, 4508),
        ("CGCS2000_3_Degree_GK_CM_111E", "D_CGCS_2000", 111, 500_000, 4546),
    ],
)
def test_a_prj_is_known_by_its_parameters_whatever_it_is_called(name, datum, meridian, east, code):
    assert registered(CRS(esri(name, datum, meridian, east))).to_epsg() == code


def test_a_prj_whose_name_and_parameters_differ_is_a_fault():
    wkt = esri("CGCS2000_3_Degree_GK_CM_111E", "D_China_2000", 114, 500_000)
    frame, faults = declare(squares(470_000, 3_850_000, wkt))
    assert frame.crs.to_epsg() == 4547
    (fault,) = faults
    assert fault.code == "crs_misnamed"
    assert "CM 111" in fault.message
    assert "central meridian 114" in fault.message
    assert "--crs" in fault.remedy


@given(st.lists(st.floats(73.6, 136.4), min_size=1, max_size=20))
def test_the_local_belt_is_the_one_whose_meridian_is_nearest(lons):
    for lon, code in zip(lons, local_belt(lons), strict=True):
        assert abs(lon - belts()[int(code)].central_meridian) <= 1.5 + 1e-9


def test_where_china_has_no_belt_there_is_none():
    assert local_belt([0.0, 180.0, np.nan, -71.0]).tolist() == [0, 0, 0, 0]


# --- choosing


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("EPSG:4526", "EPSG:4526"),
        (" 4547 ", "EPSG:4547"),
        ("cgcs2000", "EPSG:4490"),
        ("GCJ-02", "gcj02"),
        ("gcj02", "gcj02"),
        ("BD09", "bd09"),
        (esri("x", "D_Xian_1980", 114, 500_000), "EPSG:2383"),
    ],
)
def test_a_choice_is_understood_in_the_spellings_people_use(text, name):
    assert choose(text).name == name


@pytest.mark.parametrize(
    "text", ["EPSG:99999", "", "somewhere", "999999999999", "+init=epsg:4326", "EPSG:4978"]
)
def test_a_choice_that_means_nothing_says_how_to_write_one(text):
    with pytest.raises(CrsMissing, match="EPSG:4526"):
        choose(text)


# --- nothing declared


def missing(frame, **how):
    with pytest.raises(CrsMissing) as caught:
        declare(frame, None, **how)
    return str(caught.value)


def test_a_belt_number_before_the_easting_is_named_with_its_meridian():
    said = missing(squares(38_470_000, 3_850_000))
    assert "EPSG:4526: the eastings begin with 38: 3-degree belt 38, central meridian 114" in said
    assert "EPSG:2362" in said
    assert "EPSG:2414" in said
    assert "--crs EPSG:4526" in said


def test_without_the_number_the_belts_of_henan_are_listed_with_the_places_they_mean():
    said = missing(squares(470_000, 3_850_000))
    for code, lon in ((4546, "110.67E"), (4547, "113.67E"), (4548, "116.67E")):
        assert f"EPSG:{code} ({lon} 34.78N)" in said
    assert "6-digit easting" in said


def test_without_the_number_the_box_of_the_city_leaves_one_belt():
    said = missing(squares(470_000, 3_850_000), city_box=ZHENGZHOU)
    assert "EPSG:4547" in said
    assert "EPSG:4546" not in said
    assert "--crs EPSG:4547" in said


def test_degrees_may_be_true_or_of_a_web_map():
    said = missing(degrees(113.7, 34.7))
    assert re.search(r"EPSG:4490: longitude 113\.70\d\d, latitude 34\.70\d\d, most likely", said)
    assert re.search(r"gcj02: .*Amap.* 57\d m away", said)
    assert re.search(r"bd09: .*Baidu.* 12\d\d m away", said)


@pytest.mark.parametrize(
    ("frame", "order", "code"),
    [
        (degrees(34.7, 113.7), "latitude before longitude", "EPSG:4490"),
        (squares(3_850_000, 38_470_000), "northing before easting", "EPSG:4526"),
        (squares(3_850_000, 470_000), "northing before easting", "EPSG:4547"),
    ],
)
def test_swapped_axes_are_recognised_and_named(frame, order, code):
    said = missing(frame)
    assert order in said
    assert code in said
    assert "Swap the two axes" in said


def test_a_local_grid_has_no_candidates_and_says_whom_to_ask():
    assert "地方独立坐标系" in missing(squares(1_000, 2_000))
    assert "ask for the layer in CGCS2000" in missing(squares(1_000, 2_000))


def test_a_layer_without_a_crs_and_without_coordinates_still_asks_for_one():
    assert "--crs" in missing(gpd.GeoDataFrame({"n": [1]}, geometry=[None]))


def test_web_mercator_and_a_six_degree_belt_may_look_alike_and_both_are_offered():
    assert [look.code for look in looks_of(13_400_000, 3_700_000)] == ["EPSG:4491", "EPSG:3857"]
    assert [look.code for look in looks_of(13_400_000, 3_700_000, (119, 31, 121, 32))] == ["EPSG:3857"]


def test_a_local_crs_tied_to_no_place_is_refused_unless_one_is_chosen():
    frame = squares(470_000, 3_850_000, 'LOCAL_CS["local",UNIT["metre",1]]')
    assert "tied to no place on Earth" in missing(frame)
    assert declare(frame, "EPSG:4547")[0].crs.to_epsg() == 4547


def test_an_unknown_datum_is_an_error_until_a_datum_is_chosen():
    frame = squares(470_000, 3_850_000, esri("Local", "D_unknown", 114, 500_000))
    errors = [fault for fault in declare(frame)[1] if fault.severity == "error"]
    assert [fault.code for fault in errors] == ["crs_datum_unknown"]
    assert "EPSG:2435" in errors[0].remedy
    assert not [fault for fault in declare(frame, "EPSG:2435")[1] if fault.severity == "error"]


# --- declared, and contradicted


@pytest.mark.parametrize(
    ("frame", "reason", "remedy"),
    [
        (
            squares(39_470_000, 3_850_000, 4526),
            "begin with 39, and those of belt 38 begin with 38",
            "EPSG:4527",
        ),
        (
            squares(38_470_000, 3_850_000, 4527),
            "begin with 38, and those of belt 39 begin with 39",
            "EPSG:4526",
        ),
        (squares(38_470_000, 3_850_000, 4547), "begin with the belt number 38", "EPSG:4526"),
        (squares(470_000, 3_850_000, 4526), "have no belt number before them", "EPSG:4547"),
        (squares(38_470_000, 3_850_000, 4490), "metres stand where degrees are expected", "EPSG:4526"),
        (squares(470_000, 3_850_000, 4326), "metres stand where degrees are expected", "EPSG:4547"),
        (degrees(113.7, 34.7, 4526), "degrees stand where metres are expected", "EPSG:4490"),
        (degrees(113.7, 34.7, 32649), "degrees stand where metres are expected", "EPSG:4490"),
        (degrees(34.7, 113.7, 4326), "latitude stands before longitude", "Swap the two axes"),
        (squares(3_850_000, 38_470_000, 4526), "northing stands before easting", "Swap the two axes"),
        (squares(3_850_000, 470_000, 4547), "northing stands before easting", "Swap the two axes"),
        (degrees(-71.06, 42.36, 4326), "outside of China", "have the coordinates checked"),
        (squares(38_470_000, 3_850_000, 32649), "outside of China", "EPSG:4526"),
        (squares(38_470_000, 3_850_000, 3857), "outside of China", "EPSG:4526"),
    ],
)
def test_a_crs_that_the_numbers_contradict_is_named_beside_what_they_look_like(frame, reason, remedy):
    with pytest.raises(CrsContradicted, match="is declared, but the coordinates cannot be in it") as caught:
        declare(frame)
    said = str(caught.value)
    assert f"EPSG:{frame.crs.to_epsg()}" in said
    assert reason in said
    assert remedy.lower() in said.lower()


def test_the_neighbouring_belt_is_caught_by_the_box_of_the_city():
    frame = squares(470_000, 3_850_000, 4546)
    assert declare(frame)[1] == ()
    with pytest.raises(CrsContradicted, match=r"110\.67E 34\.78N, outside of the box of the city") as caught:
        declare(frame, city_box=ZHENGZHOU)
    assert "--crs EPSG:4547" in str(caught.value)


def test_a_choice_is_held_to_the_numbers_as_well():
    with pytest.raises(CrsContradicted, match=r"EPSG:4527 .* is chosen"):
        declare(squares(38_470_000, 3_850_000), "EPSG:4527")


def test_a_choice_wins_over_the_file_with_a_warning():
    frame, faults = declare(squares(470_000, 3_850_000, 4546), "4547", city_box=ZHENGZHOU)
    assert frame.crs.to_epsg() == 4547
    assert [fault.code for fault in faults] == ["crs_overridden"]
    assert "EPSG:4546" in faults[0].message


def test_from_elsewhere_on_earth_a_layer_passes_where_it_may():
    assert declare(degrees(-71.06, 42.36, 4326), within=EARTH)[1] == ()


def test_what_can_only_lie_abroad_is_let_through_with_a_word():
    frame, faults = declare_anywhere(degrees(-71.06, 42.36, 4326))
    assert frame.crs.to_epsg() == 4326
    assert [(fault.code, fault.severity.value) for fault in faults] == [("outside_china", "warning")]
    assert "71.06W 42.36N" in faults[0].message


@pytest.mark.parametrize(
    ("frame", "city_box", "words"),
    [
        (degrees(34.75, 113.7, 4326), None, "latitude stands before longitude"),
        (squares(38_470_000, 3_850_000, 32619), None, "EPSG:4526"),
        (squares(-250, 600, 4326), None, "metres stand where degrees"),
        (degrees(-71.06, 42.36, 4326), ZHENGZHOU, "outside of China"),
    ],
)
def test_what_may_be_a_layer_of_china_is_never_taken_for_one_from_abroad(frame, city_box, words):
    with pytest.raises(CrsContradicted, match=words):
        declare_anywhere(frame, city_box=city_box)


def test_numbers_that_are_not_finite_are_refused_in_words():
    ring = shapely.linearrings([(0, 0), (1, 0), (np.inf, 1), (0, 0)])
    with pytest.raises(CrsContradicted, match="not finite"):
        declare(gpd.GeoDataFrame(geometry=[shapely.polygons(ring)], crs=4547))


def test_single_features_of_another_belt_are_faults_with_their_rows():
    parts = squares(38_470_000, 3_850_000, 4526, 8), squares(39_470_000, 3_850_000, 4526, 2)
    _, faults = declare(pd.concat(parts, ignore_index=True), first_row=2)
    assert [(fault.code, fault.row, fault.severity) for fault in faults] == [
        ("coordinates_contradict_crs", 10, "error"),
        ("coordinates_contradict_crs", 11, "error"),
    ]
    assert "begin with 39" in faults[0].message


def test_single_features_outside_of_the_city_are_warnings():
    parts = squares(470_000, 3_850_000, 4547, 8), squares(400_000, 3_500_000, 4547, 1)
    _, faults = declare(pd.concat(parts, ignore_index=True), city_box=ZHENGZHOU)
    assert [(fault.code, fault.row, fault.severity) for fault in faults] == [("outside_city", 9, "warning")]


def test_missing_geometry_is_no_contradiction():
    frame = gpd.GeoDataFrame(geometry=[None, shapely.box(470_000, 3_850_000, 470_100, 3_850_100)], crs=4547)
    assert declare(frame)[1] == ()
    assert declare(gpd.GeoDataFrame(geometry=[None], crs=4547))[1] == ()


def test_utm_outside_of_its_own_band_is_allowed_with_a_warning():
    _, faults = declare(squares(820_000, 3_490_000, 32650))
    (fault,) = faults
    assert fault.code == "outside_own_belt"
    assert "114 to 120 degrees east" in fault.message
    assert "measured on the ellipsoid" in fault.message
    assert fault.severity == "warning"


# --- the way to EPSG:4490


@pytest.mark.parametrize("code", [4490, 4326, 4526, 4547, 32649])
def test_cgcs2000_and_wgs_84_go_without_a_remark(code):
    assert datum_fault(CRS.from_epsg(code), (113.7, 34.7)) is None


@pytest.mark.parametrize("code", [2362, 2383, 2435, 4214, 4610, 4555])
def test_older_datums_say_that_no_transformation_is_published_here(code):
    fault = datum_fault(CRS.from_epsg(code), (113.7, 34.7))
    assert "publishes no transformation" in fault.message
    assert "tens of metres" in fault.message
    assert "survey office" in fault.remedy


def test_where_a_transformation_is_published_it_is_used_and_named_with_its_accuracy():
    frame, faults = declare(degrees(109.0, 37.0, 4214))
    (fault,) = faults
    assert "Beijing 1954 to WGS 84" in fault.message
    assert "states 1 m" in fault.message
    west, south = to_geographic(frame).total_bounds[:2]
    # the published shift in the Ordos basin: some 40 m east and 20 m north
    assert 30 < (west - 109.0) * 88_900 < 60
    assert 10 < (south - 37.0) * 111_000 < 30


def test_towgs84_parameters_of_the_file_are_used_and_named():
    wkt = esri("own", "D_Beijing_1954", 114, 500_000).replace(
        "298.3]]", "298.3],TOWGS84[15.8,-154.4,-82.3,0,0,0,0]]"
    )
    frame, faults = declare(squares(470_000, 3_850_000, wkt))
    assert [fault.code for fault in faults] == ["crs_datum_accuracy"]
    assert "TOWGS84" in faults[0].message
    plain = to_geographic(squares(470_000, 3_850_000, 2435)).total_bounds
    assert 1e-4 < np.abs(to_geographic(frame).total_bounds - plain).max() < 1e-3


def test_rows_order_index_and_columns_stay_and_heights_go():
    frame = squares(38_470_000, 3_850_000, 4526).set_index(pd.Index([4, 2, 9]))
    frame.geometry = shapely.force_3d(frame.geometry.to_numpy(), 80.0)
    moved = to_geographic(frame)
    assert moved.index.tolist() == [4, 2, 9]
    assert moved.columns.tolist() == ["n", "geometry"]
    assert moved.crs.to_epsg() == 4490
    assert not moved.has_z.any()
    assert frame.crs.to_epsg() == 4526


def test_a_layer_without_a_crs_cannot_be_moved():
    with pytest.raises(CrsMissing, match="--crs"):
        to_geographic(squares(470_000, 3_850_000))


def test_longitude_comes_first_although_the_register_puts_north_first():
    west, south, east, north = to_geographic(squares(38_500_000, 3_850_000, 4526, 1)).total_bounds
    assert west == pytest.approx(114.0, abs=1e-9)
    assert 34 < south < north < 35 < east


ORACLE = [(4490, 113.7, 34.7), (4526, 38_470_000.0, 3_850_000.0), (4547, 625_000.0, 3_840_000.0)]


@pytest.mark.parametrize(("code", "x", "y"), [*ORACLE, (32650, 820_000.0, 3_490_000.0)])
def test_both_proj_databases_of_the_process_agree(code, x, y):
    """pyproj and rasterio each carry a PROJ; GDAL gives longitude first as well."""
    side = 0.001 if code == 4490 else 100.0
    frame = squares(x, y, code, 5, side)
    points = shapely.get_coordinates(frame.geometry.to_numpy())
    ours = shapely.get_coordinates(to_geographic(frame).geometry.to_numpy())
    theirs = np.column_stack(rasterio.warp.transform(f"EPSG:{code}", "EPSG:4490", *points.T))
    assert np.abs(ours - theirs).max() < 1e-9
    back = np.column_stack(rasterio.warp.transform("EPSG:4490", f"EPSG:{code}", *ours.T))
    assert np.abs(back - points).max() < (1e-9 if code == 4490 else 1e-4)


@given(lon=st.floats(110.4, 116.6), lat=st.floats(31.4, 36.3))
def test_to_a_belt_and_back_is_the_same_place(lon, lat):
    code = int(local_belt(lon))
    x, y = Transformer.from_crs(4490, code, always_xy=True).transform(lon, lat)
    moved = to_geographic(squares(x, y, code, 1)).total_bounds
    assert moved[0] == pytest.approx(lon, abs=3e-5)
    corner = shapely.get_coordinates(to_geographic(squares(x, y, code, 1)).geometry.to_numpy())
    assert np.abs(corner - [lon, lat]).sum(axis=1).min() < 1e-9


# --- real layers


@pytest.mark.real
def test_the_counties_of_henan_come_without_a_crs_and_could_be_of_a_web_map(real):
    frame = gpd.read_file(real / "admin_henan" / "河南省.shp", encoding="utf-8")
    said = missing(frame)
    assert "EPSG:4490" in said
    assert "gcj02" in said


@pytest.mark.real
def test_the_cells_of_banzhu_are_in_belt_35_and_mean_epsg_4523(real):
    frame, faults = declare(gpd.read_file(real / "dl_banzhu_cgcs2000" / "斑竹村10000.shp"))
    assert (frame.crs.to_epsg(), faults) == (4523, ())
    with pytest.raises(CrsContradicted, match="begin with 35") as caught:
        declare(frame, "EPSG:4526")
    assert "EPSG:4523" in str(caught.value)


@pytest.mark.real
def test_the_zone_of_wuxi_lies_outside_of_its_utm_band(real):
    frame, faults = declare(gpd.read_file(real / "zone_wuxi_xinwu" / "xinwu_land_use.gpkg"))
    assert frame.crs.to_epsg() == 32650
    assert [fault.code for fault in faults] == ["outside_own_belt"]
