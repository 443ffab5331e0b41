"""Parcels of one part (地块): streets, strips and outline noded into one coverage without gap or overlap."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from data.sample.plan import PLANE, PartPlan, ZonePlan
from data.sample.shapes import Course, Outline, chosen_cells, draw_bend, draw_course, draw_outline
from data.sample.streets import Bend, Floats, Grid, Ints, cut_plots, lay_grid, linework
from data.sample.themes import FIELDS, block_themes, largest_plots

SNAP_M = 0.01
SMALLEST_M2 = 1800.0
THINNEST_M = 11.0
CUT_OFF = 1.07  # corners of blocks that stick out further are cut along the outline


@dataclass(frozen=True)
class Ground:
    """A part before it is cut into parcels."""

    grid: Grid
    bend: Bend
    outline: Outline
    courses: tuple[Course, ...]
    cells: NDArray[np.bool_]
    plots: Floats
    theme: Ints


def lay_part(
    rng: np.random.Generator, zone: ZonePlan, part: PartPlan, at: tuple[float, float]
) -> gpd.GeoDataFrame:
    """The parcels of one part, in the plane.

    Returns
    -------
    Columns: sort (road, strip, verge, plot), theme, land_class (of roads and strips, else empty),
    block (number of the block in the part), box (u0, v0, u1, v1 of the plot in its frame), geometry
    """
    ground = _ground(rng, zone, part, at)
    faces = _faces(ground)
    parcels = merge_small(_label(ground, faces))
    parcels["bend"] = [ground.bend] * len(parcels)
    return parcels


def _ground(rng: np.random.Generator, zone: ZonePlan, part: PartPlan, at: tuple[float, float]) -> Ground:
    outline = draw_outline(rng, part)
    bend = draw_bend(rng, part, *at)
    grid = lay_grid(rng, outline.half_u * 1.25, outline.half_v * 1.25)
    courses = tuple(draw_course(rng, strip, outline) for strip in part.strips)
    cells = chosen_cells(grid, outline, part.hole)
    ku, kv, boxes = grid.blocks()
    kept = cells[ku, kv]
    theme = block_themes(rng, boxes[kept], zone, part, outline)
    plots, owner = cut_plots(rng, boxes[kept], largest_plots(rng, theme, zone))
    return Ground(grid, bend, outline, courses, cells, plots, theme[owner])


def _faces(ground: Ground) -> NDArray[np.object_]:
    """All faces of the linework that lie in the part, in one piece."""
    ring = ground.bend.plane(ground.outline.ring(CUT_OFF))
    reach = 2.2 * max(ground.outline.half_u, ground.outline.half_v)
    winding = [course.lines(ground.bend, reach) for course in ground.courses]
    lines = np.concatenate([
        linework(ground.grid, ground.plots, ground.bend),
        [shapely.linestrings(ring)],
        *winding,
    ])
    noded = shapely.get_parts(shapely.union_all(lines, grid_size=SNAP_M))
    faces = shapely.get_parts(shapely.polygonize(noded))
    uv = _inner(ground, faces)
    ku, kv = ground.grid.cells(uv)
    limit = np.array(ground.cells.shape) - 1
    within = (ku >= 0) & (kv >= 0) & (ku <= limit[0]) & (kv <= limit[1])
    within[within] &= ground.cells[ku[within], kv[within]]
    within &= ground.outline.reach(uv) <= CUT_OFF
    faces = faces[within]
    pieces = shapely.get_parts(shapely.coverage_union_all(faces))
    largest = pieces[np.argmax(shapely.area(pieces))]
    shapely.prepare(largest)
    return np.asarray(faces[shapely.contains_properly(largest, shapely.point_on_surface(faces))])


def _inner(ground: Ground, faces: NDArray[np.object_]) -> Floats:
    return ground.bend.frame(shapely.get_coordinates(shapely.point_on_surface(faces)))


def _label(ground: Ground, faces: NDArray[np.object_]) -> gpd.GeoDataFrame:
    """Each face named after the road, strip, verge or plot it belongs to, and those joined again."""
    uv = _inner(ground, faces)
    ku, kv = ground.grid.cells(uv)
    road_u, road_v = ku % 2 == 1, kv % 2 == 1
    side = np.zeros(len(faces), dtype=np.int64)
    sort = np.full(len(faces), "plot", dtype=object)
    land_class = np.full(len(faces), "", dtype=object)
    for course in ground.courses:
        band = np.searchsorted(course.edges(), course.side(uv))
        side = side * 5 + band
        free = (sort == "plot") & (band > 0) & (band < 4)
        sort[free] = np.where(band[free] == 2, "strip", "verge")
        land_class[free] = np.where(band[free] == 2, course.strip.land_class, "0810")
    sort[road_u | road_v] = "road"
    land_class[road_u | road_v] = "1004"
    plot = _plot_of(ground.plots, uv)
    is_plot = sort == "plot"
    parcels = gpd.GeoDataFrame(
        {
            "sort": sort,
            "theme": np.where(is_plot, ground.theme[plot], FIELDS + 1),
            "land_class": land_class,
            "block": np.where(road_u | road_v, -1, ku * 1000 + kv),
            "plot": np.where(is_plot, plot, -1),
            # a wide road stays whole along three blocks; a side street ends at the next wide one
            "across": np.where(road_u, kv // 6, kv),
            "along": ku,
            "side": np.where(sort == "road", 0, side),
        },
        geometry=faces,
        crs=PLANE,
    )
    same = parcels.groupby([c for c in parcels if c != "geometry"], sort=False).ngroup()
    joined = join(parcels, same.to_numpy(), ~same.duplicated().to_numpy())
    joined["box"] = [tuple(ground.plots[p]) if p >= 0 else None for p in joined["plot"]]
    return joined[["sort", "theme", "land_class", "block", "box", "geometry"]]


def _plot_of(plots: Floats, uv: Floats) -> Ints:
    """Number of the plot each point lies in; 0 where it lies in none."""
    points, found = shapely.STRtree(shapely.box(*plots.T)).query(shapely.points(uv), predicate="within")
    plot = np.zeros(len(uv), dtype=np.int64)
    plot[points] = found
    return plot


def join(parcels: gpd.GeoDataFrame, group: Ints, lead: NDArray[np.bool_]) -> gpd.GeoDataFrame:
    """Rows of one group as one row; parts that do not touch come apart again.

    Parameters
    ----------
    group : (n,) number of the group of each row
    lead : (n,) the one row of each group whose columns the group keeps
    """
    alone = ~pd.Series(group).duplicated(keep=False).to_numpy()
    made = parcels[lead].copy()
    shapes = pd.Series(parcels.geometry.to_numpy()[~alone], index=group[~alone])
    merged = {number: shapely.coverage_union_all(rows.to_numpy()) for number, rows in shapes.groupby(level=0)}
    made.geometry = [merged.get(number, own) for number, own in zip(group[lead], made.geometry, strict=True)]
    return made.explode(ignore_index=True)


def merge_small(parcels: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Slivers given to the neighbour with the longest shared edge; plots take before strips and roads."""
    for _ in range(3):
        shapes = parcels.geometry.to_numpy()
        area = shapely.area(shapes)
        thin = 2 * area / shapely.length(shapes) < THINNEST_M
        small = np.flatnonzero((area < SMALLEST_M2) | (thin & (parcels["sort"] != "strip").to_numpy()))
        if not len(small):
            break
        host = _host(parcels, small, area)
        parcels = join(parcels, host, host == np.arange(len(parcels)))
    return parcels


def _host(parcels: gpd.GeoDataFrame, small: Ints, area: Floats) -> Ints:
    """Group number of every row: its own, or for a small one that of the neighbour that takes it."""
    shapes = parcels.geometry.to_numpy()
    tree = shapely.STRtree(shapes)
    mine, other = tree.query(shapes[small], predicate="touches")
    shared = shapely.length(shapely.intersection(shapes[small[mine]], shapes[other]))
    plot = (parcels["sort"].to_numpy()[other] == "plot") & (area[other] > SMALLEST_M2)
    pairs = pd.DataFrame({"mine": small[mine], "other": other, "worth": shared * np.where(plot, 4.0, 1.0)})
    pairs = pairs[(shared > 0) & (area[other] >= area[small[mine]])]
    best = pairs.loc[pairs.groupby("mine")["worth"].idxmax()]
    host = np.arange(len(parcels))
    # a sliver that itself takes another waits for the next round
    best = best[~best["other"].isin(best["mine"])]
    host[best["mine"]] = best["other"]
    return host
