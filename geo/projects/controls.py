"""Project control (项目用地控制): each project against the control values of the day of its acceptance.

A project keeps the standards of the day of its acceptance: `accepted_on`, else `contract_on`. Source:
自然资发〔2023〕72号 on projects accepted before it; read second hand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import pandas as pd

from data.kinds import kind
from data.records import Dated, Fault, Finding, Input, Outcome
from geo.projects.choosing import Asked, Chooser, Chosen
from geo.projects.control_rows import controls_of
from geo.projects.industries import plain_grade, project_industries
from geo.projects.measures import MEASURES, Measure, Measured, measures
from geo.projects.reading import first_day, inputs, texts

MONEY = ("investment_intensity", "output_intensity", "tax_intensity")
"""Measures that a project reaches only when it is complete."""
NOT_YET = "Assess again once it is in operation, or once its due day has come."


class Held(NamedTuple):
    """One measure of all projects, ready to be held against limits."""

    about: Measure
    compare: str
    measured: list[float]
    top: list[float]
    base: list[float]
    reasons: list[str]
    inputs: list[tuple[Input, ...]]


def control(
    projects: pd.DataFrame,
    controls: pd.DataFrame | None,
    *,
    region: str,
    parcels: pd.DataFrame | None = None,
) -> tuple[list[Finding], list[Fault]]:
    """Every project against every control value that applies to it.

    Parameters
    ----------
    projects : columns of the kind `projects`; missing is unknown, never zero
    controls : columns of the kind `controls`, filled in by the office; None for the shipped values alone
    region : GB/T 2260 code of the place; a city's value wins over its province's, and that over the nation's
    parcels : as `measures` takes them, to hold the stated land against

    Returns
    -------
    findings by project and measure; the shortfall is told in m² of floor or land, or in 万元. Where no
    control value applies there is no finding; where it cannot be told which one does, the reason says what
    is lacking. Faults of both tables

    >>> one = {"project_id": ["P1"], "industry": ["36"], "industry_edition": ["gbt4754_2017"],
    ...     "accepted_on": ["2024-03-01"], "land_m2": [10_000], "floor_area_m2": [5_000],
    ...     "high_floor_area_m2": [2_000]}
    >>> found = control(pd.DataFrame(one), None, region="410100")[0][0]
    >>> found.outcome.value, found.measured, found.limit.value, found.shortfall, found.shortfall_unit
    ('not_met', 0.7, 0.8, 1000.0, 'm2')
    """
    measured, faults = measures(projects, parcels)
    found, wrong = controls_of(controls)
    return hold_all(projects, measured, Chooser(found, region)), [
        *faults,
        *wrong,
        *project_industries(projects)[2],
    ]


def hold_all(
    projects: pd.DataFrame, measured: Measured, chooser: Chooser, waiting: Sequence[str] = ()
) -> list[Finding]:
    """Findings on measured projects; projects that ask the same question are answered together.

    Parameters
    ----------
    waiting : (n,) why a project's money cannot be held yet, as `geo.projects.stages.waiting` tells it; empty
        where it can, or for all when left out
    """
    codes, editions, _ = project_industries(projects)
    grades = [plain_grade(grade) for grade in texts(projects, "land_grade")]
    on = first_day(projects, "accepted_on", "contract_on")
    settled = {day: day and chooser.settled(day) for day in set(on)}
    groups: dict[Asked, list[int]] = {}
    for at, asked in enumerate(map(Asked, codes, editions, grades, map(settled.get, on))):
        groups.setdefault(asked, []).append(at)
    names = texts(projects, "project_id")
    land = measured.stated["land_m2"].tolist()
    told: list[tuple[int, int, Finding]] = []
    columns = {column: inputs(projects, column, values) for column, values in measured.stated.items()}
    for order, (code, compare) in enumerate(sorted(chooser.asked_for, key=_order)):
        held = _held(columns, measured, code, compare)
        for asked, rows in groups.items():
            chosen = chooser.choose(code, compare, asked)
            if chosen.limit is not None or chosen.reason:
                told += [(at, order, _finding(held, chosen, at, names[at], land[at])) for at in rows]
    found = sorted(told, key=lambda each: each[:2])
    if not waiting:
        return [finding for _, _, finding in found]
    early = {order for order, (code, _) in enumerate(sorted(chooser.asked_for, key=_order)) if code in MONEY}
    return [
        _not_yet(finding, waiting[at]) if order in early and waiting[at] else finding
        for at, order, finding in found
    ]


def _not_yet(finding: Finding, why: str) -> Finding:
    """What is still being built or has not earned a full year is not held against a limit."""
    return replace(
        finding,
        outcome=Outcome.CANNOT_TELL,
        shortfall=None,
        shortfall_unit="",
        reason=" ".join(filter(None, (why, finding.reason))),
        remedy=NOT_YET,
    )


def _order(measure: tuple[str, str]) -> tuple[int, str]:
    return list(MEASURES).index(measure[0]), measure[1]


def _held(columns: Mapping[str, list[Input]], measured: Measured, code: str, compare: str) -> Held:
    about = MEASURES[code]
    floors = ("admin_floor_m2", "floor_area_m2") if code == "admin_land_share" else ()
    used = list(zip(*(columns[column] for column in (*about.needs, *floors)), strict=True))
    value, top, base = (each[code].tolist() for each in (measured.frame, measured.top, measured.base))
    return Held(about, compare, value, top, base, measured.reasons[code], used)


def _finding(held: Held, chosen: Chosen, at: int, name: str, land: float) -> Finding:
    """One project's measure held against its limit."""
    about, limit, rule = held.about, chosen.limit, chosen.rule
    value = held.measured[at]
    known = value == value
    reason = f"Which control value holds cannot be told: {chosen.reason}." if chosen.reason else ""
    outcome, short = Outcome.CANNOT_TELL, None
    remedy = "Supply what is missing, or correct it, then assess again."
    if limit is not None and rule is not None and known:
        outcome = rule.hold(value, limit)
        short = _shortfall(held, limit, at) if outcome is Outcome.NOT_MET else None
        remedy = "" if short is None else _remedy(held, short)
    elif not known:
        reason = " ".join(filter(None, (reason, held.reasons[at])))
    return Finding(
        rule=limit.name if limit else f"controls.{about.code}",
        label=f"{about.label}{kind('controls').columns['compare'].one_of[held.compare]}控制值",
        kind="projects",
        subject=name,
        outcome=outcome,
        measured=value if known else None,
        unit=about.unit,
        limit=limit,
        formula=about.equation,
        inputs=held.inputs[at],
        shortfall=short,
        shortfall_unit=about.short_unit if short is not None else "",
        reason=reason,
        remedy=remedy,
        area_m2=land if land == land else None,
    )


def _shortfall(held: Held, limit: Dated, at: int) -> float:
    """What is lacking above, or what is too much: |limit x base - top|, in the unit of the top."""
    wanted = (limit.value or 0.0) * held.base[at]
    return abs(wanted - held.top[at])


def _remedy(held: Held, short: float) -> str:
    about = held.about
    said = f"{short:,.2f} {'万元' if about.short_unit == 'CNY10k' else 'm²'}"
    if held.compare == "at least":
        return f"{about.short_label} 还差 {said}: make it up, or give back land that is not used."
    return f"{about.short_label} 超出 {said}: take so much away, or turn it to production."
