"""Evaluation of intensive use: points worked by hand, potentials, and tables that are read strictly."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import parameters
from data.errors import NoSuchCode, RuleFileError
from data.records import Dated, Result, Status
from geo import benefit, land
from geo.land.contents import BEYOND, UNITS
from geo.land.evaluation import evaluate, standardised
from geo.land.evaluation_table import REVERSED, evaluation_table, evaluation_tables
from geo.land.zone_types import INDICATOR_SETS

DAY = date(2024, 12, 31)
POTENTIALS = ["potential_expansion", "potential_structure", "potential_intensity", "potential_management"]
few = settings(max_examples=12)
COLUMNS = ["area_m2", "land_class", "supply", "built", "floor_area_m2", "footprint_m2"]
HALVES = """
label: 半数
status: unverified
tables:
  "410000":
    2020-01-01:
      published: 2019-12-01
      article: "office-2019 表一"
      types:
        industry_led:
          plot_ratio: {ideal: 2, weight: 0.5}
          idle_rate: {ideal: 0.2, weight: 0.25}
          supply_rate: {ideal: 1, weight: 0.25, part: main}
          development_rate: {ideal: 1, weight: 0.25, part: direction}
"""


def zone(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS).assign(class_system="sandiao")


# A 4 ha (A2 2, A1 1, streets 1), idle 1 ha, ready 1 ha, field 2 ha, closed 2 ha
GROUND = zone(
    (20_000.0, "0601", "supplied", True, 10_000.0, 8_000.0),
    (10_000.0, "0701", "supplied", True, 30_000.0, 4_000.0),
    (10_000.0, "1004", "supplied", True, 0.0, 0.0),
    (10_000.0, "0601", "idle", False, None, None),
    (10_000.0, "0103", "ready", False, None, None),
    (20_000.0, "0103", "not_supplied", False, None, None),
    (20_000.0, "0301", "not_developable", False, None, None),
)
INVESTED = {"investment_intensity": Result("investment_intensity", "固投强度", 133.76, "CNY10k/mu")}
LED = {"code": "G411031", "category": "industry_led"}


def evaluated(table: str | None = "illustration", frame=GROUND, about=LED, beside=INVESTED, **more):
    told = land.measure(
        frame, about, day=more.pop("day", DAY), region="410100", evaluation=table, beside=beside
    )
    return {result.code: result for result in told}


@pytest.fixture
def office(tmp_path, monkeypatch):
    """Lays a table of an office's own over ours, and takes it away again."""
    monkeypatch.setattr(parameters, "_roots", (*parameters._roots, tmp_path))

    def lay(text: str, name: str = "own") -> str:
        path = tmp_path / "rules" / "land" / "evaluation" / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return name

    return lay


def test_the_score_is_the_mean_of_points_by_weight():
    # an economic zone: supply 5 of A + B21 6; A2 2 of 4 against 0.55; floors 40 000 on 4 ha against 1.14;
    # ground 12 000 against 0.42; works at 0.5 against 0.98; 133.76 of 3344 / 15 万元/mu; 1 of 5 idle
    told = evaluated()["intensity_score"]
    points = {
        "supply_rate": 5 / 6 * 100,
        "industrial_share.p1": 0.5 / 0.55 * 100,
        "plot_ratio": 1.0 / 1.14 * 100,
        "building_density": 0.3 / 0.42 * 100,
        "industrial_plot_ratio": 0.5 / 0.98 * 100,
        "investment_intensity": 60.0,
        "idle_rate": 80.0,
    }
    weights = dict(zip(points, (12, 15, 11, 11, 10, 23, 18), strict=True))
    assert told.value == pytest.approx(sum(points[c] * weights[c] for c in points) / 100)
    for code, point in points.items():
        assert told.breakdown[f"standardised.{code}"] == pytest.approx(point)
        assert told.breakdown[f"weight.{code}"] == weights[code]
    assert told.breakdown["ideal.investment_intensity"] == pytest.approx(3344 / 15)
    assert (told.unit, told.breakdown["known_weight"]) == ("point", 1.0)


def test_the_result_says_its_type_its_set_and_that_the_table_is_an_illustration():
    told = evaluated()["intensity_score"]
    assert "工业主导型, 主区" in told.label
    assert "supply_rate, industrial_share.p1, plot_ratio" in told.formula
    assert "逆向指标" in told.formula
    dated = [each for each in told.articles if isinstance(each, Dated) and ".evaluation." in each.name]
    assert len(dated) == 2 * 7
    assert {each.status for each in dated} == {Status.ILLUSTRATION}


def test_a_missing_indicator_leaves_no_score_and_the_known_points_stand():
    told = evaluated(beside=None)["intensity_score"]
    assert told.value is None
    assert "lacks 1: investment_intensity is not measured" in told.reason
    assert told.breakdown["known_weight"] == pytest.approx(0.77)
    assert "standardised.idle_rate" in told.breakdown
    blank = GROUND.assign(footprint_m2=None)
    assert "building_density (建筑密度): Cannot be told" in evaluated(frame=blank)["intensity_score"].reason


def test_potentials_add_up_on_the_same_ground():
    told = evaluated()
    # 10 ha - 5 supplied - 2 closed; 4 ha x (0.55 - 0.5); 2 ha x (0.98 - 0.5) / 0.98; 1 ha idle
    assert told["potential_expansion"].value == pytest.approx(45.0)
    assert told["potential_structure"].value == pytest.approx(0.2 * 15)
    assert told["potential_intensity"].value == pytest.approx(2 * 0.48 / 0.98 * 15)
    assert told["potential_management"].value == pytest.approx(15.0)
    for code in POTENTIALS:
        assert told[code].unit == "mu"
        assert "未核实" in str(told[code].articles[0])
    assert told["potential_structure"].articles[-1].value == 0.55


def test_a_zone_beyond_the_ideal_has_no_potential_and_not_a_negative_one():
    told = evaluated(frame=zone((10_000.0, "0601", "supplied", True, 90_000.0, 9_000.0)))
    assert [told[code].value for code in POTENTIALS] == [0.0, 0.0, 0.0, 0.0]
    assert told["intensity_score"].breakdown["standardised.plot_ratio"] == 100.0


def test_without_a_table_only_the_potentials_without_an_ideal_are_told():
    told = evaluated(None)
    assert [told[code].value is None for code in POTENTIALS] == [False, True, True, False]
    assert "No evaluation table" in told["intensity_score"].reason
    assert "illustration" in told["intensity_score"].reason
    assert "industrial_share.p1" in told["potential_structure"].reason


@pytest.mark.parametrize(
    ("frame", "about", "said"),
    [
        (GROUND, {"category": "other"}, "says nothing of a zone of type 其他"),
        (GROUND.assign(built=None), {}, "The type of the zone cannot be told"),
        (GROUND.iloc[:0], {}, "The type of the zone cannot be told"),
    ],
)
def test_a_zone_that_no_type_fits_has_no_score_and_says_why(frame, about, said):
    assert said in evaluated(frame=frame, about=about)["intensity_score"].reason


def test_the_direction_part_is_held_by_its_development_rate():
    told = evaluated(about={**LED, "part": "direction"})["intensity_score"]
    # (A 4 + idle 1 + ready 1) of 8 developable, against 0.93
    assert told.breakdown["standardised.development_rate"] == pytest.approx(6 / 8 / 0.93 * 100)
    assert "standardised.supply_rate" not in told.breakdown
    assert "发展方向区" in told.label
    with pytest.raises(NoSuchCode, match="middle"):
        evaluated(about={"part": "middle"})


def test_an_integrated_zone_is_held_by_its_own_set():
    told = evaluated(about={"category": "integrated"})
    asked = {key.split(".", 1)[1] for key in told["intensity_score"].breakdown if key.startswith("weight.")}
    assert asked == {"supply_rate", "plot_ratio", "building_density", "idle_rate"}
    assert told["potential_structure"].value == pytest.approx(4 * (0.61 - 0.5) * 15)


def test_what_the_sets_name_can_be_measured():
    assert {code for codes in INDICATOR_SETS.values() for code in codes} <= set(UNITS)
    figures = {figure.code for figure in benefit.FIGURES}
    assert {code for code, unit in UNITS.items() if unit == "CNY10k/mu"} <= figures


def test_beyond_lists_what_measure_adds_and_the_years():
    told = list(evaluated().values())[len(land.INDICATORS) :]
    assert [result.code for result in told] == [code for code, *_ in BEYOND][:-1]
    assert [result.unit for result in told] == [unit for *_, unit in BEYOND][:-1]
    assert land.BEYOND is BEYOND


@given(st.floats(0.001, 5), st.floats(0.001, 5))
def test_points_lie_between_nothing_and_a_hundred_and_rise_with_the_value(value, ideal):
    points = standardised("plot_ratio", value, ideal)
    assert 0 <= points <= 100
    assert standardised("plot_ratio", value * 1.5, ideal) >= points
    assert standardised("plot_ratio", ideal, ideal) == 100


@given(st.floats(0, 1), st.floats(0, 0.99))
def test_points_of_idle_land_fall_as_it_grows(rate, ideal):
    assert "idle_rate" in REVERSED
    points = standardised("idle_rate", rate, ideal)
    assert 0 <= points <= 100
    assert standardised("idle_rate", min(1.0, rate + 0.1), ideal) <= points
    assert standardised("idle_rate", ideal, ideal) == pytest.approx(100)


@few
@given(st.randoms(use_true_random=False), st.floats(0.1, 0.9), st.floats(0.5, 2.0))
def test_neither_order_nor_a_cut_nor_the_scale_of_the_map_changes_the_score(chance, cut, scale):
    order = list(range(len(GROUND)))
    chance.shuffle(order)
    sizes = ["area_m2", "floor_area_m2", "footprint_m2"]
    parts = [
        GROUND.iloc[[0]].assign(**{c: GROUND[c].iloc[0] * share for c in sizes}) for share in (cut, 1 - cut)
    ]
    before = evaluated()
    for frame in (GROUND.iloc[order], pd.concat([*parts, GROUND.iloc[1:]])):
        after = evaluated(frame=frame)
        for code, *_ in BEYOND[:-1]:
            assert after[code].value == pytest.approx(before[code].value, abs=1e-9)
    larger = evaluated(frame=GROUND.assign(**{c: GROUND[c] * scale for c in sizes}))
    assert larger["intensity_score"].value == pytest.approx(before["intensity_score"].value)
    assert larger["potential_expansion"].value == pytest.approx(before["potential_expansion"].value * scale)


def test_an_office_lays_its_own_table_beside_ours(office):
    told = evaluated(office(HALVES))["intensity_score"]
    # 1.0 of 2; (1 - 0.2) of (1 - 0.2); 5 of 6
    assert told.value == pytest.approx(0.5 * 50 + 0.25 * 100 + 0.25 * 100 * 5 / 6)
    assert {each.status for each in told.articles if isinstance(each, Dated) and ".own." in each.name} == {
        Status.UNVERIFIED
    }
    assert set(evaluation_tables()) == {"illustration", "own"}


def test_before_its_day_and_outside_of_its_region_a_table_says_nothing(office):
    name = office(HALVES)
    assert "no value for region" in evaluated(name, day=date(2019, 12, 31))["intensity_score"].reason
    known = {result.code: result for result in land.measure(GROUND, LED, day=DAY, region="320500")}
    told = evaluate(known, GROUND, LED, day=DAY, region="320500", table=name)
    assert "320500" in told[0].reason


def test_a_later_version_takes_the_place_of_the_earlier_one_whole(office):
    later = "    2022-01-01:" + HALVES.split("    2020-01-01:")[1].replace("ideal: 2,", "ideal: 1,")
    name = office(HALVES + later)
    before, after = evaluated(name, day=date(2021, 12, 31)), evaluated(name)
    assert before["intensity_score"].breakdown["ideal.plot_ratio"] == 2
    assert after["intensity_score"].breakdown["ideal.plot_ratio"] == 1


def test_we_ship_one_table_and_it_is_an_illustration():
    assert evaluation_tables() == ("illustration",)
    assert evaluation_table("illustration").in_force.status == "illustration"
    with pytest.raises(NoSuchCode, match="illustratoin"):
        evaluation_table("illustratoin")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("weight: 0.5}", "weight: 0.6}", "main: the weights add up to 1.1"),
        ("0.25, part: direction", "0.5, part: direction", "direction: the weights add up to 1.25"),
        ("plot_ratio:", "plot_ration:", "plot_ration is no indicator of land"),
        (
            "          idle_rate:",
            "          plot_ratio: {ideal: 1, weight: 0}\n          idle_rate:",
            "stands there twice",
        ),
        ("ideal: 2,", "ideal: 0,", "nothing can be divided by the ideal value 0"),
        ("ideal: 0.2,", "ideal: 1,", "must be 0 or more, and below 1"),
        ("ideal: 2,", "ideal: two,", "'two' is no number"),
        ("ideal: 2,", "ideal: {etdz: 2},", "give an ideal value for `other`"),
        ("ideal: 2,", "ideal: 2, unit: CNY10k/ha,", "cannot be told in 1"),
        ("ideal: 2,", "ideal: 2, colour: red,", "give ideal, weight"),
        ("weight: 0.5}", "weight: -0.5}", "below zero"),
        ("part: main", "part: middle", "part is main or direction"),
        ("industry_led", "industrial", "industrial is no type of zone"),
        ('"410000"', "410000", 'as "410000"'),
        ("published: 2019-12-01", 'published: "2019-12-01"', "days are written"),
        ("status: unverified", "status: true", "status is one of"),
        ('      article: "office-2019 表一"\n', "", "give article"),
        ("label: 半数\n", "", "give label"),
    ],
)
def test_a_badly_written_table_is_refused_by_name(office, old, new, said):
    assert old in HALVES
    name = office(HALVES.replace(old, new), "bad")
    with pytest.raises(RuleFileError, match=said):
        evaluation_table(name)


def test_a_table_without_versions_is_refused(office):
    empty = HALVES.split("tables:")[0] + "tables: {}\n"
    with pytest.raises(RuleFileError, match="something named must stand here"):
        evaluation_table(office(empty, "empty"))
