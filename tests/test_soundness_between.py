"""Plots beside each other and beside the zone: overlaps, gaps, and strips narrower than the tolerance."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely

from data.records import Fault
from geo.boundary_change.soundness import Soundness, check
from geo.boundary_change.soundness import between as module

E, N, BELT = 38_470_000.0, 3_850_000.0, 4526
HECTARE = 9_999.78


def box(x: float, y: float, wide: float, high: float) -> shapely.Polygon:
    """A rectangle of the belt, metres from the corner of the place."""
    return shapely.box(E + x, N + y, E + x + wide, N + y + high)


def checked(
    *shapes: shapely.Geometry, beside: shapely.Geometry | None = None, snap_m: float = 0.1
) -> Soundness:
    """The check of plots A, B, C … of the belt, on lines 1, 2, 3 …"""
    names = [chr(65 + at) for at in range(len(shapes))]
    lines = range(1, len(shapes) + 1)
    plots = gpd.GeoDataFrame({"plot_no": names, "line": lines}, geometry=list(shapes), crs=BELT)
    zone = None if beside is None else gpd.GeoSeries([beside], crs=BELT).to_crs(4490)
    return check(plots, BELT, beside=zone, snap_m=snap_m)


def only(found: Soundness, code: str) -> Fault:
    """The one fault of that code."""
    (fault,) = [fault for fault in found.faults if fault.code == code]
    return fault


def test_two_plots_on_each_other_are_told_with_both_names_and_the_area():
    fault = only(checked(box(0, 0, 100, 100), box(90, 0, 100, 100)), "plots_overlap")
    assert "Plot B and plot A (line 1) overlap: 999.98 m²" in fault.message
    assert (fault.row, fault.area_m2) == (2, pytest.approx(HECTARE / 10, abs=0.01))


def test_the_same_plot_twice_is_the_same_land():
    found = checked(box(0, 0, 100, 100), box(0, 0, 100, 100))
    assert "are the same land: 9,999.78 m²" in only(found, "plots_overlap").message
    assert found.whole["area_m2"] == pytest.approx(HECTARE, abs=0.01)
    assert found.figures["area_m2"].sum() == pytest.approx(2 * HECTARE, abs=0.02)


def test_plots_that_share_a_side_or_a_corner_do_not_overlap():
    found = checked(box(0, 0, 100, 100), box(100, 0, 100, 100), box(100, 100, 50, 50), box(200, 30, 10, 10))
    assert found.faults == ()
    assert found.whole["parts"] == 1


def test_a_gap_below_the_tolerance_is_told_with_its_width_and_one_above_is_meant():
    near = only(checked(box(0, 0, 100, 100), box(100.04, 0, 100, 100)), "plots_gap")
    assert "leave 1 gaps of 4.00 m² between them, at most 0.040 m wide (tolerance 0.1 m)" in near.message
    assert checked(box(0, 0, 100, 100), box(100.2, 0, 100, 100)).faults == ()
    assert checked(box(0, 0, 100, 100), box(100.04, 0, 100, 100), snap_m=0).faults == ()
    assert only(checked(box(0, 0, 100, 100), box(100.2, 0, 100, 100), snap_m=0.5), "plots_gap").row == 2


def test_a_wedge_between_two_plots_is_a_gap_although_they_touch():
    left = box(0, 0, 100, 100)
    right = shapely.Polygon([(E + 100, N), (E + 200, N), (E + 200, N + 100), (E + 100.05, N + 100)])
    assert "2.50 m²" in only(checked(left, right), "plots_gap").message


def test_an_invalid_plot_is_left_out_of_the_comparison():
    bow_tie = shapely.Polygon([(E, N), (E + 100, N + 100), (E + 100, N), (E, N + 100)])
    codes = {fault.code for fault in checked(bow_tie, box(0, 0, 100, 100)).faults}
    assert codes == {"self_crossing", "mended"}


def test_many_overlaps_are_summed_up(monkeypatch):
    monkeypatch.setattr(module, "PAIRS_LISTED", 3)
    found = checked(*[box(0, 0, 100, 100)] * 4, *[box(x, 200, 100, 100) for x in (0, 100.02, 200.04)])
    told = [fault.message for fault in found.faults if fault.code == "plots_overlap"]
    assert len(told) == 4
    assert "In all 6 pairs of plots overlap; the first 3 are listed" in told[-1]


ZONE = box(0, 0, 300, 300)


def test_a_plot_along_the_zone_has_no_sliver():
    assert checked(box(300, 50, 100, 100), beside=ZONE).faults == ()
    assert checked(box(100, 100, 50, 50), beside=ZONE).faults == ()  # within it
    assert checked(box(900, 100, 50, 50), beside=ZONE).faults == ()  # far off


def test_a_gap_to_the_zone_is_told_with_area_width_and_tolerance():
    fault = only(checked(box(300.05, 50, 100, 100), beside=ZONE), "gap_to_boundary")
    assert "leaves 1 gaps to the zone's boundary of 5.00 m², at most 0.050 m wide (tolerance 0.1 m)" in (
        fault.message
    )
    assert checked(box(300.5, 50, 100, 100), beside=ZONE).faults == ()


def test_a_sliver_over_the_boundary_is_told_apart_from_one_within_it():
    over = only(checked(box(200, 50, 100.05, 100), beside=ZONE), "sliver_beyond_boundary")
    assert "reaches over the zone's boundary by 1 strips of 5.00 m², at most 0.050 m wide" in over.message
    within = only(checked(box(299.95, 50, 100, 100), beside=ZONE), "sliver_within_boundary")
    assert "reaches into the zone by 1 strips of 5.00 m²" in within.message
    assert within.area_m2 == pytest.approx(5, abs=0.01)


def test_without_a_boundary_or_a_tolerance_nothing_is_a_sliver():
    assert checked(box(300.05, 50, 100, 100)).faults == ()
    assert checked(box(300.05, 50, 100, 100), beside=ZONE, snap_m=0).faults == ()
