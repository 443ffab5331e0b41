"""Who belongs where (分组与不参评): conditions on columns, with a third answer where a column is blank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.benefit.scheme import LAND, Condition, Exemption, Scheme
from geo.benefit.statements import Codes, Flags, Floats, Statements

COMPARE = {"at_least": np.greater_equal, "above": np.greater, "at_most": np.less_equal, "below": np.less}


@dataclass(frozen=True, slots=True)
class Answer:
    """Yes, no or unknown for each row.

    Parameters
    ----------
    yes : True where it holds
    unknown : True where it cannot be told; never where `yes`
    """

    yes: Flags
    unknown: Flags

    def both(self, other: Answer) -> Answer:
        """Both hold; a certain no of one settles it, whatever the other is."""
        no = self.no | other.no
        yes = self.yes & other.yes
        return Answer(yes, ~yes & ~no)

    @property
    def no(self) -> Flags:
        """True where it certainly does not hold."""
        return ~self.yes & ~self.unknown


def holds(who: Sequence[Condition], rows: Statements, land: Floats) -> Answer:
    """Whether all conditions hold, row by row.

    Parameters
    ----------
    rows : statements of the year
    land : (n rows,) land used, mu

    >>> rows = Statements(pd.DataFrame({"above_scale": [True, False, None]}))
    >>> answer = holds([Condition("above_scale", "is", True)], rows, np.ones(3))
    >>> answer.yes.tolist(), answer.unknown.tolist()
    ([True, False, False], [False, False, True])
    """
    told = Answer(np.ones(len(rows), dtype=bool), np.zeros(len(rows), dtype=bool))
    for each in who:
        told = told.both(_one(each, rows, land))
    return told


def _one(asked: Condition, rows: Statements, land: Floats) -> Answer:
    if asked.test in COMPARE:
        figures = land if asked.column == LAND else rows.numbers(asked.column)
        return Answer(COMPARE[asked.test](figures, asked.operand), np.isnan(figures))
    if asked.column not in rows:
        return Answer(np.zeros(len(rows), dtype=bool), np.ones(len(rows), dtype=bool))
    if asked.test == "is":
        column = rows.series(asked.column)
        blank = column.isna().to_numpy()
        flags = column.astype("boolean").to_numpy(dtype=bool, na_value=False)
        return Answer((flags == asked.operand) & ~blank, blank)
    said, blank = rows.one_of(asked.column, _codes(asked.operand))
    return Answer(said & ~blank, blank)


def _codes(operand: Any) -> tuple[str, ...]:
    return tuple(str(each) for each in operand)


def groups_of(scheme: Scheme, rows: Statements, land: Floats) -> tuple[Codes, Flags]:
    """The group of each row: its position in the scheme, -1 for none; and where it cannot be told.

    A row belongs to the first group whose conditions hold; where an earlier one cannot be told, nor can
    the row.
    """
    group = np.full(len(rows), -1, dtype=np.intp)
    unknown = np.zeros(len(rows), dtype=bool)
    for at, each in enumerate(scheme.groups):
        answer = holds(each.who, rows, land)
        free = (group < 0) & ~unknown
        group[free & answer.yes] = at
        unknown |= free & answer.unknown
    return group, unknown


def lacking_for_groups(scheme: Scheme) -> str:
    """The columns by which the groups are told: `above_scale, land`."""
    return ", ".join(dict.fromkeys(each.column for group in scheme.groups for each in group.who))


def exempted(each: Exemption, rows: Statements, land: Floats, on: tuple[int, date]) -> Answer:
    """Whether an exemption covers each row.

    Parameters
    ----------
    on : the year graded, and the day of the grading
    """
    told = holds(each.who, rows, land)
    return told.both(_younger(each, rows, on)) if each.since else told


def _younger(each: Exemption, rows: Statements, on: tuple[int, date]) -> Answer:
    """Fewer than `years` full years have passed since the day of the column."""
    if each.since not in rows:
        return Answer(np.zeros(len(rows), dtype=bool), np.ones(len(rows), dtype=bool))
    began = pd.to_datetime(rows.series(each.since), errors="coerce").to_numpy(dtype="datetime64[D]")
    blank = np.isnat(began)
    return Answer((began > np.datetime64(_years_before(each, on))) & ~blank, blank)


def _years_before(each: Exemption, on: tuple[int, date]) -> date:
    year, day = on
    end = day if each.at == "day" else date(year + 1, 1, 1)
    leap = (end.month, end.day) == (2, 29)
    return date(end.year - each.years, end.month, 28 if leap else end.day)


def labels(options: Mapping[int, str], codes: Codes) -> NDArray[np.object_]:
    """(n,) words for small numbers; empty for those without."""
    words = np.array([options.get(at, "") for at in range(max(options, default=-1) + 1)] + [""], dtype=object)
    return np.asarray(words[np.where(codes < 0, len(words) - 1, codes)], dtype=object)
