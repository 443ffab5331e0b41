"""Probing (试探性查询): keeping the edge of a classified layer from being drawn out by many requests.

A request learns of a classified layer whether it is touched, and about how much. Whoever may ask often, with
small or slightly different shapes, could trace its edge: by bisecting with strips, by a raster of squares, by
moving one point, by two requests of which one holds the other. So before anything is answered the question
itself is weighed, by its shape and by what has been asked before, never by where classified land lies: a
refusal tells nothing about the place.

    least part      a part smaller than this, or narrower than the least width, is not answered for
    least change    nor a request that differs from an earlier one nearby by less land than this
    per day         nor more different requests of one person in a day than this
    per place       nor more different requests of anybody that overlap here in a year than this
    area step       areas are told in whole steps, rounded up; distances in whole steps, rounded down

An equal request again gets the same answer and is not counted, for it teaches nothing new. With L looks and a
step of s a patient person learns at most L times whether a shape of at least the least part is touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import shapely

from data.parameters import NATION, parameter
from data.units import m2_to_ha

SAME_M2 = 1.0
DAY, YEAR = timedelta(days=1), timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Settings:
    """How much is told; every one is a dated row of data/rules/requests/probing.yaml.

    Parameters
    ----------
    least_part_m2, least_width_m : of each part of a request
    least_change_m2 : land by which two different requests must differ
    per_day, per_place : looks, see the head of this module
    area_step_m2, distance_step_m : of what is told
    """

    least_part_m2: float
    least_width_m: float
    least_change_m2: float
    per_day: int
    per_place: int
    area_step_m2: float
    distance_step_m: float

    @classmethod
    def on(cls, day: date, region: str = NATION) -> Settings:
        """The settings in force on a day.

        >>> Settings.on(date(2026, 1, 1)).area_step_m2
        10000.0
        """
        names = cls.__dataclass_fields__
        found = {name: parameter(f"rules.requests.probing.{name}").on(day, region).value for name in names}
        return cls(**{name: float(value or 0) for name, value in found.items()})  # type: ignore[arg-type]  # counts too

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


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A question that was put before.

    Parameters
    ----------
    shape : in the plane of the request that is weighed
    """

    who: str
    when: datetime
    shape: shapely.Geometry


def weigh(
    shape: shapely.Geometry, who: str, when: datetime, earlier: Sequence[Asked], settings: Settings
) -> str:
    """Why a question about classified layers is not answered; empty when it is.

    Parameters
    ----------
    shape : what is asked about, in a plane that keeps areas and is true to scale
    earlier : questions of the last year that were answered
    """
    others = [asked for asked in earlier if not _same(asked.shape, shape)]
    if len(others) < len(earlier):
        return ""
    if why := _too_small(shape, settings):
        return why
    today = [asked for asked in others if asked.who == who and when - asked.when < DAY]
    if len(today) >= settings.per_day:
        again = min(asked.when for asked in today) + DAY
        return (
            f"{len(today)} different requests have been answered for {who} within a day, the most there are. "
            f"Ask again after {again:%Y-%m-%d %H:%M}."
        )
    here = [asked for asked in others if when - asked.when < YEAR and shapely.intersects(asked.shape, shape)]
    if len(here) >= settings.per_place:
        again = min(asked.when for asked in here) + YEAR
        return (
            f"{len(here)} different requests have been answered for this place within a year, the most there "
            f"are. Ask the office that keeps the classified layers, or again after {again:%Y-%m-%d}."
        )
    for asked in here:
        if shapely.area(shapely.symmetric_difference(asked.shape, shape)) < settings.least_change_m2:
            return (
                "An earlier request differs from this one by less than "
                f"{m2_to_ha(settings.least_change_m2):g} ha. Ask for that one, or for one that differs more."
            )
    return ""


def _same(one: shapely.Geometry, other: shapely.Geometry) -> bool:
    return bool(shapely.area(shapely.symmetric_difference(one, other)) < SAME_M2)


def _too_small(shape: shapely.Geometry, settings: Settings) -> str:
    parts = shapely.get_parts(shape)
    if shape.is_empty or shapely.area(parts).min() < settings.least_part_m2:
        return (
            f"A part of the request is smaller than {m2_to_ha(settings.least_part_m2):g} ha, which is not "
            "answered for."
        )
    core = shapely.buffer(parts, -settings.least_width_m / 2, quad_segs=4)
    again = shapely.buffer(core, settings.least_width_m / 2 * 1.05, quad_segs=4)
    lost = shapely.area(shapely.difference(parts, again))
    # corners are rounded off by the opening; what is lost beyond them is a strip or a spike
    if (
        shapely.is_empty(core).any()
        or (lost > settings.least_width_m**2 * 2 + 0.02 * shapely.area(parts)).any()
    ):
        return (
            f"A part of the request is narrower than {settings.least_width_m:g} m, which is not answered for."
        )
    holes = [ring for part in parts for ring in shapely.polygons(shapely.get_rings(part)[1:])]
    if holes and min(shapely.area(holes)) < settings.least_part_m2:
        return (
            f"A hole of the request is smaller than {m2_to_ha(settings.least_part_m2):g} ha, which is not "
            "answered for."
        )
    return ""
