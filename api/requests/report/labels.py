"""Labels of the map (注记): set one after another, each where it covers no other, or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from api.requests.report.ink import circle, line, text, width_of
from maps.palette import HIGHLIGHT, PAGE

Box = tuple[float, float, float, float]
AROUND = ((1, -1), (1, 1), (-1, -1), (-1, 1), (0, -1), (0, 1), (1, 0), (-1, 0))
POINTS_MOST = 40
"""Boundary points that are named on the map; more are told in the table alone"""
PARTS_MOST = 4
"""Numbers of one finding; its smaller parts have none"""
NAMES_MOST = 12
NAME_LETTERS = 14
RING = 1.5
"""Radius of the circle around a number, mm"""


@dataclass(slots=True)
class Room:
    """The room that is left on a map.

    Parameters
    ----------
    frame : left, top, right, bottom, mm
    taken : boxes of the labels that stand
    """

    frame: Box
    taken: list[Box] = field(default_factory=list)

    def take(self, box: Box) -> bool:
        """Whether the box lies in the frame and covers no label; it is then taken.

        >>> room = Room((0, 0, 10, 10))
        >>> room.take((1, 1, 3, 3)), room.take((2, 2, 4, 4)), room.take((9, 9, 11, 11))
        (True, False, False)
        """
        left, top, right, bottom = box
        if left < self.frame[0] or top < self.frame[1] or right > self.frame[2] or bottom > self.frame[3]:
            return False
        held = np.asarray(self.taken, dtype=float).reshape(-1, 4)
        apart = (held[:, 0] >= right) | (held[:, 2] <= left) | (held[:, 1] >= bottom) | (held[:, 3] <= top)
        if not apart.all():
            return False
        self.taken.append(box)
        return True


def numbers(parts: Sequence[tuple[int, Any]], room: Room, colour: str) -> Iterator[str]:
    """The number of a finding in a circle on each of its larger parts, or beside it with a line.

    Parameters
    ----------
    parts : number of the finding and its land on the page, mm
    """
    for number, shape in parts:
        pieces = np.asarray(shapely.get_parts(shape), dtype=object)
        largest = pieces[np.argsort(-shapely.area(pieces), kind="stable")][:PARTS_MOST]
        for piece in largest:
            if not piece.is_empty:
                yield from _number(number, piece, room, colour)


def _number(number: int, piece: Any, room: Room, colour: str) -> Iterator[str]:
    inside = shapely.point_on_surface(piece)
    x, y = inside.x, inside.y
    for far in (0.0, 3.2, 5.0, 7.5, 10.0, 13.0):
        for dx, dy in AROUND if far else ((0, 0),):
            at = (x + dx * far, y + dy * far)
            if room.take((at[0] - RING, at[1] - RING, at[0] + RING, at[1] + RING)):
                if far:
                    yield line((x, y), at, stroke=colour, stroke_width="0.2")
                yield circle(at, RING, fill=PAGE["paper"], stroke=colour, stroke_width="0.25")
                size = 2.2 if number < 100 else 1.7
                yield text(
                    number, (at[0], at[1] + size * 0.36), size, text_anchor="middle", font_weight="bold"
                )
                return


def points(named: Sequence[tuple[str, float, float]], land: Any, room: Room) -> Iterator[str]:
    """A dot on each boundary point, and its name beside it: outside the land where there is room.

    Parameters
    ----------
    named : label, x, y on the page, mm
    land : the plots on the page
    """
    for label, x, y in named:
        if not (room.frame[0] <= x <= room.frame[2] and room.frame[1] <= y <= room.frame[3]):
            continue
        yield circle((x, y), 0.45, fill=PAGE["paper"], stroke=HIGHLIGHT, stroke_width="0.2")
        size, wide = 1.9, width_of(label, 1.9)
        places = [
            (x + dx * (wide / 2 + away), y + dy * (away + 0.9)) for away in (0.8, 2.2) for dx, dy in AROUND
        ]
        outside = ~shapely.contains_xy(land, *np.asarray(places).T)
        for at in np.argsort(~outside, kind="stable"):
            cx, cy = places[at]
            if room.take((cx - wide / 2, cy - size / 2, cx + wide / 2, cy + size / 2)):
                yield text(label, (cx, cy + size * 0.36), size, text_anchor="middle", halo="1")
                break


def names(named: Sequence[tuple[str, Any]], room: Room, size: float = 2.3, **style: str) -> Iterator[str]:
    """The names of shapes, each within its shape on the page; the largest first, twelve at most."""
    shown = [(name, shape) for name, shape in named if name.strip() and not shape.is_empty]
    shown.sort(key=lambda each: -each[1].area)
    for name, shape in shown[:NAMES_MOST]:
        said = name if len(name) <= NAME_LETTERS else name[: NAME_LETTERS - 1] + "…"
        wide = width_of(said, size)
        inside = shapely.point_on_surface(shape)
        for dx, dy in ((0, 0), (0, 4), (0, -4), (0, 8), (0, -8)):
            cx, cy = inside.x + dx, inside.y + dy
            if room.take((cx - wide / 2, cy - size / 2, cx + wide / 2, cy + size / 2)):
                yield text(said, (cx, cy + size * 0.36), size, text_anchor="middle", halo="1", **style)
                break
