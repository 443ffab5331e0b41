"""Land cover of the zones of a book (`mutan cover book`): with its parcels, and kept among its results."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from api.assess import parcels_of
from api.covers import Cover, Layer, Wishes, origin, rows_of
from data.book.interface import Ask, Book
from data.codes.legends import LEGENDS
from data.errors import LayerUnusable, NothingInForce
from data.records import Fault
from geo import cover
from geo.cover import Polygons

FAMILY = "cover"
GEOGRAPHIC = CRS.from_epsg(4490)
COLLECTION = 7  # Shapely's number of a geometry of several kinds


def zones_of_book(book: Book, year: int, codes: Sequence[str] = ()) -> tuple[Layer, pd.DataFrame]:
    """The zones in force at the end of a year, as a layer and as the rows of the book.

    Raises
    ------
    NothingInForce : there are none
    """
    zones = book.read("zones", Ask(on=date(year, 12, 31))).sort_values("code").reset_index(drop=True)
    if codes:
        zones = zones[zones["code"].isin(list(codes))].reset_index(drop=True)
    if not len(zones):
        raise NothingInForce(
            f"The book has no zone in force on {year}-12-31{' of these codes' if codes else ''}. "
            "Ingest the zones of that time (mutan ingest zones FILE --valid-from …)."
        )
    area = zones["area_m2"].to_numpy(np.float64)
    return Layer(zones["code"].tolist(), Polygons(zones.geometry, GEOGRAPHIC, area)), zones


def cover_of_book(book: Book, year: int, path: Path, wishes: Wishes, codes: Sequence[str] = ()) -> Cover:
    """The zones of a book and their parcels held against a raster; nothing is stored.

    Parameters
    ----------
    year : zones and parcels of its 31 December
    codes : only these zones; none: all

    Raises
    ------
    LayerUnusable : no legend was chosen
    NothingInForce : the book has no zones at the end of that year
    """
    meaning = wishes.legend
    if meaning is None:
        raise LayerUnusable(
            "Without a legend nobody knows which class is built on. Choose one with --classes: "
            f"{', '.join(LEGENDS)}, or the path of a CSV of your own."
        )
    layer, zones = zones_of_book(book, year, codes)
    parcels, sizes, faults = _parcels(book, zones, date(year, 12, 31))
    with wishes.raster(path) as (raster, crs):
        given = layer.polygons
        found = cover.class_areas(given.geometries, given.crs, raster, crs, area_m2=given.area_m2)
        seen = cover.class_areas(
            parcels["geometry"], GEOGRAPHIC, raster, crs, area_m2=parcels["area_m2"].to_numpy(np.float64)
        )
        faults += raster.faults
    about = cover.About(meaning, origin(path), year)
    results, start = {}, 0
    for i, (code, size) in enumerate(zip(layer.names, sizes, strict=True)):
        stop = start + size
        ledger = (parcels.iloc[start:stop], seen.part(start, stop))
        against = cover.parcels_against(*ledger, meaning, threshold=wishes.threshold)
        results[code] = [*cover.zone_results(found, i, about, ledger), cover.disagreement(about, against)]
        start = stop
    ranking = cover.parcels_against(parcels, seen, meaning, threshold=wishes.threshold)
    faults += cover.unknown_values(found, meaning, path.name)
    return Cover(rows_of(layer.names, found, meaning), ranking, results, (about.origin,), tuple(faults))


def keep(book: Book, told: Cover, year: int, when: datetime, who: str) -> None:
    """Keep the results in the book, zone by zone, in place of what an earlier raster said of that year."""
    for code, results in told.results.items():
        book.store_results(code, year, results, when, who=who, family=FAMILY)


def _parcels(book: Book, zones: pd.DataFrame, day: date) -> tuple[pd.DataFrame, list[int], list[Fault]]:
    """The parcels of all zones, zone after zone, each cut to its zone; how many each has."""
    parts: list[pd.DataFrame] = []
    faults: list[Fault] = []
    for zone in zones.to_dict("records"):
        mine, odd = parcels_of(book, zone, day)
        faults += odd
        if len(mine):
            mine = pd.DataFrame(mine[["parcel_id", "built", "area_m2", "geometry"]]).assign(
                geometry=_cut(mine["geometry"].to_numpy(), mine["share"].to_numpy(float), zone["geometry"])
            )
            parts.append(mine)
        else:
            parts.append(pd.DataFrame({"parcel_id": [], "built": [], "area_m2": [], "geometry": []}))
    sizes = [len(part) for part in parts]
    filled = [part for part in parts if len(part)]
    whole = pd.concat(filled, ignore_index=True) if filled else parts[0]
    return whole.astype({"built": "boolean", "area_m2": "float64", "geometry": object}), sizes, faults


def _cut(shapes: Any, share: Any, zone: Any) -> Any:
    """Each parcel, or the part of it that lies in the zone where it crosses the boundary."""
    made = np.array(shapes, dtype=object)
    crossing = share < 1
    if crossing.any():
        made[crossing] = [_areal(each) for each in shapely.intersection(made[crossing], zone)]
    return made


def _areal(shape: Any) -> Any:
    """The polygons of a shape: where a parcel touches the boundary, a cut leaves lines beside them."""
    if shapely.get_type_id(shape) != COLLECTION:
        return shape
    parts = shapely.get_parts(shape)
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
