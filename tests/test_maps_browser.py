"""One zone's page as a reader meets it: in a real browser, which may ask nobody outside for anything."""

from __future__ import annotations

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

import geopandas as gpd
import numpy as np
import pytest
from playwright.sync_api import expect
from shapely.geometry import Polygon, box

import maps
from data.records import Input, Outcome, Result
from maps import assets

pytestmark = pytest.mark.browser

NASTY = '<img src=x onerror="document.title=1"><script>alert(1)</script>{{7*7}}'
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


def zone_map(side=6, **more):
    """A square of parcels around 113.7, 34.7: the left third storage, the rest industry; 15 mu each."""
    west, south, step = 113.685, 34.685, 0.03 / side
    cells = [(i, j) for j in range(side) for i in range(side)]
    parcels = gpd.GeoDataFrame(
        {
            "parcel_id": [f"P{n:04d}" for n in range(len(cells))],
            "land_class": ["0508" if i < side // 3 else "0601" for i, _ in cells],
            "class_system": "sandiao",
            "supply": "supplied",
            "built": True,
            "area_m2": 10_000.0,
            "grade": ["A" if i < side // 2 else "D" for i, _ in cells],
        },
        geometry=[
            box(west + i * step, south + j * step, west + (i + 1) * step, south + (j + 1) * step)
            for i, j in cells
        ],
        crs=4490,
    )
    parcels.loc[0, "parcel_id"] = NASTY
    zone = gpd.GeoDataFrame(
        {
            "code": ["G990001"],
            "name": [NASTY],
            "level": ["national"],
            "city": ["示例市"],
            "approved_ha": [54.0],
        },
        geometry=[wobbly(113.7, 34.7, 0.016, 3)],
        crs=4490,
    )
    limits = gpd.GeoDataFrame(
        {"kind": ["basic_farmland", NASTY], "name": [NASTY, "乙"], "level": None, "restricted": False},
        geometry=[wobbly(113.69, 34.69, 0.003, 1), wobbly(113.71, 34.71, 0.003, 2)],
        crs=4490,
    )
    rows = [
        result("G990001", "industrial_share", "工业用地率", 0.7, "1", 0.6),
        result("G990001", "tax_per_mu", "亩均税收", 12.0, "CNY10k/mu", 15.0),
        result("G990001", "value_added_per_mu", NASTY, None, "CNY10k/mu"),
    ]
    return maps.zone_page(zone, parcels, rows, constraints=limits, **more)


def zone_html(**more):
    return maps.render(zone_map(**more), title="示例甲区 2024 年", notice="示例数据，均为虚构")


def click_on_map(view, x, y):
    """Click where a longitude and latitude is drawn."""
    spot = view.evaluate("([x, y]) => map_mutan.latLngToContainerPoint([y, x])", [x, y])
    frame = view.locator("#map_mutan").bounding_box()
    view.mouse.click(frame["x"] + spot["x"], frame["y"] + spot["y"])


def test_the_zone_page_loads_by_itself_and_says_that_its_data_is_made_up(opened):
    view = opened(zone_html())
    expect(view.get_by_role("note")).to_contain_text("示例数据")
    assert view.evaluate("() => map_mutan.mutan.parcels.shapes.length") == 36
    assert view.title() == "示例甲区 2024 年"


def test_the_legend_tells_each_class_with_area_and_share(opened):
    view = opened(zone_html())
    legend = view.locator(".legend")
    expect(legend.locator(".row", has_text="工业")).to_contain_text("360.00 亩 · 66.7%")
    expect(legend.locator(".row", has_text="仓储")).to_contain_text("180.00 亩 · 33.3%")
    expect(legend.locator(".total")).to_contain_text("合计 36 块540.00 亩")


def test_another_theme_colours_the_parcels_and_fills_the_legend_anew(opened):
    view = opened(zone_html())
    view.get_by_label("地块着色").select_option("企业等级")
    legend = view.locator(".legend")
    expect(legend.get_by_role("heading", name="亩均效益等级与用地")).to_be_visible()
    expect(legend.locator(".row", has_text="D 类")).to_contain_text("270.00 亩 · 50.0%")
    fills = "() => new Set(map_mutan.mutan.parcels.shapes.map((shape) => shape.options.fillColor)).size"
    assert view.evaluate(fills) == 2
    legend.locator(".row", has_text="D 类").get_by_role("checkbox").uncheck()
    drawn = "() => map_mutan.mutan.parcels.shapes.filter((shape) => map_mutan.hasLayer(shape)).length"
    assert view.evaluate(drawn) == 18
    view.get_by_label("地块着色").select_option("地类")
    expect(legend.locator(".row", has_text="仓储")).to_contain_text("180.00 亩 · 33.3%")
    assert view.evaluate(drawn) == 36


def test_the_choice_of_unit_changes_every_figure_and_popups_too(opened):
    view = opened(zone_html())
    click_on_map(view, 113.7025, 34.7075)
    popup = view.locator(".leaflet-popup")
    expect(popup).to_contain_text("图斑面积15.00 亩")
    view.get_by_text("公顷", exact=True).click()
    expect(popup).to_contain_text("图斑面积1.00 公顷")
    expect(view.locator(".legend .row", has_text="工业")).to_contain_text("24.00 公顷")
    expect(view.locator("[data-code=tax_per_mu] .value")).to_contain_text("180.00 万元/公顷")
    expect(view.locator("[data-code=industrial_share] .value")).to_contain_text("70.00%")


def test_the_unit_can_be_chosen_by_keyboard(opened):
    view = opened(zone_html())
    view.get_by_role("radio", name="亩").focus()
    view.keyboard.press("ArrowRight")
    expect(view.locator(".legend .total")).to_contain_text("36.00 公顷")


def test_a_click_on_a_parcel_opens_its_numbers(opened):
    view = opened(zone_html())
    click_on_map(view, 113.7025, 34.7075)
    popup = view.locator(".leaflet-popup")
    expect(popup.get_by_role("heading")).to_have_text("地块 P0027")
    expect(popup).to_contain_text("0601 工业用地")
    expect(popup).to_contain_text("供应状态已供应")
    expect(popup).to_contain_text("是否建成是")


def test_a_parcel_is_found_by_its_number_and_an_unknown_number_is_named(opened):
    view = opened(zone_html())
    view.get_by_label("查找地块").fill("P0035")
    view.keyboard.press("Enter")
    expect(view.locator(".leaflet-popup h2")).to_have_text("地块 P0035")
    view.get_by_label("查找地块").fill("X1")
    view.keyboard.press("Enter")
    expect(view.get_by_role("status")).to_have_text("没有编号为 X1 的地块。")


def test_a_class_is_switched_off_in_the_legend(opened):
    view = opened(zone_html())
    view.locator(".legend .row", has_text="工业").get_by_role("checkbox").uncheck()
    drawn = "() => map_mutan.mutan.parcels.shapes.filter((shape) => map_mutan.hasLayer(shape)).length"
    assert view.evaluate(drawn) == 12
    click_on_map(view, 113.7025, 34.7075)
    expect(view.locator(".leaflet-popup")).to_have_count(0)


def test_names_full_of_code_are_shown_as_they_are_written(opened):
    view = opened(zone_html())
    view.get_by_label("查找地块").fill(NASTY)
    view.keyboard.press("Enter")
    expect(view.locator(".leaflet-popup h2")).to_have_text(f"地块 {NASTY}")
    expect(view.locator(".legend")).to_contain_text(NASTY)
    expect(view.locator("[data-code=value_added_per_mu] h3")).to_have_text(NASTY)
    view.evaluate("() => Object.values(mutan_constraints._layers)[0].eachLayer((layer) => layer.openPopup())")
    expect(view.locator(".leaflet-popup h2", has_text="img")).to_have_text(NASTY)
    assert view.locator("img[src=x]").count() == 0
    assert view.title() == "示例甲区 2024 年"


def test_a_constraint_lets_the_parcel_under_it_be_clicked(opened):
    view = opened(zone_html())
    click_on_map(view, 113.69, 34.69)
    expect(view.locator(".leaflet-popup h2")).to_contain_text("地块")


def test_the_panel_answers_why_with_formula_inputs_articles_and_versions(opened):
    view = opened(zone_html(links={"why": "/zones/{code}/why/{result}?year=2024", "home": "/maps"}))
    share = view.locator("[data-code=industrial_share]")
    expect(share).to_contain_text("70.00%")
    expect(share).to_contain_text("达标")
    expect(share.get_by_text("工业用地 ÷ 建成用地")).to_be_hidden()
    share.get_by_text("为什么").click()
    why = share.locator(".why")
    inputs = "工业用地面积parcels v3 · 共 12 项600.00 亩"
    for said in ("工业用地 ÷ 建成用地", inputs, "示例〔2021〕3号 第九条", "parcels v3"):
        expect(why).to_contain_text(said)
    expect(why.get_by_role("link")).to_have_attribute("href", "/zones/G990001/why/industrial_share?year=2024")
    expect(view.get_by_role("link", name="全部开发区")).to_have_attribute("href", "/maps")


def test_what_cannot_be_told_says_why_not_and_is_no_zero(opened):
    view = opened(zone_html())
    unknown = view.locator("[data-code=value_added_per_mu]")
    expect(unknown).to_contain_text("无法判断")
    expect(unknown.locator(".reason")).to_have_text("缺少企业报表")
    expect(unknown.locator(".value")).to_contain_text("—")


def test_the_panel_folds_away_and_comes_back(opened):
    view = opened(zone_html())
    before = view.locator("#map_mutan").bounding_box()["width"]
    view.get_by_role("button", name="收起面板").click()
    expect(view.locator(".panel-body")).to_be_hidden()
    assert view.locator("#map_mutan").bounding_box()["width"] > before + 300
    view.get_by_role("button", name="展开面板").click()
    expect(view.locator(".panel-body")).to_be_visible()


def test_on_a_telephone_the_panel_lies_under_the_map_and_nothing_sticks_out(opened):
    view = opened(zone_html(), width=390, height=800)
    frame, panel = view.locator("#map_mutan").bounding_box(), view.locator(".panel").bounding_box()
    assert panel["y"] >= frame["y"] + frame["height"]
    assert view.evaluate("() => document.documentElement.scrollWidth") <= 390


def test_on_paper_every_why_is_open_and_the_tools_are_gone(opened):
    view = opened(zone_html())
    view.emulate_media(media="print")
    view.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    expect(view.locator(".why").first.get_by_text("工业用地 ÷ 建成用地")).to_be_visible()
    expect(view.locator(".tools")).to_be_hidden()
    frame, legend = view.locator("#map_mutan").bounding_box(), view.locator(".legend").bounding_box()
    assert legend["y"] >= frame["y"] + frame["height"]
    view.evaluate("() => window.dispatchEvent(new Event('afterprint'))")
    expect(view.locator("#map_mutan .legend")).to_have_count(1)


class Served(SimpleHTTPRequestHandler):
    """Serves a page at / and our files under /assets, as the API does."""

    def __init__(self, html, *args):
        self.html = html
        super().__init__(*args)

    def do_GET(self):
        path = unquote(urlsplit(self.path).path)
        kinds = {".js": "text/javascript", ".css": "text/css", ".png": "image/png", ".svg": "image/svg+xml"}
        if path == "/":
            body, kind = self.html.encode(), "text/html; charset=utf-8"
        else:
            found = assets.path(path.removeprefix("/assets/"))
            body, kind = found.read_bytes(), kinds[found.suffix]
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Say nothing."""


def test_a_linked_page_works_from_a_server_under_its_own_policy(opened):
    html = maps.render(zone_map(), title="示例甲区", embed=False, assets_url="/assets")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Served, html)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            view = opened(None, url=f"http://127.0.0.1:{server.server_port}/")
            expect(view.locator(".legend .total")).to_contain_text("540.00 亩")
            expect(view.locator(".panel")).to_be_visible()
        finally:
            server.shutdown()
            thread.join()
