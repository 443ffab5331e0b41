"""GeoJSON: RFC 7946 out, and whatever people call GeoJSON in."""

from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import Point, Polygon

from data.errors import CrsMissing, FileUnusable
from data.formats import read, write


def codes(table) -> list[str]:
    return [fault.code for fault in table.faults]


def geojson(path, features, **members):
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **members}), "utf-8")
    return path


def feature(properties, geometry=None, **members):
    return {"type": "Feature", "properties": properties, "geometry": geometry, **members}


POINT = {"type": "Point", "coordinates": [113.0, 34.0]}


def test_geojson_is_rfc_7946(tmp_path):
    clockwise = Polygon([(0, 0), (0, 100), (100, 100), (100, 0)])
    frame = gpd.GeoDataFrame(
        geometry=[shapely.affinity.translate(clockwise, 38500000, 3850000)], crs="EPSG:4526"
    )
    write(frame, tmp_path / "a.geojson")
    text = json.loads((tmp_path / "a.geojson").read_text("utf-8"))
    ring = np.array(text["features"][0]["geometry"]["coordinates"][0])
    assert "crs" not in text
    assert ring[0] == pytest.approx([114.0, 34.77], abs=0.01)
    assert shapely.LinearRing(ring).is_ccw
    assert read(tmp_path / "a.geojson").frame.crs.to_epsg() == 4326


def test_geojson_of_a_layer_without_crs_is_refused(tmp_path):
    with pytest.raises(CrsMissing, match="Declare it first"):
        write(gpd.GeoDataFrame(geometry=[Point(0, 0)]), tmp_path / "a.geojson")
    assert list(tmp_path.iterdir()) == []


def test_json_keeps_text_as_text_and_days_as_text(tmp_path):
    first = feature({"code": "0601", "day": "2024-06-01", "n": 7}, POINT)
    second = feature({"code": 601, "n": None, "list": [1, 2]}, POINT)
    path = geojson(tmp_path / "a.json", [first, second])
    frame = read(path).frame
    assert frame["code"].tolist() == ["0601", "601"]
    assert frame["day"].tolist()[0] == "2024-06-01"
    assert frame["n"].tolist() == [7, pd.NA]
    assert frame["list"].tolist()[1] == "[1,2]"


@pytest.mark.parametrize("ids", [[5, 7], ["a5", "007"]])
def test_json_ids_are_kept(tmp_path, ids):
    path = geojson(tmp_path / "a.geojson", [feature({"a": 1}, POINT, id=i) for i in ids])
    assert read(path).frame["id"].tolist() == ids


@pytest.mark.parametrize(
    ("crs", "epsg", "faults"),
    [
        ({"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4526"}}, 4526, []),
        ({"type": "name", "properties": {"name": "EPSG:4490"}}, 4490, []),
        ({"type": "name", "properties": {"name": "nonsense"}}, None, ["crs_unknown"]),
        (None, None, ["crs_unknown"]),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_the_old_crs_member_is_honoured_wherever_it_stands(tmp_path, crs, epsg, faults, first):
    whole = {"type": "FeatureCollection", "crs": crs, "features": [feature({}, POINT)]}
    if not first:
        whole["crs"] = whole.pop("crs")
    (tmp_path / "a.geojson").write_text(json.dumps(whole))
    table = read(tmp_path / "a.geojson")
    assert (table.frame.crs and table.frame.crs.to_epsg()) == epsg
    assert codes(table) == faults


def test_a_crs_that_is_a_link_is_not_fetched(tmp_path):
    crs = {"type": "link", "properties": {"href": "http://127.0.0.1:9/crs", "type": "proj4"}}
    with pytest.raises(FileUnusable, match="nothing is fetched"):
        read(geojson(tmp_path / "a.geojson", [feature({}, POINT)], crs=crs))


def test_heights_do_not_change_the_crs_of_a_geojson(tmp_path):
    high = {"type": "Point", "coordinates": [113, 34, 100]}
    table = read(geojson(tmp_path / "a.geojson", [feature({}, high)]))
    assert table.frame.crs.to_epsg() == 4326
    assert codes(table) == ["three_dimensional"]


def test_json_in_gbk_is_read_when_it_is_named(tmp_path):
    text = json.dumps(
        {"type": "FeatureCollection", "features": [feature({"a": "郑州"}, POINT)]}, ensure_ascii=False
    )
    (tmp_path / "a.json").write_bytes(text.encode("gbk"))
    with pytest.raises(FileUnusable, match="--encoding gb18030"):
        read(tmp_path / "a.json")
    assert read(tmp_path / "a.json", encoding="gb18030").frame["a"].tolist() == ["郑州"]


@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("BOUNDARY_CityBoundary", 1),
        ("BOUNDARY_CDDNeighborhoods", 13),
        ("ASSESSING_CommercialDistrictsFY2014", 11),
        ("CDD_ZoningDistricts", 261),
        ("CDD_ZoningOverlayDistricts", 53),
        ("RECREATION_OpenSpace", 276),
    ],
)
def test_cambridge_geojsons(real, name, count):
    table = read(real / "parcels_cambridge" / f"{name}.geojson")
    assert len(table.frame) == count
    assert table.frame.crs.to_epsg() == 4326
    assert table.faults == ()
