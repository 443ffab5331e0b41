"""Rasters (栅格): opened safely, read window by window, north at the top.

Only drivers that read one plain file are allowed, and no address: a virtual raster could name other files,
or a server. What is read is what stands in the file; nothing is resampled, and no class is translated.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, MaskFlags
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.windows import Window

from data.errors import FileBroken, FileTooLarge, FileUnusable, FormatUnknown
from data.formats.limits import GB, MB, said
from data.formats.opening import NAMES, digest, sniff
from data.records import Fault, Severity

DRIVERS = {".tif": "GTiff", ".tiff": "GTiff", ".img": "HFA", ".asc": "AAIGrid"}
BEGINS = {
    "GTiff": (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"),
    "HFA": (b"EHFA_HEADER_TAG",),
    "AAIGrid": (b"ncols", b"NCOLS", b"nrows", b"NROWS"),
}

CELLS = 10**12
"""Width by height: China at 10 m has 1.5e11 cells; a file that names more is the world, or a lie."""

BLOCK_BYTES = GB
"""One block of the file, unpacked: it is the least that can be read at a time, and memory must hold some."""

WHOLE_HASH_BYTES = 2 * GB
"""Files up to this size are hashed whole; reading more takes longer than measuring on them."""

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
            with _local_only():
                values = self.dataset.read(self.band, window=window)
                mask = self.dataset.read_masks(self.band, window=window) > 0 if self.masked else None
        except RasterioError as odd:
            where = f"rows {row} to {row + rows}, columns {column} to {column + columns}"
            raise _broken(self.path, f"{where}: {odd}") from odd
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
    driver = _driver(path)
    try:
        with _local_only(), warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)  # `_grid` refuses it, in words
            dataset = rasterio.open(path.resolve(), driver=driver)
    except RasterioError as odd:
        raise _broken(path, str(odd)) from odd
    with dataset:
        yield _described(path, dataset, _band(path, dataset, band), nodata)


def fingerprint(path: Path) -> str:
    """`sha256:…` of the whole file; of a huge one `sha256-of-ends:…`, of its size, first and last megabyte."""
    size = path.stat().st_size
    if size <= WHOLE_HASH_BYTES:
        return f"sha256:{digest([path])}"
    with path.open("rb") as file:
        ends = hashlib.sha256(f"{size}\n".encode() + file.read(MB))
        file.seek(-MB, 2)
        ends.update(file.read(MB))
    return f"sha256-of-ends:{ends.hexdigest()}"


def _local_only() -> rasterio.Env:
    """GDAL without the network, whatever a file may name."""
    return rasterio.Env(CPL_VSIL_CURL_ALLOWED_FILENAME="none")


def _driver(path: Path) -> str:
    name = str(path)
    if "://" in name or ":/" in name or name.startswith("/vsi"):
        raise FileUnusable(f"{name} is an address; rasters are read from files alone. Download it first.")
    if not path.is_file():
        raise FileUnusable(f"There is no file {path}. Check the path; we read {', '.join(DRIVERS)}.")
    if path.stat().st_size == 0:
        raise FileBroken(f"{path.name} is empty: 0 bytes. Copy or export it again.")
    driver = DRIVERS.get(path.suffix.lower())
    looks = NAMES[sniff(path)]
    if driver is None:
        raise FormatUnknown(
            f"{path.name} is no raster that we read: its bytes look like {looks}. "
            f"We read {', '.join(DRIVERS)}; save it as GeoTIFF (gdal_translate in.xxx out.tif)."
        )
    with path.open("rb") as file:
        head = file.read(64).lstrip() if driver == "AAIGrid" else file.read(64)
    if not head.startswith(BEGINS[driver]):
        raise FormatUnknown(
            f"{path.name} is named {path.suffix}, but its bytes look like {looks}. "
            "Give it the extension that it is, or export it again."
        )
    return driver


def _band(path: Path, dataset: Any, chosen: int | None) -> int:
    """The band to read: the chosen one, else the only one that is no alpha band."""
    kinds = dataset.colorinterp
    bands = [i + 1 for i, kind in enumerate(kinds) if kind is not ColorInterp.alpha]
    names = [dataset.descriptions[i - 1] or kinds[i - 1].name for i in bands]
    listed = ", ".join(f"{i} ({name})" for i, name in zip(bands, names, strict=True))
    if chosen is None and len(bands) != 1:
        raise FileUnusable(
            f"{path.name} has {len(bands)} bands: {listed or 'none'}. Choose one with --band. A picture in "
            "red, green and blue has no classes: give the raster of classes itself."
        )
    if chosen is not None and not 1 <= chosen <= dataset.count:
        raise FileUnusable(f"{path.name} has no band {chosen}. There are: {listed}.")
    return bands[0] if chosen is None else chosen


def _described(path: Path, dataset: Any, band: int, nodata: float | None) -> Raster:
    dtype = np.dtype(dataset.dtypes[band - 1])
    if dtype.kind not in "iuf":
        raise FileUnusable(
            f"{path.name} holds {dtype} numbers, which are no classes or amounts. Export real numbers."
        )
    block = dataset.block_shapes[band - 1]
    _hold_limits(path, dataset, block, dtype)
    flags = dataset.mask_flag_enums[band - 1]
    masked = MaskFlags.per_dataset in flags or MaskFlags.alpha in flags
    tag = dataset.nodatavals[band - 1] if nodata is None else nodata
    if tag is not None and not _fits(tag, dtype):
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


def _hold_limits(path: Path, dataset: Any, block: tuple[int, int], dtype: np.dtype[Any]) -> None:
    if dataset.width * dataset.height > CELLS:
        raise FileTooLarge(
            f"{path.name} has {dataset.width:,} x {dataset.height:,} cells; the limit is {CELLS:.0e}. "
            "Cut out the region first (gdal_translate -projwin …)."
        )
    size = block[0] * block[1] * dtype.itemsize
    if size > BLOCK_BYTES:
        raise FileTooLarge(
            f"{path.name} keeps blocks of {block[0]:,} x {block[1]:,} cells, {said(size)} each; the limit is "
            f"{said(BLOCK_BYTES)}. Store it in tiles: gdal_translate -co TILED=YES in.tif out.tif."
        )


def _fits(value: float, dtype: np.dtype[Any]) -> bool:
    """Whether a number can stand in a raster of that type at all.

    >>> _fits(255.0, np.dtype("uint8")), _fits(-128.0, np.dtype("uint8"))
    (True, False)
    """
    if dtype.kind == "f":
        return True
    limits = np.iinfo(dtype)
    return value == value and limits.min <= value <= limits.max and float(value).is_integer()


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


def _broken(path: Path, words: str) -> FileBroken:
    plain = " ".join(words.replace(str(path.resolve().parent) + "/", "").split()).rstrip(".;")
    return FileBroken(
        f"{path.name} cannot be read as a raster: {plain}. It was cut off or damaged: copy it again."
    )
