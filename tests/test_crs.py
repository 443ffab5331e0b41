"""The CRS of a layer: belts, choices, what is offered where none is declared."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS

from data.errors import CrsMissing
from geo.crs import (
    Belt,
    belt_of,
    belts,
    choose,
    declare,
    local_belt,
    looks_of,
    registered,
)

SHARED = runpy.run_path(str(Path(__file__).with_name("crs_layers.py")))
ZHENGZHOU, esri, squares, degrees, missing = (
    SHARED[name] for name in ("ZHENGZHOU", "esri", "squares", "degrees", "missing")
)


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
