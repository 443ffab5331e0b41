"""Looks at classified layers in the book: counted near a place and of a person, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import shapely

from data.book import Book, new_book, open_book
from data.book.filed import Look

WHEN = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
DAY = date(2026, 6, 1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mutan.gpkg"


@pytest.fixture
def book(path: Path):
    with new_book(path) as made:
        yield made


def look(who: str = "甲", west: float = 113.0, **said: object) -> Look:
    return replace(Look(who, WHEN, DAY, shapely.box(west, 34.5, west + 0.01, 34.51)), **said)


SPAN = {"span": timedelta(days=365), "around": 0.02}


def test_looks_count_of_the_same_person_anywhere_and_of_others_nearby(book: Book):
    seen: list[list[str]] = []

    def weigh(asked: Look, counted: Sequence[Look]) -> tuple[str, bool]:
        seen.append([f"{each.who}{each.shape.bounds[0]:.2f}" for each in counted])
        return "", False

    for asked in (look("甲"), look("乙", 113.02), look("乙", 114.0), look("丙", 113.035), look("甲", 114.0)):
        book.look([asked], weigh, **SPAN)
    later = look("甲", when=WHEN + timedelta(days=365))
    book.look([later], weigh, **SPAN)
    assert seen == [
        [],
        ["甲113.00"],
        ["乙113.02"],
        ["乙113.02"],
        ["甲113.00", "乙114.00"],
        [],
    ]
    assert [each.near for each in book.looks(WHEN)] == [()] * 6


def test_of_two_looks_at_once_the_second_is_weighed_by_the_first(book: Book, path: Path):
    def once(asked: Look, counted: Sequence[Look]) -> tuple[str, bool]:
        return ("enough" if counted else ""), False

    def ask(who: str) -> str:
        with open_book(path, write=True) as own:
            return own.look([look(who)], once, **SPAN)

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(ask, [f"人{at}" for at in range(8)]))
    assert sorted(told) == ["", *["enough"] * 7]


def test_looks_that_belong_together_are_told_together_or_not_at_all(book: Book):
    def weigh(asked: Look, counted: Sequence[Look]) -> tuple[str, bool]:
        return ("too near" if asked.shape.bounds[0] > 113.0 else ""), False

    assert book.look([look(), look(west=113.5)], weigh, **SPAN) == "too near"
    assert [each.answer for each in book.looks(WHEN)] == ["too near"] * 2
    assert book.look([look()], weigh, **SPAN) == ""
    assert book.looks(WHEN)[-1].answer == "told"


def test_a_refusal_is_in_the_journal_once_a_day_and_a_known_look_not_at_all(book: Book):
    for hours in (0, 1, 23, 25):
        book.look([look(when=WHEN + timedelta(hours=hours))], lambda *_: ("too small", False), **SPAN)
    book.look([look()], lambda *_: ("", True), **SPAN)
    lines = [line["what"] for line in book.journal()]
    assert lines == ["classified layers: not told. too small"] * 2
    assert len(book.looks(WHEN)) == 2
