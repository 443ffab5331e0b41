"""Gaps (缺项): what each enterprise was asked for and has not told, and what it might be."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from carbon.completeness.expectations import EVERY, ZONE, Expectation, usual_share
from carbon.completeness.lines import Codes, Lines
from carbon.completeness.park import Park
from carbon.tables import Floats, counted, summed

STATED, NOTHING_THERE, KEYED, NOT_TOLD, MISSING = "stated", "nothing", "keyed", "not_told", "missing"
OPEN = (KEYED, NOT_TOLD, MISSING)
"""States in which emissions may be lacking: a key NE or C, a line that could not be told, no line at all"""
OWN, PEERS, USUAL, NONE = "own_last_year", "peers", "illustration", "no_emissions"
BASES = (("value_added_cny10k", "万元 of value added"), ("energy_tce", "tce"))


def states(park: Park, expectation: Expectation) -> pd.DataFrame:
    """The state of an expectation with each enterprise that is asked for it.

    Returns
    -------
    DataFrame: enterprise_id, expectation, label, division, state (stated, nothing: NO, NA or IE stands for
    it, keyed: NE or C, not_told, missing), notation, tonnes (tCO2e of what is told), firm (row in `firms`)
    """
    lines, count = park.lines, len(park.firms)
    at = park.asked(expectation)
    rows = lines.answering(expectation.categories, expectation.items)
    codes = _whose(expectation, lines, rows, count)
    has = {
        STATED: counted(codes, lines.told[rows], count) > 0,
        NOT_TOLD: counted(codes, lines.lost[rows], count) > 0,
        KEYED: counted(codes, lines.unknown[rows], count) > 0,
        NOTHING_THERE: counted(codes, lines.nothing[rows], count) > 0,
    }
    state = np.select(list(has.values()), list(has), MISSING)
    keyed = lines.unknown[rows] | lines.nothing[rows]
    key = np.full(count, "", dtype=object)
    key[codes[keyed][::-1]] = lines.notation[rows][keyed][::-1]  # the first of each stays
    key[~np.isin(state, [KEYED, NOTHING_THERE])] = ""
    return pd.DataFrame({
        "enterprise_id": park.ids[at],
        "expectation": expectation.name,
        "label": expectation.dated.label,
        "division": park.divisions[at],
        "state": state[at],
        "notation": key[at],
        "tonnes": summed(codes, lines.tonnes[rows], count)[at],
        "firm": at,
    })


def _whose(expectation: Expectation, lines: Lines, rows: Codes, count: int) -> Codes:
    """Whose lines they are; of what is asked of the zone, any line is the zone's, the last of `firms`."""
    if expectation.of == ZONE:
        return np.full(len(rows), count - 1, dtype=np.intp)
    return lines.firm[rows]


def estimated(
    park: Park, expectation: Expectation, state: pd.DataFrame, before: Lines | None, peers_min: float
) -> pd.DataFrame:
    """What each open state might be: by its own last year, by its peers, by a usual share, or not to be told.

    Formula: peers: median of (tCO2e / value added, else / tce) of those of the same division that stated it,
    x its own; usual share s: what else it emits x s / (1 - s)

    Returns
    -------
    The open rows of `state` with estimate_tco2e (nan: cannot tell), basis and reason
    """
    gaps = state[state["state"].isin(OPEN)].copy()
    found = np.full(len(gaps), np.nan)
    basis = np.full(len(gaps), "", dtype=object)
    if len(gaps):
        firm = gaps["firm"].to_numpy()
        for name, values in _guesses(park, expectation, state, before, peers_min):
            fresh = np.isnan(found) & ~np.isnan(values[firm])
            found[fresh], basis[fresh] = values[firm][fresh], name
    gaps["estimate_tco2e"], gaps["basis"] = found, basis
    gaps["reason"] = np.where(np.isnan(found), _why_not(expectation, peers_min), "")
    return gaps


def _guesses(
    park: Park, expectation: Expectation, state: pd.DataFrame, before: Lines | None, peers_min: float
) -> Iterator[tuple[str, Floats]]:
    """Each way to guess, best first, with its guess for every row of `firms`."""
    count = len(park.firms)
    if not expectation.emits:
        yield NONE, np.zeros(count)
    if before is not None:
        rows = before.answering(expectation.categories, expectation.items)
        codes, tonnes = _whose(expectation, before, rows, count), before.tonnes[rows]
        told = counted(codes, ~np.isnan(tonnes), count) > 0
        yield OWN, np.where(told, summed(codes, tonnes, count), np.nan)
    if expectation.of != ZONE:
        for base, _ in BASES:
            yield PEERS, _of_peers(park, state, base, peers_min)
    usual = usual_share(expectation, park.ask)
    if usual is not None and usual.value is not None:
        own = summed(park.codes, park.tonnes, count)
        if expectation.of == ZONE:
            own[-1] = np.nansum(park.tonnes)
        yield USUAL, np.where(own > 0, own * usual.value / (1 - usual.value), np.nan)


def _of_peers(park: Park, state: pd.DataFrame, base: str, peers_min: float) -> Floats:
    """The median of the peers that stated it, times one's own size; nan where they are too few."""
    size = park.firms[base].to_numpy(np.float64)
    mine = size[state["firm"].to_numpy()]
    stated = (state["state"] == STATED).to_numpy() & (mine > 0) & (state["tonnes"] > 0).to_numpy()
    rate = pd.Series(state["tonnes"].to_numpy()[stated] / mine[stated])
    groups = rate.groupby(state["division"].to_numpy()[stated])
    median = groups.median()[groups.size() >= peers_min]
    each = median.reindex(park.divisions).to_numpy(np.float64)
    return np.where(size > 0, size * each, np.nan)


def _why_not(expectation: Expectation, peers_min: float) -> str:
    where = "the table of usual shares (data/rules/carbon/category_shares.yaml) has none"
    if expectation.of == ZONE:
        return f"Nobody in the zone told it last year, and {where}, or nothing else is known."
    group = "its division" if expectation.of == EVERY else f"division {expectation.of}"
    return (
        f"It told none last year, fewer than {peers_min:g} peers of {group} with value added or energy did "
        f"this year, and {where}, or nothing else is known of it."
    )
