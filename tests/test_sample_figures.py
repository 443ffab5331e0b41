"""The further figures of the sample: titles, planned land, filings, statistics, controls, objections."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from data.codes import industries, regions
from data.sample import Sample
from data.sample.plan import PLANE, PLANS
from data.units import convert
from geo.land.survey import surveyed

NINE = [plan.code for plan in PLANS]
PLANNED = ("planned_construction", "evidence")
PROVINCE_ITEMS = {
    "revenue", "industrial_investment", "leading_industry_investment", "regional_industrial_investment",
    "rd_expenditure", "high_tech_enterprises", "out_of_province_funds", "international_parks",
    "ftz_linkage_zones", "provincial_etdz", "tax", "value_added_above_scale", "gdp", "goods_trade",
}  # fmt: skip
USED = ("外购电力", "绿电交易", "绿证电力", "绿电直供", "光伏自发自用", "区内购电")


@pytest.fixture(scope="module")
def parcels(sample: Sample) -> gpd.GeoDataFrame:
    """Today's parcels, in the plane."""
    return gpd.GeoDataFrame(sample.frame("parcels").dropna(subset="zone")).to_crs(PLANE)


def test_titles_go_with_what_stands_on_the_land(sample: Sample, parcels: gpd.GeoDataFrame) -> None:
    given = parcels["supply"].isin(["supplied", "idle"])
    unknown = parcels["class_system"] == "other"
    assert parcels["supplied_on"].notna().equals(given)
    assert parcels["tenure"].notna().equals(given & ~unknown)
    approved = parcels["approved"].astype("boolean")
    assert approved.isna().equals(unknown)
    assert sample.story("titles_unknown").numbers["parcels"] == unknown.sum()
    assert approved[(given | parcels["supply"].eq("ready")) & ~unknown].all()
    assert approved[parcels["supply"].eq("not_supplied") & ~unknown].sum() > 20
    assert not approved[parcels["supply"].eq("not_developable")].any()
    years = pd.to_datetime(parcels["supplied_on"]).dt.year
    assert set(range(2012, 2025)) <= set(years.dropna())
    expired = parcels["tenure"] == "expired"
    assert expired.sum() > 50
    assert years[expired].max() <= 2004


def test_yards_and_high_tech_are_of_works(parcels: gpd.GeoDataFrame) -> None:
    works = parcels["land_class"].isin(["0601", "0508", "100102", "110101"])
    known = parcels["class_system"] != "other"
    assert parcels.loc[known, "yard_m2"].notna().equals(works[known])
    assert not parcels.loc[~parcels["built"], "yard_m2"].any()
    assert (parcels["yard_m2"].fillna(0) + parcels["footprint_m2"] <= parcels["declared_area_m2"]).all()
    high = parcels["high_tech"].isin(["H1", "H2"])
    assert set(parcels.loc[high, "land_class"]) <= {"0601", "100102"}
    assert set(parcels.loc[high, "high_tech"]) == {"H1", "H2"}


def test_survey_codes_are_given_in_one_zone_and_say_what_the_columns_say(
    sample: Sample, parcels: gpd.GeoDataFrame
) -> None:
    story = sample.story("survey_codes_given")
    given = parcels["survey_code"].notna()
    assert set(parcels.loc[given, "zone"]) == {story.zone}
    mine = pd.DataFrame(parcels[parcels["zone"] == story.zone]).assign(
        area_m2=lambda t: t["declared_area_m2"]
    )
    assert len(mine) == story.numbers["parcels"] == given.sum()
    derived = surveyed(mine.drop(columns="survey_code"))["survey"].astype(str)
    letters = mine["survey_code"].str[:1] + mine["survey_code"].str[1:2].where(
        mine["survey_code"].str[0] != "C", ""
    )
    assert (letters == derived.str[:1] + derived.str[1:2].where(derived.str[0] != "C", "")).all()


def test_years_of_supply_can_be_worked_out_from_the_outlines(
    sample: Sample, parcels: gpd.GeoDataFrame
) -> None:
    story, around = sample.story("supply_left"), gpd.GeoDataFrame(sample.frame("constraints")).to_crs(PLANE)
    (outline,) = sample.frame("zones").set_index("code").to_crs(PLANE).geometry[[story.zone]]
    mine = parcels[parcels["zone"] == story.zone]
    here = around[around.intersects(outline.buffer(-1))]
    planned, proven = (shapely.union_all(here.geometry[here["kind"] == kind].to_numpy()) for kind in PLANNED)
    given = mine[mine["supply"].isin(["supplied", "idle"])]
    taken = shapely.union_all(given.geometry.to_numpy())
    left = planned.intersection(outline).difference(taken).difference(proven).area / 1e4
    assert story.numbers["left_ha"] == pytest.approx(left, rel=3e-4)
    assert story.numbers["proven_ha"] == pytest.approx(proven.area / 1e4, rel=3e-4)
    recent = given[pd.to_datetime(given["supplied_on"]) >= "2020-01-01"]
    yearly = recent.geometry.area.sum() / 1e4 / 5
    assert story.numbers["yearly_ha"] == pytest.approx(yearly, rel=1e-3)
    assert story.numbers["years"] == pytest.approx(left / yearly, rel=1e-3)
    assert 2 < story.numbers["years"] < 20


def test_planned_land_is_told_in_a_file_of_its_own_for_every_zone(sample: Sample) -> None:
    first, second = sample.of("constraints")
    assert not set(first.frame["kind"]) & set(second.frame["kind"])  # the second file replaces nothing
    assert set(second.frame["kind"]) == set(PLANNED)
    outlines = sample.frame("zones").set_index("code").to_crs(PLANE).geometry
    laid = gpd.GeoDataFrame(second.frame).to_crs(PLANE)
    by_zone = gpd.sjoin(laid.set_geometry(laid.representative_point()), gpd.GeoDataFrame(outlines))
    assert by_zone[by_zone["kind"] == PLANNED[0]]["code"].value_counts().to_dict() == dict.fromkeys(NINE, 1)
    assert by_zone[by_zone["kind"] == PLANNED[1]]["code"].nunique() >= 3
    assert shapely.is_valid(laid.geometry.to_numpy()).all()


def test_electricity_is_that_of_the_statements(sample: Sample) -> None:
    firms, activity = sample.frame("enterprises"), sample.frame("activity")
    bought = activity[activity["item"].isin(USED)]
    odd = set(sample.story("power_in_landlords_bill").ids) | {sample.story("landlord").ids[0]}
    odd |= set(firms["landlord_id"].dropna())
    told = firms[firms["above_scale"] & firms["electricity_mwh"].notna() & ~firms["enterprise_id"].isin(odd)]
    keys = ["enterprise_id", "year"]
    stated = bought.groupby(keys)["amount"].sum() * 10
    assert np.allclose(
        told["electricity_mwh"], stated.reindex(pd.MultiIndex.from_frame(told[keys])), atol=0.06
    )
    blank = firms[firms["electricity_mwh"].isna()]
    assert set(blank["enterprise_id"]) == set(sample.story("power_plant").ids)
    small = firms[~firms["above_scale"]]
    tce = small["electricity_mwh"] * convert(1, "MWh", "tce")
    assert (tce < small["energy_tce"] * 1.5 + 0.1).all()


def test_tenants_name_their_landlord_and_share_its_plot(sample: Sample) -> None:
    firms = sample.frame("enterprises")
    last = firms[firms["year"] == 2024].set_index("enterprise_id")
    tenants = last[last["leased_in_mu"] > 0]
    assert tenants["landlord_id"].notna().all()
    assert last["landlord_id"].notna().sum() == len(tenants)
    assert (last.loc[tenants["landlord_id"], "plot_id"].to_numpy() == tenants["plot_id"].to_numpy()).all()
    assert tenants["land_since"].isna().all()
    pair = sample.story("shared_plot")
    both = last.loc[list(pair.ids)]
    assert len(both) == 2
    assert both["plot_id"].nunique() == 1
    assert (last["plot_id"] == both["plot_id"].iloc[0]).sum() == 2
    assert pair.numbers["land_mu"] == pytest.approx(both["land_mu"].sum(), abs=0.006)
    assert pair.numbers["tax_cny10k"] == pytest.approx(both["tax_cny10k"].sum(), abs=0.006)


def test_what_is_filed_beside_may_be_blank(sample: Sample) -> None:
    firms = sample.frame("enterprises")
    last = firms[firms["year"] == 2024]
    silent, story = last[last["pollutant_t"].isna()], sample.story("pollutants_missing")
    mine = silent[silent["above_scale"] & silent["zone"].eq(story.zone)]
    assert list(mine["enterprise_id"]) == list(story.ids)
    assert len(mine) == story.numbers["enterprises"] > 0
    assert 0.03 < len(silent) / len(last) < 0.15
    assert (firms["pollutant_t"].dropna() > 0).all()
    beyond, land = last[last["unregistered_mu"].notna()], sample.story("unregistered_land")
    assert list(beyond["enterprise_id"]) == list(land.ids)
    assert len(beyond) == 2
    assert land.numbers["unregistered_mu"] == pytest.approx(beyond["unregistered_mu"].sum(), abs=0.006)
    assert firms[["bonus_score", "correction_factor"]].notna().mean().between(0.001, 0.05).all()
    owners = firms[firms["land_since"].notna()]
    assert (owners["land_since"] < owners["started_on"]).all()


def test_zones_say_what_they_are_evaluated_as(sample: Sample) -> None:
    for layer in sample.of("zones"):
        assert layer.frame[["purpose", "land_grade"]].notna().all(axis=None)
    count = sample.frame("zones")["purpose"].value_counts()
    assert count["modern_services"] == 2
    assert count["advanced_manufacturing"] == 7


def test_statistics_tell_the_province_and_parts_are_smaller_than_wholes(sample: Sample) -> None:
    told = sample.frame("statistics")
    yearly = told[told["period"].str.len() == 4]
    province = yearly[yearly["zone"] == "410000"].pivot_table("value", "period", "item")
    assert set(province.columns) >= PROVINCE_ITEMS
    assert list(province.index) == [str(year) for year in range(2020, 2025)]
    zones = yearly[yearly["zone"] != "410000"].pivot_table("value", ["zone", "period"], "item")
    assert set(zones.index.get_level_values("zone")) == set(NINE)
    assert set(zones.columns) >= PROVINCE_ITEMS - {"provincial_etdz"}
    for table in (province, zones):
        assert (table["leading_industry_investment"] <= table["industrial_investment"]).all()
        assert (table["industrial_investment"] <= table["regional_industrial_investment"]).all()
        assert (table["industrial_investment"] <= table["fixed_investment"]).all()
    both = [item for item in province if item in zones]
    assert set(both) >= PROVINCE_ITEMS - {"provincial_etdz"}
    assert (province[both] >= zones[both].groupby("period").sum()).all(axis=None)
    units = yearly.groupby("item")["unit"].unique()
    assert all(len(unit) == 1 for unit in units)


def test_value_added_above_scale_is_the_sum_of_the_enterprises(sample: Sample) -> None:
    firms, told = sample.frame("enterprises"), sample.frame("statistics")
    sums = firms[firms["above_scale"]].groupby(["zone", "year"])["value_added_cny10k"].sum() / 1e4
    stated = told[(told["item"] == "value_added_above_scale") & told["zone"].isin(NINE)]
    keys = pd.MultiIndex.from_arrays([stated["zone"], stated["period"].astype(int)])
    assert np.allclose(stated["value"], sums.loc[keys], atol=0.006)


def test_one_zone_sent_no_report_for_one_month(sample: Sample) -> None:
    told, story = sample.frame("statistics"), sample.story("month_missing")
    months = told[told["period"].str.startswith("2023-")].groupby("zone")["period"].nunique()
    assert months[story.zone] == story.numbers["months"] == 11
    assert set(months.drop(story.zone)) == {12}


def test_controls_and_lists_are_illustrations(sample: Sample) -> None:
    controls, listed = sample.frame("controls"), sample.frame("admissions")
    assert set(controls["status"]) == {"illustration"}
    assert set(controls["locality"]) <= set(regions().index)
    assert controls["value"].isna().sum() == 1  # a value that has been repealed
    for table in (controls, listed):
        assert table["article"].str.startswith("示例").all()
        assert (table["published"] <= table["since"]).all()
        coded = table["industry"].notna()
        assert table["industry_edition"].notna().equals(coded)
        two = table.loc[coded & table["industry"].str.len().eq(2), "industry"]
        assert set(two) <= set(industries().index)
    assert set(listed["zone"]) == set(NINE)
    assert set(listed["treatment"]) == {"prohibited", "restricted", "permitted"}


def test_objections_are_about_figures_that_stand_in_the_table(sample: Sample) -> None:
    told = sample.frame("objections")
    firms = sample.frame("enterprises").set_index(["zone", "year", "enterprise_id"])
    assert set(told["outcome"]) == {"upheld", "open", "rejected", "partly"}
    for row in told.to_dict("records"):
        assert firms.loc[(row["zone"], row["year"], row["enterprise_id"]), row["item"]] == row["stated"]
        assert pd.notna(row["decided"]) is (row["outcome"] in ("upheld", "partly"))
        assert (row["decided_on"] is None) is (row["outcome"] == "open")
        assert row["raised_on"] > date(2024, 12, 31)
        story = sample.story(f"objection_{row['outcome']}")
        assert story.ids == (row["enterprise_id"],)
        assert story.numbers["claimed"] == row["claimed"]
