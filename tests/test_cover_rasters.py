"""Rasters as people have them: no tag, no CRS, turned, upside down, masked, broken, hostile, too large."""

from __future__ import annotations

import runpy
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from pyproj import CRS
from rasterio.enums import ColorInterp
from rasterio.errors import NotGeoreferencedWarning
from rasterio.transform import Affine

from data.errors import CrsMissing, FileBroken, FileTooLarge, FileUnusable, FormatUnknown
from data.formats import raster_checks
from data.formats.raster import open_raster
from data.formats.raster_checks import fingerprint
from geo.cover import class_areas, crs_of
from geo.cover.blocks import Blocks, tile_shape

TOYS = runpy.run_path(str(Path(__file__).parent / "toy_rasters.py"))
EAST, SOUTH, at, toy, written = (TOYS[name] for name in ("EAST", "SOUTH", "at", "toy", "written"))
PLANE = CRS.from_epsg(4547)
WHOLE = shapely.box(EAST, SOUTH, EAST + 30, SOUTH + 30)
NINE = np.arange(1, 10, dtype="uint8").reshape(3, 3)
PLACE = at(EAST, SOUTH + 30, 10, 10)


def values(path, **options):
    with open_raster(path, **options) as raster:
        return class_areas([WHOLE], PLANE, raster, crs_of(raster, "EPSG:4547"))


def refused(path, kind, words, **options):
    with pytest.raises(kind, match=words), open_raster(path, **options):
        pass


def test_a_raster_without_a_nodata_tag_counts_all_cells_and_says_so(tmp_path):
    with open_raster(toy(tmp_path)) as raster:
        assert [fault.code for fault in raster.faults] == ["raster_without_nodata"]
    with open_raster(toy(tmp_path), nodata=9) as raster:
        assert raster.faults == ()
    assert values(toy(tmp_path)).value.tolist() == list(range(1, 10))
    assert values(toy(tmp_path), nodata=9).value.tolist() == list(range(1, 9))


def test_a_chosen_nodata_wins_over_the_tag(tmp_path):
    path = toy(tmp_path, nodata=1)
    assert values(path).value.tolist() == list(range(2, 10))
    assert values(path, nodata=2).value.tolist() == [1, *range(3, 10)]


def test_a_nodata_that_the_type_cannot_hold_is_refused(tmp_path):
    refused(toy(tmp_path), FileUnusable, "uint8, which is never -9999", nodata=-9999)


def test_a_raster_without_crs_says_what_it_looks_like(tmp_path):
    path = written(tmp_path / "bare.tif", NINE, None, at(38_470_000, SOUTH + 30, 10, 10))
    with open_raster(path) as raster:
        with pytest.raises(CrsMissing, match=r"EPSG:4526[\s\S]*--raster-crs"):
            crs_of(raster)
        assert crs_of(raster, "4526").to_epsg() == 4526
        with pytest.raises(CrsMissing, match="gcj02"):
            crs_of(raster, "gcj02")


@pytest.mark.parametrize("kind", ["int8", "int16", "uint16", "int32", "uint32", "float32", "float64"])
def test_every_kind_of_number_gives_the_same_classes(tmp_path, kind):
    path = written(tmp_path / "a.tif", NINE.astype(kind), 4547, PLACE, nodata=3)
    found = values(path)
    assert found.value.tolist() == [1, 2, 4, 5, 6, 7, 8, 9]
    assert found.nodata_m2[0] == pytest.approx(found.whole_m2[0] / 9, rel=1e-5)


def test_negative_classes_are_classes(tmp_path):
    path = written(tmp_path / "a.tif", -NINE.astype("int8"), 4547, PLACE, nodata=-128)
    assert values(path).value.tolist() == list(range(-9, 0))


def test_south_up_rasters_lie_where_they_lie(tmp_path):
    upside = written(tmp_path / "up.tif", NINE[::-1], 4547, Affine(10, 0, EAST, 0, 10, SOUTH))
    corner = shapely.box(EAST, SOUTH + 20, EAST + 10, SOUTH + 30)
    for path in (upside, toy(tmp_path)):
        with open_raster(path) as raster:
            assert class_areas([corner], PLANE, raster, PLANE).value.tolist() == [1]
            assert raster.read(2, 0, 1, 3)[0].tolist() == [[7, 8, 9]]


@pytest.mark.parametrize(
    "transform", [Affine(10, 1, EAST, 1, -10, SOUTH), Affine(-10, 0, EAST, 0, -10, SOUTH)]
)
def test_turned_and_mirrored_rasters_are_refused_with_the_remedy(tmp_path, transform):
    refused(written(tmp_path / "t.tif", NINE, 4547, transform), FileUnusable, "gdalwarp -r near")


def test_a_raster_that_lies_nowhere_is_refused(tmp_path):
    with pytest.warns(NotGeoreferencedWarning):
        path = written(tmp_path / "n.tif", NINE, None, Affine.identity())
    refused(path, FileUnusable, "does not say where")


def test_of_several_bands_one_must_be_chosen(tmp_path):
    path = written(tmp_path / "b.tif", np.stack([NINE, NINE + 10]), 4547, PLACE)
    refused(path, FileUnusable, r"has 2 bands: 1 .*Choose one with --band")
    refused(path, FileUnusable, "has no band 3", band=3)
    assert values(path, band=2).value.tolist() == list(range(11, 20))


def test_an_alpha_band_says_which_cells_hold_something(tmp_path):
    alpha = np.where(NINE > 6, 0, 255).astype("uint8")
    path = written(tmp_path / "a.tif", np.stack([NINE, alpha]), 4547, PLACE)
    with rasterio.open(path, "r+") as made:
        made.colorinterp = [ColorInterp.gray, ColorInterp.alpha]
    with open_raster(path) as raster:
        assert raster.masked
        assert raster.faults == ()
    assert values(path).value.tolist() == [1, 2, 3, 4, 5, 6]


def test_a_mask_says_which_cells_hold_something(tmp_path):
    path = toy(tmp_path)
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True), rasterio.open(path, "r+") as made:
        made.write_mask(NINE < 3)
    assert values(path).value.tolist() == [1, 2]


def test_a_colour_table_changes_no_value(tmp_path):
    path = toy(tmp_path, photometric="palette")
    with rasterio.open(path, "r+") as made:
        made.write_colormap(1, {i: (i, 0, 0, 255) for i in range(10)})
    assert values(path).value.tolist() == list(range(1, 10))


@pytest.mark.parametrize(
    "address", ["/vsicurl/http://127.0.0.1/a.tif", "http://127.0.0.1/a.tif", "/vsizip/a.zip/a.tif"]
)
def test_an_address_is_no_file(address):
    refused(address, FileUnusable, "is an address")


def test_a_virtual_raster_is_refused_whatever_its_name(tmp_path):
    text = '<VRTDataset rasterXSize="3"><SourceFilename>/etc/passwd</SourceFilename></VRTDataset>'
    for name in ("a.vrt", "a.tif", "a.img", "a.asc"):
        (tmp_path / name).write_text(text)
        refused(tmp_path / name, FormatUnknown, "look like an XML document")


def test_broken_files_are_said_so(tmp_path):
    whole = toy(tmp_path).read_bytes()
    (tmp_path / "empty.tif").write_bytes(b"")
    refused(tmp_path / "empty.tif", FileBroken, "0 bytes")
    (tmp_path / "cut.tif").write_bytes(whole[:60])
    refused(tmp_path / "cut.tif", FileBroken, "copy it again")
    refused(tmp_path / "none.tif", FileUnusable, "There is no file")
    (tmp_path / "words.txt").write_text("1 2 3")
    refused(tmp_path / "words.txt", FormatUnknown, "save it as GeoTIFF")


def test_a_file_cut_off_within_its_cells_is_broken_when_they_are_read(tmp_path):
    cells = np.random.default_rng(1).integers(0, 200, (300, 300)).astype("uint8")
    path = written(tmp_path / "r.tif", cells, 4547, PLACE, compress="deflate")
    path.write_bytes(path.read_bytes()[:-40_000])
    with pytest.raises(FileBroken, match=r"r\.tif"), open_raster(path) as raster:
        raster.read(0, 0, 300, 300)


def test_limits_are_said(tmp_path, monkeypatch):
    monkeypatch.setattr(raster_checks, "CELLS", 8)
    refused(toy(tmp_path), FileTooLarge, "3 x 3 cells")
    monkeypatch.setattr(raster_checks, "CELLS", 9)
    monkeypatch.setattr(raster_checks, "BLOCK_BYTES", 8)
    refused(toy(tmp_path), FileTooLarge, "TILED=YES")


def test_a_huge_file_is_named_by_its_size_and_its_ends(tmp_path, monkeypatch):
    path = tmp_path / "huge.tif"
    path.write_bytes(b"a" * 3_000_000)
    whole = fingerprint(path)
    assert whole.startswith("sha256:")
    monkeypatch.setattr(raster_checks, "WHOLE_HASH_BYTES", 1_000_000)
    ends = fingerprint(path)
    assert ends.startswith("sha256-of-ends:")
    path.write_bytes(b"a" * 3_000_001)
    assert fingerprint(path) not in {whole, ends}


def test_an_ascii_grid_is_read(tmp_path):
    rows = "\n".join(" ".join(str(v) for v in row) for row in NINE)
    head = f"ncols 3\nnrows 3\nxllcorner {EAST}\nyllcorner {SOUTH}\ncellsize 10\nNODATA_value -9999\n"
    (tmp_path / "a.asc").write_text(f"{head}{rows}\n")
    assert values(tmp_path / "a.asc").value.tolist() == list(range(1, 10))


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """36 MB of cells, in strips of the whole width, as many programs write them."""
    path = tmp_path_factory.mktemp("large") / "large.tif"
    about = {"driver": "GTiff", "count": 1, "height": 6000, "width": 6000, "dtype": "uint8", "nodata": 0}
    place = at(EAST, SOUTH + 60_000, 10, 10)
    with rasterio.open(path, "w", crs="EPSG:4547", transform=place, compress="deflate", **about) as made:
        for row in range(0, 6000, 500):
            cells = np.full((500, 6000), row // 500 + 1, "uint8")
            made.write(cells, 1, window=rasterio.windows.Window(0, row, 6000, 500))
    return path


def test_a_polygon_larger_than_memory_is_cut_into_pieces(large):
    with open_raster(large) as raster:
        tracemalloc.start()
        found = class_areas([shapely.box(EAST, SOUTH, EAST + 60_000, SOUTH + 60_000)], PLANE, raster, PLANE)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert found.value.tolist() == list(range(1, 13))
    assert found.cells[0] == pytest.approx(36e6, rel=1e-6)
    assert peak < 200e6  # as numbers of eight bytes, all cells would be 288 MB


def test_small_polygons_read_each_tile_once_whatever_their_order(large):
    rng = np.random.default_rng(5)
    x, y = EAST + rng.uniform(0, 59_000, 300), SOUTH + rng.uniform(0, 59_000, 300)
    bounds = np.c_[x, y, x + 200, y + 200]
    with open_raster(large) as raster:
        blocks = Blocks(raster, lambda cells, mask: cells, kept_bytes=20 << 20)
        for i in blocks.order(bounds):
            west, _, _, north = bounds[i]
            row, column = int((raster.grid.north - north) / 10), int((west - raster.grid.west) / 10)
            assert (blocks.read(row, column, 20, 20)[0] == row // 500 + 1).all()
        rows, columns = tile_shape(raster)
        assert columns == 6000
        assert blocks.reads <= -(-6000 // rows) * 1.2
