"""Ingest: the whole fabric into a new book, the whole process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.report import Row
from benchmarks.timing import Ran, run

ASKED_S = 60
FABRIC = 1_000_000


def measure(parcels: Path, mutan: Path, count: int, raw: dict[str, Any]) -> list[Row]:
    """The line of the table about ingest; the book stays for what serves it."""
    book = book_beside(parcels)
    ran = take_in(parcels, book, mutan)
    raw["ingest"] = vars(ran) | {"book_mb": book.stat().st_size / 1e6}
    return [
        Row(
            f"ingest of {count:,} parcels into a book",
            f"{ran.wall_s:.1f} s ({ran.cpu_s:.1f} s of processor), {ran.peak_mb:,.0f} MB",
            "",
            None,
            f"under {ASKED_S} s" if count >= FABRIC else "",
            ran.wall_s < ASKED_S if count >= FABRIC else None,
        )
    ]


def book_beside(parcels: Path) -> Path:
    """Where the book of that fabric is."""
    return parcels.parents[1] / f"{parcels.stem}.gpkg"


def take_in(parcels: Path, book: Path, mutan: Path) -> Ran:
    """A new book with the parcels."""
    for old in book.parent.glob(f"{book.name}*"):
        old.unlink()
    log = book.with_suffix(".log")
    run([mutan, "new", book], log)
    options = ("--class-system", "sandiao", "--book", book)
    return run([mutan, "ingest", "parcels", parcels, *options], log)
