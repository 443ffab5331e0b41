"""Grading of enterprises by a scheme (亩均效益评价): scores, ranks and classes, each with its why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from data.errors import ColumnMissing
from data.records import Dated, Fault, Severity
from geo.benefit.choices import choices, scope
from geo.benefit.classing import Classed, classed
from geo.benefit.conditions import exempted, groups_of, lacking_for_groups
from geo.benefit.land_of import Land, fault, land_of
from geo.benefit.objections import Applied, apply
from geo.benefit.plausible import Doubts, doubts
from geo.benefit.plots import merged, tenants
from geo.benefit.result_frame import Stand, framed
from geo.benefit.scheme import Scheme
from geo.benefit.scoring import IMPLAUSIBLE, Scored, reasons, score
from geo.benefit.statements import Codes, Flags, Floats, Statements, Texts, numbers

NEEDS = ("enterprise_id", "year")


@dataclass(frozen=True)
class Grading:
    """The grading of one year. What is costly to write out is written out when it is first asked for.

    Parameters
    ----------
    scored, classes : group -> its rows as they were scored and classed
    stand : where each row stands: its group, status and reason
    doubted : what is not believed of the statements
    applied : the objections of the year
    articles : the scheme and the base values it states, as dated values
    """

    scheme: Scheme
    year: int
    day: date
    scored: Mapping[str, Scored]
    classes: Mapping[str, Classed]
    stand: Stand
    doubted: Doubts
    applied: Applied
    articles: tuple[Dated, ...]

    @property
    def objections(self) -> pd.DataFrame:
        """One row per objection of the year, before and after."""
        return self.applied.record

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row per enterprise of the year, see `geo.benefit.result_frame`."""
        return framed(self.scheme, self.stand, self.scored, self.classes, self.objections)

    @cached_property
    def statements(self) -> pd.DataFrame:
        """The figures that were used, on the same index; NaN where a figure is not believed.

        Decided ones are in place, firms of one plot added up in the row of their lead, land is in `used_mu`.
        """
        units = self.stand.units
        names = dict.fromkeys((*units.doubted, *(name for name, _ in self._beyond())))
        return units.rows.frame.assign(**{name: self.used(name) for name in names}, used_mu=units.land)

    def used(self, column: str) -> Floats:
        """(n rows,) the figures of one column as they were used; NaN where they are not believed."""
        units = self.stand.units
        figures = units.rows.numbers(column).copy()
        if column in units.doubted:
            figures[units.doubted[column]] = np.nan
        for name, rows in self._beyond():
            if name == column:
                figures[rows] = np.nan
        return figures

    def _beyond(self) -> list[tuple[str, Codes]]:
        """Columns with figures that make something implausible, and their rows."""
        scored = [(made, item) for made in self.scored.values() for item in made.group.items]
        found = ((item.numerator, made.rows[made.lacks[item.code] == IMPLAUSIBLE]) for made, item in scored)
        return [(name, rows) for name, rows in found if len(rows)]

    @cached_property
    def faults(self) -> tuple[Fault, ...]:
        """Everything wrong with the statements, and each firm that lacks land or figures."""
        told = (*self.applied.faults, *self.doubted.faults, *self.stand.land.faults)
        return (*told, *_beyond(self.scored, self.stand), *_lacking(self.stand))

    @cached_property
    def choices(self) -> Mapping[str, str]:
        """What was chosen, in words, where texts leave a choice."""
        return choices(self.scheme, self.stand)


def grade(
    scheme: Scheme,
    enterprises: pd.DataFrame,
    *,
    year: int,
    day: date,
    objections: pd.DataFrame | None = None,
    parcel_mu: pd.Series | None = None,
) -> Grading:
    """The enterprises of a year, graded by a scheme.

    Parameters
    ----------
    scheme : as `geo.benefit.scheme.scheme` reads it
    enterprises : statements, as in `data/kinds.yaml`; rows of other years are left out
    year : that is graded
    day : on which it is graded: the scheme must be in force, and only objections decided by then count
    objections : as in `data/kinds.yaml`; None for none
    parcel_mu : area of the parcels on the map, mu, by enterprise_id; finds land stated in another unit

    Returns
    -------
    Grading; an enterprise that lacks a figure is unranked, with the reason; no figure is taken as zero

    Raises
    ------
    NoValueOnDay : the scheme was not in force on that day
    ColumnMissing : the statements name no enterprise, year, or zone where the scheme goes by zone
    """
    held = scheme.on(day)
    _check_columns(scheme, enterprises)
    mine = numbers(enterprises, "year") == year
    of_year = (enterprises if mine.all() else enterprises[mine]).reset_index(drop=True)
    applied = apply(of_year, objections, year, day)
    rows = Statements(applied.rows)
    land, doubted = land_of(rows, parcel_mu), doubts(rows)
    stand = _stand(scheme, rows, land, doubted, (year, day))
    scored, classes = _graded(scheme, stand)
    stated = (scheme.base_of(g, item) for g in scheme.groups for item in g.items if item.base is not None)
    return Grading(scheme, year, day, scored, classes, stand, doubted, applied, (held, *stated))


def _check_columns(scheme: Scheme, enterprises: pd.DataFrame) -> None:
    for column in (*NEEDS, "zone") if scheme.unit == "zone" else NEEDS:
        if column not in enterprises:
            raise ColumnMissing(column, f"The scheme {scheme.name}", list(enterprises.columns))


def _stand(scheme: Scheme, rows: Statements, land: Land, doubted: Doubts, on: tuple[int, date]) -> Stand:
    """Where each row stands before anything is scored: group, and status with its reason."""
    reason = doubted.rows.copy()
    ids = rows.texts("enterprise_id")
    usable = reason == ""
    area = np.where(usable, land.used_mu, np.nan)
    follows = tenants(scheme, rows, area, usable)
    units = merged(scheme, rows, area, doubted.columns, follows)
    bad = np.bincount(units.lead[~usable], minlength=len(rows)) > 0
    units.broken[:] = bad & usable
    own = usable & ~follows & (units.lead == np.arange(len(rows)))
    status = np.full(len(rows), "unranked", dtype=object)
    status[usable & (units.lead != np.arange(len(rows)))] = "merged"
    status[follows] = "follows"
    group, unknown = groups_of(scheme, units.rows, units.land)
    stand = Stand(ids, units, land, group, status, reason, follows)
    _say(stand, own & units.broken, "A firm of its plot cannot be used, so the plot cannot be graded.")
    said = f"Its group cannot be told: it needs {lacking_for_groups(scheme)}. Supply what is blank."
    _say(stand, own & unknown, said, with_land=True)
    outside = own & (group < 0) & ~unknown & (reason == "")
    status[outside] = "outside"
    reason[outside] = f"No group of the scheme takes it: {scope(scheme)}."
    if scheme.unit == "zone":
        _say(
            stand,
            own & pd.isna(rows.texts("zone")),
            "Its zone is not stated, and firms compete within zones.",
        )
    _excuse(scheme, stand, own, on)
    return stand


def _say(stand: Stand, where: Flags, said: str, with_land: bool = False) -> None:
    """Give a reason to rows that have none yet, so that they stay unranked."""
    fresh = where & (stand.reason == "")
    stand.reason[fresh] = said
    if with_land:
        landless = fresh & np.isnan(stand.units.land)
        words = stand.land.reason
        stand.reason[landless] = (stand.reason[landless] + " " + words[landless]).astype(object)


def _excuse(scheme: Scheme, stand: Stand, own: Flags, on: tuple[int, date]) -> None:
    """Exemptions, the first that covers a row; where it cannot be told, as the scheme says."""
    for each in scheme.exempt:
        answer = exempted(each, stand.units.rows, stand.units.land, on)
        free = own & (stand.reason == "")
        covered = free & answer.yes
        article = f" ({each.article or scheme.article})"
        stand.status[covered] = "excused"
        stand.reason[covered] = f"{each.label}{article}"
        blank = ", ".join(filter(None, (each.since, *(one.column for one in each.who))))
        said = f"Whether {each.label} excuses it cannot be told: {blank} is not stated"
        if each.when_missing == "cannot_tell":
            _say(stand, free & answer.unknown, f"{said}. Supply it.")
        else:
            noted = free & answer.unknown
            stand.notes[noted] = f"{said}; graded as if it did not."


def _graded(scheme: Scheme, stand: Stand) -> tuple[dict[str, Scored], dict[str, Classed]]:
    """Each group scored and classed; rows that lack a figure lose their place, with the reason."""
    scored, classes = {}, {}
    free = (stand.reason == "") & ~np.isin(stand.status, ("merged", "follows"))
    land_reason = stand.land.reason
    none = np.zeros(len(stand.ids), dtype=np.intp)
    zones = none if scheme.unit == "list" else _ranks(stand.units.rows.series("zone"))
    order = none if scheme.together else _ranks(stand.ids)
    for number, group in enumerate(scheme.groups):
        at = np.flatnonzero(free & (stand.group == number))
        made = score(group, stand.units, at, _dense(zones, at))
        why = reasons(made, land_reason)
        stand.reason[at] = why
        whole = why == ""
        stand.status[at[whole]] = "graded"
        kept = replace(made, rows=at[whole], block=made.block[whole], total=made.total[whole])
        kept = replace(kept, scores={code: each[whole] for code, each in made.scores.items()})
        names = none[:0] if scheme.together else order[at[whole]]
        scored[group.code] = made
        classes[group.code] = classed(scheme, kept, names)
    return scored, classes


def _ranks(words: pd.Series | Texts) -> Codes:
    """(n,) place of each word among all that there are; -1 where there is none."""
    return np.asarray(pd.factorize(words, sort=True)[0], dtype=np.intp)


def _dense(zones: Codes, at: Codes) -> Codes:
    """(len(at),) the zones of some rows, numbered 0 … n-1 among themselves."""
    return np.asarray(np.unique(zones[at], return_inverse=True)[1], dtype=np.intp)


def _beyond(scored: Mapping[str, Scored], stand: Stand) -> list[Fault]:
    """Values outside what the scheme holds plausible."""
    faults = []
    for made in scored.values():
        for item in made.group.items:
            for at in made.rows[made.lacks[item.code] == IMPLAUSIBLE]:
                low, high = item.plausible or (0.0, 0.0)
                said = (
                    f"{item.label} ({item.formula}) is outside the plausible {low:g} to {high:g} {item.unit}."
                )
                remedy = "See whether money is in 万元 and land in mu; or widen `plausible` in the scheme."
                faults.append(fault("value_implausible", stand.ids[at], said, remedy, item.numerator))
    return faults


def _lacking(stand: Stand) -> list[Fault]:
    """The firms without land or without figures, each with what it lacks."""
    at = np.flatnonzero((stand.status == "unranked") & ~pd.isna(stand.ids) & (stand.reason != ""))
    remedy = "It stands in no rank and no class until then."
    return [
        fault("not_graded", stand.ids[row], stand.reason[row], remedy, "", Severity.WARNING) for row in at
    ]
