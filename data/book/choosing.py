"""Which rows an Ask means (查询): the batches in force first, then their rows.

A batch is a gapless range of fids, so what is in force is a few ranges of numbers. Counting it and turning
to a page far behind are then sums, and a search through an index is narrowed without touching a row.
"""
# ruff: noqa: S608 – names of tables and columns come from data/kinds.yaml, values are always bound

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from data.book import columns, geometry
from data.book.interface import Ask, Box
from data.book.scopes import year_column, zone_column
from data.errors import BookError, ColumnMissing
from data.kinds import Kind

Ids = NDArray[np.int64]

_IN_FORCE = """
SELECT DISTINCT b.first_fid, b.last_fid, b.version, b.placed,
  b.west, b.south, b.east, b.north
FROM parts p JOIN batches b ON b.number = p.batch
WHERE p.kind = :kind AND (:as_of IS NULL AND p.until_version IS NULL
   OR p.since_version <= :as_of AND (p.until_version IS NULL OR p.until_version > :as_of))
AND (:day IS NULL
   OR (p.valid_from IS NULL OR p.valid_from <= :day) AND (p.valid_to IS NULL OR :day < p.valid_to))
AND (:zone IS NULL OR coalesce(b.zone, '') = :zone)
AND (:zones IS NULL OR coalesce(b.zone, '') IN (SELECT value FROM json_each(:zones)))
AND (:year IS NULL OR b.year = :year)
ORDER BY b.first_fid
"""


@dataclass(frozen=True, slots=True)
class InForce:
    """The rows that are in force.

    Parameters
    ----------
    first, last : (n,) fids of each batch, ascending
    version : (n,) the version that brought it
    whole : (n,) whether each of its rows has a geometry
    boxes : (n, 4) west, south, east, north; nan without geometry
    """

    first: Ids
    last: Ids
    version: Ids
    whole: NDArray[np.bool_]
    boxes: NDArray[np.float64]

    def those(self, mask: NDArray[np.bool_]) -> InForce:
        """Some of the batches."""
        return InForce(
            self.first[mask], self.last[mask], self.version[mask], self.whole[mask], self.boxes[mask]
        )

    @property
    def count(self) -> int:
        """How many rows there are."""
        return int((self.last - self.first + 1).sum())

    def keep(self, ids: Ids) -> Ids:
        """Those of the ids that are in force."""
        if not len(self.first):
            return ids[:0]
        at = np.searchsorted(self.first, ids, side="right") - 1
        return ids[(at >= 0) & (ids <= self.last[np.maximum(at, 0)])]

    def between(self, start: int, stop: int) -> Ids:
        """Ids of the rows from one place in the order until another."""
        ends = np.cumsum(self.last - self.first + 1)
        places = np.arange(start, min(stop, self.count))
        batch = np.searchsorted(ends, places, side="right")
        return np.asarray(self.last[batch] - (ends[batch] - 1 - places), np.int64)

    def ranges(self) -> list[tuple[int, int]]:
        """Ranges of fids, those that touch joined."""
        if not len(self.first):
            return []
        gaps = np.flatnonzero(self.first[1:] != self.last[:-1] + 1)
        begins = self.first[np.concatenate([[0], gaps + 1])]
        ends = self.last[np.concatenate([gaps, [len(self.last) - 1]])]
        return list(zip(begins.tolist(), ends.tolist(), strict=True))

    def versions(self, ids: Ids) -> Ids:
        """The version that brought each of the ids."""
        return self.version[np.searchsorted(self.first, ids, side="right") - 1]


def in_force(link: sqlite3.Connection, kind: Kind, ask: Ask) -> InForce:
    """The batches that an Ask means by day, version, zone and year.

    Raises
    ------
    ColumnMissing : the kind has no zone, or no year, to be asked for
    """
    zone = ask.zone if ask.zones is None else ask.zones
    for asked, name, column in ((zone, "zone", zone_column(kind)), (ask.year, "year", year_column(kind))):
        if asked is not None and column is None:
            raise ColumnMissing(name, f"Asking the {kind.name} by {name}", list(kind.columns))
    asked_for = {
        "kind": kind.name,
        "as_of": ask.as_of,
        "day": None if ask.on is None else ask.on.isoformat(),
        "zone": ask.zone,
        "zones": None if ask.zones is None else json.dumps(list(ask.zones)),
        "year": ask.year,
    }
    rows = link.execute(_IN_FORCE, asked_for).fetchall()
    table = np.array(rows, np.float64).reshape(-1, 8)
    first, last, version, placed = table[:, :4].T.astype(np.int64)
    return InForce(first, last, version, placed == last - first + 1, table[:, 4:])


def chosen(
    link: sqlite3.Connection, kind: Kind, ask: Ask, held: InForce, enough: int | None = None
) -> Ids | None:
    """Ids of the rows that an Ask means, ascending; None when it means all that is in force.

    Parameters
    ----------
    enough : stop when so many have been found, where that can be known; None: find all
    """
    found: Ids | None = None
    if ask.ids is not None:
        found = held.keep(np.unique(np.asarray(list(ask.ids), np.int64)))
    if ask.box is not None:
        near = _meeting(link, kind, ask.box, held)
        found = near if found is None else np.intersect1d(found, near)
    if ask.where:
        only = enough if found is None else None
        equal = _equal(link, kind, ask, held, only)
        found = equal if found is None else np.intersect1d(found, equal)
    return found


def rows_by_id(
    link: sqlite3.Connection, table: str, names: Sequence[str], ids: Ids, also: str = ""
) -> list[tuple[Any, ...]]:
    """The named columns of these rows, and an expression behind them, in the order of their ids."""
    if not len(ids):
        return []
    said = ", ".join([*(f'"{name}"' for name in names), *([also] if also else [])])
    if ids[-1] - ids[0] + 1 == len(ids):
        where, bound = "fid BETWEEN ? AND ?", (int(ids[0]), int(ids[-1]))
        return link.execute(f'SELECT {said} FROM "{table}" WHERE {where}', bound).fetchall()
    # Integers only, so they can stand in the text; SQLite limits how many values may be bound.
    listed = ",".join(map(str, ids.tolist()))
    return link.execute(f'SELECT {said} FROM "{table}" WHERE fid IN ({listed}) ORDER BY fid').fetchall()


def _meeting(link: sqlite3.Connection, kind: Kind, box: Box, held: InForce) -> Ids:
    """Ids of the rows in force whose polygon meets a box.

    Batches that lie wholly within it are taken as they are; the index is asked about the others.
    """
    if not kind.geometry:
        raise BookError(f"The {kind.name} have no geometry. Ask for them by zone, not by box.")
    west, south, east, north = box
    if not (west <= east and south <= north):
        raise BookError(f"The box {box} is turned around. Give west, south, east, north.")
    low, high = held.boxes[:, :2], held.boxes[:, 2:]
    within = held.whole & ((low >= (west, south)) & (high <= (east, north))).all(axis=1)
    across = held.those(~within & ((high >= (west, south)) & (low <= (east, north))).all(axis=1))
    taken = [np.arange(first, last + 1) for first, last in held.those(within).ranges()]
    found = np.concatenate([held.first[:0], *taken])
    if len(across.first):
        reach = (
            *np.maximum(across.boxes[:, :2].min(0), box[:2]),
            *np.minimum(across.boxes[:, 2:].max(0), box[2:]),
        )
        found = np.sort(np.concatenate([found, _indexed(link, kind, box, reach, across)]))
    return found


def _indexed(
    link: sqlite3.Connection, kind: Kind, box: Box, reach: tuple[float, ...], across: InForce
) -> Ids:
    """Of these batches, the rows that meet a box; the index need not be asked outside of `reach`.

    The index rounds outwards to 32 bits, about a metre. What it has wholly within the box meets it; only
    what lies across the edge is looked at itself.
    """
    # one text instead of a row for each id: a third of the time; what lies across the edge is negative
    text = link.execute(
        f"""SELECT group_concat(
          CASE WHEN minx >= :west AND maxx <= :east AND miny >= :south AND maxy <= :north THEN id ELSE -id END
        )
        FROM "rtree_{kind.name}_geom" WHERE maxx >= :w AND minx <= :e AND maxy >= :s AND miny <= :n""",
        {
            **dict(zip(("west", "south", "east", "north"), box, strict=True)),
            **dict(zip("wsen", map(float, reach), strict=True)),
        },
    ).fetchone()[0]
    near = np.fromstring(text, np.int64, sep=",") if text else np.empty(0, np.int64)
    inside = near > 0
    surely, perhaps = across.keep(near[inside]), across.keep(-near[~inside])
    return np.concatenate([surely, _truly(link, kind.name, np.sort(perhaps), box)])


def _truly(link: sqlite3.Connection, table: str, ids: Ids, box: Box) -> Ids:
    window = shapely.box(*box)
    shapely.prepare(window)
    kept = [ids[:0]]
    for start in range(0, len(ids), 10_000):
        some = ids[start : start + 10_000]
        shapes = geometry.shapes([row[0] for row in rows_by_id(link, table, ["geom"], some)])
        kept.append(some[shapely.intersects(window, shapes)])
    return np.concatenate(kept)


def _equal(link: sqlite3.Connection, kind: Kind, ask: Ask, held: InForce, enough: int | None) -> Ids:
    types = columns.types(kind)
    for name in ask.where:
        if name not in types:
            raise ColumnMissing(name, f"Asking the {kind.name}", list(types))
    if not len(held.first):
        return held.first
    tests = " AND ".join(f'"{name}" {"IS" if value is None else "="} ?' for name, value in ask.where.items())
    rows = link.execute(
        f'SELECT fid FROM "{kind.name}" WHERE {tests} AND fid BETWEEN ? AND ? ORDER BY fid',
        (*map(_bound, ask.where.values()), int(held.first[0]), int(held.last.max())),
    )
    found: list[Ids] = []
    while block := rows.fetchmany(10_000 if enough is None else min(enough, 10_000)):
        found.append(held.keep(np.array(block, np.int64)[:, 0]))
        if enough is not None and sum(map(len, found)) >= enough:
            break
    return np.concatenate(found) if found else held.first[:0]


def _bound(value: Any) -> Any:
    """A value as SQLite compares it: days as text, numbers of numpy as Python's."""
    if isinstance(value, date):
        return value.isoformat()[:10]
    return value.item() if isinstance(value, np.generic) else value
