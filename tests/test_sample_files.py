"""The sample as files: written as a person would have them, read back, and checked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import shapely

from data.formats import read
from data.kinds import kinds
from data.sample import Sample, write
from geo import checks
from geo.layers import take


def test_written_files_read_back_as_what_they_were(sample: Sample, tmp_path: Path) -> None:
    few = replace(sample, layers=tuple(replace(layer, frame=layer.frame.head(25)) for layer in sample.layers))
    written = write(tmp_path / "示例", few)
    assert [one.kind for one in written] == [layer.kind for layer in few.layers]
    assert {one.path.suffix for one in written} == {".gpkg", ".zip", ".geojson", ".xlsx", ".csv"}
    for one, layer in zip(written, few.layers, strict=True):
        table = read(one.path)
        assert len(table.frame) == len(layer.frame), one.path.name
        assert not [fault for fault in table.faults if fault.severity == "error"]
        if isinstance(layer.frame, gpd.GeoDataFrame):
            back = shapely.normalize(table.frame.to_crs("EPSG:4490").geometry.to_numpy())
            gone = shapely.normalize(layer.frame.geometry.to_numpy())
            # a shapefile and GeoJSON write a polygon of one part as a plain polygon
            assert shapely.hausdorff_distance(back, gone).max() < 1e-8
    assert "虚构" in (tmp_path / "示例" / "示例_说明.txt").read_text("utf-8")
    assert not [path for path in (tmp_path / "示例").iterdir() if not path.name.startswith("示例")]


def test_written_tables_carry_the_header_and_the_words_of_the_template(
    sample: Sample, tmp_path: Path
) -> None:
    few = replace(sample, layers=tuple(replace(layer, frame=layer.frame.head(5)) for layer in sample.layers))
    written = {(one.kind, one.path.suffix): read(one.path).frame for one in write(tmp_path, few)}
    firms = written["enterprises", ".xlsx"]
    assert list(firms.columns) == [column.header for column in kinds()["enterprises"].columns.values()]
    assert set(firms["是否规上"]) <= {"是", "否"}
    assert firms["企业编号"].str.startswith("0").all()
    plots = written["parcels", ".zip"]
    assert set(plots["供应状态"]) <= {"已供应", "未供应", "已达到供地条件", "不可建设", "闲置"}
    assert plots.crs.to_epsg() == 4526
    assert plots["地块编号"].str.startswith("02").all()


def test_the_checks_find_the_two_areas_and_nothing_else(sample: Sample, tmp_path: Path) -> None:
    wanted = {"zones", "constraints"}
    kept = [layer for layer in sample.layers if layer.kind in wanted or "开封" in layer.name]
    written = write(tmp_path, replace(sample, layers=tuple(kept)))
    taken = [(one, take(read(one.path), one.kind)) for one in written]
    zones = next(layer.frame for _, layer in taken)
    zones = zones[zones["code"] == "G411162"]
    found = [
        fault
        for one, layer in taken
        if one.kind != "zones"
        for fault in checks.of_layer(layer, zones=zones if one.kind == "parcels" else None)
    ]
    assert {fault.feature for fault in found} == set(sample.story("declared_area").ids)
    assert {fault.code for fault in found} == {"declared_area_differs"}
    assert {fault.severity for fault in found} == {"warning"}
