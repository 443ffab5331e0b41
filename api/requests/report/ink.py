"""Ink (绘图元素): the few SVG elements of a printed map, in millimetres; every text is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import shapely

from api.report.sheet import breadth
from api.requests.report.figures import plain
from maps.palette import PAGE

RING = re.compile(r"\(([-\d.e, ]+)\)")
LATIN = 0.58
"""Width of a Latin letter or digit, in ems; a Chinese one is one em wide"""


def path(shapes: Iterable[Any], decimals: int = 2, **style: str) -> str:
    """One element for all shapes: outlines of polygons closed, lines open; empty where nothing is left.

    Parameters
    ----------
    decimals : of a millimetre

    >>> path([shapely.box(0, 0, 10, 5)], fill="none")
    '<path d="M10 0L10 5L0 5L0 0Z" fill="none"/>'
    """
    drawn = "".join(_d(shape, decimals) for shape in shapes if shape is not None and not shape.is_empty)
    return f"<path d={quoteattr(drawn)}{attributes(style)}/>" if drawn else ""


def _d(shape: shapely.Geometry, decimals: int) -> str:
    areal = shape.geom_type.endswith("Polygon")
    runs = RING.findall(shapely.to_wkt(shapely.orient_polygons(shape), rounding_precision=decimals))
    if not areal:
        return "".join("M" + run.replace(", ", "L") for run in runs if "," in run)
    return "".join("M" + run.replace(", ", "L").rpartition("L")[0] + "Z" for run in runs)


def text(said: object, at: tuple[float, float], size: float, **style: str) -> str:
    """A text on its base line, with a halo when asked by `halo="1"`.

    >>> text("<甲>", (1.0, 2.0), 2.0)
    '<text x="1" y="2" font-size="2">&lt;甲&gt;</text>'
    """
    if style.pop("halo", ""):
        style = {
            "stroke": PAGE["paper"],
            "stroke-width": "0.7",
            "stroke-linejoin": "round",
            "paint-order": "stroke",
            **style,
        }
    place = f'x="{at[0]:.6g}" y="{at[1]:.6g}" font-size="{size:g}"'
    return f"<text {place}{attributes(style)}>{escape(plain(said))}</text>"


def line(start: tuple[float, float], end: tuple[float, float], **style: str) -> str:
    """A straight line."""
    return f'<path d="M{start[0]:.6g} {start[1]:.6g}L{end[0]:.6g} {end[1]:.6g}"{attributes(style)}/>'


def rect(box: tuple[float, float, float, float], **style: str) -> str:
    """A rectangle of left, top, width, height."""
    left, top, width, height = box
    return (
        f'<rect x="{left:.6g}" y="{top:.6g}" width="{width:.6g}" height="{height:.6g}"{attributes(style)}/>'
    )


def circle(at: tuple[float, float], radius: float, **style: str) -> str:
    """A circle."""
    return f'<circle cx="{at[0]:.6g}" cy="{at[1]:.6g}" r="{radius:g}"{attributes(style)}/>'


def attributes(style: dict[str, str]) -> str:
    """Attributes of an element; an underscore in a name stands for a hyphen."""
    return "".join(f" {name.replace('_', '-')}={quoteattr(str(value))}" for name, value in style.items())


def width_of(said: object, size: float) -> float:
    """Width of a text in millimetres, near enough to keep labels apart.

    >>> width_of("亩", 2.0), round(width_of("J12", 2.0), 2)
    (2.0, 3.48)
    """
    whole = str(said)
    wide = breadth(whole) - len(whole)
    return float(np.round(size * (wide + (len(whole) - wide) * LATIN), 6))
