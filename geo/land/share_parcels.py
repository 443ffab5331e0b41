"""Parcels of the industrial share (产业用地占比逐地块): which parcel counts above and below the line."""

from __future__ import annotations

import pandas as pd

from geo.land.industrial_share import members
from geo.land.survey import surveyed


def share_parcels(table: pd.DataFrame, definition: str = "auto", vacant: bool = False) -> pd.DataFrame:
    """Each parcel as it counts in one definition of the industrial share.

    What is summed over `in_numerator` and over `in_denominator` is what goes into the indicator.

    Parameters
    ----------
    table : parcels as `surveyed` takes or returns them; parcel_id where there is one
    definition : p1 to p4, or auto, as for `industrial_share`
    vacant : count 空闲地 as construction land, see P2

    Returns
    -------
    DataFrame on the same index: parcel_id (where the table has it), land_class as given, use (category of
    data.codes; NA where the class is not known), supply, built, area_m2, in_numerator and in_denominator
    (nullable bool; NA where it cannot be told). `attrs["definition"]` names the definition taken

    Raises
    ------
    ColumnMissing : there is no area_m2
    NoSuchCode : there is no such definition

    >>> two = {"area_m2": [2.0, 3.0], "land_class": ["0601", "0701"], "class_system": "sandiao"}
    >>> share_parcels(pd.DataFrame(two))[["use", "in_numerator", "in_denominator"]].to_numpy().tolist()
    [['industrial', True, True], ['housing', False, True]]
    """
    land = surveyed(table)
    chosen, top, base = members(land, definition, vacant)
    made = pd.DataFrame(index=table.index)
    if "parcel_id" in table:
        made["parcel_id"] = table["parcel_id"]
    made["land_class"], made["use"] = land["land_class"], land["category"]
    made["supply"], made["built"], made["area_m2"] = land["supply"], land["built"], land["area_m2"]
    made["in_numerator"], made["in_denominator"] = top, base
    made.attrs["definition"] = chosen
    return made
