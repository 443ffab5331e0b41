"""Ranks and classes (排序与分档): shares, scores, ranks, or two stages in which halves are ranked again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.benefit.scheme import Classes, Scheme
from geo.benefit.scoring import Scored
from geo.benefit.statements import Codes, Flags, Floats

DUST = 9  # decimals to which scores are compared: below them, sums of binary fractions differ by chance


@dataclass(frozen=True, slots=True)
class Ranked:
    """Places of rows among those they compete with.

    Parameters
    ----------
    rank : (n,) 1 is the best; equal rows share the better place, where ties stand together
    count : (n,) how many compete
    """

    rank: NDArray[np.int64]
    count: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Classed:
    """Ranks and classes of the rows of a group.

    Parameters
    ----------
    place : (n,) position of the class in `Classes.labels`, -1 where the scheme has none
    half : (n,) 1 in the top half, 2 in the bottom half, 0 where there are no stages
    second : place in the half, where it is ranked again; and the score by which it is
    """

    first: Ranked
    place: Codes
    half: NDArray[np.int8]
    second: Ranked | None = None
    second_score: Floats | None = None


def ranked(block: Codes, keys: Sequence[Floats], names: Codes, together: bool) -> Ranked:
    """Rows of each block in falling order of the keys.

    Parameters
    ----------
    block : who competes with whom
    keys : the first decides, the next where it is equal, and so on; higher is better
    names : order of the ids, which decides last where ties do not stand together

    >>> ranked(np.array([0, 0, 0]), [np.array([5.0, 9.0, 5.0])], np.array([2, 1, 0]), True).rank.tolist()
    [2, 1, 2]
    """
    falling = [-np.round(key, DUST) for key in keys]
    last = () if together else (names,)
    order = np.lexsort((*last, *reversed(falling), block))
    sorted_block = block[order]
    at = np.arange(len(order))
    opens = np.r_[True, sorted_block[1:] != sorted_block[:-1]][: len(order)]
    start = np.maximum.accumulate(np.where(opens, at, 0))
    fresh = opens.copy()
    for key in falling if together else ():
        fresh[1:] |= key[order][1:] != key[order][:-1]
    place = np.maximum.accumulate(np.where(fresh, at, 0)) if together else at
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = place - start + 1
    count = np.bincount(block)[block] if len(block) else np.zeros(0, dtype=np.int64)
    return Ranked(rank, count)


def number_of(share: float, count: NDArray[np.int64], rounding: str) -> NDArray[np.int64]:
    """How many enterprises a per cent of them is.

    >>> counts = np.array([10, 30])
    >>> [number_of(15, counts, how).tolist() for how in ("half_up", "down", "up")]
    [[2, 5], [1, 4], [2, 5]]
    """
    exact = np.round(count * share / 100.0, DUST)
    whole = {"half_up": np.floor(exact + 0.5), "down": np.floor(exact), "up": np.ceil(exact)}[rounding]
    return np.asarray(whole, dtype=np.int64)


def classed(scheme: Scheme, scored: Scored, names: Codes) -> Classed:
    """Ranks and classes of a group's rows, all of which have a total.

    Parameters
    ----------
    names : (n,) order of the ids
    """
    total = scored.total
    if scheme.decimals is not None:
        total = np.floor(np.round(total * 10.0**scheme.decimals, DUST - 2) + 0.5) / 10.0**scheme.decimals
    ties = [scored.scores[code] for code in scheme.ties if code in scored.scores]
    first = ranked(scored.block, [total, *ties], names, scheme.together)
    classes, half = scored.group.classes, np.zeros(len(total), dtype=np.int8)
    if classes.cut == "none":
        return Classed(first, np.full(len(total), -1, dtype=np.intp), half)
    if classes.cut == "two_stage":
        return _two_stages(scheme, scored, first, names)
    place = {"shares": _by_share, "ranks": _by_rank}.get(classes.cut)
    if place is None:
        return Classed(first, _by_score(classes, total), half)
    return Classed(first, place(classes, first, scheme.rounding), half)


def _by_share(classes: Classes, told: Ranked, rounding: str) -> Codes:
    """The best are those up to the rounded number of the shares so far, so that nobody is left over."""
    place, so_far = np.zeros(len(told.rank), dtype=np.intp), 0.0
    for cut in classes.cuts[:-1]:
        so_far += cut.share or 0.0
        place += told.rank > number_of(so_far, told.count, rounding)
    return place


def _by_score(classes: Classes, total: Floats) -> Codes:
    limits = [cut.at_least for cut in classes.cuts if cut.at_least is not None]
    below = [np.round(total, DUST) < limit for limit in limits]
    return np.asarray(np.sum(below, axis=0), dtype=np.intp)


def _by_rank(classes: Classes, told: Ranked, _: str) -> Codes:
    """The first few, the last few, and the rest; where they overlap, the better class."""
    rest = next(at for at, cut in enumerate(classes.cuts) if cut.rest)
    place, edge = np.full(len(told.rank), rest, dtype=np.intp), 0.0
    for at in range(len(classes.cuts) - 1, rest, -1):
        before, edge = edge, edge + (classes.cuts[at].last or 0.0)
        place[(told.rank > told.count - edge) & (told.rank <= told.count - before)] = at
    edge = 0.0
    for at in range(rest):
        before, edge = edge, edge + (classes.cuts[at].first or 0.0)
        place[(told.rank > before) & (told.rank <= edge)] = at
    return place


def _two_stages(scheme: Scheme, scored: Scored, first: Ranked, names: Codes) -> Classed:
    """Halves by total; each is ranked again by some of its scores, and its end cut off."""
    classes = scored.group.classes
    top: Flags = first.rank <= number_of(classes.top_share, first.count, scheme.rounding)
    half = np.where(top, 1, 2).astype(np.int8)
    second = np.zeros(len(top))
    rest = next(at for at, cut in enumerate(classes.cuts) if cut.rest)
    for cut in classes.cuts:
        inside = top if cut.of == "top" else ~top
        for code in cut.by:
            second[inside] += scored.scores[code][inside]
    ties = [scored.scores[code] for code in scheme.ties if code in scored.scores]
    again = ranked(scored.block * 2 + ~top, [second, *ties], names, scheme.together)
    place = np.full(len(top), rest, dtype=np.intp)
    of = first.count if classes.share_of == "group" else again.count
    for at, cut in enumerate(classes.cuts):
        if cut.first is not None:
            place[top & (again.rank <= number_of(cut.first, of, scheme.rounding))] = at
        elif cut.last is not None:
            place[~top & (again.rank > again.count - number_of(cut.last, of, scheme.rounding))] = at
    return Classed(first, place, half, again, second)
