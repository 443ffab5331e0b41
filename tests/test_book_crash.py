"""Whoever is killed while writing leaves the book as it was: the previous version, whole."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from data.book import Ask, new_book, open_book

ROOT = Path(__file__).parents[1]
SQUARES = 12_000

# Takes in versions of one scope, each with its own number in `floor_area_m2`, until it is killed. It says on
# standard output which number it begins with and which it has ended with. With a fourth argument it kills
# itself when its second ingest comes to that function.
WRITER = """
import sys
from datetime import UTC, datetime
import geopandas, numpy as np, shapely
from data.book import open_book, writing
from data.records import Source

address, squares, first = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
writing.CHUNK = 1_000
x, y = (part.ravel() * 0.001 for part in np.meshgrid(np.arange(squares // 100), np.arange(100)))
shapes = shapely.box(113 + x, 34 + y, 113.0009 + x, 34.0009 + y)
frame = geopandas.GeoDataFrame({"parcel_id": np.arange(len(x)).astype(str)}, geometry=shapes, crs=4490)
frame = frame.assign(zone="G1", land_class="0601", area_m2=1.0)

if len(sys.argv) > 4:
    import importlib, os, signal
    module, _, name = sys.argv[4].rpartition(":")
    holder = importlib.import_module(module)
    holder = getattr(holder, name.split(".")[0]) if "." in name else holder
    name = name.split(".")[-1]
    really, calls = getattr(holder, name), []

    def kill(*given, **named):
        calls.append(1)
        if len(calls) == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return really(*given, **named)

    setattr(holder, name, kill)
with open_book(address, write=True) as book:
    for number in range(first, first + 1000):
        print("begin", number, flush=True)
        said = {"who": "t", "when": datetime(2025, 1, 1, tzinfo=UTC)}
        # Another size each time, so that a mixture of two versions could not pass for one.
        own = frame.iloc[number:].assign(floor_area_m2=float(number))
        book.ingest("parcels", own, Source("a", str(number), "x"), **said)
        print("end", number, flush=True)
"""


def killed_after(address: str, first: int, seconds: float) -> tuple[int, int]:
    """Run the writer, kill it so long after its first ingest began; numbers last begun and last ended."""
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, address, str(SQUARES), str(first)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as writer:
        try:
            for line in writer.stdout:
                if line.startswith("begin"):
                    break
            else:
                pytest.fail("the writer never began")
            time.sleep(seconds)
        finally:
            writer.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
        rest = writer.stdout.read().split()
    begun = [
        first,
        *(int(number) for word, number in zip(rest[::2], rest[1::2], strict=False) if word == "begin"),
    ]
    ended = [
        first - 1,
        *(int(number) for word, number in zip(rest[::2], rest[1::2], strict=False) if word == "end"),
    ]
    return max(begun), max(ended)


def test_a_book_whose_writer_was_killed_opens_with_a_whole_version(tmp_path: Path):
    address = str(tmp_path / "mutan.gpkg")
    new_book(address).close()
    moments, last = random.Random(5), 0
    for moment in (0.01, *(moments.random() * 2 for _ in range(2))):
        begun, ended = killed_after(address, last + 1, moment)
        with open_book(address) as book:
            parcels = book.read("parcels", columns=["floor_area_m2", "area_m2"])
            versions = book.versions()
            found = book.page("parcels", Ask(box=(112, 33, 115, 36)), limit=1, count=True).matched
        # What was told to be ended is there; what had begun is there whole or not at all.
        number = len(versions)
        assert ended <= number <= begun
        if number:
            assert set(parcels["floor_area_m2"]) == {float(number)}
            assert len(parcels) == found == SQUARES - number
        with closing(sqlite3.connect(address)) as link:
            assert link.execute("PRAGMA quick_check").fetchall() == [("ok",)]
            assert link.execute("SELECT rtreecheck('rtree_parcels_geom')").fetchone() == ("ok",)
            # The rows of the killed ingest are not there, not even out of sight.
            rows = sum(SQUARES - n for n in range(1, number + 1))
            assert link.execute("SELECT count(*) FROM parcels").fetchone() == (rows,)
            triggers = (
                "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%parcels%insert'"
            )
            assert link.execute(triggers).fetchone() == (2,)
        last = number
    assert last > 0
    with open_book(address, write=True) as book:
        book.note("after", "the next writer goes on")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mutan.gpkg"]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system cannot kill so hard")
@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        ("data.book.spatial_index:add", 1),  # rows written, index not
        ("data.book.remarks:write_journal", 1),  # all written, not committed
        ("pathlib:Path.unlink", 2),  # committed, not yet brought into the main file
    ],
)
def test_killed_at_a_known_stage(stage: str, expected: int, tmp_path: Path):
    address = str(tmp_path / "mutan.gpkg")
    new_book(address).close()
    killed = subprocess.run(
        [sys.executable, "-c", WRITER, address, "2000", "1", stage], cwd=ROOT, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    with open_book(address) as book:
        assert len(book.versions()) == expected
        assert set(book.read("parcels")["floor_area_m2"]) == {float(expected)}
        assert len(book.journal()) == expected


def test_an_ingest_that_fails_in_the_middle_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from data.book import remarks

    def break_down(*_: object) -> None:
        raise RuntimeError("the power went")

    with new_book(tmp_path / "mutan.gpkg") as book:
        monkeypatch.setattr(remarks, "keep_note", break_down)
        with pytest.raises(RuntimeError, match="the power went"):
            book.note("a", "b")
        monkeypatch.setattr(remarks, "write_journal", break_down)
        with pytest.raises(RuntimeError, match="the power went"):
            book.store_results("G1", 2024, [], datetime(2025, 1, 1, tzinfo=UTC))
        monkeypatch.undo()
        book.note("c", "d")
        assert book.notes() == {"c": "d"}
        assert book.journal() == []
