"""Exit list (退出清单): idle land, and enterprises that stay in the lowest class, the heaviest first.

    order: mu x age, falling

Age is how many years land has been idle, or for how many years running an enterprise has been in the lowest
class of its evaluation. The list says what should be looked at first; that a place is to be left is found by
the authority.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from data.records import Fault, Input, Result
from geo.standing.exit_grades import low_rows
from geo.standing.idle import Idle

RULES = {"not_started": "start_overdue", "suspended": "suspended"}
REASONS = {"not_started": "超过约定动工日期满一年未动工", "suspended": "已动工但中止开发建设满一年"}
COLUMNS = [
    *("place", "kind", "zone", "subject", "name", "parcel_id", "enterprise_id", "reason", "basis"),
    *("rule_status", "grade_status", "since", "age_years", "age_at_least", "mu", "weight"),
    *("money_cny10k", "money", "money_per_mu", "lacking"),
]


@dataclass(frozen=True)
class ExitList:
    """The exit list of a year.

    Parameters
    ----------
    rows : place (equal weights share one; missing where mu or age is not known), kind (idle_land, low_yield),
        zone, subject (project or enterprise), name, parcel_id, enterprise_id, reason, basis (article, or
        scheme), rule_status, grade_status, since (the day or the first year), age_years, age_at_least (an
        earlier year has no grade, so it may be longer), mu, weight (mu x age), money_cny10k, money (what it
        is: land_price or tax), money_per_mu, lacking (what keeps it from a place)
    undecided : land and enterprises of which it cannot be told whether they belong here, with the reason
    faults : enterprises graded twice in a year, and differently
    """

    year: int
    rows: pd.DataFrame
    undecided: pd.DataFrame
    faults: tuple[Fault, ...]


def exit_list(
    idle: Idle, grades: pd.DataFrame, *, year: int, enterprises: pd.DataFrame | None = None
) -> ExitList:
    """What should leave first.

    Formula: weight = mu x age; age in years, for an enterprise the years running in the lowest class

    Parameters
    ----------
    idle : as `geo.standing.idle.idle_land` finds it
    grades : all years that are known: enterprise_id, name, zone, year, class, lowest (nullable bool), status,
        land_mu, score, reason, scheme. A row without a class is no answer, whatever `lowest` says; firms
        merged into the lead of their plot are in the lead's row
    year : of the evaluation
    enterprises : statements with tax_cny10k, for the tax per mu of each; without them it is not known

    Raises
    ------
    ColumnMissing : the grades lack a column
    """
    land, vague_land = _idle_rows(idle)
    firms, vague_firms, faults = low_rows(grades, year, enterprises)
    rows = pd.concat([each for each in (land, firms) if len(each)] or [land], ignore_index=True)
    rows["weight"] = rows["mu"] * rows["age_years"]
    rows["money_per_mu"] = rows["money_cny10k"] / rows["mu"].where(rows["mu"] > 0)
    rows["lacking"] = _lacking(rows)
    rows["place"] = rows["weight"].rank(method="min", ascending=False).astype("Int64")
    ordered = rows.sort_values(["place", "kind", "zone", "subject"], na_position="last")
    undecided = pd.concat([each for each in (vague_land, vague_firms) if len(each)] or [vague_land])
    return ExitList(year, ordered[COLUMNS].reset_index(drop=True), undecided.reset_index(drop=True), faults)


def _idle_rows(idle: Idle) -> tuple[pd.DataFrame, pd.DataFrame]:
    table, known = idle.table, idle.table["idle"].fillna(False).astype(bool)
    land = table[known]
    status = {item: idle.limits[rule].status.value for item, rule in RULES.items()}
    subject = land["project_id"]
    rows = pd.DataFrame({
        "kind": "idle_land",
        "zone": land["zone"],
        "subject": subject,
        "name": land["name"],
        "parcel_id": land["parcel_id"],
        "enterprise_id": land["enterprise_id"],
        "reason": land["clause"].map(REASONS),
        "basis": land["article"],
        "rule_status": land["clause"].map(status),
        "grade_status": None,
        "since": land["since"].dt.strftime("%Y-%m-%d"),
        "age_years": land["age_years"],
        "age_at_least": False,
        "mu": land["mu"],
        "money_cny10k": land["land_price_cny10k"],
        "money": "land_price",
    })
    vague = table[table["idle"].isna()]
    open_ = pd.DataFrame({
        "kind": "idle_land",
        "zone": vague["zone"],
        "subject": vague["project_id"].fillna(vague["parcel_id"]),
        "name": vague["name"],
        "mu": vague["mu"],
        "reason": vague["reason"],
    })
    return rows, open_


def _lacking(rows: pd.DataFrame) -> pd.Series:
    said = pd.Series("", index=rows.index, dtype="str")
    said = said.mask(rows["age_years"].isna(), "Its age is not known.")
    return said.mask(rows["mu"].isna(), "Its area is not known, so it has no place. State it.")


def results(listed: ExitList, origin: str = "projects, grades") -> list[Result]:
    """The exit list of a zone as results.

    Parameters
    ----------
    listed : of one zone

    Returns
    -------
    exit_area_mu (idle land of an enterprise that is on the list itself is counted once, with the enterprise)
    and exit_enterprises. What is undecided, or without an area, leaves the value None
    """
    rows, vague = listed.rows, listed.undecided
    firms = rows["kind"].eq("low_yield")
    own = rows["kind"].eq("idle_land") & rows["enterprise_id"].isin(rows["enterprise_id"][firms]).fillna(
        False
    )
    mu, count = float(rows["mu"].where(~own).sum()), float(firms.sum())
    open_firms = int(vague["kind"].eq("low_yield").sum())
    blank = int(rows["mu"].isna().sum())
    said = f"{len(vague)} pieces of land or enterprises are undecided." if len(vague) else ""
    said = f"{said} {blank} on the list have no area.".strip() if blank else said
    why = f"{open_firms} enterprises are undecided. See the reasons of each." if open_firms else ""
    told = Input("exit_mu", "退出清单土地(已知部分)", mu, "mu", origin, len(rows))
    return [
        Result(
            "exit_area_mu",
            "退出清单土地面积",
            None if said else mu,
            "mu",
            inputs=(told,),
            formula="Σ 闲置土地面积 + Σ 最低类企业用地面积",
            reason=f"{said} See the reasons of each." if said else "",
            breakdown={
                "idle_land_mu": float(rows["mu"].where(~firms).sum()),
                "low_yield_mu": float(rows["mu"].where(firms).sum()),
                "shared_mu": float(rows["mu"].where(own).sum()),
            },
        ),
        Result(
            "exit_enterprises",
            "退出清单企业数",
            None if why else count,
            "count",
            inputs=(Input("low_yield", "最低类企业", count, "1", origin, int(count)),),
            reason=why,
        ),
    ]
