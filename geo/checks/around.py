"""What a check needs to know beside the layer: the zones around it, and what counts as a difference."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from data.kinds import kind


@dataclass(frozen=True, slots=True)
class Tolerances:
    """Below these a difference is no fault. No text was found that sets them for zones; they are ours.

    Parameters
    ----------
    overlap_m2 : two features may share so much; a survey's coordinates are told to 0.1 mm, boundaries of
        several sources to about 0.1 m, so that 10 m of common boundary makes 1 m²
    gap_m2 : a hole between features may be so large, on the same ground
    declared_share : declared and measured area may differ by this share of the measured one; plane area
        alone is up to 0.05 % larger at the edge of a 3-degree belt
    declared_m2 : and by so much, for declared areas are rounded to 0.01 ha in many ledgers
    outside_share : of a parcel, which may lie out of its zone
    """

    overlap_m2: float = 1.0
    gap_m2: float = 1.0
    declared_share: float = 0.01
    declared_m2: float = 10.0
    outside_share: float = 0.001


@dataclass(frozen=True, slots=True)
class Around:
    """The kind of the layer, the zones it should lie in, and the tolerances."""

    kind: str
    zones: gpd.GeoDataFrame | None
    tolerances: Tolerances

    def names(self, frame: pd.DataFrame) -> pd.Series:
        """What faults call the features: the last column of the kind's key; the row where it is blank."""
        column = kind(self.kind).key[-1]
        row = pd.Series(frame.index.astype(str), frame.index)
        named: pd.Series = frame[column].astype("str").where(frame[column].notna(), "row " + row)
        return named
