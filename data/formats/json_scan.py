"""A look through JSON text before it is parsed (解析前扫描): UTF-8, whole, not too deep, not too much.

JSON parsers recurse and hold every number as an object. Here only brackets, commas and quotes are looked
at, a few megabytes at a time, so that a hostile file costs seconds and no memory.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path

import numpy as np
import orjson
from pyproj import CRS
from pyproj.exceptions import CRSError

from data.errors import FileBroken, FileTooLarge, FileUnusable
from data.formats import limits
from data.formats.faults import reader_fault
from data.records import Fault

CHUNK = 1 * limits.MB
OTHERS = bytes(set(range(256)) - set(b'[]{},"'))
STEP = np.zeros(256, np.int8)
STEP[list(b"[{")] = 1
STEP[list(b"]}")] = -1
FEATURE_DEPTH = 2
"""A feature of a collection begins where two brackets are open: that of the object, that of `features`."""
LEGACY_CRS = re.compile(rb'"crs"\s*:\s*(null|\{(?:[^{}"]|"[^"]*"|\{(?:[^{}"]|"[^"]*")*\})*\})')


class Depth:
    """What has been seen of a JSON text: brackets open, in a string or not, values of this feature."""

    def __init__(self, path: Path, kind: str):
        self.path, self.kind = path, kind
        # GDAL takes a collection feature by feature, and anything else as a whole.
        self.outer = FEATURE_DEPTH if b'"FeatureCollection"' in _ends(path) else 0
        self.open = self.values = 0
        self.in_string, self.tail = False, b""

    def feed(self, chunk: bytes) -> None:
        """Count on through the next piece of text; raise at the limits."""
        marks = np.frombuffer(self._marks(chunk), np.uint8)
        quotes = marks == ord('"')
        outside = (np.cumsum(quotes) + self.in_string) % 2 == 0
        self.in_string = bool((quotes.sum() + self.in_string) % 2)
        marks = marks[outside & ~quotes]
        if not len(marks):
            return
        depth = self.open + np.cumsum(STEP[marks], dtype=np.int64)
        if depth.max() > limits.JSON_DEPTH:
            raise FileTooLarge(
                f"{self.path.name} nests brackets deeper than {limits.JSON_DEPTH}: no {self.kind} needs it, "
                "and it would exhaust the parser. Export it again."
            )
        self._count(depth)
        self.open = int(depth[-1])

    def _marks(self, chunk: bytes) -> bytes:
        chunk = self.tail + chunk
        self.tail = b""
        if b"\\" in chunk:
            if (len(chunk) - len(chunk.rstrip(b"\\"))) % 2:
                chunk, self.tail = chunk[:-1], b"\\"
            chunk = re.sub(rb"\\.", b"", chunk, flags=re.DOTALL)
        return chunk.translate(None, OTHERS)

    def _count(self, depth: np.ndarray[tuple[int], np.dtype[np.int64]]) -> None:
        ends = np.flatnonzero(depth <= self.outer)
        runs = np.diff(ends, prepend=-1 - self.values, append=len(depth) - 1)
        if runs.max() > limits.JSON_VALUES_PER_FEATURE:
            raise FileTooLarge(
                f"{self.path.name} has a feature of more than {limits.JSON_VALUES_PER_FEATURE:,} numbers and "
                "brackets, about ten million vertices; parsing it would take some 8 GB of memory. "
                "Split the feature, or save the file as GeoPackage."
            )
        self.values = int(runs[-1])

    def close(self) -> None:
        """Raise unless all that was opened is closed."""
        if self.open or self.in_string:
            raise FileBroken(
                f"{self.path.name} ends in the middle: "
                f"{'a text' if self.in_string else f'{self.open} brackets'} is still open. "
                "It was cut off while it was written or copied: export or copy it again."
            )


def scan(path: Path, kind: str, encoding: str | None) -> tuple[Path | bytes, str]:
    """The path itself when the text is sound UTF-8; its text in UTF-8 when it was in the named encoding.

    Raises
    ------
    FileBroken : not UTF-8, or cut off
    FileTooLarge : it passes a limit
    """
    limits.hold(path, limits.JSON_BYTES, "text is parsed at about 10 MB a second")
    name = encoding or "utf-8"
    try:
        decoder = codecs.getincrementaldecoder(name)()
    except LookupError:
        raise FileUnusable(f"There is no encoding {name!r}. Try utf-8, gb18030 or big5.") from None
    plain = codecs.lookup(name).name in {"utf-8", "utf-8-sig"}
    depth, pieces, at = Depth(path, kind), [], 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            text = _decoded(decoder, chunk, path, at)
            if not plain:
                chunk = text.encode()
                pieces.append(chunk)
            depth.feed(chunk)
            at += len(chunk)
    _decoded(decoder, b"", path, at, final=True)
    depth.close()
    return (path if plain else b"".join(pieces)), name


def _decoded(
    decoder: codecs.IncrementalDecoder, chunk: bytes, path: Path, at: int, final: bool = False
) -> str:
    try:
        return decoder.decode(chunk, final)
    except UnicodeDecodeError as odd:
        raise FileBroken(
            f"{path.name} is not {odd.encoding}: byte {at + odd.start} is 0x{odd.object[odd.start]:02x}. "
            "JSON is UTF-8; text of Chinese Windows is often gb18030. "
            "Save it as UTF-8, or name its encoding (--encoding gb18030)."
        ) from None


def declared_crs(text: Path | bytes, path: Path, faults: list[Fault]) -> str | None:
    """What a GeoJSON declares: its old `crs` member, else WGS 84; None where it says null or nonsense.

    The member stands beside `features`, before or after it: head and tail of the file are searched.

    Raises
    ------
    FileUnusable : the member is a link; nothing is fetched
    """
    found = LEGACY_CRS.search(_ends(text))
    if found is None:
        return "EPSG:4326"
    member = orjson.loads(found[1]) if found[1] != b"null" else None
    name = str((member or {}).get("properties", {}).get("name", ""))
    if member and member.get("type") == "link":
        raise FileUnusable(
            f"{path.name} gives its coordinate reference system as a link, and nothing is fetched. "
            'Replace its "crs" by a name such as "urn:ogc:def:crs:EPSG::4490".'
        )
    try:
        return str(CRS.from_user_input(name).to_string())
    except CRSError:
        pass
    said = orjson.dumps(member).decode()
    faults.append(
        reader_fault(
            "crs_unknown",
            f'The file\'s "crs" is {said[:120]}, which names no coordinate reference system that PROJ knows.',
            "Name the right one, such as EPSG:4526, when you take the file in.",
            file=path.name,
        )
    )
    return None


def _ends(text: Path | bytes) -> bytes:
    size = 64 * limits.KB
    if isinstance(text, bytes):
        return text[:size] + b"\n" + text[-size:]
    with text.open("rb") as file:
        head = file.read(size)
        file.seek(max(size, text.stat().st_size - size))
        return head + b"\n" + file.read()
