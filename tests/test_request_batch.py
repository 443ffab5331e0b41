"""A batch of requests: one that cannot be checked is told, the others go on; summaries and exit statuses."""

from __future__ import annotations

import json
import runpy
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
import shapely
from typer.testing import CliRunner

from api.cli.entry import program
from data import formats

GROUND = runpy.run_path(str(Path(__file__).with_name("request_ground.py")))
asked, drawn, make, strip = (GROUND[name] for name in ("asked", "drawn", "make", "strip"))
ZONE, DAY = GROUND["ZONE"], "2026-06-01"
Run = Callable[..., SimpleNamespace]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book without conflicts to the east as far as 1200 m, farmland from there on, and files beside it."""
    folder = tmp_path_factory.mktemp("batch")
    make(folder / "mutan.gpkg", constraints=[("basic_farmland", "示例农田", strip(1200, 1400))])
    drawn(folder, strip(1000, 1100), name="small")
    drawn(folder, strip(1000, 1300), name="farm")
    drawn(folder, strip(900, 1000), name="west")
    low, high = strip(1000, 1200).bounds[:2], strip(1000, 1200).bounds[2:]
    bow = shapely.Polygon([low, high, (high[0], low[1]), (low[0], high[1])])
    drawn(folder, bow, name="bow")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "half.geojson").write_bytes((folder / "small.geojson").read_bytes()[:-40])
    (folder / "folder.geojson").mkdir()
    return folder


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `mutan requests batch` in the folder."""
    monkeypatch.chdir(folder)

    def call(*words: object) -> SimpleNamespace:
        said = ["requests", "batch", *map(str, words), "--day", DAY]
        told = CliRunner().invoke(program(), said)
        assert told.exception is None or isinstance(told.exception, SystemExit), told.exc_info
        assert "Traceback" not in told.output
        return SimpleNamespace(status=told.exit_code, out=told.stdout, err=told.stderr)

    return call


def _list(folder: Path, rows: Sequence[dict[str, object]], name: str = "list.csv") -> Path:
    path = folder / name
    frame = pd.DataFrame(rows)
    frame.to_csv(path, index=False) if name.endswith("csv") else frame.to_excel(path, index=False)
    return path


BAD = ("bow.geojson", "empty.txt", "half.geojson", "folder.geojson", "nothere.txt")


def test_files_that_cannot_be_read_are_told_and_the_others_go_on(folder, run):
    got = run("farm.geojson", *BAD, "small.geojson", "--zone", ZONE, "--json")
    rows = {row["file"]: row for row in json.loads(got.out)["requests"]}
    assert got.status == 1
    assert list(rows) == ["farm.geojson", *BAD, "small.geojson"]
    assert all(rows[name]["error"] and not rows[name]["verdict"] for name in BAD)
    assert all(name.partition(".")[0] in rows[name]["error"] for name in BAD)
    assert rows["farm.geojson"]["verdict"] == "not_met"
    assert "rules.expansion.basic_farmland" in rows["farm.geojson"]["not_met"]
    assert "rules.expansion.basic_farmland" not in rows["small.geojson"]["not_met"]
    # a tenth of the zone of 100.0395 ha
    assert rows["small.geojson"]["added_ha"] == pytest.approx(10.004, abs=1e-3)


def test_a_terminal_is_told_each_file_and_what_to_do(folder, run):
    got = run("bow.geojson", "small.geojson", "--zone", ZONE)
    first, second = got.out.splitlines()
    assert first.split("\t")[:3] == ["bow.geojson", ZONE, "error"]
    assert second.split("\t")[0] == "small.geojson"
    assert "crosses itself" in got.err
    assert "Put the points" in got.err  # the remedy
    assert "1 not checked" in got.err


@pytest.mark.parametrize(
    ("files", "status"),
    [
        (["farm.geojson"], 3),
        (["farm.geojson", "bow.geojson"], 1),
        (["bow.geojson"], 1),
        (["small.geojson", "farm.geojson"], 3),
        (["west.geojson"], 0),
    ],
)
def test_the_exit_status_is_that_of_the_worst(folder, run, files, status):
    assert run(*files, "--zone", ZONE).status == status


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_summary_is_a_table_with_a_row_for_each_request(folder, run, form):
    rows = [
        {"file": "small.geojson", "zone": ZONE, "kind": "expansion", "gives_up": None, "day": "2026/6/1"},
        {"file": "farm.geojson", "zone": ZONE, "kind": "adjustment", "gives_up": "west.geojson", "day": DAY},
        {"file": "bow.geojson", "zone": ZONE, "kind": "expansion", "gives_up": None, "day": DAY},
    ]
    listed = _list(folder, rows, f"list.{form}")
    got = run(listed.name, "-o", f"sum.{form}")
    assert got.status == 1
    table = formats.read(folder / f"sum.{form}").frame
    assert table["file"].tolist() == ["small.geojson", "farm.geojson", "bow.geojson"]
    assert table["verdict"].isna().tolist() == [False, False, True]
    assert float(table["lost_ha"][1]) == pytest.approx(10.004, abs=1e-3)
    assert table["error"].notna().tolist() == [False, False, True]
    assert "crosses itself" in table["faults"][2]


def test_a_row_that_says_nothing_that_can_be_checked_is_told_and_the_others_go_on(folder, run):
    rows = [
        {"file": "small.geojson", "zone": ZONE, "kind": "expansion", "day": "30.6.2025"},
        {"file": None, "zone": ZONE, "kind": "expansion", "day": DAY},
        {"file": "small.geojson", "zone": "G000000", "kind": "expansion", "day": DAY},
        {"file": "small.geojson", "zone": ZONE, "kind": "expansio", "day": DAY},
        {"file": "small.geojson", "zone": None, "kind": "expansion", "day": DAY},
        {"file": None, "zone": ZONE, "kind": "removal", "day": DAY},
        {"file": "small.geojson", "zone": ZONE, "kind": "expansion", "day": "2010-01-01"},
        {"file": "small.geojson", "zone": ZONE, "kind": "expansion", "day": DAY},
    ]
    got = run(_list(folder, rows, "odd.csv").name, "--json")
    told = json.loads(got.out)["requests"]
    assert len(told) == len(rows)
    checked = [bool(row["verdict"]) for row in told]
    assert checked.count(True) == 2
    errors = " ".join(row["error"] for row in told)
    for said in ("30.6.2025", "Row 3", "G000000", "expansio", "2020-01-01"):
        assert said in errors, said
    assert got.status == 1


def test_a_list_without_a_column_of_files_is_refused_with_its_columns(folder, run):
    got = run(_list(folder, [{"zone": ZONE, "land": "a.txt"}], "none.csv").name)
    assert got.status == 1
    assert "file" in got.err
    assert "land" in got.err


def test_files_without_a_zone_are_refused(folder, run):
    got = run("small.geojson", "farm.geojson")
    assert got.status == 2
    assert "--zone" in got.err


def test_a_batch_says_what_each_request_says_by_itself(folder, run):
    told = json.loads(run("farm.geojson", "--zone", ZONE, "--json").out)["requests"][0]
    alone = asked(folder / "mutan.gpkg", folder / "farm.geojson", keep=False, indicators="conditions")
    assert told["verdict"] == alone["verdict"]
    for outcome in ("not_met", "cannot_tell"):
        assert told[outcome] == [each["rule"] for each in alone["findings"] if each["outcome"] == outcome]
    assert told["added_ha"] == alone["area"]["added"]["ha"]


def test_several_workers_say_what_one_says_in_the_same_order(folder, run):
    files = ["small.geojson", "farm.geojson", "bow.geojson", "west.geojson"] * 8
    one, two = (
        json.loads(run(*files, "--zone", ZONE, "--json", "--workers", n, "--indicators", "none").out)
        for n in (1, 2)
    )
    assert one == two
    assert [row["file"] for row in one["requests"]] == files
