"""An office's own rules, schemes and tables, laid over ours by MUTAN_RULES: no Python is touched."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import data

OURS = Path(data.__file__).parent
ZONE = "G411164"  # its industrial share is 71.5 %
MIN = """\
label: 产业用地占比下限(本单位)
meaning: What our office asks for.
unit: "1"
measures: industrial_share
compare: at least
decimals: 4
status: verified
values:
  "410000":
    2023-01-01: {value: 0.75, article: "示例-本单位-2023-1 第三条", published: 2022-12-01}
"""
# the service as another process starts it; the first request is one that names what the office has
SERVED = """
import json, sys
from starlette.testclient import TestClient
from api.app import create_app
with TestClient(create_app(sys.argv[1])) as client:
    told = [client.get(path).json() for path in sys.argv[2:]]
print(json.dumps(told))
"""


@pytest.fixture
def office(tmp_path):
    """A folder of an office: another target, a fourth scheme, and a table of ideal values."""
    folder = tmp_path / "本单位 规则"
    for name in ("rules/land/evaluation", "rules/benefit"):
        (folder / name).mkdir(parents=True)
    (folder / "rules/land/industrial_share_min.yaml").write_text(MIN, "utf-8")
    scheme = (OURS / "rules/benefit/generic_abcd.yaml").read_text("utf-8")
    scheme = scheme.replace("label: 亩均效益综合评价示例(四档)", "label: 本单位评价办法(三等)")
    scheme = scheme.replace("{label: A, share: 20}", "{label: 优, share: 50}")
    scheme = scheme.replace("{label: B, share: 60}", "{label: 良, share: 30}")
    (folder / "rules/benefit/ours.yaml").write_text(scheme, "utf-8")
    table = (OURS / "rules/land/evaluation/illustration.yaml").read_text("utf-8")
    table = table.replace("label: 集约度评价示例(非官方)", "label: 本单位评价表")
    table = table.replace("plot_ratio: {ideal: 1.14, weight: 11}", "plot_ratio: {ideal: 2.28, weight: 11}")
    (folder / "rules/land/evaluation/ours.yaml").write_text(table, "utf-8")
    return folder


@pytest.fixture
def copy(demo_book, tmp_path):
    """A copy of the demo's book, to be written to."""
    return shutil.copy(demo_book.book, tmp_path / "book.gpkg")


def results(told):
    return {each["code"]: each for each in told["results"]}


def test_a_rule_of_the_office_takes_the_place_of_ours_whole(process, office):
    words = ("rule", "land.industrial_share_min", "--on", "2024-12-31", "--region", "410100", "--json")
    ours, theirs = process(*words), process(*words, MUTAN_RULES=str(office))
    assert json.loads(ours.out)["value"] == 0.6
    said = json.loads(theirs.out)
    assert (said["value"], said["article"]) == (0.75, "示例-本单位-2023-1 第三条")
    early = process(*words[:3], "2022-12-31", *words[4:], MUTAN_RULES=str(office))
    assert early.status == 1
    assert "first value starts on 2023-01-01" in early.err
    # a path that begins where the command is run does as well, and all other rules are ours
    again = process(*words, MUTAN_RULES=office.name)
    assert json.loads(again.out)["value"] == 0.75
    listed = [process("rule", "--json", MUTAN_RULES=where).out for where in ("", str(office))]
    assert listed[0] == listed[1]


def test_a_scheme_of_the_office_grades_beside_ours(process, office, demo_book):
    words = ("grade", ZONE, "--year", "2024", "--book", demo_book.book, "--scheme", "ours", "--json")
    told = process(*words, MUTAN_RULES=str(office))
    assert told.status == 0, told.err
    said = json.loads(told.out)
    assert said["title"] == "本单位评价办法(三等)：企业评价结果"
    assert said["articles"][0]["name"] == "rules.benefit.ours"
    assert {"优", "良"} <= {row["class"] for row in said["rows"]}
    graded = [row for row in said["rows"] if row["class"] and row["group_label"] == "规上"]
    assert sum(row["class"] == "优" for row in graded) == pytest.approx(len(graded) / 2, abs=1)
    refused = process(*words)
    assert refused.status == 1
    assert "generic_abcd, henan_2019, huangyan_2022" in refused.err
    both = process(*words[:-3], "--scheme", "mine", MUTAN_RULES=str(office))
    assert "generic_abcd, henan_2019, huangyan_2022, ours" in both.err


def test_an_assessment_takes_target_table_and_scheme_of_the_office(process, office, copy):
    words = ("assess", ZONE, "--year", "2024", "--book", copy, "--json")
    ours = results(json.loads(process(*words, "--evaluation", "illustration").out))
    chosen = ("--evaluation", "ours", "--scheme", "ours")
    told = process(*words, *chosen, MUTAN_RULES=str(office))
    assert told.status == 0, told.err
    said = results(json.loads(told.out))
    share = said["industrial_share"]
    assert (ours["industrial_share"]["target"], ours["industrial_share"]["outcome"]) == (0.6, "met")
    assert (share["target"], share["outcome"]) == (0.75, "not_met")
    assert share["value"] == ours["industrial_share"]["value"]
    assert any(
        a["article"] == "示例-本单位-2023-1 第三条" for a in share["articles"] if not isinstance(a, str)
    )
    # twice the ideal plot ratio, and nothing else, so the score is lower
    assert said["intensity_score"]["value"] < ours["intensity_score"]["value"]
    names = [each["name"] for each in said["intensity_score"]["articles"] if not isinstance(each, str)]
    assert any(name.startswith("rules.land.evaluation.ours.") for name in names)
    assert said["benefit_lowest_class_share"]["articles"][0]["name"] == "rules.benefit.ours"
    refused = process(*words, *chosen)
    assert refused.status == 1
    assert "illustration" in refused.err


def test_the_processes_that_share_the_zones_take_the_rules_of_the_office_too(process, office, copy):
    words = ("--year", "2024", "--since", "2020", "--workers", "2", "--scheme", "ours")
    told = process("assess", *words, "--book", copy, "--json", MUTAN_RULES=str(office))
    assert told.status == 0, told.err
    zones = json.loads(told.out)["zones"]
    assert len(zones) == 45
    for each in zones:
        assert results(each)["industrial_share"]["target"] == (0.75 if each["year"] >= 2023 else None)
    graded = [results(each)["benefit_lowest_class_share"] for each in zones]
    assert {each["articles"][0]["name"] for each in graded if each["value"] is not None} == {
        "rules.benefit.ours"
    }


def test_the_service_takes_the_rules_of_the_office_from_its_first_request(office, demo_book):
    paths = (
        f"/zones/{ZONE}/indicators?year=2024&evaluation=ours",
        f"/zones/{ZONE}/grades?year=2024&scheme=ours",
        f"/zones/{ZONE}/share?year=2024",
        "/rules/land.industrial_share_min?on=2024-12-31&region=410100",
    )
    told = subprocess.run(
        [sys.executable, "-c", SERVED, str(demo_book.book), *paths],
        env={**os.environ, "MUTAN_RULES": str(office)},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    measured, grades, share, rule = json.loads(told.stdout)
    assert results(measured)["intensity_score"]["value"] > 0
    assert results(measured)["industrial_share"]["target"] == rule["value"] == 0.75
    assert grades["title"].startswith("本单位评价办法")
    assert results(share)["industrial_share"]["outcome"] == "not_met"
    assert results(share)["share_to_convert"]["value"] > 0


def test_a_folder_with_neither_rules_nor_factors_is_refused_with_words(process, tmp_path, demo_book):
    for folder in (tmp_path / "空", tmp_path / "没有"):
        if folder.name == "空":
            folder.mkdir()
        for words in (
            ("rule", "land.industrial_share_min"),
            ("share", ZONE, "--year", "2024", "--book", demo_book.book),
        ):
            told = process(*words, MUTAN_RULES=str(folder))
            assert (told.status, told.out) == (1, "")
            assert "none of the folders rules, factors and columns" in told.err
            assert folder.name in told.err
            assert "MUTAN_RULES" in told.err
            assert "Traceback" not in told.err


@pytest.mark.parametrize(
    ("name", "text", "words", "says"),
    [
        ("rules/land/industrial_share_min", "label: [", ("rule", "land.industrial_share_min"), "is not YAML"),
        ("rules/land/industrial_share_min", "label: 一\nlabel: 二\n", ("rule",), "stands there twice"),
        ("rules/land/industrial_share_min", MIN.encode("gb18030"), ("rule",), "Save it as UTF-8"),
        (
            "rules/land/industrial_share_min",
            MIN.replace("0.75", "0.75, Wert: 1"),
            ("rule", "land.industrial_share_min"),
            "at most",
        ),
        ("rules/benefit/ours", "label: [", ("grade", ZONE, "--year", "2024", "--scheme", "ours"), "not YAML"),
        (
            "rules/land/evaluation/ours",
            "label: 表\ntables: {}\n",
            ("assess", ZONE, "--year", "2024", "--evaluation", "ours"),
            "ours",
        ),
    ],
)
def test_a_file_that_is_badly_written_is_named(process, office, copy, name, text, words, says):
    (office / f"{name}.yaml").write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
    told = process(*words, MUTAN_RULES=str(office), MUTAN_BOOK=str(copy))
    assert (told.status, told.out) == (1, "")
    assert f"{Path(name).name}.yaml" in told.err
    assert says in told.err
    assert "Traceback" not in told.err
