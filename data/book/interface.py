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
from typing import Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

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


@dataclass(frozen=True, slots=True)
class Page:
    """A page of features, geometry still as WKB so that a page costs no objects.

    `columns` holds one list per property; `wkb` one bytes object per feature (None without geometry).
    `matched` counts all that fit, None when it was not asked for.
    """

    ids: list[int]
    columns: dict[str, list[Any]]
    wkb: list[bytes | None]
    matched: int | None
    more: bool


@dataclass(frozen=True, slots=True)
class Ask:
    """Which features: all fields narrow the choice; left alone they do not.

    Parameters
    ----------
    on : day in force; None: every period
    as_of : version of the book; None: the newest
    zone : zone code (column `zone`; `code` for zones)
    year : for yearly tables, the column `year`
    box : west, south, east, north in degrees
    where : column -> value that it equals
    """

    on: date | None = None
    as_of: int | None = None
    zone: str | None = None
    year: int | None = None
    box: Box | None = None
    where: Mapping[str, Any] = field(default_factory=dict)
    ids: Sequence[int] | None = None


class Book(Protocol):
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
        An equal file (hash, kind and period) again changes nothing and returns the version it has.
        """

    def versions(self, kind: str | None = None) -> list[Version]:
        """All ingests, oldest first."""

    def parts(self, kind: str, scope: str | None = None, *, as_of: int | None = None) -> list[Part]:
        """The parts that the book knows, oldest period first: the history of a boundary."""

    def read(self, kind: str, ask: Ask | None = None, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Features as a GeoDataFrame (EPSG:4490) or DataFrame; `version` names each row's version."""

    def page(self, kind: str, ask: Ask, *, limit: int, offset: int = 0, count: bool = False) -> Page:
        """A page of features in the order of their ids, for the doors."""

    def bounds(self, kind: str) -> Box | None:
        """West, south, east, north of what is current; None when it is empty."""

    def store_results(self, zone: str, year: int, results: Sequence[Result], when: datetime) -> None:
        """Keep what was assessed, in place of what was kept for that zone and year."""

    def results(self, zone: str | None = None, year: int | None = None) -> list[Mapping[str, Any]]:
        """What was assessed: rows {zone, year, when, code, … Result.as_json()}."""

    def note(self, key: str, value: str) -> None:
        """Keep a remark on the whole book, such as that its content is made up."""

    def notes(self) -> Mapping[str, str]:
        """All remarks on the book."""


WkbArray = NDArray[np.object_]
