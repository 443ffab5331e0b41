"""The projects of the sample: days in order, figures that fit, and each story worked out again."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from data.codes import industries
from data.sample import Sample
from data.sample.cases import FURTHER, USUAL
from data.sample.plan import PLANS
from data.sample.stories_projects import TOLD

LAST_DAY = pd.Timestamp("2024-12-31")
PER_YEAR = 365.25
DAYS = (
    "accepted_on",
    "contract_on",
    "agreed_start_on",
    "started_on",
    "suspended_on",
    "operating_on",
    "due_on",
)


@pytest.fixture(scope="module")
def projects(sample: Sample) -> pd.DataFrame:
    """All projects by their id, days as timestamps."""
    told = sample.frame("projects").set_index("project_id")
    return told.assign(**{name: pd.to_datetime(told[name]) for name in DAYS})


def about(sample: Sample, projects: pd.DataFrame, case: str) -> pd.Series:
    """The project of a story."""
    (number,) = sample.story(f"project_{case}").ids
    return projects.loc[number]


def test_every_zone_has_many_projects_each_on_a_plot_of_its_own(
    sample: Sample, projects: pd.DataFrame
) -> None:
    assert set(projects["zone"]) == {plan.code for plan in PLANS}
    assert projects.groupby("zone").size().between(14, 24).all()
    assert not projects["parcel_id"].duplicated().any()
    plots = sample.frame("parcels").set_index("parcel_id").loc[projects["parcel_id"]]
    assert (plots["zone"].to_numpy() == projects["zone"].to_numpy()).all()
    held = projects["enterprise_id"].notna()
    assert (plots["enterprise_id"].to_numpy()[held] == projects["enterprise_id"][held]).all()
    assert not plots["built"].to_numpy()[~held].any()
    assert sum(len(USUAL) + len(FURTHER[plan.code]) for plan in PLANS) == 112 == len(projects) - 46
    assert projects["name"].str.startswith("示例").all()


def test_days_of_a_project_follow_each_other(projects: pd.DataFrame) -> None:
    assert (projects["accepted_on"] < projects["contract_on"]).all()
    assert (projects["contract_on"] < projects["agreed_start_on"]).all()
    assert (projects["agreed_start_on"] < projects["due_on"]).all()
    begun = projects["started_on"].notna()
    assert begun.equals(projects["stage"].isin(["started", "operating"]))
    assert projects["operating_on"].notna().equals(projects["stage"] == "operating")
    for first, then in (
        ("contract_on", "started_on"),
        ("started_on", "suspended_on"),
        ("started_on", "operating_on"),
    ):
        both = projects[[first, then]].dropna()
        assert (both[first] < both[then]).all()
    assert (projects[["started_on", "suspended_on", "operating_on"]].max() <= LAST_DAY).all()
    assert (projects["developed_m2"] > 0).equals(begun)
    june = pd.Timestamp("2023-06-01")
    assert (projects["accepted_on"] < june).sum() > 40
    assert (projects["accepted_on"] >= june).sum() > 40


def test_figures_of_a_project_fit_into_its_land(sample: Sample, projects: pd.DataFrame) -> None:
    told = projects.dropna(subset="floor_area_m2")
    covered = told["footprint_m2"] + told["structures_m2"] + told["yard_m2"]
    assert (covered + told["green_m2"] <= told["land_m2"]).all()
    assert (told["high_floor_area_m2"] <= told["floor_area_m2"]).all()
    assert (told["developed_m2"] <= told["developable_m2"]).all()
    assert (told["developable_m2"] <= told["land_m2"]).all()
    plots = sample.frame("parcels").set_index("parcel_id").loc[told["parcel_id"]]
    built = plots["built"].to_numpy()
    assert np.allclose(told["floor_area_m2"][built], plots["floor_area_m2"][built], atol=1)
    assert np.allclose((told["structures_m2"] + told["yard_m2"])[built], plots["yard_m2"][built], atol=1.5)
    given = pd.to_datetime(plots["supplied_on"]).to_numpy() - told["contract_on"].to_numpy()
    assert (given == np.timedelta64(30, "D")).all()


def test_an_industry_is_told_in_the_edition_of_its_day(projects: pd.DataFrame) -> None:
    accepted, edition = projects["accepted_on"], projects["industry_edition"]
    assert (edition[accepted >= "2017-10-01"] == "gbt4754_2017").all()
    assert (edition[accepted.between("2011-11-01", "2017-09-30")] == "gbt4754_2011").all()
    assert (edition[accepted < "2011-11-01"] == "gbt4754_2002").all()
    assert set(edition) == {"gbt4754_2002", "gbt4754_2011", "gbt4754_2017"}
    assert set(projects["industry"]) <= set(industries().index)


@pytest.mark.parametrize(
    ("case", "least", "most"), [("not_begun", 1, 2), ("not_begun_long", 2, 4), ("waiting", 0.1, 1)]
)
def test_land_on_which_nothing_has_begun(
    sample: Sample, projects: pd.DataFrame, case: str, least: float, most: float
) -> None:
    project = about(sample, projects, case)
    assert pd.isna(project["started_on"])
    years = (LAST_DAY - project["agreed_start_on"]).days / PER_YEAR
    assert sample.story(f"project_{case}").numbers["overdue_years"] == pytest.approx(years, abs=0.006)
    assert least < years < most


@pytest.mark.parametrize(
    ("case", "idle"), [("suspended", True), ("suspended_money", True), ("paused", False)]
)
def test_land_on_which_work_has_stopped(
    sample: Sample, projects: pd.DataFrame, case: str, idle: bool
) -> None:
    project, told = about(sample, projects, case), sample.story(f"project_{case}").numbers
    developed = project["developed_m2"] / project["developable_m2"]
    invested = project["actual_investment_cny10k"] / project["promised_investment_cny10k"]
    years = (LAST_DAY - project["suspended_on"]).days / PER_YEAR
    assert told["developed_share"] == pytest.approx(developed, abs=6e-5)
    assert told["invested_share"] == pytest.approx(invested, abs=6e-5)
    assert told["suspended_years"] == pytest.approx(years, abs=0.006)
    assert ((developed < 1 / 3 or invested < 0.25) and years >= 1) is idle


@pytest.mark.parametrize(("case", "before"), [("sparse_old", True), ("sparse_new", False)])
def test_one_coefficient_is_judged_by_the_day_of_acceptance(
    sample: Sample, projects: pd.DataFrame, case: str, before: bool
) -> None:
    project = about(sample, projects, case)
    share = (project["footprint_m2"] + project["structures_m2"] + project["yard_m2"]) / project["land_m2"]
    told = sample.story(f"project_{case}").numbers["building_coefficient"]
    assert told == pytest.approx(share, abs=6e-5)
    assert 0.30 < share < 0.40
    assert (project["accepted_on"] < pd.Timestamp("2023-05-11")) is before


def test_high_storeys_count_twice(sample: Sample, projects: pd.DataFrame) -> None:
    limit = 0.8
    for case, saved in (("low", False), ("high_storeys", True)):
        project, told = about(sample, projects, case), sample.story(f"project_{case}").numbers
        plain = project["floor_area_m2"] / project["land_m2"]
        twice = (project["floor_area_m2"] + project["high_floor_area_m2"]) / project["land_m2"]
        assert told["as_drawn"] == pytest.approx(plain, abs=6e-5)
        assert told["plot_ratio"] == pytest.approx(twice, abs=6e-5)
        assert plain < limit
        assert bool(twice > limit) is saved


def test_offices_and_greenery_are_too_large_in_one_project_each(
    sample: Sample, projects: pd.DataFrame
) -> None:
    offices, wide = about(sample, projects, "wide_offices"), sample.story("project_wide_offices").numbers
    assert wide["admin_land_share"] == pytest.approx(offices["admin_land_m2"] / offices["land_m2"], abs=6e-5)
    floor = offices["admin_floor_m2"] / offices["floor_area_m2"]
    assert wide["admin_floor_share"] == pytest.approx(floor, abs=6e-5)
    assert wide["admin_land_share"] > 0.07
    assert wide["admin_floor_share"] > 0.15
    green, much = about(sample, projects, "much_green"), sample.story("project_much_green").numbers
    assert much["green_share"] == pytest.approx(green["green_m2"] / green["land_m2"], abs=6e-5)
    assert much["green_share"] > 0.20


def test_a_promise_is_broken_once_it_is_due_and_not_before(sample: Sample, projects: pd.DataFrame) -> None:
    short, told = about(sample, projects, "short"), sample.story("project_short").numbers
    assert short["due_on"] < LAST_DAY
    for name, item in (("investment_kept", "investment_cny10k"), ("tax_kept", "tax_cny10k")):
        assert told[name] == pytest.approx(short[f"actual_{item}"] / short[f"promised_{item}"], abs=6e-5)
        assert told[name] < 0.7
    young = about(sample, projects, "not_due")
    assert young["due_on"] > LAST_DAY
    years = (young["due_on"] - LAST_DAY).days / PER_YEAR
    assert sample.story("project_not_due").numbers["due_in_years"] == pytest.approx(years, abs=0.006)
    kept = projects.loc[["02P010", "02P011"]]
    for item in ("investment_cny10k", "tax_cny10k", "output_cny10k"):
        assert (kept[f"actual_{item}"] >= kept[f"promised_{item}"]).all()
    assert (kept["actual_energy_tce"] <= kept["promised_energy_tce"]).all()
    assert (kept["actual_plot_ratio"] >= kept["promised_plot_ratio"] - 0.01).all()


def test_what_is_not_known_is_blank_and_not_zero(sample: Sample, projects: pd.DataFrame) -> None:
    blank = projects["floor_area_m2"].isna()
    assert sample.story("project_unknown").ids[0] in set(projects.index[blank])
    unknown = ["footprint_m2", "green_m2", "admin_land_m2", "actual_tax_cny10k", "actual_investment_cny10k"]
    assert projects.loc[blank, unknown].isna().all(axis=None)
    assert projects.loc[~blank, unknown].notna().all(axis=None)


def test_admission_is_judged_by_the_list_of_the_day(sample: Sample, projects: pd.DataFrame) -> None:
    listed = sample.frame("admissions")
    for case, treatment, held in (
        ("prohibited", "prohibited", True),
        ("prohibited_later", "prohibited", False),
        ("restricted", "restricted", True),
    ):
        project = about(sample, projects, case)
        mine = listed[(listed["zone"] == project["zone"]) & (listed["treatment"] == treatment)]
        hit = mine[mine["process"].isin(project["process"].split(";"))]
        assert len(hit) == 1
        assert (hit["since"].iloc[0] <= project["accepted_on"].date()) is held
    over = listed[listed["until"].notna()]
    assert len(over) == 1
    assert over["until"].iloc[0] < date(2024, 1, 1)


def test_every_case_has_its_story(sample: Sample) -> None:
    told = {story.code for story in sample.stories}
    assert {f"project_{case}" for case in TOLD} <= told
    assert set(TOLD) <= {*USUAL, *(case for names in FURTHER.values() for case in names)}
