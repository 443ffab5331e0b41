"""Emissions as features (排放要素): by enterprise, by parcel or of the zone, for one year or several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from api.chosen import NoSuchChoice
from api.emissions import LIST, SCOPES, Emissions, inventories_of, on_parcels
from api.zone_tables import Ground, grounds_of
from data.book.interface import Book
from data.errors import MutanError
from data.records import Fault
from data.units import m2_to_mu
from geo.areas import ellipsoidal_area_m2

BY = {"enterprise": "企业", "parcel": "地块", "zone": "开发区"}
KEYS = {"enterprise": "enterprise_id", "parcel": "parcel_id", "zone": "code"}
OWN = "zone_own"
OWN_LABEL = "开发区自报"
DEGREES = CRS.from_epsg(4490)
COLUMNS = (
    *("year", "tco2e", "tco2e_per_mu", "scope1", "scope2", "share"),
    *("known_tco2e", "area_mu", "reason"),
)


def of_by(by: str) -> str:
    """A key of `BY`, as it was said.

    Raises
    ------
    NoSuchChoice : it is none
    """
    if by not in BY:
        raise NoSuchChoice("by", by, BY)
    return by


def features_of(told: Emissions, by: str, names: Mapping[str, str] | None = None) -> gpd.GeoDataFrame:
    """Emissions with the geometry of what emits them.

    Parameters
    ----------
    by : key of `BY`. An enterprise has the geometry of its parcels together, None without any; what the
        zone states by itself stands beside them under the id `zone_own`, on its built land
    names : enterprise_id -> name

    Returns
    -------
    GeoDataFrame, EPSG:4490: the id, name, year, tco2e, tco2e_per_mu (by the area of the geometry in the
    zone), scope1, scope2, share (of the location total, 0..1), known_tco2e (the lines that are told),
    area_mu, reason (why a number is missing)
    """
    frame, shapes = {"enterprise": _firms, "parcel": _parcels, "zone": _zone}[of_by(by)](told, names or {})
    mu = m2_to_mu(frame["area_m2"].to_numpy(np.float64))
    per_mu = np.divide(frame["tco2e"], mu, out=np.full(len(frame), np.nan), where=mu > 0)
    share = frame["tco2e"] / told.total if told.total else np.full(len(frame), np.nan)
    table = frame.assign(
        year=told.year,
        tco2e_per_mu=per_mu,
        share=share,
        area_mu=mu,
        known_tco2e=frame["known"],
        reason=_reasons(told, frame, mu),
    )
    key = KEYS[by]
    first = [key, "name", *(["enterprise_id", "emitter"] if by == "parcel" else [])]
    return gpd.GeoDataFrame(table[[*first, *COLUMNS]], geometry=shapes, crs=DEGREES)


def _firms(told: Emissions, names: Mapping[str, str]) -> tuple[pd.DataFrame, Any]:
    firms = told.firms.rename_axis("enterprise_id").reset_index()
    shapes = united(told.parcels).reindex(firms["enterprise_id"]).to_numpy()
    frame = firms.assign(name=firms["enterprise_id"].map(dict(names)))
    if not told.own["lines"]:
        return frame, shapes
    built = told.parcels["built"].fillna(False).to_numpy(bool)
    land = told.parcels.geometry.to_numpy()[built] if built.any() else [told.zone["geometry"]]
    area = ellipsoidal_area_m2(land, DEGREES).sum()
    own = pd.DataFrame([{**told.own, "enterprise_id": OWN, "name": OWN_LABEL, "area_m2": area}])
    whole = np.append(shapes, np.array([_together(np.asarray(land, dtype=object))], dtype=object))
    return pd.concat([frame, own], ignore_index=True), whole


def united(parcels: gpd.GeoDataFrame) -> pd.Series:
    """enterprise_id -> its parcels as one geometry."""
    held = parcels[parcels["enterprise_id"].notna()]
    owner, shapes = held["enterprise_id"].to_numpy(object), held.geometry.to_numpy()
    found: dict[Any, Any] = {}
    for who, rows in pd.Series(np.arange(len(held))).groupby(owner).indices.items():
        found[who] = shapes[rows[0]] if len(rows) == 1 else _together(shapes[rows])
    return pd.Series(found, dtype=object)


def _together(shapes: Any) -> Any:
    """One geometry of several; where outlines are knotted, their parts side by side."""
    try:
        return shapely.union_all(shapes)
    except shapely.errors.GEOSException:
        return shapely.multipolygons(shapely.get_parts(shapes))


def _parcels(told: Emissions, names: Mapping[str, str]) -> tuple[pd.DataFrame, Any]:
    parcels = told.parcels.drop(columns="geometry").reset_index(drop=True)
    return parcels.assign(name=parcels["enterprise_id"].map(dict(names))), told.parcels.geometry.to_numpy()


def _zone(told: Emissions, _: Mapping[str, str]) -> tuple[pd.DataFrame, Any]:
    shape = told.zone["geometry"]
    sums = {scope: told.told.location.told[scope] for scope in SCOPES}
    row = {
        "code": told.zone["code"],
        "name": told.zone["name"],
        "area_m2": float(ellipsoidal_area_m2([shape], DEGREES)[0]),
        "tco2e": told.total,
        "known": told.known,
        "reason": told.reason,
        **sums,
    }
    frame = pd.DataFrame([row])
    return frame.astype(dict.fromkeys((*SCOPES, "tco2e"), float)), np.array([shape], dtype=object)


def _reasons(told: Emissions, frame: pd.DataFrame, mu: Any) -> list[str]:
    """Why a number of each feature is missing; empty where none is."""
    reason = frame["reason"].fillna("").astype(object).to_numpy().copy()
    known = frame["tco2e"].notna().to_numpy()
    reason[known & ~(mu > 0)] += " Per mu cannot be told: it stands on no parcel of the zone."
    if told.total is None:
        reason[known] += " The share cannot be told, for the total of the zone cannot."
    elif told.total == 0:
        reason[known] += " The zone emits nothing, of which nothing is a share."
    return [each.strip() for each in reason]


def emissions_by_year(
    book: Book, code: str, years: Sequence[int], *, unplaced: str = LIST
) -> dict[int, Emissions | str]:
    """The emissions of a zone in several years; a sentence for a year of which nothing can be told.

    Raises
    ------
    NotHere : the book has no such zone
    """
    days = {year: date(year, 12, 31) for year in years}
    grounds = grounds_of(book, code, days.values())
    held = {year: ground for year, day in days.items() if isinstance(ground := grounds[day], Ground)}
    told = inventories_of(book, held)
    found: dict[int, Emissions | str] = {}
    for year, day in days.items():
        if isinstance(ground := grounds[day], Fault):
            found[year] = f"{ground.message} {ground.remedy}"
            continue
        try:
            found[year] = on_parcels(ground, told[year], unplaced)
        except MutanError as odd:
            found[year] = str(odd).splitlines()[0]
    return found


def slider(code: str, told: Mapping[int, Emissions | str], by: str) -> dict[str, Any]:
    """The same values for several years, ready for a slider: a row for each feature, a column for each year.

    Returns
    -------
    zone, by, unit, years, ids; tco2e, tco2e_per_mu and known_tco2e (rows of numbers, None where not told; of
    parcels also emitter, whether anything emits there); totals (by year) and reasons (of years of which
    nothing can be told)
    """
    key = KEYS[by]
    tables = {
        year: features_of(each, by).drop(columns="geometry").drop_duplicates(key).set_index(key)
        for year, each in told.items()
        if not isinstance(each, str)
    }
    ids = sorted(set().union(*(table.index.astype(str) for table in tables.values())))
    laid = {
        name: pd.DataFrame({
            year: tables[year][name].reindex(ids) if year in tables else np.nan for year in told
        }, index=ids)
        for name in ("tco2e", "tco2e_per_mu", "known_tco2e", *(["emitter"] if by == "parcel" else []))
    }  # fmt: skip
    return {
        "zone": code,
        "by": by,
        "unit": "tCO2e",
        "years": list(told),
        "ids": ids,
        **{name: _rows(table) for name, table in laid.items()},
        "totals": {str(y): each.totals for y, each in told.items() if not isinstance(each, str)},
        "reasons": {str(y): each for y, each in told.items() if isinstance(each, str)},
    }


def _rows(table: pd.DataFrame) -> list[list[float | None]]:
    return table.astype(object).where(table.notna(), None).to_numpy().tolist()
