"""What plots declare against what they measure, and the figures of their shape, worked by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from data import formats
from data.parameters import parameter
from geo.boundary_change.soundness import check, figures_of
from geo.boundary_change.soundness.declared import Tolerance, plane_areas
from geo.boundary_change.soundness.drawn import Drawn
from geo.boundary_change.soundness.widths import bands, necks
from geo.local_plane import LocalPlane, each_in_its_own

E, N, BELT = 38_470_000.0, 3_850_000.0, 4526
HECTARE = 9_999.78


def box(x: float, y: float, wide: float, high: float) -> shapely.Polygon:
    """A rectangle of the belt, metres from the corner of the place."""
    return shapely.box(E + x, N + y, E + x + wide, N + y + high)


def checked(*shapes: shapely.Geometry, crs: int = BELT, **columns: object):
    """The check of plots drawn in the belt and handed over in a CRS."""
    plots = gpd.GeoDataFrame(columns, geometry=list(shapes), crs=BELT).to_crs(crs)
    return check(plots, crs)


@pytest.mark.parametrize(
    ("declared", "word"),
    [
        (1.0, "plane"),
        (1.00005, "plane"),  # half a unit of the fourth decimal
        (1.00006, "differs"),
        (0.99995, "plane"),
        (0.99994, "ellipsoid"),  # 0.999978 ha, and 0.38 m² from it
        (0.9999, "differs"),
        (1.01, "differs"),
        (None, ""),
    ],
)
def test_a_declared_hectare_agrees_to_half_a_unit_of_its_last_decimal(declared, word):
    found = checked(box(0, 0, 100, 100), declared_area_ha=[declared])
    assert found.figures["agrees_with"].tolist() == [word]
    assert len(found.faults) == (word == "differs")


def test_a_number_with_two_decimals_agrees_with_as_many_as_it_has():
    found = checked(box(0, 0, 111, 111), declared_area_ha=[1.23])  # 1.2321 ha
    assert found.figures["agrees_with"].tolist() == ["rounded"]
    (fault,) = found.faults
    assert (fault.code, fault.remedy) == ("declared_area_rounded", "Give four decimals.")
    assert checked(box(0, 0, 111, 111), declared_area_ha=[1.2]).figures["agrees_with"].tolist() == ["differs"]


def test_an_area_that_differs_is_told_with_all_three_numbers_and_both_differences():
    (fault,) = checked(box(0, 0, 100, 100), declared_area_ha=[1.01]).faults
    assert fault.message == (
        "Plot 1 declares 1.01 ha, which agrees with neither: computed in the plane 1.0000 ha (+100.00 m², "
        "+10,000.0 ppm); on the ellipsoid 1.0000 ha (+100.22 m², +10,022.3 ppm)."
    )
    assert (fault.column, round(fault.area_m2, 2)) == ("declared_area_ha", 100)


def test_the_tolerance_is_a_dated_setting_of_the_house_and_no_law():
    told = parameter("rules.requests.area_tolerance.rounding").on(date(2024, 1, 1))
    assert (told.value, told.unit, told.status) == (0.00005, "ha", "illustration")
    assert Tolerance(0.00005, 0.01).agree(np.array([1.01]), np.array([1.0])).all()


def test_plots_in_degrees_are_held_against_the_plane_of_their_belt():
    found = checked(box(0, 0, 100, 100), crs=4490, declared_area_ha=[1.0])
    assert found.figures["agrees_with"].tolist() == ["plane"]
    assert found.figures["plane_m2"][0] == pytest.approx(10_000, abs=0.001)
    assert found.figures["area_m2"][0] == pytest.approx(HECTARE, abs=0.01)


def test_where_china_has_no_belt_there_is_no_plane_area():
    drawn, _ = Drawn.of(gpd.GeoDataFrame(geometry=[shapely.box(10, 50, 10.01, 50.01)], crs=4490), 4490)
    assert np.isnan(plane_areas(drawn)).all()


def test_points_are_counted_with_and_without_those_that_close_a_ring():
    ring = shapely.Polygon(box(0, 0, 100, 100).exterior, [box(10, 10, 10, 10).exterior.coords[::-1]])
    for declared in (8, 9, 10):
        assert checked(ring, declared_points=[declared]).faults == ()
    (fault,) = checked(ring, declared_points=[7]).faults
    assert "declares 7 points, and has 8, or 10 with its closing points" in fault.message
    assert checked(ring, declared_points=[7], dialect=["approval"]).faults == ()  # its reader tells


@pytest.mark.real
def test_real_plots_have_the_hectares_and_the_points_that_they_declare(real: Path):
    files = sorted((real / "coords_txt").glob("*.txt"))
    assert len(files) == 6
    for path in files:
        read = formats.read(path)
        found = check(read.frame, read.frame.crs, file=path.name)
        assert set(found.figures["agrees_with"]) == {"plane"}, path.name
        assert found.errors == ()
        assert (found.figures["declared_points"] - found.figures["points"]).isin([0, 1]).all()
        assert {fault.code for fault in found.faults} <= {"edges_short", "angle_sharp", "plots_gap"}


def test_the_figures_of_a_square_and_of_a_disc_are_known():
    square, disc = figures_of([shapely.box(0, 0, 100, 100), shapely.Point(0, 0).buffer(50, 64)]).to_dict(
        "records"
    )
    assert square["compactness"] == pytest.approx(np.pi / 4)
    assert disc["compactness"] == pytest.approx(1, abs=1e-3)
    assert (square["hull_share"], square["vertices"], square["holes"], square["parts"]) == (1, 4, 0, 1)
    assert (square["width_m"], square["band_m"]) == (pytest.approx(100, abs=0.05), 100)
    assert disc["width_m"] == pytest.approx(100, abs=0.1)
    assert (square["longest_edge_m"], square["shortest_edge_m"], square["perimeter_m"]) == (100, 100, 400)


def test_what_is_no_polygon_has_no_figures():
    told = figures_of([None, shapely.Polygon(), shapely.Point(0, 0)])
    assert told.isna().all(axis=None)
    assert not len(figures_of([]))


def test_holes_and_parts_count():
    ring = shapely.Polygon(shapely.box(0, 0, 100, 100).exterior, [shapely.box(10, 10, 20, 20).exterior])
    both = shapely.MultiPolygon([ring, shapely.box(200, 0, 230, 40)])
    (told,) = figures_of([both]).to_dict("records")
    assert (told["vertices"], told["holes"], told["parts"]) == (12, 1, 2)
    assert (told["area_m2"], told["perimeter_m"]) == (10_000 - 100 + 1_200, 400 + 40 + 140)
    assert told["width_m"] == pytest.approx(10, rel=0.02)  # between the hole and the outline
    assert told["band_m"] == 30


def dumbbell(wide: float, turned: float = 0.0) -> shapely.Geometry:
    """Two fields of 100 m with a lane between them."""
    lane = shapely.box(99, 50 - wide / 2, 151, 50 + wide / 2)
    both = shapely.union_all([shapely.box(0, 0, 100, 100), lane, shapely.box(150, 0, 250, 100)])
    return shapely.affinity.rotate(both, turned)


@given(st.floats(0.5, 60), st.floats(0, 180))
def test_the_neck_of_two_fields_is_the_width_of_the_lane_however_they_lie(wide, turned):
    assert necks([dumbbell(wide, turned)])[0] == pytest.approx(wide, rel=0.02)


def test_a_neck_between_two_corners_is_as_wide_as_they_are_apart():
    notched = shapely.difference(
        shapely.box(0, 0, 200, 200),
        shapely.union_all([shapely.box(-1, -1, 95, 95), shapely.box(105, 105, 201, 201)]),
    )
    assert necks([notched])[0] == pytest.approx(10 * 2**0.5, rel=0.02)


def test_a_lane_that_ends_blind_is_no_neck_and_a_strip_is_as_wide_as_it_is():
    blind = shapely.union(shapely.box(0, 0, 100, 100), shapely.box(100, 45, 300, 55))
    assert necks([blind])[0] == pytest.approx(100, rel=0.03)
    assert necks([shapely.box(0, 0, 1000, 0.05)])[0] == pytest.approx(0.05, rel=0.02)
    assert bands([shapely.affinity.rotate(shapely.box(0, 0, 30, 40), 33)])[0] == pytest.approx(30)


@given(st.integers(0, 11), st.booleans(), st.sampled_from([BELT, 4490]))
def test_figures_do_not_depend_on_start_or_direction_of_the_ring(start, turned, crs):
    shape = shapely.transform(dumbbell(8), lambda points: points + (E, N))
    ring = np.roll(shapely.get_coordinates(shape)[:-1], start, axis=0)[:: -1 if turned else 1]
    one, other = checked(shape, crs=crs).figures, checked(shapely.Polygon(ring), crs=crs).figures
    names = ["area_m2", "plane_m2", "perimeter_m", "vertices", "compactness", "width_m", "longest_edge_m"]
    assert other[names].astype(float).to_numpy() == pytest.approx(
        one[names].astype(float).to_numpy(), rel=1e-3
    )


def test_the_whole_counts_land_once_and_a_common_side_not_at_all():
    apart, beside = (
        checked(box(0, 0, 100, 100), box(200, 0, 100, 100)),
        checked(box(0, 0, 100, 100), box(100, 0, 100, 100)),
    )
    assert apart.whole["parts"] == 2
    assert beside.whole["parts"] == 1
    assert (
        apart.whole["area_m2"]
        == pytest.approx(beside.whole["area_m2"])
        == pytest.approx(2 * HECTARE, abs=0.1)
    )
    assert (round(apart.whole["perimeter_m"]), round(beside.whole["perimeter_m"])) == (800, 600)
    assert apart.whole["hull_share"] == pytest.approx(2 / 3, abs=1e-3)
    assert checked(box(0, 0, 100, 100)).whole["width_m"] == pytest.approx(100, abs=0.2)


def test_a_plot_far_off_is_measured_in_a_plane_of_its_own():
    north, south = shapely.box(113, 50, 113.001, 50.001), shapely.box(113, 20, 113.001, 20.001)
    together = figures_of(each_in_its_own([north, south], 4490))["perimeter_m"].tolist()
    alone = [LocalPlane(at + 0.0005).of([shape], 4490)[0].length for at, shape in ((50, north), (20, south))]
    assert together == pytest.approx(alone, rel=1e-9)
