"""Checks: squares at, below and above each tolerance; every fault in one run; layers from life."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import fabric
from data import formats
from data.kinds import kind
from geo import checks
from geo.areas import ellipsoidal_area_m2
from geo.layers import Layer

WEST, SOUTH = 114.0, 34.0
METRE_X, METRE_Y = 1 / 92_300, 1 / 110_950  # degrees, near 34° N


def box(x: float, y: float, width: float = 100, height: float = 100) -> shapely.Polygon:
    """A rectangle in metres from a corner near 114° E, 34° N."""
    left, bottom = WEST + x * METRE_X, SOUTH + y * METRE_Y
    return shapely.box(left, bottom, left + width * METRE_X, bottom + height * METRE_Y)


def parcels(shapes, **columns) -> gpd.GeoDataFrame:
    n = len(shapes)
    given_columns = {
        "parcel_id": [f"{i:03d}" for i in range(n)],
        "zone": ["Z"] * n,
        "land_class": ["0601"] * n,
        "class_system": ["sandiao"] * n,
        "declared_area_m2": [np.nan] * n,
        **columns,
    }
    frame = gpd.GeoDataFrame(given_columns, geometry=list(shapes), crs=4490)
    return frame.assign(area_m2=ellipsoidal_area_m2(frame.geometry, 4490))


def zones(*shapes, codes=("Z", "Y", "X")) -> gpd.GeoDataFrame:
    frame = gpd.GeoDataFrame(
        {"code": list(codes[: len(shapes)]), "approved_ha": np.nan}, geometry=list(shapes), crs=4490
    )
    return frame.assign(area_m2=ellipsoidal_area_m2(frame.geometry, 4490))


def found(frame, around=None, **tolerances) -> dict[str, list]:
    told: dict[str, list] = {}
    limits = checks.Tolerances(**tolerances)
    for fault in checks.of_layer(Layer(frame, "parcels"), zones=around, tolerances=limits):
        told.setdefault(fault.code, []).append(fault)
    return told


def test_a_clean_layer_has_no_faults():
    assert not found(
        parcels([box(0, 0), box(100, 0), box(0, 100)]), zones(box(0, 0, 200, 200).difference(box(100, 100)))
    )


def test_one_run_lists_every_kind_of_fault_with_its_remedy():
    bow = shapely.Polygon([(114, 34.1), (114.1, 34.2), (114.1, 34.1), (114, 34.2)])
    frame = parcels(
        [box(0, 0), box(50, 0), bow, None, box(0, 0, 100, 100), box(900, 900)],
        parcel_id=["1", "2", "3", "4", "1", "5"],
        land_class=["0601", "9999", "0601", "0601", "0601", "1001"],
        declared_area_m2=[20_000.0, None, None, None, None, None],
    )
    told = found(frame, zones(box(-10, -10, 300, 300)))
    assert set(told) == {
        *("geometry_invalid", "geometry_missing", "duplicate_key", "class_unknown", "declared_area_differs"),
        *("geometry_without_area", "overlap", "outside_every_zone", "zone_not_covered"),
    }
    assert all(fault.remedy and fault.layer == "parcels" for faults in told.values() for fault in faults)
    assert "Self-intersection at 114.05" in told["geometry_invalid"][0].message
    assert "--repair" in told["geometry_invalid"][0].remedy
    assert "features 1, 5" in told["duplicate_key"][0].message


@pytest.mark.parametrize(("metres", "expected"), [(0.0099, 0), (0.0105, 1)])
def test_an_overlap_just_within_the_tolerance_is_none(metres, expected):
    told = found(parcels([box(0, 0), box(100 - metres, 0)]), overlap_m2=1.0)
    assert len(told.get("overlap", [])) == expected


@pytest.mark.parametrize(("metres", "expected"), [(0.0099, 0), (0.0105, 1)])
def test_a_gap_just_within_the_tolerance_is_none(metres, expected):
    ring = [box(0, 0, 300, 100), box(0, 200, 300, 100), box(0, 100, 100, 100), box(200 + 0.0, 100, 100, 100)]
    frame = parcels([*ring, box(100 + metres, 100, 100 - metres, 100)])
    assert len(found(frame, gap_m2=1.0).get("gap", [])) == expected


def test_an_overlap_says_who_where_and_how_much():
    (fault,) = found(parcels([box(0, 0), box(90, 0)]))["overlap"]
    assert "000 and 001 overlap by" in fault.message
    assert "at 114.001" in fault.message
    assert fault.area_m2 == pytest.approx(ellipsoidal_area_m2([box(90, 0, 10, 100)], 4490)[0], rel=1e-6)


def test_a_parcel_drawn_twice_or_within_another_overlaps_it():
    told = found(parcels([box(0, 0), box(0, 0), box(300, 0), box(320, 20, 10, 10)]))
    assert len(told["overlap"]) == 2


def test_two_layers_on_top_of_each_other_are_found_whole():
    told = found(parcels([box(x, y) for x in (0, 100, 200) for y in (0, 100, 200)] + [box(50, 50, 200, 200)]))
    assert len(told["overlap"]) == 9


def test_a_hole_is_a_gap_only_where_a_zone_says_that_land_is_there():
    ring = [box(0, 0, 300, 100), box(0, 200, 300, 100), box(0, 100, 100, 100), box(200, 100, 100, 100)]
    enclave = box(0, 0, 300, 300).difference(box(100, 100))
    assert "gap" in found(parcels(ring))
    assert "gap" in found(parcels(ring), zones(box(0, 0, 300, 300)))
    assert "gap" not in found(parcels(ring), zones(enclave))


def test_parcels_out_of_their_zone_and_in_two_are_named():
    around = zones(box(0, 0, 100, 100), box(100, 0, 100, 100))
    told = found(parcels([box(50, 0), box(500, 0), box(0, 0, 50, 100)], zone=["Z", "Z", pd.NA]), around)
    assert "50.00% of the parcel lies in Z" in told["crosses_boundary"][0].message
    assert [f.feature for f in told["outside_every_zone"]] == ["001"]
    assert "lies in Y, Z" in told["in_several_zones"][0].message


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        (15.0, "looks like mu"),
        (1.0, "looks like hectares"),
        (10_500.0, "m², +"),
        (10_050.0, None),
        (None, None),
    ],
)
def test_a_declared_area_is_held_against_the_measured_one(declared, words):
    told = found(parcels([box(0, 0, 100, 100)], declared_area_m2=[declared])).get("declared_area_differs", [])
    assert [words in fault.message for fault in told] == ([True] if words else [])


def test_a_code_of_another_system_is_not_taken_for_one_of_this():
    (fault,) = found(parcels([box(0, 0)], land_class=["05H1"], class_system=["ydyh_2023"]))["class_unknown"]
    assert "三调工作分类 does" in fault.message


def test_a_zone_that_stands_twice_or_is_smaller_than_approved_is_told():
    frame = zones(box(0, 0, 1000, 1000), box(2000, 0), codes=("G411031", "G411031"))
    frame["approved_ha"] = 50.0
    told = {fault.code: fault for fault in checks.of_layer(Layer(frame, "zones"))}
    assert "G411031 stands 2 times" in told["duplicate_key"].message
    assert "encloses 1.0" in told["smaller_than_approved"].message


def test_a_missing_zone_or_class_breaks_no_check():
    frame = parcels([box(0, 0)], zone=[pd.NA], land_class=[pd.NA], class_system=[pd.NA], parcel_id=[pd.NA])
    assert "overlap" not in found(frame, zones(box(0, 0)))


@settings(max_examples=25)
@given(cuts=st.lists(st.floats(0.05, 0.95), min_size=1, max_size=6), slope=st.floats(-0.4, 0.4))
def test_a_rectangle_cut_to_pieces_has_neither_overlaps_nor_gaps(cuts, slope):
    knives = [
        shapely.LineString([(WEST - 1, SOUTH + c * 0.01 - slope), (WEST + 1, SOUTH + c * 0.01 + slope)])
        for c in cuts
    ]
    whole = shapely.box(WEST, SOUTH, WEST + 0.01, SOUTH + 0.01)
    pieces = shapely.get_parts(shapely.polygonize([shapely.union_all([whole.exterior, *knives])]))
    pieces = [p for p in pieces if whole.contains(p.representative_point())]
    told = found(parcels(pieces), overlap_m2=1e-3, gap_m2=1e-3)
    assert not {"overlap", "gap"} & set(told)


def test_a_fabric_of_ten_thousand_is_clean_until_one_parcel_moves():
    frame = fabric.parcels(10_000).assign(class_system="sandiao", zone=pd.NA, declared_area_m2=np.nan)
    frame["area_m2"] = ellipsoidal_area_m2(frame.geometry, 4490)
    assert not found(frame)
    shapes = np.asarray(frame.geometry).copy()
    shapes[5050] = shapely.transform(shapes[5050], lambda p: p + (3e-5, 0))
    told = found(frame.set_geometry(gpd.array.from_shapely(shapes, crs=4490)))
    assert {fault.feature for fault in told["overlap"]} >= {"00005050"}
    assert "gap" in told


@pytest.mark.real
@pytest.mark.parametrize(("year", "invalid", "twice"), [(2013, 24, 81), (2014, 37, 80)])
def test_cambridge_shows_all_its_knots_and_doubles_at_once(real, year, invalid, twice):
    path = real / "parcels_cambridge" / f"ASSESSING_ParcelsFY{year}.topojson"
    frame = formats.read(path).frame
    shaped = parcels(frame.geometry.values, parcel_id=frame["ML"], zone=pd.NA, class_system="other")
    told = found(shaped.set_crs(4490, allow_override=True))
    assert len(told["geometry_invalid"]) == invalid
    times = [int(fault.message.split(" stands ")[1].split()[0]) for fault in told["duplicate_key"]]
    named = frame["ML"].dropna()
    assert sum(times) - len(times) == named.duplicated().sum()
    assert frame["ML"].duplicated().sum() == twice  # the known value counts parcels without an id as well
    assert len(told.get("geometry_missing", [])) == (year == 2014)


@pytest.mark.real
def test_banzhu_is_a_clean_coverage_whose_plane_areas_are_larger_than_the_ellipsoidal(real):
    frame = formats.read(real / "dl_banzhu_cgcs2000" / "斑竹村10000.shp").frame
    assert frame.geometry.area.to_numpy() == pytest.approx(frame["Shape_Area"].to_numpy(), rel=1e-6)
    measured = ellipsoidal_area_m2(frame.geometry, frame.crs)
    assert frame.geometry.area.sum() == pytest.approx(7_102_035.487, abs=0.01)
    assert 0 < 1 - measured.sum() / frame.geometry.area.sum() < 5e-4
    n = len(frame)
    # each cell is its own square of the survey's grid: a sample of them is compared pairwise
    layer = parcels(
        frame.to_crs(4490).geometry.values, parcel_id=frame["GRID_ID"].astype(str), zone=[pd.NA] * n
    )
    told = found(layer)
    assert "geometry_invalid" not in told
    assert "overlap" not in told


@pytest.mark.real
def test_water_bodies_that_overlap_are_told_with_their_area(real):
    frame = formats.read(real / "zone_wuxi_xinwu" / "xinwu_water_osm.gpkg").frame
    frame = frame[frame.geometry.geom_type.isin(["Polygon", "MultiPolygon"])].reset_index(drop=True)
    n = len(frame)
    told = found(parcels(frame.to_crs(4490).geometry.values, parcel_id=[str(i) for i in range(n)]))
    assert sum(fault.area_m2 for fault in told["overlap"]) == pytest.approx(4580, rel=0.01)


def test_tables_without_geometry_have_nothing_to_check_here():
    assert (
        checks.of_layer(Layer(pd.DataFrame(columns=list(kind("enterprises").columns)), "enterprises")) == []
    )
