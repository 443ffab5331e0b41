"""The service under real clients: GDAL reads it as OGC API Features, and several ask at once.

The server is a process of its own, for GDAL holds the interpreter while it waits.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pyogrio
import pytest

ROOT = Path(__file__).parents[1]
PATIENCE_S = 60


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    """The file in which the server writes what it was asked."""
    return tmp_path_factory.mktemp("server") / "asked.log"


@pytest.fixture(scope="module")
def address(small_book, log):
    """The address of a server of our own on a free port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "api.app:app", "--host", "127.0.0.1", "--port", str(port)]
    settings = {**os.environ, "MUTAN_BOOK": str(small_book)}
    with log.open("wb") as sink:
        server = subprocess.Popen(command, cwd=ROOT, env=settings, stdout=sink, stderr=subprocess.STDOUT)
    try:
        wait_for(f"http://127.0.0.1:{port}/health", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(PATIENCE_S)


def wait_for(address, server):
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and server.poll() is None:
        try:
            with urlopen(address):
                return
        except URLError:
            time.sleep(0.05)
    pytest.fail("the server did not come up")


def layer(address, name, **narrowed):
    return pyogrio.read_dataframe(f"OAPIF:{address}/", layer=name, **narrowed)


def test_gdal_lists_the_collections(address):
    names = {name for name, _ in pyogrio.list_layers(f"OAPIF:{address}/")}
    assert {"zones", "parcels", "enterprises", "constraints", "indicators"} <= names


def test_gdal_reads_every_feature_over_pages(address):
    frame = layer(address, "parcels", PAGE_SIZE="25")
    assert len(frame) == 60
    assert frame["parcel_id"].is_unique
    assert frame.crs.to_authority() in {("OGC", "CRS84"), ("EPSG", "4326")}


def test_gdal_reads_a_box_and_a_value(address):
    inside = layer(address, "parcels", bbox=(113.605, 34.705, 113.645, 34.715))
    assert len(inside) == 10
    chosen = layer(address, "parcels", where="land_class = '0701'")
    assert len(chosen) == 20
    assert set(chosen["land_class"]) == {"0701"}


def test_gdal_asks_the_server_for_a_value_and_not_for_everything(address, log):
    layer(address, "parcels", where="parcel_id = '2-007'")
    assert "parcel_id=2-007" in log.read_text()


def test_gdal_places_enterprises_at_points(address):
    frame = layer(address, "enterprises")
    assert len(frame) == 5
    assert set(frame.geometry.dropna().geom_type) == {"Point"}


def test_many_ask_at_once_and_each_gets_its_own_answer(address):
    def ask(number):
        with urlopen(
            f"{address}/collections/parcels/items?limit=1&offset={number}&properties=parcel_id"
        ) as answer:
            return answer.read()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(60)))
    assert len({answer.partition(b'"parcel_id":')[2][:8] for answer in answers}) == 60
