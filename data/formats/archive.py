"""ZIP archives (压缩包): unpacked within limits and inside one folder, then read as what they hold.

Nothing is written where an entry's name would lead out of the folder; links are refused; the bytes that
come out are counted while they come, since the sizes an archive states may be lies. Names that Chinese
Windows wrote in GBK without saying so are read as such.
"""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from data.errors import FileBroken, FileTooLarge, FileUnusable
from data.formats import limits
from data.formats.limits import said
from data.formats.opening import check, digest
from data.formats.text_encoding import guess
from data.records import Table

PIECE = limits.MB
UTF8_NAME, ENCRYPTED = 0x800, 0x1
READABLE = (".shp", ".gdb", ".gpkg", ".geojson", ".json", ".topojson", ".fgb", ".parquet", ".geoparquet",
            ".kml", ".kmz", ".xlsx", ".xls", ".csv", ".dbf", ".dxf")  # fmt: skip
NOTE = ".txt"
"""Boundary points, or a note beside a layer: read only where nothing else is there"""


def read_zip(path: Path, *, layer: str | None = None, encoding: str | None = None) -> Table:
    """The file in an archive, read as if it lay in a folder; the source names and hashes the archive.

    Parameters
    ----------
    layer : name of the file inside, with or without its extension, where there are several;
        otherwise a layer of the one file

    Raises
    ------
    FileUnusable : nothing readable in it, or several files and none named
    FileTooLarge : it passes a limit of limits.py
    FileBroken : damaged, or made to do harm
    """
    from data.formats import READERS

    with unpacked(path) as folder:
        inside, layer = _choose(_readable(folder), layer, path)
        check(inside, READERS)
        table = READERS[inside.suffix.lower()](inside, layer=layer, encoding=encoding)
    source = replace(table.source, path=str(path), sha256=digest([path]))
    return replace(table, source=source)


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """A temporary folder with the archive's files, gone afterwards.

    Raises
    ------
    FileTooLarge, FileBroken, FileUnusable : as `read_zip`
    """
    with TemporaryDirectory(prefix="mutan-") as folder:
        try:
            with zipfile.ZipFile(path) as archive:
                _hold(archive.infolist(), path)
                left = limits.ZIP_TOTAL_BYTES
                for entry in archive.infolist():
                    left -= _unpack(archive, entry, Path(folder), path, left)
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError) as odd:
            raise FileBroken(
                f"{path.name} cannot be unpacked: {odd}. It was cut off or damaged: copy or pack it again."
            ) from odd
        except (NotImplementedError, RuntimeError) as odd:
            raise FileUnusable(f"{path.name} cannot be unpacked: {odd}. Pack it as an ordinary ZIP.") from odd
        yield Path(folder)


def _hold(entries: list[zipfile.ZipInfo], path: Path) -> None:
    """What the archive says of itself, held against the limits before anything is unpacked."""
    if len(entries) > limits.ZIP_ENTRIES:
        raise FileTooLarge(
            f"{path.name} holds {len(entries):,} files; the limit is {limits.ZIP_ENTRIES:,}. "
            "Pack only the files that are wanted."
        )
    total = sum(entry.file_size for entry in entries)
    if total > limits.ZIP_TOTAL_BYTES:
        raise FileTooLarge(
            f"{path.name} would unpack to {said(total)}; the limit is {said(limits.ZIP_TOTAL_BYTES)}. "
            "Unpack it yourself, and name the file that is wanted."
        )
    for entry in entries:
        ratio = entry.file_size / max(1, entry.compress_size)
        if entry.file_size > limits.ZIP_RATIO_FREE_BYTES and ratio > limits.ZIP_RATIO:
            raise FileTooLarge(
                f"{path.name}: {name_of(entry)} would unpack to {ratio:.0f} times its size; the limit is "
                f"{limits.ZIP_RATIO}. If you trust it, unpack it yourself and name the file inside."
            )


def name_of(entry: zipfile.ZipInfo) -> str:
    """The name as it was meant: marked as UTF-8, or in the encoding of the machine that packed it."""
    if entry.flag_bits & UTF8_NAME or entry.filename.isascii():
        return entry.filename
    try:
        raw = entry.filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.filename
    found = guess([(raw, False)])
    return raw.decode(found.name) if found else entry.filename


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path, path: Path, left: int) -> int:
    """Bytes written for one entry."""
    name = name_of(entry).replace("\\", "/")
    inner = PurePosixPath(name)
    if inner.is_absolute() or ".." in inner.parts or ":" in name or "\0" in name:
        raise FileBroken(
            f"{path.name} holds {name!r}, which leads out of its folder. Nothing was unpacked from there: "
            "do not trust this archive, or pack it again without such paths."
        )
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise FileBroken(f"{path.name} holds a link, {name!r}. Pack the file that it points to instead.")
    if entry.is_dir() or name.endswith("/"):
        return 0
    if entry.flag_bits & ENCRYPTED:
        raise FileUnusable(f"{path.name} is locked by a password. Pack it again without one.")
    target = folder.joinpath(*inner.parts)
    target.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with archive.open(entry) as packed, target.open("xb") as file:
        while piece := packed.read(PIECE):
            written += len(piece)
            if written > left:
                raise FileTooLarge(
                    f"{path.name} unpacks to more than {said(limits.ZIP_TOTAL_BYTES)}, more than it states. "
                    "Do not trust this archive."
                )
            file.write(piece)
    return written


def _readable(folder: Path) -> list[Path]:
    """What can be read, the files of a FileGDB and the .dbf of a Shapefile not counted by themselves."""
    found = [p for p in sorted(folder.rglob("*")) if p.suffix.lower() in READABLE and _is_ours(p, folder)]
    if not found:
        found = [p for p in sorted(folder.rglob("*")) if p.suffix.lower() == NOTE and _is_ours(p, folder)]
    geometry = {p.with_suffix("") for p in found if p.suffix.lower() == ".shp"}
    return [p for p in found if p.suffix.lower() != ".dbf" or p.with_suffix("") not in geometry]


def _is_ours(path: Path, folder: Path) -> bool:
    inside = path.relative_to(folder)
    # Finder leaves shadows of every file in __MACOSX; they hold no data.
    return "__MACOSX" not in inside.parts and not any(p.suffix.lower() == ".gdb" for p in inside.parents)


def _choose(found: list[Path], layer: str | None, path: Path) -> tuple[Path, str | None]:
    listed = ", ".join(p.name for p in found[:10]) + (" …" if len(found) > 10 else "")
    if layer is not None and (chosen := [p for p in found if layer in {p.name, p.stem}]):
        return chosen[0], None
    if len(found) == 1:
        return found[0], layer
    if not found:
        raise FileUnusable(
            f"{path.name} holds nothing that we read. Pack a Shapefile with all its files, a GeoPackage …"
        )
    raise FileUnusable(f"{path.name} holds several files: {listed}. Name the one to take (--layer).")
