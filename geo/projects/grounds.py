"""Why the totals of projects are what they are (项目汇总的依据): formula, article and inputs of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from data.records import Dated, Finding, Input, Result

PLAN_STAGES = "henan-145-etdz-plan 第三章第一节 (签约一批、开工一批、投产一批)"
PLAN_ADMISSION = "henan-145-etdz-plan 第五章第三节 (产业准入禁止限制目录)"
CONTRACT = "henan-145-etdz-plan 第七章第四节 (承诺制+标准地); the project's own promises, by their due day"
START = "mlr-order-53-2012 第二条 (约定动工日期)"
GROUNDS: Mapping[str, tuple[str, str]] = {
    "project_count": ("开发区项目数", PLAN_STAGES),
    "projects_signed": ("处于签约阶段的项目数", PLAN_STAGES),
    "projects_started": ("处于开工阶段的项目数", PLAN_STAGES),
    "projects_operating": ("处于投产阶段的项目数", PLAN_STAGES),
    "projects_stopped": ("已终止的项目数", PLAN_STAGES),
    "projects_overdue": ("约定动工日期已过而未动工的项目数", START),
    "controls_not_met_count": ("至少一项控制指标不达标的项目数", ""),
    "promises_kept_share": ("", CONTRACT),
    "investment_kept_share": ("", CONTRACT),
    "tax_kept_share": ("", CONTRACT),
    "output_kept_share": ("", CONTRACT),
    "promise_shortfall_cny10k": ("", CONTRACT),
    "promise_shortfall_mu": ("", CONTRACT),
    "prohibited_count": ("列入禁止目录的项目数", PLAN_ADMISSION),
    "restricted_count": ("列入限制目录的项目数", PLAN_ADMISSION),
}
"""Code -> formula where the total states none, and the article it rests on."""
COUNTS = {
    "met": "达标",
    "not_met": "不达标",
    "cannot_tell": "无法判断",
    "count": "项目数",
    "overdue": "逾期",
    "known": "已知",
}
NO_CONTROLS = "rules.projects, and the office's table controls: none applies"


def grounded(results: Iterable[Result], projects: int, held: Sequence[Finding]) -> list[Result]:
    """The totals with formula, articles and inputs.

    Parameters
    ----------
    projects : how many the zone has
    held : findings on control values; the limits they name are the articles of the totals on controls
    """
    limits: tuple[Dated | str, ...] = tuple(dict.fromkeys(each.limit for each in held if each.limit))
    return [_grounded(each, projects, limits or (NO_CONTROLS,)) for each in results]


def _grounded(result: Result, projects: int, limits: tuple[Dated | str, ...]) -> Result:
    formula, article = GROUNDS.get(result.code, ("", ""))
    counted = [
        Input(name, COUNTS[name], value, "count", "projects")
        for name, value in result.breakdown.items()
        if name in COUNTS
    ]
    whole = Input("projects", "开发区项目", float(projects), "count", "projects", projects)
    return replace(
        result,
        formula=result.formula or formula,
        articles=limits if result.code.startswith("controls") else (article,),
        inputs=result.inputs or (whole, *counted),
    )
