"""Extracting (提取): exactextract fed with our windows and polygons, and its answers as arrays.

exactextract tells, exactly, which part of each cell a polygon covers. Its own readers open a window of the
file for each polygon and pass polygons as JSON; these hand it tiles that are kept, and WKB.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import numpy as np
import shapely
from exactextract import Operation, exact_extract
from exactextract.feature import Feature, FeatureSource
from exactextract.raster import RasterSource
from exactextract.writer import Writer
from numpy.typing import NDArray

from data.errors import LayerUnusable
from data.formats.raster import Grid

CELLS_AT_ONCE = 1 << 21
"""A polygon that covers more cells is cut into pieces of that many, and the pieces are summed."""

_BATCH = 1 << 12


class Readable(Protocol):
    """Anything that gives windows of a grid."""

    def read(self, row: int, column: int, rows: int, columns: int) -> NDArray[Any]:
        """The window."""


class Source(RasterSource):
    """Windows of a grid, as exactextract asks for them."""

    def __init__(self, name: str, grid: Grid, windows: Readable, dtype: Any = np.float64):
        super().__init__()
        self.set_name(name)
        self.grid, self.windows, self.dtype = grid, windows, dtype

    def res(self) -> tuple[float, float]:
        """Size of a cell."""
        return self.grid.dx, self.grid.dy

    def extent(self) -> tuple[float, float, float, float]:
        """West, south, east, north."""
        return self.grid.bounds

    def nodata_value(self) -> None:
        """None: what means nothing is masked, or a class of its own."""

    def srs_wkt(self) -> None:
        """None: everything is in one CRS already."""

    def read_window(self, x0: int, y0: int, nx: int, ny: int) -> NDArray[Any]:
        """The window; exactextract asks for an empty one to learn the type."""
        if not nx * ny:
            return np.empty((ny, nx), self.dtype)
        return self.windows.read(y0, x0, ny, nx)


class _Polygon(Feature):
    def __init__(self, wkb: bytes = b""):
        super().__init__()
        self.wkb = wkb
        self.told: dict[str, Any] = {}

    def geometry(self) -> bytes:
        return self.wkb

    def set(self, name: str, value: Any) -> None:
        self.told[name] = value

    def get(self, name: str) -> Any:
        return self.told[name]

    def fields(self) -> list[str]:
        return []

    def set_geometry(self, wkb: Any) -> None:
        """Nothing: the answers are kept without it."""

    def set_geometry_format(self) -> str:
        return "wkb"


class _Polygons(FeatureSource):
    def __init__(self, shapes: NDArray[np.object_]):
        super().__init__()
        self.shapes = shapes

    def count(self) -> int:
        return len(self.shapes)

    def __iter__(self) -> Iterator[_Polygon]:
        for start in range(0, len(self.shapes), _BATCH):
            for wkb in shapely.to_wkb(self.shapes[start : start + _BATCH], output_dimension=2):
                yield _Polygon(wkb)

    def srs_wkt(self) -> None:
        return None


class _Kept(Writer):
    def __init__(self, names: Sequence[str]):
        super().__init__()
        self.told: dict[str, list[Any]] = {name: [] for name in names}

    def add_operation(self, operation: Any) -> None:
        """Nothing: the names are known."""

    def write(self, feature: Any) -> None:
        one = _Polygon()
        feature.copy_to(one)
        for name, kept in self.told.items():
            kept.append(one.told.get(name))

    def features(self) -> dict[str, list[Any]]:
        return self.told


def extract(
    shapes: NDArray[np.object_], asked: Sequence[tuple[str, str, Source, Source | None]]
) -> dict[str, list[Any]]:
    """What exactextract says of each polygon, in their order: name -> (n,) answers.

    Parameters
    ----------
    shapes : (n,) valid polygons that meet the grid
    asked : operation of exactextract, name of the answer, values, weights

    Raises
    ------
    LayerUnusable : values and weights lie on grids that do not fit each other
    """
    names = [name for _, name, _, _ in asked]
    if not len(shapes):
        return {name: [] for name in names}
    operations = [Operation(kind, name, values, weights) for kind, name, values, weights in asked]
    try:
        told: dict[str, list[Any]] = exact_extract(
            [asked[0][2]],
            _Polygons(shapes),
            operations,
            output=_Kept(names),
            max_cells_in_memory=CELLS_AT_ONCE,
        )
    except RuntimeError as odd:
        grids = {str(source.grid) for each in asked for source in each[2:] if isinstance(source, Source)}
        raise LayerUnusable(
            f"The two rasters do not fit each other ({odd}): {'; '.join(sorted(grids))}. "
            "Warp one onto the other first (gdalwarp -tr … -te …)."
        ) from odd
    return told
