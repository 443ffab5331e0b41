"""Rasters written (栅格输出): a Cloud Optimized GeoTIFF that says what its numbers are.

Such a file is tiled and carries its overviews before its data, so that a program reads a part of it, also
over HTTP, without the whole. What no cell holds is nan, which is also the nodata of the file.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio.errors import NotGeoreferencedWarning, RasterioError

from data.errors import FileUnusable
from data.formats.raster import Grid, local_only
from data.formats.whole import whole_or_not

SUFFIXES = (".tif", ".tiff")
LEAST_TILE, MOST_TILE = 128, 512
OVERVIEWS = "mean of the cells below that hold something"


@dataclass(frozen=True)
class Band:
    """One band.

    Parameters
    ----------
    values : (rows, columns) float64; nan where nothing is
    description, unit : what its numbers are, for whoever opens the file
    """

    values: NDArray[np.float64]
    description: str
    unit: str


def write_cog(
    path: Path, bands: Sequence[Band], grid: Grid, wkt: str, tags: Mapping[str, object] | None = None
) -> None:
    """Write bands as a Cloud Optimized GeoTIFF of float64, whole or not at all.

    Parameters
    ----------
    path : .tif or .tiff
    bands : one or more, of the rows and columns of the grid
    grid, wkt : where the cells lie, and the CRS
    tags : what else the file says of itself, as year and choices; values become text

    Raises
    ------
    FileUnusable : another suffix, bands that do not fit the grid, or a place that cannot be written
    """
    if path.suffix.lower() not in SUFFIXES:
        raise FileUnusable(f"{path.name} is no name for a GeoTIFF. Let it end in {' or '.join(SUFFIXES)}.")
    shape = grid.height, grid.width
    for band in bands:
        if band.values.shape != shape:
            raise FileUnusable(
                f"The band {band.description!r} has {band.values.shape} cells, the grid {shape}. "
                "Make them fit."
            )
    said = {"OVERVIEWS": OVERVIEWS, **{name: str(value) for name, value in (tags or {}).items()}}
    with whole_or_not(path) as beside:
        try:
            _write(beside, bands, _profile(grid, wkt, len(bands)), said)
        except RasterioError as odd:
            raise FileUnusable(f"{path} cannot be written: {odd}. Check the room on the disk.") from odd


def _write(path: Path, bands: Sequence[Band], profile: dict[str, Any], said: Mapping[str, str]) -> None:
    with local_only(), warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)  # of the empty file whose place it takes
        with rasterio.open(path, "w", **profile) as made:
            for number, band in enumerate(bands, 1):
                made.write(np.asarray(band.values, np.float64), number)
                made.set_band_description(number, band.description)
                made.set_band_unit(number, band.unit)
            made.update_tags(**said)


def _profile(grid: Grid, wkt: str, count: int) -> dict[str, Any]:
    return {
        "driver": "COG",
        "count": count,
        "dtype": "float64",
        "nodata": float("nan"),
        "width": grid.width,
        "height": grid.height,
        "crs": rasterio.crs.CRS.from_wkt(wkt),
        "transform": Affine(grid.dx, 0.0, grid.west, 0.0, -grid.dy, grid.north),
        "compress": "DEFLATE",
        "predictor": "FLOATING_POINT",
        "blocksize": tile_side(max(grid.width, grid.height)),
        "overviews": "IGNORE_EXISTING",
        "overview_resampling": "AVERAGE",
        "bigtiff": "IF_SAFER",
        "num_threads": "ALL_CPUS",
    }


def tile_side(cells: int) -> int:
    """Side of a tile for a raster of that many cells along its longer side: it has overviews where it can.

    >>> tile_side(50), tile_side(300), tile_side(3000)
    (128, 128, 512)
    """
    half = 1 << max(int(cells // 2).bit_length() - 1, 0)
    return min(max(half, LEAST_TILE), MOST_TILE)
