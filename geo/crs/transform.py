"""From any CRS to longitude and latitude on CGCS2000 (EPSG:4490), and how far that can be trusted.

CGCS2000 and WGS 84 are taken as equal: they lie about a decimetre apart, and the EPSG register itself knows
nothing better than the null shift between them. The older datums are another matter: 1954 and 1980
coordinates lie tens of metres off, the register publishes transformations for some oil basins only, and the
exact parameters belong to the survey offices. So those are moved as well as the register allows, and a fault
says how well that is.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.transformer import AreaOfInterest, TransformerGroup

from data.errors import CrsMissing
from data.records import Fault, Severity
from geo.crs.belts import CGCS2000, datum_of, horizontal
from geo.crs.chosen import name_of
from geo.crs.offsets import from_bd09, from_gcj02
from geo.rows import with_shapes

Floats = NDArray[np.float64]
GEOGRAPHIC = CRS.from_epsg(4490)
_POINTS_AT_ONCE = 1 << 18


@dataclass(frozen=True)
class Passage:
    """The way from a CRS to EPSG:4490.

    Parameters
    ----------
    how : the transformation between the datums, as its register names it; empty when there is none to do
    accuracy_m : as its register states it; None when it states none
    """

    transformer: Transformer
    how: str = ""
    accuracy_m: float | None = None


def passage(crs: CRS, place: tuple[float, float]) -> Passage:
    """The best way from a CRS to longitude and latitude on CGCS2000 that works around a place.

    Parameters
    ----------
    place : longitude and latitude in degrees, to some kilometres
    """
    datum = "" if crs.is_bound else datum_of(horizontal(crs))
    # to WGS 84 rather than to CGCS2000: that is where the register's transformations lead
    target = GEOGRAPHIC if datum == CGCS2000 else CRS.from_epsg(4326)
    if datum in {CGCS2000, "WGS 84"}:
        return Passage(Transformer.from_crs(crs, target, always_xy=True))
    lon, lat = place
    around = AreaOfInterest(lon - 0.01, lat - 0.01, lon + 0.01, lat + 0.01)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of grids that are not installed: we say so ourselves
        best = TransformerGroup(crs, target, always_xy=True, area_of_interest=around).transformers[0]
    steps = [step.strip() for step in best.description.split(" + ")]
    how = next((s for s in steps if not re.match(r"axis order|Inverse of|Null", s)), best.description)
    return Passage(best, how, best.accuracy if best.accuracy >= 0 else None)


def place_of(crs: CRS, x: float, y: float) -> tuple[float, float]:
    """Longitude and latitude, in the datum of the CRS itself, of one point; inf where it has no image."""
    plane = horizontal(crs)
    if plane.geodetic_crs is None:
        return float("inf"), float("inf")
    lon, lat = Transformer.from_crs(plane, plane.geodetic_crs, always_xy=True).transform(x, y)
    return float(lon), float(lat)


def middle_of(bounds: Floats) -> tuple[float, float] | None:
    """The middle feature of a layer in x and in y: unlike the middle of the whole, strays do not move it.

    Parameters
    ----------
    bounds : (n, 4) boxes of the features; those that are not finite are passed over

    Returns
    -------
    x and y of the median of the middles, None when no box is finite
    """
    finite = bounds[np.isfinite(bounds).all(axis=1)]
    if not len(finite):
        return None
    at = (len(finite) - 1) // 2
    x = np.partition((finite[:, 0] + finite[:, 2]) / 2, at)[at]
    y = np.partition((finite[:, 1] + finite[:, 3]) / 2, at)[at]
    return float(x), float(y)


def to_geographic(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """A layer in EPSG:4490, longitude first, in two dimensions.

    CGCS2000 and WGS 84 (with UTM) are taken as equal, which holds within about a decimetre. Xi'an 1980 and
    Beijing 1954 go the best way that the register knows at the middle of the layer; `datum_fault` tells how
    good that is. A point that has no image becomes inf; the rows, their order and their index stay.

    Raises
    ------
    CrsMissing : the layer declares none
    """
    if frame.crs is None:
        raise CrsMissing("The layer declares no CRS, so it cannot be moved. Declare one first, with --crs.")
    shapes = frame.geometry.to_numpy()
    middle = middle_of(shapely.bounds(shapes))
    if middle is None or frame.crs.to_epsg() in {4490, 4326}:
        moved = shapely.force_2d(shapes) if shapely.has_z(shapes).any() else shapes
    else:
        way = passage(frame.crs, place_of(frame.crs, *middle)).transformer
        moved = shapely.transform(shapes, way.transform, interleaved=False)
    return with_shapes(frame, moved, GEOGRAPHIC)


def unshifted(frame: gpd.GeoDataFrame, shift: str) -> gpd.GeoDataFrame:
    """A layer in GCJ-02 or BD-09 in true longitude and latitude, EPSG:4490.

    Parameters
    ----------
    shift : gcj02 or bd09
    """
    undo = {"gcj02": from_gcj02, "bd09": from_bd09}[shift]

    def in_pieces(x: Floats, y: Floats) -> tuple[Floats, Floats]:
        x, y = x.copy(), y.copy()
        for start in range(0, len(x), _POINTS_AT_ONCE):
            piece = slice(start, start + _POINTS_AT_ONCE)
            x[piece], y[piece] = undo(x[piece], y[piece])
        return x, y

    shapes = shapely.transform(frame.geometry.to_numpy(), in_pieces, interleaved=False)
    return with_shapes(frame, shapes, GEOGRAPHIC)


def datum_fault(crs: CRS, place: tuple[float, float]) -> Fault | None:
    """What to know about the way to CGCS2000; None where there is nothing to know (CGCS2000, WGS 84)."""
    way = passage(crs, place)
    if not way.how:
        return None
    if way.accuracy_m is not None:
        known = f"It was moved to CGCS2000 by “{way.how}”; its register states {way.accuracy_m:g} m for that."
    elif crs.is_bound:
        known = (
            "It was moved to CGCS2000 with the TOWGS84 parameters that the file carries; "
            "nobody states how good they are."
        )
    else:
        known = (
            "The EPSG register publishes no transformation to CGCS2000 for this place, so longitude and "
            "latitude were taken over as they are: the layer may lie tens of metres off (Beijing 1954 about "
            "55 m in the middle of China, by the transformation published for the Ordos basin). "
            "Areas hardly change by that."
        )
    return Fault(
        code="crs_datum_accuracy",
        message=f"The layer is in {name_of(crs)}, on the datum {_datum_name(crs)}. {known}",
        remedy="For boundary questions have the survey office move it to CGCS2000, and read that file.",
        severity=Severity.WARNING,
    )


def _datum_name(crs: CRS) -> str:
    plane = horizontal(crs)
    return datum_of(plane) or (plane.datum.name if plane.datum else "unknown")
