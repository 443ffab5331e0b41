"""Rasters (栅格): opened safely, read window by window, north at the top.

Only drivers that read one plain file are allowed, and no address: a virtual raster could name other files,
or a server. What is read is what stands in the file; nothing is resampled, and no class is translated.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio.enums import MaskFlags, Resampling
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.vrt import WarpedVRT
from rasterio.windows import Window

from data.errors import FileUnusable
from data.formats.raster_checks import band_of, broken_raster, driver_of, fits, hold_limits
from data.records import Fault, Severity

Values = NDArray[Any]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of a raster as they lie, north at the top.

    Parameters
    ----------
    width, height : columns and rows
    west, north : of the upper left corner, units of the CRS
    dx, dy : size of a cell, both > 0
    """

    width: int
    height: int
    west: float
    north: float
    dx: float
    dy: float

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north.

        >>> Grid(3, 2, 100.0, 50.0, 10.0, 5.0).bounds
        (100.0, 40.0, 130.0, 50.0)
        """
        south, east = self.north - self.height * self.dy, self.west + self.width * self.dx
        return self.west, south, east, self.north

    def __str__(self) -> str:
        """The transform in words, as messages name it."""
        cells = f"{self.width} x {self.height} cells of {self.dx:.12g} x {self.dy:.12g}"
        return f"{cells} from {self.west:.12g}, {self.north:.12g}"


@dataclass(frozen=True)
class Raster:
    """One band of a raster, open.

    Parameters
    ----------
    path, grid, band : where it is from, its cells, and which band (from 1)
    wkt : its CRS as the file declares it; empty where it declares none
    dtype : of the values as they stand in the file
    nodata : the value that means nothing; None where none does
    masked : whether an alpha band or a mask says which cells hold something
    block : rows and columns that the file keeps together
    scale, offset : what stands in the file is to be multiplied and added to, for a measured quantity
    faults : what was odd
    """

    path: Path
    grid: Grid
    band: int
    wkt: str
    dtype: np.dtype[Any]
    nodata: float | None
    masked: bool
    block: tuple[int, int]
    scale: float
    offset: float
    faults: tuple[Fault, ...]
    dataset: Any = field(repr=False)
    south_up: bool = False

    def read(self, row: int, column: int, rows: int, columns: int) -> tuple[Values, Mask | None]:
        """Values of a window as they stand in the file, and which of them hold something; None: all do.

        Raises
        ------
        FileBroken : the bytes of that window cannot be read
        """
        top = self.grid.height - row - rows if self.south_up else row
        window = Window(column, top, columns, rows)
        try:
            with local_only():
                values = self.dataset.read(self.band, window=window)
                mask = self.dataset.read_masks(self.band, window=window) > 0 if self.masked else None
        except RasterioError as odd:
            where = f"rows {row} to {row + rows}, columns {column} to {column + columns}"
            raise broken_raster(self.path, f"{where}: {odd}") from odd
        if self.nodata is not None and not np.isnan(self.nodata):
            mask = _both(mask, values != self.dtype.type(self.nodata))
        if self.dtype.kind == "f":
            mask = _both(mask, ~np.isnan(values))
        if self.south_up:
            values, mask = values[::-1], None if mask is None else mask[::-1]
        return values, mask


@contextmanager
def open_raster(
    path: str | Path, *, band: int | None = None, nodata: float | None = None
) -> Iterator[Raster]:
    """One band of a raster, closed at the end of the block.

    Parameters
    ----------
    path : .tif .tiff .img .asc on this machine
    band : from 1; None takes the only one
    nodata : the value that means nothing; wins over what the file declares

    Raises
    ------
    FormatUnknown : no raster that we read
    FileBroken : the bytes make no sense
    FileTooLarge : it passes a limit, which the message states
    FileUnusable : an address, no such file, several bands and none chosen, complex numbers, a rotated grid
    """
    path = Path(path)
    driver = driver_of(path)
    try:
        with local_only(), warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)  # `_grid` refuses it, in words
            dataset = rasterio.open(path.resolve(), driver=driver)
    except RasterioError as odd:
        raise broken_raster(path, str(odd)) from odd
    with dataset:
        yield _described(path, dataset, band_of(path, dataset, band), nodata)


@contextmanager
def aligned(other: Raster, like: Raster, wkt: str) -> Iterator[Raster]:
    """A raster on the grid of another, each cell with the value of the nearest one; closed with the block.

    Parameters
    ----------
    other : the raster to move
    like, wkt : the one on whose grid it is wanted, and its CRS
    """
    grid = like.grid
    options: dict[str, Any] = {"resampling": Resampling.nearest}
    if other.nodata is None:
        options["add_alpha"] = not other.masked
    else:
        options |= {"src_nodata": other.nodata, "nodata": other.nodata}
    transform = Affine(grid.dx, 0.0, grid.west, 0.0, -grid.dy, grid.north)
    place = {"crs": wkt, "transform": transform, "width": grid.width, "height": grid.height}
    with local_only(), WarpedVRT(other.dataset, **place, **options) as moved:
        masked = other.masked or other.nodata is None
        yield replace(
            other, grid=grid, wkt=wkt, block=like.block, masked=masked, dataset=moved, south_up=False
        )


def local_only() -> rasterio.Env:
    """GDAL without the network, whatever a file may name."""
    return rasterio.Env(CPL_VSIL_CURL_ALLOWED_FILENAME="none")


def _described(path: Path, dataset: Any, band: int, nodata: float | None) -> Raster:
    dtype = np.dtype(dataset.dtypes[band - 1])
    if dtype.kind not in "iuf":
        raise FileUnusable(
            f"{path.name} holds {dtype} numbers, which are no classes or amounts. Export real numbers."
        )
    block = dataset.block_shapes[band - 1]
    hold_limits(path, dataset, block, dtype)
    flags = dataset.mask_flag_enums[band - 1]
    masked = MaskFlags.per_dataset in flags or MaskFlags.alpha in flags
    tag = dataset.nodatavals[band - 1] if nodata is None else nodata
    if tag is not None and not fits(tag, dtype):
        if nodata is not None:
            raise FileUnusable(
                f"{path.name} holds {dtype}, which is never {nodata:g}. Choose another --nodata."
            )
        tag = None
    untagged = tag is None and not masked and dtype.kind != "f"
    return Raster(
        path=path,
        grid=_grid(path, dataset),
        band=band,
        wkt=dataset.crs.to_wkt() if dataset.crs else "",
        dtype=dtype,
        nodata=None if tag is None else float(tag),
        masked=masked,
        block=(int(block[0]), int(block[1])),
        scale=float(dataset.scales[band - 1]),
        offset=float(dataset.offsets[band - 1]),
        faults=(_no_nodata(path),) if untagged else (),
        dataset=dataset,
        south_up=dataset.transform.e > 0,
    )


def _grid(path: Path, dataset: Any) -> Grid:
    t = dataset.transform
    if t.is_identity:
        raise FileUnusable(
            f"{path.name} does not say where on Earth its cells lie; the file that does (.tfw, .aux.xml) may "
            "be missing beside it. Copy it along, or have the raster exported as GeoTIFF."
        )
    if t.b or t.d or t.a <= 0 or not t.e:
        raise FileUnusable(
            f"The grid of {path.name} is rotated, sheared or mirrored (transform {tuple(t)[:6]}). "
            "Warp it first: gdalwarp -r near in.tif out.tif."
        )
    height = dataset.height
    north = t.f + height * t.e if t.e > 0 else t.f
    return Grid(dataset.width, height, float(t.c), float(north), float(t.a), float(abs(t.e)))


def _no_nodata(path: Path) -> Fault:
    return Fault(
        "raster_without_nodata",
        f"{path.name} does not say which value means nothing, so every cell counts as one of a class.",
        "If one does (0, 48, 255 …), say it with --nodata.",
        Severity.WARNING,
        file=path.name,
    )


def _both(mask: Mask | None, other: Mask) -> Mask:
    return other if mask is None else mask & other
