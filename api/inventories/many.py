"""Totals of several zones in a year (各区合计): the inventory of each, without what stands beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from typing import Any

from api.inventories.wishes import Wishes
from api.workers import cores, spread
from api.zone_tables import region_of, statements_of, zone_on
from carbon.inventory import inventory
from data.book.interface import Book

WORTH_WORKERS = 8  # zones; fewer are done before other processes have started


def totals_of(book: Book, codes: Sequence[str], year: int, wishes: Wishes) -> Iterator[dict[str, Any]]:
    """Zone by zone: `zone, name, year, lines, open, totals, reasons, faults` (how many).

    Raises
    ------
    NotHere, NothingInForce : a zone is not in the book, or had no boundary at the end of the year
    """
    work = partial(_totals, year=year, wishes=wishes)
    workers = min(cores(), len(codes))
    if workers > 1 and len(codes) >= WORTH_WORKERS:
        yield from spread(book.address, work, codes, workers)
    else:
        yield from (work(book, code) for code in codes)


def _totals(book: Book, code: str, *, year: int, wishes: Wishes) -> dict[str, Any]:
    zone = zone_on(book, code, date(year, 12, 31))
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
