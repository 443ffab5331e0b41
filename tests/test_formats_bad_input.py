"""Files that are cut, damaged, mislabelled or made to do harm: one clear error each, nothing left over."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import geopandas as gpd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import Point, box

from data.errors import FileBroken, FileTooLarge, FileUnusable, FormatUnknown, MutanError
from data.formats import READERS, limits, read, write
from data.formats.json_scan import Depth
from data.records import Table

FRAME = gpd.GeoDataFrame(
    {"code": ["0601", "007"] * 20, "地名": ["郑州", "洛阳"] * 20},
    geometry=[box(38_500_000 + k, 3_850_000, 38_500_001 + k, 3_850_001) for k in range(40)],
    crs="EPSG:4526",
)


def valid(folder: Path, suffix: str) -> Path:
    """A good file of that kind."""
    path = folder / f"good{suffix}"
    if suffix == ".topojson":
        rings = [[[0, 0], [1, 0], [1, 1], [0, 0]]] * 9
        geometries = [{"type": "Polygon", "arcs": [[k]], "properties": {"code": "01"}} for k in range(9)]
        objects = {"a": {"type": "GeometryCollection", "geometries": geometries}}
        path.write_text(json.dumps({"type": "Topology", "objects": objects, "arcs": rings}))
    elif suffix == ".zip":
        shp = valid(folder, ".shp")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in folder.glob("good.*"):
                if part.suffix in {".shp", ".dbf", ".shx", ".prj", ".cpg"}:
                    archive.write(part, part.name)
                    part.unlink()
        assert not shp.exists()
    elif suffix == ".shp":
        FRAME.to_file(path)
    elif suffix == ".dbf":
        valid(folder, ".shp").unlink()
        for part in folder.glob("good.sh*"):
            part.unlink()
    else:
        write(FRAME, path)
    return path


def outcome(path: Path) -> Table | MutanError:
    """What reading comes to; any other exception is a failure of the test."""
    try:
        return read(path)
    except MutanError as odd:
        return odd


def is_clear(came: Table | MutanError) -> bool:
    """A table, or words enough to say what happened and what to do."""
    return isinstance(came, Table) or (len(str(came)) > 40 and "GDAL_" not in str(came))


SUFFIXES = [".gpkg", ".geojson", ".fgb", ".parquet", ".topojson", ".zip", ".shp", ".dbf"]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_cut_file_is_an_error_or_a_good_table(tmp_path, suffix, capfd):
    path = valid(tmp_path, suffix)
    whole = path.read_bytes()
    lengths = [
        0,
        1,
        3,
        7,
        8,
        15,
        31,
        99,
        100,
        *range(130, len(whole), max(1, len(whole) // 40)),
        len(whole) - 1,
    ]
    for length in lengths:
        path.write_bytes(whole[:length])
        assert is_clear(outcome(path))
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_damaged_file_is_an_error_or_a_table(tmp_path, suffix, capfd):
    path = valid(tmp_path, suffix)
    whole = path.read_bytes()
    step = max(1, len(whole) // 40)
    for at in range(0, len(whole), step):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        assert is_clear(outcome(path))
    assert capfd.readouterr().err == ""


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.binary(min_size=1, max_size=200), st.sampled_from(sorted(set(READERS) - {".gdb"})))
def test_any_bytes_under_any_name_are_an_error_or_a_table(tmp_path, raw, suffix):
    path = tmp_path / f"any{suffix}"
    path.write_bytes(raw)
    assert is_clear(outcome(path))


@pytest.mark.parametrize("suffix", sorted(set(READERS) - {".gdb", ".csv"}))
def test_an_empty_file_is_said_to_be_empty(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    path.touch()
    with pytest.raises(FileBroken, match=r"0 bytes.*again"):
        read(path)


def test_a_missing_file_names_its_neighbours(tmp_path):
    write(FRAME, tmp_path / "地块.gpkg")
    with pytest.raises(FileUnusable, match=r"There is no file .*地块\.gpkg"):
        read(tmp_path / "地快.gpkg")
    with pytest.raises(FileUnusable, match="no folder"):
        read(tmp_path / "no" / "a.gpkg")


def test_a_folder_is_no_file_unless_it_is_a_filegdb(tmp_path):
    write(FRAME, tmp_path / "地块.gpkg")
    with pytest.raises(FileUnusable, match=r"地块\.gpkg.*Name one"):
        read(tmp_path)
    (tmp_path / "a.gdb").mkdir()
    with pytest.raises(FileBroken, match=r"a00000001\.gdbtable"):
        read(tmp_path / "a.gdb")


def test_a_pipe_is_refused(tmp_path):
    os.mkfifo(tmp_path / "a.json")
    with pytest.raises(FileUnusable, match="Save its content as a file"):
        read(tmp_path / "a.json")


@pytest.mark.parametrize(
    ("suffix", "named", "looks"),
    [
        (".gpkg", ".json", "GeoPackage"),
        (".gpkg", ".shp", "GeoPackage"),
        (".parquet", ".gpkg", "Parquet"),
        (".geojson", ".gpkg", "JSON"),
        (".fgb", ".parquet", "FlatGeobuf"),
        (".geojson", ".kml", "JSON"),
        (".gpkg", ".csv", "GeoPackage"),
    ],
)
def test_an_extension_that_lies_is_said_so(tmp_path, suffix, named, looks):
    path = valid(tmp_path, suffix).rename(tmp_path / f"lie{named}")
    with pytest.raises(FormatUnknown, match=f"named {named}, but its bytes are those of .*{looks}"):
        read(path)


@pytest.mark.parametrize(
    ("name", "head", "looks"),
    [
        ("a.rar", b"Rar!\x1a\x07", "RAR archive"),
        ("a.dwg", b"AC1032" + bytes(20), "CAD drawing"),
        ("a", b"SQLite format 3\0", "GeoPackage"),
        ("a.pdf", b"%PDF-1.7", "PDF"),
        ("a.tif", b"II*\0" + bytes(9), "TIFF"),
        ("a.xyz", b"hello", "plain text"),
        ("a.xyz", b"\1\2\3\4", "no kind we know"),
    ],
)
def test_an_unknown_extension_says_what_the_bytes_look_like(tmp_path, name, head, looks):
    (tmp_path / name).write_bytes(head)
    with pytest.raises(FormatUnknown, match=f"{looks}.*export it in one of these"):
        read(tmp_path / name)


@pytest.mark.parametrize("suffix", [".json", ".geojson", ".kml", ".gpkg", ".shp", ".fgb", ".topojson"])
def test_a_virtual_layer_opens_no_other_file(tmp_path, suffix):
    secret = valid(tmp_path, ".geojson")
    (tmp_path / f"a{suffix}").write_text(
        f'<OGRVRTDataSource><OGRVRTLayer name="good"><SrcDataSource>{secret}</SrcDataSource>'
        "</OGRVRTLayer></OGRVRTDataSource>"
    )
    came = outcome(tmp_path / f"a{suffix}")
    assert "again" in str(came) if isinstance(came, MutanError) else not len(came.frame)


def test_esri_json_is_named(tmp_path):
    (tmp_path / "a.json").write_text('{"geometryType": "esriGeometryPolygon", "features": []}')
    with pytest.raises(FormatUnknown, match="Esri JSON"):
        read(tmp_path / "a.json")


@pytest.mark.parametrize("suffix", [".json", ".topojson"])
def test_brackets_too_deep_are_refused_before_parsing(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    path.write_bytes(b'{"type":"FeatureCollection","features":' + b"[" * 2_000_000)
    with pytest.raises(FileTooLarge, match="deeper than 64"):
        read(path)


def test_brackets_in_text_do_not_count(tmp_path):
    text = "[" * 500 + '\\"' + "{" * 500 + "\\\\"
    path = tmp_path / "a.json"
    path.write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null,'
        f'"properties":{{"a":"{text}"}}}}]}}'
    )
    assert len(read(path).frame["a"][0]) == 1002


def test_a_feature_of_too_many_numbers_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "JSON_VALUES_PER_FEATURE", 1000)
    path = tmp_path / "a.geojson"
    write(FRAME, path)
    assert len(read(path).frame) == 40
    path.write_text(json.dumps({"type": "LineString", "coordinates": [[0, k] for k in range(400)]}))
    with pytest.raises(FileTooLarge, match="save the file as GeoPackage"):
        read(path)
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [[[], []] for _ in range(2000)]}))
    assert len(read(path).frame) == 0


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=6), lambda s: st.lists(s, max_size=4), max_leaves=20
    ),
    st.integers(1, 7),
)
def test_depth_is_that_of_the_parser_whatever_the_pieces(tmp_path, value, piece):
    path = tmp_path / "a.json"
    path.write_text(json.dumps([value], ensure_ascii=False), "utf-8")
    depth, text = Depth(path, "JSON"), path.read_bytes()
    for at in range(0, len(text), piece):
        depth.feed(text[at : at + piece])
    depth.close()
    depth = Depth(path, "JSON")
    depth.feed(text[:-1])
    with pytest.raises(FileBroken, match="cut off"):
        depth.close()


def test_text_that_is_not_utf8_names_the_byte(tmp_path):
    path = tmp_path / "a.geojson"
    path.write_bytes('{"type":"FeatureCollection","features":[],"name":"郑州"}'.encode("gbk"))
    with pytest.raises(FileBroken, match=r"byte 52 is 0xd6.*--encoding gb18030"):
        read(path)


@pytest.mark.parametrize("bad", ["NaN", "Infinity", "-Infinity"])
def test_coordinates_that_are_no_numbers_name_the_feature(tmp_path, bad):
    features = [
        '{"type":"Feature","properties":{},"geometry":{"type":"LineString","coordinates":[[0,0],['
        + number
        + ",1]]}}"
        for number in ("1", bad, "2")
    ]
    path = tmp_path / "a.geojson"
    path.write_text('{"type":"FeatureCollection","features":[' + ",".join(features) + "]}")
    (fault,) = read(path).faults
    assert (fault.code, fault.row, fault.severity) == ("coordinates_not_finite", 2, "error")
    assert "Draw this feature again" in fault.remedy


def test_no_more_faults_are_listed_than_a_person_can_read(tmp_path):
    path = tmp_path / "a.gpkg"
    write(gpd.GeoDataFrame(geometry=[None] * 500 + [Point(0, 0)], crs=4526), path)
    faults = read(path).faults
    assert len(faults) == limits.FAULTS_LISTED + 1
    assert "300 more features, 500 in all" in faults[-1].message


def test_reading_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", None)
    for suffix in (".zip", ".gpkg", ".geojson"):
        path = valid(tmp_path, suffix)
        before = sorted(p.name for p in tmp_path.rglob("*"))
        read(path)
        assert sorted(p.name for p in tmp_path.rglob("*")) == before
