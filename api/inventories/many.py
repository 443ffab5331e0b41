"""Totals of several zones in a year (各区合计): the inventory of each, without what stands beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from api.inventories.wishes import Wishes
from api.workers import cores, spread
from api.zone_tables import region_of, zone_on
from carbon.inventory import Inventory, inventories_of_zones
from data.book.interface import Ask, Book
from data.kinds import kind

TOGETHER = 10  # zones whose statements are read and priced in one pass
WORTH_WORKERS = 2  # such passes; one is done before other processes have started


def totals_of(book: Book, codes: Sequence[str], year: int, wishes: Wishes) -> Iterator[dict[str, Any]]:
    """Zone by zone: `zone, name, year, lines, open, totals, reasons, faults` (how many).

    Raises
    ------
    NotHere, NothingInForce : a zone is not in the book, or had no boundary at the end of the year
    """
    zones = [_zone(book, code, year) for code in codes]
    passes = [zones[at : at + TOGETHER] for at in range(0, len(zones), TOGETHER)]
    work = partial(_totals, year=year, wishes=wishes)
    workers = min(cores(), len(passes))
    several = workers >= WORTH_WORKERS
    told = spread(book.address, work, passes, workers) if several else (work(book, each) for each in passes)
    for some in told:
        yield from some


def _zone(book: Book, code: str, year: int) -> Mapping[str, Any]:
    """What of a zone its inventory needs: code, name, city; without its outline."""
    day = date(year, 12, 31)
    found = book.read("zones", Ask(zone=code, on=day), columns=["code", "name", "city"])
    if len(found):
        return {str(name): value for name, value in found.iloc[0].to_dict().items()}
    return zone_on(book, code, day)  # raises, and says why


def _totals(
    book: Book, zones: Sequence[Mapping[str, Any]], *, year: int, wishes: Wishes
) -> list[dict[str, Any]]:
    """The totals of some zones, their statements read and priced in one pass."""
    names = {str(zone["code"]): str(zone["name"]) for zone in zones}
    told = inventories_of_zones(
        book.read(
            "activity", Ask(zones=list(names), year=year), columns=[*kind("activity").columns, "version"]
        ),
        regions={str(zone["code"]): region_of(zone) for zone in zones},
        year=year,
        choices=wishes.choices,
        known_on=wishes.known_on,
    )
    return [_told(each, names[code]) for code, each in told.items()]


def _told(told: Inventory, name: str) -> dict[str, Any]:
    return {
        "zone": told.zone,
        "name": name,
        "year": told.year,
        "lines": len(told.frame),
        "open": int((told.frame["missing"] != "").sum()),
        "totals": told.totals,
        "reasons": {"location": dict(told.location.reasons), "ndrc910": dict(told.ndrc910.reasons)},
        "faults": len(told.faults),
    }
