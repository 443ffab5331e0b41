"""Layers from elsewhere on Earth (境外图层): measured and kept like others, with a word about it."""

from __future__ import annotations

import geopandas as gpd
import shapely

from data.errors import CrsContradicted
from data.records import Fault, Severity
from geo.crs.contradictions import place_in_words
from geo.crs.declared import declare
from geo.crs.looks import CHINA, EARTH, Box, in_box, looks_of
from geo.crs.transform import middle_of, place_of


def declare_anywhere(
    frame: gpd.GeoDataFrame, chosen: str | None = None, *, city_box: Box | None = None, first_row: int = 1
) -> tuple[gpd.GeoDataFrame, tuple[Fault, ...]]:
    """`declare`, where a layer that cannot lie in China may lie elsewhere; a warning says so.

    Only numbers that no CRS of China could have are let through: a layer of China whose CRS is wrong is
    still refused, with what its numbers look like.

    Parameters
    ----------
    chosen, city_box, first_row : see `declare`; with a `city_box` nothing may lie elsewhere

    Raises
    ------
    CrsMissing, CrsContradicted : see `declare`
    """
    try:
        return declare(frame, chosen, city_box=city_box, first_row=first_row)
    except CrsContradicted:
        middle = middle_of(shapely.bounds(frame.geometry.to_numpy()))
        if city_box is not None or middle is None or _may_be_in_china(*middle):
            raise
        try:
            layer, faults = declare(frame, chosen, within=EARTH, first_row=first_row)
        except CrsContradicted:
            layer, faults = None, ()
        if layer is None:
            raise
        return layer, (*faults, _outside_china(layer, middle))


def _may_be_in_china(x: float, y: float) -> bool:
    """Whether some CRS of China, or another order of the axes, has such numbers."""
    return any(look.code != "EPSG:4326" for look in looks_of(x, y)) or in_box(x, y, CHINA)


def _outside_china(layer: gpd.GeoDataFrame, middle: tuple[float, float]) -> Fault:
    return Fault(
        "outside_china",
        f"The layer lies at {place_in_words(*place_of(layer.crs, *middle))}, outside of China.",
        "Nothing need be done if that is where it is. The rules of this program are those of China.",
        Severity.WARNING,
    )
