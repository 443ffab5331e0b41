"""Drawings as files: blocks, layers, units, encodings, binary and damaged ones."""

from __future__ import annotations

import math
import runpy
from pathlib import Path

import ezdxf
import pytest

from data import formats
from data.errors import FileBroken, FileTooLarge, FileUnusable, FormatUnknown
from data.records import Severity

SHARED = runpy.run_path(str(Path(__file__).with_name("drawings.py")))
EAST, NORTH = SHARED["EAST"], SHARED["NORTH"]
square, drawn, read, codes, fault = (SHARED[n] for n in ("square", "drawn", "read", "codes", "fault"))


def test_blocks_are_taken_apart_with_scale_turn_and_nesting(tmp_path):
    doc = drawn()
    inner, outer = doc.blocks.new("内"), doc.blocks.new("外")
    inner.add_lwpolyline([(0, 0), (10, 0), (10, 5), (0, 5)], close=True)
    outer.add_blockref("内", (0, 0), dxfattribs={"xscale": 2, "yscale": 2})
    doc.modelspace().add_blockref("外", (EAST, NORTH), dxfattribs={"rotation": 90, "layer": "宗地"})
    table = read(doc, tmp_path)
    assert table.frame.geometry.total_bounds.round(6).tolist() == [EAST - 10, NORTH, EAST, NORTH + 20]
    assert table.frame["layer"].tolist() == ["宗地"]  # layer 0 in a block is the layer of the reference
    assert "外 (1), 内 (1)" in fault(table, "blocks_exploded").message


def test_an_external_reference_is_named_and_refused(tmp_path):
    doc = drawn()
    doc.add_xref_def("..\\底图\\园区.dwg", "园区")
    doc.modelspace().add_blockref("园区", (0, 0))
    told = fault(read(doc, tmp_path), "external_reference")
    assert told.severity is Severity.ERROR
    assert "园区.dwg" in told.message
    assert "Bind" in told.remedy


def test_hidden_layers_are_told_and_not_taken(tmp_path):
    doc = drawn()
    doc.layers.add("关").off()
    doc.layers.add("冻").freeze()
    for i, layer in enumerate(("关", "冻", "0")):
        doc.modelspace().add_lwpolyline(square(10, 100 * i), close=True, dxfattribs={"layer": layer})
    table = read(doc, tmp_path)
    assert table.frame["layer"].tolist() == ["0"]
    assert "关 (1), 冻 (1)" in fault(table, "layers_hidden").message


def test_a_layer_can_be_chosen_and_several_are_told(tmp_path):
    doc = drawn()
    for i, layer in enumerate(("宗地", "图框")):
        doc.modelspace().add_lwpolyline(square(10, 100 * i), close=True, dxfattribs={"layer": layer})
    assert "layers_several" in codes(read(doc, tmp_path))
    assert len(read(doc, tmp_path, layer="宗地").frame) == 1
    with pytest.raises(Exception, match=r"no outline in a layer '红线'.*图框, 宗地"):
        read(doc, tmp_path, layer="红线")


def test_a_polyline_seen_from_below_lies_where_it_is_drawn(tmp_path):
    doc = drawn()
    mirrored = [(-x, y, 0, 0, 1.0 if i == 1 else 0) for i, (x, y) in enumerate(square())]
    doc.modelspace().add_lwpolyline(
        mirrored, format="xyseb", close=True, dxfattribs={"extrusion": (0, 0, -1)}
    )
    table = read(doc, tmp_path)
    west, south, _, north = table.frame.geometry.total_bounds
    assert (west, south, north) == (EAST, NORTH, NORTH + 100)
    # the half circle lies inwards here, so that its chords enclose too much
    exact = 10_000 - math.pi * 1250
    moved = table.frame.geometry.area.iloc[0] - exact
    assert 0 < moved < 0.2
    assert f"moves {moved:.3f}" in fault(table, "arcs_to_chords").message


@pytest.mark.parametrize(
    ("unit", "scale", "code"),
    [(4, 1000.0, "units_scaled"), (7, 0.001, "units_scaled"), (4, 1.0, "units_contradicted"), (0, 1.0, "")],
)
def test_the_unit_of_the_header_counts_where_the_points_bear_it_out(tmp_path, unit, scale, code):
    doc = drawn()
    doc.header["$INSUNITS"] = unit
    doc.modelspace().add_lwpolyline([(x * scale, y * scale) for x, y in square()], close=True)
    table = read(doc, tmp_path)
    assert codes(table) == [code] * bool(code)
    assert table.frame.geometry.total_bounds == pytest.approx([EAST, NORTH, EAST + 100, NORTH + 100])
    if unit == 4 and scale == 1:
        assert "millimetres" in table.faults[0].message


def test_a_unit_that_nothing_bears_out_is_an_error(tmp_path):
    doc = drawn()
    doc.header["$INSUNITS"] = 4
    doc.modelspace().add_lwpolyline([(0, 0), (10, 0), (10, 10)], close=True)
    assert fault(read(doc, tmp_path), "units_unclear").severity is Severity.ERROR


def test_other_entities_are_named_as_not_used(tmp_path):
    doc = drawn()
    doc.modelspace().add_point((EAST, NORTH))
    doc.modelspace().add_3dface([(0, 0), (1, 0), (1, 1), (0, 1)])
    told = read(doc, tmp_path).faults
    assert [each.code for each in told] == ["entities_not_used", "no_outline"]
    assert "3DFACE (1), POINT (1)" in told[0].message


def saved(folder: Path, version: str = "R2010", layer: str = "宗地") -> Path:
    """A drawing of two plots."""
    doc = drawn(version)
    for i in range(2):
        doc.modelspace().add_lwpolyline(square(10, 100 * i), close=True, dxfattribs={"layer": layer})
    path = folder / "a.dxf"
    doc.saveas(path)
    return path


@pytest.mark.parametrize("page", ["ANSI_936", "ANSI_1252"])
def test_layer_names_in_gbk_are_read_whatever_the_header_says(tmp_path, page):
    path = saved(tmp_path, "R2000")
    text = path.read_bytes().replace(b"ANSI_1252", page.encode())
    path.write_bytes(text.replace(rb"\U+5b97\U+5730", "宗地".encode("gbk")))
    assert "宗地".encode("gbk") in path.read_bytes()
    table = formats.read(path)
    assert table.frame["layer"].tolist() == ["宗地", "宗地"]
    assert table.source.encoding == "gb18030"
    assert codes(table) == ([] if page == "ANSI_936" else ["encoding_contradicted", "encoding_guessed"])


def test_a_modern_drawing_in_gbk_is_read_too(tmp_path):
    path = saved(tmp_path)
    path.write_bytes(path.read_bytes().replace("宗地".encode(), "宗地".encode("gbk")))
    assert formats.read(path).frame["layer"].tolist() == ["宗地", "宗地"]
    assert formats.read(path, encoding="gbk").frame["layer"].tolist() == ["宗地", "宗地"]


def test_a_binary_drawing_is_read_without_lines(tmp_path):
    path = tmp_path / "a.dxf"
    ezdxf.readfile(saved(tmp_path)).saveas(path, fmt="bin")
    table = formats.read(path)
    assert len(table.frame) == 2
    assert table.frame["line"].isna().all()
    path.write_bytes(path.read_bytes()[:-400])
    with pytest.raises(FileBroken, match="ends without EOF"):
        formats.read(path)


def test_a_drawing_that_was_cut_off_is_refused_with_its_last_line(tmp_path):
    path = saved(tmp_path)
    text = path.read_bytes()
    at = text.rindex(b"LWPOLYLINE")
    path.write_bytes(text[: at + 200])
    lines = text[: at + 200].rstrip().count(b"\n") + 1
    with pytest.raises(FileBroken, match=f"ends in line {lines}, after the entity LWPOLYLINE.*cut off"):
        formats.read(path)


def test_a_damaged_line_is_named(tmp_path):
    path = saved(tmp_path)
    text = path.read_bytes()
    at = text.rindex(b" 10\n") + 4
    number = text[:at].count(b"\n")
    path.write_bytes(text[:at] + b"38***123.45" + text[text.index(b"\n", at) :])
    with pytest.raises(FileBroken, match=rf"line {number + 1}: '38\*\*\*123.45' is no number"):
        formats.read(path)


def test_a_dwg_that_calls_itself_dxf_is_refused_with_what_to_do(tmp_path):
    path = tmp_path / "a.dxf"
    path.write_bytes(b"AC1027\0\0\0\0\0" + bytes(500))
    with pytest.raises(FormatUnknown, match=r"a CAD drawing \(DWG\), to be saved as DXF first"):
        formats.read(path)
    path.write_text("地块,面积\n1,2\n", "utf-8")
    with pytest.raises(FileBroken, match=r"does not begin as \.dxf files do"):
        formats.read(path)


def test_comments_before_the_first_section_do_no_harm(tmp_path):
    path = saved(tmp_path)
    path.write_bytes(b"999\nwritten by a survey program\n" + path.read_bytes().replace(b"\n", b"\r\n"))
    table = formats.read(path)
    text = path.read_text("utf-8").splitlines()
    assert [text[line] for line in table.frame["line"]] == ["LWPOLYLINE"] * 2


def test_a_bare_drawing_without_tables_or_handles_is_read(tmp_path):
    path = tmp_path / "a.dxf"
    points = "".join(f"  0\nVERTEX\n  8\n宗地\n 10\n{x}\n 20\n{y}\n" for x, y in square())
    body = f"  0\nPOLYLINE\n  8\n宗地\n 66\n1\n 70\n1\n{points}  0\nSEQEND\n"
    path.write_text(f"  0\nSECTION\n  2\nENTITIES\n{body}  0\nENDSEC\n  0\nEOF\n", "gbk")
    table = formats.read(path)
    assert table.frame.geometry.area.tolist() == [10_000]
    assert table.frame["line"].isna().all()


def test_a_block_that_holds_itself_is_refused(tmp_path):
    doc = drawn()
    doc.blocks.new("环").add_blockref("环", (0, 0))
    doc.modelspace().add_blockref("环", (EAST, NORTH))
    with pytest.raises(FileUnusable, match="nests deeper"):
        read(doc, tmp_path)


def test_rows_and_columns_of_a_block_reference_are_all_taken(tmp_path):
    doc = drawn()
    doc.blocks.new("格").add_lwpolyline([(0, 0), (10, 0), (10, 10), (0, 10)], close=True)
    grid = {"row_count": 2, "column_count": 3, "row_spacing": 20, "column_spacing": 20}
    doc.modelspace().add_blockref("格", (EAST, NORTH), dxfattribs=grid)
    table = read(doc, tmp_path)
    assert table.frame.geometry.area.tolist() == pytest.approx([100] * 6)
    assert table.frame["handle"].nunique() == 1


@pytest.mark.parametrize("radius", [1e308, 1e13, float("inf"), float("nan"), -5.0, 0.0])
def test_a_circle_with_an_impossible_radius_neither_stops_nor_fills_the_memory(tmp_path, radius):
    doc = drawn()
    doc.modelspace().add_lwpolyline(square(), close=True)
    circle = doc.modelspace().add_circle((EAST, NORTH), 1)
    circle.dxf.radius = radius
    table = read(doc, tmp_path)
    assert "LWPOLYLINE" in table.frame["entity"].tolist()
    if not abs(radius) < 1e12:
        told = fault(table, "entity_unreadable")
        assert (told.feature, told.severity) == (circle.dxf.handle, Severity.ERROR)


def test_a_spline_whose_knots_are_no_numbers_is_told(tmp_path):
    doc = drawn()
    doc.modelspace().add_lwpolyline(square(), close=True)
    spline = doc.modelspace().add_open_spline([
        (EAST, NORTH),
        (EAST + 9, NORTH),
        (EAST + 9, NORTH + 9),
        (EAST, NORTH),
    ])
    spline.knots = [0, 0, 0, 0, float("nan"), 1, 1, 1]
    table = read(doc, tmp_path)
    assert {"entity_unreadable", "lines_not_used"} & set(codes(table))
    assert len(table.frame) >= 1


def test_a_grid_of_a_thousand_million_blocks_is_refused(tmp_path):
    doc = drawn()
    doc.blocks.new("格").add_lwpolyline([(0, 0), (1, 0), (1, 1)], close=True)
    grid = {"row_count": 30_000, "column_count": 30_000, "row_spacing": 2, "column_spacing": 2}
    for _ in range(2):
        doc.modelspace().add_blockref("格", (EAST, NORTH), dxfattribs=grid)
    path = tmp_path / "a.dxf"
    doc.saveas(path)
    with pytest.raises(FileTooLarge, match="entities once its blocks are taken apart"):
        formats.read(path)
