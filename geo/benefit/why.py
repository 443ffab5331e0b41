"""Why one enterprise got its grade (评价结果溯源): every number, from the statement to the class."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from data.errors import NotHere
from geo.benefit.grading import Grading
from geo.benefit.scheme import LAND, Cut, Group, Item
from geo.benefit.statements import numbers


def why_grade(grading: Grading, enterprise_id: str) -> dict[str, Any]:
    """Every number of one enterprise's grade.

    Parameters
    ----------
    grading : as `geo.benefit.grading.grade` makes it
    enterprise_id : of the year; one that follows or is merged is told with the row it takes, in `taken_from`

    Returns
    -------
    plain values only: enterprise, scheme, status, reason, group, land, indicators (value, its two figures,
    base, weight, cap, score, article, status), total (sum, correction, bonus, score), rank among how many,
    class with the step that gave it, objections

    Raises
    ------
    NotHere : the year has no such enterprise
    """
    where = np.flatnonzero(
        (grading.frame["enterprise_id"] == enterprise_id).to_numpy(dtype=bool, na_value=False)
    )
    if not len(where):
        raise NotHere("enterprise of the year", enterprise_id, list(grading.frame["enterprise_id"].dropna()))
    row = int(where[0])
    told = _plain(grading.frame.iloc[row])
    made = {name: told[name] for name in ("enterprise_id", "name", "zone", "status", "reason", "group")}
    made |= {"scheme": _scheme(grading), "land_mu": told["land_mu"], "choices": dict(grading.choices)}
    group = next((each for each in grading.scheme.groups if each.code == told["group"]), None)
    if group is not None and row in grading.scored[group.code].rows:
        made |= _scores(grading, group, row, told)
    made |= {name: told[name] for name in ("rank", "count", "class", "lowest")}
    made["step"] = _step(grading, group, told)
    taken = told["merged_into"] or told["follows"]
    if taken is not None and taken != enterprise_id:
        made["taken_from"] = taken
    made["objections"] = _objections(grading, enterprise_id)
    return made


def _scores(grading: Grading, group: Group, row: int, told: dict[str, Any]) -> dict[str, Any]:
    """The indicators of a row, and how they add up."""
    indicators = [_indicator(grading, group, item, row) for item in group.items]
    sums = [each["score"] for each in indicators]
    total = {
        "formula": "Σ score x correction + bonus",
        "sum": None if None in sums else sum(sums),
        **{name: told[name] for name in ("correction", "bonus", "score")},
    }
    return {"indicators": indicators, "total": total}


def _plain(row: Any) -> dict[str, Any]:
    """The row as plain Python values; None where something is missing."""
    return {name: _value(value) for name, value in row.items()}


def _value(value: Any) -> Any:
    if value is None or pd.isna(value):
        return None
    return value.item() if hasattr(value, "item") else value


def _scheme(grading: Grading) -> dict[str, Any]:
    scheme = grading.scheme
    return {
        "name": scheme.name,
        "label": scheme.label,
        "article": scheme.article,
        "since": scheme.since.isoformat(),
        "status": str(scheme.status),
        "year": grading.year,
        "day": grading.day.isoformat(),
    }


def _indicator(grading: Grading, group: Group, item: Item, row: int) -> dict[str, Any]:
    scored = grading.scored[group.code]
    at = int(np.flatnonzero(scored.rows == row)[0])
    base = float(scored.bases[item.code][scored.block[at]])
    figures = {name: _figure(grading, name, row) for name in item.columns}
    return {
        "code": item.code,
        "label": item.label,
        "formula": item.formula,
        "figures": figures,
        "value": _number(scored.figures[item.code][at]),
        "unit": item.unit,
        "filled": bool(scored.filled[item.code][at]),
        "base": _number(base),
        "base_rule": item.base_rule,
        "weight": item.weight,
        "cap": None if item.cap is None else item.cap * item.weight,
        "floor": None if item.floor is None else item.floor * item.weight,
        "score": _number(scored.scores[item.code][at]),
        "article": grading.scheme.article,
        "status": str(item.status),
        "note": item.note,
    }


def _figure(grading: Grading, name: str, row: int) -> float | None:
    column = "used_mu" if name == LAND else name
    return _number(numbers(grading.statements.iloc[[row]], column)[0])


def _number(value: Any) -> float | None:
    return None if np.isnan(value) else float(value)


def _step(grading: Grading, group: Group | None, told: dict[str, Any]) -> str:
    """How the class was cut, in words."""
    if group is None or told["rank"] is None:
        return ""
    place = f"rank {told['rank']} of {told['count']} by total score"
    classes = group.classes
    if classes.cut == "none":
        return f"{place}; the scheme states no classes"
    if classes.cut == "two_stage" and told["half"] is not None:
        by = next((cut.by for cut in classes.cuts if cut.of == told["half"]), ())
        again = f"rank {told['second_rank']} of {told['second_count']} by {' + '.join(by)}"
        cut = next((cut for cut in classes.cuts if cut.of == told["half"]), None)
        ends = _words(cut) if cut is not None else "nothing is cut off"
        return f"{place}: {told['half']} half; there {again}; {ends}, per cents of the {classes.share_of}"
    cuts = "; ".join(_words(cut) for cut in classes.cuts)
    return f"{place}; {cuts}; rounded {grading.scheme.rounding}"


def _words(cut: Cut) -> str:
    ways = {"share": cut.share, "at_least": cut.at_least, "first": cut.first, "last": cut.last}
    said = next(
        (f"{way.replace('_', ' ')} {value:g}" for way, value in ways.items() if value is not None), "rest"
    )
    return f"{cut.label}: {said}"


def _objections(grading: Grading, enterprise_id: str) -> list[dict[str, Any]]:
    record = grading.objections
    return [_plain(row) for _, row in record[record["enterprise_id"] == enterprise_id].iterrows()]
