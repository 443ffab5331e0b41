"""Shapefile, and dBASE tables alone: several files that belong together, and text in any encoding.

GDAL reads the text as Latin-1, one letter for one byte, which loses nothing; it is decoded here, so that
a character cut in the middle by the width of its field spoils one value and not the file.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyogrio import raw

from data.errors import FileBroken, FileUnusable
from data.formats.dbase import Dbase, Field, dbase
from data.formats.faults import each, reader_fault
from data.formats.opening import digest, gdal
from data.formats.text_encoding import LANGUAGE_BYTES, Encoding, decoded, find, named
from data.formats.vector import assemble, split_geometry
from data.records import Fault, Severity, Source, Table

PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


def read_shapefile(path: Path, *, layer: str | None = None, encoding: str | None = None) -> Table:
    """A Shapefile, named by its .shp; or a .dbf as a table without geometry.

    A missing .shx is rebuilt, a missing .dbf leaves geometry alone; both are warnings.

    Raises
    ------
    FileUnusable : the .shp of a Shapefile is not there
    FileBroken : a file is shorter than its own header says
    """
    faults: list[Fault] = []
    parts = siblings(path)
    if layer not in {None, path.stem}:
        raise FileUnusable(f"{path.name} holds one layer, {path.stem}, not {layer!r}. Leave the layer out.")
    if path.suffix.lower() == ".dbf":
        parts = _table_alone(parts, path, faults)
    else:
        _check_shp(parts[".shp"])
        if ".shx" in parts and not _index_is_whole(parts[".shx"]):
            del parts[".shx"]
        _say_missing(parts, path, faults)
    table = dbase(parts[".dbf"]) if ".dbf" in parts else None
    _say_different(parts, table, path, faults)
    used = _encoding(table, parts, encoding, path, faults) if table else Encoding("", "plain")
    mapped = ".shp" in parts
    with TemporaryDirectory() as folder:
        opened = _copied(path, parts, Path(folder))
        # GDAL would write a new index over a whole one too: only in our copy may it.
        rebuild = "NO" if opened == path else "YES"
        with gdal(path, "Shapefile", faults, SHAPE_RESTORE_SHX=rebuild):
            meta, columns = raw.read_arrow(opened, encoding="ISO-8859-1", read_geometry=mapped)
    columns, shapes = split_geometry(meta, columns)
    if table:
        columns = _decoded(columns, table, used.name, path, faults)
    # Without a .shp GDAL says so as a warning, which here is no news.
    faults = [fault for fault in faults if mapped or fault.code != "reader_warning"]
    source = Source(
        str(path), digest(list(parts.values())), "Shapefile" if mapped else "dBASE", path.stem, used.name
    )
    return assemble(meta, columns, shapes, source, faults)


def siblings(path: Path) -> dict[str, Path]:
    """The files of one Shapefile that are there, by suffix in lower case."""
    same = (p for p in sorted(path.parent.iterdir()) if p.stem == path.stem and p.is_file())
    found = {p.suffix.lower(): p for p in same if p.suffix.lower() in PARTS}
    return {suffix: found[suffix] for suffix in PARTS if suffix in found} | {path.suffix.lower(): path}


def _table_alone(parts: dict[str, Path], path: Path, faults: list[Fault]) -> dict[str, Path]:
    if ".shp" in parts:
        faults.append(
            reader_fault(
                "geometry_left_out",
                f"{path.name} was read as a table; its geometry stands in {parts['.shp'].name}.",
                "Name the .shp, to read both.",
                file=path.name,
            )
        )
    elif ".shx" in parts:
        raise FileUnusable(
            f"There is no {path.stem}.shp. There are: {', '.join(p.name for p in parts.values())}. "
            "The .shp holds the geometry: copy all files of the Shapefile together."
        )
    return {suffix: part for suffix, part in parts.items() if suffix in {".dbf", ".cpg"}}


def _check_shp(path: Path) -> None:
    """The header holds the length of the file in words of two bytes."""
    with path.open("rb") as file:
        head = file.read(100)
    size, promised = path.stat().st_size, int.from_bytes(head[24:28], "big") * 2
    if len(head) < 100 or size < promised:
        raise FileBroken(
            f"{path.name} has {size} bytes, and its header promises {max(promised, 100)}: it was cut off. "
            "Copy or export the Shapefile again, all its files together."
        )


def _index_is_whole(path: Path) -> bool:
    head, size = path.read_bytes()[:28], path.stat().st_size
    return size >= 100 and head[:4] == b"\0\0\x27\x0a" and int.from_bytes(head[24:28], "big") * 2 <= size


def _say_different(parts: dict[str, Path], table: Dbase | None, path: Path, faults: list[Fault]) -> None:
    """The index has eight bytes for each shape; there should be as many rows."""
    if table is None or ".shx" not in parts or ".shp" not in parts:
        return
    shapes = (parts[".shx"].stat().st_size - 100) // 8
    if shapes != table.rows:
        faults.append(
            reader_fault(
                "rows_differ",
                f"There are {shapes} geometries and {table.rows} rows of attributes; "
                "what has no partner was left without.",
                "Copy all files of the Shapefile together, from one export.",
                file=path.name,
            )
        )


def _say_missing(parts: dict[str, Path], path: Path, faults: list[Fault]) -> None:
    for suffix, code, lost in (
        (".shx", "index_rebuilt", "the index was rebuilt from the geometry"),
        (".dbf", "attributes_missing", "the features have geometry and no attributes"),
    ):
        if suffix not in parts:
            there = ", ".join(p.name for p in parts.values())
            faults.append(
                reader_fault(
                    code,
                    f"There is no whole {path.stem}{suffix}; there are {there}. So {lost}.",
                    "Copy all files of the Shapefile together.",
                    file=path.name,
                )
            )


def _copied(path: Path, parts: dict[str, Path], folder: Path) -> Path:
    """The file to open: a copy, where GDAL would write an index beside it or not find a part."""
    spelled = all(part.suffix in {suffix, suffix.upper()} for suffix, part in parts.items())
    if spelled and (".shx" in parts or ".shp" not in parts):
        return path
    for suffix, part in parts.items():
        shutil.copyfile(part, folder / f"layer{suffix}")
    return folder / f"layer{path.suffix.lower()}"


def _encoding(
    table: Dbase, parts: dict[str, Path], said: str | None, path: Path, faults: list[Fault]
) -> Encoding:
    if said:
        return Encoding(named(said), "named")
    declared = []
    if ".cpg" in parts:
        content = parts[".cpg"].read_bytes()[:64].decode("ascii", "ignore").strip(" \0\r\n\t")
        declared.append((".cpg file", content))
    if table.language in LANGUAGE_BYTES:
        declared.append((f"language byte 0x{table.language:02X}", LANGUAGE_BYTES[table.language]))
    return find(_wide_texts(table), declared, path.name, faults)


def _wide_texts(table: Dbase) -> Iterator[tuple[bytes, bool]]:
    """Names and values with bytes beyond ASCII, and whether each fills its field."""
    for field in table.fields:
        if not field.name.isascii():
            yield field.name, len(field.name) >= 10
    for field, cells in table.texts():
        matrix = cells.view(np.uint8).reshape(len(cells), field.width)
        for value in np.unique(cells[(matrix > 0x7F).any(axis=1)]).tolist():
            yield value.strip(), len(value) == field.width


def _decoded(columns: pa.Table, table: Dbase, encoding: str, path: Path, faults: list[Fault]) -> pa.Table:
    """Names and text columns out of Latin-1 letters into those of the encoding."""
    names = columns.column_names
    if len(table.fields) == len(names):
        names = [decoded(f.name, encoding, full=len(f.name) >= 9)[0].strip() for f in table.fields]
    width = {field.name.decode("latin-1"): field for field in table.fields}
    for at, old in enumerate(columns.column_names):
        column = columns.column(at)
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            text = _decoded_column(column, width.get(old), encoding, (path.name, names[at]), faults)
            columns = columns.set_column(at, old, text)
    return columns.rename_columns(names)


def _decoded_column(
    column: pa.ChunkedArray,
    field: Field | None,
    encoding: str,
    place: tuple[str, str],
    faults: list[Fault],
) -> pa.ChunkedArray:
    values = pc.unique(column.drop_null()).to_pylist()
    wide = [value for value in values if not value.isascii()]
    if not wide:
        return column
    wrong: dict[str, list[str]] = {"cut": [], "odd": []}
    new = {}
    for value in wide:
        bytes_ = value.encode("latin-1", "replace")
        new[value], what = decoded(bytes_, encoding, field is None or len(bytes_) == field.width)
        if what:
            wrong[what].append(value)
    faults += _say_wrong(column, wrong, encoding, place)
    codes = column.combine_chunks().dictionary_encode()
    words = pa.array([new.get(v, v) for v in codes.dictionary.to_pylist()], pa.string())
    return pa.chunked_array([pa.DictionaryArray.from_arrays(codes.indices, words).cast(pa.string())])


def _say_wrong(
    column: pa.ChunkedArray, wrong: dict[str, list[str]], encoding: str, place: tuple[str, str]
) -> list[Fault]:
    said = {
        "cut": ("text_cut", "its last character was cut by the width of the field, and left out.",
                "Widen the field in the source, if the whole text matters."),
        "odd": ("text_undecodable", f"its text is not {encoding}; a replacement sign stands for odd bytes.",
                "Name the right encoding (--encoding), or correct the text in the source."),
    }  # fmt: skip
    faults = []
    for what, values in wrong.items():
        code, message, remedy = said[what]
        rows = np.flatnonzero(pc.is_in(column, pa.array(values, column.type)).to_numpy(zero_copy_only=False))
        faults += each(code, rows, message, remedy, severity=Severity.WARNING, file=place[0], column=place[1])
    return faults
