"""Plots are held against everything that can be wrong with an outline, and told with numbers and places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from data.records import Fault, Severity
from geo.boundary_change.soundness import Soundness, check

E, N, BELT = 38_470_000.0, 3_850_000.0, 4526
SQUARE = [(0, 0), (100, 0), (100, 100), (0, 100)]
HECTARE = 9_999.78  # of the ellipsoid, of a square of 100 m in the plane


def polygon(points: Sequence[Sequence[float]], *holes: Sequence[Sequence[float]]) -> shapely.Polygon:
    """A polygon of the belt, metres from the corner of the place."""
    moved = [[(E + x, N + y) for x, y in ring] for ring in (points, *holes)]
    return shapely.Polygon(moved[0], moved[1:])


def box(x: float, y: float, wide: float, high: float) -> list[tuple[float, float]]:
    """The corners of a rectangle, counter-clockwise."""
    return [(x, y), (x + wide, y), (x + wide, y + high), (x, y + high)]


def table(*shapes: Any, crs: int = BELT, **columns: Any) -> gpd.GeoDataFrame:
    """Plots as a reader hands them over, named A, B, C …"""
    names = {"plot_no": [chr(65 + at) for at in range(len(shapes))]}
    return gpd.GeoDataFrame({**names, **columns}, geometry=list(shapes), crs=crs)


def checked(*shapes: Any, **columns: Any) -> Soundness:
    """The check of plots of the belt."""
    return check(table(*shapes, **columns), BELT, file="plots.txt")


def only(found: Soundness, code: str) -> Fault:
    """The one fault of that code."""
    (fault,) = [fault for fault in found.faults if fault.code == code]
    return fault


def test_a_sound_square_has_no_fault():
    found = checked(polygon(SQUARE))
    assert found.faults == ()
    assert found.figures["sound"].tolist() == [True]
    assert len(found.usable()) == 1


def test_a_bow_tie_is_told_with_its_place_its_points_and_both_lobes():
    found = checked(polygon([(0, 0), (100, 100), (100, 0), (0, 100)]), line=[12])
    fault = only(found, "self_crossing")
    assert fault.severity is Severity.ERROR
    assert (fault.file, fault.row, fault.feature) == ("plots.txt", 12, "A")
    assert "at E 38470050.000, N 3850050.000, between points 1-2 and 3-4" in fault.message
    assert "2 lobes of 2,499.94, 2,499.94 m²; summed round the ring they are 0.00 m²" in fault.message
    assert found.usable().tolist() == []
    mended = only(found, "mended")
    assert "from 0.00 to 4,999.89 m²" in mended.message
    assert shapely.area(found.usable(repair=True)).tolist() == [5_000.0]


def test_points_of_boundary_texts_are_numbered_clockwise_as_the_file_numbers_them():
    bow_tie = polygon([(0, 0), (100, 100), (100, 0), (0, 100)])  # its file: 1, then backwards
    found = checked(bow_tie, dialect=["approval"])
    assert "between points 4-1 and 2-3" in only(found, "self_crossing").message


def test_a_star_of_five_points_crosses_itself_five_times():
    turns = np.arange(5) * 4 * np.pi / 5
    found = checked(polygon(np.column_stack([50 + 50 * np.cos(turns), 50 + 50 * np.sin(turns)])))
    message = only(found, "self_crossing").message
    assert "and at 2 more places" in message
    assert "6 lobes of 867.21, 387.83" in message  # the middle is summed twice
    assert "3,673.58" in message


def test_a_crossing_at_a_point_of_the_ring_is_a_crossing():
    found = checked(polygon([(0, 0), (50, 50), (100, 100), (100, 0), (50, 50), (0, 100)]))
    assert "2 lobes of 2,499.94, 2,499.94" in only(found, "self_crossing").message


def test_a_ring_that_touches_itself_keeps_its_area_when_it_is_mended():
    found = checked(polygon([(0, 0), (50, 50), (100, 0), (100, 100), (50, 50), (0, 100)]))
    assert "touches itself at E 38470050.000, N 3850050.000" in only(found, "self_touching").message
    assert "(+0.00)" in only(found, "mended").message
    assert not found.usable().size


@pytest.mark.parametrize(
    ("points", "why"),
    [
        ([(0, 0), (50, 50), (100, 100)], "has its 3 points on one line"),
        ([(0, 0), (100, 0), (0, 0)], "has 2 different points and needs 3"),
        ([(0, 0), (30, 0), (100, 0.00005), (60, 0)], "has its 4 points on one line"),
    ],
)
def test_points_on_one_line_enclose_no_land(points, why):
    found = checked(polygon(points))
    assert why in only(found, "ring_without_area").message
    assert [fault.code for fault in found.errors] == ["ring_without_area"]


def test_a_spike_without_width_is_an_error_and_one_with_some_a_warning():
    tip = [(0, 0), (100, 0), (100, 50), (200, 50), (100, 50), (100, 100), (0, 100)]
    flat = checked(polygon(tip))
    assert [fault.code for fault in flat.errors] == ["spike"]
    assert (
        "the longest of 100.00 m, the sharpest of 0.00 degrees: point 4 of ring 1" in flat.errors[0].message
    )
    tip[4] = (100, 50.04)
    thin = only(checked(polygon(tip)), "spike")
    assert thin.severity is Severity.WARNING
    assert "E 38470200.000, N 3850050.000" in thin.message


def test_a_sharp_angle_that_is_no_spike_is_told_once():
    found = checked(polygon([(0, 0), (100, 0), (0, 10)]))
    assert "the sharpest of 5.71: point 2 of ring 1" in only(found, "angle_sharp").message  # atan 0.1
    assert "spike" not in {fault.code for fault in found.faults}


def test_repeated_points_and_short_edges_are_counted_apart():
    found = checked(polygon([(0, 0), (100, 0), (100, 0), (100, 100), (100, 100.05), (0, 100)]))
    assert "has 1 points that the next one repeats" in only(found, "points_twice").message
    assert "the shortest of 0.0500 m: point 4 of ring 1" in only(found, "edges_short").message
    assert found.errors == ()
    many = polygon([(x / 50, 0) for x in range(6)] + [(0.1, 10)])
    assert "has 5 edges" in only(checked(many), "edges_short").message
    assert "and 2 more" in only(checked(many), "edges_short").message


def test_a_hole_beside_its_outline_or_over_it_is_told_with_what_lies_beyond():
    beside = checked(polygon(SQUARE, box(150, 0, 10, 10)))
    over = checked(polygon(SQUARE, box(90, 10, 20, 10)))
    assert "a hole outside its outline: 100.00 m² of hole 1" in only(beside, "hole_outside").message
    assert "a hole that leaves its outline: 100.00 m²" in only(over, "hole_outside").message


def test_holes_on_each_other_and_parts_in_parts_are_told_with_the_land_they_share():
    crossed = checked(polygon(SQUARE, box(10, 10, 40, 40), box(40, 40, 20, 20)))
    within = checked(polygon(SQUARE, box(10, 10, 40, 40), box(20, 20, 10, 10)))
    parts = checked(shapely.MultiPolygon([polygon(SQUARE), polygon(box(10, 10, 10, 10))]))
    assert "holes 1 and 2 that overlap: 100.00 m²" in only(crossed, "holes_overlap").message
    assert "lie one within the other: 100.00 m²" in only(within, "holes_overlap").message
    assert "parts 1 and 2 that lie one within the other: 100.00 m²" in only(parts, "parts_overlap").message


def test_a_hole_that_cuts_its_outline_apart_is_an_error_of_its_own():
    found = checked(polygon(SQUARE, [(0, 50), (50, 20), (100, 50), (50, 80)]))
    assert [fault.code for fault in found.errors] == ["interior_cut"]


def test_what_no_rule_explains_is_told_as_the_library_words_it():
    found = checked(polygon(SQUARE, [(0, 20), (0, 80), (50, 50)]))  # a hole along its outline
    assert [fault.code for fault in found.errors] == ["geometry_invalid"]
    assert "Self-intersection at E" in found.errors[0].message


def test_a_hole_that_runs_as_its_outline_is_noted_and_measured_all_the_same():
    alike, against = box(10, 10, 10, 10), box(10, 10, 10, 10)[::-1]
    noted, right = checked(polygon(SQUARE, alike)), checked(polygon(SQUARE, against))
    assert only(noted, "hole_runs_as_outline").severity is Severity.WARNING
    assert right.faults == ()
    assert noted.figures["area_m2"].tolist() == right.figures["area_m2"].tolist()


def test_a_coordinate_that_is_no_number_takes_out_its_plot_alone():
    with np.errstate(invalid="ignore"):
        odd = shapely.Polygon([(E, N), (E + 1, N), (float("nan"), N + 1)])
    found = checked(odd, polygon(SQUARE), None, shapely.LineString([(E, N), (E + 1, N)]), shapely.Polygon())
    assert [fault.code for fault in found.errors] == [*["plot_without_polygon"] * 3, "coordinate_not_finite"]
    assert [fault.feature for fault in found.errors] == ["C", "D", "E", "A"]
    assert found.figures["area_m2"].round(2).fillna(-1).tolist() == [-1, HECTARE, -1, -1, -1]
    assert len(found.usable()) == 1


def test_plots_without_a_row_have_no_figure():
    found = checked()
    assert (found.faults, dict(found.whole), len(found.figures)) == ((), {}, 0)


def test_faults_in_degrees_name_degrees_and_the_same_areas():
    crossed = polygon([(0, 0), (100, 100), (100, 0), (0, 100)])
    degrees = table(crossed).to_crs(4490)
    message = only(check(degrees, 4490), "self_crossing").message
    assert "2 lobes of 2,499.94, 2,499.94" in message
    assert "at 113.67279863, 34.77833059" in message
    spike = table(polygon([(0, 0), (100, 0), (100, 50), (200, 50.02), (100, 50.04), (100, 100), (0, 100)]))
    assert "100.0" in only(check(spike.to_crs(4490), 4490), "spike").message


def test_a_needle_that_bends_over_itself_in_another_plane_is_no_reason_to_stop():
    needle = table(polygon([(0, 0), (5_000, 5_000), (10_000, 10_000.001)]))
    found = check(needle, BELT)
    assert found.errors == ()
    assert {"angle_sharp", "spike"} & {fault.code for fault in found.faults}
    assert only(found, "plot_narrow").severity is Severity.WARNING


def test_a_foreign_plane_is_measured_in_metres_all_the_same():
    web = table(polygon([(0, 0), (100, 0), (100, 0.05), (100, 100), (0, 100)])).to_crs(3857)
    found = check(web, 3857)
    assert "the shortest of 0.05" in only(found, "edges_short").message
    assert found.figures["area_m2"].round(0).tolist() == [10_000.0]


def test_a_ring_of_many_points_is_not_looked_at_edge_by_edge(monkeypatch):
    from geo.boundary_change.soundness import crossings, widths

    monkeypatch.setattr(crossings, "MOST", 3)
    monkeypatch.setattr(widths, "MOST", 3)
    found = checked(polygon([(0, 0), (100, 100), (100, 0), (0, 100)]), polygon(box(300, 0, 50, 50)))
    assert [fault.code for fault in found.errors] == ["geometry_invalid"]
    assert "Self-intersection at E 38470050.000, N 3850050.000" in found.errors[0].message
    assert np.isnan(found.figures["width_m"]).all()


def test_a_hole_without_points_is_passed_over():
    odd = shapely.from_wkt(
        "POLYGON ((470000 3850000, 470100 3850000, 470100 3850100, 470000 3850000), EMPTY)"
    )
    found = check(table(odd, crs=4547), 4547)
    assert found.faults == ()
    assert found.figures[["holes", "points"]].iloc[0].tolist() == [0, 3]
    several = shapely.MultiPolygon([odd, shapely.box(471_000, 3_850_000, 471_010, 3_850_010)])
    assert check(table(several, crs=4547), 4547).figures["parts"].tolist() == [2]
