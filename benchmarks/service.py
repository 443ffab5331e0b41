"""Service: a page of 1,000 parcels by box, ours from the book against tipg on PostGIS.

Both are uvicorn with one worker; the same boxes are asked for over connections that stay open, by one
client and by four at once, in turn. Neither compresses, for no client asks for it.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks import fabric, ingest
from benchmarks.peers import postgis
from benchmarks.report import Row
from benchmarks.timing import Failed, run

LIMIT = 1_000
BOXES = 40
CELLS = 34  # a box of so many parcels a side holds somewhat more than a page
STARTS_WITHIN_S = 120
ASKED = 10
Ask = Callable[[str], str]


def measure(parcels: Path, mutan: Path, peer: Path, times: int, raw: dict[str, Any]) -> list[Row]:
    """The lines of the table about the service; the book is made when it is not there."""
    book, folder = ingest.book_beside(parcels), parcels.parents[1]
    if not book.exists():
        ingest.take_in(parcels, book, mutan)
    boxes = _boxes(parcels)
    with ExitStack() as open_:
        try:
            tipg = open_.enter_context(_tipg(parcels, peer, folder))
        except postgis.PostgisMissing as lacking:
            print(lacking)
            tipg = 0
        ours = open_.enter_context(
            server(
                lambda port: [mutan, "serve", "--book", book, "--port", str(port)], {}, folder / "serve.log"
            )
        )
        ports = {"ours": ours} | ({"tipg": tipg} if tipg else {})
        for name, port in ports.items():
            _check(port, PATHS[name](boxes[0]), name)
        rates = {clients: _rates(ports, boxes, clients, times) for clients in (1, 4)}
    raw["service"] = {f"{clients} clients": found for clients, found in rates.items()}
    return [_row(clients, found) for clients, found in rates.items()]


def _row(clients: int, found: Mapping[str, float]) -> Row:
    ratio = found["ours"] / found["tipg"] if "tipg" in found else None
    return Row(
        f"service: {LIMIT:,} parcels by box, {clients} client{'s' if clients > 1 else ''}",
        f"{found['ours']:.1f} requests/s",
        f"tipg on PostGIS {found['tipg']:.1f} requests/s" if "tipg" in found else "not installed",
        ratio,
        f"{ASKED} times",
        None if ratio is None else ratio >= ASKED,
    )


PATHS: Mapping[str, Ask] = {
    "ours": lambda box: f"/collections/parcels/items?bbox={box}&limit={LIMIT}&f=json",
    "tipg": lambda box: f"/collections/public.parcels/items?bbox={box}&limit={LIMIT}&f=geojson",
}


def _boxes(parcels: Path, seed: int = 4) -> list[str]:
    side = round(int(parcels.stem.rpartition("_")[2]) ** 0.5)
    corner = np.random.default_rng(seed).uniform(0, max(side - CELLS, 0), (BOXES, 2)) * fabric.CELL
    west, south = fabric.WEST + corner[:, 0], fabric.SOUTH + corner[:, 1]
    wide = CELLS * fabric.CELL
    return [f"{x:.6f},{y:.6f},{x + wide:.6f},{y + wide:.6f}" for x, y in zip(west, south, strict=True)]


@contextmanager
def _tipg(parcels: Path, peer: Path, folder: Path) -> Iterator[int]:
    with postgis.cluster(folder) as address:
        fill = Path(__file__).parent / "peers" / "fill_postgis.py"
        run([peer, fill, parcels, address], folder / "fill.log")
        settings = {"DATABASE_URL": address, "TIPG_DB_SCHEMAS": '["public"]', "TIPG_CATALOG_TTL": "0"}
        words = [peer, "-m", "uvicorn", "tipg.main:app", "--workers", "1", "--no-access-log"]
        with server(lambda port: [*words, "--port", str(port)], settings, folder / "tipg.log") as port:
            yield port


@contextmanager
def server(
    command: Callable[[int], Sequence[str | Path]], settings: dict[str, str], log: Path
) -> Iterator[int]:
    """The port of a server that runs until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    words = [str(word) for word in command(port)]
    with log.open("wb") as out:
        child = subprocess.Popen(words, stdout=out, stderr=out, env=os.environ | settings)
    try:
        _wait(child, port, log)
        yield port
    finally:
        child.terminate()
        try:
            child.wait(20)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _wait(child: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < until and child.poll() is None:
        try:
            _get(HTTPConnection("127.0.0.1", port, timeout=60), "/conformance")
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise Failed(f"{log.stem} did not answer:\n" + log.read_text("utf-8", "replace")[-2000:])


def _get(link: HTTPConnection, path: str) -> bytes:
    link.request("GET", path, headers={"Accept": "application/geo+json"})
    answer = link.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise Failed(f"{path} was answered with {answer.status}: {body[:300]!r}")
    return body


def _check(port: int, path: str, name: str) -> None:
    """A page is full, and each feature has its polygon: nobody is fast by giving less."""
    page = json.loads(_get(HTTPConnection("127.0.0.1", port, timeout=60), path))["features"]
    if len(page) != LIMIT or any(len(f["geometry"]["coordinates"][0]) != 13 for f in page):
        raise Failed(f"{name} gave {len(page)} features where {LIMIT} whole parcels were asked for")


def _rates(ports: Mapping[str, int], boxes: Sequence[str], clients: int, times: int) -> dict[str, float]:
    """Requests per second of each, in turn; the median."""
    found: dict[str, list[float]] = {name: [] for name in ports}
    for _ in range(times):
        for name, port in ports.items():
            found[name].append(_rate(port, [PATHS[name](box) for box in boxes], clients))
            print(f"    {name}, {clients} at once: {found[name][-1]:.1f} requests/s", flush=True)
    return {name: median(each) for name, each in found.items()}


def _rate(port: int, paths: Sequence[str], clients: int) -> float:
    def ask(mine: Sequence[str]) -> None:
        link = HTTPConnection("127.0.0.1", port, timeout=120)
        for path in mine:
            _get(link, path)
        link.close()

    begin = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(ask, [paths[i::clients] for i in range(clients)]))
    return len(paths) / (time.perf_counter() - begin)
