"""Hatching (填充线): the lines that fill an area, as real lines, so that every printer draws them sharp."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from api.requests.report.ink import path
from api.requests.report.styles import HATCHES, Style

LEAST_MM2 = 0.8
"""Areas on paper below which the outline alone is drawn"""


def hatched(areas: Any, style: Style) -> str:
    """The hatch of a style over areas on the page, mm; empty where nothing is large enough."""
    shapes = np.asarray(areas, dtype=object)
    kept = shapely.make_valid(shapes[shapely.area(shapes) > LEAST_MM2])
    if not style.hatch or not len(kept):
        return ""
    angle, spacing, dash, width = HATCHES[style.hatch]
    whole = shapely.union_all(kept)
    drawn = shapely.intersection(parallels(whole.bounds, angle, spacing), whole)
    lines = [part for part in shapely.get_parts(drawn) if part.geom_type == "LineString"]
    dashed = {"stroke_dasharray": dash} if dash else {}
    return path(lines, 1, fill="none", stroke=style.colour, stroke_width=f"{width:g}", **dashed)


def parallels(box: tuple[float, float, float, float], angle: float, spacing: float) -> shapely.Geometry:
    """Parallel lines over a box; the same lines whatever the box, so that neighbours fit.

    Parameters
    ----------
    angle : degrees, from the x axis towards the y axis
    spacing : mm between two lines

    >>> lines = parallels((0.0, 0.0, 10.0, 4.0), 0.0, 2.0)
    >>> sorted({line.coords[0][1] for line in lines.geoms})
    [0.0, 2.0, 4.0]
    """
    turn = np.radians(angle)
    along, across = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
    left, top, right, bottom = box
    corners = np.array([(left, top), (right, top), (right, bottom), (left, bottom)])
    reach, far = corners @ along, corners @ across
    at = spacing * np.arange(np.ceil(far.min() / spacing), np.floor(far.max() / spacing) + 1)
    ends = np.array([reach.min(), reach.max()])
    points = at[:, None, None] * across + ends[None, :, None] * along
    return shapely.multilinestrings(shapely.linestrings(points)) if len(at) else shapely.MultiLineString()
