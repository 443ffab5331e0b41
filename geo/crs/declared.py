"""The CRS of a layer (坐标系): what the file declares, what a person chose, and whether the numbers agree.

A layer is refused when nothing says what its coordinates are, or when they cannot be what is said; the
message offers what they could be. Single features that lie elsewhere than the rest become faults.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NoReturn

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from data.errors import CrsContradicted, CrsMissing
from data.records import Fault, Severity
from geo.crs.belts import registered
from geo.crs.chosen import ChosenCrs, choose, is_tied
from geo.crs.claims import Claim, about_the_claim, about_the_place
from geo.crs.contradictions import Flags, box_in_words, contradiction, fits, native_box
from geo.crs.looks import CHINA, Box, shown
from geo.crs.offers import offer
from geo.crs.transform import Floats, middle_of, unshifted
from geo.rows import row_numbers


def declare(
    frame: gpd.GeoDataFrame,
    chosen: str | None = None,
    *,
    city_box: Box | None = None,
    within: Box = CHINA,
    first_row: int = 1,
) -> tuple[gpd.GeoDataFrame, tuple[Fault, ...]]:
    """A layer with the CRS that holds, in the coordinates it came in, and what is odd about that.

    A choice wins over what the file declares. GCJ-02 and BD-09 are undone here, so that the layer comes back
    in EPSG:4490. A .prj of another dialect becomes the EPSG code that it means.

    Parameters
    ----------
    chosen : a spelling that `choose` knows; None: what the file declares
    city_box : west, south, east, north in degrees of where the layer must lie
    within : the same for any layer; `looks.EARTH` lets layers from elsewhere through
    first_row : row number, as a person sees it, of the first feature

    Returns
    -------
    the layer, and faults: errors for single features that lie elsewhere, warnings on datum, belt and choice

    Raises
    ------
    CrsMissing : nothing is declared or chosen, or it is tied to no place; says what they look like
    CrsContradicted : half of the features or more cannot be in it; says what they look like
    """
    bounds = shapely.bounds(frame.geometry.to_numpy())
    middle = middle_of(bounds)
    if chosen is None and (frame.crs is None or not is_tied(frame.crs)):
        _refuse_unknown(frame.crs, bounds, middle, city_box)
    choice = choose(chosen) if chosen is not None else ChosenCrs(registered(frame.crs))
    claim = Claim(choice.crs, choice.name, chosen is not None)
    faults = list(about_the_claim(frame.crs, claim, choice))
    if not np.isnan(bounds).all():
        faults += _about_the_numbers(claim, bounds, (city_box, within), row_numbers(frame, first_row))
    if middle is not None:
        faults += about_the_place(claim, middle)
    if choice.shift:
        return unshifted(frame, choice.shift), tuple(faults)
    return frame.set_crs(choice.crs, allow_override=True), tuple(faults)


def _refuse_unknown(
    crs: CRS | None, bounds: Floats, middle: tuple[float, float] | None, city_box: Box | None
) -> NoReturn:
    if crs is None:
        happened = "The layer declares no coordinate reference system, and none was chosen."
    else:
        happened = f"The layer declares {crs.name!r} ({crs.type_name}), which is tied to no place on Earth."
    if middle is None:
        raise CrsMissing(f"{happened} It has no coordinates to judge by. Choose with --crs EPSG:….")
    raise CrsMissing(f"{happened} {offer(bounds, middle, city_box)}")


def _about_the_numbers(
    claim: Claim, bounds: Floats, boxes: tuple[Box | None, Box], rows: NDArray[np.int64]
) -> Iterator[Fault]:
    """Faults of single features that lie elsewhere than the claim says.

    Raises
    ------
    CrsContradicted : half of the features or more lie elsewhere
    """
    city_box, within = boxes
    has_box = ~np.isnan(bounds).all(axis=1)  # a missing or empty geometry has none, and is not judged here
    fitting = fits(claim.crs, bounds, within) & has_box
    astray = has_box & ~fitting
    _refuse_contradicted(claim, bounds[fitting if fitting.sum() > astray.sum() else astray], boxes)
    for at in np.flatnonzero(astray):
        west, south, east, north = bounds[at].tolist()
        x, y = (west + east) / 2, (south + north) / 2
        reason = contradiction(claim.crs, x, y, within) or "it reaches far out of where that can be"
        yield Fault(
            "coordinates_contradict_crs",
            f"The feature at {shown(x, y)} cannot be in {claim.name} as the others are: {reason}.",
            "Correct its coordinates; features of another CRS go into a file of their own.",
            row=int(rows[at]),
        )
    if city_box is not None:
        yield from _outside_the_city(claim, bounds, (fitting, rows), city_box)


def _refuse_contradicted(claim: Claim, bounds: Floats, boxes: tuple[Box | None, Box]) -> None:
    middle = middle_of(bounds)
    reason = contradiction(claim.crs, *middle, boxes[1], boxes[0]) if middle else "the numbers are not finite"
    if not reason:
        return
    offered = offer(bounds, middle, boxes[0], claim.name) if middle else "Have the layer exported again."
    raise CrsContradicted(f"{claim.words}, but the coordinates cannot be in it: {reason}. {offered}")


def _outside_the_city(
    claim: Claim, bounds: Floats, which: tuple[Flags, NDArray[np.int64]], city_box: Box
) -> Iterator[Fault]:
    west, south, east, north = native_box(claim.crs, city_box)
    fitting, rows = which
    apart = (bounds[:, 2] < west) | (bounds[:, 0] > east) | (bounds[:, 3] < south) | (bounds[:, 1] > north)
    for at in np.flatnonzero(fitting & apart):
        yield Fault(
            "outside_city",
            f"The feature at {shown(float(bounds[at, 0]), float(bounds[at, 1]))} lies outside of the box of "
            f"the city, {box_in_words(city_box)}, in which the others lie.",
            "Check its coordinates; if they are right, nothing need be done.",
            Severity.WARNING,
            row=int(rows[at]),
        )
