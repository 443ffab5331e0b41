"""The table of a grading (评价结果表): one row per enterprise, whatever became of it.

enterprise_id, name, zone, industry, division, group, land_mu, merged_into, follows; `value.<code>`,
`score.<code>` and `filled.<code>` (an average stands for a missing figure) of each indicator; correction,
bonus, score, rank, count (of those it competes with), half, second_score, second_rank, second_count (two
stages), class, lowest (in the last class), status, reason, objection, changed.

status: graded · excused (不参评) · follows (takes its landlord's result) · merged (takes the result of its
plot's lead) · unranked (something is lacking or wrong) · outside (no group of the scheme takes it).
Rank, count, class and score of those that follow or are merged are those of the row they take.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.benefit.classing import Classed
from geo.benefit.conditions import labels
from geo.benefit.land_of import Land
from geo.benefit.objections import states
from geo.benefit.plots import Units, sources
from geo.benefit.scheme import Scheme
from geo.benefit.scoring import Scored
from geo.benefit.statements import Codes, Flags, Statements, Texts

HALVES = {1: "top", 2: "bottom"}
NO_LANDLORD = "It takes the result of its landlord, and {} has none."


@dataclass(frozen=True, slots=True)
class Stand:
    """Where each row stands; status and reason are filled in as the grading goes on.

    Parameters
    ----------
    ids : None where blank
    group : position in the scheme's groups, -1 for none
    reason : why a row is not graded; empty while it may be
    notes : what is to be said of rows that are graded
    """

    ids: Texts
    units: Units
    land: Land
    group: Codes
    status: Texts
    reason: Texts
    follows: Flags
    notes: Texts = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "notes", np.full(len(self.ids), "", dtype=object))


def framed(
    scheme: Scheme,
    stand: Stand,
    scored: Mapping[str, Scored],
    classes: Mapping[str, Classed],
    record: pd.DataFrame,
) -> pd.DataFrame:
    """The table, see the head of this file.

    Parameters
    ----------
    scored, classes : by group; classes are of the rows of a group that were graded, in the same order
    record : objections of the year
    """
    rows, count = stand.units.rows, len(stand.ids)
    landlord = rows.texts("landlord_id")
    source = sources(stand.ids, landlord, stand.follows, stand.units.lead)
    columns = _figures(scheme, stand, scored)
    columns |= _places(scheme, stand, scored, classes)
    said = _shared(columns, stand, source, landlord)
    group = {at: each.code for at, each in enumerate(scheme.groups)}
    state, changed = states(record, stand.ids)
    lead = np.where(stand.units.lead != np.arange(count), stand.ids[stand.units.lead], "")
    reason = np.where(said == "", stand.notes, said)
    return pd.DataFrame({
        "enterprise_id": _own(rows, "enterprise_id").str.strip(),
        "name": _own(rows, "name"),
        "zone": _own(rows, "zone"),
        "industry": _own(rows, "industry"),
        "division": rows.frame["division"].to_numpy(),
        "group": _text(labels(group, np.where(stand.status == "merged", -1, stand.group))),
        "land_mu": stand.units.land,
        "merged_into": _text(np.where(stand.status == "merged", lead, "")),
        "follows": _text(np.where(stand.follows, landlord, "")),
        **columns,
        "status": _text(stand.status),
        "reason": _text(reason, blank=False),
        "objection": _text(state),
        "changed": _text(changed),
    })


def _text(words: NDArray[np.object_], blank: bool = True) -> pd.Series:
    """Words as text; blank ones are missing, or stay empty. Few of them differ, so each is made once."""
    codes, distinct = pd.factorize(words)
    made: Any = pd.array([None if blank and word == "" else word for word in distinct], dtype="str")
    return pd.Series(made.take(codes, allow_fill=True))


def _own(rows: Statements, column: str) -> pd.Series:
    """A column of the statements as text, as it stands there."""
    return rows.series(column).astype("str")


def _figures(scheme: Scheme, stand: Stand, scored: Mapping[str, Scored]) -> dict[str, Any]:
    count = len(stand.ids)
    columns: dict[str, Any] = {}
    for code, item in scheme.items.items():
        value, points = np.full(count, np.nan), np.full(count, np.nan)
        filled = np.zeros(count, dtype=bool)
        for made in scored.values():
            if code in made.figures:
                value[made.rows], points[made.rows] = made.figures[code], made.scores[code]
                filled[made.rows] = made.filled[code]
        columns[f"value.{code}"], columns[f"score.{code}"] = value, points
        fills = any(each.code == code and _fills(each) for group in scheme.groups for each in group.items)
        if fills or _fills(item):
            columns[f"filled.{code}"] = filled
    return columns


def _fills(item: Any) -> bool:
    return bool(item.when_missing != "cannot_tell" or item.when_zero != "cannot_tell")


def _places(
    scheme: Scheme, stand: Stand, scored: Mapping[str, Scored], classes: Mapping[str, Classed]
) -> dict[str, Any]:
    count = len(stand.ids)
    floats = {name: np.full(count, np.nan) for name in ("correction", "bonus", "score")}
    whole = {
        name: np.zeros(count, dtype=np.int64) for name in ("rank", "count", "second_rank", "second_count")
    }
    second = np.full(count, np.nan)
    half, label = (np.full(count, "", dtype=object) for _ in range(2))
    lowest = np.zeros(count, dtype=bool)
    for group in scheme.groups:
        made, told = scored[group.code], classes[group.code]
        graded = stand.status[made.rows] == "graded"
        at = made.rows[graded]
        for name, figures in (("correction", made.correction), ("bonus", made.bonus), ("score", made.total)):
            floats[name][at] = figures[graded]
        whole["rank"][at], whole["count"][at] = told.first.rank, told.first.count
        label[at] = labels(dict(enumerate(group.classes.labels)), told.place)
        lowest[at] = (told.place >= 0) & (told.place == len(group.classes.cuts) - 1)
        if told.second is not None and told.second_score is not None:
            half[at] = labels(HALVES, told.half.astype(np.intp))
            second[at] = told.second_score
            whole["second_rank"][at], whole["second_count"][at] = told.second.rank, told.second.count
    return {**floats, **whole, "half": half, "second_score": second, "class": label, "lowest": lowest}


def _shared(columns: dict[str, Any], stand: Stand, source: Codes, landlord: Texts) -> Texts:
    """Give those that follow or are merged what they take; all reasons, also where there is nothing."""
    reason = stand.reason.copy()
    takes = np.isin(stand.status, ("follows", "merged"))
    graded = stand.status == "graded"
    served = takes & (source >= 0) & graded[source]
    for name in ("score", "rank", "count", "class", "lowest"):
        columns[name][served] = columns[name][source[served]]
    lost = np.flatnonzero(takes & ~served)
    for at in lost:
        tenant = stand.status[at] == "follows"
        lead = stand.ids[stand.units.lead[at]]
        said = NO_LANDLORD.format(landlord[at]) if tenant else f"Its plot's lead {lead} has no result."
        reason[at] = f"{said} See the reason there."
    for name in ("rank", "count", "second_rank", "second_count"):
        figures = pd.array(columns[name], dtype="Int64")
        figures[columns[name] == 0] = pd.NA
        columns[name] = figures
    for name in ("half", "class"):
        columns[name] = _text(columns[name])
    return reason
