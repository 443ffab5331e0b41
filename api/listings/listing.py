"""A listing (清单): a table that answers a question about zones in a year, with all it rests on.

Every door shows it: the command line, JSON, a page, CSV, XLSX, GeoJSON. A listing is made in this folder,
never stored.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from api.chinese import chinese
from api.chosen import NoSuchChoice, flag
from api.words import MARKS
from api.zone_tables import region_of, zone_on
from data.book.interface import Book
from data.kinds import Column
from data.parameters import NATION
from data.records import Dated, Fault, Finding, Result

WORDS: Mapping[str, Mapping[str, str]] = {
    "outcome": MARKS,
    "on_course": MARKS,
    "status": {"verified": "已核对", "unverified": "未核对", "illustration": "示例"},
}
"""Columns whose values are codes for programs, and what people read in their place."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a listing is asked for.

    Parameters
    ----------
    code : of the zone; empty: all zones
    year : its 31 December is the day
    options : by name, as the listing's kind declares them; left out is the default
    """

    book: Book
    code: str
    year: int
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def day(self) -> date:
        """The last day of the year."""
        return date(self.year, 12, 31)

    @property
    def zone(self) -> Mapping[str, Any]:
        """The zone as it was on that day.

        Raises
        ------
        NotHere, NothingInForce : there is no such zone, or it had no boundary then
        """
        return zone_on(self.book, self.code, self.day)

    @property
    def region(self) -> str:
        """GB/T 2260 code whose rules hold: that of the zone; of all zones, their common province."""
        if self.code:
            return region_of(self.zone)
        codes = self.book.read("zones", columns=["code"])["code"].unique()
        provinces = {f"{region_of({'code': code})[:2]}0000" for code in codes}
        return provinces.pop() if len(provinces) == 1 else NATION

    def option(self, name: str, default: str = "") -> str:
        """A choice of the person who asks."""
        return self.options.get(name) or default

    def choice(self, name: str, there: Collection[str], default: str) -> str:
        """A choice out of those that are offered.

        Raises
        ------
        NoSuchChoice : it is none of them
        """
        said = self.option(name, default)
        if said not in there:
            raise NoSuchChoice(name, said, there)
        return said

    def flag(self, name: str) -> bool:
        """A choice of yes or no; no when it is left out.

        Raises
        ------
        NoSuchChoice : it is neither
        """
        return flag(name, self.option(name))


@dataclass(frozen=True)
class Listing:
    """Rows, and what they rest on.

    Parameters
    ----------
    name, title : as in `LISTINGS`, and what stands above the table
    columns : of the frame that are shown, in their order, with label and unit
    frame : one row each; missing is unknown, and a column `reason` says why
    results : figures about the whole
    articles : rules, schemes and tables it used, with their status
    notes : sentences a reader needs: choices made, what is not in it
    formulas : column -> how its number comes about
    placed_by : columns whose values name parcels, enterprises or zones, the first that is filled counts;
        empty: rows have no place
    """

    name: str
    title: str
    asked: Asked
    columns: Mapping[str, Column]
    frame: pd.DataFrame
    results: tuple[Result, ...] = ()
    faults: tuple[Fault, ...] = ()
    articles: tuple[Dated | str, ...] = ()
    notes: tuple[str, ...] = ()
    formulas: Mapping[str, str] = field(default_factory=dict)
    placed_by: str = ""
    whys: tuple[Mapping[str, Any], ...] = ()

    def rows(self) -> list[dict[str, Any]]:
        """The rows as plain values: missing is None, a day its ISO text, sentences are in English."""
        shown = self.frame[list(self.columns)]
        return [
            dict(zip(self.columns, row, strict=True))
            for row in zip(*map(_plain, _series(shown)), strict=True)
        ]

    def as_json(self, *, why: bool = False) -> dict[str, Any]:
        """One document; with `why`, each row carries what its numbers rest on."""
        rows = self.rows()
        if why and self.whys:
            rows = [{**row, "why": dict(chain)} for row, chain in zip(rows, self.whys, strict=True)]
        about = {"zone": self.asked.code} if self.asked.code else {}
        return {
            **about,
            "year": self.asked.year,
            "listing": self.name,
            "title": self.title,
            "options": dict(self.asked.options),
            "columns": [
                {
                    "name": name,
                    "label": column.label,
                    "unit": column.unit or None,
                    "formula": self.formulas.get(name),
                }
                for name, column in self.columns.items()
            ],
            "rows": rows,
            "results": [each.as_json() for each in self.results],
            "articles": [each if isinstance(each, str) else each.as_json() for each in self.articles],
            "notes": list(self.notes),
            "faults": [each.as_json() for each in self.faults],
        }

    @property
    def heading(self) -> str:
        """Title and year, for the top of a sheet."""
        return f"{self.title} {self.asked.year} 年"

    def exported(self) -> pd.DataFrame:
        """The shown columns under Chinese headers, codes and sentences in Chinese, for a file people read."""
        shown = self.frame[list(self.columns)]
        spelt = {name: column.one_of for name, column in self.columns.items() if column.one_of}
        worded = {name: shown[name].map(lambda said, of=of: of.get(said, said)) for name, of in spelt.items()}
        worded |= {name: shown[name].map(_in_chinese) for name in self.columns if is_said(name)}
        return shown.assign(**worded).set_axis([column.header for column in self.columns.values()], axis=1)


def columns(*said: tuple[str, str] | tuple[str, str, str] | tuple[str, str, str, str]) -> dict[str, Column]:
    """Columns of a listing from (name, label, unit, type); without a type, a unit makes it a number.

    >>> columns(("zone", "开发区"), ("area_mu", "面积", "mu"))["area_mu"].header
    '面积(亩)'
    """
    from maps.units import name as unit_name

    made = {}
    for name, label, *rest in said:
        unit = rest[0] if rest else ""
        kind = rest[1] if len(rest) > 1 else "number" if unit else "text"
        shown = unit_name(unit) if unit and unit != "1" else ""
        made[name] = Column(name, label, kind, unit=shown, one_of=WORDS.get(name, {}))
    return made


FINDING = columns(
    ("subject", "编号"),
    ("label", "要求"),
    ("outcome", "判定"),
    ("measured", "实际值", "1"),
    ("limit", "限值", "1"),
    ("unit", "单位"),
    ("shortfall", "差额", "1"),
    ("shortfall_unit", "差额单位"),
    ("reason", "说明"),
    ("remedy", "建议"),
    ("article", "依据"),
    ("status", "核实状态"),
)


def findings_frame(findings: Iterable[Finding]) -> pd.DataFrame:
    """Findings as rows of a listing, with the columns of `FINDING`."""
    rows = [each.as_json() for each in findings]
    return pd.DataFrame(rows, columns=list(rows[0]) if rows else list(FINDING))


def is_said(column: str) -> bool:
    """Whether a column holds sentences of the program: reasons and remedies.

    >>> is_said("reason"), is_said("land_reason"), is_said("name")
    (True, True, False)
    """
    return column == "remedy" or column.endswith("reason")


def _in_chinese(said: Any) -> Any:
    return chinese(said) if isinstance(said, str) else said


def _series(frame: pd.DataFrame) -> list[pd.Series[Any]]:
    return [frame.iloc[:, at] for at in range(frame.shape[1])]


def _plain(column: pd.Series[Any]) -> list[Any]:
    if column.dtype.kind == "M":
        column = column.dt.strftime("%Y-%m-%d")
    values = column.astype(object).where(column.notna(), None).tolist()
    return [each.item() if isinstance(each, np.generic) else each for each in values]
