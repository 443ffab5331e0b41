"""Processes, waste, fluorinated gases, land and reported amounts against cases worked by hand."""

from __future__ import annotations

from math import fsum
from pathlib import Path
from typing import Any

import pytest
import yaml

from carbon import CATEGORIES, names
from carbon.category import Ask, Quote
from carbon.choices import Choices
from data.parameters import NoDuplicates

FILES = ("process", "waste", "refrigerants", "land_carbon")
CASES = [
    case
    for name in FILES
    for case in yaml.load((Path(__file__).parent / "cases" / f"{name}.yaml").read_text("utf-8"), NoDuplicates)
]


def _quotes(case: dict[str, Any]) -> list[tuple[float, Quote]]:
    ask = Ask(2023, "410100", Choices(**case.get("choices", {})))
    known = names.items()[case["category"]]
    quote = CATEGORIES[case["category"]].quote
    made = [(amount, quote(known[names.fold(item)], unit, ask)) for item, amount, unit in case["statements"]]
    return [(amount * each.times, each) for amount, each in made]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["about"][:60])
def test_a_case_worked_by_hand_comes_out(case: dict[str, Any]) -> None:
    told = [(amount, each.factor, each.ndrc910) for amount, each in _quotes(case)]
    assert all(factor is not None for _, factor, _ in told)
    within = pytest.approx
    tolerance = case.get("tolerance", 1e-6)
    total = fsum(amount * factor.value for amount, factor, _ in told if factor)
    assert total == within(case["tco2e"], abs=tolerance)
    for gas, expected in case.get("gases", {}).items():
        of_gas = fsum(amount * dict(factor.others).get(gas, 0.0) for amount, factor, _ in told if factor)
        assert of_gas == within(expected, abs=tolerance), gas
    if "biogenic" in case:
        biogenic = fsum(amount * factor.biogenic for amount, factor, _ in told if factor)
        assert biogenic == within(case["biogenic"], abs=tolerance)
    if "ndrc910" in case:
        park = fsum(amount * each.co2 for amount, _, each in told if each)
        assert park == within(case["ndrc910"], abs=tolerance)


def test_value_is_always_carbon_dioxide_and_the_other_gases() -> None:
    for case in CASES:
        for _, quote in _quotes(case):
            assert quote.factor is not None
            parts = quote.factor.co2 + fsum(value for _, value in quote.factor.others)
            assert quote.factor.value == pytest.approx(parts, rel=1e-12)
