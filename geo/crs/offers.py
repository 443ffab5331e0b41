"""What a message about a CRS offers to choose from."""

from __future__ import annotations

import numpy as np

from geo.crs.looks import Box, Look, looks_of, shown
from geo.crs.transform import Floats

_LOCAL_GRID = (
    "They look like no grid of China that we know. A local grid (地方独立坐标系) has parameters that only "
    "its maker has: ask for the layer in CGCS2000."
)


def offer(bounds: Floats, middle: tuple[float, float], city_box: Box | None, claimed: str = "") -> str:
    """From where to where the numbers run, what they look like, and how to choose.

    Parameters
    ----------
    bounds : (n, 4) boxes of the features, at least one of them finite
    middle : x and y of the middle feature
    claimed : code that does not fit, and is not offered again
    """
    west, south = np.nanmin(bounds[:, 0]), np.nanmin(bounds[:, 1])
    east, north = np.nanmax(bounds[:, 2]), np.nanmax(bounds[:, 3])
    looks = looks_of(*middle, city_box)
    known = f"The coordinates run from {shown(west, south)} to {shown(east, north)}. "
    if not looks:
        return known + _LOCAL_GRID
    listed = "They look like\n" + "\n".join(f"  {look}" for look in looks) + "\n"
    return known + listed + _remedy(looks, claimed)


def _remedy(looks: list[Look], claimed: str) -> str:
    code = next((look.code for look in looks if look.code), "EPSG:…")
    if any("wrong order" in look.why for look in looks):
        return (
            "Swap the two axes in the file (in QGIS: Swap X and Y coordinates) or have it exported again; "
            f"then choose with --crs, as --crs {code}."
        )
    if code == claimed:
        return "Have the coordinates checked by whoever made the file."
    return f"Choose with --crs, as --crs {code}, or ask whoever made the file."
