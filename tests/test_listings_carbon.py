"""The listings of a park's carbon: gate, path and measures, worked by hand and held door by door."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.app import create_app
from api.cli.entry import program

park = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("inventory_park.py"))))
YEAR = str(park.YEAR)
ZERO = sum(park.PARK.values())
PLEDGES = (
    {"indicator": "emissions_total", "base_year": 2022, "target_year": 2027, "base_value": 50_000,
     "target_value": 40_000, "unit": "tCO2e", "source": "降碳方案"},
    {"indicator": "ndrc910_total", "base_year": 2023, "target_year": 2030, "reduction_share": 0.18},
)  # fmt: skip
MEASURES = (
    {"measure_id": "M1", "name": "余热回收", "enterprise_id": "P1", "category": "fuel",
     "reduction_tco2e": 1000, "investment_cny10k": 100, "yearly_cost_cny10k": 0, "lifetime_years": 10,
     "starts_on": "2024-01-01"},
    {"measure_id": "M2", "name": "=cmd 照明", "enterprise_id": "B1", "category": "electricity",
     "reduction_tco2e": 500, "investment_cny10k": 0, "yearly_cost_cny10k": -5, "lifetime_years": 5,
     "starts_on": "2025-01-01"},
)  # fmt: skip


def run(*words):
    told = CliRunner().invoke(program(), [str(word) for word in words])
    if told.exception is not None and not isinstance(told.exception, SystemExit):
        raise told.exception
    return SimpleNamespace(status=told.exit_code, out=told.stdout, err=told.stderr)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("park")
    book = park.book_of(folder, run)
    for kind, rows in (("pledges", PLEDGES), ("measures", MEASURES)):
        file = park.filled(kind, folder / f"{kind}.xlsx", [{"zone": park.ZONE, **row} for row in rows])
        told = run("ingest", kind, file, "--book", book)
        assert told.status == 0, told.err
    return book


@pytest.fixture(scope="module")
def service(address):
    with TestClient(create_app(str(address)), raise_server_exceptions=False) as made:
        yield made


@pytest.fixture
def told(address):
    def ask(name, *options):
        said = run(name, park.ZONE, "--year", YEAR, "--book", address, "--json", *options)
        assert said.out, said.err
        return json.loads(said.out)

    return ask


def rows_of(document, label):
    return {row["year"]: row for row in document["rows"] if row["label"].startswith(label)}


def near(value):
    return pytest.approx(value, rel=1e-9)


def test_a_pledge_with_a_stated_base_is_followed_by_a_straight_line(told):
    years = rows_of(told("path"), "碳排放总量")
    assert list(years) == [2022, 2023, 2024, 2025, 2026, 2027]
    now = years[2023]
    assert now["value"] == near(park.TOTAL)
    assert now["trajectory"] == near(48_000)  # 50,000 less a fifth of 10,000
    assert now["gap"] == near(park.TOTAL - 48_000)
    assert now["outcome"] == "met"
    assert years[2027]["trajectory"] == near(40_000)


def test_the_other_shape_falls_by_an_equal_share(told):
    now = rows_of(told("path", "--shape", "compound"), "碳排放总量")[2023]
    assert now["trajectory"] == near(50_000 * 0.8 ** (1 / 5))


def test_a_pledge_by_share_starts_from_the_inventory_of_its_base_year(told):
    years = rows_of(told("path"), "零碳园区")
    assert years[2023]["trajectory"] == near(ZERO)
    assert years[2030]["trajectory"] == near(ZERO * 0.82)
    assert years[2023]["yearly_cut"] == near(ZERO * 0.18 / 7)


def test_measures_lead_from_the_last_inventory_to_the_years_ahead(told):
    years = rows_of(told("path"), "碳排放总量")
    assert years[2024]["projected"] == near(park.TOTAL - 1_000)
    assert years[2025]["projected"] == near(park.TOTAL - 1_500)
    assert years[2025]["saved"] == near(1_500)


@pytest.mark.parametrize(("rate", "factor"), [("0.06", 0.06 / (1 - 1.06**-10)), ("0", 0.1)])
def test_the_cheapest_tonne_stands_first_and_the_rate_may_be_chosen(told, rate, factor):
    first, second = told("measures", "--rate", rate)["rows"]
    assert (first["measure_id"], second["measure_id"]) == ("M2", "M1")
    assert first["cost"] == near(-5 * 10_000 / 500)
    assert second["cost"] == near(100 * factor * 10_000 / 1_000)
    assert [first["cumulated"], second["cumulated"]] == [500, 1_500]


def test_the_gate_rests_on_the_total_and_energy_that_the_inventory_tells(told):
    document = told("gates")
    figures = {each["code"]: each["value"] for each in document["results"]}
    assert figures["ndrc910_total"] == near(ZERO)
    core = document["rows"][0]
    assert core["measured"] == near(figures["ndrc910_total"] / figures["energy_tce"])
    assert core["outcome"] == "cannot_tell"  # below 200,000 tce the text names no value
    assert "200,000" in core["reason"]
    assert all(row["reason"] or row["remedy"] for row in document["rows"] if row["outcome"] == "cannot_tell")


def test_a_gate_that_is_not_known_to_be_met_is_said_by_the_exit_status(address):
    assert run("gates", park.ZONE, "--year", YEAR, "--book", address).status in (0, 3)
    assert run("gates", park.ZONE, "--year", YEAR, "--book", address, "--exclude", "no:x").status == 1


def test_a_guide_left_out_keeps_its_reason(told):
    document = told("gates", "--exclude", "solid_waste:无工业固废")
    assert any("无工业固废" in row["reason"] for row in document["rows"])


@pytest.mark.parametrize("name", ["gates", "path", "measures"])
def test_both_doors_tell_the_same(service, told, name):
    answer = service.get(f"/{name}", params={"zone": park.ZONE, "year": YEAR})
    if answer.status_code == 404:
        answer = service.get(f"/zones/{park.ZONE}/{name}", params={"year": YEAR})
    assert answer.status_code == 200, answer.text
    document = answer.json()
    assert document["rows"] == told(name)["rows"]


@pytest.mark.parametrize("rate", ["x", "-0.1", "nan", "inf", "6%"])
def test_a_rate_that_is_none_is_refused_with_words(service, address, rate):
    said = run("measures", park.ZONE, "--year", YEAR, "--book", address, f"--rate={rate}")
    assert said.status == 1
    assert "0 to 1" in said.err
    answer = service.get(f"/zones/{park.ZONE}/measures", params={"year": YEAR, "rate": rate})
    assert 400 <= answer.status_code < 500
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("words", [("path", "--shape", "curved"), ("path", "--gwp", "AR7")])
def test_another_choice_that_does_not_exist_is_refused(address, words):
    name, *options = words
    said = run(name, park.ZONE, "--year", YEAR, "--book", address, *options)
    assert said.status == 1
    assert options[1] in said.err


def test_choices_of_the_inventory_reach_the_path(told):
    now = rows_of(told("path", "--gwp", "AR6"), "碳排放总量")[2023]
    cooling, water = 0.1 * (0.5 * 771 + 0.5 * 3740), 10 * 0.25 * 0.8 * 27.0
    assert now["value"] == near(park.TOTAL - park.COOLING - park.WATER + cooling + water)


@pytest.mark.parametrize("name", ["gates", "path", "measures"])
def test_each_is_a_workbook_in_which_no_name_is_a_formula(address, tmp_path, name):
    out = tmp_path / f"{name}.xlsx"
    assert run(name, park.ZONE, "--year", YEAR, "--book", address, "-o", out).status in (0, 3)
    for sheet in openpyxl.load_workbook(out):
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize("name", ["gates", "path", "measures"])
def test_each_is_a_page_that_shows_names_as_text(service, name):
    answer = service.get(f"/zones/{park.ZONE}/{name}", params={"year": YEAR, "f": "html"})
    assert answer.status_code == 200
    assert "示例区<b>" not in answer.text
