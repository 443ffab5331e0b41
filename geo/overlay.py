"""Overlay (叠加): parcels x zones, with exact apportioning of area.

Areas are cut in the survey plane (`geo.survey_plane`), where plane area is ellipsoidal area, or in the plane
that is asked for (`geo.surfaces`): what the pieces of a parcel have together is what the parcel has, to 1e-9.
A parcel wholly inside or outside is
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
from geo.rings import Floats, Ints, Rings
from geo.surfaces import Ellipsoid, Plane, Surface
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
    area_m2 : (pairs,) area that they share, m², on the surface of the zones
    parcel_area_m2 : (parcels,) area of each whole parcel, on the same; nan where it has no polygon
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
    plane : the projected CRS in whose plane all is cut and measured; None: on the ellipsoid

    Raises
    ------
    LayerUnusable : a zone is no valid polygon, or there is no such plane
    """

    def __init__(
        self, geometries: Any, crs: Any, names: Iterable[Any] | None = None, *, plane: Any | None = None
    ):
        self.surface: Surface = Ellipsoid() if plane is None else Plane.of(plane)
        self.polygons = self.surface.zones(geometries, crs)
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
        """The shares of parcels given as rings that `surface.parcels` has taken.

        Raises
        ------
        LayerUnusable : a parcel on a boundary is no valid polygon, so that it cannot be cut
        """
        area = self.surface.areas(parcels, central_meridian)
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
        boxes = self.surface.boxes(parcels)
        if self._grid is None:
            self._grid = ZoneGrid.over(self.polygons, _cell_for(boxes), int(16 * parcels.size**0.5))
        return self._grid.zone_of_boxes(boxes)

    def _cut(self, parcels: Rings, central_meridian: float | None) -> tuple[Ints, Ints, Floats]:
        """Pairs (parcel, zone) and their shared area, of parcels that a boundary may cross."""
        polygons = self.surface.polygons(parcels, central_meridian)
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

    Parameters
    ----------
    parcels : (n,) polygons; one that a boundary crosses must be valid
    parcels_crs : their CRS, whichever it is
    zones : on the ellipsoid, or in the plane for which they were made

    >>> square = shapely.box(0.0, 0.0, 0.001, 0.001)
    >>> half = Zones([shapely.box(0.0005, -0.01, 0.01, 0.01)], 4490)
    >>> shares = overlay([square], 4490, half)
    >>> round(float(shares.area_m2[0] / shares.parcel_area_m2[0]), 6)
    0.5
    """
    return zones.shares(*zones.surface.parcels(Rings.of(parcels), parcels_crs))


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


def _cell_for(boxes: tuple[Floats, Floats, Floats, Floats]) -> tuple[float, float]:
    """A cell of half a typical parcel."""
    west, south, east, north = boxes
    there = np.isfinite(west)
    if not there.any():
        return 100.0, 100.0
    return float(np.median((east - west)[there])) / 2, float(np.median((north - south)[there])) / 2
