"""Many requests in one run (批量核查): each file by itself; one that cannot be read is told and passed.

Requests of one zone are checked together, for what the zone has is read and measured once. Classified layers
are not answered for in a batch: what many small questions could draw out is asked one at a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
from shapely.errors import ShapelyError

from api.requests.wishes import Wishes
from api.workers import spread
from data import formats
from data.book.interface import Book
from data.errors import ColumnMissing, FaultsFound, MutanError
from data.units import m2_to_ha
from geo.boundary_change.kinds import kinds

TOGETHER = 25
"""Requests of a zone that one worker takes at a time"""
WORTH_WORKERS = 12
WRITTEN = re.compile(r"\s*(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})(?!\d)")
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
    """One request of a batch: its files and its wishes.

    Parameters
    ----------
    error : why it cannot be checked, as the list says it; empty when it can
    """

    file: Path | None
    wishes: Wishes
    gives_up: Path | None = None
    error: str = ""


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
    """
    frame = formats.read(listed).frame
    said = {name: next((c for c in names if c in frame), None) for name, names in COLUMNS.items()}
    if said["file"] is None:
        raise ColumnMissing("file", "A list of requests", list(frame.columns))
    table = pd.DataFrame({name: frame[column] for name, column in said.items() if column is not None})
    rows = table.astype(object).where(table.notna(), None).to_dict("records")
    return [_job(listed.parent, number, row, like) for number, row in enumerate(rows, 2)]


def _job(folder: Path, number: int, row: Mapping[str, Any], like: Wishes) -> Job:
    given = {name: _text(row[name]) for name in ("zone", "kind", "name") if row.get(name)}
    day, gives_up = _day(row.get("day")), row.get("gives_up")
    wishes = replace(like, **({} if day is None else {"day": day}), **given)
    if row.get("day") and day is None:
        why = f"Row {number} of the list: {row['day']!r} is no day. Write 2025-06-30."
        return Job(folder / _text(row.get("file") or ""), wishes, error=why)
    if not row.get("file") and not gives_up and _takes_files(wishes.kind):
        why = f"Row {number} of the list names no file. Fill the column file, or take the row out."
        return Job(None, wishes, error=why)
    file = folder / _text(row["file"]) if row.get("file") else None
    return Job(file, wishes, folder / _text(gives_up) if gives_up else None)


def _takes_files(name: str) -> bool:
    """Whether a request of a kind can take any file at all; a kind that is not known is told later."""
    known = kinds().get(name)
    return known is None or {known.needs["asked"], known.needs["gives_up"]} != {"none"}


def _text(value: Any) -> str:
    """A value of a table as text; a code that a spreadsheet took for a number has no decimals."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _day(value: Any) -> date | None:
    """The day that a table names, as 2025-06-30, 2025/6/30 or 2025年6月30日; None where it is none.

    >>> _day("2025/6/30"), _day("30.6.2025")
    (datetime.date(2025, 6, 30), None)
    """
    found = WRITTEN.match(str(value))
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def batch(book: Book, jobs: Sequence[Job], *, who: str, when: datetime, workers: int = 1) -> Iterator[Row]:
    """What becomes of each request, in the order of the jobs; one that fails does not keep the others.

    Requests of one zone are checked together, so that a row may come long after it was made.
    """
    work = partial(_check_all, who=who, when=when)
    shares = list(_shares(jobs))
    parts = [tuple(jobs[at] for at in share) for share in shares]
    if min(workers, len(parts)) > 1 and len(jobs) >= WORTH_WORKERS:
        told: Iterable[list[Row]] = spread(book.address, work, parts, workers)
    else:
        told = (work(book, part) for part in parts)
    made: dict[int, Row] = {}
    given = 0
    for share, rows in zip(shares, told, strict=True):
        made.update(zip(share, rows, strict=True))
        while given in made:
            yield made.pop(given)
            given += 1


def _shares(jobs: Sequence[Job]) -> Iterator[tuple[int, ...]]:
    """Numbers of the requests of each zone, kind and day together, no share too long."""
    of: dict[Any, list[int]] = {}
    for at, job in enumerate(jobs):
        of.setdefault((job.wishes.zone, job.wishes.kind, job.wishes.day), []).append(at)
    for mine in of.values():
        yield from (tuple(mine[first : first + TOGETHER]) for first in range(0, len(mine), TOGETHER))


def _check_all(book: Book, jobs: Sequence[Job], *, who: str, when: datetime) -> list[Row]:
    from api.requests.checking import Kept

    kept = Kept()
    return [_check(book, job, kept, who, when) for job in jobs]


def _check(book: Book, job: Job, kept: Any, who: str, when: datetime) -> Row:
    from api.requests.checking import check

    wishes, name = job.wishes, job.file.name if job.file else ""
    if job.error:
        return Row(name, wishes.zone, wishes.kind, "", error=job.error)
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
    except (MutanError, OSError, ShapelyError) as odd:
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
