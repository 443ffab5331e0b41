"""A real national hi-tech zone (无锡高新区), from its files through every door to the map in a browser.

What is expected is worked out here in other ways: areas in an equal-area plane, cuts in the layer's own.
The zone's code is of our own making; its electricity was simulated by the layer's authors, not metered.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from api.assess import assess_and_store
from api.checking import check_book
from api.ingest import Wishes, ingest
from data import formats
from data.book import new_book, open_book
from data.codes.zones import TYPES, check_code
from geo.areas import ellipsoidal_area_m2

pytestmark = pytest.mark.real

CODE, NAME = "G322990", "无锡高新技术产业开发区"
UTM = "EPSG:32650"
EQUAL_AREA = "+proj=laea +lat_0=31.5 +lon_0=120.4 +ellps=GRS80"
NAMED = (0, 1, 2, 3, 5, 7, 10)  # the classes that the layer's authors explain
NOW = datetime(2024, 5, 1, tzinfo=UTC)
KWH = 6_978_945_935.19
FACTORS = {2021: 0.6451, 2022: 0.5978, 2023: 0.5827}  # 江苏, tCO2/MWh, as announced for each year
PLANE_OVER_ELLIPSOID = 236.461447 / 236.034


@pytest.fixture(scope="module")
def folder(real):
    return real / "zone_wuxi_xinwu"


@pytest.fixture(scope="module")
def cells(folder):
    """The grid of 250 m."""
    return formats.read(folder / "xinwu_grid_250m.gpkg").frame


@pytest.fixture(scope="module")
def land(folder):
    return formats.read(folder / "xinwu_land_use.gpkg").frame


@pytest.fixture(scope="module")
def outline(cells):
    """The boundary of the zone: the grid dissolved."""
    return shapely.union_all(cells.geometry.to_numpy())


@pytest.fixture(scope="module")
def south(cells):
    """The southern half of the grid, which we say was the zone until the end of 2021."""
    return shapely.union_all(cells.geometry[cells["row_raw"] < cells["row_raw"].median()].to_numpy())


def boundary(shape, path):
    described = {"code": [CODE], "name": [NAME], "level": ["national"], "city": ["无锡市"]}
    formats.write(gpd.GeoDataFrame(described, geometry=[shape], crs=UTM), path, layer_name="zones")
    return path


def statements(folder, path):
    """What the zone states: in 2021 the sum, in 2022 the sum in 万kWh, in 2023 each cell; no fuel at all."""
    energy = formats.read(folder / "xinwu_energy_250m.gpkg").frame
    total = energy["total_kwh"].sum()
    said = {
        "zone": CODE,
        "category": "electricity",
        "item": "bought",
        "explanation": "EnergyPlus 模拟, 非计量",
    }
    rows = [
        {**said, "year": 2021, "amount": total / 1e3, "unit": "MWh"},
        {**said, "year": 2022, "amount": total / 1e4, "unit": "万kWh"},
    ]
    each = pd.DataFrame({"enterprise_id": "cell-" + energy["grid_id_main"].astype(str), "year": 2023})
    each = each.assign(**said, amount=energy["total_kwh"], unit="kWh")
    none = [
        {
            "zone": CODE,
            "year": year,
            "category": "fuel",
            "item": "natural_gas",
            "unit": "m3",
            "notation": "NO",
        }
        for year in FACTORS
    ]
    none = pd.DataFrame(none).assign(explanation="the simulated buildings burn no fuel")
    pd.concat([pd.DataFrame(rows), each, none]).to_csv(path, index=False)
    return path


@pytest.fixture(scope="module")
def made(folder, land, outline, south, tmp_path_factory):
    """A book with two boundaries and two states of the land: until 2022 only the classes that are explained.

    Returns its path, what each ingest told, and the assessments by year.
    """
    at = tmp_path_factory.mktemp("wuxi")
    path = at / "wuxi.gpkg"
    formats.write(land[land["Class"].isin(NAMED)], at / "named.gpkg", layer_name="land_use")
    took, told = {}, {}
    with new_book(str(path)) as book:

        def take(name, kind, file, **wishes):
            took[name] = ingest(book, kind, file, Wishes(**wishes), who="a test", when=NOW)

        take("south", "zones", boundary(south, at / "south.gpkg"), valid_to=date(2022, 1, 1))
        take("zone", "zones", boundary(outline, at / "zone.gpkg"), valid_from=date(2022, 1, 1))
        land_of = {"supplier": "euluc", "zone": CODE}
        take("named", "parcels", at / "named.gpkg", **land_of, valid_to=date(2023, 1, 1))
        take("land", "parcels", folder / "xinwu_land_use.gpkg", **land_of, valid_from=date(2023, 1, 1))
        take("energy", "activity", statements(folder, at / "能源.csv"))
        for year in FACTORS:
            (told[year],) = assess_and_store(book, [CODE], year, NOW)
    return path, took, told


def codes(faults):
    return {fault.code for fault in faults}


def share_of_industry(land, within):
    """Class 3 over all classes that are explained, in an equal-area plane."""
    known = land[land["Class"].isin(NAMED)].to_crs(EQUAL_AREA)
    shape = gpd.GeoSeries([within], crs=UTM).segmentize(50).to_crs(EQUAL_AREA).iloc[0]
    area = known.geometry.intersection(shape).area
    return area[known["Class"] == 3].sum() / area.sum()


def test_the_dissolved_grid_has_the_known_area_on_the_plane_and_on_the_ellipsoid(outline):
    assert outline.geom_type == "Polygon"
    assert outline.area / 1e6 == pytest.approx(236.461, abs=0.001)
    (area,) = ellipsoidal_area_m2([outline], UTM) / 1e6
    assert area == pytest.approx(236.034, abs=0.001)
    equal = gpd.GeoSeries([outline], crs=UTM).segmentize(50).to_crs(EQUAL_AREA).area.iloc[0] / 1e6
    assert area == pytest.approx(equal, rel=1e-6)


def test_the_code_made_for_it_keeps_the_grammar_of_the_catalogue():
    assert check_code(CODE) is None
    assert TYPES["G2"] == "国家级高新技术产业开发区"


def test_the_files_go_in_whole_and_tell_what_is_odd(made):
    _, took, _ = made
    rows = {name: each.version.rows for name, each in took.items()}
    assert rows == {"south": 1, "zone": 1, "named": 1887, "land": 2033, "energy": 3999 + 5}
    assert {each.version.crs for name, each in took.items() if name != "energy"} == {UTM}
    assert took["land"].version.class_system == "other,ydyh_2023"
    assert codes(took["zone"].faults) == {"outside_own_belt"}
    assert {"supplier_note", "outside_own_belt", "zone_not_covered"} <= codes(took["land"].faults)
    assert not {"overlap", "geometry_invalid", "duplicate_key"} & codes(took["land"].faults)
    assert took["energy"].faults == ()


def test_the_share_of_industry_equals_what_an_equal_area_plane_gives(made, land, outline, south):
    _, _, told = made
    for year, within in ((2022, outline), (2021, south)):
        share = told[year].result("industrial_share.p3")
        assert share.value == pytest.approx(share_of_industry(land, within), rel=1e-4)
        assert told[year].result("industrial_share").value == share.value
    assert told[2022].result("industrial_share").value == pytest.approx(0.5367, abs=1e-3)


def test_land_of_a_class_that_nobody_explains_leaves_the_share_untold(made):
    _, _, told = made
    share = told[2023].result("industrial_share")
    assert share.value is None
    assert "146 parcels are classed in other" in share.reason
    assert "Give them a class" in share.reason
    (unknown,) = [fault for fault in told[2023].faults if fault.code == "class_unknown"]
    assert "4, 6, 8, 9" in unknown.message


def test_parcels_that_cross_the_boundary_of_their_zone_or_lie_outside_are_told_and_apportioned(
    made, land, south
):
    _, _, told = made
    shapes = land[land["Class"].isin(NAMED)].geometry.reset_index(drop=True)
    inside = shapely.area(shapely.intersection(shapes.to_numpy(), south)) / shapes.area
    crossing = {f.feature for f in told[2021].faults if f.code == "crosses_boundary"}
    outside = {f.feature for f in told[2021].faults if f.code == "outside_its_zone"}
    numbers = shapes.index + 1
    # a parcel that lies inside but for a thousandth is wholly inside
    assert crossing == set(numbers[(inside > 1e-3) & (inside < 1 - 1e-3)].astype(str))
    assert outside == set(numbers[inside < 1e-3].astype(str))
    assert not {"crosses_boundary", "outside_its_zone"} & codes(told[2022].faults)


@pytest.mark.parametrize("year", FACTORS)
def test_emissions_are_the_megawatt_hours_times_the_factor_of_the_province_and_year(made, year):
    _, _, told = made
    total = told[year].result("emissions_total")
    assert total.value == pytest.approx(KWH / 1e3 * FACTORS[year], rel=1e-12)
    assert total.unit == "tCO2e"
    (factor,) = [
        said for said in total.articles if getattr(said, "name", "").endswith("grid_electricity.province")
    ]
    assert (factor.value, factor.region, factor.since.year) == (FACTORS[year], "320000", year)
    assert factor.status == "unverified"


def test_emissions_of_a_zone_that_is_silent_about_fuel_are_not_told(made, folder, mutan, tmp_path):
    path, _, _ = made
    copy = tmp_path / "silent.gpkg"
    copy.write_bytes(path.read_bytes())
    (tmp_path / "电力.csv").write_text(
        f"开发区代码,年份,类别,品种,数量,单位\n{CODE},2023,电力,外购电力,{KWH / 1e4},万kWh\n", "utf-8-sig"
    )
    assert mutan("ingest", "activity", tmp_path / "电力.csv", "--book", copy).status == 0
    said = mutan("assess", CODE, "--year", 2023, "--book", copy, "--json")
    results = {each["code"]: each for each in json.loads(said.out)["results"]}
    assert results["emissions_total"]["value"] is None
    assert "scope1" in results["emissions_total"]["reason"]
    assert results["emissions_total"]["inputs"][0]["value"] == pytest.approx(
        KWH / 1e3 * FACTORS[2023], rel=1e-9
    )


def test_the_book_is_checked_whole(made):
    path, _, _ = made
    with open_book(str(path)) as book:
        told = check_book(book, date(2023, 12, 31))
    assert codes(told) == {"gap", "zone_not_covered"}
    (cover,) = [fault for fault in told if fault.code == "zone_not_covered"]
    assert cover.area_m2 == pytest.approx((236.461447 - 143.398) / PLANE_OVER_ELLIPSOID * 1e6, rel=1e-4)


@pytest.fixture(scope="module")
def address(made):
    """Where `mutan serve` says that it serves the book."""
    path, _, _ = made
    command = [str(Path(sys.executable).with_name("mutan")), "serve", "--book", str(path), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        try:
            found = next(found for line in server.stdout if (found := re.search(r"http://\S+?:(\d+)/", line)))
            yield f"http://127.0.0.1:{found[1]}"
        finally:
            server.terminate()


@pytest.mark.browser
def test_the_zone_is_served_and_its_map_is_read_in_a_browser(address, opened, tmp_path, land):
    from playwright.sync_api import expect

    view = opened(None, f"{address}/")
    view.get_by_role("link", name=NAME).first.click()
    view.wait_for_load_state()
    view.goto(f"{address}/maps/{CODE}?year=2023")
    expect(view.locator("header h1")).to_contain_text(NAME)
    legend = view.locator(".legend")
    expect(legend.locator(".total")).to_contain_text("合计 2033 块")
    mu = land[land["Class"] == 3].to_crs(EQUAL_AREA).area.sum() / 10_000 * 15
    row = legend.locator(".row", has_text="工业").inner_text()
    assert float(re.search(r"([\d,.]+)\s*亩", row)[1].replace(",", "")) == pytest.approx(mu, rel=1e-4)
    expect(legend.locator(".row", has_text="未知")).to_contain_text("2.2%")
    expect(view.locator("[data-code=industrial_share]")).to_contain_text("无法判断")
    view.screenshot(path=tmp_path / "zone.png")


@pytest.mark.browser
def test_a_click_on_a_real_parcel_tells_its_number_class_and_area(address, opened, tmp_path, land):
    from playwright.sync_api import expect

    largest = land.geometry.area.idxmax()
    at = gpd.GeoSeries([land.geometry[largest].representative_point()], crs=UTM).to_crs(4490).iloc[0]
    view = opened(None, f"{address}/maps/{CODE}?year=2023")
    spot = view.evaluate("([x, y]) => map_mutan.latLngToContainerPoint([y, x])", [at.x, at.y])
    frame = view.locator("#map_mutan").bounding_box()
    view.mouse.click(frame["x"] + spot["x"], frame["y"] + spot["y"])
    popup = view.locator(".leaflet-popup")
    expect(popup.get_by_role("heading")).to_have_text(f"地块 {largest + 1}")
    expect(popup).to_contain_text("1203 机场用地")
    view.screenshot(path=tmp_path / "parcel.png")
