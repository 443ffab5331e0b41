"""Parcels by land class (地块与地类): coloured by class or by another theme, areas of each in the legend."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import pandas as pd

from data.codes.classes import CATEGORIES, classify
from data.errors import ColumnMissing
from data.kinds import kind
from maps.emissions import COLUMN, series
from maps.layers.client import ClientLayer
from maps.palette import LAND_CLASS, land_class_colour
from maps.payload import coded, column, pack_polygons
from maps.themes import DECIMALS, UNKNOWN, summed, themes_of
from maps.units import all_faces

# column -> unit under which it is shown; the labels are those of data/kinds.yaml
SHOWN: Mapping[str, str] = {"floor_area_m2": "floor_m2", "footprint_m2": "floor_m2", "declared_area_m2": "m2"}


def parcels_by_class(parcels: gpd.GeoDataFrame, *, links: Mapping[str, str] | None = None) -> ClientLayer:
    """Parcels filled by the category of their land class or by a theme; each value switched in the legend.

    Parameters
    ----------
    parcels : one row per parcel. Needed: parcel_id, land_class, area_m2 (on the ellipsoid, m²). Used where
        they are there: class_system, land_class_name, category (key of data.codes.classes.CATEGORIES),
        supply, built, enterprise_id, enterprise_name, floor_area_m2, footprint_m2, declared_area_m2. Without
        `category` it is looked up by class_system; what has none is drawn grey as 未知. Columns of
        `maps.themes.THEMES` are offered as other ways to colour.
    links : `parcel`: address with {parcel_id}, for the popup; `emissions`: where other years of the
        emissions are, as api/emissions_features.py gives them, for the year slider

    Raises
    ------
    ColumnMissing : parcel_id, land_class or area_m2 is not there
    """
    for needed in ("parcel_id", "land_class", "area_m2"):
        if needed not in parcels.columns:
            raise ColumnMissing(needed, "The map of parcels", list(parcels.columns))
    parcels = _classified(parcels)
    categories = parcels["category"].astype(object).where(parcels["category"].notna(), UNKNOWN).astype(str)
    payload = {
        "shapes": pack_polygons(parcels, "parcels"),
        "themes": [_by_class(parcels, categories), *themes_of(parcels)],
        "parcel_id": [None if code is None else str(code) for code in column(parcels, "parcel_id")],
        "land_class": coded(column(parcels, "land_class")),
        "land_class_name": coded(column(parcels, "land_class_name")),
        "area_m2": parcels["area_m2"].round(DECIMALS).tolist(),
        "facts": _facts(parcels),
        "series": series() if COLUMN in parcels else None,
        "units": all_faces(SHOWN.values()),
        "links": dict(links or {}),
    }
    return ClientLayer("parcels", payload)


def _classified(parcels: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The parcels with a category, looked up in the class system of each where none is given."""
    if "category" in parcels.columns:
        return parcels
    systems = parcels["class_system"] if "class_system" in parcels.columns else pd.Series(None, parcels.index)
    found = classify(parcels["land_class"], systems)
    name = parcels["land_class_name"] if "land_class_name" in parcels.columns else found["name"]
    return parcels.assign(category=found["category"], land_class_name=name)


def _order(categories: pd.Series) -> list[str]:
    """Categories as the palette lists them, then the others by name, the unknown last."""
    known = {name: place for place, name in enumerate(LAND_CLASS)}
    return sorted(categories.unique(), key=lambda name: (name == UNKNOWN, known.get(name, len(known)), name))


def _by_class(parcels: gpd.GeoDataFrame, categories: pd.Series) -> dict[str, Any]:
    """The first theme, in the form of `themes_of`."""
    order = _order(categories)
    spare = [name for name in order if name not in LAND_CLASS]
    looks = {
        name: (
            "未知" if name == UNKNOWN else CATEGORIES.get(name, name),
            land_class_colour(name, spare.index(name) if name in spare else 0),
        )
        for name in order
    }
    return {
        "label": "地类",
        "title": "地类与面积",
        "classes": summed(parcels["area_m2"], categories, order, looks),
        "class": pd.Categorical(categories, order).codes.tolist(),
    }


def _facts(parcels: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """What a popup tells beside class and area: label, and the column, coded where texts repeat."""
    said = kind("parcels").columns
    facts: list[dict[str, Any]] = []
    for name in ("supply", "built", "enterprise_id", "enterprise_name"):
        if name in parcels.columns and parcels[name].notna().any():
            words = (
                {"true": "是", "false": "否"}
                if name == "built"
                else dict(said[name].one_of if name in said else {})
            )
            texts = [None if v is None else _word(v, words) for v in column(parcels, name)]
            label = said[name].label if name in said else "企业名称"
            facts.append({"label": label, "coded": coded(texts)})
    for name, unit in SHOWN.items():
        if name in parcels.columns and parcels[name].notna().any():
            facts.append({
                "label": said[name].label,
                "unit": unit,
                "values": parcels[name].round(DECIMALS).tolist(),
            })
    return facts


def _word(value: Any, words: Mapping[str, str]) -> str:
    """The Chinese word for a code or flag, or the value itself where it has none."""
    return words.get(str(value).lower(), str(value))
