"""Pages as text: what is escaped, what is linked, what the policy allows."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import branca.colormap
import folium
import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely.geometry import box

import maps
from data.errors import AssetMissing
from data.records import Dated, Input, Outcome, Result, Status

MAPS = Path(maps.__file__).parent
NASTY = "</script><script>alert(1)</script>{{ 7*7 }}{% raw %}"
INDICATORS = [{"code": "industrial_share", "label": "工业用地率"}]


def zone(name="示例区", geometry=None, **more):
    shape = geometry or box(113.70, 34.70, 113.72, 34.72)
    return gpd.GeoDataFrame({"code": ["G990001"], "name": [name], **more}, geometry=[shape], crs=4490)


def share(value=0.5, zone="G990001"):
    article = Dated(
        "rules.share", 0.6, "1", "2021-07-01", "100000", "示例3号 §9", "2021-05-08", Status.UNVERIFIED, "下限"
    )
    result = Result(
        "industrial_share",
        "工业用地率",
        value,
        "1",
        inputs=(Input("works", "工业用地", 50_000.0, "m2", "parcels v1", 3),),
        formula="工业 / 建成",
        articles=("示例1号 §2",),
        target=0.6,
        outcome=Outcome.CANNOT_TELL if value is None else Outcome.NOT_MET,
        reason="" if value is not None else "没有地块",
        layer_versions=("parcels v1",),
    )
    row = {"zone": zone, "year": 2024, **result.as_json()}
    row["articles"] = [*row["articles"], {**article.as_json(), "status": "unverified"}]
    return row


def parcels(n=3):
    boxes = [box(113.70 + i / 1000, 34.70, 113.701 + i / 1000, 34.701) for i in range(n)]
    return gpd.GeoDataFrame(
        {
            "parcel_id": [f"P{i}" for i in range(n)],
            "land_class": ["0601", "0508", "0601"][:n],
            "class_system": "sandiao",
            "area_m2": [20_000.0, 10_000.0, 30_000.0][:n],
        },
        geometry=boxes,
        crs=4490,
    )


def page(**options):
    drawn = maps.province_page(zone(), [share()], indicator="industrial_share", indicators=INDICATORS)
    return maps.render(drawn, **{"title": "示例", **options})


def test_a_page_that_stands_alone_names_no_address_it_would_load():
    alone = page()
    assert not re.findall(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=(?!\"data:)", alone)
    assert set(re.findall(r"url\((?!data:|#)[^)]*\)", alone)) == set()


def test_a_linked_page_loads_from_the_given_prefix_only():
    linked = page(embed=False, assets_url="/assets")
    loaded = re.findall(r'(?:src|href)="([^"]+)"', linked)
    assert loaded
    assert all(url.startswith("/assets/") for url in loaded)
    assert any(url.startswith("/assets/mutan/core.js?v=") for url in loaded)


def test_a_linked_page_without_a_prefix_is_refused():
    with pytest.raises(AssetMissing, match=r"give assets_url, or embed=True"):
        page(embed=False)


def test_rendering_leaves_folium_as_it_was():
    before = [*folium.Map.default_js], [*folium.Map.default_css]
    page()
    assert ([*folium.Map.default_js], [*folium.Map.default_css]) == before


def test_equal_maps_make_equal_pages_and_rendering_twice_changes_nothing():
    drawn = maps.zone_page(zone(), parcels(), [share()])
    first = maps.render(drawn, title="示例")
    assert maps.render(drawn, title="示例") == first
    assert maps.render(maps.zone_page(zone(), parcels(), [share()]), title="示例") == first


def test_title_and_notice_are_escaped():
    said = page(title="<b>区</b>", notice="示例数据 <img src=x>")
    assert "<title>&lt;b&gt;区&lt;/b&gt;</title>" in said
    assert "示例数据 &lt;img src=x&gt;" in said


def test_a_notice_is_shown_only_when_there_is_one():
    assert 'role="note"' not in page()
    assert 'role="note"' in page(notice="示例数据")


def test_a_name_full_of_code_is_neither_run_nor_lost():
    drawn = maps.zone_page(zone(NASTY), parcels().assign(parcel_id=NASTY), [{**share(), "reason": NASTY}])
    said = maps.render(drawn, title=NASTY, notice=NASTY)
    assert "<script>alert" not in said
    data = re.findall(r'<script type="application/json" id="[^"]+">(.*?)</script>', said)
    assert sum(NASTY in json.dumps(json.loads(found), ensure_ascii=False) for found in data) == 3


def test_the_policy_allows_exactly_the_scripts_of_the_page():
    said = page()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', said)[1].replace(
        "&#39;", "'"
    )
    bodies = re.findall(r"<script>(.*?)</script>", said, re.DOTALL)
    hashes = {f"'sha256-{b64encode(sha256(body.encode()).digest()).decode()}'" for body in bodies}
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert set(rules["script-src"].split()) == hashes
    assert rules["default-src"] == rules["connect-src"] == "'none'"
    assert rules["img-src"] == "data:"


def test_a_base_map_is_asked_for_on_its_own_hosts_and_no_other():
    base = maps.BaseMap(("https://t{s}.tiles.test/{z}/{x}/{y}",), "底图 <单位>", subdomains="01")
    drawn = maps.zone_page(zone(), None, [], base=base)
    said = maps.render(drawn, title="示例")
    assert "data: https://t0.tiles.test https://t1.tiles.test;" in said
    assert "<单位>" not in said


def test_our_own_tiles_need_no_host():
    drawn = maps.zone_page(zone(), None, [], base=maps.BaseMap(("/tiles/{z}/{x}/{y}",), "本机"))
    assert "img-src &#39;self&#39; data: &#39;self&#39;;" in maps.render(
        drawn, title="x", embed=False, assets_url="/a"
    )


def test_any_folium_map_is_rendered_with_the_files_of_its_plugins_or_refused():
    drawn = folium.Map(tiles=None)
    branca.colormap.LinearColormap(["red", "blue"]).add_to(drawn)
    assert "d3" in maps.render(drawn, title="x", embed=False, assets_url="/assets")
    drawn.get_root().header.add_child(folium.JavascriptLink("https://example.org/plugin.js"), name="plugin")
    with pytest.raises(AssetMissing, match=r"example\.org/plugin\.js"):
        maps.render(drawn, title="x")


def test_icons_that_need_web_fonts_are_refused_with_another_way():
    drawn = folium.Map(tiles=None)
    folium.Marker([34, 113], icon=folium.Icon()).add_to(drawn)
    with pytest.raises(AssetMissing, match=r"folium\.Icon.*Use folium\.CircleMarker"):
        maps.render(drawn, title="x")


def test_a_province_without_any_zone_still_makes_a_page():
    empty = zone().iloc[:0]
    drawn = maps.province_page(empty, [], indicator="industrial_share", indicators=INDICATORS)
    assert "示例" in maps.render(drawn, title="示例")


def test_three_thousand_parcels_make_a_page_of_less_than_three_megabytes():
    turn = np.linspace(0, 2 * np.pi, 30, endpoint=False)
    centres = np.stack(np.meshgrid(np.arange(60), np.arange(50)), -1).reshape(-1, 1, 2)
    wobble = 1 + 0.2 * np.sin(3 * turn + centres[..., :1].squeeze(-1))
    rings = centres * 1e-3 + 4e-4 * wobble[..., None] * np.stack([np.cos(turn), np.sin(turn)], -1)
    layer = gpd.GeoDataFrame(
        {"parcel_id": [f"P{i:06d}" for i in range(3000)], "land_class": "0601", "class_system": "sandiao"},
        geometry=shapely.polygons(rings + [113.7, 34.7]),
        crs=4490,
    ).assign(area_m2=1234.5678, enterprise_id=lambda f: f.parcel_id, floor_area_m2=9876.5)
    drawn = maps.zone_page(zone(), layer, [share()])
    assert len(maps.render(drawn, title="示例").encode()) < 3_000_000
