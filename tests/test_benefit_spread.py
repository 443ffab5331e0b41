"""How benefit is spread: sums over sums, quantiles, the lowest tenth and the Gini coefficient, by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.benefit.grading import grade
from geo.benefit.scheme import scheme
from geo.benefit.spread import CONTENTS, class_counts, gini, lorenz, results, spread


def graded(frame: pd.DataFrame, name: str = "huangyan_2022"):
    return grade(scheme(name), frame, year=2021, day=date(2022, 6, 1))


def firms(taxes, land=10.0, **more) -> pd.DataFrame:
    frame = pd.DataFrame({"enterprise_id": [f"E{n}" for n in range(len(taxes))], "tax_cny10k": taxes})
    fixed = {
        "zone": "G1",
        "year": 2021,
        "above_scale": False,
        "land_mu": land,
        "leased_in_mu": 0.0,
        "leased_out_mu": 0.0,
        "electricity_mwh": 100.0,
        "industry": "36",
    }
    return frame.assign(**{**fixed, **more})


def test_sums_over_sums_and_the_mean_of_firms_are_two_numbers():
    # 10/10 and 90/30: the land yields 100/40, the two firms 1 and 3
    row = spread(graded(firms([10.0, 90.0], [10.0, 30.0]))).iloc[0]
    assert (row["zone"], row["firms"], row["count"]) == ("G1", 2, 2)
    assert (row["ratio_of_sums"], row["mean_of_ratios"], row["median"]) == (2.5, 2.0, 2.0)
    assert pd.isna(row["lowest_tenth_share"])


def test_quantiles_and_the_lowest_tenth_of_twenty_firms():
    # taxes 10 … 200 on 10 mu; the two poorest hold 30 mu each with three times the tax: still 1 and 2 per mu
    taxes = [30.0, 60.0, *[10.0 * n for n in range(3, 21)]]
    row = spread(graded(firms(taxes, [30.0, 30.0, *[10.0] * 18]))).iloc[0]
    assert (row["median"], row["q1"], row["q3"], row["d1"]) == pytest.approx((10.5, 5.75, 15.25, 2.9))
    assert row["lowest_tenth_share"] == pytest.approx(60 / 240)


def test_a_firm_that_is_silent_counts_as_a_firm_and_in_no_sum():
    row = spread(graded(firms([10.0, None, 30.0]))).iloc[0]
    assert (row["firms"], row["count"], row["below_sum"]) == (3, 2, 20.0)
    none = spread(graded(firms([None, None]))).iloc[0]
    assert (none["firms"], none["count"]) == (2, 0)
    assert pd.isna(none["ratio_of_sums"])


def test_spread_goes_by_zone_by_industry_by_both_or_over_all():
    frame = firms(
        [10.0, 20.0, 30.0, 40.0], zone=["G2", "G1", "G1", "G1"], industry=["36", "13", "3611", None]
    )
    told = graded(frame)
    assert spread(told)[["zone", "top_sum"]].to_numpy().tolist() == [["G1", 90.0], ["G2", 10.0]]
    assert spread(told, ["division"])["top_sum"].tolist() == [20.0, 40.0, 40.0]
    assert len(spread(told, ["zone", "division"])) == 4
    assert spread(told, [])[["firms", "top_sum"]].to_numpy().tolist() == [[4, 100.0]]


def test_gini_is_nought_where_tax_lies_evenly_and_half_where_half_the_land_bears_it():
    even = np.array([10.0, 20.0, 30.0])
    assert gini(even, even / 5) == pytest.approx(0)
    assert gini(np.array([0.0, 1.0]), np.ones(2)) == pytest.approx(0.5)
    assert np.isnan(gini(np.array([-1.0, 5.0]), np.ones(2)))
    assert np.isnan(gini(np.zeros(2), np.ones(2)))
    assert lorenz(np.array([3.0, 1.0]), np.ones(2)).to_numpy().tolist() == [[0, 0], [0.5, 0.25], [1, 1]]


money = st.lists(st.tuples(st.floats(0, 1e6), st.floats(0.1, 1e3)), min_size=1, max_size=20).filter(
    lambda rows: sum(top for top, _ in rows) > 1
)


@given(money, st.floats(0.05, 0.95))
def test_splitting_land_with_its_tax_changes_no_gini(rows, share):
    top, below = (np.array(each) for each in zip(*rows, strict=True))
    split = [np.r_[each[0] * share, each[0] * (1 - share), each[1:]] for each in (top, below)]
    assert gini(*split) == pytest.approx(gini(top, below), abs=1e-9)
    assert -1e-12 <= gini(top, below) < 1


def test_the_results_of_a_zone_are_those_of_the_contents_each_with_a_value_or_a_reason():
    told = {each.code: each for each in results(graded(firms([10.0, 30.0])), "G1")}
    assert [(each.code, each.label, each.unit) for each in told.values()] == list(CONTENTS)
    assert told["benefit_median_tax_per_mu"].value == 2.0
    assert told["benefit_gini_tax_per_mu"].value == pytest.approx(0.25)
    assert "needs 10 enterprises" in told["benefit_lowest_tenth_land_share"].reason
    assert "gives them no class" in told["benefit_lowest_class_share"].reason
    empty = results(graded(firms([10.0])), "G9")
    assert all(each.value is None and each.reason for each in empty)


def test_class_counts_add_up_and_the_lowest_class_is_told_as_a_share():
    frame = firms(
        [float(n) for n in range(20)], zone=["G1"] * 10 + ["G2"] * 10, started_on=pd.Timestamp(2000, 1, 1)
    )
    told = graded(frame, "henan_2019")
    counts = class_counts(told)
    assert counts[["zone", "A", "B", "C", "graded"]].to_numpy().tolist() == [
        ["G1", 2, 7, 1, 10],
        ["G2", 2, 7, 1, 10],
    ]
    share = results(told, "G2")[-1]
    assert (share.value, share.breakdown) == (0.1, {"class.A": 2.0, "class.B": 7.0, "class.C": 1.0})
