"""Totals of several zones in a year (各区合计): the inventory of each, without what stands beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from api.inventories.wishes import Wishes
from api.workers import cores, spread
from api.zone_tables import region_of, statements_of, zone_on
from carbon.inventory import inventory
from data.book.interface import Ask, Book

WORTH_WORKERS = 8  # zones; fewer are done before other processes have started


def totals_of(book: Book, codes: Sequence[str], year: int, wishes: Wishes) -> Iterator[dict[str, Any]]:
    """Zone by zone: `zone, name, year, lines, open, totals, reasons, faults` (how many).

    Raises
    ------
    NotHere, NothingInForce : a zone is not in the book, or had no boundary at the end of the year
    """
    zones = {code: _zone(book, code, year) for code in codes}
    work = partial(_totals, zones=zones, year=year, wishes=wishes)
    workers = min(cores(), len(codes))
    if workers > 1 and len(codes) >= WORTH_WORKERS:
        yield from spread(book.address, work, codes, workers)
    else:
        yield from (work(book, code) for code in codes)


def _zone(book: Book, code: str, year: int) -> dict[str, Any]:
    """What of a zone its inventory needs: code, name, city; without its outline."""
    day = date(year, 12, 31)
    found = book.read("zones", Ask(zone=code, on=day), columns=["code", "name", "city"])
    if len(found):
        return {str(name): value for name, value in found.iloc[0].to_dict().items()}
    return dict(zone_on(book, code, day))  # raises, and says why


def _totals(
    book: Book, code: str, *, zones: Mapping[str, Mapping[str, Any]], year: int, wishes: Wishes
) -> dict[str, Any]:
    zone = zones[code]
    told = inventory(
        statements_of(book, "activity", code, [year]),
        zone=code,
        region=region_of(zone),
        year=year,
        choices=wishes.choices,
        known_on=wishes.known_on,
    )
    return {
        "zone": code,
        "name": str(zone["name"]),
        "year": year,
        "lines": len(told.frame),
        "open": int((told.frame["missing"] != "").sum()),
        "totals": told.totals,
        "reasons": {"location": dict(told.location.reasons), "ndrc910": dict(told.ndrc910.reasons)},
        "faults": len(told.faults),
    }
