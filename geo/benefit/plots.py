"""Who is graded with whom (同宗地合并、承租随宗地主): firms on one plot, and tenants of a landlord."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from data.kinds import kind
from geo.benefit.conditions import holds
from geo.benefit.scheme import Scheme
from geo.benefit.statements import Codes, Flags, Floats, Statements, Texts

ADDED = tuple(
    column.name
    for column in kind("enterprises").columns.values()
    if column.type == "number" and column.name not in ("bonus_score", "correction_factor")
)
EARLIEST = ("started_on", "land_since")
JUMPS = 20  # twice as far each time: more than any chain of leases


@dataclass(frozen=True, slots=True)
class Units:
    """What is graded: a firm, or all firms of one plot in the row of their lead.

    Parameters
    ----------
    rows, land : statements and land, added up in the rows of leads
    doubted : column -> True where a figure is not believed, also in the row of the lead
    lead : (n,) position of the row in which each is graded; its own where it is graded alone
    broken : True for a lead one of whose firms cannot be used
    """

    rows: Statements
    land: Floats
    doubted: dict[str, Flags]
    lead: Codes
    broken: Flags


def tenants(scheme: Scheme, rows: Statements, land: Floats, usable: Flags) -> Flags:
    """(n,) True for those that take the result of their landlord."""
    if not scheme.tenants:
        return np.zeros(len(rows), dtype=bool)
    landlord, own = rows.texts("landlord_id"), rows.texts("enterprise_id")
    return np.asarray(holds(scheme.tenants, rows, land).yes & pd.notna(landlord) & (landlord != own) & usable)


def merged(scheme: Scheme, rows: Statements, land: Floats, doubted: dict[str, Flags], alone: Flags) -> Units:
    """Firms on one plot added up in the row of one of them.

    The lead is the firm with the most land of its own, of equal ones that with the smallest id. Amounts and
    land are added up; one missing makes the sum unknown. The plot is above scale when one firm is; the
    earliest day counts. Industry, correction and bonus are those of the lead.

    Parameters
    ----------
    alone : True for those that are not merged, whatever their plot
    """
    itself = np.arange(len(rows), dtype=np.intp)
    broken = np.zeros(len(rows), dtype=bool)
    if not scheme.merge or scheme.merge not in rows:
        return Units(rows, land, doubted, itself, broken)
    plot = pd.DataFrame({"zone": rows.texts("zone"), "plot": rows.texts(scheme.merge)})
    shared = plot.notna().all(axis=1).to_numpy() & ~alone
    shared &= plot[shared].duplicated(keep=False).reindex(plot.index, fill_value=False).to_numpy()
    member = np.flatnonzero(shared)
    if not len(member):
        return Units(rows, land, doubted, itself, broken)
    order = _leads_first(rows, plot, member)
    first = ~plot.iloc[order].duplicated().to_numpy()
    lead = itself.copy()
    lead[order] = order[first][np.cumsum(first) - 1]
    summed = _summed(rows, member, lead[member])
    whole = land.copy()
    whole[np.unique(lead[member])] = _sum(land[member], lead[member])
    for name, flags in doubted.items():
        doubted[name] = flags.copy()
        np.logical_or.at(doubted[name], lead[member], flags[member])
    return Units(summed, whole, doubted, lead, broken)


def _leads_first(rows: Statements, plot: pd.DataFrame, member: Codes) -> Codes:
    """The members plot by plot, the lead of each first."""
    some = plot.iloc[member].assign(
        own=-np.nan_to_num(rows.numbers("land_mu")[member]), name=rows.texts("enterprise_id")[member]
    )
    return some.sort_values(["zone", "plot", "own", "name"], kind="stable").index.to_numpy(dtype=np.intp)


def _sum(figures: Floats, lead: Codes) -> Floats:
    _, position = np.unique(lead, return_inverse=True)
    return np.bincount(position, weights=figures).astype("float64")


def _summed(rows: Statements, member: Codes, lead: Codes) -> Statements:
    at = np.unique(lead)
    columns: dict[str, Any] = {}
    for name in ADDED:
        if name in rows:
            figures = rows.numbers(name).copy()
            figures[at] = _sum(figures[member], lead)
            columns[name] = figures
    for name in EARLIEST:
        if name in rows:
            days: Any = pd.to_datetime(rows.series(name), errors="coerce").astype("datetime64[s]")
            days.iloc[at] = days.iloc[member].groupby(lead).min().reindex(at).to_numpy()
            columns[name] = days
    if "above_scale" in rows:
        flags: Any = rows.series("above_scale").astype("boolean").copy()
        some = flags.iloc[member]
        any_yes = some.fillna(False).groupby(lead).any().reindex(at)
        blank = some.isna().groupby(lead).any().reindex(at)
        flags.iloc[at] = any_yes.mask(~any_yes & blank).array
        columns["above_scale"] = flags
    return rows.assign(columns)


def sources(ids: Texts, landlord: Texts, follows: Flags, lead: Codes) -> Codes:
    """(n,) the row whose result each takes: its own, its lead's, its landlord's; -1 where it leads nowhere.

    A landlord may follow another, and be merged itself; a ring of landlords leads nowhere.
    """
    position = pd.Series(np.arange(len(ids)), index=pd.Index(ids, dtype=object))
    position = position[position.index.notna() & ~position.index.duplicated()]
    parent = lead.copy()
    host = position.reindex(landlord[follows]).to_numpy(dtype="float64", na_value=np.nan)
    lost = np.flatnonzero(follows)[np.isnan(host)]
    parent[np.flatnonzero(follows)] = np.nan_to_num(host, nan=-1).astype(np.intp)
    parent[lost] = lost
    for _ in range(JUMPS):
        parent = parent[parent]
    root = parent.copy()
    root[follows[parent]] = -1  # what ends at one that follows went in a ring, or nowhere
    return root
