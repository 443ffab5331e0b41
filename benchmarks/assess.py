"""Assessment: a province of a hundred zones over five years, and one zone again after one parcel has changed.

The book is made by `benchmarks.assess_fabric`. The province is the whole command, `mutan assess --year 2024
--since 2020`, from its start to its end, with every result kept in the book; its memory is that of all its
processes together, looked at ten times a second. The one zone is a delivery of its parcels, of which one has
changed, taken into the book, and then the assessment of its newest year in a process that runs already, as
the service does it; the delivery is timed apart.
"""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

from api.assess import assess_and_store
from benchmarks import assess_fabric
from benchmarks.report import Row
from benchmarks.timing import Ran, run
from data.book import open_book
from data.book.interface import Ask
from data.records import Source

ASKED_S, ASKED_MB, ASKED_ONE_S = 60, 4_000, 1.0
YEAR = assess_fabric.YEARS[-1]
LOOKS_S = 0.1
DAY = datetime(YEAR, 6, 1)


def measure(
    mutan: Path, times: int, raw: dict[str, Any], folder: Path, size: assess_fabric.Size | None = None
) -> list[Row]:
    """The lines of the table about assessment.

    Parameters
    ----------
    mutan : our command
    folder : where the book is made, and kept for the next time
    size : of the province; the whole one when left out
    """
    whole = size is None
    size = size or assess_fabric.Size()
    made = assess_fabric.kept(folder, size)
    book = folder / "assess.gpkg"
    ran, peak_mb = province(made, book, mutan, times)
    delivery_s, one_s = one_zone(book, times)
    raw["assess"] = {
        **asdict(size),
        "runs": [vars(each) for each in ran],
        "peak_mb_of_all": peak_mb,
        "delivery_s": delivery_s,
        "one_zone_s": one_s,
    }
    wall_s, cpu_s = median(each.wall_s for each in ran), median(each.cpu_s for each in ran)
    much = f"{size.zones} zones, {size.parcels:,} parcels, {size.enterprises:,} enterprises"
    much += f", {size.zones * size.projects:,} projects"
    return [
        Row(
            f"assessment: {much}, {assess_fabric.YEARS[0]} to {YEAR}",
            f"{wall_s:.1f} s ({cpu_s:.1f} s of processor), {peak_mb:,.0f} MB in all",
            "",
            None,
            f"under {ASKED_S} s and {ASKED_MB / 1000:.0f} GB" if whole else "",
            wall_s < ASKED_S and peak_mb < ASKED_MB if whole else None,
        ),
        Row(
            f"assessment: one zone of {size.parcels // size.zones:,} parcels again, one of them changed",
            f"{one_s:.2f} s (after {delivery_s:.2f} s to take the delivery in)",
            "",
            None,
            f"under {ASKED_ONE_S:.0f} s" if whole else "",
            one_s < ASKED_ONE_S if whole else None,
        ),
    ]


def province(made: Path, book: Path, mutan: Path, times: int) -> tuple[list[Ran], float]:
    """Each run of the whole command on a fresh copy of the book, and the most memory of all processes, MB."""
    first, last = assess_fabric.YEARS[0], YEAR
    words = [mutan, "assess", "--year", str(last), "--since", str(first), "--book", book]
    ran, peaks = [], []
    for _ in range(times):
        for old in book.parent.glob(f"{book.name}*"):
            old.unlink()
        shutil.copy(made, book)
        with most_memory() as peak:
            ran.append(run(words, book.with_suffix(".log")))
        peaks.append(peak[0])
        print(
            f"    assess: {ran[-1].wall_s:.1f} s, {ran[-1].cpu_s:.1f} s of processor, {peak[0]:,.0f} MB",
            flush=True,
        )
    return ran, max(peaks)


def one_zone(book: Path, times: int) -> tuple[float, float]:
    """Seconds to take in the parcels of a zone of which one has changed, and to assess it again; medians."""
    took, again = [], []
    with open_book(book, write=True) as here:
        code = here.read("zones", columns=["code"])["code"].iloc[-1]
        list(assess_and_store(here, [code], YEAR, DAY))  # tables of codes and rules are read by now
        for turn in range(times):
            parcels = here.read("parcels", Ask(zone=code, on=DAY.date())).drop(columns=["extra", "version"])
            parcels.loc[parcels.index[turn], "built"] = not parcels["built"].iloc[turn]
            begin = time.perf_counter()
            here.ingest(
                "parcels", parcels, Source("again", "", "made"), who="benchmark", when=DAY,
                valid_from=DAY.date(),
            )  # fmt: skip
            took.append(time.perf_counter() - begin)
            begin = time.perf_counter()
            list(assess_and_store(here, [code], YEAR, DAY))
            again.append(time.perf_counter() - begin)
    return median(took), median(again)


@contextmanager
def most_memory() -> Iterator[list[float]]:
    """The most memory, in MB, that all processes below this one held together while the block ran.

    Pages that several share are counted in each, so the figure is not too small.
    """
    most, ended = [0.0], threading.Event()

    def look() -> None:
        while not ended.wait(LOOKS_S):
            most[0] = max(most[0], _resident_mb())

    watch = threading.Thread(target=look, daemon=True)
    watch.start()
    try:
        yield most
    finally:
        ended.set()
        watch.join()


def _resident_mb() -> float:
    """Resident memory of all processes that come from this one, MB; this one is not counted."""
    parents, pages = {}, {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended since it was listed
            pid, said = int(file.parent.name), file.read_text().rpartition(")")[2].split()
            parents[pid], pages[pid] = int(said[1]), int(said[21])
    below = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in below} - below:
        below |= more
    return sum(pages[pid] for pid in below - {os.getpid()}) * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    raw: dict[str, Any] = {}
    out = Path(__file__).parents[1] / "out" / "bench"
    out.mkdir(parents=True, exist_ok=True)
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    for row in measure(Path(sys.executable).with_name("mutan"), runs, raw, out):
        print(row)
    print(raw)
