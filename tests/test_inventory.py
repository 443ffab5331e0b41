"""Inventories: totals that close, flows inside the park, what is open and why, and what a result carries."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbon.choices import Choices
from carbon.inventory import Inventory, inventory
from carbon.line import Amount, Factor, line
from carbon.results import results
from data.records import Severity

CONTRACT_LINE = {
    *("scope", "category", "item", "enterprise_id", "amount", "unit", "factor", "factor_unit"),
    *("source", "tco2e", "notation", "quality"),
}
KINDS = [
    ("fuel", "烟煤", "t"),
    ("fuel", "天然气", "万Nm3"),
    ("fuel", "diesel", "tce"),
    ("electricity", "外购电力", "万千瓦时"),
    ("electricity", "绿电交易", "MWh"),
    ("electricity", "上网电量", "MWh"),
    ("heat", "热力", "GJ"),
]


def _frame(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    columns = ["enterprise_id", "category", "item", "unit", "amount"]
    return pd.DataFrame(rows, columns=columns).assign(
        zone="Z", year=2023, supplier_id=None, notation=None, explanation=None
    )


def _made(rows: list[tuple[Any, ...]], **asked: Any) -> Inventory:
    said: dict[str, Any] = {"zone": "Z", "region": "410000", "year": 2023}
    return inventory(_frame(rows), **(said | asked))


STATEMENTS = st.lists(
    st.tuples(st.sampled_from(["E1", "E2", ""]), st.sampled_from(KINDS), st.floats(0, 1e6)).map(
        lambda row: (row[0], *row[1], row[2])
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=15)
@given(STATEMENTS)
def test_lines_sum_to_totals(rows: list[tuple[Any, ...]]) -> None:
    made = _made(rows)
    for scope in ("scope1", "scope2"):
        lines = [entry for entry in made.lines if entry.scope == scope]
        told = made.totals["location"][scope]
        assert (told is None) == (not lines)
        assert (told or 0.0) == pytest.approx(sum(entry.tco2e or 0.0 for entry in lines), rel=1e-9)
    assert made.location.known["total"] == pytest.approx(
        made.location.known.get("scope1", 0.0) + made.location.known.get("scope2", 0.0)
    )


@settings(max_examples=15)
@given(STATEMENTS, st.floats(0.01, 0.99))
def test_a_statement_in_two_parts_leaves_the_totals(rows: list[tuple[Any, ...]], share: float) -> None:
    parts = [(*row[:4], row[4] * part) for row in rows for part in (share, 1 - share)]
    whole, split = _made(rows), _made(parts)
    assert split.location.known == pytest.approx(whole.location.known, rel=1e-9, abs=1e-9)
    assert split.ndrc910.known == pytest.approx(whole.ndrc910.known, rel=1e-6, abs=1e-6)


@settings(max_examples=15)
@given(STATEMENTS, st.floats(0, 1000))
def test_totals_scale_with_the_amounts(rows: list[tuple[Any, ...]], times: float) -> None:
    scaled = _made([(*row[:4], row[4] * times) for row in rows])
    expected = {name: value * times for name, value in _made(rows).location.known.items()}
    assert scaled.location.known == pytest.approx(expected, rel=1e-9, abs=1e-9)


@settings(max_examples=15)
@given(STATEMENTS)
def test_each_line_is_its_amount_times_its_factor_in_agreeing_units(rows: list[tuple[Any, ...]]) -> None:
    for entry in _made(rows).lines:
        if entry.factor is None or entry.amount is None:
            assert entry.notation == "IE"  # power sold: its fuel is counted
            continue
        factor = Factor(entry.factor, entry.factor_unit, entry.factors, entry.factor)
        again = line(Amount(entry.amount, entry.unit), factor, scope="", category="", item="")
        assert again.tco2e == pytest.approx(entry.tco2e)
        assert again.source == entry.source


CELL = st.one_of(
    st.none(), st.text(max_size=5), st.sampled_from(["fuel", "电力", "烟煤", "t", "GJ", "万", "P"])
)


@settings(max_examples=15)
@given(st.lists(st.tuples(CELL, CELL, CELL, CELL, st.one_of(st.none(), st.floats(0, 10))), max_size=5))
def test_nothing_in_the_cells_stops_an_inventory_and_no_open_line_is_summed_as_zero(rows: list[Any]) -> None:
    made = _made(rows)
    json.dumps(made.as_json(), allow_nan=False)
    if (made.frame["missing"] != "").any():
        assert made.totals["location"]["total"] is None
        assert made.location.reasons["total"]


def test_the_document_has_the_names_of_the_contract() -> None:
    said = _made([("E1", "fuel", "diesel", "t", 1.0), ("E1", "electricity", "bought", "MWh", 1.0)]).as_json()
    assert {"zone", "year", "totals", "uncertainty", "choices", "lines", "faults"} <= set(said)
    assert set(said["totals"]["location"]) == {
        *("scope1", "scope2", "scope3", "biogenic", "land", "captured", "total")
    }
    assert set(said["totals"]["ndrc910"]) == {"fuel", "conversion", "power", "heat", "process", "total"}
    assert said["uncertainty"] == {"low": None, "high": None}
    assert set(said["lines"][0]) >= CONTRACT_LINE
    assert said["totals"]["location"]["biogenic"] == 0.0
    for name in ("scope3", "land", "captured"):
        assert said["totals"]["location"][name] is None
        assert said["reasons"]["location"][name]


def test_an_unknown_category_opens_the_total_and_leaves_the_scopes() -> None:
    made = _made([
        ("E1", "fuel", "diesel", "t", 1.0),
        ("E1", "电力", "网电", "MWh", 1.0),
        ("E2", "风", "x", "t", 1.0),
    ])
    assert made.totals["location"]["scope1"] == pytest.approx(3.1451, abs=1e-4)
    assert made.totals["location"]["scope2"] == pytest.approx(0.5897)
    assert made.totals["location"]["total"] is None
    assert "1 of 3 lines name no known category: E2 风 x (category_unknown)" in made.location.reasons["total"]
    assert made.ndrc910.told["total"] is None


def test_a_product_without_a_factor_leaves_scope_1_open_and_asks_for_one_of_its_own() -> None:
    rows = [("E1", "fuel", "diesel", "t", 1.0), ("E1", "工业过程", "甲醇", "t", 1000.0)]
    made = _made(rows)
    assert made.totals["location"]["scope1"] is None
    assert "The others sum to 3.1451" in made.location.reasons["scope1"]
    owned = _frame(rows).assign(measured_tco2e=[None, 2.0], source="核查报告")
    told = inventory(owned, zone="Z", region="410000", year=2023).totals
    assert told["location"]["scope1"] == pytest.approx(2003.1451, abs=1e-4)
    assert told["ndrc910"]["process"] == pytest.approx(2000.0)


def test_the_zero_carbon_total_is_carbon_dioxide_only() -> None:
    made = _made([("E1", "fuel", "diesel", "t", 100.0)], choices=Choices(family="ipcc2006"))
    fuel, scope1 = made.totals["ndrc910"]["fuel"], made.totals["location"]["scope1"]
    assert fuel is not None
    assert scope1 is not None
    assert fuel < scope1


def test_an_old_report_is_recomputed_with_what_was_known() -> None:
    rows = [("E1", "electricity", "bought", "MWh", 100.0), ("E1", "fuel", "diesel", "t", 0.0)]
    then, now = _made(rows, year=2023, known_on=date(2024, 12, 31)), _made(rows)
    assert now.totals["location"]["scope2"] == pytest.approx(58.97)
    assert then.totals["location"]["scope2"] == pytest.approx(60.58)
    [fault] = [f for f in then.faults if f.code == "factor_of_another_year"]
    assert "2023" in fault.message
    assert "that of 2022" in fault.message
    assert "Compute 2023 again" in fault.remedy
    assert "of 2022 for 2023" in next(entry.quality for entry in then.lines if entry.scope == "scope2")
    # the zero-carbon method did not exist yet: that total is open, the location total is not
    assert then.totals["ndrc910"]["power"] is None
    assert then.totals["location"]["total"] is not None


def test_a_family_printed_later_cannot_be_used_in_an_older_report() -> None:
    made = _made(
        [("E1", "fuel", "烟煤", "t", 1.0)], choices=Choices(family="cn_c"), known_on=date(2020, 1, 1)
    )
    assert made.totals["location"]["scope1"] is None
    assert any("published 2024-12-31" in fault.message for fault in made.faults)


def test_tibet_has_no_grid_factor_and_takes_nobody_elses() -> None:
    made = _made([("E1", "electricity", "bought", "MWh", 100.0)], region="540100")
    assert made.totals["location"]["scope2"] is None
    assert made.totals["ndrc910"]["power"] == pytest.approx(83.25)
    assert any(fault.code == "factor_missing" for fault in made.faults)


@pytest.mark.parametrize(
    ("row", "choices", "code", "remedy"),
    [
        (("E1", "fuel", "柴油", "箱", 1.0), Choices(), "unit_unusable", "State it in t"),
        (("E1", "fuel", "柴油", "", 1.0), Choices(), "unit_missing", "Write the unit"),
        (("E1", "fuel", "天然气", "t", 1.0), Choices(), "unit_unusable", "or as energy in GJ or tce"),
        (("E1", "fuel", "天然气", "Nm3", 1.0), Choices(family="ipcc2006"), "unit_unusable", "State it in t"),
        (("E1", "electricity", "bought", "t", 1.0), Choices(), "unit_unusable", "State it in MWh"),
        (("E1", "fuel", "煤矸石", "t", 1.0), Choices(), "fuel_not_in_family", "Choose another family"),
    ],
)
def test_a_line_that_cannot_be_priced_says_how_to_mend_it(
    row: tuple[Any, ...], choices: Choices, code: str, remedy: str
) -> None:
    made = _made([row], choices=choices)
    [fault] = [fault for fault in made.faults if fault.severity is Severity.ERROR]
    assert fault.code == code
    assert remedy in fault.remedy
    assert made.lines[0].tco2e is None
    assert made.totals["location"]["total"] is None


def test_a_gas_volume_without_its_state_is_read_as_standard_and_doubted() -> None:
    plain, standard = (
        _made([("E1", "fuel", "天然气", "万立方米", 1.0)]),
        _made([("E1", "fuel", "天然气", "万Nm3", 1.0)]),
    )
    assert plain.totals == standard.totals
    assert [f.code for f in plain.faults if f.code.startswith("gas")] == ["gas_state_not_stated"]


def test_every_line_of_a_chain_can_be_asked_why() -> None:
    made = _made([("E1", "fuel", "烟煤", "万吨", 1.0)])
    [entry] = made.lines
    assert (entry.amount, entry.unit, entry.factor_unit) == (10_000.0, "t", "tCO2/t")
    assert [part.value for part in entry.factors] == [23.204, 26.18, 0.93]
    assert entry.source == "ndrc-2015-guides-3 工业其他行业, fuel table"


def test_the_result_carries_inputs_articles_versions_and_what_is_unverified() -> None:
    frame = _frame([
        ("E1", "fuel", "diesel", "t", 2.0),
        ("E2", "电力", "网电", "MWh", 10.0),
        ("E2", "热力", "热力", "GJ", 5.0),
    ])
    made = inventory(frame.assign(version=7), zone="Z", region="410000", year=2023)
    total, *_ = results(made)
    assert (total.code, total.unit, total.layer_versions) == ("emissions_total", "tCO2e", ("activity v7",))
    assert total.value == pytest.approx(2 * 3.1451285 + 5.897 + 0.55, abs=1e-4)
    assert [(entry.name, entry.count) for entry in total.inputs] == [
        ("fuel", 1),
        ("electricity", 1),
        ("heat", 1),
    ]
    assert sum(entry.value or 0 for entry in total.inputs) == pytest.approx(total.value)
    assert {"mee-nbs-2025-47", "ndrc-2015-guides-3"} <= {
        said.article.split()[0] for said in total.articles if not isinstance(said, str)
    }
    assert "factors.grid_electricity.province" in [part.name for part in made.unverified]


def test_a_result_that_cannot_be_told_gives_the_reason_and_what_is_known() -> None:
    total, *_ = results(_made([("E1", "fuel", "diesel", "t", 2.0), ("E1", "heat", "bought", "GJ", None)]))
    assert total.value is None
    assert total.reason.startswith("It cannot be told without scope2: 1 of 1 lines are not known: E1 heat")
    assert total.reason.endswith(".")
    assert total.breakdown["scope1"] == pytest.approx(6.2903, abs=1e-4)
    assert [entry.value for entry in total.inputs] == [pytest.approx(6.2903, abs=1e-4), None]


def test_an_empty_table_is_no_zero() -> None:
    made = _made([])
    assert made.totals["location"]["total"] is None
    assert made.lines == []
    assert [fault.code for fault in made.faults] == ["nothing_stated"]


def test_each_total_answers_for_the_categories_in_it_and_what_stands_beside_is_in_none() -> None:
    rows = [
        ("E1", "fuel", "diesel", "t", 2.0),
        ("E1", "heat", "bought", "GJ", 100.0),
        ("E1", "范围三", "外购商品和服务", "tCO2e", 50.0),
    ]
    made = inventory(_frame(rows).assign(source="企业报告"), zone="Z", region="410000", year=2023)
    told = {each.code: each for each in results(made)}
    assert told["emissions_scope1"].value == pytest.approx(6.2903, abs=1e-4)
    assert [each.name for each in told["emissions_scope2"].inputs] == ["heat"]
    assert told["emissions_scope3"].value == pytest.approx(50.0)
    assert told["emissions_total"].value == pytest.approx(17.2903, abs=1e-4)
    assert "scope3" not in [each.name for each in told["emissions_total"].inputs]


def test_captured_carbon_dioxide_stands_apart_until_it_is_chosen_to_be_deducted() -> None:
    rows = [("E1", "fuel", "diesel", "t", 100.0), ("E1", "heat", "bought", "GJ", 0.0)]
    rows.append(("E1", "碳捕集", "捕集并封存", "t", 14.51))
    apart, less = _made(rows), _made(rows, choices=Choices(captured="deducted"))
    assert apart.totals["location"]["captured"] == less.totals["location"]["captured"] == pytest.approx(14.51)
    assert apart.totals["location"]["total"] == pytest.approx(314.51, abs=0.01)
    assert less.totals["location"]["total"] == pytest.approx(300.0, abs=0.01)
    assert apart.totals["ndrc910"] == less.totals["ndrc910"]
