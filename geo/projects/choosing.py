"""Which control value a project is held against (取值): the most specific one that was in force on its day.

A row for four digits wins over one for two, that over one for a section, and that over one for all
industries; then a row for its land grade over one for all grades; then the city over the province over the
nation. Where it is not known whether a more specific row holds for a project, the value cannot be told.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

import pandas as pd

from data.codes.industries import EDITIONS
from data.errors import NoValueOnDay
from data.parameters import Parameter, in_force
from data.records import Dated
from geo.projects.control_rows import Control, Key, controls_of
from geo.projects.industries import covers, name_of, readings, section_of


class Asked(NamedTuple):
    """What decides on the control values of a project; empty or None where it is not known."""

    industry: str
    edition: str
    grade: str
    day: date | None


class Chosen(NamedTuple):
    """The value in force and its parameter; or why it cannot be told; or neither, where none applies."""

    limit: Dated | None = None
    rule: Parameter | None = None
    reason: str = ""


class Maybe(NamedTuple):
    """A control that covers a project, or may, and then why that is not sure."""

    control: Control
    doubt: str


NONE = Chosen()
NO_DAY = (
    "neither accepted_on (受理日期) nor contract_on (签约日期) is given, and a project is held against the "
    "values in force on that day"
)


class Limits:
    """The control values of an office and those that are shipped, read once for many questions.

    Parameters
    ----------
    controls : columns of the kind `controls`; None when the office has filled in none
    """

    def __init__(self, controls: pd.DataFrame | None = None):
        self.values, faults = controls_of(controls)
        self.faults = tuple(faults)
        self._choosers: dict[str, Chooser] = {}

    def chooser(self, region: str) -> Chooser:
        """What chooses among them in a region, with all that it has been asked before."""
        if region not in self._choosers:
            self._choosers[region] = Chooser(self.values, region)
        return self._choosers[region]


class Chooser:
    """Control values by project, each question answered once.

    Parameters
    ----------
    controls : key -> control, as `controls_of` makes them
    region : GB/T 2260 code of the place
    """

    def __init__(self, controls: Mapping[Key, Control], region: str):
        self.controls, self.region = controls, region
        self.asked_for = list(dict.fromkeys((key.measure, key.compare) for key in controls))
        self._within: dict[tuple[str, str, str, str], list[Control]] = {}
        self._beneath: dict[tuple[str, str, str, str], list[Control]] = {}
        self._covering: dict[tuple[str, str, str, str, str], list[Maybe]] = {}
        self._dated: dict[tuple[Key, date], Dated | None] = {}
        self._chosen: dict[tuple[str, str, Asked], Chosen] = {}
        rows = (row for each in controls.values() for row in each.parameter.history())
        self._changes = sorted({row.since for row in rows})
        for key, each in controls.items():
            self._within.setdefault(key[:4], []).append(each)
            for coarser in _coarser(key.industry, key.edition):
                self._beneath.setdefault((*key[:3], coarser), []).append(each)

    def settled(self, day: date) -> date:
        """The last day up to a day on which any control changed: from then to it, all values are the same."""
        return max((each for each in self._changes if in_force(each, None, day)), default=date.min)

    def choose(self, measure: str, compare: str, asked: Asked) -> Chosen:
        """The value that a measure is held against.

        A code whose edition is not stated is read by every edition that holds it; the value is told only
        where all readings agree.
        """
        key = (measure, compare, asked)
        if key not in self._chosen:
            self._chosen[key] = self._choose(measure, compare, asked)
        return self._chosen[key]

    def _choose(self, measure: str, compare: str, asked: Asked) -> Chosen:
        if asked.edition or not asked.industry:
            return self._read(measure, compare, asked)
        by = {
            each: self._read(measure, compare, asked._replace(edition=each))
            for each in readings(asked.industry, "")
        }
        told = list(by.values())
        if len({(each.reason, each.limit.value if each.limit else None) for each in told}) == 1:
            return told[0]
        said = "; ".join(f"{name_of(asked.industry, each)}: {_words(found)}" for each, found in by.items())
        return Chosen(reason=f"the edition of industry {asked.industry} is not stated ({said})")

    def _read(self, measure: str, compare: str, asked: Asked) -> Chosen:
        """The value, the edition being settled."""
        covering = self._cover(measure, compare, asked)
        if asked.day is None:
            return Chosen(reason=NO_DAY) if covering else NONE
        doubts: dict[str, Dated] = {}
        sure = NONE
        for control, doubt in covering:
            dated = self._on(control, asked.day)
            if dated is None:
                continue
            if not doubt:
                sure = Chosen(dated, control.parameter)
                break
            doubts.setdefault(doubt, dated)
        settled = sure.limit.value if sure.limit else None
        doubts = {doubt: dated for doubt, dated in doubts.items() if dated.value != settled}
        if doubts:
            return Chosen(reason="; ".join(f"{doubt} ({_value(dated)})" for doubt, dated in doubts.items()))
        if settled is not None and settled != settled:
            return Chosen(reason="rows of the table controls contradict each other")
        return sure

    def _cover(self, measure: str, compare: str, asked: Asked) -> list[Maybe]:
        """The controls that cover such a project, or may, the most specific first."""
        key = (measure, compare, asked.industry, asked.edition, asked.grade)
        if key not in self._covering:
            held: list[Control] = [*self._within.get((measure, compare, "", ""), [])]
            for edition in [asked.edition] if asked.edition else EDITIONS:
                for code in {asked.industry, *_coarser(asked.industry, edition)} - {""}:
                    held += self._within.get((measure, compare, edition, code), [])
                held += self._beneath.get((measure, compare, edition, asked.industry), [])
            found = [maybe for control in held if (maybe := _covers(control, asked)) is not None]
            self._covering[key] = sorted(found, key=_specific, reverse=True)
        return self._covering[key]

    def _on(self, control: Control, day: date) -> Dated | None:
        key = (control.key, day)
        if key not in self._dated:
            try:
                self._dated[key] = control.parameter.on(day, self.region)
            except NoValueOnDay:
                self._dated[key] = None
        return self._dated[key]


def _coarser(industry: str, edition: str) -> tuple[str, ...]:
    """The codes above a code: of 3611 those are 361, 36, C, and the empty one of all industries."""
    if len(industry) < 2:
        return ("",) if industry else ()
    return (
        *(industry[:digits] for digits in range(len(industry) - 1, 1, -1)),
        section_of(industry, edition),
        "",
    )


def _covers(control: Control, asked: Asked) -> Maybe | None:
    """Whether a control covers such a project; None when it surely does not."""
    key = control.key
    industry = covers(key.industry, key.edition, asked.industry, asked.edition)
    own = section_of(asked.industry, asked.edition)
    if not (industry.sure or industry.why_not_sure) or (control.section and own and own != control.section):
        return None
    if key.grade and asked.grade and key.grade != asked.grade:
        return None
    doubts = [industry.why_not_sure] if industry.why_not_sure else []
    if key.grade and not asked.grade:
        doubts.append(f"land_grade (土地等别) is not given, and there is a value for grade {key.grade}")
    return Maybe(control, " and ".join(doubts))


def _specific(maybe: Maybe) -> tuple[int, int, int, Key]:
    """More digits first, then a grade; among equals the doubtful, and an order that is always the same."""
    key = maybe.control.key
    digits = 1 if key.industry.isalpha() else len(key.industry)
    return digits, int(bool(key.grade)), int(bool(maybe.doubt)), key


def _value(dated: Dated) -> str:
    return f"{dated.value:g} {dated.unit}".removesuffix(" 1")


def _words(found: Chosen) -> str:
    return found.reason or (_value(found.limit) if found.limit else "no value in force")
