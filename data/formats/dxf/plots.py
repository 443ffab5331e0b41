"""Outlines to plots (轮廓成地块): hatches nest, doubles go, one within another is told, texts give names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from data.formats.dxf.outlines import Outline
from data.formats.nesting import Trouble, polygons_of_rings

Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]
SAME = 1e-6
"""Two outlines whose corners lie so near are one, in the unit of the drawing"""


@dataclass
class Plots:
    """Plots of a drawing.

    Parameters
    ----------
    shapes : (p,) polygons or multipolygons; None where no ring encloses land
    outlines : (p,) the first outline of each
    rings : (m,) outlines in the order of `troubles`
    troubles : what is wrong with rings
    """

    shapes: Shapes
    outlines: list[Outline]
    rings: list[Outline]
    troubles: Sequence[Trouble] = ()

    def kept(self, which: NDArray[np.bool_]) -> Plots:
        """Only some of the plots."""
        outlines = [each for each, keep in zip(self.outlines, which, strict=True) if keep]
        return Plots(self.shapes[which], outlines, self.rings, self.troubles)


def plots_of(outlines: Sequence[Outline], nest: bool, least_width: float) -> Plots:
    """Polygons of closed outlines, in the order of the drawing.

    Parameters
    ----------
    nest : whether outlines of one layer that lie in one another are holes; the rings of a hatch always are
    least_width : narrower ones have no area, in the unit of the drawing
    """
    keys: dict[tuple[str, int], int] = {}
    plot = np.empty(len(outlines), np.int64)
    for i, each in enumerate(outlines):
        own = ("", -1 - i) if each.ring_of < 0 and not nest else (each.layer, each.ring_of)
        plot[i] = keys.setdefault(own, len(keys))
    nested = polygons_of_rings([each.points for each in outlines], plots=plot, least_width=least_width)
    shapes = np.full(len(keys), None, object)
    shapes[: len(nested.shapes)] = nested.shapes
    first = [outlines[i] for i in np.unique(plot, return_index=True)[1]]
    made = Plots(shapes, first, list(outlines), nested.troubles)
    return _apart(made) if nest else made


def _apart(plots: Plots) -> Plots:
    """The parts of nested layers as plots of their own; those of a hatch stay together."""
    shapes: list[shapely.Geometry | None] = []
    outlines: list[Outline] = []
    starts = {tuple(each.points[0].tolist()): each for each in plots.rings}
    for shape, outline in zip(plots.shapes, plots.outlines, strict=True):
        parts = [shape] if outline.ring_of >= 0 or shape is None else shapely.get_parts(shape).tolist()
        shapes += parts
        if len(parts) == 1:
            outlines += [outline] if outline.ring_of >= 0 else [_owner(parts[0], starts, outline)]
        else:
            outlines += [_owner(part, starts, outline) for part in parts]
    return Plots(np.array([*shapes, None], object)[:-1], outlines, plots.rings, plots.troubles)


def _owner(
    part: shapely.Geometry | None, starts: dict[tuple[float, ...], Outline], otherwise: Outline
) -> Outline:
    """The outline that a part was made of: it keeps the point with which that began."""
    if part is None:
        return otherwise
    return starts.get(tuple(shapely.get_coordinates(part.exterior)[0].tolist()), otherwise)


def doubles(plots: Plots) -> list[tuple[int, int]]:
    """Pairs (double, kept): a hatch over its own outline, and one outline drawn twice in one layer."""
    many = np.flatnonzero([shape is not None for shape in plots.shapes])
    if len(many) < 2:
        return []
    shapes = shapely.normalize(plots.shapes[many])
    boxes = shapely.bounds(shapes)
    a, b = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    later = a > b
    a, b = a[later], b[later]
    near = (np.abs(boxes[a] - boxes[b]) <= SAME).all(axis=1)
    a, b = a[near], b[near]
    slack = SAME * shapely.length(shapes[a])
    valid = shapely.is_valid(shapes[a]) & shapely.is_valid(shapes[b])
    same = shapely.equals_exact(shapes[a], shapes[b], tolerance=SAME)
    same[valid] |= (
        shapely.area(shapely.symmetric_difference(shapes[a[valid]], shapes[b[valid]])) <= slack[valid]
    )
    pairs = []
    gone: set[int] = set()
    for one, two in zip(many[a[same]].tolist(), many[b[same]].tolist(), strict=True):
        first, second = plots.outlines[one], plots.outlines[two]
        if first.ring_of >= 0 and second.ring_of < 0:
            double, kept = one, two
        elif second.ring_of >= 0 and first.ring_of < 0:
            double, kept = two, one
        elif first.layer == second.layer:
            double, kept = max(one, two), min(one, two)
        else:
            continue
        if double not in gone and kept not in gone:
            gone.add(double)
            pairs.append((double, kept))
    return pairs


def within_others(plots: Plots) -> list[tuple[int, int]]:
    """Pairs (inner, outer) of plots of one layer, the inner wholly in the outer; the smallest outer only."""
    many = np.flatnonzero([s is not None and s.is_valid for s in plots.shapes])
    shapes = plots.shapes[many]
    outer, inner = shapely.STRtree(shapes).query(shapes, predicate="covers")
    layers = np.array([plots.outlines[i].layer for i in many.tolist()])
    fits = (inner != outer) & (layers[inner] == layers[outer])
    inner, outer = inner[fits], outer[fits]
    order = np.lexsort((shapely.area(shapes[outer]), inner))
    inner, outer = inner[order], outer[order]
    first = np.r_[True, np.diff(inner) != 0] if len(inner) else np.empty(0, bool)
    return list(zip(many[inner[first]].tolist(), many[outer[first]].tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a drawing, and the point at which it is set."""

    x: float
    y: float
    said: str
    layer: str


def names_of(plots: Plots, texts: Sequence[Text]) -> list[str | None]:
    """The one text that lies in each plot; None where there is none, or several.

    A text counts for the smallest plot that holds its point. Where several lie in a plot, and only one of
    them is in the plot's layer, it is that one.
    """
    names: list[str | None] = [None] * len(plots.shapes)
    held = np.flatnonzero([shape is not None for shape in plots.shapes])
    if not texts or not len(held):
        return names
    points = shapely.points([[text.x, text.y] for text in texts])
    which, at = shapely.STRtree(plots.shapes[held]).query(points, predicate="intersects")
    order = np.lexsort((shapely.area(plots.shapes[held[at]]), which))
    which, at = which[order], held[at[order]]
    first = np.r_[True, np.diff(which) != 0] if len(which) else np.empty(0, bool)
    inside: dict[int, list[Text]] = {}
    for text, plot in zip(which[first].tolist(), at[first].tolist(), strict=True):
        inside.setdefault(plot, []).append(texts[text])
    for plot, found in inside.items():
        own = [text for text in found if text.layer == plots.outlines[plot].layer]
        chosen = found if len(found) == 1 else own
        names[plot] = chosen[0].said if len(chosen) == 1 else None
    return names
