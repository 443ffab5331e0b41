"""A request as a person hands it in: form, faults, verdict, map; by keyboard and on a telephone."""

from __future__ import annotations

import runpy
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect
from shapely.geometry import Polygon

pytestmark = pytest.mark.browser

SHARED = runpy.run_path(str(Path(__file__).with_name("requests_sent.py")))
FARMLAND, NASTY, geojson = (SHARED[name] for name in ("FARMLAND", "NASTY", "geojson"))


@pytest.fixture(scope="module")
def address(served, small_book, tmp_path_factory):
    """The address of a server of our own, on a copy of the small book."""
    return served(shutil.copy(small_book, tmp_path_factory.mktemp("requests") / "book.gpkg"))


@pytest.fixture
def file(tmp_path):
    """A request over farmland."""
    made = tmp_path / "扩区.geojson"
    made.write_bytes(geojson(FARMLAND))
    return made


def fill(view, file, **said):
    view.get_by_label("开发区代码").fill("G990001")
    view.get_by_label("核查日期").fill("2025-06-30")
    view.get_by_label("申请范围").set_input_files(file)
    for label, text in said.items():
        view.get_by_label(label).fill(text)


def test_from_the_form_to_the_verdict_to_the_map(opened, address, file):
    view = opened(None, f"{address}/")
    view.get_by_role("link", name="申请", exact=True).click()
    fill(view, file, 申请名称=NASTY, 填报人="规划科")
    view.get_by_role("button", name="核查并入库").click()
    expect(view.get_by_role("heading", level=1)).to_contain_text("{{7*7}}")
    expect(view.locator(".verdict")).to_contain_text("不符合")
    row = view.get_by_role("row").filter(has_text="不占永久基本农田")
    expect(row).to_contain_text("不符合")
    expect(row).to_contain_text("平方米")
    expect(view.get_by_role("img", name="申请范围略图")).to_be_visible()
    view.get_by_role("link", name="打开地图").click()
    expect(view.locator(".legend")).to_contain_text("不符合的部分")
    expect(view.locator(".panel")).to_contain_text("不占永久基本农田")
    spot = view.locator("path.leaflet-interactive").last.bounding_box()
    view.mouse.click(spot["x"] + spot["width"] / 2, spot["y"] + spot["height"] / 2)
    expect(view.locator(".leaflet-popup")).to_contain_text("公顷")
    view.get_by_role("link", name="开发区地图").click()
    expect(view.locator(".legend")).to_contain_text("边界调整申请")


def test_faults_stand_beside_the_form_which_keeps_what_was_said(browser, address, tmp_path):
    bow_tie = Polygon([(113.66, 34.71), (113.67, 34.72), (113.67, 34.71), (113.66, 34.72)])
    file = tmp_path / "扩区.geojson"
    file.write_bytes(geojson(bow_tie))
    view = browser.new_page(locale="zh-CN")  # not `opened`: a browser calls a 422 an error of the page
    view.goto(f"{address}/requests")
    fill(view, file, 填报人="规划科")
    with view.expect_navigation() as left:
        view.get_by_role("button", name="只核查，不入库").click()
    assert left.value.status == 422
    expect(view.get_by_role("alert")).to_contain_text("self_crossing")
    expect(view.get_by_label("填报人")).to_have_value("规划科")
    expect(view.get_by_label("开发区代码")).to_have_value("G990001")
    view.close()


def test_the_form_can_be_filled_and_sent_by_keyboard_alone(opened, address, file):
    view = opened(None, f"{address}/requests")
    fill(view, file)
    view.get_by_label("开发区代码").focus()
    for _ in range(40):
        if view.evaluate("() => document.activeElement.value") == "false":
            break
        view.keyboard.press("Tab")
    expect(view.get_by_role("button", name="只核查，不入库")).to_be_focused()
    view.keyboard.press("Enter")
    expect(view.get_by_role("heading", level=1)).to_contain_text("只核查，未入库")


def test_nothing_runs_off_the_side_of_a_telephone(opened, address, file):
    view = opened(None, f"{address}/requests", width=390, height=800)
    assert view.evaluate("() => document.documentElement.scrollWidth") <= 390
    view.locator("summary").click()
    assert view.evaluate("() => document.documentElement.scrollWidth") <= 390
    fill(view, file)
    view.get_by_role("button", name="核查并入库").click()
    expect(view.locator(".verdict")).to_be_visible()
    assert view.evaluate("() => document.documentElement.scrollWidth") <= 390
    view.get_by_role("link", name="打开地图").click()
    expect(view.locator("#map_mutan")).to_be_visible()
    assert view.evaluate("() => document.documentElement.scrollWidth") <= 390


def test_a_request_is_checked_again_with_a_button(opened, address, file):
    view = opened(None, f"{address}/requests")
    fill(view, file)
    view.get_by_role("button", name="核查并入库").click()
    view.get_by_label("核查人").fill("乙")
    view.get_by_role("button", name="重新核查").click()
    expect(view.get_by_role("row").filter(has_text="乙")).to_have_count(1)
