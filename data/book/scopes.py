"""Of what a table is the whole account (数据范围): its scopes, and the rows of each.

A scope is the text of its columns, joined by a stroke: `G411031`, `G411031/2024`. Empty where a row does not
say it: parcels whose zone is still to be found by their place are one scope of their own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.errors import ColumnMissing
from data.kinds import Kind


@dataclass(frozen=True, slots=True)
class Scope:
    """One scope: its text, and the zone and year in it where the kind has them."""

    text: str
    zone: str | None
    year: int | None


def zone_column(kind: Kind) -> str | None:
    """The column that holds the zone code, if the kind's scope has one."""
    return next((name for name in ("zone", "code") if name in kind.scope), None)


def year_column(kind: Kind) -> str | None:
    """The column that holds the year, or the period that begins with it."""
    return next((name for name in ("year", "period") if name in kind.scope), None)


def scopes(kind: Kind, frame: pd.DataFrame) -> tuple[list[Scope], NDArray[np.int64]]:
    """The scopes that a table names, in the order in which it names them, and which one each row is of.

    Raises
    ------
    ColumnMissing : a column of the scope is not there, and the kind requires it
    """
    texts = pd.DataFrame(index=pd.RangeIndex(len(frame)))
    for name in kind.scope:
        if name in frame:
            texts[name] = frame[name].astype("string").fillna("").to_numpy()
        elif kind.columns[name].required:
            raise ColumnMissing(name, f"A table of {kind.name}", list(frame.columns))
        else:
            texts[name] = ""
    if len(kind.scope) == 1:
        codes, found = pd.factorize(texts[kind.scope[0]])
        which: NDArray[np.int64] = codes.astype(np.int64)
        rows = [(str(text),) for text in found]
    else:
        groups = texts.groupby(list(kind.scope), sort=False)
        which = np.asarray(groups.ngroup(), np.int64)
        rows = list(groups.size().index)
    return [_scope(kind, row) for row in rows], which


def _scope(kind: Kind, values: tuple[str, ...]) -> Scope:
    said = dict(zip(kind.scope, values, strict=True))
    zone = said.get(zone_column(kind) or "") or None
    year = (said.get(year_column(kind) or "") or "")[:4]
    return Scope("/".join(values), zone, int(year) if year.isdecimal() else None)
