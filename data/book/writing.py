"""Taking a table into the book (入库): one version, its rows, and the periods for which they hold.

All of it happens in the transaction that the caller has opened.
"""
# ruff: noqa: S608 – names of tables and columns come from data/kinds.yaml, values are always bound

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from data.book import columns, geometry, schema, spatial_index
from data.book.periods import Period, until_notice
from data.book.scopes import Scope, scopes
from data.errors import LayerUnusable
from data.kinds import Kind
from data.records import Source

CHUNK = 50_000
# From here on rows are laid down along a Hilbert curve, so that neighbours on the map are neighbours on disk;
# smaller tables keep the order of their file.
_LARGE = 10_000


@dataclass(frozen=True, slots=True)
class Ingest:
    """What is said of a table that is taken in."""

    source: Source
    who: str
    when: datetime
    period: Period
    crs: str = ""
    class_system: str = ""
    note: str = ""


def utc(when: datetime) -> str:
    """A moment as the book writes it; one without a time zone is local time."""
    return when.astimezone(UTC).isoformat()


def take_in(link: sqlite3.Connection, kind: Kind, frame: pd.DataFrame, said: Ingest) -> int:
    """Number of the version that holds the table: a new one, or the one that brought the same file before.

    Raises
    ------
    ColumnMissing : the table lacks a column of its scope, or its area
    LayerUnusable : a value or a geometry that cannot be kept
    """
    known = _same_file(link, kind, said)
    if known is not None:
        return known
    found, which = scopes(kind, frame)
    version = _write_version(link, kind, said, len(frame))
    order = np.argsort(which, kind="stable")
    boxes = None
    if kind.geometry:
        frame = _with_geometry(frame, kind)
        boxes = shapely.bounds(frame["geometry"].to_numpy())
        order = _along_the_curve(frame, which) if len(frame) >= _LARGE else order
    # A file in which all is in order already is not copied.
    if not np.array_equal(order, np.arange(len(order))):
        frame, which = frame.iloc[order], which[order]
        boxes = boxes[order] if boxes is not None else None
    laid = _Laid(frame, which, boxes, _next(link, "fid", kind.name))
    batches = _write_batches(link, kind, version, found, laid)
    _write_rows(link, kind, laid, batches)
    for scope, batch in zip(found, batches, strict=True):
        put_in_force(link, kind, scope.text, version, said.period, batch)
    return version


def end(link: sqlite3.Connection, kind: Kind, scope: str, said: Ingest) -> int:
    """Number of a version that says: in this period the scope holds nothing."""
    version = _write_version(link, kind, said, 0)
    put_in_force(link, kind, scope, version, said.period, None)
    return version


def put_in_force(
    link: sqlite3.Connection, kind: Kind, scope: str, version: int, asked: Period, batch: int | None = None
) -> None:
    """Cut the current parts of a scope out of a period, and put a batch there (None: nothing)."""
    current = link.execute(
        "SELECT number, batch, valid_from, valid_to FROM parts "
        "WHERE kind = ? AND scope = ? AND until_version IS NULL",
        (kind.name, scope),
    ).fetchall()
    held = [(number, own, Period(_day(start), _day(stop))) for number, own, start, stop in current]
    period = until_notice(asked, [own for _, _, own in held])
    new = [(batch, period)] if batch is not None else []
    for number, own, old in held:
        if old.meets(period):
            link.execute("UPDATE parts SET until_version = ? WHERE number = ?", (version, number))
            new += [(own, left) for left in old.without(period)]
    link.executemany(
        "INSERT INTO parts (kind, scope, batch, valid_from, valid_to, since_version) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        [(kind.name, scope, own, _text(left.start), _text(left.end), version) for own, left in new],
    )


def _same_file(link: sqlite3.Connection, kind: Kind, said: Ingest) -> int | None:
    """The version that brought the same file for the same period, as long as each scope still has some of it.

    If another file has taken its place since, the same file again means that its account is to hold again.
    """
    if not said.source.sha256:
        return None
    row = link.execute(
        """SELECT max(v.number) FROM versions v WHERE sha256 = ? AND layer = ? AND kind = ?
           AND crs = ? AND class_system = ? AND valid_from IS ? AND valid_to IS ? AND rows > 0
           AND NOT EXISTS (SELECT 1 FROM batches b WHERE b.version = v.number AND NOT EXISTS (
             SELECT 1 FROM parts p WHERE p.batch = b.number AND p.until_version IS NULL))""",
        (
            *(said.source.sha256, said.source.layer, kind.name, said.crs, said.class_system),
            *(_text(said.period.start), _text(said.period.end)),
        ),
    ).fetchone()
    return None if row[0] is None else int(row[0])


def _write_version(link: sqlite3.Connection, kind: Kind, said: Ingest, rows: int) -> int:
    source = said.source
    cursor = link.execute(
        "INSERT INTO versions (kind, path, sha256, format, layer, encoding, who, at, rows, crs, "
        "class_system, note, valid_from, valid_to) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(kind.name, source.path, source.sha256, source.format, source.layer, source.encoding),
            *(said.who, utc(said.when), rows, said.crs, said.class_system, said.note),
            *(_text(said.period.start), _text(said.period.end)),
        ),
    )
    return int(cursor.lastrowid or 0)


def _with_geometry(frame: pd.DataFrame, kind: Kind) -> geopandas.GeoDataFrame:
    """The table with its geometry under the name `geometry`, and its area there."""
    if not isinstance(frame, geopandas.GeoDataFrame):
        raise LayerUnusable(
            f"A table of {kind.name} has no geometry. Read it from a file that holds polygons."
        )
    if frame.crs is None or frame.crs.to_epsg() != geometry.SRS_ID:
        name = "no system" if frame.crs is None else frame.crs.name
        raise LayerUnusable(
            f"The {kind.name} are in {name}, and a book keeps EPSG:4490. Bring them there first."
        )
    if "area_m2" not in frame:
        raise LayerUnusable(
            f"The {kind.name} have no column area_m2. Measure them first, in their own system."
        )
    return frame if frame.geometry.name == "geometry" else frame.rename_geometry("geometry")


def _along_the_curve(frame: geopandas.GeoDataFrame, which: NDArray[np.int64]) -> NDArray[np.intp]:
    """Scope by scope, within each along a Hilbert curve; features without a place come last."""
    shapes = frame.geometry
    placed = np.flatnonzero(~(shapes.isna() | shapes.is_empty).to_numpy())
    along = np.full(len(frame), np.iinfo(np.int64).max)
    along[placed] = shapes.iloc[placed].hilbert_distance().to_numpy()
    return np.lexsort((along, which))


@dataclass(frozen=True, slots=True)
class _Laid:
    """A table in the order in which it is written, one scope after another."""

    frame: pd.DataFrame
    which: NDArray[np.int64]
    boxes: NDArray[np.float64] | None
    first: int


def _write_batches(
    link: sqlite3.Connection, kind: Kind, version: int, found: Sequence[Scope], laid: _Laid
) -> list[int]:
    """One batch for each scope, with its range of fids, its area and its bounds; their numbers."""
    if not found:
        return []
    start = _next(link, "number", "batches")
    counts = np.bincount(laid.which, minlength=len(found))
    ends = np.cumsum(counts)
    begins = ends - counts
    edges = np.full((len(found), 4), np.nan)
    areas = np.full(len(found), np.nan)
    placed = np.zeros(len(found), np.int64)
    if laid.boxes is not None:
        placed = np.add.reduceat(~np.isnan(laid.boxes[:, 0]), begins, dtype=np.int64)
        for side, reach in ((0, np.fmin), (1, np.fmin), (2, np.fmax), (3, np.fmax)):
            edges[:, side] = reach.reduceat(laid.boxes[:, side], begins)
        # One unknown area makes the sum unknown.
        areas = np.add.reduceat(laid.frame["area_m2"].to_numpy(dtype=float, na_value=np.nan), begins)
    numbers = list(range(start, start + len(found)))
    rows = zip(
        *(numbers, [kind.name] * len(found), [s.text for s in found], [s.zone for s in found]),
        *([s.year for s in found], [version] * len(found)),
        *((begins + laid.first).tolist(), (ends + laid.first - 1).tolist(), areas.tolist()),
        *(placed.tolist(), *edges.T.tolist()),
        strict=True,
    )
    link.executemany("INSERT INTO batches VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    return numbers


def _write_rows(link: sqlite3.Connection, kind: Kind, laid: _Laid, batches: Sequence[int]) -> None:
    schema.drop_insert_triggers(link, kind)
    frame, first, boxes = laid.frame, laid.first, laid.boxes
    much = len(frame) >= max(_LARGE, first)
    if much:
        schema.drop_indexes(link, kind)
    names = ["fid", "batch", *columns.types(kind), *(["geom"] if kind.geometry else [])]
    quoted, marks = ", ".join(f'"{name}"' for name in names), ", ".join("?" * len(names))
    insert = f'INSERT INTO "{kind.name}" ({quoted}) VALUES ({marks})'
    own = np.asarray(batches, np.int64)[laid.which].tolist()
    for start in range(0, len(frame), CHUNK):
        part = slice(start, start + CHUNK)
        ids = range(first + start, first + min(start + CHUNK, len(frame)))
        values = _values(kind, frame.iloc[part], boxes[part] if boxes is not None else None)
        link.executemany(insert, zip(ids, own[part], *values, strict=True))
    if boxes is not None:
        spatial_index.add(link, f"rtree_{kind.name}_geom", np.arange(first, first + len(frame)), boxes)
    if much:
        schema.write_indexes(link, kind)
    schema.write_insert_triggers(link, kind)


def _values(kind: Kind, frame: pd.DataFrame, boxes: NDArray[np.float64] | None) -> Iterator[list[Any]]:
    types = columns.types(kind)
    for name, sql_type in types.items():
        if name == "extra":
            yield columns.extras(frame, types)
        elif name in frame:
            yield columns.kept(frame[name], sql_type)
        else:
            yield [None] * len(frame)
    if boxes is not None:
        yield geometry.blobs(frame["geometry"].to_numpy(), boxes)


def refresh_contents(link: sqlite3.Connection, kind: Kind, when: datetime) -> None:
    """Bounds and last change of a kind's layers, where a desktop GIS looks for them."""
    moment = when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{when.microsecond // 1000:03d}Z"
    link.execute(
        """UPDATE gpkg_contents SET last_change = ?, (min_x, min_y, max_x, max_y) =
           (SELECT min(west), min(south), max(east), max(north) FROM batches WHERE kind = ?)
           WHERE table_name IN (?, ?)""",
        (moment, kind.name, kind.name, f"{kind.name}_now"),
    )


def _next(link: sqlite3.Connection, number: str, table: str) -> int:
    return int(link.execute(f'SELECT coalesce(max("{number}"), 0) + 1 FROM "{table}"').fetchone()[0])


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
