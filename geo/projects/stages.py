"""Stages of projects (三个一批: 签约, 开工, 投产) as of a day, and those that are late to begin.

Days say more than the word in `stage`, which is written once and grows old; where both speak and differ,
the days count, and the difference is a fault.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd

from data.records import Fault, Finding, Outcome, Severity
from geo.projects.reading import Flags, days, faults_at, label, texts

STAGES: Mapping[str, str] = {"signed": "签约", "started": "开工", "operating": "投产"}
STOPPED = "stopped"
REACHED_ON: Mapping[str, str] = {
    "signed": "contract_on",
    "started": "started_on",
    "operating": "operating_on",
}
RANK = {"": 0, "signed": 1, "started": 2, "operating": 3}
RULE = "projects.agreed_start"


class Staged(NamedTuple):
    """The stage of each project on a day.

    Parameters
    ----------
    stage : (n,) signed, started, operating, stopped; "" where it cannot be told
    begun : (n,) True, False; None where it cannot be told whether work has begun
    """

    stage: list[str]
    begun: list[bool | None]


def stages(projects: pd.DataFrame, *, day: date) -> tuple[Staged, list[Fault]]:
    """The stage that each project had reached on a day, and contradictions.

    Parameters
    ----------
    projects : `stage`, `contract_on`, `started_on`, `operating_on`. Without a stage the furthest day that
        has come counts; but a missing day is no proof that work has not begun, so `begun` is then not told
    day : days after it have not come yet

    >>> one = {"project_id": ["P1"], "contract_on": ["2023-01-01"], "started_on": ["2024-05-01"]}
    >>> [stages(pd.DataFrame(one), day=date(2024, month, 1))[0].stage for month in (4, 5)]
    [['signed'], ['started']]
    """
    word = [each if each in RANK or each == STOPPED else "" for each in texts(projects, "stage")]
    on = {stage: days(projects, column) for stage, column in REACHED_ON.items()}
    reached, ahead = _by_days(on, day)
    final, wrong = [], np.zeros(len(projects), bool)
    for at, said in enumerate(word):
        stage = said or reached[at]
        if said in STAGES:
            stale, early = RANK[reached[at]] > RANK[said], ahead[at] and RANK[ahead[at]] <= RANK[said]
            wrong[at] = bool(stale or early)
            stage = reached[at] if stale or early else said
        final.append(stage)
    begun = [_begun(*each, day) for each in zip(word, final, on["started"], strict=True)]
    return Staged(final, begun), [
        *_contradictions(projects, wrong, word, final, day),
        *_disorder(projects, on),
    ]


def waiting(projects: pd.DataFrame, staged: Staged, *, day: date) -> list[str]:
    """Why the money of a project cannot be held against a limit yet; empty where it can.

    A project is complete when it operates, or when the day has come by which it was to (`due_on`). Of one
    whose stage is not known nothing is said.

    >>> one = pd.DataFrame({"project_id": ["P1"], "stage": ["started"], "due_on": ["2025-06-30"]})
    >>> told = [stages(one, day=date(year, 12, 31))[0] for year in (2024, 2025)]
    >>> [waiting(one, each, day=date(year, 12, 31)) for each, year in zip(told, (2024, 2025))]
    [['It is 开工 on 2024-12-31, and due on 2025-06-30.'], ['']]
    """
    due = days(projects, "due_on")
    return [
        f"It is {STAGES[stage]} on {day}, and {f'due on {by}' if by else 'its due day is not given'}."
        if stage in ("signed", "started") and (by is None or day < by)
        else ""
        for stage, by in zip(staged.stage, due, strict=True)
    ]


def _by_days(on: Mapping[str, list[date | None]], day: date) -> tuple[list[str], list[str]]:
    """The furthest stage whose day has come, and the nearest one whose day is still to come."""
    reached, ahead = [], []
    for come in zip(*on.values(), strict=True):
        pairs = list(zip(on, come, strict=True))
        reached.append(
            next((stage for stage, then in reversed(pairs) if then is not None and then <= day), "")
        )
        ahead.append(next((stage for stage, then in pairs if then is not None and then > day), ""))
    return reached, ahead


def _begun(word: str, stage: str, started_on: date | None, day: date) -> bool | None:
    """Whether work has begun; not, only where the stage says signed or the day is still to come."""
    if stage in ("started", "operating"):
        return True
    if started_on is not None:
        return started_on <= day
    return False if word == stage == "signed" else None


def _contradictions(
    projects: pd.DataFrame, wrong: Flags, word: list[str], final: list[str], day: date
) -> Iterator[Fault]:
    fault = Fault(
        "stage_contradicted",
        f"stage (项目阶段) is {{word}}, but on {day} the project's days make it {{final}}.",
        "Correct the stage, or the day; the days are counted.",
        Severity.WARNING,
        column="stage",
    )
    yield from faults_at(projects, wrong, fault, word=word, final=[each or "none" for each in final])


def _disorder(projects: pd.DataFrame, on: Mapping[str, list[date | None]]) -> Iterator[Fault]:
    """Work begun before the contract, production before work."""
    for early, late in (("signed", "started"), ("started", "operating"), ("signed", "operating")):
        pairs = list(zip(on[early], on[late], strict=True))
        wrong = np.array([bool(one and other and other < one) for one, other in pairs], dtype=bool)
        first, last = REACHED_ON[early], REACHED_ON[late]
        fault = Fault(
            "days_out_of_order",
            f"{label(last)} is {{late}}, before {label(first)}, {{early}}.",
            "Correct the day that is wrong; work before the contract is a matter of its own.",
            column=last,
        )
        yield from faults_at(projects, wrong, fault, early=on[early], late=on[late])


def overdue(projects: pd.DataFrame, staged: Staged, *, day: date) -> list[bool | None]:
    """Whether each project is late to begin: its agreed day has passed, and work has not begun.

    A project that has begun, or is stopped, is not late; of one that is not known to have begun, None where
    it states no agreed day, or the day has passed.

    Parameters
    ----------
    staged : as `stages` makes it for the same day
    """
    return [
        _late(then, begun, stage, day)
        for then, begun, stage in zip(
            days(projects, "agreed_start_on"), staged.begun, staged.stage, strict=True
        )
    ]


def _late(agreed: date | None, begun: bool | None, stage: str, day: date) -> bool | None:
    if begun or stage == STOPPED or (agreed is not None and day <= agreed):
        return False
    return None if agreed is None or begun is None else True


def late_starts(projects: pd.DataFrame, staged: Staged, *, day: date) -> list[Finding]:
    """Projects against the day on which work was agreed to begin, for all that have such a day.

    Not met when the day has passed and work has not begun; the shortfall is the days since. Met once work
    has begun, however late. On the agreed day itself nothing is late yet.

    Parameters
    ----------
    staged : as `stages` makes it for the same day
    """
    names, agreed = texts(projects, "project_id"), days(projects, "agreed_start_on")
    late = overdue(projects, staged, day=day)
    return [
        _finding(name, then, begun, is_late, day)
        for name, then, begun, is_late, stage in zip(
            names, agreed, staged.begun, late, staged.stage, strict=True
        )
        if then is not None and stage != STOPPED
    ]


def _finding(name: str, agreed: date, begun: bool | None, late: bool | None, day: date) -> Finding:
    since = (day - agreed).days
    outcome, reason, remedy, short = Outcome.MET, "", "", None
    if late:
        outcome, short = Outcome.NOT_MET, float(since)
        remedy = f"Press for the start of work, {since} days late; see whether the land is idle by order 53."
    elif late is None:
        outcome = Outcome.CANNOT_TELL
        reason = f"{label('stage')} and {label('started_on')} do not say whether work has begun."
        remedy = "State the stage, or the day on which work began."
    elif not begun:
        outcome, remedy = Outcome.CANNOT_TELL, "Wait for the day."
        reason = f"Not yet due: work is to begin by {agreed}."
    return Finding(
        RULE, "按约定日期动工", "projects", name, outcome, formula=f"实际动工不晚于约定动工日期 {agreed}",
        shortfall=short, shortfall_unit="" if short is None else "day", reason=reason, remedy=remedy,
    )  # fmt: skip
