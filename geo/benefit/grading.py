"""Grading of enterprises by a scheme (亩均效益评价): scores, ranks and classes, each with its why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from data.errors import ColumnMissing
from data.records import Dated, Fault, Severity
from geo.benefit.classing import Classed, classed
from geo.benefit.conditions import exempted, groups_of, lacking_for_groups, with_industry
from geo.benefit.land_of import Flags, Land, Texts, fault, land_of, numbers, texts
from geo.benefit.objections import apply
from geo.benefit.plausible import Doubts, doubts
from geo.benefit.plots import merged, tenants
from geo.benefit.result_frame import Stand, framed
from geo.benefit.scheme import Scheme
from geo.benefit.scoring import IMPLAUSIBLE, Codes, Scored, reasons, score

NEEDS = ("enterprise_id", "year")


@dataclass(frozen=True, slots=True)
class Grading:
    """The grading of one year.

    Parameters
    ----------
    frame : one row per enterprise of the year, see `geo.benefit.result_frame`
    statements : the figures that were used, on the same index: decided ones in place, firms of one plot
        added up in the row of their lead, land in `used_mu`; NaN where a figure is not believed
    scored, classes : group -> its rows as they were scored and classed
    objections : one row per objection of the year, before and after
    faults : everything wrong with the statements, and each firm that lacks land or figures
    choices : what was chosen, in words, where texts leave a choice
    articles : the scheme and the base values it states, as dated values
    """

    scheme: Scheme
    year: int
    day: date
    frame: pd.DataFrame
    statements: pd.DataFrame
    scored: Mapping[str, Scored]
    classes: Mapping[str, Classed]
    objections: pd.DataFrame
    faults: tuple[Fault, ...]
    choices: Mapping[str, str]
    articles: tuple[Dated, ...]


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
    of_year = enterprises[numbers(enterprises, "year") == year].reset_index(drop=True)
    applied = apply(of_year, objections, year, day)
    rows = with_industry(applied.rows)
    land, doubted = land_of(rows, parcel_mu), doubts(rows)
    stand = _stand(scheme, rows, land, doubted, (year, day))
    scored, classes = _graded(scheme, stand)
    faults = (*applied.faults, *doubted.faults, *land.faults, *_beyond(scored, stand), *_lacking(stand))
    frame = framed(scheme, stand, scored, classes, applied.record)
    stated = (scheme.base_of(g, item) for g in scheme.groups for item in g.items if item.base is not None)
    choices, used = _choices(scheme, land, stand), _used(stand, scored)
    return Grading(
        scheme, year, day, frame, used, scored, classes, applied.record, faults, choices, (held, *stated)
    )


def _check_columns(scheme: Scheme, enterprises: pd.DataFrame) -> None:
    for column in (*NEEDS, "zone") if scheme.unit == "zone" else NEEDS:
        if column not in enterprises:
            raise ColumnMissing(column, f"The scheme {scheme.name}", list(enterprises.columns))


def _stand(scheme: Scheme, rows: pd.DataFrame, land: Land, doubted: Doubts, on: tuple[int, date]) -> Stand:
    """Where each row stands before anything is scored: group, and status with its reason."""
    reason = doubted.rows.copy()
    ids = texts(rows, "enterprise_id")
    usable = reason == ""
    area = np.where(usable, land.frame["land_mu"].to_numpy(dtype="float64"), np.nan)
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
    reason[outside] = f"No group of the scheme takes it: {_scope(scheme)}."
    if scheme.unit == "zone":
        _say(
            stand,
            own & pd.isna(texts(rows, "zone")),
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
        words = stand.land.frame["reason"].to_numpy(dtype=object)
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
    land_reason = stand.land.frame["reason"].to_numpy(dtype=object)
    for number, group in enumerate(scheme.groups):
        at = np.flatnonzero(free & (stand.group == number))
        made = score(group, stand.units, at, _blocks(scheme, stand, at))
        why = reasons(made, land_reason)
        stand.reason[at] = why
        whole = why == ""
        stand.status[at[whole]] = "graded"
        kept = replace(made, rows=at[whole], block=made.block[whole], total=made.total[whole])
        kept = replace(kept, scores={code: each[whole] for code, each in made.scores.items()})
        names = np.zeros(0, dtype=np.intp) if scheme.together else _order(stand.ids[at[whole]])
        scored[group.code] = made
        classes[group.code] = classed(scheme, kept, names)
    return scored, classes


def _blocks(scheme: Scheme, stand: Stand, at: Codes) -> Codes:
    if scheme.unit == "list":
        return np.zeros(len(at), dtype=np.intp)
    return np.asarray(pd.factorize(stand.units.rows["zone"].iloc[at], sort=True)[0], dtype=np.intp)


def _order(ids: Texts) -> Codes:
    return np.asarray(pd.factorize(ids, sort=True)[0], dtype=np.intp)


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


def _used(stand: Stand, scored: Mapping[str, Scored]) -> pd.DataFrame:
    """The figures as they were used; what is doubted or implausible is not among them."""
    rows = stand.units.rows
    columns = {
        name: np.where(flags, np.nan, numbers(rows, name)) for name, flags in stand.units.doubted.items()
    }
    for made in scored.values():
        for item in made.group.items:
            beyond = made.rows[made.lacks[item.code] == IMPLAUSIBLE]
            if len(beyond):
                kept = columns.get(item.numerator, numbers(rows, item.numerator)).copy()
                kept[beyond] = np.nan
                columns[item.numerator] = kept
    return rows.assign(**columns, used_mu=stand.units.land)


def _scope(scheme: Scheme) -> str:
    said = (f"{group.label}: {' and '.join(map(str, group.who)) or 'all'}" for group in scheme.groups)
    return "; ".join(said)


def _choices(scheme: Scheme, land: Land, stand: Stand) -> dict[str, str]:
    """What was chosen where texts leave a choice, and how often it mattered."""
    silent = int((~land.frame["unregistered_stated"]).sum())
    together = "equal totals stand together, in the better class"
    ties = together if scheme.together else "equal totals are parted by the smaller enterprise_id"
    by = f"first by {', '.join(scheme.ties)}; " if scheme.ties else ""
    made = {
        "scheme": f"{scheme.label} ({scheme.status})",
        "unit": "each zone by itself" if scheme.unit == "zone" else "the whole list",
        "rounding": f"numbers of enterprises are rounded {scheme.rounding.replace('_', ' ')}",
        "ties": by + ties,
        "land": "own + unregistered + leased in - leased out",
        "unregistered": f"{silent} of {len(stand.ids)} state no unregistered land; none is counted for them",
        "groups": _scope(scheme),
    }
    for group in scheme.groups:
        if group.classes.cut == "two_stage":
            made[f"share_of.{group.code}"] = (
                f"per cents of the second stage are of the {group.classes.share_of}"
            )
        rules = sorted({item.base_rule for item in group.items} - {"value"})
        if rules:
            made[f"base.{group.code}"] = f"the group's own average is the base value ({', '.join(rules)})"
    if scheme.merge:
        apart = int((stand.units.lead != np.arange(len(stand.ids))).sum())
        made["merge"] = (
            f"firms of one {scheme.merge} are graded as one; {apart} share the result of their lead"
        )
    return made
