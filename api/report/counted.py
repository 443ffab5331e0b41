"""Which parcels stand in the industrial share (计入产业用地占比的图斑), above and below the stroke."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

import pandas as pd

PLACE = "geo.land.share_parcels"


def counted(table: pd.DataFrame) -> pd.DataFrame | None:
    """Columns in_numerator and in_denominator of the definition that the share takes by itself.

    Parameters
    ----------
    table : as `geo.land.survey.surveyed` returns it

    Returns
    -------
    DataFrame on the same index; None where `geo.land` cannot tell it parcel by parcel
    """
    if find_spec(PLACE) is None:
        return None
    told: pd.DataFrame = import_module(PLACE).share_parcels(table, "auto", False)
    return told
