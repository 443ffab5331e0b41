"""What lies around a zone (管控图层): growth boundary, farmland, red line, control units, neighbours."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import shapely

from data.sample.land import Land
from data.sample.plan import PLANE
from data.sample.streets import Floats

NEIGHBOUR = "G411031"  # the zone beside which another zone lies
ASKS = "G411162"  # the zone that asks to grow, around which more layers are known
HIDDEN = "G411163"  # the zone beside which an area may not be shown to everybody
LAST_DAY = date(2024, 12, 31)


def lay_constraints(rng: np.random.Generator, land: Land) -> gpd.GeoDataFrame:
    """Polygons that bind the land around one zone; farmland and red line keep clear of the zone.

    Returns
    -------
    kind, name, level, restricted, geometry in the plane
    """
    zone = land.outline(LAST_DAY)
    short = f"{land.number:02d}"
    patches = _farmland(rng, zone)
    fields = shapely.union_all(patches).buffer(20)
    growth = zone.buffer(650, quad_segs=4).buffer(-150, quad_segs=4).simplify(25).difference(fields)
    rows: list[tuple[str, str, str, shapely.Geometry]] = [
        ("urban_boundary", f"示例城镇开发边界{short}", "城镇集中建设区", _touching(growth, zone))
    ]
    rows += [
        ("basic_farmland", f"示例永久基本农田{short}{k:02d}", "永久基本农田", patch)
        for k, patch in enumerate(patches, 1)
    ]
    line = _red_line(rng, zone).difference(fields)
    rows.append(("ecological_red_line", f"示例生态保护红线{short}", "水源涵养", _largest(line)))
    rows += _control_units(short, zone)
    if land.plan.code == ASKS:
        rows += _further(short, zone)
    made = gpd.GeoDataFrame(
        rows, columns=["kind", "name", "level", "geometry"], geometry="geometry", crs=PLANE
    )
    made["restricted"] = False
    return made if land.plan.code not in (NEIGHBOUR, HIDDEN) else _special(rng, land, zone, made)


def _special(
    rng: np.random.Generator, land: Land, zone: shapely.Geometry, made: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """The neighbouring zone, and the area that is not for everybody."""
    row = len(made)
    if land.plan.code == NEIGHBOUR:
        place = _blob(rng, _beside(zone, 200.0, 4200.0), 1400.0).difference(zone.buffer(300))
        made.loc[row] = ["other_zone", "示例相邻开发区", "省级", _largest(place), False]
    else:
        place = _blob(rng, _beside(zone, 300.0, 2600.0), 500.0).difference(zone.buffer(400))
        made.loc[row] = ["restricted_area", "示例涉密管控区01", "涉密", _largest(place), True]
    return made


def _farmland(rng: np.random.Generator, zone: shapely.Geometry) -> list[shapely.Geometry]:
    """Rounded patches around the zone, some within the growth boundary, none in the zone or in each other."""
    angles = np.linspace(0, 360, 9, endpoint=False)[:-1] + rng.uniform(-12, 12, 8)
    patches: list[shapely.Geometry] = []
    taken = zone.buffer(90)
    for angle in angles:
        patch = _blob(
            rng, _beside(zone, float(angle), float(rng.uniform(500, 1500))), float(rng.uniform(380, 800))
        )
        patch = _largest(patch.difference(taken).simplify(5))
        if patch.area > 1e5:
            patches.append(patch)
            taken = taken.union(patch.buffer(30))
    return patches


def _red_line(rng: np.random.Generator, zone: shapely.Geometry) -> shapely.Geometry:
    """A strip along a stream that flows past the zone."""
    west, south, east, _ = zone.bounds
    along = np.linspace(west - 3500, east + 3500, 160)
    waves = rng.uniform(1500, 7000, 4)[:, None]
    swing = (waves / 18 * np.sin(2 * np.pi * along / waves + rng.uniform(0, 6.28, (4, 1)))).sum(axis=0)
    wide = 70 + 40 * np.sin(2 * np.pi * along / 2600 + rng.uniform(0, 6.28))
    banks = [np.column_stack([along, south - 2400 + swing + side * wide]) for side in (1, -1)]
    stream = shapely.polygons(np.vstack([banks[0], banks[1][::-1]]))
    return stream.difference(zone.buffer(60))


def _control_units(short: str, zone: shapely.Geometry) -> list[tuple[str, str, str, shapely.Geometry]]:
    """Two units of ecological zoning that share the zone and what is around it."""
    west, south, east, north = zone.buffer(2500).bounds
    half = west + 0.58 * (east - west)
    return [
        ("control_unit", f"示例重点管控单元{short}", "重点管控单元", shapely.box(west, south, half, north)),
        ("control_unit", f"示例一般管控单元{short}", "一般管控单元", shapely.box(half, south, east, north)),
    ]


def _further(short: str, zone: shapely.Geometry) -> list[tuple[str, str, str, shapely.Geometry]]:
    """A river with the land that is kept for it, a site of heritage with its belt, and a reserve, far off."""
    rng = np.random.default_rng(int(short))
    pond = _blob(rng, _beside(zone, 195.0, 2600.0), 420.0)
    site = _blob(rng, _beside(zone, 60.0, 2300.0), 160.0)
    rows = [
        ("water", f"示例水面{short}", "河流水面", pond),
        ("river_land", f"示例河道管理范围{short}", "河道", pond.buffer(90)),
        ("heritage", f"示例文物保护范围{short}", "保护范围", site),
        ("heritage", f"示例文物建设控制地带{short}", "建设控制地带", site.buffer(150).difference(site)),
        (
            "nature_reserve",
            f"示例湿地公园{short}",
            "湿地公园",
            _blob(rng, _beside(zone, 220.0, 4300.0), 600.0),
        ),
    ]
    return [(kind, name, level, shape.difference(zone.buffer(1200))) for kind, name, level, shape in rows]


def _beside(zone: shapely.Geometry, angle: float, distance: float) -> Floats:
    """A place at a distance from the outline, in that direction from the middle of the zone."""
    middle = np.array([zone.centroid.x, zone.centroid.y])
    way = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
    ray = shapely.linestrings([middle, middle + way * 40_000])
    edge = shapely.get_coordinates(ray.intersection(zone.convex_hull.boundary))[0]
    return np.asarray(edge + way * distance)


def _blob(rng: np.random.Generator, middle: Floats, radius: float) -> shapely.Polygon:
    """A rounded, irregular patch."""
    angle = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    phase = rng.uniform(0, 2 * np.pi, 3)
    reach = radius * (
        1
        + sum(s * np.sin(n * angle + p) for n, s, p in zip((2, 3, 5), (0.22, 0.12, 0.05), phase, strict=True))
    )
    return shapely.polygons(middle + np.column_stack([np.cos(angle), np.sin(angle)]) * reach[:, None])


def _touching(shape: shapely.Geometry, zone: shapely.Geometry) -> shapely.MultiPolygon:
    """The pieces of a shape that have a part of the zone in them."""
    pieces = shapely.get_parts(shape)
    return shapely.multipolygons(pieces[shapely.intersects(pieces, zone)])


def _largest(shape: shapely.Geometry) -> shapely.Polygon:
    pieces = shapely.get_parts(shape)
    return pieces[int(np.argmax(shapely.area(pieces)))]
