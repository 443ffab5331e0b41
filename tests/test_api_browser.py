"""The service as a person meets it: from the landing page to a parcel, asking nobody else for anything."""

from __future__ import annotations

from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(served, small_book):
    """The address of a server of our own on a free port of this machine."""
    return served(small_book)


def test_from_the_landing_page_to_a_zone_and_the_why_of_a_number(opened, address):
    view = opened(None, f"{address}/")
    expect(view.get_by_role("note")).to_contain_text("示例数据")
    expect(view.get_by_role("cell", name="G990001")).to_be_visible()
    view.get_by_role("link", name="打开 2024 年地图").click()
    expect(view.locator("#map_mutan")).to_be_visible()
    view.goto(f"{address}/")
    view.get_by_role("link", name="示例甲区").click()
    view.get_by_label("查找地块").fill("1-007")
    view.keyboard.press("Enter")
    expect(view.locator(".leaflet-popup h2")).to_have_text("地块 1-007")
    share = view.locator("[data-code=industrial_share]")
    share.get_by_text("为什么").click()
    share.locator(".why").get_by_role("link").click()
    expect(view.get_by_role("heading", level=1)).to_contain_text("2024 年")
    expect(view.get_by_text("parcels.gpkg")).to_be_visible()
    view.get_by_role("link", name="地块", exact=True).click()
    expect(view.get_by_role("link", name="下一页")).to_have_count(0)


def test_the_landing_page_fits_a_telephone_and_shows_names_as_they_are_written(opened, address):
    view = opened(None, f"{address}/", width=390, height=800)
    assert view.evaluate("() => document.documentElement.scrollWidth") <= 390
    expect(view.get_by_role("link", name="<b>示例</b>乙区{{7*7}}")).to_have_count(1)


def test_the_api_describes_itself_without_a_network(opened, address):
    view = opened(None, f"{address}/api.html")
    expect(view.locator(".swagger-ui .title")).to_contain_text("亩碳 Mutan")
    expect(view.locator("[id^=operations-]").first).to_be_visible()


def test_what_is_not_there_is_told_on_a_page(address, browser):
    view = browser.new_page(locale="zh-CN")
    answer = view.goto(f"{address}/zones/G1/history")
    assert answer.status == 404
    expect(view.get_by_role("heading", level=1)).to_contain_text("404")
    view.close()


def test_the_server_answers_a_plain_client_too(address):
    with urlopen(f"{address}/health") as answer:
        assert answer.status == 200
