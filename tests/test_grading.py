"""Grading by a scheme: cases worked by hand, and what becomes of those that cannot be graded."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import yaml

from data.errors import ColumnMissing, NotHere, NoValueOnDay
from geo.benefit.grading import grade
from geo.benefit.scheme import scheme
from geo.benefit.why import why_grade

CASES = Path(__file__).parent / "cases"
DAY = date(2022, 6, 1)
ABOVE = ["enterprise_id", "land_mu", "tax_cny10k", "value_added_cny10k", "energy_tce", "pollutant_t",
         "employees", "rd_cny10k", "revenue_cny10k"]  # fmt: skip
BELOW = ["enterprise_id", "land_mu", "tax_cny10k", "electricity_mwh"]
SIX = [item.code for item in scheme("huangyan_2022").group("above_scale").items]
TWO = [item.code for item in scheme("huangyan_2022").group("below_scale").items]


def case(name: str):
    return yaml.safe_load((CASES / name).read_text("utf-8"))[0]


def statements(rows, columns, **more) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=columns)
    fixed = {"zone": "G1", "year": 2021, "leased_in_mu": 0.0, "leased_out_mu": 0.0, "name": "厂"}
    return frame.assign(**{**fixed, **more})


def huangyan() -> pd.DataFrame:
    told = case("grading_huangyan.yaml")
    return pd.concat(
        [
            statements(told["above"], ABOVE, above_scale=True),
            statements(told["below"], BELOW, above_scale=False),
        ],
        ignore_index=True,
    )


def henan(**more) -> pd.DataFrame:
    rows = [row[:4] for row in case("grading_henan.yaml")["rows"]]
    frame = statements(rows, ["enterprise_id", "tax_cny10k", "rd_cny10k", "energy_tce"], above_scale=True)
    fixed = {
        "land_mu": 10.0,
        "revenue_cny10k": 1000.0,
        "pollutant_t": 1.0,
        "started_on": pd.Timestamp(2010, 1, 1),
    }
    return frame.assign(**{**fixed, **more})


def graded(frame: pd.DataFrame, name: str = "henan_2019", **more):
    return grade(scheme(name), frame, year=2021, day=DAY, **more)


def by_id(grading) -> pd.DataFrame:
    return grading.frame.set_index("enterprise_id")


def test_ten_firms_of_huangyan_score_what_the_formula_says():
    told, frame = case("grading_huangyan.yaml"), by_id(graded(huangyan(), "huangyan_2022"))
    assert (frame["status"] == "graded").all()
    assert frame["class"].isna().all()
    assert not frame["lowest"].any()
    for name, (terms, total) in told["expected"].items():
        codes = SIX if name.startswith("H") else TWO
        assert [frame.loc[name, f"score.{code}"] for code in codes] == pytest.approx(terms, abs=2e-5), name
        assert frame.loc[name, "score"] == pytest.approx(total, abs=2e-5), name
    assert frame["rank"].to_dict() == told["ranks"]
    assert frame.loc["H06", "filled.value_added_per_pollutant"]
    assert frame.loc["H06", "value.value_added_per_pollutant"] == pytest.approx(told["average"], abs=1e-5)


def test_two_stages_over_twenty_firms_of_henan():
    frame = by_id(graded(henan()))
    for name, _, _, _, total, half, second, label in case("grading_henan.yaml")["rows"]:
        row = frame.loc[name]
        assert row["score"] == pytest.approx(total), name
        assert (row["half"], row["class"]) == (half, label), name
        assert row["second_score"] == pytest.approx(second), name
    assert frame["lowest"].sum() == 2
    assert set(frame["second_count"]) == {10}


def test_each_zone_is_graded_by_itself():
    two = pd.concat([henan(), henan(zone="G2", enterprise_id=[f"Q{n}" for n in range(20)])])
    frame = graded(two).frame
    assert frame.groupby("zone")["class"].value_counts().unstack().to_numpy().tolist() == [[3, 15, 2]] * 2
    assert set(frame["count"]) == {20}


def test_below_scale_the_tax_paid_decides_and_small_land_is_outside():
    rows = [[f"S{n:02d}", 6.0, float(n)] for n in range(1, 21)] + [["S00", 4.9, 99.0]]
    frame = statements(rows, ["enterprise_id", "land_mu", "tax_cny10k"], above_scale=False)
    told = by_id(graded(frame.assign(started_on=pd.Timestamp(2010, 1, 1))))
    assert told["class"].dropna().to_dict() == {
        f"S{n:02d}": "A" if n > 17 else "C" if n < 3 else "B" for n in range(1, 21)
    }
    assert told.loc["S00", "status"] == "outside"
    assert "land at least 5" in told.loc["S00", "reason"]
    assert told.loc["S20", "score"] == pytest.approx(100 * 20 / 10.5)


def test_a_missing_figure_is_never_zero_and_the_others_close_up():
    frame = henan()
    frame.loc[0, "tax_cny10k"] = None
    told = graded(frame)
    row = by_id(told).loc["P01"]
    assert row["status"] == "unranked"
    assert pd.isna(row["score"])
    assert pd.isna(row["rank"])
    assert "亩均税收 (tax_per_mu): tax_cny10k is not known" in row["reason"]
    assert set(told.frame["count"].dropna()) == {19}
    assert [fault.feature for fault in told.faults if fault.code == "not_graded"] == ["P01"]


def test_land_that_is_not_stated_names_the_column():
    frame = henan()
    frame.loc[3, "leased_out_mu"] = None
    assert "leased_out_mu is not stated" in by_id(graded(frame)).loc["P04", "reason"]


def test_scale_that_is_not_stated_leaves_the_group_open():
    frame = henan(above_scale=pd.array([None, *[True] * 19], dtype="boolean"))
    row = by_id(graded(frame)).loc["P01"]
    assert row["status"] == "unranked"
    assert "Its group cannot be told: it needs above_scale, land" in row["reason"]


def test_a_firm_younger_than_two_years_is_excused_and_one_without_a_day_is_graded_with_a_word():
    frame = henan()
    frame.loc[0, "started_on"] = pd.Timestamp(2020, 1, 2)  # two full years on 2022-01-02
    frame.loc[1, "started_on"] = pd.Timestamp(2020, 1, 1)  # on 2022-01-01, the first day after 2021
    frame.loc[2, "started_on"] = pd.NaT
    told = by_id(graded(frame))
    assert told["status"].head(3).tolist() == ["excused", "graded", "graded"]
    assert told.loc["P01", "reason"].startswith("投产未满两年 (henan-2017-11")
    assert "started_on is not stated; graded as if it did not" in told.loc["P03", "reason"]
    assert set(told["count"].dropna()) == {19}


def test_a_firm_that_stands_twice_is_a_fault_and_unranked():
    frame = pd.concat([henan(), henan().head(1)])
    told = graded(frame)
    assert (told.frame["enterprise_id"] == "P01").sum() == 2
    assert by_id(told).loc["P01", "status"].tolist() == ["unranked", "unranked"]
    assert [fault.feature for fault in told.faults if fault.code == "enterprise_twice"] == ["P01"]
    assert set(told.frame["count"].dropna()) == {19}


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("tax_cny10k", 1001.0, "part_exceeds_revenue"),
        ("rd_cny10k", 2e6, "part_exceeds_revenue"),
        ("rd_cny10k", -1.0, "figure_negative"),
        ("energy_tce", 0.0, "nothing_used"),
        ("energy_tce", float("inf"), "figure_not_finite"),
    ],
)
def test_absurd_figures_are_faults_and_not_used(column, value, code):
    frame = henan().astype({column: "float64"})
    frame.loc[4, column] = value
    told = graded(frame)
    assert [(fault.code, fault.feature) for fault in told.faults if fault.code != "not_graded"] == [
        (code, "P05")
    ]
    assert by_id(told).loc["P05", "status"] == "unranked"
    assert "is not believed" in by_id(told).loc["P05", "reason"]
    assert pd.isna(told.statements.loc[4, column])


def test_a_value_beyond_the_plausible_is_a_fault_and_leaves_the_average_alone():
    frame = henan().assign(revenue_cny10k=1e9)
    frame.loc[0, "tax_cny10k"] = 1_950_000.0  # yuan where 万元 is asked
    told = graded(frame)
    assert "value_implausible" in {fault.code for fault in told.faults}
    assert by_id(told).loc["P01", "status"] == "unranked"
    assert told.scored["above_scale"].bases["tax_per_mu"].tolist() == [pytest.approx((2000 - 195) / 190)]


def test_an_unknown_industry_is_told_once_for_all_its_firms():
    told = graded(henan(industry="99"))
    fault = next(fault for fault in told.faults if fault.code == "industry_unknown")
    assert "P01, P02, P03, P04, P05 and 15 more" in fault.message
    assert (told.frame["status"] == "graded").all()


def test_a_scheme_is_not_used_before_it_holds_and_statements_must_name_the_year():
    with pytest.raises(NoValueOnDay, match="henan_2019"):
        grade(scheme("henan_2019"), henan(), year=2018, day=date(2018, 12, 31))
    with pytest.raises(ColumnMissing, match="zone"):
        graded(henan().drop(columns="zone"))


def test_an_empty_year_has_an_empty_frame():
    told = grade(scheme("generic_abcd"), henan(), year=1999, day=DAY)
    assert len(told.frame) == 0
    assert {"class", "rank", "status", "value.tax_per_mu"} <= set(told.frame.columns)


def test_why_tells_every_number_of_a_firm():
    why = why_grade(graded(henan()), "P19")
    tax = why["indicators"][0]
    assert (tax["figures"], tax["value"], tax["base"]) == ({"tax_cny10k": 15.0, "land": 10.0}, 1.5, 10.0)
    assert (tax["weight"], tax["score"], tax["status"]) == (25.0, 3.75, "illustration")
    assert (why["rank"], why["count"], why["class"], why["lowest"]) == (18, 20, "C", True)
    assert why["step"] == (
        "rank 18 of 20 by total score: bottom half; "
        "there rank 10 of 10 by output_per_tce + tax_per_pollutant; "
        "C: last 10, per cents of the group"
    )
    assert why["total"]["sum"] == why["total"]["score"] == pytest.approx(62.5)
    assert why["scheme"]["status"] == "unverified"
    with pytest.raises(NotHere, match="P99"):
        why_grade(graded(henan()), "P99")
