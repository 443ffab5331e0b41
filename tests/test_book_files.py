"""The book as a file: readers beside a writer, threads, a full disk, and files that are no book."""

from __future__ import annotations

import os
import sqlite3
import threading
from datetime import UTC, datetime
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely

from data.book import Ask, Book, connecting, new_book, open_book
from data.errors import BookBusy, BookFull, BookMissing, BookUnusable
from data.records import Source

SAID = {"who": "Li Na", "when": datetime(2025, 3, 1, 8, 30, tzinfo=UTC)}


def source(name: str = "a") -> Source:
    return Source(f"{name}.gpkg", name * 64, "GPKG")


def parcels(columns: int = 4, rows: int = 3) -> geopandas.GeoDataFrame:
    """A grid of squares with a side of 0.0009°."""
    x, y = (113 + 0.001 * np.arange(columns), 34 + 0.001 * np.arange(rows))
    x, y = (part.ravel() for part in np.meshgrid(x, y))
    said = {
        "parcel_id": [f"{i:05d}" for i in range(len(x))],
        "zone": "G1",
        "land_class": "0601",
        "area_m2": 8e3,
    }
    return geopandas.GeoDataFrame(said, geometry=shapely.box(x, y, x + 0.0009, y + 0.0009), crs=4490)


@pytest.fixture
def book(tmp_path: Path):
    with new_book(tmp_path / "mutan.gpkg") as made:
        yield made


def test_a_book_opened_for_reading_refuses_to_be_written(book: Book):
    with open_book(book.address) as reading, pytest.raises(BookUnusable, match="write=True"):
        reading.note("a", "b")


def test_a_reader_sees_the_book_as_it_was_while_a_writer_writes(book: Book):
    book.ingest("parcels", parcels(2), source("a"), **SAID)
    writer = sqlite3.connect(book.address, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("DELETE FROM parts")
    with open_book(book.address) as reading:
        assert len(reading.read("parcels")) == 6
    writer.execute("ROLLBACK")
    writer.close()


def test_a_second_writer_is_told_who_holds_the_book_and_since_when(
    book: Book, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("data.book.connecting.PATIENCE_S", 0.05)
    holding, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        with book._writing("Wang Wei", SAID["when"]):
            holding.set()
            let_go.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    assert holding.wait(10)
    try:
        for other in (book, open_book(book.address, write=True)):
            with pytest.raises(BookBusy, match=r"Wang Wei, writing since 2025-03-01T08:30.*Try again when"):
                other.note("a", "b")
    finally:
        let_go.set()
        thread.join()
    book.note("a", "b")
    assert not Path(f"{book.address}-writer").exists()


def test_many_threads_read_through_one_book(book: Book):
    book.ingest("parcels", parcels(20, 20), source(), **SAID)
    counts: list[int] = []

    def look() -> None:
        asked = Ask(box=(113, 34, 113.005, 34.005))
        counts.extend(len(book.page("parcels", asked, limit=999).ids) for _ in range(5))

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [counts[0]] * 40


def test_a_full_disk_is_said_and_the_book_stays_as_it_was(book: Book, monkeypatch: pytest.MonkeyPatch):
    book.ingest("parcels", parcels(2), source("a"), **SAID)
    pages = sqlite3.connect(book.address).execute("PRAGMA page_count").fetchone()[0]
    limited = (*connecting._WRITER, f"PRAGMA max_page_count = {pages + 5}")
    monkeypatch.setattr(connecting, "_WRITER", limited)
    with pytest.raises(BookFull, match="Free some space"):
        book.ingest("parcels", parcels(100, 100), source("b"), **SAID)
    assert len(book.versions()) == 1
    assert len(book.read("parcels")) == 6


def test_nothing_there_and_a_folder_and_files_that_are_no_book(tmp_path: Path):
    with pytest.raises(BookMissing, match="mutan new"):
        open_book(tmp_path / "none.gpkg")
    with pytest.raises(BookUnusable, match="is a folder"):
        open_book(tmp_path)
    empty, text, foreign = (tmp_path / name for name in ("empty.gpkg", "text.gpkg", "foreign.gpkg"))
    empty.touch()
    text.write_text("code,name\n" * 50)
    parcels().to_file(foreign, driver="GPKG")
    for path, says in ((empty, "is empty"), (text, "no GeoPackage"), (foreign, "mutan ingest KIND")):
        before = path.read_bytes()
        with pytest.raises(BookUnusable, match=says):
            open_book(path, write=True)
        assert path.read_bytes() == before


def test_an_address_of_another_kind_of_book_says_what_can_be_given():
    with pytest.raises(BookUnusable, match=r"path of a \.gpkg file"):
        open_book("postgresql://localhost/mutan")


def test_a_book_that_was_cut_short_or_overwritten_in_the_middle_is_refused(tmp_path: Path):
    path = tmp_path / "mutan.gpkg"
    with new_book(path) as book:
        book.ingest("parcels", parcels(30, 30), source(), **SAID)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BookUnusable, match=r"cut short.*Copy it again"):
        open_book(path)
    path.write_bytes(whole[:4096] + os.urandom(len(whole) - 4096))
    with pytest.raises(BookUnusable, match="damaged"), open_book(path) as book:
        book.read("parcels")


def test_a_new_book_never_takes_the_place_of_something(tmp_path: Path):
    path = tmp_path / "mutan.gpkg"
    path.write_text("mine")
    with pytest.raises(BookUnusable, match="Give another name"):
        new_book(path)
    assert path.read_text() == "mine"
    with pytest.raises(BookUnusable, match="Name a folder that exists"):
        new_book(tmp_path / "none" / "mutan.gpkg")


def test_a_closed_book_leaves_one_file_that_can_be_copied(tmp_path: Path):
    with new_book(tmp_path / "mutan.gpkg") as book:
        book.ingest("parcels", parcels(), source(), **SAID)
        book.read("parcels")
    assert [path.name for path in tmp_path.iterdir()] == ["mutan.gpkg"]
    with pytest.raises(BookUnusable, match="Open the book again"):
        book.read("parcels")


def test_a_book_is_whole_in_its_main_file_even_while_readers_keep_it_open(tmp_path: Path):
    with new_book(tmp_path / "mutan.gpkg") as book, open_book(book.address) as reading:
        assert len(reading.read("parcels")) == 0
        book.ingest("parcels", parcels(), source(), **SAID)
        (tmp_path / "copy.gpkg").write_bytes((tmp_path / "mutan.gpkg").read_bytes())
        assert len(reading.read("parcels")) == 12
    with open_book(tmp_path / "copy.gpkg") as copy:
        assert len(copy.read("parcels")) == 12


def test_a_book_whose_folder_may_not_be_written_can_still_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with new_book(tmp_path / "mutan.gpkg") as book:
        book.ingest("parcels", parcels(), source(), **SAID)
    # Whoever runs the tests may be allowed to write anywhere, so SQLite is told instead that it may not.
    opened: list[str] = []
    really = connecting._open

    def refuse_sharing(uri: str, pragmas: tuple[str, ...]) -> sqlite3.Connection:
        opened.append(uri)
        if "immutable" not in uri:
            raise sqlite3.OperationalError("unable to open database file")
        return really(uri, pragmas)

    monkeypatch.setattr(connecting, "_open", refuse_sharing)
    with open_book(tmp_path / "mutan.gpkg") as reading:
        assert len(reading.read("parcels")) == 12
        assert len(reading.read("parcels")) == 12
    assert [path.name for path in tmp_path.iterdir()] == ["mutan.gpkg"]
    assert len(opened) == 4


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="this user may write into any folder")
def test_a_book_in_a_folder_without_the_right_to_write(tmp_path: Path):
    with new_book(tmp_path / "mutan.gpkg") as book:
        book.ingest("parcels", parcels(), source(), **SAID)
    tmp_path.chmod(0o555)
    try:
        with open_book(tmp_path / "mutan.gpkg") as reading:
            assert len(reading.read("parcels")) == 12
    finally:
        tmp_path.chmod(0o755)


def test_a_book_of_a_newer_program_is_refused_and_one_of_an_older_is_brought_up(tmp_path: Path):
    path = tmp_path / "mutan.gpkg"
    new_book(path).close()
    change(path, "INSERT INTO book_steps (name) VALUES ('split_parcels')")
    with pytest.raises(BookUnusable, match=r"split_parcels.*Install the newest"):
        open_book(path)
    change(path, "DELETE FROM book_steps WHERE name = 'split_parcels'")
    change(path, "DROP VIEW buildings_now")
    change(path, "DROP INDEX buildings_by_building_id")
    change(path, "ALTER TABLE buildings DROP COLUMN height_m")
    change(path, "CREATE VIEW buildings_now AS SELECT fid AS OGC_FID, geom FROM buildings")
    change(path, "DELETE FROM gpkg_data_columns WHERE column_name = 'height_m'")
    with pytest.raises(BookUnusable, match="Open it for writing once"):
        open_book(path)
    open_book(path, write=True).close()
    with open_book(path) as book:
        assert "height_m" in book.read("buildings").columns


def change(path: Path, statement: str) -> None:
    link = sqlite3.connect(path)
    link.execute(statement)
    link.commit()
    link.close()
