"""What stands around a map (图廓整饰): frame, grid, corners, north, scale bar, legend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil, floor

import shapely

from api.requests.report.hatching import hatched
from api.requests.report.ink import line, path, rect, text
from api.requests.report.paper import MM_PER_M, Paper, degrees_of
from api.requests.report.styles import Style
from maps.palette import HIGHLIGHT, PAGE

TICK = 1.6
LEAST_GRID_MM = 22.0
THIN = {"stroke": HIGHLIGHT, "stroke_width": "0.15", "fill": "none"}
SMALL = 1.9
ROW = 4.3


def frame(paper: Paper) -> Iterator[str]:
    """The frame, the grid with plane coordinates in kilometres, and the corners in degrees."""
    left, top = paper.corner
    width, height = paper.size
    yield rect((left, top, width, height), fill="none", stroke=HIGHLIGHT, stroke_width="0.35")
    yield from _grid(paper)
    west, south, east, north = paper.plane_box
    for x, lon_at, anchor in ((left, west, "start"), (left + width, east, "end")):
        for y, lat_at in ((top - 4.4, north), (top + height + 6.2, south)):
            corner = degrees_of(shapely.points([[lon_at, lat_at]]), paper.epsg)[0]
            yield text(f"{dms(corner.x)}E {dms(corner.y)}N", (x, y), SMALL, text_anchor=anchor)


def _grid(paper: Paper) -> Iterator[str]:
    left, top = paper.corner
    right, bottom = left + paper.size[0], top + paper.size[1]
    west, south, east, north = paper.plane_box
    step = grid_step(paper.scale)
    by = MM_PER_M / paper.scale
    xs = [at * step for at in range(ceil(west / step), floor(east / step) + 1)]
    ys = [at * step for at in range(ceil(south / step), floor(north / step) + 1)]
    decimals = 0 if step >= 1000 else 1 if step >= 100 else 2
    on_x = [(at, left + (at - west) * by) for at in xs]
    on_y = [(at, top + (north - at) * by) for at in ys]
    for at, x in on_x:
        yield line((x, top), (x, top + TICK), **THIN)
        yield line((x, bottom), (x, bottom - TICK), **THIN)
        said = f"{(at + paper.prefix) / 1000:.{decimals}f}"
        if left + 5 < x < right - 5:
            yield text(said, (x, top - 1.1), SMALL, text_anchor="middle")
            yield text(said, (x, bottom + 2.8), SMALL, text_anchor="middle")
    for at, y in on_y:
        yield line((left, y), (left + TICK, y), **THIN)
        yield line((right, y), (right - TICK, y), **THIN)
        yield text(f"{at / 1000:.{decimals}f}", (left - 0.8, y + 0.7), SMALL, text_anchor="end")
    for _, x in on_x:
        for _, y in on_y:
            if min(x - left, right - x, y - top, bottom - y) > TICK:
                yield line((x - 1, y), (x + 1, y), **THIN)
                yield line((x, y - 1), (x, y + 1), **THIN)


def grid_step(scale: float) -> float:
    """Metres between lines of the grid: a round number that takes 22 to 55 mm on paper.

    >>> grid_step(10_000), grid_step(2_000), grid_step(500)
    (500.0, 50.0, 20.0)
    """
    least = LEAST_GRID_MM / MM_PER_M * scale
    power = 10.0 ** (len(str(int(least))) - 1) if least >= 1 else 1.0
    return next(step * power for step in (1, 2, 5, 10) if step * power >= least)


def dms(degrees: float) -> str:
    """An angle in degrees, minutes and tenths of a second.

    >>> dms(113.5), dms(34.9999999)
    ('113°30′00.0″', '35°00′00.0″')
    """
    tenths = round(abs(degrees) * 36_000)
    minutes, rest = divmod(tenths, 600)
    return f"{minutes // 60}°{minutes % 60:02d}′{rest // 10:02d}.{rest % 10}″"


def north(at: tuple[float, float]) -> Iterator[str]:
    """An arrow to the north of the grid, 10 mm high, its foot in the middle at that point."""
    x, y = at
    yield f'<path d="M{x:g} {y - 10:g}L{x - 2.2:g} {y:g}L{x:g} {y - 2:g}Z" fill="{HIGHLIGHT}"/>'
    yield (
        f'<path d="M{x:g} {y - 10:g}L{x + 2.2:g} {y:g}L{x:g} {y - 2:g}Z" fill="{PAGE["paper"]}" '
        f'stroke="{HIGHLIGHT}" stroke-width="0.2"/>'
    )
    yield text("北", (x, y - 10.8), 3.0, text_anchor="middle")


def scale_bar(paper: Paper, at: tuple[float, float]) -> Iterator[str]:
    """The scale in figures, and a bar of four parts below it, its left end at that point."""
    x, y = at
    step = bar_step(paper.scale)
    long = step * MM_PER_M / paper.scale
    yield text(scale_words(paper.scale), (x, y - 2.2), 3.0, font_weight="bold")
    unit, per = ("千米", 1000) if step >= 500 else ("米", 1)
    for part in range(4):
        fill = HIGHLIGHT if part % 2 == 0 else PAGE["paper"]
        yield rect((x + part * long, y, long, 1.0), fill=fill, stroke=HIGHLIGHT, stroke_width="0.15")
    for part in (0, 2, 4):
        said = f"{part * step / per:g}" + (f" {unit}" if part == 4 else "")
        yield text(said, (x + part * long, y + 3.3), SMALL, text_anchor="middle" if part else "start")


def bar_step(scale: float) -> float:
    """Metres of one of four parts of a scale bar, which is 35 mm long at most.

    >>> bar_step(10_000), bar_step(500), bar_step(25_000)
    (50.0, 2.0, 200.0)
    """
    most = 35.0 / 4 / MM_PER_M * scale
    steps = [each * 10.0**power for power in range(6) for each in (1, 2, 5)]
    return max(step for step in steps if step <= most)


def scale_words(scale: float) -> str:
    """A scale as it is written.

    >>> scale_words(25_000)
    '1:25 000'
    """
    return f"1:{scale:,.0f}".replace(",", " ")


def legend(styles: Sequence[Style], at: tuple[float, float]) -> Iterator[str]:
    """A row for each style: a sample and its name; the top left corner of the first at that point."""
    x, y = at
    for style in styles:
        dash = {"stroke_dasharray": style.dash} if style.dash else {}
        edge = {"stroke": style.colour, "stroke_width": f"{style.width:g}", **dash} if style.width else {}
        yield hatched([shapely.box(x, y, x + 8.0, y + 3.0)], style)
        yield rect((x, y, 8.0, 3.0), fill="none", **edge)
        said = style.label if len(style.label) <= 14 else style.label[:13] + "…"
        yield text(said, (x + 9.6, y + 2.35), 2.4)
        y += ROW


def outline(shapes: Sequence[object], style: Style, decimals: int = 2) -> str:
    """Lines in a style."""
    dash = {"stroke_dasharray": style.dash} if style.dash else {}
    return path(
        shapes,
        decimals,
        fill="none",
        stroke=style.colour,
        stroke_width=f"{style.width:g}",
        stroke_linejoin="round",
        **dash,
    )
