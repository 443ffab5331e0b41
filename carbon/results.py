"""Totals of an inventory as results (排放结果): each can be asked why, down to its categories and factors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from carbon import CATEGORIES
from carbon.breakdowns import COUNTED
from carbon.inventory import Inventory
from data.records import Dated, Input, Result

ALL = "total"
TOLD: Mapping[str, str] = {
    ALL: "碳排放总量(范围一、范围二, 位置法)",
    "scope1": "范围一排放",
    "scope2": "范围二排放(位置法)",
    "scope3": "范围三排放(按申报)",
    "land": "土地利用变化排放",
    "captured": "捕集的二氧化碳",
    "biogenic": "生物成因二氧化碳",
}
"""Name among the totals -> Chinese term; the code of the result is `emissions_` and the name"""
SCOPES = "gpc-1.1 scopes by place; what stands beside the total is not netted"
FORMULAS = {
    ALL: "scope1 + scope2; each line is amount x factor",
    "biogenic": "Σ amount x biogenic carbon dioxide per unit; not in the total",
}


class Group(NamedTuple):
    """A category in one scope: what is known of it, of how many lines, and whether all are told."""

    scope: str
    category: str
    tonnes: float
    lines: int
    is_told: bool
    quotes: tuple[int, ...]


def results(told: Inventory) -> tuple[Result, ...]:
    """The total, then each scope and what stands beside it, tCO2e; `emissions_total` first.

    Inputs are the sums of the categories with the number of lines behind each; the breakdown gives what is
    known by category and scope, also where a total cannot be told.
    """
    groups = list(_groups(told.frame))
    return tuple(_result(told, name, groups) for name in TOLD)


def _result(told: Inventory, name: str, groups: list[Group]) -> Result:
    mine = [each for each in groups if each.scope == name or (name == ALL and each.scope in COUNTED)]
    value = told.location.told.get(name)
    known = {each.category: each.tonnes for each in mine}
    if name == ALL:
        known |= {scope: value for scope, value in told.location.known.items() if scope != ALL}
    deducted = told.choices.captured == "deducted" and "captured" in told.location.known
    formula = FORMULAS.get(name, "Σ amount x factor")
    return Result(
        code=f"emissions_{name}",
        label=TOLD[name],
        value=value,
        unit="tCO2" if name in ("biogenic", "captured") else "tCO2e",
        inputs=tuple(_input(each, told) for each in mine),
        formula=formula.replace("scope2;", "scope2 - captured;") if deducted else formula,
        articles=(SCOPES, *_factors(told, mine)),
        reason=told.location.reasons.get(name, ""),
        layer_versions=told.versions,
        breakdown=known,
    )


def _groups(frame: pd.DataFrame) -> Iterator[Group]:
    tonnes = np.nan_to_num(frame["tco2e"].to_numpy(np.float64))
    lost = frame["missing"].to_numpy() != ""
    quotes = frame["quote"].to_numpy()
    counted = np.flatnonzero(frame["scope"].to_numpy() != "")
    positions, names = pd.factorize(frame["category"].to_numpy()[counted])
    for place, name in enumerate(map(str, names)):
        at = counted[positions == place]
        used = tuple(np.unique(quotes[at]).tolist())
        is_told = not lost[at].any()
        yield Group(CATEGORIES[name].scope, name, float(tonnes[at].sum()), len(at), is_told, used)


def _input(group: Group, told: Inventory) -> Input:
    return Input(
        name=group.category,
        label=CATEGORIES[group.category].label,
        value=group.tonnes if group.is_told else None,
        unit="tCO2e",
        origin=", ".join(told.versions) or "activity",
        count=group.lines,
    )


def _factors(told: Inventory, groups: list[Group]) -> Iterator[Dated]:
    """The dated values behind the lines of some groups, each once."""
    used = (told.quotes[number].factor for group in groups for number in group.quotes if number >= 0)
    yield from dict.fromkeys(part for factor in used if factor is not None for part in factor.parts)
