"""The made-up sample: the same from the same seed, a valid coverage, plausible, visibly made up."""

from __future__ import annotations

import hashlib
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from data.codes import industries, system, zones
from data.kinds import kinds
from data.sample import Sample
from data.sample.making import make_zone
from data.sample.plan import PLANE, PLANS
from data.units import convert

NINE = [plan.code for plan in PLANS]
SMALL = NINE.index("G411164") + 1
WORKS = {"0601", "0508"}
# GJ per unit as stated, worked apart from the factor tables: common defaults, good to a few per cent
GJ = {
    "万千瓦时": 36.0,
    "吉焦": 1.0,
    "天然气": 389.31,
    "烟煤": 23.2,
    "柴油": 43.33,
}
ENERGY = ("fuel", "vehicle", "electricity", "heat")
SENT_OUT = ("区内售电", "区内供热", "上网电量", "外送绿电")


def on_the_day(sample: Sample, kind: str, day: date) -> pd.DataFrame:
    """The rows in force on a day, worked out without `Sample.frame`."""
    column = "code" if kind == "zones" else "zone"
    held: dict[str, pd.DataFrame] = {}
    for layer in sample.of(kind):
        if layer.valid_from <= day:
            held |= dict(iter(layer.frame.groupby(column)))
    return gpd.GeoDataFrame(pd.concat(held.values(), ignore_index=True))


def digest(frame: gpd.GeoDataFrame) -> str:
    return hashlib.sha256(b"".join(shapely.to_wkb(frame.geometry.to_numpy()))).hexdigest()


def test_the_same_seed_makes_the_same_zone_and_another_seed_another(sample: Sample) -> None:
    again, other = make_zone(sample.seed, SMALL), make_zone(7, SMALL)
    parcels = sample.frame("parcels")
    mine = parcels[parcels["zone"] == "G411164"].to_crs(PLANE)
    assert len(mine) == len(again.land.parcels)
    assert shapely.equals_exact(
        mine.geometry.to_numpy(), again.land.parcels.geometry.to_numpy(), tolerance=1e-3
    ).all()
    twice = make_zone(sample.seed, SMALL)
    assert digest(again.land.parcels) == digest(twice.land.parcels)
    pd.testing.assert_frame_equal(again.years, twice.years)
    assert digest(again.land.parcels) != digest(other.land.parcels)


@pytest.mark.parametrize("kind", list(kinds()))
def test_every_kind_is_there_with_exactly_its_columns(sample: Sample, kind: str) -> None:
    assert sample.of(kind)
    for layer in sample.of(kind):
        columns = list(kinds()[kind].columns)
        geometry = isinstance(layer.frame, gpd.GeoDataFrame)
        assert geometry == kinds()[kind].geometry
        assert list(layer.frame.columns) == columns + (["geometry"] if geometry else [])
        assert len(layer.frame)


@pytest.mark.parametrize("kind", list(kinds()))
def test_keys_are_unique_and_required_cells_are_filled(sample: Sample, kind: str) -> None:
    for layer in sample.of(kind):
        assert not layer.frame.duplicated(list(kinds()[kind].key)).any()
        for name, column in kinds()[kind].columns.items():
            if column.required:
                assert layer.frame[name].notna().all(), name
            if column.one_of:
                assert set(layer.frame[name].dropna()) - {""} <= set(column.one_of)
            if column.min is not None:
                assert not (layer.frame[name] < column.min).any()


def test_zones_are_those_of_the_catalogue_near_their_places(sample: Sample) -> None:
    known = zones().set_index("code")
    told = sample.frame("zones").set_index("code")
    assert sorted(told.index) == sorted(NINE)
    for column in ("name", "city", "level", "approved_ha"):
        assert (told[column] == known.loc[told.index, column]).all()
    middle = told.geometry.to_crs(PLANE).centroid.to_crs("EPSG:4490")
    assert np.allclose(middle.x, known.loc[told.index, "near_lon"], atol=0.08)
    assert np.allclose(middle.y, known.loc[told.index, "near_lat"], atol=0.05)


@pytest.mark.parametrize("zone", NINE)
def test_parcels_tile_their_zone_without_gap_or_overlap(sample: Sample, zone: str) -> None:
    for day in (date(2022, 12, 31), date(2023, 1, 1)):
        parcels, outline = on_the_day(sample, "parcels", day), on_the_day(sample, "zones", day)
        mine = parcels.loc[parcels["zone"] == zone, "geometry"].to_numpy()
        outer = outline.loc[outline["code"] == zone, "geometry"].iloc[0]
        assert shapely.is_valid(mine).all()
        assert outer.is_valid
        assert shapely.coverage_is_valid(mine)
        assert (
            shapely
            .multipolygons(shapely.get_parts(shapely.coverage_union_all(mine)))
            .normalize()
            .equals_exact(outer.normalize(), tolerance=0)
        )
        assert 280 <= len(mine) <= 3100


def test_parcels_have_the_sizes_of_parcels(sample: Sample) -> None:
    parcels = sample.frame("parcels").dropna(subset="zone")
    area = parcels.geometry.to_crs(PLANE).area
    assert area.min() > 800
    assert area.max() < 45e4
    assert np.percentile(area, 75) < 5e4
    assert parcels["parcel_id"].str.fullmatch(r"0[1-9]\d{5}").all()
    assert not parcels["parcel_id"].duplicated().any()


def test_classes_belong_to_their_system(sample: Sample) -> None:
    parcels = sample.frame("parcels")
    for name in ("sandiao", "ydyh_2023"):
        mine = parcels.loc[parcels["class_system"] == name, "land_class"]
        assert len(mine)
        assert set(mine) <= set(system(name).table.index)
    assert set(parcels.loc[parcels["class_system"] == "other", "land_class"]) == {"未分类"}


def test_farmland_and_red_line_keep_clear_of_the_zones(sample: Sample) -> None:
    around, outlines = sample.frame("constraints"), sample.frame("zones")
    assert shapely.is_valid(around.geometry.to_numpy()).all()
    assert {"basic_farmland", "ecological_red_line", "urban_boundary", "other_zone", "control_unit"} <= set(
        around["kind"]
    )
    assert around["restricted"].sum() == 1
    clear = around[around["kind"].isin(["basic_farmland", "ecological_red_line"])]
    assert not len(gpd.sjoin(clear, outlines, predicate="intersects"))
    growth = around[around["kind"] == "urban_boundary"]
    assert len(gpd.sjoin(outlines, growth, predicate="within")) == len(NINE)


def test_one_request_is_clear_and_the_other_takes_farmland(sample: Sample) -> None:
    clear, over = sample.requests
    around = sample.frame("constraints").to_crs(PLANE)
    outlines = sample.frame("zones").set_index("code").to_crs(PLANE).geometry
    for request in sample.requests:
        (shape,) = request.frame.to_crs(PLANE).geometry
        assert shape.is_valid
        assert 5e4 < shape.area < 4e6
        assert shape.distance(outlines[request.zone]) < 0.01
        assert shape.intersection(shapely.union_all(outlines.to_numpy())).area < 10
        kinds = around[["kind"]].assign(area=around.geometry.intersection(shape).area)
        held = kinds.groupby("kind")["area"].sum()
        assert held["ecological_red_line"] == held["other_zone"] == 0
        if request is clear:
            assert held["basic_farmland"] == 0
            assert held["urban_boundary"] == pytest.approx(shape.area, abs=1)
        else:
            assert held["basic_farmland"] > 1e4
            assert held["urban_boundary"] < 0.95 * shape.area
    assert over.text


def test_halls_stand_on_their_plots_and_add_up_to_them(sample: Sample) -> None:
    halls, parcels = sample.frame("buildings"), sample.frame("parcels")
    on = gpd.sjoin(halls, parcels[["parcel_id", "floor_area_m2", "geometry"]], predicate="within")
    assert len(on) == len(halls)
    by_plot = on.groupby("parcel_id").agg(
        halls=("floor_area_m2_left", "sum"), plot=("floor_area_m2_right", "first")
    )
    assert np.allclose(by_plot["halls"], by_plot["plot"], atol=2)


def test_money_and_floors_lie_where_they_do_in_henan(sample: Sample) -> None:
    parcels, firms = sample.frame("parcels"), sample.frame("enterprises")
    works = parcels[parcels["land_class"].isin([*WORKS, "100102", "110101"]) & parcels["built"]]
    works = works[works["zone"] != "G411163"]  # a part of its classes is not told
    mu = works["declared_area_m2"].groupby(works["zone"]).sum() / 2000 * 3
    last = (
        firms[firms["year"] == 2024].groupby("zone")[["tax_cny10k", "investment_cny10k"]].sum().loc[mu.index]
    )
    assert (last["tax_cny10k"] / mu).between(5, 40).all()
    assert (last["investment_cny10k"] / mu).between(200, 700).all()
    ratio = (
        works["floor_area_m2"].groupby(works["zone"]).sum()
        / works["declared_area_m2"].groupby(works["zone"]).sum()
    )
    assert ratio.between(0.6, 1.6).all()
    assert (parcels["floor_area_m2"] >= parcels["footprint_m2"]).all()
    assert (parcels["footprint_m2"] <= parcels["declared_area_m2"]).all()


def test_land_of_enterprises_is_that_of_their_plots(sample: Sample) -> None:
    parcels, firms = sample.frame("parcels"), sample.frame("enterprises")
    once = firms.drop_duplicates("enterprise_id", keep="last").set_index("enterprise_id")
    held = parcels.groupby("enterprise_id")["declared_area_m2"].sum() / 2000 * 3
    wrong = set(parcels.set_index("parcel_id").loc[list(sample.story("declared_area").ids), "enterprise_id"])
    held = held.drop(list(wrong))
    assert np.allclose(once.loc[held.index, "land_mu"], held, atol=0.02)
    assert not once.loc[~once.index.isin([*held.index, *wrong]), "land_mu"].any()
    assert set(parcels.loc[parcels["enterprise_id"].notna(), "supply"]) == {"supplied"}


def test_industries_are_divisions_of_the_standard(sample: Sample) -> None:
    assert set(sample.frame("enterprises")["industry"]) <= set(industries().index)


def test_all_names_are_visibly_made_up(sample: Sample) -> None:
    firms = sample.frame("enterprises")
    assert firms["name"].str.fullmatch(r"示例\w+有限公司\d{6}").all()
    assert sample.frame("constraints")["name"].str.startswith("示例").all()
    assert all(layer.name.startswith("示例") and "虚构" in layer.note for layer in sample.layers)


def stated_tce(activity: pd.DataFrame) -> pd.Series:
    """tce of what was used, by enterprise and year, from amounts as they are stated."""
    used = activity[
        activity["amount"].notna()
        & activity["category"].isin(ENERGY)
        & ~activity["item"].isin(SENT_OUT)
        & activity["purpose"].ne("feedstock")
        & activity["enterprise_id"].ne("")
    ]
    each = used["item"].map(GJ).fillna(used["unit"].map(GJ))
    assert each.notna().all()
    tce = used["amount"] * each * convert(1, "GJ", "tce")
    return tce.groupby([used["zone"], used["enterprise_id"], used["year"]]).sum()


def test_statements_add_up_to_the_energy_that_enterprises_report(sample: Sample) -> None:
    firms, activity = sample.frame("enterprises"), sample.frame("activity")
    odd = {
        who
        for code in ("power_in_landlords_bill", "coal_confidential", "power_plant")
        for who in sample.story(code).ids
    }
    odd |= set(sample.story("landlord").ids)
    landlords = set(firms.loc[firms["leased_out_mu"] > 0, "enterprise_id"])
    told = firms[firms["above_scale"] & ~firms["enterprise_id"].isin(odd | landlords)]
    tce = stated_tce(activity)
    report = told.set_index(["zone", "enterprise_id", "year"])["energy_tce"]
    both = pd.concat([report.rename("report"), tce.rename("stated")], axis=1).loc[report.index]
    both = both[both["report"] > 5]
    assert both["stated"].notna().all()
    assert np.allclose(both["stated"], both["report"], rtol=0.03, atol=0.5)
    above = firms.loc[firms["above_scale"], ["enterprise_id", "year"]].apply(tuple, axis=1)
    stated = activity.loc[activity["enterprise_id"] != "", ["enterprise_id", "year"]].apply(tuple, axis=1)
    assert set(stated) - set(above) <= {
        (sample.story("power_plant").ids[0], year) for year in range(2020, 2025)
    }


def test_months_sum_to_the_year(sample: Sample) -> None:
    told = sample.frame("statistics")
    monthly = told[told["period"].str.len() == 7]
    story = sample.story("month_missing")
    for year in ("2023", "2024"):
        months = monthly[monthly["period"].str.startswith(year)].groupby(["zone", "item"])["value"]
        count, sums = months.size(), months.sum()
        lacking = count.index.get_level_values("zone") == story.zone
        lacking &= year == "2023"
        assert set(count[~lacking]) == {12}
        assert set(count[lacking]) <= {story.numbers["months"]}
        whole = told[told["period"] == year].set_index(["zone", "item"])["value"].loc[sums.index]
        assert np.allclose(sums[~lacking], whole[~lacking], atol=0.006)
        assert (sums[lacking] < whole[lacking]).all()
