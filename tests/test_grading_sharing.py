"""Who shares a result: firms on one plot, tenants of a landlord; ties, caps and the order of rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.benefit.classing import number_of, ranked
from geo.benefit.grading import grade
from geo.benefit.scheme import Classes, Cut, scheme
from geo.benefit.why import why_grade

DAY = date(2022, 6, 1)
MONEY = ["tax_cny10k", "value_added_cny10k", "revenue_cny10k", "rd_cny10k"]
GENERIC = scheme("generic_abcd")
DAYS = {"started_on": pd.Timestamp(2000, 1, 1), "land_since": pd.Timestamp(2000, 1, 1)}


def firms(taxes, **more) -> pd.DataFrame:
    count = len(taxes)
    frame = pd.DataFrame({"enterprise_id": [f"E{n:02d}" for n in range(count)], "tax_cny10k": taxes})
    fixed = {
        "zone": "G1",
        "year": 2021,
        "industry": "36",
        "above_scale": True,
        "land_mu": 10.0,
        "leased_in_mu": 0.0,
        "leased_out_mu": 0.0,
        "value_added_cny10k": 500.0,
        "revenue_cny10k": 5000.0,
        "rd_cny10k": 100.0,
        "employees": 50.0,
        "energy_tce": 200.0,
        "pollutant_t": 2.0,
        "electricity_mwh": 300.0,
        "name": "厂",
    }
    return frame.assign(**{**fixed, **DAYS, **more})


def graded(frame: pd.DataFrame, told=GENERIC, **more):
    return grade(told, frame, year=2021, day=DAY, **more)


def by_id(grading) -> pd.DataFrame:
    return grading.frame.set_index("enterprise_id")


def test_firms_on_one_plot_are_one_and_share_the_result_of_their_lead():
    plots = pd.array(["X", "X", None, None], dtype="str")
    told = graded(firms([30.0, 50.0, 80.0, 10.0], plot_id=plots, land_mu=[10.0, 20.0, 10.0, 10.0]))
    frame = by_id(told)
    assert frame["status"].tolist() == ["merged", "graded", "graded", "graded"]
    assert frame.loc["E00", "merged_into"] == "E01"
    assert frame.loc["E01", "value.tax_per_mu"] == pytest.approx(80 / 30)
    shared = ["score", "rank", "count", "class"]
    assert frame.loc["E00", shared].tolist() == frame.loc["E01", shared].tolist()
    assert frame.loc["E01", "land_mu"] == 30
    assert set(frame["count"]) == {3}
    assert why_grade(told, "E00")["taken_from"] == "E01"


def test_one_silent_firm_keeps_its_whole_plot_from_being_graded():
    told = by_id(graded(firms([30.0, None, 80.0], plot_id=pd.array(["X", "X", None], dtype="str"))))
    assert told.loc[["E00", "E01"], "status"].tolist() == ["unranked", "merged"]
    assert "Its plot's lead E00 has no result" in told.loc["E01", "reason"]


def test_the_same_plot_number_in_two_zones_is_two_plots():
    told = by_id(graded(firms([30.0, 50.0], plot_id="X", zone=["G1", "G2"])))
    assert told["status"].tolist() == ["graded", "graded"]


def test_a_tenant_below_scale_follows_its_landlord_also_when_that_is_merged():
    frame = firms(
        [30.0, 50.0, 80.0, 1.0, 1.0],
        above_scale=[True, True, True, False, False],
        plot_id=pd.array(["X", "X", None, None, None], dtype="str"),
        land_mu=[10.0, 20.0, 10.0, 0.0, 0.0],
        leased_out_mu=[4.0, 0.0, 0.0, 0.0, 0.0],
        leased_in_mu=[0.0, 0.0, 0.0, 4.0, 2.0],
        landlord_id=pd.array([None, None, None, "E00", "E99"], dtype="str"),
    )
    told = graded(frame)
    rows = by_id(told)
    assert rows["status"].tolist() == ["merged", "graded", "graded", "follows", "follows"]
    assert rows.loc["E03", "class"] == rows.loc["E01", "class"]
    assert rows.loc["E03", "rank"] == rows.loc["E01", "rank"]
    assert pd.isna(rows.loc["E04", "class"])
    assert "E99 has none" in rows.loc["E04", "reason"]
    assert [fault.feature for fault in told.faults if fault.code == "landlord_unknown"] == ["E04"]


def test_landlords_in_a_ring_lead_nowhere():
    told = by_id(
        graded(
            firms(
                [1.0, 1.0],
                above_scale=False,
                land_mu=0.0,
                leased_in_mu=5.0,
                landlord_id=pd.array(["E01", "E00"], dtype="str"),
            )
        )
    )
    assert told["status"].tolist() == ["follows", "follows"]
    assert told["score"].isna().all()


def test_equal_totals_stand_together_in_the_better_class_or_are_parted_by_id():
    frame = firms([90.0, 50.0, 50.0, 50.0, 10.0])
    told = by_id(graded(frame))
    assert told["rank"].tolist() == [1, 2, 2, 2, 5]
    parted = by_id(graded(frame.iloc[::-1], replace(GENERIC, together=False)))
    assert parted["rank"].sort_index().tolist() == [1, 2, 3, 4, 5]


def test_a_named_indicator_parts_equal_totals():
    # both scores add up to 100, the second has more tax per mu
    rank = ranked(
        np.zeros(2, int), [np.array([100.0, 100.0]), np.array([40.0, 60.0])], np.array([0, 1]), True
    )
    assert rank.rank.tolist() == [2, 1]


def test_a_score_is_kept_within_cap_and_floor_and_the_bonus_within_its_own():
    frame = firms([1000.0, -500.0, 100.0], bonus_score=[25.0, None, 3.0], correction_factor=[None, None, 2.0])
    told = by_id(graded(frame))
    assert told["score.tax_per_mu"].tolist() == pytest.approx([45.0, 0.0, 15.0])  # base (600/30) 20
    assert told["bonus"].tolist() == [10.0, 0.0, 3.0]
    assert told["correction"].tolist() == [1.0, 1.0, 1.5]
    assert told["score"].tolist() == pytest.approx([45 + 70 + 10, 70.0, 85 * 1.5 + 3])


def test_no_emissions_at_all_earn_the_cap_and_unstated_ones_the_average():
    told = by_id(graded(firms([10.0] * 3, pollutant_t=[0.0, None, 2.0])))
    assert told["score.value_added_per_pollutant"].tolist() == pytest.approx([15.0, 10.0, 10.0])
    assert told["filled.value_added_per_pollutant"].tolist() == [False, True, False]
    assert told["value.value_added_per_pollutant"].tolist()[1:] == [250.0, 250.0]


def test_the_number_of_a_share_is_exact_where_binary_fractions_are_not():
    counts = np.array([100, 50, 7])
    assert number_of(7, counts, "down").tolist() == [7, 3, 0]
    assert number_of(29, np.array([100]), "up").tolist() == [29]


taxes = st.lists(st.integers(-50, 4000), min_size=1, max_size=40)
SCHEMES = st.sampled_from(["huangyan_2022", "henan_2019", "generic_abcd"])


@settings(max_examples=25)
@given(taxes, SCHEMES, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(values, name, shuffled):
    frame = firms([float(each) for each in values])
    order = list(range(len(frame)))
    shuffled.shuffle(order)
    one, other = (by_id(graded(each, scheme(name))) for each in (frame, frame.iloc[order]))
    assert one["status"].to_dict() == other["status"].to_dict()
    pd.testing.assert_frame_equal(one, other.loc[one.index], check_exact=False, rtol=1e-9)


@settings(max_examples=25)
@given(taxes, st.sampled_from([2, 10, 1024]), st.sampled_from(["henan_2019", "generic_abcd"]))
def test_ten_times_the_money_changes_no_score_where_the_group_is_its_own_base(values, times, name):
    frame = firms([float(each) for each in values])
    told = replace_plausible(scheme(name))
    one = by_id(graded(frame, told))
    other = by_id(graded(frame.assign(**{each: frame[each] * times for each in MONEY}), told))
    assert other["score"].tolist() == pytest.approx(one["score"].tolist(), rel=1e-9, nan_ok=True)


def replace_plausible(told):
    groups = tuple(
        replace(group, items=tuple(replace(item, plausible=None) for item in group.items))
        for group in told.groups
    )
    return replace(told, groups=groups)


@settings(max_examples=25)
@given(taxes, st.sampled_from(["henan_2019", "generic_abcd"]))
def test_classes_add_up_to_those_that_are_graded(values, name):
    frame = graded(firms([float(each) for each in values]), scheme(name)).frame
    assert frame["class"].notna().sum() == (frame["status"] == "graded").sum()
    assert (
        frame["lowest"].sum()
        == (frame["class"] == GENERIC.groups[0].classes.labels[-1 if name != "henan_2019" else 2]).sum()
    )


@settings(max_examples=25)
@given(taxes, st.integers(1, 9))
def test_splitting_a_firm_on_its_plot_changes_no_score(values, tenths):
    frame = firms([float(each) for each in values], plot_id="", land_mu=30.0)
    share = tenths / 10
    parts = frame.head(1).copy(), frame.head(1).assign(enterprise_id="Z")
    for part, of in zip(parts, (share, 1 - share), strict=True):
        for column in [*MONEY, "land_mu", "employees", "energy_tce", "pollutant_t"]:
            part[column] *= of
        part["plot_id"] = "X"
    split = graded(pd.concat([*parts, frame.iloc[1:]], ignore_index=True))
    whole = graded(frame)
    units = split.frame[split.frame["status"] != "merged"]
    assert sorted(units["score"]) == pytest.approx(sorted(whole.frame["score"]), rel=1e-9, nan_ok=True)


@pytest.mark.parametrize(
    ("cuts", "expected"),
    [
        # seven firms, the best first: two, then one; the last one; the others between
        ([Cut("A", first=2), Cut("B", first=1), Cut("C", rest=True), Cut("D", last=1)], "AABCCCD"),
        # six first and three last overlap in two firms, which keep the better class
        ([Cut("A", first=6), Cut("B", rest=True), Cut("C", last=3)], "AAAAAAC"),
    ],
)
def test_classes_are_cut_by_rank_from_both_ends(cuts, expected):
    group = GENERIC.group("above_scale")
    told = replace(GENERIC, groups=(replace(group, classes=Classes("ranks", tuple(cuts))),))
    frame = by_id(graded(firms([70.0, 60.0, 50.0, 40.0, 30.0, 20.0, 10.0]), told))
    assert "".join(frame["class"]) == expected


def test_the_second_stage_can_take_its_shares_of_the_half():
    group = scheme("henan_2019").group("above_scale")
    half = replace(group, classes=replace(group.classes, share_of="half"))
    frame = graded(firms([float(n) for n in range(20)]), replace(scheme("henan_2019"), groups=(half,))).frame
    # 15 % of ten are two (1.5 half up), 10 % of ten is one
    assert frame["class"].value_counts().to_dict() == {"B": 17, "A": 2, "C": 1}
