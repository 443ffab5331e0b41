"""A trimmed geometry: what is left of squares; nothing is lost from the count, and no conflict is left."""

from __future__ import annotations

import json
import runpy
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from api.requests.geometry import plain
from geo.boundary_change.conditions import Constraints, Grounds, hold
from geo.boundary_change.request import Request
from geo.boundary_change.trimming import trimmed

MADE = runpy.run_path(str(Path(__file__).with_name("squares.py")))
approx, condition, constraints, judged, request, office_rules = (
    MADE[name] for name in ("approx", "condition", "constraints", "judged", "request", "office_rules")
)
SQUARE = (0, 0, 100, 100)
RIM = 2e-3
"""How far the cut stays clear of what it avoids"""


def cut(asked, features, form="overlap", **said):
    """The trimmed geometry, and the judgement of one hard condition."""
    told = judged(condition(form, hard=True, **said), asked, constraints(features))
    return trimmed(asked, [told])


def test_the_conflict_is_taken_off_and_the_area_closes():
    asked = request([SQUARE])
    left = cut(asked, [{"box": (70, -10, 200, 200)}])
    assert left.kept.area == pytest.approx(7000 - 100 * RIM, abs=0.01)
    assert left.kept.bounds == pytest.approx((0, 0, 70 - RIM, 100), abs=1e-6)
    assert left.by_rule == {"rules.expansion.tried": approx(3000)}
    assert left.kept.area + left.lost_m2 == approx(asked.added.area)
    assert left.avoids == ("rules.expansion.tried",)
    assert (left.crumbs_m2, left.apart_m2) == (approx(0), 0)


def test_what_lies_outside_of_a_containment_is_taken_off():
    left = cut(request([SQUARE]), [{"box": (-10, -10, 80, 200)}], "containment")
    assert left.kept.area == pytest.approx(8000 - 100 * RIM, abs=0.01)
    assert left.by_rule == {"rules.expansion.tried": approx(2000)}


def test_land_that_is_too_near_is_taken_off():
    left = cut(request([SQUARE]), [{"box": (110, -500, 200, 500)}], "distance", limit=30)
    # 20 m are nearer than 30 m; 3 in a thousand of the limit more are left out
    assert left.kept.bounds == pytest.approx((0, 0, 80 - 0.09 - RIM, 100), abs=0.01)


def test_without_a_hard_conflict_there_is_nothing_to_trim():
    asked, farm = request([SQUARE]), constraints([{"box": (70, -10, 200, 200)}])
    assert trimmed(asked, []) is None
    assert trimmed(asked, [judged(condition("overlap"), asked, farm)]) is None
    assert trimmed(asked, [judged(condition("overlap", hard=True), asked, constraints([]))]) is None
    assert trimmed(request([], boundary=[SQUARE]), []) is None


def test_where_nothing_is_left_no_trimmed_geometry_is_offered():
    assert cut(request([SQUARE]), [{"box": (-10, -10, 200, 200)}]) is None
    # 6 m x 100 m are left, less than a mu
    assert cut(request([SQUARE]), [{"box": (6, -10, 200, 200)}]) is None


def test_parts_smaller_than_a_mu_and_threads_are_crumbs():
    # left are 40 m x 100 m, a thread of 0.5 m x 100 m, and 6 m x 100 m
    features = [{"box": (40, -10, 60, 200)}, {"box": (60.5, -10, 94, 200)}]
    left = cut(request([SQUARE]), features)
    assert left.kept.area == pytest.approx(4000, abs=1)
    assert left.crumbs_m2 == pytest.approx(50 + 600, abs=2)
    assert left.kept.area + left.lost_m2 == approx(10_000)
    assert left.by_rule == {"rules.expansion.tried": approx(2000 + 3350)}


def test_a_thread_that_hangs_on_wide_land_is_cut_off():
    # the lower 50 m stay; above them 0.4 m x 50 m beside the farmland
    left = cut(request([SQUARE]), [{"box": (0.4, 50, 200, 200)}])
    assert left.kept.bounds[3] == pytest.approx(50, abs=0.02)
    assert left.crumbs_m2 == pytest.approx(20, abs=0.5)


def test_two_conflicts_on_the_same_land_count_for_each_and_once_in_all():
    asked = request([SQUARE])
    near = constraints([{"box": (70, -10, 200, 200)}, {"box": (80, -10, 200, 200), "role": "water"}])
    of = {"rules.a": "basic_farmland", "rules.b": "water"}
    told = [
        judged(condition("overlap", hard=True, name=name, role=role), asked, near)
        for name, role in of.items()
    ]
    left = trimmed(asked, told)
    assert left.lost_m2 == pytest.approx(3000 + 100 * RIM, abs=0.01)
    assert left.by_rule == {"rules.a": approx(3000), "rules.b": approx(2000)}


def test_a_declared_reason_does_not_keep_land_from_being_avoided():
    tried = condition("overlap", hard=True, reasons={"a": "甲"})
    asked = request([SQUARE], reasons=["a"])
    told = judged(tried, asked, constraints([{"box": (70, -10, 200, 200)}]))
    assert told.finding.outcome == "cannot_tell"
    assert trimmed(asked, [told]).kept.area == pytest.approx(7000, abs=1)


def test_a_conflict_in_the_zone_itself_is_not_avoided():
    asked = request([(100, 0, 200, 100)], boundary=[SQUARE])
    left = cut(asked, [{"box": (50, 0, 150, 50)}], of="after")
    assert left.by_rule == {"rules.expansion.tried": approx(2500)}
    assert left.avoids == ()


def test_a_classified_area_is_not_cut_out():
    asked = request([SQUARE])
    hidden = {"box": (0, 0, 100, 40), "restricted": True}
    assert cut(asked, [hidden]) is None
    left = cut(asked, [hidden, {"box": (70, -10, 200, 200)}])
    assert left.kept.bounds == pytest.approx((0, 0, 70 - RIM, 100), abs=1e-6)


APART = """
label: 相连
meaning: own
unit: "1"
compare: at most
status: illustration
more: {form: threshold, measure: {shape: SHAPE, of: after}, group: 发展空间类, order: 1}
values: {"100000": {2000-01-01: {value: LIMIT, article: "own §1", published: 2000-01-01}}}
"""
FARM = """
label: 农田
meaning: own
unit: m2
compare: at most
decimals: 2
status: illustration
more: {form: overlap, role: basic_farmland, hard: true, group: 底线类, order: 2}
values: {"100000": {2000-01-01: {value: 0, article: "own §1", published: 2000-01-01}}}
"""
# Beside a zone of 100 m lies land of 300 m, through which farmland runs twice, 20 m wide: 40 m x 100 m join
# the zone, 80 m x 100 m and 140 m x 100 m lie apart.
LONG, RUNS = (100, 0, 400, 100), [{"box": (140, -10, 160, 200)}, {"box": (240, -10, 260, 200)}]


@pytest.mark.parametrize(
    ("shape", "limit", "kept"),
    [
        (None, 0, 26_000),
        ("detached_parts", 0, 4000),
        ("detached_parts", 1, 18_000),
        ("detached_parts", 2, 26_000),
        ("parts", 1, 4000),
        ("parts", 2, 18_000),
        ("parts", 5, 26_000),
    ],
)
def test_parts_that_lie_apart_go_where_the_rules_want_the_zone_in_one(tmp_path, shape, limit, kept):
    rules = {"trial/farm.yaml": FARM}
    if shape:
        rules["trial/apart.yaml"] = APART.replace("SHAPE", shape).replace("LIMIT", str(limit))
    asked = request([LONG], boundary=[SQUARE], kind="trial")
    with office_rules(tmp_path, rules):
        held = hold(asked, Grounds({}, constraints(RUNS)))
        left = trimmed(asked, held.judgements)
    assert left.kept.area == pytest.approx(kept, abs=2)
    assert left.apart_m2 == pytest.approx(26_000 - kept, abs=2)
    assert left.kept.area + left.lost_m2 == approx(30_000)


def test_how_small_a_part_may_be_can_be_set_by_an_office(tmp_path):
    text = (
        "label: 小\nmeaning: own\nstatus: illustration\ncompare: at least\nunit: m2\nvalues: {}\nitems:\n"
        '  area: {label: 小, unit: m2, values: {"100000": {2000-01-01: '
        '{value: 100, article: "own", published: 2000-01-01}}}}\n'
        '  width: {label: 窄, unit: m, values: {"100000": {2000-01-01: '
        '{value: 0, article: "own", published: 2000-01-01}}}}\n'
    )
    with office_rules(tmp_path, {"requests/trimmed_part.yaml": text}):
        left = cut(request([SQUARE]), [{"box": (6, -10, 200, 200)}])
    assert left.kept.area == pytest.approx(600, abs=1)


WHERE = {"zone": "Z1", "day": date(2026, 6, 1), "region": "410100"}
BASE = Request.of("expansion", asked=[shapely.box(113, 34, 113.004, 34.004)], **WHERE)
AROUND = dict.fromkeys(("basic_farmland", "urban_boundary"), (112, 33, 114, 35))
HARD = (condition("overlap", hard=True), condition("containment", hard=True, role="urban_boundary"))


def boxes(least):
    """Boxes in hundredths of the request, some of which reach beyond it."""
    side = st.integers(least, 90)
    box = st.tuples(st.integers(-20, 100), st.integers(-20, 100), side, side)
    return st.lists(box.map(lambda b: (b[0], b[1], b[0] + b[2], b[1] + b[3])), min_size=1, max_size=5)


def placed(parts, role):
    """Features in degrees out of hundredths of the request."""
    west, south, east, north = BASE.added.bounds
    by = np.array([east - west, north - south] * 2) / 100
    shapes = [shapely.box(*(np.array([west, south] * 2) + by * part)) for part in parts]
    frame = pd.DataFrame(
        {"role": role, "name": "甲", "level": None, "restricted": False, "version": "v1"},
        index=range(len(shapes)),
    )
    return gpd.GeoDataFrame(frame, geometry=BASE.plane.back(shapes), crs=4490)


def check(asked, near):
    layers = Constraints.of(near, asked, AROUND)
    return [judged(each, asked, layers) for each in HARD]


@given(farms=boxes(5), bounds=boxes(50))
def test_area_closes_and_the_trimmed_land_has_no_hard_conflict_when_it_is_asked_for_again(farms, bounds):
    """The trimmed geometry is written as a document writes it, and checked as a new request."""
    near = pd.concat([placed(farms, "basic_farmland"), placed(bounds, "urban_boundary")])
    left = trimmed(BASE, check(BASE, near))
    if left is None:
        return
    assert left.kept.area + left.lost_m2 == pytest.approx(BASE.added.area, abs=1e-6)
    assert BASE.added.covers(shapely.buffer(left.kept, -1e-6))
    written = shapely.from_geojson(json.dumps(plain(BASE.degrees(left.kept))))
    again = Request.of("expansion", asked=[written], **WHERE)
    assert [told.finding.outcome for told in check(again, near)] == ["met", "met"]
