"""Properties of a whole inventory: order, splitting and merging change nothing; doubling doubles."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbon.inventory import inventory

ZONE, YEAR, REGION = "G419901", 2023, "410100"
KINDS = (  # category, item, unit, and what stands beside the amount
    ("fuel", "bituminous_coal", "t", {}),
    ("fuel", "bituminous_coal", "t", {"ncv_gj": 20.0, "equipment": "power_boiler", "purpose": "power"}),
    ("fuel", "anthracite", "t", {"carbon_tc_per_tj": 27.0}),
    ("fuel", "natural_gas", "万标准立方米", {}),
    ("fuel", "diesel", "t", {"measured_tco2e": 3.1, "source": "report"}),
    ("fuel", "coke", "t", {"purpose": "feedstock"}),
    ("electricity", "bought", "MWh", {}),
    ("electricity", "green_traded", "万千瓦时", {}),
    ("electricity", "sold", "MWh", {}),
    ("electricity", "own_generated", "MWh", {}),
    ("heat", "bought", "GJ", {}),
    ("heat", "bought", "GJ", {"measured_tco2e": 0.09, "source": "supplier"}),
    ("process", "lime", "t", {}),
    ("process", "clinker_portland", "万吨", {}),
    ("conversion", "in.crude_oil", "t", {}),
    ("conversion", "out.gasoline", "t", {}),
    ("waste", "wastewater_anaerobic_reactor", "t", {}),
    ("refrigerant", "r410a", "kg", {}),
    ("capture", "stored", "t", {}),
)
SUMS = ("scope1", "scope2", "captured", "biogenic", "total")


def frame(rows):
    return pd.DataFrame([
        {
            "zone": ZONE,
            "year": YEAR,
            "enterprise_id": f"E{firm}",
            "category": KINDS[kind][0],
            "item": KINDS[kind][1],
            "unit": KINDS[kind][2],
            "amount": amount,
            **KINDS[kind][3],
        }
        for kind, firm, amount in rows
    ])


def sums(activity):
    told = inventory(activity, zone=ZONE, region=REGION, year=YEAR)
    location, park = told.location.known, told.ndrc910.known
    gases = told.frame.filter(regex=r"^(co2_t|.*_tco2e)$").sum(min_count=0)
    both = {f"location.{name}": location.get(name, 0.0) for name in SUMS}
    both |= {f"ndrc910.{name}": value for name, value in park.items()}
    return both | gases.to_dict(), told


rows = st.lists(
    st.tuples(
        st.integers(0, len(KINDS) - 1),
        st.integers(1, 4),
        st.floats(0.5, 1e5, allow_nan=False).map(lambda amount: round(amount, 3)),
    ),
    min_size=1,
    max_size=25,
)


def same(one, other, times=1.0):
    size = max(abs(value) for value in one.values()) or 1.0
    for name, value in one.items():
        assert other[name] == pytest.approx(times * value, rel=1e-9, abs=1e-9 * size), name


def test_every_kind_of_the_mix_is_told_so_that_the_properties_say_something():
    for number, kind in enumerate(KINDS):
        _, told = sums(frame([(number, 1, 100.0)]))
        assert (told.frame["missing"] == "").all(), kind
        line = told.frame.iloc[0]
        counted = line["tco2e"] == line["tco2e"] or line["notation"] in ("IE", "NA")
        assert counted, kind


@settings(max_examples=25)
@given(rows=rows, seed=st.integers(0, 2**16))
def test_the_order_of_rows_changes_nothing(rows, seed):
    activity = frame(rows)
    shuffled = activity.iloc[np.random.default_rng(seed).permutation(len(activity))]
    first, other = sums(activity)[0], sums(shuffled)[0]
    same(first, other)
    assert first["location.total"] == other["location.total"]  # sums are exact, so not even the last digit


@settings(max_examples=25)
@given(rows=rows, at=st.integers(0, 24), part=st.floats(0.01, 0.99))
def test_splitting_a_row_changes_no_total(rows, at, part):
    kind, firm, amount = rows[at % len(rows)]
    rest = [row for number, row in enumerate(rows) if number != at % len(rows)]
    split = [*rest, (kind, firm, amount * part), (kind, firm, amount * (1 - part))]
    same(sums(frame(rows))[0], sums(frame(split))[0])


@settings(max_examples=25)
@given(rows=rows)
def test_merging_enterprises_changes_no_total(rows):
    same(sums(frame(rows))[0], sums(frame([(kind, 1, amount) for kind, _, amount in rows]))[0])


@settings(max_examples=25)
@given(rows=rows)
def test_doubling_all_amounts_doubles_every_total(rows):
    same(sums(frame(rows))[0], sums(frame([(kind, firm, 2 * amount) for kind, firm, amount in rows]))[0], 2.0)


@settings(max_examples=15)
@given(rows=rows)
def test_every_row_comes_out_as_a_line_and_what_is_told_sums_to_the_total(rows):
    both, told = sums(frame(rows))
    assert len(told.frame) == len(rows)
    counted = told.frame[told.frame["scope"].isin(["scope1", "scope2"])]["tco2e"]
    assert both["location.total"] == pytest.approx(counted.sum(), rel=1e-9, abs=1e-6)
    assert both["ndrc910.total"] == pytest.approx(told.frame["ndrc910_tco2"].sum(), rel=1e-9, abs=1e-6)
