"""Periods: which account holds on which day, by hand and held against a calendar kept as a dictionary."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import geopandas
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from data.book import Ask, Book, new_book
from data.book.periods import Period
from data.errors import BookError
from data.records import Source

NOW = datetime(2025, 3, 1, tzinfo=UTC)
SAID = {"who": "t", "when": NOW}
Y = {year: date(year, 1, 1) for year in range(2015, 2031)}


def take_in(
    book: Book, name: str, start: date | None = None, end: date | None = None, scope: str = "G1"
) -> int:
    """A zone whose name tells which file it came from."""
    frame = geopandas.GeoDataFrame(
        {"code": [scope], "name": [name], "area_m2": [1.0]},
        geometry=[shapely.box(113, 34, 114, 35)],
        crs=4490,
    )
    source = Source(f"{name}.shp", f"{name}{scope}", "shp")
    return book.ingest("zones", frame, source, valid_from=start, valid_to=end, **SAID).number


def on(book: Book, day: date, as_of: int | None = None, scope: str = "G1") -> str | None:
    found = book.read("zones", Ask(on=day, as_of=as_of, zone=scope), columns=["name"])["name"].tolist()
    assert len(found) <= 1
    return found[0] if found else None


def history(book: Book) -> list[tuple[str, int | None, int | None]]:
    """The parts of G1 as (file, first year, last year)."""
    names = {version.number: version.source.path[0] for version in book.versions()}
    return [
        (names[p.version], p.valid_from and p.valid_from.year, p.valid_to and p.valid_to.year)
        for p in book.parts("zones", "G1")
    ]


# Worked by hand on a line of years. A file: (name, first year, year in which it no longer holds).
CASES = [
    ("one file without a day holds for ever", [("A", None, None)], [("A", None, None)]),
    (
        "a newer one closes the older",
        [("A", None, None), ("B", 2020, None)],
        [("A", None, 2020), ("B", 2020, None)],
    ),
    (
        "each in its turn",
        [("A", 2018, None), ("B", 2020, None), ("C", 2023, None)],
        [("A", 2018, 2020), ("B", 2020, 2023), ("C", 2023, None)],
    ),
    (
        "an older one that arrives late holds until the newer begins",
        [("C", 2023, None), ("A", 2018, None)],
        [("A", 2018, 2023), ("C", 2023, None)],
    ),
    (
        "and one between two fills its time",
        [("A", 2018, None), ("C", 2023, None), ("B", 2020, None)],
        [("A", 2018, 2020), ("B", 2020, 2023), ("C", 2023, None)],
    ),
    ("the same first day is a correction", [("A", 2020, None), ("B", 2020, None)], [("B", 2020, None)]),
    (
        "a correction of one period leaves the next",
        [("A", 2018, None), ("C", 2023, None), ("B", 2018, None)],
        [("B", 2018, 2023), ("C", 2023, None)],
    ),
    (
        "a closed period is cut out of the middle",
        [("A", None, None), ("B", 2020, 2022)],
        [("A", None, 2020), ("B", 2020, 2022), ("A", 2022, None)],
    ),
    (
        "a closed period over the seam of two takes from both",
        [("A", 2018, None), ("B", 2021, None), ("C", 2020, 2023)],
        [("A", 2018, 2020), ("C", 2020, 2023), ("B", 2023, None)],
    ),
    (
        "until a day, without a first",
        [("A", 2018, None), ("B", None, 2020)],
        [("B", None, 2020), ("A", 2020, None)],
    ),
    (
        "a closed period that touches nothing leaves a gap",
        [("A", 2024, None), ("B", 2018, 2020)],
        [("B", 2018, 2020), ("A", 2024, None)],
    ),
    (
        "without any day: all of it corrected",
        [("A", 2018, None), ("B", 2020, 2022), ("C", None, None)],
        [("C", None, None)],
    ),
    (
        "the same files once more change nothing",
        [("A", None, None), ("B", 2020, None), ("A", None, None), ("B", 2020, None)],
        [("A", None, 2020), ("B", 2020, None)],
    ),
]


@pytest.mark.parametrize(("about", "files", "expected"), CASES, ids=[about for about, _, _ in CASES])
def test_what_holds_after(about: str, files, expected, tmp_path: Path):
    with new_book(tmp_path / "b.gpkg") as book:
        for name, start, end in files:
            take_in(book, name, Y.get(start), Y.get(end))
        assert history(book) == expected


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2019, 12, 31), "A"),  # the last day of the old boundary
        (date(2020, 1, 1), "B"),  # the very day of the new one
        (date(2024, 12, 31), "B"),  # the end of a year that is assessed
        (date(1990, 1, 1), "A"),
    ],
)
def test_an_assessment_uses_what_was_in_force_on_its_day(day: date, name: str, tmp_path: Path):
    with new_book(tmp_path / "b.gpkg") as book:
        take_in(book, "A")
        take_in(book, "B", Y[2020])
        assert on(book, day) == name


def test_what_the_book_knew_before_a_correction_can_still_be_read(tmp_path: Path):
    with new_book(tmp_path / "b.gpkg") as book:
        first = take_in(book, "A", Y[2018])
        second = take_in(book, "B", Y[2018])
        third = take_in(book, "C", Y[2022])
        day = date(2023, 5, 5)
        assert [on(book, day, as_of) for as_of in (0, first, second, third, None)] == [
            None,
            "A",
            "B",
            "C",
            "C",
        ]
        assert [(p.version, p.valid_to) for p in book.parts("zones", "G1", as_of=second)] == [(second, None)]


def test_a_removed_zone_holds_nothing_from_that_day_and_its_history_stays(tmp_path: Path):
    with new_book(tmp_path / "b.gpkg") as book:
        take_in(book, "A", Y[2018])
        gone = book.end("zones", "G1", valid_from=Y[2023], note="removed", **SAID)
        assert (gone.rows, gone.note, gone.name) == (0, "removed", "zones v2")
        assert on(book, date(2022, 12, 31)) == "A"
        assert on(book, date(2023, 1, 1)) is None
        assert on(book, date(2023, 1, 1), as_of=1) == "A"
        assert book.journal()[-1]["what"] == "zones v2: G1 ended"


def test_a_period_without_a_day_is_refused(tmp_path: Path):
    with new_book(tmp_path / "b.gpkg") as book, pytest.raises(BookError, match="an end that lies after"):
        take_in(book, "A", Y[2020], Y[2020])


START = date(2020, 1, 1)
DAYS = [START + timedelta(days=n) for n in range(10)]
day_or_none = st.none() | st.sampled_from(DAYS)
steps = st.lists(
    st.tuples(st.sampled_from(["G1", "G2"]), day_or_none, day_or_none, st.booleans()).filter(
        lambda said: said[1] is None or said[2] is None or said[1] < said[2]
    ),
    max_size=7,
)


class Calendar:
    """Who holds each scope on each day; slow and plain."""

    def __init__(self) -> None:
        self.days: dict[tuple[str, date], str | None] = {}
        self.reach = [date.min, *DAYS, date(2020, 2, 1), date.max]
        self.begins: dict[str, set[date]] = {}

    def put(self, scope: str, start: date | None, end: date | None, name: str | None) -> None:
        if start is not None and end is None:
            # A part begins on a day whose holder differs from that of the day before, or where one was laid.
            later = [day for day in self.seams(scope) if day > start]
            end = min(later, default=None)
        for day in self.reach:
            if (start or date.min) <= day and (end is None or day < end):
                self.days[scope, day] = name
        laid = self.begins.setdefault(scope, set())
        self.begins[scope] = {d for d in laid if not ((start or date.min) <= d and (end is None or d < end))}
        if start is not None:
            self.begins[scope].add(start)
        if end is not None:
            self.begins[scope].add(end)

    def seams(self, scope: str) -> list[date]:
        return [day for day in self.begins.get(scope, ()) if self.days.get((scope, day)) is not None]


@settings(max_examples=20)
@given(steps)
def test_a_book_says_what_a_calendar_kept_by_hand_says(tmp_path_factory: pytest.TempPathFactory, said):
    calendar = Calendar()
    snapshots: list[dict[tuple[str, date], str | None]] = [{}]
    with new_book(tmp_path_factory.mktemp("book") / "b.gpkg") as book:
        for number, (scope, start, end, gone) in enumerate(said):
            if gone:
                book.end("zones", scope, valid_from=start, valid_to=end, **SAID)
            else:
                take_in(book, f"f{number}", start, end, scope)
            calendar.put(scope, start, end, None if gone else f"f{number}")
            snapshots.append(dict(calendar.days))
        for as_of, days in enumerate(snapshots):
            for day in calendar.reach:
                held = book.page("zones", Ask(on=day, as_of=as_of), limit=9).columns
                said_there = dict(zip(held["code"], held["name"], strict=True))
                assert len(held["code"]) == len(said_there)
                expected = {scope: days[scope, day] for scope in ("G1", "G2") if days.get((scope, day))}
                assert said_there == expected


@given(day_or_none, day_or_none, day_or_none, day_or_none)
def test_what_is_left_and_what_was_cut_make_up_the_period(a, b, c, d):
    def days(period: Period) -> set[date]:
        return {day for day in [date.min, *DAYS, date(2021, 1, 1)] if period.first <= day < period.last}

    if (a and b and b <= a) or (c and d and d <= c):
        return
    one, other = Period(a, b), Period(c, d)
    left = [days(piece) for piece in one.without(other)]
    assert set().union(*left) == days(one) - days(other)
    assert sum(map(len, left)) == len(set().union(*left))


def test_a_file_of_many_scopes_keeps_each_periods_apart(tmp_path: Path):
    def statistics(zones: list[str], value: float) -> pd.DataFrame:
        return pd.DataFrame({
            "zone": zones,
            "period": "2024",
            "item": "population",
            "value": value,
            "unit": "人",
        })

    with new_book(tmp_path / "b.gpkg") as book:
        book.ingest("statistics", statistics(["G1", "G2"], 1.0), Source("a", "a", "csv"), **SAID)
        book.ingest(
            "statistics", statistics(["G2"], 2.0), Source("b", "b", "csv"), valid_from=Y[2025], **SAID
        )
        held = book.read("statistics", Ask(on=date(2025, 6, 1)))
        assert dict(zip(held["zone"], held["value"], strict=True)) == {"G1": 1.0, "G2": 2.0}
        held = book.read("statistics", Ask(on=date(2024, 6, 1)))
        assert set(held["value"]) == {1.0}
