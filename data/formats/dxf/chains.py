"""Open pieces that close together (线段串接): lines and arcs end to end, and what stays open."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

from data.formats.dxf.outlines import GAP, Outline

NEAR = 0.1
"""Metres; an outline whose ends lie nearer is taken as closed, and told"""


@dataclass
class Sorted:
    """Outlines, sorted out.

    Parameters
    ----------
    closed : outlines that close, pieces joined among them
    mended : those whose ends lay apart -> the gap that was closed, in the unit of the drawing
    left : open ones that no other piece closes
    """

    closed: list[Outline] = field(default_factory=list)
    mended: list[tuple[Outline, float]] = field(default_factory=list)
    left: list[Outline] = field(default_factory=list)


def sorted_out(outlines: Sequence[Outline], near: float) -> Sorted:
    """Closed outlines, open ones that are all but closed, and open pieces of one layer that close together.

    Where three ends or more meet, the way on cannot be told, and nothing is joined.

    Parameters
    ----------
    near : ends so near each other are taken as one, in the unit of the drawing

    >>> corners = np.array([[0, 0], [9, 0], [9, 9], [0, 9.0]])
    >>> sides = [Outline(corners[[i, (i + 1) % 4]], False, "LINE", "0", str(i)) for i in range(4)]
    >>> made = sorted_out(sides, 0.1)
    >>> made.closed[0].points.tolist(), made.closed[0].pieces
    ([[0.0, 0.0], [9.0, 0.0], [9.0, 9.0], [0.0, 9.0]], ('0', '1', '2', '3'))
    """
    done = Sorted()
    open_: dict[str, list[Outline]] = defaultdict(list)
    for outline in outlines:
        if not len(outline.points):
            continue
        if outline.closed:
            done.closed.append(outline)
        elif len(outline.points) > 2 and outline.gap <= near:
            done.mended.append((outline, outline.gap))
            outline.closed = True
            done.closed.append(outline)
        else:
            open_[outline.layer].append(outline)
    for pieces in open_.values():
        _join(pieces, near, done)
    return done


def _join(pieces: list[Outline], near: float, done: Sorted) -> None:
    """Follow the pieces of one layer from end to end."""
    nodes = _nodes(pieces, near)
    meets = Counter(nodes.ravel().tolist())
    at: dict[int, list[int]] = defaultdict(list)
    for which, pair in enumerate(nodes.tolist()):
        for node in pair:
            at[node].append(which)
    used = np.zeros(len(pieces), bool)
    loose = [i for i in range(len(pieces)) if any(meets[n] != 2 for n in nodes[i].tolist())]
    for first in [*loose, *range(len(pieces))]:
        if used[first]:
            continue
        begin = int(next((n for n in nodes[first].tolist() if meets[n] != 2), nodes[first][0]))
        chain, node, which = [], begin, first
        while not used[which]:
            used[which] = True
            forward = nodes[which][0] == node
            chain.append((which, bool(forward)))
            node = int(nodes[which][1] if forward else nodes[which][0])
            onward = [each for each in at[node] if not used[each]]
            if meets[node] != 2 or not onward:
                break
            which = onward[0]
        _put(chain, pieces, node == begin and len(chain) > 1, done)


def _nodes(pieces: list[Outline], near: float) -> NDArray[np.int64]:
    """(n, 2) number of the node at either end of each piece; ends that lie near are one node."""
    ends = np.concatenate([[piece.points[0], piece.points[-1]] for piece in pieces])
    points = shapely.points(ends)
    a, b = shapely.STRtree(points).query(points, predicate="dwithin", distance=near)
    parent = np.arange(len(ends))
    while True:  # each end takes the least number among its neighbours, until nothing changes
        least = parent.copy()
        np.minimum.at(least, a, parent[b])
        least = least[least]
        if (least == parent).all():
            return np.asarray(parent.reshape(-1, 2), np.int64)
        parent = least


def _put(chain: list[tuple[int, bool]], pieces: list[Outline], closes: bool, done: Sorted) -> None:
    first = pieces[chain[0][0]]
    if len(chain) == 1:
        done.left.append(first)
        return
    runs = [pieces[i].points if forward else pieces[i].points[::-1] for i, forward in chain]
    steps = [float(np.hypot(*(b[0] - a[-1]))) for a, b in pairwise(runs)]
    points = np.concatenate([runs[0], *(run[1:] for run in runs[1:])])
    kinds = list(dict.fromkeys(pieces[i].kind for i, _ in chain))
    joined = Outline(
        points, closes, "+".join(kinds), first.layer, first.handle,
        sum(pieces[i].moved * (1 if forward else -1) for i, forward in chain),
        any(pieces[i].curved for i, _ in chain), pieces=tuple(pieces[i].handle for i, _ in chain),
    )  # fmt: skip
    if not closes:
        done.left.append(joined)
        return
    widest = max([*steps, joined.gap])
    joined.points = points[:-1]
    if widest > GAP:
        done.mended.append((joined, widest))
    done.closed.append(joined)
