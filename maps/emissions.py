"""Emissions per mu in classes (亩均碳排放分级), the same for every zone and year: maps can be compared."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from maps.palette import theme_colour

EDGES = (1.0, 5.0, 20.0, 50.0, 100.0)
"""tCO2e per mu and year at which the next class begins; half of the sample's emitting land lies below 27."""

BELOW, NONE, UNKNOWN = "below", "none", "unknown"
COLUMN = "emission"


def words() -> dict[str, str]:
    """Class -> how a legend names it, in its order.

    >>> list(words().values())[:4]
    ['小于 0', '0', '不足 1', '1—5']
    """
    between = [f"{low:g}—{high:g}" for low, high in pairwise(EDGES)]
    steps = ["0", f"不足 {EDGES[0]:g}", *between, f"{EDGES[-1]:g} 及以上"]
    return {BELOW: "小于 0", **{str(at): said for at, said in enumerate(steps)}, NONE: "无排放主体"}


def classes(per_mu: ArrayLike, emitter: ArrayLike) -> NDArray[np.object_]:
    """(n,) class of each parcel; None where its emissions are not known.

    Parameters
    ----------
    per_mu : (n,) tCO2e per mu; nan is unknown
    emitter : (n,) whether anything emits there

    >>> classes([0.0, 0.5, 1.0, 250.0, -1.0, np.nan, np.nan], [True] * 6 + [False]).tolist()
    ['0', '1', '2', '6', 'below', None, 'none']
    """
    value = np.asarray(per_mu, np.float64)
    made = np.where(value > 0, np.searchsorted(EDGES, value, side="right") + 1, 0).astype(str).astype(object)
    made[value < 0] = BELOW
    made[np.isnan(value)] = None
    made[~np.asarray(emitter, np.bool_)] = NONE
    return made


def series() -> dict[str, Any]:
    """What the page needs to class other years itself: edges, and label and colour of each class."""
    looks = {**words(), UNKNOWN: "未知"}
    return {
        "theme": COLUMN,
        "edges": EDGES,
        "looks": {key: {"label": said, "colour": theme_colour(COLUMN, key)} for key, said in looks.items()},
    }
