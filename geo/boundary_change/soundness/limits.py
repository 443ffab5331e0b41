"""The four limits (四至): what lies to the east, south, west and north of a shape, in words.

A side is the outline that is seen from it: the edges whose outer normal points that way, within 45 degrees,
cut to short pieces. Each piece looks that way, as far as the reach, and sees what comes first; the neighbour
that the most metres of a side see is its limit. Where none is seen, the side is told by its outermost point.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.boundary_change.strips import valid
from geo.local_plane import LocalPlane
from geo.rings import Floats, Rings

SIDES = {
    "east": ("东至", (1.0, 0.0)),
    "south": ("南至", (0.0, -1.0)),
    "west": ("西至", (-1.0, 0.0)),
    "north": ("北至", (0.0, 1.0)),
}
REACH_M = 50.0
"""How far a side looks for its neighbour; a road or a canal may lie between"""
PIECE_M = 20.0
SLACK_M = 1e-3
LARGE = 1_000  # vertices
LEAST_SHARE = 0.1
"""What less than a tenth of a side looks at is no limit of it"""


@dataclass(frozen=True, slots=True)
class Limit:
    """What lies on one side.

    Parameters
    ----------
    words : `东至 示例相邻开发区`
    basis : `feature`, or `bearing` where no neighbour is seen
    name : of the neighbour; empty for a bearing
    distance_m : from the side to the neighbour; 0 where they touch, nan for a bearing
    share : of the side's length that looks at the neighbour; nan for a bearing
    """

    words: str
    basis: str
    name: str = ""
    distance_m: float = float("nan")
    share: float = float("nan")


def limits(
    shape: shapely.Geometry,
    plane: LocalPlane,
    neighbours: pd.DataFrame | None = None,
    reach_m: float = REACH_M,
) -> dict[str, Limit]:
    """The limit of each side of a shape: east, south, west, north.

    Parameters
    ----------
    shape : polygon of the plane
    plane : in which the shape is
    neighbours : `name` and `geometry` in EPSG:4490, polygons or lines (roads, rivers) near the shape; none
        that may not be named. Land of theirs that lies within the shape is no neighbour of it.
    reach_m : how far to look, metres

    >>> plane = LocalPlane(34.0)
    >>> zone = plane.of([shapely.box(113.0, 34.0, 113.01, 34.01)], 4490)[0]
    >>> other = shapely.box(113.01, 34.0, 113.02, 34.01)
    >>> beside = pd.DataFrame({"name": ["示例相邻开发区"], "geometry": [other]})
    >>> told = limits(zone, plane, beside)
    >>> told["east"].words, told["west"].words
    ('东至 示例相邻开发区', '西至 113°00′00.0″E 附近(无相邻要素)')
    """
    if shape.is_empty:
        return {}
    rings = Rings.of(shapely.get_parts(shapely.segmentize(shape, PIECE_M)))
    names, land = _near(plane, neighbours, shape, reach_m)
    told = {}
    for side, (word, way) in SIDES.items():
        marks, lengths = _side(rings, np.array(way))
        seen = _seen(marks, lengths, land, reach_m * np.array(way))
        told[side] = _told(word, seen, names) if seen else _bearing(word, side, shape, plane)
    return told


def _near(
    plane: LocalPlane, neighbours: pd.DataFrame | None, shape: shapely.Geometry, reach_m: float
) -> tuple[list[str], NDArray[np.object_]]:
    """Names and places, in the plane, of the neighbours within reach, less what lies within the shape."""
    if neighbours is None or not len(neighbours):
        return [], np.empty(0, dtype=object)
    kept = neighbours["name"].notna().to_numpy() & ~pd.isna(neighbours["geometry"]).to_numpy()
    places = _clipped(neighbours["geometry"].to_numpy(object)[kept], plane, shape, reach_m)
    places = valid(shapely.transform(places, plane.points))
    names = neighbours["name"].to_numpy(object)[kept]
    good = shapely.dwithin(places, shape, reach_m)
    places = places[good]
    line = shapely.get_dimensions(places) < 2  # a road may be the side itself, and land within it may not
    cut = np.where(line, shapely.buffer(shape, -SLACK_M), shapely.buffer(shape, SLACK_M))
    places = shapely.difference(places, cut)
    left = ~shapely.is_empty(places)
    return [str(name) for name in names[good][left]], places[left]


def _clipped(
    places: NDArray[np.object_], plane: LocalPlane, shape: shapely.Geometry, reach_m: float
) -> NDArray[np.object_]:
    """Features in degrees, large ones cut down to the neighbourhood of the shape, for speed."""
    large = shapely.get_num_coordinates(places) > LARGE
    if not large.any():
        return places
    room = plane.back([shapely.box(*shapely.bounds(shapely.buffer(shape, 2 * reach_m))[:4])])[0]
    places = places.copy()
    places[large] = shapely.clip_by_rect(valid(places[large]), *room.bounds)
    return places


def _side(rings: Rings, way: Floats) -> tuple[NDArray[np.object_], Floats]:
    """The pieces of the outline that face a way, and how long each is; those of holes are left out."""
    start = np.column_stack([rings.x, rings.y])
    step = np.diff(start, axis=0, append=start[:1])
    ring = np.repeat(np.arange(len(rings.owner)), np.diff(rings.ring_starts))
    last = np.zeros(len(start), np.bool_)
    last[rings.ring_starts[1:] - 1] = True
    length = np.hypot(step[:, 0], step[:, 1])
    first = np.repeat(rings.ring_starts[:-1], np.diff(rings.ring_starts))
    from_first = start - start[first]
    area = np.zeros(len(start))
    area[~last] = (from_first[:, 0] * step[:, 1] - from_first[:, 1] * step[:, 0])[~last]
    turn = np.where(np.bincount(ring, area) < 0, -1.0, 1.0)[ring]  # outer normals need the ring's direction
    with np.errstate(invalid="ignore", divide="ignore"):
        normal = np.column_stack([step[:, 1], -step[:, 0]]) / length[:, None] * turn[:, None]
        facing = normal @ way > np.sqrt(0.5) - 1e-9
    chosen = np.flatnonzero(facing & ~last & ~rings.is_hole[ring] & (length > 0))
    ends = np.stack([start[chosen], start[chosen] + step[chosen]], axis=1)
    return np.asarray(shapely.linestrings(ends)), length[chosen]


def _seen(
    pieces: NDArray[np.object_], lengths: Floats, land: NDArray[np.object_], reach: Floats
) -> tuple[int, float, float] | None:
    """The neighbour that the most of a side sees: its number, distance and share; None where none is."""
    if not len(land) or not len(pieces):
        return None
    middles = shapely.line_interpolate_point(pieces, 0.5, normalized=True)
    begin = shapely.get_coordinates(middles)
    back = reach / np.hypot(*reach) * 2 * SLACK_M  # to see what lies on the side itself
    looks = shapely.linestrings(np.stack([begin - back, begin + reach], axis=1))
    piece, other = shapely.STRtree(land).query(looks, predicate="intersects")
    far = shapely.distance(middles[piece], shapely.intersection(looks[piece], land[other]))
    best = np.full(len(pieces), np.inf)
    np.minimum.at(best, piece, far)
    nearest = far <= best[piece]
    metres = np.bincount(other[nearest], lengths[piece[nearest]], len(land))
    most = int(metres.argmax())
    share = float(metres[most] / lengths.sum())
    if share < LEAST_SHARE:
        return None
    return most, float(far[nearest & (other == most)].min()), share


def _told(word: str, seen: tuple[int, float, float], names: list[str]) -> Limit:
    number, distance, share = seen
    name = names[number]
    away = f"(相距约{distance:.0f}米)" if distance >= 1 else ""
    return Limit(f"{word} {name}{away}", "feature", name, round(distance, 2), round(min(share, 1.0), 4))


def _bearing(word: str, side: str, shape: shapely.Geometry, plane: LocalPlane) -> Limit:
    """A side by the longitude or latitude of its outermost point."""
    west, south, east, north = shapely.bounds(plane.back([shape])[0]).tolist()
    value = {"east": east, "south": south, "west": west, "north": north}[side]
    letters = "EW" if side in {"east", "west"} else "NS"
    return Limit(f"{word} {in_words(value)}{letters[value < 0]} 附近(无相邻要素)", "bearing")


def in_words(degrees: float) -> str:
    """Degrees, minutes and seconds to a tenth, without a sign.

    >>> in_words(113.534749), in_words(34.99999)
    ('113°32′05.1″', '35°00′00.0″')
    """
    tenths = round(abs(degrees) * 36_000)
    minutes, tenths = divmod(tenths, 600)
    return f"{minutes // 60}°{minutes % 60:02d}′{tenths / 10:04.1f}″"


def as_words(told: Mapping[str, Limit]) -> dict[str, str]:
    """The words alone, as a document carries them."""
    return {side: limit.words for side, limit in told.items()}
