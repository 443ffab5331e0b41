"""What the README claims in its tables, lists and links; its commands are run by test_readme_tour.py."""

from __future__ import annotations

import json
import os
import re
import runpy
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import shapely
from starlette.testclient import TestClient

from api.app import create_app
from api.contents import contents
from api.inventories.wishes import ABOUT, Wishes, offered
from api.settings import Settings
from benchmarks import report
from carbon import CATEGORIES
from carbon.choices import families
from carbon.ndrc910 import CLAUSES
from data import formats
from data.codes.legends import LEGENDS
from data.columns.suppliers import suppliers
from data.kinds import kinds
from data.parameters import names, parameter
from geo.areas import ellipsoidal_area_m2
from geo.benefit.scheme import names as schemes
from geo.boundary_change.kinds import kinds as requests
from maps import assets

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.en.md")
RESULTS = ROOT / "benchmarks" / "results.json"
VECTORS = runpy.run_path(str(ROOT / "tests" / "test_areas.py"))["VECTORS"]


@pytest.fixture(params=READMES)
def text(request: pytest.FixtureRequest) -> str:
    """A README, in one language and the other."""
    return (ROOT / request.param).read_text("utf-8")


def quoted(text: str) -> list[str]:
    """All that stands between backticks on a line, outside of blocks."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL))


def row(text: str, first: str) -> str:
    """The row of a table that begins so."""
    return next(line for line in text.splitlines() if line.startswith(f"| {first} |"))


def project() -> dict[str, Any]:
    """What pyproject.toml says."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def chapter_with(text: str, mark: str) -> str:
    """The chapter in which a word stands."""
    return next(part for part in re.split(r"^## ", text, flags=re.MULTILINE) if mark in part)


def test_the_two_commands_are_those_of_the_makefile(text):
    for target in ("run", "test"):
        assert re.search(rf"^    make {target} ", text, re.MULTILINE)
    dry = ["make", "--dry-run", "--always-make", "--no-print-directory", "run", "PORT=8080"]
    apart = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    told = subprocess.run(dry, cwd=ROOT, capture_output=True, encoding="utf-8", check=True, env=apart)
    assert told.stdout.splitlines()[-1].endswith("mutan demo out/demo --port 8080")


def test_every_file_that_is_named_exists(text):
    linked = [path for path in re.findall(r"\]\(([^)]+)\)", text) if "://" not in path]
    named = [word for word in quoted(text) if re.fullmatch(r"(api|carbon|data|geo|maps|tests)/\S*", word)]
    assert len(linked) > 10
    missing = [path for path in {*linked, *named} if not (ROOT / path).exists()]
    assert missing == []


def test_every_path_that_is_shown_answers(text, demo_book):
    paths = [word for word in quoted(text) if word.startswith("/")]
    assert len(paths) > 20
    with TestClient(create_app(str(demo_book.book))) as client:
        answers = {path: client.get(path, headers={"Accept": "text/html"}).status_code for path in paths}
    assert {path: status for path, status in answers.items() if status != 200} == {}


def test_the_collections_are_all_named(text, demo_book):
    with TestClient(create_app(str(demo_book.book))) as client:
        told = [each["id"] for each in client.get("/collections").json()["collections"]]
    assert row(text, "`/collections`").split("|")[2].split() == told


def test_the_five_lines_of_the_house_are_the_layers_of_the_linter(text):
    block = chapter_with(text, "import-linter").split("```text\n")[1].split("```")[0]
    assert len(block.splitlines()) == 5
    drawn = [" | ".join(re.findall(r"(\w+)/ ", line)) for line in block.splitlines()[:4]]
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    assert drawn == next(each["layers"] for each in contracts if each["type"] == "layers")


def test_the_formats_are_those_of_the_contents(text):
    reads, writes = re.findall(r"^\| (?:读|写|reads|writes) \| (`\..+) \|$", text, re.MULTILINE)
    assert re.findall(r"`(\.\w+)`", reads) == list(formats.READERS)
    assert re.findall(r"`(\.\w+)`", writes) == list(formats.WRITERS)


def test_kinds_class_systems_and_fuel_families_are_those_of_the_data(text):
    words = quoted(text)
    assert set(kinds()) <= set(words)
    systems = list(kinds()["parcels"].columns["class_system"].one_of)
    table = chapter_with(text, "`class_system`")
    assert re.findall(r"^\|[^|]+\| `(\w+)` \|$", table, re.MULTILINE)[1:] == systems
    assert {word for word in words if re.fullmatch(r"cn_\w+|(ipcc|nefdb)\d+", word)} == set(families())


def test_the_choices_of_an_inventory_are_told_with_all_that_is_offered_and_their_defaults(text):
    rows = re.findall(r"^\| `--([a-z-]+)`[^|]*\|([^|]+)\|([^|]+)\|$", text, re.MULTILINE)
    told = {name.replace("-", "_"): (set(re.findall(r"`(\w+)`", said)), usual) for name, said, usual in rows}
    assert set(told) | {"draws", "seed"} == set(ABOUT)
    assert {name: told[name][0] for name in offered()} == {name: {*each} for name, each in offered().items()}
    usual = Wishes().as_json()
    empty = {"空": "", "empty": ""}
    shown = {name: empty.get(each.strip(), each.strip().strip("`")) for name, (_, each) in told.items()}
    assert shown == {name: str(usual[name] or "") for name in told}


def test_the_categories_clauses_and_column_maps_are_those_of_the_program(text):
    chapter = chapter_with(text, "`refrigerant`")
    first = next(line for line in chapter.splitlines() if "`refrigerant`" in line)
    assert re.findall(r"`(\w+)`", first) == list(CATEGORIES)
    assert set(re.findall(r"`ndrc910_(\w+)`", chapter)) == {"total", *CLAUSES}
    assert all(f"`{key}`" in chapter for key in kinds()["activity"].columns["notation"].one_of)
    assert {"wide_energy_example", "energy_rows_example"} <= set(suppliers())


def test_the_settings_are_those_of_the_program_with_their_defaults(text):
    told = dict(re.findall(r"^\| `MUTAN_(\w+)` \|[^|]+\| (.+) \|$", text, re.MULTILINE))
    empty = {"空": "", "empty": ""}
    shown = {name.lower(): empty.get(value, value.strip("`")) for name, value in told.items()}
    assert shown == {name: str(each.default) for name, each in Settings.model_fields.items()}


def test_the_four_published_areas_are_met_as_closely_as_is_said(text):
    told = [float(number) for number in re.findall(r"^\| .+ \| ([\d.]{6,}) \|$", text, re.MULTILINE)]
    assert told == [area for _, area in VECTORS.values()]
    for corners, area in VECTORS.values():
        polygon = shapely.Polygon([(east, north) for north, east in corners])
        assert ellipsoidal_area_m2([polygon], 4526)[0] == pytest.approx(area, abs=0.05)


def test_what_is_said_of_unverified_factors_and_of_the_rules_is_so():
    factors = [parameter(name) for name in names() if name.startswith("factors.")]
    assert {str(each.status) for each in factors} == {"unverified"}
    assert {str(row.status) for each in factors for row in each.history()} == {"unverified"}
    rules = {name: parameter(name).history() for name in names() if name.startswith("rules.")}
    of = {name: {str(row.status) for row in rows} for name, rows in rules.items()}
    room = {name: name.split(".")[1] for name in of}
    assert set(room.values()) - set(requests()) - {"requests"} == {"carbon", "land", "projects", "standing"}
    park = {name: said for name, said in of.items() if ".zero_carbon_park." in name}
    assert set().union(*park.values()) == {"verified"}
    beside = (said for name, said in of.items() if room[name] == "carbon" and name not in park)
    assert set().union(*beside) == {"unverified", "illustration"}
    assert of["rules.land.industrial_share_min"] == {"verified"}
    assert set().union(*(said for name, said in of.items() if room[name] == "projects")) == {"unverified"}
    assert set().union(*(said for name, said in of.items() if ".targets." in name)) == {"verified"}
    assert set().union(*(said for name, said in of.items() if "league_weights" in name)) == {"illustration"}


def test_the_table_of_indicators_is_what_the_code_makes_of_it(text, request):
    made = runpy.run_path(str(ROOT / "tools" / "indicator_table.py"))
    (shown,) = re.findall(r"<!-- indicators -->\n(.*?)<!-- /indicators -->", text, re.DOTALL)
    assert shown == made["table"](made["HEADS"][request.node.callspec.params["text"]])
    assert len(shown.splitlines()) == len(contents()) + 2


def test_the_schemes_and_legends_that_are_named_are_those_that_ship(text):
    words = set(quoted(text))
    assert set(schemes()) <= words
    assert set(LEGENDS) <= words


def test_the_front_end_files_come_with_their_licences():
    for package in ("leaflet", "jquery", "d3", "swagger-ui"):
        assert list((assets.ROOT / package).glob("LICENSE*")), package


def test_the_benchmarks_are_those_that_are_kept(text):
    (shown,) = re.findall(r"<!-- bench -->\n(.*?)<!-- /bench -->", text, re.DOTALL)
    if not RESULTS.is_file():
        assert "`make bench`" in shown
        assert "|" not in shown
        return
    kept = json.loads(RESULTS.read_text("utf-8"))
    rows = [report.Row(**each) for each in kept["rows"]]
    assert shown == report.markdown(rows, kept["machine"])


def test_the_changelog_has_the_version_of_the_package():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    versions = re.findall(
        r"^## \[(\d[\d.]*)\] – \d{4}-\d{2}-\d{2}$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE
    )
    assert versions[0] == project["version"]
    assert versions[-1] == "0.1.0"
