"""The check of plots (几何核查): every fault of their geometry at once, and the figures of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import shapely

from data.parameters import NATION
from data.records import Fault, Severity
from data.units import m2_to_ha
from geo.areas import ellipsoidal_area_m2
from geo.boundary_change.request import SNAP_M
from geo.boundary_change.soundness.beside import beside_faults
from geo.boundary_change.soundness.between import gaps, overlaps
from geo.boundary_change.soundness.crossings import ring_faults
from geo.boundary_change.soundness.declared import (
    Tolerance,
    agreements,
    area_faults,
    count_faults,
    declared_ha,
    plane_areas,
)
from geo.boundary_change.soundness.drawn import Drawn, Shapes
from geo.boundary_change.soundness.figures import LABELS, counted, figures_of, measures
from geo.boundary_change.soundness.mending import mended, mended_faults
from geo.boundary_change.soundness.nests import direction_faults, nest_faults, unexplained
from geo.boundary_change.soundness.vertices import vertex_faults
from geo.boundary_change.strips import as_one, neighbours, valid
from geo.local_plane import each_in_its_own


@dataclass(frozen=True, slots=True, eq=False)
class Soundness:
    """What the check of plots found.

    Parameters
    ----------
    faults : all of them, errors of a plot before its warnings
    figures : one row for each plot, see `check`
    whole : figures of all sound plots together, as `figures_of`; empty where none is sound
    shapes : (n,) in the CRS of the file, as drawn; None where there is no polygon
    mended : (n,) the same with invalid ones made valid; None where nothing is left
    snap_m : the tolerance that was used, metres
    """

    faults: tuple[Fault, ...]
    figures: pd.DataFrame
    whole: Mapping[str, float]
    shapes: Shapes
    mended: Shapes
    snap_m: float

    @property
    def errors(self) -> tuple[Fault, ...]:
        """The faults with which nothing can be computed."""
        return tuple(fault for fault in self.faults if fault.severity is Severity.ERROR)

    def usable(self, *, repair: bool = False) -> Shapes:
        """(k,) the valid polygons in the CRS of the file, mended ones among them only when asked for."""
        if repair:
            return np.asarray(self.mended[~shapely.is_missing(self.mended)], dtype=object)
        return np.asarray(self.shapes[shapely.is_valid(self.shapes)], dtype=object)


def check(
    plots: pd.DataFrame,
    crs: Any,
    *,
    beside: Any = None,
    snap_m: float = SNAP_M,
    file: str = "",
    day: date = date.max,
    region: str = NATION,
) -> Soundness:
    """Every fault of the geometry of plots, and the figures of each.

    Parameters
    ----------
    plots : with `geometry`, and where the file has them plot_no, plot_name, declared_points,
        declared_area_ha, line, dialect
    crs : of the geometry
    beside : (k,) polygons of the existing boundary, EPSG:4490; None: there is none
    snap_m : below it a distance is drawing and not meant, metres
    day, region : which tolerance of declared areas is in force; the newest when none is told

    Returns
    -------
    `figures` has plot_no, name, line, declared_points, points, declared_ha, plane_m2 (nan without a plane),
    agrees_with (`plane`, `ellipsoid`, `rounded`, `differs`; empty without a declared area), sound, and the
    columns of `figures_of`; of an invalid plot only the areas and counts, the area summed round its rings.

    >>> import geopandas as gpd
    >>> square = shapely.box(38_470_000, 3_850_000, 38_470_100, 3_850_100)
    >>> plots = gpd.GeoDataFrame({"plot_no": ["1"], "declared_area_ha": [1.0]}, geometry=[square], crs=4526)
    >>> found = check(plots, 4526)
    >>> found.faults, found.figures["agrees_with"].tolist(), found.figures["area_m2"].round(2).tolist()
    ((), ['plane'], [9999.78])
    """
    drawn, faults = Drawn.of(plots, crs, file)
    figures = _figures(drawn, plots, Tolerance.on(day, region))
    made = mended(drawn)
    faults += [*ring_faults(drawn), *nest_faults(drawn)]
    flat = {(fault.feature, fault.row) for fault in faults if fault.code == "ring_without_area"}
    faults += [fault for fault in vertex_faults(drawn, snap_m) if (fault.feature, fault.row) not in flat]
    told = {(fault.feature, fault.row) for fault in faults if fault.severity is Severity.ERROR}
    faults += mended_faults(drawn, made, flat)
    faults += [*unexplained(drawn, told), *direction_faults(drawn)]
    faults += [*overlaps(drawn), *gaps(drawn, snap_m), *_narrow(drawn, figures, snap_m)]
    if beside is not None:
        faults += beside_faults(drawn, beside, snap_m)
    faults += [*area_faults(drawn, figures), *count_faults(drawn, plots)]
    return Soundness(tuple(faults), pd.DataFrame(figures), _whole(drawn, figures), drawn.shapes, made, snap_m)


def _figures(drawn: Drawn, plots: pd.DataFrame, tolerance: Tolerance) -> dict[str, Any]:
    """Declared and computed numbers of each plot, by column."""
    sound = drawn.sound
    measured = measures(valid(each_in_its_own(drawn.sound_shapes, drawn.crs)))
    measured |= counted(drawn.flat)  # in the plane above, edges are cut to 70 m
    if not sound.all():
        measured["area_m2"][~sound] = ellipsoidal_area_m2(drawn.shapes[~sound], drawn.crs)
    plane, declared = plane_areas(drawn), declared_ha(plots)
    both = m2_to_ha(plane), m2_to_ha(measured["area_m2"])

    def said(column: str) -> Any:
        return plots[column].to_numpy(object) if column in plots else np.full(len(plots), None, dtype=object)

    return {
        "plot_no": said("plot_no"),
        "name": said("plot_name"),
        "line": pd.array([pd.NA if line is None else line for line in drawn.lines], dtype="Int64"),
        "declared_points": pd.array(said("declared_points"), dtype="Int64"),
        "points": measured["vertices"],
        "declared_ha": declared,
        "plane_m2": plane,
        "agrees_with": agreements(declared, *both, tolerance),
        "sound": sound,
        **measured,
    }


def _narrow(drawn: Drawn, figures: Mapping[str, Any], snap_m: float) -> list[Fault]:
    """Warnings of plots whose narrowest place is narrower than the tolerance."""
    width = figures["width_m"]
    with np.errstate(invalid="ignore"):
        narrow = np.flatnonzero(width < snap_m)
    return [
        drawn.fault(
            "plot_narrow", at,
            f"is {width[at]:.3f} m wide at its narrowest, less than the tolerance of {snap_m:g} m.",
            "Look whether two outlines were taken for one, or a strip is left over of a cut.",
            Severity.WARNING,
        )
        for at in narrow.tolist()
    ]  # fmt: skip


def _whole(drawn: Drawn, figures: Mapping[str, Any]) -> dict[str, float]:
    """Figures of all sound plots as one shape; land that two of them have counts once."""
    mine = {name: np.asarray(figures[name][drawn.sound], np.float64) for name in LABELS}
    if drawn.sound.sum() < 2:
        return {name: float(values[0]) for name, values in mine.items() if len(values)}
    flat = valid(drawn.local.of(drawn.shapes[drawn.sound], drawn.crs))
    if len(neighbours(flat)[0]):
        together = figures_of([as_one(flat)]).iloc[0]
        return {str(name): float(value) for name, value in together.items() if pd.notna(value)}
    told = {
        name: float(mine[name].sum()) for name in ("area_m2", "perimeter_m", "vertices", "holes", "parts")
    }
    told |= {name: float(mine[name].min()) for name in ("width_m", "band_m", "shortest_edge_m")}
    told["longest_edge_m"] = float(mine["longest_edge_m"].max())
    told["compactness"] = 4 * np.pi * told["area_m2"] / told["perimeter_m"] ** 2
    hull = shapely.convex_hull(shapely.geometrycollections(flat))
    return {**told, "hull_share": told["area_m2"] / float(shapely.area(hull))}
