"""Many rows at once: what Arrow hands over is what fetching row by row gives, to the type of every cell."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.book import bulk, new_book, open_book
from data.book.interface import Ask
from data.errors import ColumnMissing
from data.records import Source

WHEN = datetime(2025, 3, 1)
COUNT = 400


def _statements(zone: str, year: int) -> pd.DataFrame:
    rng = np.random.default_rng(year)
    return pd.DataFrame({
        "zone": zone,
        "enterprise_id": [f"{n:04d}" if n % 7 else None for n in range(COUNT)],
        "year": year,
        "category": "fuel",
        "item": "烟煤",
        "amount": np.where(rng.random(COUNT) < 0.1, np.nan, rng.lognormal(3, 1, COUNT)),
        "unit": "吨",
        "row": pd.array([n + 2 if n % 3 else None for n in range(COUNT)], dtype="Int64"),
    })


@pytest.fixture
def address(tmp_path: Path) -> Path:
    path = tmp_path / "book.gpkg"
    with new_book(path) as book:
        for zone in ("Z1", "Z2", "Z3"):
            for year in (2023, 2024):
                source = Source(f"{zone}-{year}.csv", f"{zone}{year}", "csv")
                book.ingest("activity", _statements(zone, year), source, who="t", when=WHEN)
        firms = pd.DataFrame({
            "enterprise_id": [f"{n:04d}" for n in range(COUNT)], "name": "甲", "zone": "Z1", "year": 2024,
            "above_scale": pd.array([n % 2 == 0 if n % 5 else None for n in range(COUNT)], dtype="boolean"),
            "started_on": pd.to_datetime(["2001-02-03" if n % 4 else None for n in range(COUNT)]),
        })  # fmt: skip
        book.ingest("enterprises", firms, Source("e.csv", "e", "csv"), who="t", when=WHEN)
    return path


@pytest.mark.parametrize(
    ("kind", "ask"),
    [
        ("activity", Ask(zone="Z2", year=2024)),
        ("activity", Ask(zones=["Z1", "Z3"], year=2023)),
        ("activity", Ask()),
        ("enterprises", Ask(zone="Z1")),
    ],
)
def test_both_ways_give_the_same_table(
    address: Path, monkeypatch: pytest.MonkeyPatch, kind: str, ask: Ask
) -> None:
    with open_book(address) as book:
        one_by_one = book.read(kind, ask)
        monkeypatch.setattr(bulk, "WORTH", 1)
        monkeypatch.setattr("data.book.reading._WORTH_LOOKING", 1)
        at_once = book.read(kind, ask)
    pd.testing.assert_frame_equal(one_by_one, at_once)


def test_several_zones_are_read_in_the_order_in_which_they_came(address: Path) -> None:
    with open_book(address) as book:
        both = book.read("activity", Ask(zones=["Z3", "Z1"], year=2024))
        alone = [book.read("activity", Ask(zone=zone, year=2024)) for zone in ("Z1", "Z3")]
    pd.testing.assert_frame_equal(both, pd.concat(alone))


def test_no_zone_among_several_is_no_rows_and_a_kind_without_zones_refuses(address: Path) -> None:
    with open_book(address) as book:
        assert len(book.read("activity", Ask(zones=[], year=2024))) == 0
        with pytest.raises(ColumnMissing):
            book.read("controls", Ask(zones=["Z1"]))


def test_a_tail_of_the_log_few_rows_or_many_pieces_are_read_row_by_row(tmp_path: Path) -> None:
    path = tmp_path / "book.gpkg"
    whole = [(1, 50_000)]
    assert bulk.worth(str(path), whole, 50_000)
    assert not bulk.worth("", whole, 50_000)
    assert not bulk.worth(str(path), whole, 100)
    assert not bulk.worth(str(path), [(n, n) for n in range(1, 1000)], 50_000)
    (tmp_path / "book.gpkg-wal").write_bytes(b"tail")
    assert not bulk.worth(str(path), whole, 50_000)
