"""Emissions on a grid: 20,000 parcels of 30 x 30 km spread on cells of 100 m, and the file written."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import rasterio
import shapely
from pyproj import CRS

from benchmarks.cover import scattered
from benchmarks.report import Row
from data.formats.raster_writing import Band, write_cog
from geo.cover import Polygons
from geo.cover.gridding import grid_over
from geo.cover.spreading import footprint

SIDE_M, CELL_M, PARCELS = 30_000, 100.0, 20_000
ASKED_S, ASKED_MASS = 2.0, 1e-9
PLANE = CRS.from_epsg(4547)
WEST, SOUTH = 480_000.0, 3_840_000.0


def measure(folder: Path, times: int, raw: dict[str, Any]) -> list[Row]:
    """The line of the table about the grid.

    Parameters
    ----------
    folder : where the file is written
    """
    shapes, values = made(PARCELS)
    zone = shapely.box(WEST, SOUTH, WEST + SIDE_M, SOUTH + SIDE_M)
    took, lost = [], 0.0
    for _ in range(times):
        begin = time.perf_counter()
        written = grid(zone, shapes, values, folder / "grid.tif")
        took.append(time.perf_counter() - begin)
        lost = float(abs(written / values.sum() - 1))
    seconds = median(took)
    raw["grid"] = {"seconds": took, "lost": lost}
    side = SIDE_M // 1000
    what = f"grid: {PARCELS:,} parcels, {side} x {side} km at {CELL_M:g} m (mass {lost:.0e} off)"
    asked = f"{ASKED_S:g} s, mass to {ASKED_MASS:g}"
    return [Row(what, f"{seconds:.2f} s", "", None, asked, bool(seconds < ASKED_S and lost < ASKED_MASS))]


def grid(zone: shapely.Polygon, shapes: Any, values: Any, path: Path) -> float:
    """Spread the values over the zone, write them, and sum what stands in the file."""
    cells = grid_over([zone], PLANE, PLANE, CELL_M)
    laid = footprint(Polygons(np.append(shapes, zone), PLANE), cells, PLANE)
    spread = laid.spread(np.append(values, 0.0))
    tonnes = np.where(laid.covered(), spread.cells, np.nan)
    write_cog(path, [Band(tonnes, "emissions", "tCO2e")], cells, PLANE.to_wkt())
    with rasterio.open(path) as file:
        return float(np.nansum(file.read(1)) + np.nansum(spread.left))


def made(count: int, seed: int = 5) -> tuple[Any, Any]:
    """Star-shaped parcels of 50 to 300 m across all over the zone, and what each emits, tonnes."""
    rng = np.random.default_rng(seed)
    stars = np.array(scattered(rng, SIDE_M // 10, count), dtype=object)
    west, _, _, north = shapely.total_bounds(stars)
    shift = [WEST + 200 - west, SOUTH + SIDE_M - 200 - north]
    return shapely.transform(stars, lambda xy: xy + shift), rng.lognormal(4, 2, count)
