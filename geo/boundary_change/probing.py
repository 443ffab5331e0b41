"""Probing (试探性查询): keeping the edge of a classified layer from being drawn out by many requests.

A request learns of a classified layer whether it touches it, and of how much land at most. Whoever asks often
could trace the edge with that: by bisecting with strips or squares, by a raster of squares, by moving one
point, by two requests of which one holds the other, by a spike, a hole or a far part that pads a difference,
by other kinds, days, zones, roles and names, or through several doors at once. Two walls stand against it.

*The blur* (`geo.boundary_change.blurring`). Before a check begins, each classified feature is replaced by the
cells of a fixed grid that it touches. All that is told follows from these cells and from the request: area,
yes or no, distance, whatever the form of the condition. Nobody can learn more than which cells are filled,
with however many requests. No answer is random, so there is nothing to average.

*The count*, which is kept in the book, keeps even the cells from being read off one after the other. A
question is each shape that a condition holds against classified layers, and it is answered or not as a whole:

    least part      a part or a hole smaller than this, or a part narrower than the least width: no answer
    most side       nor a shape that reaches farther than a request can
    least change    nor one that differs from an earlier one, of anybody, by a piece smaller than this
    per day, year   nor more different ones of one person than this
    per place       nor more different ones of anybody in a year within `place_m` of each other than this

The same question again, for the same day, is answered again and not counted. A refusal follows from shapes
and from what was asked before, never from where classified land lies, so it tells nothing of the place; for
the same reason nothing is counted for each feature. The names of people are their own statement: against
somebody with many names, `per place` and the blur still hold.

Told are areas in whole steps, rounded up, and distances in whole steps, rounded down: the truth is no more,
and no less. What would be another answer for an area that only touches its cells is `cannot_tell`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

import numpy as np
import shapely

from data.parameters import parameter
from data.units import m2_to_ha
from geo.boundary_change.blurring import Grid, holds_cell

SAME_M, SAME_M2 = 0.05, 1.0
"""A shape that went through two planes and back is the same; a centimetre is not drawn on purpose"""
MOST_SIDE_M = 100_000.0
DAY, YEAR = timedelta(days=1), timedelta(days=365)
BLURRED = (
    "A classified area is known here by the cells of a grid alone, and may touch the request or not: the "
    "office that keeps the layer can tell."
)

AT_MOST = "Classified land is told by its cells, in whole steps: it is no more than that."


class Answer(NamedTuple):
    """Whether a question is answered.

    Parameters
    ----------
    refused : why it is not; empty when it is
    known : the same question was answered before, and is not counted again
    """

    refused: str = ""
    known: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """How much is told; every one is a dated row of data/rules/requests/probing.yaml.

    Parameters
    ----------
    cell_m : side of the cells by which classified areas are known
    least_part_m2, least_width_m : of each part of a shape; holes as well
    least_change_m2 : of each piece by which two different shapes differ
    per_day, per_year : questions of one person
    per_place, place_m : questions of anybody in a year, and how near to each other they are counted together
    area_step_m2, distance_step_m : of what is told
    """

    cell_m: float
    least_part_m2: float
    least_width_m: float
    least_change_m2: float
    per_day: float
    per_year: float
    per_place: float
    place_m: float
    area_step_m2: float
    distance_step_m: float

    @classmethod
    def on(cls, day: date) -> Settings:
        """The settings in force on the day on which somebody asks, whatever day is asked about.

        They are the same in all places: with two grids beside each other one could ask on both.

        >>> Settings.on(date(2026, 1, 1)).area_step_m2
        10000.0
        """
        names = cls.__dataclass_fields__
        found = {name: parameter(f"rules.requests.probing.{name}").on(day).value for name in names}
        return cls(**{name: float(value or 0) for name, value in found.items()})

    @property
    def grid(self) -> Grid:
        """The grid by which classified areas are known."""
        return Grid.of(self.cell_m)

    @property
    def reach_m(self) -> float:
        """By how much the distance to cells may fall short of that to the area: more than a diagonal."""
        return 1.5 * self.cell_m

    def area(self, area_m2: float) -> float:
        """An area of classified land as it is told: whole steps, rounded up; 0 stays 0.

        >>> Settings.on(date(2026, 1, 1)).area(12_345.0)
        20000.0
        """
        return float(np.ceil(area_m2 / self.area_step_m2) * self.area_step_m2) if area_m2 > SAME_M2 else 0.0

    def distance(self, metres: float) -> float:
        """A distance from classified land as it is told: whole steps, rounded down.

        >>> Settings.on(date(2026, 1, 1)).distance(740.0)
        500.0
        """
        return float(np.floor(metres / self.distance_step_m) * self.distance_step_m)

    def sure_m2(self, land: shapely.Geometry) -> float:
        """How much of some land is surely classified, at least.

        Parameters
        ----------
        land : what a request shares with blurred areas, EPSG:4490
        """
        return 2 * SAME_M2 if holds_cell(land, self.grid) else 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A shape that somebody asks about.

    Parameters
    ----------
    day : for which layers are asked
    shape : in a plane that keeps areas and is true to scale, the same for all that are compared
    """

    who: str
    when: datetime
    day: date
    shape: shapely.Geometry


def weigh(asked: Question, earlier: Sequence[Question], settings: Settings) -> Answer:
    """Whether a question about classified layers is answered.

    Parameters
    ----------
    earlier : questions of the last year that were answered: those of the same person, wherever they are, and
        those of anybody within `place_m`
    """
    earlier = [each for each in earlier if asked.when - each.when < YEAR]
    alike = [_same(each.shape, asked.shape) for each in earlier]
    if any(same and each.day == asked.day for same, each in zip(alike, earlier, strict=True)):
        return Answer(known=True)
    others = [each for same, each in zip(alike, earlier, strict=True) if not same]
    return Answer(
        _unfit(asked.shape, settings)
        or _too_often(asked, earlier, settings)
        or _too_like(asked.shape, others, settings)
    )


def _too_often(asked: Question, earlier: Sequence[Question], settings: Settings) -> str:
    """Why it is one question too many; empty when it is not."""
    own = [each.when for each in earlier if each.who == asked.who]
    limits = ((DAY, settings.per_day, "a day"), (YEAR, settings.per_year, "a year"))
    for span, most, words in limits:
        inside = sorted(when for when in own if asked.when - when < span)
        if len(inside) >= most:
            return (
                f"{len(inside)} different questions were answered for {asked.who} within {words}, the most "
                f"there are. Ask again after {_again(inside, most, span)}."
            )
    here = [each.when for each in earlier if shapely.dwithin(each.shape, asked.shape, settings.place_m)]
    if len(here) >= settings.per_place:
        return (
            f"{len(here)} different questions were answered for this neighbourhood within a year, the most "
            "there are. Ask the office that keeps the classified layers, or again after "
            f"{_again(sorted(here), int(settings.per_place), YEAR)}."
        )
    return ""


def _again(moments: Sequence[datetime], most: float, span: timedelta) -> str:
    """When fewer than the most will have been asked within the span before."""
    number = len(moments) - int(most)
    return f"{moments[max(number, 0)] + span:%Y-%m-%d %H:%M}" if most >= 1 else "the settings are changed"


def _too_like(shape: shapely.Geometry, others: Sequence[Question], settings: Settings) -> str:
    """Why it is too like an earlier question; empty when it is not."""
    for each in others:
        if not shapely.intersects(each.shape, shape):
            continue
        pieces = [*_pieces(shape, each.shape), *_pieces(each.shape, shape)]
        if pieces and min(pieces) < settings.least_change_m2:
            return (
                "An earlier question differs from this one by a piece of less than "
                f"{m2_to_ha(settings.least_change_m2):g} ha. Ask for that one, or for one that differs more."
            )
    return ""


def _pieces(one: shapely.Geometry, other: shapely.Geometry) -> list[float]:
    """Areas of the pieces that one shape has and the other has not, without traces of rounding."""
    parts = shapely.get_parts(shapely.difference(one, other))
    area = shapely.area(parts)
    real = area > SAME_M * shapely.length(parts) / 2
    return [float(each) for each in area[real]]


def _same(one: shapely.Geometry, other: shapely.Geometry) -> bool:
    """Whether two shapes are drawn alike: no point of one lies off the edge of the other, nor much land."""
    if abs(one.area - other.area) > SAME_M2 + SAME_M * one.length:
        return False
    sides = ((one, other.boundary), (other, one.boundary))
    for shape, edge in sides:
        shapely.prepare(edge)
        if not shapely.dwithin(shapely.points(shapely.get_coordinates(shape)), edge, SAME_M).all():
            return False
    return bool(shapely.symmetric_difference(one, other).area <= SAME_M2 + SAME_M * one.length)


def _unfit(shape: shapely.Geometry, settings: Settings) -> str:
    """Why a shape is none that is answered for, by its size alone; empty when it is."""
    if shape.is_empty:
        return ""
    west, south, east, north = shape.bounds
    if max(east - west, north - south) > MOST_SIDE_M:
        return f"The request reaches over more than {MOST_SIDE_M / 1000:g} km, which is not answered for."
    parts = shapely.get_parts(shape)
    least = f"{m2_to_ha(settings.least_part_m2):g} ha, which is not answered for."
    if shapely.area(parts).min() < settings.least_part_m2:
        return f"A part of the request is smaller than {least}"
    rings = [hole for part in parts for hole in shapely.get_rings(part)[1:]]
    if rings and shapely.area(shapely.polygons(rings)).min() < settings.least_part_m2:
        return f"A hole of the request is smaller than {least}"
    if any(_narrow(part, settings.least_width_m) for part in parts):
        return (
            f"A part of the request is narrower than {settings.least_width_m:g} m, which is not answered for."
        )
    return ""


def _narrow(part: shapely.Geometry, width_m: float) -> bool:
    """Whether a polygon is narrow, or has a spike or an arm that is."""
    core = shapely.buffer(part, -width_m / 2, quad_segs=4)
    if core.is_empty:
        return True
    wide = shapely.buffer(core, width_m / 2, quad_segs=4)
    shapely.prepare(wide)
    # the tip of a corner of 37° lies one width off what a circle of that width can reach
    return not bool(shapely.dwithin(shapely.points(shapely.get_coordinates(part)), wide, width_m).all())
