"""Idle land: where dates and the parcel's supply contradict each other, how much it is, what is lacking."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import ColumnMissing, NoValueOnDay
from data.records import Outcome, Severity, Status
from geo.standing import CONTENTS, idle_land, idle_results
from geo.standing.idle import idle_on, sites_of
from geo.standing.years import age, as_days, corresponding, full, past

DAY = date(2024, 6, 2)
LATE = {"agreed_start_on": date(2023, 6, 1), "stage": "signed"}
IN_TIME = {"agreed_start_on": date(2024, 6, 1), "stage": "signed"}


def projects(*rows):
    return pd.DataFrame([{"project_id": f"P{n}", **row} for n, row in enumerate(rows, 1)])


def parcels(**supply):
    return pd.DataFrame({"parcel_id": list(supply), "supply": list(supply.values()), "area_m2": 10_000.0})


def found(given_projects, given_parcels, day=DAY):
    return idle_land(given_projects, given_parcels, day=day, region="410000")


def test_land_that_is_idle_by_its_dates_and_not_by_its_supply_is_a_fault():
    told = found(projects({"parcel_id": "L1", **LATE}), parcels(L1="supplied"))
    (fault,) = told.faults
    assert (fault.code, fault.feature, fault.severity) == ("idle_not_stated", "L1", Severity.WARNING)
    assert "by the dates of P1" in fault.message
    assert fault.area_m2 == 10_000


def test_land_that_is_stated_idle_and_is_not_by_its_dates_is_a_fault():
    (fault,) = found(projects({"parcel_id": "L1", **IN_TIME}), parcels(L1="idle")).faults
    assert (fault.code, fault.feature) == ("idle_not_supported", "L1")


@pytest.mark.parametrize(
    ("dates", "supply"), [(LATE, "idle"), (IN_TIME, "supplied"), (LATE, None), ({}, "idle")]
)
def test_where_both_agree_or_one_is_silent_there_is_no_fault(dates, supply):
    assert found(projects({"parcel_id": "L1", **dates}), parcels(L1=supply)).faults == ()


def test_one_idle_project_makes_its_parcel_idle_although_another_is_not():
    both = projects({"parcel_id": "L1", **LATE, "land_m2": 4000.0}, {"parcel_id": "L1", **IN_TIME})
    told = found(both, parcels(L1="idle"))
    assert told.faults == ()
    assert told.table["area_m2"].tolist()[0] == 4000.0
    assert pd.isna(told.table["area_m2"].tolist()[1])  # which part of the parcel it has is not stated


def test_a_parcel_that_is_stated_idle_without_a_project_has_no_age():
    told = found(projects({"parcel_id": "L1", **IN_TIME}), parcels(L1="supplied", L2="idle"))
    last = told.table.iloc[-1]
    assert (last["parcel_id"], last["mu"]) == ("L2", 15.0)
    assert pd.isna(last["idle"])
    assert "No project names this parcel" in last["reason"]
    assert len(told.findings) == 1


def test_a_parcel_in_several_pieces_is_one_parcel():
    pieces = pd.concat([parcels(L1="idle"), parcels(L1="idle")])
    told = found(projects({"parcel_id": "L1", **LATE}), pieces)
    assert told.table["mu"].tolist() == [30.0]


def test_a_parcel_is_looked_up_within_its_zone():
    land = pd.concat([
        parcels(L1="idle").assign(zone="A"),
        parcels(L1="supplied").assign(zone="B", area_m2=1.0),
    ])
    told = found(
        projects({"parcel_id": "L1", "zone": "A", **LATE}, {"parcel_id": "L1", "zone": "B", **LATE}), land
    )
    assert told.table["area_m2"].tolist() == [10_000.0, 1.0]
    assert [fault.code for fault in told.faults] == ["idle_not_stated"]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"parcel_id": "L9"}, "parcel_unknown"),
        ({"started_on": date(2023, 1, 1), "suspended_on": date(2022, 1, 1)}, "days_out_of_order"),
        ({"stage": "signed", "started_on": date(2023, 1, 1)}, "stage_contradicted"),
        ({"stage": "operating", "started_on": date(2030, 1, 1)}, "stage_contradicted"),
        ({"developed_m2": 2.0, "developable_m2": 1.0}, "developed_too_much"),
    ],
)
def test_what_contradicts_itself_is_a_fault_and_nothing_is_raised(row, code):
    told = found(projects(row), parcels(L1="supplied"))
    assert [fault.code for fault in told.faults] == [code]
    assert told.faults[0].feature == "P1"


def test_the_fee_and_the_reclaiming_are_shown_with_their_status():
    told = found(projects({"parcel_id": "L1", **LATE, "land_price_cny10k": 1000.0}), parcels(L1="idle"))
    assert told.limits["fee_share"].status is Status.UNVERIFIED
    assert told.limits["start_overdue"].status is Status.VERIFIED
    (finding,) = told.findings
    fee = {each.name: each for each in finding.inputs}["fee_cny10k"]
    assert (fee.value, fee.label) == (200.0, "土地闲置费(unverified)")
    assert (finding.outcome, finding.rule) == (Outcome.NOT_MET, "rules.land.idle_land.start_overdue")
    assert finding.limit.article == "mlr-order-53-2012 第二条"
    assert "疑似闲置" in finding.remedy


def test_land_that_waits_but_is_not_idle_says_for_how_long():
    (finding,) = found(projects({"parcel_id": "L1", **IN_TIME}), parcels(L1="supplied")).findings
    assert finding.outcome is Outcome.MET
    assert finding.measured == pytest.approx(1 / 365)
    assert finding.remedy == ""


def test_the_day_before_the_order_came_into_force_nothing_is_held():
    late = projects({"parcel_id": "L1", "agreed_start_on": date(2010, 1, 1), "stage": "signed"})
    assert found(late, parcels(L1="idle"), date(2012, 7, 1)).table["idle"].tolist() == [True]
    with pytest.raises(NoValueOnDay, match="2012-07-01"):
        found(late, parcels(L1="idle"), date(2012, 6, 30))


def test_projects_placed_once_are_told_for_each_day_as_if_placed_anew():
    rows = projects({"parcel_id": "L1", **LATE}, {"parcel_id": "L9", **IN_TIME}, {})
    land = parcels(L1="supplied", L2="idle")
    sites = sites_of(rows, land)
    for day in (date(2023, 1, 1), DAY, date(2026, 1, 1)):
        once, anew = idle_on(sites, day=day, region="410000"), found(rows, land, day)
        pd.testing.assert_frame_equal(once.table, anew.table)
        assert (once.findings, once.faults) == (anew.findings, anew.faults)


def test_idle_area_and_projects_of_a_zone():
    halted = {"started_on": date(2020, 1, 1), "suspended_on": date(2022, 1, 1)}
    halted |= {"developed_m2": 1.0, "developable_m2": 9.0}
    rows = projects(
        {"parcel_id": "L1", **LATE}, {"parcel_id": "L2", **halted}, {"parcel_id": "L3", **IN_TIME}
    )
    area, count = idle_results(found(rows, parcels(L1="idle", L2="idle", L3="supplied")))
    assert (area.code, area.value, area.unit, count.value) == ("idle_area_mu", 30.0, "mu", 2.0)
    assert area.breakdown == {"not_started_mu": 15.0, "suspended_mu": 15.0}
    assert {(each.code, each.label, each.unit) for each in (area, count)} <= set(CONTENTS)


def test_one_piece_that_cannot_be_told_leaves_the_area_untold_and_the_known_part_beside():
    area, count = idle_results(found(projects({"parcel_id": "L1", **LATE}, {}), parcels(L1="idle")))
    assert (area.value, count.value) == (None, None)
    assert area.breakdown["not_started_mu"] == 15.0
    assert "Whether 1 of 2 pieces of land are idle cannot be told." in area.reason


def test_idle_land_without_an_area_leaves_the_area_untold_alone():
    area, count = idle_results(found(projects(LATE), parcels(L1="supplied")))
    assert (area.value, count.value) == (None, 1.0)
    assert "The area of 1 is not known." in area.reason


def test_no_projects_are_no_idle_land_and_a_missing_key_is_named():
    none = pd.DataFrame({"project_id": pd.Series(dtype="str")})
    area, count = idle_results(found(none, parcels(L1="supplied")))
    assert (area.value, count.value) == (0.0, 0.0)
    with pytest.raises(ColumnMissing, match="project_id"):
        found(none.drop(columns="project_id"), parcels())
    with pytest.raises(ColumnMissing, match="parcel_id"):
        found(none, pd.DataFrame())


days = st.dates(date(2000, 1, 1), date(2040, 1, 1))


@given(days, st.integers(1, 4))
def test_a_year_is_past_the_day_after_the_corresponding_one_and_full_on_it_but_for_leap_days(day, years):
    column = np.array([day], "datetime64[s]")
    there, after, whole = (each(column, years).item().date() for each in (corresponding, past, full))
    assert (there.year, there.month) == (day.year + years, day.month)
    assert after == there + timedelta(days=1)
    leap = (day.month, day.day) == (2, 29) and there.day == 28
    assert whole == there + timedelta(days=int(leap))


@given(days, st.integers(0, 4000))
def test_age_grows_with_each_day_and_is_whole_on_the_corresponding_day(day, later):
    column = np.array([day], "datetime64[s]")
    now = day + timedelta(days=later)
    told, next_day = age(column, now).item(), age(column, now + timedelta(days=1)).item()
    assert 0 <= told < next_day
    assert abs(told - later / 365.2425) < 0.01
    assert age(column, corresponding(column, 3).item().date()).item() == 3.0
    assert np.isnan(age(column, day - timedelta(days=1)).item())


def test_a_day_that_is_missing_has_no_years():
    none = as_days(pd.Series([None, "no day"]))
    assert np.isnat([*corresponding(none, 1), *past(none, 1), *full(none, 1)]).all()
    assert np.isnan(age(none, DAY)).all()


maybe_day = st.one_of(st.none(), st.dates(date(2018, 1, 1), date(2026, 1, 1)))
row = st.fixed_dictionaries({
    "stage": st.sampled_from([None, "signed", "started", "operating", "stopped"]),
    "agreed_start_on": maybe_day,
    "started_on": maybe_day,
    "suspended_on": maybe_day,
    "developed_m2": st.one_of(st.none(), st.integers(0, 9).map(float)),
    "developable_m2": st.one_of(st.none(), st.just(9.0)),
    "promised_investment_cny10k": st.one_of(st.none(), st.integers(0, 9).map(float)),
    "actual_investment_cny10k": st.one_of(st.none(), st.integers(0, 9).map(float)),
})


@settings(max_examples=8)
@given(st.lists(row, min_size=1, max_size=6), st.integers(-9, 9), st.randoms())
def test_every_row_gets_an_answer_and_neither_order_nor_scale_changes_it(rows, power, random):
    table = projects(*rows).assign(parcel_id=[f"L{n}" for n in range(len(rows))])
    land = parcels(**{f"L{n}": "supplied" for n in range(len(rows))})
    before = found(table, land).table.set_index("project_id")
    money = ["promised_investment_cny10k", "actual_investment_cny10k"]
    scaled = table.assign(**{name: pd.to_numeric(table[name]) * 2.0**power for name in money})
    after = found(scaled.sample(frac=1, random_state=random.randrange(99)), land).table.set_index(
        "project_id"
    )
    names = ["idle", "clause", "age_years", "mu", "reason"]
    pd.testing.assert_frame_equal(before[names], after.loc[before.index, names])
    assert (before["idle"].isna() == (before["reason"] != "")).all()
    assert (before["age_years"].notna() == before["idle"].fillna(False).astype(bool)).all()
