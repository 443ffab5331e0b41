"""Evaluation of intensive use (开发区土地集约利用评价): standardised values, the score, and four potentials.

Each indicator of the zone's type is held against its ideal value: 现状值 / 理想值 × 100, and 100 at most.
Of the idle rate, and of approved land that is not supplied, less is better; there what is *not* idle is
held against what ideally is not: (1 − 现状值) / (1 − 理想值) × 100. The score is the mean of these by weight.
Ideal values and weights come from a dated table (`geo.land.evaluation_table`); no official one is at hand.

Source: the procedure as it is universally described; the text of TD/T 1029 has not been read for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

import pandas as pd

from data.errors import NoSuchCode, NoValueOnDay
from data.parameters import NATION
from data.records import Input, Result
from geo.land.contents import BEYOND, INDICATORS, UNITS
from geo.land.evaluation_table import REVERSED, Asked, evaluation_table, evaluation_tables
from geo.land.indicator import Indicator
from geo.land.potentials import (
    potential_expansion,
    potential_intensity,
    potential_management,
    potential_structure,
)
from geo.land.survey import surveyed
from geo.land.zone_types import (
    PARTS,
    ZONE_TYPES,
    Once,
    afresh,
    indicator_set,
    type_rule,
    zone_kind,
    zone_type_once,
)

LABELS = {each.code: each.label for each in INDICATORS}
PROCEDURE = "tdt-1029 集约度分值 (转述, 原文未核)"
FORMULA = "Σ 权重 × 标准化值 / Σ 权重; 标准化值 = min(现状值 / 理想值 × 100, 100)"
BACKWARDS = "逆向指标 = min((1 − 现状值) / (1 − 理想值) × 100, 100)"


@dataclass(frozen=True, slots=True)
class Scope:
    """As what a zone is evaluated.

    Parameters
    ----------
    zone_type : key of ZONE_TYPES, or None when it cannot be told
    part : main 主区, or direction 发展方向区
    asked : what the table asks of it; empty where there is none
    reason : why nothing is asked
    """

    zone_type: str | None
    part: str
    asked: tuple[Asked, ...] = ()
    reason: str = ""

    @property
    def label(self) -> str:
        """`工业主导型, 主区`."""
        return f"{ZONE_TYPES.get(self.zone_type or '', '类型未知')}, {PARTS[self.part]}"

    def ideal(self, code: str) -> Asked | None:
        """What is asked of one indicator, whatever its weight."""
        return next((each for each in self.asked if each.code == code), None)


def standardised(code: str, value: float, ideal: float) -> float:
    """A value in points of its ideal, 100 at most; of `REVERSED` indicators less is better.

    Formula: min(value / ideal x 100, 100), reversed min((1 - value) / (1 - ideal) x 100, 100)

    >>> standardised("plot_ratio", 0.6, 1.2), standardised("plot_ratio", 2.0, 1.2)
    (50.0, 100.0)
    >>> standardised("idle_rate", 0.25, 0.0)
    75.0
    """
    if code in REVERSED:
        return min((1 - value) / (1 - ideal) * 100, 100.0)
    return min(value / ideal * 100, 100.0)


def evaluate(
    results: Mapping[str, Result],
    parcels_table: pd.DataFrame,
    zone: Mapping[str, Any],
    *,
    day: date,
    region: str = NATION,
    table: str | None,
    origin: str = "parcels",
    once: Once = afresh,
) -> list[Result]:
    """The score of intensive use of a zone, and its four potentials.

    Parameters
    ----------
    results : code -> Result: the land indicators, and the figures per mu of `geo.benefit` where the type asks
        for them
    parcels_table : the zone's parcels, as `surveyed` takes or returns them
    zone : `code` and `category` say of which type it is; `part` is main 主区 (taken where it is not given) or
        direction 发展方向区
    table : name of an evaluation table; None gives the potentials that need no ideal value
    origin : what the inputs name as their layer
    once : keeps what is the same in all years of the same land, for whoever evaluates several

    Returns
    -------
    intensity_score (points), potential_expansion, potential_structure, potential_intensity and
    potential_management (mu), in this order

    Raises
    ------
    NoSuchCode : there is no such table, or no such part of a zone
    """
    land = surveyed(parcels_table)
    typed, _ = zone_type_once(once, land, zone, day, region)
    scope = scope_of(typed, zone, table, day, region)
    return [score(results, scope, type_rule(day, region)), *_potentials(land, scope, origin, once)]


def scope_of(
    zone_type: str | None, zone: Mapping[str, Any], table: str | None, day: date, region: str
) -> Scope:
    """As what a zone of some type is evaluated, and what the table asks of it.

    Raises
    ------
    NoSuchCode : there is no such table, or no such part of a zone
    """
    part = zone.get("part")
    part = "main" if part is None or pd.isna(part) else str(part)
    if part not in PARTS:
        raise NoSuchCode(part, "The list of parts of a zone", PARTS)
    if table is None:
        offer = f"Choose one: {', '.join(evaluation_tables())}, or your office's own."
        return Scope(
            zone_type, part, reason=f"No evaluation table of ideal values and weights is chosen. {offer}"
        )
    chosen = evaluation_table(table)
    if zone_type is None:
        said = "The type of the zone cannot be told from its land. Give its category, or mend its parcels."
        return Scope(None, part, reason=said)
    try:
        asked = chosen.on(day, region, zone_type=zone_type, part=part, kind=zone_kind(zone))
    except NoValueOnDay as silent:
        return Scope(zone_type, part, reason=str(silent))
    said = f"The table {table} says nothing of a zone of type {ZONE_TYPES[zone_type]} ({PARTS[part]})."
    return Scope(zone_type, part, asked, "" if asked else f"{said} Choose a table that does.")


def score(results: Mapping[str, Result], scope: Scope, rule: Iterable[Any] = ()) -> Result:
    """The score of intensive use (集约度分值), in points; None when one indicator that weighs is unknown.

    Formula: Σ weight x standardised / Σ weight

    Parameters
    ----------
    rule : the dated shares by which the type was told

    Returns
    -------
    Result whose breakdown holds `standardised.<code>`, `weight.<code>` and `ideal.<code>` (in the indicator's
    unit) of each indicator, and `known_weight`, the share of the weights whose indicator is known
    """
    counted = [each for each in scope.asked if each.weight.value]
    known = {each.code: value for each in counted if (value := _value(results, each.code)) is not None}
    points = {e.code: standardised(e.code, known[e.code], e.ideal_value) for e in counted if e.code in known}
    weights = {each.code: float(each.weight.value or 0) for each in counted}
    whole = sum(weights.values())
    reason = scope.reason or _lacking(results, [each.code for each in counted if each.code not in known])
    value = sum(weights[code] * points[code] for code in points) / whole if whole and not reason else None
    code, label, unit = BEYOND[0]
    codes = [each.code for each in counted] or indicator_set(scope.zone_type or "other", scope.part)
    backwards = f"; {BACKWARDS}" if REVERSED & set(codes) else ""
    return Result(
        code,
        f"{label}({scope.label})",
        value,
        unit,
        inputs=tuple(_input(results, each.code) for each in counted),
        formula=f"{FORMULA}{backwards}. {scope.label}: {', '.join(codes) or '指标未知'}",
        articles=(PROCEDURE, *rule, *(dated for each in counted for dated in (each.ideal, each.weight))),
        reason=reason,
        breakdown={
            **{f"standardised.{code}": point for code, point in points.items()},
            **{f"weight.{code}": weight for code, weight in weights.items()},
            **{f"ideal.{each.code}": each.ideal_value for each in counted},
            **({"known_weight": sum(weights[code] for code in points) / whole} if whole else {}),
        },
    )


def _value(results: Mapping[str, Result], code: str) -> float | None:
    return results[code].value if code in results else None


def _lacking(results: Mapping[str, Result], codes: list[str]) -> str:
    if not codes:
        return ""
    said = "; ".join(
        f"{code} ({results[code].label}): {results[code].reason}"
        if code in results
        else f"{code} is not measured"
        for code in codes
    )
    return f"The score needs every indicator that weighs, and lacks {len(codes)}: {said}"


def _input(results: Mapping[str, Result], code: str) -> Input:
    label = results[code].label if code in results else LABELS.get(code, code)
    return Input(code, label, _value(results, code), UNITS[code], "indicators")


def _potentials(land: pd.DataFrame, scope: Scope, origin: str, once: Once) -> list[Result]:
    def measured(potential: Indicator, given: Mapping[str, float | None]) -> Result:
        same = (potential.code, origin, *given.items())
        return cast(Result, once(same, lambda: potential.measure(land, given, origin)))

    by_ideal: tuple[tuple[Indicator, str], ...] = (
        (potential_structure, "industrial_share.p1"),
        (potential_intensity, "industrial_plot_ratio"),
    )
    held = []
    for potential, code in by_ideal:
        asked = scope.ideal(code)
        told = measured(potential, {"ideal": asked.ideal_value if asked else None})
        held.append(replace(told, articles=(*told.articles, asked.ideal)) if asked else told)
    first, last = (measured(each, {}) for each in (potential_expansion, potential_management))
    return [first, *held, last]
