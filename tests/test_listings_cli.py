"""Listings on the command line: the table, JSON, files, and the same answer as over HTTP."""

from __future__ import annotations

import json
import re

import geopandas as gpd
import pandas as pd
import pytest

from api.chinese import chinese
from api.cli.listings import _cell
from api.listings import LISTINGS
from api.listings.listing import WORDS, is_said
from data import formats

ZONE = "G411164"
# command, the listing it makes, its options on the command line and over HTTP
COMMANDS = [
    ("share", "share", (), ""),
    ("share", "share", ("--definition", "p1", "--vacant"), "&definition=p1&vacant=true"),
    ("grade", "grades", (), ""),
    ("grade", "grades", ("--scheme", "generic_abcd"), "&scheme=generic_abcd"),
    ("grade", "grades", ("--enterprise", "040045"), "&enterprise=040045"),
    ("spread", "spread", (), ""),
    ("spread", "spread", ("--by", "zone", "--measure", "rd_share"), "&by=zone&measure=rd_share"),
    ("projects", "projects", (), ""),
    ("exits", "exits", (), ""),
    ("monthly", "monthly", (), ""),
    ("monthly", "monthly", ("--item", "budget_revenue"), "&item=budget_revenue"),
    ("standing", "standing", (), ""),
    ("standing", "standing", ("--by", "tax_per_mu"), "&by=tax_per_mu"),
    ("targets", "targets", (), ""),
    ("targets", "targets", ("--zone", ZONE), f"&zone={ZONE}"),
]
NAMES = [" ".join((command, *words)) for command, _, words, _ in COMMANDS]
ONCE = [each for each in COMMANDS if not each[2]]
UNMET = {"projects": 3}  # a project of the demo misses a control value
FORMS = [(c, s) for c, n, *_ in ONCE for s in (".csv", ".xlsx", ".geojson", ".gpkg")]


@pytest.fixture
def listed(mutan, demo_book):
    """Runs a listing of 2024; its exit status is as it should be."""

    def run(command, *words):
        zone = () if command in ("standing", "targets") else (ZONE,)
        told = mutan(command, *zone, "--year", "2024", "--book", demo_book.book, *words)
        assert told.status == UNMET.get(command, 0), told.err
        return told

    return run


def rows_of(listed, command):
    return json.loads(listed(command, "--json").out)["rows"]


@pytest.mark.parametrize(("command", "name", "words", "query"), COMMANDS, ids=NAMES)
def test_the_document_of_the_command_is_that_of_the_service(listed, client, command, name, words, query):
    path = f"/zones/{ZONE}/{name}" if LISTINGS[name].zoned else f"/{name}"
    for why in (False, True):
        theirs = client.get(f"{path}?year=2024{query}&why={str(why).lower()}").json()
        del theirs["links"]
        told = listed(command, *words, "--json", *(("--why",) if why else ()))
        assert told.err == ""
        assert json.loads(told.out) == theirs


@pytest.mark.parametrize("command", [command for command, *_ in ONCE])
def test_the_table_has_the_rows_of_the_document_and_then_the_figures_of_the_whole(listed, command):
    said, told = json.loads(listed(command, "--json").out), listed(command)
    head, *lines = told.out.splitlines()
    assert len(head.split("\t")) == len(said["columns"])
    count = len(said["rows"])
    assert lines[:count] == ["\t".join(map(_cell, row.values())) for row in said["rows"]]
    assert [line.split("\t")[0] for line in lines[count:]] == [each["code"] for each in said["results"]]
    assert said["title"] in told.err
    assert all(note in told.err for note in said["notes"])


@pytest.mark.parametrize(("command", "suffix"), FORMS)
def test_a_file_has_the_rows_of_the_document_and_what_has_no_place_is_no_map(
    mutan, listed, demo_book, tmp_path, command, suffix
):
    path = tmp_path / f"清 单{suffix}"
    if command in ("spread", "monthly") and suffix in (".geojson", ".gpkg"):
        told = mutan(command, ZONE, "--year", "2024", "--book", demo_book.book, "-o", path)
        assert (told.status, path.exists()) == (1, False)
        assert "清 单.xlsx" in told.err
        return
    told = listed(command, "-o", path)
    assert told.out == ""
    frame, rows = formats.read(path).frame, rows_of(listed, command)
    assert f"{len(rows)} rows" in told.err
    assert len(frame) == len(rows)
    if suffix in (".geojson", ".gpkg"):
        assert isinstance(frame, gpd.GeoDataFrame)
        assert list(frame.drop(columns="geometry")) == list(rows[0])
    for at, name in enumerate(rows[0]):
        meant = [row[name] for row in rows]
        if suffix in (".csv", ".xlsx"):
            said = [chinese(each) if is_said(name) and each else each for each in meant]
            meant = [WORDS.get(name, {}).get(each, each) for each in said]
        assert [plain(each) for each in frame.iloc[:, at]] == [plain(each) for each in meant], name


def plain(value):
    """A cell of whichever format: blank for what is missing, a number to twelve digits."""
    if value is None or pd.isna(value):
        return ""
    try:
        return f"{float(value):.12g}"
    except ValueError:
        return value


def test_asked_why_the_formulas_articles_and_inputs_follow_each_with_its_row(listed):
    out = listed("targets", "--zone", ZONE, "--why").out
    assert re.search(r"^formula\tgrowth\t\(本年 / 基年\)", out, re.MULTILINE)
    assert re.search(r"^article\t.*henan-145-etdz-plan.*\(verified\)$", out, re.MULTILINE)
    assert re.search(rf"^why\t{ZONE}\tinputs\t.*gdp\.2020.*51\.49", out, re.MULTILINE)
    out = listed("grade", "--enterprise", "040045", "--why").out
    assert re.search(r"^why\t040045\tindicators\t.*tax_cny10k", out, re.MULTILINE)
    assert re.search(r"^article\t.*henan-2019-enterprises.*\(unverified\)$", out, re.MULTILINE)
    told = listed("projects", "--why")
    assert len({line.split("\t")[1] for line in told.out.splitlines() if line.startswith("why\t")}) > 5
    assert "more rows (--why --json tells them all)" in told.err


def test_asked_why_a_share_prints_area_and_article_of_each_definition(listed):
    out = listed("share", "--why").out
    for each in ("industrial_share.p1", "industrial_share.p2", "share_to_convert"):
        chain = re.search(rf"^{re.escape(each)}\t.*\n((?:      .*\n)+)", out, re.MULTILINE).group(1)
        assert re.search(r"^      input    .*亩|^      input    .* m2", chain, re.MULTILINE)
        assert "      article  " in chain
        assert "      formula  " in chain


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("share", "G1"), "no zone 'G1'"),
        (("share", ZONE, "--definition", "p9"), "auto, p1, p2, p3, p4"),
        (("grade", ZONE, "--scheme", "ours"), "generic_abcd, henan_2019, huangyan_2022"),
        (("grade", ZONE, "--enterprise", "x"), "no enterprise 'x'"),
        (("spread", ZONE, "--measure", "beauty"), "tax_per_mu"),
        (("monthly", ZONE, "--item", "beauty"), "budget_revenue"),
        (("standing", "--by", "beauty"), "industrial_share"),
        (("standing", "--league", "other"), "no parameter other"),
        (("targets", "--zone", "G1"), "no zone 'G1'"),
        (("exits", "G1"), "no zone 'G1'"),
        (("projects", "G1"), "no zone 'G1'"),
    ],
)
def test_what_is_not_there_is_one_message_with_what_is_and_status_1(mutan, demo_book, words, says):
    told = mutan(*words, "--year", "2024", "--book", demo_book.book)
    assert (told.status, told.out) == (1, "")
    assert says in told.err
    as_json = mutan(*words, "--year", "2024", "--book", demo_book.book, "--json")
    assert says in json.loads(as_json.out)["error"]


def test_a_year_that_is_none_is_wrong_usage_and_one_without_boundary_says_when_there_was_one(
    mutan, demo_book
):
    assert mutan("share", ZONE, "--year", "20x4").status == 2
    assert mutan("share", ZONE).status == 2
    told = mutan("share", ZONE, "--year", "1999", "--book", demo_book.book)
    assert told.status == 1
    assert "2020-01-01 to now" in told.err


def test_an_extension_that_is_not_written_is_refused_with_those_that_are(mutan, demo_book, tmp_path):
    told = mutan("share", ZONE, "--year", "2024", "--book", demo_book.book, "-o", tmp_path / "a.docx")
    assert told.status == 1
    assert ".xlsx" in told.err
    assert list(tmp_path.iterdir()) == []


def test_every_example_in_the_help_of_a_listing_is_understood(mutan):
    for command in {command for command, *_ in COMMANDS}:
        said = mutan(command, "--help").out
        lines = re.findall(r"^    mutan (.+)$", said, re.MULTILINE)
        assert lines
        for line in lines:
            told = mutan(*line.split(), "--help")
            assert (told.status, told.err) == (0, ""), line
