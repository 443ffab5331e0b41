"""What a raster shows (影像所见): class areas in the terms of a legend, built on or not, and what is open."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.codes.legends import Legend
from geo.cover.zonal import ClassAreas
from geo.rings import Floats

SHARE_DECIMALS = 6
"""A share is held against a threshold to a millionth: exactly half must not hang on the last bit."""


@dataclass(frozen=True)
class Seen:
    """What a raster shows of polygons, in the terms of its legend.

    Parameters
    ----------
    built_m2, mixed_m2 : (n,) built on; and what may or may not be: mixed classes and values without a legend
    known_m2, whole_m2 : (n,) what has any value; and the polygon
    """

    built_m2: Floats
    mixed_m2: Floats
    known_m2: Floats
    whole_m2: Floats

    @classmethod
    def of(cls, found: ClassAreas, legend: Legend) -> Seen:
        """The class areas in the terms of a legend."""
        built, not_built = found.of(legend.built("yes")), found.of(legend.built("no"))
        known = found.known_m2
        return cls(built, np.maximum(known - built - not_built, 0.0), known, found.whole_m2)

    @property
    def share(self) -> Floats:
        """(n,) built share of what has a value; nan where nothing has."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(self.known_m2 > 0, self.built_m2 / self.known_m2, np.nan)

    @property
    def least(self) -> Floats:
        """(n,) built share if nothing that cannot be told is built on."""
        return np.round(self.built_m2 / self.whole_m2, SHARE_DECIMALS)

    @property
    def most(self) -> Floats:
        """(n,) built share if all that cannot be told is built on."""
        open_m2 = self.mixed_m2 + self.whole_m2 - self.known_m2
        return np.round((self.built_m2 + open_m2) / self.whole_m2, SHARE_DECIMALS)
