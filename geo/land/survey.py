"""Survey categories (集约利用评价用地状况): A built, B not built, C not developable, from parcels.

TD/T 1029 counts land by survey codes. We derive them from class, supply and built:

    C    supply is not_developable, or open water whose supply is not stated
    A    built, and a construction class of town land:
         A1 housing   A2 industry, mining, salt, storage   A3 transport   A4 commerce
         A51 parks    A52 other public use                 A6 special, reserve, water works
    B1   built, rural dwelling land (a rural works, B11, cannot be told from the class)
    B2   all else; with supply ready, supplied or idle it is B21 (已达到供地条件), with
         not_supplied B22

D (supplied) and G (idle) lie across A and B and are read from `supply` alone: idle land is
supplied land. An unstated `built` or an unknown class leaves the category unknown, for every
sum that might contain the parcel.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from data.codes import SYSTEMS, classify, system
from data.errors import ColumnMissing
from data.parameters import parameter
from data.records import Fault, Result, Severity
from data.units import m2_to_mu

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
BUILT = ("A1", "A2", "A3", "A4", "A51", "A52", "A6")
RURAL: Mapping[str, tuple[str, ...]] = {
    "sandiao": ("0702",),
    "gbt21010_2017": ("0702",),
    "ydyh_2020": ("0703", "0704"),
    "ydyh_2023": ("0703", "0704"),
}
SUPPLY = ("supplied", "not_supplied", "ready", "not_developable", "idle")
COLUMNS = ("land_class", "class_system", "supply", "built", "floor_area_m2", "footprint_m2")
CODED = ("class_code", "class_system", "category", "construction", "use", "survey", "supply")
CHAIN_TOLERANCE = 5e-4  # the ministry prints its rates with four digits


def surveyed(parcels: pd.DataFrame) -> pd.DataFrame:
    """The columns that the indicators need, derived from those that a parcel layer has.

    Parameters
    ----------
    parcels : area_m2 (ellipsoidal, apportioned to the zone), land_class, class_system, supply,
        built, floor_area_m2, footprint_m2; all but area_m2 may be missing, and are then unknown

    Returns
    -------
    DataFrame on the same index: these columns, and class_code (normalised), category,
    construction, use (survey group of the class alone, "" for open land), survey (A1 … C; NA
    when it cannot be told)

    Raises
    ------
    ColumnMissing : there is no area_m2
    """
    if {"survey", "use"} <= set(parcels.columns):
        return parcels  # derived already, for another indicator
    if "area_m2" not in parcels:
        raise ColumnMissing("area_m2", "geo.land", list(parcels.columns))
    table = pd.DataFrame({"area_m2": parcels["area_m2"].astype("float64")}, index=parcels.index)
    for name in COLUMNS:
        table[name] = parcels.get(name)
    for name in ("floor_area_m2", "footprint_m2"):
        table[name] = pd.to_numeric(table[name], errors="coerce").astype("float64")
    table["supply"] = table["supply"].where(table["supply"].isin(SUPPLY)).astype("str")
    table["built"] = table["built"].map({True: True, False: False}).astype("boolean")
    found = classify(table["land_class"], table["class_system"])
    table["class_code"] = found["code"]
    table[["category", "construction"]] = found[["category", "construction"]]
    table["use"] = grouped(table["class_code"], table["class_system"], SURVEY)
    table["survey"] = _survey(table)
    return table.astype(dict.fromkeys(CODED, "category"))


def _survey(table: pd.DataFrame) -> pd.Series:
    use, built = table["use"], table["built"]
    yes, no = built.fillna(False).astype(bool), (~built).fillna(False).astype(bool)
    said = pd.Series(None, index=table.index, dtype="str")
    said = said.mask(yes & use.notna() & use.ne(""), use).mask(yes & _is_rural(table), "B1")
    said = said.mask((no & use.notna()) | (yes & use.eq("")), "B2")
    closed = table["supply"].eq("not_developable")
    water = table["category"].eq("water") & table["supply"].isna()
    return said.mask(closed | water, "C")


def grouped(codes: pd.Series, systems: pd.Series, groups: Mapping[str, str]) -> pd.Series:
    """The group of each class within its own system.

    Parameters
    ----------
    codes : (n,) normalised class codes
    systems : (n,) system of each
    groups : category -> group; a class of no group gives "", an unknown or mixed one NA
    """
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
    return _among(survey, BUILT)


def is_works(survey: pd.Series) -> pd.Series:
    """Whether each parcel is built industry, mining, salt or storage (A2)."""
    return _among(survey, ("A2",))


def is_developable(survey: pd.Series) -> pd.Series:
    """Whether each parcel is developable (A + B)."""
    return _among(survey, (*BUILT, "B1", "B2"))


def is_ready(survey: pd.Series, supply: pd.Series) -> pd.Series:
    """Whether each parcel is built, or has reached the conditions for supply (A + B21)."""
    waiting = survey.isin(["B2"])
    ready = _among(supply, ("supplied", "idle", "ready"))
    return is_built(survey).mask(waiting, ready)


def is_supplied(survey: pd.Series, supply: pd.Series) -> pd.Series:
    """Whether each parcel is supplied (D); idle land was supplied, land not developable never."""
    return _among(supply, ("supplied", "idle")).mask(survey.eq("C"), False)


def is_idle(survey: pd.Series, supply: pd.Series) -> pd.Series:
    """Whether each parcel is idle (G)."""
    return _among(supply, ("idle",)).mask(survey.eq("C"), False)


def _among(values: pd.Series, wanted: tuple[str, ...]) -> pd.Series:
    inside = pd.arrays.BooleanArray(values.isin(wanted).to_numpy(), values.isna().to_numpy())
    return pd.Series(inside, index=values.index)


def land_faults(table: pd.DataFrame) -> list[Fault]:
    """Warnings about parcels whose columns contradict each other.

    Class codes that their system lacks; building on a class that is not construction land;
    building on land that is not developable, or not supplied.

    Parameters
    ----------
    table : as `surveyed` returns it; its index names the parcels
    """
    built = table["built"].fillna(False).astype(bool)
    unknown = table["land_class"].notna() & table["class_code"].isna()
    codes = ", ".join(sorted(table["land_class"][unknown].astype("str").unique())[:8])
    found = [
        _fault("class_unknown", table[unknown], f"have a class that its system lacks: {codes}."),
        _fault(
            "built_on_open_land",
            table[built & table["construction"].isin(["no", "switch"])],
            "are built, but their class is not construction land; they are not counted as built.",
        ),
        _fault(
            "built_not_developable",
            table[built & table["supply"].eq("not_developable")],
            "are built on land given as not developable; they are counted as not developable.",
        ),
        _fault(
            "built_not_supplied",
            table[is_built(table["survey"]).fillna(False) & table["supply"].isin(["not_supplied", "ready"])],
            "are built, but given as not supplied; the built rate A / D may pass 1.",
        ),
    ]
    return [fault for fault in found if fault is not None]


def _fault(code: str, rows: pd.DataFrame, said: str) -> Fault | None:
    if rows.empty:
        return None
    area = float(rows["area_m2"].sum())
    return Fault(
        code,
        f"{len(rows)} parcel(s), {m2_to_mu(area):,.1f} mu, {said}",
        "Correct land_class, class_system, supply or built of these parcels.",
        Severity.WARNING,
        layer="parcels",
        feature=", ".join(str(name) for name in rows.index[:5]),
        area_m2=area,
    )


def zone_type(table: pd.DataFrame, day: date, region: str) -> str | None:
    """The type in which a zone is evaluated: industry_led, integrated, other; None when unknown.

    Rule: A2/A above 30 % and A1/A below 25 % is 工业主导型, both the other way round is 产城融合型
    (`rules.land.zone_type`, unverified). Bonded zones are always 工业主导型; the caller knows them.

    Parameters
    ----------
    table : as `surveyed` returns it
    """
    if is_built(table["survey"]).isna().any():
        return None
    by_use = table["area_m2"].groupby(table["survey"]).sum().reindex(BUILT, fill_value=0.0)
    if not by_use.sum() > 0:
        return None
    rule = "rules.land.zone_type."
    least = parameter(f"{rule}industrial_share_above").on(day, region).value
    most = parameter(f"{rule}housing_share_below").on(day, region).value
    if least is None or most is None:
        return None
    mostly_works = by_use["A2"] / by_use.sum() > least
    few_homes = by_use["A1"] / by_use.sum() < most
    if mostly_works and few_homes:
        return "industry_led"
    return "integrated" if not mostly_works and not few_homes else "other"


def chain(results: Mapping[str, Result], built_share: float | None) -> Fault | None:
    """A warning when development x supply x built rate is not built / developable.

    The identity holds for the ministry's own figures: 0.8946 x 0.9268 x 0.9277 = 0.7692. It
    breaks when the rates come from different parcels, years or readings of "built".

    Parameters
    ----------
    results : code -> Result; development_rate, supply_rate, built_rate
    built_share : built / developable, taken independently of the three
    """
    rates = [results[code].value for code in ("development_rate", "supply_rate", "built_rate")]
    known = [rate for rate in rates if rate is not None]
    if built_share is None or len(known) < 3:
        return None
    product = known[0] * known[1] * known[2]
    if abs(product - built_share) <= CHAIN_TOLERANCE:
        return None
    return Fault(
        "chain_broken",
        f"开发率 {known[0]:.4f} x 供应率 {known[1]:.4f} x 建成率 {known[2]:.4f} = {product:.4f}, "
        f"but built / developable is {built_share:.4f}.",
        "Look for parcels that are built on open land or counted twice; the other warnings name them.",
        Severity.WARNING,
        layer="parcels",
    )


def built_share(table: pd.DataFrame) -> float | None:
    """Built over developable area by the flags alone, whatever the class: the chain's other end."""
    open_to_use = table["survey"].ne("C")
    if table["built"][open_to_use].isna().any():
        return None
    flagged = open_to_use & table["built"].fillna(False).astype(bool) & table["survey"].ne("B1")
    base = float(table["area_m2"][open_to_use].sum())
    return float(table["area_m2"][flagged].sum()) / base if base > 0 else None
