"""Years of a place (逐年数据): what is stated of a zone or its region, and how it was ranked, by year."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from data.records import Input
from geo.boundary_change.conditions.grounds import Grounds
from geo.boundary_change.conditions.measured import Measured
from geo.boundary_change.request import Request
from geo.standing.statements import Statements, label, read

OLDEST = 60
"""Years before the day of the request beyond which no statistics are looked for"""


@dataclass(frozen=True, slots=True)
class Stated:
    """A figure of one year.

    Parameters
    ----------
    value : None when it is not known, and then `reason` says why
    year : None when no year has it
    of : of a rank: how many were ranked together
    """

    item: str
    year: int | None
    value: float | None
    unit: str = ""
    reason: str = ""
    inputs: tuple[Input, ...] = ()
    of: float | None = None

    def figure(self, formula: str) -> Measured:
        """The same as what a threshold measured."""
        return Measured(self.value, self.unit, self.reason, formula, self.inputs, stated=True)


@dataclass(frozen=True)
class Years:
    """What is stated of one place, and the ranks of the zone.

    Parameters
    ----------
    places : codes under which it may be stated; the first that states a figure counts
    until : the last year that counts
    ranks : rows as `geo.standing.ranks.ranks` makes them, of the zone; None where none were made
    """

    statements: Statements
    places: tuple[str, ...]
    until: int
    ranks: pd.DataFrame | None = None

    @classmethod
    def of(cls, request: Request, grounds: Grounds, whose: str = "zone") -> Years:
        """Those of the zone, of its region (county, city, province), or of its province alone."""
        region = request.region
        around = tuple(dict.fromkeys((region, region[:4] + "00", region[:2] + "0000")))
        places = {"zone": (request.zone,), "region": around, "province": around[-1:]}[whose]
        if grounds.statistics is None:
            return cls(Statements(pd.DataFrame()), places, request.day.year, grounds.ranks)
        told = _told(_Frame(grounds.statistics), (request.zone, *around))
        return cls(told, places, request.day.year, grounds.ranks)

    def stated(self, item: str) -> list[int]:
        """The years for which a figure is stated, until the day of the request."""
        span = range(self.until - OLDEST, self.until + 1)
        yearly = self.statements.yearly
        return [
            year for year in span if any(yearly(place, item, year)[0] is not None for place in self.places)
        ]

    def newest(self, item: str) -> Stated:
        """The figure of the newest year for which it is stated."""
        years = self.stated(item)
        if not years:
            why = (
                f"{label(item)} ({item}) of {self.places[0]} is not stated for any year until {self.until}. "
                "Take it in with mutan ingest statistics; then check again."
            )
            return Stated(item, None, None, reason=why)
        return self.at(item, years[-1])

    def at(self, item: str, year: int) -> Stated:
        """The figure of one year."""
        for place in self.places:
            value, unit = self.statements.yearly(place, item, year)
            if value is not None:
                told = Input(
                    f"{item}.{year}", f"{year}年{label(item)}", value, unit, f"statistics {place} {year}"
                )
                return Stated(item, year, value, unit, "", (told,))
        why = f"{label(item)} ({item}) of {self.places[0]} for {year} is not stated."
        told = Input(
            f"{item}.{year}", f"{year}年{label(item)}", None, "", f"statistics {self.places[0]} {year}"
        )
        return Stated(item, year, None, "", why, (told,))

    def last_ranked(self, name: str) -> int | None:
        """The newest year in which the zone has a rank; None where it has none."""
        both = set(self.stated(f"{name}_rank")) & set(self.stated(f"{name}_zones"))
        made = self._made(name)
        years = [*both, *made["year"].astype(int)] if made is not None else [*both]
        return max((year for year in years if year <= self.until), default=None)

    def no_rank(self, name: str) -> str:
        """Why a zone has no rank of that name at all."""
        return (
            f"The zone has no rank {name} of any year until {self.until}: neither are {name}_rank and "
            f"{name}_zones stated, nor is {name} ranked in the book. State both; then check again."
        )

    def ranked(self, name: str, year: int, bottom: bool) -> Stated:
        """Its place in one year, from the top or from the bottom, and how many were ranked.

        A rank that is stated comes before one that the book makes.
        """
        place, of = self.at(f"{name}_rank", year), self.at(f"{name}_zones", year)
        inputs = (*place.inputs, *of.inputs)
        rank, many = place.value, of.value
        made = self._made(name)
        if (rank is None or many is None) and made is not None and (made["year"] == year).any():
            row = made[made["year"] == year].iloc[-1]
            rank, many = float(row["rank"]), float(row["of"])
            inputs = (Input(f"{name}.rank.{year}", f"{year}年位次", rank, "1", "book", int(many)),)
        if rank is None or many is None:
            return Stated(name, year, None, "1", f"The rank {name} of {year} is not known.", inputs)
        if not 1 <= rank <= many:
            why = f"The rank {name} of {year} is stated as {rank:g} of {many:g}. Correct one of the two."
            return Stated(name, year, None, "1", why, inputs)
        return Stated(name, year, many - rank + 1 if bottom else rank, "1", "", inputs, many)

    def _made(self, name: str) -> pd.DataFrame | None:
        """Ranks of that name that the book made, without those years that have none."""
        if self.ranks is None or not len(self.ranks):
            return None
        rows = self.ranks[(self.ranks["code"] == name) & self.ranks["rank"].notna()]
        return rows if len(rows) else None


class _Frame:
    """A table as a key: the same as itself alone, and alive as long as what was made of it is kept."""

    __slots__ = ("frame",)

    def __init__(self, frame: pd.DataFrame):
        self.frame = frame

    def __hash__(self) -> int:
        return id(self.frame)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Frame) and other.frame is self.frame


@lru_cache(maxsize=16)
def _told(statistics: _Frame, places: tuple[str, ...]) -> Statements:
    """The statistics of some places, read once for all conditions and requests that hold the same table."""
    rows = statistics.frame
    return read(rows[rows["zone"].isin(places)])
