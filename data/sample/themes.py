"""What each block is for (功能分区): works, living or fields; neighbours resemble each other."""

from __future__ import annotations

import numpy as np

from data.sample.plan import PartPlan, ZonePlan
from data.sample.shapes import Outline
from data.sample.streets import Floats, Ints

WORKS, LIVING, FIELDS = 0, 1, 2
ROADS = 0.15  # share of a part that streets and strips usually take
SERVICES = 0.035  # … and what utilities, shops and green belts take among the works


def block_themes(
    rng: np.random.Generator, boxes: Floats, zone: ZonePlan, part: PartPlan, outline: Outline
) -> Ints:
    """The theme of each block: living towards the old town, fields at the far edge, works between.

    Parameters
    ----------
    boxes : (n, 4) u0, v0, u1, v1 of the blocks
    """
    middle = np.column_stack([(boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2])
    place = middle / [outline.half_u, outline.half_v]
    area = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    town = np.radians(90 - zone.towards - part.turn)
    pull = place @ [np.cos(town), np.sin(town)]
    living = (1 - zone.rest) * (1 - zone.industrial) - ROADS - SERVICES
    want = np.array([zone.rest, living * 0.92]) / (1 - ROADS)
    far = outline.reach(middle) - 0.55 * pull + 0.8 * _noise(rng, place, 2.2)
    near = pull + 0.7 * _noise(rng, place, 1.8)
    theme = np.full(len(boxes), WORKS)
    theme[_first(-far, area, want[0])] = FIELDS
    near[theme == FIELDS] = -np.inf
    theme[_first(-near, area, want[1])] = LIVING
    return theme


def largest_plots(rng: np.random.Generator, theme: Ints, zone: ZonePlan) -> Floats:
    """The largest plot of each block, m²: works vary from small workshops to whole blocks."""
    works = zone.plot_ha * 1e4 * rng.lognormal(0.45, 0.75, len(theme))
    return np.select(
        [theme == WORKS, theme == LIVING], [np.clip(works, 7e3, 2e5), np.full(len(theme), 4.2e4)], 7e4
    )


def _first(order: Floats, area: Floats, share: float) -> Ints:
    """The rows that come first in that order and together make up a share of the area."""
    rows = np.argsort(order, kind="stable")
    return np.asarray(rows[np.cumsum(area[rows]) <= share * area.sum()])


def _noise(rng: np.random.Generator, place: Floats, times: float) -> Floats:
    """A smooth field of about unit size: the mean of a few plane waves."""
    way = rng.normal(0, times, (5, 2))
    waves = np.sin(place @ way.T + rng.uniform(0, 2 * np.pi, 5)).sum(axis=1)
    return np.asarray(waves / 2.5 + rng.normal(0, 0.08, len(place)))
