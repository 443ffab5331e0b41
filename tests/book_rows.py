"""Rows and a book that tests of the book share."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely

from data.book import new_book
from data.records import Source

NOW = datetime(2025, 3, 1, 8, 30, 15, 123456, tzinfo=UTC)


SAID = {"who": "Li Na", "when": NOW}


def source(name: str = "a") -> Source:
    return Source(f"{name}.gpkg", name * 64, "GPKG", "parcels", "utf-8")


def parcels(columns: int = 4, rows: int = 3, zone: str = "G411031", **more: object) -> geopandas.GeoDataFrame:
    """A grid of squares with a side of 0.001°, one of them in two pieces."""
    x, y = (part.ravel() for part in np.meshgrid(np.arange(columns), np.arange(rows)))
    shapes = shapely.box(113 + x * 0.001, 34 + y * 0.001, 113.0009 + x * 0.001, 34.0009 + y * 0.001)
    shapes[0] = shapely.union(
        shapely.box(113, 34, 113.0004, 34.0009), shapely.box(113.0005, 34, 113.0009, 34.0009)
    )
    n = len(shapes)
    said = {
        "parcel_id": [f"{i:05d}" for i in range(n)],
        "zone": zone,
        "land_class": ["0601" if i % 2 else "1001" for i in range(n)],
        "built": pd.array([True, False, None] * n, dtype="boolean")[:n],
        "floor_area_m2": [np.nan, *map(float, range(1, n))],
        "area_m2": 8_000.0,
    }
    return geopandas.GeoDataFrame({**said, **more}, geometry=shapes, crs=4490)


def enterprises(year: int, zones: tuple[str, ...] = ("G411031",)) -> pd.DataFrame:
    n = len(zones)
    return pd.DataFrame({
        "enterprise_id": [f"0{i}" for i in range(n)],
        "name": "某厂",
        "zone": list(zones),
        "year": year,
        "employees": pd.array([12] * n, dtype="Int64"),
        "above_scale": pd.array([True] * n, dtype="boolean"),
        "started_on": [date(2019, 5, 1)] * n,
        "tax_cny10k": [-3.5] * n,
    })


@pytest.fixture
def book(tmp_path: Path):
    with new_book(tmp_path / "mutan.gpkg") as made:
        yield made
