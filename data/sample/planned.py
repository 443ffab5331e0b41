"""Land foreseen for building (规划建设用地), and land proven to be taken already (举证)."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.sample.land import Land
from data.sample.plan import PLANE
from data.sample.uses import is_construction

FORESEEN = 0.65  # of the blocks of fields, that are to be built on
PROVEN = {"G411031": 5, "G411162": 3, "G411165": 2, "G411167": 3}  # parcels with evidence


def foresee(rng: np.random.Generator, land: Land) -> None:
    """Which parcels the plan foresees (`planned`), and which of those not given out are proven (`proven`)."""
    parcels = land.parcels
    block = (parcels["part"].astype(str) + "/" + parcels["block"].astype(str)).factorize()[0]
    chosen = (rng.random(block.max() + 1) < FORESEEN)[block]
    ready = parcels["supply"].eq("ready").to_numpy()
    fields = parcels["supply"].eq("not_supplied").to_numpy() & chosen
    parcels["planned"] = is_construction(parcels["code3"]) | ready | fields
    parcels["proven"] = False
    left = parcels.index[parcels["planned"] & (ready | fields)]
    parcels.loc[rng.permutation(left)[: PROVEN.get(land.plan.code, 0)], "proven"] = True


def lay_planned(land: Land) -> gpd.GeoDataFrame:
    """One row for the planned land of a zone, and one for each parcel with evidence.

    Returns
    -------
    kind, name, level, restricted, geometry in the plane; corners are those of the parcels
    """
    parcels, short = land.parcels, f"{land.number:02d}"
    whole = shapely.coverage_union_all(parcels.geometry[parcels["planned"]].to_numpy())
    rows = [("planned_construction", f"示例规划建设用地{short}", "规划建设用地", whole)]
    rows += [
        ("evidence", f"示例举证图斑{short}{k:02d}", "已建未供", shape)
        for k, shape in enumerate(parcels.geometry[parcels["proven"]], 1)
    ]
    made = gpd.GeoDataFrame(
        rows, columns=["kind", "name", "level", "geometry"], geometry="geometry", crs=PLANE
    )
    return made.assign(restricted=False)


def left_over(parcels: pd.DataFrame) -> pd.Series:
    """Which parcels can still be given out: planned, not given out yet, and not proven to be taken."""
    given = parcels["supply"].isin(["supplied", "idle"])
    return pd.Series(parcels["planned"] & ~given & ~parcels["proven"])
