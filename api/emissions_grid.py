"""The grid of emissions (碳排放网格): tonnes and tonnes per mu of each cell, ready to be written.

The sum of the first band is what has a place on the map, to the rounding of its float64; cells that neither
the zone nor anything placed touches hold nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from pyproj import CRS

from api.emissions import Emissions
from data.errors import CrsMissing
from data.formats.raster import Grid
from data.formats.raster_writing import Band, write_cog
from data.records import Fault
from data.units import m2_to_mu
from geo.cover import CellAreas, Polygons
from geo.cover.gridding import CELL_M, MOST_CELLS, grid_over, plane_of
from geo.cover.spreading import footprint
from geo.crs import choose

DEGREES = CRS.from_epsg(4490)
METHOD = "scopes 1 and 2 by place; enterprises on their parcels by area, the zone's own on built land"
NAMED = 20  # enterprises without a place that the file names


@dataclass(frozen=True)
class EmissionGrid:
    """A grid of emissions.

    Parameters
    ----------
    grid, plane : its cells, and the CRS in which they are squares
    bands : tonnes of a cell, tonnes per mu of it, and whether an emitter in it is not told in full
    tags : what the file says of itself
    totals : as `Emissions.totals`, with `grid_tco2e`, the sum over the cells
    """

    grid: Grid
    plane: CRS
    bands: tuple[Band, ...]
    tags: dict[str, str]
    totals: dict[str, Any]
    faults: tuple[Fault, ...]

    def write(self, path: Path) -> None:
        """Write it as a Cloud Optimized GeoTIFF.

        Raises
        ------
        FileUnusable : another suffix, or a place that cannot be written
        """
        write_cog(path, self.bands, self.grid, self.plane.to_wkt(), self.tags)

    def as_json(self) -> dict[str, Any]:
        """What was made, without the cells."""
        return {
            "crs": ":".join(self.plane.to_authority() or (self.plane.name,)),
            "grid": str(self.grid),
            "bands": [{"description": band.description, "unit": band.unit} for band in self.bands],
            **self.totals,
            "faults": [fault.as_json() for fault in self.faults],
        }


def emission_grid(
    told: Emissions, cell: float = CELL_M, *, crs: str | None = None, most: int = MOST_CELLS, notice: str = ""
) -> EmissionGrid:
    """Emissions spread on a grid.

    Parameters
    ----------
    told : what lies where
    cell : side of a cell, metres
    crs : a plane in metres; None: the CGCS2000 belt of the zone
    most : cells that the grid may have
    notice : a remark that the file carries, such as that the data is made up

    Raises
    ------
    LayerUnusable : the cell is no length, or there would be too many
    CrsMissing : the CRS is no plane in metres
    """
    zone = told.zone["geometry"]
    plane = _plane(crs) if crs else plane_of([zone])
    shapes = np.append(np.asarray(told.parcels.geometry.array, dtype=object), zone)
    values = np.append(told.parcels["known"].to_numpy(np.float64), told.over_zone)
    unknown = told.parcels["emitter"] & told.parcels["tco2e"].isna()
    over = bool(told.own["lost"]) and not told.parcels["built"].fillna(False).any()
    lost = np.append(unknown.to_numpy(bool), over)
    some = (values != 0) | lost
    some[-1] = True  # the zone itself, which says where the grid holds something
    grid = grid_over(shapes[some], DEGREES, plane, cell, most=most)
    laid = footprint(Polygons(shapes[some], DEGREES), grid, plane)
    made = laid.spread(values[some])
    held = laid.covered()
    area = CellAreas(grid, plane).read(0, 0, grid.height, grid.width)
    tonnes = np.where(held, made.cells, np.nan)
    unsure = np.where(held, laid.covered(lost[some]), np.nan)
    bands = (
        Band(tonnes, "碳排放 emissions of the cell, scopes 1 and 2 by place", "tCO2e"),
        Band(tonnes / m2_to_mu(area), "亩均碳排放 emissions per mu of the cell's true area", "tCO2e/mu"),
        Band(unsure, "1 where an emitter in the cell is not told, or not in full", "1"),
    )
    totals = {
        **told.totals,
        "grid_tco2e": float(made.cells.sum()),
        "beside_grid_tco2e": float(made.left.sum()),
    }
    return EmissionGrid(grid, plane, bands, _tags(told, cell, totals, notice), totals, told.faults)


def _plane(name: str) -> CRS:
    chosen = choose(name)
    axes = chosen.crs.axis_info
    if chosen.shift or not chosen.crs.is_projected or axes[0].unit_conversion_factor != 1.0:
        raise CrsMissing(
            f"{name} is no plane in metres, so cells have no size in it. Choose the belt of the zone, "
            "EPSG:4534 to 4554, or leave it out."
        )
    return chosen.crs


def _tags(told: Emissions, cell: float, totals: dict[str, Any], notice: str) -> dict[str, str]:
    apart = told.firms.index[told.firms["area_m2"].isna()].astype(str).tolist()
    named = ", ".join(apart[:NAMED]) + (f" and {len(apart) - NAMED} more" if len(apart) > NAMED else "")
    said = {
        "TITLE": f"{told.zone['name']} {told.year} 年碳排放",
        "ZONE": told.zone["code"],
        "YEAR": told.year,
        "UNIT": "tCO2e",
        "CELL_M": f"{cell:g}",
        "METHOD": METHOD,
        "CHOICES": orjson.dumps(told.told.choices.as_json()).decode(),
        "LAYER_VERSIONS": ", ".join(told.told.versions),
        "ENTERPRISES_WITHOUT_PARCEL": named,
        "NOTICE": notice,
        **{name.upper(): "not told" if value is None else value for name, value in totals.items()},
    }
    return {name: str(value) for name, value in said.items() if value != ""}
