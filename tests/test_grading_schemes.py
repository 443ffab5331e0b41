"""Scheme files: three that are shipped, a further one without Python, and broken ones that are refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from data import parameters
from data.errors import NoSuchCode, NoValueOnDay, RuleFileError
from data.records import Status
from geo.benefit.grading import grade
from geo.benefit.scheme import names, scheme
from geo.benefit.scheme_reading import read_scheme

SMALL = """
label: 小办法
meaning: two indicators
region: "410100"
since: 2020-01-01
published: 2019-12-01
article: "some-text §1"
status: illustration
unit: list
rounding: half_up
ties: {by: [], last: together}
groups:
  all:
    label: 全部
    who: {above_scale: true}
    score: {cap: 1.5, floor: 0}
    indicators:
      - {code: tax, label: 亩均, numerator: tax_cny10k, denominator: land, unit: 万元/亩, base: 10,
         weight: 60}
      - code: rd
        label: 研发
        numerator: rd_cny10k
        denominator: revenue_cny10k
        unit: "1"
        base: 0.05
        weight: 40
    classes:
      cut: scores
      list: [{label: 优, at_least: 90}, {label: 良, at_least: 60}, {label: 差, rest: true}]
"""
SHARES = "cut: shares\n      list: [{label: A, share: 20}, {label: B, share: 80}]"
STAGES = "cut: two_stage\n      top_share: 50\n      share_of: group\n      list: "
SCORES = SMALL[SMALL.index("cut: scores") :].rstrip()


def written(folder: Path, text: str) -> Path:
    (folder / "rules" / "benefit").mkdir(parents=True, exist_ok=True)
    path = folder / "rules" / "benefit" / "small.yaml"
    path.write_text(text, "utf-8")
    return path


def firms(rows) -> pd.DataFrame:
    columns = ["enterprise_id", "tax_cny10k", "rd_cny10k"]
    fixed = {"zone": "G1", "year": 2021, "above_scale": True, "land_mu": 10.0, "leased_in_mu": 0.0}
    return pd.DataFrame(rows, columns=columns).assign(**fixed, leased_out_mu=0.0, revenue_cny10k=1000.0)


@pytest.mark.parametrize("name", ["huangyan_2022", "henan_2019", "generic_abcd"])
def test_every_shipped_scheme_is_cited_and_its_weights_are_a_hundred(name):
    told = scheme(name)
    assert told.article
    assert all(sum(item.weight for item in group.items) == 100 for group in told.groups)
    assert told.published >= date(2018, 1, 1)


def test_only_what_was_read_is_verified():
    assert scheme("huangyan_2022").status == Status.VERIFIED
    assert scheme("henan_2019").status == Status.UNVERIFIED
    assert scheme("generic_abcd").status == Status.ILLUSTRATION
    assert {item.status for item in scheme("henan_2019").items.values()} == {Status.ILLUSTRATION}
    power = scheme("huangyan_2022").items["tax_per_kwh"]
    assert (power.status, power.factor) == (Status.UNVERIFIED, 10.0)
    assert "not stated" in power.note


def test_a_fourth_scheme_in_an_offices_own_folder_needs_no_python(tmp_path, monkeypatch):
    written(tmp_path, SMALL)
    monkeypatch.setattr(parameters, "_roots", (parameters.HERE, tmp_path))
    assert "small" in names()
    told = scheme("small")
    frame = grade(
        told,
        firms([("a", 150, 50), ("b", 300, 75), ("c", 50, 20), ("d", -50, 50), ("e", 100, 30)]),
        year=2021,
        day=date(2022, 1, 1),
    ).frame.set_index("enterprise_id")
    # a: 1.5 x 60 + 40; b: capped at 90 and 60; c: 30 + 16; d: floor 0 + 40; e: 60 + 24
    assert frame["score"].to_dict() == pytest.approx({"a": 130, "b": 150, "c": 46, "d": 40, "e": 84})
    assert frame["class"].to_dict() == {"a": "优", "b": "优", "c": "差", "d": "差", "e": "良"}
    assert told.on(date(2021, 1, 1)).article == "some-text §1"


def test_a_scheme_holds_from_since_until_the_day_before_until(tmp_path):
    told = read_scheme(
        written(tmp_path, SMALL.replace("since: 2020-01-01", "since: 2020-01-01\nuntil: 2023-01-01")), "small"
    )
    assert told.on(date(2022, 12, 31)).value == 1.0
    for day in (date(2019, 12, 31), date(2023, 1, 1)):
        with pytest.raises(NoValueOnDay):
            told.on(day)


def test_a_scheme_that_is_not_there_is_named_with_those_near_it():
    with pytest.raises(NoSuchCode, match="henan_2019"):
        scheme("henan_2018")
    with pytest.raises(NoSuchCode, match="above_scale"):
        scheme("henan_2019").group("above_scales")


BROKEN = [
    ("weight: 40", "weight: 30", "indicators: the weights add up to 90, not to 100"),
    ("weight: 60", "weigth: 60", "weigth: there is no such key. Did you mean weight"),
    ("numerator: tax_cny10k", "numerator: taxes", "numerator: enterprises have no column taxes"),
    ("numerator: tax_cny10k", "numerator: name", "is no number"),
    ("unit: 万元/亩", "unit: 吨/亩", "unit: 吨/亩 is not what the columns give, 万元 / 亩"),
    ("unit: 万元/亩", "unit: 万元", "One has a denominator, the other has none"),
    ("base: 10,", "base: mean,", "base: holds 'mean'. Write a number, group_mean or group_ratio"),
    ("base: 10,", "base: 0,", "base: holds 0"),
    ("weight: 60", "weight: 60, when_missing: zero", "a missing figure is never zero"),
    ("weight: 60", "weight: 60, cap: null, when_zero: cap", "says cap, but there is no cap"),
    ("weight: 60", "weight: 60, plausible: 5", "Write the lowest and the highest value"),
    ("code: rd", "code: tax", "tax stands there twice"),
    ("label: 小办法", "label: 小办法\nlabel: 大办法", "label stands there twice"),
    ('article: "some-text §1"\n', "", "article: is not given"),
    ('article: "some-text §1"', 'article: ""', "article: holds ''"),
    ('region: "410100"', "region: 410100", 'region: holds 410100. Quote it, as "410100"'),
    ('region: "410100"', 'region: "4101"', "Write the six digits"),
    ("since: 2020-01-01", 'since: "2020-01-01"', "without quotes"),
    ("unit: list", "unit: county", "unit: holds 'county'. Write one of zone, list"),
    ("by: []", "by: [profit]", "no group has an indicator profit"),
    ("above_scale: true", "above_scale: 1", "the column is a flag. Write true or false"),
    ("above_scale: true", "land: 5", "land: holds 5"),
    ("above_scale: true", "land: {atleast: 5}", "Did you mean at_least"),
    ("above_scale: true", "sections: []", "names none"),
    ("{label: 良, at_least: 60}", "{label: 良}", "良.at_least: a class needs one cut"),
    ("{label: 良, at_least: 60}", "{label: 良, at_least: 95}", "must fall from class to class"),
    ("{label: 差, rest: true}", "{label: 差, at_least: 0}", "one class, and only one, takes the rest"),
    ("{label: 差, rest: true}", "{label: 优, rest: true}", "优 stands there twice"),
    ("cut: scores", "cut: scores\n      top_share: 50", "top_share: there is no such key"),
    (SCORES, SHARES.replace("80", "70"), "the shares add up to 90 per cent, not to 100"),
    (SCORES, SHARES.replace(", share: 80", ""), "B.share: a class needs one cut"),
    (SCORES, "cut: ranks\n      list: [{label: A, last: 2}, {label: B, rest: true}]", "first stands above"),
    (SCORES, STAGES + "[{label: A, first: 5, of: top, by: [x]}, {label: B, rest: true}]", "no indicator x"),
    (SCORES, STAGES + "[{label: A, first: 5, of: bottom, by: [tax]}, {label: B, rest: true}]",
     "classes above the rest come of the top half"),
    ("unit: list", "unit: list\nexempt: [{code: new, label: 新, since: started_on}]", "give both since"),
    ("unit: list", "unit: list\nexempt: [{code: a, label: 新, since: land_mu, years: 2}]", "is no day"),
    ("unit: list", "unit: list\nmerge: zone", "merge: holds 'zone'"),
    ("groups:", "groups: []\nothers:", "others: there is no such key"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "said"), BROKEN, ids=lambda text: str(text)[:40])
def test_a_broken_scheme_file_is_refused_with_file_key_and_remedy(tmp_path, right, wrong, said):
    assert right in SMALL
    with pytest.raises(RuleFileError) as odd:
        read_scheme(written(tmp_path, SMALL.replace(right, wrong, 1)), "small")
    assert said in str(odd.value)
    assert "small.yaml" in str(odd.value) or "stands there twice" in str(odd.value)


def test_one_code_means_one_formula_in_all_groups(tmp_path):
    second = (
        SMALL[SMALL.index("  all:") :]
        .replace("  all:", "  others:")
        .replace("denominator: land", "denominator: employees")
    )
    text = SMALL + second.replace("万元/亩", "万元/人").replace("true}\n    score", "false}\n    score", 1)
    with pytest.raises(RuleFileError, match="Give one of them another code"):
        read_scheme(written(tmp_path, text), "small")


def test_schemes_are_left_out_of_the_dated_parameters():
    parameters.names.cache_clear()
    assert not [name for name in parameters.names() if name.startswith("rules.benefit")]
