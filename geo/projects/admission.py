"""Admission of projects (项目准入): each project against the admission list of its zone (准入禁止限制目录).

A prohibition wins over a restriction, and that over an admission, however general each is. Where a
prohibition might apply but industry or process do not say so for sure, admission cannot be told.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import NamedTuple

import pandas as pd

from data.kinds import kind
from data.parameters import in_force
from data.records import Dated, Fault, Finding, Outcome, Status
from geo.projects.admission_rows import LIST, TREATMENTS, Row, list_rows, words
from geo.projects.industries import covers, project_industries, readings
from geo.projects.reading import first_day, texts

RULE = "projects.admission"
NO_ROW = "no row of the zone's list covers it, and the list does not say what holds for all else"


class Applicant(NamedTuple):
    """What decides on a project's admission; empty where not known."""

    industry: str
    edition: str
    processes: tuple[str, ...]


class Match(NamedTuple):
    """A row that covers a project, or may, and then why that is not sure."""

    row: Row
    doubt: str


class Said(NamedTuple):
    """What the list says of a project: the row it surely rests on, and why it cannot be told."""

    outcome: Outcome
    row: Row | None
    reason: str = ""


def admit(
    projects: pd.DataFrame, admissions: pd.DataFrame | None, *, day: date, zone: str, region: str
) -> tuple[list[Finding], list[Fault]]:
    """Every project against the rows of its zone's list that were in force on its day.

    Parameters
    ----------
    projects : `industry`, `industry_edition`, `process`; its day is `accepted_on`, else `contract_on`, else
        the day asked for
    admissions : columns of the kind `admissions`; rows of other zones are left out
    zone, region : code of the zone; GB/T 2260 code that goes into the articles

    Returns
    -------
    one finding per project, none where the zone has no list: not_met where it is prohibited, met where it is
    admitted, cannot_tell where a condition is to be verified, or where it is not known which row applies.
    Faults of the list

    >>> one = pd.DataFrame({"project_id": ["P1"], "industry": ["2614"], "industry_edition": ["gbt4754_2017"]})
    >>> row = {"zone": ["G1"], "treatment": ["prohibited"], "industry_edition": ["gbt4754_2017"],
    ...     "industry": ["26"], "since": ["2024-01-01"], "article": ["目录 3"]}
    >>> found = admit(one, pd.DataFrame(row), day=date(2024, 6, 1), zone="G1", region="410100")[0][0]
    >>> found.outcome.value, found.limit.article
    ('not_met', '目录 3')
    """
    rows, faults = list_rows(admissions, zone)
    if not rows:
        return [], faults
    codes, editions, _ = project_industries(projects)
    cells = [words(text) for text in texts(projects, "process")]
    on = [each or day for each in first_day(projects, "accepted_on", "contract_on")]
    applicants = [Applicant(*each) for each in zip(codes, editions, cells, strict=True)]
    matches = {each: _matches(each, rows) for each in dict.fromkeys(applicants)}
    pairs = list(zip(applicants, on, strict=True))
    told = {pair: _say(matches[pair[0]], pair[1]) for pair in dict.fromkeys(pairs)}
    names = texts(projects, "project_id")
    findings = [_finding(name, told[pair], region) for name, pair in zip(names, pairs, strict=True)]
    return findings, faults


def _matches(applicant: Applicant, rows: list[Row]) -> list[Match]:
    """The rows that cover a project, or may, on whatever day."""
    found = []
    for row in rows:
        industry = _industry_match(row, applicant)
        process = _process_match(row.processes, applicant.processes)
        if industry is not None and process is not None:
            found.append(Match(row, " and ".join(filter(None, (industry, process)))))
    return found


def _say(matches: list[Match], day: date) -> Said:
    """What the strictest row in force says; a row that might hold comes before any that is less strict."""
    held = [each for each in matches if in_force(each.row.since, each.row.until, day)]
    for treatment in TREATMENTS:
        of = [each for each in held if each.row.treatment == treatment]
        sure = next((each.row for each in of if not each.doubt), None)
        if sure is not None and treatment == "restricted":
            condition = sure.condition or "no condition is stated"
            return Said(Outcome.CANNOT_TELL, sure, f"restricted; to be verified: {condition}")
        if sure is not None:
            return Said(Outcome.MET if treatment == "permitted" else Outcome.NOT_MET, sure)
        if of:
            row, why = of[0]
            reason = f"it may be {treatment} by row {row.number} ({row.article}): {why}"
            return Said(Outcome.CANNOT_TELL, None, reason)
    return Said(Outcome.CANNOT_TELL, None, NO_ROW)


def _industry_match(row: Row, applicant: Applicant) -> str | None:
    """Empty where the industry is covered, None where it is not, else why that is not sure."""
    if row.industry and not row.edition:
        sure = any(
            covers(row.industry, each, applicant.industry, each).sure
            for each in readings(applicant.industry, applicant.edition)
        )
        return (
            "the row does not state the edition of its industry" if sure or not applicant.industry else None
        )
    found = [
        covers(row.industry, row.edition, applicant.industry, each)
        for each in readings(applicant.industry, applicant.edition)
    ]
    if all(each.sure for each in found):
        return ""
    doubts = [each.why_not_sure for each in found if each.why_not_sure]
    if any(each.sure for each in found):
        return f"the edition of industry {applicant.industry} is not stated"
    return doubts[0] if doubts else None


@cache
def _process_match(row: tuple[str, ...], own: tuple[str, ...]) -> str | None:
    """The same word covers for sure; a word within a word only perhaps."""
    if not row or set(row) & set(own):
        return ""
    if not own:
        return f"the process is not given, and the row is about {'、'.join(row)}"
    pairs = ((mine, theirs) for theirs in row for mine in own)
    alike = next(
        (f"{mine} is like {theirs}" for mine, theirs in pairs if theirs in mine or mine in theirs), ""
    )
    return f"the process {alike}" if alike else None


def _finding(name: str, said: Said, region: str) -> Finding:
    row = said.row
    limit = None
    if row is not None:
        treated = kind(LIST).columns["treatment"].one_of[row.treatment]
        limit = Dated(
            f"admissions.{row.treatment}", None, "", row.since, region, row.article,
            row.published or row.since, Status.UNVERIFIED, f"{treated}类", row.condition,
        )  # fmt: skip
    remedy = {
        Outcome.MET: "",
        Outcome.NOT_MET: "Do not admit the project; where it stands, see what its admission rests on.",
        Outcome.CANNOT_TELL: "Supply industry, edition and process, and verify the conditions of the list.",
    }[said.outcome]
    reason = f"Admission cannot be told: {said.reason}." if said.reason else ""
    return Finding(
        RULE, "符合开发区准入目录", "projects", name, said.outcome, limit=limit,
        formula="禁止优先于限制, 限制优先于准入", reason=reason, remedy=remedy,
    )  # fmt: skip
