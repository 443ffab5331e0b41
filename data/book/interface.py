"""What a book can do, whatever stands behind it: a GeoPackage now, PostGIS when it is shared.

A book is a bitemporal store. Rows never change. Each ingest makes one *version* (hash, who, when, from
which file) and one or more *parts*: a part is the whole account of one scope (one zone's parcels; one
zone's enterprises of one year) and holds from `valid_from` until `valid_to` (exclusive). What the book
says is the set of parts that are current; closing a period or replacing a part changes parts, not rows.

Two questions about time are kept apart:
`on` – which parts were in force on that day in the world;
`as_of` – which parts the book knew at that version.
Features are stored in EPSG:4490, longitude and latitude, with `area_m2` measured in the CRS they came in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.book.filed import RequestDoors
from data.records import Result, Source

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Version:
    """One ingest: what was read, by whom, when, from which file.

    `name` is what results quote, as `parcels v3`.
    """

    number: int
    kind: str
    source: Source
    who: str
    when: datetime
    rows: int
    crs: str = ""
    class_system: str = ""
    note: str = ""

    @property
    def name(self) -> str:
        """How results quote it."""
        return f"{self.kind} v{self.number}"


@dataclass(frozen=True, slots=True)
class Part:
    """The whole account of one scope for one period.

    `valid_from` None: since ever; `valid_to` None: until further notice (exclusive day otherwise).
    """

    number: int
    kind: str
    scope: str
    version: int
    valid_from: date | None
    valid_to: date | None
    rows: int
    area_m2: float | None = None

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on a day.

        >>> part = Part(1, "zones", "G1", 1, date(2020, 1, 1), date(2023, 1, 1), 1)
        >>> part.holds_on(date(2022, 12, 31)), part.holds_on(date(2023, 1, 1))
        (True, False)
        """
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of features, geometry still as WKB so that a page costs no objects.

    `columns` holds one list per property; `wkb` one bytes object per feature (None without geometry).
    `texts` holds the properties of each feature as a JSON object instead, where that was asked for.
    `matched` counts all that fit, None when it was not asked for.
    """

    ids: list[int]
    columns: dict[str, list[Any]]
    wkb: list[bytes | None]
    matched: int | None
    more: bool
    texts: list[bytes] | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """Which features: all fields narrow the choice; left alone they do not.

    Parameters
    ----------
    on : day in force; None: every period
    as_of : version of the book; None: the newest
    zone : zone code (column `zone`; `code` for zones); empty: rows that name no zone
    zones : several codes, in place of one
    year : for yearly tables, the column `year`, or the year in which the column `period` lies
    box : west, south, east, north in degrees; features whose polygon meets it
    where : column -> value that it equals
    """

    on: date | None = None
    as_of: int | None = None
    zone: str | None = None
    year: int | None = None
    box: Box | None = None
    where: Mapping[str, Any] = field(default_factory=dict)
    ids: Sequence[int] | None = None
    zones: Sequence[str] | None = None


class Book(RequestDoors, Protocol):
    """The doors of a book. Every writing call is one transaction: all of it, or nothing."""

    @property
    def address(self) -> str:
        """The .gpkg path or the postgresql:// address."""

    def close(self) -> None:
        """Let go of the book."""

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
        """Take a table in: one version, one part per scope it names, earlier parts of these scopes ended.

        `frame` has the columns of `data.kinds`, checked; with geometry it is a GeoDataFrame in EPSG:4490
        with a column `area_m2`. Columns that the kind does not know are kept as JSON in `extra`.
        An equal file (hash, kind and period) again changes nothing and returns the version it has, as long
        as something of it still stands in each of its scopes; if not, it is taken in anew.

        The periods, scope by scope: with both days the table holds from one until the other, and what older
        parts say outside of them stays. With `valid_from` alone it holds until further notice, and a later
        part that the book knows is such notice: an older survey that arrives late does not take the place
        of a newer one. With neither day it is a correction of all time, and no older part is left.
        """

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
        """From a day on, a scope holds nothing: a zone that was removed. A version without rows."""

    def versions(self, kind: str | None = None) -> list[Version]:
        """All ingests, oldest first."""

    def parts(self, kind: str, scope: str | None = None, *, as_of: int | None = None) -> list[Part]:
        """The parts that the book knows, oldest period first: the history of a boundary."""

    def read(self, kind: str, ask: Ask | None = None, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Features as a GeoDataFrame (EPSG:4490) or DataFrame; `version` names each row's version.

        The index is the id by which pages and `Ask.ids` know the feature. Text missing is nan, integers are
        Int64, flags boolean, days datetime64[s]; `extra` is JSON text or missing. With `columns`, only these
        and `version`; without `geometry` among them a plain DataFrame, which is faster.

        Raises
        ------
        ColumnMissing : the kind has no such column, or is asked by a zone or year that it does not have
        """

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
        """A page of features in the order of their ids, for the doors.

        Plain values as for JSON: days as ISO text, missing as None. `columns` narrows the properties;
        `as_json` has them written by the store itself, in `Page.texts`, which costs half as much.
        """

    def bounds(self, kind: str, scope: str | None = None) -> Box | None:
        """West, south, east, north of what is current, or of one scope of it; None when it is empty."""

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
        """Keep what was measured, in place of what the same family kept for that zone and year.

        `family` says who measured: `assess` the assessment, `cover` a land-cover raster.
        """

    def store_many(
        self,
        zone: str,
        results: Mapping[int, Sequence[Result]],
        when: datetime,
        *,
        who: str = "",
        family: str = "assess",
    ) -> None:
        """Keep what was measured of a zone in several years, as `store_results` does, in one transaction."""

    def results(
        self, zone: str | None = None, year: int | None = None, family: str | None = None
    ) -> list[Mapping[str, Any]]:
        """What was measured: rows {zone, year, when, family, code, … Result.as_json()}; None: every one."""

    def note(self, key: str, value: str) -> None:
        """Keep a remark on the whole book, such as that its content is made up."""

    def notes(self) -> Mapping[str, str]:
        """All remarks on the book."""

    def journal(self) -> list[Mapping[str, Any]]:
        """Who did what when, oldest first: rows {when, who, what}."""

    def __enter__(self) -> Self:
        """The book, closed at the end of the block."""

    def __exit__(self, *_: object) -> None:
        """Close the book."""


WkbArray = NDArray[np.object_]
