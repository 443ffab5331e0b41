"""The made-up sample: the same from the same seed, a valid coverage, plausible, and true to its stories."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Geod

from data.codes import industries, system, zones
from data.formats import read
from data.kinds import kinds
from data.sample import Sample, make, write
from data.sample.making import make_zone
from data.sample.plan import PLANE, PLANS
from data.units import convert
from geo import checks
from geo.layers import take

NINE = [plan.code for plan in PLANS]
SMALL = NINE.index("G411164") + 1
WORKS = {"0601", "0508"}
GRS80 = Geod(ellps="GRS80")
# GJ per unit as stated, worked apart from the factor tables: common defaults, good to a few per cent
GJ = {
    "万千瓦时": 36.0,
    "吉焦": 1.0,
    "天然气": 389.31,
    "烟煤": 23.2,
    "柴油": 43.33,
}


@pytest.fixture(scope="module")
def sample() -> Sample:
    return make()


@pytest.fixture(scope="module")
def measured(sample: Sample) -> gpd.GeoDataFrame:
    """Today's parcels with `area_m2`, geodesic."""
    parcels = gpd.GeoDataFrame(sample.frame("parcels"))
    return parcels.assign(area_m2=area_m2(parcels.geometry))


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


def test_parcels_have_the_sizes_of_parcels(measured: gpd.GeoDataFrame) -> None:
    parcels, area = measured, measured["area_m2"]
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
    used = activity[activity["amount"].notna() & ~activity["item"].isin(["区内售电", "区内供热", "上网电量"])]
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
    tce = stated_tce(activity).loc[lambda s: s.index.get_level_values("enterprise_id") != ""]
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
    assert set(monthly.groupby(["zone", "item"]).size()) == {12}
    year = told[told["period"] == "2024"].set_index(["zone", "item"])["value"]
    sums = monthly.groupby(["zone", "item"])["value"].sum()
    assert np.allclose(sums, year.loc[sums.index], atol=0.006)


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
        own = rows[rows["enterprise_id"] == plant].set_index("item")["amount"]
        bought = rows[rows["supplier_id"] == plant]
        assert set(bought["item"]) == {"区内购热", "区内购电"}
        sums = bought.groupby("item")["amount"].sum()
        assert sums["区内购热"] == pytest.approx(own["区内供热"], abs=1)
        assert sums["区内购电"] == pytest.approx(own["区内售电"], abs=1)
        out = own["区内供热"] + 36 * (own["区内售电"] + own["上网电量"])
        burned = own["烟煤"] * GJ["烟煤"] + own["天然气"] * GJ["天然气"]
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
    others = firms.drop(columns=["tax_cny10k"])
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


def test_written_files_read_back_as_what_they_were(sample: Sample, tmp_path: Path) -> None:
    few = replace(sample, layers=tuple(replace(layer, frame=layer.frame.head(25)) for layer in sample.layers))
    written = write(tmp_path / "示例", few)
    assert [one.kind for one in written] == [layer.kind for layer in few.layers]
    assert {one.path.suffix for one in written} == {".gpkg", ".zip", ".geojson", ".xlsx", ".csv"}
    for one, layer in zip(written, few.layers, strict=True):
        table = read(one.path)
        assert len(table.frame) == len(layer.frame), one.path.name
        assert not [fault for fault in table.faults if fault.severity == "error"]
        if isinstance(layer.frame, gpd.GeoDataFrame):
            back = shapely.normalize(table.frame.to_crs("EPSG:4490").geometry.to_numpy())
            gone = shapely.normalize(layer.frame.geometry.to_numpy())
            # a shapefile and GeoJSON write a polygon of one part as a plain polygon
            assert shapely.hausdorff_distance(back, gone).max() < 1e-8
    assert "虚构" in (tmp_path / "示例" / "示例_说明.txt").read_text("utf-8")
    assert not [path for path in (tmp_path / "示例").iterdir() if not path.name.startswith("示例")]


def test_written_tables_carry_the_header_and_the_words_of_the_template(
    sample: Sample, tmp_path: Path
) -> None:
    few = replace(sample, layers=tuple(replace(layer, frame=layer.frame.head(5)) for layer in sample.layers))
    written = {(one.kind, one.path.suffix): read(one.path).frame for one in write(tmp_path, few)}
    firms = written["enterprises", ".xlsx"]
    assert list(firms.columns) == [column.header for column in kinds()["enterprises"].columns.values()]
    assert set(firms["是否规上"]) <= {"是", "否"}
    assert firms["企业编号"].str.startswith("0").all()
    plots = written["parcels", ".zip"]
    assert set(plots["供应状态"]) <= {"已供应", "未供应", "已达到供地条件", "不可建设", "闲置"}
    assert plots.crs.to_epsg() == 4526
    assert plots["地块编号"].str.startswith("02").all()


def test_the_checks_find_the_two_areas_and_nothing_else(sample: Sample, tmp_path: Path) -> None:
    wanted = {"zones", "constraints"}
    kept = [layer for layer in sample.layers if layer.kind in wanted or "开封" in layer.name]
    written = write(tmp_path, replace(sample, layers=tuple(kept)))
    taken = [(one, take(read(one.path), one.kind)) for one in written]
    zones = next(layer.frame for _, layer in taken)
    zones = zones[zones["code"] == "G411162"]
    found = [
        fault
        for one, layer in taken
        if one.kind != "zones"
        for fault in checks.of_layer(layer, zones=zones if one.kind == "parcels" else None)
    ]
    assert {fault.feature for fault in found} == set(sample.story("declared_area").ids)
    assert {fault.code for fault in found} == {"declared_area_differs"}
    assert {fault.severity for fault in found} == {"warning"}
