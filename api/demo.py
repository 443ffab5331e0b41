"""The demo: the made-up sample written as files, ingested as a person would, and assessed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from api.assess import assess_and_store_years, zone_codes
from api.chosen import Chosen
from api.ingest import Wishes, ingest
from data import sample
from data.book import Book, new_book

YEARS = range(2020, 2025)
NOTICE = "notice"
FILES = "示例文件"
CHOSEN = Chosen(evaluation="illustration")  # no official table is known; this one says what it is


def make(folder: Path, when: datetime, tell: Callable[[str], None]) -> Path:
    """Make the sample's files and its book in a folder; the book appears when it is whole.

    Parameters
    ----------
    when : moment that the journal of the book names
    tell : takes each message for the person who waits

    Returns
    -------
    Path of the book
    """
    whole, begun = folder / "mutan.gpkg", folder / "begun.gpkg"
    tell("Making the sample (示例数据: all of it is made up) …")
    made = sample.make()
    written = sample.write(folder / FILES, made)
    for left in folder.glob(f"{begun.name}*"):
        left.unlink()
    book = new_book(begun)
    try:
        book.note(NOTICE, made.note)
        for one in written:
            wishes = Wishes(valid_from=one.valid_from, note=one.note)
            told = ingest(book, one.kind, one.path, wishes, who="demo", when=when)
            tell(f"  {one.path.name}: {told.version.rows} rows, {told.version.name}")
        done = Counter[int]()
        for each in assess_and_store_years(book, zone_codes(book), YEARS, when, chosen=CHOSEN):
            done[each.year] += 1
        for year in YEARS:
            tell(f"  assessed {done[year]} zones in {year}")
        for each in made.covers:
            _hold_against(book, folder / FILES / f"{each.name}.tif", each.zone, each.year, when)
            tell(f"  {each.name}.tif held against the parcels of {each.zone}")
    finally:
        book.close()
    begun.replace(whole)
    return whole


def _hold_against(book: Book, raster: Path, zone: str, year: int, when: datetime) -> None:
    from api import covers_book  # not before it is needed: it brings rasterio and exactextract
    from api.covers import Wishes as CoverWishes

    told = covers_book.cover_of_book(book, year, raster, CoverWishes(classes="worldcover"), [zone])
    covers_book.keep(book, told, year, when, "demo")
