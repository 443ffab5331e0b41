"""Assess (评价): one zone, one year: read, measure, hold against the rules, keep in the book.

The only place that runs both calculators. What was in force at the end of the year is measured: the
boundary and the parcels of 31 December, the statements of the year. Several years of a zone are assessed
together, for what stays the same in them is read and measured once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import partial

from api.assess_ground import LandTold, assess_ground, assessed, inventory_of
from api.assessment import Assessment
from api.chosen import Chosen
from api.workers import spread
from api.zone_tables import (
    Ground,
    Tables,
    by_year,
    grounds_of,
    parcels_of,
    region_of,
    statements_of,
    zone_codes,
    zone_on,
)
from carbon.choices import Choices
from carbon.inventory import inventories
from data.book.interface import Book
from data.records import Fault

__all__ = [
    "Assessment",
    "assess",
    "assess_and_store",
    "assess_and_store_years",
    "assess_ground",
    "assess_many",
    "assess_years",
    "inventory_of",
    "parcels_of",
    "region_of",
    "zone_codes",
    "zone_on",
]

WORTH_WORKERS = 40  # zone-years; fewer are done before other processes have started


def assess(
    book: Book, code: str, year: int, *, choices: Choices | None = None, chosen: Chosen | None = None
) -> Assessment:
    """One zone in one year, measured from the book; nothing is stored.

    Parameters
    ----------
    code : of the zone
    year : boundary and parcels of its 31 December, statements of the year
    choices : of the carbon inventory
    chosen : of definition, area to divide by, evaluation, scheme; None: the defaults

    Raises
    ------
    NotHere : the book has no such zone
    NothingInForce : it has, but no boundary of it was in force at the end of that year
    """
    return assess_years(book, code, [year], choices=choices, chosen=chosen)[0].or_raise()


def assess_years(
    book: Book,
    code: str,
    years: Sequence[int],
    *,
    choices: Choices | None = None,
    chosen: Chosen | None = None,
) -> list[Assessment]:
    """One zone in several years, in their order; each is what `assess` makes of it.

    A year in which no boundary was in force is skipped: its assessment has no results, and a fault.

    Raises
    ------
    NotHere : the book has no such zone
    """
    days = {year: date(year, 12, 31) for year in years}
    grounds = grounds_of(book, code, days.values())
    held = {year: ground for year, day in days.items() if isinstance(ground := grounds[day], Ground)}
    regions = {year: region_of(ground.zone) for year, ground in held.items()}
    firms = by_year(statements_of(book, "enterprises", code, years), held)
    told = inventories(
        statements_of(book, "activity", code, years),
        zone=code,
        regions=regions,
        choices=choices,
        enterprises=frozenset(each for some in firms.values() for each in some["enterprise_id"].dropna()),
    )
    distinct = {id(ground): ground for ground in held.values()}
    how = chosen or Chosen()
    lands = {number: LandTold.of(ground, how) for number, ground in distinct.items()}
    names = [str(ground.zone["name"]) for ground in held.values()]
    done = {
        year: assessed(
            Tables(book, code, year, days[year], regions[year], ground, firms[year], how),
            lands[id(ground)],
            told[year],
        )
        for year, ground in held.items()
    }
    name = names[-1] if names else code
    faults = {year: ground for year, day in days.items() if isinstance(ground := grounds[day], Fault)}
    skipped = {year: Assessment(code, name, year, (), (fault,), None) for year, fault in faults.items()}
    return [(done | skipped)[year] for year in years]


def assess_many(
    book: Book,
    codes: Sequence[str],
    years: Sequence[int],
    *,
    choices: Choices | None = None,
    chosen: Chosen | None = None,
    workers: int = 1,
) -> Iterator[Assessment]:
    """Several zones in several years: zone by zone, and year by year within each; nothing is stored.

    Parameters
    ----------
    workers : processes to share the zones; for few zones one does it all

    Raises
    ------
    NotHere : the book has no such zone
    """
    work = partial(assess_years, years=years, choices=choices, chosen=chosen)
    for told in _zone_by_zone(book, codes, years, work, workers):
        yield from told


def assess_and_store(
    book: Book,
    codes: Sequence[str],
    year: int,
    when: datetime,
    *,
    choices: Choices | None = None,
    chosen: Chosen | None = None,
) -> Iterator[Assessment]:
    """Each zone assessed in turn, and its results kept in the book as soon as they are there.

    Raises
    ------
    NotHere, NothingInForce : see `assess`; the zones before are kept
    """
    for told in assess_and_store_years(book, codes, [year], when, choices=choices, chosen=chosen):
        yield told.or_raise()


def assess_and_store_years(
    book: Book,
    codes: Sequence[str],
    years: Sequence[int],
    when: datetime,
    *,
    choices: Choices | None = None,
    chosen: Chosen | None = None,
    workers: int = 1,
) -> Iterator[Assessment]:
    """As `assess_many`, and the results of each zone are kept in the book as soon as they are there.

    All years of a zone are one transaction. A year that is skipped keeps what the book has of it.
    """
    work = partial(assess_years, years=years, choices=choices, chosen=chosen)
    for told in _zone_by_zone(book, codes, years, work, workers):
        book.store_many(told[0].zone, {each.year: each.results for each in told if not each.skipped}, when)
        yield from told


def _zone_by_zone(
    book: Book,
    codes: Sequence[str],
    years: Sequence[int],
    work: Callable[[Book, str], list[Assessment]],
    workers: int,
) -> Iterable[list[Assessment]]:
    if not years:
        return []
    if min(workers, len(codes)) > 1 and len(codes) * len(years) >= WORTH_WORKERS:
        return spread(book.address, work, codes, workers)
    return (work(book, code) for code in codes)
