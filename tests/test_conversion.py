"""Conversion of energy: a balance of carbon that closes, with full oxidation, in the park's total."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbon.category import Ask
from carbon.choices import Choices
from carbon.conversion import quote
from carbon.inventory import Inventory, inventory
from carbon.names import items

HENAN = "410000"
FUELS = ["crude_oil", "diesel", "coke"]
FLOW = st.tuples(st.sampled_from(["in", "out"]), st.sampled_from(FUELS), st.floats(0, 1e6))
FLOWS = st.lists(FLOW, min_size=1, max_size=8)


def _made(rows: list[tuple[str, str, float]], choices: Choices | None = None) -> Inventory:
    table = pd.DataFrame(rows, columns=["item", "unit", "amount"]).assign(
        zone="Z", year=2023, enterprise_id="E", category="加工转换", notation=None, explanation=None
    )
    return inventory(table, zone="Z", region=HENAN, year=2023, choices=choices)


def test_carbon_counts_in_full_although_a_boiler_would_leave_some() -> None:
    told = quote("in.bituminous_coal", "t", Ask(2023, HENAN, Choices(family="cn_c")))
    assert told.factor is not None
    # 23.076 x 26.18 x 44/12 / 1000, and not x 0.85 of an industrial boiler
    assert told.factor.value == pytest.approx(2.215142, abs=1e-6)
    assert [part.name.rpartition(".")[2] for part in told.factor.parts] == ["ncv", "carbon_content"]


@pytest.mark.parametrize("unit", ["t", "万吨", "GJ", "tce"])
def test_what_comes_out_is_what_went_in_with_the_other_sign(unit: str) -> None:
    into, out = (quote(f"{way}.diesel", unit, Ask(2023, HENAN)) for way in ("in", "out"))
    assert into.factor is not None
    assert out.factor is not None
    assert into.times == out.times
    assert out.factor.value == -into.factor.value < 0
    assert out.ndrc910 == out.factor


def test_a_refinery_emits_the_carbon_that_its_products_do_not_hold() -> None:
    made = _made([("投入原油", "t", 1000.0), ("产出汽油", "t", 400.0), ("产出柴油", "t", 500.0)])
    # 1000 x 42.62 x 20.1 - 400 x 44.8 x 18.9 - 500 x 43.33 x 20.2, x 44/12 / 1000
    worked = (856.662 - 338.688 - 437.633) * 44 / 12
    assert made.totals["ndrc910"]["conversion"] == pytest.approx(worked, abs=1e-6)
    assert made.totals["location"]["scope1"] == pytest.approx(worked, abs=1e-6)
    for entry in made.lines:
        assert entry.factor is not None
        assert entry.amount is not None
        assert entry.tco2e == pytest.approx(entry.amount * entry.factor)
    assert [entry.tco2e < 0 for entry in made.lines if entry.tco2e is not None] == [False, True, True]


@given(FLOWS)
def test_the_balance_is_the_signed_sum_and_closes_when_all_comes_out_again(
    flows: list[tuple[str, str, float]],
) -> None:
    there = [(f"{way}.{fuel}", "t", amount) for way, fuel, amount in flows]
    back = [(f"{'out' if way == 'in' else 'in'}.{fuel}", "t", amount) for way, fuel, amount in flows]
    total = _made(there + back).totals["ndrc910"]["conversion"]
    assert total == pytest.approx(0, abs=1e-6 * (1 + sum(amount for *_, amount in flows)))


def test_wood_into_charcoal_moves_biogenic_carbon_only() -> None:
    told = quote("in.wood", "t", Ask(2023, HENAN, Choices(family="ipcc2006")))
    assert told.factor is not None
    assert told.factor.value == 0
    assert told.factor.biogenic == pytest.approx(15.6 * 30.5 * 44 / 12 / 1000)


def test_a_conversion_by_name_asks_for_its_balance() -> None:
    [fault] = quote("refining", "t", Ask(2023, HENAN)).faults
    assert fault.code == "conversion_needs_balance"
    assert "投入原油" in fault.remedy


def test_a_fuel_or_unit_that_the_family_lacks_is_said_as_for_fuels() -> None:
    [fault] = quote("in.peat", "t", Ask(2023, HENAN)).faults
    assert (fault.code, "ipcc2006" in fault.message) == ("fuel_not_in_family", True)
    [fault] = quote("out.diesel", "人", Ask(2023, HENAN)).faults
    assert fault.code == "unit_unusable"


def test_every_fuel_can_go_in_and_come_out_by_its_chinese_name() -> None:
    known = items()["conversion"]
    for name, fuel in items()["fuel"].items():
        if not name.isascii():
            assert known[f"投入{name}"] == f"in.{fuel}"
            assert known[f"产出{name}"] == f"out.{fuel}"
