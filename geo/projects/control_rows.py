"""Control values (控制指标) as parameters: those that are shipped, and those that an office fills in.

A control is one measure for one industry and land grade, or for all of them. Its rows through time and
place are a `Parameter`, so that days of law are compared in one place alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

import pandas as pd

from data.codes.industries import EDITIONS
from data.kinds import kind
from data.parameters import Parameter, in_force, names, parameter
from data.records import Fault, Status
from geo.projects.control_faults import CONTROL, ControlRow, read_rows
from geo.projects.measures import MEASURES

ANY = "any"
DIGITS = 9
"""Takes off the dust of binary fractions; the texts name no rounding."""


class Key(NamedTuple):
    """What a control holds for; an empty field means all."""

    measure: str
    compare: str
    edition: str = ""
    industry: str = ""
    grade: str = ""


@dataclass(frozen=True, slots=True)
class Control:
    """One control through time and place.

    Parameters
    ----------
    key : what it holds for
    parameter : its rows, in the unit of the measure; a value of nan stands for rows that contradict
    section : section of GB/T 4754 that its text is about; a project known to be of another is left out
    """

    key: Key
    parameter: Parameter
    section: str = ""


def controls_of(frame: pd.DataFrame | None) -> tuple[dict[Key, Control], list[Fault]]:
    """All controls, by what they hold for, and what is wrong with the office's rows.

    From the first day on that an office gives a row for a key and a place, its rows speak there alone;
    before, and in other places, the shipped ones do.

    Parameters
    ----------
    frame : columns of the kind `controls`; None when the office has filled in none

    Returns
    -------
    key -> control; faults with their row. A row with a fault is not used; where two rows of one key and
    day differ, what they control cannot be told from that day on
    """
    found = shipped()
    if frame is None or frame.empty:
        return found, []
    rows, faults = read_rows(frame)
    own: dict[Key, list[ControlRow]] = {}
    for row in rows:
        key = Key(row.measure, row.compare, row.edition, row.industry, row.grade)
        own.setdefault(key, []).append(row)
    for key, of in own.items():
        made, said = _parameter(key, of)
        faults += said
        known = found.get(key)
        found[key] = Control(key, made if known is None else _over(made, known.parameter))
    return found, faults


def shipped() -> dict[Key, Control]:
    """The controls of `data/rules/projects`, and of an office's folder of rules laid over it.

    >>> shipped()[Key("plot_ratio", "at least", "gbt4754_2017", "36")].parameter.label
    '容积率控制指标 汽车制造业'
    """
    found: dict[Key, Control] = {}
    for name in names():
        if name.startswith("rules.projects."):
            rule = parameter(name)
            if rule.measures in MEASURES:
                key = Key(rule.measures, rule.compare, *_item(name))
                found[key] = Control(key, rule, str(rule.more.get("section", "")))
    return found


def _item(name: str) -> tuple[str, str, str]:
    """Edition, industry and grade of a name such as `rules.projects.plot_ratio.gbt4754_2017.36`."""
    parts = name.split(".")
    start = next((at for at, part in enumerate(parts) if part in EDITIONS or part == ANY), len(parts))
    edition, industry, grade = ("" if part == ANY else part for part in (*parts[start:], *[ANY] * 3)[:3])
    return edition, industry, grade


def _parameter(key: Key, rows: Iterable[ControlRow]) -> tuple[Parameter, list[Fault]]:
    """The office's rows of one key as a parameter; contradicting rows become nan."""
    values: dict[str, dict[date, Mapping[str, Any]]] = {}
    first: dict[tuple[str, date], ControlRow] = {}
    faults = []
    for row in rows:
        at = (row.locality, row.since)
        if at in first and first[at].value != row.value:
            faults.append(_contradiction(key, first[at], row))
            values[row.locality][row.since] = {**row.as_row(), "value": float("nan")}
        elif at not in first:
            first[at] = row
            values.setdefault(row.locality, {})[row.since] = row.as_row()
    about = MEASURES[key.measure]
    made = Parameter(
        name=_name(key),
        label=f"{about.label}控制值",
        unit=about.unit,
        values=values,
        measures=key.measure,
        compare=key.compare,
        decimals=DIGITS,
        status=Status.UNVERIFIED,
    )
    return made, faults


def _name(key: Key) -> str:
    """`controls.plot_ratio.gbt4754_2017.36`; what holds for all is named only where more follows."""
    parts = ["controls", key.measure, *(part or ANY for part in key[2:])]
    while parts[-1] == ANY:
        parts.pop()
    return ".".join(parts)


def _over(own: Parameter, ours: Parameter) -> Parameter:
    """The office's rows, and before its first day in a place those that are shipped."""
    values: dict[str, dict[date, Mapping[str, Any]]] = {
        place: dict(rows)
        for place, rows in own.values.items()  # noqa: PD011 - rows of a Parameter
    }
    for place, rows in ours.values.items():  # noqa: PD011 - rows of a Parameter
        begun = min(values.get(place, {}), default=None)
        for day, row in rows.items():
            if begun is None or not in_force(begun, None, day):
                kept = {"status": row.get("status", ours.status), **row}
                values.setdefault(place, {})[day] = kept
    return replace(own, values=values)


def _contradiction(key: Key, one: ControlRow, other: ControlRow) -> Fault:
    label = kind(CONTROL).columns["indicator"].one_of[key.measure]
    told = ["a repeal" if row.value is None else f"{row.value:g}" for row in (one, other)]
    return Fault(
        "control_contradicts",
        f"Rows {one.row} and {other.row} give {label} from {one.since} in {one.locality} as "
        f"{told[0]} and {told[1]} ({MEASURES[key.measure].unit}).",
        "Keep the row that the document states; until then this control cannot be told.",
        layer=CONTROL,
        row=other.row,
        column="value",
    )
