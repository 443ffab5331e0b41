"""Supply, tenure and high-tech of a parcel (供应状态, 供应方式, 高新技术产业): stated, or by its survey code.

Where a survey code says something, it wins; what was stated is then kept beside it, so that a contradiction
can be named. What has a tenure was supplied.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.land.survey_codes import AGREES, HIGH_TECH, SUPPLY_OF, TENURE_OF, Spoken

SUPPLY = ("supplied", "not_supplied", "ready", "not_developable", "idle")
READY = ("supplied", "idle", "ready")
TENURE = tuple(TENURE_OF.values())
KINDS = ("H1", "H2", "none")

Choice = Callable[[Spoken | None, str | None], str | None]


def stated(parcels: pd.DataFrame, said: Sequence[Spoken | None], at: pd.Series) -> dict[str, pd.Series]:
    """The columns supply, tenure and high_tech, and `stated_…` of each where there are survey codes.

    Parameters
    ----------
    parcels : supply, tenure, high_tech, each of which may be missing; an unheard-of state is unknown
    said, at : what the survey codes say, as `heard` returns it
    """
    asked: dict[str, tuple[tuple[str, ...], tuple[str, ...], Choice]] = {
        "supply": (SUPPLY, (*SUPPLY, "unsupplied"), supply_after),
        "tenure": (TENURE, TENURE, lambda code, state: (code.tenure if code else "") or state),
        "high_tech": (KINDS, (*HIGH_TECH, "none"), _kind_after),
    }
    made: dict[str, pd.Series] = {}
    for name, (states, outcomes, choose) in asked.items():
        given = _positions(parcels.get(name), states, len(at))
        places: dict[str | None, int] = {state: place for place, state in enumerate(outcomes)} | {None: -1}
        after = np.array([[places[choose(code, state)] for state in (*states, None)] for code in said])
        taken = after[at.to_numpy(), given]
        made[name] = pd.Series(pd.Categorical.from_codes(taken, pd.Index(outcomes)), index=at.index)
        if len(said) > 1:
            made[f"stated_{name}"] = pd.Series(
                pd.Categorical.from_codes(given, pd.Index(states)), index=at.index
            )
    supplied = made["supply"].isna() & made["tenure"].notna()
    made["supply"] = made["supply"].mask(supplied, "supplied")
    return made


def supply_after(said: Spoken | None, state: str | None) -> str | None:
    """The supply state of a parcel, from its code and from what it states; E and F tell `unsupplied`.

    >>> from geo.land.survey_codes import spoken
    >>> supply_after(spoken("D1"), "ready"), supply_after(spoken("D1"), "idle"), supply_after(None, "ready")
    ('supplied', 'idle', 'ready')
    """
    if said is None or not said.supply:
        return state
    if state is None or said.supply == "idle":
        return said.supply
    letter = next(part for part in said.letters if part in SUPPLY_OF)
    return state if state in AGREES[letter[:1]] else said.supply


def _kind_after(said: Spoken | None, state: str | None) -> str | None:
    """H alone is taken for the class that is stated beside it."""
    coded = said.high_tech if said else ""
    return state if coded == "H" and state in {"H1", "H2"} else coded or state


def _positions(given: pd.Series | None, states: tuple[str, ...], size: int) -> NDArray[np.int64]:
    """Which of the states each parcel states, -1 where none of them."""
    if given is None:
        return np.full(size, -1, np.int64)
    return np.asarray(pd.Index(states).get_indexer(pd.Index(given.astype("str"))), np.int64)
