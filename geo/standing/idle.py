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
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.errors import ColumnMissing
from data.parameters import parameter
from data.records import Dated, Fault, Finding
from data.units import m2_to_mu
from geo.standing.idle_conditions import Answers, Columns, Held, conditions, reasons, value
from geo.standing.idle_places import Placed, placed
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
NO_DAY = np.datetime64("NaT", "s")
UNNAMED = "No project names this parcel, so nothing says since when it is idle. State its project."


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
    return idle_on(sites_of(projects, parcels), day=day, region=region)


@dataclass(frozen=True, slots=True)
class Sites:
    """Projects and their land, as far as no day matters: their columns, and where they are placed."""

    rows: Columns
    land: Placed


def sites_of(projects: pd.DataFrame, parcels: pd.DataFrame) -> Sites:
    """Projects on their parcels, for whoever asks for several days.

    Parameters and what is raised are those of `idle_land`.
    """
    for frame, column in ((projects, "project_id"), (parcels, "parcel_id")):
        if column not in frame:
            raise ColumnMissing(column, "Idle land", frame.columns)
    rows = _columns(projects)
    return Sites(rows, placed(rows, parcels))


def idle_on(sites: Sites, *, day: date, region: str) -> Idle:
    """What `idle_land` says of a day, from projects that are placed already."""
    limits = {item: parameter(f"{RULE}.{item}").on(day, region) for item in ITEMS}
    held = conditions(sites.rows, limits, day)
    table = _table(sites.rows, sites.land, held, limits, day)
    found = (*sites.land.faults, *contradictions(sites.rows, held, table, day))
    whole = _frame(table)
    if sites.land.alone:
        whole = pd.concat([whole, _frame(_alone(sites.land))], ignore_index=True)
    return Idle(day, whole, tuple(findings(table, limits)), found, limits)


def _columns(projects: pd.DataFrame) -> Columns:
    """The columns that matter, each there and of its type; what is not given is missing."""
    n = len(projects)
    rows: dict[str, NDArray[Any]] = {}
    for name in TEXTS:
        given = projects.get(name)
        rows[name] = np.full(n, np.nan, object) if given is None else given.astype("str").to_numpy(object)
    for name in DAYS:
        given = projects.get(name)
        rows[name] = np.full(n, "NaT", "datetime64[s]") if given is None else as_days(given)
    for name in NUMBERS:
        given = projects.get(name)
        if given is not None and given.dtype != float:
            given = pd.to_numeric(given, errors="coerce").astype(float)
        rows[name] = np.full(n, np.nan) if given is None else given.to_numpy()
    return rows


def _table(rows: Columns, land: Placed, held: Held, limits: dict[str, Dated], day: date) -> dict[str, Any]:
    """What is said of each project, column by column."""
    never, halted, agreed = held.not_started.yes, held.suspended.yes, rows["agreed_start_on"]
    since = np.where(never, agreed, np.where(halted, rows["suspended_on"], NO_DAY))
    starts = np.where(never, past(agreed, value(limits, "start_overdue")), NO_DAY)
    starts = np.where(halted & ~never, full(rows["suspended_on"], value(limits, "suspended")), starts)
    clause = np.where(never, "not_started", np.where(halted, "suspended", "")).astype(object)
    back = (past(agreed, value(limits, "reclaimed_after")) <= np.datetime64(day, "s")) & never
    articles = {"not_started": limits["start_overdue"].article, "suspended": limits["suspended"].article}
    return {
        **{name: rows[name] for name in TEXTS if name != "stage"},
        "idle": held.not_started | held.suspended,
        "clause": clause,
        "since": since,
        "idle_on": starts,
        "age_years": age(since, day),
        "waited_years": np.where(held.begun.no, age(agreed, day), np.nan),
        "area_m2": land.area_m2,
        "mu": m2_to_mu(land.area_m2),
        "begun": held.begun,
        "developed_share": held.developed_share,
        "invested_share": held.invested_share,
        "consequence": np.where(back, "reclaim", np.where(never, "fee", "")).astype(object),
        "land_price_cny10k": rows["land_price_cny10k"],
        "fee_cny10k": np.where(never, rows["land_price_cny10k"] * value(limits, "fee_share"), np.nan),
        "reclaim": back,
        "stated_idle": land.stated_idle,
        "article": np.array([articles.get(each, "") for each in clause.tolist()], dtype=object),
        "reason": reasons(rows, held),
    }


def _alone(land: Placed) -> dict[str, Any]:
    """What is said of parcels that are stated idle, and that no project names: nothing says since when."""
    n = len(land.alone)
    area = np.array([plot.area_m2 for plot in land.alone.values()], dtype=np.float64)
    keys = {name: np.array([key[at] for key in land.alone], object) for at, name in enumerate(land.key)}
    return {
        **keys,
        **dict.fromkeys(("clause", "consequence", "article"), np.full(n, "", object)),
        "area_m2": area,
        "mu": m2_to_mu(area),
        "stated_idle": Answers.of([True] * n),
        "reason": np.full(n, UNNAMED, object),
    }


def _frame(columns: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame({name: _column(values) for name, values in columns.items()})


def _column(values: Any) -> Any:
    if isinstance(values, Answers):
        return values.column()
    return pd.array(values, dtype="str") if values.dtype == object else values
