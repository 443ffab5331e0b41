"""Survey categories (集约利用评价用地状况): A built, B not built, C not developable, from parcels.

TD/T 1029 counts land by survey codes (`geo.land.survey_codes`). A code that a parcel is given wins. For the
others we derive them from class, supply and built:

    C    supply is not_developable, or open water whose supply is not stated
    A    built, and a construction class of town land:
         A1 housing   A2 industry, mining, salt, storage   A3 transport   A4 commerce
         A51 parks    A52 other public use                 A6 special, reserve, water works
    B12  built, rural dwelling land (a rural works, B11, cannot be told from the class: give it)
    B2   all else: B21 (已达到供地条件) where supply is ready, supplied or idle, B22 where it is
         not_supplied, B2 where that is not stated

D (supplied) and G (idle) lie across A and B and are read from `supply` alone: idle land is
supplied land. An unstated `built`, an unknown class or an unknown survey code leaves the category unknown,
for every sum that might contain the parcel.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from data.codes import SYSTEMS, classify, system
from data.errors import ColumnMissing
from geo.land.stated import READY, stated
from geo.land.survey_codes import CLOSED, DEVELOPABLE, HIGH_TECH, TOWN, Spoken, heard

WORKS = ("industrial", "mining", "salt", "storage")
SURVEY: Mapping[str, str] = {
    "housing": "A1",
    **dict.fromkeys(WORKS, "A2"),
    "transport": "A3",
    "commercial": "A4",
    "park": "A51",
    **dict.fromkeys(("public", "research", "education_health_culture", "utilities"), "A52"),
    **dict.fromkeys(("special", "reserve", "water_works"), "A6"),
}
RURAL: Mapping[str, tuple[str, ...]] = {
    "sandiao": ("0702",),
    "gbt21010_2017": ("0702",),
    "ydyh_2020": ("0703", "0704"),
    "ydyh_2023": ("0703", "0704"),
}
SIZES = ("area_m2", "floor_area_m2", "footprint_m2", "yard_m2")
CODED = ("class_code", "class_system", "category", "construction", "use", "survey")
DERIVED = frozenset({
    *CODED,
    *SIZES,
    "supply",
    "tenure",
    "high_tech",
    "approved",
    "survey_code",
    "supplied_on",
})


def surveyed(parcels: pd.DataFrame) -> pd.DataFrame:
    """The columns that the indicators need, derived from those that a parcel layer has.

    Parameters
    ----------
    parcels : area_m2 (ellipsoidal, apportioned to the zone), land_class, class_system, supply, built,
        floor_area_m2, footprint_m2, yard_m2, survey_code, tenure, approved, supplied_on, high_tech; all but
        area_m2 may be missing, and are then unknown. A size below zero or without end is unknown too

    Returns
    -------
    DataFrame on the same index: these columns, and class_code (normalised), category,
    construction, use (survey group of the class alone, "" for open land), survey (A1 … C3; NA
    when it cannot be told). `supply`, `tenure` and `high_tech` hold what the survey code says where it says
    something; `supply` may then be `unsupplied`, which is all that E and F tell. `stated_<column>` stands
    beside a column in which something stated was not taken

    Raises
    ------
    ColumnMissing : there is no area_m2
    """
    if set(parcels.columns) >= DERIVED:
        return parcels  # derived already, for another indicator
    if "area_m2" not in parcels:
        raise ColumnMissing("area_m2", "geo.land", list(parcels.columns))
    table = pd.DataFrame(index=parcels.index)
    for name in SIZES:
        _size(table, name, parcels.get(name))
    for name in ("land_class", "class_system", "survey_code", "supplied_on"):
        table[name] = parcels.get(name)
    for name in ("built", "approved"):
        table[name] = _flag(parcels.get(name), parcels.index)
    said, at = heard(table["survey_code"])
    for name, column in stated(parcels, said, at).items():
        table[name] = column
    _classed(table)
    table["survey"] = _survey(table)
    if len(said) > 1:
        _take_codes(table, said, at)
    return table.astype(dict.fromkeys(CODED, "category"))


def _size(table: pd.DataFrame, name: str, given: pd.Series | None) -> None:
    """Put in a column of m² in which nothing lies below zero; what did is kept beside it."""
    if given is None:
        table[name] = np.nan
        return
    figures = pd.to_numeric(given, errors="coerce").astype("float64")
    wrong = (figures < 0) | np.isinf(figures)
    table[name] = figures.mask(wrong) if wrong.any() else figures
    if wrong.any():
        table[f"stated_{name}"] = figures


def _flag(given: pd.Series | None, index: pd.Index) -> pd.Series:
    if given is None:
        return pd.Series(pd.NA, index=index, dtype="boolean")
    return given if given.dtype == "boolean" else given.map({True: True, False: False}).astype("boolean")


def _classed(table: pd.DataFrame) -> None:
    """Put in what the class of each parcel says of it."""
    found = classify(table["land_class"], table["class_system"])
    table["class_code"] = found["code"]
    table[["category", "construction"]] = found[["category", "construction"]]
    table["use"] = grouped(table["class_code"], table["class_system"], SURVEY)


def _survey(table: pd.DataFrame) -> pd.Series:
    use, built, supply = table["use"], table["built"], table["supply"]
    yes, no = built.fillna(False).astype(bool), (~built).fillna(False).astype(bool)
    said = pd.Series(None, index=table.index, dtype="str")
    said = said.mask(yes & use.notna() & use.ne(""), use).mask(yes & _is_rural(table), "B12")
    waiting = (no & use.notna()) | (yes & use.eq(""))
    said = said.mask(waiting, "B2").mask(waiting & supply.isin(READY), "B21")
    said = said.mask(waiting & supply.eq("not_supplied"), "B22")
    closed = supply.eq("not_developable")
    water = table["category"].eq("water") & supply.isna()
    return said.mask(closed | water, "C")


def _take_codes(table: pd.DataFrame, said: Sequence[Spoken | None], at: pd.Series) -> None:
    """Let each given code take the place of the derived category, and say whether land is built."""
    wins = np.array([each is not None and (not each.known or bool(each.condition)) for each in said])
    spoken = pd.array([each.condition or None if each else None for each in said], dtype="str")
    built = pd.array([each.built if each else None for each in said], dtype="boolean")
    places = at.to_numpy()
    table["survey"] = table["survey"].mask(wins[places], pd.Series(spoken.take(places), index=at.index))
    table["built"] = table["built"].fillna(pd.Series(built.take(places), index=at.index))
    text = pd.array([each.text if each else None for each in said], dtype="str")
    table["survey_code"] = pd.Series(text.take(places), index=at.index).astype("category")


def grouped(codes: pd.Series, systems: pd.Series, groups: Mapping[str, str]) -> pd.Series:
    """The group of each class within its own system.

    Parameters
    ----------
    codes : (n,) normalised class codes
    systems : (n,) system of each
    groups : category -> group; a class of no group gives "", an unknown or mixed one NA
    """
    only = systems.unique()
    if len(only) == 1 and only[0] in SYSTEMS:
        return system(str(only[0])).grouped(codes, groups)
    said = pd.Series(None, index=range(len(codes)), dtype="str")
    named, given = systems.to_numpy(), codes.reset_index(drop=True)
    for name in SYSTEMS:
        here = named == name
        if here.any():
            said[here] = system(name).grouped(given[here], groups)
    return said.set_axis(codes.index)


def _is_rural(table: pd.DataFrame) -> pd.Series:
    said = pd.Series(False, index=table.index)
    for name, codes in RURAL.items():
        said |= table["class_system"].eq(name) & table["class_code"].str.startswith(codes).fillna(False)
    return said


def is_built(survey: pd.Series) -> pd.Series:
    """Whether each parcel is built town land (A); NA when it cannot be told."""
    return _among(survey, TOWN)


def is_works(survey: pd.Series) -> pd.Series:
    """Whether each parcel is built industry, mining, salt or storage (A2); a bare A cannot tell."""
    return _among(survey, ("A2",), ("A",))


def is_housing(survey: pd.Series) -> pd.Series:
    """Whether each parcel is built housing (A1); a bare A cannot tell."""
    return _among(survey, ("A1",), ("A",))


def is_developable(survey: pd.Series) -> pd.Series:
    """Whether each parcel is developable (A + B)."""
    return _among(survey, DEVELOPABLE)


def is_closed(survey: pd.Series) -> pd.Series:
    """Whether each parcel is not developable (C)."""
    return _among(survey, CLOSED)


def is_ready(survey: pd.Series, supply: pd.Series) -> pd.Series:
    """Whether each parcel is built, or has reached the conditions for supply (A + B21)."""
    waiting = survey.isin(["B2"])
    ready = _among(supply, READY, ("unsupplied",))
    return _among(survey, (*TOWN, "B21"), ("B",)).mask(waiting, ready)


def is_supplied(survey: pd.Series, supply: pd.Series) -> pd.Series:
    """Whether each parcel is supplied (D); idle land was supplied, land not developable never."""
    return _among(supply, ("supplied", "idle")).mask(survey.isin(CLOSED), False)


def is_idle(survey: pd.Series, supply: pd.Series) -> pd.Series:
    """Whether each parcel is idle (G)."""
    return _among(supply, ("idle",)).mask(survey.isin(CLOSED), False)


def is_high_tech(survey: pd.Series, high_tech: pd.Series) -> pd.Series:
    """Whether each parcel is built land of high-tech industry (H1 + H2)."""
    return is_built(survey) & _among(high_tech, HIGH_TECH)


def _among(values: pd.Series, wanted: tuple[str, ...], vague: tuple[str, ...] = ()) -> pd.Series:
    """Whether each value is one of those wanted; NA where it is missing, or too coarse to tell."""
    if isinstance(values.array, pd.Categorical):  # a look at each category, not at each parcel
        names, places = values.array.categories.tolist(), values.array.codes
        inside = np.array([*(name in wanted for name in names), False])[places]
        unknown = np.array([*(name in vague for name in names), True])[places]
    else:
        inside = values.isin(wanted).to_numpy(bool)
        unknown = (values.isna() | values.isin(vague)).to_numpy(bool)
    return pd.Series(pd.arrays.BooleanArray(inside, unknown), index=values.index)
