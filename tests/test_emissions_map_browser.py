"""The map of a zone with its emissions, in a real browser, and the slider that shows other years."""

from __future__ import annotations

from collections import Counter
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from api.emissions import emissions_of
from data.units import m2_to_mu
from maps.emissions import classes, words

pytestmark = pytest.mark.browser

ZONE, YEAR, BEFORE = "G411164", 2024, 2022


@pytest.fixture(scope="module")
def address(served, demo_book):
    """The address of a server of our own on a free port of this machine."""
    return served(demo_book.book)


def counted(book, year):
    """Word of the legend -> how many parcels, as the figures have it."""
    told = emissions_of(book, ZONE, year).parcels
    per_mu = told["tco2e"].to_numpy() / m2_to_mu(told["area_m2"].to_numpy())
    said = {**words(), None: "未知"}
    return Counter(said[key] for key in classes(per_mu, told["emitter"]))


def drawn(view):
    """Fill -> how many parcels have it on the map."""
    script = "() => map_mutan.mutan.parcels.shapes.map((shape) => shape.options.fillColor)"
    return sorted(Counter(view.evaluate(script)).values())


def test_the_slider_colours_the_parcels_by_the_emissions_of_another_year(opened, address, book):
    page = f"{address}/maps/{ZONE}?year={YEAR}"
    for first in (page, f"{address}/zones/{ZONE}/emissions/years?by=parcel&year={YEAR}"):
        urlopen(first).read()  # a browser waits less long than the first reading of rules and factors takes
    view = opened(None, page)
    view.get_by_label("地块着色").select_option("碳排放")
    slider = view.get_by_label("年份")
    expect(slider).to_be_visible()
    assert drawn(view) == sorted(counted(book, YEAR).values())
    slider.fill(str(BEFORE - 2020))
    expect(view.locator(".legend")).to_contain_text(f"· {BEFORE} 年")
    assert drawn(view) == sorted(counted(book, BEFORE).values())
    for word in counted(book, BEFORE):
        expect(view.locator(".legend")).to_contain_text(word)
    view.get_by_label("地块着色").select_option("地类")
    expect(slider).to_have_count(0)
