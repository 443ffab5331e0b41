"""Mending (修复): invalid plots made valid, with the area before and after; taken only when asked for."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely

from data.records import Fault, Severity
from geo.areas import ellipsoidal_area_m2
from geo.boundary_change.soundness.drawn import Drawn, Shapes
from geo.boundary_change.strips import polygonal
from geo.rings import Floats


def mended(drawn: Drawn) -> Shapes:
    """(n,) the plots, invalid ones made valid by their structure; None where nothing has an area then.

    Outlines that cross themselves fall into parts, holes are taken off them, parts are put together; a hole
    outside its outline becomes land.
    """
    shapes = drawn.shapes.copy()
    bad = np.flatnonzero(~drawn.sound & ~shapely.is_missing(shapes))
    for at, made in zip(bad, shapely.make_valid(shapes[bad], method="structure"), strict=True):
        whole = polygonal(made)
        shapes[at] = whole if whole.area > 0 else None
    return shapes


def mended_faults(drawn: Drawn, shapes: Shapes, flat: set[tuple[str, int | None]]) -> Iterator[Fault]:
    """What mending does to the area of each invalid plot; an error where nothing is left of it.

    Parameters
    ----------
    shapes : (n,) as `mended` makes them
    flat : names and lines of plots of which it was told already that they enclose nothing
    """
    bad = np.flatnonzero(~drawn.sound & ~shapely.is_missing(drawn.shapes))
    if not len(bad):
        return
    before: Floats = ellipsoidal_area_m2(drawn.shapes[bad], drawn.crs)
    after: Floats = ellipsoidal_area_m2(shapes[bad], drawn.crs)
    for at, was, now in zip(bad.tolist(), before, after, strict=True):
        if not now > 0 and (drawn.names[at], drawn.lines[at]) in flat:
            continue
        if not now > 0:
            yield drawn.fault(
                "beyond_repair", at, "encloses no land, and nothing is left of it when it is made valid.",
                "Draw it again, or take it out.",
            )  # fmt: skip
            continue
        yield drawn.fault(
            "mended", at,
            f"can be made valid, of {shapely.get_num_geometries(shapes[at])} parts; its area goes from "
            f"{was:,.2f} to {now:,.2f} m² ({now - was:+,.2f}).",
            "Look at it on the map; ask for the mended shape if it is what was meant, or correct the file.",
            Severity.WARNING, area_m2=abs(float(now - was)),
        )  # fmt: skip
