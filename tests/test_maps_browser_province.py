"""The page of all zones as a reader meets it, in a real browser that may ask nobody outside for anything."""

from __future__ import annotations

import re

import geopandas as gpd
import numpy as np
import pytest
from playwright.sync_api import expect
from shapely.geometry import Polygon

import maps
from data.records import Input, Outcome, Result

pytestmark = pytest.mark.browser

NASTY = '<img src=x onerror="document.title=1"><script>alert(1)</script>{{7*7}}'
INDICATORS = [
    {"code": "industrial_share", "label": "工业用地率"},
    {"code": "tax_per_mu", "label": "亩均税收"},
    {"code": "value_added_per_mu", "label": "亩均增加值"},
]
M2_PER_MU = 10_000 / 15


def wobbly(x, y, radius, seed):
    turn = np.linspace(0, 2 * np.pi, 28, endpoint=False)
    reach = radius * (1 + 0.15 * np.sin(3 * turn) + 0.05 * np.random.default_rng(seed).normal(size=turn.size))
    return Polygon(np.c_[x + 1.2 * reach * np.cos(turn), y + reach * np.sin(turn)])


def result(zone, code, label, value, unit, target=None):
    told = None if value is None else Outcome.MET if target is None or value >= target else Outcome.NOT_MET
    made = Result(
        code,
        label,
        value,
        unit,
        inputs=(Input("works", "工业用地面积", 600 * M2_PER_MU, "m2", "parcels v3", 12),),
        formula="工业用地 ÷ 建成用地",
        articles=("示例〔2021〕3号 第九条",),
        target=target,
        outcome=Outcome.CANNOT_TELL if value is None else told if target is not None else None,
        reason="缺少企业报表" if value is None else "",
        layer_versions=("parcels v3",),
    )
    return {"zone": zone, "year": 2024, **made.as_json()}


def province(links=None):
    places = [(113.5, 34.6), (113.7, 34.7), (113.9, 34.8), (114.1, 34.7)]
    zones = gpd.GeoDataFrame(
        {
            "code": [f"G99000{n}" for n in range(4)],
            "name": ["示例甲区", "示例乙区", NASTY, "示例丁区"],
            "level": "provincial",
            "city": "示例市",
            "approved_ha": [100.0, 200.0, None, 400.0],
        },
        geometry=[wobbly(x, y, 0.04, n) for n, (x, y) in enumerate(places)],
        crs=4490,
    )
    shares, taxes = [0.7, 0.5, None, 0.65], [10.0, 20.0, 30.0, 5.0]
    rows = [
        row
        for code, share, tax in zip(zones["code"], shares, taxes, strict=True)
        for row in (
            result(code, "industrial_share", "工业用地率", share, "1", 0.6),
            result(code, "tax_per_mu", "亩均税收", tax, "CNY10k/mu", 15.0),
            result(code, "value_added_per_mu", "亩均增加值", tax * 4, "CNY10k/mu"),
        )
    ]
    drawn = maps.province_page(zones, rows, indicator="industrial_share", indicators=INDICATORS, links=links)
    return maps.render(drawn, title="示例省 2024 年", notice="示例数据，均为虚构")


def fills(view):
    return view.evaluate("() => map_mutan.mutan.zones.zones.map((zone) => zone.area.options.fillColor)")


def colours(view, *names):
    return view.evaluate("(names) => names.map(Mutan.colour)", list(names))


def test_zones_are_coloured_by_what_they_meet_and_the_choice_recolours_them(opened):
    view = opened(province())
    met, not_met, cannot_tell, first, last = colours(view, "met", "not_met", "cannot_tell", "seq-0", "seq-4")
    assert fills(view) == [met, not_met, cannot_tell, met]
    view.get_by_label("指标", exact=True).select_option("tax_per_mu")
    assert fills(view) == [not_met, met, met, not_met]
    expect(view.locator(".legend")).to_contain_text("亩均税收")
    view.get_by_text("按数值", exact=True).click()
    assert (fills(view)[3], fills(view)[2]) == (first, last)


def test_an_indicator_without_target_is_shaded_by_value(opened):
    view = opened(province())
    view.get_by_label("指标", exact=True).select_option("value_added_per_mu")
    expect(view.get_by_text("对照目标")).to_be_hidden()
    expect(view.locator(".legend")).to_contain_text("万元/亩")
    expect(view.locator(".legend .row", has_text="无法判断")).to_contain_text("0 个")
    assert len(set(fills(view))) == 4


def test_the_legend_counts_zones_by_outcome(opened):
    view = opened(province())
    rows = view.locator(".legend .row")
    expect(rows).to_have_text([
        re.compile("^达到目标2 个"),
        re.compile("^未达到目标1 个"),
        re.compile("^无法判断1 个"),
    ])


def test_the_table_is_sorted_by_value_with_the_unknown_last(opened):
    view = opened(province())
    rows = view.locator(".ranking tbody tr")
    expect(rows.locator("th")).to_have_text(["示例甲区", "示例丁区", "示例乙区", NASTY])
    expect(rows.first).to_contain_text("70.00")
    expect(rows.last).to_contain_text("未知")
    view.get_by_role("button", name="数值").click()
    expect(rows.locator("th")).to_have_text(["示例乙区", "示例丁区", "示例甲区", NASTY])


def test_a_zone_of_the_table_opens_on_the_map_with_the_way_to_its_page(opened):
    view = opened(province({"zone": "/maps/zones/{code}?year=2024"}))
    view.get_by_label("查找开发区").fill("甲")
    expect(view.locator(".ranking tbody tr:visible")).to_have_count(1)
    view.get_by_role("button", name="示例甲区").press("Enter")
    popup = view.locator(".leaflet-popup")
    expect(popup.get_by_role("link", name="示例甲区")).to_have_attribute(
        "href", "/maps/zones/G990000?year=2024"
    )
    expect(popup).to_contain_text("批准面积 1,500.0 亩")
    expect(popup).to_contain_text("目标 60.00%")
    popup.get_by_text("其他指标").click()
    expect(popup).to_contain_text("亩均税收")


def test_a_zone_named_with_code_is_only_a_name_on_the_map(opened):
    view = opened(province())
    view.get_by_role("button", name="<img").click()
    expect(view.locator(".leaflet-popup h2")).to_have_text(NASTY)
    expect(view.locator(".leaflet-popup .reason").first).to_have_text("缺少企业报表")
    assert view.locator("img[src=x]").count() == 0
    assert view.title() == "示例省 2024 年"


def test_from_afar_a_zone_is_a_dot_and_near_it_is_its_shape(opened):
    view = opened(province())
    shown = "() => map_mutan.mutan.zones.zones.filter(({dot}) => map_mutan.hasLayer(dot)).length"
    assert view.evaluate(shown) == 0
    view.evaluate("() => map_mutan.setZoom(5, {animate: false})")
    assert view.evaluate(shown) == 4
