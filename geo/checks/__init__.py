"""Checks (质检): what is wrong with a layer, all of it in one run, as records with a remedy each.

`CHECKS` is the table of contents. A check takes a layer and what is around it, and yields faults; an error
is what would make a measurement wrong (an invalid polygon, an id that stands twice), all else a warning, so
that real layers with their blemishes can be taken in and seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import geopandas as gpd

from data.records import Fault
from geo.checks.around import Around, Tolerances
from geo.checks.attributes import class_codes, declared_areas, duplicate_ids, zone_codes
from geo.checks.coverage import overlaps_and_gaps
from geo.checks.placing import places
from geo.checks.shapes import shapes
from geo.layers import Layer

__all__ = ["CHECKS", "Around", "Tolerances", "of_layer"]

Check = Callable[[gpd.GeoDataFrame, Around], Iterator[Fault]]

CHECKS: Mapping[str, tuple[Check, tuple[str, ...]]] = {
    "shapes": (shapes, ("zones", "parcels", "buildings", "constraints")),
    "duplicate_ids": (duplicate_ids, ("zones", "parcels", "buildings")),
    "zone_codes": (zone_codes, ("zones",)),
    "class_codes": (class_codes, ("parcels",)),
    "declared_areas": (declared_areas, ("parcels",)),
    "overlaps_and_gaps": (overlaps_and_gaps, ("parcels", "zones")),
    "places": (places, ("parcels",)),
}


def of_layer(
    layer: Layer,
    *,
    zones: gpd.GeoDataFrame | None = None,
    file: str = "",
    tolerances: Tolerances | None = None,
    quick: bool = False,
) -> list[Fault]:
    """Every fault of a layer in EPSG:4490.

    Parameters
    ----------
    layer : as `geo.layers.take` makes it, or read back from the book
    zones : for parcels: the zones that should hold them, columns `code` and geometry; None: not looked at
    file : name of the file the layer came from
    tolerances : below which a difference is no fault
    quick : leave out what compares features with their neighbours

    Returns
    -------
    faults that `layer.faults` does not already tell of the same feature
    """
    if not isinstance(layer.frame, gpd.GeoDataFrame):
        return []
    frame = layer.frame.reset_index(drop=True)
    around = Around(layer.kind, zones, tolerances or Tolerances())
    told = {(fault.code, fault.feature) for fault in layer.faults}
    found: list[Fault] = []
    for name, (check, kinds) in CHECKS.items():
        if layer.kind in kinds and not (quick and name in ("overlaps_and_gaps", "places")):
            found += (fault for fault in check(frame, around) if (fault.code, fault.feature) not in told)
    return [replace(fault, layer=layer.kind, file=file) for fault in found]
