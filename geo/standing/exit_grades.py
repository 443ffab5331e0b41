"""Enterprises in the lowest class (最低类企业): in a year, and for how many years running.

A year without a grade is no year in the lowest class, and none out of it: the count ends there, and the row
says that it may be longer.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.errors import ColumnMissing
from data.records import Fault, Severity

NEEDS = ("enterprise_id", "name", "zone", "year", "class", "lowest")
WHO = ["zone", "enterprise_id"]
LEFT_OUT = ("excused", "outside")  # not evaluated that year: neither on the list nor undecided


def low_rows(
    grades: pd.DataFrame, year: int, enterprises: pd.DataFrame | None
) -> tuple[pd.DataFrame, pd.DataFrame, tuple[Fault, ...]]:
    """Rows of the exit list for enterprises, those of which it cannot be told, and faults.

    Parameters
    ----------
    grades, year, enterprises : as `geo.standing.exit_list.exit_list` takes them

    Raises
    ------
    ColumnMissing : the grades lack a column
    """
    for name in NEEDS:
        if name not in grades:
            raise ColumnMissing(name, "The exit list", grades.columns)
    table = _typed(grades)
    single, faults = _once(table[table["status"].ne("merged")])
    now = single[(single["year"] == year) & ~single["status"].isin(LEFT_OUT)].reset_index(drop=True)
    low = now[now["lowest"].fillna(False).astype(bool)].reset_index(drop=True)
    vague = now[now["lowest"].isna()]
    running, open_end = _running(single, year, low)
    rows = pd.DataFrame({
        "kind": "low_yield",
        "zone": low["zone"],
        "subject": low["enterprise_id"],
        "name": low["name"],
        "parcel_id": None,
        "enterprise_id": low["enterprise_id"],
        "reason": "连续" + running.astype("str") + "年列入最低类 " + low["class"],
        "basis": low["scheme"],
        "rule_status": None,
        "grade_status": low["status"],
        "since": (year + 1 - running).astype("str"),
        "age_years": running.astype("float64"),
        "age_at_least": open_end,
        "mu": low["land_mu"],
        "money_cny10k": _tax(table, enterprises, year, low),
        "money": "tax",
    })
    why = "Whether it is in the lowest class cannot be told. " + vague["reason"].fillna("No reason is given.")
    named = vague[["zone", "enterprise_id", "name", "land_mu"]]
    named = named.rename(columns={"enterprise_id": "subject", "land_mu": "mu"})
    return rows, named.assign(kind="low_yield", reason=why), faults


def _typed(grades: pd.DataFrame) -> pd.DataFrame:
    """The columns that matter, each there and of its type."""
    texts = ("zone", "enterprise_id", "name", "class", "status", "scheme", "reason", "merged_into")
    blank = pd.Series(None, index=grades.index, dtype="str")
    table = pd.DataFrame({name: grades.get(name, blank).astype("str") for name in texts})
    land = grades.get("land_mu", pd.Series(np.nan, index=grades.index))
    return table.assign(
        year=pd.to_numeric(grades["year"]).astype("int64"),
        land_mu=pd.to_numeric(land, errors="coerce").astype("float64"),
        lowest=grades["lowest"].astype("boolean").mask(table["class"].isna()),
    )


def _once(grades: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Fault, ...]]:
    """One grade per enterprise and year; two that differ leave it open."""
    key = [*WHO, "year"]
    again = grades.duplicated(key, keep=False)
    if not again.any():
        return grades, ()
    counts = grades[again].groupby(key)["lowest"].nunique(dropna=False)
    split = counts[counts > 1].index
    faults = tuple(
        Fault(
            "graded_twice",
            f"Enterprise {firm} of {zone} is in the lowest class of {year} by one grade and not by another.",
            "Hand in the grades of one scheme.",
            Severity.WARNING,
            layer="grades",
            feature=str(firm),
        )
        for zone, firm, year in split.tolist()
    )
    single = grades.drop_duplicates(key)
    differ = pd.MultiIndex.from_frame(single[key]).isin(split)
    said = "Two grades of this year contradict each other."
    return single.assign(
        lowest=single["lowest"].mask(differ), reason=single["reason"].mask(differ, said)
    ), faults


def _running(grades: pd.DataFrame, year: int, low: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """For how many years running each has been lowest, and whether an unknown year ended the count."""
    who = pd.MultiIndex.from_frame(low[WHO])
    row = pd.Series(np.arange(len(who)), index=who)
    past = grades[(grades["year"] <= year)]
    at = row.reindex(pd.MultiIndex.from_frame(past[WHO])).to_numpy()
    mine = past[~np.isnan(at)]
    width = year - int(mine["year"].min()) + 2 if len(mine) else 1
    states = np.full((len(who), width), np.nan)
    steps = (year - mine["year"]).to_numpy()
    states[at[~np.isnan(at)].astype(int), steps] = mine["lowest"].to_numpy(dtype=float, na_value=np.nan)
    running = (states != 1.0).argmax(axis=1) if len(who) else np.zeros(0, dtype=int)
    unknown = np.isnan(states[np.arange(len(who)), running])
    return pd.Series(running, index=low.index), pd.Series(unknown, index=low.index)


def _tax(grades: pd.DataFrame, enterprises: pd.DataFrame | None, year: int, low: pd.DataFrame) -> pd.Series:
    """Tax of each in the year, 万元; that of a plot's lead with all firms merged into it."""
    if enterprises is None or "tax_cny10k" not in enterprises:
        return pd.Series(np.nan, index=low.index)
    mine = enterprises[pd.to_numeric(enterprises["year"], errors="coerce") == year].drop_duplicates(WHO)
    merged = grades[(grades["year"] == year) & grades["status"].eq("merged")]
    lead = dict(zip(zip(*(merged[name] for name in WHO), strict=True), merged["merged_into"], strict=True))
    pairs = list(zip(mine["zone"], mine["enterprise_id"], strict=True))
    table = pd.DataFrame({
        "zone": [zone for zone, _ in pairs],
        "enterprise_id": [lead.get(pair, pair[1]) for pair in pairs],
        "tax": pd.to_numeric(mine["tax_cny10k"], errors="coerce").to_numpy(dtype=float),
    })
    groups = table.groupby(WHO)["tax"]
    taxed = groups.sum().where(groups.count() == groups.size())
    return taxed.reindex(pd.MultiIndex.from_frame(low[WHO])).set_axis(low.index)
