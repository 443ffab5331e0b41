"""The stories of the sample: each number worked out again from the frames, apart from the generator."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Geod

from data.sample import Sample
from data.sample.plan import PLANS

NINE = [plan.code for plan in PLANS]
WORKS = {"0601", "0508"}
GRS80 = Geod(ellps="GRS80")
GJ_PER_GAS, GJ_PER_POWER = 389.31, 36.0  # 10^4 Nm3, 10^4 kWh


@pytest.fixture(scope="module")
def measured(sample: Sample) -> gpd.GeoDataFrame:
    """Today's parcels with `area_m2`, geodesic."""
    parcels = gpd.GeoDataFrame(sample.frame("parcels"))
    return parcels.assign(area_m2=area_m2(parcels.geometry))


def area_m2(shapes: gpd.GeoSeries) -> np.ndarray:
    """Geodesic areas, each ring oriented first, edges of at most 50 m."""
    dense = shapely.segmentize(shapely.orient_polygons(shapes.to_numpy()), 0.0005)
    return np.array([GRS80.geometry_area_perimeter(shape)[0] for shape in dense])


def plain_share(parcels: pd.DataFrame) -> float:
    """Industrial land share of a 三调 layer: 0601 and 0508 over 05-10 without 1006, and 1109."""
    area = parcels["area_m2"]
    top = parcels["land_class"].str[:2].isin(["05", "06", "07", "08", "09", "10"])
    built_up = (top & (parcels["land_class"] != "1006")) | (parcels["land_class"] == "1109")
    return area[parcels["land_class"].isin(WORKS)].sum() / area[built_up].sum()


def on_the_day(sample: Sample, kind: str, day: date) -> pd.DataFrame:
    """The rows in force on a day, worked out without `Sample.frame`."""
    column = "code" if kind == "zones" else "zone"
    held: dict[str, pd.DataFrame] = {}
    for layer in sample.of(kind):
        if layer.valid_from <= day:
            held |= dict(iter(layer.frame.groupby(column)))
    return gpd.GeoDataFrame(pd.concat(held.values(), ignore_index=True))


def test_industrial_shares_are_as_told(sample: Sample, measured: gpd.GeoDataFrame) -> None:
    parcels = measured
    shares = {}
    for zone in NINE:
        mine = parcels[parcels["zone"] == zone]
        told = sample.story(f"industrial_share_{zone}").numbers
        if not mine["class_system"].eq("sandiao").all():
            continue
        shares[zone] = plain_share(mine)
        assert told["industrial_share"] == pytest.approx(shares[zone], abs=3e-4)
    assert shares["G411168"] < 0.55
    assert 0.60 < shares["G411166"] < 0.61
    assert sum(share > 0.62 for share in shares.values()) >= 4


def test_a_zone_with_untold_classes_names_no_share(sample: Sample, measured: gpd.GeoDataFrame) -> None:
    mine = measured[measured["zone"] == "G411163"]
    area = mine["area_m2"]
    unknown = mine["class_system"] == "other"
    told = sample.story("unknown_classes").numbers
    assert told["parcels"] == unknown.sum()
    assert told["area_share"] == pytest.approx(area[unknown].sum() / area.sum(), abs=6e-4)
    assert not sample.story("industrial_share_G411163").numbers


def test_the_other_system_counts_its_own_codes(sample: Sample, measured: gpd.GeoDataFrame) -> None:
    mine = measured[measured["zone"] == "G411167"]
    area = mine["area_m2"]
    level1 = mine["land_class"].str[:2]
    works = area[level1.isin(["10", "11"])].sum()
    share = works / area[level1.isin([f"{k:02d}" for k in range(7, 17)])].sum()
    assert sample.story("industrial_share_G411167").numbers["industrial_share"] == pytest.approx(
        share, abs=3e-4
    )


def test_idle_land_is_old(sample: Sample) -> None:
    story, parcels = sample.story("idle_land"), sample.frame("parcels").set_index("parcel_id")
    idle = parcels[(parcels["zone"] == story.zone) & (parcels["supply"] == "idle")]
    assert set(idle.index) == set(story.ids)
    assert not idle["built"].any()
    assert not idle["floor_area_m2"].any()
    assert story.numbers["idle_mu"] == pytest.approx(area_m2(idle.geometry).sum() * 15 / 1e4, abs=0.2)
    due = sample.frame("projects").set_index("parcel_id").loc[list(story.ids), "due_on"]
    assert story.numbers["oldest_years"] == pytest.approx(
        (date(2024, 12, 31) - min(due)).days / 365.25, abs=0.01
    )
    assert story.numbers["oldest_years"] > 2


def test_tenants_lease_what_their_landlord_leases_out(sample: Sample) -> None:
    story, firms = sample.story("landlord"), sample.frame("enterprises")
    last = firms[firms["year"] == 2024].set_index("enterprise_id")
    host, *tenants = story.ids
    assert last.loc[tenants, "leased_in_mu"].sum() == pytest.approx(last.loc[host, "leased_out_mu"], abs=0.01)
    assert last.loc[host, "leased_out_mu"] == pytest.approx(story.numbers["leased_mu"])
    assert len(tenants) == story.numbers["tenants"] >= 4
    assert not last.loc[tenants, "land_mu"].any()
    assert host in set(sample.frame("parcels")["enterprise_id"])
    assert not set(tenants) & set(sample.frame("parcels")["enterprise_id"])


def test_the_power_plant_sells_what_its_neighbours_bought(sample: Sample) -> None:
    story, table = sample.story("power_plant"), sample.frame("activity")
    (plant,) = story.ids
    for year in range(2020, 2025):
        rows = table[(table["zone"] == story.zone) & (table["year"] == year)]
        mine = rows[rows["enterprise_id"] == plant]
        own = mine.groupby("item")["amount"].sum()
        bought = rows[rows["supplier_id"] == plant]
        assert set(bought["item"]) == {"区内购热", "区内购电"}
        sums = bought.groupby("item")["amount"].sum()
        off = sample.story("flow_disagrees").numbers
        heat = off["bought_gj"] if year == off["year"] else own["区内供热"]
        assert sums["区内购热"] == pytest.approx(heat, abs=1)
        assert sums["区内购电"] == pytest.approx(own["区内售电"], abs=1)
        out = heat + GJ_PER_POWER * (own["区内售电"] + own["上网电量"])
        coal = mine[mine["item"] == "烟煤"]
        assert set(coal["purpose"]) == {"power", "heat"}
        burned = (coal["amount"] * coal["ncv_gj"]).sum() + own["天然气"] * GJ_PER_GAS
        assert 0.78 < out / burned < 0.86
        if year == 2024:
            assert story.numbers["heat_gj"] == pytest.approx(sums["区内购热"], abs=0.01)
            assert story.numbers["buyers"] == bought["enterprise_id"].nunique()
    assert set(table["supplier_id"]) == {"", plant}


def test_the_boundary_was_another_before_2023(sample: Sample) -> None:
    story = sample.story("boundary_change")
    for day, name in ((date(2022, 12, 31), "before_ha"), (date(2023, 1, 1), "after_ha")):
        outline = on_the_day(sample, "zones", day)
        area = area_m2(outline.loc[outline["code"] == story.zone, "geometry"])[0]
        assert area / 1e4 == pytest.approx(story.numbers[name], rel=2e-4)
    firms = sample.frame("enterprises")
    count = firms[firms["zone"] == story.zone].groupby("year").size()
    assert count[2023] > 1.2 * count[2022]


def test_the_enclave_is_a_hole(sample: Sample) -> None:
    story, outlines = sample.story("enclave"), sample.frame("zones").set_index("code")
    parts = shapely.get_parts(outlines.loc[story.zone, "geometry"])
    assert shapely.get_num_interior_rings(parts).sum() == story.numbers["holes"] == 1


def test_growing_and_shrinking_are_as_told(sample: Sample) -> None:
    revenue = sample.frame("enterprises").pivot_table(
        index="enterprise_id", columns="year", values="revenue_cny10k"
    )
    for code, sign in (("growing", 1), ("shrinking", -1)):
        story = sample.story(code)
        ratio = revenue.loc[story.ids[0], 2024] / revenue.loc[story.ids[0], 2020]
        assert story.numbers["ratio"] == pytest.approx(ratio, abs=6e-4)
        assert (ratio - 1) * sign > 0.2


def test_a_new_firm_has_no_rows_before_and_a_closed_one_none_after(sample: Sample) -> None:
    firms = sample.frame("enterprises")
    fresh, gone = sample.story("new_firm"), sample.story("closed_firm")
    years = firms.groupby("enterprise_id")["year"].agg(["min", "max"])
    assert years.loc[fresh.ids[0], "min"] == fresh.numbers["first_year"] > 2020
    assert years.loc[gone.ids[0], "max"] == gone.numbers["last_year"] < 2024
    started = firms.loc[firms["enterprise_id"] == fresh.ids[0], "started_on"].iloc[0]
    assert started.year == fresh.numbers["first_year"]


def test_scale_is_told_by_revenue(sample: Sample) -> None:
    firms = sample.frame("enterprises")
    assert ((firms["revenue_cny10k"] >= 2000) == firms["above_scale"]).all()
    small = (~firms.loc[firms["year"] == 2024, "above_scale"].astype(bool)).sum()
    assert sample.story("below_scale").numbers["enterprises"] == small > 50


def test_one_tax_figure_is_missing_and_one_is_negative(sample: Sample) -> None:
    firms = sample.frame("enterprises")
    missing, refund = sample.story("tax_missing"), sample.story("tax_refund")
    lost = firms[firms["tax_cny10k"].isna()]
    assert list(lost["enterprise_id"]) == list(missing.ids)
    assert list(lost["year"]) == [missing.numbers["year"]]
    below = firms[firms["tax_cny10k"] < 0]
    assert list(below["enterprise_id"]) == list(refund.ids)
    assert below["tax_cny10k"].iloc[0] == refund.numbers["tax_cny10k"]
    # what is filed beside the yearly figures may be blank; of the figures themselves only this one is
    filed = firms.columns[firms.columns.get_loc("started_on") + 1 :]
    others = firms.drop(columns=["tax_cny10k", *filed])
    assert others.notna().all(axis=None)


def test_two_declared_areas_are_three_per_cent_off_and_all_others_close(
    sample: Sample, measured: gpd.GeoDataFrame
) -> None:
    story, parcels = sample.story("declared_area"), measured
    off = parcels["declared_area_m2"] / parcels["area_m2"] - 1
    wrong = parcels["parcel_id"].isin(story.ids)
    assert off[wrong].to_numpy() == pytest.approx([story.numbers["excess_share"]] * 2, abs=1e-4)
    assert off[~wrong].abs().max() < 1e-4


def test_notations_stand_without_amount_and_with_a_reason(sample: Sample) -> None:
    table = sample.frame("activity")
    keyed = table["notation"] != ""
    assert set(table.loc[keyed, "notation"]) == {"NO", "NE", "IE", "C"}
    assert table.loc[keyed, "amount"].isna().all()
    assert table.loc[keyed, "explanation"].str.startswith("示例").all()
    assert table.loc[~keyed, "amount"].gt(0).all()
    for notation, code in (
        ("NE", "process_not_estimated"),
        ("IE", "power_in_landlords_bill"),
        ("C", "coal_confidential"),
    ):
        rows, story = table[table["notation"] == notation], sample.story(code)
        assert len(rows) == story.numbers["rows"]
        assert set(rows["zone"]) == {story.zone}
        assert set(rows["enterprise_id"]) == (set(story.ids) or {""})


def test_stories_have_names_of_their_own(sample: Sample) -> None:
    codes = [story.code for story in sample.stories]
    assert len(set(codes)) == len(codes)
    assert all(story.text and (story.zone in NINE or not story.zone) for story in sample.stories)
