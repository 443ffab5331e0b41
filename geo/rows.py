"""The rows of a layer: their numbers as a person sees them, and other geometries for them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import CRS


def row_numbers(frame: pd.DataFrame, first_row: int) -> NDArray[np.int64]:
    """(n,) number of each row as a person sees it in the file.

    Parameters
    ----------
    frame : its index counts rows from 0, as readers leave it; an index of another kind counts nothing
    first_row : number of the first row

    >>> row_numbers(pd.DataFrame({"a": [1, 2]}, index=[0, 3]), 2).tolist()
    [2, 5]
    """
    index = frame.index.to_numpy()
    counted = index if index.dtype.kind in "iu" else np.arange(len(frame))
    return np.asarray(counted + first_row, dtype=np.int64)


def with_shapes(frame: gpd.GeoDataFrame, shapes: NDArray[np.object_], crs: CRS | None) -> gpd.GeoDataFrame:
    """The same rows with other geometries, in that CRS; no other column is copied."""
    name = frame.geometry.name
    bare = pd.DataFrame(frame.drop(columns=name))
    bare.insert(frame.columns.get_loc(name), name, gpd.array.from_shapely(shapes, crs=crs))
    return gpd.GeoDataFrame(bare, geometry=name, crs=crs)
