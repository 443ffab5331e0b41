"""Land of an enterprise (企业用地): own, unregistered, leased in and out, and what contradicts it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from data.records import Fault, Severity
from data.units import M2_PER_MU, MU_PER_HA
from geo.benefit.statements import Flags, Floats, Statements, Texts

LAND = ("land_mu", "unregistered_mu", "leased_in_mu", "leased_out_mu")
NEAR_UNIT = (
    0.1  # a ratio to the parcels within a tenth of 1/15 or 666.67 is a wrong unit, no mistake of measure
)
NEAR_PARCELS = 0.1  # stated and mapped land may differ by a tenth before it is said
LEASED_MU, LEASED_SHARE = 0.1, 0.005  # both sides of a lease may differ by so much, whichever is more


@dataclass(frozen=True, slots=True)
class Stated:
    """The columns as arrays; `ids` are None where blank, and infinite land is NaN, with where it stood."""

    ids: Texts
    landlords: Texts
    own: Floats
    unregistered: Floats
    leased_in: Floats
    leased_out: Floats
    parcels: Floats | None
    infinite: dict[str, Flags]


@dataclass(frozen=True)
class Land:
    """Land of each enterprise, and what contradicts it.

    Parameters
    ----------
    statements, stated : the statements, and the columns of them on which it rests
    used_mu : (n rows,) land that is used, mu; NaN where it cannot be told
    reason : (n rows,) why it cannot be told; empty where it can
    """

    statements: Statements
    stated: Stated
    used_mu: Floats
    reason: Texts

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The land as a table on the index of the statements.

        enterprise_id, land_mu (what is used; NaN where it cannot be told), own_mu, unregistered_mu (0 where
        none is stated), unregistered_stated, leased_in_mu, leased_out_mu, reason (why it cannot be told).
        """
        rows, told = self.statements.frame, self.stated
        return pd.DataFrame(
            {
                "enterprise_id": rows.get("enterprise_id"),
                "land_mu": self.used_mu,
                "own_mu": told.own,
                "unregistered_mu": np.nan_to_num(told.unregistered),
                "unregistered_stated": ~np.isnan(told.unregistered),
                "leased_in_mu": told.leased_in,
                "leased_out_mu": told.leased_out,
                "reason": pd.Series(self.reason, index=rows.index, dtype="str"),
            },
            index=rows.index,
        )

    @cached_property
    def faults(self) -> tuple[Fault, ...]:
        """Everything in the statements of land that contradicts something."""
        return tuple(_contradictions(self.stated))


def land_of(enterprises: Statements | pd.DataFrame, parcel_mu: pd.Series | None = None) -> Land:
    """The land that each enterprise of one year uses.

    Formula: own + not registered + leased in - leased out

    Parameters
    ----------
    enterprises : one row per enterprise: enterprise_id, land_mu (own, of all its plots), unregistered_mu
        (blank counts as none stated), leased_in_mu, leased_out_mu (0 where nothing is leased; blank is not
        known), landlord_id
    parcel_mu : area of the parcels on the map, by enterprise_id; several entries of one are added up

    Returns
    -------
    Land; land that is stated in a wrong unit, is negative, infinite or let beyond what there is, is NaN
    with a reason and a Fault

    >>> one = {"enterprise_id": ["E1"], "land_mu": [20.0], "leased_in_mu": [5.0], "leased_out_mu": [10.0]}
    >>> land_of(pd.DataFrame(one)).frame["land_mu"].item()
    15.0
    """
    rows = enterprises if isinstance(enterprises, Statements) else Statements(enterprises)
    told = _stated(rows, parcel_mu)
    reason = _reasons(told)
    land = told.own + np.nan_to_num(told.unregistered) + told.leased_in - told.leased_out
    return Land(rows, told, np.where(reason == "", land, np.nan), reason)


def _reasons(told: Stated) -> Texts:
    """(n,) why the land cannot be told; empty where it can."""
    reason = np.full(len(told.own), "", dtype=object)
    columns = {"land_mu": told.own, "leased_in_mu": told.leased_in, "leased_out_mu": told.leased_out}
    for name, column in columns.items():
        blank = np.isnan(column)
        if name in told.infinite:
            blank &= ~told.infinite[name]
        _note(reason, blank, f"{name} is not stated (write 0 where there is none).")
    for name, where in told.infinite.items():
        _note(reason, where, f"{name} is infinite.")
    held = told.own + np.nan_to_num(told.unregistered) + told.leased_in
    below = _negative(told) | (told.leased_out > held + LEASED_MU)
    _note(reason, _wrong_unit(told) != "", "land_mu is in another unit than mu, by the area of its parcels.")
    _note(reason, below, "land_mu and the leases contradict each other.")
    return reason


def _note(reason: Texts, where: Flags, said: str) -> None:
    """Add words to the reasons of some rows; those of one row stand in a line."""
    for text in set(reason[where]):
        same = where & (reason == text)
        reason[same] = f"{text} {said}".strip()


def _stated(enterprises: Statements, parcel_mu: pd.Series | None) -> Stated:
    ids, landlords = enterprises.texts("enterprise_id"), enterprises.texts("landlord_id")
    mapped = None
    if parcel_mu is not None:
        if not (parcel_mu.index.is_unique and parcel_mu.index.dtype == "str"):
            parcel_mu = parcel_mu.groupby(parcel_mu.index.astype("str")).sum(min_count=1)
        mapped = parcel_mu[parcel_mu.index.notna()].reindex(ids).to_numpy(dtype="float64")
    columns = {name: enterprises.numbers(name) for name in LAND}
    infinite = {name: where for name, column in columns.items() if (where := np.isinf(column)).any()}
    columns |= {name: np.where(where, np.nan, columns[name]) for name, where in infinite.items()}
    own, unregistered, leased_in, leased_out = (columns[name] for name in LAND)
    return Stated(ids, landlords, own, unregistered, leased_in, leased_out, mapped, infinite)


def _negative(told: Stated) -> Flags:
    columns = (told.own, told.unregistered, told.leased_in, told.leased_out)
    return np.asarray(np.logical_or.reduce([column < 0 for column in columns]))


def _wrong_unit(told: Stated) -> Texts:
    """(n,) what unit the own land looks like where it is not mu; empty elsewhere."""
    looks = np.full(len(told.own), "", dtype=object)
    if told.parcels is not None:
        known = (told.own > 0) & (told.parcels > 0)
        ratio = np.divide(told.own, told.parcels, out=np.full(len(known), np.nan), where=known)
        looks[np.abs(ratio * MU_PER_HA - 1) <= NEAR_UNIT] = "hectares"
        looks[np.abs(ratio / M2_PER_MU - 1) <= NEAR_UNIT] = "square metres"
    return looks


def _contradictions(told: Stated) -> Iterator[Fault]:
    yield from _own_faults(told)
    yield from _lease_faults(told)
    if told.parcels is not None:
        yield from _parcel_faults(told, told.parcels)


def _own_faults(told: Stated) -> Iterator[Fault]:
    for name, where in told.infinite.items():
        for at in np.flatnonzero(where):
            yield fault(
                "figure_not_finite", told.ids[at], f"{name} is infinite.", "Correct the statement.", name
            )
    columns = (told.own, told.unregistered, told.leased_in, told.leased_out)
    for name, column in zip(LAND, columns, strict=True):
        for at in np.flatnonzero(column < 0):
            said = f"{name} is {column[at]:g} mu. Land is not below zero."
            yield fault("land_negative", told.ids[at], said, "Correct the statement.", name)
    unregistered = np.nan_to_num(told.unregistered)
    over = (told.leased_out > 0) & (told.leased_out > told.own + unregistered + LEASED_MU)
    sublet = over & (told.leased_out <= told.own + unregistered + told.leased_in + LEASED_MU)
    for at in np.flatnonzero(over):
        said = (
            f"{told.leased_out[at]:g} mu are leased out, {told.own[at]:g} mu are its own"
            f"{f' and {told.leased_in[at]:g} mu leased in' if told.leased_in[at] > 0 else ''}."
        )
        remedy = "See whether leased land is let on, or a lease is stated twice."
        severity = Severity.WARNING if sublet[at] else Severity.ERROR
        yield fault("leased_out_exceeds_own", told.ids[at], said, remedy, "leased_out_mu", severity)


def _lease_faults(told: Stated) -> Iterator[Fault]:
    stated = pd.notna(told.landlords)
    known = stated & pd.Series(told.landlords, dtype=object).isin(told.ids).to_numpy()
    for at in np.flatnonzero(stated & ~known):
        said = f"The landlord {told.landlords[at]} is not among the enterprises of the year."
        remedy = "Correct landlord_id, or take in the landlord's statement."
        yield fault("landlord_unknown", told.ids[at], said, remedy, "landlord_id", Severity.WARNING)
    for at in np.flatnonzero(known & (told.landlords == told.ids)):
        remedy = "Name the enterprise from which the land is leased."
        yield fault("landlord_is_itself", told.ids[at], "It is its own landlord.", remedy, "landlord_id")
    for at in np.flatnonzero(~stated & (told.leased_in > 0)):
        said = f"{told.leased_in[at]:g} mu are leased in, and no landlord is named."
        remedy = "Fill in landlord_id, so that the land is not counted twice."
        yield fault("leased_in_without_landlord", told.ids[at], said, remedy, "landlord_id", Severity.WARNING)
    for at in np.flatnonzero(known & ~(told.leased_in > 0)):
        said = f"The landlord is {told.landlords[at]}, and no land is stated as leased in."
        yield fault(
            "landlord_without_lease",
            told.ids[at],
            said,
            "State leased_in_mu.",
            "leased_in_mu",
            Severity.WARNING,
        )
    yield from _two_sides(told, known)


def _two_sides(told: Stated, known: Flags) -> Iterator[Fault]:
    """What tenants lease of a landlord, against what the landlord says to lease out."""
    tenants = known & (told.landlords != told.ids)
    leased = pd.Series(np.where(tenants, told.leased_in, 0.0)).groupby(told.landlords).agg(["sum", "count"])
    blank = set(told.landlords[tenants & np.isnan(told.leased_in)])
    sums = leased["sum"].reindex(told.ids).to_numpy(dtype="float64")
    gap = np.nan_to_num(sums) - told.leased_out
    much = np.maximum(LEASED_MU, LEASED_SHARE * np.maximum(np.nan_to_num(sums), told.leased_out))
    for at in np.flatnonzero(np.abs(gap) > much):
        if told.ids[at] is None or told.ids[at] in blank:
            continue
        twice = gap[at] > 0
        leased_out = told.leased_out[at]
        said = f"Tenants state {np.nan_to_num(sums[at]):g} mu leased of it; it leases out {leased_out:g} mu."
        remedy = (
            "Correct one side: land would be counted twice."
            if twice
            else "Add the missing tenants' statements, or their landlord_id, or correct the landlord's."
        )
        severity = Severity.ERROR if twice else Severity.WARNING
        yield fault("leases_disagree", told.ids[at], said, remedy, "leased_out_mu", severity)


def _parcel_faults(told: Stated, parcels: Floats) -> Iterator[Fault]:
    looks = _wrong_unit(told)
    for at in np.flatnonzero(looks != ""):
        said = (
            f"land_mu is {told.own[at]:g}; its parcels have {parcels[at]:.2f} mu. "
            f"The figure looks like {looks[at]}."
        )
        yield fault(
            "land_in_other_unit", told.ids[at], said, "State the land in mu (1 ha = 15 mu).", "land_mu"
        )
    plain = looks == ""
    for at in np.flatnonzero(plain & (told.own > 0) & ~(parcels > 0)):
        said = f"It states {told.own[at]:g} mu of its own, and no parcel bears its id."
        remedy = "Write enterprise_id on its parcels, or correct the land."
        yield fault("land_without_parcels", told.ids[at], said, remedy, "land_mu", Severity.WARNING)
    # the map may show what is registered, or what is held
    off = np.abs(told.own - parcels) > NEAR_PARCELS * parcels
    off &= np.abs(told.own + np.nan_to_num(told.unregistered) - parcels) > NEAR_PARCELS * parcels
    for at in np.flatnonzero(plain & (parcels > 0) & (off | np.isnan(told.own)) & ~(told.own < 0)):
        own = "no land" if np.isnan(told.own[at]) else f"{told.own[at]:g} mu"
        said = f"It states {own} of its own; its parcels have {parcels[at]:.2f} mu."
        remedy = "See which plots are its own, and which are not registered."
        yield fault("land_differs_from_parcels", told.ids[at], said, remedy, "land_mu", Severity.WARNING)


def fault(
    code: str, enterprise: Any, said: str, remedy: str, column: str = "", severity: Severity = Severity.ERROR
) -> Fault:
    """A fault of one enterprise's statement."""
    name = "" if enterprise is None else str(enterprise)
    return Fault(code, said, remedy, severity, layer="enterprises", feature=name, column=column)
