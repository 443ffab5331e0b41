"""Drawings: which of their lines are plots, and what arcs, gaps, hatches and texts do to them."""

from __future__ import annotations

import math
import runpy
from pathlib import Path

import numpy as np
import pytest
import shapely

from data.formats.dxf.curves import chords
from data.records import Severity

SHARED = runpy.run_path(str(Path(__file__).with_name("drawings.py")))
EAST, NORTH = SHARED["EAST"], SHARED["NORTH"]
square, drawn, read, codes, fault = (SHARED[n] for n in ("square", "drawn", "read", "codes", "fault"))


def test_a_closed_polyline_is_a_plot_with_its_layer_handle_and_line(tmp_path):
    doc = drawn()
    line = doc.modelspace().add_lwpolyline(square(), close=True, dxfattribs={"layer": "宗地"})
    table = read(doc, tmp_path)
    row = table.frame.iloc[0]
    assert (row["layer"], row["handle"], row["entity"]) == ("宗地", line.dxf.handle, "LWPOLYLINE")
    text = (tmp_path / "地块.dxf").read_text("utf-8").splitlines()
    assert text[row["line"] - 1].strip() == "0"
    assert text[row["line"]] == "LWPOLYLINE"
    assert text[row["line"] + 2].strip() == line.dxf.handle
    assert row.geometry.area == 10_000
    assert table.frame.crs is None
    assert table.faults == ()


def test_old_polylines_in_two_and_three_dimensions_are_plots_too(tmp_path):
    doc = drawn("R12")
    doc.modelspace().add_polyline2d(square(), close=True)
    doc.modelspace().add_polyline3d([(*p, 88.5) for p in square(50, 500)], close=True)
    table = read(doc, tmp_path)
    assert table.frame.geometry.area.tolist() == [10_000, 2_500]
    assert not table.frame.geometry.has_z.any()
    assert codes(table) == ["heights_dropped"]


def test_a_polyline_that_repeats_its_first_point_is_closed_without_the_flag(tmp_path):
    doc = drawn()
    doc.modelspace().add_lwpolyline([*square(), square()[0]])
    table = read(doc, tmp_path)
    assert table.faults == ()
    assert len(shapely.get_coordinates(table.frame.geometry[0])) == 5


def test_lines_and_arcs_that_meet_close_together(tmp_path):
    doc, corners = drawn(), square()
    space = doc.modelspace()
    for i in (2, 0, 1):
        space.add_line(corners[i], corners[(i + 1) % 4])
    space.add_arc((EAST, NORTH + 50), 50, 90, 270)  # the west side bulges outwards by a half circle
    table = read(doc, tmp_path)
    assert table.frame.geometry.area.iloc[0] == pytest.approx(10_000 + math.pi * 50**2 / 2, abs=0.5)
    assert table.frame["entity"].tolist() == ["LINE+ARC"]
    assert "of 4 pieces" in fault(table, "outline_from_pieces").message


def test_lines_that_close_to_nothing_are_counted(tmp_path):
    doc = drawn()
    doc.modelspace().add_lwpolyline(square(), close=True, dxfattribs={"layer": "宗地"})
    for i in range(3):
        doc.modelspace().add_line((EAST + i, NORTH), (EAST + i, NORTH + 500), dxfattribs={"layer": "路"})
    table = read(doc, tmp_path)
    assert "3 entities LINE of the layer '路'" in fault(table, "lines_not_used").message


def test_an_open_polyline_is_refused_with_handle_layer_line_and_gap(tmp_path):
    doc = drawn()
    doc.modelspace().add_lwpolyline(square(40, 300), close=True, dxfattribs={"layer": "宗地"})
    line = doc.modelspace().add_lwpolyline(square(), dxfattribs={"layer": "宗地"})
    table = read(doc, tmp_path)
    told = fault(table, "outline_open")
    assert told.severity is Severity.ERROR
    assert (told.feature, told.layer) == (line.dxf.handle, "宗地")
    text = (tmp_path / "地块.dxf").read_text("utf-8").splitlines()
    assert text[told.row + 2].strip() == line.dxf.handle
    assert "100.000 m apart" in told.message
    assert "PEDIT" in told.remedy
    assert len(table.frame) == 1


def test_an_open_polyline_among_roads_does_not_stop_the_plots(tmp_path):
    doc = drawn()
    doc.modelspace().add_lwpolyline(square(), close=True, dxfattribs={"layer": "宗地"})
    doc.modelspace().add_lwpolyline(square(900, 2000), dxfattribs={"layer": "道路"})
    assert fault(read(doc, tmp_path), "outline_open").severity is Severity.WARNING


@pytest.mark.parametrize(("gap", "closes"), [(0.0, True), (0.05, True), (0.11, False)])
def test_a_gap_of_ten_centimetres_is_closed_and_told(tmp_path, gap, closes):
    doc, corners = drawn(), square()
    doc.modelspace().add_lwpolyline([*corners, (corners[0][0], corners[0][1] + gap)])
    table = read(doc, tmp_path)
    assert len(table.frame) == closes
    if gap and closes:
        assert "0.0500 m" in fault(table, "outline_nearly_closed").message


def test_bulges_become_chords_a_millimetre_off_and_the_moved_area_is_told(tmp_path):
    doc = drawn()
    corners = [(*p, 0, 0, 1.0 if i == 1 else 0) for i, p in enumerate(square())]
    doc.modelspace().add_lwpolyline(corners, format="xyseb", close=True)
    table = read(doc, tmp_path)
    exact = 10_000 + math.pi * 50**2 / 2
    moved = exact - table.frame.geometry.area.iloc[0]
    assert 0 < moved < 0.001 * math.pi * 50  # less than the sagitta along the whole arc
    assert f"moves {moved:.4f} m² in all" in fault(table, "arcs_to_chords").message
    middle = shapely.Point(EAST + 100, NORTH + 50)
    reach = shapely.distance(middle, shapely.points(shapely.get_coordinates(table.frame.geometry[0])))
    assert np.isclose(reach.max(), math.hypot(100, 50))
    assert (np.abs(reach[reach < 60] - 50) < 1e-6).all()


def test_a_coarser_sagitta_makes_fewer_chords(tmp_path):
    doc = drawn()
    doc.modelspace().add_circle((EAST, NORTH), 50)
    fine, coarse = read(doc, tmp_path), read(doc, tmp_path, sagitta=1.0)
    assert shapely.get_num_coordinates(fine.frame.geometry[0]) > 200
    assert shapely.get_num_coordinates(coarse.frame.geometry[0]) < 30


def test_circles_and_ellipses_are_plots_with_their_area_told(tmp_path):
    doc = drawn()
    doc.modelspace().add_circle((EAST, NORTH), 50)
    doc.modelspace().add_ellipse((EAST + 500, NORTH), (40, 0), 0.5)
    table = read(doc, tmp_path)
    exact = np.array([math.pi * 2500, math.pi * 40 * 20])
    lost = exact - table.frame.geometry.area
    assert (lost > 0).all()
    assert f"moves {lost.sum():.2f}" in fault(table, "arcs_to_chords").message


def test_a_hatch_nests_its_boundaries_and_its_own_outline_is_taken_once(tmp_path):
    doc = drawn()
    space = doc.modelspace()
    space.add_lwpolyline(square(), close=True, dxfattribs={"layer": "线"})
    for x, hole in ((0, None), (500, square(20, 510, 10))):
        hatch = space.add_hatch(dxfattribs={"layer": "面"})
        hatch.paths.add_polyline_path(square(100, x), is_closed=True)
        if hole:
            hatch.paths.add_polyline_path(hole, is_closed=True, flags=0)
    table = read(doc, tmp_path)
    assert table.frame["entity"].tolist() == ["LWPOLYLINE", "HATCH"]
    assert table.frame.geometry.area.tolist() == [10_000, 9_600]
    assert "drawn_twice" in codes(table)


def test_a_hatch_bounded_by_edges_is_read_with_its_arcs(tmp_path):
    doc = drawn()
    hatch = doc.modelspace().add_hatch()
    edges, corners = hatch.paths.add_edge_path(), square()
    edges.add_line(corners[0], corners[1])
    edges.add_arc((EAST + 100, NORTH + 50), 50, -90, 90, ccw=True)
    edges.add_line(corners[2], corners[3])
    edges.add_line(corners[3], corners[0])
    table = read(doc, tmp_path)
    assert table.frame.geometry.area.iloc[0] == pytest.approx(10_000 + math.pi * 1250, abs=0.2)


def test_an_outline_within_another_is_told_and_is_a_hole_when_asked(tmp_path):
    doc = drawn()
    for corners in (square(), square(20, 10, 10), square(30, 500)):
        doc.modelspace().add_lwpolyline(corners, close=True)
    table = read(doc, tmp_path)
    assert table.frame.geometry.area.tolist() == [10_000, 400, 900]
    assert "400.00 m²" in fault(table, "outline_within_another").message
    nested = read(doc, tmp_path, nest=True)
    assert sorted(nested.frame.geometry.area) == [900, 9_600]
    assert nested.frame["handle"].is_unique


def test_the_one_text_in_a_plot_is_its_name(tmp_path):
    doc = drawn()
    space = doc.modelspace()
    for x in (0, 500, 1000):
        space.add_lwpolyline(square(100, x), close=True, dxfattribs={"layer": "宗地"})
    space.add_text("地块一", dxfattribs={"insert": (EAST + 50, NORTH + 50), "layer": "注记"})
    space.add_mtext("地块\\P二", dxfattribs={"insert": (EAST + 550, NORTH + 50), "layer": "宗地"})
    space.add_text("J1", dxfattribs={"insert": (EAST + 501, NORTH + 1), "layer": "点号"})
    for said in ("甲", "乙"):
        space.add_text(said, dxfattribs={"insert": (EAST + 1050, NORTH + 50)})
    names = read(doc, tmp_path).frame["plot_name"]
    assert names[:2].tolist() == ["地块一", "地块 二"]
    assert names.isna().tolist() == [False, False, True]


def test_chords_of_a_quarter_circle_by_hand():
    points, moved = chords(np.array([[1.0, 0], [0, 1]]), np.array([math.tan(math.pi / 8), 0]), False, 0.1)
    assert points[1] == pytest.approx([math.sqrt(0.5), math.sqrt(0.5)])
    assert moved == pytest.approx((math.pi / 2 - 2 * math.sin(math.pi / 4)) / 2)
