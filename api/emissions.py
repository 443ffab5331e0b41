"""Emissions on the ground (排放落图): whose they are, and on which parcels of the zone they lie.

An enterprise emits on its parcels, on each by its part of their area. What the zone states by itself, of no
enterprise, lies on its built land. What has no place is listed and counted, and put nowhere by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import fsum
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from api.chosen import NoSuchChoice
from api.emissions_faults import not_built, not_told, without_parcel
from api.zone_tables import Ground, ground_of, region_of, statements_of
from carbon.choices import Choices
from carbon.inventory import Inventory, inventories
from data.book.interface import Ask, Book
from data.errors import FaultsFound, NotHere
from data.records import Fault

SCOPES = ("scope1", "scope2")
LIST, BUILT = "list", "built_land"
UNPLACED = {LIST: "只列出", BUILT: "按建成用地分摊"}
"""What to do with the emissions of enterprises that stand on no parcel of the zone."""


@dataclass(frozen=True)
class Emissions:
    """What a zone emits in a year, scopes 1 and 2 by place, and where.

    Parameters
    ----------
    zone, year, told : whose, and the inventory it comes from
    firms : by enterprise_id: scope1, scope2, tco2e (nan where a line is not told), known (sum of what is),
        lines, lost (how many are not told), reason, area_m2 (of its parcels; nan where it has none)
    own : the same of the zone's own statement
    parcels : parcel_id, enterprise_id, built, area_m2 (in the zone), geometry (cut to it), scope1, scope2,
        tco2e, known, emitter (whether anything is stated or expected of it), reason
    over_zone : known emissions that lie on the whole zone, for none of its land is known to be built
    unplaced : known emissions of enterprises without a parcel, that were put nowhere
    faults : what has no place or is not told
    """

    zone: Mapping[str, Any]
    year: int
    told: Inventory
    firms: pd.DataFrame
    own: Mapping[str, Any]
    parcels: gpd.GeoDataFrame
    over_zone: float
    unplaced: float
    faults: tuple[Fault, ...]

    @property
    def total(self) -> float | None:
        """The location total, tCO2e; None where it cannot be told."""
        return self.told.location.told["total"]

    @property
    def reason(self) -> str:
        """Why the total cannot be told; empty where it can."""
        return "" if self.total is not None else self.told.location.reasons.get("total", "")

    @property
    def known(self) -> float:
        """What is known of the total, tCO2e."""
        return fsum([*self.firms["known"], float(self.own["known"])])

    @property
    def totals(self) -> dict[str, Any]:
        """What is known, what of it has a place and what has not, tCO2e, and how many lines are not told."""
        lost = int(self.firms["lost"].sum()) + int(self.own["lost"])
        return {
            "tco2e": self.total,
            "reason": self.reason or None,
            "known_tco2e": self.known,
            "placed_tco2e": self.known - self.unplaced,
            "not_placed_tco2e": self.unplaced,
            "lines_not_told": lost,
        }


def emissions_of(
    book: Book, code: str, year: int, *, choices: Choices | None = None, unplaced: str = LIST
) -> Emissions:
    """The emissions of one zone in a year, on its parcels.

    Parameters
    ----------
    choices : of the inventory
    unplaced : key of `UNPLACED`

    Raises
    ------
    NotHere : no such zone, or nothing was stated of that year
    NothingInForce : no boundary of it was in force at the end of that year
    FaultsFound : there are statements, and of none of them anything is known
    NoSuchChoice : `unplaced` is none of those offered
    """
    if unplaced not in UNPLACED:
        raise NoSuchChoice("unplaced", unplaced, UNPLACED)
    ground = ground_of(book, code, date(year, 12, 31))
    return on_parcels(ground, inventories_of(book, {year: ground}, choices)[year], unplaced)


def inventories_of(
    book: Book, grounds: Mapping[int, Ground], choices: Choices | None = None
) -> dict[int, Inventory]:
    """The inventories of one zone, year by year, as an assessment has them, without what it measures beside.

    Parameters
    ----------
    grounds : the zone as it was at the end of each year
    """
    codes = {str(ground.zone["code"]) for ground in grounds.values()}
    if not codes:
        return {}
    (code,) = codes
    regions = {year: region_of(ground.zone) for year, ground in grounds.items()}
    activity = statements_of(book, "activity", code, sorted(grounds))
    return inventories(activity, zone=code, regions=regions, choices=choices)


def names_of(book: Book, code: str, year: int) -> dict[str, str]:
    """enterprise_id -> name, as the statements of the year give it."""
    found = book.read("enterprises", Ask(zone=code, year=year), columns=["enterprise_id", "name"])
    return dict(zip(found["enterprise_id"], found["name"], strict=True))


def on_parcels(ground: Ground, told: Inventory, unplaced: str = LIST) -> Emissions:
    """Inventory and ground joined.

    Formula: parcel = enterprise x area / Σ area of its parcels + zone's own x built area / Σ built area

    Raises
    ------
    NotHere, FaultsFound : see `emissions_of`
    """
    sums = _by_owner(told)
    own: Any = sums.loc[""].to_dict() if "" in sums.index else _nothing()
    firms = sums.drop(index="", errors="ignore")
    parcels = _cut(ground)
    held = parcels["area_m2"].groupby(parcels["enterprise_id"].astype(object)).sum()
    firms = firms.assign(area_m2=held[held > 0].reindex(firms.index).to_numpy())
    apart = firms["area_m2"].isna()
    stray = fsum(firms.loc[apart, "known"])
    moved = stray if unplaced == BUILT else 0.0
    built = parcels["built"].fillna(False).to_numpy(bool) & (parcels["area_m2"] > 0).to_numpy()
    on = np.where(built, parcels["area_m2"], 0.0)
    spreads = bool(built.any())
    made = _of_parcels(parcels, firms, own, on / on.sum() if spreads else on, moved)
    over = 0.0 if spreads else float(own["known"]) + moved
    faults = (*without_parcel(firms[apart], moved=moved > 0), *not_told(firms, own), *not_built(made, over))
    return Emissions(ground.zone, told.year, told, firms, own, made, over, stray - moved, faults)


def _by_owner(told: Inventory) -> pd.DataFrame:
    """Sums by enterprise_id, "" for the zone's own statement: see `Emissions.firms`."""
    frame = told.frame
    rows = frame[frame["scope"].isin((*SCOPES, ""))]
    if not len(rows):
        raise NotHere(
            "statement of energy and materials (take it in with mutan ingest activity) of",
            f"{told.zone} in {told.year}",
        )
    owner = rows["enterprise_id"].astype(object).fillna("").to_numpy()
    lost = rows["missing"].to_numpy() != ""
    tonnes = rows["tco2e"].fillna(0.0).to_numpy()
    if lost.all():
        raise FaultsFound(told.faults, f"Nothing is known of what {told.zone} emitted in {told.year}.")
    table = pd.DataFrame({"known": tonnes, "lines": 1, "lost": lost.astype(np.int64)})
    whole = table.groupby(owner, sort=True).sum()
    for scope in SCOPES:
        mine = rows["scope"].to_numpy() == scope
        part = table[mine].groupby(owner[mine]).sum()
        whole[scope] = part["known"].where(part["lost"] == 0).reindex(whole.index)
    whole["tco2e"] = whole["known"].where(whole["lost"] == 0)
    said = rows["category"].astype(object) + " " + rows["stated_item"].astype(object).fillna("")
    why = (said.str.strip() + ": " + rows["missing"].astype(object))[lost]
    first = why.groupby(owner[lost]).first().reindex(whole.index).fillna("")
    more = np.where(whole["lost"] > 1, "; and " + (whole["lost"] - 1).astype(str) + " more", "")
    whole["reason"] = first + more + np.where(whole["lost"] > 0, ". ", "")
    for scope in SCOPES:
        silent = whole[scope].isna() & (whole["lost"] == 0)
        whole.loc[silent, "reason"] += f"No line of {scope} is stated. "
    return whole.assign(reason=whole["reason"].str.strip())


def _nothing() -> dict[str, Any]:
    """The sums of a zone that states nothing by itself."""
    return {"known": 0.0, "lines": 0, "lost": 0, "scope1": 0.0, "scope2": 0.0, "tco2e": 0.0, "reason": ""}


def _cut(ground: Ground) -> gpd.GeoDataFrame:
    """The parcels with what of them lies in the zone."""
    names = ["parcel_id", "enterprise_id", "built", "area_m2", "geometry"]
    if not len(ground.parcels):
        empty = pd.DataFrame({name: pd.Series(dtype=object) for name in names[:-1]})
        return gpd.GeoDataFrame(empty.astype({"area_m2": float, "built": "boolean"}), geometry=[], crs=4490)
    parcels = gpd.GeoDataFrame(ground.parcels[names], geometry="geometry", crs=4490)
    across = np.flatnonzero(ground.parcels["share"].to_numpy() < 1)
    shapes = np.asarray(parcels.geometry.array, dtype=object).copy()
    whole = np.asarray(ground.zone["geometry"])
    shapes[across] = _polygons(shapely.intersection(shapes[across], whole))
    return parcels.assign(built=parcels["built"].astype("boolean")).set_geometry(
        gpd.GeoSeries(shapes, index=parcels.index, crs=4490)
    )


def _polygons(shapes: Any) -> Any:
    """The polygons of what a cut has left: where outlines touch, lines and points come with them."""
    mixed = np.flatnonzero(shapely.get_type_id(shapes) == 7)
    for i in mixed:
        parts = shapely.get_parts(shapes[i])
        land = parts[np.isin(shapely.get_type_id(parts), (3, 6))]
        shapes[i] = shapely.multipolygons(shapely.get_parts(land))
    return shapes


def _of_parcels(
    parcels: gpd.GeoDataFrame, firms: pd.DataFrame, own: Mapping[str, Any], built: Any, moved: float
) -> gpd.GeoDataFrame:
    """The parcels with what lies on each.

    Parameters
    ----------
    built : (n,) part of the built land of the zone that each is
    moved : known emissions of enterprises without a parcel, which lie on built land too
    """
    owner = parcels["enterprise_id"].astype(object)
    named = owner.notna().to_numpy() & (owner != "").to_numpy()
    mine = firms.reindex(owner.where(named, None)).reset_index(drop=True)
    stated = mine["lines"].notna().to_numpy()
    part = np.where(stated, parcels["area_m2"].to_numpy() / mine["area_m2"].to_numpy(), 0.0)
    made: dict[str, Any] = {}
    for name in (*SCOPES, "tco2e", "known"):
        firm = np.where(named, mine[name].to_numpy(float) * part, 0.0)
        zone = np.where(built > 0, float(own[name] if own["lines"] else 0.0) * built, 0.0)
        made[name] = np.nan_to_num(firm) + np.nan_to_num(zone) if name == "known" else firm + zone
    silent = named & ~stated
    for name in (*SCOPES, "tco2e"):
        made[name][silent] = np.nan
    bare = ~named & ~((built > 0) & bool(own["lines"]))
    for name in (*SCOPES, "tco2e"):
        made[name][bare] = np.nan
    made["known"] = made["known"] + moved * built
    reason = np.where(stated, mine["reason"].fillna("").to_numpy(object), "").astype(object)
    reason[silent] = "The enterprise on it has stated nothing for the year. Take in its statement."
    reason[bare] = "No enterprise is named on it, and nothing of the zone's own statement lies on it."
    if own["reason"]:
        reason[built > 0] += f" The zone's own statement: {own['reason']}"
    return parcels.assign(**made, emitter=~bare, reason=[str(each).strip() for each in reason])
