"""Class areas and amounts under polygons: cases worked by hand, properties, and an independent peer."""

from __future__ import annotations

import runpy
from pathlib import Path

import numpy as np
import pytest
import shapely
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS, Transformer

from data.errors import ColumnMissing, LayerUnusable
from data.formats.raster import Grid, open_raster
from geo.areas import ellipsoidal_area_m2
from geo.cover import CellAreas, class_areas, crs_of, statistics
from geo.cover.blocks import Blocks
from geo.cover.shapes import Polygons, laid_on
from geo.cover.zonal import as_classes, class_type, covered

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "cover.yaml").read_text("utf-8"))
PLANE = CRS.from_epsg(4547)
TOYS = runpy.run_path(str(Path(__file__).parent / "toy_rasters.py"))
EAST, SOUTH, at, toy, written = (TOYS[name] for name in ("EAST", "SOUTH", "at", "toy", "written"))


@pytest.fixture(scope="module")
def mosaic(tmp_path_factory):
    """60 x 60 cells of 10 m with the classes 1 to 9, a tenth of them without a value; blocks of 16 x 16."""
    cells = np.random.default_rng(7).integers(0, 10, (60, 60)).astype("uint8")
    place = at(EAST, SOUTH + 600, 10, 10)
    path = tmp_path_factory.mktemp("cover") / "mosaic.tif"
    return written(path, cells, 4547, place, nodata=0, tiled=True, blockxsize=16, blockysize=16)


def measured(path, shapes, crs=PLANE, **options):
    with open_raster(path, **options) as raster:
        return class_areas(shapes, crs, raster, crs_of(raster))


def closes(found):
    whole = found.known_m2 + found.nodata_m2 + found.outside_m2
    return np.allclose(whole, found.whole_m2, rtol=1e-9, atol=0)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["about"])
def test_a_case_worked_by_hand(case, tmp_path):
    path = toy(tmp_path)
    west, south, east, north = case["box"]
    box = shapely.box(EAST + west, SOUTH + south, EAST + east, SOUTH + north)
    found = measured(path, [box], nodata=case.get("nodata", 0))
    shares = dict(zip(found.value.tolist(), (found.area_m2 / found.whole_m2[0]).tolist(), strict=True))
    assert shares == pytest.approx(case["shares"], rel=1e-5)
    assert found.cells[0] == pytest.approx(case["cells"], rel=1e-6)
    assert found.outside_m2[0] / found.whole_m2[0] == pytest.approx(case.get("outside", 0), abs=1e-7)
    assert found.nodata_m2[0] / found.whole_m2[0] == pytest.approx(case.get("without_value", 0), abs=1e-6)
    assert closes(found)
    with open_raster(path, nodata=case.get("nodata", 0)) as raster:
        told = statistics([box], PLANE, raster, PLANE, list(case["amounts"])).iloc[0]
    assert told[list(case["amounts"])].to_dict() == pytest.approx(case["amounts"], rel=1e-5)
    known = (1 - case.get("outside", 0)) * (1 - case.get("without_value", 0))
    assert told["known_share"] == pytest.approx(known, rel=1e-5)


def test_a_class_has_the_area_of_its_cells_on_the_ellipsoid(tmp_path):
    cell = shapely.box(EAST + 10, SOUTH + 10, EAST + 20, SOUTH + 20)
    found = measured(toy(tmp_path), [shapely.box(EAST, SOUTH, EAST + 30, SOUTH + 30)], nodata=0)
    assert found.area_m2[found.value == 5][0] == pytest.approx(ellipsoidal_area_m2([cell], 4547)[0], rel=1e-6)


def test_a_northern_cell_of_a_raster_in_degrees_counts_less(tmp_path):
    path = written(tmp_path / "d.tif", np.array([[1], [2]], "uint8"), 4490, at(113, 60, 30, 30))
    with open_raster(path, nodata=0) as raster:
        areas = CellAreas(raster.grid, crs_of(raster)).read(0, 0, 2, 1)[:, 0]
    # zones of the ellipsoid: the share of the sphere's is sin 60° - sin 30° to sin 30°
    assert areas[0] / areas[1] == pytest.approx(0.732, rel=0.01)
    found = measured(path, [shapely.box(113, 0, 143, 60)], CRS.from_epsg(4490), nodata=0)
    assert found.area_m2[0] / found.area_m2[1] == pytest.approx(areas[0] / areas[1], rel=1e-9)


@pytest.mark.parametrize("epsg", [4547, 32649, 3857, 3035])
def test_the_cells_of_a_plane_have_the_area_that_the_ellipsoid_gives_them(epsg):
    crs = CRS.from_epsg(epsg)
    x, y = Transformer.from_crs(4490, crs, always_xy=True).transform(113.4, 34.7)
    grid = Grid(4000, 3000, round(x, -2), round(y, -2), 10.0, 10.0)
    got = CellAreas(grid, crs).read(1111, 2222, 700, 800)
    for row, column in ((0, 0), (699, 799), (333, 444)):
        left, top = grid.west + (2222 + column) * 10, grid.north - (1111 + row) * 10
        true = ellipsoidal_area_m2([shapely.box(left, top - 10, left + 10, top)], crs)[0]
        assert got[row, column] == pytest.approx(true, rel=1e-6)


def polygons(size):
    """Star-shaped polygons on and around a square of that many metres."""
    corner = st.tuples(st.floats(0, 6.28), st.floats(0.2, 1.0))
    return st.tuples(
        st.floats(-0.2 * size, 1.2 * size),
        st.floats(-0.2 * size, 1.2 * size),
        st.floats(0.02 * size, 0.7 * size),
        st.lists(corner, min_size=3, max_size=9, unique_by=lambda each: round(each[0], 2)),
    ).map(
        lambda said: shapely.Polygon([
            (EAST + said[0] + said[2] * r * np.cos(a), SOUTH + said[1] + said[2] * r * np.sin(a))
            for a, r in sorted(said[3])
        ])
    )


@given(shapes=st.lists(polygons(600.0), min_size=1, max_size=6), side=st.sampled_from([3, 7, 16, 41]))
def test_windows_read_piece_by_piece_give_what_the_whole_gives_and_all_sums_close(shapes, side, mosaic):
    with open_raster(mosaic) as raster:
        crs = crs_of(raster)
        laid = laid_on(raster.grid, "mosaic", crs, Polygons(shapes, PLANE))
        blocks = Blocks(raster, lambda values, mask: as_classes(raster, values, mask), kept_bytes=side**2 * 8)
        blocks.rows, blocks.columns = side, side
        pieces = covered(laid, blocks, crs, class_type(raster.dtype))
        whole = class_areas(shapes, PLANE, raster, crs)
    assert pieces.value.tolist() == whole.value.tolist()
    assert np.allclose(pieces.area_m2, whole.area_m2, rtol=1e-12)
    told = whole.reason == ""
    sums = whole.known_m2 + whole.nodata_m2 + whole.outside_m2
    assert np.allclose(sums[told], whole.whole_m2[told], rtol=1e-9, atol=0)


@given(order=st.permutations(range(5)))
def test_the_order_of_polygons_changes_nothing(order, mosaic):
    shapes = np.array([
        shapely.box(EAST + 90 * i, SOUTH + 50 * i, EAST + 90 * i + 77, SOUTH + 300) for i in range(5)
    ])
    straight, mixed = measured(mosaic, shapes), measured(mosaic, shapes[list(order)])
    for new, old in enumerate(order):
        assert mixed.part(new, new + 1).area_m2.tolist() == straight.part(old, old + 1).area_m2.tolist()
        assert mixed.part(new, new + 1).value.tolist() == straight.part(old, old + 1).value.tolist()


@given(part=st.floats(0.05, 0.95))
def test_cutting_a_polygon_in_two_changes_no_class(part, mosaic):
    west, south, east, north = EAST + 11, SOUTH + 23, EAST + 555, SOUTH + 444
    middle = west + part * (east - west)
    halves = [shapely.box(west, south, middle, north), shapely.box(middle, south, east, north)]
    whole = measured(mosaic, [shapely.box(west, south, east, north)])
    parts = measured(mosaic, halves)
    summed = np.bincount(parts.value, parts.area_m2, 10)[whole.value]
    assert np.allclose(summed, whole.area_m2, rtol=1e-5)


def test_polygons_in_another_crs_are_moved_with_their_edges(mosaic):
    box = shapely.box(EAST + 50, SOUTH + 50, EAST + 450, SOUTH + 350)
    move = Transformer.from_crs(4547, 4490, always_xy=True).transform
    degrees = shapely.transform(shapely.segmentize(box, 5), move, interleaved=False)
    here, there = measured(mosaic, [box]), measured(mosaic, [degrees], CRS.from_epsg(4490))
    assert np.allclose(here.area_m2, there.area_m2, rtol=1e-4)


def test_what_cannot_be_told_has_a_reason_and_no_number(mosaic):
    bow = shapely.Polygon([(EAST, SOUTH), (EAST + 50, SOUTH + 50), (EAST + 50, SOUTH), (EAST, SOUTH + 50)])
    far = shapely.box(EAST + 9000, SOUTH, EAST + 9100, SOUTH + 100)
    found = measured(
        mosaic, [bow, far, None, shapely.Point(EAST, SOUTH), shapely.box(EAST, SOUTH, EAST + 9, SOUTH + 9)]
    )
    assert [bool(said) for said in found.reason] == [True, True, True, True, False]
    assert "Correct its outline" in found.reason[0]
    assert "wholly outside of mosaic.tif" in found.reason[1]
    assert np.isnan(found.known_m2[:4]).all()
    assert np.isnan(found.nodata_m2[:4]).all()
    assert found.outside_m2[1] == found.whole_m2[1]
    assert found.majority.isna().tolist() == [True, True, True, True, False]


def test_the_majority_is_the_class_with_the_largest_area(tmp_path):
    shapes = [
        shapely.box(EAST + 1, SOUTH + 12, EAST + 28, SOUTH + 18),
        shapely.box(EAST + 7, SOUTH + 10, EAST + 12, SOUTH + 20),
    ]
    assert measured(toy(tmp_path), shapes, nodata=0).majority.tolist() == [5, 4]


def test_an_amount_is_no_class(tmp_path):
    path = written(tmp_path / "f.tif", np.array([[1.0, 2.5]], "float32"), 4547, at(EAST, SOUTH + 10, 10, 10))
    with pytest.raises(LayerUnusable, match=r"holds 2\.5, which is no class"):
        measured(path, [shapely.box(EAST, SOUTH, EAST + 20, SOUTH + 10)])


def test_whole_numbers_in_a_float_raster_are_classes_and_nan_holds_nothing(tmp_path):
    cells = np.array([[50.0, np.nan]], "float32")
    path = written(tmp_path / "f.tif", cells, 4547, at(EAST, SOUTH + 10, 10, 10))
    found = measured(path, [shapely.box(EAST, SOUTH, EAST + 20, SOUTH + 10)])
    assert found.value.tolist() == [50]
    assert found.nodata_m2[0] == pytest.approx(found.whole_m2[0] / 2)


def test_an_operation_that_is_none_is_named(tmp_path):
    with open_raster(toy(tmp_path)) as raster, pytest.raises(ColumnMissing, match="weighted_mean"):
        statistics([], PLANE, raster, PLANE, ["weighted_mean"])


def test_weights_on_cells_that_do_not_fit_are_refused(tmp_path):
    other = written(tmp_path / "w.tif", np.ones((2, 2), "float32"), 4547, at(EAST + 3, SOUTH + 33, 15, 15))
    box = [shapely.box(EAST, SOUTH, EAST + 30, SOUTH + 30)]
    refused = pytest.raises(LayerUnusable, match=r"do not fit each other.*3 x 3 cells")
    with open_raster(toy(tmp_path)) as raster, open_raster(other) as weights, refused:
        statistics(box, PLANE, raster, PLANE, ["weighted_mean"], weights)
