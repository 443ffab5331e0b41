"""Columns of the project tables (项目表) as numbers, codes and days, whole or missing; faults on rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.kinds import kind
from data.records import Fault, Input
from geo.rows import row_numbers

Figures = NDArray[np.float64]
Flags = NDArray[np.bool_]
FIRST_ROW = 2  # below the header of a sheet


def figures(frame: pd.DataFrame, column: str) -> Figures:
    """(n,) numbers of a column; nan where there is none, or no such column.

    >>> figures(pd.DataFrame({"land_m2": ["1", None]}), "land_m2").tolist()
    [1.0, nan]
    """
    given = frame.get(column)
    if given is None:
        return np.full(len(frame), np.nan)
    if given.dtype != np.float64:
        given = pd.to_numeric(given, errors="coerce")
    return given.to_numpy(np.float64, na_value=np.nan)


def texts(frame: pd.DataFrame, column: str) -> list[str]:
    """The texts of a column, stripped; "" where there is none.

    >>> texts(pd.DataFrame({"zone": [" G1 ", None]}), "zone")
    ['G1', '']
    """
    given = frame.get(column)
    return [""] * len(frame) if given is None else words_of(given)


def words_of(given: pd.Series) -> list[str]:
    """The texts of one column, as `texts` tells them."""
    if given.dtype == "str":  # its missing cells are no texts
        return [cell.strip() if isinstance(cell, str) else "" for cell in given.tolist()]
    return [
        str(cell).strip() if known else "" for cell, known in zip(given.tolist(), given.notna(), strict=True)
    ]


def days(frame: pd.DataFrame, column: str) -> list[date | None]:
    """The days of a column; None where there is none.

    >>> days(pd.DataFrame({"due_on": [date(2024, 5, 1), None]}), "due_on")
    [datetime.date(2024, 5, 1), None]
    """
    given = frame.get(column)
    if given is None:
        return [None] * len(frame)
    if given.dtype != "datetime64[s]":
        given = pd.to_datetime(given, errors="coerce").astype("datetime64[s]")
    found: list[date | None] = given.to_numpy("datetime64[D]").tolist()
    return found


def first_day(frame: pd.DataFrame, *columns: str) -> list[date | None]:
    """The day of the first of these columns that has one.

    >>> first_day(pd.DataFrame({"a": [None], "b": [date(2024, 5, 1)]}), "a", "b")
    [datetime.date(2024, 5, 1)]
    """
    found = days(frame, columns[0])
    for column in columns[1:]:
        found = [one or other for one, other in zip(found, days(frame, column), strict=True)]
    return found


def label(column: str, of: str = "projects") -> str:
    """Name and Chinese term of a column: `land_m2 (总用地面积)`.

    >>> label("land_m2")
    'land_m2 (总用地面积)'
    """
    return f"{column} ({kind(of).columns[column].label})"


def inputs(frame: pd.DataFrame, column: str, values: Figures | None = None) -> list[Input]:
    """One Input per row of a column of projects, with the label and unit that its kind has."""
    about = kind("projects").columns[column]
    unit = {"万元": "CNY10k", "吨标准煤": "tce", "": "1"}.get(about.unit, about.unit)
    told = figures(frame, column) if values is None else values
    return [
        Input(column, about.label, None if value != value else value, unit, "projects")
        for value in told.tolist()
    ]


def faults_at(frame: pd.DataFrame, wrong: Flags, fault: Fault, **words: Any) -> Iterator[Fault]:
    """The same fault for each row that has it, with its id and row, and its own words in the message.

    Parameters
    ----------
    words : name -> (n,) values, put into the braces of the message
    """
    if not wrong.any():
        return
    rows = row_numbers(frame, FIRST_ROW)
    names = texts(frame, "project_id")
    for at in np.flatnonzero(wrong):
        said = fault.message.format(**{name: values[at] for name, values in words.items()})
        yield replace(fault, message=said, layer="projects", feature=names[at], row=int(rows[at]))
