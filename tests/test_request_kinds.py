"""Kinds of request: what each needs, and that a folder of rules alone adds one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from data import parameters
from data.errors import NoSuchCode, RuleFileError
from geo.boundary_change.conditions import conditions
from geo.boundary_change.kinds import kind, kinds

MERGER = """\
label: 整合
about: Two zones become one.
needs: {boundary: required, asked: optional, gives_up: none}
decided: {boundary: moves, level: provincial}
"""
RULE = """\
label: 整合后总面积上限
unit: ha
compare: at most
status: verified
more: {form: threshold, measure: {shape: area, of: after}, group: 发展空间类, order: 5}
values:
  "410000":
    2024-01-01: {value: 500, article: "示例-2024-1 第二条", published: 2024-01-01}
"""


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An office's own folder of rules, laid over ours for one test."""
    monkeypatch.setattr(parameters, "_roots", parameters._roots)
    (tmp_path / "rules").mkdir()
    yield tmp_path
    for kept in (parameters.parameter, parameters.names, parameters._read_file):
        kept.cache_clear()


def written(office: Path, name: str, text: str) -> None:
    path = office / "rules" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    parameters.lay_over(office)


def test_there_are_the_five_kinds_of_the_contract():
    assert {name: each.label for name, each in kinds().items()} == {
        "expansion": "扩区",
        "adjustment": "调区",
        "recognition": "认定",
        "upgrade": "升级",
        "removal": "退出",
    }


def test_what_a_decision_does_to_the_boundary_and_to_the_level():
    assert {each.name: (each.boundary, each.level) for each in kinds().values()} == {
        "expansion": ("moves", ""),
        "adjustment": ("moves", ""),
        "recognition": ("begins", "provincial"),
        "upgrade": ("stays", "national"),
        "removal": ("ends", ""),
    }


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("expansion", ["boundary", "asked"], []),
        ("expansion", ["asked"], ["needs 现有边界 (boundary)"]),
        ("expansion", ["boundary", "asked", "gives_up"], ["takes no 调出范围 (gives_up)"]),
        ("adjustment", ["boundary", "asked", "gives_up"], []),
        ("adjustment", ["boundary", "asked"], []),
        ("recognition", ["asked"], []),
        ("recognition", ["boundary"], []),
        ("recognition", [], ["needs a place"]),
        ("upgrade", ["boundary", "asked"], ["takes no 申请范围 (asked)"]),
        ("removal", [], ["needs 现有边界 (boundary)"]),
    ],
)
def test_a_kind_says_what_is_lacking_and_what_has_no_place(name, given, said):
    told = kind(name).refuses(given)
    assert len(told) == len(said)
    assert all(part in sentence for part, sentence in zip(said, told, strict=True))


def test_an_unknown_kind_is_refused_with_those_near_it():
    with pytest.raises(NoSuchCode, match=r"no code 'expantion'.*Near it: expansion"):
        kind("expantion")


def test_a_kind_as_json_holds_plain_values_alone():
    assert kind("upgrade").as_json() == {
        "kind": "upgrade",
        "label": "升级",
        "about": kind("upgrade").about,
        "needs": {"boundary": "required", "asked": "none", "gives_up": "none"},
        "decided": {"boundary": "stays", "level": "national"},
    }


def test_a_folder_of_rules_alone_adds_a_kind_and_its_conditions(office):
    assert "merger" not in kinds()
    written(office, "merger/kind.yaml", MERGER)
    written(office, "merger/total_area.yaml", RULE)
    assert kind("merger").label == "整合"
    assert [each.rule for each in conditions("merger")] == ["rules.merger.total_area"]
    assert "rules.merger.kind" not in parameters.names()


def test_an_office_may_say_itself_what_one_of_our_kinds_needs(office):
    written(office, "upgrade/kind.yaml", MERGER.replace("整合", "升级(本单位)"))
    assert kind("upgrade").label == "升级(本单位)"
    assert conditions("upgrade")


@pytest.mark.parametrize(
    ("place", "text", "said"),
    [
        ("merger", MERGER.replace("about:", "abuot:"), "give exactly.*'about'.* lack.*'abuot'"),
        ("merger", MERGER.replace("gives_up: none", "gives_up: no"), "gives_up is False; write required"),
        ("merger", MERGER.replace("boundary: moves", "boundary: grows"), "boundary is 'grows'; write begins"),
        ("merger", MERGER.replace("level: provincial", "level: 省级"), "level is '省级'; write national"),
        ("merger", MERGER.replace(", gives_up: none", ""), "it names boundary, asked, gives_up"),
        ("merger", MERGER.replace("asked: optional", "asked: none"), "the boundary moves, but neither"),
        ("merger", MERGER + "label: 又一个\n", "label stands there twice"),
        ("Merger", MERGER, "name the folder in small letters"),
        ("merger/inner", MERGER, "a folder directly below rules"),
    ],
)
def test_a_badly_written_kind_is_refused_in_words(office, place, text, said):
    written(office, f"{place}/kind.yaml", text)
    with pytest.raises(RuleFileError, match=said):
        kinds()
