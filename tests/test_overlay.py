"""Parcels x zones: hand-worked squares, conservation, and the same answer as cutting everything."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import fabric
from data.errors import LayerUnusable
from geo.areas import ellipsoidal_area_m2
from geo.overlay import Batch, Zones, area_by_class, overlay
from geo.rings import Rings
from geo.survey_plane import to_survey_plane


def square(west: float, south: float, side: float = 0.01) -> shapely.Polygon:
    return shapely.box(west, south, west + side, south + side)


def cut_everything(parcels, zones) -> dict[tuple[int, int], float]:
    """The plain way: every pair intersected, nothing skipped."""
    p, z = to_survey_plane(parcels, 4490), to_survey_plane(zones, 4490)
    shared = shapely.area(shapely.intersection(p[:, None], z[None, :]))
    return {(int(i), int(j)): shared[i, j] for i, j in zip(*np.nonzero(shared > 1e-6), strict=True)}


def as_dict(shares) -> dict[tuple[int, int], float]:
    pairs = zip(shares.parcel.tolist(), shares.zone.tolist(), shares.area_m2.tolist(), strict=True)
    return {(p, z): area for p, z, area in pairs if area > 1e-6}


def test_a_parcel_inside_outside_and_across_is_shared_out_by_area():
    zones = Zones([shapely.box(114.0, 34.0, 114.1, 34.1)], 4490)
    parcels = [square(114.05, 34.05), square(115.0, 34.0), square(113.995, 34.05)]
    shares = overlay(parcels, 4490, zones)
    areas = ellipsoidal_area_m2(parcels, 4490)
    assert as_dict(shares) == pytest.approx({(0, 0): areas[0], (2, 0): areas[2] / 2}, rel=1e-9)
    assert shares.outside_m2() == pytest.approx([0, areas[1], areas[2] / 2], rel=1e-9, abs=1e-6)


def test_a_hole_in_a_zone_is_not_the_zone():
    zone = shapely.box(114.0, 34.0, 114.1, 34.1).difference(shapely.box(114.04, 34.04, 114.06, 34.06))
    shares = overlay([square(114.045, 34.045), square(114.035, 34.045)], 4490, Zones([zone], 4490))
    areas = ellipsoidal_area_m2([square(114.035, 34.045)], 4490)
    assert as_dict(shares) == pytest.approx({(1, 0): areas[0] / 2}, rel=1e-6)


def test_a_parcel_in_two_zones_that_overlap_counts_in_both():
    zones = Zones([shapely.box(114.0, 34.0, 114.1, 34.1), shapely.box(114.05, 34.0, 114.15, 34.1)], 4490)
    shares = overlay([square(114.07, 34.05)], 4490, zones)
    assert set(as_dict(shares)) == {(0, 0), (0, 1)}


def test_a_parcel_that_holds_a_whole_zone_shares_just_the_zone():
    zones = [shapely.box(114.05, 34.05, 114.06, 34.06)]
    shares = overlay([shapely.box(114.0, 34.0, 114.1, 34.1)], 4490, Zones(zones, 4490))
    assert shares.area_m2.sum() == pytest.approx(ellipsoidal_area_m2(zones, 4490)[0], rel=1e-9)


def test_what_has_no_polygon_shares_nothing_and_is_not_zero():
    shares = overlay([None, shapely.Point(114, 34)], 4490, Zones([square(114.0, 34.0)], 4490))
    assert not len(shares.area_m2)
    assert np.isnan(shares.parcel_area_m2).all()


def test_zones_that_are_no_valid_polygons_are_refused_by_name():
    bow = shapely.Polygon([(114, 34), (114.1, 34.1), (114.1, 34), (114, 34.1)])
    with pytest.raises(LayerUnusable, match=r"1 of 2 zones .*G411031: Self-intersection.*Repair"):
        Zones([square(114, 34), bow], 4490, ["G411162", "G411031"])


def test_layers_in_different_crs_meet():
    zones = Zones([shapely.box(470_000, 3_850_000, 471_000, 3_851_000)], 4547)
    parcels = [shapely.box(38_470_500, 3_850_000, 38_471_500, 3_851_000)]
    shares = overlay(parcels, 4526, zones)
    assert shares.area_m2[0] / shares.parcel_area_m2[0] == pytest.approx(0.5, rel=1e-5)


@pytest.fixture(scope="module")
def small_fabric():
    return fabric.parcels(2_500), fabric.zones(9, 50, vertices=80)


def test_the_grid_changes_nothing_but_the_speed(small_fabric):
    parcels, zones = (np.asarray(f.geometry) for f in small_fabric)
    fast = as_dict(overlay(parcels, 4490, Zones(zones, 4490)))
    slow = cut_everything(parcels, zones)
    assert fast.keys() == slow.keys()
    assert fast == pytest.approx(slow, rel=1e-9, abs=1e-5)


def test_missing_outlines_among_many_parcels_take_nothing(small_fabric):
    parcels, zones = (np.asarray(f.geometry) for f in small_fabric)
    holed = parcels.copy()
    holed[::3] = None
    ready = Zones(zones, 4490)
    shares = overlay(holed, 4490, ready)
    assert not (shares.parcel % 3 == 0).any()
    assert np.isnan(shares.parcel_area_m2).sum() == len(holed[::3])
    assert as_dict(shares) == {k: v for k, v in as_dict(overlay(parcels, 4490, ready)).items() if k[0] % 3}


def test_no_area_is_lost_or_made(small_fabric):
    parcels, zones = (np.asarray(f.geometry) for f in small_fabric)
    ready = Zones(zones, 4490)
    shares = overlay(parcels, 4490, ready)
    zone_areas = ellipsoidal_area_m2(zones, 4490)
    assert np.bincount(shares.zone, shares.area_m2) == pytest.approx(zone_areas, rel=1e-9)
    assert shares.parcel_area_m2 == pytest.approx(ellipsoidal_area_m2(parcels, 4490), rel=1e-12)
    assert (shares.outside_m2() + np.bincount(shares.parcel, shares.area_m2, len(parcels))) == pytest.approx(
        shares.parcel_area_m2, rel=1e-9
    )


@pytest.mark.parametrize("threads", [1, 2])
def test_batches_and_threads_add_up_to_the_whole(small_fabric, threads):
    parcels, zones = small_fabric
    code, names = parcels.land_class.factorize()
    batches = [
        Batch(Rings.of(parcels.geometry.values[i : i + 700]), code[i : i + 700])
        for i in range(0, len(parcels), 700)
    ]
    area, pieces = area_by_class(batches, Zones(zones.geometry.values, 4490), threads)
    whole = overlay(parcels.geometry.values, 4490, Zones(zones.geometry.values, 4490))
    assert area.shape == (9, len(names))
    assert area.sum() == pytest.approx(whole.area_m2.sum(), rel=1e-12)
    assert pieces.sum() == (whole.area_m2 > 1e-6).sum()


@given(
    west=st.floats(-0.02, 0.02),
    south=st.floats(-0.02, 0.02),
    side=st.floats(0.0005, 0.05),
    cut=st.floats(0.1, 0.9),
)
def test_zones_that_tile_the_plane_share_all_of_a_parcel(west, south, side, cut):
    middle_x, middle_y = 114.0 + (cut - 0.5) * 0.01, 34.0
    zones = [
        shapely.box(113.9, 33.9, middle_x, middle_y),
        shapely.box(middle_x, 33.9, 114.1, middle_y),
        # neighbours share their corners, so that their common edges are the same on the sheet
        shapely.Polygon([(113.9, 34.0), (middle_x, 34.0), (114.1, 34.0), (114.1, 34.1), (113.9, 34.1)]),
    ]
    shares = overlay([square(114 + west, 34 + south, side)], 4490, Zones(zones, 4490))
    assert shares.area_m2.sum() == pytest.approx(shares.parcel_area_m2[0], rel=1e-9)


def test_wkb_and_shapely_give_the_same_rings():
    polygons = np.array(
        [square(114, 34), None, shapely.Polygon([(0, 0), (1, 0), (2, 2), (0.5, 3), (0, 1)])], dtype=object
    )
    with_hole = np.append(polygons, square(110, 30).buffer(0.1).difference(square(110, 30)))
    for geometries in (polygons, with_hole):
        blobs = [b or b"" for b in shapely.to_wkb(geometries)]
        starts = np.cumsum([0, *map(len, blobs)])
        rings = Rings.of_wkb(np.frombuffer(b"".join(blobs), np.uint8), starts)
        for name in ("x", "y", "ring_starts", "is_hole", "owner"):
            assert (getattr(rings, name) == getattr(Rings.of(geometries), name)).all(), name
        assert rings.size == len(geometries)
        same = [a == b for a, b in zip(rings.polygons(), geometries, strict=True)]
        assert all(same)
