"""Overlay (叠加): parcels x zones, with exact apportioning of area.

Areas are cut in the survey plane (`geo.survey_plane`), where plane area is ellipsoidal area: what the
pieces of a parcel have together is what the parcel has, to 1e-9. A parcel wholly inside or outside is
never intersected; the grid of `geo.zone_grid` tells them apart. Parcels that a boundary may cross are cut
against small tiles of the zones, for a cut costs what the longer outline costs.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from data.errors import LayerUnusable
from geo.areas import areas_of
from geo.rings import Floats, Ints, Rings
from geo.sheets import geographic
from geo.survey_plane import pieces_of, plane, to_survey_plane
from geo.zone_grid import MIXED, OUTSIDE, ZoneGrid

VERTICES_OF_A_TILE = 32
LEAST_PIECE_M2 = 1e-6  # what a cut leaves by rounding is counted in areas, and not as a piece
WORTH_A_GRID = 1_000  # parcels; below it, cutting all costs less than making the grid
THREADS = 2


@dataclass(frozen=True, slots=True)
class Shares:
    """Which parcel lies in which zone, and with how much of its area.

    Parameters
    ----------
    parcel, zone : (pairs,) numbers of the parcel and the zone
    area_m2 : (pairs,) ellipsoidal area that they share, m²
    parcel_area_m2 : (parcels,) ellipsoidal area of each whole parcel; nan where it has no polygon
    """

    parcel: Ints
    zone: Ints
    area_m2: Floats
    parcel_area_m2: Floats

    def outside_m2(self) -> Floats:
        """(parcels,) what of each parcel lies in no zone, m²; zones must not overlap."""
        inside = np.bincount(self.parcel, self.area_m2, len(self.parcel_area_m2))
        return np.maximum(self.parcel_area_m2 - inside, 0.0)


class Zones:
    """Zones made ready to be overlaid with many parcels.

    Parameters
    ----------
    geometries : (n,) polygons; they may have parts and holes, and may overlap
    crs : their CRS
    names : (n,) for messages

    Raises
    ------
    LayerUnusable : a zone is no valid polygon
    """

    def __init__(self, geometries: Any, crs: Any, names: Iterable[Any] | None = None):
        self.polygons = to_survey_plane(geometries, crs)
        self.names = [str(n) for n in (names if names is not None else range(len(self.polygons)))]
        bad = np.flatnonzero(~shapely.is_valid(self.polygons))
        if len(bad):
            why = shapely.is_valid_reason(self.polygons[bad[:5]])
            said = "; ".join(f"{self.names[i]}: {w or 'no polygon'}" for i, w in zip(bad, why, strict=False))
            raise LayerUnusable(
                f"{len(bad)} of {len(self.polygons)} zones are no valid polygons ({said}). "
                "Repair the zone layer first: `mutan check` says where, `--repair` mends it."
            )
        self._tiles, self._zone_of_tile = _tiles(self.polygons)
        self._tree = shapely.STRtree(self._tiles)
        self._grid: ZoneGrid | None = None

    def shares(self, parcels: Rings, central_meridian: float | None = None) -> Shares:
        """The shares of parcels given as rings in longitude and latitude, EPSG:4490.

        Raises
        ------
        LayerUnusable : a parcel on a boundary is no valid polygon, so that it cannot be cut
        """
        area = areas_of(parcels, central_meridian)
        area[np.bincount(parcels.owner, minlength=parcels.size) == 0] = np.nan
        zone = self._wholly_in(parcels)
        zone[np.isnan(area)] = OUTSIDE
        whole = np.flatnonzero(zone >= 0)
        cut = np.flatnonzero(zone == MIXED)
        parcel, of_zone, shared = self._cut(parcels.select(cut), central_meridian)
        return Shares(
            np.concatenate([whole, cut[parcel]]),
            np.concatenate([zone[whole], of_zone]),
            np.concatenate([area[whole], shared]),
            area,
        )

    def _wholly_in(self, parcels: Rings) -> NDArray[np.int32]:
        """(parcels,) the zone in which each lies, OUTSIDE, or MIXED where it must be cut to know."""
        if self._grid is None and parcels.size < WORTH_A_GRID:
            return np.full(parcels.size, MIXED, np.int32)
        boxes = _boxes(parcels)
        if self._grid is None:
            self._grid = ZoneGrid.over(self.polygons, _cell_for(boxes), int(16 * parcels.size**0.5))
        return self._grid.zone_of_boxes(boxes)

    def _cut(self, parcels: Rings, central_meridian: float | None) -> tuple[Ints, Ints, Floats]:
        """Pairs (parcel, zone) and their shared area, of parcels that a boundary may cross."""
        polygons = pieces_of(parcels, central_meridian).polygons()
        parcel, tile = self._tree.query(polygons)
        try:
            shared = shapely.area(shapely.intersection(polygons[parcel], self._tiles[tile]))
        except shapely.errors.GEOSException as odd:
            bad = np.flatnonzero(~shapely.is_valid(polygons))
            raise LayerUnusable(
                f"{max(len(bad), 1)} parcels on a zone's boundary are no valid polygons, so that they cannot "
                f"be cut: {odd}. `mutan check` lists them; `mutan ingest --repair` mends them."
            ) from odd
        pair = parcel * len(self.polygons) + self._zone_of_tile[tile]
        pairs, inverse = np.unique(pair[shared > 0], return_inverse=True)
        total = np.bincount(inverse, shared[shared > 0], minlength=len(pairs))
        first, second = np.divmod(pairs.astype(np.int64), len(self.polygons))
        return first, second, np.asarray(total, np.float64)


def overlay(parcels: Any, parcels_crs: Any, zones: Zones) -> Shares:
    """The shares of Shapely parcels in zones.

    >>> square = shapely.box(0.0, 0.0, 0.001, 0.001)
    >>> half = Zones([shapely.box(0.0005, -0.01, 0.01, 0.01)], 4490)
    >>> shares = overlay([square], 4490, half)
    >>> round(float(shares.area_m2[0] / shares.parcel_area_m2[0]), 6)
    0.5
    """
    return zones.shares(*geographic(Rings.of(parcels), parcels_crs))


@dataclass(frozen=True, slots=True)
class Batch:
    """Some parcels on their way through the overlay: outlines, and the number of each one's class."""

    rings: Rings
    of_class: NDArray[np.int64]
    central_meridian: float | None = None


def area_by_class(batches: Iterable[Batch], zones: Zones, threads: int = THREADS) -> tuple[Floats, Ints]:
    """Area and number of pieces per zone and class, over any number of parcels in bounded memory.

    Parameters
    ----------
    batches : parcels, some tens of thousands at a time
    threads : how many batches are worked on at once; numpy and GEOS let go of the interpreter

    Returns
    -------
    (zones, classes) area in m², and (zones, classes) number of pieces
    """
    area: Floats = np.zeros((len(zones.polygons), 0))
    pieces: Ints = np.zeros((len(zones.polygons), 0), np.int64)

    def work(batch: Batch) -> tuple[Floats, Ints]:
        shares = zones.shares(batch.rings, batch.central_meridian)
        classes = int(batch.of_class.max(initial=-1)) + 1
        key = shares.zone * classes + batch.of_class[shares.parcel]
        size = len(zones.polygons) * classes
        some = np.bincount(key, shares.area_m2, size).astype(np.float64)
        count = np.bincount(key[shares.area_m2 > LEAST_PIECE_M2], minlength=size)
        return some.reshape(-1, classes), count.reshape(-1, classes)

    for more, count in _in_order(work, batches, threads):
        wider = ((0, 0), (0, max(more.shape[1] - area.shape[1], 0)))
        area, pieces = np.pad(area, wider), np.pad(pieces, wider)
        area[:, : more.shape[1]] += more
        pieces[:, : more.shape[1]] += count
    return area, pieces


def _in_order(work: Any, batches: Iterable[Batch], threads: int) -> Iterator[Any]:
    """What `work` makes of each batch, in order, with no more batches in memory than threads and one."""
    waiting: deque[Future[Any]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        for number, batch in enumerate(batches):
            if number == 0:
                yield work(batch)  # the first one makes the grid, which the others share
                continue
            waiting.append(pool.submit(work, batch))
            if len(waiting) > threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _tiles(polygons: NDArray[np.object_]) -> tuple[NDArray[np.object_], Ints]:
    """Zones cut into tiles of about 32 vertices each, and the zone of each tile."""
    across = np.ceil(np.sqrt(shapely.get_num_coordinates(polygons) / VERTICES_OF_A_TILE)).astype(np.int64)
    tiles, of = [], []
    for number, (zone, n) in enumerate(zip(polygons, np.maximum(across, 1), strict=True)):
        west, south, east, north = zone.bounds
        x, y = np.linspace(west, east, n + 1), np.linspace(south, north, n + 1)
        left, bottom = (v.ravel() for v in np.meshgrid(x[:-1], y[:-1]))
        right, top = (v.ravel() for v in np.meshgrid(x[1:], y[1:]))
        parts = (
            shapely.intersection(zone, shapely.box(left, bottom, right, top)) if n > 1 else np.array([zone])
        )
        parts = parts[shapely.area(parts) > 0]
        tiles.append(parts)
        of.append(np.full(len(parts), number))
    if not tiles:
        return np.empty(0, dtype=object), np.empty(0, np.int64)
    return np.concatenate(tiles), np.concatenate(of)


def _boxes(parcels: Rings) -> tuple[Floats, Floats, Floats, Floats]:
    """West, south, east, north of each parcel in the survey plane, with room for the bend of its edges."""
    sides = []
    for value, least, empty in (
        (parcels.x, np.minimum, np.inf),
        (parcels.y, np.minimum, np.inf),
        (parcels.x, np.maximum, -np.inf),
        (parcels.y, np.maximum, -np.inf),
    ):
        side = np.full(parcels.size, empty)
        if len(parcels.owner):
            of_rings = least.reduceat(value, parcels.ring_starts[:-1])
            if len(parcels.owner) == parcels.size:
                side = of_rings
            else:
                least.at(side, parcels.owner, of_rings)
        sides.append(side)
    with np.errstate(invalid="ignore"):
        west, south = plane(sides[0], sides[1])  # both rise with longitude and latitude: corners stay corners
        east, north = plane(sides[2], sides[3])
    # an edge of length d bulges by less than d² / 8R; 2e-8 d² leaves room for the plane's stretch to 60° N
    with np.errstate(invalid="ignore"):
        room = 2e-7 * ((east - west) ** 2 + (north - south) ** 2) + 1e-6
    return west - room, south - room, east + room, north + room


def _cell_for(boxes: tuple[Floats, Floats, Floats, Floats]) -> tuple[float, float]:
    """A cell of half a typical parcel."""
    west, south, east, north = boxes
    there = np.isfinite(west)
    if not there.any():
        return 100.0, 100.0
    return float(np.median((east - west)[there])) / 2, float(np.median((north - south)[there])) / 2
