"""The exit list: idle land and enterprises in the lowest class, the heaviest first."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import ColumnMissing
from geo.standing import CONTENTS, exit_list, exit_results, idle_land

NONE = pd.DataFrame({"project_id": pd.Series(dtype="str")})


def idle(*rows, day=date(2024, 12, 31)):
    """(project, enterprise, agreed start, m²), each on a parcel of its own, none begun."""
    columns = ["project_id", "enterprise_id", "agreed_start_on", "area_m2"]
    table = pd.DataFrame(rows, columns=columns) if rows else NONE
    table = table.assign(stage="signed", zone="Z", parcel_id=[f"L{n}" for n in range(len(table))])
    land = pd.DataFrame({
        "parcel_id": table["parcel_id"],
        "zone": "Z",
        "supply": "idle",
        "area_m2": table.get("area_m2", pd.Series(dtype="float64")),
    })
    return idle_land(table.drop(columns="area_m2", errors="ignore"), land, day=day, region="410000")


def grades(*rows):
    """(enterprise, year, class, lowest, mu)"""
    frame = pd.DataFrame(rows, columns=["enterprise_id", "year", "class", "lowest", "land_mu"])
    status = ["graded" if label else "unranked" for label in frame["class"]]
    return frame.assign(name="厂", zone="Z", status=status, scheme="s", score=1.0, reason="")


def listed(given_idle, given_grades, **more):
    return exit_list(given_idle, given_grades, year=2024, **more)


def test_what_is_large_and_old_comes_first():
    # idle: 30 mu x 2 years = 60; E1: 10 mu x 3 years = 30; E2: 100 mu x 1 year = 100
    land = idle(("P1", None, date(2022, 12, 31), 20_000.0))
    firms = grades(
        ("E1", 2022, "D", True, 10.0),
        ("E1", 2023, "D", True, 10.0),
        ("E1", 2024, "D", True, 10.0),
        ("E2", 2023, "C", False, 100.0),
        ("E2", 2024, "D", True, 100.0),
        ("E3", 2024, "A", False, 100.0),
    )
    rows = listed(land, firms).rows
    assert rows[["place", "subject", "age_years", "weight"]].values.tolist() == [
        [1, "E2", 1.0, 100.0],
        [2, "P1", 2.0, 60.0],
        [3, "E1", 3.0, 30.0],
    ]
    assert rows["basis"].tolist() == ["s", "mlr-order-53-2012 第二条", "s"]
    assert rows["reason"].tolist()[2] == "连续3年列入最低类 D"
    assert rows["since"].tolist() == ["2024", "2022-12-31", "2022"]


def test_a_year_without_a_grade_ends_the_count_and_it_may_be_longer():
    firms = grades(("E1", 2021, "D", True, 1.0), ("E1", 2023, "D", True, 1.0), ("E1", 2024, "D", True, 1.0))
    row = listed(idle(), firms).rows.iloc[0]
    assert (row["age_years"], row["age_at_least"]) == (2.0, True)


def test_a_better_year_ends_the_count_for_certain():
    firms = grades(("E1", 2022, "D", True, 1.0), ("E1", 2023, "C", False, 1.0), ("E1", 2024, "D", True, 1.0))
    row = listed(idle(), firms).rows.iloc[0]
    assert (row["age_years"], row["age_at_least"]) == (1.0, False)


def test_a_firm_that_could_not_be_graded_is_undecided_whatever_lowest_says():
    told = listed(idle(), grades(("E1", 2024, None, False, 7.0)).assign(reason="tax_cny10k is missing"))
    assert told.rows.empty
    (row,) = told.undecided.to_dict("records")
    assert (row["subject"], row["mu"]) == ("E1", 7.0)
    assert row["reason"] == "Whether it is in the lowest class cannot be told. tax_cny10k is missing"
    area, count = exit_results(told)
    assert (area.value, count.value) == (None, None)
    assert "1 pieces of land or enterprises are undecided." in area.reason


def test_a_firm_that_is_excused_is_neither_listed_nor_undecided():
    told = listed(idle(), grades(("E1", 2024, None, False, 7.0)).assign(status="excused"))
    assert told.rows.empty
    assert told.undecided.empty


def test_money_per_mu_is_the_tax_of_a_firm_and_the_price_of_idle_land():
    firms = pd.DataFrame({"enterprise_id": ["E1"], "zone": "Z", "year": 2024, "tax_cny10k": [30.0]})
    told = listed(
        idle(("P1", None, date(2020, 1, 1), 10_000.0)),
        grades(("E1", 2024, "D", True, 10.0)),
        enterprises=firms,
    )
    by = told.rows.set_index("subject")
    assert by.loc["E1", ["money", "money_per_mu"]].tolist() == ["tax", 3.0]
    assert by.loc["P1", "money"] == "land_price"
    assert pd.isna(by.loc["P1", "money_per_mu"])


def test_the_tax_of_a_plot_is_that_of_all_its_firms():
    rows = grades(("E1", 2024, "D", True, 10.0), ("E2", 2024, "D", True, 4.0))
    rows = rows.assign(status=["graded", "merged"], merged_into=[None, "E1"])
    firms = pd.DataFrame({
        "enterprise_id": ["E1", "E2"],
        "zone": "Z",
        "year": 2024,
        "tax_cny10k": [30.0, 20.0],
    })
    told = listed(idle(), rows, enterprises=firms).rows
    assert told[["subject", "money_cny10k"]].values.tolist() == [["E1", 50.0]]
    unknown = listed(idle(), rows, enterprises=firms.assign(tax_cny10k=[30.0, None])).rows
    assert pd.isna(unknown["money_cny10k"].iloc[0])


def test_without_an_area_there_is_no_place():
    told = listed(idle(), grades(("E1", 2024, "D", True, None), ("E2", 2024, "D", True, 1.0))).rows
    assert told["subject"].tolist() == ["E2", "E1"]
    assert told["place"].tolist() == [1, pd.NA]
    assert told["lacking"].tolist() == ["", "Its area is not known, so it has no place. State it."]


def test_two_grades_that_differ_leave_it_open_and_are_a_fault():
    told = listed(idle(), grades(("E1", 2024, "D", True, 1.0), ("E1", 2024, "C", False, 1.0)))
    assert [fault.code for fault in told.faults] == ["graded_twice"]
    assert told.rows.empty
    assert "Two grades of this year contradict each other." in told.undecided["reason"].iloc[0]


def test_idle_land_of_a_listed_firm_is_counted_once():
    land = idle(("P1", "E1", date(2020, 1, 1), 10_000.0), ("P2", "E9", date(2020, 1, 1), 10_000.0))
    area, count = exit_results(listed(land, grades(("E1", 2024, "D", True, 40.0))))
    assert (area.value, count.value) == (55.0, 1.0)
    assert area.breakdown == {"idle_land_mu": 30.0, "low_yield_mu": 40.0, "shared_mu": 15.0}
    assert {(each.code, each.label, each.unit) for each in (area, count)} <= set(CONTENTS)


def test_a_list_of_nothing_is_empty_and_worth_nothing():
    told = listed(idle(), grades())
    assert told.rows.empty
    assert [each.value for each in exit_results(told)] == [0.0, 0.0]


def test_a_column_that_is_missing_is_named():
    with pytest.raises(ColumnMissing, match="lowest"):
        listed(idle(), grades().drop(columns="lowest"))


firm = st.tuples(st.integers(2020, 2024), st.booleans(), st.integers(1, 99))


@settings(max_examples=8)
@given(st.lists(firm, max_size=12), st.integers(-9, 9), st.randoms())
def test_neither_order_nor_scale_of_money_changes_the_list(rows, power, random):
    made = {
        (f"E{n % 4}", year): ("D" if low else "C", low, float(mu)) for n, (year, low, mu) in enumerate(rows)
    }
    table = grades(*[(who, year, *rest) for (who, year), rest in made.items()])
    firms = table[["enterprise_id", "zone", "year"]].assign(tax_cny10k=5.0)
    land = idle(("P1", None, date(2020, 1, 1), 10_000.0))
    before = listed(land, table, enterprises=firms).rows
    shuffled = table.sample(frac=1, random_state=random.randrange(99))
    after = listed(land, shuffled, enterprises=firms.assign(tax_cny10k=5.0 * 2.0**power)).rows
    names = ["place", "kind", "subject", "age_years", "age_at_least", "mu", "weight"]
    pd.testing.assert_frame_equal(before[names], after[names])
    for row in before[before["kind"] == "low_yield"].itertuples():
        years = [made.get((row.subject, 2024 - back), ("", False, 0))[1] for back in range(6)]
        assert row.age_years == years.index(False)
