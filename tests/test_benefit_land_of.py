"""Land of enterprises: own, unregistered, leased; contradictions, and land stated in another unit."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.benefit.land_of import land_of
from geo.benefit.plausible import year_gaps


def firms(**columns) -> pd.DataFrame:
    count = max(len(each) for each in columns.values())
    fixed = {"leased_in_mu": 0.0, "leased_out_mu": 0.0, "enterprise_id": [f"E{n}" for n in range(count)]}
    return pd.DataFrame({**fixed, **columns})


def codes(land) -> list[tuple[str, str, str]]:
    return [(fault.code, fault.feature, str(fault.severity)) for fault in land.faults]


def test_land_is_own_and_unregistered_and_leased_in_without_leased_out():
    land = land_of(
        firms(
            land_mu=[20.0, 0.0],
            unregistered_mu=[2.0, None],
            leased_in_mu=[0.0, 7.0],
            leased_out_mu=[7.0, 0.0],
            landlord_id=[None, "E0"],
        )
    )
    assert land.frame["land_mu"].tolist() == [15.0, 7.0]
    assert land.frame["unregistered_stated"].tolist() == [True, False]
    assert land.faults == ()


def test_what_is_not_stated_is_not_known():
    land = land_of(firms(land_mu=[None, 5.0], leased_in_mu=[0.0, None])).frame
    assert land["land_mu"].isna().all()
    assert land["reason"].tolist() == [
        "land_mu is not stated (write 0 where there is none).",
        "leased_in_mu is not stated (write 0 where there is none).",
    ]


@pytest.mark.parametrize("column", ["land_mu", "unregistered_mu", "leased_in_mu", "leased_out_mu"])
def test_infinite_land_is_named_and_never_counted(column):
    given = {"land_mu": [5.0, 5.0], "unregistered_mu": [1.0, 1.0], "landlord_id": ["E1", None]}
    given |= {"leased_in_mu": [2.0, 0.0], "leased_out_mu": [0.0, 2.0]}
    land = land_of(firms(**given | {column: [float("inf"), given[column][1]]}), pd.Series({"E0": 6.0}))
    assert land.frame["reason"].tolist() == [f"{column} is infinite.", ""]
    assert ("figure_not_finite", "E0", "error") in codes(land)
    assert land.frame["land_mu"].isna().tolist() == [True, False]


def test_more_leased_out_than_there_is_is_an_error_and_letting_leased_land_on_a_warning():
    land = land_of(firms(land_mu=[5.0, 5.0], leased_in_mu=[0.0, 10.0], leased_out_mu=[8.0, 8.0]))
    assert ("leased_out_exceeds_own", "E0", "error") in codes(land)
    assert ("leased_out_exceeds_own", "E1", "warning") in codes(land)
    assert land.frame["land_mu"].isna().tolist() == [True, False]


def test_the_two_sides_of_a_lease_are_held_together():
    land = land_of(
        firms(
            land_mu=[30.0, 0.0, 0.0, 30.0],
            leased_in_mu=[0.0, 6.0, 5.0, 0.0],
            leased_out_mu=[10.0, 0.0, 0.0, 4.0],
            landlord_id=[None, "E0", "E0", None],
        )
    )
    assert codes(land) == [("leases_disagree", "E0", "error"), ("leases_disagree", "E3", "warning")]
    assert "Tenants state 11 mu leased of it; it leases out 10 mu" in land.faults[0].message


def test_landlords_that_are_unknown_blank_or_itself_are_faults():
    land = land_of(
        firms(land_mu=[0.0] * 4, leased_in_mu=[5.0, 5.0, 5.0, 0.0], landlord_id=["X", None, "E2", "E0"])
    )
    assert codes(land) == [
        ("landlord_unknown", "E0", "warning"),
        ("landlord_is_itself", "E2", "error"),
        ("leased_in_without_landlord", "E1", "warning"),
        ("landlord_without_lease", "E3", "warning"),
    ]


@pytest.mark.parametrize(("stated", "looks"), [(2.0, "hectares"), (20_000.0, "square metres")])
def test_land_in_another_unit_is_caught_by_its_parcels(stated, looks):
    parcels = pd.Series([10.0, 20.0, 30.0], index=["E0", "E0", "E1"])  # E0 holds two plots, 30 mu
    land = land_of(firms(land_mu=[stated, 30.0]), parcels)
    assert codes(land) == [("land_in_other_unit", "E0", "error")]
    assert f"looks like {looks}" in land.faults[0].message
    assert land.frame["land_mu"].tolist()[1] == 30.0
    assert pd.isna(land.frame["land_mu"][0])


def test_land_without_parcels_and_land_that_differs_from_them_are_told():
    land = land_of(firms(land_mu=[30.0, 20.0, 0.0, 25.0]), pd.Series({"E1": 30.0, "E3": 26.0, "E9": 1.0}))
    assert codes(land) == [
        ("land_without_parcels", "E0", "warning"),
        ("land_differs_from_parcels", "E1", "warning"),
    ]


def test_land_below_zero_is_a_fault():
    land = land_of(firms(land_mu=[-3.0, 4.0], unregistered_mu=[0.0, -1.0]))
    assert codes(land) == [("land_negative", "E0", "error"), ("land_negative", "E1", "error")]
    assert land.frame["land_mu"].isna().all()


@given(st.lists(st.tuples(st.floats(0, 500), st.floats(0, 1)), min_size=1, max_size=9))
def test_leasing_land_to_each_other_changes_no_sum(rows):
    owners = [f"E{n}" for n in range(len(rows))]
    let = [own * share for own, share in rows]
    tenants = pd.DataFrame({
        "enterprise_id": [f"T{n}" for n in range(len(rows))],
        "land_mu": 0.0,
        "leased_in_mu": let,
        "leased_out_mu": 0.0,
        "landlord_id": owners,
    })
    frame = pd.concat([
        pd.DataFrame({
            "enterprise_id": owners,
            "land_mu": [own for own, _ in rows],
            "leased_in_mu": 0.0,
            "leased_out_mu": let,
        }),
        tenants,
    ])
    land = land_of(frame.reset_index(drop=True))
    assert land.frame["land_mu"].sum() == pytest.approx(sum(own for own, _ in rows), abs=1e-6)
    assert "leases_disagree" not in {fault.code for fault in land.faults}


def test_years_between_that_are_missing_are_named():
    frame = pd.DataFrame({
        "enterprise_id": ["A", "A", "A", "B", "B", "C"],
        "year": [2024, 2020, 2021, 2021, 2022, 2023],
    })
    (fault,) = year_gaps(frame)
    assert (fault.feature, fault.code) == ("A", "year_missing")
    assert fault.message == "There is no statement for 2022 to 2023, between 2021 and 2024."
    assert year_gaps(frame.head(0)) == ()
