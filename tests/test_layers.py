"""From a table as it was read to a layer that can be measured: order of the steps, choices, faults."""

from __future__ import annotations

import re

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from data import formats
from data.errors import ColumnMissing, CrsContradicted, CrsMissing, LayerUnusable, NoSuchCode
from data.kinds import kinds
from data.records import Severity, Source, Table
from geo.layers import take

ZHENGZHOU = (112.7, 34.2, 114.3, 35.0)


def table(frame, path="folder/parcels.gpkg", first_row=1):
    return Table(frame, Source(path, "0" * 64, "GeoPackage"), first_row=first_row)


def parcels(shapes, crs=4526, **columns):
    n = len(shapes)
    ours = {"parcel_id": [f"{i:03d}" for i in range(n)], "land_class": ["0601"] * n}
    return gpd.GeoDataFrame({**ours, **columns}, geometry=list(shapes), crs=crs)


def square(x=38_470_000.0, y=3_850_000.0, side=100.0):
    return shapely.box(x, y, x + side, y + side)


def codes(layer, severity=None):
    return [fault.code for fault in layer.faults if severity in (None, fault.severity)]


def test_the_area_is_measured_in_the_crs_the_layer_came_in_and_kept_beside_epsg_4490():
    layer = take(table(parcels([square()])), "parcels", class_system="sandiao")
    assert round(layer.frame["area_m2"].iloc[0], 2) == 9999.78  # the survey's own method, worked apart
    assert layer.frame.crs.to_epsg() == 4490
    assert layer.crs == "EPSG:4526"
    assert layer.frame.total_bounds[0] == pytest.approx(113.672, abs=0.001)
    assert layer.errors == ()


def test_the_frame_has_all_columns_of_the_kind_then_area_geometry_and_what_is_unknown():
    layer = take(table(parcels([square()], remark=["x"])), "parcels", class_system="sandiao")
    ours = list(kinds()["parcels"].columns)
    assert list(layer.frame.columns) == [*ours, "area_m2", "geometry", "remark"]
    lacking = [
        "zone",
        "supply",
        "built",
        "enterprise_id",
        "floor_area_m2",
        "footprint_m2",
        "declared_area_m2",
    ]
    assert layer.frame[lacking].isna().all(axis=None)
    assert layer.frame["built"].dtype == "boolean"
    assert layer.frame["floor_area_m2"].dtype == "float64"
    assert isinstance(layer.frame, gpd.GeoDataFrame)


def test_an_area_that_the_file_brings_is_kept_apart_from_the_measured_one():
    layer = take(table(parcels([square()], area_m2=[10_000.0])), "parcels", class_system="sandiao")
    assert round(layer.frame["area_m2"].iloc[0], 2) == 9999.78
    assert layer.frame["area_m2_in_file"].iloc[0] == 10_000.0


# --- CRS


def test_without_a_crs_the_candidates_are_offered_and_a_choice_is_taken():
    given = table(parcels([square()], crs=None))
    with pytest.raises(CrsMissing, match="--crs EPSG:4526"):
        take(given, "parcels", class_system="sandiao")
    assert take(given, "parcels", class_system="sandiao", crs="4526").crs == "EPSG:4526"


def test_a_layer_of_a_web_map_is_named_so_and_measured_where_it_truly_is():
    shape = square(113.7, 34.7, 0.001)
    layer = take(table(parcels([shape], crs=None)), "parcels", class_system="sandiao", crs="gcj02")
    assert layer.crs == "gcj02"
    assert 400 < (113.7 - layer.frame.total_bounds[0]) * 91_500 < 700
    assert "crs_shift_undone" in codes(layer, "warning")


@pytest.mark.parametrize(
    ("columns", "how"),
    [({}, {"zone": "G411031"}), ({"zone": ["G411031"]}, {}), ({"zone": ["G411031"]}, {"zone": "G411031"})],
)
def test_the_box_of_the_zone_catches_the_neighbouring_belt(columns, how):
    given = table(parcels([square(470_000.0)], crs=4546, **columns))
    with pytest.raises(CrsContradicted, match="outside of the box of the city"):
        take(given, "parcels", class_system="sandiao", boxes={"G411031": ZHENGZHOU}, **how)
    assert take(given, "parcels", class_system="sandiao", boxes={"other": ZHENGZHOU}).errors == ()


def test_the_box_of_the_city_serves_a_zone_that_is_not_known_yet():
    zone = gpd.GeoDataFrame(
        {"code": ["G411031"], "name": ["A"], "level": ["national"], "city": ["郑州市"]},
        geometry=[square(470_000.0)],
        crs=4546,
    )
    with pytest.raises(CrsContradicted, match="EPSG:4547"):
        take(table(zone), "zones", boxes={"郑州市": ZHENGZHOU})


def test_a_feature_of_another_belt_stays_without_an_area_and_with_a_fault():
    shapes = [square(), square(38_470_200), square(39_470_000)]
    layer = take(table(parcels(shapes), first_row=2), "parcels", class_system="sandiao")
    (error,) = layer.errors
    assert (error.code, error.row, error.feature) == ("coordinates_contradict_crs", 4, "002")
    assert (error.layer, error.file) == ("parcels", "parcels.gpkg")
    assert layer.frame["area_m2"].isna().tolist() == [False, False, True]


# --- class systems


def test_a_class_system_is_never_guessed_and_the_systems_are_listed():
    layer = take(table(parcels([square(), square(38_470_200)])), "parcels")
    (error,) = layer.errors
    assert error.code == "class_system_missing"
    assert "2 of 2 parcels" in error.message
    assert "sandiao (三调)" in error.remedy
    assert "--class-system" in error.remedy
    assert layer.class_system == ""


def test_the_column_wins_over_the_choice_which_fills_what_is_blank():
    given = parcels([square(), square(38_470_200)], class_system=["ydyh_2023", None])
    layer = take(table(given), "parcels", class_system="三调")
    assert layer.frame["class_system"].tolist() == ["ydyh_2023", "sandiao"]
    assert layer.class_system == "sandiao,ydyh_2023"
    (warning,) = [fault for fault in layer.faults if fault.code == "choice_not_used"]
    assert (warning.row, warning.severity) == (1, Severity.WARNING)


def test_a_class_system_that_does_not_exist_is_refused_with_the_list():
    with pytest.raises(NoSuchCode, match="sandiao"):
        take(table(parcels([square()])), "parcels", class_system="三调工作")


def test_other_kinds_need_no_class_system():
    zone = gpd.GeoDataFrame(
        {"code": ["G411031"], "name": ["A"], "level": ["national"]}, geometry=[square()], crs=4526
    )
    layer = take(table(zone), "zones")
    assert layer.errors == ()
    assert layer.class_system == ""


# --- zones


def test_parcels_without_a_zone_keep_it_missing_and_a_chosen_one_fills_it():
    given = table(parcels([square(), square(38_470_200)], zone=["G1", None]))
    assert take(given, "parcels", class_system="sandiao").frame["zone"].isna().tolist() == [False, True]
    chosen = take(given, "parcels", class_system="sandiao", zone="G2")
    assert chosen.frame["zone"].tolist() == ["G1", "G2"]
    assert "choice_not_used" in codes(chosen, "warning")


def test_a_chosen_zone_stands_in_for_a_column_that_a_table_lacks():
    given = table(
        pd.DataFrame({"enterprise_id": ["E1"], "name": ["A"], "year": [2024]}), "e.csv", first_row=2
    )
    with pytest.raises(ColumnMissing, match="zone"):
        take(given, "enterprises")
    layer = take(given, "enterprises", zone="G411031")
    assert layer.frame["zone"].tolist() == ["G411031"]


# --- geometry


def test_polygons_and_multipolygons_stay_as_they_are_and_heights_go_with_a_warning():
    two = shapely.union(square(), square(38_470_300))
    layer = take(table(parcels([shapely.force_3d(square()), two])), "parcels", class_system="sandiao")
    assert layer.frame.geom_type.tolist() == ["Polygon", "MultiPolygon"]
    assert not layer.frame.has_z.any()
    assert "heights_dropped" in codes(layer, "warning")
    assert layer.frame["area_m2"].round(2).tolist() == [9999.78, pytest.approx(2 * 9999.78, abs=0.02)]


def test_rows_without_a_polygon_stay_with_faults_and_without_an_area():
    shapes = [square(), None, shapely.Polygon(), shapely.Point(38_470_000, 3_850_000)]
    layer = take(table(parcels(shapes), first_row=1), "parcels", class_system="sandiao")
    assert [(fault.code, fault.row, fault.feature) for fault in layer.errors] == [
        ("geometry_missing", 2, "001"),
        ("geometry_missing", 3, "002"),
        ("geometry_not_polygon", 4, "003"),
    ]
    assert len(layer.frame) == 4
    assert layer.frame["area_m2"].isna().tolist() == [False, True, True, True]


def test_a_layer_of_points_is_one_fault_and_not_one_for_each_row():
    layer = take(table(parcels([shapely.Point(38_470_000 + i, 3_850_000) for i in range(50)])), "parcels")
    (fault,) = [fault for fault in layer.errors if fault.code == "geometry_not_polygon"]
    assert "All 50 features are of the type Point" in fault.message


def test_a_table_where_polygons_are_needed_says_which_files_have_them():
    with pytest.raises(LayerUnusable, match="GeoPackage"):
        take(table(pd.DataFrame({"parcel_id": ["1"], "land_class": ["0601"]})), "parcels")


def test_knots_are_untied_only_when_asked_and_each_is_named():
    knot = shapely.Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])
    knot = shapely.transform(knot, lambda xy: xy + [38_470_000, 3_850_000])
    plain = take(table(parcels([square(), knot])), "parcels", class_system="sandiao")
    assert "geometry_repaired" not in codes(plain)
    assert not plain.frame.is_valid.all()
    whole = take(table(parcels([square(), knot])), "parcels", class_system="sandiao", repair=True)
    (fault,) = [fault for fault in whole.faults if fault.code == "geometry_repaired"]
    assert (fault.row, fault.feature) == (2, "001")
    assert "Self-intersection" in fault.message
    assert re.search(r"area went from 0\.\d\d m² to (4999|5000)\.\d\d m²", fault.message)
    assert fault.area_m2 == pytest.approx(5000, rel=1e-3)
    assert whole.frame.is_valid.all()
    assert whole.frame["area_m2"].iloc[1] == pytest.approx(5000, rel=1e-4)  # two triangles of 2 500 m²


def test_a_polygon_without_any_area_is_beyond_repair():
    flat = shapely.Polygon([(38_470_000, 3_850_000), (38_470_100, 3_850_000), (38_470_050, 3_850_000)])
    layer = take(table(parcels([square(), flat])), "parcels", class_system="sandiao", repair=True)
    assert codes(layer, "error") == ["geometry_beyond_repair"]


# --- tables


def test_tables_go_through_without_geometry():
    frame = gpd.GeoDataFrame(
        {"zone": ["G1"], "period": ["2024"], "item": ["gdp"], "value": [1.0], "unit": ["万元"]},
        geometry=[shapely.Point(0, 0)],
    )
    layer = take(table(frame), "statistics")
    assert list(layer.frame.columns) == ["zone", "period", "item", "value", "unit"]
    assert not isinstance(layer.frame, gpd.GeoDataFrame)
    assert layer.crs == ""
    assert "geometry_not_used" in codes(layer, "warning")


def test_a_kind_that_does_not_exist_is_refused():
    with pytest.raises(NoSuchCode, match="parcels"):
        take(table(pd.DataFrame()), "parcel")


def test_an_empty_layer_stays_empty():
    layer = take(table(parcels([])), "parcels", class_system="sandiao")
    assert len(layer.frame) == 0
    assert layer.crs == "EPSG:4526"


def test_row_numbers_follow_the_reader_and_not_the_position():
    given = parcels([square(), None])
    given.index = pd.Index([0, 7])
    layer = take(table(given, first_row=2), "parcels", class_system="sandiao")
    assert [fault.row for fault in layer.errors] == [9]


# --- real layers


@pytest.mark.real
def test_the_cells_of_banzhu_are_smaller_on_the_ellipsoid_than_on_their_plane(real):
    given = formats.read(real / "dl_banzhu_cgcs2000" / "斑竹村10000.shp")
    layer = take(
        given, "parcels", class_system="other", rename={"GRID_ID": "parcel_id", "DLMC": "land_class"}
    )
    assert layer.crs == "EPSG:4523"
    assert layer.frame["Shape_Area"].sum() == pytest.approx(7_102_035.487, abs=0.001)
    assert layer.frame["area_m2"].sum() == pytest.approx(7_102_035.487, rel=5e-4)
    assert (layer.frame["area_m2"] < layer.frame["Shape_Area"]).all()


@pytest.mark.real
def test_the_zone_of_wuxi_loses_the_excess_of_its_far_utm_plane(real):
    layer = take(formats.read(real / "zone_wuxi_xinwu" / "xinwu_land_use.gpkg"), "parcels", supplier="euluc")
    plane = layer.frame["declared_area_m2"].sum()
    assert plane == pytest.approx(143.398e6, rel=1e-5)
    assert plane / layer.frame["area_m2"].sum() - 1 == pytest.approx(0.0018, abs=1e-4)
    assert "outside_own_belt" in codes(layer, "warning")


@pytest.mark.real
def test_the_counties_of_henan_are_refused_until_their_crs_is_chosen(real):
    given = formats.read(real / "admin_henan" / "河南省.shp")
    with pytest.raises(CrsMissing, match="gcj02"):
        take(given, "constraints", rename={"level": "kind"})
    layer = take(given, "constraints", rename={"level": "kind"}, crs="gcj02")
    assert layer.crs == "gcj02"
    assert layer.frame["area_m2"].sum() == pytest.approx(165_701.35e6, rel=2e-3)
