"""Objections: what was decided counts, what is open is only flagged, and what is about nothing is a fault."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from geo.benefit.grading import grade
from geo.benefit.objections import difference
from geo.benefit.scheme import scheme
from geo.benefit.why import why_grade

DAY = date(2022, 6, 1)
TOLD = scheme("huangyan_2022")


def firms() -> pd.DataFrame:
    return pd.DataFrame({
        "enterprise_id": ["A", "B", "C"],
        "name": ["甲", "乙", "丙"],
        "zone": "G1",
        "year": 2021,
        "above_scale": False,
        "land_mu": 10.0,
        "leased_in_mu": 0.0,
        "leased_out_mu": 0.0,
        "tax_cny10k": [30.0, 20.0, 10.0],
        "electricity_mwh": 1000.0,
    })


def objection(**more) -> pd.DataFrame:
    fixed = {
        "zone": "G1",
        "year": 2021,
        "enterprise_id": "C",
        "item": "tax_cny10k",
        "stated": 10.0,
        "claimed": 50.0,
        "decided": 40.0,
        "outcome": "partly",
        "raised_on": "2022-05-01",
        "decided_on": "2022-05-20",
        "reason": "漏计",
    }
    return pd.DataFrame([{**fixed, **more}])


def graded(objections=None, frame=None):
    return grade(TOLD, firms() if frame is None else frame, year=2021, day=DAY, objections=objections)


def test_a_decided_figure_takes_the_place_of_the_stated_one_and_all_ranks_move():
    frame = firms()
    before, after = graded(frame=frame), graded(objection(), frame)
    assert frame["tax_cny10k"].tolist() == [30.0, 20.0, 10.0]
    told = difference(before.frame, after.frame)
    assert told["enterprise_id"].tolist() == ["A", "B", "C"]
    assert told["rank_before"].tolist() == [1, 2, 3]
    assert told["rank_after"].tolist() == [2, 3, 1]
    row = after.frame.set_index("enterprise_id").loc["C"]
    assert (row["objection"], row["changed"]) == ("partly", "tax_cny10k 10 -> 40")
    assert row["value.tax_per_mu"] == 4.0
    record = why_grade(after, "C")["objections"][0]
    assert (record["before"], record["claimed"], record["after"], record["applied"]) == (
        10.0,
        50.0,
        40.0,
        True,
    )


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ({"outcome": "open", "decided": None, "decided_on": None}, "open"),
        ({"decided_on": "2022-06-02"}, "open"),
        ({"outcome": "rejected", "decided": None}, "rejected"),
    ],
)
def test_what_is_open_rejected_or_decided_later_is_flagged_and_figures_stay(more, state):
    told = graded(objection(**more))
    assert told.frame["objection"].tolist()[2] == state
    assert told.frame["value.tax_per_mu"].tolist() == [3.0, 2.0, 1.0]
    assert difference(graded().frame, told.frame).empty
    assert told.faults == ()
    assert told.objections["why"].item()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"enterprise_id": "X"}, "no single statement"),
        ({"item": "taxes"}, "Enterprises have no number taxes"),
        ({"item": "name"}, "Enterprises have no number name"),
        ({"zone": "G2"}, "of zone G2, the statement of G1"),
        ({"stated": 11.0}, "was published as 11; the statement says 10"),
        ({"stated": 12.0, "decided": 10.0}, "was published as 12; the statement says 10"),
        ({"decided": None}, "without decided or decided_on"),
        ({"decided_on": None}, "without decided or decided_on"),
        ({"outcome": "won"}, "The outcome is 'won'"),
    ],
)
def test_an_objection_about_nothing_or_against_the_statement_is_a_fault(more, said):
    told = graded(objection(**more))
    assert [fault.code for fault in told.faults] == ["objection_unclear"]
    assert said in told.faults[0].message
    assert told.faults[0].remedy
    assert told.frame["value.tax_per_mu"].tolist() == [3.0, 2.0, 1.0]


def test_two_objections_to_one_figure_are_both_faults():
    told = graded(pd.concat([objection(), objection(decided=45.0)]))
    assert len(told.faults) == 2
    assert not told.objections["applied"].any()


def test_an_objection_can_fill_in_what_was_blank():
    frame = firms()
    frame.loc[2, "land_mu"] = None
    told = graded(objection(item="land_mu", stated=None, decided=5.0, outcome="upheld"), frame)
    assert graded(frame=frame).frame["status"].tolist() == ["graded", "graded", "unranked"]
    assert told.frame["value.tax_per_mu"].tolist() == [3.0, 2.0, 2.0]


def test_objections_of_another_year_are_left_out():
    told = graded(objection(year=2020))
    assert told.objections.empty
    assert told.frame["objection"].isna().all()
