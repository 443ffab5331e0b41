"""What the book says of one zone (开发区的数据): boundary, parcels apportioned to it, statements.

A boundary and its parcels hold for years. Days on which the same versions are in force share one `Ground`, so
that parcels are read, cut and surveyed once for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, TypeVar, cast

import numpy as np
import pandas as pd

from api.chosen import Chosen
from api.zone_parcels import parcels_of
from data.book.interface import Ask, Book
from data.codes.regions import regions
from data.codes.zones import zones as catalogue
from data.errors import NotHere, NothingInForce
from data.kinds import kind
from data.parameters import NATION
from data.records import Fault, Severity
from geo.land.survey import surveyed

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """A zone's boundary and parcels as long as neither changes.

    Parameters
    ----------
    zone : columns of the zone, `geometry` and `version`
    parcels : the parcels inside, with `share` of each that is, and sizes apportioned by it
    survey : as `geo.land.survey.surveyed` derives it from them, with `parcel_id`
    faults : what is odd about where the parcels lie
    """

    zone: Mapping[str, Any]
    parcels: pd.DataFrame
    survey: pd.DataFrame
    faults: tuple[Fault, ...]
    made: dict[Hashable, Any] = field(default_factory=dict, repr=False)

    def once(self, name: Hashable, make: Callable[[], Made]) -> Made:
        """What `make` makes of this ground, made when first asked for under that name, then kept.

        For what is costly and the same in all years of the ground; whatever else it rests on is part of
        the name.
        """
        if name not in self.made:
            self.made[name] = make()
        return cast(Made, self.made[name])


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """All that the book says of one zone in one year.

    Parameters
    ----------
    ground : boundary and parcels in force at the end of the year
    enterprises : statements of the year
    chosen : definitions, bases and schemes
    day, region : which rules are in force
    """

    book: Book
    code: str
    year: int
    day: date
    region: str
    ground: Ground
    enterprises: pd.DataFrame
    chosen: Chosen = field(default_factory=Chosen)

    @property
    def zone(self) -> Mapping[str, Any]:
        """The zone: its columns, `geometry` and `version`."""
        return self.ground.zone

    @property
    def parcels(self) -> pd.DataFrame:
        """The parcels, with geometry, `share`, and sizes apportioned to the zone."""
        return self.ground.parcels

    @property
    def survey(self) -> pd.DataFrame:
        """The survey columns derived from the parcels, on the same index."""
        return self.ground.survey

    def rows(self, name: str) -> pd.DataFrame:
        """Rows of another kind that name the zone, read when asked for: of the year, or of its last day."""
        of = kind(name)
        year = self.year if {"year", "period"} & set(of.scope) else None
        on = None if year else self.day
        if "zone" in of.scope:
            return self.book.read(name, Ask(zone=self.code, year=year, on=on))
        return self.book.read(name, Ask(year=year, on=on, where={"zone": self.code}))


def grounds_of(book: Book, code: str, days: Iterable[date]) -> dict[date, Ground | Fault]:
    """The ground of a zone on each day, one object for days with the same versions in force.

    A day on which no boundary was in force has the fault that says so in place of a ground.

    Raises
    ------
    NotHere : the book has no such zone
    """
    scopes = (("zones", code), ("parcels", code), ("parcels", ""))
    parts = [book.parts(name, scope) for name, scope in scopes]
    known: dict[Any, Ground] = {}
    found: dict[date, Ground | Fault] = {}
    for day in days:
        boundary, *others = (tuple(part.version for part in some if part.holds_on(day)) for some in parts)
        if not boundary:
            found[day] = not_in_force(book, code, day)
            continue
        same = (boundary, *others)
        if same not in known:
            known[same] = ground_of(book, code, day)
        found[day] = known[same]
    return found


def ground_of(book: Book, code: str, day: date) -> Ground:
    """The ground of a zone on a day.

    Raises
    ------
    NotHere, NothingInForce : see `zone_on`
    """
    zone = zone_on(book, code, day)
    parcels, faults = parcels_of(book, zone, day)
    survey = surveyed(parcels).assign(parcel_id=parcels["parcel_id"])
    return Ground(zone, parcels, survey, tuple(faults))


def statements_of(book: Book, name: str, code: str, years: Sequence[int]) -> pd.DataFrame:
    """Rows of a yearly kind of one zone, all years that are asked for in one go."""
    year = years[0] if len(years) == 1 else None
    return book.read(name, Ask(zone=code, year=year), columns=[*kind(name).columns, "version"])


def by_year(statements: pd.DataFrame, years: Iterable[int]) -> dict[int, pd.DataFrame]:
    """The rows of each year, in their order."""
    of = statements["year"].to_numpy(np.int64, na_value=-1)
    if (np.diff(of) < 0).any():
        order = np.argsort(of, kind="stable")
        statements, of = statements.iloc[order], of[order]
    return {year: statements.iloc[slice(*np.searchsorted(of, [year, year + 1]))] for year in years}


def zone_on(book: Book, code: str, day: date) -> Mapping[str, Any]:
    """The zone as it was on a day: its columns, `geometry` and `version`.

    Raises
    ------
    NotHere : the book has no such zone
    NothingInForce : it has, but no boundary of it was in force on that day
    """
    found = book.read("zones", Ask(zone=code, on=day))
    if len(found):
        return {str(k): v for k, v in found.iloc[0].to_dict().items()}
    fault = not_in_force(book, code, day)
    raise NothingInForce(f"{fault.message} {fault.remedy}")


def not_in_force(book: Book, code: str, day: date) -> Fault:
    """That no boundary of a zone was in force on a day, and when one was.

    Raises
    ------
    NotHere : the book has no such zone
    """
    periods = book.parts("zones", code)
    if not periods:
        raise NotHere("zone", code, zone_codes(book))
    said = "; ".join(f"{p.valid_from or 'ever'} to {p.valid_to or 'now'}" for p in periods)
    return Fault(
        "nothing_in_force",
        f"No boundary of {code} was in force on {day}; the book has: {said}.",
        "Assess a year within these, or ingest the boundary of that time with --valid-from.",
        Severity.WARNING,
        "zones",
        code,
    )


def zone_codes(book: Book, day: date | None = None) -> list[str]:
    """Codes of the zones of the book, in force on a day or ever, sorted."""
    return sorted(set(book.read("zones", Ask(on=day), columns=["code"])["code"]))


def region_of(zone: Mapping[str, Any]) -> str:
    """GB/T 2260 code of the zone's city, else of its province by the grammar of its code, else the nation.

    >>> region_of({"code": "G411031"}), region_of({"code": "G321097"}), region_of({"code": "X1"})
    ('410100', '320000', '100000')
    """
    code = str(zone["code"])
    listed, cities, known = _places()
    if code in listed:
        return listed[code]
    city = zone.get("city")
    if isinstance(city, str) and city in cities:
        return cities[city]
    province = f"{code[1:3]}0000"
    return province if province in known else NATION


@cache
def _places() -> tuple[Mapping[str, str], Mapping[str, str], frozenset[str]]:
    """Zone of the catalogue -> code of its city, name of a city -> its code, and all regions."""
    listed, known = catalogue(), regions()
    cities = known[known["level"] == "prefecture"]
    named: dict[str, str] = {}
    for code, name in zip(cities.index, cities["name"], strict=True):
        named.setdefault(name, code)
    places = dict(zip(listed["code"], listed["city_code"].astype("str"), strict=True))
    return places, named, frozenset(known.index)
