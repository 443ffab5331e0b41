"""Balance of an adjustment: what comes against what goes, land of a kind, and how good it is."""

from __future__ import annotations

import runpy
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import RuleFileError
from data.records import Outcome

MADE = runpy.run_path(str(Path(__file__).with_name("plane_requests.py")))
request, grounds, judged, office = (MADE[name] for name in ("request", "grounds", "judged", "office"))
AREA, CULTIVATED, QUALITY = (
    f"rules.adjustment.balance.{name}" for name in ("area", "cultivated", "cultivated_quality")
)
CLASSES = {"class_code": ["01"]}
BASE = {"area": "added", "against": "lost"}


def parcels(*rows: tuple[str, float, str | None, float | None]) -> pd.DataFrame:
    """Parcels of the land that moves: which way, m², class, grade."""
    frame = pd.DataFrame(list(rows), columns=["moves", "area_m2", "class_code", "grade"])
    return frame.astype({"class_code": "str"})


def beside(metres: float) -> list[tuple[float, ...]]:
    """Land beside the zone, as long as it is high (100 m)."""
    return [(100, 0, 100 + metres, 100)]


@pytest.mark.parametrize(
    ("comes_m", "outcome", "measured"),
    [
        (20, Outcome.MET, 0.0),
        (19.99, Outcome.MET, -1.0),
        (20.00004, Outcome.MET, 0.004),  # 0.00 at two decimals
        (20.00006, Outcome.NOT_MET, 0.006),  # 0.01
        (30, Outcome.NOT_MET, 1000.0),
    ],
)
def test_an_adjustment_takes_in_no_more_than_it_gives_up(comes_m, outcome, measured):
    asked = request("adjustment", added=beside(comes_m), lost=[(0, 0, 20, 100)])
    told = judged(AREA, asked, grounds()).finding
    assert told.outcome is outcome
    assert told.measured == pytest.approx(measured, abs=1e-6)
    assert [each.value for each in told.inputs] == pytest.approx([comes_m * 100, 2000])


def test_cultivated_land_beyond_what_is_given_up_is_to_be_verified_and_not_refused():
    asked = request("adjustment", added=beside(20), lost=[(0, 0, 20, 100)])
    rows = parcels(("added", 1500, "0102", None), ("added", 500, "0601", None), ("lost", 2000, "0601", None))
    told = judged(CULTIVATED, asked, grounds(moving=rows)).finding
    assert (told.outcome, told.measured) == (Outcome.CANNOT_TELL, 1500)
    assert "开垦" in told.reason
    rows = parcels(("added", 1500, "0102", None), ("added", 500, "0601", None), ("lost", 2000, "0103", None))
    told = judged(CULTIVATED, asked, grounds(moving=rows)).finding
    assert (told.outcome, told.measured) == (Outcome.MET, -500)


def test_an_orchard_is_no_cultivated_land_although_it_is_farmland():
    asked = request("adjustment", added=beside(20), lost=[(0, 0, 20, 100)])
    rows = parcels(("added", 2000, "0201", None), ("lost", 2000, "0601", None))
    assert judged(CULTIVATED, asked, grounds(moving=rows)).finding.measured == 0


@pytest.mark.parametrize(
    ("comes", "goes", "outcome", "said"),
    [
        # 2000 m² of which nothing is known may all be cultivated, and then as much comes as goes
        (None, "0101", Outcome.MET, "between -2000 and 0"),
        ("0101", None, Outcome.CANNOT_TELL, "between 0 and 2000"),
        (None, None, Outcome.CANNOT_TELL, "between -2000 and 2000"),
    ],
)
def test_land_of_no_known_class_leaves_the_balance_between_two_bounds(comes, goes, outcome, said):
    asked = request("adjustment", added=beside(20), lost=[(0, 0, 20, 100)])
    rows = parcels(("added", 2000, comes, None), ("lost", 2000, goes, None))
    told = judged(CULTIVATED, asked, grounds(moving=rows)).finding
    assert told.outcome is outcome
    assert said in told.reason
    assert (told.measured is None) == (outcome is Outcome.CANNOT_TELL)


def test_land_without_a_parcel_is_not_land_without_cultivation():
    asked = request("adjustment", added=beside(20), lost=[(0, 0, 20, 100)])
    rows = parcels(("added", 500, "0601", None), ("lost", 2000, "0601", None))
    told = judged(CULTIVATED, asked, grounds(moving=rows)).finding
    assert told.outcome is Outcome.CANNOT_TELL
    assert "1500.00 m² has no parcel" in told.reason


def test_without_any_parcels_the_balance_of_a_kind_cannot_be_told():
    asked = request("adjustment", added=beside(20), lost=[(0, 0, 20, 100)])
    told = judged(CULTIVATED, asked, grounds()).finding
    assert told.outcome is Outcome.CANNOT_TELL
    assert "No parcels are known" in told.reason


def test_nothing_that_comes_is_nothing_cultivated():
    told = judged(
        CULTIVATED, request("adjustment", lost=[(0, 0, 20, 100)]), grounds(moving=parcels())
    ).finding
    assert (told.outcome, told.measured) == (Outcome.MET, 0)  # between -2000 and 0


@pytest.mark.parametrize(
    ("value", "outcome"), [(1.5, Outcome.MET), (1.4999, Outcome.NOT_MET), (1.51, Outcome.MET)]
)
def test_a_ratio_is_what_comes_over_what_goes(office, value, outcome):
    rule = office("adjustment", {**BASE, "as": "ratio"}, form="balance", value=value, decimals=4)
    asked = request("adjustment", added=beside(30), lost=[(0, 0, 20, 100)])
    told = judged(rule, asked, grounds()).finding
    assert (told.outcome, told.measured) == (outcome, pytest.approx(1.5))


def test_a_ratio_to_nothing_cannot_be_told(office):
    rule = office("adjustment", {**BASE, "as": "ratio"}, form="balance", value=1)
    told = judged(rule, request("adjustment", added=beside(30)), grounds()).finding
    assert told.outcome is Outcome.CANNOT_TELL
    assert "nothing to compare with" in told.reason


@pytest.mark.parametrize(
    ("goes", "outcome", "measured"),
    [(6.0, Outcome.MET, 0.5), (6.5, Outcome.MET, 0.0), (6.6, Outcome.NOT_MET, -0.1)],
)
def test_quality_is_a_mean_weighted_by_area(office, goes, outcome, measured):
    measure = {**BASE, "mean": "grade", "land": CLASSES}
    rule = office("adjustment", measure, form="balance", compare="at least", decimals=4)
    asked = request("adjustment", added=beside(20), lost=[(0, 0, 20, 100)])
    # (500 x 5 + 1500 x 7) / 2000 = 6.5; the works have no grade, and need none
    comes = [("added", 500, "0101", 5), ("added", 1500, "0103", 7)]
    rows = parcels(*comes, ("lost", 1000, "0101", goes), ("lost", 1000, "0601", None))
    told = judged(rule, asked, grounds(moving=rows)).finding
    assert (told.outcome, told.measured) == (outcome, pytest.approx(measured))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            parcels(("added", 500, "0101", None), ("lost", 500, "0101", 5)),
            "500.00 m² of the land that is added",
        ),
        (parcels(("added", 500, "0101", 5), ("lost", 500, "0601", 5)), "No such land is lost"),
        (parcels(("added", 500, "0101", 5)).drop(columns="grade"), "have no column grade"),
    ],
)
def test_quality_that_is_not_stated_cannot_be_told(office, rows, said):
    measure = {**BASE, "mean": "grade", "land": CLASSES}
    rule = office("adjustment", measure, form="balance", compare="at least")
    asked = request("adjustment", added=beside(20), lost=[(0, 0, 20, 100)])
    told = judged(rule, asked, grounds(moving=rows)).finding
    assert told.outcome is Outcome.CANNOT_TELL
    assert said in told.reason


@pytest.mark.parametrize(
    ("measure", "said"),
    [
        ({**BASE, "land": ["0101"]}, "Write a column and a list"),
        ({**BASE, "as": "product"}, "as is 'product'. Write one of difference, ratio"),
        ({**BASE, "area": "zone"}, "area is 'zone'"),
        ({"area": "after", "against": "boundary", "land": CLASSES}, "after and boundary stand there"),
    ],
)
def test_a_badly_written_balance_is_refused_in_words(office, measure, said):
    rule = office("adjustment", measure, form="balance", unit="m2")
    with pytest.raises(RuleFileError, match=f"{rule}: measure.*{said}"):
        judged(rule, request("adjustment"), grounds())


@pytest.mark.parametrize(
    ("code", "value", "outcome", "measured"),
    [
        ("0601", 0.75, Outcome.MET, 0.75),
        ("0601", 0.7499, Outcome.NOT_MET, 0.75),
        (None, 0.75, Outcome.CANNOT_TELL, None),
        (None, 1.0, Outcome.MET, 1.0),
        (None, 0.7, Outcome.NOT_MET, 0.75),
    ],
)
def test_a_share_of_a_kind_of_land_is_a_threshold(office, code, value, outcome, measured):
    rule = office("expansion", {"share": CLASSES}, value=value, decimals=4)
    rows = parcels(("added", 1500, "0102", None), ("added", 500, code, None))
    told = judged(rule, request("expansion", added=beside(20)), grounds(moving=rows)).finding
    assert (told.outcome, told.measured) == (outcome, measured)


def test_dust_between_parcels_and_their_land_is_no_land_of_unknown_class():
    asked = request("adjustment", added=beside(20), lost=[(0, 0, 20, 100)])
    rows = parcels(("added", 1999.997, "0102", None), ("lost", 1999.997, "0102", None))
    told = judged(CULTIVATED, asked, grounds(moving=rows)).finding
    assert (told.outcome, told.measured, told.reason) == (Outcome.MET, 0, "")


def test_a_rule_that_no_row_holds_is_there_to_be_given_one():
    asked = request("adjustment", added=beside(20), lost=[(0, 0, 20, 100)])
    held = MADE["hold"](asked, grounds(moving=parcels()))
    assert {each["rule"]: each["reason"] for each in held.not_held}[QUALITY].startswith("No limit is known")


@given(
    comes=st.lists(st.tuples(st.sampled_from(["0101", "0601", None]), st.integers(1, 900)), max_size=6),
    goes=st.lists(st.tuples(st.sampled_from(["0101", "0601", None]), st.integers(1, 900)), max_size=6),
)
def test_the_answer_never_depends_on_what_an_unknown_class_turns_out_to_be(comes, goes):
    added, lost = (max(sum(area for _, area in side), 1e-9) for side in (comes, goes))
    zone = [(0, 0, 1, 9000)]
    asked = request("adjustment", boundary=zone, lost=[(0, 0, 1, lost)], added=[(1, 0, 2, added)])

    def told(unknown: str | None) -> Outcome:
        rows = [("added", area, code or unknown, None) for code, area in comes]
        rows += [("lost", area, code or unknown, None) for code, area in goes]
        return judged(CULTIVATED, asked, grounds(moving=parcels(*rows))).finding

    sure = told(None)
    if sure.measured is not None:
        assert {told("0101").outcome, told("0601").outcome} == {sure.outcome}
