"""Where plots lie: the CRS that holds, and what is said when numbers, declarations and the zone disagree."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely
from pyproj import Transformer

from data.errors import CrsContradicted, CrsMissing
from data.records import Severity, Source, Table
from geo.boundary_change.plots import Plots, plots_of
from geo.crs import to_bd09, to_gcj02

LON, LAT = 113.7, 34.76
NEAR = (113.65, 34.72, 113.75, 34.80)


def square(code: int = 4490, lon: float = LON, lat: float = LAT, side: float = 0.002) -> shapely.Geometry:
    """A square of some hectares in the numbers of a CRS, x first."""
    shape = shapely.box(lon, lat, lon + side, lat + side)
    if code == 4490:
        return shape
    return shapely.transform(
        shape, Transformer.from_crs(4490, code, always_xy=True).transform, interleaved=False
    )


def plots(
    *shapes: shapely.Geometry,
    declared: int | None = None,
    near: tuple[float, ...] | None = NEAR,
    crs: str | None = None,
) -> Plots:
    """The plots of shapes that declare a CRS, or none."""
    frame = gpd.GeoDataFrame({"DKBH": [str(i) for i in range(1, len(shapes) + 1)]}, geometry=list(shapes))
    table = Table(frame.set_crs(declared) if declared else frame, Source("a.dxf", "", "test"))
    return plots_of(table, crs=crs, near=near)


def swapped(shape: shapely.Geometry) -> shapely.Geometry:
    return shapely.transform(shape, lambda points: points[:, ::-1])


def moved(shape: shapely.Geometry, x: float) -> shapely.Geometry:
    return shapely.transform(shape, lambda points: points + [x, 0])


def codes(found: Plots) -> list[str]:
    return [fault.code for fault in found.faults]


def lies_right(found: Plots) -> bool:
    """Whether the first plot lies where it was drawn, to a centimetre."""
    here = found.frame.to_crs(4490).geometry[0]
    return bool(here.hausdorff_distance(square()) < 1e-7)


@pytest.mark.parametrize("code", [4490, 4526, 4547, 4508, 4326, 32649])
@pytest.mark.parametrize("near", [NEAR, None])
def test_what_is_declared_holds_when_the_numbers_agree(code, near):
    if code == 4508:
        code = 4498  # the 6-degree belt 19 does not hold the place; it is the plane all the same
    found = plots(square(code), declared=code, near=near)
    assert found.crs == f"EPSG:{code}"
    assert lies_right(found)
    assert not found.errors


@pytest.mark.parametrize(
    ("code", "near"), [(4526, NEAR), (4526, None), (4490, NEAR), (4490, None), (4547, NEAR)]
)
def test_what_declares_nothing_is_read_as_its_numbers_allow_and_that_is_told(code, near):
    found = plots(square(code), near=near)
    assert (found.crs, codes(found)) == (f"EPSG:{code}", ["crs_assumed"])
    assert f"--crs EPSG:{code}" in found.faults[0].remedy
    assert lies_right(found)


def test_an_easting_without_its_belt_is_refused_where_no_zone_tells_the_belt():
    with pytest.raises(CrsMissing, match="without its belt number"):
        plots(square(4547), near=None)
    assert lies_right(plots(square(4547), near=None, crs="4547"))


@pytest.mark.parametrize(
    ("code", "declared"), [(4490, 4490), (4526, 4526), (4547, 4547), (4526, None), (4490, None), (4547, None)]
)
def test_axes_are_exchanged_where_that_alone_puts_the_plots_near_the_zone(code, declared):
    found = plots(swapped(square(code)), declared=declared)
    assert codes(found) == ["axes_swapped"]
    assert found.faults[0].severity is Severity.WARNING
    assert "0 km from the zone" in found.faults[0].message
    assert lies_right(found)


@pytest.mark.parametrize("code", [4490, 4526])
def test_axes_are_not_exchanged_without_a_zone_but_named(code):
    with pytest.raises(CrsContradicted, match=r"before (longitude|easting)"):
        plots(swapped(square(code)), declared=code, near=None)
    with pytest.raises(CrsMissing, match="the axes stand in the wrong order"):
        plots(swapped(square(code)), near=None)


def test_a_wrong_belt_is_named_with_both_distances_and_the_remedy():
    found = plots(square(4547), declared=4546)
    (told,) = found.errors
    assert told.code == "wrong_belt"
    assert "In EPSG:4546 (belt 37) they lie 269 km from the zone" in told.message
    assert "in EPSG:4547 (belt 38) they lie 0 km from it" in told.message
    assert "--crs EPSG:4547" in told.remedy


def test_a_wrong_number_before_the_eastings_is_named():
    found = plots(moved(square(4526), -1e6), declared=4525)
    (told,) = found.errors
    assert told.code == "wrong_belt"
    assert "without the number before the eastings" in told.message
    assert "corrected to 38" in told.remedy


def test_eastings_of_another_belt_than_declared_are_named():
    found = plots(square(4526), declared=4525)
    (told,) = found.errors
    assert told.code == "wrong_belt"
    assert "in EPSG:4526 (belt 38) they lie 0 km from it" in told.message
    assert lies_right(found)
    with pytest.raises(CrsContradicted, match="begin with 38"):
        plots(square(4526), declared=4525, near=None)


@pytest.mark.parametrize(("declared", "code"), [(4526, 4547), (4547, 4526)])
@pytest.mark.parametrize("near", [NEAR, None])
def test_a_belt_number_that_is_lacking_or_too_much_is_no_doubt(declared, code, near):
    found = plots(square(code), declared=declared, near=near)
    assert (found.crs, codes(found)) == (f"EPSG:{code}", ["belt_number"])
    assert lies_right(found)


def test_belts_mixed_in_one_file_are_told_plot_by_plot():
    found = plots(square(4526), square(4526, LON + 0.01), moved(square(4526), 1e6), declared=4526)
    assert [(fault.code, fault.row) for fault in found.errors] == [("belts_disagree", 3)]
    assert "belt number 39" in found.errors[0].message
    assert found.frame["plot_no"].tolist() == ["1", "2"]


@pytest.mark.parametrize("code", [2383, 2362, 4610, 2435, 4214])
def test_older_datums_are_moved_and_it_is_told_how_well(code):
    found = plots(square(code), declared=code)
    assert found.crs == f"EPSG:{code}"
    assert found.frame.crs.to_epsg() == 4490
    assert "crs_datum_accuracy" in codes(found)
    assert not found.errors
    here = found.frame.geometry[0]
    assert here.distance(square()) < 0.002


def test_coordinates_of_web_maps_are_undone_when_chosen():
    for name, shift in (("gcj02", to_gcj02), ("bd09", to_bd09)):
        off = shapely.transform(square(), lambda x, y, by=shift: by(x, y), interleaved=False)
        found = plots(off, declared=4326, crs=name)
        assert found.crs == name
        assert found.frame.crs.to_epsg() == 4490
        assert lies_right(found)


def test_degrees_beside_the_zone_by_the_shift_of_a_web_map_are_suspected():
    west = square(lon=NEAR[2] - 0.003, side=0.002)
    off = shapely.transform(west, to_gcj02, interleaved=False)
    found = plots(off, declared=4326)
    (told,) = [each for each in found.faults if each.code == "web_map_shift_suspected"]
    assert "gcj02" in told.message
    assert "--crs gcj02" in told.remedy
    assert codes(plots(west, declared=4326)) == []


@pytest.mark.parametrize(
    ("lon", "lat", "severity"),
    [(121.9, 35.5, Severity.ERROR), (114.9, 34.76, Severity.ERROR), (114.1, 34.76, Severity.WARNING)],
)
def test_plots_in_the_sea_or_far_off_are_told_with_place_and_distance(lon, lat, severity):
    found = plots(square(lon=lon, lat=lat), declared=4490)
    (told,) = found.faults
    assert (told.code, told.severity, told.row, told.feature) == ("far_from_zone", severity, 1, "1")
    assert f"{lon:.2f}E {lat:.2f}N" in told.message


def test_plots_abroad_are_refused():
    with pytest.raises(CrsMissing, match="outside of China"):
        plots(square(lon=2.3, lat=48.8))
    with pytest.raises(CrsContradicted, match="outside of China"):
        plots(square(lon=2.3, lat=48.8), declared=4490)


def test_one_stray_plot_is_told_and_the_others_stay():
    found = plots(square(4526), square(4526, LON + 0.01), square(4526, LON, LAT + 0.6), declared=4526)
    assert [(each.code, each.row) for each in found.faults] == [("far_from_zone", 3)]


def test_degrees_that_pack_minutes_and_seconds_are_seen():
    packed = shapely.Polygon([(1134200.0, 344536.0), (1134207.2, 344536.0), (1134207.2, 344543.2)])
    found = plots(packed, declared=4490)
    assert codes(found) == ["degrees_packed"]
    assert found.frame.geometry[0].bounds == pytest.approx((LON, LAT, LON + 0.002, LAT + 0.002))
    assert codes(plots(packed, declared=None)) == ["degrees_packed"]


def test_degrees_written_as_minutes_behind_the_point_are_named_where_the_zone_tells():
    near = (113.69, 34.75, 113.71, 34.77)
    packed = shapely.Polygon([(113.4200, 34.4536), (113.4207, 34.4536), (113.4207, 34.4543)])
    found = plots(packed, declared=4490, near=near)
    (told,) = found.errors
    assert told.code == "degrees_packed"
    assert "39 km from the zone" in told.message or "km from the zone" in told.message


def test_a_plot_whose_corner_lies_elsewhere_is_told_and_left_out():
    torn = shapely.Polygon([*shapely.get_coordinates(square(4526))[:3], (38_900_000, 9_000_000)])
    found = plots(square(4526), square(4526, LON + 0.01), torn, declared=4526)
    assert [(each.code, each.row) for each in found.errors] == [("coordinates_contradict_crs", 3)]
    assert found.frame["plot_no"].tolist() == ["1", "2"]


def test_exchanged_degrees_of_a_web_map_are_not_taken_for_true_ones():
    with pytest.raises(CrsContradicted, match="latitude stands before longitude"):
        plots(swapped(square()), crs="gcj02")


def test_a_choice_wins_over_what_is_declared():
    found = plots(square(4547), declared=4546, crs="EPSG:4547")
    assert (found.crs, codes(found)) == ("EPSG:4547", ["crs_overridden"])
    assert lies_right(found)


def test_numbers_of_a_local_grid_are_refused():
    local = shapely.box(5_000, 8_000, 5_100, 8_100)
    with pytest.raises(CrsMissing, match="local grid"):
        plots(local)
