"""The command line as its users meet it, command by command, in this process."""

from __future__ import annotations

import json
import re
import runpy
import shutil
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from shapely.geometry import Polygon, box

from data import formats
from data.book import open_book
from data.kinds import kinds
from data.records import Source
from geo.areas import ellipsoidal_area_m2

FIRST, SECOND = "G990001", "G990002"
MADE = runpy.run_path(str(Path(__file__).with_name("small_book.py")))
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


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A file of each kind, named as people name them."""
    folder = tmp_path_factory.mktemp("给 我们的 文件")
    found = {
        kind: folder / name
        for kind, name in {
            "zones": "边界 2024.geojson", "parcels": "图斑.gpkg", "constraints": "管控.fgb",
            "buildings": "建筑.parquet", "enterprises": "企业.xlsx", "activity": "能源.csv",
            "statistics": "统计.tsv", "projects": "项目.csv",
        }.items()
    }  # fmt: skip
    formats.write(MADE["zones"]([FIRST, SECOND], 6).drop(columns="area_m2"), found["zones"])
    formats.write(MADE["parcels"]().drop(columns="area_m2"), found["parcels"])
    formats.write(MADE["constraints"]().drop(columns="area_m2"), found["constraints"])
    formats.write(MADE["enterprises"](), found["enterprises"])
    formats.write(MADE["activity"](), found["activity"])
    halls = {"building_id": ["007"], "zone": [FIRST], "storeys": [2.0], "floor_area_m2": [900.0]}
    hall = gpd.GeoDataFrame(halls, geometry=[box(113.601, 34.701, 113.602, 34.702)], crs=4490)
    formats.write(hall, found["buildings"])
    found["statistics"].write_text(
        f"开发区代码\t时期\t指标\t数值\t单位\n{FIRST}\t2024-06\t工业增加值\t12.5\t亿元\n", "gb18030"
    )
    found["projects"].write_text(
        "project_id,enterprise_id,parcel_id,promised_plot_ratio\n001,E1,1-000,1.2\n", "utf-8"
    )
    return found


@pytest.fixture
def book(small_book: Path, tmp_path: Path) -> Path:
    """A copy of the small book, to be written to."""
    return Path(shutil.copy(small_book, tmp_path / "我的 台账.gpkg"))


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


def test_area_says_which_outlines_cross_themselves(mutan, tmp_path):
    bow = Polygon([(114, 34), (114.01, 34.01), (114.01, 34), (114, 34.01)])
    path = tmp_path / "bow.geojson"
    formats.write(gpd.GeoDataFrame({"id": ["7"]}, geometry=[bow], crs=4490), path)
    (fault,) = json.loads(mutan("area", path, "--json").out)["faults"]
    assert (fault["code"], fault["feature"]) == ("geometry_invalid", "7")
    assert "--repair" in fault["remedy"]


def test_area_with_json_has_the_shape_of_the_contract(mutan, files):
    told = mutan("area", files["zones"], "--json")
    said = json.loads(told.out)
    assert told.err == ""
    assert {"features", "total"} <= set(said)
    sizes = {"area_m2", "area_ha", "area_mu"}
    assert set(said["total"]) == sizes
    assert all(set(each) == {"id", "name", "crs"} | sizes for each in said["features"])
    assert [each["id"] for each in said["features"]] == [FIRST, SECOND]
    # 0.06 x 0.05 degrees at 34.725 N: 111.4 km x cos and 110.9 km a degree, by hand to a thousandth
    assert said["features"][0]["area_m2"] == pytest.approx(0.06 * 91_610 * 0.05 * 110_930, rel=1e-3)
    for each in (*said["features"], said["total"]):
        assert each["area_mu"] == pytest.approx(each["area_m2"] * 15 / 10_000, abs=1e-3)
        assert each["area_ha"] == pytest.approx(each["area_m2"] / 10_000, abs=1e-4)
    assert said["total"]["area_m2"] == pytest.approx(sum(e["area_m2"] for e in said["features"]), abs=0.02)
    plain = mutan("area", files["zones"])
    assert plain.out.splitlines()[0].split("\t")[0] == FIRST
    assert "2 features" in plain.err


COLUMNS = ["zone", "class", "area_m2", "area_mu", "pieces"]


def test_overlay_gives_the_same_rows_in_every_format_and_from_every_format(mutan, files, tmp_path):
    words = ("overlay", files["parcels"], files["zones"], "--by", "land_class", "--zone", "code")
    for suffix in ("csv", "parquet", "json"):
        assert mutan(*words, "-o", tmp_path / f"叠加.{suffix}").status == 0
    printed = mutan(*words)
    text = (tmp_path / "叠加.csv").read_text("utf-8")
    assert printed.out == text
    said = json.loads((tmp_path / "叠加.json").read_text("utf-8"))
    assert said == json.loads(mutan(*words, "--json").out)
    assert said == pd.read_parquet(tmp_path / "叠加.parquet").to_dict("records")
    assert all(list(row) == COLUMNS for row in said)
    assert text.splitlines()[0].replace('"', "") == ",".join(COLUMNS)
    assert [(row["zone"], row["class"], row["pieces"]) for row in said[:2]] == [
        (FIRST, "0601", 20),
        (FIRST, "0701", 10),
    ]
    frame = formats.read(files["parcels"]).frame
    formats.write(frame, tmp_path / "图斑.parquet")
    bare = mutan("overlay", tmp_path / "图斑.parquet", *words[2:], "--json")
    for mine, theirs in zip(json.loads(bare.out), said, strict=True):
        assert mine["area_m2"] == pytest.approx(theirs["area_m2"], abs=0.01)
        assert (mine["class"], mine["pieces"]) == (theirs["class"], theirs["pieces"])


def test_overlay_says_what_is_missing_and_writes_nothing(mutan, files, tmp_path):
    words = ("overlay", files["parcels"], files["zones"])
    told = mutan(*words, "--by", "land_clas", "--zone", "code", "-o", tmp_path / "a.csv")
    assert told.status == 1
    assert "Near it: land_class" in told.err
    told = mutan(*words, "--by", "land_class", "--zone", "code", "-o", tmp_path / "a.docx")
    assert told.status == 1
    assert ".csv, .parquet or .json" in told.err
    assert list(tmp_path.iterdir()) == []


def test_rules_and_factors_are_listed_shown_and_found_by_near_names(mutan):
    for command, name in (("rule", "land.industrial_share_min"), ("factor", "grid_electricity.province")):
        listed = mutan(command).out.split()
        assert name in listed
        assert json.loads(mutan(command, "--json").out) == listed
        told = mutan(command, name[:-1])
        assert told.status == 1
        assert name in told.err


def test_a_factor_is_told_as_of_a_day_a_place_and_what_was_known(mutan):
    words = ("factor", "grid_electricity.province", "--region", "410000")
    said = json.loads(mutan(*words, "--on", "2022-12-31", "--json").out)
    assert said["region"] == "410000"
    assert said["since"] <= "2022-12-31"
    assert {"value", "unit", "article", "published", "status"} <= set(said)
    plain = mutan(*words, "--on", "2022-12-31").out
    assert str(said["value"]) in plain
    assert said["article"] in plain
    early = mutan(*words, "--on", "2022-12-31", "--known-on", "1999-01-01")
    assert early.status == 1
    assert "no value" in early.err
    assert mutan(*words, "--on", "2022-13-31").status == 2


def test_map_writes_one_page_that_needs_nothing_else(mutan, book, tmp_path):
    for words in ((), (FIRST,)):
        page = tmp_path / "地 图.html"
        told = mutan("map", *words, "--year", "2024", "--book", book, "-o", page)
        assert told.status == 0, told.err
        html = page.read_text("utf-8")
        assert html.lstrip().lower().startswith("<!doctype html")
        assert not re.search(r'(?:src=|<link[^>]* href=)"?(?:https?:)?//', html)
    assert mutan("map", "G990009", "--year", "2024", "--book", book, "-o", tmp_path / "b.html").status == 1
    assert not (tmp_path / "b.html").exists()


@pytest.mark.parametrize("suffix", list(formats.WRITERS))
def test_what_is_exported_reads_back_as_the_book_has_it(mutan, book, tmp_path, suffix):
    path = tmp_path / f"地块 出口{suffix}"
    told = mutan("export", "parcels", "-o", path, "--book", book, "--year", "2024")
    assert told.status == 0, told.err
    frame = formats.read(path).frame.sort_values("parcel_id")  # .fgb lays its rows along a curve
    with open_book(book) as opened:
        held = opened.read("parcels")
    assert frame["parcel_id"].tolist() == held["parcel_id"].tolist()
    assert frame["land_class"].tolist() == held["land_class"].tolist()
    assert frame["land_class"].iloc[0] == "0701"
    if suffix not in (".csv", ".xlsx"):
        area = ellipsoidal_area_m2(frame.geometry, frame.crs)
        assert area.tolist() == pytest.approx(held["area_m2"].tolist(), rel=1e-6)


def test_layers_that_exist_are_exported_and_others_named(mutan, book, tmp_path):
    for layer in (*kinds(), "indicators", "emissions"):
        told = mutan("export", layer, "-o", tmp_path / f"{layer}.xlsx", "--book", book, "--year", "2024")
        assert told.status == 0, (layer, told.err)
    one = formats.read(tmp_path / "indicators.xlsx").frame
    assert one["code"].tolist() == [FIRST]
    told = mutan("export", "parcel", "-o", tmp_path / "b.csv", "--book", book)
    assert told.status == 1
    assert "parcels" in told.err
    assert not (tmp_path / "b.csv").exists()


@pytest.fixture
def one_year(monkeypatch: pytest.MonkeyPatch, sample: object) -> Iterator[None]:
    """The demo, of one year and from the sample that the tests have already made."""
    monkeypatch.setattr("data.sample.make", lambda: sample)
    monkeypatch.setattr("api.demo.YEARS", range(2024, 2025))
    return


@pytest.mark.usefixtures("one_year")
def test_the_demo_is_made_once_whole_and_said_to_be_made_up(mutan, tmp_path):
    folder = tmp_path / "示 例"
    told = mutan("demo", folder, "--no-serve")
    assert told.status == 0, told.err
    assert "示例数据" in told.err
    assert {path.name for path in folder.iterdir()} == {"mutan.gpkg", "示例文件"}
    with open_book(folder / "mutan.gpkg") as opened:
        assert "示例" in opened.notes()["notice"]
        assert len({row["zone"] for row in opened.results(year=2024)}) == len(
            opened.read("zones")["code"].unique()
        )
    again = mutan("demo", folder, "--no-serve")
    assert (again.status, "there already" in again.err) == (0, True)


def versions(book: Path) -> list[str]:
    """Names of what the book holds."""
    with open_book(book) as opened:
        return [version.name for version in opened.versions()]
