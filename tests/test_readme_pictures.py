"""The pictures of the README: taken of the sample as it is served; `--pictures FOLDER` keeps them.

make pictures
"""

from __future__ import annotations

import re
import shutil
import struct
import warnings
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.request import urlopen

import numpy as np
import pytest
import rasterio
from playwright.sync_api import Page, expect
from rasterio.errors import NotGeoreferencedWarning
from rasterio.io import MemoryFile

from api.requests.filing import check_and_keep
from api.requests.wishes import Wishes

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[1]
WHEN = datetime(2026, 6, 30, 9, tzinfo=UTC)
WIDTH, HEIGHT = 1280, 800
MOST_BYTES = 400_000
COLOURS = 256
PARCEL = (740, 560)  # a place on the map of G411031 that is free of the legend
SLIDE_MS = 600  # the map slides until the whole popup is seen
COUNTED_WITHOUT = 3  # bits of each channel that are left out while colours are counted


def small(png: bytes, path: Path) -> None:
    """Save a picture in its 256 commonest colours; every other colour takes the nearest of them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with MemoryFile(png) as file, file.open() as source:
            pixels = source.read([1, 2, 3]).reshape(3, -1).T
            height, width = source.shape
        coarse = (pixels >> COUNTED_WITHOUT).astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32)
        _, first, which, often = np.unique(coarse, return_index=True, return_inverse=True, return_counts=True)
        colours = pixels[first].astype(np.int32)
        palette = colours[np.argsort(often, stable=True)[::-1][:COLOURS]]
        nearest = ((colours[:, None, :] - palette[None]) ** 2).sum(2).argmin(1).astype(np.uint8)
        shape = {"count": 1, "height": height, "width": width}
        with rasterio.open(path, "w", driver="PNG", dtype="uint8", zlevel=9, **shape) as target:
            target.write(nearest[which].reshape(1, height, width))
            target.write_colormap(1, {k: (*map(int, rgb), 255) for k, rgb in enumerate(palette)})


@pytest.fixture(scope="module")
def address(served, demo_book) -> str:
    """Where the sample is served."""
    return served(demo_book.book)


@pytest.fixture
def take(pytestconfig: pytest.Config, tmp_path: Path) -> Callable[[Page, str], None]:
    """Takes a picture of a page, and holds it to its size."""
    kept = pytestconfig.getoption("--pictures")
    folder = ROOT / kept if kept else tmp_path

    def of(view: Page, name: str) -> None:
        view.mouse.move(0, 0)
        small(view.screenshot(animations="disabled"), folder / name)
        assert size_of(folder / name) == (WIDTH, HEIGHT)
        assert (folder / name).stat().st_size < MOST_BYTES

    return of


def size_of(picture: Path) -> tuple[int, int]:
    """Width and height in the head of a PNG."""
    head = picture.read_bytes()[:24]
    assert head.startswith(b"\x89PNG\r\n")
    return struct.unpack(">II", head[16:24])


def test_the_landing_page(opened, address, take):
    view = opened(None, f"{address}/", WIDTH, HEIGHT)
    expect(view.get_by_role("note")).to_contain_text("示例数据")
    expect(view.get_by_role("cell", name="G411169")).to_be_visible()
    take(view, "landing.png")


def test_the_map_of_the_province(opened, address, take):
    view = opened(None, f"{address}/maps/?year=2024", WIDTH, HEIGHT)
    expect(view.locator("#map_mutan")).to_be_visible()
    expect(view.locator(".leaflet-overlay-pane").first).to_be_attached()
    view.wait_for_load_state("networkidle")
    take(view, "province.png")


def test_the_map_of_a_zone_with_a_parcel(opened, address, take):
    view = opened(None, f"{address}/maps/G411031?year=2024", WIDTH, HEIGHT)
    expect(view.locator("#map_mutan")).to_be_visible()
    view.wait_for_load_state("networkidle")
    view.mouse.click(*PARCEL)
    expect(view.locator(".leaflet-popup h2")).to_contain_text("地块")
    view.wait_for_timeout(SLIDE_MS)
    take(view, "zone.png")


def test_the_why_of_a_number(opened, address, take):
    view = opened(None, f"{address}/zones/G411162/why/tax_per_mu?year=2024&f=html", WIDTH, HEIGHT)
    expect(view.get_by_role("heading", level=1)).to_contain_text("2024 年")
    take(view, "why.png")


def test_the_map_of_a_zone_by_grade(opened, address, take):
    view = opened(None, f"{address}/maps/G411031?year=2024", WIDTH, HEIGHT)
    expect(view.locator("#map_mutan")).to_be_visible()
    view.wait_for_load_state("networkidle")
    view.get_by_label("地块着色").select_option("企业等级")
    expect(view.locator(".legend .row", has_text="A 类")).to_be_visible()
    take(view, "grades.png")


def test_the_standing_of_the_zones(opened, address, take):
    view = opened(None, f"{address}/standing?year=2024&f=html", WIDTH, HEIGHT)
    expect(view.get_by_role("heading", level=1)).to_contain_text("综合评价")
    expect(view.locator("table").last).to_contain_text("郑州经济技术开发区")
    take(view, "standing.png")


def test_the_inventory_of_a_zone(opened, address, take):
    page = f"{address}/zones/G411167/inventory?year=2024&f=html"
    urlopen(page).read()  # a browser waits less long than the first reading of rules and factors takes
    view = opened(None, page, WIDTH, HEIGHT)
    expect(view.get_by_role("heading", level=1)).to_contain_text("碳排放清单")
    expect(view.get_by_role("row", name="零碳园区口径碳排放总量").first).to_be_visible()
    take(view, "inventory.png")


def test_the_map_of_a_zone_by_emissions(opened, address, take):
    page = f"{address}/maps/G411167?year=2024"
    for first in (page, f"{address}/zones/G411167/emissions/years?by=parcel&year=2024"):
        urlopen(first).read()
    view = opened(None, page, WIDTH, HEIGHT)
    expect(view.locator("#map_mutan")).to_be_visible()
    view.wait_for_load_state("networkidle")
    view.get_by_label("地块着色").select_option("碳排放")
    expect(view.get_by_label("年份")).to_be_visible()
    expect(view.locator(".legend")).to_contain_text("/亩")
    take(view, "emissions.png")


def test_the_page_of_a_checked_request(opened, served, demo_book, take, tmp_path):
    book = shutil.copy(demo_book.book, tmp_path / "mutan.gpkg")
    file = demo_book.folder / "示例文件" / "示例_扩区申请_占基本农田.geojson"
    wishes = Wishes("expansion", "G411162", date(2026, 6, 30), name="示例_扩区申请_占基本农田")
    told = check_and_keep(str(book), file, wishes, gives_up=None, who="示例", when=WHEN, keep=True)
    page = f"{served(book)}/requests/{told['request']['id']}/report"
    urlopen(page).read()
    view = opened(None, page, WIDTH, HEIGHT)
    expect(view.get_by_role("heading", level=1)).to_contain_text("核查表")
    expect(view.locator("svg").first).to_be_visible()
    take(view, "request.png")


@pytest.mark.parametrize("readme", ["README.md", "README.en.md"])
def test_the_pictures_that_are_kept_are_those_of_the_readme(readme):
    named = re.findall(r"!\[[^]]+\]\((docs/pictures/[^)]+)\)", (ROOT / readme).read_text("utf-8"))
    kept = [picture.relative_to(ROOT).as_posix() for picture in (ROOT / "docs/pictures").iterdir()]
    assert sorted(named) == sorted(kept) != []
    for name in named:
        assert size_of(ROOT / name) == (WIDTH, HEIGHT)
        assert (ROOT / name).stat().st_size < MOST_BYTES
