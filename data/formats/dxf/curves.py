"""Arcs to chords (弧段化折): the corners of a curved line, and the area that lies between it and them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SAGITTA = 0.001
"""How far a chord may lie from its arc, in the unit of the drawing; a metre's thousandth, as surveys write"""
LEAST_OF_RADIUS = 1e-9
"""No arc is followed more closely than this share of its radius: 70,000 chords make a circle"""
WIDEST = np.pi / 4
"""No chord spans a wider angle, however small the circle"""


def chords(points: Floats, bulges: Floats, closed: bool, sagitta: float = SAGITTA) -> tuple[Floats, float]:
    """A line some of whose segments are arcs, as chords whose ends lie on the arcs.

    The bulge of a segment is the tangent of a quarter of its angle, positive where it turns left.

    Formula: pieces = angle / (2 arccos(1 - sagitta / radius)), rounded up; an arc and its chords enclose
    r² (angle - n sin(angle / n)) / 2

    Parameters
    ----------
    points, bulges : (k, 2) and (k,) corners, and the bulge of the segment that begins at each
    closed : whether a segment leads from the last point to the first
    sagitta : > 0

    Returns
    -------
    (m, 2) points, and the signed area between arcs and chords: positive where chords lose land of an outline
    that runs counter-clockwise

    >>> half, moved = chords(np.array([[0, 0], [2, 0.0]]), np.array([1.0, 0]), False, 0.1)
    >>> len(half), half[2].round(6).tolist(), round(moved, 4)    # (pi - 4 sin(pi/4)) / 2
    (5, [1.0, -1.0], 0.1566)
    """
    starts, bulge = (points, bulges) if closed else (points[:-1], bulges[:-1])
    if not len(starts) or not bulge.any():
        return points, 0.0
    ends = np.roll(points, -1, axis=0) if closed else points[1:]
    origin = points[0]
    a, b = _complex(starts - origin), _complex(ends - origin)
    angle = np.where(a == b, 0.0, 4 * np.arctan(bulge))
    half = np.sin(angle / 2)
    radius = np.abs(b - a) / 2 / np.abs(np.where(half == 0, 1, half))
    count = _pieces(angle, radius, sagitta)
    which = np.repeat(np.arange(len(a)), count)
    step = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
    tangent = np.tan(angle / 2)
    bent = tangent != 0
    middle = (a + b) / 2 + np.where(bent, 0.5j * (b - a) / np.where(bent, tangent, 1), 0)
    turned = middle[which] + (a - middle)[which] * np.exp(1j * angle[which] * step / count[which])
    turned = np.where(step == 0, a[which], turned)
    made = np.column_stack([turned.real, turned.imag]) + origin
    made[step == 0] = starts
    moved = float((radius**2 * (angle - count * np.sin(angle / count)) / 2)[bent].sum())
    return (made if closed else np.vstack([made, points[-1]])), moved


def _pieces(angle: Floats, radius: Floats, sagitta: float) -> NDArray[np.int64]:
    sagittas = np.maximum(sagitta, radius * LEAST_OF_RADIUS)
    safe = np.maximum(radius, sagittas)
    # 2 arccos(1 - s/r), written so that it keeps its digits where s/r is tiny
    widest = np.minimum(4 * np.arcsin(np.sqrt(np.minimum(sagittas / safe / 2, 1.0))), WIDEST)
    count: NDArray[np.int64] = np.maximum(np.ceil(np.abs(angle) / widest - 1e-9), 1).astype(np.int64)
    return count


def _complex(points: Floats) -> NDArray[np.complex128]:
    return np.asarray(points[:, 0] + 1j * points[:, 1])


def signed_area(points: Floats) -> float:
    """Area of a ring, positive where it runs counter-clockwise; for comparing outlines, not for measuring.

    >>> signed_area(np.array([[0, 0], [2, 0], [2, 1], [0, 1.0]]))
    2.0
    """
    x, y = (points - points[0]).T
    return float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y) / 2)
