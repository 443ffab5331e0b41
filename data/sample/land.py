"""The land of one zone (用地): parcels numbered from the north, and a boundary that is their union."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import Proj, Transformer

from data.kinds import kind
from data.sample.blocks import lay_part
from data.sample.plan import PLANE, STORED, ZonePlan
from data.sample.streets import Floats
from data.sample.uses import UNKNOWN_CLASS, YDYH, settle

DECIMALS = 9  # of a degree: a tenth of a millimetre


@dataclass(frozen=True)
class Land:
    """One zone's ground, in the plane.

    Parameters
    ----------
    number : 1 for the first plan; the first two digits of all ids of the zone
    entry : the zone's row in the catalogue
    parcels : those of the kind and working columns; `code3` is the 三调 class whatever the survey's system
    """

    number: int
    plan: ZonePlan
    entry: Mapping[str, Any]
    parcels: gpd.GeoDataFrame

    def within(self, day: date) -> NDArray[np.bool_]:
        """Which parcels belonged to the zone on that day."""
        since = np.array([part.since for part in self.plan.parts])
        return np.asarray(since[self.parcels["part"]] <= day)

    def outline(self, day: date) -> shapely.MultiPolygon:
        """The boundary on that day: the union of the parcels, with all their corners."""
        return shapely.multipolygons(
            shapely.get_parts(shapely.coverage_union_all(self.parcels.geometry[self.within(day)]))
        )


def lay_zone(seed: int, number: int, plan: ZonePlan, entry: Mapping[str, Any]) -> Land:
    """A zone near its real place, with invented ground."""
    there = Transformer.from_crs(STORED, PLANE, always_xy=True)
    at = there.transform(entry["near_lon"], entry["near_lat"])
    laid = []
    for index, part in enumerate(plan.parts):
        parcels = lay_part(np.random.default_rng([seed, number, 1, index]), plan, part, at)
        laid.append(parcels.assign(part=index))
    every = gpd.GeoDataFrame(pd.concat(laid, ignore_index=True), crs=PLANE)
    settled = settle(np.random.default_rng([seed, number, 2]), plan, every)
    return Land(number, plan, entry, _describe(number, plan, settled))


def _describe(number: int, plan: ZonePlan, settled: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The columns of the kind, as a surveyor would have filled them."""
    box = settled.geometry.bounds
    order = np.lexsort((box["minx"], -(box["maxy"] // 250)))
    made = settled.iloc[order].reset_index(drop=True)
    made["parcel_id"] = [f"{number:02d}{row:05d}" for row in range(1, len(made) + 1)]
    made["zone"] = plan.code
    made["code3"] = made["land_class"]
    if plan.class_system == "ydyh_2023":
        made["land_class"] = made["land_class"].map(YDYH)
    surveyed = np.array([part.surveyed for part in plan.parts])[made["part"]]
    made["land_class"] = made["land_class"].where(surveyed, UNKNOWN_CLASS)
    made["class_system"] = np.where(surveyed, plan.class_system, "other")
    made["enterprise_id"] = pd.Series([None] * len(made), dtype=object)
    made["declared_area_m2"] = np.round(made.geometry.area / _areal_scale(made), 2)
    return made


def _areal_scale(parcels: gpd.GeoDataFrame) -> Floats:
    """By how much the plane is larger than the ellipsoid at each parcel."""
    back = Transformer.from_crs(PLANE, STORED, always_xy=True)
    middle = shapely.get_coordinates(shapely.centroid(parcels.geometry.to_numpy()))
    lon, lat = back.transform(middle[:, 0], middle[:, 1])
    return np.asarray(Proj(PLANE).get_factors(lon, lat).areal_scale)


def to_shape(shapes: Any) -> Any:
    """One polygon, or an array of them, from the plane into longitude and latitude.

    Coordinates are rounded to a tenth of a millimetre, so that corners shared in the plane stay shared.
    """
    back = Transformer.from_crs(PLANE, STORED, always_xy=True)

    def turn(points: Floats) -> Floats:
        return np.column_stack(back.transform(points[:, 0], points[:, 1])).round(DECIMALS)

    return shapely.transform(shapes, turn)


def to_kind(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Exactly the columns of a kind, in its order; with polygons in longitude and latitude."""
    columns = list(kind(name).columns)
    made = rows.reindex(columns=[*columns, *(["geometry"] if kind(name).geometry else [])])
    if not kind(name).geometry:
        return pd.DataFrame(made).reset_index(drop=True)
    shapes = to_shape(made["geometry"].to_numpy())
    plain = pd.DataFrame(made[columns].reset_index(drop=True))
    placed: pd.DataFrame = gpd.GeoDataFrame(plain, geometry=shapes, crs=STORED)
    return placed
