"""The map of a report (附图): drawn by ourselves in true millimetres, small enough for a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from api.requests.report import styles
from api.requests.report.drawing import Drawing
from api.requests.report.furniture import (
    ROW,
    frame,
    legend,
    north,
    outline,
    scale_bar,
    scale_words,
)
from api.requests.report.hatching import hatched
from api.requests.report.ink import attributes, path, rect, text
from api.requests.report.labels import POINTS_MOST, Room, names, numbers, points
from api.requests.report.paper import FINE_MM, Paper, belt_code, laid, together
from api.requests.report.points import Points
from api.requests.report.styles import Style, role_style
from maps.palette import HIGHLIGHT, PAGE

WIDTH, HEIGHT = 180.0, 110.0
CORNER, SIZE = (11.5, 7.0), (120.0, 95.5)
BESIDE = CORNER[0] + SIZE[0] + 4.5
INSET = (WIDTH - BESIDE - 0.5, 26.0)
MUCH_LARGER = 4
"""A zone that needs a scale more than so many times smaller stands in an overview of its own"""
AROUND_MM = 0.1
"""How fine what lies around the request is drawn, mm"""
PLOTS_MANY = 50
"""Plots above which thick lines would cover them"""


@dataclass(frozen=True, slots=True)
class Picture:
    """A map that is drawn.

    Parameters
    ----------
    svg : empty where there is no land to draw
    said : what it shows, in a sentence, for those who do not see it
    """

    svg: str
    said: str


def draw(drawing: Drawing, points: Points, *, zone: str, font: str) -> Picture:
    """The map of a request.

    Parameters
    ----------
    points : of the land asked for; named on the map where they are few
    zone : its name
    font : families of its texts, as CSS has them
    """
    focus = together([drawing.asked, drawing.added, drawing.lost])
    whole = together([drawing.boundary, focus])
    if not len(whole):
        return Picture("", "没有可绘制的范围")
    shown = focus if len(focus) else whole
    epsg = belt_code(shown)
    paper, all_of_it = laid(shown, epsg, SIZE, CORNER), laid(whole, epsg, SIZE, CORNER)
    apart = all_of_it.scale > MUCH_LARGER * paper.scale
    paper = paper if apart else all_of_it
    used = _styles(drawing)
    body = [
        *_land(drawing, paper),
        *_labels(drawing, points, paper, zone),
        *frame(paper),
        *_beside(drawing, paper, used, whole if apart else None),
    ]
    said = f"{zone}申请范围图，比例尺 {scale_words(paper.scale)}，上方为坐标北"
    return Picture(_svg(body, said, font), said)


def _svg(body: list[str], said: str, font: str) -> str:
    head = attributes({
        "xmlns": "http://www.w3.org/2000/svg",
        "width": f"{WIDTH:g}mm",
        "height": f"{HEIGHT:g}mm",
        "viewBox": f"0 0 {WIDTH:g} {HEIGHT:g}",
        "role": "img",
        "aria-label": said,
        "font-family": font,
        "text-rendering": "geometricPrecision",
        "fill": HIGHLIGHT,
    })
    return f"<svg{head}>{''.join(body)}</svg>"


def _styles(drawing: Drawing) -> list[Style]:
    """The styles that the drawing uses, in the order of the legend."""
    held = [
        (drawing.boundary, styles.ZONE),
        (drawing.asked, styles.ASKED),
        (drawing.added, styles.ADDED),
        (drawing.lost, styles.LOST),
        (drawing.offending, styles.OFFENDING),
        (drawing.trimmed, styles.TRIMMED),
        *((shapes, role_style(role)) for role, shapes in drawing.constraints.items()),
        (drawing.parcels, styles.PARCELS),
    ]
    return [style for shapes, style in held if len(shapes)]


def _land(drawing: Drawing, paper: Paper) -> Iterator[str]:
    """Everything that is land, from the back to the front."""
    yield outline(_edges(drawing.parcels, paper, AROUND_MM), styles.PARCELS, decimals=1)
    for role, shapes in drawing.constraints.items():
        yield hatched(paper.drawn(shapes, AROUND_MM), role_style(role))
        yield outline(_edges(shapes, paper, AROUND_MM), role_style(role), decimals=1)
    yield from _both(drawing.added, paper, styles.ADDED)
    yield from _both(drawing.lost, paper, styles.LOST)
    yield from _both(drawing.boundary, paper, styles.ZONE)
    yield from _both(drawing.offending, paper, styles.OFFENDING)
    many = len(drawing.asked) > PLOTS_MANY
    yield from _both(drawing.asked, paper, styles.ASKED_FINE if many else styles.ASKED)
    yield from _both(drawing.trimmed, paper, styles.TRIMMED)


def _both(shapes: gpd.GeoSeries, paper: Paper, style: Style) -> Iterator[str]:
    if style.hatch:
        yield hatched(paper.drawn(shapes), style)
    if style.width:
        yield outline(_edges(shapes, paper), style)


def _edges(shapes: gpd.GeoSeries, paper: Paper, fine_mm: float = FINE_MM) -> Any:
    """Edges of shapes within the frame: where the frame cuts a shape, there is no edge."""
    return paper.drawn(shapes.boundary, fine_mm) if len(shapes) else np.array([], dtype=object)


def _labels(drawing: Drawing, points_: Points, paper: Paper, zone: str) -> Iterator[str]:
    left, top = paper.corner
    room = Room((left + 0.3, top + 0.3, left + paper.size[0] - 0.3, top + paper.size[1] - 0.3))
    parts = list(zip(drawing.offending.index, paper.drawn(drawing.offending), strict=True))
    counted = list(numbers([(int(n), shape) for n, shape in parts], room, styles.OFFENDING.colour))
    if 0 < len(points_.table) <= POINTS_MOST:
        plane = points_.table[["east", "north"]].to_numpy(dtype=float) - (paper.prefix, 0.0)
        placed = zip(points_.table["label"], *paper.to_mm(plane).T.tolist(), strict=True)
        yield from points(list(placed), shapely.union_all(_valid(paper.drawn(drawing.asked))), room)
    yield from counted  # they take their room first, and stand on top
    zones = [(zone, shape) for shape in _largest(paper.drawn(drawing.boundary))]
    yield from names(zones, room, 3.0, fill=styles.ZONE.colour)
    others = zip(map(str, drawing.neighbours.index), paper.drawn(drawing.neighbours), strict=True)
    yield from names(list(others), room, fill=PAGE["ink-soft"])


def _valid(shapes: Any) -> Any:
    return shapely.make_valid(shapes)


def _largest(shapes: Any) -> list[Any]:
    """The largest part of all shapes, in a list; an empty one where nothing is left."""
    parts = np.asarray(shapely.get_parts(shapes), dtype=object)
    return [parts[np.argmax(shapely.area(parts))]] if len(parts) else []


def _beside(drawing: Drawing, paper: Paper, used: list[Style], whole: gpd.GeoSeries | None) -> Iterator[str]:
    """North, legend, overview and scale to the right of the map."""
    yield from north((BESIDE + 4.0, 16.5))
    yield text("图例", (BESIDE + 12.0, 14.5), 3.2, font_weight="bold")
    bottom = CORNER[1] + SIZE[1]
    free = bottom - 13 - 21.0 - (INSET[1] + 7.0 if whole is not None else 0.0)
    yield from legend(used[: int(free // ROW)], (BESIDE, 21.0))
    if whole is not None:
        yield from _overview(drawing, paper, whole, (BESIDE, bottom - 13 - INSET[1]))
    yield from scale_bar(paper, (BESIDE, bottom - 4.5))
    yield text("坐标网单位：千米，横坐标含带号", (BESIDE, bottom + 2.8), SMALL_)
    meridian = f"CGCS2000 {paper.belt.number} 带，中央子午线 {paper.belt.central_meridian}°"
    yield text(meridian, (BESIDE, bottom + 6.2), SMALL_)


SMALL_ = 2.1


def _overview(drawing: Drawing, paper: Paper, whole: gpd.GeoSeries, at: tuple[float, float]) -> Iterator[str]:
    """The zone as a whole, and on it the frame of the map."""
    over = laid(whole, paper.epsg, INSET, at)
    box = (*at, *INSET)
    yield text(f"位置示意 {scale_words(over.scale)}", (at[0], at[1] - 1.2), 2.4)
    yield rect(box, fill=PAGE["paper"], stroke=HIGHLIGHT, stroke_width="0.2")
    yield outline(_edges(drawing.boundary, over), Style("", styles.ZONE.colour, 0.35, "2 0.6 0.4 0.6"))
    yield path(over.drawn(drawing.asked), fill=HIGHLIGHT)
    west, south, east, north_ = paper.plane_box
    (left, top), (right, low) = over.to_mm(np.array([[west, north_], [east, south]]))
    if right - left < INSET[0] and low - top < INSET[1]:
        yield rect((left, top, right - left, low - top), fill="none", stroke=HIGHLIGHT, stroke_width="0.25")
