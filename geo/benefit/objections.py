"""Objections to published figures (异议): what was decided takes the place of what was stated, in a copy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from data.kinds import kind
from data.records import Fault, Severity
from geo.benefit.land_of import fault
from geo.benefit.statements import numbers, texts

ALLOWED = ("upheld", "partly")
OUTCOMES = ("open", *ALLOWED, "rejected")
NEEDS = ("enterprise_id", "item", "outcome")
SAME = 1e-9  # relative; a figure that was written to a file and read again


@dataclass(frozen=True, slots=True)
class Applied:
    """Statements with what was decided.

    Parameters
    ----------
    rows : a copy of the statements of the year, decided figures in place
    record : one row per objection of the year: enterprise_id, item, state (open, upheld, partly, rejected),
        before, claimed, after, applied, why
    faults : objections that are about nothing, or contradict the statement
    """

    rows: pd.DataFrame
    record: pd.DataFrame
    faults: tuple[Fault, ...]


RECORD = ("enterprise_id", "item", "state", "before", "claimed", "after", "applied", "why")


def apply(rows: pd.DataFrame, objections: pd.DataFrame | None, year: int, day: date) -> Applied:
    """The statements of a year, with the objections decided by a day.

    Parameters
    ----------
    rows : statements of the year, on an index of 0 … n-1
    objections : as in `data/kinds.yaml`; None for none
    day : what was decided later counts as open, and figures stay

    Returns
    -------
    Applied; an objection with a Fault is not applied
    """
    if objections is None or objections.empty:
        return Applied(rows, _no_record().copy(), ())
    of_year = objections[numbers(objections, "year") == year].reset_index(drop=True)
    if of_year.empty:
        return Applied(rows, _no_record().copy(), ())
    found = _located(rows, of_year)
    faults: list[Fault] = []
    record = [_one(found, at, day, faults) for at in range(len(of_year))]
    changed = rows.copy()
    for item, some in _applied(record, found).items():
        column = numbers(changed, item).copy()
        for at, value in some:
            column[at] = value
        changed[item] = column
    return Applied(changed, pd.DataFrame(record, columns=list(RECORD)), tuple(faults))


@cache
def _no_record() -> pd.DataFrame:
    return pd.DataFrame(columns=list(RECORD))


@dataclass(frozen=True, slots=True)
class _Located:
    """Objections of a year, beside the rows they are about; -1 where there is none."""

    objections: pd.DataFrame
    rows: pd.DataFrame
    row: Any
    twice: Any


def _located(rows: pd.DataFrame, objections: pd.DataFrame) -> _Located:
    ids = pd.Series(texts(rows, "enterprise_id"), dtype=object)
    single = ids[ids.notna() & ~ids.duplicated(keep=False)]
    named = pd.DataFrame({name: texts(objections, name) for name in ("enterprise_id", "item")})
    position = pd.Series(single.index, index=pd.Index(single.to_numpy(), dtype=object))
    at = position.reindex(named["enterprise_id"].to_numpy()).fillna(-1).to_numpy(dtype=np.intp)
    plain = pd.DataFrame({name: texts(objections, name) for name in ("zone", *NEEDS)})
    for name in ("stated", "claimed", "decided"):
        plain[name] = numbers(objections, name)
    blank = pd.Series(pd.NaT, index=objections.index)
    plain["decided_on"] = pd.to_datetime(objections.get("decided_on", blank), errors="coerce")
    return _Located(plain, rows, at, named.duplicated(keep=False).to_numpy())


def _one(found: _Located, at: int, day: date, faults: list[Fault]) -> tuple[Any, ...]:
    """The record of one objection; there are few, so they are looked at one by one."""
    said = found.objections.iloc[at]
    before = _before(found, at)
    state = said["outcome"] if said["outcome"] in OUTCOMES else "open"
    trouble = _trouble(found, at, before)
    if trouble:
        faults.append(trouble)
        return (
            said["enterprise_id"],
            said["item"],
            state,
            before,
            said["claimed"],
            before,
            False,
            trouble.message,
        )
    if pd.notna(said["decided_on"]) and said["decided_on"].date() > day:
        why = f"It is decided on {said['decided_on'].date()}, after {day}."
        return (said["enterprise_id"], said["item"], "open", before, said["claimed"], before, False, why)
    applied = state in ALLOWED
    after = said["decided"] if applied else before
    why = "" if applied else {"open": "It is not decided yet."}.get(state, "It was rejected.")
    return (said["enterprise_id"], said["item"], state, before, said["claimed"], after, applied, why)


def _before(found: _Located, at: int) -> float:
    item, row = found.objections["item"][at], found.row[at]
    if row < 0 or item not in found.rows:
        return float("nan")
    return float(pd.to_numeric(found.rows[item].iloc[[row]], errors="coerce").astype("float64").iloc[0])


def _trouble(found: _Located, at: int, before: float) -> Fault | None:
    """What is wrong with an objection; None where nothing is."""
    said = found.objections.iloc[at]
    column = kind("enterprises").columns.get(str(said["item"]))
    made = None
    if said["outcome"] not in OUTCOMES:
        made = f"The outcome is {said['outcome']!r}.", f"Write one of {', '.join(OUTCOMES)}."
    elif found.twice[at]:
        made = f"There are several objections to its {said['item']} of the year.", "Keep the one that stands."
    elif found.row[at] < 0:
        made = "It has no single statement of the year.", "Correct enterprise_id, or take in its statement."
    elif column is None or column.type not in ("number", "integer"):
        made = f"Enterprises have no number {said['item']}.", "Name a column, as tax_cny10k or land_mu."
    elif said["zone"] is not None and said["zone"] != _zone(found, at):
        made = (
            f"The objection is of zone {said['zone']}, the statement of {_zone(found, at)}.",
            "Correct the zone.",
        )
    elif not _same(said["stated"], before):
        known = _same(said["decided"], before) and said["outcome"] in ALLOWED
        made = (
            f"{said['item']} was published as {said['stated']:g}; the statement says {before:g}.",
            "The statement already says what was decided: close the objection."
            if known
            else "See which statement was published, and state that one.",
        )
    elif said["outcome"] in ALLOWED and (np.isnan(said["decided"]) or pd.isna(said["decided_on"])):
        made = f"The objection is {said['outcome']}, without decided or decided_on.", "Fill in both."
    if made is None:
        return None
    return fault("objection_unclear", said["enterprise_id"], *made, str(said["item"]), Severity.ERROR)


def _zone(found: _Located, at: int) -> Any:
    return texts(found.rows.iloc[[found.row[at]]], "zone")[0]


def _same(one: float, other: float) -> bool:
    if np.isnan(one) or np.isnan(other):
        return bool(np.isnan(one) and np.isnan(other))
    return bool(abs(one - other) <= SAME * max(abs(one), abs(other)))


def _applied(record: list[tuple[Any, ...]], found: _Located) -> dict[str, list[tuple[int, float]]]:
    """Column -> (row, decided figure)."""
    changes: dict[str, list[tuple[int, float]]] = {}
    for at, (_, item, *_rest, after, applied, _why) in enumerate(record):
        if applied:
            changes.setdefault(item, []).append((int(found.row[at]), after))
    return changes


def states(record: pd.DataFrame, ids: Any) -> tuple[Any, Any]:
    """For each enterprise the states of its objections, and the figures that they changed, in words.

    Parameters
    ----------
    ids : (n,) enterprise ids

    Returns
    -------
    two (n,) arrays: `upheld`, `open, rejected` …, and `tax_cny10k 100 -> 120`; empty where there is none
    """
    state, changed = (np.full(len(ids), "", dtype=object) for _ in range(2))
    if len(record):
        position = {name: at for at, name in enumerate(ids)}
        for name, some in record.groupby("enterprise_id", sort=False):
            at = position.get(name)
            if at is not None:
                state[at] = ", ".join(sorted(set(some["state"])))
                done = some[some["applied"].astype(bool)]
                changed[at] = "; ".join(
                    f"{row.item} {row.before:g} -> {row.after:g}" for row in done.itertuples(index=False)
                )
    return state, changed


def difference(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Whose class, rank, score or status the objections changed.

    Parameters
    ----------
    before, after : frames of two gradings of the same year, without and with the objections

    Returns
    -------
    DataFrame by enterprise_id: name, zone, and status, class, rank, score each `_before` and `_after`;
    enterprises for which all four are as they were are left out
    """
    columns = ["status", "class", "rank", "score"]
    keys = ["enterprise_id", "name", "zone"]
    old, new = (frame[[*keys, *columns]].drop_duplicates("enterprise_id") for frame in (before, after))
    both = old.merge(
        new.drop(columns=["name", "zone"]), on="enterprise_id", how="outer", suffixes=("_before", "_after")
    )
    moved = np.zeros(len(both), dtype=bool)
    for name in columns:
        first, second = both[f"{name}_before"], both[f"{name}_after"]
        moved |= ~((first == second).fillna(False) | (first.isna() & second.isna())).to_numpy(dtype=bool)
    order = [*keys, *(f"{name}_{when}" for name in columns for when in ("before", "after"))]
    return both.loc[moved, order].sort_values("enterprise_id").reset_index(drop=True)
