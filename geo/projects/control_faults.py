"""The office's rows of control values (控制指标表), read one by one: what is wrong with each, and its unit.

A table of control values has some hundred rows, so that each may be looked at by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from data.codes import check_region
from data.codes.industries import EDITIONS
from data.errors import UnitMismatch
from data.kinds import kind
from data.records import Fault, Status
from data.units import convert
from geo.projects.industries import known_code, plain_code, plain_grade
from geo.projects.measures import MEASURES
from geo.projects.reading import FIRST_ROW, days, figures, texts
from geo.rows import row_numbers

CONTROL = "controls"
BOTH = ("at least", "at most")
DIRECTIONS: Mapping[str, tuple[str, ...]] = {
    "plot_ratio": BOTH,
    "building_coefficient": BOTH,
    "admin_land_share": ("at most",),
    "admin_floor_share": ("at most",),
    "green_share": ("at most",),
}
"""How each measure may be limited; those not named may only be `at least`."""
PLAUSIBLE: Mapping[str, float] = {"plot_ratio": 20.0, "CNY10k/ha": 1_000_000.0}
"""Largest value that is a control at all, by measure or unit; a share is at most 1."""
REMEDIES = {
    "control_unknown": "Write one of {}.",
    "control_industry": "Write the edition, and a section letter or two to four digits that it holds.",
    "control_compare": "Write `at most` where the measure is to stay small, else `at least`.",
    "control_unit": "Write 1 or % for ratios, and CNY10k/ha or CNY10k/mu for money per land.",
    "control_value": "Compare the value and its unit with the document.",
    "control_lacking": "Supply what is missing; a control without it cannot be dated or cited.",
}


@dataclass(frozen=True, slots=True)
class ControlRow:
    """One row of the office, in the unit of its measure.

    Parameters
    ----------
    value : None repeals the control from `since` on
    row : as a person sees it in the sheet
    """

    measure: str
    compare: str
    edition: str
    industry: str
    grade: str
    locality: str
    since: date
    published: date
    value: float | None
    article: str
    status: str
    row: int

    def as_row(self) -> dict[str, Any]:
        """The row as `Parameter.values` has it."""
        said = {"value": self.value, "article": self.article, "published": self.published}
        return {**said, "status": self.status}


def read_rows(frame: pd.DataFrame) -> tuple[list[ControlRow], list[Fault]]:
    """The rows that can be used, and one fault for each thing that is wrong with the others.

    Parameters
    ----------
    frame : columns of the kind `controls`; a missing value repeals
    """
    columns = kind(CONTROL).columns
    table: dict[str, list[Any]] = {
        name: days(frame, name) if about.type == "day" else texts(frame, name)
        for name, about in columns.items()
    }
    table["value"] = [None if value != value else value for value in figures(frame, "value").tolist()]
    rows, faults = [], []
    for at, number in enumerate(row_numbers(frame, FIRST_ROW).tolist()):
        cells = {name: cell[at] for name, cell in table.items()}
        wrong = [Fault(code, said, _remedy(code, column), layer=CONTROL, row=number, column=column)
                 for code, said, column in _wrong(cells)]  # fmt: skip
        faults += wrong
        if not wrong:
            rows.append(_row(cells, number))
    return rows, faults


def to_unit(value: float, unit: str, wanted: str) -> float:
    """A control value in the unit of its measure.

    >>> to_unit(250, "万元/亩", "CNY10k/ha"), to_unit(40, "%", "1")
    (3750.0, 0.4)

    Raises
    ------
    UnitMismatch : the unit is not known, or measures something else
    """
    return convert(value, unit.replace("公顷", "ha"), wanted)


def _row(cells: Mapping[str, Any], number: int) -> ControlRow:
    measure = cells["indicator"]
    value = cells["value"]
    return ControlRow(
        measure=measure,
        compare=cells["compare"],
        edition=cells["industry_edition"] if cells["industry"] else "",
        industry=plain_code(cells["industry"]),
        grade=plain_grade(cells["land_grade"]),
        locality=cells["locality"],
        since=cells["since"],
        published=cells["published"],
        value=None if value is None else to_unit(value, cells["unit"], MEASURES[measure].unit),
        article=cells["article"],
        status=cells["status"] or Status.UNVERIFIED,
        row=number,
    )


def _wrong(cells: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Code, message and column of each thing that is wrong with a row."""
    for column in ("locality", "since", "published", "article", "compare"):
        if not cells[column]:
            yield "control_lacking", f"{kind(CONTROL).columns[column].label} is not given.", column
    for column in ("indicator", "compare", "status"):
        allowed = kind(CONTROL).columns[column].one_of
        if cells[column] not in allowed and (cells[column] or column == "indicator"):
            yield "control_unknown", f"{cells[column] or 'nothing'} is no {column} of controls.", column
    yield from _wrong_industry(cells)
    fault = check_region(cells["locality"]) if cells["locality"] else None
    if fault is not None:
        yield "control_region", f"{fault.message} {fault.remedy}", "locality"
    measure = cells["indicator"]
    if measure in MEASURES:
        if cells["compare"] in BOTH and cells["compare"] not in DIRECTIONS.get(measure, BOTH[:1]):
            yield (
                "control_compare",
                f"{MEASURES[measure].label} cannot be held {cells['compare']} a value.",
                "compare",
            )
        yield from _wrong_value(measure, cells["value"], cells["unit"])


def _wrong_industry(cells: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    code, edition = cells["industry"], cells["industry_edition"]
    if not code:
        return
    if edition not in EDITIONS:
        named = f"{edition} is no edition" if edition else f"{code} stands without the edition"
        yield "control_industry", f"{named} of GB/T 4754.", "industry_edition"
    elif not known_code(plain_code(code), edition):
        yield "control_industry", f"{EDITIONS[edition]} holds no industry {code}.", "industry"


def _wrong_value(measure: str, value: float | None, unit: str) -> Iterator[tuple[str, str, str]]:
    if value is None:
        return
    wanted = MEASURES[measure].unit
    try:
        told = to_unit(value, unit, wanted)
    except UnitMismatch:
        yield "control_unit", f"{value:g} {unit or 'without a unit'} cannot be told in {wanted}.", "unit"
        return
    most = PLAUSIBLE.get(measure, PLAUSIBLE.get(wanted, 1.0))
    if not 0 <= told <= most:
        said = (
            f"{value:g} {unit} is {told:g}; {MEASURES[measure].label} lies between 0 and {most:g} {wanted}."
        )
        yield "control_value", said, "value"


def _remedy(code: str, column: str) -> str:
    if code == "control_region":
        return "Write the GB/T 2260 code of the city, province or nation that the control holds for."
    return REMEDIES[code].format(", ".join(kind(CONTROL).columns[column].one_of))
