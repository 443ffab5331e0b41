"""Shapefiles whose text is in any of the Chinese encodings, declared rightly, wrongly or not at all."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import geopandas as gpd
import pytest
from shapely import box

from data.errors import FileBroken, FileUnusable
from data.formats import read

NAMES = ["郑州市高新技术产业开发区", "洛阳经济技术开发区", "0601 工业用地"]
TRADITIONAL = ["鄭州市高新技術產業開發區", "洛陽經濟技術開發區", "0601 工業用地"]
LANGUAGE = {"gb18030": 0x4D, "cp950": 0x4F}


def dbf(rows: list[list[bytes]], fields: list[tuple[bytes, int]], language: int = 0) -> bytes:
    """A dBASE III table of text fields, made by hand."""
    width = 1 + sum(size for _, size in fields)
    head = struct.pack("<B3BIHH17xBxx", 3, 124, 1, 1, len(rows), 33 + 32 * len(fields), width, language)
    described = b"".join(
        name[:10].ljust(11, b"\0") + b"C" + bytes(4) + bytes([size]) + bytes(15) for name, size in fields
    )
    body = b"".join(
        b" " + b"".join(cell[:size].ljust(size) for cell, (_, size) in zip(row, fields, strict=True))
        for row in rows
    )
    return head + described + b"\r" + body + b"\x1a"


@pytest.fixture
def squares(tmp_path: Path) -> Path:
    """Three squares in CGCS2000 belt 38, whose .dbf each test writes for itself."""
    path = tmp_path / "开发区.shp"
    frame = gpd.GeoDataFrame(geometry=[box(k, 0, k + 1, 1) for k in range(3)], crs="EPSG:4526")
    frame.to_file(path)
    path.with_suffix(".cpg").unlink()
    return path


def text_of(
    path: Path, texts: list[str], encoding: str, *, cpg: str | None = None, language: int = 0
) -> None:
    """Give a Shapefile the texts, and what it declares of them."""
    rows = [[text.encode(encoding)] for text in texts]
    path.with_suffix(".dbf").write_bytes(dbf(rows, [("地名".encode(encoding), 40)], language))
    if cpg is not None:
        path.with_suffix(".cpg").write_text(cpg)


def codes(table) -> list[str]:
    return [fault.code for fault in table.faults]


@pytest.mark.parametrize(
    ("encoding", "cpg", "language", "used"),
    [
        ("utf-8", "UTF-8", 0, "utf-8"),
        ("utf-8", "65001", 0x4D, "utf-8"),
        ("gbk", "GBK", 0, "gb18030"),
        ("gbk", "936", 0, "gb18030"),
        ("gbk", "cp936", 0, "gb18030"),
        ("gbk", "ANSI 936", 0, "gb18030"),
        ("gb18030", "GB18030", 0, "gb18030"),
        ("gb18030", None, 0x4D, "gb18030"),
        ("gbk", None, 0x7A, "gb18030"),
        ("gbk", "OEM", 0x4D, "gb18030"),
    ],
)
def test_what_a_file_declares_is_used_without_a_word(squares, encoding, cpg, language, used):
    text_of(squares, NAMES, encoding, cpg=cpg, language=language)
    table = read(squares)
    assert table.frame["地名"].tolist() == NAMES
    assert table.source.encoding == used
    assert table.faults == ()


@pytest.mark.parametrize(("cpg", "language"), [("Big5", 0), ("950", 0), ("Big-5", 0), (None, 0x4F)])
def test_big5_is_read_when_it_is_declared(squares, cpg, language):
    text_of(squares, TRADITIONAL, "big5", cpg=cpg, language=language)
    assert read(squares).frame["地名"].tolist() == TRADITIONAL


@pytest.mark.parametrize(
    ("texts", "encoding", "used"),
    [(NAMES, "utf-8", "utf-8"), (NAMES, "gbk", "gb18030"), (TRADITIONAL, "big5", "cp950")],
)
@pytest.mark.parametrize("language", [0, 0x57])
def test_what_nobody_declares_is_guessed_and_said(squares, texts, encoding, used, language):
    text_of(squares, texts, encoding, language=language)
    table = read(squares)
    assert table.frame["地名"].tolist() == texts
    assert codes(table) == ["encoding_guessed"]
    assert used in table.faults[0].message
    assert "--encoding" in table.faults[0].remedy


@pytest.mark.parametrize("cpg", ["UTF-8", "Big5", "ISO-8859-1", "1252", "klingon"])
def test_a_cpg_that_the_bytes_contradict_is_set_aside(squares, cpg):
    text_of(squares, NAMES, "gbk", cpg=cpg)
    table = read(squares)
    assert table.frame["地名"].tolist() == NAMES
    assert codes(table) == ["encoding_contradicted", "encoding_guessed"]
    assert cpg in table.faults[0].message


def test_utf8_that_calls_itself_gbk_is_still_read(squares):
    text_of(squares, NAMES, "utf-8", cpg="GBK", language=0x4D)
    table = read(squares)
    assert table.frame["地名"].tolist() == NAMES
    assert table.source.encoding == "utf-8"


def test_a_wrong_cpg_gives_way_to_a_right_language_byte(squares):
    text_of(squares, NAMES, "gbk", cpg="UTF-8", language=0x4D)
    table = read(squares)
    assert table.frame["地名"].tolist() == NAMES
    assert codes(table) == ["encoding_contradicted"]


def test_the_encoding_that_a_person_names_wins(squares):
    text_of(squares, NAMES, "gbk", cpg="UTF-8")
    table = read(squares, encoding="GBK")
    assert table.frame["地名"].tolist() == NAMES
    assert table.faults == ()
    odd = read(squares, encoding="utf-8")
    assert set(codes(odd)) == {"text_undecodable"}
    assert [fault.row for fault in odd.faults] == [1, 2, 3]


def test_an_encoding_that_does_not_exist_is_refused(squares):
    text_of(squares, NAMES, "gbk")
    with pytest.raises(FileUnusable, match="Try utf-8, gb18030"):
        read(squares, encoding="klingon")


@pytest.mark.parametrize(("encoding", "kept"), [("utf-8", "郑州高"), ("gbk", "郑州高新区")])
def test_a_character_cut_by_the_width_of_its_field_spoils_one_value(squares, encoding, kept):
    long = "郑州高新区开发区".encode(encoding)[:11]
    rows = [[long, b"1"], [b"A", b"2"], ["洛阳".encode(encoding), b"3"]]
    squares.with_suffix(".dbf").write_bytes(dbf(rows, [(b"name", 11), (b"code", 3)]))
    table = read(squares)
    assert table.frame["name"].tolist() == [kept, "A", "洛阳"]
    cut = next(fault for fault in table.faults if fault.code == "text_cut")
    assert (cut.row, cut.column) == (1, "name")
    assert "Widen the field" in cut.remedy


def test_names_of_columns_may_be_chinese_and_cut(squares):
    fields = [("土地使用权人".encode("gbk")[:10], 20), ("四至范围说明".encode()[:10], 20)]
    squares.with_suffix(".dbf").write_bytes(dbf([["张三".encode("gbk")]] * 3, fields[:1]))
    assert list(read(squares).frame.columns) == ["土地使用权", "geometry"]
    squares.with_suffix(".dbf").write_bytes(dbf([["张三".encode()]] * 3, fields[1:]))
    assert list(read(squares).frame.columns) == ["四至范", "geometry"]


def test_codes_keep_their_zeros_and_blanks_are_missing(squares):
    rows = [[b"0601", b"007"], [b"", b"010"], [b"0602", b""]]
    squares.with_suffix(".dbf").write_bytes(dbf(rows, [(b"code", 8), (b"no", 3)]))
    frame = read(squares).frame
    assert frame["code"].tolist()[0] == "0601"
    assert frame["no"].tolist()[:2] == ["007", "010"]
    assert frame["code"].isna().tolist() == [False, True, False]


def test_columns_of_one_name_are_told_apart(squares):
    squares.with_suffix(".dbf").write_bytes(dbf([[b"1", b"2"]] * 3, [(b"DLMC", 3), (b"DLMC", 3)]))
    table = read(squares)
    assert list(table.frame.columns) == ["DLMC", "DLMC_2", "geometry"]
    assert codes(table) == ["column_renamed"]


def test_a_missing_index_is_rebuilt_without_touching_the_folder(squares):
    text_of(squares, NAMES, "utf-8", cpg="UTF-8")
    squares.with_suffix(".shx").unlink()
    before = sorted(squares.parent.iterdir())
    table = read(squares)
    assert len(table.frame) == 3
    assert table.frame.crs.to_epsg() == 4526
    assert codes(table) == ["index_rebuilt"]
    assert sorted(squares.parent.iterdir()) == before


def test_a_truncated_index_is_rebuilt(squares):
    text_of(squares, NAMES, "utf-8", cpg="UTF-8")
    index = squares.with_suffix(".shx")
    index.write_bytes(index.read_bytes()[:110])
    assert len(read(squares).frame) == 3


def test_without_attributes_geometry_is_read_and_said(squares):
    squares.with_suffix(".dbf").unlink()
    table = read(squares)
    assert list(table.frame.columns) == ["geometry"]
    assert len(table.frame) == 3
    assert codes(table) == ["attributes_missing"]


def test_without_geometry_it_is_said_what_is_there(squares):
    text_of(squares, NAMES, "utf-8")
    squares.unlink()
    with pytest.raises(FileUnusable, match=r"开发区\.shp.*开发区\.dbf"):
        read(squares)
    with pytest.raises(FileUnusable, match=r"no 开发区\.shp.*copy all files"):
        read(squares.with_suffix(".dbf"))


def test_a_table_alone_is_a_table(tmp_path):
    path = tmp_path / "企业.dbf"
    path.write_bytes(dbf([["一拖集团".encode("gbk"), b"0379"]], [("地名".encode("gbk"), 20), (b"code", 4)]))
    table = read(path)
    assert not isinstance(table.frame, gpd.GeoDataFrame)
    assert table.frame.to_dict("list") == {"地名": ["一拖集团"], "code": ["0379"]}
    assert table.source.format == "dBASE"


def test_more_rows_than_shapes_are_said(squares):
    rows = [[b"a"], [b"b"], [b"c"], [b"d"]]
    squares.with_suffix(".dbf").write_bytes(dbf(rows, [(b"name", 4)]))
    assert "rows_differ" in codes(read(squares))


def test_suffixes_in_capitals_are_found(squares):
    text_of(squares, NAMES, "gbk", cpg="GBK")
    for part in list(squares.parent.iterdir()):
        part.rename(part.with_suffix(part.suffix.upper() if part.suffix != ".dbf" else ".Dbf"))
    table = read(squares.with_suffix(".SHP"))
    assert table.frame["地名"].tolist() == NAMES
    assert table.frame.crs.to_epsg() == 4526


def test_the_hash_covers_every_part(squares):
    text_of(squares, NAMES, "utf-8", cpg="UTF-8")
    before = read(squares).source.sha256
    text_of(squares, NAMES[::-1], "utf-8", cpg="UTF-8")
    assert read(squares).source.sha256 != before


@pytest.mark.parametrize("cut", [3, 60, 99])
def test_a_cut_shp_says_how_much_is_lacking(squares, cut):
    squares.write_bytes(squares.read_bytes()[:-cut])
    with pytest.raises(FileBroken, match="its header promises"):
        read(squares)


def test_a_cut_table_says_how_many_rows_are_there(squares):
    text_of(squares, NAMES, "gbk")
    table = squares.with_suffix(".dbf")
    table.write_bytes(table.read_bytes()[:-60])
    with pytest.raises(FileBroken, match=r"promises 3 rows .* and has 1"):
        read(squares)


def test_reading_a_whole_shapefile_writes_into_none_of_its_files(squares):
    text_of(squares, NAMES, "utf-8", cpg="UTF-8")
    files = sorted(squares.parent.iterdir())
    for file in files:
        os.utime(file, ns=(10**18, 10**18))
    first = read(squares)
    assert [file.stat().st_mtime_ns for file in files] == [10**18] * len(files)
    assert read(squares).source.sha256 == first.source.sha256


@pytest.mark.real
def test_henan_counties_without_cpg_and_prj(real):
    table = read(real / "admin_henan" / "河南省.shp")
    assert len(table.frame) == 158
    assert table.frame.crs is None
    assert table.source.encoding == "utf-8"
    assert "栾川县" in set(table.frame["name"])
    assert set(table.frame["adcode"].str.len()) == {6}
    assert {"0371", "0379"} <= set(table.frame["citycode"])
    assert codes(table) == ["encoding_guessed"]


@pytest.mark.real
def test_a_village_in_the_belt_it_declares(real):
    table = read(real / "dl_banzhu_cgcs2000" / "斑竹村10000.shp")
    assert len(table.frame) == 10_653
    assert table.frame.crs.to_epsg() == 4523
    assert {"旱地", "水田", "果园", "有林地"} <= set(table.frame["DLMC"])
    assert table.frame.area.sum() == pytest.approx(7_102_035.487, abs=0.001)
    assert table.faults == ()
