"""ZIP archives: what is in them is read, and what would do harm is refused before it does."""

from __future__ import annotations

import os
import stat
import zipfile
from pathlib import Path

import geopandas as gpd
import pytest
from shapely import box

from data.errors import FileBroken, FileTooLarge, FileUnusable
from data.formats import limits, read, write

FRAME = gpd.GeoDataFrame(
    {"code": ["0601", "007"] * 20, "地名": ["郑州", "洛阳"] * 20},
    geometry=[box(38_500_000 + k, 3_850_000, 38_500_001 + k, 3_850_001) for k in range(40)],
    crs="EPSG:4526",
)


def packed(path: Path, *entries: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize("name", ["../a.csv", "/etc/a.csv", "a/../../b.csv", "C:\\a.csv", "..\\a.csv"])
def test_a_zip_that_leads_out_of_its_folder_is_refused(tmp_path, name):
    path = packed(tmp_path / "a.zip", (name, b"a,b\n1,2\n"))
    with pytest.raises(FileBroken, match="do not trust this archive"):
        read(path)
    assert [p.name for p in tmp_path.iterdir()] == ["a.zip"]


def test_a_zip_with_a_link_is_refused(tmp_path):
    link = zipfile.ZipInfo("a.csv")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    with pytest.raises(FileBroken, match="holds a link"):
        read(packed(tmp_path / "a.zip", (link, b"/etc/passwd")))


def test_a_zip_bomb_is_refused_by_its_ratio(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "ZIP_RATIO_FREE_BYTES", 1000)
    with pytest.raises(FileTooLarge, match="the limit is 200"):
        read(packed(tmp_path / "a.zip", ("a.geojson", bytes(10_000_000))))


def test_a_zip_bomb_is_refused_by_its_size_and_number(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "ZIP_TOTAL_BYTES", 1000)
    monkeypatch.setattr(limits, "ZIP_ENTRIES", 3)
    with pytest.raises(FileTooLarge, match="would unpack to"):
        read(packed(tmp_path / "a.zip", ("a.csv", os.urandom(2000))))
    with pytest.raises(FileTooLarge, match="holds 4 files"):
        read(packed(tmp_path / "b.zip", *((f"{k}.csv", b"1") for k in range(4))))


def test_a_zip_that_lies_about_its_sizes_is_refused(tmp_path):
    path = packed(tmp_path / "a.zip", ("a.csv", b"a,b\n" * 5000))
    raw = path.read_bytes()
    # The unpacked size stands in the local header and in the directory.
    path.write_bytes(raw.replace((20_000).to_bytes(4, "little"), (10).to_bytes(4, "little")))
    with pytest.raises(FileBroken, match="cannot be unpacked"):
        read(path)


def test_a_zip_with_a_password_is_refused_in_words(tmp_path):
    path = packed(tmp_path / "a.zip", ("a.csv", b"a,b\n1,2\n"))
    raw = bytearray(path.read_bytes())
    raw[6] |= 1
    raw[raw.index(b"PK\1\2") + 8] |= 1
    path.write_bytes(raw)
    with pytest.raises(FileUnusable, match="without one"):
        read(path)


def test_what_is_in_a_zip_is_chosen_or_listed(tmp_path):
    for name in ("a.geojson", "b.geojson"):
        write(FRAME, tmp_path / name)
    entries = [(f"数据/{p.name}", p.read_bytes()) for p in sorted(tmp_path.glob("*.geojson"))]
    path = packed(tmp_path / "a.zip", *entries, ("__MACOSX/._c.geojson", b"x"), ("readme.md", b""))
    with pytest.raises(FileUnusable, match=r"a\.geojson, b\.geojson.*--layer"):
        read(path)
    table = read(path, layer="b")
    assert len(table.frame) == 40
    assert table.source.path == str(path)
    with pytest.raises(FileUnusable, match="nothing that we read"):
        read(packed(tmp_path / "b.zip", ("readme.md", b"x")))


def test_names_that_chinese_windows_packed_are_read_as_gbk(tmp_path):
    shp = tmp_path / "good.shp"
    FRAME.to_file(shp)
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for part in sorted(tmp_path.glob("good.*")):
            archive.write(part, f"XXXX{part.suffix}")
    path.write_bytes(path.read_bytes().replace(b"XXXX", "地块".encode("gbk")))
    assert shp.exists()
    table = read(path)
    assert (table.source.layer, len(table.frame)) == ("地块", 40)


def test_a_zipped_filegdb_is_found(tmp_path):
    FRAME.to_file(tmp_path / "a.gdb", driver="OpenFileGDB", layer="parcels")
    path = tmp_path / "a.gdb.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for part in sorted((tmp_path / "a.gdb").iterdir()):
            archive.write(part, f"a.gdb/{part.name}")
    table = read(path)
    assert (table.source.format, len(table.frame)) == ("FileGDB", 40)


def test_boundary_points_are_read_out_of_an_archive_that_holds_nothing_else(tmp_path):
    text = "[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n带号=38\n[地块坐标]\n4,1.0000,1,甲,面,,,,@\n"
    corners = [(3850100, 38470000), (3850100, 38470100), (3850000, 38470100), (3850000, 38470000)]
    text += "".join(f"J{n},1,{north}.000,{east}.000\n" for n, (north, east) in enumerate(corners, 1))
    path = tmp_path / "申请.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("甲.txt", text)
    assert read(path).frame.area.round(3).tolist() == [10000.0]
