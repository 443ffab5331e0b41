"""Paper (图纸): from degrees to millimetres on a printed map at a round scale, in the plane of its belt.

The plane is the Gauss-Krüger plane of the CGCS2000 3-degree belt in which the land lies; eastings carry the
belt number, as on plans that are filed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from pyproj import Transformer

from geo.crs.belts import Belt, belts, local_belt
from geo.rings import Floats

SCALES = (500, 1_000, 2_000, 2_500, 5_000, 10_000, 20_000, 25_000, 50_000, 100_000)
MM_PER_M = 1000.0
MARGIN = 0.05
"""Share of the frame that stays free on each side of what it shows"""
FINE_MM = 0.05
FIRST, LAST = 4534, 4554
"""EPSG codes of the belts of China without a prefix, 25 to 45"""


@dataclass(frozen=True, slots=True)
class Paper:
    """A frame on paper, and the piece of the plane that it shows.

    Parameters
    ----------
    epsg : of the belt, without a prefix
    scale : 1 to this many
    centre : easting (without belt number) and northing in the middle, metres
    size : width and height of the frame, mm
    corner : of the frame on the page, left and top, mm
    """

    epsg: int
    scale: float
    centre: tuple[float, float]
    size: tuple[float, float]
    corner: tuple[float, float] = (0.0, 0.0)

    @property
    def belt(self) -> Belt:
        """The belt of the plane."""
        return belts()[self.epsg]

    @property
    def prefix(self) -> float:
        """Metres that the belt number puts before an easting: 38 000 000 in belt 38."""
        return self.belt.number * 1e6

    @property
    def plane_box(self) -> tuple[float, float, float, float]:
        """What the frame shows: west, south, east, north, metres.

        >>> Paper(4547, 1000, (500_000.0, 3_850_000.0), (100.0, 80.0)).plane_box
        (499950.0, 3849960.0, 500050.0, 3850040.0)
        """
        half = [side / MM_PER_M * self.scale / 2 for side in self.size]
        (east, north) = self.centre
        return east - half[0], north - half[1], east + half[0], north + half[1]

    def to_mm(self, plane: Floats) -> Floats:
        """(k, 2) easting and northing in millimetres on the page, down from its top left.

        >>> Paper(4547, 1000, (0.0, 0.0), (100.0, 80.0), (10.0, 5.0)).to_mm(np.array([[50.0, 40.0]])).tolist()
        [[110.0, 5.0]]
        """
        west, _, _, north = self.plane_box
        by = MM_PER_M / self.scale
        return np.column_stack([
            (plane[:, 0] - west) * by + self.corner[0],
            (north - plane[:, 1]) * by + self.corner[1],
        ])

    def drawn(self, shapes: gpd.GeoSeries, fine_mm: float = FINE_MM) -> Any:
        """(n,) shapes in millimetres on the page, cut to the frame and no finer than it shows; some empty."""
        flat = plane_of(shapes, self.epsg)
        on_page = shapely.transform(flat, self.to_mm)
        left, top = self.corner
        cut = shapely.clip_by_rect(on_page, left, top, left + self.size[0], top + self.size[1])
        return shapely.simplify(cut, fine_mm)


def plane_of(shapes: gpd.GeoSeries, epsg: int) -> Any:
    """(n,) shapes of EPSG:4490 in the plane of a belt, metres."""
    way = _way(epsg)

    def project(points: Floats) -> Floats:
        return np.column_stack(way.transform(points[:, 0], points[:, 1]))

    return shapely.transform(np.asarray(shapes.to_numpy(), dtype=object), project)


def degrees_of(flat: Any, epsg: int) -> Any:
    """(n,) shapes of the plane of a belt in longitude and latitude, EPSG:4490.

    >>> degrees_of(shapely.points([[500_000.0, 0.0]]), 4547)[0].wkt
    'POINT (114 0)'
    """
    way = _way(epsg)

    def unproject(points: Floats) -> Floats:
        return np.column_stack(way.transform(points[:, 0], points[:, 1], direction="INVERSE"))

    return shapely.transform(np.asarray(flat, dtype=object), unproject)


def belt_code(shapes: gpd.GeoSeries) -> int:
    """EPSG code of the belt in which the middle of the shapes lies; outside China that of the nearest.

    >>> belt_code(gpd.GeoSeries([shapely.box(113.4, 34.4, 113.6, 34.6)], crs=4490))
    4547
    """
    west, _, east, _ = shapes.total_bounds
    found = int(local_belt([(west + east) / 2])[0])
    return found or int(np.clip(round((west + east) / 6) + 4509, FIRST, LAST))


def laid(
    shown: gpd.GeoSeries, epsg: int, size: tuple[float, float], corner: tuple[float, float] = (0.0, 0.0)
) -> Paper:
    """The paper on which the shapes fit at the largest round scale.

    Parameters
    ----------
    size, corner : of the frame, mm

    >>> near = gpd.GeoSeries([shapely.box(113.5, 34.5, 113.51, 34.51)], crs=4490)    # 0.9 km by 1.1 km
    >>> laid(near, 4547, (120.0, 90.0)).scale
    20000
    """
    west, south, east, north = shapely.total_bounds(plane_of(shown, epsg))
    room = 1 - 2 * MARGIN
    need = max((east - west) / (size[0] * room), (north - south) / (size[1] * room)) * MM_PER_M
    return Paper(epsg, round_scale(need), ((west + east) / 2, (south + north) / 2), size, corner)


def round_scale(need: float) -> int:
    """The first round scale that is no larger than what is needed.

    >>> round_scale(1.0), round_scale(2_000.0), round_scale(2_001.0), round_scale(130_000.0)
    (500, 2000, 2500, 200000)
    """
    for scale in SCALES:
        if need <= scale:
            return scale
    power = 10 ** int(np.floor(np.log10(need)))
    return next(step * power for step in (1, 2, 5, 10) if need <= step * power)


def together(series: Iterable[gpd.GeoSeries]) -> gpd.GeoSeries:
    """All shapes of several series in one."""
    held = [np.asarray(each.to_numpy(), dtype=object) for each in series if len(each)]
    return gpd.GeoSeries(np.concatenate(held) if held else [], crs=4490)


@lru_cache(maxsize=32)
def _way(epsg: int) -> Transformer:
    """From longitude and latitude into a belt; made once for each."""
    return Transformer.from_crs(4490, epsg, always_xy=True)
