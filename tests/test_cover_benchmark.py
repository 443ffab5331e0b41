"""The raster and the parcels on which land cover is timed, and how tables are compared."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from benchmarks import cover
from data.formats.raster import open_raster


def test_raster_and_parcels_are_what_the_table_says(tmp_path):
    raster, parcels = cover.make(tmp_path, side=300, count=40)
    with open_raster(raster) as made:
        cells, mask = made.read(0, 0, 300, 300)
        assert set(np.unique(cells)) == set(cover.CLASSES)
        assert mask.all()
    shapes = gpd.read_file(parcels)
    assert shapes["parcel_id"].is_unique
    assert shapes.geometry.is_valid.all()
    west, south, east, north = shapely.total_bounds(shapes.geometry.to_numpy())
    assert (west >= cover.WEST, north <= cover.NORTH) == (True, True)
    assert (east <= cover.WEST + 3000, south >= cover.NORTH - 3000) == (True, True)
    assert cover.make(tmp_path, side=300, count=40) == (raster, parcels)


def test_a_class_that_only_one_table_has_counts_with_its_share(tmp_path):
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    one.write_text("zone,class,share\nA,50,0.75\nA,40,0.25\n")
    other.write_text("zone,class,share\nA,50,1.0\n")
    assert cover.difference(one, one) == 0
    assert cover.difference(one, other) == pytest.approx(0.25)
