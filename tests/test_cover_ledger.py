"""Satellite against ledger: parcels ranked, what cannot be told, zones as results; and the legends."""

from __future__ import annotations

import runpy
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import CRS

from data.codes.legends import BUILT, GROUPS, LEGENDS, legend, own_legend
from data.errors import ColumnMissing, FileBroken, NoSuchCode
from data.formats.raster import open_raster
from data.units import m2_to_mu
from geo.cover import About, class_areas, parcels_against, unknown_values, zone_results

TOYS = runpy.run_path(str(Path(__file__).parent / "toy_rasters.py"))
EAST, SOUTH, at, written = (TOYS[name] for name in ("EAST", "SOUTH", "at", "written"))
PLANE = CRS.from_epsg(4547)
WORLD = legend("worldcover")
# ten columns of 10 m, ten rows: the west built up, the east cropland
HALVES = np.repeat(np.array([[50] * 5 + [40] * 5], "uint8"), 10, axis=0)


def box(west, south, east, north):
    return shapely.box(EAST + west, SOUTH + south, EAST + east, SOUTH + north)


def seen(folder, shapes, cells=HALVES, nodata=0):
    path = written(folder / "r.tif", cells, 4547, at(EAST, SOUTH + 100, 10, 10), nodata=nodata)
    with open_raster(path) as raster:
        return class_areas(shapes, PLANE, raster, PLANE)


def ledger(*built):
    ids = [f"P{i + 1}" for i in range(len(built))]
    return pd.DataFrame({"parcel_id": ids, "built": pd.array(list(built), dtype="boolean")})


def test_parcels_that_differ_most_come_first_with_the_land_about_which_they_differ(tmp_path):
    shapes = [
        box(0, 0, 30, 30),  # built in both
        box(60, 0, 100, 40),  # cropland, says the satellite
        box(0, 40, 20, 60),  # built, says the satellite
        box(20, 80, 80, 100),  # half and half: at the threshold it counts as built on
        box(70, 60, 100, 90),  # open in both
    ]
    found = seen(tmp_path, shapes)
    told = parcels_against(ledger(True, True, False, True, False), found, WORLD)
    assert told["parcel_id"].tolist() == ["P2", "P3", "P4", "P1", "P5"]
    assert told["verdict"].tolist() == ["only_ledger", "only_satellite", "agrees", "agrees", "agrees"]
    mu = m2_to_mu(found.whole_m2)
    assert told["disagreement_mu"].tolist() == pytest.approx([mu[1], mu[2], mu[3] / 2, 0, 0], rel=1e-5)
    assert told["satellite_share"].tolist() == pytest.approx([0, 1, 0.5, 1, 0], abs=1e-6)


def test_the_threshold_is_the_callers(tmp_path):
    found = seen(tmp_path, [box(20, 80, 80, 100)])
    strict = parcels_against(ledger(True), found, WORLD, threshold=0.6)
    assert strict["verdict"].tolist() == ["only_ledger"]
    assert parcels_against(ledger(True), found, WORLD, threshold=0.4)["verdict"].tolist() == ["agrees"]


def test_a_parcel_of_few_cells_cannot_be_told(tmp_path):
    found = seen(tmp_path, [box(61, 1, 79, 19), box(60, 0, 80, 20)])
    told = parcels_against(ledger(True, True), found, WORLD).set_index("parcel_id")
    assert told.loc["P1", "verdict"] == "cannot_tell"
    assert "fewer than 4 cells" in told.loc["P1", "reason"]
    assert np.isnan(told.loc["P1", "disagreement_mu"])
    assert told.loc["P2", "verdict"] == "only_ledger"


def test_a_parcel_of_which_the_ledger_says_nothing_cannot_be_told(tmp_path):
    told = parcels_against(ledger(None), seen(tmp_path, [box(0, 0, 30, 30)]), WORLD)
    assert told["verdict"].tolist() == ["cannot_tell"]
    assert "是否建成" in told["reason"][0]


@pytest.mark.parametrize(
    ("unknown", "verdict"),
    [(3, "only_ledger"), (6, "cannot_tell")],  # of ten rows: 30 % may be built on, or 60 %
)
def test_what_has_no_value_or_no_legend_leaves_doubt_only_where_it_could_tip_the_balance(
    tmp_path, unknown, verdict
):
    for cell in (0, 77):  # nothing there; a value that the legend does not hold
        cells = np.full((10, 10), 40, "uint8")
        cells[:unknown] = cell
        told = parcels_against(ledger(True), seen(tmp_path, [box(0, 0, 100, 100)], cells), WORLD)
        assert told["verdict"].tolist() == [verdict]


def test_the_results_of_a_zone_rest_on_sums_and_on_the_raster(tmp_path):
    zone, parcels = box(0, 0, 100, 100), [box(0, 0, 50, 50), box(50, 0, 100, 100)]
    found, cut = seen(tmp_path, [zone]), seen(tmp_path, parcels)
    about = About(WORLD, "r.tif sha256:abc", 2024)
    told = {each.code: each for each in zone_results(found, 0, about, (ledger(True, True), cut))}
    share = told["cover.worldcover.built_share"]
    assert share.value == pytest.approx(0.5, rel=1e-5)
    assert set(share.breakdown) == {"40_m2", "50_m2"}
    assert sum(share.breakdown.values()) == pytest.approx(found.whole_m2[0], rel=1e-9)
    assert {each.name: each.origin for each in share.inputs}["known"] == "r.tif sha256:abc"
    assert share.layer_versions == ("r.tif sha256:abc",)
    assert told["cover.worldcover.cropland_share"].value == pytest.approx(0.5, rel=1e-5)
    assert told["cover.worldcover.water_share"].value == 0
    groups = [code.split(".")[2] for code in told]
    assert groups[-1] == "difference"
    assert sum(told[f"cover.worldcover.{g}_share"].value for g in GROUPS) == pytest.approx(1, rel=1e-9)
    # 7 500 m² of parcels, all built by the ledger; the satellite sees 2 500 of them
    assert told["cover.worldcover.difference"].value == pytest.approx(-2 / 3, rel=1e-5)


def test_a_difference_that_cannot_be_told_says_what_is_lacking(tmp_path):
    found, about = seen(tmp_path, [box(0, 0, 100, 100)]), About(WORLD, "r.tif", 2024)
    none = zone_results(found, 0, about, None)[-1]
    assert (none.value, "no parcels" in none.reason) == (None, True)
    cut = seen(tmp_path, [box(0, 0, 50, 50), box(900, 0, 950, 50)])
    some = zone_results(found, 0, about, (ledger(None, True), cut))[-1]
    assert some.value is None
    assert "not given for 1 parcels" in some.reason
    assert "says nothing of 1 parcels" in some.reason
    assert {each.name: each.value for each in some.inputs}["ledger_built"] is None


def test_a_zone_of_which_the_raster_knows_less_than_half_is_not_told(tmp_path):
    results = zone_results(seen(tmp_path, [box(60, 0, 160, 100)]), 0, About(WORLD, "r.tif", 2024))
    assert {each.value for each in results} == {None}
    assert "40% of the zone only" in results[0].reason


def test_values_without_a_legend_are_counted_and_kept(tmp_path):
    cells = HALVES.copy()
    cells[0, :3] = 77
    found = seen(tmp_path, [box(0, 0, 100, 100)], cells)
    (fault,) = unknown_values(found, WORLD, "r.tif")
    assert "77 stands in 3.0 cells (0.0300 ha)" in fault.message
    assert 77 in found.value


@pytest.mark.parametrize("name", LEGENDS)
def test_every_legend_is_whole(name):
    table = legend(name).table
    assert not table.isna().any(axis=None)
    assert table.index.is_unique
    assert set(table["group"]) <= set(GROUPS)
    assert set(table["built"]) <= set(BUILT)
    assert set(table["status"]) <= {"verified", "unverified"}
    assert legend(name).built()
    assert set(legend(name).built()) <= set(legend(name).group("built_up"))


def test_corine_has_its_forty_four_classes():
    assert [v for v in legend("corine").table.index if v <= 44] == list(range(1, 45))


def test_an_unknown_legend_names_those_that_there_are():
    with pytest.raises(NoSuchCode, match="worldcover"):
        legend("worldcove")


def test_a_legend_of_ones_own(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("value,label,built,group\n3,耕地,no,cropland\n4,城镇,yes,built_up\n", "utf-8")
    own = own_legend(path)
    assert (own.name, own.built(), own.names(pd.Series([3])).tolist()) == ("own", [4], ["耕地"])


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("value,label,built\n1,a,yes\n", ColumnMissing, "group"),
        ("value,label,built,group\nx,a,yes,water\n", FileBroken, "row 2: value is 'x'"),
        (
            "value,label,built,group\n1,a,yes,water\n1,b,no,water\n",
            FileBroken,
            "row 3.*different in each row",
        ),
        ("value,label,built,group\n1,a,perhaps,water\n", FileBroken, "one of yes, no, mixed"),
        ("value,label,built,group\n1,a,yes,sea\n", FileBroken, "one of built_up"),
        ("", FileBroken, "Write a CSV in UTF-8"),
    ],
)
def test_a_legend_that_is_none_is_refused_with_its_row(tmp_path, text, kind, words):
    (tmp_path / "own.csv").write_text(text, "utf-8")
    with pytest.raises(kind, match=words):
        own_legend(tmp_path / "own.csv")
