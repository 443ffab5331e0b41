"""Small rasters that anybody can add up, for the tests on land cover."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.transform import Affine

EAST, SOUTH = 470_000.0, 3_850_000.0


def at(west: float, north: float, dx: float, dy: float) -> Affine:
    """The transform of a grid with north at the top."""
    return Affine(dx, 0.0, west, 0.0, -dy, north)


def written(path: Path, cells: Any, epsg: int | None, transform: Affine, **profile: Any) -> Path:
    """A GeoTIFF of those cells, (rows, columns) or (bands, rows, columns)."""
    bands = cells if cells.ndim == 3 else cells[None]
    about = {
        "driver": "GTiff",
        "count": len(bands),
        "height": bands.shape[1],
        "width": bands.shape[2],
        "dtype": bands.dtype,
        "crs": f"EPSG:{epsg}" if epsg else None,
        "transform": transform,
    }
    with rasterio.open(path, "w", **about, **profile) as made:
        made.write(bands)
    return path


def toy(folder: Path, **profile: Any) -> Path:
    """1 to 9, row by row from the north, in cells of 10 m."""
    cells = np.arange(1, 10, dtype="uint8").reshape(3, 3)
    return written(folder / "toy.tif", cells, 4547, at(EAST, SOUTH + 30, 10, 10), **profile)
