"""The document of an inventory: the contract's names, every figure with its ground, every choice recorded."""

from __future__ import annotations

import json
import runpy
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from api.inventories.account import account_of
from api.inventories.document import document
from api.inventories.grounds import choices_sheet
from api.inventories.why import behind, statements
from api.inventories.wishes import Wishes, offered
from data.book import open_book

park = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("inventory_park.py"))))
CONTRACT_LINE = {
    "scope", "category", "item", "enterprise_id", "amount", "unit", "factor", "factor_unit", "source",
    "tco2e", "notation", "quality",
}  # fmt: skip


def near(value):
    return pytest.approx(value, rel=1e-12)


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    """The book of the park, open."""
    from typer.testing import CliRunner

    from api.cli.entry import program

    def run(*words):
        told = CliRunner().invoke(program(), [str(word) for word in words])
        return SimpleNamespace(status=told.exit_code, err=told.stderr)

    with open_book(park.book_of(tmp_path_factory.mktemp("park"), run)) as book:
        yield book


def account(book, **words):
    return account_of(book, park.ZONE, park.YEAR, Wishes.of(words))


@pytest.fixture(scope="module")
def plain(held):
    return account(held)


@pytest.fixture(scope="module")
def told(plain):
    return document(plain, why=True)


def test_names_and_shapes_are_those_of_the_contract(told):
    assert (told["zone"], told["year"]) == (park.ZONE, park.YEAR)
    assert {"scope1", "scope2", "scope3", "biogenic", "land", "total"} <= told["totals"]["location"].keys()
    assert told["totals"]["ndrc910"].keys() == {"fuel", "conversion", "power", "heat", "process", "total"}
    assert told["uncertainty"]["low"] < told["totals"]["location"]["total"] < told["uncertainty"]["high"]
    assert isinstance(told["choices"], dict)
    assert all(line.keys() >= CONTRACT_LINE for line in told["lines"])
    assert all({"code", "message", "remedy", "severity"} <= fault.keys() for fault in told["faults"])
    assert len(told["lines"]) == len(park.ROWS)


def test_it_is_one_json_document_without_a_number_that_is_none(told):
    text = json.dumps(told, allow_nan=False, ensure_ascii=False, default=str)
    again = json.loads(text)
    assert again["totals"] == told["totals"]


def test_the_lines_sum_to_the_totals(told):
    counted = [line for line in told["lines"] if line["scope"] in ("scope1", "scope2") and line["tco2e"]]
    assert sum(line["tco2e"] for line in counted) == near(told["totals"]["location"]["total"])
    zero = sum(line["ndrc910_tco2"] or 0.0 for line in told["lines"])
    assert zero == near(told["totals"]["ndrc910"]["total"])
    gases = ("co2_t", "ch4_tco2e", "n2o_tco2e", "hfcs_tco2e", "pfcs_tco2e", "sf6_tco2e", "nf3_tco2e")
    for line in counted:
        assert sum(line[gas] for gas in gases) == near(line["tco2e"])
        assert line["amount"] * line["factor"] == near(line["tco2e"])


def test_every_breakdown_sums_to_the_total(told):
    for name in ("category", "enterprise", "industry"):
        counted = sum(row["scope1"] + row["scope2"] for row in told["by"][name])
        assert counted == near(park.TOTAL), name
    assert sum(row["total"] for row in told["by"]["gas"] if row["gas"] != "biogenic CO2") == near(park.TOTAL)
    assert {row["gas"]: row["total"] for row in told["by"]["gas"]}["HFCs"] == near(park.COOLING)


def test_every_figure_has_a_formula_and_what_it_rests_on_or_a_reason(plain, told):
    for result in told["results"]:
        assert result["formula"], result["code"]
        if result["value"] is None:
            assert result["reason"], result["code"]
            continue
        rests = result["inputs"] or len(behind(plain, result["code"])[0])
        assert rests or result["value"] == 0, result["code"]


def test_the_lines_behind_a_sum_sum_to_it(plain):
    for result in plain.results:
        if result.value is None or not result.code.startswith((
            "emissions_scope",
            "emissions_total",
            "ndrc910",
        )):
            continue
        if result.unit == "1":
            continue
        lines, column = behind(plain, result.code)
        assert lines[column].sum() == pytest.approx(result.value, rel=1e-12, abs=1e-9), result.code


def test_what_does_not_occur_leads_to_the_row_that_says_so(plain):
    (said,) = statements(plain, "ndrc910_conversion")
    assert said["formula"] == "NO: 区内没有炼油"
    assert said["statement"]["row"] == park.ROWS.index(park.NO_REFINERY) + 2


def test_every_line_leads_to_the_file_and_row_that_a_person_sees(told):
    for number, line in enumerate(told["lines"]):
        chain = line["why"]
        assert chain["statement"]["file"] == "能源.xlsx"
        assert chain["statement"]["row"] == number + 2 == line["row"]
        assert chain["formula"]
        if line["tco2e"] is not None:
            assert chain["factors"]
            assert all(part["article"] for part in chain["factors"])


def test_lines_may_be_left_out_and_the_totals_stay(plain, told):
    short = document(plain, lines=False)
    assert "lines" not in short
    assert short["totals"] == told["totals"]
    assert short["faults"] == told["faults"]


OTHER_GWP = 0.1 * (0.5 * 771 + 0.5 * 3740) - park.COOLING + 10 * 0.25 * 0.8 * (27.0 - 28)


@pytest.mark.parametrize(
    ("words", "more"),
    [
        ({"gwp": "AR6"}, OTHER_GWP),
        ({"vintage": "2022"}, 6_100 * (0.6058 - park.GRID)),
        ({"electricity": "fossil"}, None),
        ({"electricity": "nation"}, None),
        ({"family": "cn_c"}, None),
        ({"captured": "deducted"}, 0.0),
    ],
)
def test_another_choice_changes_what_it_should_and_is_recorded(held, told, words, more):
    other = account(held, **words)
    made = document(other)
    change = made["totals"]["location"]["total"] - told["totals"]["location"]["total"]
    if more is None:
        assert abs(change) > 1.0
    else:
        assert change == pytest.approx(more, rel=1e-9, abs=1e-9)
    (name, value), = words.items()  # fmt: skip
    assert made["choices"][name] == value
    assert name not in made["choices"]["grounds"]
    rows = {row[0]: row for row in choices_sheet(other).rows}
    changed = [row for row in rows.values() if row[2] == "选定" and row not in
               list(choices_sheet(account(held)).rows)]  # fmt: skip
    assert len(changed) == 1
    only = {"gwp": "scope1", "family": "scope1", "vintage": "scope2", "electricity": "scope2"}.get(name)
    for scope in ("scope1", "scope2"):
        same = made["totals"]["location"][scope] == told["totals"]["location"][scope]
        assert same == (scope != only)


def test_an_old_report_is_told_with_what_was_known_then(held, told):
    made = document(account(held, known_on="2025-01-31"))
    grid = [part for part in made["factors"] if part["name"] == "factors.grid_electricity.province"]
    assert [part["since"] for part in grid] == ["2022-01-01"]
    assert made["totals"]["location"]["scope2"] == near(6_100 * 0.6058)
    assert made["choices"]["known_on"] == made["known_on"] == "2025-01-31"
    assert "factor_of_another_year" in {fault["code"] for fault in made["faults"]}
    assert made["totals"]["ndrc910"]["power"] is None  # annex 4 was published on 2025-07-08
    assert told["choices"]["known_on"] is None


def test_with_the_exact_vintage_a_year_without_a_factor_stays_open_and_says_which_there_are(held):
    told = account_of(held, park.ZONE, 2024, Wishes.of({"vintage": "exact"}))
    assert told.inventory.frame.empty
    now = account(held, vintage="exact")
    assert now.inventory.location.told["total"] == near(park.TOTAL)


def test_uncertainty_follows_its_method_and_seed(held):
    first, again = (account(held, seed="7", draws="500").uncertainty for _ in range(2))
    other = account(held, seed="8", draws="500").uncertainty
    analytic = account(held, approach="1").uncertainty
    assert (first.low, first.high) == (again.low, again.high) != (other.low, other.high)
    assert analytic.half_width == pytest.approx(first.half_width, rel=0.2)


@pytest.mark.parametrize(
    "words",
    [{"gwp": "AR7"}, {"family": "x"}, {"known_on": "soon"}, {"draws": "1"}, {"draws": "1e4"}, {"seed": "-1"},
     {"approach": "3"}, {"vintage": "22"}, {"electricity": "mars"}, {"known_on": "2025-02-30"}],
)  # fmt: skip
def test_a_choice_that_does_not_exist_is_refused_with_what_there_is(words):
    from data.errors import MutanError

    with pytest.raises(MutanError) as odd:
        Wishes.of(words)
    (value,) = words.values()
    assert value in str(odd.value)


def test_every_choice_that_is_offered_can_be_made(held):
    for name, values in offered().items():
        for value in values:
            assert str(account(held, **{name: value}).wishes.as_json()[name]) == value


def test_the_gate_is_held_by_the_day_of_knowledge(held):
    assert account(held, known_on="2025-01-31").day == date(2025, 1, 31)
