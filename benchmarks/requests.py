"""Requests to move a boundary: one as a cold command, one in a warm service, a thousand in a batch.

The book is made by `benchmarks.requests_fabric`: a million parcels, a hundred thousand constraint polygons of
50 vertices, two hundred zones. The cold command is the whole `mutan request`, from its start to its end; the
warm service is `mutan serve` over loopback, to which a request is sent as GeoJSON, each time of another zone;
the batch is the whole `mutan requests batch` with as many processes as there are processors.
"""

from __future__ import annotations

import time
from dataclasses import asdict
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import Any

import pandas as pd

from benchmarks import requests_fabric
from benchmarks.report import Row
from benchmarks.service import server
from benchmarks.timing import Failed, Ran, run

ASKED_COLD_S, ASKED_WARM_S, ASKED_BATCH_S = 4.0, 1.0, 60.0
DAY = "2026-06-30"
LOOKS = 12
"""Requests sent to the warm service after the first, each of a zone that it has not seen"""


def measure(
    mutan: Path, times: int, raw: dict[str, Any], folder: Path, size: requests_fabric.Size | None = None
) -> list[Row]:
    """The lines of the table about requests.

    Parameters
    ----------
    size : of the province; the whole one when left out
    """
    whole = size is None
    size = size or requests_fabric.Size()
    book = requests_fabric.kept(folder, size)
    listed = requests_fabric.files(folder / "requests", size)
    cold = [_cold(mutan, book, listed, turn) for turn in range(times)]
    warm = _warm(mutan, book, listed, folder)
    batch = [_batch(mutan, book, listed) for _ in range(times)]
    raw["requests"] = {
        **asdict(size),
        "cold": [vars(each) for each in cold],
        "warm_s": warm,
        "batch": [vars(each) for each in batch],
    }
    much = f"{size.parcels:,} parcels, {size.constraints:,} constraints, {size.zones} zones"
    figures = (
        (
            f"request: {much}, cold command",
            median(r.wall_s for r in cold),
            ASKED_COLD_S,
            max(r.peak_mb for r in cold),
        ),
        ("request: the same in a warm service, a zone not seen before", median(warm), ASKED_WARM_S, None),
        (
            f"requests: {size.requests:,} in a batch",
            median(r.wall_s for r in batch),
            ASKED_BATCH_S,
            max(r.peak_mb for r in batch),
        ),
    )
    return [
        Row(
            name,
            f"{found:.2f} s" + (f", {peak:,.0f} MB" if peak else ""),
            "",
            None,
            f"under {asked:.0f} s" if whole else "",
            found < asked if whole else None,
        )
        for name, found, asked, peak in figures
    ]


def _cold(mutan: Path, book: Path, listed: Path, turn: int) -> Ran:
    row = pd.read_csv(listed).iloc[turn]
    words = [mutan, "request", listed.parent / row["file"], "--zone", row["zone"], "--kind", "expansion"]
    return _checked([*words, "--day", DAY, "--book", book, "--json"], book.with_suffix(".log"))


def _batch(mutan: Path, book: Path, listed: Path) -> Ran:
    words = [mutan, "requests", "batch", listed, "--day", DAY, "--book", book, "--json"]
    return _checked(words, book.with_suffix(".log"))


def _checked(words: list[Any], log: Path) -> Ran:
    """A command that may end with 3, which says that something is not met."""
    shell = ["sh", "-c", '"$@"; s=$?; [ $s -eq 0 ] || [ $s -eq 3 ]', "sh", *words]
    return run(shell, log)


def _warm(mutan: Path, book: Path, listed: Path, folder: Path) -> list[float]:
    """Seconds for each request after the first, in which the service reads its rules and codes."""
    rows = pd.read_csv(listed).head(LOOKS + 1)
    took = []
    words = [mutan, "serve", "--book", book]
    with server(lambda port: [*words, "--port", str(port)], {}, folder / "requests.log") as port:
        for row in rows.itertuples():
            body = (listed.parent / row.file).read_bytes()
            begin = time.perf_counter()
            _post(port, f"/requests?zone={row.zone}&kind=expansion&day={DAY}&keep=false", body)
            took.append(time.perf_counter() - begin)
    return took[1:]


def _post(port: int, path: str, body: bytes) -> None:
    link = HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        link.request(
            "POST", path, body, {"Content-Type": "application/geo+json", "Accept": "application/json"}
        )
        answer = link.getresponse()
        said = answer.read()
    finally:
        link.close()
    if answer.status != 200:
        raise Failed(f"{path} was answered with {answer.status}: {said[:400]!r}")
