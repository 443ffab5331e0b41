"""What a layer is said to be in, and what is odd about that before its numbers are looked at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pyproj import CRS

from data.records import Fault, Severity
from geo.crs.belts import belt_of, datum_of, horizontal, local_belt, registered, transverse_mercator
from geo.crs.chosen import ChosenCrs, name_of
from geo.crs.contradictions import place_in_words
from geo.crs.transform import datum_fault, place_of


@dataclass(frozen=True)
class Claim:
    """What a layer is said to be in.

    Parameters
    ----------
    crs : the CRS of the numbers as they stand
    name : how messages call it
    chosen : whether a person said so, or the file
    """

    crs: CRS
    name: str
    chosen: bool

    @property
    def words(self) -> str:
        """The claim, to begin a message with."""
        title = "" if self.crs.name == self.name else f" ({self.crs.name})"
        return f"{self.name}{title} is {'chosen' if self.chosen else 'declared'}"


def about_the_claim(declared: CRS | None, claim: Claim, choice: ChosenCrs) -> Iterator[Fault]:
    """Faults that need no coordinates."""
    if claim.chosen and declared is not None and (was := name_of(registered(declared))) != claim.name:
        yield Fault(
            "crs_overridden",
            f"The file declares {was}; it was read as {claim.name}, as chosen.",
            "If the file is right, leave the choice out.",
            Severity.WARNING,
        )
    if choice.shift:
        yield Fault(
            "crs_shift_undone",
            f"The coordinates were taken to be {claim.name} and moved back to true longitude and latitude. "
            "There is no official formula; they are right to some metres.",
            "Use them to find parcels, and measured boundaries to decide on them.",
            Severity.WARNING,
        )
    if not claim.chosen and declared is not None and (odd := _misnamed(declared)):
        yield Fault(
            "crs_misnamed",
            f"The CRS that the file declares contradicts itself: {odd}.",
            "Find out which is right, and choose it with --crs EPSG:….",
        )
    if not claim.chosen and _datum_unknown(choice.crs):
        yield Fault(
            "crs_datum_unknown",
            f"The file declares {choice.crs.name!r}, whose datum nobody knows: on "
            f"{choice.crs.ellipsoid.name if choice.crs.ellipsoid else 'no ellipsoid'}, named "
            f"{choice.crs.datum.name if choice.crs.datum else 'nothing'!r}.",
            "Ask whoever made the file for the datum, and choose with --crs: for instance EPSG:4547 for "
            "CGCS2000, EPSG:2383 for Xian 1980, EPSG:2435 for Beijing 1954, all with central meridian 114.",
        )


def about_the_place(claim: Claim, middle: tuple[float, float]) -> Iterator[Fault]:
    """Warnings that need to know where the layer lies."""
    lon, lat = place_of(claim.crs, *middle)
    if (known := datum_fault(claim.crs, (lon, lat))) is not None:
        yield known
    grid = transverse_mercator(horizontal(claim.crs))
    if grid is None:
        return
    belt = belt_of(claim.crs)
    half = belt.width / 2 if belt is not None else 3.0
    west, east = grid.central_meridian - half, grid.central_meridian + half
    if west <= lon <= east:
        return
    own = int(local_belt(lon))
    yield Fault(
        "outside_own_belt",
        f"The layer lies at {place_in_words(lon, lat)}, outside of the band of {claim.name}, {west:g} to "
        f"{east:g} degrees east. Lengths and areas on its plane are too large there; areas are measured on "
        "the ellipsoid, which that does not touch.",
        "Nothing need be done." + (f" To draw it true to scale, take EPSG:{own}." if own else ""),
        Severity.WARNING,
    )


def _misnamed(crs: CRS) -> str:
    """Where the name of a CRS speaks of another belt than its parameters do; empty where they agree."""
    belt = belt_of(crs)
    if belt is None:
        return ""
    for pattern, number in (
        (r"zone[\W_]*(\d{2})\b", belt.number),
        (r"cm[\W_]*(\d{2,3})", belt.central_meridian),
    ):
        found = re.search(pattern, horizontal(crs).name, re.IGNORECASE)
        if found and int(found[1]) != number:
            return f"its name says {found[0]!r}, its parameters say {belt.label}"
    return ""


def _datum_unknown(crs: CRS) -> bool:
    plane = horizontal(crs)
    if crs.is_bound or datum_of(plane):
        return False
    if plane.datum is None or plane.geodetic_crs is None:
        return True
    nameless = any(word in plane.datum.name.lower() for word in ("unknown", "not specified", "unnamed"))
    return nameless or plane.geodetic_crs.to_epsg() is None
