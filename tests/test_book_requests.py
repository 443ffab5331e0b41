"""Requests in the book: kept whole or not at all, never changed, seen by others, written in turns."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
import shapely

from data.book import Book, filing, migrations, new_book, open_book
from data.book.filed import MOST_BYTES, Check, Decided, Draft, Handed, Look, Step
from data.errors import BookUnusable, FileTooLarge, NotHere, StepNotAllowed
from data.records import Source

WHEN = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
DAY = date(2026, 6, 1)
TABLES = ("requests", "request_files", "request_steps", "request_checks", "looks")


def handed(content: bytes = b"[coordinates]", name: str = "扩区.txt") -> Handed:
    return Handed(name, content, sha256(content).hexdigest())


def draft(zone: str = "G1", east: float = 113.01, **said: object) -> Draft:
    shape = shapely.box(113.0, 34.5, east, 34.51)
    made = Draft(
        "扩区申请", zone, "expansion", DAY, {"snap_m": 0.1, "reasons": []}, {"asked": handed()}, shape
    )
    return replace(made, **said)


def filed(book: Book, *drafts: Draft, when: datetime = WHEN) -> list[str]:
    return [book.file_request(each, who="甲", when=when) for each in drafts or (draft(),)]


def step(number: str, what: str, **said: str) -> Step:
    return Step(number, what, "乙", WHEN + timedelta(hours=1), **said)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mutan.gpkg"


@pytest.fixture
def book(path: Path):
    with new_book(path) as made:
        yield made


def test_a_request_is_read_back_as_it_was_filed(book: Book):
    wanted = draft(files={"asked": handed(b"\x00\xff" * 1000), "gives_up": handed(b"x", "调出.zip")})
    (number,) = filed(book, wanted)
    told, files = book.request(number), book.request_files(number)
    assert (number, told.state, told.who, told.when, told.verdict) == ("2026-0001", "drafted", "甲", WHEN, "")
    assert (told.draft.zone, told.draft.kind, told.draft.day) == ("G1", "expansion", DAY)
    assert told.draft.wishes == {"snap_m": 0.1, "reasons": []}
    assert told.draft.shape.equals(wanted.shape)
    assert files == wanted.files
    assert sha256(files["asked"].content).hexdigest() == files["asked"].sha256


def test_numbers_count_within_the_year_of_the_place_where_it_is_filed(book: Book):
    beijing = timezone(timedelta(hours=8))
    new_year = datetime(2027, 1, 1, 7, 0, tzinfo=beijing)  # still 2026 in Greenwich
    assert filed(book, draft(), draft()) == ["2026-0001", "2026-0002"]
    assert filed(book, draft(), when=new_year) == ["2027-0001"]
    assert filed(book, draft()) == ["2026-0003"]


def test_the_state_is_that_of_the_last_step_and_checking_again_leaves_it(book: Book):
    (number,) = filed(book)
    check = Check(number, "甲", WHEN, "not_met", {"verdict": "not_met", "n": [1, None]}, {"zones": "a"})
    book.add_check(check)
    assert (book.request(number).state, book.request(number).verdict) == ("checked", "not_met")
    book.take_step(step(number, "submitted", note="报送"), after="checked")
    book.add_check(replace(check, verdict="met", when=WHEN + timedelta(days=1)))
    told = book.request(number)
    assert (told.state, told.verdict, told.changed) == ("submitted", "met", WHEN + timedelta(days=1))
    assert [each.what for each in book.request_steps(number)] == [
        "drafted",
        "checked",
        "submitted",
        "rechecked",
    ]
    first, _ = book.request_checks(number)
    assert (first.document, first.state_of) == (check.document, check.state_of)


def test_the_journal_names_each_step(book: Book):
    first, second = filed(book, draft(), draft(variant_of="2026-0001"))
    book.add_check(Check(first, "甲", WHEN, "met", {}, {}))
    book.take_step(step(first, "submitted"), after="checked")
    book.decide(step(first, "refused", paper="豫政文〔2026〕9号"), None, after="submitted")
    assert [line["what"] for line in book.journal()] == [
        "request 2026-0001: drafted, expansion of G1",
        f"request {second}: drafted, expansion of G1, a variant of 2026-0001",
        "request 2026-0001: checked, met",
        "request 2026-0001: submitted",
        "request 2026-0001: refused, 豫政文〔2026〕9号",
    ]
    assert book.journal()[-1]["who"] == "乙"


def test_requests_are_found_by_zone_state_and_box_page_by_page(book: Book):
    filed(book, draft("G1"), draft("G2"), draft("G1", east=114.0), draft("G3", shape=shapely.Polygon()))
    book.take_step(step("2026-0002", "withdrawn"), after="drafted")

    def numbers(**sought: object) -> list[int]:
        return [int(each.number[-4:]) for each in book.requests(**sought)]

    assert numbers() == [4, 3, 2, 1]
    assert numbers(limit=2) == [4, 3]
    assert numbers(limit=2, offset=3) == [1]
    assert numbers(zone="G1") == [3, 1]
    assert numbers(state="withdrawn") == [2]
    assert numbers(box=(113.5, 34.0, 113.6, 35.0)) == [3]
    assert numbers(box=(112.0, 34.0, 113.005, 35.0), zone="G1", state="drafted", limit=1) == [3]
    assert all(not each.draft.files for each in book.requests())


def test_what_is_not_there_is_told_with_what_is(book: Book):
    filed(book)
    for ask in (
        lambda: book.request("2026-0002"),
        lambda: book.take_step(step("2026-0002", "submitted"), after="checked"),
        lambda: book.add_check(Check("2026-0002", "甲", WHEN, "met", {})),
        lambda: filed(book, draft(variant_of="2026-0002")),
    ):
        with pytest.raises(NotHere, match="2026-0001"):
            ask()
    assert len(book.requests()) == len(book.journal()) == 1


def test_a_file_that_is_too_large_is_refused_with_its_size(book: Book):
    with pytest.raises(FileTooLarge, match=r"大\.zip has 64\.0 MB; a book keeps files of up to 64 MB"):
        filed(book, draft(files={"asked": handed(bytes(MOST_BYTES + 1), "大.zip")}))
    assert book.requests() == []


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "verb", ["UPDATE {} SET who = 'x'", "DELETE FROM {}", "INSERT INTO {} DEFAULT VALUES"]
)
def test_other_programs_cannot_change_what_was_filed(table: str, verb: str, book: Book, path: Path):
    (number,) = filed(book)
    book.add_check(Check(number, "甲", WHEN, "met", {}))
    seen = Look("甲", WHEN, DAY, shapely.box(113, 34, 114, 35))
    book.look([seen], lambda *_: ("", False), span=timedelta(days=1), around=0.1)
    with closing(sqlite3.connect(path)) as outside:
        for function in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            outside.create_function(function, 1, lambda _: 0)
        statement = verb.format(table).replace("who", "number" if table == "request_files" else "who")
        with pytest.raises(sqlite3.IntegrityError, match="What was filed never changes"):
            outside.execute(statement)


def test_a_writing_that_breaks_in_the_middle_leaves_nothing(book: Book, monkeypatch: pytest.MonkeyPatch):
    (number,) = filed(book)
    book.add_check(Check(number, "甲", WHEN, "met", {}))
    book.take_step(step(number, "submitted"), after="checked")
    before = (book.journal(), book.versions(), book.request_steps(number), book.request_checks(number))

    def break_down(*_: object) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr(filing, "add_step", break_down)
    for writing in (
        lambda: filed(book),
        lambda: book.add_check(Check(number, "甲", WHEN, "met", {})),
        lambda: book.decide(step(number, "adopted", paper="1号"), moved(), after="submitted"),
    ):
        with pytest.raises(RuntimeError, match="the power went"):
            writing()
    monkeypatch.undo()
    after = (book.journal(), book.versions(), book.request_steps(number), book.request_checks(number))
    assert [len(each) for each in before] == [len(each) for each in after]
    assert len(book.requests()) == 1
    assert book.parts("zones") == []
    assert filed(book) == ["2026-0002"]  # the tables take rows again


def moved() -> Decided:
    frame = gpd.GeoDataFrame(
        {"code": ["G1"], "name": ["甲"]}, geometry=[shapely.box(113, 34, 114, 35)], crs=4490
    )
    return Decided("G1", frame.assign(area_m2=1.0), Source("request", "", "request"), date(2027, 1, 1), "1号")


def test_a_decision_and_its_boundary_are_one(book: Book):
    (number,) = filed(book)
    version = book.decide(step(number, "adopted", paper="1号"), moved(), after="drafted")
    (part,) = book.parts("zones", "G1")
    assert (version, part.version, part.valid_from) == ("zones v1", 1, date(2027, 1, 1))
    assert book.request_steps(number)[-1].version == "zones v1"
    assert book.versions("zones")[0].note == "1号"
    with pytest.raises(StepNotAllowed, match="was drafted when this was begun, and is adopted now"):
        book.decide(step(number, "adopted", paper="2号"), moved(), after="drafted")
    assert len(book.versions()) == 1


def test_a_book_of_before_is_brought_up_by_whoever_writes(path: Path, monkeypatch: pytest.MonkeyPatch):
    steps = dict(migrations.STEPS)
    old = {name: steps[name] for name in ("first_tables", "result_families")}
    monkeypatch.setattr(migrations, "STEPS", old)
    with new_book(path) as book:
        book.note("a", "b")
    monkeypatch.setattr(migrations, "STEPS", steps)
    with pytest.raises(BookUnusable, match="made by an older program"):
        open_book(path)
    with open_book(path, write=True) as book:
        assert book.notes() == {"a": "b"}
        assert filed(book) == ["2026-0001"]
    with closing(sqlite3.connect(path)) as link:  # classified features are found without reading the layer
        how = link.execute("EXPLAIN QUERY PLAN SELECT fid FROM constraints WHERE restricted = ?", (True,))
        assert "USING COVERING INDEX constraints_by_restricted" in how.fetchone()[-1]
    with open_book(path) as book:
        assert book.request("2026-0001").state == "drafted"
        with pytest.raises(BookUnusable, match="opened for reading"):
            filed(book)


def test_gdal_shows_requests_with_their_state(book: Book, path: Path):
    filed(book, draft(), draft("G2", east=113.5), draft("G3", shape=shapely.Polygon()))
    book.take_step(step("2026-0002", "withdrawn"), after="drafted")
    layers = dict(pyogrio.list_layers(path).tolist())
    assert (layers["requests"], layers["requests_now"]) == ("MultiPolygon", "MultiPolygon")
    assert set(TABLES) <= layers.keys()
    about = pyogrio.read_info(path, layer="requests_now")
    assert (about["features"], about["crs"], about["fid_column"]) == (3, "EPSG:4490", "OGC_FID")
    assert about["total_bounds"] == pytest.approx((113.0, 34.5, 113.5, 34.51))
    assert about["capabilities"]["fast_spatial_filter"]
    now = pyogrio.read_dataframe(path, layer="requests_now", bbox=(113.2, 34.0, 113.3, 35.0))
    assert now[["number", "zone", "state"]].to_numpy().tolist() == [["2026-0002", "G2", "withdrawn"]]
    with closing(sqlite3.connect(path)) as link:
        assert link.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert link.execute("SELECT rtreecheck('rtree_requests_geom')").fetchone() == ("ok",)


def test_many_writers_file_under_numbers_of_their_own(book: Book, path: Path):
    def some(_: int) -> list[str]:
        with open_book(path, write=True) as own:
            return filed(own, *[draft()] * 5)

    with ThreadPoolExecutor(4) as pool:
        numbers = [number for each in pool.map(some, range(4)) for number in each]
    assert sorted(numbers) == [f"2026-{at:04d}" for at in range(1, 21)]
    assert len(book.journal()) == 20


def test_of_two_who_decide_at_once_one_does(book: Book, path: Path):
    (number,) = filed(book)

    def decide(what: str) -> str:
        with open_book(path, write=True) as own:
            try:
                own.decide(step(number, what, paper="1号"), None, after="drafted")
            except StepNotAllowed:
                return ""
        return what

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(decide, ["adopted", "refused"]))
    assert sorted(told)[0] == ""
    assert book.request(number).state == max(told)
    assert len(book.request_steps(number)) == 2
