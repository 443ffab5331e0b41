"""Intervals of lines, what they share, and what each contributes to the variance."""

from __future__ import annotations

import runpy
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbon import CATEGORIES
from carbon.category import Quote
from carbon.choices import Choices
from carbon.conversion import quote as conversion_quote
from carbon.fuels import quote as fuel_quote
from carbon.line import Factor
from carbon.uncertainty import by_column, by_line, contributions, intervals, propagate
from carbon.uncertainty.defaults import of_activity, of_factor
from data.parameters import parameter

MADE = runpy.run_path(str(Path(__file__).with_name("made_lines.py")))
ASK, made, told = (MADE[name] for name in ("ASK", "made", "told"))

ROWS = st.lists(
    st.fixed_dictionaries({
        "tco2e": st.floats(-1e5, 1e5).map(lambda value: round(value, 3)),
        "amount": st.floats(0, 90),
        "factor": st.sampled_from("ABC"),
        "half": st.sampled_from([0.0, 10.0]),
    }),
    min_size=1,
    max_size=12,
)


def _bounds(factor: Factor | None, category: str = "fuel") -> tuple[float, float]:
    assert factor is not None
    return of_factor(factor, category, ASK)[0]


def _with(factor: Factor, **intervals: tuple[float, float]) -> Factor:
    """The factor with intervals of some of its parts, as shares of their values."""
    parts = []
    for part in factor.parts:
        given = intervals.get(part.name.rpartition(".")[2])
        assert part.value is not None
        bounds = None if given is None else (part.value * given[0], part.value * given[1])
        parts.append(replace(part, interval=bounds))
    return replace(factor, parts=tuple(parts))


@given(ROWS)
def test_no_half_width_is_below_zero(rows: list[dict[str, Any]]) -> None:
    assert propagate(told(rows)).half_width_t >= 0


@given(ROWS)
def test_sharing_a_factor_never_narrows_a_sum_of_sources(rows: list[dict[str, Any]]) -> None:
    sources = [row | {"tco2e": abs(row["tco2e"])} for row in rows]
    apart = [row | {"factor": f"own{number}"} for number, row in enumerate(sources)]
    one = propagate(told(sources)).half_width_t
    assert one >= propagate(told(apart)).half_width_t * (1 - 1e-12)


@given(ROWS, st.floats(0.01, 0.99), st.randoms())
def test_splitting_rows_and_shuffling_them_changes_no_half_width(
    rows: list[dict[str, Any]], share: float, order: Any
) -> None:
    named = [row | {"enterprise_id": f"E{number}"} for number, row in enumerate(rows)]
    parts = [row | {"tco2e": row["tco2e"] * part} for row in named for part in (share, 1 - share)]
    order.shuffle(parts)
    assert propagate(told(parts)).half_width_t == pytest.approx(
        propagate(told(named)).half_width_t, rel=1e-9, abs=1e-9
    )


@given(ROWS)
def test_shares_of_the_variance_sum_to_one(rows: list[dict[str, Any]]) -> None:
    lines, quotes = made(rows)
    found = intervals(lines, quotes, ASK)
    if propagate(found).half_width_t < 1e-9:
        return
    for shares in (
        contributions(found, lines)["share"],
        contributions(found, lines, 2)["share"],
        by_column(found, lines, ("category",))["share"],
        by_column(found, lines, ("enterprise_id", "item"))["share"],
        sum(by_line(found)),
    ):
        assert np.sum(shares) == pytest.approx(1, rel=1e-9)


def test_the_meter_to_improve_stands_first_with_its_name() -> None:
    rows = [
        {"tco2e": 100.0, "amount": 30, "factor": "coal", "half": 10},
        {"tco2e": 100.0, "amount": 2, "factor": "coal", "half": 10},
    ]
    lines, quotes = made(rows)
    first, second, third, *rest = contributions(intervals(lines, quotes, ASK), lines).to_dict("records")
    assert (first["kind"], first["label"]) == ("amount", "E0 fuel coal")
    assert first["share"] == pytest.approx(900 / (900 + 4 + 400))
    assert first["half_width"] == pytest.approx(0.3)
    assert (second["kind"], second["tco2e"]) == ("factor", 200.0)
    assert second["label"].startswith("factors.made.coal")
    assert second["enterprise_id"] == ""
    assert third["enterprise_id"] == "E1"
    assert sum(row["share"] for row in rest) == 0
    top = contributions(intervals(lines, quotes, ASK), lines, 1)
    assert top["kind"].tolist() == ["amount", "others"]


def test_a_stated_half_width_comes_before_quality_and_that_before_source_and_category() -> None:
    lines, quotes = made([{"tco2e": 1.0, "amount": 7, "factor": "A", "half": 0}])
    steps = [7.0, "L", "估算", ""]
    expected = [0.07, 0.30, 0.20, 0.05]
    lines = lines.assign(stated_quality="L", data_source="估算")
    found = []
    for step in steps:
        if step == "L":
            lines["uncertainty_pct"] = np.nan
        elif step == "估算":
            lines["stated_quality"] = ""
        elif step == "":
            lines["data_source"] = "计量表"
        found.append(float(intervals(lines, quotes, ASK).activity[0]))
    assert found == pytest.approx(expected)


def test_a_category_without_a_row_of_its_own_takes_the_general_one() -> None:
    row = of_activity("refrigerant", "", False, ASK)
    assert row is not None
    assert row.name == "factors.uncertainty.activity.default"


def test_a_measured_factor_is_the_meters_own() -> None:
    rows = [{"tco2e": 100.0, "amount": 0, "factor": "A", "half": 10}] * 2
    lines, quotes = made(rows)
    assert propagate(intervals(lines, quotes, ASK)).half_width == pytest.approx(0.10)
    measured = intervals(lines.assign(measured=True), quotes, ASK)
    assert propagate(measured).half_width == pytest.approx(0.05 / 2**0.5)
    assert [used.half_width.name for used in measured.defaults] == ["factors.uncertainty.factor.measured"]


def test_what_was_reported_without_a_factor_is_as_sure_as_its_amount() -> None:
    lines, _ = made([{"tco2e": 100.0, "amount": 20, "factor": "A", "half": 10}])
    assert propagate(intervals(lines.assign(quote=-1), (), ASK)).half_width == pytest.approx(0.2)
    bare = Quote("t", 1.0, Factor(1.0, "tCO2/t", (), 1.0))
    assert propagate(intervals(lines, (bare,), ASK)).half_width == pytest.approx(0.2)


def test_coal_in_two_boilers_by_heat_and_turned_into_coke_is_one_set_of_values() -> None:
    family = Choices(family="cn_c")
    asks = [replace(ASK, choices=replace(family, equipment=name)) for name in ("power_boiler", "cement_kiln")]
    quotes = [fuel_quote("bituminous_coal", unit, ask) for unit in ("t", "GJ") for ask in asks]
    quotes.append(conversion_quote("in.bituminous_coal", "t", asks[0]))
    quotes.append(fuel_quote("diesel", "t", asks[0]))
    lines, _ = made([{"tco2e": 1.0, "amount": 0, "factor": "coal", "half": 0}] * len(quotes))
    found = intervals(lines.assign(quote=range(len(quotes))), tuple(quotes), ASK)
    assert len(set(found.source[:5].tolist())) == 1
    assert found.source[5] != found.source[0]
    assert found.factor.round(3).tolist() == [0.206, 0.206, 0.07, 0.07, 0.206, 0.07]


def test_intervals_of_parts_come_before_the_default_and_combine_in_quadrature() -> None:
    coal = fuel_quote("bituminous_coal", "t", ASK).factor
    assert coal is not None
    known = _with(coal, ncv=(0.97, 1.03), carbon_content=(0.96, 1.08), oxidation=(1.0, 1.0))
    assert _bounds(known) == pytest.approx((0.05, (0.03**2 + 0.08**2) ** 0.5))
    some = _with(coal, ncv=(0.97, 1.03))
    assert _bounds(some) == pytest.approx((0.206, 0.206))
    assert _bounds(_with(coal, ncv=(0.6, 1.5))) == pytest.approx((0.4, 0.5))


def test_gases_of_combustion_weigh_as_much_as_they_add() -> None:
    row = parameter("factors.heat.bought").history()[0]
    parts = [
        replace(row, name=f"factors.fuel_x.gas.{name}", value=1.0, unit="u", interval=bounds)
        for name, bounds in (("carbon_content", (0.9, 1.1)), ("ch4", (0.5, 2.0)), ("n2o", None))
    ]
    gwp = replace(row, name="factors.gwp.ar5.ch4_fossil", value=30.0, unit="1", interval=None)
    factor = Factor(10.0, "tCO2e/t", (*parts, gwp), 8.0, (("CH4", 1.5), ("N2O", 0.5)))
    low, high = _bounds(factor)
    assert low == pytest.approx(((0.8 * 0.1) ** 2 + (0.15 * 0.5) ** 2 + (0.05 * 1.5) ** 2) ** 0.5)
    assert high == pytest.approx(((0.8 * 0.1) ** 2 + (0.15 * 1.0) ** 2 + (0.05 * 1.5) ** 2) ** 0.5)


def test_a_blend_is_what_its_name_says_and_a_leak_is_not() -> None:
    priced = CATEGORIES["refrigerant"].quote
    assert priced is not None
    assert _bounds(priced("r410a", "kg", ASK).factor, "refrigerant") == (0, 0)
    assert _bounds(priced("chiller_r410a", "kg", ASK).factor, "refrigerant")[0] > 0.1


def test_a_factor_laid_down_by_the_method_holds_no_error() -> None:
    power = parameter("factors.ndrc910.power").history()[0]
    factor = Factor(0.8325, "tCO2/MWh", (power,), 0.8325)
    assert _bounds(factor, "electricity") == (0.0, 0.0)
