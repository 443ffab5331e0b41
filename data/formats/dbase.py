"""dBASE tables (.dbf): their fields and the bytes of their text, for the encoding has to be found.

GDAL reads the values; here stands only what it does not tell: the raw bytes and the language byte.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from data.errors import FileBroken

ROWS_AT_ONCE = 65_536
KNOWN_VERSIONS = {0x02, 0x03, 0x04, 0x05, 0x30, 0x31, 0x32, 0x43, 0x63, 0x83, 0x8B, 0x8C, 0xCB, 0xF5, 0xFB}
TEXT = {b"C"}


@dataclass(frozen=True, slots=True)
class Field:
    """One column: name as bytes, type letter, where it stands in a row, how many bytes it has."""

    name: bytes
    kind: bytes
    start: int
    width: int


@dataclass(frozen=True, slots=True)
class Dbase:
    """Header of a .dbf.

    Parameters
    ----------
    language : the language driver byte (LDID), 0 where none is set
    """

    path: Path
    rows: int
    header: int
    row_bytes: int
    language: int
    fields: tuple[Field, ...]

    def texts(self) -> Iterator[tuple[Field, NDArray[np.bytes_]]]:
        """Bytes of each text field, some rows at a time, padding cut off; rows marked as deleted left out."""
        if not self.rows:
            return
        shape = (self.rows, self.row_bytes)
        table = np.memmap(self.path, np.uint8, "r", offset=self.header, shape=shape)
        for first in range(0, self.rows, ROWS_AT_ONCE):
            rows = np.asarray(table[first : first + ROWS_AT_ONCE])
            rows = rows[rows[:, 0] != ord("*")]
            for field in self.fields:
                if field.kind in TEXT and field.width and len(rows):
                    cells = np.ascontiguousarray(rows[:, field.start : field.start + field.width])
                    yield field, cells.view(f"S{field.width}")[:, 0]


def dbase(path: Path) -> Dbase:
    """The header of a .dbf, checked against the size of the file.

    Raises
    ------
    FileBroken : the header makes no sense, or rows that it promises are not there
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(32)
        if len(head) < 32 or head[0] not in KNOWN_VERSIONS:
            raise _broken(path, f"its first {len(head)} bytes are no dBASE header")
        rows = int.from_bytes(head[4:8], "little")
        header = int.from_bytes(head[8:10], "little")
        row_bytes = int.from_bytes(head[10:12], "little")
        described = file.read(max(0, header - 32))
    fields = tuple(_fields(described))
    needed = header + rows * row_bytes
    if header < 33 or not row_bytes or sum(f.width for f in fields) + 1 > row_bytes:
        raise _broken(path, f"its {len(fields)} fields do not fit into rows of {row_bytes} bytes")
    if size < needed:
        whole = max(0, (size - header) // row_bytes)
        raise _broken(path, f"it promises {rows} rows ({needed} bytes), and has {whole} ({size} bytes)")
    return Dbase(path, rows, header, row_bytes, head[29], fields)


def _fields(described: bytes) -> Iterator[Field]:
    start = 1
    for at in range(0, len(described) - 31, 32):
        if described[at] == 0x0D:
            return
        width = described[at + 16]
        name = described[at : at + 11].split(b"\0")[0]
        kind = described[at + 11 : at + 12]
        if kind == b"C":
            # Text longer than 255 bytes keeps the high byte where others keep their decimals.
            width += described[at + 17] << 8
        yield Field(name, kind, start, width)
        start += width


def _broken(path: Path, what: str) -> FileBroken:
    return FileBroken(
        f"{path.name} cannot be read as a dBASE table: {what}. "
        "It was cut off or damaged: copy or export the Shapefile again, all its files together."
    )
