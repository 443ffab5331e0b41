"""Completeness: who was asked for what, what stands for it, and what a gap might be."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbon.category import Ask
from carbon.completeness import Completeness, Park, completeness
from carbon.completeness.expectations import expectations
from carbon.inventory import Inventory, inventory
from data.codes.industries import industries
from data.errors import ColumnMissing
from data.records import Outcome, Status

FIRM = ["enterprise_id", "industry", "value_added_cny10k", "energy_tce"]
LINE = ["enterprise_id", "category", "item", "amount", "unit"]
ZONE_WIDE = [
    ("", "waste", "x", "NO", "t"),
    ("", "refrigerant", "x", "NO", "t"),
    ("", "vehicle", "x", "NO", "t"),
]
COAL = 23.204 * 26.18 * 0.93 * 44 / 12 / 1000  # tCO2/t


def _inventory(rows: list[Any], year: int = 2023) -> Inventory:
    frame = pd.DataFrame(rows, columns=LINE)
    key = frame["amount"].map(lambda amount: amount if isinstance(amount, str) else "")
    frame["amount"] = pd.to_numeric(frame["amount"], errors="coerce")
    stated = frame.assign(
        zone="Z", year=year, supplier_id=None, notation=key, explanation=key.map(lambda k: "so" if k else "")
    )
    return inventory(stated, zone="Z", region="410000", year=year)


def _park(rows: list[Any], firms: list[Any], known_on: date = date.max, **columns: Any) -> Park:
    made = _inventory(rows)
    table = pd.DataFrame(firms, columns=FIRM).assign(zone="Z", year=2023, **columns)
    return Park("Z", Ask(2023, "410000", known_on=known_on), made.frame, made.quotes, table)


def _gap(told: Completeness, enterprise: str, expectation: str) -> dict[str, Any]:
    rows = told.gaps.set_index(["enterprise_id", "expectation"])
    return dict(rows.loc[(enterprise, expectation)])


def _state(told: Completeness, enterprise: str, expectation: str) -> str:
    return str(
        told.states.set_index(["enterprise_id", "expectation"]).loc[(enterprise, expectation), "state"]
    )


def test_the_table_names_divisions_that_exist_and_claims_nothing_as_verified() -> None:
    known = {"all", "zone", *industries().index}
    table = expectations(Ask(2026, "410000"))
    assert {each.of for each in table} <= known
    assert all(each.dated.status is not Status.VERIFIED for each in table)
    cited = {each.name for each in table if each.dated.article.startswith("ndrc-2025-910")}
    assert {"30.process", "31.process", "32.process", "26.process", "25.conversion"} <= cited


def test_what_a_document_of_2025_names_was_not_expected_before_it_was_printed() -> None:
    then = {each.name for each in expectations(Ask(2023, "410000", known_on=date(2024, 12, 31)))}
    assert "30.process" not in then
    assert "all.electricity" in then


@pytest.mark.parametrize(
    ("industry", "asked"),
    [
        ("3011", True),
        ("C3011", True),
        ("30", True),  # too short to tell: asked
        ("304", True),
        ("3031", False),  # bricks: not among those named
        ("4415", False),
        ("", False),
    ],
)
def test_process_emissions_are_asked_of_the_groups_that_have_them(industry: str, asked: bool) -> None:
    told = completeness(_park([("E", "fuel", "烟煤", 1.0, "t")], [("E", industry, 1.0, 1.0)]))
    assert ("30.process" in set(told.states["expectation"])) == asked


def test_each_state_is_told_apart_and_only_gaps_can_lack_emissions() -> None:
    rows = [
        ("A", "electricity", "bought", 10.0, "MWh"),
        ("B", "electricity", "bought", "NO", "MWh"),
        ("C", "electricity", "bought", "NE", "MWh"),
        ("D", "electricity", "bought", 10.0, "箱"),
        ("E", "fuel", "diesel", 1.0, "t"),
        *ZONE_WIDE,
    ]
    told = completeness(_park(rows, [(name, "36", 1.0, 1.0) for name in "ABCDE"]))
    states = {name: _state(told, name, "all.electricity") for name in "ABCDE"}
    assert states == {"A": "stated", "B": "nothing", "C": "keyed", "D": "not_told", "E": "missing"}
    assert sorted(told.gaps.query("expectation == 'all.electricity'")["enterprise_id"]) == ["C", "D", "E"]
    assert _gap(told, "C", "all.electricity")["notation"] == "NE"
    [finding] = [f for f in told.findings if f.rule.endswith("all.electricity")]
    assert (finding.outcome, finding.measured) == (Outcome.NOT_MET, 0.4)
    assert {entry.name: entry.value for entry in finding.inputs} == {
        "stated": 1,
        "nothing": 1,
        "keyed": 1,
        "not_told": 1,
        "missing": 1,
    }


def test_a_key_that_says_not_known_leaves_a_finding_open() -> None:
    told = completeness(_park([("A", "electricity", "bought", "C", "MWh")], [("A", "36", 1.0, 1.0)]))
    [finding] = [f for f in told.findings if f.rule.endswith("all.electricity")]
    assert finding.outcome is Outcome.CANNOT_TELL
    assert finding.reason


def test_a_gap_is_sized_by_last_year_before_peers_and_by_peers_before_a_usual_share() -> None:
    """Peers: 10, 20 and 60 MWh by 1, 1 and 2 万元 are 10, 20 and 30 each; the median 20 x 3 = 60 MWh."""
    rows = [
        ("A", "electricity", "bought", 10.0, "MWh"),
        ("B", "electricity", "bought", 20.0, "MWh"),
        ("C", "electricity", "bought", 60.0, "MWh"),
        *[(name, "fuel", "烟煤", 100.0, "t") for name in "ABCDE"],
        *ZONE_WIDE,
    ]
    firms = [("A", "30", 1.0, 9.0), ("B", "30", 1.0, 9.0), ("C", "30", 2.0, 9.0), ("D", "30", 3.0, 9.0)]
    before = _inventory([("E", "electricity", "bought", 7.0, "MWh")], 2022).frame
    told = completeness(_park(rows, [*firms, ("E", "30", 3.0, 9.0)]), before)
    peers, own = _gap(told, "D", "all.electricity"), _gap(told, "E", "all.electricity")
    assert (peers["basis"], peers["estimate_tco2e"]) == ("peers", pytest.approx(60 * 0.5897))
    assert (own["basis"], own["estimate_tco2e"]) == ("own_last_year", pytest.approx(7 * 0.6058))
    usual = _gap(told, "D", "30.process")
    assert (usual["basis"], usual["estimate_tco2e"]) == (
        "illustration",
        pytest.approx(100 * COAL * 0.6 / 0.4),
    )


def test_peers_are_compared_by_energy_where_value_added_is_not_known() -> None:
    rows = [
        *[(name, "electricity", "bought", 10.0, "MWh") for name in "ABC"],
        ("D", "fuel", "diesel", 1.0, "t"),
    ]
    firms = [(name, "36", None, 5.0) for name in "ABC"]
    told = completeness(_park([*rows, *ZONE_WIDE], [*firms, ("D", "36", None, 15.0)]))
    gap = _gap(told, "D", "all.electricity")
    assert (gap["basis"], gap["estimate_tco2e"]) == ("peers", pytest.approx(30 * 0.5897))


def test_two_peers_are_too_few_and_the_share_cannot_be_told_then() -> None:
    rows = [
        ("A", "electricity", "bought", 10.0, "MWh"),
        ("B", "electricity", "bought", 10.0, "MWh"),
        *ZONE_WIDE,
    ]
    told = completeness(
        _park([*rows, ("", "fuel", "diesel", 1.0, "t")], [(n, "36", 1.0, 1.0) for n in "ABC"])
    )
    gap = _gap(told, "C", "all.electricity")
    assert pd.isna(gap["estimate_tco2e"])
    assert "fewer than 3 peers" in gap["reason"]
    assert told.share.value is None
    assert told.share.reason.startswith("1 of 1 gaps cannot be sized: C all.electricity.")


def test_the_share_that_might_be_lacking_is_what_the_gaps_might_be_over_all() -> None:
    rows = [("A", "electricity", "bought", 10.0, "MWh"), ("A", "fuel", "烟煤", 100.0, "t"), *ZONE_WIDE]
    told = completeness(_park(rows, [("A", "3011", 1.0, 1.0)]))
    known = 5.897 + 100 * COAL
    assert told.share.value == pytest.approx(0.6)  # known x 0.6 / 0.4 over known / 0.4
    assert {entry.name: entry.value for entry in told.share.inputs} == pytest.approx({
        "known": known,
        "lacking": known * 1.5,
    })
    [fault] = [fault for fault in told.faults if fault.feature == "30.process"]
    assert "1 of 1 enterprises of division 30 (非金属矿物制品业) (A) have not told 工业过程" in fault.message
    assert "ndrc-2025-910 附件4 三(一), unverified" in fault.message
    assert f"It might be {known * 1.5:.6g} tCO2e (by illustration 1)" in fault.message


def test_what_a_plant_sends_out_lacks_no_emissions_where_it_is_not_stated() -> None:
    told = completeness(_park([("P", "fuel", "烟煤", 1.0, "t")], [("P", "4412", 1.0, 1.0)]))
    gap = _gap(told, "P", "44.output")
    assert (gap["estimate_tco2e"], gap["basis"]) == (0, "no_emissions")
    sun = completeness(_park([], [("P", "4416", 1.0, 1.0)]))
    assert "44.fuel" not in set(sun.states["expectation"])


def test_enterprises_below_the_scale_are_not_asked_for_the_zone_states_them() -> None:
    rows = [("", "electricity", "bought", 10.0, "MWh"), ("", "fuel", "diesel", 1.0, "t"), *ZONE_WIDE]
    told = completeness(_park(rows, [("A", "36", 1.0, 1.0)], above_scale=pd.array([False], dtype="boolean")))
    assert set(told.states["enterprise_id"]) == {"Z"}
    assert told.share.value == 0
    assert told.faults == ()


def test_strangers_and_silent_enterprises_are_named() -> None:
    told = completeness(
        _park([("U", "fuel", "diesel", 1.0, "t")], [("A", "36", 1.0, 1.0), ("B", "", 1.0, 1.0)])
    )
    said = {fault.code: fault.message for fault in told.faults}
    assert said["enterprise_silent"] == "2 enterprises have stated nothing: A, B."
    assert said["enterprise_unlisted"].endswith("of the year: U.")
    assert said["industry_not_known"].endswith("electricity only: B.")


def test_other_zones_and_years_in_the_table_are_left_out() -> None:
    table = pd.DataFrame({
        "enterprise_id": ["A", "B", "C"],
        "zone": ["Z", "Y", "Z"],
        "year": [2023, 2023, 2022],
        "industry": "36",
    })
    made = _inventory([("A", "electricity", "bought", 1.0, "MWh")])
    park = Park("Z", Ask(2023, "410000"), made.frame, made.quotes, table)
    assert park.firms["enterprise_id"].tolist() == ["A", "Z"]


def test_a_table_without_ids_is_refused() -> None:
    with pytest.raises(ColumnMissing, match="enterprise_id"):
        Park("Z", Ask(2023, "410000"), _inventory([]).frame, (), pd.DataFrame({"industry": ["36"]}))


STATED = st.lists(
    st.tuples(
        st.sampled_from("ABCD"),
        st.sampled_from([("electricity", "bought", "MWh"), ("fuel", "烟煤", "t"), ("heat", "bought", "GJ")]),
        st.one_of(st.sampled_from(["NO", "NE"]), st.floats(0, 1e5)),
    ).map(lambda row: (row[0], *row[1][:2], row[2], row[1][2])),
    max_size=12,
)


@settings(max_examples=12)
@given(STATED, st.randoms(use_true_random=False))
def test_order_of_rows_changes_nothing_and_every_gap_is_sized_or_says_why_not(
    rows: list[Any], chance: Any
) -> None:
    firms = [("A", "30", 1.0, 2.0), ("B", "31", 2.0, None), ("C", "44", None, 1.0), ("D", "", 0.0, 0.0)]
    told = completeness(_park(rows, firms))
    shuffled, others = list(rows), list(firms)
    chance.shuffle(shuffled)
    chance.shuffle(others)
    again = completeness(_park(shuffled, others))
    key = ["enterprise_id", "expectation"]
    columns = ["state", "estimate_tco2e", "basis"]
    one, other = (each.gaps.set_index(key)[columns].sort_index() for each in (told, again))
    pd.testing.assert_frame_equal(one, other, rtol=1e-9)
    sized = told.gaps["estimate_tco2e"].notna()
    assert (told.gaps["reason"].ne("") == ~sized).all()
    assert (told.share.value is None) == bool(told.share.reason)
    json.dumps(told.as_json(), allow_nan=False)
