"""Tables of boundary points: columns under many names, rings out of rows, and each bad cell told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from data import formats
from data.errors import ColumnMissing
from data.formats.point_tables import looks_like_points, plots_of_points
from data.records import Severity, Source, Table

N, E = 3_850_000.0, 38_470_000.0
SQUARE = [(N, E), (N, E + 100), (N + 100, E + 100), (N + 100, E)]


def table(columns: dict[str, list[object]], first_row: int = 2) -> Table:
    """Columns as a table that was read from a sheet."""
    return Table(pd.DataFrame(columns), Source("points.xlsx", "", "xlsx"), first_row=first_row)


def points(
    corners: list[tuple[object, object]], x: str = "X坐标", y: str = "Y坐标", **more: list[object]
) -> Table:
    """Corners as a table with a column for the northing and one for the easting."""
    return table({**more, x: [c[0] for c in corners], y: [c[1] for c in corners]})


def codes(read: Table) -> list[str]:
    return [fault.code for fault in read.faults]


@pytest.mark.parametrize(
    ("number", "x", "y"),
    [
        ("界址点号", "X坐标(m)", "Y坐标(m)"),
        ("点号", "北坐标", "东坐标"),
        ("序号", "纵坐标X", "横坐标Y"),
        ("拐点编号", "X（北）", "Y（东）"),
        ("Point No.", "Northing", "Easting"),
        ("JZDH", "XZB", "YZB"),
        ("vertex", "N", "E"),
        ("点号", "拐点坐标/X", "拐点坐标/Y"),
    ],
)
def test_columns_are_known_under_many_names(number, x, y):
    read = points(SQUARE, x, y, **{number: ["J1", "J2", "J3", "J4"]})
    assert looks_like_points(read.frame)
    plots = plots_of_points(read)
    assert plots.frame.geometry[0].equals(shapely.box(E, N, E + 100, N + 100))
    assert plots.faults == ()


def test_eastings_under_x_are_taken_as_eastings_and_told():
    turned = [(e, n) for n, e in SQUARE]
    plots = plots_of_points(points(turned, "X", "Y"))
    assert plots.frame.geometry[0].equals(shapely.box(E, N, E + 100, N + 100))
    (told,) = plots.faults
    assert (told.code, told.severity, told.file) == ("columns_exchanged", Severity.WARNING, "points.xlsx")
    assert "X is the northing in Chinese surveying" in told.message


def test_eastings_under_northing_are_taken_by_their_magnitude_and_told():
    plots = plots_of_points(points([(e, n) for n, e in SQUARE], "北坐标", "东坐标"))
    assert plots.frame.geometry[0].equals(shapely.box(E, N, E + 100, N + 100))
    assert "against the names" in plots.faults[0].message


def test_small_numbers_are_northing_and_easting_as_named():
    plots = plots_of_points(points([(0.0, 0), (0, 10), (20, 10), (20, 0)], "X", "Y"))
    assert plots.frame.geometry[0].bounds == (0, 0, 10, 20)
    assert codes(plots) == ["coordinates_odd"]
    assert "So do all 4 points" in plots.faults[0].message


def test_degrees_are_read_with_decimals_and_with_minutes_and_seconds():
    lon, lat = ["113°32′06″", "113.545", "东经113度32分42秒"], ['34°45′00"', "34.75", "N34:45:36"]
    plots = plots_of_points(table({"点号": [1, 2, 3], "经度": lon, "纬度": lat}))
    corners = shapely.get_coordinates(plots.frame.geometry[0])[:3].tolist()
    assert np.allclose(sorted(corners), [[113.535, 34.75], [113.545, 34.75], [113.545, 34.76]])
    assert plots.frame.crs is None


def test_degrees_packed_into_one_number_are_told():
    plots = plots_of_points(
        table({"L": [1133206.0, 1133242.0, 1133242.0], "B": [344500.0, 344500.0, 344536.0]})
    )
    assert plots.frame.geometry[0].bounds == pytest.approx((113.535, 34.75, 113.545, 34.76))
    assert codes(plots) == ["degrees_packed"]


def test_plots_and_rings_by_number_with_holes_by_containment():
    hole = [(n * 0.2 + N * 0.8 + 10, e * 0.2 + E * 0.8 + 10) for n, e in SQUARE]
    other = [(n + 500, e) for n, e in SQUARE]
    read = points(
        [*SQUARE, *hole, *other],
        地块编号=["A"] + [None] * 7 + ["B"] * 4,
        地块名称=["甲"] * 8 + ["乙"] * 4,
        圈号=[1] * 4 + [2] * 4 + [1] * 4,
        用途=["工业"] * 12,
    )
    frame = plots_of_points(read).frame
    assert frame["plot_no"].tolist() == ["A", "B"]
    assert frame["plot_name"].tolist() == ["甲", "乙"]
    assert frame["line"].tolist() == [2, 10]
    assert frame["用途"].tolist() == ["工业", "工业"]
    assert frame.geometry.area.tolist() == pytest.approx([9_600, 10_000])


def test_numbers_of_plots_out_of_a_workbook_have_no_decimals():
    assert plots_of_points(points(SQUARE, 地块编号=[7.0] * 4)).frame["plot_no"].tolist() == ["7"]


@pytest.mark.parametrize("closing", [True, False])
def test_without_a_ring_column_a_ring_ends_where_the_number_is_1_again(closing):
    ring = [*SQUARE, SQUARE[0]] if closing else SQUARE
    other = [(n + 500, e) for n, e in ring]
    numbers = ["J1", "J2", "J3", "J4", *["J1"] * closing]
    plots = plots_of_points(points([*ring, *other], 点号=numbers * 2))
    assert plots.frame.geometry[0].geom_type == "MultiPolygon"
    assert plots.frame.geometry[0].area == pytest.approx(20_000)
    assert plots.faults == ()


def test_without_numbers_a_ring_ends_where_its_first_point_is_repeated():
    other = [(n + 500, e) for n, e in SQUARE]
    plots = plots_of_points(points([*SQUARE, SQUARE[0], *other, other[0]], "X", "Y"))
    assert plots.frame.geometry[0].area == pytest.approx(20_000)


def test_a_ring_listed_from_its_middle_on_stays_one_ring():
    plots = plots_of_points(points(SQUARE, 点号=[3, 4, 1, 2]))
    assert plots.frame.geometry[0].area == 10_000
    assert plots.faults == ()


def test_shuffled_rows_are_sorted_by_their_numbers_and_told():
    order = [2, 0, 3, 1]
    plots = plots_of_points(points([SQUARE[i] for i in order], 点号=[f"J{i + 1}" for i in order]))
    assert plots.frame.geometry[0].equals(shapely.box(E, N, E + 100, N + 100))
    assert codes(plots) == ["points_sorted"]
    assert plots.faults[0].row == 2


def test_shuffled_numbers_that_stand_there_twice_are_an_error():
    plots = plots_of_points(points([*SQUARE, (N + 50, E - 50)], 点号=[1, 3, 2, 3, 4], 圈号=[1] * 5))
    told = next(each for each in plots.faults if each.code == "points_out_of_order")
    assert told.severity is Severity.ERROR


@given(st.permutations(range(10)))
def test_any_order_of_the_rows_of_two_numbered_plots_gives_the_same_plots(order):
    rows = [("A", i + 1, *c) for i, c in enumerate([*SQUARE, SQUARE[0]])]
    rows += [("B", i + 1, c[0] + 500, c[1]) for i, c in enumerate([*SQUARE, SQUARE[0]])]
    rows = [rows[i] for i in order]
    columns = dict(zip(("地块编号", "点号", "X", "Y"), map(list, zip(*rows, strict=True)), strict=True))
    frame = plots_of_points(table(columns)).frame.set_index("plot_no")
    assert frame.geometry["A"].equals(shapely.box(E, N, E + 100, N + 100))
    assert frame.geometry["B"].equals(shapely.box(E, N + 500, E + 100, N + 600))


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("38***123.45", "coordinate_masked"),
        ("384700xx.00", "coordinate_masked"),
        ("见附图", "coordinate_not_number"),
        (None, "coordinate_missing"),
        (" ", "coordinate_missing"),
        ("nan", "coordinate_not_finite"),
        ("inf", "coordinate_not_finite"),
        ("1e300", "coordinate_not_finite"),
        (float("inf"), "coordinate_not_finite"),
    ],
)
def test_each_bad_cell_is_an_error_with_row_and_column(cell, code):
    corners: list[tuple[object, object]] = [*SQUARE, *[(n + 500, e) for n, e in SQUARE]]
    corners[2] = (corners[2][0], cell)
    plots = plots_of_points(points(corners, 地块编号=["A"] * 4 + ["B"] * 4))
    (told,) = plots.faults
    assert (told.code, told.row, told.column, told.severity) == (code, 4, "Y坐标", Severity.ERROR)
    assert told.remedy
    assert plots.frame.geometry.isna().tolist() == [True, False]


@pytest.mark.parametrize("cell", ["３８４７００００", "38,470,000", " 38470000.0 ", "38470000m", "3.847e7"])
def test_odd_spellings_of_a_number_are_read(cell):
    plots = plots_of_points(points([(N, cell), *SQUARE[1:]]))
    assert plots.frame.geometry[0].area == 10_000
    assert plots.faults == ()


@pytest.mark.parametrize(
    ("corners", "code"),
    [(SQUARE[:2], "ring_too_short"), ([(N + i, E + i) for i in range(3)], "ring_without_area")],
)
def test_a_ring_that_encloses_nothing_is_an_error_with_its_first_row(corners, code):
    plots = plots_of_points(points(corners))
    (told,) = plots.faults
    assert (told.code, told.row) == (code, 2)
    assert plots.frame.geometry.isna().all()


def test_one_exchanged_point_is_named():
    corners = [*SQUARE[:3], (SQUARE[3][1], SQUARE[3][0])]
    told = plots_of_points(points(corners)).faults[0]
    assert (told.code, told.row) == ("coordinates_exchanged", 5)


def test_what_is_no_table_of_points_is_told_by_its_columns():
    assert not looks_like_points(pd.DataFrame(columns=["parcel_id", "area", "use"]))
    with pytest.raises(ColumnMissing, match="经度 and 纬度"):
        plots_of_points(table({"地块编号": ["1"], "面积": [2.0]}))


def test_a_text_file_is_read_with_its_title_and_its_rows_as_a_person_counts_them(tmp_path: Path):
    path = tmp_path / "界址点.csv"
    lines = ["2000国家大地坐标系 3度带 带号38", "地块,点号,X,Y,边长"]
    lines += [f"{p},J{i},{n:.3f},{e - 38e6:.3f},100" for p in "AB" for i, (n, e) in enumerate(SQUARE, 1)]
    lines[4] = lines[4].replace("3850100", "38***00")
    path.write_text("\n".join(lines), "gbk")
    read = formats.read(path)
    assert looks_like_points(read.frame)
    plots = plots_of_points(read)
    assert plots.frame.crs.to_epsg() == 4547
    assert [(each.row, each.column) for each in plots.faults] == [(5, "X")]


def test_a_long_table_is_read_like_a_short_one():
    count = 20_000
    which = np.repeat(np.arange(count), 4)
    north = N + np.tile([0, 0, 5, 5], count) + 10 * which
    east = E + np.tile([0, 5, 5, 0.0], count)
    frame = pd.DataFrame({
        "地块编号": which,
        "点号": np.tile(["J1", "J2", "J3", "J4"], count),
        "X": north,
        "Y": east,
    })
    plots = plots_of_points(Table(frame, Source("a.csv", "", "csv"), first_row=2))
    assert (plots.frame.geometry.area == 25).all()
    assert plots.faults == ()
