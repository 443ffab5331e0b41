"""Outlines of zone parts (边界): rounded, a little irregular, along the streets where there are any."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from data.sample.plan import PartPlan, Strip
from data.sample.streets import Bend, Floats, Grid

ROUNDNESS = 3.0  # exponent of the superellipse: 2 is an ellipse, large numbers a rectangle
FILLED = 0.883  # area of the superellipse of exponent 3 over that of its rectangle


@dataclass(frozen=True)
class Outline:
    """A rounded rectangle whose edge wavers.

    Parameters
    ----------
    half_u, half_v : half-sizes, m
    waver : (3, 3) times around, size as a share, phase
    """

    half_u: float
    half_v: float
    waver: Floats

    def reach(self, uv: Floats) -> Floats:
        """How far out each point lies: below 1 inside, 1 on the outline."""
        out = (np.abs(uv[:, 0] / self.half_u) ** ROUNDNESS + np.abs(uv[:, 1] / self.half_v) ** ROUNDNESS) ** (
            1 / ROUNDNESS
        )
        return np.asarray(out / self._factor(np.arctan2(uv[:, 1] / self.half_v, uv[:, 0] / self.half_u)))

    def _factor(self, angle: Floats) -> Floats:
        times, size, phase = self.waver[:, 0], self.waver[:, 1], self.waver[:, 2]
        return np.asarray(1 + (size * np.sin(np.outer(angle, times) + phase)).sum(axis=1))

    def ring(self, times: float) -> Floats:
        """(n, 2) points of the outline blown up by `times`, about 60 m apart, closed."""
        count = int(2 * np.pi * max(self.half_u, self.half_v) / 60)
        angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
        way = np.column_stack([np.cos(angle), np.sin(angle)])
        radius = (np.abs(way) ** ROUNDNESS).sum(axis=1) ** (-1 / ROUNDNESS)
        points = way * (times * radius * self._factor(angle))[:, None] * [self.half_u, self.half_v]
        return np.vstack([points, points[:1]])


def draw_outline(rng: np.random.Generator, part: PartPlan) -> Outline:
    """An outline of about the size that the plan asks for."""
    area = part.km2 * 1e6
    half_u = np.sqrt(area * part.aspect / (4 * FILLED))
    waver = np.column_stack([
        [2.0, 3.0, 5.0],
        rng.uniform(0.02, 0.06, 3) * [1.2, 1.0, 0.5],
        rng.uniform(0, 2 * np.pi, 3),
    ])
    return Outline(float(half_u), float(half_u / part.aspect), waver)


def draw_bend(rng: np.random.Generator, part: PartPlan, east: float, north: float) -> Bend:
    """How a part lies in the plane, its middle at the given coordinates."""
    return Bend(
        east + 1000 * part.east_km,
        north + 1000 * part.north_km,
        float(np.radians(part.turn)),
        (float(rng.uniform(50, 110)), float(rng.uniform(50, 110))),
        (float(rng.uniform(4200, 6500)), float(rng.uniform(4200, 6500))),
        (float(rng.uniform(0, 6.28)), float(rng.uniform(0, 6.28))),
    )


def chosen_cells(grid: Grid, outline: Outline, hole: tuple[float, float] | None) -> NDArray[np.bool_]:
    """(intervals along u, along v): the blocks inside the outline, and the roads that touch one of them."""
    ku, kv, boxes = grid.blocks()
    middle = np.column_stack([(boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2])
    inside = outline.reach(middle) <= 1.0
    if hole is not None:
        place = np.array(hole) * [outline.half_u, outline.half_v]
        near = np.abs(middle - place) <= [480.0, 420.0]
        inside &= ~near.all(axis=1)
    cells = np.zeros((len(grid.u) - 1, len(grid.v) - 1), dtype=bool)
    cells[ku, kv] = inside
    cells[1:-1:2] = cells[:-2:2] | cells[2::2]
    cells[:, 1:-1:2] = cells[:, :-2:2] | cells[:, 2::2]
    return cells


@dataclass(frozen=True)
class Course:
    """The course of a strip in a part's frame: a sine along one axis."""

    strip: Strip
    middle: float
    swing: float
    length: float
    phase: float

    def side(self, uv: Floats) -> Floats:
        """Signed distance of each point from the middle line, measured across, m."""
        along, across = (0, 1) if self.strip.along == "u" else (1, 0)
        return np.asarray(uv[:, across] - self._at(uv[:, along]))

    def _at(self, along: Floats) -> Floats:
        return np.asarray(self.middle + self.swing * np.sin(2 * np.pi * along / self.length + self.phase))

    def edges(self) -> Floats:
        """Distances of the lines that bound the strip and its verges, rising."""
        half, verge = self.strip.half_m, self.strip.verge_m
        return np.array([-half - verge, -half, half, half + verge])

    def lines(self, bend: Bend, reach: float) -> NDArray[np.object_]:
        """The bounding lines, bent into the plane."""
        along = np.arange(-reach, reach, 50.0)
        across = self._at(along) + self.edges()[:, None]
        pairs = [np.column_stack([along, line]) for line in across]
        if self.strip.along == "v":
            pairs = [pair[:, ::-1] for pair in pairs]
        return np.asarray(shapely.linestrings(np.stack([bend.plane(pair) for pair in pairs])))


def draw_course(rng: np.random.Generator, strip: Strip, outline: Outline) -> Course:
    """The strip laid through a part of that size."""
    across, along = (
        (outline.half_v, outline.half_u) if strip.along == "u" else (outline.half_u, outline.half_v)
    )
    return Course(
        strip,
        strip.offset * across,
        strip.swing * across,
        float(along * rng.uniform(1.1, 1.6)),
        float(rng.uniform(0, 6.28)),
    )
