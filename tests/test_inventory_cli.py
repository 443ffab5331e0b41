"""A newcomer at the terminal: from the template to the signed workbook and the map, with `mutan` alone."""

from __future__ import annotations

import json
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import openpyxl
import pytest
import rasterio

park = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("inventory_park.py"))))
MUTAN = str(Path(sys.executable).with_name("mutan"))
YEAR = str(park.YEAR)


def near(value):
    return pytest.approx(value, rel=1e-12)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Runs `mutan` as a process in a folder of its own."""
    folder = tmp_path_factory.mktemp("新手")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MUTAN_")}

    def call(*words):
        told = subprocess.run(
            [MUTAN, *map(str, words)], cwd=folder, env=clean, stdin=subprocess.DEVNULL, capture_output=True,
            encoding="utf-8", timeout=120, check=False,
        )  # fmt: skip
        return SimpleNamespace(status=told.returncode, out=told.stdout, err=told.stderr, folder=folder)

    call.folder = folder
    return call


@pytest.fixture(scope="module")
def told(run):
    """What every command said on the way from the template to the inventory."""
    said = {"new": run("new", "mutan.gpkg")}
    for kind in ("enterprises", "activity"):
        said[f"template {kind}"] = run("ingest", "--template", kind, "-o", f"{kind}.xlsx")
    files = park.layers(run.folder)
    park.statements(run.folder / "activity.xlsx")
    park.filled("enterprises", run.folder / "enterprises.xlsx", park.firms())
    for kind in ("zones", "parcels"):
        said[kind] = run("ingest", kind, files[kind].name, "--valid-from", "2023-01-01")
    for kind in ("enterprises", "activity"):
        said[kind] = run("ingest", kind, f"{kind}.xlsx")
    said["check"] = run("check", "--json")
    said["inventory"] = run("inventory", park.ZONE, "--year", YEAR, "-o", "清单.xlsx", "--json")
    return said


@pytest.fixture
def book(run, told):
    """The book that the commands made."""
    return run.folder / "mutan.gpkg"


@pytest.fixture(scope="module")
def document(told):
    return json.loads(told["inventory"].out)


def test_every_step_from_the_template_to_the_workbook_ends_well(told):
    wrong = {name: said.err for name, said in told.items() if said.status != 0 and name != "check"}
    assert wrong == {}
    assert "21 rows are in the book as activity" in told["activity"].err
    checked = json.loads(told["check"].out)
    assert told["check"].status == (3 if checked["errors"] else 0)
    assert [each for each in checked["faults"] if each.get("layer") == "activity"
            and each["severity"] == "error"] == []  # fmt: skip


def test_every_line_is_what_was_worked_by_hand(document):
    lines = document["lines"]
    assert len(lines) == len(park.ROWS)
    for number, (line, row) in enumerate(zip(lines, park.ROWS, strict=True)):
        assert line["row"] == number + 2
        assert line["enterprise_id"] == row.get("enterprise_id", "")
        assert line["tco2e"] == (near(park.ALONE[number]) if number in park.ALONE else None), line
    assert [line["notation"] for line in lines if line["tco2e"] is None] == ["IE"] * 9 + ["NO", "NE"]


def test_both_totals_are_what_was_worked_by_hand(document):
    location, zero = (document["totals"][name] for name in ("location", "ndrc910"))
    assert location == {
        "scope1": near(park.SCOPE1), "scope2": near(park.SCOPE2), "total": near(park.TOTAL),
        "scope3": None, "land": None, "captured": None, "biogenic": 0.0,
    }  # fmt: skip
    assert zero == {**{name: near(value) for name, value in park.PARK.items()},
                    "total": near(sum(park.PARK.values()))}  # fmt: skip
    assert "NE: 没有统计" in document["reasons"]["location"]["scope3"]


def test_each_enterprise_stands_alone_and_what_flows_between_them_is_taken_off_once(document):
    heat, power = 0.11, park.GRID
    own = {row["enterprise_id"]: row for row in document["netting"]["enterprises"]}
    assert own["P1"]["total_tco2e"] == near(park.COAL)
    bought = {"L1": 8_000 * power + 30_000 * heat, "B1": 12_000 * power + 40_000 * heat}
    for firm, tonnes in bought.items():
        assert own[firm]["inside_tco2e"] == near(tonnes)
    assert own["L1"]["scope1"] == near(park.LIME + park.CLINKER + park.SLAG + park.GAS)
    assert own["B1"]["scope1"] == near(park.COOLING + park.WATER)
    assert own["B1"]["scope2"] == near(park.POWER[0] + park.POWER[1])
    assert own[park.ZONE]["scope2"] == near(park.POWER[2])
    net = document["netting"]
    assert net["holds"] == "met"
    assert net["internal_tco2e"] == near(20_000 * power + 70_000 * heat)
    assert net["enterprises_tco2e"] - net["internal_tco2e"] == near(net["park_tco2e"]) == near(park.TOTAL)


def test_the_energy_of_the_park_and_what_follows_from_it_is_worked_by_hand(document):
    results = {each["code"]: each["value"] for each in document["results"]}
    burned = (200_000 + 100 * 389.31) / 29.3076
    net = 5_000 + 1_000 + 100 - 10_000  # MWh over the boundary
    assert results["energy_tce"] == near(burned + net * 0.3)
    assert results["energy_tce_physical"] == near(burned + net * 0.1229)
    assert results["emissions_per_tce"] == near(sum(park.PARK.values()) / (burned + net * 0.3))
    assert results["emissions_per_value_added"] == near(park.TOTAL / 30_000)
    assert results["emissions_per_revenue"] == near(park.TOTAL / 120_000)
    lacking = {each["code"]: each["reason"] for each in document["results"] if each["value"] is None}
    assert "2022" in lacking["emissions_growth"]
    assert all(lacking.values())


def test_uncertainty_holds_the_total_and_tells_the_meter_to_improve(document):
    sure = document["uncertainty"]
    assert sure["low"] < park.TOTAL < sure["high"]
    shares = [each["share"] for each in sure["contributions"]]
    assert sum(shares) == pytest.approx(1.0, abs=0.01)
    assert "bituminous" in json.dumps(sure["contributions"][0], ensure_ascii=False) or (
        "烟煤" in json.dumps(sure["contributions"][0], ensure_ascii=False)
    )


def test_the_workbook_is_there_and_holds_both_totals(run, told, document):
    assert document["file"]["sheets"]["清单明细"] == len(park.ROWS)
    sheet = openpyxl.load_workbook(run.folder / "清单.xlsx")["汇总"]
    numbers = [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, float)]
    assert any(value == near(park.TOTAL) for value in numbers)
    assert any(value == near(sum(park.PARK.values())) for value in numbers)


@pytest.mark.parametrize(
    ("only", "row", "numbers"),
    [
        ("ndrc910_fuel", 2, ("1 万吨 = 200,000 GJ", "17,854.76 tCO2")),
        ("process", 10, ("200 t x -0.48 tCO2e/t = -96 tCO2e",)),
        ("refrigerant", 18, ("100 千克 = 0.1 t", "192.35")),
        ("emissions_scope2", 16, ("5,000 MWh x 0.5897", "2,948.5")),
        ("L1", 11, ("购销发票",)),
    ],
)
def test_why_leads_from_a_figure_to_the_row_of_the_statement(mutan, book, only, row, numbers):
    said = mutan("inventory", park.ZONE, "--year", YEAR, "--why", "--only", only, "--book", book)
    assert said.status == 0, said.err
    assert f"activity.xlsx, row {row}" in said.out
    for number in numbers:
        assert number in said.out


def test_why_of_a_name_that_is_nothing_here_is_refused_and_says_what_there_is(mutan, book):
    said = mutan("inventory", park.ZONE, "--year", YEAR, "--why", "--only", "emisions_total", "--book", book)
    assert said.status == 1
    assert "emissions_total" in said.err


def test_the_map_holds_every_tonne_that_has_a_place(run, told):
    said = run("emissions", park.ZONE, "--year", YEAR, "-o", "企业.geojson", "--json")
    assert said.status == 0, said.err
    totals = json.loads(said.out)
    assert totals["known_tco2e"] == near(park.TOTAL)
    placed = gpd.read_file(run.folder / "企业.geojson").set_index("enterprise_id")["tco2e"]
    assert placed["P1"] == near(park.COAL)
    said = run("grid", park.ZONE, "--year", YEAR, "-o", "网格.tif", "--json")
    assert said.status == 0, said.err
    made = json.loads(said.out)
    with rasterio.open(run.folder / "网格.tif") as grid:
        cells = grid.read(1, masked=True)
        assert grid.tags(ns="IMAGE_STRUCTURE").get("LAYOUT") == "COG"
    spread = float(np.ma.sum(cells.astype(np.float64)))
    assert spread == pytest.approx(made["placed_tco2e"], rel=1e-6)
    assert made["placed_tco2e"] == near(park.TOTAL)


def test_all_zones_in_short_are_told_without_naming_one(mutan, book):
    said = mutan("inventory", "--year", YEAR, "--json", "--book", book)
    (one,) = json.loads(said.out)["zones"]
    assert one["totals"]["location"]["total"] == near(park.TOTAL)
    assert (one["lines"], one["open"]) == (len(park.ROWS), 1)
    words = mutan("inventory", "--year", YEAR, "--book", book).out
    assert re.search(r"36,616\.5\t28,691\.7", words)


def test_what_cannot_be_is_refused_before_anything_is_written(mutan, book, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for words in (("--year", YEAR, "-o", "x.xlsx"), (park.ZONE, "--year", YEAR, "-o", "x.pdf"),
                  (park.ZONE, "--year", YEAR, "--gwp", "AR7"), ("G000000", "--year", YEAR)):  # fmt: skip
        said = mutan("inventory", *words, "--book", book)
        assert said.status in (1, 2), words
        assert "Traceback" not in said.err
        assert list(tmp_path.iterdir()) == []
