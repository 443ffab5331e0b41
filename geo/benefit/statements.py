"""Statements of one year (企业填报表) as a grading reads them: each column is turned into an array once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.codes import division

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Texts = NDArray[np.object_]
Codes = NDArray[np.intp]

INDUSTRY = ("division", "section")  # come from the code of the industry, whatever a statement says of them


class Statements:
    """A table of statements, whose columns are asked for as arrays; what is given out is read only.

    Division and section of GB/T 4754 stand beside its own columns.

    Parameters
    ----------
    frame : one row per statement

    >>> told = Statements(pd.DataFrame({"industry": ["3611", None], "tax_cny10k": ["12", ""]}))
    >>> told.numbers("tax_cny10k").tolist(), told.texts("division").tolist()
    ([12.0, nan], ['36', None])
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame
        self._numbers: dict[str, Floats] = {}
        self._texts: dict[str, Texts] = {}

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self._frame)

    def __contains__(self, column: object) -> bool:
        """Whether there is such a column."""
        return column in INDUSTRY or column in self._frame

    def numbers(self, column: str) -> Floats:
        """(n rows,) a column as numbers, see `numbers`."""
        if column not in self._numbers:
            self._numbers[column] = _sealed(numbers(self._frame, column))
        return self._numbers[column]

    def texts(self, column: str) -> Texts:
        """(n rows,) a column as text, see `texts`."""
        if column not in self._texts:
            made = self._divided[column] if column in INDUSTRY else texts(self._frame, column)
            self._texts[column] = _sealed(made)
        return self._texts[column]

    def series(self, column: str) -> pd.Series:
        """A column as it stands there; blank where there is none."""
        if column in INDUSTRY:
            return self.frame[column]
        if column in self._frame:
            return self._frame[column]
        return pd.Series(None, index=self._frame.index, dtype="str")

    def one_of(self, column: str, words: Sequence[str]) -> tuple[Flags, Flags]:
        """(n rows,) whether a column says one of some words, and where it is blank."""
        if column in INDUSTRY:
            said = self._told[column].isin(list(words)).to_numpy()
            blank = self._told[column].isna().to_numpy()
            return np.append(said, False)[self._industries[0]], np.append(blank, True)[self._industries[0]]
        told = self._frame[column]
        return told.astype("str").isin(list(words)).to_numpy(), told.isna().to_numpy()

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The table, with division and section."""
        positions = self._industries[0]
        table = self._told.reindex(positions).set_axis(self._frame.index)
        return self._frame.assign(division=table["division"], section=table["section"])

    def assign(self, columns: Mapping[str, Any]) -> Statements:
        """The same statements with some columns changed."""
        made = Statements(self._frame.assign(**columns))
        made._numbers = {name: each for name, each in self._numbers.items() if name not in columns}
        made._texts = {name: each for name, each in self._texts.items() if name not in columns}
        return made

    def some(self, rows: Flags) -> pd.DataFrame:
        """Some rows, as they stand there."""
        return self._frame[rows]

    @cached_property
    def doubled(self) -> tuple[str, ...]:
        """The ids that stand in more than one row, as they stand there."""
        if "enterprise_id" not in self._frame:
            return ()
        again = self._frame["enterprise_id"].duplicated()
        return tuple(str(one) for one in self._frame["enterprise_id"][again].unique()) if again.any() else ()

    @cached_property
    def unknown_industries(self) -> list[tuple[str, Flags]]:
        """The codes that name no division, sorted, each with the rows that state it."""
        if "industry" not in self._frame:
            return []
        positions, distinct = self._industries
        lost = np.flatnonzero(self._told["division"].isna().to_numpy())
        words = pd.Series(distinct).astype("str").to_numpy(dtype=object)
        return [
            (code, np.isin(positions, [at for at in lost if words[at] == code]))
            for code in sorted({words[at] for at in lost})
        ]

    @cached_property
    def _industries(self) -> tuple[Codes, Any]:
        """Which code each row states, -1 where none; a province has some hundred codes, and 100 000 firms."""
        positions, distinct = pd.factorize(self.series("industry"))
        return np.asarray(positions, dtype=np.intp), distinct

    @cached_property
    def _told(self) -> pd.DataFrame:
        """Division and section of each distinct code."""
        return division(pd.Series(self._industries[1], dtype="str"))

    @property
    def _divided(self) -> dict[str, Texts]:
        positions = self._industries[0]
        return {name: np.append(_words(self._told[name]), [None])[positions] for name in INDUSTRY}


def numbers(frame: pd.DataFrame, column: str) -> Floats:
    """(n rows,) a column as numbers; NaN where it is blank, or the column is not there."""
    if column not in frame:
        return np.full(len(frame), np.nan)
    told = frame[column]
    if told.dtype != np.float64:
        told = pd.to_numeric(told, errors="coerce")
    return told.to_numpy(dtype="float64", na_value=np.nan)


def texts(frame: pd.DataFrame, column: str) -> Texts:
    """(n rows,) a column as text; None where it is blank, or the column is not there."""
    if column not in frame or (told := frame[column]).isna().all():
        return np.full(len(frame), None, dtype=object)
    words = _words(told.astype("str").str.strip())
    words[words == ""] = None
    return words


def _words(told: pd.Series) -> Texts:
    """(n,) text as words of Python, None where there is none."""
    words: Any = told.array
    return np.array(words.to_numpy(dtype=object, na_value=None))


def _sealed(column: Any) -> Any:
    """The array as a view that cannot be written to."""
    made = column.view()
    made.flags.writeable = False
    return made
