"""The frozen records that floors hand each other: Fault, Dated, Input, Result, Finding, Source, Table.

They carry no logic beyond saying themselves in words and in JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


class Outcome(StrEnum):
    """Three answers: a missing number is neither met nor not met."""

    MET = "met"
    NOT_MET = "not_met"
    CANNOT_TELL = "cannot_tell"


class Severity(StrEnum):
    """Whether a fault stops the data from being taken."""

    ERROR = "error"
    WARNING = "warning"


class Status(StrEnum):
    """How far a threshold or factor has been checked against its source."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    ILLUSTRATION = "illustration"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with data, said so that a person can mend it.

    Parameters
    ----------
    code : what kind of fault, in snake_case; stable, so that programs can sort by it
    message : what happened, with the values, and what is known
    remedy : what to do
    layer : kind of layer (`parcels`, `zones` …), empty when not about a layer
    feature : id of the feature, empty when it has none
    file, row, column : where it stands; row counts as a person sees it (first data row of a sheet is 2)
    area_m2 : size of the offending part on the ellipsoid, where there is one
    """

    code: str
    message: str
    remedy: str
    severity: Severity = Severity.ERROR
    layer: str = ""
    feature: str = ""
    file: str = ""
    row: int | None = None
    column: str = ""
    area_m2: float | None = None

    def __str__(self) -> str:
        """One line: where, what, remedy."""
        place = [self.file, f"row {self.row}" if self.row is not None else "", self.column]
        where = ", ".join(p for p in [*place, " ".join((self.layer, self.feature)).strip()] if p)
        return f"{self.severity}: {where + ': ' if where else ''}{self.message} {self.remedy}"

    def as_json(self) -> dict[str, Any]:
        """The fields, without those that are empty."""
        return {k: v for k in self.__slots__ if (v := getattr(self, k)) not in ("", None)}


@dataclass(frozen=True, slots=True)
class Dated:
    """A value of law or science as it stood on a day in a place.

    Parameters
    ----------
    name : dotted name of the parameter
    value : the number, or None where the text names none
    unit : as written in the file
    since : first day on which it holds
    region : GB/T 2260 code under which it was found
    article : number and clause of the document
    published : day on which the document was printed
    status : verified, unverified or illustration
    interval : 95 % bounds that the document prints with the value; None where it prints none
    used_by : ids of data/sources.yaml, the schemes known to take this very value
    superseded_by : id of data/sources.yaml or dotted name of what came in its place; empty while in use
    """

    name: str
    value: float | None
    unit: str
    since: date
    region: str
    article: str
    published: date
    status: Status
    label: str = ""
    note: str = ""
    interval: tuple[float, float] | None = None
    used_by: tuple[str, ...] = ()
    superseded_by: str = ""

    def as_json(self) -> dict[str, Any]:
        """Plain values only; days as ISO text."""
        told = ((k, getattr(self, k)) for k in self.__slots__)
        return {k: _plain(v) for k, v in told}


def _plain(value: Any) -> Any:
    """A day as text, a tuple as a list; anything else as it is."""
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, date) else value


@dataclass(frozen=True, slots=True)
class Input:
    """One number that went into a result, and where it came from.

    Parameters
    ----------
    name, label : code and Chinese term
    value, unit : the number as it went in; None when it was not known
    origin : the layer version, statement row, or parameter it was read from
    count : how many rows it sums over
    """

    name: str
    label: str
    value: float | None
    unit: str
    origin: str = ""
    count: int | None = None

    def as_json(self) -> dict[str, Any]:
        """The fields, without those that are empty."""
        told = ((k, getattr(self, k)) for k in self.__slots__)
        return {k: v for k, v in told if v != "" and (k == "value" or v is not None)}


@dataclass(frozen=True, slots=True)
class Result:
    """A number that can be asked why: value, unit, target, inputs, articles, layer versions.

    `value` is None when it cannot be told, and then `reason` says why.
    """

    code: str
    label: str
    value: float | None
    unit: str
    inputs: tuple[Input, ...] = ()
    formula: str = ""
    articles: tuple[Dated | str, ...] = ()
    target: float | None = None
    outcome: Outcome | None = None
    reason: str = ""
    area_base: str = ""
    layer_versions: tuple[str, ...] = ()
    breakdown: Mapping[str, float] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The contract's shape: code, label, value, unit, target, outcome, inputs, articles …"""
        return {
            "code": self.code,
            "label": self.label,
            "value": self.value,
            "unit": self.unit,
            "target": self.target,
            "outcome": self.outcome,
            "reason": self.reason or None,
            "formula": self.formula,
            "area_base": self.area_base or None,
            "inputs": [i.as_json() for i in self.inputs],
            "articles": [a if isinstance(a, str) else a.as_json() for a in self.articles],
            "layer_versions": list(self.layer_versions),
            "breakdown": dict(self.breakdown),
        }


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule held against one thing (判定): what was measured, what was asked, and what to do.

    Parameters
    ----------
    rule : dotted name of the rule, or of the table row it came from
    label : what is asked, in Chinese
    kind, subject : what it was held against, as `projects` and the id of one
    outcome : met, not met, or cannot tell; the last always comes with a `reason`
    measured, unit : the number that was held; None when it is not known
    limit : the value in force, with its article and status; None where none is known
    formula, inputs : how the measured number came about
    shortfall : how much is lacking, in `shortfall_unit`; None when nothing is, or it cannot be told
    remedy : what to do; empty when met
    area_m2 : land that it is about
    """

    rule: str
    label: str
    kind: str
    subject: str
    outcome: Outcome
    measured: float | None = None
    unit: str = ""
    limit: Dated | None = None
    formula: str = ""
    inputs: tuple[Input, ...] = ()
    shortfall: float | None = None
    shortfall_unit: str = ""
    reason: str = ""
    remedy: str = ""
    area_m2: float | None = None

    def as_json(self) -> dict[str, Any]:
        """The contract's finding: limit, article and status drawn out of the dated value."""
        return {
            "rule": self.rule,
            "label": self.label,
            "kind": self.kind,
            "subject": self.subject,
            "outcome": self.outcome,
            "measured": self.measured,
            "unit": self.unit,
            "limit": self.limit.value if self.limit else None,
            "article": self.limit.article if self.limit else None,
            "since": self.limit.since.isoformat() if self.limit else None,
            "status": self.limit.status if self.limit else None,
            "formula": self.formula,
            "inputs": [each.as_json() for each in self.inputs],
            "shortfall": self.shortfall,
            "shortfall_unit": self.shortfall_unit or None,
            "reason": self.reason or None,
            "remedy": self.remedy or None,
            "area_m2": self.area_m2,
        }


@dataclass(frozen=True, slots=True)
class Source:
    """Where a table was read from, so that a stored number can name it."""

    path: str
    sha256: str
    format: str
    layer: str = ""
    encoding: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """What a reader returns: rows, where they came from, and what was odd about them.

    Parameters
    ----------
    frame : GeoDataFrame (with the CRS that the file declares, or none) or DataFrame;
        codes are text; the index counts rows from 0
    source : file, hash, format
    faults : warnings and errors met while reading; the reader raises only when nothing can go on
    first_row : row number, as a person sees it, of the first data row
    """

    frame: pd.DataFrame
    source: Source
    faults: tuple[Fault, ...] = ()
    first_row: int = 1
