"""What a grading tells at once, and what it writes out when asked: both say the same."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.benefit.grading import grade
from geo.benefit.scheme import scheme
from geo.benefit.spread import results
from geo.benefit.statements import Statements

money = st.one_of(st.none(), st.floats(0.5, 5000).map(lambda value: round(value, 2)))
firm = st.fixed_dictionaries({
    "tax_cny10k": money,
    "revenue_cny10k": st.floats(6000, 90_000),
    "value_added_cny10k": money,
    "energy_tce": st.sampled_from([None, 0.0, 10.0, 80.0]),
    "rd_cny10k": money,
    "land_mu": st.sampled_from([None, -1.0, 4.0, 20.0, 60.0]),
    "leased_in_mu": st.sampled_from([0.0, 5.0]),
    "landlord_id": st.sampled_from([None, "E0", "E9"]),
    "above_scale": st.sampled_from([True, False, None]),
    "industry": st.sampled_from(["3611", "99", None]),
    "zone": st.sampled_from(["Z1", "Z2"]),
})


def graded(rows: list[dict], name: str):
    frame = pd.DataFrame(rows).assign(year=2023, leased_out_mu=0.0)
    frame["enterprise_id"] = [f"E{at}" for at in range(len(frame))]
    return grade(scheme(name), frame, year=2023, day=date(2024, 6, 1))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(firm, min_size=1, max_size=25), st.sampled_from(["henan_2019", "huangyan_2022", "generic_abcd"])
)
def test_results_are_those_that_the_written_table_gives(rows, name):
    told = graded(rows, name)
    found = {each.code: each for each in results(told, "Z1")}
    mine = told.frame[told.frame["zone"] == "Z1"]
    placed = mine[mine["status"] == "graded"]
    lowest = found["benefit_lowest_class_share"]
    assert [each.value for each in lowest.inputs] == [len(placed), placed["lowest"].sum()]
    counts = placed["class"].dropna().value_counts().to_dict()
    assert lowest.breakdown == {f"class.{label}": count for label, count in counts.items()}
    used = told.statements.loc[mine.index[mine["status"] != "merged"]]
    known = used[used["tax_cny10k"].notna() & (used["used_mu"] > 0)]
    ratio = found["benefit_ratio_tax_per_mu"].value
    if len(known):
        assert ratio == pytest.approx(known["tax_cny10k"].sum() / known["used_mu"].sum())
    else:
        assert ratio is None


@settings(max_examples=40, deadline=None)
@given(st.lists(firm, min_size=1, max_size=25))
def test_what_is_asked_first_changes_nothing(rows):
    one, other = graded(rows, "henan_2019"), graded(rows, "henan_2019")
    faults, frame = one.faults, one.frame
    pd.testing.assert_frame_equal(other.frame, frame)
    assert other.faults == faults
    pd.testing.assert_frame_equal(other.statements, one.statements)


def test_a_column_given_out_cannot_be_written_to():
    told = Statements(pd.DataFrame({"tax_cny10k": [1.0, None], "name": ["a", " "]}))
    with pytest.raises(ValueError, match="read-only"):
        told.numbers("tax_cny10k")[0] = 2.0
    assert told.texts("name").tolist() == ["a", None]
    assert np.isnan(told.numbers("revenue_cny10k")).all()
