"""Idle land said in findings and faults (闲置土地判定与矛盾)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from math import fsum
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from data.records import Dated, Fault, Finding, Input, Outcome, Result, Severity
from geo.standing.idle_conditions import Columns, Held, goes_on

if TYPE_CHECKING:
    from geo.standing.idle import Idle

CLAUSES = ("not_started", "suspended")

LABELS = {"not_started": "超过约定动工日期满一年未动工", "suspended": "已动工但中止开发建设满一年"}
REMEDY = (
    "Suspected idle (疑似闲置): have the land authority examine it, and the reason why; then mark the "
    "parcel's supply, or correct the dates."
)


def findings(table: Mapping[str, Any], limits: dict[str, Dated]) -> Iterator[Finding]:
    """One finding per project: met is not idle, not met is idle; measured is for how long.

    The fee and the reclaiming that would follow are among the inputs, each with the status of its rule.

    Parameters
    ----------
    table : column -> (n,) as `Idle.table` has it, of the projects alone
    """
    for row in _rows(table):
        if row["project_id"] != row["project_id"]:
            continue
        idle, clause = row["idle"], row["clause"] or ("suspended" if row["begun"] is True else "not_started")
        item = "start_overdue" if clause == "not_started" else "suspended"
        outcome = Outcome.CANNOT_TELL if idle is None else Outcome.NOT_MET if idle else Outcome.MET
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


def _rows(table: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for values in zip(*(column.tolist() for column in table.values()), strict=True):
        yield dict(zip(table, values, strict=True))


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


def contradictions(rows: Columns, held: Held, table: Mapping[str, Any], day: date) -> Iterator[Fault]:
    """Where a parcel's supply and the dates disagree, either way, and where dates and stage do.

    Parameters
    ----------
    table : as `findings` takes it
    """
    yield from _disagreements(table, day)
    stage, names = rows["stage"], rows["project_id"]
    early = rows["suspended_on"] < rows["started_on"]
    yield from _each(names[early], "days_out_of_order", "suspended_on", "work was suspended before it began")
    signed = (stage == "signed") & held.begun.yes
    yield from _each(names[signed], "stage_contradicted", "stage", "the stage is 签约, but work has begun")
    waits = goes_on(stage) & held.begun.no
    yield from _each(names[waits], "stage_contradicted", "stage", "work goes on, but its day lies ahead")
    above = held.developed_share > 1
    said = "more land is developed than there is to develop"
    yield from _each(names[above], "developed_too_much", "developed_m2", said)


def _each(names: NDArray[np.object_], code: str, column: str, said: str) -> Iterator[Fault]:
    for project in names.tolist():
        yield Fault(
            code,
            f"Project {project}: {said}.",
            "Correct the one that is wrong.",
            Severity.WARNING,
            layer="projects",
            feature=str(project),
            column=column,
        )


def _disagreements(table: Mapping[str, Any], day: date) -> Iterator[Fault]:
    """Parcels whose supply says one thing and whose projects, taken together, another.

    One idle project makes a parcel idle; it is not idle only when no project of it is.
    """
    told = [
        row for row in _rows(table) if row["parcel_id"] == row["parcel_id"] and row["stated_idle"] is not None
    ]
    placed = all(row["zone"] == row["zone"] for row in told)
    parcels: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in told:
        parcels.setdefault((row["parcel_id"], row["zone"] if placed else ""), []).append(row)
    for parcel, _ in sorted(parcels):
        some = parcels[parcel, _]
        stated = any(row["stated_idle"] for row in some)
        idle = any(row["idle"] is True for row in some)
        vague = any(row["idle"] is None for row in some)
        if idle == stated or (vague and not idle):
            continue
        by = ", ".join("?" if row["project_id"] != row["project_id"] else row["project_id"] for row in some)
        sizes = [row["area_m2"] for row in some if row["area_m2"] == row["area_m2"]]
        yield _disagreement(parcel, idle, f"{by} on {day}", fsum(sizes) if sizes else None)


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
    return None if value is None or value != value else float(value)


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
    said, sizes, clauses = table["idle"], table["mu"].to_numpy(), table["clause"].to_numpy(object)
    known = said.to_numpy(bool, na_value=False)
    unsure = int(said.isna().sum())
    measured = known & ~np.isnan(sizes)
    blank = int((known & ~measured).sum())
    mu, count = float(np.where(measured, sizes, 0.0).sum()), float(known.sum())
    why = f"Whether {unsure} of {len(table)} pieces of land are idle cannot be told." if unsure else ""
    lost = f"{why} The area of {blank} is not known.".strip() if blank else why
    articles = (idle.limits["start_overdue"], idle.limits["suspended"])
    parts = {f"{clause}_mu": fsum(sizes[measured & (clauses == clause)]) for clause in CLAUSES}
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
