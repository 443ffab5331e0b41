"""Targets of a plan (规划目标跟踪): the province and each zone against “十四五”经开区发展主要目标.

A target is one item of a rule file (`data/rules/standing/targets.yaml`); how it is measured stands there.
The plan sets its targets for all zones of the province together. A zone is seen beside those that make
sense for one, and that is a yardstick, no duty of the zone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd

from data.errors import ColumnMissing, NoValueOnDay, RuleFileError
from data.parameters import Parameter, names, parameter
from data.records import Dated
from geo.standing.measured import OWN, SUM, Figure, Row, Sources, of_province, of_zone, sources
from geo.standing.statements import read
from geo.standing.target import KINDS, Target, reckon

PLAN = "rules.standing.targets"
LEAGUE_GOALS = "rules.standing.league_goals"


def targets(
    statistics: pd.DataFrame,
    results: Iterable[Row],
    zones: pd.DataFrame,
    *,
    year: int,
    day: date,
    region: str,
    table: str = PLAN,
) -> list[Target]:
    """Every target of a table, for the province and for each zone.

    Parameters
    ----------
    statistics : zone, period, item, value, unit; rows of a region carry its GB/T 2260 code as zone
    results : rows of `Book.results`, of any years; those of the base year and of `year` are used
    zones : column code; all zones that the plan speaks of. One without a figure leaves the sum untold
    year : up to which the figures are held
    day, region : which targets are in force; region is the province that is tracked
    table : the rule file, `PLAN` or `LEAGUE_GOALS` or one of the office's own

    Returns
    -------
    list of Target: the province's in the order of the file, then each zone's by code. Where no target is
    in force that day, or a figure is missing, the outcome is cannot_tell, with the reason

    Raises
    ------
    ColumnMissing : statistics lack a column, or the zones have no code
    RuleFileError : an item does not say how it is measured
    """
    if "code" not in zones:
        raise ColumnMissing("code", "The zones of a plan", zones.columns)
    given = sources(read(statistics), results, zones["code"].astype("str"), region)
    rules = [parameter(name) for name in names() if name.startswith(f"{table}.")]
    found = [_province(rule, given, year, _in_force(rule, day, region)) for rule in rules]
    for_one = [(rule, _in_force(rule, day, region)) for rule in rules if _plan(rule)["scope"] == "both"]
    return found + [_zone(rule, given, zone, year, goal) for zone in given.zones for rule, goal in for_one]


def _in_force(rule: Parameter, day: date, region: str) -> Dated | str:
    """The goal of that day, or why there is none."""
    try:
        return rule.on(day, region)
    except NoValueOnDay as silent:
        return str(silent)


def _plan(rule: Parameter) -> dict[str, Any]:
    """How a target is measured, as its file says."""
    said = dict(rule.more)
    lacks = {"kind", "scope", "measure", "base_year", "target_year"} - set(said)
    if lacks or said["kind"] not in KINDS or said["scope"] not in ("province", "both"):
        raise RuleFileError(
            f"{rule.name}: `more` needs kind ({', '.join(KINDS)}), scope (province, both), measure, base_year"
            f" and target_year; it says {said}."
        )
    return said


def _zone(rule: Parameter, given: Sources, zone: str, year: int, goal: Dated | str) -> Target:
    blank = _blank(rule, zone, year, "zone")
    if isinstance(goal, str):
        return replace(blank, reason=goal)
    measure = _plan(rule)["measure"]
    years = {each: of_zone(measure, given, zone, each) for each in _years(blank)}
    return _reckoned(blank, rule, goal, years)


def _province(rule: Parameter, given: Sources, year: int, goal: Dated | str) -> Target:
    """The province's target: by its own row where that states every year that is needed, else by the sum.

    One way is taken for both years: a region's own figure and a sum over zones are not the same thing.
    """
    blank = _blank(rule, given.region, year, OWN)
    if isinstance(goal, str):
        return replace(blank, reason=goal)
    measure = _plan(rule)["measure"]
    needed = {blank.year} if blank.kind == "level" else {blank.base_year, blank.year}
    own = {each: of_province(measure, given, each, OWN) for each in _years(blank)}
    if "count" in measure:
        return _reckoned(_blank(rule, given.region, year, SUM), rule, goal, own)
    if all(own[each].value is not None for each in needed) or measure.get("stated_by") == "region":
        return _reckoned(blank, rule, goal, own)
    summed = {each: of_province(measure, given, each, SUM) for each in _years(blank)}
    told = _reckoned(_blank(rule, given.region, year, SUM), rule, goal, summed)
    if told.value is not None and (told.base_value is not None or needed == {blank.year}):
        return told
    silent = f" Nor does the row of {given.region} state {', '.join(map(str, sorted(needed)))} in full."
    return replace(told, reason=told.reason + silent)


def _reckoned(blank: Target, rule: Parameter, goal: Dated, years: dict[int, Figure]) -> Target:
    between = range(blank.base_year + 1, blank.year)
    gaps = tuple(each for each in between if years[each].value is None)
    held = replace(blank, goal=goal, gaps=gaps)
    return reckon(held, rule, years[blank.base_year], years[blank.year])


def _years(blank: Target) -> list[int]:
    """Base year, the years between, and the year that is held; the year alone when it comes first."""
    return sorted({blank.base_year, blank.year, *range(blank.base_year, blank.year)})


def _blank(rule: Parameter, subject: str, year: int, way: str) -> Target:
    plan = _plan(rule)
    base, last = int(plan["base_year"]), int(plan["target_year"])
    code = rule.name.rpartition(".")[2]
    return Target(code, rule.label, plan["kind"], subject, min(year, last), base, last, way, rule.unit)
