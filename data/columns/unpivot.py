"""Wide tables (宽表): a column per fuel becomes a row per fuel, each still knowing its cell."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.columns.names import factor, split
from data.columns.notes import Notes
from data.columns.suppliers import Supplier
from data.columns.types import missing
from data.errors import UnitMismatch
from data.records import Table
from data.units import plain_unit

VALUE, UNIT = "amount", "unit"
TOTAL = re.compile(r"合计|总计|小计|共计|综合能源消费量|综合能耗|total", re.IGNORECASE)
SHOWN = 10


@dataclass(frozen=True)
class Taken:
    """A column whose cells become rows.

    Parameters
    ----------
    header : its name in the file
    says : our columns and what they say in each of its rows
    unit : of its numbers
    """

    header: str
    says: Mapping[str, str]
    unit: str


def unpivoted(table: Table, by: Supplier, notes: Notes) -> tuple[Table, NDArray[np.object_]]:
    """The long table, and for each of its rows the header of the column that it comes from.

    The index repeats where a row of the file makes several; every row and column that makes none is named in
    a fault. A zero makes a row.

    Parameters
    ----------
    table : as a reader returns it
    by : with its `unpivot`
    """
    frame = table.frame
    headers = [str(name) for name in frame.columns]
    taken = _taken(headers, frame, by, notes)
    filled = np.column_stack(
        [~missing(frame[one.header]) for one in taken] or [np.zeros((len(frame), 0), bool)]
    )
    _say_blanks(filled, taken, by, notes)
    if by.unpivot and by.unpivot.blank == "fault":
        filled = np.ones_like(filled)
    rows, columns = np.nonzero(filled)
    gone = {one.header for one in taken} | _left_out(headers, by, notes)
    kept = [name for name in frame.columns if str(name) not in gone]
    long = frame[kept].iloc[rows]
    names = list(dict.fromkeys(name for one in taken for name in one.says))
    said = {name: _each([one.says.get(name) for one in taken], columns) for name in names}
    said[UNIT] = _each([one.unit for one in taken], columns)
    said[VALUE] = _values(frame, taken, rows, columns)
    clash = [name for name in long.columns if name in said]
    long = long.drop(columns=clash).assign(**said)
    long.attrs = {**frame.attrs, "units": ()}
    return replace(table, frame=long), _each([one.header for one in taken], columns)


def titled(table: Table, by: Supplier, notes: Notes) -> Table:
    """The table with what the rows above its header say for all rows, where no column says it."""
    above = " ".join(text for _, text in table.frame.attrs.get("titles", ()))
    said = {}
    for ours, pattern in by.titled.items():
        found = list(dict.fromkeys(re.findall(pattern, plain_unit(above))))
        if len(found) == 1:
            said[ours] = found[0]
            notes.warn(
                "titled", f"{ours} is {found[0]} in every row, as the title says.", "Look if that is so."
            )
        elif found:
            notes.add(
                "title_ambiguous",
                f"The title names {', '.join(found)}, and one of them would be the {ours} of every row.",
                f"Add a column {ours} that says which.",
                column=ours,
            )
    lacking = {ours: value for ours, value in said.items() if ours not in table.frame.columns}
    return replace(table, frame=table.frame.assign(**lacking)) if lacking else table


def _taken(headers: Sequence[str], frame: pd.DataFrame, by: Supplier, notes: Notes) -> list[Taken]:
    """The columns that become rows; each that looks as if it should and cannot is a fault."""
    taken, used = [], dict[str, str]()
    sheet = frame.attrs.get("units", ())
    for header in headers:
        if _is_left(header, by) or header in by.columns:
            continue
        says = _said_of(header, by)
        if says is None:
            _say_unmapped(header, frame, notes)
            continue
        usual = says.get(UNIT, "")
        unit = split(header)[1] or (sheet[0] if len(sheet) == 1 else "") or usual
        says = {name: value for name, value in says.items() if name != UNIT}
        if _unit_fits(header, unit, usual, notes) and _first(header, used, says, notes):
            taken.append(Taken(header, says, unit))
    return taken


def _said_of(header: str, by: Supplier) -> Mapping[str, str] | None:
    """What the map says of a header: by the first pattern that it fits."""
    listed = by.unpivot.columns if by.unpivot else {}
    return next((says for pattern, says in listed.items() if _fits(header, pattern)), None)


def _fits(header: str, pattern: str) -> bool:
    """Whether a header fits a pattern: whole, without its unit, or in one of its levels.

    >>> _fits("消费量/烟煤（吨）", "烟煤"), _fits("烟煤(万元)", "*(万元)"), _fits("无烟煤", "烟煤*")
    (True, True, False)
    """
    whole, wanted = (re.sub(r"\s+", "", plain_unit(text)) for text in (header, pattern))
    base = split(header)[0]
    return any(fnmatchcase(text.casefold(), wanted.casefold()) for text in (whole, base, *base.split("/")))


def _is_left(header: str, by: Supplier) -> bool:
    listed = by.unpivot.leave if by.unpivot else ()
    return any(_fits(header, one) for one in listed) or (
        bool(TOTAL.search(split(header)[0])) and _said_of(header, by) is None and header not in by.columns
    )


def _left_out(headers: Sequence[str], by: Supplier, notes: Notes) -> set[str]:
    left = [header for header in headers if _is_left(header, by)]
    if left:
        notes.warn(
            "columns_left_out",
            f"{len(left)} columns were left out, as totals or by the map {by.name}: {', '.join(left)}.",
            "Nothing is to be done, unless they hold amounts of their own.",
        )
    return set(left)


def _say_unmapped(header: str, frame: pd.DataFrame, notes: Notes) -> None:
    """A column with a unit and numbers that no pattern fits would be lost without a word."""
    base, unit = split(re.sub(r"_\d+$", "", header))
    if not unit or not (~missing(frame[header])).any():
        return
    notes.add(
        "column_not_mapped",
        f"{header} holds amounts in {unit}, and the map does not say of what.",
        f"Add {base} to `unpivot` in the map, or to its `leave`.",
        column=header,
    )


def _unit_fits(header: str, unit: str, usual: str, notes: Notes) -> bool:
    if not unit:
        notes.add(
            "unit_missing",
            f"{header} names no unit, and neither does the map.",
            "Write the unit behind the name, as 烟煤(吨).",
            column=header,
        )
        return False
    if not usual or _measures_like(unit, usual):
        return True
    notes.add(
        "unit_mismatch",
        f"{header} is in {unit}, which cannot measure what the map counts in {usual}; it was not taken.",
        "Correct the unit in the header, or add the column to `leave` in the map.",
        column=header,
    )
    return False


def _measures_like(unit: str, usual: str) -> bool:
    """Whether a unit measures what another does, or the energy in it; the state of a gas is not asked."""
    for one in (usual, usual.replace("Nm3", "m3").replace("标准立方米", "立方米"), "GJ"):
        for stated in (unit, plain_unit(unit).replace("Nm3", "m3").replace("标准立方米", "立方米")):
            try:
                factor(stated, one)
            except UnitMismatch:
                continue
            return True
    return False


def _first(header: str, used: dict[str, str], says: Mapping[str, str], notes: Notes) -> bool:
    """Whether no earlier column says the same; two that do would be counted twice."""
    what = " ".join(says.values())
    if what not in used:
        used[what] = header
        return True
    notes.add(
        "column_twice",
        f"{used[what]} and {header} both tell of {what}; only {used[what]} was taken.",
        "Remove one of them, or add it to `leave` in the map.",
        column=header,
    )
    return False


def _say_blanks(filled: NDArray[np.bool_], taken: Sequence[Taken], by: Supplier, notes: Notes) -> None:
    if not taken or filled.all() or (by.unpivot and by.unpivot.blank == "fault"):
        return
    empty = np.flatnonzero(~filled.any(axis=1))
    rows = ", ".join(str(row) for row in notes.rows[empty[:SHOWN]]) + (" …" if len(empty) > SHOWN else "")
    nothing = f" {len(empty)} rows state nothing at all: {rows}." if len(empty) else ""
    notes.warn(
        "blank_cells",
        f"{int((~filled).sum()):,} blank cells in {len(taken)} columns make no statement.{nothing}",
        "Write 0 where nothing was used; a blank says that nobody knows.",
    )


def _each(labels: Sequence[Any], columns: NDArray[np.intp]) -> NDArray[np.object_]:
    held = np.empty(len(labels), dtype=object)
    held[:] = labels
    return held[columns]


def _values(
    frame: pd.DataFrame, taken: Sequence[Taken], rows: NDArray[np.intp], columns: NDArray[np.intp]
) -> NDArray[Any]:
    """The cells, one below the other; numbers stay numbers where all are."""
    cells = [frame[one.header] for one in taken]
    if cells and all(one.dtype.kind in "fiu" for one in cells):
        return np.column_stack([one.to_numpy(np.float64) for one in cells])[rows, columns]
    made = np.empty((len(frame), len(cells)), dtype=object)
    for j, one in enumerate(cells):
        made[:, j] = one.to_numpy(dtype=object)
    return made[rows, columns]
