"""What a zone lacks to its industrial share: parcel by parcel, and which parcels would make it up."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import NoSuchCode
from data.records import Dated, Outcome
from geo import land
from geo.land.share_parcels import share_parcels
from geo.land.share_target import KEPT, share_target
from geo.land.survey import surveyed

DAY = date(2024, 12, 31)
CODES = {
    "sandiao": ["0601", "0508", "0701", "05H1", "1004", "0810", "1006", "1201", "1109", "0103"],
    "ydyh_2023": ["1001", "1101", "0701", "0901", "0802", "1207", "16", "0601", "1701"],
}
few = settings(max_examples=20)
COLUMNS = ["parcel_id", "area_m2", "land_class", "supply", "built"]


def zone(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS).assign(class_system="sandiao")


# 5 hectares of works among 10 of construction land: 3 of the others stand or are empty, 2 are a street
HALF = zone(
    ("works", 50_000.0, "0601", "supplied", True),
    ("homes", 20_000.0, "0701", "supplied", True),
    ("shops", 5_000.0, "05H1", "supplied", False),
    ("idle", 5_000.0, "05H1", "idle", None),
    ("street", 20_000.0, "1004", "supplied", True),
    ("field", 90_000.0, "0103", "not_supplied", False),
)


@st.composite
def layers(draw: st.DrawFn) -> pd.DataFrame:
    system = draw(st.sampled_from(sorted(CODES)))
    row = st.fixed_dictionaries({
        "area_m2": st.floats(1.0, 1e6),
        "land_class": st.sampled_from([*CODES[system], "9999"])
        if draw(st.booleans())
        else st.sampled_from(CODES[system]),
        "supply": st.sampled_from(["supplied", "idle", "ready"]),
        "built": st.sampled_from([True, False, None]),
    })
    return pd.DataFrame(draw(st.lists(row, min_size=1, max_size=9))).assign(class_system=system)


@few
@given(layers(), st.booleans(), st.sampled_from(["auto", "p1", "p2", "p3", "p4"]))
def test_the_parcels_add_up_to_what_goes_into_the_indicator(frame, vacant, definition):
    told = share_parcels(frame, definition, vacant)
    whole = land.industrial_share.measure(surveyed(frame), {"definition": definition, "vacant": vacant})
    assert told.index.equals(frame.index)
    if not whole.inputs:
        assert told["in_numerator"].isna().all()
        return
    for column, summed in zip(["in_numerator", "in_denominator"], whole.inputs, strict=True):
        if summed.value is None:
            assert told[column].isna().any()
        else:
            counted = told["area_m2"].to_numpy()[told[column].to_numpy(dtype=bool)]
            assert (counted.sum(), len(counted)) == (summed.value, summed.count)


def test_a_parcel_above_the_line_is_also_below_it():
    told = share_parcels(HALF)
    assert told.attrs["definition"] == "p2"
    assert told["parcel_id"][told["in_numerator"]].tolist() == ["works"]
    assert told["parcel_id"][told["in_denominator"]].tolist() == ["works", "homes", "shops", "idle", "street"]


def test_an_unknown_definition_is_refused():
    with pytest.raises(NoSuchCode, match="p9"):
        share_parcels(HALF, "p9")


def test_to_go_from_half_to_three_fifths_takes_fifteen_mu_or_lets_twenty_five_go():
    # 0.6 x 150 - 75 = 15 mu; 150 - 75 / 0.6 = 25 mu
    told = share_target(HALF, DAY, "410100")
    assert (told.share.value, told.outcome) == (0.5, Outcome.NOT_MET)
    assert told.convert.value == pytest.approx(15.0)
    assert told.release.value == pytest.approx(25.0)
    assert (75.0 + told.convert.value) / 150.0 == pytest.approx(0.6)
    assert 75.0 / (150.0 - told.release.value) == pytest.approx(0.6)
    assert [a.article for a in told.convert.articles if isinstance(a, Dated)] == [told.target.article]


def test_what_is_empty_comes_first_and_then_the_largest():
    told = share_target(HALF, DAY, "410100").parcels
    assert told["parcel_id"].tolist() == ["idle", "shops", "homes"]
    assert told["cumulative_mu"].tolist() == pytest.approx([7.5, 15.0, 45.0])
    assert told["share_after"].tolist() == pytest.approx([0.55, 0.6, 0.8])
    assert told["reaches"].tolist() == [False, True, False]
    assert told["rank"].tolist() == [1, 2, 3]


def test_streets_are_offered_only_when_one_asks_for_them():
    told = share_target(HALF, DAY, "410100", kept=())
    assert told.parcels["parcel_id"].tolist() == ["idle", "shops", "homes", "street"]
    assert "transport" in KEPT


def test_candidates_that_do_not_suffice_say_how_much_is_short():
    told = share_target(
        HALF[HALF["parcel_id"].isin(["works", "shops", "street"])].assign(area_m2=10_000.0), DAY, "410100"
    )
    assert told.convert.value == pytest.approx(0.6 * 45 - 15)
    assert told.convert.breakdown == pytest.approx({"candidates_mu": 15.0, "short_mu": 0.0})
    poor = share_target(
        HALF[HALF["parcel_id"].isin(["works", "street"])].assign(area_m2=10_000.0), DAY, "410100"
    )
    assert poor.convert.breakdown == pytest.approx({"candidates_mu": 0.0, "short_mu": 3.0})
    assert len(poor.parcels) == 0


def test_a_target_that_is_met_asks_for_nothing():
    told = share_target(HALF[HALF["parcel_id"] == "works"], DAY, "410100")
    assert (told.outcome, told.convert.value, told.release.value) == (Outcome.MET, 0.0, 0.0)
    assert told.parcels.empty


def test_a_share_that_rounds_to_the_target_is_met():
    frame = zone(("a", 59_996.0, "0601", "supplied", True), ("b", 40_004.0, "0701", "supplied", True))
    assert share_target(frame, DAY, "410100").convert.value == 0.0


def test_without_industry_no_release_helps():
    told = share_target(HALF[HALF["parcel_id"] == "homes"], DAY, "410100")
    assert told.convert.value == pytest.approx(18.0)
    assert told.release.value is None
    assert "no release brings any" in told.release.reason


def test_where_no_target_is_in_force_the_reason_says_so():
    told = share_target(HALF, DAY, "320500")
    assert (told.target, told.convert.value, told.parcels.empty) == (None, None, True)
    assert "No target" in told.convert.reason


def test_one_unknown_class_leaves_the_gap_open_and_offers_nothing():
    told = share_target(pd.concat([HALF, zone(("odd", 1.0, "99", "supplied", True))]), DAY, "410100")
    assert (told.outcome, told.convert.value, told.release.value) == (Outcome.CANNOT_TELL, None, None)
    assert "land class 99" in told.convert.reason
    assert told.parcels.empty


@few
@given(layers(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_rank(frame, chance):
    frame = frame.assign(parcel_id=[f"P{number}" for number in range(len(frame))])
    order = list(range(len(frame)))
    chance.shuffle(order)
    first, second = (share_target(rows, DAY, "410100").parcels for rows in (frame, frame.iloc[order]))
    assert first["parcel_id"].tolist() == second["parcel_id"].tolist()
    assert np.allclose(first["share_after"], second["share_after"])


@few
@given(layers())
def test_converting_what_is_listed_reaches_the_target_where_the_list_says_so(frame):
    told = share_target(frame, DAY, "410100")
    if not told.parcels["reaches"].any():
        return
    upto = told.parcels.index[: int(told.parcels["reaches"].to_numpy().argmax()) + 1]
    works = {"sandiao": "0601", "ydyh_2023": "1001"}[frame["class_system"].iloc[0]]
    changed = frame.copy()
    changed.loc[upto, "land_class"] = works
    assert share_target(changed, DAY, "410100").outcome is Outcome.MET
