"""Any file that was read, as plots (读入地块): polygons in a known CRS, with what they declare."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from data.errors import LayerUnusable
from data.formats.point_tables import looks_like_points, plots_of_points
from data.records import Fault, Severity, Source, Table
from geo.areas import ellipsoidal_area_m2
from geo.boundary_change.plots.columns import plot_frame, twice
from geo.boundary_change.plots.places import placed
from geo.boundary_change.plots.telling import belts_mixed
from geo.crs import Box
from geo.crs.belts import horizontal
from geo.polygons import as_polygons
from geo.rows import row_numbers

Ints = NDArray[np.int64]
ALREADY_TOLD = ("boundary points", "DXF")
"""Formats whose readers tell of each plot that has no outline, and of numbers that stand there twice"""
POLYGONAL = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


@dataclass(frozen=True, slots=True, eq=False)
class Plots:
    """Plots in a known CRS.

    Parameters
    ----------
    frame : one row for each polygon or multipolygon, valid or not, in two dimensions; columns plot_no,
        plot_name, declared_points (Int64), declared_area_ha (float), purpose, land_class, map_sheet, dialect,
        layer, line (Int64: line or row of its file), geometry. Its CRS is that of the file, or EPSG:4490
        where the file is on an older datum or in the shifted coordinates of web maps
    crs : name of the CRS the file came in: EPSG:4526, EPSG:2383, gcj02; empty where there is no plot
    source : of the file
    faults : of reading and of placing; with an error among them nothing should be decided
    """

    frame: gpd.GeoDataFrame
    crs: str
    source: Source
    faults: tuple[Fault, ...] = ()

    @property
    def errors(self) -> tuple[Fault, ...]:
        """The faults for which nothing should be decided."""
        return tuple(fault for fault in self.faults if fault.severity is Severity.ERROR)


def plots_of(table: Table, *, crs: str | None = None, near: Box | None = None) -> Plots:
    """The plots of any file: polygons, or rows that are boundary points.

    Parameters
    ----------
    table : of `data.formats.read`
    crs : chosen, as `geo.crs.choose` spells it; wins over what the file declares
    near : west, south, east, north in degrees of the zone, at or beside which the plots must lie

    Raises
    ------
    LayerUnusable : neither geometry nor columns of points
    CrsMissing, CrsContradicted : nothing tells the CRS, or the numbers cannot be in it; the message says what
        they look like

    >>> square = shapely.box(38_470_000, 3_850_000, 38_470_100, 3_850_100)
    >>> frame = gpd.GeoDataFrame({"DKBH": ["7"], "面积（亩）": [15.0]}, geometry=[square], crs=4526)
    >>> plots = plots_of(Table(frame, Source("a.shp", "", "Shapefile")))
    >>> plots.crs, plots.frame["plot_no"][0], float(plots.frame["declared_area_ha"][0])
    ('EPSG:4526', '7', 1.0)
    """
    shapes = _with_shapes(table)
    told = table.source.format in ALREADY_TOLD or shapes is not table
    frame = gpd.GeoDataFrame(
        {"at": np.arange(len(shapes.frame))}, geometry=shapes.frame.geometry.array, index=_lines(shapes, told)
    )
    polygons, faults = _only_polygons(frame, told)
    kept, mixed = belts_mixed(polygons)
    if not any(fault.code == "belts_disagree" for fault in table.faults):
        faults += mixed
    polygons, zeros = _without_zeros(polygons[kept])
    faults += zeros
    found = placed(polygons, crs, near)
    faults += found.faults
    astray = [each.row for each in found.faults if each.code == "coordinates_contradict_crs"]
    held = found.frame[~found.frame.index.isin(astray)]
    at = held.index.to_numpy()
    area = ellipsoidal_area_m2(held.geometry.to_numpy(), horizontal(held.crs)) if len(held) else np.empty(0)
    rest = pd.DataFrame(shapes.frame.drop(columns=shapes.frame.geometry.name)).iloc[held["at"].to_numpy()]
    columns = plot_frame(rest, at, area, faults)
    plots = gpd.GeoDataFrame(columns, geometry=gpd.array.from_shapely(held.geometry.to_numpy(), crs=held.crs))
    if not told:
        faults += twice(plots)
    if not len(plots) and not any(f.severity is Severity.ERROR for f in [*shapes.faults, *faults]):
        faults.append(_nothing(table))
    file = Path(table.source.path).name
    stamped = _stamped([*shapes.faults, *faults], plots, file)
    return Plots(plots, found.name if len(plots) else "", table.source, tuple(stamped))


def _with_shapes(table: Table) -> Table:
    """The table itself, or the plots that its rows are the points of."""
    if isinstance(table.frame, gpd.GeoDataFrame) and table.frame.active_geometry_name is not None:
        return table
    if looks_like_points(table.frame):
        return plots_of_points(table)
    names = ", ".join(map(str, table.frame.columns[:12])) or "none"
    raise LayerUnusable(
        f"{Path(table.source.path).name} holds neither outlines nor boundary points, but columns {names}. "
        "Give a map layer, a boundary-point text, or a table with the columns 地块编号, 圈号, 点号, "
        "X坐标 (north) and Y坐标 (east)."
    )


def _lines(table: Table, told: bool) -> Ints:
    """Line or row of each plot in its file; a reader of ours puts it into the column `line`."""
    rows = row_numbers(table.frame, table.first_row)
    if not told:
        return rows
    lines = pd.to_numeric(table.frame["line"], errors="coerce").to_numpy(np.float64, na_value=np.nan)
    return np.where(np.isnan(lines), rows, np.nan_to_num(lines)).astype(np.int64)


def _only_polygons(frame: gpd.GeoDataFrame, told: bool) -> tuple[gpd.GeoDataFrame, list[Fault]]:
    """The rows that are polygons, in two dimensions; the others are errors, unless they were told."""
    shapes = frame.geometry.to_numpy()
    if told:
        frame = frame[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    flat, faults = as_polygons(frame, frame.index.to_numpy())
    shapes = flat.geometry.to_numpy()
    kept = np.isin(shapely.get_type_id(shapes), POLYGONAL) & ~shapely.is_empty(shapes)
    points = shapely.get_coordinates(shapes, return_index=True)
    astray = np.unique(points[1][~np.isfinite(points[0]).all(axis=1)])
    kept[astray] = False
    return flat[kept], faults


def _without_zeros(frame: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[Fault]]:
    """The plots none of whose corners lies at 0, 0, which is what programs write for a lost coordinate."""
    points, owner = shapely.get_coordinates(frame.geometry.to_numpy(), return_index=True)
    lost = np.bincount(owner[(np.abs(points) < 1e-6).all(axis=1)], minlength=len(frame)) > 0
    lines = frame.index.to_numpy()
    faults = [
        Fault(
            "coordinates_zero",
            "A corner of the plot lies at x 0, y 0: its coordinates were lost.",
            "Write the coordinates of that corner, or delete it.",
            row=int(lines[at]),
        )
        for at in np.flatnonzero(lost).tolist()
    ]
    return frame[~lost], faults


def _nothing(table: Table) -> Fault:
    return Fault(
        "no_plots",
        f"{Path(table.source.path).name} holds no plot.",
        "Check that the right file and layer were given.",
    )


def _stamped(faults: Sequence[Fault], plots: gpd.GeoDataFrame, file: str) -> Iterator[Fault]:
    """Faults with the file, and the number or name of the plot in whose line they are."""
    names = plots["plot_no"].fillna(plots["plot_name"])
    by_line = {
        int(line): str(name) for line, name in zip(plots["line"], names, strict=True) if isinstance(name, str)
    }
    for fault in faults:
        name = by_line.get(fault.row, "") if fault.row is not None else ""
        yield replace(fault, file=fault.file or file, feature=fault.feature or name)
