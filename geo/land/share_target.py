"""What a zone lacks to its industrial share (产业用地占比缺口): land to convert or to release, which parcels.

With N industrial land and D all construction land, the share N / D reaches the target T when T x D − N of
other construction land becomes industrial, or when D − N / T of it is released and no longer counts.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from data.errors import NoValueOnDay
from data.parameters import Parameter, parameter
from data.records import Dated, Input, Outcome, Result
from data.units import m2_to_mu
from geo.land.industrial_share import industrial_share
from geo.land.share_parcels import share_parcels
from geo.land.survey import surveyed

RULE = "rules.land.industrial_share_min"
KEPT = ("transport", "utilities", "park", "water_works")
"""Categories not offered for conversion: roads, utilities, parks and water works serve the works too."""
CONVERT = "max(0, 目标 × 建设用地 − 产业用地)"
RELEASE = "max(0, 建设用地 − 产业用地 / 目标)"


@dataclass(frozen=True, slots=True)
class ShareTarget:
    """What would have to change for a zone to reach the target of its industrial share.

    Parameters
    ----------
    share : the industrial share as it is
    target : the share aimed at, as in force; None where there is none
    outcome : whether it is reached; the share is rounded as the rule says
    convert, release : land to make industrial, or to take out of the denominator, in mu; 0 when the target is
        reached, None with a reason when it cannot be told
    parcels : candidates for conversion in the order in which they would be taken: rank, parcel_id (where
        there is one), land_class, use, supply, built, area_m2, area_mu, cumulative_mu, share_after (when all
        up to this one are converted), reaches (True for the first with which the target is reached)
    """

    share: Result
    target: Dated | None
    outcome: Outcome
    convert: Result
    release: Result
    parcels: pd.DataFrame


def share_target(
    table: pd.DataFrame,
    day: date,
    region: str,
    *,
    definition: str = "auto",
    vacant: bool = False,
    kept: Collection[str] = KEPT,
) -> ShareTarget:
    """What a zone lacks to the target of its industrial share, and the parcels that could make it up.

    Candidates lie in the denominator and not in the numerator. First come those that are idle or not built,
    for nothing need be cleared there; among equals the largest come first, so that the fewest change.

    Parameters
    ----------
    table : parcels as `surveyed` takes or returns them; parcel_id where there is one
    day, region : which target is in force
    definition, vacant : as for `industrial_share`
    kept : categories that are never candidates

    Raises
    ------
    ColumnMissing, NoSuchCode : see `share_parcels`
    """
    land = surveyed(table)
    share = industrial_share.measure(land, {"definition": definition, "vacant": vacant})
    rule = parameter(RULE)
    try:
        limit: Dated | None = rule.on(day, region)
    except NoValueOnDay:
        limit = None
    outcome = rule.hold(share.value, limit) if limit else Outcome.CANNOT_TELL
    named = land.assign(parcel_id=table["parcel_id"]) if "parcel_id" in table else land
    parcels = share_parcels(named, definition, vacant)
    if outcome is not Outcome.NOT_MET or limit is None:
        parcels = parcels.iloc[:0]
    listed = _ranked(parcels, kept, share, rule, limit)
    convert, release = _gap(share, limit, outcome, float(listed["area_mu"].sum()))
    return ShareTarget(share, limit, outcome, convert, release, listed)


def _gap(share: Result, limit: Dated | None, outcome: Outcome, candidates_mu: float) -> tuple[Result, Result]:
    """Land to convert, and land to release."""
    goal = limit.value if limit else None
    articles = (*share.articles, *([limit] if limit else []))
    inputs = (*share.inputs, Input("target", "目标", goal, "1", limit.name if limit else RULE))
    convert = Result("share_to_convert", "需转为产业用地", None, "mu", inputs, CONVERT, articles)
    release = Result("share_to_release", "需退出建设用地", None, "mu", inputs, RELEASE, articles)
    if goal is None or share.value is None:
        reason = share.reason or "No target of the industrial share is in force here on that day."
        return replace(convert, reason=reason), replace(release, reason=reason)
    if outcome is Outcome.MET:
        return replace(convert, value=0.0), replace(release, value=0.0)
    top, base = (m2_to_mu(float(each.value or 0)) for each in share.inputs)
    lacking = goal * base - top
    beside = {"candidates_mu": candidates_mu, "short_mu": max(0.0, lacking - candidates_mu)}
    converted = replace(convert, value=lacking, breakdown=beside)
    if top <= 0:
        return converted, replace(
            release, reason="There is no industrial land here, and no release brings any."
        )
    return converted, replace(release, value=base - top / goal)


def _ranked(
    parcels: pd.DataFrame, kept: Collection[str], share: Result, rule: Parameter, limit: Dated | None
) -> pd.DataFrame:
    """The candidates in the order in which they would be taken, with the share after each."""
    candidate = parcels["in_denominator"].fillna(False) & ~parcels["in_numerator"].fillna(True)
    found = parcels[(candidate & ~parcels["use"].isin(list(kept))).astype(bool)].copy()
    found["_standing"] = ~(found["supply"].eq("idle") | found["built"].eq(False).fillna(False))
    ties = [name for name in ("parcel_id", "land_class") if name in found]
    found = found.sort_values(["_standing", "area_m2", *ties], ascending=[True, False, *(True for _ in ties)])
    found["area_mu"] = m2_to_mu(found["area_m2"])
    found["cumulative_mu"] = found["area_mu"].cumsum()
    sums = [m2_to_mu(float(each.value or 0)) for each in share.inputs] if len(found) else [0.0, 1.0]
    found["share_after"] = (sums[0] + found["cumulative_mu"]) / sums[1]
    after = found["share_after"].tolist()
    first = bisect_left(
        after, True, key=lambda one: limit is not None and rule.hold(one, limit) is Outcome.MET
    )
    found["reaches"] = np.arange(len(after)) == first
    found.insert(0, "rank", np.arange(1, len(found) + 1))
    return found.drop(columns=["_standing", "in_numerator", "in_denominator"])
