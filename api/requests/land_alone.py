"""Land of a zone after a request, from its pieces (用地增减): for a batch, which wants few figures.

What a zone had, without the pieces that go, and with those that come. An indicator sums over parts of parcels
as it does over whole ones, so nothing has to be read or cut a second time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from api.zone_tables import Ground
from geo.land.contents import INDICATORS
from geo.land.survey import CODED, SIZES

OF_LAND = frozenset(each.code for each in INDICATORS)
PLAIN = dict.fromkeys(CODED, "object")


def land_after(had: Ground, zone: Mapping[str, Any], moving: pd.DataFrame) -> Ground:
    """The ground with the survey columns of what a zone has after a request; its parcels stay those before.

    Parameters
    ----------
    had : the ground before
    zone : its row after
    moving : survey columns of the pieces that move, with `parcel_id` and `moves` (added, lost)
    """
    # categories of different tables do not go together, and plain text does
    survey = had.once("plain survey", lambda: had.survey.astype(PLAIN))
    gone, come = (moving[moving["moves"] == way] for way in ("lost", "added"))
    if len(gone):
        survey = _without(survey, gone)
    pieces = come[survey.columns].astype(PLAIN)
    return Ground(zone, had.parcels, pd.concat([survey, pieces], ignore_index=True), ())


def _without(survey: pd.DataFrame, gone: pd.DataFrame) -> pd.DataFrame:
    """The survey with the sizes of pieces taken off their parcels; unknown sizes stay unknown."""
    off = gone.groupby("parcel_id")[list(SIZES)].sum()
    at = off.index.get_indexer(survey["parcel_id"])
    less = {
        name: np.maximum(
            survey[name].to_numpy(np.float64) - np.where(at >= 0, off[name].to_numpy(np.float64)[at], 0.0),
            0.0,
        )
        for name in SIZES
    }
    return survey.assign(**less)
