"""The conditions of idle land (闲置认定条件) on each project: true, false, or not known."""

from __future__ import annotations

from datetime import date

import pandas as pd

from data.records import Dated
from geo.standing.years import full, past


def conditions(rows: pd.DataFrame, limits: dict[str, Dated], day: date) -> pd.DataFrame:
    """The conditions of the order on each row, each true, false or not known."""
    now = pd.Timestamp(day)
    begun = _begun(rows, now)
    late = past(rows["agreed_start_on"], value(limits, "start_overdue"))
    overdue = late.le(now).astype("boolean").mask(late.isna())
    developed = _share(rows["developed_m2"], rows["developable_m2"])
    invested = _share(rows["actual_investment_cny10k"], rows["promised_investment_cny10k"])
    little = _below(developed, value(limits, "developed_share_min")) | _below(
        invested, value(limits, "invested_share_min")
    )
    still = _still(rows, now, value(limits, "suspended"))
    return pd.DataFrame({
        "begun": begun,
        "overdue": overdue,
        "little": little,
        "still": still,
        "developed_share": developed,
        "invested_share": invested,
        "not_started": ~begun & overdue,
        "suspended": begun & little & still,
    })


def _begun(rows: pd.DataFrame, now: pd.Timestamp) -> pd.Series:
    """Whether work has begun by that day; a stated day of beginning goes before the stage."""
    stage = rows["stage"]
    begun = pd.Series(pd.NA, index=rows.index, dtype="boolean")
    begun = begun.mask(stage.eq("signed"), False).mask(stage.isin(["started", "operating"]), True)
    signs = rows["operating_on"].le(now) | rows["suspended_on"].le(now) | rows["developed_m2"].gt(0)
    begun = begun.mask(signs, True)
    return begun.mask(rows["started_on"].notna(), rows["started_on"].le(now).astype("boolean"))


def _still(rows: pd.DataFrame, now: pd.Timestamp, years: float) -> pd.Series:
    """Whether work has stood still for the full time.

    A stage of started or operating says that work goes on; work begun later cannot have stood so long.
    """
    since = full(rows["suspended_on"], years)
    recent = full(rows["started_on"], years).gt(now)
    goes_on = rows["stage"].isin(["started", "operating"]) | rows["operating_on"].le(now) | recent
    still = pd.Series(pd.NA, index=rows.index, dtype="boolean").mask(goes_on, False)
    return still.mask(since.notna(), since.le(now).astype("boolean"))


def _share(part: pd.Series, whole: pd.Series) -> pd.Series:
    return part / whole.where(whole > 0)


def _below(share: pd.Series, limit: float) -> pd.Series:
    return share.lt(limit).astype("boolean").mask(share.isna())


def value(limits: dict[str, Dated], item: str) -> float:
    """The number of one limit in force; all of the order have one."""
    return float(limits[item].value or 0)


def reasons(rows: pd.DataFrame, held: pd.DataFrame) -> pd.Series:
    """What is lacking where it cannot be told; empty elsewhere."""
    unsure = (held["not_started"] | held["suspended"]).isna()
    begun, never = held["begun"].fillna(True).astype(bool), held["begun"].fillna(False).eq(False)
    pairs = (
        (held["begun"].isna(), "started_on (实际动工日期) or stage"),
        (never & rows["agreed_start_on"].isna(), "agreed_start_on (约定动工日期)"),
        (begun & held["still"].isna(), "suspended_on (中止开发日期), or a stage saying that work goes on"),
        (begun & held["little"].isna() & held["developed_share"].isna(), "developed_m2 and developable_m2"),
        (begun & held["little"].isna() & held["invested_share"].isna(), "actual and promised investment"),
    )
    said = pd.Series("", index=rows.index, dtype="str")
    for lacks, what in pairs:
        lacks_here = (unsure & lacks).to_numpy(dtype=bool)
        said = said.mask(lacks_here & said.ne("").to_numpy(), said + "; " + what)
        said = said.mask(lacks_here & said.eq("").to_numpy(), "Cannot be told without " + what)
    return said.mask(said.ne(""), said + ". State it, then assess again.")
