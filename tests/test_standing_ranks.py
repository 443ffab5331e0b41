"""Ranks of any result: which way is better, who shares a place, and who has none."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import land
from geo.benefit import FIGURES
from geo.standing import direction, ranks


def result(zone, value, code="tax_per_mu", year=2024, unit="CNY10k/mu", reason=""):
    return {"zone": zone, "year": year, "code": code, "value": value, "unit": unit, "reason": reason}


def test_equal_figures_share_a_rank():
    told = ranks([result("A", 5), result("B", 9), result("C", 5), result("D", 1)]).set_index("zone")
    assert told["rank"].to_dict() == {"B": 1, "A": 2, "C": 2, "D": 4}
    assert set(told["of"]) == {4}
    assert told["quantile"].to_dict() == pytest.approx({"B": 1.0, "A": 2 / 3, "C": 2 / 3, "D": 0.0})
    assert told.loc["A", ["best", "best_zone", "worst", "worst_zone"]].tolist() == [9, "B", 1, "D"]


def test_where_less_is_better_the_lowest_is_first():
    told = ranks([result("A", 0.1, "idle_rate", unit="1"), result("B", 0.2, "idle_rate", unit="1")])
    assert told[["zone", "rank", "best_zone"]].values.tolist() == [["A", 1, "A"], ["B", 2, "A"]]


def test_where_neither_is_better_there_is_a_place_and_no_rank():
    told = ranks([
        result("A", 0.7, "industrial_share", unit="1"),
        result("B", 0.5, "industrial_share", unit="1"),
    ])
    assert told["rank"].isna().all()
    assert told.set_index("zone")["quantile"].to_dict() == {"A": 1.0, "B": 0.0}
    assert set(told["reason"]) == {"Neither more nor less of it is better, so it has a place but no rank."}


def test_a_zone_without_a_value_takes_no_place_and_says_why():
    told = ranks([result("A", None, reason="tax is not stated by E1"), result("B", 1)]).set_index("zone")
    assert (told.loc["B", "rank"], told.loc["B", "of"]) == (1, 1)
    assert pd.isna(told.loc["A", "rank"])
    assert told.loc["A", "reason"] == "tax is not stated by E1"
    assert pd.isna(told.loc["B", "quantile"])


def test_a_zone_that_was_not_assessed_is_there_and_says_so():
    told = ranks([result("B", 1)], zones=["A", "B"], codes=["tax_per_mu"], years=[2024]).set_index("zone")
    assert told.loc["A", "reason"] == "tax_per_mu of 2024 is not assessed for this zone."


def test_a_code_of_which_nothing_is_known_is_there_for_every_zone():
    told = ranks([], zones=["A", "B"], codes=["plot_ratio"], years=[2024])
    assert told["rank"].isna().all()
    assert len(told) == 2


def test_places_gained_since_the_year_before():
    rows = [
        result("A", 1, year=2023),
        result("B", 2, year=2023),
        result("A", 3),
        result("B", 2),
        result("C", 1),
    ]
    told = ranks(rows, years=[2024]).set_index("zone")
    assert told["change"].to_dict() == {"A": 1, "B": -1, "C": None}
    assert set(told["year"]) == {2024}


def test_a_figure_in_another_unit_is_not_ranked():
    told = ranks([result("B", 9, unit="CNY/mu"), result("A", 1), result("C", 2)]).set_index("zone")
    assert told.loc["A", "of"] == 2
    assert told.loc["B", "reason"] == "Its unit CNY/mu is not that of the others."


def test_of_two_results_the_later_counts():
    assert ranks([result("A", 1), result("A", 2)])["value"].tolist() == [2.0]


def test_every_code_of_land_and_benefit_has_a_direction_that_was_thought_of():
    neutral = {"industrial_share", "population_density"}
    codes = {each.code for each in land.INDICATORS} | {figure.code for figure in FIGURES}
    known = {code for code in codes if direction(code) != "neutral"}
    assert neutral <= codes - known
    assert {"tax_per_mu", "plot_ratio", "idle_rate", "investment_intensity"} <= known


def test_nothing_at_all_makes_an_empty_table():
    assert ranks([]).empty


@settings(max_examples=8)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=12), st.integers(-9, 9), st.randoms())
def test_scale_and_order_change_no_rank_and_ranks_count_the_better(values, power, random):
    rows = [result(f"Z{n:02d}", value * 2.0**power) for n, value in enumerate(values)]
    random.shuffle(rows)
    told = ranks(rows).sort_values("zone")
    assert told["rank"].tolist() == [1 + sum(other > own for other in values) for own in values]
    lower = ranks([{**row, "code": "idle_rate"} for row in rows]).sort_values("zone")
    assert lower["rank"].tolist() == [1 + sum(other < own for other in values) for own in values]
