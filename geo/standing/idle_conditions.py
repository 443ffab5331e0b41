"""The conditions of idle land (闲置认定条件) on each project: true, false, or not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pandas.arrays import BooleanArray

from data.records import Dated
from geo.standing.years import Days, full, past

Columns = Mapping[str, NDArray[Any]]
"""Name -> (n,) texts (objects; nan is missing), days, or numbers, one of each per project."""
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Answers:
    """What is true for certain and what is false for certain, of n things; all else is not known.

    >>> asked = Answers.of([True, False, None])
    >>> (asked & Answers.of([None] * 3)).tolist(), (~asked).tolist()
    ([None, False, None], [False, True, None])
    """

    yes: Flags
    no: Flags

    @classmethod
    def of(cls, said: Sequence[bool | None]) -> Answers:
        """From True, False, and None for not known."""
        return cls(*(np.array([each is one for each in said], dtype=bool) for one in (True, False)))

    @property
    def unknown(self) -> Flags:
        """What is neither."""
        return ~(self.yes | self.no)

    def __and__(self, other: Answers) -> Answers:
        return Answers(self.yes & other.yes, self.no | other.no)

    def __or__(self, other: Answers) -> Answers:
        return Answers(self.yes | other.yes, self.no & other.no)

    def __invert__(self) -> Answers:
        return Answers(self.no, self.yes)

    def tolist(self) -> list[bool | None]:
        """True, False, and None for not known."""
        pairs = zip(self.yes.tolist(), self.no.tolist(), strict=True)
        return [True if yes else False if no else None for yes, no in pairs]

    def column(self) -> BooleanArray:
        """As a column of a table."""
        return BooleanArray(self.yes, self.unknown)


class Held(NamedTuple):
    """The conditions of each project, each true, false or not known, and the shares behind them."""

    begun: Answers
    little: Answers
    still: Answers
    developed_share: Floats
    invested_share: Floats
    not_started: Answers
    suspended: Answers


def conditions(rows: Columns, limits: dict[str, Dated], day: date) -> Held:
    """The conditions of the order on each row."""
    now = np.datetime64(day, "s")
    begun = _begun(rows, now)
    overdue = _reached(past(rows["agreed_start_on"], value(limits, "start_overdue")), now)
    developed = _share(rows["developed_m2"], rows["developable_m2"])
    invested = _share(rows["actual_investment_cny10k"], rows["promised_investment_cny10k"])
    little = _below(developed, value(limits, "developed_share_min")) | _below(
        invested, value(limits, "invested_share_min")
    )
    still = _still(rows, now, value(limits, "suspended"))
    return Held(begun, little, still, developed, invested, ~begun & overdue, begun & little & still)


def _begun(rows: Columns, now: np.datetime64) -> Answers:
    """Whether work has begun by that day; a stated day of beginning goes before the stage."""
    stage, started = rows["stage"], rows["started_on"]
    signs = (rows["operating_on"] <= now) | (rows["suspended_on"] <= now) | (rows["developed_m2"] > 0)
    signs |= goes_on(stage)
    dated = ~np.isnat(started)
    yes: Flags = np.where(dated, started <= now, signs)
    return Answers(yes, ~yes & (dated | (stage == "signed")))


def goes_on(stage: NDArray[np.object_]) -> Flags:
    """Whether the stage says that work goes on, or is done."""
    going: Flags = (stage == "started") | (stage == "operating")
    return going


def _still(rows: Columns, now: np.datetime64, years: float) -> Answers:
    """Whether work has stood still for the full time.

    A stage of started or operating says that work goes on; work begun later cannot have stood so long.
    """
    since = full(rows["suspended_on"], years)
    recent = full(rows["started_on"], years) > now
    going = goes_on(rows["stage"]) | (rows["operating_on"] <= now) | recent
    return Answers(since <= now, (since > now) | (np.isnat(since) & going))


def _reached(days: Days, now: np.datetime64) -> Answers:
    return Answers(days <= now, days > now)


def _share(part: Floats, whole: Floats) -> Floats:
    with np.errstate(all="ignore"):  # what is not finite is no reason to stop
        return part / np.where(whole > 0, whole, np.nan)


def _below(share: Floats, limit: float) -> Answers:
    return Answers(share < limit, share >= limit)


def value(limits: dict[str, Dated], item: str) -> float:
    """The number of one limit in force; all of the order have one."""
    return float(limits[item].value or 0)


def reasons(rows: Columns, held: Held) -> NDArray[np.object_]:
    """What is lacking where it cannot be told; empty elsewhere. One sentence per set of lacks, made once."""
    unsure = (held.not_started | held.suspended).unknown
    vague, begun, not_begun = held.begun.unknown, ~held.begun.no, ~held.begun.yes  # or it may be so
    little = begun & held.little.unknown
    pairs = (
        (vague, "started_on (实际动工日期) or stage"),
        (not_begun & np.isnat(rows["agreed_start_on"]), "agreed_start_on (约定动工日期)"),
        (begun & held.still.unknown, "suspended_on (中止开发日期), or a stage saying that work goes on"),
        (little & np.isnan(held.developed_share), "developed_m2 and developable_m2"),
        (little & np.isnan(held.invested_share), "actual and promised investment"),
    )
    state = np.zeros(len(unsure), np.int64)
    for bit, (lacks, _) in enumerate(pairs):
        state |= (unsure & lacks).astype(np.int64) << bit
    sets, which = np.unique(state, return_inverse=True)
    said = [[what for bit, (_, what) in enumerate(pairs) if one >> bit & 1] for one in sets.tolist()]
    return np.array([_sentence(lacking) for lacking in said], dtype=object)[which]


def _sentence(lacking: list[str]) -> str:
    return f"Cannot be told without {'; '.join(lacking)}. State it, then assess again." if lacking else ""
