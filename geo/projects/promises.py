"""Promises of standard land (标准地承诺): what was promised for a plot, against what came of it.

A promise is due from `due_on` on. Before, nothing is said of it. A promise that is not stated is no promise;
one that is due, and whose actual figure is not stated, is neither kept nor broken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.records import Dated, Finding, Input, Outcome, Status
from data.units import m2_to_mu
from geo.projects.reading import Figures, Flags, days, figures, inputs, label, texts

DIGITS = 9
"""Takes off the dust of binary fractions."""


@dataclass(frozen=True, slots=True)
class Promise:
    """One thing that can be promised for a plot.

    Parameters
    ----------
    promised, actual : columns of projects
    unit : of both
    at_most : whether the actual figure is to stay below, as energy does
    land : whether what is lacking stands for land
    """

    code: str
    label: str
    promised: str
    actual: str
    unit: str
    at_most: bool = False
    land: bool = True


PROMISES: tuple[Promise, ...] = (
    Promise("investment", "投资", "promised_investment_cny10k", "actual_investment_cny10k", "CNY10k"),
    Promise("tax", "税收", "promised_tax_cny10k", "actual_tax_cny10k", "CNY10k"),
    Promise("output", "产值", "promised_output_cny10k", "actual_output_cny10k", "CNY10k"),
    Promise("plot_ratio", "容积率", "promised_plot_ratio", "actual_plot_ratio", "1"),
    Promise("energy", "能耗", "promised_energy_tce", "actual_energy_tce", "tce", at_most=True, land=False),
)


class Due(NamedTuple):
    """When each project's promises are due."""

    on: list[date | None]
    passed: Flags
    unknown: Flags


@dataclass(frozen=True)
class Account:
    """One promise of all projects.

    Parameters
    ----------
    promised, actual : (n,) nan where not stated
    gap : (n,) what is lacking, or too much, > 0 where the promise is broken; 0 where kept; nan where not told
    kept, broken, untold : (n,) of the promises that are due; untold also where it is not known whether
    land_m2 : (n,) land that the gap stands for: land x gap / promised
    """

    about: Promise
    promised: Figures = field(repr=False)
    actual: Figures = field(repr=False)
    gap: Figures = field(repr=False)
    kept: Flags = field(repr=False)
    broken: Flags = field(repr=False)
    untold: Flags = field(repr=False)
    land_m2: Figures = field(repr=False)


def accounts(
    projects: pd.DataFrame, *, day: date, land_m2: Figures, plot_ratio: Figures
) -> tuple[list[Account], Due]:
    """Every promise of every project, as it stands on a day.

    Parameters
    ----------
    projects : `promised_*`, `actual_*`, `due_on`; a project of stage stopped keeps its promises
    land_m2 : (n,) land; nan where not known
    plot_ratio : (n,) as measured, taken where no actual plot ratio is stated
    """
    on = days(projects, "due_on")
    unknown = np.array([each is None for each in on], dtype=bool)
    due = Due(on, np.array([each is not None and each <= day for each in on], dtype=bool), unknown)
    made = []
    for about in PROMISES:
        promised, actual = figures(projects, about.promised), figures(projects, about.actual)
        if about.code == "plot_ratio":
            actual = np.where(np.isnan(actual), plot_ratio, actual)
        given = ~np.isnan(promised)
        over = np.round(actual - promised if about.at_most else promised - actual, DIGITS)
        told = given & due.passed & ~np.isnan(actual)
        gap = np.where(told, np.maximum(over, 0.0), np.nan)
        with np.errstate(divide="ignore", invalid="ignore"):
            land = np.where(promised > 0, land_m2 * gap / promised, np.where(gap == 0, 0.0, np.nan))
        untold = given & (due.unknown | (due.passed & np.isnan(actual)))
        made.append(
            Account(about, promised, actual, gap, told & (gap == 0), told & (gap > 0), untold,
                    land if about.land else np.full(len(projects), np.nan))
        )  # fmt: skip
    return made, due


def promises(
    projects: pd.DataFrame, *, day: date, land_m2: Figures | None = None, plot_ratio: Figures | None = None
) -> list[Finding]:
    """One finding per promise that a project has made.

    Formula: shortfall = promised - actual (energy: actual - promised); `area_m2` = land x shortfall /
    promised, the land that the shortfall stands for. A plot ratio's shortfall is told in m² of floor.

    Parameters
    ----------
    projects : columns of the kind `projects`
    day : a promise is due from its `due_on` on, that day included
    land_m2, plot_ratio : (n,) as measured; read from `land_m2`, and not known, where left out

    Returns
    -------
    by project and promise: cannot_tell before the day; met, not_met or cannot_tell from then on

    >>> one = {"project_id": ["P1"], "land_m2": [20_000], "due_on": ["2024-06-30"],
    ...     "promised_tax_cny10k": [300], "actual_tax_cny10k": [240]}
    >>> found = promises(pd.DataFrame(one), day=date(2024, 6, 30))[0]
    >>> found.outcome.value, found.shortfall, found.shortfall_unit, m2_to_mu(found.area_m2)
    ('not_met', 60.0, 'CNY10k', 6.0)
    """
    land = figures(projects, "land_m2") if land_m2 is None else land_m2
    measured = np.full(len(projects), np.nan) if plot_ratio is None else plot_ratio
    made, due = accounts(projects, day=day, land_m2=land, plot_ratio=measured)
    return findings(projects, made, due, land)


def findings(projects: pd.DataFrame, made: list[Account], due: Due, land_m2: Figures) -> list[Finding]:
    """The findings of accounts, by project and promise."""
    names, signed = texts(projects, "project_id"), days(projects, "contract_on")
    plots = inputs(projects, "land_m2", land_m2)
    told: list[tuple[int, int, Finding]] = []
    for order, each in enumerate(made):
        stated = inputs(projects, each.about.promised)
        actual = inputs(projects, each.about.actual, each.actual)
        for at in np.flatnonzero(~np.isnan(each.promised)).tolist():
            limit = _promised(each, names[at], due.on[at], signed[at], float(each.promised[at]))
            used = (stated[at], actual[at], plots[at])
            told.append((at, order, _finding(each, at, names[at], limit, used, due)))
    return [finding for _, _, finding in sorted(told, key=lambda one: one[:2])]


def _promised(
    each: Account, name: str, due_on: date | None, signed: date | None, value: float
) -> Dated | None:
    """The promise as a dated value: it holds from the due day on, and was made on the day of the contract."""
    if due_on is None:
        return None
    about = each.about
    return Dated(
        f"projects.promise.{about.code}", value, about.unit, due_on, "", f"合同承诺 {name}",
        signed or due_on, Status.UNVERIFIED, f"承诺{about.label}", "as stated in the table of projects",
    )  # fmt: skip


def _finding(
    each: Account, at: int, name: str, limit: Dated | None, used: tuple[Input, ...], due: Due
) -> Finding:
    about, actual, gap = each.about, float(each.actual[at]), float(each.gap[at])
    outcome, reason = _outcome(each, at, due)
    short, unit = (gap, about.unit) if outcome is Outcome.NOT_MET else (None, "")
    land = float(each.land_m2[at])
    plot = used[-1].value
    if short is not None and about.code == "plot_ratio" and plot is not None:
        short, unit = short * plot, "m2"
    return Finding(
        rule=f"projects.promise.{about.code}",
        label=f"承诺{about.label}{'不高于' if about.at_most else '不低于'}",
        kind="projects",
        subject=name,
        outcome=outcome,
        measured=None if actual != actual else actual,
        unit=about.unit,
        limit=limit,
        formula=f"实际{about.label} {'<=' if about.at_most else '>='} 承诺{about.label}",
        inputs=used,
        shortfall=short,
        shortfall_unit=unit,
        reason=reason,
        remedy=_remedy(about, outcome, short, land),
        area_m2=land if short is not None and land == land else None,
    )


def _outcome(each: Account, at: int, due: Due) -> tuple[Outcome, str]:
    if due.unknown[at]:
        return (
            Outcome.CANNOT_TELL,
            f"{label('due_on')} is not given, so it is not known whether the promise is due.",
        )
    if not due.passed[at]:
        return Outcome.CANNOT_TELL, f"Not yet due: the promise is to be kept by {due.on[at]}."
    if each.untold[at]:
        return (
            Outcome.CANNOT_TELL,
            f"{label(each.about.actual)} is not given, and the promise was due on {due.on[at]}.",
        )
    return (Outcome.MET, "") if each.kept[at] else (Outcome.NOT_MET, "")


def _remedy(about: Promise, outcome: Outcome, short: float | None, land: float) -> str:
    if outcome is Outcome.CANNOT_TELL:
        return "Supply what is missing, or wait for the day."
    if short is None:
        return ""
    behind = f" {m2_to_mu(land):,.2f} 亩 of land stand for it." if land == land else ""
    return (
        f"{about.label} {'超出' if about.at_most else '还差'} {short:,.2f}.{behind} Act as the contract says."
    )


def behind(made: list[Account]) -> Mapping[str, NDArray[np.float64]]:
    """(n,) land behind the broken promises of each project, m²: by promise, and `any` of them.

    The same land stands behind each of a project's promises, so `any` is the largest, not the sum; nan where
    a promise is broken and its land is not known, or where a due promise cannot be told.
    """
    by = {each.about.code: np.where(each.untold, np.nan, _known(each)) for each in made if each.about.land}
    return {**by, "any": np.max(list(by.values()), axis=0)}


def _known(each: Account) -> Figures:
    return np.where(each.broken, each.land_m2, 0.0)


def pairs(made: list[Account]) -> Iterator[tuple[Account, Flags]]:
    """Each promise of money, with the rows whose promise is due and told."""
    for each in made:
        if each.about.unit == "CNY10k":
            yield each, each.kept | each.broken
