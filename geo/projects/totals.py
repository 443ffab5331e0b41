"""Totals of a zone's projects (开发区项目汇总): shares kept, land behind broken promises, stages.

A total that one unknown project could change is not told; what is known stands beside it in the breakdown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from data.records import Finding, Input, Outcome, Result
from data.units import m2_to_mu
from geo.projects.controls import NOT_YET
from geo.projects.promises import Account, behind, pairs
from geo.projects.reading import Figures, Flags, figures, label
from geo.projects.stages import STAGES

CONTENTS: tuple[tuple[str, str, str], ...] = (
    ("project_count", "项目数", "count"),
    ("projects_signed", "签约项目数", "count"),
    ("projects_started", "开工项目数", "count"),
    ("projects_operating", "投产项目数", "count"),
    ("projects_stopped", "终止项目数", "count"),
    ("projects_overdue", "逾期未动工项目数", "count"),
    ("controls_met_share", "控制指标达标率", "1"),
    ("controls_not_met_count", "有控制指标不达标的项目数", "count"),
    ("promises_kept_share", "承诺兑现率", "1"),
    ("investment_kept_share", "承诺投资到位率", "1"),
    ("tax_kept_share", "承诺税收实现率", "1"),
    ("output_kept_share", "承诺产值实现率", "1"),
    ("promise_shortfall_cny10k", "承诺投资缺口", "CNY10k"),
    ("promise_shortfall_mu", "承诺未兑现对应用地", "mu"),
    ("prohibited_count", "准入禁止类项目数", "count"),
    ("restricted_count", "准入限制类项目数", "count"),
)
"""Code, label and unit of every result of a zone's projects."""
ABOUT: Mapping[str, tuple[str, str]] = {code: (label_, unit) for code, label_, unit in CONTENTS}


def result(
    code: str,
    value: float | None,
    *,
    formula: str = "",
    reason: str = "",
    inputs: Iterable[Input] = (),
    breakdown: Mapping[str, float] | None = None,
) -> Result:
    """A result of the contents; the reason is dropped where there is a value."""
    name, unit = ABOUT[code]
    return Result(
        code, name, value, unit, tuple(inputs), formula, reason="" if value is not None else reason,
        breakdown=breakdown or {},
    )  # fmt: skip


def counted(code: str, outcomes: Sequence[Outcome], what: str, formula: str) -> Result:
    """The share that is met of all; not told while one is unknown, with the lowest and highest it may be.

    >>> one = counted("promises_kept_share", [Outcome.MET, Outcome.CANNOT_TELL], "promise", "")
    >>> one.value, one.breakdown["lowest"], one.breakdown["highest"]
    (None, 0.5, 1.0)
    """
    met, broken, unknown = (sum(each is one for each in outcomes) for one in Outcome)
    many = met + broken + unknown
    beside = {"met": float(met), "not_met": float(broken), "cannot_tell": float(unknown)}
    if not many:
        return result(code, None, formula=formula, breakdown=beside, reason=f"There is no {what} to hold.")
    beside |= {"lowest": met / many, "highest": (met + unknown) / many}
    reason = f"Cannot be told: {unknown} of {many} {what}s are unknown. Their findings say what is lacking."
    value = None if unknown else met / many
    return result(code, value, formula=formula, breakdown=beside, reason=reason)


def promise_results(made: Sequence[Account]) -> list[Result]:
    """Promised, actual and share kept of money, what is lacking, and the land behind it.

    Parameters
    ----------
    made : the promises of a zone's projects on a day; those that are due count, and those of which it is
        not known whether they are
    """
    outcomes = [
        outcome
        for each in made
        for outcome, flags in zip(Outcome, (each.kept, each.broken, each.untold), strict=True)
        for _ in range(int(flags.sum()))
    ]
    lacking = {each.about.code: float(each.gap[told].sum()) for each, told in pairs(list(made))}
    reason = _untold(next(each for each in made if each.about.code == "investment"), 1.0)
    short = None if reason else lacking["investment"]
    formula = "Σ max(承诺投资 - 实际投资, 0), 到期承诺"
    return [
        counted("promises_kept_share", outcomes, "due promise", "兑现的到期承诺数 / 到期承诺数"),
        *(_kept(each, told) for each, told in pairs(list(made))),
        result("promise_shortfall_cny10k", short, reason=reason, formula=formula, breakdown=lacking),
        _land_behind(list(made)),
    ]


def _kept(each: Account, told: Flags) -> Result:
    """Actual over promised money of the promises that are due; more than was promised counts as well."""
    about, many = each.about, int(told.sum())
    promised, actual = float(each.promised[told].sum()), float(each.actual[told].sum())
    reason = _untold(each, promised)
    sums = [
        Input(name, said, None if each.untold.any() else value, about.unit, "projects", many)
        for name, said, value in (
            (about.promised, f"到期承诺{about.label}", promised),
            (about.actual, f"实际{about.label}", actual),
        )
    ]
    return result(
        f"{about.code}_kept_share",
        None if reason else actual / promised,
        reason=reason,
        inputs=sums,
        formula=f"实际{about.label} / 到期承诺{about.label}",
        breakdown={f"promised_{about.unit}": promised, f"actual_{about.unit}": actual},
    )


def _untold(each: Account, promised: float) -> str:
    many = int(each.untold.sum())
    if many:
        lacks = f"{label(each.about.actual)} or {label('due_on')}"
        return f"Cannot be told: {lacks} is not given for {many} project(s). Supply it, then assess again."
    return "" if promised > 0 else f"No promise of {each.about.label} is due; a share of nothing is not zero."


def _land_behind(made: list[Account]) -> Result:
    by = behind(made)
    known = {f"mu.{code}": float(m2_to_mu(np.nansum(land))) for code, land in by.items() if code != "any"}
    many = int(np.isnan(by["any"]).sum())
    reason = (
        f"Cannot be told: of {many} project(s) a due promise, or the land behind a broken one, is not known. "
        "Supply actual figures and land_m2 (总用地面积), then assess again."
    )
    value = None if many else float(m2_to_mu(by["any"].sum()))
    formula = "Σ 总用地面积 x 缺口 / 承诺, 每个项目取各项承诺中最大的一项"
    return result("promise_shortfall_mu", value, formula=formula, reason=reason, breakdown=known)


def stage_results(projects: pd.DataFrame, stage: Sequence[str], land_m2: Figures) -> list[Result]:
    """How many projects stand at each stage, with their promised and actual investment and their land.

    Parameters
    ----------
    stage : (n,) as `stages` tells it
    land_m2 : (n,) land; nan where not known, and then the stage's land is not told either
    """
    at = np.array(stage, dtype=object)
    unknown = int((at == "").sum())
    lacks = "stage (项目阶段), contract_on, started_on and operating_on are all empty"
    reason = f"Cannot be told: {lacks} for {unknown} project(s). Supply one of them, then assess again."
    found = []
    for code in (*STAGES, "stopped"):
        here = at == code
        beside = {
            "count": float(here.sum()),
            **_sum("promised_investment_cny10k", figures(projects, "promised_investment_cny10k"), here),
            **_sum("actual_investment_cny10k", figures(projects, "actual_investment_cny10k"), here),
            **_sum("land_mu", m2_to_mu(land_m2), here),
        }
        value = None if unknown else float(here.sum())
        found.append(result(f"projects_{code}", value, reason=reason, breakdown=beside))
    return found


def _sum(name: str, amounts: Figures, here: Flags) -> dict[str, float]:
    """The sum where all are known, else nothing; and how many are not."""
    lacking = int(np.isnan(amounts[here]).sum())
    return {f"{name}_unknown": float(lacking)} if lacking else {name: float(amounts[here].sum())}


def control_results(controls: Sequence[Finding]) -> list[Result]:
    """How many controls are met, and how many projects miss one; what cannot be held yet does not count."""
    controls = [each for each in controls if each.remedy != NOT_YET]
    short = {each.subject for each in controls if each.outcome is Outcome.NOT_MET}
    doubtful = {each.subject for each in controls if each.outcome is Outcome.CANNOT_TELL} - short
    reason = f"Cannot be told: a control of {len(doubtful)} project(s) is unknown; their findings say why."
    if not controls:
        reason = "No control value applies to any project. Fill in the table controls."
    beside = {"not_met": float(len(short)), "cannot_tell": float(len(doubtful))}
    value = None if doubtful or not controls else float(len(short))
    outcomes = [each.outcome for each in controls]
    return [
        counted("controls_met_share", outcomes, "control", "达标的控制指标数 / 适用的控制指标数"),
        result("controls_not_met_count", value, breakdown=beside, reason=reason),
    ]


def overdue_result(late: Sequence[bool | None]) -> Result:
    """How many projects are late to begin, as `geo.projects.stages.overdue` tells it."""
    known, vague = sum(each is True for each in late), sum(each is None for each in late)
    reason = (
        f"Cannot be told: of {vague} project(s) it is not known whether work has begun, or when it was to. "
        "State stage (项目阶段) or started_on, and agreed_start_on (约定动工日期)."
    )
    beside = {"overdue": float(known), "cannot_tell": float(vague)}
    return result("projects_overdue", None if vague else float(known), reason=reason, breakdown=beside)


def admission_results(admissions: Sequence[Finding]) -> list[Result]:
    """How many projects are prohibited, and how many restricted, by the zone's list."""
    treated = [each.limit.name.rpartition(".")[2] if each.limit else "" for each in admissions]
    unknown = sum(each.outcome is Outcome.CANNOT_TELL and each.limit is None for each in admissions)
    reason = f"Cannot be told: the admission of {unknown} project(s) is unknown; their findings say why."
    if not admissions:
        reason = "The zone has no admission list, or no project. Fill in the table admissions."
    found = []
    for code, treatment in (("prohibited_count", "prohibited"), ("restricted_count", "restricted")):
        many = float(treated.count(treatment))
        beside = {"known": many, "cannot_tell": float(unknown)}
        value = many if admissions and not unknown else None
        found.append(result(code, value, reason=reason, breakdown=beside))
    return found
