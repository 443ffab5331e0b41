"""Projects (项目): what they make of their land, against control values, promises and admission lists.

measures     plot ratio, building coefficient, shares, money per land
controls     held against the values in force on the day of acceptance
promises     standard land (标准地): what was promised, by the due day
stages       signed, started, operating; late starts
admission    the zone's list of what is prohibited, restricted, admitted
totals       the results of a zone; `CONTENTS` lists them, and grounds says what they rest on
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from data.records import Fault, Finding, Result, Severity
from geo.projects.admission import admit
from geo.projects.choosing import Limits
from geo.projects.controls import control, hold_all
from geo.projects.grounds import grounded
from geo.projects.industries import project_industries
from geo.projects.measures import MEASURES, Measured, measures
from geo.projects.promises import accounts, findings, promises
from geo.projects.reading import faults_at, texts
from geo.projects.stages import Staged, late_starts, overdue, stages, waiting
from geo.projects.totals import (
    CONTENTS,
    admission_results,
    control_results,
    overdue_result,
    promise_results,
    result,
    stage_results,
)

__all__ = [
    "CONTENTS", "MEASURES", "Known", "Limits", "Projects", "admit", "control", "known", "late_starts",
    "measure", "measure_on", "measures", "of_zone", "promises", "stages",
]  # fmt: skip


@dataclass(frozen=True)
class Projects:
    """All that can be said of a zone's projects on a day.

    Parameters
    ----------
    findings : controls, promises, agreed starts and admission, in this order, each by project
    faults : of the three tables
    results : of the zone, in the order of `CONTENTS`
    frame : one row per project: project_id, the measures, stage, begun, overdue
    """

    findings: tuple[Finding, ...]
    faults: tuple[Fault, ...]
    results: tuple[Result, ...]
    frame: pd.DataFrame = field(repr=False)


def measure(
    projects: pd.DataFrame,
    controls: pd.DataFrame | None,
    admissions: pd.DataFrame | None,
    *,
    day: date,
    region: str,
    zone: Mapping[str, Any],
    parcels: pd.DataFrame | None = None,
) -> Projects:
    """Everything about the projects of one zone, in one call.

    Parameters
    ----------
    projects, controls, admissions : columns of their kinds; None where the office has no such table
    day : promises and stages are told as of it; controls and admission are those of each project's own day
    region : GB/T 2260 code of the zone's place
    zone : `code`, and `land_grade`, taken where a project states none
    parcels : `parcel_id`, `area_m2` on the ellipsoid, `zone`: to place projects, and to check their land

    >>> told = measure(pd.DataFrame({"project_id": ["P1"], "stage": ["signed"]}), None, None,
    ...     day=date(2024, 6, 1), region="410100", zone={"code": "G1"})
    >>> [each.value for each in told.results[:4]]
    [1.0, 1.0, 0.0, 0.0]
    """
    own = known(projects, zone=zone, parcels=parcels)
    return measure_on(own, Limits(controls), admissions, day=day, region=region)


@dataclass(frozen=True)
class Known:
    """The projects of one zone, as far as no day matters.

    Parameters
    ----------
    zone : code of the zone
    own : its rows, with the zone's land grade where they state none
    """

    zone: str
    own: pd.DataFrame
    measured: Measured
    faults: tuple[Fault, ...]


def known(projects: pd.DataFrame, *, zone: Mapping[str, Any], parcels: pd.DataFrame | None = None) -> Known:
    """The projects of a zone with their measures, for whoever asks for several days.

    Parameters are those of `measure`.
    """
    code = str(zone.get("code") or "")
    own, faults = of_zone(projects, code, parcels)
    own = _graded(own, zone.get("land_grade"))
    measured, doubts = measures(own, parcels)
    return Known(code, own, measured, (*faults, *doubts))


def measure_on(
    projects: Known, limits: Limits, admissions: pd.DataFrame | None, *, day: date, region: str
) -> Projects:
    """What `measure` says of a day, from projects that are measured already."""
    own, measured = projects.own, projects.measured
    staged, disorder = stages(own, day=day)
    held = hold_all(own, measured, limits.chooser(region), waiting(own, staged, day=day))
    admitted, listed = admit(own, admissions, day=day, zone=projects.zone, region=region)
    progress = _progress(own, measured, staged, day)
    results = (
        result("project_count", float(len(own)), formula="开发区项目数"),
        *progress.stages,
        *control_results(held),
        *progress.promises,
        *admission_results(admitted),
    )
    return Projects(
        (*held, *progress.findings, *admitted),
        (*projects.faults, *limits.faults, *project_industries(own)[2], *disorder, *listed),
        tuple(grounded(results, len(own), held)),
        measured.frame.assign(**progress.columns),
    )


class Progress(NamedTuple):
    """What was promised and what has come of it, as of a day."""

    findings: list[Finding]
    stages: list[Result]
    promises: list[Result]
    columns: dict[str, Any]


def _progress(own: pd.DataFrame, measured: Measured, staged: Staged, day: date) -> Progress:
    """Promises, stages and late starts of a zone's projects."""
    land = measured.stated["land_m2"]
    plot_ratio = measured.frame["plot_ratio"].to_numpy(np.float64)
    made, due = accounts(own, day=day, land_m2=land, plot_ratio=plot_ratio)
    late = overdue(own, staged, day=day)
    begun = pd.array(staged.begun, dtype="boolean")
    return Progress(
        [*findings(own, made, due, land), *late_starts(own, staged, day=day)],
        [*stage_results(own, staged.stage, land), overdue_result(late)],
        promise_results(made),
        {"stage": staged.stage, "begun": begun, "overdue": pd.array(late, dtype="boolean")},
    )


def of_zone(
    projects: pd.DataFrame, code: str, parcels: pd.DataFrame | None
) -> tuple[pd.DataFrame, list[Fault]]:
    """The projects of a zone, each id once, and faults on those that cannot be placed.

    A project is of the zone it states. Where it states none, it is of the zone on whose parcel it stands;
    without parcels to compare with it is taken as the caller's choice.

    Parameters
    ----------
    parcels : those of the zone

    Returns
    -------
    the rows, their index kept; of rows with one id the first
    """
    stated = np.array(texts(projects, "zone"), dtype=object)
    here = (stated == code) | (code == "")
    silent = stated == ""
    faults: list[Fault] = []
    if parcels is None or "parcel_id" not in parcels:
        here |= silent
    else:
        plots = np.array(texts(projects, "parcel_id"), dtype=object)
        if silent.any():
            known = set(texts(parcels, "parcel_id")) - {""}
            here |= silent & np.array([plot in known for plot in plots], dtype=bool)
        nowhere = Fault(
            "project_nowhere", "The project states neither zone nor parcel_id: no zone counts it.",
            "State the code of its zone.", Severity.WARNING, column="zone",
        )  # fmt: skip
        faults += faults_at(projects, silent & (plots == ""), nowhere)
    own = projects[here]
    twice = _repeated(own)
    again = Fault(
        "duplicate_key", "{name} stands more than once; only its first row counts.",
        "Give each project its own id, or keep one row.", column="project_id",
    )  # fmt: skip
    return own[~twice], [*faults, *faults_at(own, twice, again, name=texts(own, "project_id"))]


def _repeated(projects: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.bool_]]:
    if "project_id" not in projects:
        return np.zeros(len(projects), dtype=bool)
    names = projects["project_id"]
    return (names.duplicated(keep="first") & names.notna()).to_numpy(bool)


def _graded(projects: pd.DataFrame, grade: Any) -> pd.DataFrame:
    """The projects with the zone's land grade, where they state none."""
    if grade is None or grade != grade or not str(grade).strip():
        return projects
    own = texts(projects, "land_grade")
    return projects.assign(land_grade=[each or str(grade) for each in own])
