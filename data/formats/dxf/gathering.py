"""The lines and texts of a drawing (收集实体): what can be read of each entity, and which cannot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from data.formats.dxf.outlines import Outline, outlines_of
from data.formats.dxf.plots import Text
from data.formats.dxf.walking import ODD, Walk

TEXTS = ("TEXT", "MTEXT", "ATTRIB")
FARTHEST = 1e12
"""No coordinate of a drawing is larger: it would be a broken number"""


@dataclass
class Gathered:
    """What was met.

    Parameters
    ----------
    outlines, texts : in the order of the drawing
    unused : type of entities that are no lines -> how many
    unread : entities whose numbers make no sense, as outlines without points, and why
    """

    outlines: list[Outline] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    unused: Counter[str] = field(default_factory=Counter)
    unread: list[tuple[Outline, str]] = field(default_factory=list)


def gather(walk: Walk, wanted: str | None, sagitta: float) -> Gathered:
    """The lines of one layer, or of all; and all texts.

    Parameters
    ----------
    wanted : layer; None for all
    sagitta : how far a chord may lie from its arc, in the unit of the drawing
    """
    done = Gathered()
    with np.errstate(all="ignore"):
        for number, (entity, layer, handle) in enumerate(walk.entities()):
            kind = entity.dxftype()
            try:
                if kind in TEXTS:
                    done.texts += _text(entity, kind, layer)
                elif wanted is None or layer == wanted:
                    _take(done, outlines_of(entity, sagitta), kind, (layer, handle, number))
            except ODD as odd:
                _unread(done, kind, (layer, handle, number), str(odd) or type(odd).__name__)
    return done


def _take(done: Gathered, found: list[Outline] | None, kind: str, where: tuple[str, str, int]) -> None:
    """Put the outlines of an entity to the others, if their numbers are sound."""
    if found is None:
        done.unused[kind] += 1
        return
    for outline in found:
        outline.layer, outline.handle = where[:2]
        if outline.ring_of >= 0:
            outline.ring_of = where[2]
    if all(_is_sound(outline) for outline in found):
        done.outlines += found
    else:
        _unread(done, kind, where, "a coordinate is infinite, not a number, or beyond all bounds")


def _is_sound(outline: Outline) -> bool:
    return bool(np.isfinite(outline.points).all() and (np.abs(outline.points) < FARTHEST).all())


def _unread(done: Gathered, kind: str, where: tuple[str, str, int], why: str) -> None:
    done.unread.append((Outline(np.empty((0, 2)), False, kind, *where[:2]), why.rstrip(".")))


def _text(entity: Any, kind: str, layer: str) -> Iterator[Text]:
    """A text, at the point that it is aligned to, or at its lower left."""
    said = " ".join(str(entity.plain_text()).split())
    place = entity.dxf.insert
    aligned = kind != "MTEXT" and (entity.dxf.get("halign", 0) or entity.dxf.get("valign", 0))
    if aligned and entity.dxf.hasattr("align_point") and entity.dxf.get("halign", 0) not in {3, 5}:
        place = entity.dxf.align_point
    if kind != "MTEXT" and (ocs := entity.ocs()).transform:
        place = ocs.to_wcs(place)
    if said and np.isfinite([place.x, place.y]).all():
        yield Text(float(place.x), float(place.y), said, layer)


def probe(walk: Walk, most: int = 200) -> np.ndarray[Any, np.dtype[np.float64]]:
    """(n, 2) a point of each of the first entities, blocks taken apart; they tell the unit of a drawing."""
    points = []
    with np.errstate(all="ignore"):
        for entity, _, _ in walk.entities():
            try:
                found = outlines_of(entity, 1.0) or ()
            except ODD:
                continue
            points += [each.points[0] for each in found if len(each.points) and _is_sound(each)]
            if len(points) >= most:
                break
    return np.array(points, np.float64).reshape(-1, 2)
