"""A sketch of a request (申请略图): its land and the offending parts as paths of an SVG."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

WIDTH, MOST_HEIGHT = 640.0, 460.0
ROOM = 0.06
"""Share of the picture that stays free around the land"""


@dataclass(frozen=True, slots=True)
class Sketch:
    """A picture as plain values.

    Parameters
    ----------
    width, height : of the picture, in its own units
    paths : class of each path and its `d`, in the order in which they are drawn
    """

    width: float
    height: float
    paths: tuple[tuple[str, str], ...]


def sketch(told: Mapping[str, Any]) -> Sketch | None:
    """The land asked for, what would be kept of it and the parts that are not met; None without any land.

    Parameters
    ----------
    told : a document; findings whose place is withheld carry no geometry, and none is drawn
    """
    drawn = [("asked", told.get("geometry"))]
    drawn += [("kept", (told.get("trimmed") or {}).get("geometry"))]
    drawn += [(each["outcome"], each["geometry"]) for each in told["findings"] if each["outcome"] != "met"]
    return paths([(name, shapely.geometry.shape(each)) for name, each in drawn if each])


def paths(shapes: Iterable[tuple[str, shapely.Geometry]]) -> Sketch | None:
    """Shapes in degrees, true to scale in the middle of the picture, north above.

    >>> made = paths([("asked", shapely.box(114.0, 34.0, 114.01, 34.01))])
    >>> made.paths[0][0], made.paths[0][1][:1], made.height > made.width * 0.5
    ('asked', 'M', True)
    """
    known = [(name, shape) for name, shape in shapes if not shape.is_empty]
    if not known:
        return None
    west, south, east, north = shapely.total_bounds([shape for _, shape in known])
    shrink = float(np.cos(np.radians((south + north) / 2)))  # a degree east is that much shorter
    wide, high = max((east - west) * shrink, 1e-6), max(north - south, 1e-6)
    scale = min(WIDTH * (1 - 2 * ROOM) / wide, MOST_HEIGHT * (1 - 2 * ROOM) / high)
    height = min(MOST_HEIGHT, high * scale / (1 - 2 * ROOM))
    left, top = (WIDTH - wide * scale) / 2, (height - high * scale) / 2

    def place(points: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        x = left + (points[:, 0] - west) * shrink * scale
        return np.c_[x, top + (north - points[:, 1]) * scale]

    return Sketch(
        WIDTH, round(height, 1), tuple((name, _d(shapely.transform(shape, place))) for name, shape in known)
    )


def _d(shape: shapely.Geometry) -> str:
    polygons = [each for each in shapely.get_parts(shape) if each.geom_type == "Polygon"]
    rings = (ring for each in polygons for ring in (each.exterior, *each.interiors))
    return " ".join(
        "M" + " ".join(f"{x:.1f},{y:.1f}" for x, y in shapely.get_coordinates(ring)[:-1]) + "Z"
        for ring in rings
    )
