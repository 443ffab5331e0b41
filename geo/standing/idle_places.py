"""Projects and the parcels they stand on (项目与地块): areas, and what a parcel's supply says."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.records import Fault
from data.units import m2_to_mu


def placed(rows: pd.DataFrame, parcels: pd.DataFrame) -> tuple[pd.DataFrame, list[Fault]]:
    """Projects with supply and area of their parcel; a parcel in several pieces is one parcel.

    Where several projects share a parcel, each has the land that it states for itself.
    """
    key = _key(rows, parcels)
    land = _land(parcels, key)
    joined = rows.merge(land, on=key, how="left")
    shared = joined["parcel_id"].notna() & joined.duplicated(key, keep=False)
    area = joined["parcel_m2"].mask(shared).fillna(joined["land_m2"])
    lost = joined[joined["parcel_id"].notna() & joined["known"].isna()]
    found = [
        Fault(
            "parcel_unknown",
            f"Project {project} names the parcel {parcel}, which is not there.",
            "Correct parcel_id, or take in the parcel.",
            layer="projects",
            feature=project,
            column="parcel_id",
        )
        for project, parcel in lost[["project_id", "parcel_id"]].itertuples(index=False)
    ]
    return joined.assign(area_m2=area), found


def _key(rows: pd.DataFrame, parcels: pd.DataFrame) -> list[str]:
    stated = "zone" in parcels and parcels["zone"].notna().all() and rows["zone"].notna().all()
    return ["zone", "parcel_id"] if stated else ["parcel_id"]


def _land(parcels: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """One row per parcel: supply_idle (nullable bool) and parcel_m2."""
    blank = pd.Series(np.nan, index=parcels.index)
    supply = parcels.get("supply", pd.Series(None, index=parcels.index, dtype="str"))
    table = pd.DataFrame({
        **{name: parcels[name].astype("str") for name in key},
        "supply_idle": supply.eq("idle").astype("boolean").mask(supply.isna()),
        "parcel_m2": pd.to_numeric(parcels.get("area_m2", blank), errors="coerce").astype(float),
        "known": True,
    })
    groups = table[table["parcel_id"].notna()].groupby(key, sort=False)
    whole = groups.agg(supply_idle=("supply_idle", "max"), known=("known", "first"))
    return whole.assign(parcel_m2=groups["parcel_m2"].sum(min_count=1)).reset_index()


def unnamed(rows: pd.DataFrame, parcels: pd.DataFrame) -> pd.DataFrame:
    """Parcels that are stated idle, and that no project names: nothing says since when."""
    key = _key(rows, parcels)
    land = _land(parcels, key)
    land = land[land["supply_idle"].fillna(False).astype(bool)]
    named = pd.MultiIndex.from_frame(rows[key])
    land = land[~pd.MultiIndex.from_frame(land[key]).isin(named)]
    why = "No project names this parcel, so nothing says since when it is idle. State its project."
    return pd.DataFrame({
        **{name: land[name] for name in key},
        "idle": pd.array([pd.NA] * len(land), dtype="boolean"),
        **dict.fromkeys(("clause", "consequence", "article"), ""),
        "area_m2": land["parcel_m2"],
        "mu": m2_to_mu(land["parcel_m2"]),
        "stated_idle": land["supply_idle"],
        "reason": why,
    })
