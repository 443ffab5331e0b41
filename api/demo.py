"""The demo: the made-up sample written as files, ingested as a person would, and assessed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from api.assess import assess_and_store, zone_codes
from api.ingest import Wishes, ingest
from data import sample
from data.book import new_book

YEARS = range(2020, 2025)
NOTICE = "notice"


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
    written = sample.write(folder / "示例文件", made)
    for left in folder.glob(f"{begun.name}*"):
        left.unlink()
    book = new_book(begun)
    try:
        book.note(NOTICE, made.note)
        for one in written:
            wishes = Wishes(valid_from=one.valid_from, note=one.note)
            told = ingest(book, one.kind, one.path, wishes, who="demo", when=when)
            tell(f"  {one.path.name}: {told.version.rows} rows, {told.version.name}")
        for year in YEARS:
            codes = zone_codes(book)
            done = sum(1 for _ in assess_and_store(book, codes, year, when))
            tell(f"  assessed {done} zones in {year}")
    finally:
        book.close()
    begun.replace(whole)
    return whole
