"""Outliers of intensity (强度离群): emissions per value added far from those of the same industry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from carbon.completeness.park import Park
from carbon.limits import limits, values
from carbon.tables import Floats, summed
from data.records import Fault, Severity

SCALE = 0.6745  # of a normal distribution, the MAD is 0.6745 standard deviations
LIMITS = ("outlier_peers", "outlier_score")
BASES = {"value_added_cny10k": "tCO2e/万元", "energy_tce": "tCO2e/tce"}


def outliers(
    park: Park, per: str = "value_added_cny10k", tonnes: pd.Series | None = None
) -> tuple[pd.DataFrame, tuple[Fault, ...]]:
    """The intensity of each enterprise beside that of its division, and those far from it.

    Formula: score = 0.6745 (ln x - median) / MAD, median and MAD of ln x over the division; an outlier where
    |score| is above the limit. The logarithm, for intensities are skewed; the median, for an outlier must not
    hide itself.

    Parameters
    ----------
    per : column of the enterprises, `value_added_cny10k` or `energy_tce`
    tonnes : tCO2e by enterprise_id; None: scopes 1 and 2 as stated. `total_tco2e` of
        `carbon.netting.Netting.enterprises` makes buyers of power and heat inside the park comparable

    Returns
    -------
    DataFrame, one row per listed enterprise: enterprise_id, division, tco2e, base, intensity, peers, median,
    score (nan where it cannot be told), outlier (bool), reason; and a warning for each outlier
    """
    found, unknown = limits("plausibility", LIMITS, park.ask)
    limit = values(found, LIMITS)
    made = _scored(_intensities(park, per, tonnes), limit)
    made["reason"] = made["reason"].str.replace("{per}", per)
    return made, unknown + tuple(_said(made, BASES.get(per, f"tCO2e/{per}"), limit))


def _scored(made: pd.DataFrame, limit: Mapping[str, float]) -> pd.DataFrame:
    """Each intensity with the median of its division, its distance from it, or why that cannot be told."""
    known = made["intensity"].to_numpy(np.float64)
    of = made["division"].to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = pd.Series(np.where(known > 0, np.log(known), np.nan))
    groups = logs.groupby(of)
    median, peers = groups.transform("median"), groups.transform("count")
    spread = (logs - median).abs().groupby(of).transform("median").to_numpy(np.float64)
    few = ((peers < limit["outlier_peers"]) | (of == "")).to_numpy(bool)
    alike = spread <= 1e-12
    with np.errstate(divide="ignore", invalid="ignore"):
        score = np.where(few | alike, np.nan, SCALE * (logs - median).to_numpy(np.float64) / spread)
    reasons = [
        "No emissions told, or no {per} above zero.",
        "Nothing is emitted, so the logarithm is not known.",
        f"Fewer than {limit['outlier_peers']:g} enterprises of the division can be compared.",
        "Half of the division is alike to the last digit; a distance cannot be told.",
    ]
    return made.assign(
        peers=peers,
        median=np.where(few, np.nan, np.exp(median)),
        score=score,
        outlier=np.abs(score) > limit["outlier_score"],
        reason=pd.Series(np.select([np.isnan(known), known <= 0, few, alike], reasons, ""), dtype="str"),
    )


def _intensities(park: Park, per: str, tonnes: pd.Series | None) -> pd.DataFrame:
    firms = park.firms
    emitted = _emitted(park) if tonnes is None else firms["enterprise_id"].map(tonnes).to_numpy(np.float64)
    made = firms[["enterprise_id", "division", "division_name"]].assign(tco2e=emitted)
    made["base"] = firms.get(per, np.nan)
    made = made[firms["listed"].to_numpy(bool)].reset_index(drop=True)
    base = made["base"].to_numpy(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        made["intensity"] = np.where(base > 0, made["tco2e"].to_numpy(np.float64) / base, np.nan)
    return made


def _emitted(park: Park) -> Floats:
    """tCO2e of each of `firms`; nan where it has told nothing, or not all of its lines."""
    count = len(park.firms)
    told = np.bincount(park.codes[(park.codes >= 0) & ~np.isnan(park.tonnes)], minlength=count) > 0
    lost = (park.frame["missing"] != "").to_numpy(bool)
    is_open = np.bincount(park.codes[(park.codes >= 0) & lost], minlength=count) > 0
    return np.where(told & ~is_open, summed(park.codes, park.tonnes, count), np.nan)


def _said(made: pd.DataFrame, unit: str, limit: Mapping[str, float]) -> Iterator[Fault]:
    odd = made[made["outlier"].to_numpy(bool)]
    for row in odd.reindex(odd["score"].abs().sort_values(ascending=False).index).itertuples():
        line: Any = row
        times = line.intensity / line.median
        yield Fault(
            "intensity_outlier",
            f"{line.enterprise_id} emits {line.intensity:.4g} {unit}; the median of the {line.peers:g} "
            f"enterprises of {line.division} {line.division_name} is {line.median:.4g}: {times:.3g} times, "
            f"score {line.score:.3g} (looked at from {limit['outlier_score']:g}).",
            "Check amounts, units and value added, or explain why it differs from its industry.",
            Severity.WARNING,
            "enterprises",
            line.enterprise_id,
        )
