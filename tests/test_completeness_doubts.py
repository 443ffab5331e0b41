"""Statements that look wrong: jumps between years, intensities, sums against totals, the zone's own sums."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbon.category import Ask
from carbon.completeness import Park, compared, completeness, jumps, outliers, zone_totals
from carbon.inventory import Inventory, inventory
from carbon.netting import netting
from carbon.quality import quality

LINE = ["enterprise_id", "category", "item", "amount", "unit"]
ASK = Ask(2023, "410000")
GRID = 0.5897


def _inventory(rows: list[Any], year: int = 2023) -> Inventory:
    frame = pd.DataFrame(rows, columns=LINE)
    key = frame["amount"].map(lambda amount: amount if isinstance(amount, str) else "")
    frame["amount"] = pd.to_numeric(frame["amount"], errors="coerce")
    stated = frame.assign(
        zone="Z", year=year, supplier_id=None, notation=key, explanation=key.map(lambda k: "so" if k else "")
    )
    return inventory(stated, zone="Z", region="410000", year=year)


def _park(rows: list[Any], **columns: Any) -> Park:
    made = _inventory(rows)
    firms = pd.DataFrame({"zone": "Z", "year": 2023, **columns})
    return Park("Z", ASK, made.frame, made.quotes, firms)


def _power(name: str, amount: float | str) -> tuple[Any, ...]:
    return (name, "heat", "bought", amount, "GJ")  # 0.11 t/GJ in every year


def _jumped(before: list[Any], after: list[Any]) -> pd.DataFrame:
    return jumps({2022: _inventory(before, 2022).frame, 2023: _inventory(after).frame}, ASK)[0]


def test_a_category_that_more_than_doubles_by_many_tonnes_is_a_jump_and_one_that_doubles_is_not() -> None:
    """0.11 t/GJ: 20 000 GJ are 2 200 t; twice that is 4 400 t."""
    before = [_power(name, 20_000.0) for name in "ABCD"] + [_power("E", 10.0)]
    after = [_power("A", 40_000.0), _power("B", 40_100.0), _power("C", 9_900.0), _power("D", 20_000.0)]
    told, faults = jumps(
        {2022: _inventory(before, 2022).frame, 2023: _inventory([*after, _power("E", 1000.0)]).frame}, ASK
    )
    assert told["enterprise_id"].tolist() == ["B", "C"]
    assert told["ratio"].tolist() == pytest.approx([2.005, 0.495])
    assert told["change_tco2e"].tolist() == pytest.approx([2211, -1111])
    assert faults[0].message == "B heat: 2200 tCO2e in 2022, 4411 in 2023 (2 times)."
    assert "more than 2 times and 1000 t" in faults[0].remedy


def test_ten_thousand_times_is_said_to_be_a_unit() -> None:
    told, [fault] = jumps(
        {2022: _inventory([_power("A", 10.0)], 2022).frame, 2023: _inventory([_power("A", 1e5)]).frame}, ASK
    )
    assert told["ratio"].tolist() == pytest.approx([1e4])
    assert "near 10,000 times: a unit, as 万, may be lost" in fault.message


def test_what_is_gone_by_a_key_is_a_jump_to_nothing_and_what_is_not_told_is_none() -> None:
    before = [_power("A", 20_000.0), _power("B", 20_000.0), _power("C", 20_000.0)]
    told = _jumped(before, [_power("A", "NO"), _power("B", "NE")])
    assert told["enterprise_id"].tolist() == ["A"]
    assert told["ratio"].tolist() == [0]
    back = _jumped([_power("A", "NO")], [_power("A", 20_000.0)])
    assert np.isinf(back["ratio"].iloc[0])


def test_one_year_alone_has_no_jumps_and_three_years_are_compared_two_by_two() -> None:
    years = {
        year: _inventory([_power("A", amount)], year).frame
        for year, amount in ((2021, 1e5), (2022, 1e6), (2023, 1e5))
    }
    assert not len(jumps({2023: years[2023]}, ASK)[0])
    told, _ = jumps(years, ASK)
    assert sorted(zip(told["from_year"], told["year"], strict=True)) == [(2021, 2022), (2022, 2023)]


def _five(values: list[float], **columns: Any) -> Park:
    names = [f"E{at}" for at in range(len(values))]
    rows = [_power(name, value / 0.11) for name, value in zip(names, values, strict=True)]
    return _park(rows, **({"enterprise_id": names, "industry": "3011", "value_added_cny10k": 1.0} | columns))


def test_an_intensity_far_from_its_division_is_found_by_median_and_mad() -> None:
    """In powers of two: 0, 1, 2, 3, 10; median 2, MAD 1; score of the last 0.6745 x 8."""
    told, faults = outliers(_five([1.0, 2.0, 4.0, 8.0, 1024.0]))
    assert told["outlier"].tolist() == [False] * 4 + [True]
    assert told["score"].iloc[4] == pytest.approx(0.6745 * 8)
    assert told["median"].iloc[0] == pytest.approx(4)
    [fault] = faults
    assert fault.feature == "E4"
    assert (
        "1024 tCO2e/万元; the median of the 5 enterprises of 30 非金属矿物制品业 is 4: 256 times"
        in fault.message
    )


def test_a_score_that_cannot_be_told_says_why() -> None:
    few, _ = outliers(_five([1.0, 2.0, 4.0, 1024.0]))
    assert few["reason"].str.startswith("Fewer than 5").all()
    assert few["score"].isna().all()
    alike, _ = outliers(_five([2.0] * 5 + [1024.0]))
    assert alike["reason"].str.startswith("Half of the division is alike").all()
    poor, _ = outliers(_five([1.0, 2.0, 4.0, 8.0, 9.0], value_added_cny10k=[1.0, -5.0, 0.0, None, 1.0]))
    assert poor["reason"].str.startswith("No emissions told, or no value_added_cny10k").tolist() == [
        *(False, True, True, True, False)
    ]
    assert not poor["outlier"].any()


def test_emissions_from_elsewhere_and_energy_as_the_base_may_be_taken() -> None:
    park = _five([1.0] * 5, energy_tce=[1.0, 2.0, 4.0, 8.0, 1024.0])
    told, [fault] = outliers(park, per="energy_tce")
    assert told["intensity"].tolist() == pytest.approx([1, 0.5, 0.25, 0.125, 1 / 1024])
    assert "tCO2e/tce" in fault.message
    given_, _ = outliers(park, tonnes=pd.Series({"E0": 7.0}))
    assert given_["tco2e"].tolist()[0] == 7
    assert given_["tco2e"].isna().sum() == 4


@settings(max_examples=12)
@given(st.lists(st.floats(0.1, 1e4), min_size=5, max_size=9), st.floats(0.01, 100))
def test_money_in_another_unit_moves_no_score(values: list[float], times: float) -> None:
    park = _five(values)
    scaled = _five(values, value_added_cny10k=times)
    one, other = (outliers(each)[0]["score"].to_numpy(float) for each in (park, scaled))
    np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


WORDS = ["fuel", "电力", "烟煤", "热力", "区内售电", "GJ", "P"]
CELL = st.one_of(st.none(), st.text(max_size=4), st.sampled_from(WORDS))


@settings(max_examples=15)
@given(
    st.lists(st.tuples(CELL, CELL, CELL, st.one_of(st.none(), st.floats(0, 10)), CELL), max_size=5),
    st.lists(st.tuples(CELL, CELL, st.one_of(st.none(), st.floats())), max_size=4),
)
def test_nothing_in_the_cells_stops_the_checks(rows: list[Any], firms: list[Any]) -> None:
    stated = pd.DataFrame(rows, columns=LINE).assign(
        zone="Z", year=2023, supplier_id="P", notation=None, explanation=None
    )
    made = inventory(stated, zone="Z", region="410000", year=2023)
    table = pd.DataFrame(firms, columns=["enterprise_id", "industry", "value_added_cny10k"])
    table = table.assign(energy_tce=table["value_added_cny10k"])
    park = Park("Z", ASK, made.frame, made.quotes, table)
    told = completeness(park, made.frame)
    json.dumps([told.as_json(), netting(made.frame, made.quotes, ASK, "Z").as_json()], allow_nan=False)
    json.dumps(quality(made.frame, made.quotes).as_json(), allow_nan=False)
    assert (told.gaps["reason"].eq("") == told.gaps["estimate_tco2e"].notna()).all()
    statistics = pd.DataFrame(rows, columns=["zone", "period", "item", "value", "unit"])
    faults = [outliers(park)[1], jumps({2022: made.frame, 2023: made.frame}, ASK)[1], zone_totals(park)[1]]
    for fault in [*compared(park, statistics)[1], *(each for some in faults for each in some)]:
        assert fault.message
        assert fault.remedy


def _statistics(*rows: tuple[Any, ...]) -> pd.DataFrame:
    made = pd.DataFrame(list(rows), columns=["item", "value", "unit"])
    return made.assign(zone="Z", period="2023")


def test_the_energy_of_an_enterprise_is_its_fuel_and_what_it_buys_less_what_it_sells() -> None:
    """A: 100 t x 23.204 GJ + 1 000 MWh x 3.6 GJ - 500 GJ = 5 420.4 GJ = 184.949 tce."""
    rows = [
        ("A", "fuel", "烟煤", 100.0, "t"),
        ("A", "electricity", "bought", 1000.0, "MWh"),
        ("A", "electricity", "own_generated", 50.0, "MWh"),
        ("A", "heat", "sold_in_park", 500.0, "GJ"),
    ]
    park = _park(rows, enterprise_id=["A"], energy_tce=[184.949], electricity_mwh=[1050.0])
    told, faults = compared(park, _statistics())
    assert told["sum"].tolist() == pytest.approx([5420.4 / 29.3076, 1050])
    assert told["outcome"].tolist() == ["met", "met"]
    assert faults == ()


def test_a_total_with_electricity_at_its_equal_value_is_recognised() -> None:
    rows = [("A", "electricity", "bought", 1000.0, "MWh")]
    told, [fault] = compared(_park(rows, enterprise_id=["A"], energy_tce=[300.0]), _statistics())
    assert told["outcome"].tolist() == ["not_met"]
    assert (
        "A states 300 tce (energy_tce), and the statements of energy sum to 122.835 tce: 59.1% less"
        in fault.message
    )
    assert "electricity at 0.3000 tce/MWh, as 等价值 has it" in fault.message


def test_the_zones_statistics_are_held_against_the_enterprises_and_against_all_lines() -> None:
    rows = [("A", "electricity", "bought", 600.0, "MWh"), ("", "electricity", "bought", 400.0, "MWh")]
    park = _park(rows, enterprise_id=["A", "B"], electricity_mwh=[600.0, 300.0], energy_tce=[100.0, None])
    told, faults = compared(park, _statistics(("用电量", 0.1, "万千瓦时"), ("综合能耗", 0.02, "万吨标准煤")))
    zone = told[told["enterprise_id"] == "Z"].set_index(["measure", "against"])
    assert zone["total"].to_dict() == pytest.approx({
        ("energy_tce", "enterprises"): 200,
        ("energy_tce", "statements"): 200,
        ("electricity_mwh", "enterprises"): 1,
        ("electricity_mwh", "statements"): 1,
    })
    assert zone.loc[("electricity_mwh", "enterprises"), "sum"] == 900
    # B has not told its energy: 100 of 200 may still be closed
    assert zone.loc[("energy_tce", "enterprises"), "outcome"] == "cannot_tell"
    assert {fault.code for fault in faults} >= {"zone_sum_apart"}


def test_a_statistic_in_a_strange_unit_is_a_fault_and_another_year_is_not_looked_at() -> None:
    park = _park([_power("A", 1.0)], enterprise_id=["A"])
    told, [fault] = compared(park, _statistics(("综合能耗", 1.0, "箱")))
    assert fault.code == "unit_unusable"
    assert not len(told)
    assert not len(compared(park, _statistics(("综合能耗", 1.0, "tce")).assign(period="2022"))[0])


def test_a_sum_of_nothing_told_is_not_zero() -> None:
    park = _park([_power("A", 1.0)], enterprise_id=["A"], electricity_mwh=[None])
    told, _ = compared(park, _statistics(("用电量", 5.0, "MWh")))
    row = told.set_index("against").loc["enterprises"]
    assert np.isnan(row["sum"])
    assert row["outcome"] == "cannot_tell"


def test_a_row_of_the_zone_that_is_the_sum_of_its_enterprises_is_counted_twice() -> None:
    rows = [_power("A", 100.0), _power("B", 200.0), _power("C", 300.0), _power("", 601.0)]
    told, [fault] = zone_totals(_park(rows, enterprise_id=list("ABC")))
    assert told["tco2e"].tolist() == pytest.approx([66.11])
    assert "The zone states 601 GJ of heat bought, and 3 enterprises state 600 GJ together" in fault.message
    assert "66.11 tCO2e seem to be counted twice" in fault.message
    for other in (rows[:3], [*rows[1:3], _power("", 500.0)], [*rows[:3], _power("", 60.0)]):
        assert zone_totals(_park(other, enterprise_id=list("ABC")))[1] == ()
