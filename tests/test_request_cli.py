"""`mutan request` and `mutan requests` at the terminal: words, JSON, files, exit statuses, a whole life."""

from __future__ import annotations

import json
import runpy
import shutil
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

GROUND = runpy.run_path(str(Path(__file__).with_name("request_ground.py")))
drawn, make, strip = (GROUND[name] for name in ("drawn", "make", "strip"))
ZONE, DAY = GROUND["ZONE"], "2026-06-01"
BELT = 4526


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    make(folder / "mutan.gpkg", constraints=[("basic_farmland", "示例农田", strip(1200, 1400))])
    drawn(folder, strip(1000, 1300), name="farm")
    drawn(folder, strip(1000, 1200), name="free")
    drawn(folder, strip(900, 1000), name="west")
    low, high = strip(1000, 1200).bounds[:2], strip(1000, 1200).bounds[2:]
    drawn(folder, shapely.Polygon([low, high, (high[0], low[1]), (low[0], high[1])]), name="bow")
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the book and the files, in which a test may do what it likes."""
    own = tmp_path / "own"
    shutil.copytree(made, own)
    monkeypatch.chdir(own)
    return own


@pytest.fixture
def check(folder: Path, mutan: Callable[..., object]) -> Callable[..., object]:
    """Runs `mutan request FILE` for the zone and the day."""

    def run(*words: object, kind: str = "expansion") -> object:
        return mutan("request", *words, "--zone", ZONE, "--kind", kind, "--day", DAY)

    return run


def test_the_words_and_the_json_say_the_same(check):
    words, told = check("farm.geojson"), check("farm.geojson", "--json")
    assert words.status == told.status == 3
    document = json.loads(told.out)
    assert document["verdict"] == "not_met"
    assert "Verdict: NOT MET." in words.out
    assert document["wording"] in words.out
    for each in document["findings"]:
        assert each["label"] in words.out
    assert "示例农田" in words.out
    assert document["request"]["id"] is None
    assert document["trimmed"]["area"]["ha"] == pytest.approx(20.008, abs=0.01)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["bow.geojson"], "crosses itself"),
        (["nothere.txt"], "There is no file nothere.txt"),
        (["."], "is a folder"),
        ([], "needs 申请范围"),
        (["free.geojson", "--snap", "11"], "snap tolerance of 11"),
        (["free.geojson", "--role", "图层=农田"], "农田"),
        (["free.geojson", "--land", "none"], "none"),
        (["free.geojson", "--book", "nothere.gpkg"], "nothere.gpkg"),
        (["free.geojson", "-o", "report.docx"], "docx"),
        (["free.geojson", "--gives-up", "west.geojson"], "takes no 调出范围"),
    ],
)
def test_what_a_person_can_mend_is_status_1_and_one_json_document(check, words, said):
    plain = check(*words)
    assert plain.status == 1, plain.err
    assert said in plain.err
    assert "Traceback" not in plain.out + plain.err
    told = check(*words, "--json")
    assert told.status == 1
    assert said in str(json.loads(told.out))


def test_a_reason_that_no_condition_knows_is_told(check):
    got = check("farm.geojson", "--reason", "because", "--reason", "state_project", "--json")
    odd = [each for each in json.loads(got.out)["faults"] if each["code"] == "reason_unknown"]
    assert "declared reason because" in odd[0]["message"]
    assert all(each["remedy"] and each["severity"] == "warning" for each in odd)


def test_a_fault_of_the_file_tells_its_row_and_remedy_in_json(check):
    (fault,) = json.loads(check("bow.geojson", "--json").out)["faults"]
    assert fault["file"] == "bow.geojson"
    assert fault["row"] == 1
    assert fault["code"] == "self_crossing"
    assert fault["remedy"]


def test_the_trimmed_geometry_is_written_and_passes_the_check(check, folder):
    assert check("farm.geojson", "--trimmed", "kept.geojson").status == 3
    kept = gpd.read_file(folder / "kept.geojson")
    assert kept["avoids"][0] in (["rules.expansion.basic_farmland"], '[ "rules.expansion.basic_farmland" ]')
    again = json.loads(check("kept.geojson", "--json").out)
    farm = next(each for each in again["findings"] if each["rule"] == "rules.expansion.basic_farmland")
    assert farm["outcome"] == "met"
    nothing = check("free.geojson", "--trimmed", "none.geojson")
    assert "no hard conflict" in nothing.err
    assert not (folder / "none.geojson").exists()


def test_the_offending_parts_are_written_as_geojson(check, folder):
    assert check("farm.geojson", "-o", "parts.geojson").status == 3
    parts = gpd.read_file(folder / "parts.geojson")
    area = parts.to_crs(BELT).area.max()
    assert area == pytest.approx(100_039.5, rel=1e-2)


def test_a_shapefile_is_kept_with_all_its_files(check, mutan, folder):
    """In zone 49 of UTM, which nobody would guess without its .prj."""
    gpd.read_file("farm.geojson").to_crs(32649).to_file("farm.shp", engine="pyogrio")
    first = json.loads(check("farm.shp", "--keep", "--json").out)
    number = first["request"]["id"]
    again = mutan("requests", "recheck", number, "--json")
    assert again.status == 3, again.err
    told = json.loads(again.out)
    assert told["changes"] == []
    assert told["request"]["crs"] == first["request"]["crs"]
    assert told["area"] == first["area"]


def test_a_request_lives_from_draft_to_boundary(check, mutan, folder):
    assert check("farm.geojson", "--keep", "--name", "东扩").status == 3
    assert check("free.geojson", "--keep").status == 0
    first, second = "2026-0001", "2026-0002"
    year = json.loads(mutan("requests", "list", "--json").out)["requests"][0]["id"][:4]
    first, second = first.replace("2026", year), second.replace("2026", year)
    listed = mutan("requests", "list").out
    assert [line.split("\t")[0] for line in listed.splitlines()] == [second, first]
    assert "东扩" in listed
    assert mutan("requests", "submit", first).status == 0
    assert mutan("requests", "submit", first).status == 1  # it is
    assert mutan("requests", "return", first, "--remark", "补正").status == 0
    assert mutan("requests", "submit", first).status == 0
    refused = mutan("requests", "decide", first, "refused", "--paper", "甲〔2026〕1号")
    assert refused.status == 0
    shown = mutan("requests", "show", first).out
    assert "refused" in shown
    assert "补正" in shown
    assert "It can be" not in shown
    assert mutan("requests", "submit", second).status == 0
    assert mutan("requests", "decide", second, "maybe", "--paper", "x").status == 2
    assert mutan("requests", "decide", second, "adopted", "--paper", " ").status == 1
    words = ("--paper", "甲〔2026〕2号", "--valid-from", "2026-07-01")
    assert mutan("requests", "decide", second, "adopted", *words).status == 0
    grown = json.loads(check("free.geojson", "--json").out)  # on the day before, the old boundary
    assert grown["area"]["boundary"]["ha"] == pytest.approx(100.04, abs=0.01)
    later = mutan(
        "request", "free.geojson", "--zone", ZONE, "--kind", "expansion", "--day", "2026-07-01", "--json"
    )
    told = json.loads(later.out)
    assert told["area"]["boundary"]["ha"] == pytest.approx(120.05, abs=0.01)
    assert told["area"]["added"]["m2"] == 0


def test_what_was_assessed_of_earlier_years_stays_as_it_was(check, mutan, folder):
    before = mutan("assess", ZONE, "--year", "2025", "--json")
    assert before.status == 0, before.err
    number = json.loads(check("free.geojson", "--keep", "--json").out)["request"]["id"]
    mutan("requests", "submit", number)
    done = mutan("requests", "decide", number, "adopted", "--paper", "x", "--valid-from", "2026-07-01")
    assert done.status == 0, done.err
    after = mutan("assess", ZONE, "--year", "2025", "--json")
    values = [
        {each["code"]: each["value"] for each in json.loads(said.out)["results"]} for said in (before, after)
    ]
    assert values[0] == values[1]
    assert values[0]


def test_two_variants_are_compared(check, mutan, folder):
    numbers = [
        json.loads(check(f"{name}.geojson", "--keep", "--json").out)["request"]["id"]
        for name in ("farm", "free")
    ]
    told = mutan("requests", "compare", *numbers, "--json")
    land = json.loads(told.out)["land"]
    assert land["common"]["ha"] == pytest.approx(20.008, abs=0.01)
    assert land["only_one"]["ha"] == pytest.approx(10.004, abs=0.01)
    assert land["only_other"]["ha"] == 0
    words = mutan("requests", "compare", *numbers)
    assert "rules.expansion.basic_farmland.outcome" in words.out
    assert mutan("requests", "compare", numbers[0], "2026-9999").status == 1


def test_a_request_that_is_not_there_is_told_with_those_that_are(check, mutan, folder):
    number = json.loads(check("free.geojson", "--keep", "--json").out)["request"]["id"]
    for command in ("show", "recheck", "submit", "return", "withdraw"):
        got = mutan("requests", command, "2020-0001")
        assert got.status == 1, command
        assert number in got.err, command
