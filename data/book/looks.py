"""Looks at classified layers (涉密图层查询记录): kept, and found again near a place or of a person."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import shapely

from data.book import remarks
from data.book.filed import TOLD, Look, Weigh
from data.book.sealing import opened

TABLE = """
CREATE TABLE looks (
  id INTEGER PRIMARY KEY, who TEXT NOT NULL, at TEXT NOT NULL, day DATE NOT NULL, shape BLOB NOT NULL,
  west DOUBLE NOT NULL, south DOUBLE NOT NULL, east DOUBLE NOT NULL, north DOUBLE NOT NULL,
  near TEXT NOT NULL, answer TEXT NOT NULL);
CREATE INDEX looks_by_time ON looks (at);
CREATE INDEX looks_by_person ON looks (who, at);
"""
_COUNTED = """
SELECT who, at, day, shape, near, answer FROM looks WHERE answer = :told AND at > :since AND (who = :who
  OR (east >= :west AND west <= :east AND north >= :south AND south <= :north)) ORDER BY id
"""
_REFUSED_BEFORE = (
    "SELECT count(*) FROM looks WHERE who = ? AND at > ? AND day = ? AND answer = ? AND shape = ?"
)


def look(
    link: sqlite3.Connection, looks: Sequence[Look], weigh: Weigh, span: timedelta, around: float
) -> str:
    """See `data.book.filed.RequestDoors.look`; within the transaction that is open."""
    new, refused, told = [], "", list[Look]()
    for each in looks:
        why, known = weigh(each, [*_counted(link, each, span, around), *told])
        refused = refused or why
        if not known and not why:
            told.append(each)
        if not known:
            new.append(each)
    if refused:
        _refuse(link, new, refused)
    else:
        for each in told:
            _write(link, each, TOLD)
    return refused


def since(link: sqlite3.Connection, moment: datetime) -> list[Look]:
    """All looks since a moment, oldest first."""
    rows = link.execute(
        "SELECT who, at, day, shape, near, answer FROM looks WHERE at >= ? ORDER BY id", (_utc(moment),)
    )
    return [_look(row) for row in rows]


def _counted(link: sqlite3.Connection, asked: Look, span: timedelta, around: float) -> list[Look]:
    """The looks that were told: of the same person, or near."""
    west, south, east, north = (float(side) for side in shapely.bounds(asked.shape))
    box = {
        "west": west - around,
        "south": south - around,
        "east": east + around,
        "north": north + around,
    }
    said = {"told": TOLD, "since": _utc(asked.when - span), "who": asked.who, **box}
    return [_look(row) for row in link.execute(_COUNTED, said)]


def _refuse(link: sqlite3.Connection, looks: Sequence[Look], why: str) -> None:
    """Keep what was refused, and say it in the journal; the same again within a day is not said again."""
    for each in looks:
        day_before = _utc(each.when - timedelta(days=1))
        same = (each.who, day_before, each.day.isoformat(), why, shapely.to_wkb(each.shape))
        if link.execute(_REFUSED_BEFORE, same).fetchone()[0]:
            continue
        _write(link, each, why)
        remarks.write_journal(link, _utc(each.when), each.who, f"classified layers: not told. {why}")


def _write(link: sqlite3.Connection, told: Look, answer: str) -> None:
    said = (
        *(told.who, _utc(told.when), told.day.isoformat(), shapely.to_wkb(told.shape)),
        *(orjson.dumps(told.near).decode(), answer, *shapely.bounds(told.shape).tolist()),
    )
    with opened(link, "looks"):
        link.execute(
            "INSERT INTO looks (who, at, day, shape, near, answer, west, south, east, north) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            said,
        )


def _look(row: Sequence[Any]) -> Look:
    who, at, day, shape, near, answer = row
    return Look(
        who,
        datetime.fromisoformat(at),
        datetime.fromisoformat(day).date(),
        shapely.from_wkb(shape),
        tuple(orjson.loads(near)),
        answer,
    )


def _utc(when: datetime) -> str:
    return when.astimezone(UTC).isoformat()
