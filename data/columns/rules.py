"""What must hold of the cells of a kind (校验): required ones filled, bounds kept, keys told apart."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from data.columns.notes import Mask, Notes, Problem
from data.columns.types import missing
from data.kinds import Kind
from data.records import Severity

PARTS = {"zones", "constraints"}
"""Kinds of which one thing may be drawn in several rows"""

NOTATION = (
    (
        "amount_missing",
        "amount",
        "There is neither an amount nor a notation.",
        "Write the amount, or NE, NO, IE, C or NA with an explanation; never 0 for unknown.",
    ),
    (
        "amount_and_notation",
        "amount",
        "There is an amount, {value}, and a notation beside it.",
        "Keep one of the two.",
    ),
    (
        "notation_unexplained",
        "notation",
        "A notation stands without an explanation.",
        "Say in the column explanation (说明) why there is no amount.",
    ),
)
"""Fault, its column, what it says, and the remedy"""


def check(
    frame: pd.DataFrame,
    raw: Mapping[str, pd.Series],
    kind: Kind,
    bad: Mapping[str, Mask],
    notes: Notes,
) -> None:
    """Every rule of a kind held against the typed columns; a cell already named is not named twice.

    Parameters
    ----------
    frame : with typed columns
    raw : our column -> its cells as given
    bad : our column -> cells that did not fit their type
    """
    for name, cells in raw.items():
        if kind.columns[name].required:
            empty = missing(cells) & ~bad[name]
            says, remedy = "A required cell is empty.", "Fill it in, or remove the row."
            notes.cells(Problem("required_empty", empty, says, remedy), name, cells)
        _check_bounds(frame, kind, name, notes)
    _check_keys(frame, kind, notes)
    if kind.name == "activity":
        check_notation(frame, bad, notes)
        check_counts(frame, raw, notes)


def _check_bounds(frame: pd.DataFrame, kind: Kind, name: str, notes: Notes) -> None:
    column = kind.columns[name]
    if column.min is None and column.max is None:
        return
    values = frame[name].to_numpy(dtype=float, na_value=np.nan)
    low = -np.inf if column.min is None else column.min
    high = np.inf if column.max is None else column.max
    outside = (values < low) | (values > high)
    unit = f" {column.unit}" if column.unit else ""
    span = f"at least {low:g}{unit}" if high == np.inf else f"{low:g} to {high:g}{unit}"
    remedy = "Correct it; leave the cell blank where it is not known."
    problem = Problem("out_of_bounds", outside, "{value} is out of bounds: " + span + ".", remedy)
    notes.cells(problem, name, frame[name])


def _check_keys(frame: pd.DataFrame, kind: Kind, notes: Notes) -> None:
    """Rows with the same key; blank parts of a key are equal, a key that is blank altogether is none.

    A column that the file does not have is blank in every row, and so tells none of them apart.
    """
    key = [name for name in kind.key if name in frame.columns]
    if not key:
        return
    keys = pd.DataFrame(frame[key])
    again = keys.duplicated(keep=False).to_numpy() & ~keys.isna().all(axis=1).to_numpy()
    if not again.any():
        return
    at = np.flatnonzero(again)
    groups = keys.iloc[at].groupby(key, dropna=False, sort=False).indices
    grouped = [at[rows] for rows in groups.values()]
    severity = Severity.WARNING if kind.name in PARTS else Severity.ERROR

    def say(rows: str, one: int) -> str:
        pairs = zip(key, keys.iloc[one], strict=True)
        said = ", ".join(f"{name} {value}" for name, value in pairs if not pd.isna(value))
        means = " They are taken as parts of one." if kind.name in PARTS else ""
        return f"Rows {rows} have the same key: {said}.{means}"

    notes.groups("duplicate_key", grouped, say, severity)


def check_notation(frame: pd.DataFrame, bad: Mapping[str, Mask], notes: Notes) -> None:
    """An amount or a notation (填报符号), never both, never neither; a zero is a zero."""
    count = len(frame)

    def has(name: str) -> Mask:
        if name not in frame.columns:
            return np.zeros(count, dtype=bool)
        return frame[name].notna().to_numpy(dtype=bool) | bad.get(name, np.zeros(count, dtype=bool))

    amount, notation, explanation = has("amount"), has("notation"), has("explanation")
    cells = frame["amount"] if "amount" in frame.columns else pd.Series(np.full(count, np.nan), frame.index)
    for (code, column, says, remedy), mask in zip(
        NOTATION, (~amount & ~notation, amount & notation, notation & ~explanation), strict=True
    ):
        notes.cells(Problem(code, mask, says, remedy), column, cells)


def check_counts(frame: pd.DataFrame, raw: Mapping[str, pd.Series], notes: Notes) -> None:
    """A count (万, 亿) in the amount and in its unit as well: 3.2万 of 万吨 is hardly what is meant."""
    if "amount" not in raw or "unit" not in frame.columns or raw["amount"].dtype.kind in "fiu":
        return
    written = raw["amount"].astype("str").str.strip()
    counted = written.str.endswith(("万", "亿")) & frame["unit"].str.match(r"[千万亿十百]").fillna(False)
    says = "The amount {value} counts in 万 or 亿, and so does its unit."
    remedy = "Keep the count in one of the two: 3.2 in 万吨, or 3.2万 in 吨."
    both = counted.fillna(False).to_numpy(dtype=bool)
    notes.cells(Problem("counted_twice", both, says, remedy), "amount", raw["amount"])
