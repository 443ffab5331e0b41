"""Opening a file safely (打开文件): what its bytes are, its hash, and GDAL kept quiet and in words.

The bytes are looked at before any library sees the file, because GDAL chooses its driver by content: a
text that calls itself .json and is a GDAL virtual layer would open other files, or addresses.
"""

from __future__ import annotations

import hashlib
import re
import threading
import warnings
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from data.errors import FileBroken, FileUnusable, FormatUnknown
from data.formats import limits
from data.records import Fault, Severity

MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"SQLite format 3\0", "gpkg"),
    (b"fgb\x03fgb", "fgb"),
    (b"PAR1", "parquet"),
    (b"\0\0\x27\x0a", "shp"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"),
    (b"\x1f\x8b", "gzip"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
    (b"%PDF", "pdf"),
    (b"AC10", "dwg"),
    (b"AutoCAD Binary DXF\r\n", "dxf"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"II+\0", "tiff"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
)

NAMES = {
    "gpkg": "a GeoPackage (.gpkg)",
    "fgb": "a FlatGeobuf (.fgb)",
    "parquet": "a Parquet file (.parquet)",
    "shp": "the geometry of a Shapefile (.shp)",
    "zip": "a ZIP archive (.zip)",
    "xlsx": "an Excel workbook (.xlsx)",
    "kmz": "a KMZ archive (.kmz)",
    "xls": "an old Excel workbook (.xls)",
    "gzip": "a gzip archive, to be unpacked first",
    "rar": "a RAR archive, to be unpacked first",
    "7z": "a 7-Zip archive, to be unpacked first",
    "pdf": "a PDF document",
    "dwg": "a CAD drawing (DWG), to be saved as DXF first (in CAD: SAVEAS, .dxf)",
    "dxf": "a CAD drawing for exchange (.dxf)",
    "tiff": "a TIFF raster",
    "png": "a PNG picture",
    "jpeg": "a JPEG picture",
    "topojson": "a TopoJSON (.topojson)",
    "esrijson": "an Esri JSON, to be exported as GeoJSON first",
    "json": "JSON (.geojson)",
    "kml": "a KML (.kml)",
    "html": "an HTML page, perhaps the error page of a download",
    "xml": "an XML document",
    "text": "plain text (.csv, if it is a table; .txt, if it is boundary points)",
    "": "no kind we know",
}

MAY_BE: Mapping[str, frozenset[str]] = {
    ".gpkg": frozenset({"gpkg"}),
    ".fgb": frozenset({"fgb"}),
    ".geojson": frozenset({"json", "topojson"}),
    ".json": frozenset({"json", "topojson"}),
    ".topojson": frozenset({"json", "topojson"}),
    ".shp": frozenset({"shp"}),
    ".dbf": frozenset({"", "text"}),
    ".kml": frozenset({"kml", "xml"}),
    ".kmz": frozenset({"zip", "kmz"}),
    ".parquet": frozenset({"parquet"}),
    ".geoparquet": frozenset({"parquet"}),
    ".zip": frozenset({"zip", "kmz"}),
    ".xlsx": frozenset({"xlsx", "zip", "xls"}),
    ".xls": frozenset({"xls", "xlsx", "zip", "html", "xml", "text", ""}),
    ".xlsb": frozenset({"xlsx", "zip", "xls"}),
    ".ods": frozenset({"zip"}),
    ".csv": frozenset({"text", "", "json", "html", "xml"}),
    ".tsv": frozenset({"text", "", "json", "html", "xml"}),
    ".dxf": frozenset({"dxf"}),
    ".txt": frozenset({"text", "", "json", "esrijson", "topojson"}),  # [属性描述] begins as JSON does
}
"""What a suffix may hold. What a reader of sheets makes of a page or a text is the reader's own affair."""

ONE_AT_A_TIME = threading.RLock()
"""GDAL's options and Python's warning filters belong to the whole process."""


def check(path: Path, suffixes: Collection[str]) -> None:
    """Raise unless the path is a file (or FileGDB folder) whose bytes agree with its suffix."""
    suffix = path.suffix.lower()
    _check_name(path)
    if not path.exists():
        raise FileUnusable(f"There is no file {path}. {_neighbours(path.parent, suffixes)}")
    if path.is_dir():
        _check_folder(path, suffix, suffixes)
        return
    if not path.is_file():
        raise FileUnusable(f"{path} is a device or a pipe, not a file. Save its content as a file first.")
    if path.stat().st_size == 0:
        raise FileBroken(f"{path.name} is empty: 0 bytes. Copy or export it again.")
    limits.hold(path, limits.FILE_BYTES, "tables are held in memory")
    looks = sniff(path)
    if suffix not in suffixes:
        raise FormatUnknown(
            f"No reader knows {suffix or 'a name without an extension'} ({path.name}). "
            f"Its bytes look like {NAMES[looks]}. We read {', '.join(sorted(suffixes))}: "
            "rename the file, if only the name is wrong, or export it in one of these."
        )
    if looks not in MAY_BE.get(suffix, {looks}):
        _refuse_lie(path, suffix, looks)


def _check_name(path: Path) -> None:
    try:
        str(path).encode()
    except UnicodeEncodeError:
        raise FileUnusable(
            f"The name {str(path)!a} is no UTF-8 text; it may be GBK, from an archive packed on Chinese "
            "Windows. Rename the file or its folder."
        ) from None


def _refuse_lie(path: Path, suffix: str, looks: str) -> None:
    if looks in {"", "text"}:
        raise FileBroken(
            f"{path.name} does not begin as {suffix} files do, and its bytes look like {NAMES[looks]}: "
            "it was cut off, overwritten or never one. Copy or export it again."
        )
    raise FormatUnknown(
        f"{path.name} is named {suffix}, but its bytes are those of {NAMES[looks]}. "
        "Give it the extension that it is, or export it again."
    )


def _check_folder(path: Path, suffix: str, suffixes: Collection[str]) -> None:
    if suffix == ".gdb":
        if (path / "a00000001.gdbtable").is_file():
            return
        raise FileBroken(
            f"{path.name} is a folder without a00000001.gdbtable, which every FileGDB has. "
            "Copy the whole .gdb folder again."
        )
    raise FileUnusable(
        f"{path} is a folder, not a file. {_neighbours(path, suffixes)} Name one of its files."
    )


def _neighbours(folder: Path, suffixes: Collection[str]) -> str:
    if not folder.is_dir():
        return f"There is no folder {folder} either. Check the path."
    known = sorted(p.name for p in folder.iterdir() if p.suffix.lower() in suffixes)
    shown = ", ".join(known[:8]) + (f" and {len(known) - 8} more" if len(known) > 8 else "")
    return f"Files we read in {folder}: {shown or 'none'}."


def sniff(path: Path) -> str:
    """What the first bytes of a file look like: a key of NAMES, empty when nothing is known of them."""
    with path.open("rb") as file:
        head = file.read(64 * limits.KB)
    for start, kind in MAGIC:
        if head.startswith(start):
            return _sniff_zip(path) if kind == "zip" else kind
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if re.match(rb"(999[ \t]*\r?\n.*\r?\n\s*)*0\s*?\r?\n\s*SECTION\s", text):
        return "dxf"
    if text[:1] == b"<":
        return _sniff_markup(text.lower())
    if text[:1] in {b"{", b"["}:
        return _sniff_json(text)
    return "text" if text and not re.search(rb"[\0-\x08\x0e-\x1a]", head) else ""


def _sniff_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = {info.filename.lower() for info in archive.infolist()[: limits.ZIP_ENTRIES]}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return "zip"
    if "[content_types].xml" in names:
        return "xlsx"
    return (
        "kmz"
        if names
        and all(not n.endswith((".shp", ".gpkg")) for n in names)
        and (any(n.endswith(".kml") for n in names))
        else "zip"
    )


def _sniff_markup(text: bytes) -> str:
    if re.search(rb"<([a-z0-9]+:)?kml[\s>]", text):
        return "kml"
    return "html" if re.search(rb"<(!doctype html|html|table|body)[\s>]", text) else "xml"


def _sniff_json(text: bytes) -> str:
    if re.search(rb'"type"\s*:\s*"Topology"', text) or re.match(rb'\{\s*"(arcs|objects)"\s*:', text):
        return "topojson"
    return "esrijson" if re.search(rb'"(geometryType|spatialReference)"\s*:\s*["{]', text[:4096]) else "json"


def digest(paths: Sequence[Path]) -> str:
    """SHA-256 of one file, or of the lines `<sha256>  <name>` of several, sorted by name.

    Both can be redone with the command sha256sum. Files are read in pieces of a megabyte.
    """
    if len(paths) == 1 and paths[0].is_file():
        with paths[0].open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    files = sorted(f for p in paths for f in ([p] if p.is_file() else p.iterdir()) if f.is_file())
    lines = "".join(f"{digest([file])}  {file.name}\n" for file in files)
    return hashlib.sha256(lines.encode()).hexdigest()


@contextmanager
def gdal(path: Path, kind: str, faults: list[Fault], **options: str | None) -> Iterator[None]:
    """GDAL with its options set for a while, its warnings kept as faults, its errors in our words.

    Parameters
    ----------
    path, kind : file and format as the messages name them
    faults : list to which each different warning is added
    options : GDAL configuration, put back afterwards

    Raises
    ------
    FileBroken : GDAL could not make sense of the file
    """
    with ONE_AT_A_TIME, warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        before = {name: pyogrio.get_gdal_config_option(name) for name in options}
        pyogrio.set_gdal_config_options(options)
        try:
            yield
        except (DataSourceError, DataLayerError, UnicodeDecodeError) as odd:
            raise broken(path, kind, str(odd)) from odd
        finally:
            pyogrio.set_gdal_config_options(before)
    faults += [
        Fault(
            "reader_warning",
            f"GDAL says: {_plain(words, path)}.",
            "Look at the features concerned; export the file again if they are wrong.",
            Severity.WARNING,
            file=path.name,
        )
        for words in dict.fromkeys(str(warning.message) for warning in said)
    ]


def broken(path: Path, kind: str, words: str) -> FileBroken:
    """A FileBroken out of a library's words, without the library's advice to its programmers."""
    return FileBroken(
        f"{path.name} cannot be read as {kind}: {_plain(words, path)}. "
        "It was cut off, damaged, or is something else: copy or export it again."
    )


def _plain(words: str, path: Path) -> str:
    words = re.sub(r";? ?It might help to specify the correct driver.*", "", words, flags=re.DOTALL)
    words = re.sub(r" To avoid accepting it, set the .*", "", words, flags=re.DOTALL)
    return " ".join(words.replace(str(path.parent) + "/", "").split()).rstrip(".;")
