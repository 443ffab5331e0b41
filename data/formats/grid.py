"""A sheet as it lies in the file: its first rows to find the header in, and the rest on demand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pandas as pd

from data.formats.headers import Merged
from data.records import Fault

HEAD = 40
"""Rows in which the header is looked for"""


@dataclass(frozen=True)
class Grid:
    """Rows of cells, not yet a table.

    Parameters
    ----------
    head : the first rows, equally long; empty cells are ''
    body : the rows from the n-th on (counted from 0): one column per position, its index the row's number
        counted from 0 in the file
    merged : merged ranges, columns counted from the grid's first
    left : column of the sheet in which the grid begins, counted from 0
    ragged : filled by `body` with a fault for each row of another width than the header
    """

    head: Sequence[Sequence[object]]
    body: Callable[[int], pd.DataFrame]
    format: str
    merged: Sequence[Merged] = ()
    left: int = 0
    sheet: str = ""
    encoding: str = ""
    faults: tuple[Fault, ...] = ()
    ragged: list[Fault] = field(default_factory=list)
