"""What is wrong with a boundary-point text is said with file, line, what was found and what was expected."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest
import shapely

from data.errors import FileBroken, FormatUnknown
from data.formats import limits, read
from data.records import Severity

SHARED = runpy.run_path(str(Path(__file__).with_name("test_boundary_txt.py")))
APPROVAL, HEAD, HOLE, SQUARE, N, E, points = (
    SHARED[name] for name in ("APPROVAL", "HEAD", "HOLE", "SQUARE", "N", "E", "points")
)
PLOT = "5,1,DK-{},甲,面,,,0601,@\n"


@pytest.fixture
def txt(tmp_path):
    def write(text, encoding="gbk"):
        path = tmp_path / "界址点.txt"
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return read(path)

    return write


def only(table, code):
    (fault,) = [each for each in table.faults if each.code == code]
    return fault


SECOND = f"J2,1,{N + 100}.000,{E}.000"
"""Line 15 of APPROVAL"""


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("J2,1,38***123.45,38470000.000", "coordinate_masked", "38***123.45"),
        ("J2,1,3850100.000,384XXXXX.000", "coordinate_masked", "384XXXXX.000"),
        ("J2,1,3850l00.000,38470000.000", "coordinate_unreadable", "'l' is no digit"),
        ("J2,1,3850.100.000,38470000.000", "coordinate_unreadable", "do not make one number"),
        ("J2,1,nan,38470000.000", "coordinate_not_finite", "nan"),
        ("J2,1,3850100.000,-inf", "coordinate_not_finite", "-inf"),
        ("J2,1,3850100.000,", "coordinate_missing", "the easting (or longitude) is empty"),
        ("J2,1,,38470000.000", "coordinate_missing", "the northing (or latitude) is empty"),
        ("J2,1,3850100.000", "point_columns", "3 columns, too few"),
        ("J2,1,3850100.000,38470000.000,7,8,9", "point_columns", "7 columns, too many"),
        ("J2,1,3850100.000,38470000.000,7", "point_columns", "5 columns, too many"),
        ("J2,1,3850100,000,38470000,000", "decimal_comma", "3850100,000"),
        (f"J2,1,{'1' * 9_000_000},38470000.000", "point_columns", "9,000,018 characters"),
        (f"J2,1,{'1' * 9_000_000}x,38470000.000", "point_columns", "9,000,019 characters"),
    ],
)
def test_a_line_that_is_no_point_is_named_and_its_plot_has_no_shape(txt, line, code, said):
    table = txt(APPROVAL.replace(f"J2,1,{N + 100}.000,{E}.000", line))
    fault = only(table, code)
    assert (fault.row, fault.file, fault.severity) == (15, "界址点.txt", Severity.ERROR)
    assert "Line 15" in fault.message
    assert said in fault.message
    assert len(fault.remedy) > 10
    assert table.frame.geometry.isna().all()
    assert [each.code for each in table.faults] == [code]


def test_the_other_plots_are_read_when_one_has_a_bad_line(txt):
    bad = points().replace(str(N + 100), "38***00", 1)
    table = txt(HEAD + PLOT.format(1) + bad + PLOT.format(2) + points([(x + 200, y) for x, y in SQUARE]))
    assert table.frame.geometry.isna().tolist() == [True, False]
    assert table.frame.geometry.iloc[1].area == 10_000


def test_many_bad_lines_are_counted_and_not_listed_one_by_one(txt):
    bad = "".join(f"J{i},1,38***,38470000\n" for i in range(limits.FAULTS_LISTED + 50))
    faults = [fault for fault in txt(APPROVAL + bad).faults if fault.code == "coordinate_masked"]
    assert len(faults) == limits.FAULTS_LISTED + 1
    assert "50 more lines of this kind, 250 in all" in faults[-1].message


@pytest.mark.parametrize("declared", ["5", "4"])
def test_closing_points_may_be_counted_or_not(txt, declared):
    text = APPROVAL.replace("5,1.0000", f"{declared},1.0000")
    assert txt(text).faults == ()
    two = HEAD + f"{2 * int(declared)},0.96,1,甲,面,,,,@\n" + points() + points(HOLE, 2, first=5)
    assert txt(two).faults == ()


def test_a_count_that_lies_is_a_warning_with_both_numbers(txt):
    fault = only(txt(APPROVAL.replace("5,1.0000", "7,1.0000")), "point_count")
    assert (fault.severity, fault.row, fault.column) == (Severity.WARNING, 13, "点数")
    assert "declares 7 points, and 5 follow (4 without" in fault.message
    fault = only(txt(APPROVAL.replace("5,1.0000", "五,1.0000")), "point_count")
    assert "'五'" in fault.message


@pytest.mark.parametrize(
    ("corners", "code"),
    [
        ([(0, 0), (0, 100)], "ring_too_short"),
        ([(0, 0), (0, 100), (0, 0)], "ring_too_short"),
        ([(0, 0), (33.333, 16.667), (100, 50), (0, 0)], "ring_without_area"),
    ],
)
def test_a_ring_that_encloses_nothing_is_an_error_on_its_first_line(txt, corners, code):
    table = txt(HEAD + PLOT.format(1) + points(corners))
    assert (only(table, code).row, only(table, code).severity) == (14, Severity.ERROR)
    assert table.frame.geometry.isna().all()


def test_an_open_ring_is_closed_and_the_gap_told(txt):
    hole = [*HOLE[:-1], (40, 40.25)]
    table = txt(HEAD + "10,0.96,1,甲,面,,,,@\n" + points() + points(hole, 2))
    fault = only(table, "ring_not_closed")
    assert (fault.row, fault.severity) == (23, Severity.WARNING)
    assert "0.250 m" in fault.message
    assert table.frame.geometry.iloc[0].is_valid


def test_a_file_that_never_closes_its_rings_is_told_once(txt):
    plots = [PLOT.format(i) + points([(x + 200 * i, y) for x, y in SQUARE[:-1]]) for i in (0, 1)]
    table = txt(HEAD + "".join(plots))
    assert table.frame.geometry.area.tolist() == [10_000, 10_000]
    assert [fault.code for fault in table.faults] == ["rings_not_closed"]
    assert "None of the 2 rings" in table.faults[0].message
    assert "100.000 m" in table.faults[0].message


def test_points_before_the_first_plot_belong_to_none(txt):
    table = txt(HEAD + points(SQUARE[:3]) + PLOT.format(1) + points())
    fault = only(table, "point_before_plot")
    assert (fault.row, fault.severity) == (13, Severity.ERROR)
    assert "3 points stand before the first plot's line (line 16)" in fault.message
    assert table.frame.geometry.area.tolist() == [10_000]


def test_a_plot_without_points_is_told_and_the_others_read(txt):
    table = txt(HEAD + PLOT.format(1) + PLOT.format(2) + points() + PLOT.format(3))
    assert [fault.row for fault in table.faults if fault.code == "plot_without_points"] == [13, 20]
    assert table.frame.geometry.isna().tolist() == [True, False, True]


def test_a_number_given_twice_names_both_lines(txt):
    table = txt(HEAD + PLOT.format(1) + points() + PLOT.format(1) + points([(x + 200, y) for x, y in SQUARE]))
    fault = only(table, "plot_number_twice")
    assert (fault.row, fault.feature, fault.severity) == (19, "DK-1", Severity.ERROR)
    assert "line 13 and again in line 19" in fault.message
    assert len(table.frame) == 2


def test_rings_go_by_containment_and_not_by_number(txt):
    away = [(x + 300, y) for x, y in SQUARE]
    for numbers in ((1, 2, 3), (101, 102, 101), (3, 1, 2), (1, 1, 1)):
        text = "".join(points(ring, n) for ring, n in zip((HOLE, away, SQUARE), numbers, strict=True))
        table = txt(HEAD + "15,1.96,1,甲,面,,,,@\n" + text)
        shape = table.frame.geometry.iloc[0]
        assert table.faults == ()
        assert shape.geom_type == "MultiPolygon"
        assert shape.area == 20_000 - 400


def test_rings_that_cross_or_are_drawn_twice_are_named_by_their_numbers(txt):
    table = txt(
        HEAD + "15,1,1,甲,面,,,,@\n" + points() + points(ring=7) + points([(x + 50, y) for x, y in SQUARE], 9)
    )
    assert "rings 1 and 7 are the same outline" in only(table, "rings_equal").message
    fault = only(table, "rings_crossing")
    assert "rings 1 and 9 cross" in fault.message
    assert fault.row == 24


def test_a_line_that_is_nothing_is_left_out_with_a_warning(txt):
    for said in ("完", "7", "共5点"):
        fault = only(txt(f"{APPROVAL}{said}\n"), "line_unknown")
        assert (fault.row, fault.severity) == (19, Severity.WARNING)
        assert repr(said) in fault.message


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("名称,经度,纬度\n甲,113.6,34.7\n乙,113.7,34.8\n", r"a table parted by commas; line 1 .*\.csv"),
        ("a\tb\n1\t2\n", "a table parted by tabs"),
        ("2024-01-01 10:00:00 start\n2024-01-01 10:00:01 stop\n", "a log"),
        ("今天天气很好，我们去公园。\n" * 20_000, "plain text"),
        ("各位同事：\n请查收附件。\n", "plain text; line 1 reads '各位同事：'"),
        ('{"type": "FeatureCollection", "features": []}', "JSON"),
        (points(), "points without a plot's line; line 1"),
        (HEAD, "none of its lines ends in @"),
        ("\n \r\n\t\n" + " " * 5_000_000, "blank lines only"),
        (bytes(range(256)) * 20, "is no text"),
        (b"J1,1,\0\0\0\0,7@\n" * 9, "is no text"),
    ],
)
def test_a_text_that_is_something_else_is_told_as_what_it_looks_like(txt, content, said):
    with pytest.raises(FileBroken, match=said) as refused:
        txt(content)
    assert "界址点.txt" in str(refused.value)


def test_an_empty_file_and_a_page_are_refused_before_they_are_read(txt):
    with pytest.raises(FileBroken, match="0 bytes"):
        txt("")
    with pytest.raises(FormatUnknown, match="HTML"):
        txt("<!doctype html><html></html>")


def test_a_plot_declared_as_a_line_or_with_few_fields_is_doubted(txt):
    assert only(txt(APPROVAL.replace(",面,", ",线,")), "not_an_area").row == 13
    assert only(txt(APPROVAL.replace("1.0000,DK", "约1公顷,DK")), "area_unreadable").row == 13
    table = txt(HEAD + "5,1.0,DK-1,甲,面,@\n" + points())
    assert "5 fields" in only(table, "header_fields").message
    assert table.frame["plot_no"].tolist() == ["DK-1"]


def test_a_bow_tie_is_kept_for_the_checks_to_find(txt):
    tie = [(0, 0), (100, 100), (100, 0), (0, 80), (0, 0)]
    table = txt(HEAD + PLOT.format(1) + points(tie))
    assert not shapely.is_valid(table.frame.geometry.iloc[0])
