"""What became what: small rasters that can be counted by hand, zones, grids that are not the same."""

from __future__ import annotations

import runpy
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis.extra.numpy import arrays
from pyproj import CRS

from data.errors import LayerUnusable
from data.formats.raster import open_raster
from geo.areas import ellipsoidal_area_m2
from geo.cover import Polygons, change, change_in, crs_of, pair_of
from geo.cover.change import NOTHING, paired, split

TOYS = runpy.run_path(str(Path(__file__).parent / "toy_rasters.py"))
EAST, SOUTH, at, written = (TOYS[name] for name in ("EAST", "SOUTH", "at", "written"))
PLANE = CRS.from_epsg(4547)
PLACE = at(EAST, SOUTH + 20, 10, 10)
BEFORE = np.array([[1, 1, 0], [2, 2, 2]], "uint8")
AFTER = np.array([[1, 8, 8], [2, 8, 0]], "uint8")


def two(folder, before=BEFORE, after=AFTER, place=PLACE, later=None, epsg=4547):
    one = written(folder / "one.tif", before, 4547, place, nodata=0)
    return one, written(folder / "two.tif", after, epsg, later or place, nodata=0)


def told(paths, zones=None, **options):
    with open_raster(paths[0]) as first, open_raster(paths[1]) as second:
        crs = (crs_of(first), crs_of(second))
        with pair_of(first, second, crs, **options) as pair:
            return change(pair, crs[0]) if zones is None else change_in(pair, crs[0], Polygons(zones, PLANE))


def test_only_cells_that_both_years_know_are_compared(tmp_path):
    found = told(two(tmp_path))
    rows = {tuple(r) for r in found.table[["from_value", "to_value", "cells"]].itertuples(index=False)}
    assert rows == {(1, 1, 1), (1, 8, 1), (2, 2, 1), (2, 8, 1)}
    assert found.valid[["first_cells", "second_cells", "common_cells"]].iloc[0].tolist() == [5, 5, 4]
    cell = ellipsoidal_area_m2([shapely.box(EAST, SOUTH, EAST + 10, SOUTH + 10)], 4547)[0]
    assert found.matrix().loc[2, 8] == pytest.approx(cell / 10_000, rel=1e-6)
    assert found.matrix().loc[8, 2] == 0


def test_gross_and_net_of_each_class(tmp_path):
    classes = told(two(tmp_path)).by_class().set_index("value")
    cell = classes["kept_m2"][1]
    units = (classes / cell).round(6)
    assert units.loc[8, ["first_m2", "second_m2", "gain_m2", "loss_m2", "net_m2", "gross_m2"]].tolist() == [
        0, 2, 2, 0, 2, 2,
    ]  # fmt: skip
    assert units.loc[1, ["first_m2", "second_m2", "gain_m2", "loss_m2", "net_m2"]].tolist() == [
        2,
        1,
        0,
        1,
        -1,
    ]
    assert units["net_m2"].sum() == pytest.approx(0, abs=1e-6)


def test_zones_have_matrices_of_their_own_and_cells_on_the_boundary_are_shared(tmp_path):
    middle = EAST + 15
    zones = [
        shapely.box(EAST, SOUTH, middle, SOUTH + 20),
        shapely.box(middle, SOUTH, EAST + 30, SOUTH + 20),
        shapely.box(EAST + 900, SOUTH, EAST + 930, SOUTH + 20),
    ]
    whole, found = told(two(tmp_path)), told(two(tmp_path), zones)
    pairs = found.table.set_index(["zone", "from_value", "to_value"])["cells"]
    assert pairs[0, 1, 8] == pytest.approx(0.5)
    assert pairs[1, 1, 8] == pytest.approx(0.5)
    assert pairs[0, 1, 1] == pytest.approx(1)
    assert found.table["area_m2"].sum() == pytest.approx(whole.table["area_m2"].sum(), rel=1e-9)
    assert found.valid["common_m2"][:2].sum() == pytest.approx(whole.valid["common_m2"][0], rel=1e-9)
    assert "wholly outside" in found.reason[2]
    assert found.valid.loc[2].isna().all()


@given(before=arrays(np.int8, (7, 5)), after=arrays(np.int16, (7, 5)))
def test_counts_agree_with_plain_counting(before, after, tmp_path_factory):
    folder = tmp_path_factory.mktemp("any")
    one = written(folder / "one.tif", before, 4547, PLACE, nodata=-128)
    later = written(folder / "two.tif", after, 4547, PLACE, nodata=0)
    found = told((one, later))
    both = (before != -128) & (after != 0)
    plain = {}
    for pair in zip(before[both].tolist(), after[both].tolist(), strict=True):
        plain[pair] = plain.get(pair, 0) + 1
    rows = found.table[["from_value", "to_value", "cells"]].itertuples(index=False)
    assert {(a, b): n for a, b, n in rows} == plain
    assert found.valid["first_cells"][0] == (before != -128).sum()
    assert found.valid["second_cells"][0] == (after != 0).sum()


@given(arrays(np.int32, 20), arrays(np.int32, 20))
def test_a_pair_of_values_can_be_taken_apart_again(one, other):
    first, second = split(paired(one, other))
    assert first.tolist() == one.tolist()
    assert second.tolist() == other.tolist()


def test_the_class_zero_is_a_class_where_nothing_is_known_of_the_other_year(tmp_path):
    one = written(tmp_path / "one.tif", np.array([[5, 9]], "uint8"), 4547, PLACE, nodata=9)
    later = written(tmp_path / "two.tif", np.array([[0, 0]], "uint8"), 4547, PLACE, nodata=9)
    for found in (
        told((one, later)),
        told((one, later), [shapely.box(EAST, SOUTH + 10, EAST + 20, SOUTH + 20)]),
    ):
        assert found.valid[["first_cells", "second_cells", "common_cells"]].iloc[0].tolist() == [1, 2, 1]


def test_a_change_turned_round_is_the_matrix_turned_round(tmp_path):
    there = told(two(tmp_path)).matrix()
    back = told(two(tmp_path, AFTER, BEFORE)).matrix()
    assert np.allclose(there.to_numpy(), back.to_numpy().T)


def test_rasters_of_other_cells_are_refused_with_both_grids(tmp_path):
    paths = two(tmp_path, later=at(EAST + 3, SOUTH + 20, 10, 10))
    with pytest.raises(LayerUnusable, match=r"470000, 3850020 .*470003, 3850020 .*--align"):
        told(paths)
    with pytest.raises(LayerUnusable, match=r"CGCS2000 .*CM 117E"):
        told(two(tmp_path, epsg=4548))


def test_the_second_is_laid_on_the_cells_of_the_first_when_asked(tmp_path):
    straight = told(two(tmp_path)).table
    assert told(two(tmp_path, later=at(EAST + 3, SOUTH + 20, 10, 10)), align=True).table.equals(straight)
    fine = np.kron(AFTER, np.ones((2, 2), "uint8"))
    assert told(two(tmp_path, after=fine, later=at(EAST, SOUTH + 20, 5, 5)), align=True).table.equals(
        straight
    )


def test_beyond_a_raster_that_is_laid_on_another_nothing_is_known(tmp_path):
    paths = two(tmp_path, later=at(EAST + 10, SOUTH + 20, 10, 10))
    for nodata in (0, 77):
        with (
            open_raster(paths[0]) as first,
            open_raster(paths[1], nodata=nodata) as second,
            pair_of(first, second, (PLANE, PLANE), align=True) as pair,
        ):
            found = change(pair, PLANE)
        assert found.valid["second_cells"][0] == 4


def test_a_second_raster_without_a_tag_is_not_known_beyond_its_edge(tmp_path):
    one = written(tmp_path / "one.tif", BEFORE, 4547, PLACE, nodata=0)
    later = written(tmp_path / "two.tif", AFTER + 1, 4547, at(EAST + 10, SOUTH + 20, 10, 10))
    found = told((one, later), align=True)
    assert found.valid["second_cells"][0] == 4
    assert NOTHING not in found.table["to_value"].tolist()
