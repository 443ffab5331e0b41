"""Why a figure of emissions is what it is: the lines behind it, as they count in that figure."""

from __future__ import annotations

import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from api.cli.entry import program
from api.inventories.account import account_of
from api.inventories.why import behind, lines_of, statements
from api.inventories.wishes import Wishes
from data.book import open_book
from data.errors import NotHere

park = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("inventory_park.py"))))
MORE = (
    {"enterprise_id": "B1", "category": "燃料", "item": "wood", "amount": 10, "unit": "GJ"},
    {"enterprise_id": "L1", "category": "碳捕集", "item": "封存", "amount": 1_000, "unit": "吨"},
    {"enterprise_id": "L1", "category": "燃料", "item": "柴油", "amount": 10, "unit": "吨",
     "measured_tco2e": 3.1, "source": "检测报告"},
    {"enterprise_id": "B1", "category": "燃料", "item": "汽油", "unit": "吨", "notation": "NE",
     "explanation": "没有台账"},
)  # fmt: skip
FAMILY = "ipcc2006"  # the one that knows wood


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    def run(*words):
        told = CliRunner().invoke(program(), [str(word) for word in words])
        return SimpleNamespace(status=told.exit_code, err=told.stderr)

    with open_book(park.book_of(tmp_path_factory.mktemp("park"), run, [*park.ROWS, *MORE])) as book:
        yield book


def account(book, **words):
    return account_of(book, park.ZONE, park.YEAR, Wishes.of({"family": FAMILY, **words}))


@pytest.fixture(scope="module")
def told(held):
    return account(held)


def rows(account, only):
    return [line["statement"]["row"] for line in statements(account, only)]


def test_biogenic_carbon_dioxide_leads_to_the_wood_with_its_own_factor(told):
    (line,) = statements(told, "emissions_biogenic")
    assert line["statement"]["row"] == len(park.ROWS) + 2
    value = told.result("emissions_biogenic")
    known = told.inventory.location.known["biogenic"]
    assert known == pytest.approx(10 * 0.112, rel=0.01)  # 112 kg/GJ of wood
    assert f"{known:,.10g} tCO2" in line["formula"]
    assert value.reason


def test_captured_carbon_dioxide_is_behind_the_total_only_when_it_is_deducted(held, told):
    captured = len(park.ROWS) + 3
    assert captured not in rows(told, "emissions_total")
    assert captured in rows(account(held, captured="deducted"), "emissions_total")
    assert rows(told, "emissions_captured") == [captured]


def test_a_factor_of_ones_own_stands_in_the_chain_instead_of_the_default(told):
    line = next(each for each in statements(told, "emissions_scope1") if each["stated_item"] == "柴油")
    assert line["formula"] == "10 吨 x 3.1 tCO2e/吨 = 31 tCO2e"
    assert line["factors"] == ()
    assert line["statement"]["source"] == "检测报告"


def test_a_statement_that_is_not_told_stands_behind_the_figure_that_it_keeps_open(told):
    for code in ("emissions_total", "emissions_scope1", "ndrc910_fuel", "ndrc910_total"):
        lines = statements(told, code)
        assert told.result(code).value is None
        assert lines[-1]["formula"] == "not told: NE: 没有台账", code


def test_a_ratio_has_the_lines_of_the_total_that_it_divides(told):
    assert rows(told, "emissions_per_value_added") == rows(told, "emissions_total")
    assert rows(told, "emissions_per_tce") == rows(told, "ndrc910_total")
    lines, _ = behind(told, "nonfossil_power_share")
    assert set(lines["category"]) == {"electricity"}


def test_what_leaves_the_park_counts_against_it_in_the_zero_carbon_total_alone(told):
    sold = next(each for each in statements(told, "ndrc910_power") if each["stated_item"] == "外送电力")
    assert "-0.8325" in sold["formula"]
    assert "-8,325 tCO2" in sold["formula"]
    assert sold["tco2e"] is None


def test_words_for_the_terminal_say_how_many_lines_are_left_out(told):
    said = list(lines_of(told, "", most=3))
    assert said[-1].strip() == f"… and {len(park.ROWS) + len(MORE) - 3} more lines (--json lists them all)"


def test_a_name_near_one_that_is_here_is_offered(told):
    with pytest.raises(NotHere, match="refrigerant"):
        list(lines_of(told, "refrigerants"))
