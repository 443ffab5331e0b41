"""Idle land (闲置土地) by order 53 of 2012: which projects' land is idle on a day, since when, and how much.

Idle is land on which
  not_started   work has not begun more than a year after the agreed day of beginning; or
  suspended     work has begun, but less than a third of the land is developed or less than 25 % of the
                investment made, and work has stood still for a full year.

Both are found from dates and figures, so the answer is a suspicion (疑似): the authority finds whether
land is idle, and why; a cause that lies with the government is not seen here. The agreed day itself is not
counted; the day on which work was suspended is the first day of standstill.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from data.errors import ColumnMissing
from data.parameters import parameter
from data.records import Dated, Fault, Finding
from data.units import m2_to_mu
from geo.standing.idle_conditions import conditions, reasons, value
from geo.standing.idle_places import placed, unnamed
from geo.standing.idle_told import contradictions, findings
from geo.standing.years import age, as_days, full, past

RULE = "rules.land.idle_land"
ITEMS = (
    *("start_overdue", "suspended", "developed_share_min"),
    *("invested_share_min", "fee_share", "reclaimed_after"),
)
TEXTS = ("project_id", "name", "zone", "enterprise_id", "parcel_id", "stage")
DAYS = ("agreed_start_on", "started_on", "suspended_on", "operating_on")
NUMBERS = (
    *("developable_m2", "developed_m2", "promised_investment_cny10k", "actual_investment_cny10k"),
    *("land_price_cny10k", "land_m2"),
)


@dataclass(frozen=True)
class Idle:
    """Idle land of a day.

    Parameters
    ----------
    table : one row per project, and one per parcel that is stated idle without a project: project_id, name,
        zone, enterprise_id, parcel_id, idle (nullable bool), clause (not_started, suspended), since (the day
        from which it is counted), idle_on (first day on which it is idle), age_years, waited_years (since the
        agreed day, where work has not begun), area_m2, mu, begun,
        developed_share, invested_share, consequence (fee, reclaim), fee_cny10k, reclaim, stated_idle,
        article, reason (why it cannot be told)
    findings : one per project; met means not idle
    faults : where dates, stage and the parcel's `supply` contradict each other
    limits : the rules in force, each with its status; the fee and the reclaiming are not verified
    """

    day: date
    table: pd.DataFrame
    findings: tuple[Finding, ...]
    faults: tuple[Fault, ...]
    limits: dict[str, Dated]


def idle_land(projects: pd.DataFrame, parcels: pd.DataFrame, *, day: date, region: str) -> Idle:
    """Which land is idle on a day.

    Parameters
    ----------
    projects : project_id, and of the other columns of the kind `projects` what is known
    parcels : parcel_id, and supply and area_m2 (ellipsoidal) where known; with `zone` in both tables a
        parcel is looked up within its zone
    day, region : which limits are in force, and up to when time is counted

    Raises
    ------
    ColumnMissing : there is no project_id or no parcel_id
    NoValueOnDay : the order was not in force
    """
    for frame, column in ((projects, "project_id"), (parcels, "parcel_id")):
        if column not in frame:
            raise ColumnMissing(column, "Idle land", frame.columns)
    limits = {item: parameter(f"{RULE}.{item}").on(day, region) for item in ITEMS}
    rows, strange = placed(_columns(projects), parcels)
    held = conditions(rows, limits, day)
    table = _table(rows, held, limits, day)
    alone = unnamed(rows, parcels)
    found = (*strange, *contradictions(rows, held, table, day))
    whole = pd.concat([table, alone], ignore_index=True) if len(alone) else table
    return Idle(day, whole, tuple(findings(whole, limits)), found, limits)


def _columns(projects: pd.DataFrame) -> pd.DataFrame:
    """The columns that matter, each there and of its type; what is not given is missing."""
    index = projects.index
    texts = {name: projects.get(name, pd.Series(None, index=index)).astype("str") for name in TEXTS}
    days = {name: as_days(projects.get(name, pd.Series(pd.NaT, index=index))) for name in DAYS}
    numbers = {
        name: pd.to_numeric(projects.get(name, pd.Series(np.nan, index=index)), errors="coerce").astype(float)
        for name in NUMBERS
    }
    return pd.DataFrame(texts | days | numbers, index=index).reset_index(drop=True)


def _table(rows: pd.DataFrame, held: pd.DataFrame, limits: dict[str, Dated], day: date) -> pd.DataFrame:
    """What is said of each project."""
    never = held["not_started"].fillna(False).astype(bool)
    halted = held["suspended"].fillna(False).astype(bool)
    since = rows["agreed_start_on"].where(never, rows["suspended_on"].where(halted))
    starts = past(rows["agreed_start_on"], value(limits, "start_overdue")).where(
        never, full(rows["suspended_on"], value(limits, "suspended")).where(halted)
    )
    clause = pd.Series("", index=rows.index, dtype="str").mask(halted, "suspended").mask(never, "not_started")
    back = past(rows["agreed_start_on"], value(limits, "reclaimed_after")).le(pd.Timestamp(day)) & never
    articles = {"not_started": limits["start_overdue"].article, "suspended": limits["suspended"].article}
    return pd.DataFrame({
        **{name: rows[name] for name in TEXTS if name != "stage"},
        "idle": held["not_started"] | held["suspended"],
        "clause": clause,
        "since": since,
        "idle_on": starts,
        "age_years": age(since, day),
        "waited_years": age(rows["agreed_start_on"], day).where(held["begun"].eq(False).fillna(False)),
        "area_m2": rows["area_m2"],
        "mu": m2_to_mu(rows["area_m2"]),
        "begun": held["begun"],
        "developed_share": held["developed_share"],
        "invested_share": held["invested_share"],
        "consequence": pd.Series("", index=rows.index, dtype="str").mask(never, "fee").mask(back, "reclaim"),
        "land_price_cny10k": rows["land_price_cny10k"],
        "fee_cny10k": (rows["land_price_cny10k"] * value(limits, "fee_share")).where(never),
        "reclaim": back,
        "stated_idle": rows["supply_idle"],
        "article": clause.map(articles).fillna(""),
        "reason": reasons(rows, held),
    })
