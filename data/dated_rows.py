"""Rows of dated values (参数取值): what may stand in one, and the record it becomes.

A row has `value, article, published`, and may have `status`, `note`, and beside them

    interval: [94600, 101000]       # 95 % bounds of the value, where the document prints them
    used_by: [ndrc-2025-910]        # ids of data/sources.yaml: the schemes that take this very row
    superseded_by: gbt-32150-2025   # id of data/sources.yaml, or dotted name of what came in its place
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from data.errors import RuleFileError
from data.records import Dated, Status

if TYPE_CHECKING:
    from data.parameters import Parameter

ROW_NEEDS = {"value", "article", "published"}
ROW_MAY = {"status", "note", "interval", "used_by", "superseded_by"}
Row = Mapping[str, Any]


def as_dated(made: Parameter, place: str, day: date) -> Dated:
    """The row of a place and first day as a record."""
    row = made.values[place][day]
    low_high = row.get("interval")
    return Dated(
        name=made.name,
        value=row["value"],
        unit=made.unit,
        since=day,
        region=place,
        article=row["article"],
        published=row["published"],
        status=Status(row.get("status", made.status)),
        label=made.label,
        note=row.get("note", ""),
        interval=(float(low_high[0]), float(low_high[1])) if low_high else None,
        used_by=tuple(row.get("used_by", ())),
        superseded_by=row.get("superseded_by", ""),
    )


def check_row(made: Parameter, where: str, day: object, row: Row) -> None:
    """Refuse a row that is not written as it must be, or whose value is not plausible.

    Parameters
    ----------
    where : file, name, region and day, as the message begins

    Raises
    ------
    RuleFileError : with what to write instead
    """
    if not isinstance(day, date) or not isinstance(row.get("published"), date):
        raise RuleFileError(f"{where}: days are written 2021-07-01, without quotes.")
    if not set(row) >= ROW_NEEDS or set(row) - ROW_NEEDS - ROW_MAY:
        raise RuleFileError(f"{where}: give {sorted(ROW_NEEDS)}, and at most {sorted(ROW_MAY)} beside.")
    if row.get("status", made.status) not in set(Status):
        raise RuleFileError(f"{where}: status is one of {', '.join(Status)}.")
    value, bounds = row["value"], made.bounds
    if value is not None and bounds and not bounds[0] <= value <= bounds[1]:
        raise RuleFileError(
            f"{where}: {value} {made.unit} lies outside the plausible {bounds[0]} to {bounds[1]}. "
            "Check unit and source; a fuel amount is often mistaken for a factor."
        )
    if "interval" in row:
        _check_interval(where, row)
    if "used_by" in row and not (
        isinstance(row["used_by"], list) and all(isinstance(each, str) and each for each in row["used_by"])
    ):
        raise RuleFileError(f"{where}: used_by is a list of ids of data/sources.yaml, as [ndrc-2025-910].")
    if not isinstance(row.get("superseded_by", ""), str):
        raise RuleFileError(f"{where}: superseded_by is one id of data/sources.yaml or one dotted name.")


def _check_interval(where: str, row: Row) -> None:
    ends = row["interval"]
    numbers = isinstance(ends, list) and len(ends) == 2 and all(type(end) in (int, float) for end in ends)
    if not numbers or row["value"] is None or not ends[0] <= row["value"] <= ends[1]:
        raise RuleFileError(
            f"{where}: interval is {ends!r}. Write the lower and the upper bound around the value "
            f"{row['value']}, as [94600, 101000]."
        )
