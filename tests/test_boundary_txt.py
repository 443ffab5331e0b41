"""Boundary-point texts: the seven dialects, every encoding and line end, and the grammar as it is met."""

from __future__ import annotations

import pytest
import shapely

from data.errors import FileUnusable
from data.formats import read
from data.formats.boundary_txt.reading import read_boundary_txt

HEAD = (
    "[属性描述]\n格式版本号=1.01版本\n数据产生单位=某测绘院\n数据产生日期=2024-01-01\n坐标系=2000国家大地坐标系\n"
    "几度分带=3\n投影类型=高斯克吕格\n计量单位=米\n带号=38\n精度=0.001\n转换参数=0,0,0,0,0,0,0\n[地块坐标]\n"
)
E, N = 38_470_000, 3_850_000
SQUARE = [(0, 0), (0, 100), (100, 100), (100, 0), (0, 0)]
HOLE = [(40, 40), (60, 40), (60, 60), (40, 60), (40, 40)]


def points(corners=SQUARE, ring=1, *, first=1, pattern="J{j},{ring},{n:.3f},{e:.3f}", east=E):
    """Lines of points; a label comes back where the ring comes back to its first point."""
    labels = [first + i for i in range(len(corners))]
    if corners[0] == corners[-1]:
        labels[-1] = first
    rows = [
        pattern.format(j=j, ring=ring, e=east + x, n=N + y) for j, (x, y) in zip(labels, corners, strict=True)
    ]
    return "\n".join(rows) + "\n"


APPROVAL = HEAD + "5,1.0000,DK-01,甲地块,面,I50G001001,工业用地,0601,@\n" + points()


@pytest.fixture
def txt(tmp_path):
    def write(text, encoding="gbk", **how):
        path = tmp_path / "界址点.txt"
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return read_boundary_txt(path, **how) if how else read(path)

    return write


def codes(table):
    return [fault.code for fault in table.faults]


def square_at(x=0, y=0, size=100):
    return shapely.box(E + x, N + y, E + x + size, N + y + size)


def test_a_plot_of_the_approval_dialect_comes_with_all_that_it_declares(txt):
    table = txt(APPROVAL)
    (row,) = table.frame.drop(columns="geometry").to_dict("records")
    assert row == {
        "plot_no": "DK-01", "plot_name": "甲地块", "declared_points": 5, "declared_area_ha": 1.0,
        "purpose": "工业用地", "land_class": "0601", "map_sheet": "I50G001001", "line": 13,
        "dialect": "approval",
    }  # fmt: skip
    assert table.frame.geometry.iloc[0].equals(square_at())
    assert table.frame.crs.to_epsg() == 4526
    assert table.frame.attrs["header"]["producer"] == "某测绘院"
    assert (table.faults, table.source.encoding, table.source.format) == ((), "gb18030", "boundary points")


@pytest.mark.parametrize(
    "encoding", ["gbk", "gb18030", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_encoding_and_line_end_says_the_same(txt, encoding, end):
    table = txt(APPROVAL.replace("\n", end), encoding)
    assert table.frame["plot_name"].tolist() == ["甲地块"]
    assert table.frame["line"].tolist() == [13]
    assert table.frame.geometry.iloc[0].equals(square_at())
    assert table.faults == ()


def test_line_ends_may_be_mixed_and_the_last_be_missing(txt):
    lines = APPROVAL.rstrip("\n").split("\n")
    ends = ["\r\n", "\n", "\r"]
    text = "".join(line + ends[i % 3] for i, line in enumerate(lines[:-1])) + lines[-1]
    table = txt(text)
    assert table.frame.geometry.iloc[0].equals(square_at())
    assert table.frame["line"].tolist() == [13]


def test_full_width_characters_are_plain_ones(txt):
    wide = {ord(plain): ord(plain) - 0x21 + 0xFF01 for plain in "0123456789.,=J@"} | {
        ord("["): "【",
        ord("]"): "】",
    }
    for encoding in ("gbk", "utf-8"):
        table = txt(APPROVAL.translate(wide), encoding)
        assert table.frame.geometry.iloc[0].equals(square_at())
        assert table.frame["declared_points"].tolist() == [5]
        assert table.frame["declared_area_ha"].tolist() == [1.0]
        assert table.frame.crs.to_epsg() == 4526
        assert table.faults == ()


def test_a_long_file_all_of_whose_digits_are_full_width_is_read_in_bulk(txt):
    corners = [(i, 0) for i in range(3000)] + [(0, 3000)]
    text = HEAD + "3001,1,1,甲,面,,,,@\n" + points(corners)
    table = txt(text.translate({ord(plain): ord(plain) - 0x21 + 0xFF01 for plain in "0123456789.,"}))
    assert table.frame.geometry.iloc[0].area == 2999 * 3000 / 2


def test_a_full_width_comma_in_a_name_parts_nothing_where_plain_commas_do(txt):
    table = txt(APPROVAL.replace("甲地块", "甲，乙地块"))
    assert table.frame["plot_name"].tolist() == ["甲，乙地块"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[属性描述]\n", ""),
        ("数据产生单位", "生产单位"),
        ("转换参数=0,0,0,0,0,0,0", "转换坐标=,,,,,,"),
        ("1.01版本", "1．01版本"),
        ("带号=38\n", ""),
        ("几度分带=3\n", "分带=3\n"),
        ("几度分带=3", "几度分带 3度"),
        ("坐标系=2000国家大地坐标系", "坐标系：CGCS2000"),
        ("坐标系=2000国家大地坐标系", "坐标系2000国家大地坐标系"),
        ("[地块坐标]", "【地块坐标】"),
        ("[属性描述]", "[项目信息]\n项目名称=甲, 乙\n项目所在县区代码=410122\n[属性描述]"),
        ("0601,@", "0601,@   "),
        ("0601,@", "0601@"),
        ("J1,1,", " J01 , 1 ,  "),
        ("J1,1,", " " * 400 + "J1,1," + "\t" * 20),
        ("J", ""),
        ("J1,1,", ",1,"),
    ],
)
def test_headers_and_labels_as_they_are_met(txt, old, new):
    assert old in APPROVAL
    table = txt(APPROVAL.replace(old, new))
    assert table.frame.geometry.iloc[0].equals(square_at())
    assert table.frame.crs.to_epsg() == 4526
    assert table.frame["plot_no"].tolist() == ["DK-01"]
    assert table.faults == ()


def test_the_header_may_be_reordered_and_stand_behind(txt):
    keys, _, rest = APPROVAL.partition("[地块坐标]\n")
    lines = keys.splitlines()
    for text in ("\n".join(lines[::-1]) + "\n" + rest, rest + keys):
        table = txt(text)
        assert table.frame.crs.to_epsg() == 4526
        assert table.faults == ()


@pytest.mark.parametrize(
    ("said", "hectares"),
    [
        ("0.7655公顷", 0.7655),
        ("7655平方米", 0.7655),
        ("15亩", 1.0),
        ("１．５", 1.5),
        ("2.5 hm2", 2.5),
        ("", None),
    ],
)
def test_a_declared_area_is_kept_in_hectares(txt, said, hectares):
    table = txt(APPROVAL.replace("1.0000,DK", f"{said},DK"))
    area = table.frame["declared_area_ha"]
    assert area.isna().tolist() == [hectares is None]
    assert hectares is None or area.tolist() == [pytest.approx(hectares)]


@pytest.mark.parametrize(("said", "unit"), [("10000", "square metres"), ("15.0", "mu")])
def test_an_area_in_another_unit_without_a_word_is_told_by_the_plot(txt, said, unit):
    table = txt(APPROVAL.replace("1.0000,DK", f"{said},DK"))
    assert table.frame["declared_area_ha"].tolist() == [pytest.approx(1.0)]
    (fault,) = table.faults
    assert (fault.code, fault.row) == ("area_unit", 13)
    assert unit in fault.message


@pytest.mark.parametrize(("more", "remark"), [(",出让", "出让"), (",出让,2024年", "出让 2024年")])
def test_a_field_or_two_more_are_the_remark(txt, more, remark):
    table = txt(APPROVAL.replace("0601,@", f"0601{more},@"))
    assert table.frame["remark"].tolist() == [remark]
    assert table.frame["dialect"].tolist() == ["approval"]
    assert table.faults == ()


def test_the_extended_dialect_has_thirteen_fields(txt):
    table = txt(APPROVAL.replace("0601,@", "0601,新增耕地,旱地,8,7,验收,@"))
    row = table.frame.iloc[0]
    assert row["dialect"] == "extended"
    more = row[["spot_type", "class_name", "grade_before", "grade_after", "remark"]]
    assert more.tolist() == ["新增耕地", "旱地", "8", "7", "验收"]


def test_one_map_has_four_fields_and_no_count(txt):
    table = txt(HEAD + "17,甲地块,面,,@\n" + points())
    row = table.frame.iloc[0]
    assert (row["dialect"], row["plot_no"], row["plot_name"]) == ("one_map", "17", "甲地块")
    assert table.frame["declared_points"].isna().all()
    assert table.faults == ()


def test_enforcement_is_in_degrees_and_without_a_header(txt):
    corners = "\n".join(f"J{i},1,{x},{y}" for i, (x, y) in enumerate(
        [(113.6, 34.71), (113.61, 34.71), (113.61, 34.7), (113.6, 34.7), (113.6, 34.71)], 1
    ))  # fmt: skip
    table = txt("5,违法用地,面,工业,@\n" + corners)
    row = table.frame.iloc[0]
    assert (row["dialect"], row["plot_name"], row["purpose"]) == ("enforcement", "违法用地", "工业")
    assert table.frame.crs.to_epsg() == 4490
    assert row.geometry.equals(shapely.box(113.6, 34.7, 113.61, 34.71))
    assert codes(table) == ["crs_assumed"]


def test_quota_swap_has_the_ring_behind_the_coordinates(txt):
    pattern = "J{j},{n:.3f},{e:.3f},100.00,{ring},"
    text = HEAD.replace("几度分带", "分带") + ",0.9600,,复垦地块,,,,0101,@\n"
    text += points(pattern=pattern) + points(HOLE, 2, first=5, pattern=pattern)
    table = txt(text)
    row = table.frame.iloc[0]
    assert (row["dialect"], row["plot_name"], row["land_class"]) == ("quota_swap", "复垦地块", "0101")
    assert row["declared_area_ha"] == 0.96
    assert row.geometry.area == 10_000 - 400
    assert table.faults == ()


def test_in_out_balance_gives_each_ring_a_line_and_the_easting_first(txt):
    pattern = "J{j},{ring},{e:.3f},{n:.3f}"
    text = HEAD + "5,图斑甲,面,流出,@\n" + points(ring=1, pattern=pattern)
    text += "5,图斑甲,面,流出,@\n" + points(HOLE, 1, pattern=pattern)
    text += "5,图斑乙,面,流入,@\n" + points([(x + 500, y) for x, y in SQUARE], 2, pattern=pattern)
    table = txt(text.replace("\n", "\r"))
    assert table.frame["dialect"].unique().tolist() == ["in_out_balance"]
    assert table.frame["plot_name"].tolist() == ["图斑甲", "图斑乙"]
    assert table.frame["declared_points"].tolist() == [10, 5]
    assert table.frame["line"].tolist() == [13, 25]
    assert table.frame.geometry.area.tolist() == [9600, 10_000]
    assert table.frame.crs.to_epsg() == 4526
    assert table.faults == ()


def test_a_dialect_can_be_forced_and_an_unknown_one_names_those_there_are(txt):
    assert txt(APPROVAL, dialect="supply").frame["dialect"].tolist() == ["supply"]
    with pytest.raises(FileUnusable, match=r"one_map \(一张图\)"):
        txt(APPROVAL, dialect="报批")
    with pytest.raises(FileUnusable, match="Leave the layer out"):
        txt(APPROVAL, layer="甲")
