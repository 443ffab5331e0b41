"""Attacks on classified land: whoever knows a point inside of it asks rectangles, to find its edge."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import shapely

from data.records import Outcome
from geo.boundary_change.blurring import Grid, blurred
from geo.boundary_change.probing import Question, Settings, weigh

DAY = date(2026, 6, 1)
WHEN = datetime(2026, 6, 1, 9, tzinfo=UTC)
HOUSE = Settings.on(DAY)
FREE = replace(
    HOUSE, **dict.fromkeys(("per_day", "per_year", "per_place"), 1e9),
    **dict.fromkeys(("least_part_m2", "least_width_m", "least_change_m2"), 0.0),
)  # fmt: skip
"""Nobody counts, and every shape is answered for: the blur alone"""
GRID = Grid.of(HOUSE.cell_m)

Ask = Callable[[shapely.Geometry], Outcome | None]
METRES = np.array([1 / 91_800, 1 / 110_930])
CORNER = np.array([113.0, 34.5])


def degrees(shape: shapely.Geometry) -> shapely.Geometry:
    return shapely.transform(shape, lambda points: CORNER + points * METRES)


class Office:
    """Answers as a check does: met, not met, cannot tell; None when it refuses. Many people ask in a year."""

    def __init__(self, secret: shapely.Geometry, settings: Settings = HOUSE, names: Sequence[str] = ("甲",)):
        box = (112.8, 34.3, 113.3, 34.8)
        self.blur = blurred(np.array([degrees(secret)]), box, settings.grid)[0]
        self.settings, self.names = settings, names
        self.told: list[Question] = []
        self.asked = 0

    def ask(self, shape: shapely.Geometry) -> Outcome | None:
        self.asked += 1
        who = self.names[self.asked % len(self.names)]
        said = Question(who, WHEN + timedelta(hours=self.asked), DAY, shape)
        answer = weigh(said, self.told, self.settings)
        if answer.refused:
            return None
        if not answer.known:
            self.told.append(said)
        shared = shapely.intersection(degrees(shape), self.blur)
        if shared.is_empty or shared.area == 0:
            return Outcome.MET
        return Outcome.NOT_MET if self.settings.sure_m2(shared) else Outcome.CANNOT_TELL


def bisect(
    ask: Ask, rectangle: Callable[[float], shapely.Geometry], low: float, high: float, below: set[Outcome]
) -> tuple[float, float]:
    """Between which places answers of one sort end; where one is refused, others beside it are tried."""
    tries = np.random.default_rng(7)
    for _ in range(60):
        for place in [(low + high) / 2, *tries.uniform(low, high, 6)]:
            answer = ask(rectangle(place))
            if answer is not None:
                low, high = (place, high) if answer in below else (low, place)
                break
        else:
            break
    return low, high


def edge_of_secret(office: Office) -> tuple[float, float]:
    """The last place that is surely free, and the first that surely is not, as far as it can be found out."""

    def rectangle(east: float) -> shapely.Geometry:
        return shapely.box(-1000, -500, east, 500)

    free = bisect(office.ask, rectangle, 0.0, 4000.0, {Outcome.MET})[0]
    taken = bisect(office.ask, rectangle, free, 4000.0, {Outcome.MET, Outcome.CANNOT_TELL})[1]
    return free, taken


SECRET = shapely.Point(3000, 0).buffer(1234.5)  # its edge is at 1765.5 m


def test_bisecting_without_any_limit_finds_no_edge_nearer_than_a_cell():
    low, high = edge_of_secret(Office(SECRET, FREE))
    assert low <= 3000 - 1234.5 <= high
    assert high - low >= 95.0  # the cell is 100 m


def test_bisecting_with_the_limits_of_a_year_finds_less():
    office = Office(SECRET)
    low, high = edge_of_secret(office)
    assert low <= 3000 - 1234.5 <= high
    assert high - low >= 95.0
    assert len(office.told) <= HOUSE.per_place


def test_many_names_do_not_ask_more_in_a_neighbourhood():
    office = Office(SECRET, names=[f"人{at}" for at in range(1000)])
    edge_of_secret(office)
    assert len(office.told) <= HOUSE.per_place


def test_a_raster_of_squares_is_refused_long_before_it_is_a_picture():
    """A thousand squares of a hectare over 10 km²: one in nine is told, by whatever names they are asked."""
    office = Office(SECRET, names=[f"人{at}" for at in range(1000)])
    squares = [
        shapely.box(x, y, x + 100, y + 100) for x in range(0, 3200, 100) for y in range(-1600, 1600, 100)
    ]
    answers = [office.ask(square) for square in squares]
    told = [square for square, answer in zip(squares, answers, strict=True) if answer is not None]
    assert len(told) < len(squares) / 9
    touching = sum(answer in (Outcome.CANNOT_TELL, Outcome.NOT_MET) for answer in answers)
    assert touching < 30  # of more than 300 that touch it


def test_the_edges_of_two_areas_in_the_same_cells_cannot_be_told_apart_by_any_question():
    cells = GRID.boxes(*GRID.cells((113.01, 34.49, 113.04, 34.51)))
    centres = shapely.centroid(cells)
    chosen = cells[shapely.dwithin(centres, shapely.Point(113.025, 34.5), 0.008)]
    whole = shapely.buffer(shapely.union_all(chosen), -1e-7, join_style="mitre")
    dots = shapely.multipolygons([shapely.buffer(point, 1e-5) for point in shapely.centroid(chosen)])
    full, thin = (blurred(np.array([area]), (112.9, 34.4, 113.1, 34.6), GRID)[0] for area in (whole, dots))
    assert full.equals(thin)
    assert dots.area < 0.001 * whole.area


def test_asking_again_gives_the_same_answer_so_that_there_is_nothing_to_average():
    office = Office(SECRET, FREE)
    shape = shapely.box(-1000, -500, 1800, 500)
    assert len({office.ask(shape) for _ in range(100)}) == 1
    assert len(office.told) == 1


def test_a_sliver_between_two_requests_tells_nothing():
    """Differencing: of two requests that differ by less than a piece only the first is answered."""
    office = Office(SECRET, replace(FREE, least_change_m2=HOUSE.least_change_m2))
    assert office.ask(shapely.box(-1000, -500, 1750, 500)) is not None
    for east in (1751, 1755, 1759):
        assert office.ask(shapely.box(-1000, -500, east, 500)) is None
