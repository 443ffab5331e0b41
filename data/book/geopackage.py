"""The book as one GeoPackage file (数据库), which any desktop GIS opens.

Each writing call is one transaction of SQLite over rows, spatial index, versions and periods. Rows never
change and never move, so a reader needs no lock: what it found in force stays where it was found.
Do not keep a book on a network drive: SQLite's write-ahead mode needs one machine.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from typing import Any, Self

import pandas as pd

from data import kinds
from data.book import histories, migrations, reading, remarks, writing
from data.book.connecting import Connections, check_file, reader, saying, writer
from data.book.interface import Ask, Box, Page, Part, Version
from data.book.periods import Period
from data.book.requests import KeepsRequests
from data.errors import BookUnusable
from data.records import Result, Source


class GeoPackageBook(KeepsRequests):
    """A `Book` in a file. Any number of threads may read through one object; writing calls take turns."""

    def __init__(self, path: Path, *, write: bool = False):
        self._path = path
        self._write = write
        self._links = Connections(path)

    @property
    def address(self) -> str:
        """Path of the file."""
        return str(self._path)

    def close(self) -> None:
        """Let go of the file."""
        self._links.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ingest(
        self,
        kind: str,
        frame: pd.DataFrame,
        source: Source,
        *,
        who: str,
        when: datetime,
        valid_from: date | None = None,
        valid_to: date | None = None,
        crs: str = "",
        class_system: str = "",
        note: str = "",
    ) -> Version:
        """See `Book.ingest`.

        Raises
        ------
        ColumnMissing, LayerUnusable : the table cannot be kept as it is
        BookBusy, BookFull, BookUnusable : the book cannot be written
        """
        of = kinds.kind(kind)
        period = Period(valid_from, valid_to)
        said = writing.Ingest(source, who, when, period, crs, class_system, note)
        with self._writing(who, when) as link:
            before = histories.newest(link)
            number = writing.take_in(link, of, frame, said)
            version = histories.version(link, number)
            if number > before:
                writing.refresh_contents(link, of, when)
                what = f"{version.name}: {version.rows} rows from {source.path}"
                remarks.write_journal(link, writing.utc(when), who, what)
        return version

    def end(
        self,
        kind: str,
        scope: str,
        *,
        who: str,
        when: datetime,
        valid_from: date | None = None,
        valid_to: date | None = None,
        note: str = "",
    ) -> Version:
        """See `Book.end`."""
        of = kinds.kind(kind)
        said = writing.Ingest(Source("", "", ""), who, when, Period(valid_from, valid_to), note=note)
        with self._writing(who, when) as link:
            version = histories.version(link, writing.end(link, of, scope, said))
            remarks.write_journal(link, writing.utc(when), who, f"{version.name}: {scope} ended")
        return version

    def versions(self, kind: str | None = None) -> list[Version]:
        """See `Book.versions`."""
        with self._links.reading() as link:
            return histories.versions(link, kind)

    def parts(self, kind: str, scope: str | None = None, *, as_of: int | None = None) -> list[Part]:
        """See `Book.parts`."""
        with self._links.reading() as link:
            return histories.parts(link, kinds.kind(kind), scope, as_of)

    def read(self, kind: str, ask: Ask | None = None, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """See `Book.read`."""
        with self._links.reading() as link:
            return reading.read(link, kinds.kind(kind), ask or Ask(), columns)

    def page(
        self,
        kind: str,
        ask: Ask,
        *,
        limit: int,
        offset: int = 0,
        count: bool = False,
        columns: Sequence[str] | None = None,
        as_json: bool = False,
    ) -> Page:
        """See `Book.page`."""
        with self._links.reading() as link:
            place = (offset, offset + limit)
            return reading.page(
                link, kinds.kind(kind), ask, place, count=count, names=columns, as_json=as_json
            )

    def bounds(self, kind: str, scope: str | None = None) -> Box | None:
        """See `Book.bounds`."""
        with self._links.reading() as link:
            return histories.bounds(link, kinds.kind(kind), scope)

    def store_results(
        self,
        zone: str,
        year: int,
        results: Sequence[Result],
        when: datetime,
        *,
        who: str = "",
        family: str = "assess",
    ) -> None:
        """See `Book.store_results`."""
        self.store_many(zone, {year: results}, when, who=who, family=family)

    def store_many(
        self,
        zone: str,
        results: Mapping[int, Sequence[Result]],
        when: datetime,
        *,
        who: str = "",
        family: str = "assess",
    ) -> None:
        """See `Book.store_many`."""
        if not results:
            return
        at = writing.utc(when)
        with self._writing(who, when) as link:
            for year, some in results.items():
                remarks.keep_results(link, zone, year, some, at, family)
                remarks.write_journal(link, at, who, f"{len(some)} results for {zone} {year}")

    def results(
        self, zone: str | None = None, year: int | None = None, family: str | None = None
    ) -> list[Mapping[str, Any]]:
        """See `Book.results`."""
        with self._links.reading() as link:
            return remarks.kept_results(link, zone, year, family)

    def note(self, key: str, value: str) -> None:
        """See `Book.note`."""
        with self._writing("", None) as link:
            remarks.keep_note(link, key, value)

    def notes(self) -> Mapping[str, str]:
        """See `Book.notes`."""
        with self._links.reading() as link:
            return remarks.notes(link)

    def journal(self) -> list[Mapping[str, Any]]:
        """See `Book.journal`."""
        with self._links.reading() as link:
            return remarks.journal(link)

    def _writing(self, who: str, when: datetime | None) -> AbstractContextManager[sqlite3.Connection]:
        if not self._write:
            raise BookUnusable(f"{self._path} was opened for reading. Open it with write=True to change it.")
        return self._links.writing(who, writing.utc(when) if when else "")


def open_file(path: Path, *, write: bool = False) -> GeoPackageBook:
    """The book in a file; with `write`, one of an older program is brought up to date.

    Raises
    ------
    BookMissing, BookUnusable : nothing is there, or no book of ours, or one of a newer program
    """
    check_file(path)
    with saying(path):
        link, _ = reader(path)
        try:
            outstanding = _outstanding(link, path)
        finally:
            link.close()
    if outstanding and not write:
        raise BookUnusable(
            f"{path} was made by an older program and lacks what this one reads. Open it for writing once, "
            f"which brings it up to date, as: mutan ingest KIND FILE --book {path}"
        )
    if outstanding:
        _bring_up(path)
    return GeoPackageBook(path, write=write)


def new_file(path: Path) -> GeoPackageBook:
    """An empty book in a file that is not there yet, open for writing.

    Raises
    ------
    BookUnusable : something is there already, or the folder is not
    """
    try:
        path.open("xb").close()
    except FileExistsError as odd:
        raise BookUnusable(f"There is something at {path} already. Give another name, or remove it.") from odd
    except OSError as odd:
        raise BookUnusable(
            f"No book can be made at {path}: {odd.strerror}. Name a folder that exists and may be written."
        ) from odd
    try:
        _bring_up(path, new=True)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return GeoPackageBook(path, write=True)


def _bring_up(path: Path, *, new: bool = False) -> None:
    with saying(path):
        link = writer(path)
        try:
            if new:
                link.execute("PRAGMA journal_mode = WAL").fetchone()
            link.execute("BEGIN IMMEDIATE")
            migrations.bring_up(link)
            link.execute("COMMIT")
        finally:
            link.close()


def _outstanding(link: sqlite3.Connection, path: Path) -> bool:
    done = migrations.done(link)
    if done is None:
        raise BookUnusable(
            f"{path} is a SQLite file, but no book. Make a book with mutan new, and read this file into it "
            f"with: mutan ingest KIND {path}"
        )
    newer = [name for name in done if name not in migrations.STEPS]
    if newer:
        raise BookUnusable(
            f"{path} was written by a newer program (it has been through {', '.join(newer)}). "
            "Install the newest Mutan to open it."
        )
    return migrations.outstanding(link)
