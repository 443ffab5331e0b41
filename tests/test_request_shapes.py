"""A request cut against its zone: the sums close, strips and gaps of drawing vanish, no order matters."""

from __future__ import annotations

from datetime import date
from itertools import starmap

import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st
from pyproj import Transformer

from geo.areas import ellipsoidal_area_m2
from geo.boundary_change.request import Request
from geo.local_plane import LocalPlane

EAST, NORTH, BELT = 38_470_000.0, 3_850_000.0, 4526
DAY = date(2024, 1, 1)
HECTARE = 9_999.78  # of the ellipsoid: 100 m by 100 m of the belt


def box(x: float, y: float, width: float, height: float) -> shapely.Polygon:
    """A rectangle of the belt, metres from the corner of the place."""
    return shapely.box(EAST + x, NORTH + y, EAST + x + width, NORTH + y + height)


def degrees(*shapes: shapely.Geometry) -> list[shapely.Geometry]:
    """Shapes of the belt as a zone has them."""
    back = Transformer.from_crs(BELT, 4490, always_xy=True)
    return [shapely.transform(shape, back.transform, interleaved=False) for shape in shapes]


def request(zone: list[shapely.Geometry], asked: list[shapely.Geometry] | None, **more: object) -> Request:
    """A request of a zone drawn in the belt."""
    held = degrees(*zone) if zone else None
    more.setdefault("asked_crs", BELT)
    return Request.of("expansion", zone="Z", day=DAY, region="410000", boundary=held, asked=asked, **more)


def closes(made: Request) -> bool:
    """Area in is area kept and area trimmed, to a millionth of what was asked and of the zone."""
    already = shapely.intersection(made.asked, made.boundary).area
    came = already + made.added.area - made.filled.area + made.dropped.area
    size = max(made.asked.area, made.boundary.area, 1.0)
    after = made.boundary.area - made.lost.area + made.added.area
    return abs(made.asked.area - came) <= 1e-6 * size and abs(made.after.area - after) <= 1e-6 * size


def parts(shape: shapely.Geometry) -> tuple[int, int]:
    """How many parts, and how many holes."""
    each = shapely.get_parts(shape)
    return len(each[~shapely.is_empty(each)]), int(shapely.get_num_interior_rings(each).sum())


ZONE = [box(0, 0, 300, 300)]


def test_a_request_equal_to_its_own_zone_adds_nothing_and_takes_nothing():
    made = request(ZONE, degrees(*ZONE), asked_crs=4490)
    assert (made.added.area, made.lost.area, made.dropped.area, made.filled.area) == (0, 0, 0, 0)
    assert shapely.equals(made.after, made.boundary)


@pytest.mark.parametrize("whole", [True, False])
def test_the_own_zone_as_an_office_writes_it_to_the_millimetre_changes_nothing(whole):
    rounded = shapely.transform(ZONE[0], lambda points: np.round(points + 0.0004, 3))
    made = request(ZONE, [rounded], whole=whole)
    assert (made.added.area, made.lost.area) == (0, 0)
    assert shapely.equals(made.after, made.boundary)
    assert closes(made)


def test_a_square_beside_the_zone_is_added_whole_and_the_zone_stays_one():
    made = request(ZONE, [box(300, 50, 100, 100)])
    assert made.added.area == pytest.approx(HECTARE, abs=0.01)
    assert parts(made.after) == (1, 0)
    assert closes(made)


@pytest.mark.parametrize("off", [0.05, -0.05])
def test_five_centimetres_off_the_boundary_leave_neither_sliver_nor_gap(off):
    made = request(ZONE, [box(300 + off, 50, 100, 100)])
    strip = HECTARE / 100 * off
    assert made.filled.area == pytest.approx(max(strip, 0), abs=1e-3)
    assert made.added.area == pytest.approx(HECTARE + strip, abs=0.02)
    assert made.dropped.area == 0
    assert parts(made.after) == (1, 0)
    assert closes(made)


def test_half_a_metre_off_the_boundary_is_meant():
    made = request(ZONE, [box(300.5, 50, 100, 100)])
    assert made.filled.area == 0
    assert parts(made.after) == (2, 0)
    assert parts(request(ZONE, [box(300.5, 50, 100, 100)], snap_m=1.0).after) == (1, 0)
    assert closes(made)


def test_an_overlap_of_half_a_metre_is_already_in_the_zone():
    made = request(ZONE, [box(299.5, 50, 100, 100)])
    assert shapely.intersection(made.asked, made.boundary).area == pytest.approx(HECTARE / 200, abs=0.01)
    assert made.added.area == pytest.approx(HECTARE * 0.995, abs=0.01)


def drawn_again(by: float) -> shapely.Polygon:
    """The zone and 100 m east of it, its old sides drawn anew and off by so much, outwards and inwards."""
    corners = [(-by, -by), (400, 0), (400, 200), (300 + by, 200), (300 + by, 300 - by), (by, 300 - by)]
    return shapely.Polygon([(EAST + x, NORTH + y) for x, y in corners])


@pytest.mark.parametrize("whole", [True, False])
def test_an_old_side_drawn_again_leaves_no_tail_on_the_land_that_is_added(whole):
    made = request(ZONE, [drawn_again(0.05)], whole=whole)
    assert made.added.area == pytest.approx(2 * HECTARE, abs=4)
    assert made.lost.area == 0
    assert made.dropped.area > 10
    assert parts(made.after) == (1, 0)
    assert made.after.area == pytest.approx(made.boundary.area + 2 * HECTARE, abs=4)
    assert shapely.intersection(made.dropped, made.after).area == pytest.approx(0, abs=1e-3)
    assert closes(made)


def test_an_old_side_drawn_half_a_metre_off_is_a_change():
    made = request(ZONE, [drawn_again(0.5)], whole=True)
    assert made.dropped.area < 2  # where the new side, that is not parallel, comes within the tolerance
    assert made.lost.area > 100
    assert closes(made)


def test_a_new_boundary_as_a_whole_gives_up_what_it_leaves_out():
    made = request(ZONE, [box(0, 0, 300, 200)], whole=True)
    assert made.added.area == 0
    assert made.lost.area == pytest.approx(3 * HECTARE, abs=0.05)
    assert made.after.area == pytest.approx(6 * HECTARE, abs=0.1)
    assert request(ZONE, [box(0, 0, 300, 200)]).lost.area == 0


def test_land_given_up_goes_to_the_boundary_when_it_is_drawn_just_short_of_it():
    made = request(ZONE, None, gives_up=[box(200, 0.05, 99.95, 299.9)], gives_up_crs=BELT)
    assert made.lost.area == pytest.approx(3 * HECTARE, abs=0.05)
    assert made.leavings.area == pytest.approx(0.05 * 300 + 2 * 0.05 * 100, abs=0.1)
    assert parts(made.after) == (1, 0)
    assert made.after.area == pytest.approx(6 * HECTARE, abs=0.05)
    assert request(ZONE, None, gives_up=[box(200, 0.5, 99.5, 299)], gives_up_crs=BELT).leavings.area == 0


def test_land_both_asked_for_and_given_up_stays():
    made = request(ZONE, [box(250, 0, 150, 300)], gives_up=[box(200, 0, 100, 300)], gives_up_crs=BELT)
    assert made.lost.area == pytest.approx(1.5 * HECTARE, abs=0.05)
    assert made.added.area == pytest.approx(3 * HECTARE, abs=0.05)
    assert closes(made)


def test_a_zone_with_a_hole_may_ask_for_the_hole():
    ring = [shapely.difference(ZONE[0], box(100, 100, 100, 100))]
    whole, inside = request(ring, [box(100, 100, 100, 100)]), request(ring, [box(110, 110, 20, 20)])
    nearly = request(ring, [box(100.05, 100.05, 99.9, 99.9)])
    over = request(ring, [box(50, 50, 200, 200)])
    assert (parts(whole.after), parts(nearly.after), parts(over.after)) == ((1, 0),) * 3
    assert whole.added.area == pytest.approx(HECTARE, abs=0.01)
    assert nearly.added.area == pytest.approx(HECTARE, abs=0.01)
    assert over.added.area == pytest.approx(HECTARE, abs=0.01)
    assert parts(inside.after) == (2, 1)
    assert all(map(closes, (whole, inside, nearly, over)))


def test_a_square_between_two_parts_of_a_zone_makes_one_of_them():
    two = [*ZONE, box(400, 0, 100, 100)]
    for slack in (0.0, 0.05):
        made = request(two, [box(300 + slack, 0, 100 - 2 * slack, 100)])
        assert parts(made.boundary) == (2, 0)
        assert parts(made.after) == (1, 0)
        assert made.after.area == pytest.approx(11 * HECTARE, abs=0.1)
        assert closes(made)


def test_plots_that_overlap_are_asked_for_once():
    made = request(ZONE, [box(300, 0, 100, 100), box(350, 0, 100, 100)])
    assert made.asked.area == pytest.approx(1.5 * HECTARE, abs=0.01)


def test_a_zone_that_is_not_there_yet_is_what_is_asked_for():
    made = request([], [box(0, 0, 100, 100)])
    assert shapely.equals(made.after, made.added)
    assert made.boundary.is_empty
    assert made.plane.latitude == pytest.approx(34.78, abs=0.01)


def test_a_request_for_nothing_changes_nothing_and_has_a_latitude():
    made = request(ZONE, None)
    assert shapely.equals(made.after, made.boundary)
    assert request([], None).plane.latitude == 35.0
    with pytest.raises(KeyError):
        made.shape("nothing")


def test_shapes_of_the_plane_go_back_to_degrees_where_they_came_from():
    made = request(ZONE, [box(300, 0, 100, 100)])
    there = degrees(box(300, 0, 100, 100))[0]
    assert shapely.hausdorff_distance(made.degrees(made.added), there) < 1e-8
    assert ellipsoidal_area_m2([made.degrees(made.added)], 4490)[0] == pytest.approx(
        made.added.area, rel=1e-6
    )


def test_lengths_are_true_at_the_latitude_of_the_plane():
    line = LocalPlane(34.7).of(degrees(box(0, 0, 1000, 10)), 4490)[0]
    west, _, east, _ = line.bounds
    assert east - west == pytest.approx(1000, rel=2e-3)


SIDES = st.floats(5, 400)


@st.composite
def layouts(draw: st.DrawFn) -> tuple[list[shapely.Geometry], list[shapely.Geometry]]:
    """A zone of one or two parts, perhaps with a hole, and one to three plots anywhere around."""
    zone = [ZONE[0]]
    if draw(st.booleans()):
        zone = [shapely.difference(ZONE[0], box(100, 100, draw(st.floats(1, 150)), draw(st.floats(1, 150))))]
    if draw(st.booleans()):
        zone.append(box(300 + draw(st.floats(1, 200)), 0, 100, 100))
    place = st.tuples(st.floats(-200, 500), st.floats(-200, 500), SIDES, SIDES)
    return zone, list(starmap(box, draw(st.lists(place, min_size=1, max_size=3))))


@given(layouts(), st.sampled_from([0.0, 0.1, 2.0]), st.booleans())
def test_the_sums_of_any_request_close(layout, snap_m, whole):
    zone, asked = layout
    made = request(zone, asked, snap_m=snap_m, whole=whole)
    assert closes(made)
    assert all(shapely.is_valid(list(made.shapes.values())))
    assert made.after.area >= made.added.area * (1 - 1e-9)
    assert shapely.intersection(made.added, made.boundary).area < 1e-2


@given(layouts(), st.integers(0, 100), st.booleans())
def test_neither_order_of_plots_nor_start_nor_direction_of_a_ring_matters(layout, start, turned):
    zone, asked = layout

    def again(shape: shapely.Geometry) -> shapely.Geometry:
        ring = shapely.get_coordinates(shape.exterior)[:-1]
        ring = np.roll(ring, start, axis=0)[:: -1 if turned else 1]
        return shapely.Polygon(ring, [hole.coords[::-1] for hole in shape.interiors])

    one = request(zone, asked)
    other = request([again(shape) for shape in zone[::-1]], [again(shape) for shape in asked[::-1]])
    assert all(
        shapely.symmetric_difference(shape, other.shape(name)).area < 1e-2
        for name, shape in one.shapes.items()
    )


@given(st.floats(0.001, 0.099), st.floats(0.11, 5), st.floats(10, 290), st.floats(10, 200))
def test_below_the_tolerance_all_is_drawing_and_above_it_nothing_is(below, above, length, wide):
    assume(length + 5 < 300)
    drawn = request(ZONE, [box(300 + below, 5, wide, length)])
    meant = request(ZONE, [box(300 + above, 5, wide, length)])
    assert parts(drawn.after) == (1, 0)
    assert parts(meant.after) == (2, 0)
    assert meant.filled.area == 0
    assert closes(drawn)


def test_plots_whose_common_side_has_other_points_on_each_are_one():
    three = [box(0, 0, 300, 300), box(300, 33, 70, 70), box(300, 103, 70, 150)]
    made = request([], three)
    assert parts(made.asked) == (1, 0)
    assert made.asked.area == pytest.approx(ellipsoidal_area_m2(three, BELT).sum(), rel=1e-7)
    assert request([], []).asked.is_empty
