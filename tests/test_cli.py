"""The command line as its users meet it, command by command, in this process."""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path

import openpyxl
import pytest
from shapely.geometry import Polygon

from data.book import open_book
from data.kinds import kinds
from data.records import Source

SHARED = runpy.run_path(str(Path(__file__).with_name("cli_files.py")))
FIRST, SECOND, MADE, files, book = (SHARED[name] for name in ("FIRST", "SECOND", "MADE", "files", "book"))

COMMANDS = [
    "new", "ingest", "check", "export", "demo", "area", "overlay", "assess", "rule", "factor",
    "map", "serve", "inventory", "grid", "emissions", "gates", "path", "measures",
]  # fmt: skip


ASSESSED = [
    "industrial_share", "industrial_share.p1", "industrial_share.p2", "industrial_share.p3",
    "industrial_share.p4", "investment_intensity", "tax_per_mu", "value_added_per_mu",
    "revenue_per_mu", "supply_rate", "built_rate", "development_rate", "idle_rate", "plot_ratio",
    "building_density", "industrial_plot_ratio", "industrial_building_coefficient",
    "population_density", "emissions_total", "emissions_per_mu", "emissions_per_value_added",
]  # fmt: skip


def versions(book: Path) -> list[str]:
    """Names of what the book holds."""
    with open_book(book) as opened:
        return [version.name for version in opened.versions()]


def test_every_command_has_its_help_and_an_example_that_stands_on_its_own_line(mutan):
    listed = mutan("--help")
    assert listed.status == 0
    assert "亩碳" in listed.out
    assert re.fullmatch(r"mutan \d+\.\d+\.\d+\n", mutan("--version").out)
    for command in COMMANDS:
        assert re.search(rf"^  {command} ", listed.out, re.MULTILINE)
        told = mutan(command, "--help")
        assert told.status == 0
        assert re.search(rf"\n  Examples?:\n    mutan {command} ", told.out)
        assert "\b" not in told.out
        assert "\\b" not in told.out


def test_every_command_line_of_the_help_is_understood(mutan):
    """Each example is parsed by the command itself; `--help` at its end keeps it from being run."""
    for command in COMMANDS:
        said = mutan(command, "--help").out
        for line in re.findall(r"^    mutan (.+)$", said, re.MULTILINE):
            told = mutan(*line.split(), "--help")
            assert (told.status, told.err) == (0, ""), line


def test_a_wrong_word_is_wrong_usage_and_names_what_is_near(mutan):
    told = mutan("ares")
    assert told.status == 2
    assert "Did you mean 'area'" in told.err
    assert (
        "Possible options: --valid-from"
        in mutan("ingest", "zones", "a.shp", "--valid-form", "2024-01-01").err
    )
    assert mutan("area").status == mutan("ingest", "zones").status == mutan("assess").status == 2
    assert mutan("ingest", "zones", "a.shp", "--valid-from", "1.5.2024").status == 2
    assert "THEIRS=OURS" in mutan("ingest", "zones", "a.shp", "--rename", "x").err
    assert mutan("ingest", "--template", "zones").status == 2


def test_all_kinds_go_into_a_new_book_and_are_assessed(mutan, files, tmp_path):
    book = tmp_path / "新 台账.gpkg"
    assert mutan("new", book).status == 0
    for kind in ("zones", "parcels", "enterprises", "activity", "buildings", "constraints", "statistics",
                 "projects"):  # fmt: skip
        told = mutan("ingest", kind, files[kind], "--book", book, "--valid-from", "2023-01-01")
        assert (told.status, told.out) == (0, ""), told.err
        assert re.search(rf"{re.escape(files[kind].name)}: \d+ rows are in the book as {kind} v\d", told.err)
    told = mutan("assess", FIRST, "--year", "2024", "--book", book, "--json")
    results = {each["code"]: each for each in json.loads(told.out)["results"]}
    assert results["tax_per_mu"]["value"] is not None
    with open_book(book) as opened:
        assert {part.valid_from.isoformat() for part in opened.parts("parcels")} == {"2023-01-01"}
        assert opened.read("buildings")["building_id"].tolist() == ["007"]
        assert opened.read("statistics")["item"].tolist() == ["工业增加值"]


def test_a_new_book_never_takes_the_place_of_a_file(mutan, book):
    before = book.read_bytes()
    told = mutan("new", book)
    assert told.status == 1
    assert told.err.startswith("mutan: ")
    assert book.read_bytes() == before


def test_ingest_with_json_says_the_version_and_its_hash(mutan, files, book):
    told = mutan("ingest", "buildings", files["buildings"], "--book", book, "--json", "--remark", "试")
    said = json.loads(told.out)
    assert list(said) == ["version", "rows", "sha256", "crs", "faults"]
    assert (said["rows"], len(said["sha256"]), told.err) == (1, 64, "")


def test_ingest_with_errors_lists_them_all_and_leaves_the_book(mutan, book, tmp_path):
    rows = "".join(f"E{n},甲厂,{FIRST},20x4\n" for n in range(30))
    path = tmp_path / "错.csv"
    path.write_text(f"enterprise_id,name,zone,year\n{rows}", "utf-8")
    before = versions(book)
    told = mutan("ingest", "enterprises", path, "--book", book)
    assert (told.status, told.out) == (1, "")
    assert "row 2" in told.err
    assert "10 more (--json lists them all)" in told.err
    told = mutan("ingest", "enterprises", path, "--book", book, "--json")
    said = json.loads(told.out)
    assert told.status == 1
    assert [fault["row"] for fault in said["faults"]] == list(range(2, 32))
    assert versions(book) == before


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_a_template_filled_in_is_taken(mutan, book, tmp_path, kind):
    path = tmp_path / f"{kind} 模板.xlsx"
    assert mutan("ingest", "--template", kind, "-o", path).status == 0
    if kinds()[kind].geometry:
        return  # its polygons come in a layer
    sheet = (filled := openpyxl.load_workbook(path)).worksheets[0]
    value = {"zone": FIRST, "year": 2024, "period": "2024", "unit": "MWh", "category": "电力", "item": "电力",
             "amount": 5, "tax_cny10k": -3, "base_year": 2020, "target_year": 2030,
             "reduction_share": 0.2}  # fmt: skip
    for number, (name, column) in enumerate(kinds()[kind].columns.items(), start=1):
        if column.required or name in value:
            usual = "2024-06-01" if column.type == "day" else next(iter(column.one_of.values()), "007")
            sheet.cell(2, number, value.get(name, usual))
    filled.save(path)
    told = mutan("ingest", kind, path, "--book", book)
    assert told.status == 0, told.err


def test_check_ends_with_3_when_there_are_errors_and_0_when_not(mutan, book):
    sound = mutan("check", "--book", book, "--on", "2024-12-31")
    knot = MADE["parcels"]().iloc[[40]].assign(parcel_id="结")
    x, y = 113.9, 34.9
    knot.geometry = [Polygon([(x, y), (x + 0.01, y + 0.01), (x + 0.01, y), (x, y + 0.01)])]
    with open_book(book, write=True) as opened:  # past the checks of `mutan ingest`, which would refuse it
        opened.ingest("parcels", knot, Source("结.gpkg", "0" * 64, "made"), who="t", when=MADE["WHEN"])
    told = mutan("check", "--book", book, "--on", "2024-12-31", "--json")
    said = json.loads(told.out)
    assert (sound.status, told.status, told.err) == (0, 3, "")
    assert said["errors"] == sum(fault["severity"] == "error" for fault in said["faults"]) > 0
    assert all(fault["remedy"] for fault in said["faults"])
    assert mutan("check", "--book", book, "--on", "2024-12-31").out.count("\n") == len(said["faults"])


def test_assess_one_zone_is_an_object_and_several_are_a_list(mutan, book):
    one = json.loads(mutan("assess", FIRST, "--year", "2024", "--book", book, "--json").out)
    assert list(one) == ["zone", "name", "year", "results", "faults"]
    assert set(ASSESSED) <= {each["code"] for each in one["results"]}
    shape = {"code", "label", "value", "unit", "target", "outcome", "inputs", "articles", "layer_versions"}
    assert all(shape <= set(each) for each in one["results"])
    assert all(each["value"] is not None or each["reason"] for each in one["results"])
    both = json.loads(mutan("assess", FIRST, SECOND, "--year", "2024", "--book", book, "--json").out)
    every = json.loads(mutan("assess", "--year", "2024", "--book", book, "--json").out)
    assert list(both) == list(every) == ["zones"]
    assert [zone["zone"] for zone in both["zones"]] == [FIRST, SECOND]
    assert both["zones"][0] == one
    with open_book(book) as opened:
        assert {row["zone"] for row in opened.results(year=2024)} == {FIRST, SECOND}


def test_assess_asked_why_prints_the_chain_and_ratios_are_no_shares(mutan, book):
    told = mutan("assess", FIRST, "--year", "2024", "--book", book, "--why").out
    lines = told.splitlines()
    at = next(i for i, line in enumerate(lines) if re.match(r"  tax_per_mu\b", line))
    end = next(i for i, line in enumerate(lines) if i > at and not line.startswith("      "))
    chain = "\n".join(lines[at:end])
    for word in ("formula", "input", "layer    enterprises v5", "layer    parcels v3"):
        assert word in chain
    share = next(line for line in lines if re.match(r"  industrial_share ", line))
    ratio = next(line for line in lines if re.match(r"  plot_ratio ", line))
    assert "%" in share
    assert "%" not in ratio


def test_assess_a_zone_or_year_that_is_not_there_names_what_is(mutan, book):
    told = mutan("assess", "G990003", "--year", "2024", "--book", book)
    assert (told.status, told.out) == (1, "")
    assert FIRST in told.err
    told = mutan("assess", FIRST, "--year", "2010", "--book", book, "--json")
    assert told.status == 1
    assert "2020-01-01 to 2023-01-01" in json.loads(told.out)["error"]
