"""What the book keeps beside the layers: results (评价结果), notes, and the journal of who did what."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from data.records import Result


def keep_results(
    link: sqlite3.Connection, zone: str, year: int, results: Sequence[Result], at: str, family: str
) -> None:
    """The results of a family for a zone and year, in place of those kept before."""
    link.execute("DELETE FROM results WHERE zone = ? AND year = ? AND family = ?", (zone, year, family))
    link.executemany(
        "INSERT INTO results (zone, year, at, code, result, family) VALUES (?, ?, ?, ?, ?, ?)",
        [(zone, year, at, result.code, _json(result), family) for result in results],
    )


def kept_results(
    link: sqlite3.Connection, zone: str | None, year: int | None, family: str | None
) -> list[Mapping[str, Any]]:
    """Results by zone and year, in the order in which they were assessed."""
    rows = link.execute(
        "SELECT zone, year, at, family, result FROM results WHERE (:zone IS NULL OR zone = :zone) "
        "AND (:year IS NULL OR year = :year) AND (:family IS NULL OR family = :family) "
        "ORDER BY zone, year, id",
        {"zone": zone, "year": year, "family": family},
    )
    return [
        {"zone": own, "year": of, "when": at, "family": group, **orjson.loads(text)}
        for own, of, at, group, text in rows
    ]


def write_journal(link: sqlite3.Connection, at: str, who: str, what: str) -> None:
    """One line of the journal."""
    link.execute("INSERT INTO journal (at, who, what) VALUES (?, ?, ?)", (at, who, what))


def journal(link: sqlite3.Connection) -> list[Mapping[str, Any]]:
    """All lines, oldest first."""
    rows = link.execute("SELECT at, who, what FROM journal ORDER BY id")
    return [{"when": at, "who": who, "what": what} for at, who, what in rows]


def keep_note(link: sqlite3.Connection, key: str, value: str) -> None:
    """A remark on the whole book, in place of an earlier one under the same key."""
    link.execute(
        "INSERT INTO notes (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (key, value),
    )


def notes(link: sqlite3.Connection) -> Mapping[str, str]:
    """All remarks."""
    return dict(link.execute("SELECT key, value FROM notes ORDER BY id").fetchall())


def _json(result: Result) -> str:
    return orjson.dumps(result.as_json(), default=str, option=orjson.OPT_SERIALIZE_NUMPY).decode()
