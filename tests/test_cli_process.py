"""The command line as a process: its streams, its exit status, its signals, its server."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import box

from data import formats
from data.book import open_book

FIRST = "G990001"
MUTAN = str(Path(sys.executable).with_name("mutan"))


@pytest.fixture
def book(small_book: Path, tmp_path: Path) -> Path:
    """A copy of the small book, where `mutan` looks for one when none is named."""
    return Path(shutil.copy(small_book, tmp_path / "mutan.gpkg"))


def squares(path: Path, many: int) -> Path:
    """A layer of parcels: rows of ten along a parallel."""
    at = [(113.0 + n % 100 * 0.002, 34.0 + n // 100 * 0.002) for n in range(many)]
    shapes = [box(x, y, x + 0.002, y + 0.002) for x, y in at]
    said = {"parcel_id": [f"{n:06d}" for n in range(many)], "zone": "G990003", "land_class": "0601",
            "class_system": "sandiao"}  # fmt: skip
    formats.write(gpd.GeoDataFrame(said, geometry=shapes, crs=4490), path)
    return path


@contextmanager
def started(*words: object, cwd: Path, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """`mutan` running; it is killed at the end if it still does."""
    with subprocess.Popen(
        [MUTAN, *(str(word) for word in words)],
        cwd=cwd, env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as running:  # fmt: skip
        try:
            yield running
        finally:
            if running.poll() is None:
                running.kill()


def test_json_stands_alone_on_standard_output_and_messages_on_the_other(process, book):
    told = process("assess", FIRST, "--year", "2024", "--json")
    assert told.status == 0
    assert json.loads(told.out)["zone"] == FIRST
    assert told.err == ""  # no progress where there is no terminal
    told = process("assess", "G990009", "--year", "2024", "--json")
    assert (told.status, list(json.loads(told.out))) == (1, ["error", "faults"])
    assert told.err.startswith("mutan: There is no zone")
    assert "Traceback" not in told.err


def test_the_book_is_the_one_named_else_that_of_the_environment_else_the_one_here(process, book, tmp_path):
    other = tmp_path / "别处" / "台 账.gpkg"
    other.parent.mkdir()
    book.rename(other)
    assert process("export", "zones", "-o", "a.csv").status == 1
    assert process("export", "zones", "-o", "a.csv", MUTAN_BOOK=str(other)).status == 0
    told = process("export", "zones", "-o", "b.csv", "--book", other, MUTAN_BOOK=str(tmp_path / "no.gpkg"))
    assert told.status == 0
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


def test_an_old_console_gets_marks_in_place_of_what_it_cannot_show(process, tmp_path):
    squares(tmp_path / "地块.geojson", 2)
    told = process("area", "地块.geojson", PYTHONIOENCODING="gbk")
    assert told.status == 0
    assert "\\xb2" in told.err  # the 2 of m²
    assert "Traceback" not in told.err


def test_a_name_that_is_no_utf8_is_said_and_what_to_do(process, tmp_path):
    """As an archive from Chinese Windows unpacks on Linux."""
    if sys.platform != "linux":
        pytest.skip("names of files are bytes on Linux only")
    name = os.fsencode(tmp_path) + b"/" + "地块".encode("gbk") + b".geojson"
    Path(squares(tmp_path / "a.geojson", 2)).rename(os.fsdecode(name))
    told = subprocess.run(
        [MUTAN, "area", name, "--json", "--crs", "EPSG:4490"],
        cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip
    assert told.returncode == 1
    assert "Rename the file" in json.loads(told.stdout)["error"]
    assert "Traceback" not in told.stderr


def test_a_reader_that_goes_away_is_no_fault(tmp_path):
    squares(tmp_path / "a.geojson", 5000)
    read, write = os.pipe()
    with subprocess.Popen(
        [MUTAN, "area", "a.geojson"], cwd=tmp_path, stdout=write, stderr=subprocess.PIPE, text=True
    ) as running:
        os.close(write)
        os.read(read, 10)
        os.close(read)
        err = running.communicate(timeout=120)[1]
    assert running.returncode == 0
    assert "Traceback" not in err
    assert "BrokenPipe" not in err


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal there")
@pytest.mark.parametrize("stage", ["loading", "writing"])
def test_ctrl_c_leaves_the_book_whole_and_no_traceback(book, tmp_path, stage):
    squares(tmp_path / "大.gpkg", 6_000)
    before, sign = versions(book), book.with_name("mutan.gpkg-writer")
    with started("ingest", "parcels", "大.gpkg", cwd=tmp_path) as running:
        if stage == "loading":
            time.sleep(0.6)
        while stage == "writing" and running.poll() is None and not sign.exists():
            time.sleep(0.01)
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=120)
    assert "Traceback" not in err
    assert out == ""
    if running.returncode == 130:
        assert stage == "loading" or "stopped" in err
        assert versions(book) == before
    else:  # it was quicker than we
        assert running.returncode == 0
    assert {path.name for path in tmp_path.iterdir()} == {"mutan.gpkg", "大.gpkg"}


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal there")
@pytest.mark.parametrize("workers", [1, 2])
def test_serve_says_where_answers_and_ends_when_told(book, tmp_path, workers):
    with started("serve", "--port", "0", "--workers", workers, cwd=tmp_path) as running:
        address = next(m[1] for line in running.stderr if (m := re.search(r"(http://\S+)/", line)))
        address = address.replace("localhost", "127.0.0.1")
        for _ in range(200):
            try:
                with urllib.request.urlopen(f"{address}/health", timeout=60) as answer:
                    assert answer.status == 200
                break
            except OSError:
                time.sleep(0.1)
        else:
            pytest.fail("it never answered")
        running.send_signal(signal.SIGINT if workers == 1 else signal.SIGTERM)
        out, err = running.communicate(timeout=60)
    assert running.returncode in (0, -signal.SIGTERM)
    assert (out, "Traceback" in err) == ("", False)


def test_a_port_that_is_taken_is_said_and_the_way_round_it(process, book):
    with socket.create_server(("127.0.0.1", 0)) as holder:
        told = process("serve", "--port", holder.getsockname()[1])
    assert told.status == 1
    assert "--port 0" in told.err
    assert "Traceback" not in told.err


def test_a_book_that_is_none_is_said_before_anything_listens(process):
    told = process("serve", "--port", "0")
    assert told.status == 1
    assert "mutan new" in told.err
    assert "http://" not in told.err


def versions(book: Path) -> list[str]:
    """Names of what the book holds."""
    with open_book(book) as opened:
        return [version.name for version in opened.versions()]
