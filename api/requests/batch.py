"""Many requests in one run (批量核查): each file by itself; one that cannot be read is told and passed.

Requests of one zone are checked together, for what the zone has is read and measured once. Classified layers
are not answered for in a batch: what many small questions could draw out is asked one at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from api.requests.wishes import Wishes
from api.workers import spread
from data import formats
from data.book.interface import Book
from data.errors import ColumnMissing, FaultsFound, MutanError
from data.units import m2_to_ha

TOGETHER = 25
"""Requests of a zone that one worker takes at a time"""
WORTH_WORKERS = 12
COLUMNS = {
    "file": ("file", "文件"),
    "zone": ("zone", "开发区代码"),
    "kind": ("kind", "类型"),
    "gives_up": ("gives_up", "调出文件"),
    "day": ("day", "日期"),
    "name": ("name", "名称"),
}


@dataclass(frozen=True, slots=True)
class Job:
    """One request of a batch: its files and its wishes."""

    file: Path | None
    wishes: Wishes
    gives_up: Path | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one request.

    Parameters
    ----------
    verdict : met, not_met, cannot_tell; empty when it could not be checked, and then `error` says why
    not_met, cannot_tell : rules with that outcome
    faults : all that was odd about the file, each on a line of its own
    """

    file: str
    zone: str
    kind: str
    verdict: str
    asked_ha: float | None = None
    added_ha: float | None = None
    lost_ha: float | None = None
    not_met: tuple[str, ...] = ()
    cannot_tell: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    error: str = ""

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        told = {name: getattr(self, name) for name in self.__slots__}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in told.items()}


def jobs_of(listed: Path, like: Wishes) -> list[Job]:
    """The requests that a table lists: `file`, and where they differ `zone, kind, gives_up, day, name`.

    Parameters
    ----------
    listed : CSV or XLSX; its files lie in its own folder unless they are absolute
    like : wishes of all; what the table says of one request wins

    Raises
    ------
    ColumnMissing : there is no column of files
    MutanError : a row names no file, or a day that is none
    """
    frame = formats.read(listed).frame
    said = {name: next((c for c in names if c in frame), None) for name, names in COLUMNS.items()}
    if said["file"] is None:
        raise ColumnMissing("file", "A list of requests", list(frame.columns))
    table = pd.DataFrame({name: frame[column] for name, column in said.items() if column is not None})
    rows = table.astype(object).where(table.notna(), None).to_dict("records")
    return [_job(listed.parent, number, row, like) for number, row in enumerate(rows, 2)]


def _job(folder: Path, number: int, row: Mapping[str, Any], like: Wishes) -> Job:
    if not row.get("file"):
        raise MutanError(
            f"Row {number} of the list names no file. Fill the column file, or take the row out."
        )
    given = {name: str(row[name]) for name in ("zone", "kind", "name") if row.get(name)}
    day = like.day
    if row.get("day"):
        try:
            day = date.fromisoformat(str(row["day"])[:10])
        except ValueError:
            raise MutanError(
                f"Row {number} of the list: {row['day']!r} is no day. Write 2025-06-30."
            ) from None
    gives_up = folder / str(row["gives_up"]) if row.get("gives_up") else None
    return Job(folder / str(row["file"]), replace(like, day=day, **given), gives_up)


def batch(book: Book, jobs: Sequence[Job], *, who: str, when: datetime, workers: int = 1) -> Iterator[Row]:
    """What becomes of each request, zone by zone; one that fails does not keep the others."""
    work = partial(_check_all, who=who, when=when)
    shares = list(_shares(jobs))
    if min(workers, len(shares)) > 1 and len(jobs) >= WORTH_WORKERS:
        told: Iterable[list[Row]] = spread(book.address, work, shares, workers)
    else:
        told = (work(book, share) for share in shares)
    for rows in told:
        yield from rows


def _shares(jobs: Sequence[Job]) -> Iterator[tuple[Job, ...]]:
    """The requests of each zone, kind and day together, no share too long."""
    of: dict[Any, list[Job]] = {}
    for job in jobs:
        of.setdefault((job.wishes.zone, job.wishes.kind, job.wishes.day), []).append(job)
    for mine in of.values():
        yield from (tuple(mine[first : first + TOGETHER]) for first in range(0, len(mine), TOGETHER))


def _check_all(book: Book, jobs: Sequence[Job], *, who: str, when: datetime) -> list[Row]:
    from api.requests.checking import Kept

    kept = Kept()
    return [_check(book, job, kept, who, when) for job in jobs]


def _check(book: Book, job: Job, kept: Any, who: str, when: datetime) -> Row:
    from api.requests.checking import check

    wishes, name = job.wishes, job.file.name if job.file else ""
    try:
        checked = check(
            book,
            job.file,
            wishes,
            gives_up=job.gives_up,
            who=who,
            when=when,
            kept=kept,
            classified=False,
            brief=True,
        )
    except FaultsFound as odd:
        faults = tuple(str(fault) for fault in odd.faults)
        return Row(name, wishes.zone, wishes.kind, "", faults=faults, error=str(odd).splitlines()[0])
    except (MutanError, OSError) as odd:
        return Row(name, wishes.zone, wishes.kind, "", error=str(odd))
    of = {
        outcome: tuple(each.finding.rule for each in checked.judgements if each.finding.outcome == outcome)
        for outcome in ("not_met", "cannot_tell")
    }
    request = checked.request
    return Row(
        name,
        wishes.zone,
        wishes.kind,
        str(checked.verdict.outcome),
        *(round(m2_to_ha(shape.area), 4) for shape in (request.asked, request.added, request.lost)),
        of["not_met"],
        of["cannot_tell"],
        tuple(str(fault) for fault in checked.faults),
    )


def write_rows(rows: Sequence[Row], out: Path) -> None:
    """The summary as a table: one row a request, what is not met and what is odd in words."""
    told = [
        {
            name: "; ".join(value) if isinstance(value, list) else value
            for name, value in row.as_json().items()
        }
        for row in rows
    ]
    formats.write(pd.DataFrame(told, columns=list(Row.__slots__)), out, layer_name="核查汇总")
