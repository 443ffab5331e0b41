"""Constraint layers that do not say what they are (管控图层识别): kind, name and level from names and fields.

A survey office sends `YJJBNTTB.shp`, without a column `kind`. What the layer seems to be is taken for it,
and told with the reason; `--role` says it where nothing tells, or where the name deceives.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from data.codes.roles import Role, role
from data.errors import ColumnMissing
from data.records import Fault, Severity, Table
from geo.boundary_change.conditions.roles import levels_of, recognised

NAMES = ("name", "名称", "MC", "KFYQMC", "GHFQMC", "XMMC", "HJGKDYMC", "YJJBNTTBBH", "BSM")
"""Columns that may name a feature, the best first"""
LEVELS = ("level", "级别")
SAID = ("kind", "类型")


def with_kind(table: Table, path: Path, chosen: str, layer: str | None) -> Table:
    """The table with the columns kind, name and level filled, and a warning that says by what.

    Parameters
    ----------
    chosen : a role that a person named; empty: it is recognised
    layer : name of the layer that was read; None: the file has one, and its own name counts

    Raises
    ------
    ColumnMissing : nothing tells what it is; the message says how to say it
    NoSuchCode : there is no such role
    """
    frame = table.frame
    if not chosen and any(column in frame for column in SAID):
        return table
    of, why = (role(chosen), "it was chosen") if chosen else _recognised(frame, layer or path.stem)
    if of is None:
        raise ColumnMissing("kind", f"The constraint layer {path.name}, which says by no name what it is,", [
            *map(str, frame.columns), "or say it with --role, as --role basic_farmland",
        ])  # fmt: skip
    named = next((column for column in NAMES if column in frame), None)
    names = (
        frame[named].astype("str")
        if named
        else pd.Series([f"{of.label}{row}" for row in range(1, len(frame) + 1)], index=frame.index)
    )
    levels = {} if any(column in frame for column in LEVELS) else {"level": levels_of(frame, of.name)}
    filled = {"kind": of.name, "name": names, **levels}
    kept = frame.drop(columns=[column for column in SAID if column in frame])
    note = Fault(
        "role_recognised",
        f"The layer is taken for {of.label} ({of.name}), for {why}.",
        "If it is something else, take it in again with --role.",
        Severity.WARNING,
        "constraints",
        file=path.name,
    )
    return replace(table, frame=kept.assign(**filled), faults=(*table.faults, note))


def _recognised(frame: pd.DataFrame, name: str) -> tuple[Role | None, str]:
    found = recognised(frame, name)
    return (role(found.role), found.why) if found.role else (None, "")
