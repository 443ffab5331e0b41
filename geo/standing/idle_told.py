"""Idle land said in findings and faults (闲置土地判定与矛盾)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from data.records import Dated, Fault, Finding, Input, Outcome, Result, Severity

if TYPE_CHECKING:
    from geo.standing.idle import Idle

CLAUSES = ("not_started", "suspended")

LABELS = {"not_started": "超过约定动工日期满一年未动工", "suspended": "已动工但中止开发建设满一年"}
REMEDY = (
    "Suspected idle (疑似闲置): have the land authority examine it, and the reason why; then mark the "
    "parcel's supply, or correct the dates."
)


def findings(table: pd.DataFrame, limits: dict[str, Dated]) -> Iterator[Finding]:
    """One finding per project: met is not idle, not met is idle; measured is for how long.

    The fee and the reclaiming that would follow are among the inputs, each with the status of its rule.
    """
    for row in _records(table[table["project_id"].notna()]):
        idle, clause = row["idle"], row["clause"] or ("suspended" if row["begun"] is True else "not_started")
        item = "start_overdue" if clause == "not_started" else "suspended"
        outcome = Outcome.CANNOT_TELL if pd.isna(idle) else Outcome.NOT_MET if idle else Outcome.MET
        years = _number(row["age_years"] if outcome is Outcome.NOT_MET else row["waited_years"])
        yield Finding(
            rule=limits[item].name,
            label=f"闲置土地: {LABELS[clause]}",
            kind="projects",
            subject=str(row["project_id"]),
            outcome=outcome,
            measured=years,
            unit="year",
            limit=limits[item],
            formula="评估日 - 约定动工日期" if clause == "not_started" else "评估日 - 中止开发日期",
            inputs=tuple(_inputs(row, limits)),
            reason=row["reason"],
            remedy="" if outcome is Outcome.MET else REMEDY,
            area_m2=_number(row["area_m2"]),
        )


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def _inputs(row: dict[str, Any], limits: dict[str, Dated]) -> Iterator[Input]:
    yield Input("developed_share", "已开发面积占比", _number(row["developed_share"]), "1", "projects")
    yield Input("invested_share", "已投资额占比", _number(row["invested_share"]), "1", "projects")
    if row["consequence"]:
        fee, back = limits["fee_share"], limits["reclaimed_after"]
        yield Input(
            "fee_cny10k",
            f"土地闲置费({fee.status})",
            _number(row["fee_cny10k"]),
            "CNY10k",
            f"land_price_cny10k x {fee.value} ({fee.article}, {fee.status})",
        )
        yield Input(
            "reclaim",
            f"无偿收回({back.status})",
            float(row["reclaim"]),
            "1",
            f"{back.article}, {back.status}",
        )


def contradictions(rows: pd.DataFrame, held: pd.DataFrame, table: pd.DataFrame, day: date) -> Iterator[Fault]:
    """Where a parcel's supply and the dates disagree, either way, and where dates and stage do."""
    yield from _disagreements(table, day)
    yield from _each(
        rows[rows["suspended_on"] < rows["started_on"]],
        "days_out_of_order",
        "suspended_on",
        "work was suspended before it began",
    )
    signed = rows["stage"].eq("signed") & held["begun"].fillna(False).astype(bool)
    yield from _each(rows[signed], "stage_contradicted", "stage", "the stage is 签约, but work has begun")
    waits = rows["stage"].isin(["started", "operating"]) & held["begun"].eq(False).fillna(False)
    yield from _each(rows[waits], "stage_contradicted", "stage", "work goes on, but its day lies ahead")
    yield from _each(
        rows[held["developed_share"] > 1],
        "developed_too_much",
        "developed_m2",
        "more land is developed than there is to develop",
    )


def _each(rows: pd.DataFrame, code: str, column: str, said: str) -> Iterator[Fault]:
    for project in rows["project_id"].tolist():
        yield Fault(
            code,
            f"Project {project}: {said}.",
            "Correct the one that is wrong.",
            Severity.WARNING,
            layer="projects",
            feature=str(project),
            column=column,
        )


def _disagreements(table: pd.DataFrame, day: date) -> Iterator[Fault]:
    """Parcels whose supply says one thing and whose projects, taken together, another.

    One idle project makes a parcel idle; it is not idle only when no project of it is.
    """
    rows = table[table["parcel_id"].notna() & table["stated_idle"].notna()]
    keys = ["zone", "parcel_id"] if rows["zone"].notna().all() else ["parcel_id"]
    rows = rows.assign(
        project_id=rows["project_id"].fillna("?"),
        is_idle=rows["idle"].fillna(False).astype(bool),
        open=rows["idle"].isna(),
    )
    whole = rows.groupby(keys, sort=True)[["is_idle", "open", "stated_idle"]].max()
    stated = whole["stated_idle"].astype(bool)
    odd = whole[(whole["is_idle"] & ~stated) | (stated & ~whole["is_idle"] & ~whole["open"])]
    groups = rows.merge(odd.reset_index()[keys], on=keys).groupby(["parcel_id", *keys[:-1]], sort=True)
    if odd.empty:
        return
    told = groups.agg(idle=("is_idle", "max"), by=("project_id", ", ".join))
    told = told.assign(area=groups["area_m2"].sum(min_count=1)).reset_index()
    for parcel, idle, by, area in told[["parcel_id", "idle", "by", "area"]].itertuples(index=False):
        yield _disagreement(str(parcel), bool(idle), f"{by} on {day}", _number(area))


def _disagreement(parcel: str, idle: bool, by: str, area_m2: float | None) -> Fault:
    if idle:
        said = f"Parcel {parcel} is idle by the dates of {by}, but its supply is not idle."
        return _fault("idle_not_stated", said, parcel, area_m2)
    said = f"Parcel {parcel} is stated idle, but by the dates of {by} it is not."
    return _fault("idle_not_supported", said, parcel, area_m2)


def _fault(code: str, said: str, parcel: str, area_m2: float | None) -> Fault:
    return Fault(
        code,
        said,
        "Correct supply, or the dates and figures of the project.",
        Severity.WARNING,
        layer="parcels",
        feature=parcel,
        column="supply",
        area_m2=area_m2,
    )


def _number(value: Any) -> float | None:
    return None if value is None or value is pd.NA or value != value else float(value)


def results(idle: Idle, origin: str = "projects, parcels") -> list[Result]:
    """Idle land of a zone as results: its area in mu, and the number of projects on it.

    Parameters
    ----------
    idle : of one zone

    Returns
    -------
    idle_area_mu and idle_projects. One row that cannot be told, or has no area, leaves the value None; what
    is known is then in the breakdown
    """
    table = idle.table
    known = table["idle"].fillna(False).astype(bool)
    unsure = int(table["idle"].isna().sum())
    blank = int((known & table["mu"].isna()).sum())
    mu, count = float(table["mu"].where(known).sum()), float(known.sum())
    why = f"Whether {unsure} of {len(table)} pieces of land are idle cannot be told." if unsure else ""
    lost = f"{why} The area of {blank} is not known.".strip() if blank else why
    articles = (idle.limits["start_overdue"], idle.limits["suspended"])
    by = table["mu"].where(known).groupby(table["clause"]).sum()
    parts = {f"{clause}_mu": float(by.get(clause, 0.0)) for clause in CLAUSES}
    told = Input("idle_mu", "疑似闲置土地(已知部分)", mu, "mu", origin, int(count))
    return [
        Result(
            "idle_area_mu",
            "疑似闲置土地面积",
            None if lost else mu,
            "mu",
            inputs=(told,),
            formula="Σ 疑似闲置地块面积",
            articles=articles,
            reason=f"{lost} See the reasons of each." if lost else "",
            breakdown=parts,
        ),
        Result(
            "idle_projects",
            "疑似闲置土地宗数",
            None if why else count,
            "count",
            inputs=(told,),
            formula="Σ 疑似闲置地块数",
            articles=articles,
            reason=f"{why} See the reasons of each." if why else "",
        ),
    ]
