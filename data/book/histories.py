"""Versions and parts as the book tells them (版本与沿革), and the bounds of what is current."""

from __future__ import annotations

import sqlite3
from datetime import date, datetime
from typing import Any

from data.book.interface import Box, Part, Version
from data.errors import NotHere
from data.kinds import Kind
from data.records import Source

_VERSION = """SELECT number, kind, path, sha256, format, layer, encoding, who, at, rows, crs,
  class_system, note FROM versions"""


def newest(link: sqlite3.Connection) -> int:
    """Number of the newest version; 0 in an empty book."""
    return int(link.execute("SELECT coalesce(max(number), 0) FROM versions").fetchone()[0])


def version(link: sqlite3.Connection, number: int) -> Version:
    """The version of that number."""
    row = link.execute(f"{_VERSION} WHERE number = ?", (number,)).fetchone()
    if row is None:
        raise NotHere("version", str(number))
    return _version(row)


def versions(link: sqlite3.Connection, kind: str | None) -> list[Version]:
    """All versions, of a kind or of every kind, oldest first."""
    rows = link.execute(f"{_VERSION} WHERE ?1 IS NULL OR kind = ?1 ORDER BY number", (kind,))
    return [_version(row) for row in rows]


def parts(link: sqlite3.Connection, kind: Kind, scope: str | None, as_of: int | None) -> list[Part]:
    """Parts of a kind or of one scope, by scope and period."""
    rows = link.execute(
        """SELECT p.number, p.kind, p.scope, b.version, p.valid_from, p.valid_to,
             b.last_fid - b.first_fid + 1, b.area_m2
           FROM parts p JOIN batches b ON b.number = p.batch
           WHERE p.kind = :kind AND (:scope IS NULL OR p.scope = :scope)
             AND (:as_of IS NULL AND p.until_version IS NULL
               OR p.since_version <= :as_of AND (p.until_version IS NULL OR p.until_version > :as_of))
           ORDER BY p.scope, coalesce(p.valid_from, '')""",
        {"kind": kind.name, "scope": scope, "as_of": as_of},
    )
    return [
        Part(number, of, own, by, _day(start), _day(stop), count, area)
        for number, of, own, by, start, stop, count, area in rows
    ]


def bounds(link: sqlite3.Connection, kind: Kind, scope: str | None = None) -> Box | None:
    """West, south, east, north of all that is current, or of one scope of it, in whatever period."""
    west, south, east, north = link.execute(
        """SELECT min(west), min(south), max(east), max(north) FROM batches
           WHERE number IN (SELECT batch FROM parts WHERE kind = :kind AND until_version IS NULL
             AND (:scope IS NULL OR scope = :scope))""",
        {"kind": kind.name, "scope": scope},
    ).fetchone()
    return None if west is None else (west, south, east, north)


def _version(row: tuple[Any, ...]) -> Version:
    number, kind, path, sha256, form, layer, encoding, who, at, rows, crs, class_system, note = row
    source = Source(path, sha256, form, layer, encoding)
    return Version(number, kind, source, who, datetime.fromisoformat(at), rows, crs, class_system, note)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
