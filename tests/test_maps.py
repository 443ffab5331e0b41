"""Maps as text: what is packed, what is escaped, what is linked. What a reader sees: test_maps_browser.py."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPolygon, Polygon, box

import maps
from data.codes.classes import CATEGORIES
from data.errors import ColumnMissing, CrsMissing, LayerUnusable, NoSuchCode
from data.records import Dated, Input, Outcome, Result, Status
from maps import palette, themes
from maps.layers import MAP_LAYERS
from maps.layers.constraints import constraints
from maps.layers.parcels import parcels_by_class
from maps.layers.zones import zones_by_indicator
from maps.parts import parts_of
from maps.payload import as_json, pack_polygons
from maps.results import pack_results
from maps.units import faces, shown_unit

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


def unpacked(packed):
    """The reverse of pack_polygons, written apart: what the page's script must do."""
    steps = np.asarray(packed["steps"]).reshape(-1, 2)
    at = ring = polygon = 0
    for count in packed["features"]:
        shapes = []
        for _ in range(count):
            rings = []
            for _ in range(packed["polygons"][polygon]):
                n = packed["rings"][ring]
                rings.append(np.cumsum(steps[at : at + n], axis=0) / 1e6)
                at, ring = at + n, ring + 1
            polygon += 1
            shapes.append(Polygon(rings[0], rings[1:]))
        yield MultiPolygon(shapes)


grid = st.integers(0, 40)


@given(st.lists(st.tuples(grid, grid, st.integers(3, 9), st.booleans()), min_size=1, max_size=6))
def test_packed_outlines_come_back_within_half_a_millionth_of_a_degree(places):
    shapes = []
    for x, y, size, hole in places:
        outer = box(113 + x / 7, 34 + y / 7, 113 + x / 7 + size / 300, 34 + y / 7 + size / 300)
        shapes.append(outer.difference(outer.buffer(-size / 1000)) if hole else outer)
    shapes.append(MultiPolygon([box(110, 30, 110.1, 30.1), box(111, 30, 111.1, 30.1)]))
    back = list(unpacked(pack_polygons(gpd.GeoDataFrame(geometry=shapes, crs=4490))))
    assert len(back) == len(shapes)
    assert all(a.symmetric_difference(b).area <= 2e-6 * a.length for a, b in zip(shapes, back, strict=True))


def test_a_row_without_a_shape_keeps_its_place():
    packed = pack_polygons(gpd.GeoDataFrame(geometry=[None, box(1, 1, 2, 2), Polygon()], crs=4490))
    assert packed["features"].tolist() == [0, 1, 0]


def test_a_belt_is_turned_into_degrees_before_it_is_drawn():
    belt = zone().to_crs(4547)
    assert pack_polygons(belt)["steps"][:2].tolist() == pack_polygons(zone())["steps"][:2].tolist()


def test_a_layer_without_crs_or_with_lines_says_what_to_do():
    with pytest.raises(CrsMissing, match=r"zones.*set its CRS"):
        pack_polygons(gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1)]), "zones")
    with pytest.raises(LayerUnusable, match=r"LineString in 1 of 2 rows.*mutan check"):
        pack_polygons(gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1), LineString([(0, 0), (1, 1)])], crs=4490))


@given(
    st.dictionaries(
        st.text(max_size=5), st.one_of(st.text(), st.floats(allow_infinity=False), st.none()), max_size=4
    )
)
def test_whatever_a_text_says_it_cannot_leave_its_script_element(said):
    written = as_json(said)
    assert "<" not in written
    told = {key: None if value != value else value for key, value in said.items()}
    assert json.loads(written) == told


def test_each_text_of_the_results_is_told_once():
    packed = pack_results([share(), share(zone="G990002"), share(None, zone="G990003")])
    assert packed["texts"].count("示例1号 §2") == 1
    assert packed["units"] == ["%", "1", "m2"]
    zone_at, _, _, value, _, target, outcome, reason, *_ = packed["rows"][2]
    assert packed["texts"][zone_at] == "G990003"
    assert (value, target) == (None, 0.6)
    assert (packed["texts"][outcome], packed["texts"][reason]) == ("cannot_tell", "没有地块")
    assert packed["rows"][0][7] == -1


def test_each_part_of_a_breakdown_has_the_unit_that_its_key_names():
    inputs = [{"name": "built", "label": "建成用地", "value": 9.0, "unit": "m2"}]
    row = {"code": "tax_per_mu", "unit": "CNY10k/mu", "inputs": inputs}
    breakdown = {
        "built_m2.0601": 7.0,
        "area_mu.own": 3.0,
        "partial_sum": 5.0,
        "known_share": 0.5,
        "per_ha.own": 1.0,
    }
    assert list(parts_of({**row, "breakdown": breakdown})) == [
        ("建成用地 · 0601", 7.0, "m2"),
        ("own", 3.0, "mu"),
        ("已知部分合计", 5.0, "CNY10k"),
        ("已知企业占比", 0.5, "%"),
    ]


def test_a_part_that_is_an_input_already_is_not_told_twice():
    inputs = [{"name": "fuel", "label": "燃料燃烧", "value": 9.0, "unit": "tCO2e"}]
    row = {
        "code": "emissions_total",
        "unit": "tCO2e",
        "inputs": inputs,
        "breakdown": {"fuel": 9.0, "scope1": 9.0},
    }
    assert list(parts_of(row)) == [("范围一", 9.0, "tCO2e")]


@pytest.mark.parametrize(
    ("unit", "mu", "ha"),
    [
        ("m2", 0.0015, 0.0001),
        ("mu", 1.0, 1 / 15),
        ("CNY10k/mu", 1.0, 15.0),
        ("CNY10k/ha", 1 / 15, 1.0),
        ("floor_m2", 1.0, 1.0),
        ("tCO2e", 1.0, 1.0),
        ("%", 100.0, 100.0),
    ],
)
def test_a_unit_is_told_per_mu_and_per_hectare(unit, mu, ha):
    assert faces(unit)["mu"][1] == pytest.approx(mu)
    assert faces(unit)["ha"][1] == pytest.approx(ha)


def test_a_share_is_told_in_per_cent_and_a_ratio_is_not():
    assert shown_unit("supply_rate", "1") == "%"
    assert shown_unit("industrial_plot_ratio", "1") == "1"
    assert shown_unit("floor_area_m2", "m2") == "floor_m2"


def test_the_legend_sums_the_area_of_each_class():
    classes = parcels_by_class(parcels()).payload["themes"][0]["classes"]
    assert [(c["label"], c["count"], c["area_m2"]) for c in classes] == [
        ("工业", 2, 50_000.0),
        ("仓储", 1, 10_000.0),
    ]


def test_an_unknown_area_is_counted_apart_and_not_as_zero():
    layer = parcels()
    layer.loc[[0, 1], "area_m2"] = np.nan
    works, storage = parcels_by_class(layer).payload["themes"][0]["classes"]
    assert (works["area_m2"], works["unmeasured"]) == (30_000.0, 1)
    assert (storage["area_m2"], storage["unmeasured"]) == (None, 1)


def test_a_class_that_its_system_does_not_hold_is_drawn_as_unknown():
    layer = parcels(1).assign(land_class="9999")
    assert parcels_by_class(layer).payload["themes"][0]["classes"][0]["label"] == "未知"


def test_a_theme_is_offered_where_the_parcels_have_its_column():
    layer = parcels().assign(grade=["A", None, "A+"], supply=["idle", "supplied", "supplied"], survey=None)
    supply, grade = parcels_by_class(layer).payload["themes"][1:]
    assert [(row["label"], row["count"], row["area_m2"]) for row in supply["classes"]] == [
        ("已供应", 2, 40_000.0),
        ("闲置", 1, 20_000.0),
    ]
    assert [row["label"] for row in grade["classes"]] == ["A 类", "A+", "未知"]
    assert grade["class"] == [0, 2, 1]
    assert sum(row["area_m2"] for row in grade["classes"]) == 60_000.0


def test_every_theme_has_a_colour_for_each_of_its_words():
    for theme in themes.THEMES:
        assert list(theme.words) == list(palette.THEME[theme.column]), theme.column


def test_parcels_without_area_name_the_column():
    with pytest.raises(ColumnMissing, match=r"The map of parcels needs the column area_m2"):
        parcels_by_class(parcels().drop(columns="area_m2"))


def test_an_indicator_that_is_not_on_the_list_is_named():
    with pytest.raises(NoSuchCode, match=r"industrial_shore.*Near it: industrial_share"):
        zones_by_indicator(zone(), [], indicators=INDICATORS, chosen="industrial_shore")


def test_classified_constraints_stay_out_of_a_page_unless_asked_for():
    layer = gpd.GeoDataFrame(
        {"kind": "basic_farmland", "name": ["甲", "秘密"], "level": None, "restricted": [None, True]},
        geometry=[box(1, 1, 2, 2), box(2, 2, 3, 3)],
        crs=4490,
    )
    open_layer = constraints(layer).payload
    assert (open_layer["name"], open_layer["hidden"]) == (["甲"], 1)
    assert constraints(layer, restricted=True).payload["name"] == ["甲", "秘密"]


def test_every_land_class_has_a_colour_and_no_two_are_alike():
    assert set(CATEGORIES) <= set(palette.LAND_CLASS)
    named = [palette.LAND_CLASS[name] for name in CATEGORIES]
    assert len(set(named)) == len(named)


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


@pytest.mark.parametrize(
    "colour", [*palette.OUTCOME_INK.values(), *(palette.PAGE[n] for n in ("ink", "ink-soft", "accent"))]
)
def test_text_stands_out_from_the_paper_as_wcag_asks(colour):
    assert 1.05 / (luminance(colour) + 0.05) >= 4.5


def test_the_steps_of_a_sequence_darken_evenly_enough_to_be_told_apart():
    light = [luminance(colour) for colour in palette.SEQUENCE]
    assert all(a > 1.3 * b for a, b in pairwise(light))


def test_only_the_palette_names_a_colour():
    colour = re.compile(r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b(?=[;\"'])")
    ours = [path for path in (MAPS / "static").iterdir() if path.suffix in {".js", ".css"}]
    files = [*MAPS.glob("*.py"), *(MAPS / "layers").glob("*.py"), *ours]
    assert [f.name for f in files if colour.search(f.read_text("utf-8"))] == ["palette.py"]


def test_every_layer_file_is_listed():
    files = {p.stem for p in (MAPS / "layers").glob("*.py")} - {"__init__", "client"}
    assert files == set(MAP_LAYERS)
    assert files == {layer.__module__.rpartition(".")[2] for layer in MAP_LAYERS.values()}
