"""Rasters held at the door (栅格检查): what their bytes are, how large they are, which band, their hash."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
from rasterio.enums import ColorInterp

from data.errors import FileBroken, FileTooLarge, FileUnusable, FormatUnknown
from data.formats.limits import GB, MB, said
from data.formats.opening import NAMES, digest, sniff

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


def fingerprint(path: Path) -> str:
    """`sha256:…` of the whole file; `sha256-of-ends:…` of a huge one: its size, first and last megabyte."""
    size = path.stat().st_size
    if size <= WHOLE_HASH_BYTES:
        return f"sha256:{digest([path])}"
    with path.open("rb") as file:
        ends = hashlib.sha256(f"{size}\n".encode() + file.read(MB))
        file.seek(-MB, 2)
        ends.update(file.read(MB))
    return f"sha256-of-ends:{ends.hexdigest()}"


def driver_of(path: Path) -> str:
    """The one driver that may open the file, by its name and its first bytes.

    Raises
    ------
    FileUnusable : an address, or no file
    FileBroken, FormatUnknown : empty, or no raster that we read
    """
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


def band_of(path: Path, dataset: Any, chosen: int | None) -> int:
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


def hold_limits(path: Path, dataset: Any, block: tuple[int, int], dtype: np.dtype[Any]) -> None:
    """Raise FileTooLarge when the raster has too many cells, or keeps too many of them in one block."""
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


def fits(value: float, dtype: np.dtype[Any]) -> bool:
    """Whether a number can stand in a raster of that type at all.

    >>> fits(255.0, np.dtype("uint8")), fits(-128.0, np.dtype("uint8"))
    (True, False)
    """
    if dtype.kind == "f":
        return True
    limits = np.iinfo(dtype)
    return value == value and limits.min <= value <= limits.max and float(value).is_integer()


def broken_raster(path: Path, words: str) -> FileBroken:
    """A FileBroken out of a library's words."""
    plain = " ".join(words.replace(str(path.resolve().parent) + "/", "").split()).rstrip(".;")
    return FileBroken(
        f"{path.name} cannot be read as a raster: {plain}. It was cut off or damaged: copy it again."
    )
