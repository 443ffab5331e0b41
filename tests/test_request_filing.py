"""Requests in the book: older books, other readers, two writers, sealed tables, sizes, stale checks."""

from __future__ import annotations

import runpy
import shutil
import sqlite3
import threading
from datetime import date, timedelta
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest

from api.requests import filing, life
from data.book import open_book
from data.book.filed import Draft, Handed
from data.errors import BookUnusable, FileTooLarge, MutanError, NotHere, StepNotAllowed

GROUND = runpy.run_path(str(Path(__file__).with_name("request_ground.py")))
asked, constrain, drawn, finding, make, strip = (
    GROUND[name] for name in ("asked", "constrain", "drawn", "finding", "make", "strip")
)
ZONE, DAY, WHEN = (GROUND[name] for name in ("ZONE", "DAY", "WHEN"))
LATER = WHEN + timedelta(hours=1)
TABLES = ("requests", "request_files", "request_steps", "request_checks", "looks")
FARM = "rules.expansion.basic_farmland"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book with a request in it."""
    folder = tmp_path_factory.mktemp("filing")
    book = make(folder / "book.gpkg", constraints=[("basic_farmland", "示例农田", strip(1200, 1400))])
    asked(book, drawn(folder, strip(1000, 1300)))
    return book


@pytest.fixture
def book(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(made, tmp_path / "book.gpkg"))


def _older(path: Path) -> None:
    """The book as it was before requests were kept."""
    with sqlite3.connect(path) as link:
        link.execute("DROP VIEW IF EXISTS requests_now")
        tables = [name for (name,) in link.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        link.execute("DROP TABLE rtree_requests_geom")
        for table in TABLES:
            link.execute(f"DROP TABLE {table}")
        places = [
            (name, "table_name") for name in ("gpkg_contents", "gpkg_geometry_columns", "gpkg_extensions")
        ]
        places += [("gpkg_ogr_contents", "table_name")] if "gpkg_ogr_contents" in tables else []
        for name, column in places:
            link.execute(
                f"DELETE FROM {name} WHERE {column} IN ('requests_now', {','.join('?' * 5)})", TABLES
            )
        link.execute("DELETE FROM book_steps WHERE name LIKE '%request%'")
    link.close()


def test_a_book_of_an_older_program_is_brought_up_when_it_is_opened_for_writing(book, tmp_path):
    _older(book)
    with pytest.raises(BookUnusable, match="older program"):
        open_book(str(book))
    told = asked(book, drawn(tmp_path, strip(1000, 1300), name="again"))
    assert told["request"]["id"] == "2026-0001"
    with open_book(str(book)) as kept:
        assert [each.number for each in kept.requests()] == ["2026-0001"]
        assert kept.read("zones").shape[0] == 2


def test_a_desktop_gis_reads_requests_as_a_layer_with_state_and_verdict(book):
    layers = {str(name): kind for name, kind in pyogrio.list_layers(book)}
    assert "requests_now" in layers
    frame = gpd.read_file(book, layer="requests_now")
    (row,) = frame.to_dict("records")
    assert (row["number"], row["zone"], row["state"], row["verdict"]) == (
        "2026-0001",
        ZONE,
        "checked",
        "not_met",
    )
    assert frame.crs.to_epsg() == 4490
    assert frame.total_bounds == pytest.approx(strip(1000, 1300).bounds, abs=1e-7)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "change", ["DELETE FROM {}", "UPDATE {} SET rowid = rowid + 1", "INSERT INTO {} DEFAULT VALUES"]
)
def test_what_was_filed_is_changed_by_nobody(book, table, change):
    link = sqlite3.connect(book)
    before = link.execute(f"SELECT count(*) FROM {table}").fetchone()
    if before[0]:
        with pytest.raises(sqlite3.DatabaseError):
            link.execute(change.format(table))
    link.rollback()
    assert link.execute(f"SELECT count(*) FROM {table}").fetchone() == before
    link.close()


def test_a_file_that_is_larger_than_a_book_keeps_is_refused_before_it_is_read(book, tmp_path):
    big = tmp_path / "big.geojson"
    with big.open("wb") as file:
        file.truncate(filing.MOST_BYTES + 1)
    with pytest.raises(FileTooLarge, match=r"big\.geojson has 64\.0 MB.*up to 64 MB"):
        filing._handed(big)
    handed = Handed("big.txt", b" " * (filing.MOST_BYTES + 1), "")
    draft = Draft("x", ZONE, "expansion", DAY, {}, {"asked": handed}, strip(0, 1))
    with open_book(str(book), write=True) as kept:
        with pytest.raises(FileTooLarge):
            kept.file_request(draft, who="test", when=WHEN)
        assert len(kept.requests()) == 1


def test_two_who_file_at_once_get_two_numbers(book):
    draft = Draft("x", ZONE, "expansion", DAY, {}, {}, strip(1000, 1100))
    numbers, odd = [], []

    def file() -> None:
        try:
            with open_book(str(book), write=True) as kept:
                numbers.append(kept.file_request(draft, who="test", when=WHEN))
        except MutanError as busy:
            odd.append(busy)

    threads = [threading.Thread(target=file) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(set(numbers)) == len(numbers) == 6 - len(odd)
    with open_book(str(book)) as kept:
        assert {each.number for each in kept.requests()} == {"2026-0001", *numbers}


def test_the_journal_tells_who_filed_checked_and_stepped(book):
    with open_book(str(book), write=True) as kept:
        life.step(kept, "2026-0001", "submitted", who="乙", when=LATER, note="报送")
    link = sqlite3.connect(book)
    said = " | ".join(
        str(row) for row in link.execute("SELECT * FROM journal").fetchall() if "request 2026" in str(row)
    )
    link.close()
    for words in ("drafted, expansion of", "checked, not_met", "submitted, 报送", "乙"):
        assert words in said, words


def test_a_decision_that_fails_halfway_leaves_nothing(book, monkeypatch):
    from data.book import filing as tables

    with open_book(str(book), write=True) as kept:
        life.step(kept, "2026-0001", "submitted", who="甲", when=LATER)
        parts = kept.parts("zones", ZONE)

        def broken(*_: object) -> None:
            raise sqlite3.OperationalError("disk I/O error")

        with monkeypatch.context() as patched:
            patched.setattr(tables, "add_step", broken)
            with pytest.raises(MutanError):
                life.decide(kept, "2026-0001", "adopted", paper="x", since=DAY, who="甲", when=LATER)
        assert kept.parts("zones", ZONE) == parts
        assert kept.request("2026-0001").state == "submitted"


def test_the_earlier_boundary_stays_readable_by_day_and_version(book):
    with open_book(str(book), write=True) as kept:
        life.step(kept, "2026-0001", "submitted", who="甲", when=LATER)
        life.decide(kept, "2026-0001", "adopted", paper="x", since=DAY, who="甲", when=LATER)
        periods = sorted((str(part.valid_from), str(part.valid_to)) for part in kept.parts("zones", ZONE))
    assert periods == [("2020-01-01", "2026-06-01"), ("2026-06-01", "None")]


def test_a_layer_that_is_taken_in_makes_a_check_stale_and_the_next_one_tells_what_changed(book):
    number = "2026-0001"
    with open_book(str(book), write=True) as kept:
        assert filing.told_of(kept, number)["stale"] == []
        constrain(kept, "basic_farmland", "示例农田", strip(1250, 1400))
        assert filing.told_of(kept, number)["stale"] == ["constraints"]
        with pytest.raises(StepNotAllowed, match=r"constraints.*mutan requests recheck 2026-0001"):
            life.step(kept, number, "submitted", who="甲", when=LATER)
        again = filing.again(kept, number, who="甲", when=LATER)
        changed = {each["what"]: (each["before"], each["after"]) for each in again["changes"]}
        # a tenth of the zone, then half of that
        assert changed[f"{FARM}.measured"] == pytest.approx((100_039.5, 50_019.8), rel=1e-4)
        assert filing.told_of(kept, number)["stale"] == []
        assert len(filing.told_of(kept, number)["checks"]) == 2
        life.step(kept, number, "submitted", who="甲", when=LATER)


def test_a_check_again_with_nothing_changed_says_so(book):
    with open_book(str(book), write=True) as kept:
        assert filing.again(kept, "2026-0001", who="甲", when=LATER)["changes"] == []


def test_a_variant_of_a_request_that_is_not_there_is_not_filed(book, tmp_path):
    with pytest.raises(NotHere, match="2026-0001"):
        asked(book, drawn(tmp_path, strip(1000, 1100), name="v"), variant_of="2026-0099")
    told = asked(book, drawn(tmp_path, strip(1000, 1200), name="v"), variant_of="2026-0001")
    with open_book(str(book)) as kept:
        assert len(kept.requests()) == 2
        assert filing.told_of(kept, "2026-0001")["variants"] == [told["request"]["id"]]


def test_a_request_that_is_only_checked_leaves_no_trace(book, tmp_path):
    before = book.read_bytes()
    asked(book, drawn(tmp_path, strip(1000, 1100), name="v"), keep=False)
    link = sqlite3.connect(book)
    counts = [link.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES]
    link.close()
    assert counts == [1, 1, 2, 1, 0]
    assert book.read_bytes()[100:] == before[100:]


def test_a_decision_that_a_later_boundary_would_undo_is_refused(tmp_path):
    """Two requests of one zone: the second would hold from July until the first comes in September."""
    book = make(tmp_path / "b.gpkg")
    east, west = (
        asked(book, drawn(tmp_path, shape, name=name))["request"]["id"]
        for name, shape in (("east", strip(1000, 1100)), ("west", strip(-100, 0)))
    )
    with open_book(str(book), write=True) as kept:
        for number in (east, west):
            life.step(kept, number, "submitted", who="甲", when=LATER)
        life.decide(kept, east, "adopted", paper="x", since=date(2026, 9, 1), who="甲", when=LATER)
        before = kept.parts("zones", ZONE)
        with pytest.raises(StepNotAllowed, match="From 2026-09-01 on another boundary"):
            life.decide(kept, west, "adopted", paper="y", since=date(2026, 7, 1), who="甲", when=LATER)
        with pytest.raises(StepNotAllowed, match="checked against the boundary of 2026-06-01"):
            life.decide(kept, west, "adopted", paper="y", since=date(2026, 9, 1), who="甲", when=LATER)
        assert kept.parts("zones", ZONE) == before
        life.decide(kept, west, "refused", paper="y", since=date(2026, 7, 1), who="甲", when=LATER)
