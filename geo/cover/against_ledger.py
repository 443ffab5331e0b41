"""Satellite against ledger (卫星核台账): does the raster see buildings where the ledger says there are some?

A parcel is told only when the raster leaves no doubt: what it shows built on, and what it cannot tell (mixed
classes, values without a legend, cells without a value), give a least and a largest share, and the threshold
must lie outside of them. A parcel of few cells is not told at all: its cells are its neighbours' too.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.codes.legends import Legend
from data.units import m2_to_mu
from geo.cover.seen import Seen
from geo.cover.zonal import ClassAreas

THRESHOLD = 0.5
"""Built share from which a parcel counts as built on: the larger part of it."""

LEAST_CELLS = 4.0
"""Below that a parcel has hardly a cell of its own."""

AGREES, ONLY_LEDGER, ONLY_SATELLITE, CANNOT_TELL = "agrees", "only_ledger", "only_satellite", "cannot_tell"
VERDICTS = {
    AGREES: "一致",
    ONLY_LEDGER: "台账已建成而卫星未见",
    ONLY_SATELLITE: "台账未建成而卫星已见",
    CANNOT_TELL: "无法判断",
}


def parcels_against(
    parcels: pd.DataFrame,
    found: ClassAreas,
    legend: Legend,
    *,
    threshold: float = THRESHOLD,
    least_cells: float = LEAST_CELLS,
) -> pd.DataFrame:
    """Each parcel by the ledger and by the satellite; those that differ most come first.

    Parameters
    ----------
    parcels : parcel_id, and built (nullable; NA is unknown), row for row with `found`
    threshold : built share from which the satellite sees a parcel as built on, 0..1
    least_cells : parcels that cover fewer cells cannot be told

    Returns
    -------
    DataFrame: parcel_id, area_m2, area_mu, built, satellite_share, cells, verdict (key of `VERDICTS`),
    disagreement_mu (the land about which the two differ; nan where it cannot be told), reason
    """
    seen = Seen.of(found, legend)
    built = parcels["built"].astype("boolean").reset_index(drop=True)
    yes, no = built.fillna(False).to_numpy(bool), (~built).fillna(False).to_numpy(bool)
    reason = _why_not(found, seen, built, threshold, least_cells)
    told = reason == ""
    visible = seen.least >= threshold
    verdict = np.select(
        [~told, yes & ~visible, no & visible], [CANNOT_TELL, ONLY_LEDGER, ONLY_SATELLITE], default=AGREES
    )
    apart = np.where(yes, 1 - seen.share, seen.share) * found.whole_m2
    table = pd.DataFrame({
        "parcel_id": parcels["parcel_id"].astype("str").to_numpy(),
        "area_m2": found.whole_m2,
        "area_mu": m2_to_mu(found.whole_m2),
        "built": built.to_numpy(),
        "satellite_share": seen.share,
        "cells": found.cells,
        "verdict": verdict,
        "disagreement_mu": m2_to_mu(np.where(told, apart, np.nan)),
        "reason": reason.astype(str),
    }).astype({"built": "boolean"})
    return _ranked(table)


def _ranked(table: pd.DataFrame) -> pd.DataFrame:
    """Those that differ, by the land about which they do; those that agree; those that cannot be told."""
    rank = {ONLY_LEDGER: 0, ONLY_SATELLITE: 0, AGREES: 1, CANNOT_TELL: 2}
    order = table.assign(rank=table["verdict"].map(rank), lost=-table["disagreement_mu"])
    order = order.sort_values(["rank", "lost", "parcel_id"], kind="stable")
    return table.loc[order.index].reset_index(drop=True)


def _why_not(
    found: ClassAreas, seen: Seen, built: pd.Series, threshold: float, least_cells: float
) -> NDArray[np.object_]:
    reason = np.full(len(built), "", dtype=object)
    with np.errstate(invalid="ignore"):
        doubt = (seen.least < threshold) & (seen.most >= threshold)
        small = found.cells < least_cells
    for i in np.flatnonzero(doubt):
        reason[i] = (
            f"Between {seen.least[i]:.0%} and {seen.most[i]:.0%} of it may be built on: the raster has mixed "
            "classes or no value there. Look at an image."
        )
    reason[small] = f"It covers fewer than {least_cells:g} cells. Give a finer raster."
    reason[built.isna().to_numpy(bool)] = (
        "The ledger does not say whether it is built (是否建成). Fill it in."
    )
    told = found.reason != ""
    reason[told] = found.reason[told]
    return reason
