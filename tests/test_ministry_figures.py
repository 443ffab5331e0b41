"""Figures that the ministry printed of all national zones, met by our own chain of measures.

The 2020 round of the yearly 通报 on intensive land use: 89.46, 92.68 and 92.77 % for development, supply and
building, 48.52 % works, and three figures of money per hectare that the same page repeats per mu. Parcels are
constructed with those rates; what comes out is held against the other printed figures.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.units import M2_PER_HA, convert, m2_to_ha, m2_to_mu
from geo import land
from geo.benefit import AreaBase, measure, per_area
from geo.land.contradictions import built_share, chain
from geo.land.survey import surveyed

DEVELOPED, SUPPLIED, BUILT, WORKS = 0.8946, 0.9268, 0.9277, 0.4852
WAITING_WAN_HA, WAITING_SHARE = 6.70, 0.1384  # 待建地, and its share of land that can be developed
PRINTED = {  # 万元/ha -> 万元/亩, as printed side by side
    "investment_intensity": (8984.3, "599"),
    "industrial_tax_per_mu": (678.99, "45.3"),
    "tax_per_mu": (539.96, "36.0"),
}
TRILLION = 1e8  # 万亿元 in 万元


def printed(value: float, like: str) -> str:
    """A number as a page prints it, with as many decimals as another, half up."""
    return str(Decimal(repr(float(value))).quantize(Decimal(like), ROUND_HALF_UP))


def constructed(total_m2: float, rates=(DEVELOPED, SUPPLIED, BUILT), works: float = WORKS) -> pd.DataFrame:
    """Parcels whose land can all be developed, with just these rates.

    Built works and housing, land supplied and not built, ready and not supplied, not ready.
    """
    ready = total_m2 * rates[0]
    supplied = ready * rates[1]
    built = supplied * rates[2]
    rows = [
        (built * works, "0601", "supplied", True),
        (built * (1 - works), "0701", "supplied", True),
        (supplied - built, "0601", "supplied", False),
        (ready - supplied, "0601", "ready", False),
        (total_m2 - ready, "0601", "not_supplied", False),
    ]
    frame = pd.DataFrame(rows, columns=["area_m2", "land_class", "supply", "built"])
    return frame.assign(class_system="sandiao", built=frame["built"].astype("boolean"))


@pytest.fixture(scope="module")
def nation() -> pd.DataFrame:
    """All national zones as five parcels: 6.70 万ha are 13.84 % of what can be developed."""
    return constructed(WAITING_WAN_HA / WAITING_SHARE * 1e4 * M2_PER_HA)


def rates_of(parcels: pd.DataFrame) -> dict:
    """The three rates and the share of works, as measured."""
    measured = {each.code: each for each in land.INDICATORS}
    table = surveyed(parcels)
    wanted = ("development_rate", "supply_rate", "built_rate", "industrial_share.p1")
    return {code: measured[code].measure(table) for code in wanted}


def test_the_three_printed_rates_multiply_to_the_printed_built_share(nation):
    results = rates_of(nation)
    rates = [results[code].value for code in ("development_rate", "supply_rate", "built_rate")]
    assert rates == pytest.approx([DEVELOPED, SUPPLIED, BUILT], rel=1e-12)
    assert printed(np.prod(rates).item() * 100, "0.01") == "76.92"
    share = built_share(surveyed(nation))
    assert printed(share * 100, "0.01") == "76.92"
    assert printed(share, "0.0001") == "0.7692"
    assert chain(results, share) is None
    assert not [fault for fault in land.faults(nation) if fault.code == "chain_broken"]


def test_rates_as_printed_close_within_the_tolerance_and_a_wrong_digit_does_not(nation):
    results = rates_of(nation)
    assert chain(results, 0.7692) is None
    assert chain(results, 0.7792).code == "chain_broken"


@given(
    rates=st.tuples(*[st.floats(0.01, 1.0)] * 3),
    works=st.floats(0.01, 0.99),
    cut=st.floats(0.01, 0.99),
    total=st.floats(1e4, 1e10),
)
def test_any_three_rates_come_out_as_they_went_in_and_cutting_a_parcel_changes_none(rates, works, cut, total):
    parcels = constructed(total, rates, works)
    first = parcels.iloc[[0]]
    pieces = [first.assign(area_m2=first["area_m2"] * share) for share in (cut, 1 - cut)]
    for some in (parcels, pd.concat([*pieces, parcels.iloc[1:]], ignore_index=True)):
        told = rates_of(some)
        assert [each.value for each in told.values()] == pytest.approx([*rates, works], rel=1e-9)
        assert chain(told, built_share(surveyed(some))) is None


@pytest.mark.parametrize(("per_ha", "per_mu"), PRINTED.values())
def test_money_per_hectare_and_per_mu_are_the_same_figure(per_ha, per_mu):
    assert printed(convert(per_ha, "CNY10k/ha", "CNY10k/mu"), per_mu) == per_mu
    assert printed(convert(per_ha, "万元/ha", "万元/亩"), per_mu) == per_mu
    area = {"built": AreaBase("built", "已建成", 3_700 * M2_PER_HA)}
    told = per_area("tax_per_mu", "", per_ha * 3_700, "CNY10k", area)
    assert told.unit == "CNY10k/mu"
    assert printed(told.value, per_mu) == per_mu
    assert told.breakdown["per_ha.built"] == pytest.approx(per_ha, rel=1e-12)
    assert told.breakdown["per_mu.built"] == told.value


def test_a_and_a2_of_the_round_follow_from_the_land_that_waits(nation):
    table = surveyed(nation)
    can = m2_to_ha(table["area_m2"].sum()) / 1e4
    built = can * built_share(table)
    works = built * rates_of(nation)["industrial_share.p1"].value
    assert [printed(each, "0.01") for each in (can, built, works)] == ["48.41", "37.24", "18.07"]


def firms(investment: float, works_tax: float, all_tax: float) -> pd.DataFrame:
    """A works and a shop with all the money of the nation, 万元."""
    return pd.DataFrame({
        "enterprise_id": ["W", "S"],
        "year": 2019,
        "industry": ["3610", "5211"],
        "investment_cny10k": [investment, 0.0],
        "tax_cny10k": [works_tax, all_tax - works_tax],
    })  # fmt: skip


def test_amounts_over_a_and_a2_are_the_printed_figures_and_of_the_printed_size(nation):
    ha = {code: value for code, (value, _) in PRINTED.items()}
    table = surveyed(nation)
    built = m2_to_ha(table["area_m2"].sum()) * built_share(table)
    works = built * WORKS
    investment = ha["investment_intensity"] * works
    works_tax = ha["industrial_tax_per_mu"] * works
    all_tax = ha["tax_per_mu"] * built
    # the neighbouring round states 15.30, 1.17 and 2.06 万亿 for 2018
    sums = [printed(each / TRILLION, like) for each, like in ((investment, "0.1"), (works_tax, "0.01"))]
    assert [*sums, printed(all_tax / TRILLION, "0.01")] == ["16.2", "1.23", "2.01"]
    told = {each.code: each for each in measure(firms(investment, works_tax, all_tax), nation, {}, 2019)}
    for code, (per_ha, per_mu) in PRINTED.items():
        base = told[code].area_base
        assert base == ("built" if code == "tax_per_mu" else "industrial")
        assert told[code].breakdown[f"per_ha.{base}"] == pytest.approx(per_ha, rel=1e-9)
        assert printed(told[code].value, per_mu) == per_mu


def test_tax_of_all_firms_over_works_land_is_another_figure_than_the_printed_one(nation):
    # some programs divide 综合地均税收 by A2 as well: that would be 1 / 0.4852 as much
    built = m2_to_mu(nation["area_m2"].sum()) * built_share(surveyed(nation))
    all_tax = PRINTED["tax_per_mu"][0] / 15 * built
    told = {each.code: each for each in measure(firms(1.0, all_tax / 2, all_tax), nation, {}, 2019)}
    breakdown = told["tax_per_mu"].breakdown
    assert breakdown["per_ha.built"] == pytest.approx(539.96, rel=1e-9)
    assert breakdown["per_ha.industrial"] == pytest.approx(539.96 / WORKS, rel=1e-9)
    assert printed(breakdown["per_mu.industrial"], "0.1") == "74.2"
