"""The page of an inventory in a browser: both totals, another choice, and the way down to the row."""

from __future__ import annotations

import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect
from typer.testing import CliRunner

from api.cli.entry import program

pytestmark = pytest.mark.browser

park = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("inventory_park.py"))))
PLACE = f"/zones/{park.ZONE}/inventory?year={park.YEAR}&f=html"
AR6 = park.TOTAL - park.COOLING + 0.1 * (0.5 * 771 + 0.5 * 3740) + 10 * 0.25 * 0.8 * (27.0 - 28)


@pytest.fixture(scope="module")
def address(served, tmp_path_factory):
    """A server of our own on the park, on a free port of this machine."""

    def run(*words):
        told = CliRunner().invoke(program(), [str(word) for word in words])
        return SimpleNamespace(status=told.exit_code, err=told.stderr)

    book = park.book_of(tmp_path_factory.mktemp("park"), run)
    return served(book)


def test_both_totals_are_shown_and_another_choice_changes_them(opened, address):
    view = opened(None, address + PLACE)
    view.set_default_timeout(30_000)
    total = view.get_by_role("row", name="emissions_total 3")
    expect(total.locator("td").first).to_contain_text(f"{park.TOTAL:,.1f}"[:6])
    zero = view.get_by_role("row", name="ndrc910_total")
    expect(zero.locator("td").first).to_contain_text(f"{sum(park.PARK.values()):,.1f}"[:6])
    view.get_by_text("核算选项").first.click()
    view.get_by_label("全球增温潜势").select_option("AR6")
    view.get_by_role("button", name="重新核算").click()
    view.wait_for_url("**gwp=AR6**")
    changed = view.get_by_role("row", name="emissions_total 3").locator("td").first
    assert float(changed.inner_text().split()[0].replace(",", "")) == pytest.approx(AR6, abs=1.0)
    assert abs(AR6 - park.TOTAL) > 10
    expect(view.get_by_label("全球增温潜势")).to_have_value("AR6")


def test_why_leads_to_the_rows_of_the_statements_and_keeps_the_choice(opened, address):
    view = opened(None, f"{address}{PLACE}&gwp=AR6")
    view.set_default_timeout(30_000)
    view.get_by_role("row", name="emissions_scope1").get_by_role("link", name="为什么").click()
    expect(view.get_by_text("能源.xlsx 第 2 行")).to_be_visible()
    expect(view.get_by_text("100 千克 = 0.1 t")).to_be_visible()
    assert "gwp=AR6" in view.url


def test_names_are_shown_as_they_are_written(opened, address):
    view = opened(None, address + PLACE)
    expect(view.get_by_role("heading", level=1)).to_contain_text(park.NAME)
    expect(view.get_by_text("=cmd 热电厂<i>")).to_have_count(1)


@pytest.mark.parametrize("place", [PLACE, PLACE.replace("inventory", "why/emissions_total")])
def test_the_pages_fit_a_telephone(opened, address, place):
    view = opened(None, address + place, width=390, height=800)
    assert view.evaluate("() => document.documentElement.scrollWidth") <= 390
