"""Faults in cells, gathered with file, row and column as a person sees them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.records import Fault, Severity, Table

Mask = NDArray[np.bool_]
LISTED_MOST = 1000
"""Cells listed per column and kind of fault; the others are counted"""


@dataclass(frozen=True)
class Problem:
    """What is wrong with some cells of one column.

    Parameters
    ----------
    mask : (n rows,) which cells
    says : the message, with `{value}` where the cell's value goes
    """

    code: str
    mask: Mask
    says: str
    remedy: str


@dataclass
class Notes:
    """The faults of one table.

    Parameters
    ----------
    file, layer : name of the file and of the kind
    rows : (n rows,) row numbers as a person sees them
    headers : our column -> (n rows,) the column of the file that the cell stands in, where rows differ in it
    """

    file: str
    layer: str
    rows: NDArray[np.int64]
    faults: list[Fault] = field(default_factory=list)
    headers: Mapping[str, NDArray[np.object_]] = field(default_factory=dict)

    @classmethod
    def of(cls, table: Table, layer: str) -> Notes:
        """Notes on a table that has been read; its index counts rows from `first_row`."""
        index = table.frame.index
        counted = index.to_numpy() if index.dtype.kind in "iu" else np.arange(len(index))
        name = table.source.path.replace("\\", "/").rsplit("/", 1)[-1]
        return cls(name, layer, np.asarray(counted, dtype=np.int64) + table.first_row, list(table.faults))

    def add(
        self,
        code: str,
        message: str,
        remedy: str,
        severity: Severity = Severity.ERROR,
        **where: Any,
    ) -> None:
        """One fault; `where` may give row and column."""
        self.faults.append(Fault(code, message, remedy, severity, self.layer, file=self.file, **where))

    def warn(self, code: str, message: str, remedy: str, **where: Any) -> None:
        """One warning."""
        self.add(code, message, remedy, Severity.WARNING, **where)

    def cells(self, problem: Problem, column: str, values: pd.Series[Any]) -> None:
        """One fault per marked cell, with its value; beyond LISTED_MOST they are counted."""
        at = np.flatnonzero(problem.mask)
        for i in at[:LISTED_MOST]:
            message = problem.says.format(value=_shown(values.iloc[int(i)]))
            header = str(self.headers[column][i]) if column in self.headers else ""
            self.add(
                problem.code,
                message,
                problem.remedy,
                row=int(self.rows[i]),
                column=header or column,
                feature=header,
            )
        if len(at) > LISTED_MOST:
            self.add(
                problem.code,
                f"{len(at) - LISTED_MOST:,} more cells of this column have the same fault, "
                f"to row {self.rows[at[-1]]}.",
                problem.remedy,
                column=column,
            )

    def groups(
        self,
        code: str,
        groups: Sequence[NDArray[np.int64]],
        say: Callable[[str, int], str],
        severity: Severity,
    ) -> None:
        """One fault per group of rows that belong together; `say` gets the rows and one of them."""
        for at in groups[:LISTED_MOST]:
            rows = ", ".join(str(self.rows[i]) for i in at[:10]) + (" …" if len(at) > 10 else "")
            self.add(
                code,
                say(rows, int(at[0])),
                "Keep one of them, or correct what tells them apart.",
                severity,
                row=int(self.rows[at[-1]]),
            )
        if len(groups) > LISTED_MOST:
            self.add(
                code, f"{len(groups) - LISTED_MOST:,} more groups of rows do.", "Keep one of each.", severity
            )


def _shown(value: object) -> str:
    text = f"{value:.15g}" if isinstance(value, float) else str(value)
    return repr(text[:57] + "…" if len(text) > 60 else text)
