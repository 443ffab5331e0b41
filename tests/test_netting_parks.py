"""Netting on random parks: the identity holds for consistent ones, and one broken flow is found and named."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbon.category import Ask
from carbon.inventory import inventory
from carbon.netting import Netting, netting
from data.records import Outcome

SUPPLIERS, BUYERS = ("P1", "P2", "P3"), ("B1", "B2", "B3", "B4", "")
CARRIERS = {"electricity": ("MWh", 0.5897), "heat": ("GJ", 0.11)}
COLUMNS = ["enterprise_id", "category", "item", "amount", "unit", "supplier_id"]
Row = tuple[str, str, str, float, str, str]
AMOUNT = st.integers(100, 100_000).map(float)


class Park(NamedTuple):
    """Flows by supplier, buyer and carrier, and what enterprises burn and buy outside."""

    flows: dict[tuple[str, str, str], float]
    others: list[Row]

    @property
    def sold(self) -> Counter[tuple[str, str]]:
        total: Counter[tuple[str, str]] = Counter()
        for (supplier, _, carrier), amount in self.flows.items():
            total[supplier, carrier] += amount
        return total

    @property
    def rows(self) -> list[Row]:
        bought = [(b, c, "bought", amount, CARRIERS[c][0], s) for (s, b, c), amount in self.flows.items()]
        sold = [(s, c, "sold_in_park", amount, CARRIERS[c][0], "") for (s, c), amount in self.sold.items()]
        return [*bought, *sold, *self.others]


# a supplier may also buy from another one: power and heat go along chains
FLOW = st.tuples(st.sampled_from(SUPPLIERS), st.sampled_from([*BUYERS, "P1"]), st.sampled_from([*CARRIERS]))
OTHER = st.one_of(
    st.tuples(st.sampled_from([*SUPPLIERS, *BUYERS]), AMOUNT).map(
        lambda t: (t[0], "electricity", "bought", t[1], "MWh", "")
    ),
    st.tuples(st.sampled_from([*SUPPLIERS, *BUYERS]), AMOUNT).map(
        lambda t: (t[0], "fuel", "diesel", t[1], "t", "")
    ),
)
PARKS = st.builds(
    Park,
    st.dictionaries(FLOW.filter(lambda f: f[0] != f[1]), AMOUNT, min_size=1, max_size=8),
    st.lists(OTHER, max_size=6),
).map(lambda park: Park(park.flows, [*park.others, *[(s, "fuel", "烟煤", 1e6, "t", "") for s in SUPPLIERS]]))


def _netted(rows: list[Row]) -> Netting:
    made = inventory(_stated(rows), zone="Z", region="410000", year=2023)
    return netting(made.frame, made.quotes, Ask(2023, "410000"), "Z")


def _close(one: Netting, other: Netting) -> None:
    for name in ("enterprises_tco2e", "internal_tco2e", "park_tco2e"):
        assert getattr(one, name) == pytest.approx(getattr(other, name), rel=1e-9, abs=1e-6), name
    assert one.gap_tco2e == pytest.approx(other.gap_tco2e, abs=1e-4)
    assert one.holds is other.holds


@settings(max_examples=10)
@given(PARKS)
def test_enterprises_less_what_flows_between_them_are_the_park(park: Park) -> None:
    told = _netted(park.rows)
    assert told.holds is Outcome.MET
    assert told.gap_tco2e == pytest.approx(0, abs=1e-9 * (told.enterprises_tco2e or 1))
    by_hand = sum(amount * CARRIERS[carrier][1] for (_, _, carrier), amount in park.flows.items())
    assert told.internal_tco2e == pytest.approx(by_hand, rel=1e-9)
    assert not [fault for fault in told.faults if fault.code.startswith(("flow", "sale"))]


@settings(max_examples=10)
@given(PARKS, st.data())
def test_one_broken_flow_is_found_and_named_with_its_size(park: Park, data: st.DataObject) -> None:
    supplier, carrier = data.draw(st.sampled_from(sorted(park.sold)))
    times = data.draw(st.sampled_from([0.0, 0.5, 0.9, 1.1, 10.0]))
    rows = [
        (*row[:3], row[3] * times, *row[4:]) if row[:3] == (supplier, carrier, "sold_in_park") else row
        for row in park.rows
    ]
    told = _netted(rows)
    assert told.holds is Outcome.NOT_MET
    gap = park.sold[supplier, carrier] * (1 - times) * CARRIERS[carrier][1]
    assert told.gap_tco2e == pytest.approx(gap, rel=1e-6)
    [fault] = [fault for fault in told.faults if fault.code == "flow_disagrees"]
    assert fault.feature == f"{supplier} {carrier}"
    assert fault.message.startswith(f"{supplier} states")
    assert f"{abs(gap):.6g} tCO2e" in fault.message
    assert told.reason == f"{supplier} does not agree with its buyers on {carrier}."


@settings(max_examples=10)
@given(PARKS, st.randoms(use_true_random=False), st.floats(0.05, 0.95))
def test_order_of_rows_and_a_row_in_two_parts_change_no_total(park: Park, chance: Any, share: float) -> None:
    whole = _netted(park.rows)
    shuffled = list(park.rows)
    chance.shuffle(shuffled)
    _close(_netted(shuffled), whole)
    parts = [(*row[:3], row[3] * part, *row[4:]) for row in park.rows for part in (share, 1 - share)]
    _close(_netted(parts), whole)


@settings(max_examples=10)
@given(PARKS)
def test_merging_two_buyers_changes_no_total_and_adds_their_accounts(park: Park) -> None:
    whole = _netted(park.rows)
    merged = _netted([("B1" if row[0] == "B2" else row[0], *row[1:]) for row in park.rows])
    _close(merged, whole)
    before, after = (told.enterprises.set_index("enterprise_id")["total_tco2e"] for told in (whole, merged))
    assert after.get("B1", 0.0) == pytest.approx(before.reindex(["B1", "B2"]).fillna(0).sum())


@settings(max_examples=10)
@given(PARKS, st.floats(0.1, 100))
def test_all_amounts_times_a_number_is_all_totals_times_it(park: Park, times: float) -> None:
    whole, scaled = _netted(park.rows), _netted([(*row[:3], row[3] * times, *row[4:]) for row in park.rows])
    assert scaled.park_tco2e == pytest.approx(whole.park_tco2e * times)
    assert scaled.internal_tco2e == pytest.approx((whole.internal_tco2e or 0) * times)
    assert scaled.holds is Outcome.MET


@settings(max_examples=10)
@given(PARKS)
def test_a_supplier_that_takes_over_a_buyer_buys_of_itself_and_the_park_stays(park: Park) -> None:
    """Bought of oneself is neither a purchase nor a flow: enterprises and flows fall by it alike."""
    whole = inventory(_stated(park.rows), zone="Z", region="410000", year=2023)
    one = _merged(whole.frame, "B1", "P1")
    before = netting(whole.frame, whole.quotes, Ask(2023, "410000"), "Z")
    after = netting(one, whole.quotes, Ask(2023, "410000"), "Z")
    within = sum(
        amount * CARRIERS[carrier][1]
        for (supplier, buyer, carrier), amount in park.flows.items()
        if {supplier, buyer} == {"P1", "B1"}
    )
    assert after.holds is Outcome.MET
    assert after.park_tco2e == pytest.approx(before.park_tco2e)
    assert after.enterprises_tco2e == pytest.approx((before.enterprises_tco2e or 0) - within)
    assert after.internal_tco2e == pytest.approx((before.internal_tco2e or 0) - within, abs=1e-6)
    assert after.gap_tco2e == pytest.approx(0, abs=1e-6 * (1 + before.park_tco2e))


def test_a_merged_supplier_that_states_its_own_purchase_is_told_to_strike_it() -> None:
    told = _netted([
        ("P1", "fuel", "烟煤", 1000.0, "t", ""),
        ("P1", "heat", "sold_in_park", 100.0, "GJ", ""),
        ("P1", "heat", "bought", 100.0, "GJ", "P1"),
    ])
    assert told.holds is Outcome.CANNOT_TELL
    assert told.reason == "P1 has flows that are not told: heat."


def _stated(rows: list[Row]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS).assign(zone="Z", year=2023, notation=None, explanation=None)


def _merged(frame: pd.DataFrame, gone: str, into: str) -> pd.DataFrame:
    columns = {name: frame[name].replace(gone, into) for name in ("enterprise_id", "supplier_id")}
    return frame.assign(**columns)
