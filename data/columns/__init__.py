"""Columns (列): from the names, units and ways of writing of a file to the columns of a kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from data.columns import rules, types
from data.columns.names import Plan, Use, factor, plan, stated
from data.columns.notes import Notes
from data.columns.suppliers import Supplier, recognise, supplier, suppliers
from data.columns.unpivot import UNIT, VALUE, titled, unpivoted
from data.errors import ColumnMissing, NoSuchCode, UnitMismatch
from data.kinds import Column, Kind
from data.records import Table

CELLS = (VALUE, UNIT)
"""Our columns that tell of a cell of a wide table, and not of its whole row"""

__all__ = ["fit", "recognise", "supplier", "suppliers"]


def fit(
    table: Table, kind: Kind, *, supplier: str | None = None, rename: Mapping[str, str] | None = None
) -> Table:
    """The table with our columns, in our units, each in its type; what does not fit is listed in `faults`.

    A cell that does not fit is missing in the frame and a fault with its row and text. Nothing is
    guessed: an unknown class stays unknown, a blank stays missing, a zero stays zero. Columns that have
    no place with us are kept as they are. Rows and index stay; so does geometry with its CRS.

    Types: number float64, integer Int64, flag boolean, day datetime64[s]; period, code, text and the
    values of one_of (in English) are str. Missing is NaN, NA, NaT.

    Parameters
    ----------
    table : as a reader returns it
    kind : what its rows are
    supplier : file of data/columns that names its columns; never chosen for you, only suggested
    rename : their name -> ours, before anything else

    Raises
    ------
    ColumnMissing : a required column cannot be found
    NoSuchCode : there is no such supplier
    """
    chosen = suppliers_of(supplier, kind)
    notes = Notes.of(table, kind.name)
    if chosen is not None and chosen.titled:
        table = titled(table, chosen, notes)
    if chosen is not None and chosen.unpivot:
        table, cells = unpivoted(table, chosen, notes)
        notes = replace(Notes.of(table, kind.name), faults=notes.faults, headers=dict.fromkeys(CELLS, cells))
    shape = _geometry(table.frame)
    headers = [str(name) for name in table.frame.columns if str(name) != shape]
    made = plan(headers, kind, chosen, rename or {}, notes)
    _check_required(made, kind, chosen, headers, notes)
    frame, raw = _taken(table.frame, made, kind, chosen, shape)
    bad: dict[str, Any] = {}
    for name in raw:
        frame[name], bad[name] = _typed(raw[name], kind.columns[name], notes)
    _scale(frame, made, kind, table.frame.attrs.get("units", ()), notes)
    rules.check(frame, raw, kind, bad, notes)
    _say_what_is_odd(headers, made, kind, chosen, notes)
    frame.attrs = dict(table.frame.attrs)
    return replace(table, frame=frame, faults=tuple(notes.faults))


def suppliers_of(name: str | None, kind: Kind) -> Supplier | None:
    """The named supplier, which must be one of that kind."""
    if name is None:
        return None
    chosen = supplier(name)
    if chosen.kind != kind.name:
        have = [one.name for one in suppliers().values() if one.kind == kind.name]
        raise NoSuchCode(name, f"data/columns, for {kind.name},", have)
    return chosen


def _geometry(frame: pd.DataFrame) -> str:
    """Name of the geometry column, empty where there is none."""
    return next(
        (str(n) for n, d in zip(frame.columns, frame.dtypes, strict=True) if str(d) == "geometry"), ""
    )


def _check_required(
    made: Plan, kind: Kind, chosen: Supplier | None, headers: Sequence[str], notes: Notes
) -> None:
    given = set(made.uses) | ({chosen.numbered, *chosen.fixed} if chosen else set())
    lacking = [name for name, column in kind.columns.items() if column.required and name not in given]
    if not lacking:
        return
    odd = ColumnMissing(lacking[0], f"The kind {kind.name} ({kind.label})", headers)
    said = [f"{name} ({kind.columns[name].label})" for name in lacking]
    rest = f" All that lack: {', '.join(said)}."
    likely = [] if chosen else recognise(headers, kind)
    hint = f" The columns look like those of the supplier {' or '.join(likely)}: name it." if likely else ""
    wide = [one.name for one in suppliers().values() if one.kind == kind.name and one.unpivot]
    if wide and chosen is None:
        hint += f" If each thing has a column of its own, write a map with `unpivot`, like {wide[0]}."
    unclear = [fault.message for fault in notes.faults if fault.code == "title_ambiguous"]
    odd.args = (" ".join([f"{odd}{rest}{hint}", *unclear]),)
    raise odd


def _taken(
    frame: pd.DataFrame, made: Plan, kind: Kind, chosen: Supplier | None, shape: str
) -> tuple[pd.DataFrame, dict[str, pd.Series[Any]]]:
    """The columns without a place and the geometry; and, raw, those that have one, under our names."""
    theirs = {str(name): name for name in frame.columns}
    raw = {ours: _merge(frame, uses, theirs) for ours, uses in made.uses.items()}
    for ours, listed in (chosen.codes if chosen else {}).items():
        if ours in raw:
            codes, _ = types.convert(raw[ours], replace(kind.columns[ours], type="code"))
            known = codes.map(dict(listed.map))
            unlisted = (codes.notna() & known.isna()).to_numpy(dtype=bool)
            raw[ours] = known.where(~unlisted, codes)
            for other, value in listed.unknown.items():
                raw[other] = _filled(frame, raw.get(other), value, unlisted)
    if chosen and chosen.numbered and chosen.numbered not in raw:
        raw[chosen.numbered] = pd.Series(np.arange(1, len(frame) + 1), index=frame.index).astype("str")
    for ours, value in (chosen.fixed if chosen else {}).items():
        raw[ours] = _filled(frame, raw.get(ours), value, None)
    kept = [name for name in frame.columns if str(name) == shape or str(name) not in made.headers()]
    rest = frame[kept].copy(deep=False)
    clash = {name: f"{name}_given" for name in kept if name in kind.columns and str(name) != shape}
    ordered = {name: raw[name] for name in kind.columns if name in raw}
    return rest.rename(columns=clash) if clash else rest, ordered


def _merge(frame: pd.DataFrame, uses: Sequence[Use], theirs: Mapping[str, Any]) -> pd.Series[Any]:
    """One column of ours from theirs: whole, or row by row where a condition says so."""
    if not uses[0].take.when:
        whole: pd.Series[Any] = frame[theirs[uses[0].header]]
        return whole
    made = pd.Series(np.full(len(frame), None), index=frame.index, dtype=object)
    for use in uses:
        rows = np.ones(len(frame), dtype=bool)
        for column, value in use.take.when.items():
            rows &= (
                frame[theirs[column]].astype("str").str.strip().eq(value).fillna(False).to_numpy(dtype=bool)
                if column in theirs
                else False
            )
        made = made.mask(rows, frame[theirs[use.header]].astype(object))
    return made


def _filled(frame: pd.DataFrame, column: pd.Series[Any] | None, value: str, rows: Any) -> pd.Series[Any]:
    """The column with the value where it is blank (and, if rows are given, only there)."""
    empty = pd.Series(np.full(len(frame), None), index=frame.index, dtype=object)
    made: pd.Series[Any] = empty if column is None else column
    blank = made.isna().to_numpy(dtype=bool)
    return made.astype(object).mask(blank if rows is None else blank & rows, value)


def _typed(cells: pd.Series[Any], column: Column, notes: Notes) -> tuple[pd.Series[Any], Any]:
    values, problems = types.convert(cells, column)
    bad = np.zeros(len(cells), dtype=bool)
    for problem in problems:
        notes.cells(problem, column.name, cells)
        bad |= problem.mask
    return values, bad


def _scale(frame: pd.DataFrame, made: Plan, kind: Kind, units: Sequence[str], notes: Notes) -> None:
    """Numbers from the header's unit, or that of the whole sheet, into ours."""
    assumed = []
    for ours, uses in made.uses.items():
        column, use = kind.columns[ours], uses[0]
        if column.type not in ("number", "integer") or not (column.unit or use.unit):
            continue
        unit = use.unit or ("" if use.named else stated(units, column))
        if not unit and not use.named and column.unit not in ("", "人"):
            assumed.append(use.header)
        if unit:
            _scale_one(frame, column, unit, use.header, notes)
    if assumed:
        notes.warn(
            "unit_assumed",
            f"No unit is given for {', '.join(assumed)}; ours were taken.",
            "Write the unit behind the name, as the template does: 税收(万元).",
        )


def _scale_one(frame: pd.DataFrame, column: Column, unit: str, header: str, notes: Notes) -> None:
    try:
        times = factor(unit, column.unit or "1")
    except UnitMismatch as odd:
        notes.add(
            "unit_mismatch",
            f"{header} is in {unit}, and {column.name} in {column.unit or 'no unit'}: {odd}",
            "Correct the unit in the header.",
            column=header,
        )
        return
    if times != 1.0:
        inverse = round(1 / times)
        exact = times < 1 and abs(inverse * times - 1) < 1e-12
        frame[column.name] = frame[column.name] / inverse if exact else frame[column.name] * times
        said = f"{header} was converted from {unit} to {column.unit}."
        notes.warn("unit_converted", said, "Nothing is to be done.", column=header)


def _say_what_is_odd(
    headers: Sequence[str], made: Plan, kind: Kind, chosen: Supplier | None, notes: Notes
) -> None:
    unknown = [header for header in headers if header not in made.headers()]
    if unknown:
        notes.warn(
            "columns_unknown",
            f"{len(unknown)} columns have no place in {kind.name} and are kept as they are: "
            f"{', '.join(unknown[:30])}{' …' if unknown[30:] else ''}.",
            "Rename what is meant, or name it in a file of data/columns.",
        )
    likely = [] if chosen else recognise(headers, kind)
    if likely:
        said = f"The columns look like those of the supplier {' or '.join(likely)}; it was not applied."
        notes.warn("supplier_likely", said, "Name the supplier if that is so.")
    for note in chosen.notes if chosen else ():
        notes.warn("supplier_note", note, f"See data/columns/{chosen.name if chosen else ''}.yaml.")
