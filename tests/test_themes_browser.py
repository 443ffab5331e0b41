"""The sample's maps with every theme and every indicator, in a real browser, held against the listings."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest
from playwright.sync_api import expect

from api.contents import contents
from api.emissions import emissions_of
from api.listings import LISTINGS
from api.listings.listing import Asked
from api.pages import province_html, zone_html
from api.zone_tables import ground_of
from data.book import open_book
from data.units import m2_to_mu
from maps.emissions import classes
from maps.themes import THEMES

pytestmark = pytest.mark.browser

ZONE = "G411164"  # its land cover of 2024 is kept
YEAR = 2024
WORDS = {theme.column: theme.words for theme in THEMES}
GAPS = {
    "台账已建成而卫星未见": "built_not_seen",
    "台账未建成而卫星已见": "seen_not_built",
    "无法判断": "cannot_tell",
}
SUPPLY = {"supplied": "已供应", "idle": "闲置", "ready": "已达到供地条件", "not_supplied": "未供应",
          "not_developable": "不可建设"}  # fmt: skip


@pytest.fixture(scope="module")
def ground(book):
    return ground_of(book, ZONE, Asked(book, ZONE, YEAR).day)


def rows_of(book, name):
    return LISTINGS[name].make(Asked(book, ZONE, YEAR)).rows()


def emission_of(book):
    """Class of emissions per mu of each parcel; None where they are not told."""
    told = emissions_of(book, ZONE, YEAR).parcels
    per_mu = told["tco2e"].to_numpy() / m2_to_mu(told["area_m2"].to_numpy())
    return dict(zip(told["parcel_id"], classes(per_mu, told["emitter"]), strict=True))


@pytest.fixture(scope="module")
def expected(book, ground):
    """Theme -> parcel -> the word that the popup shows, each from the listing that says it."""
    parcels = ground.parcels
    firms = dict(zip(parcels["parcel_id"], parcels["enterprise_id"].astype(object), strict=True))
    ids = list(firms)
    share = {row["parcel_id"]: (row["top_label"], row["base_label"]) for row in rows_of(book, "share")}
    part = {("是", "是"): "numerator", ("否", "是"): "denominator", ("否", "否"): "outside"}
    grades = {row["enterprise_id"]: row["class"] or row["status_label"] for row in rows_of(book, "grades")}
    status = {"不参评": "excused", "无法评级": "unranked", "不在范围": "none"}
    exits = rows_of(book, "exits")
    low = {row["enterprise_id"] for row in exits if row["kind_label"] == "低效企业"}
    idle = {row["parcel_id"] for row in exits if row["kind_label"] == "闲置土地"}
    gaps = {row["parcel_id"]: GAPS[row["verdict_label"]] for row in rows_of(book, "cover")}
    told = {
        "survey": dict(zip(ids, ground.survey["survey"].astype(object), strict=True)),
        "supply": dict(zip(ids, parcels["supply"], strict=True)),
        "share_part": {own: part[share[own]] for own in ids},
        "grade": {
            own: status.get(grades.get(firm), grades.get(firm)) if isinstance(firm, str) else "none"
            for own, firm in firms.items()
        },
        "emission": emission_of(book),
        "exit_reason": {
            own: ("both" if firms[own] in low else "idle")
            if own in idle
            else "low_yield"
            if firms[own] in low
            else "none"
            for own in ids
        },
        "cover_gap": {own: gaps.get(own, "agree") for own in ids},
    }
    return {
        column: {own: WORDS[column].get(value, value or "未知") for own, value in by.items()}
        for column, by in told.items()
    }


def legend(view):
    """Label -> area in mu of the legend as it stands; and the total."""
    rows = [
        row.inner_text().replace("\n", " ") for row in view.locator(".field:has(#theme) + .rows .row").all()
    ]
    told = {}
    for row in rows:
        label, area = re.fullmatch(r"(.*?)\s*([\d,]+\.?\d*) 亩.*", row).groups()
        told[label.strip()] = float(area.replace(",", ""))
    return told


def shown(view, parcel):
    """The rows of a parcel's popup."""
    view.get_by_label("查找地块").fill(parcel)
    view.get_by_role("button", name="查找").click()
    # the popup before may still be fading
    popup = view.locator(".leaflet-popup", has=view.get_by_role("heading", name=f"地块 {parcel}"))
    expect(popup).to_be_visible()
    rows = popup.locator("tr").all()
    return {row.locator("th").inner_text(): row.locator("td").inner_text() for row in rows}


def test_each_theme_can_be_chosen_and_its_legend_sums_to_the_land_of_the_zone(opened, book, ground, expected):
    view = opened(zone_html(book, ZONE, YEAR))
    areas = dict(zip(ground.parcels["parcel_id"], m2_to_mu(ground.parcels["area_m2"]), strict=True))
    choice = view.get_by_label("地块着色")
    assert choice.locator("option").all_inner_texts() == ["地类", *(theme.label for theme in THEMES)]
    for theme in THEMES:
        choice.select_option(theme.label)
        expect(view.locator(".legend").get_by_role("heading", name=theme.title)).to_be_visible()
        told = legend(view)
        (total,) = (name for name in told if name.startswith("合计"))
        assert total == f"合计 {len(areas)} 块"
        assert told[total] == pytest.approx(sum(areas.values()), rel=1e-4)
        meant = defaultdict(float)
        for parcel, word in expected[theme.column].items():
            meant[word] += areas[parcel]
        assert {name: area for name, area in told.items() if name != total} == {
            word: pytest.approx(area, abs=0.06) for word, area in meant.items()
        }
        drawn = view.evaluate(
            "() => new Set(map_mutan.mutan.parcels.shapes.map((shape) => shape.options.fillColor)).size"
        )
        assert drawn == len(meant)


def test_the_popup_names_the_value_of_every_theme(opened, book, expected):
    view = opened(zone_html(book, ZONE, YEAR))
    # one parcel of each value of each theme, so that every word is seen once
    seen = {word: parcel for by in expected.values() for parcel, word in by.items()}
    for parcel in sorted(set(seen.values())):
        told = shown(view, parcel)
        for theme in THEMES:
            assert told[theme.label] == expected[theme.column][parcel], (parcel, theme.column)


def test_a_theme_without_figures_is_not_offered_and_the_map_is_drawn_all_the_same(opened, book, small_book):
    bare = opened(zone_html(book, "G411165", YEAR))  # no raster was held against its ledger
    options = bare.get_by_label("地块着色").locator("option").all_inner_texts()
    assert "卫星对照" not in options
    assert "企业等级" in options
    with open_book(small_book) as small:
        view = opened(zone_html(small, "G990002", 2024))
    assert "地类" in view.get_by_label("地块着色").locator("option").all_inner_texts()


def test_the_map_of_the_province_offers_every_indicator_and_is_coloured_by_a_new_one(opened, book):
    view = opened(province_html(book, YEAR, "industrial_share"))
    choice = view.get_by_label("指标", exact=True)
    offered = [option.get_attribute("value") for option in choice.locator("option").all()]
    codes = [each.code for each in contents()]
    assert offered[: len(codes)] == codes
    # what a raster showed is an indicator as well
    assert any(code.startswith("cover.worldcover.") for code in offered[len(codes) :])
    fills = "() => map_mutan.mutan.zones.zones.map((zone) => zone.area.options.fillColor)"
    for code in ("benefit_gini_tax_per_mu", "promises_kept_share", "supply_years_left"):
        choice.select_option(code)
        values = {row["zone"]: row["value"] for row in book.results(year=YEAR) if row["code"] == code}
        known = sorted((value for value in values.values() if value is not None), reverse=True)
        assert len(known) > 1
        assert len(set(view.evaluate(fills))) > 1
        label = next(row["label"] for row in book.results(year=YEAR) if row["code"] == code)
        expect(view.locator(".legend")).to_contain_text(label)
        rows = view.locator(".ranking tbody tr")
        expect(rows).to_have_count(len(values))
        unknown = [row for row in rows.all_inner_texts() if "未知" in row]
        assert len(unknown) == len(values) - len(known)


def test_a_page_that_begins_with_a_new_indicator_shows_it(opened, book):
    view = opened(province_html(book, YEAR, "idle_area_mu"))
    expect(view.get_by_label("指标", exact=True)).to_have_value("idle_area_mu")
    expect(view.locator(".legend")).to_contain_text("疑似闲置土地面积")
