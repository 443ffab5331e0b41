"""Plots of a request: what they declare, and which rows of a file are plots at all."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from data.errors import LayerUnusable
from data.records import Severity, Source, Table
from geo.boundary_change.plots import Plots, plots_of

E, N = 38_470_000.0, 3_850_000.0
SQUARE = shapely.box(E, N, E + 100, N + 100)


def table(
    columns: dict[str, list[object]], shapes: list[object], crs: object = 4526, **more: object
) -> Table:
    """Rows with shapes as a table that was read."""
    frame = gpd.GeoDataFrame(columns, geometry=gpd.array.from_shapely(np.array([*shapes, None], object)[:-1]))
    return Table(frame.set_crs(crs), Source("a.gpkg", "abc", "GeoPackage"), **more)


def squares(count: int) -> list[shapely.Geometry]:
    """Squares of a hectare, side by side."""
    return [shapely.box(E + 200 * i, N, E + 200 * i + 100, N + 100) for i in range(count)]


def codes(plots: Plots) -> list[str]:
    return [fault.code for fault in plots.faults]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (
            {"DKBH": ["1"], "DKMC": ["甲"], "DKMJ": [1.0], "JZDS": [4.0], "DKYT": ["工业"], "TFH": ["I49"]},
            {"plot_no": "1", "plot_name": "甲", "declared_area_ha": 1.0, "declared_points": 4},
        ),
        (
            {"TBBH": [7], "DLBM": ["0601"], "TBMJ": [10_000.0], "YT": ["工业"]},
            {"plot_no": "7", "land_class": "0601", "declared_area_ha": 1.0, "purpose": "工业"},
        ),
        (
            {"地块编号": [3.0], "地块名称": [" "], "面积（亩）": ["15"]},
            {"plot_no": "3", "plot_name": None, "declared_area_ha": 1.0},
        ),
        ({"name": ["甲"], "用地面积(平方米)": [10_000]}, {"plot_name": "甲", "declared_area_ha": 1.0}),
        ({"面积": ["15亩"]}, {"declared_area_ha": 1.0}),
        ({"area_mu": [15]}, {"declared_area_ha": 1.0}),
    ],
)  # fmt: skip
def test_what_plots_declare_is_known_under_many_names(columns, expected):
    row = plots_of(table(columns, [SQUARE])).frame.iloc[0]
    for name, value in expected.items():
        assert pd.isna(row[name]) if value is None else row[name] == value, name


@pytest.mark.parametrize(("said", "unit"), [(9_998.0, "square metres"), (15.01, "mu")])
def test_an_area_without_unit_is_in_that_in_which_the_outline_has_it(said, unit):
    plots = plots_of(table({"MJ": [said]}, [SQUARE]))
    assert plots.frame["declared_area_ha"][0] == pytest.approx(1.0, abs=0.001)
    assert unit in plots.faults[0].message


def test_an_area_that_fits_no_unit_is_not_known():
    plots = plots_of(table({"MJ": [3.3]}, [SQUARE]))
    assert plots.frame["declared_area_ha"].isna().all()
    assert codes(plots) == ["area_unit_unknown"]


def test_an_area_that_is_no_number_is_told_with_its_row():
    plots = plots_of(table({"面积(公顷)": ["1.0", "约一公顷"]}, squares(2), first_row=2))
    assert plots.frame["declared_area_ha"].isna().tolist() == [False, True]
    assert [(fault.code, fault.row) for fault in plots.faults] == [("area_unreadable", 3)]


def test_only_polygons_are_plots_and_the_other_rows_are_told():
    shapes = [SQUARE, shapely.Point(E, N), None, shapely.LineString([(E, N), (E + 9, N)])]
    plots = plots_of(table({"DKBH": list("abcd")}, shapes))
    assert plots.frame["plot_no"].tolist() == ["a"]
    assert plots.frame["line"].tolist() == [1]
    assert sorted((fault.code, fault.row) for fault in plots.errors) == [
        ("geometry_missing", 3), ("geometry_not_polygon", 2), ("geometry_not_polygon", 4),
    ]  # fmt: skip


def test_invalid_polygons_pass_for_others_to_judge():
    knot = shapely.Polygon([(E, N), (E + 9, N + 9), (E + 9, N), (E, N + 9)])
    plots = plots_of(table({}, [knot, SQUARE]))
    assert plots.frame.geometry.is_valid.tolist() == [False, True]
    assert plots.faults == ()


def test_heights_are_dropped():
    high = shapely.force_3d(SQUARE, 88.0)
    plots = plots_of(table({}, [high]))
    assert not plots.frame.geometry.has_z.any()
    assert codes(plots) == ["heights_dropped"]


def test_two_plots_with_one_number_are_an_error_that_names_both_rows():
    plots = plots_of(table({"DKBH": ["1", "2", "1"]}, squares(3), first_row=2))
    (told,) = plots.errors
    assert (told.code, told.row, told.feature) == ("plot_number_twice", 4, "1")
    assert "row 2" in told.message


def test_a_corner_at_zero_is_an_error():
    lost = shapely.Polygon([(E, N), (E + 100, N), (0, 0), (E, N + 100)])
    plots = plots_of(table({"DKBH": ["1", "2"]}, [SQUARE, lost]))
    assert [(each.code, each.row) for each in plots.errors] == [("coordinates_zero", 2)]
    assert plots.frame["plot_no"].tolist() == ["1"]


def test_a_table_without_outlines_or_points_is_refused_by_its_columns():
    frame = pd.DataFrame({"企业名称": ["甲"], "税收": [1.0], "年度": [2023]})
    with pytest.raises(LayerUnusable, match="企业名称, 税收"):
        plots_of(Table(frame, Source("b.xlsx", "", "xlsx")))


def test_rows_of_points_are_plots():
    rows = {
        "地块编号": ["7"] * 4,
        "点号": [1, 2, 3, 4],
        "X": [N, N, N + 100, N + 100],
        "Y": [E, E + 100, E + 100, E],
    }
    rows["面积(公顷)"] = ["1.0", "", "", ""]
    source = Source("b.xlsx", "", "xlsx")
    plots = plots_of(Table(pd.DataFrame(rows), source, first_row=2))
    assert plots.frame.geometry[0].equals(SQUARE)
    assert plots.frame.loc[0, ["plot_no", "line", "declared_area_ha"]].tolist() == ["7", 2, 1.0]
    assert (plots.crs, codes(plots)) == ("EPSG:4526", ["crs_assumed"])
    assert all(fault.file == "b.xlsx" for fault in plots.faults)


def test_a_layer_without_a_plot_is_an_error():
    plots = plots_of(table({}, []))
    assert codes(plots) == ["no_plots"]
    assert plots.errors[0].severity is Severity.ERROR
    assert (plots.crs, len(plots.frame)) == ("", 0)
