"""Land, parks and water of a real hi-tech zone (无锡高新区) in cells of 250 m, held against known figures.

The authors measured in the plane of UTM 50N, east of whose own six degrees the zone lies.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely

from api.overlays import overlay_files
from data import formats
from geo.areas import ellipsoidal_area_m2

pytestmark = pytest.mark.real

UTM = "EPSG:32650"
PLANE_OVER_ELLIPSOID = 236.461447 / 236.034


@pytest.fixture(scope="module")
def folder(real):
    return real / "zone_wuxi_xinwu"


@pytest.fixture(scope="module")
def cells(folder):
    """The grid of 250 m."""
    return formats.read(folder / "xinwu_grid_250m.gpkg").frame


@pytest.fixture(scope="module")
def overlaid(folder):
    """Area of each class in each cell, by the command's own function."""
    told = overlay_files(
        folder / "xinwu_land_use.gpkg", folder / "xinwu_grid_250m.gpkg", by="Class", zone="grid_id_main"
    )
    return told.to_pandas()


def test_the_overlay_of_land_and_grid_loses_no_area(folder, overlaid, cells):
    land = formats.read(folder / "xinwu_land_use.gpkg").frame
    outline = shapely.union_all(cells.geometry.to_numpy())
    whole = ellipsoidal_area_m2(land.geometry, UTM)
    beyond = shapely.difference(land.geometry.to_numpy(), outline)  # 45 slivers that the clip left
    assert shapely.area(beyond).sum() == pytest.approx(11.336, abs=0.001)
    lost = np.nansum(ellipsoidal_area_m2(beyond, UTM))
    assert overlaid["area_m2"].sum() + lost == pytest.approx(whole.sum(), rel=1e-9)


@pytest.fixture(scope="module")
def published(folder, cells):
    """What the authors of the layers found in each cell, in the plane: parks_green_m2, water_area_m2."""
    known = formats.read(folder / "xinwu_built_env_250m.gpkg", layer="built_env_250m").frame
    known = known.set_index("grid_id_main").reindex(cells["grid_id_main"])
    return known.set_index(known.index.astype(str))[["parks_green_m2", "water_area_m2"]]


@pytest.fixture(scope="module")
def smaller(cells):
    """By how much each cell is smaller on the ellipsoid than in the plane."""
    return ellipsoidal_area_m2(cells.geometry, UTM) / cells["cell_area_m2"].to_numpy()


def in_cells(table, published):
    """(cells,) area in each cell, nought where the table has none."""
    return table.groupby("zone")["area_m2"].sum().reindex(published.index).fillna(0).to_numpy()


def test_parks_in_each_cell_are_what_the_authors_of_the_layer_found(folder, published, overlaid, smaller):
    known = published["parks_green_m2"].to_numpy()
    files = folder / "xinwu_land_use.gpkg", folder / "xinwu_grid_250m.gpkg"
    flat = overlay_files(*files, by="Class", zone="grid_id_main", area="plane").to_pandas()
    parks = in_cells(flat[flat["class"] == "10"], published)
    assert parks == pytest.approx(known, abs=1e-6)
    assert parks.sum() == pytest.approx(18_218_522.281, abs=0.001)
    ours = in_cells(overlaid[overlaid["class"] == "10"], published)
    assert ours == pytest.approx(known * smaller, rel=1e-5, abs=0.3)
    assert ours.sum() == pytest.approx((known * smaller).sum(), rel=1e-6)


def test_water_in_each_cell_counts_what_overlaps_twice(folder, published, smaller, mutan, tmp_path):
    known = published["water_area_m2"].to_numpy()
    files = folder / "xinwu_water_osm.gpkg", folder / "xinwu_grid_250m.gpkg"
    words = ("overlay", *files, "--by", "natural", "--zone", "grid_id_main")
    assert mutan(*words, "--area", "plane", "-o", tmp_path / "plane.parquet").status == 0
    flat = in_cells(pd.read_parquet(tmp_path / "plane.parquet"), published)
    assert flat == pytest.approx(known, abs=1e-6)
    assert flat.sum() == pytest.approx(21_391_708.980, abs=0.001)
    assert mutan(*words, "-o", tmp_path / "water.parquet").status == 0
    ours = in_cells(pd.read_parquet(tmp_path / "water.parquet"), published)
    assert ours.sum() == pytest.approx((known * smaller).sum(), rel=1e-6)


def test_the_plane_is_larger_than_the_ellipsoid_by_what_is_known_of_it(folder, mutan, overlaid, tmp_path):
    files = folder / "xinwu_land_use.gpkg", folder / "xinwu_grid_250m.gpkg"
    words = ("overlay", *files, "--by", "Class", "--zone", "grid_id_main", "--area", "plane")
    said = mutan(*words, "-o", tmp_path / "plane.csv")
    assert "in the plane of EPSG:32650, not on the ellipsoid" in said.err
    ratio = pd.read_csv(tmp_path / "plane.csv")["area_m2"].sum() / overlaid["area_m2"].sum()
    assert ratio == pytest.approx(PLANE_OVER_ELLIPSOID, abs=2e-5)
