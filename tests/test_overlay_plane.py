"""Parcels x zones in the plane: plane area to the last digit, refused where there is no plane."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import fabric
from data import formats
from data.errors import LayerUnusable
from geo.areas import plane_areas_of
from geo.overlay import Zones, overlay
from geo.rings import Rings
from geo.survey_plane import from_survey_plane, to_survey_plane

BELT = 4547  # central meridian 114; the parcels below lie 0.9° from it
WEST, SOUTH = 600_000.0, 3_800_000.0


def box(x: float, y: float, width: float, height: float | None = None) -> shapely.Polygon:
    """A box of the belt, metres from the corner of the place."""
    return shapely.box(
        WEST + x, SOUTH + y, WEST + x + width, SOUTH + y + (width if height is None else height)
    )


def test_half_a_square_of_a_hundred_metres_has_five_thousand_square_metres_of_the_plane():
    parcels, zone = [box(0, 0, 100), box(300, 0, 100), box(900, 0, 100)], box(50, -500, 500, 1000)
    shares = overlay(parcels, BELT, Zones([zone], BELT, plane=BELT))
    assert shares.parcel.tolist() == [0, 1]
    assert shares.area_m2.tolist() == [5_000.0, 10_000.0]
    assert shares.parcel_area_m2.tolist() == [10_000.0] * 3
    assert shares.outside_m2().tolist() == [5_000.0, 0.0, 10_000.0]


def test_plane_and_ellipsoid_differ_by_the_scale_of_the_plane():
    parcels, zone = [box(0, 0, 100)], box(-50, -50, 500)
    (flat,) = overlay(parcels, BELT, Zones([zone], BELT, plane=BELT)).area_m2
    (true,) = overlay(parcels, BELT, Zones([zone], BELT)).area_m2
    # 100 km from the meridian the scale is 1 + (100 / 6371)² / 2 each way
    assert flat / true - 1 == pytest.approx((100 / 6371) ** 2, rel=0.01)


def test_plane_area_takes_holes_off_however_rings_run():
    outline, hole = box(0, 0, 100), box(20, 20, 10)
    odd = shapely.Polygon(outline.exterior.coords, [hole.exterior.coords])
    several = shapely.MultiPolygon([odd, box(200, 0, 30)])
    areas = plane_areas_of(Rings.of([odd, several, None, shapely.Point(0, 0), shapely.Polygon()]))
    assert areas.tolist() == [9_900.0, 10_800.0, 0.0, 0.0, 0.0]
    assert plane_areas_of(Rings.of([])).tolist() == []


def test_what_has_no_polygon_has_no_area_in_the_plane_either():
    shares = overlay([None, shapely.Point(WEST, SOUTH)], BELT, Zones([box(0, 0, 9)], BELT, plane=BELT))
    assert not len(shares.area_m2)
    assert np.isnan(shares.parcel_area_m2).all()


def moved(shapes, crs: int) -> np.ndarray:
    """Shapes in longitude and latitude with vertices alone moved into a plane."""
    return np.asarray(gpd.GeoSeries(shapes, crs=4490).to_crs(crs))


def test_the_grid_changes_nothing_in_the_plane_but_the_speed():
    parcels = moved(fabric.parcels(2_500).geometry, BELT)
    zones = moved(fabric.zones(9, 50, vertices=80).geometry, BELT)
    shares = overlay(parcels, BELT, Zones(zones, BELT, plane=BELT))
    shared = shapely.area(shapely.intersection(parcels[:, None], zones[None, :]))
    ours = np.zeros_like(shared)
    ours[shares.parcel, shares.zone] = shares.area_m2
    assert ours == pytest.approx(shared, abs=1e-6)
    assert shares.parcel_area_m2 == pytest.approx(shapely.area(parcels), abs=1e-6)
    assert ours.sum(0) == pytest.approx(shapely.area(zones), rel=1e-9)


def test_zones_of_another_crs_are_brought_into_the_plane_where_they_lie():
    zone = box(0, 0, 4_000, 3_000)  # edges far longer than 70 m, straight in this belt and in no other
    lonlat = from_survey_plane(to_survey_plane([zone], BELT))
    for shapes, crs in ((lonlat, 4490), (moved(lonlat, 4526), 4526)):
        shares = overlay([box(-1_000, -1_000, 9_000)], BELT, Zones(shapes, crs, plane=BELT))
        assert shares.area_m2 == pytest.approx([12e6], rel=1e-9)


def test_a_plane_in_feet_gives_square_metres_all_the_same():
    metres = shapely.box(231_000, 900_000, 231_300, 900_200)  # Massachusetts, EPSG:26986
    feet = np.asarray(gpd.GeoSeries([metres], crs=26986).to_crs(2249))
    (area,) = overlay(feet, 2249, Zones(feet, 2249, plane=2249)).area_m2
    assert area == pytest.approx(60_000, rel=1e-9)


@pytest.mark.parametrize(
    ("crs", "why"),
    [
        (4490, "EPSG:4490 has no plane.*EPSG:4534 to 4554.*ellipsoid"),
        (3857, "EPSG:3857 is a Mercator plane.*45 % larger"),
        (3395, "EPSG:3395 is a Mercator plane"),
    ],
)
def test_where_there_is_no_plane_to_measure_in_it_is_refused_with_a_remedy(crs, why):
    with pytest.raises(LayerUnusable, match=why):
        Zones([box(0, 0, 9)], BELT, plane=crs)


@given(
    x=st.floats(-400, 400), y=st.floats(-400, 400), side=st.floats(1, 500), cut=st.floats(0.05, 0.95)
)  # fmt: skip
def test_splitting_a_parcel_changes_no_share_in_the_plane(x, y, side, cut):
    zones = Zones(
        [box(-1000, -1000, 1000, 3000), box(0, -1000, 1000, 1000), box(0, 0, 900)], BELT, plane=BELT
    )
    whole = overlay([box(x, y, side)], BELT, zones)
    halves = [box(x, y, side * cut, side), box(x + side * cut, y, side * (1 - cut), side)]
    split = overlay(halves, BELT, zones)
    totals = [np.bincount(each.zone, each.area_m2, 3) for each in (whole, split)]
    assert totals[0] == pytest.approx(totals[1], abs=1e-4)
    assert totals[0].sum() + whole.outside_m2().sum() == pytest.approx(side**2, abs=1e-4)


# --- the command


@pytest.fixture
def files(tmp_path):
    """Three parcels of two classes and a zone that halves one, in a belt and in longitude and latitude."""
    land = {"DLBM": ["0601", "0601", "0701"]}
    parcels = gpd.GeoDataFrame(land, geometry=[box(0, 0, 100), box(300, 0, 100), box(100, 0, 60)], crs=BELT)
    zones = gpd.GeoDataFrame({"code": ["G411031"]}, geometry=[box(50, -500, 500, 1000)], crs=BELT)
    made = {}
    for name, frame in {"parcels": parcels, "zones": zones}.items():
        for suffix in ("gpkg", "parquet"):
            made[name, suffix] = tmp_path / f"{name}.{suffix}"
            formats.write(frame, made[name, suffix], layer_name=name)
        made[name, "geojson"] = tmp_path / f"{name}.geojson"
        formats.write(frame.to_crs(4490), made[name, "geojson"], layer_name=name)
    return made


def test_the_command_measures_in_the_plane_on_request_and_says_so(mutan, files, tmp_path):
    for parcels in (files["parcels", "gpkg"], files["parcels", "parquet"]):
        for zones in (files["zones", "gpkg"], files["zones", "parquet"]):
            words = ("overlay", parcels, zones, "--by", "DLBM", "--zone", "code")
            said = mutan(*words, "--area", "plane", "-o", tmp_path / "面积.csv")
            assert said.status == 0
            assert "Areas are measured in the plane of EPSG:4547, not on the ellipsoid." in said.err
            rows = pd.read_csv(tmp_path / "面积.csv", dtype={"class": "str"})
            assert rows["class"].tolist() == ["0601", "0701"]
            assert rows["area_m2"].tolist() == pytest.approx([15_000.0, 3_600.0], abs=1e-6)
            assert rows["area_mu"].tolist() == pytest.approx([22.5, 5.4], abs=1e-9)
            assert rows["pieces"].tolist() == [2, 1]
    default = mutan(*words, "--json")
    assert default.out == mutan(*words, "--area", "椭球面", "--json").out
    assert "plane" not in default.err


def test_zones_in_longitude_and_latitude_are_met_in_the_plane_of_the_parcels(mutan, files, tmp_path):
    words = ("overlay", files["parcels", "gpkg"], files["zones", "geojson"], "--by", "DLBM", "--zone", "code")
    assert mutan(*words, "--area", "平面", "-o", tmp_path / "a.parquet").status == 0
    # an edge of a kilometre that is drawn straight on the sheet of another datum bends by millimetres
    assert pd.read_parquet(tmp_path / "a.parquet")["area_m2"].tolist() == pytest.approx(
        [15_000, 3_600], abs=0.5
    )


def test_parcels_in_longitude_and_latitude_have_no_plane_and_nothing_is_written(mutan, files, tmp_path):
    words = ("overlay", files["parcels", "geojson"], files["zones", "gpkg"], "--by", "DLBM", "--zone", "code")
    told = mutan(*words, "--area", "plane", "-o", tmp_path / "a.csv")
    assert told.status == 1
    assert "has no plane" in told.err
    assert "Bring the parcels into the projected CRS" in told.err
    told = mutan(*words, "--area", "flat", "-o", tmp_path / "a.csv")
    assert told.status == 1
    assert "ellipsoid, plane" in told.err
    assert not (tmp_path / "a.csv").exists()
