"""The type in which a zone is evaluated (工业主导型, 产城融合型, 其他), and the indicators of each type.

A type that the office gives wins. A bonded or export-processing zone (海关特殊监管区域, type 3 of the
catalogue's code grammar) is always 工业主导型. For the others the land decides: `rules.land.zone_type`.

The main part of a zone (主区) is evaluated by its supply and built rates; a part into which it is to grow
(发展方向区) by its development rate instead of these.

Source: code of an evaluation system, not the text of TD/T 1029; the thresholds are unverified.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from datetime import date
from typing import Any, cast

import pandas as pd

from data.codes.zones import GRAMMAR
from data.errors import NoValueOnDay
from data.parameters import parameter
from data.records import Dated, Fault, Severity
from geo.land.indicator import total
from geo.land.survey import is_built, is_housing, is_works

Once = Callable[[Hashable, Callable[[], Any]], Any]
ZONE_TYPES: Mapping[str, str] = {"industry_led": "工业主导型", "integrated": "产城融合型", "other": "其他"}
PARTS: Mapping[str, str] = {"main": "主区", "direction": "发展方向区"}
KINDS: Mapping[str, str] = {"1": "etdz", "2": "htdz", "3": "customs"}
BONDED = "customs"
INDICATOR_SETS: Mapping[str, tuple[str, ...]] = {
    "industry_led": (
        "supply_rate",
        "built_rate",
        "industrial_share.p1",
        "plot_ratio",
        "building_density",
        "industrial_plot_ratio",
        "industrial_building_coefficient",
        "investment_intensity",
        "industrial_tax_per_mu",
        "idle_rate",
    ),
    "integrated": (
        "supply_rate",
        "built_rate",
        "plot_ratio",
        "building_density",
        "tax_per_mu",
        "population_density",
        "idle_rate",
    ),
    "other": (),
}


def indicator_set(zone_type: str, part: str = "main") -> tuple[str, ...]:
    """The codes by which a type is evaluated; empty for 其他, whose set no source names.

    >>> indicator_set("integrated", "direction")[:2]
    ('development_rate', 'plot_ratio')
    """
    codes = INDICATOR_SETS[zone_type]
    if part == "main" or not codes:
        return codes
    return ("development_rate", *(code for code in codes if code not in {"supply_rate", "built_rate"}))


def zone_kind(zone: Mapping[str, Any]) -> str:
    """Kind of zone by the grammar of its code: etdz 经开, htdz 高新, customs 海关特殊监管, other.

    >>> zone_kind({"code": "G413033"}), zone_kind({"code": "S417009"}), zone_kind({})
    ('customs', 'other', 'other')
    """
    read = GRAMMAR.match(str(zone.get("code") or ""))
    return KINDS.get(read["type"], "other") if read and read["level"] == "G" else "other"


def zone_type_of(
    table: pd.DataFrame, zone: Mapping[str, Any], day: date, region: str
) -> tuple[str | None, list[Fault]]:
    """The type in which a zone is evaluated, and warnings where what is given contradicts the rule.

    Parameters
    ----------
    table : the zone's parcels, as `surveyed` returns them
    zone : `category` (as in ZONE_TYPES) given by the office, and `code`; each may be missing

    Returns
    -------
    key of ZONE_TYPES, or None when it cannot be told; and the warnings
    """
    code = str(zone.get("code") or "")
    given = zone.get("category")
    given = None if given is None or pd.isna(given) or not str(given).strip() else str(given).strip()
    ruled = "industry_led" if zone_kind(zone) == BONDED else zone_type(table, day, region)
    why = "bonded zones are always" if zone_kind(zone) == BONDED else "its land makes it"
    if given is not None and given not in ZONE_TYPES:
        return ruled, [_fault("zone_type_unknown", code, f"Type {given} is none of {', '.join(ZONE_TYPES)}.")]
    if given is None or ruled is None or given == ruled:
        return given or ruled, []
    said = f"The office gives {given} ({ZONE_TYPES[given]}), but {why} {ruled} ({ZONE_TYPES[ruled]})."
    return given, [_fault("zone_type_contradicted", code, f"{said} What the office gives is taken.")]


def zone_type_once(
    once: Once, table: pd.DataFrame, zone: Mapping[str, Any], day: date, region: str
) -> tuple[str | None, list[Fault]]:
    """As `zone_type_of`, told once for all years of the same land in which the same rule is in force.

    Parameters
    ----------
    once : gives what it has under a name, or makes and keeps it; of one zone and its parcels alone
    """
    same = ("zone_type", *type_rule(day, region))
    return cast(tuple[str | None, list[Fault]], once(same, lambda: zone_type_of(table, zone, day, region)))


def afresh(_: Hashable, make: Callable[[], Any]) -> Any:
    """An `once` that keeps nothing."""
    return make()


def zone_type(table: pd.DataFrame, day: date, region: str) -> str | None:
    """The type that the land of a zone makes it; None when it cannot be told.

    Rule: A2/A above 30 % and A1/A below 25 % is 工业主导型, both the other way round is 产城融合型
    (`rules.land.zone_type`, unverified).

    Parameters
    ----------
    table : as `surveyed` returns it
    """
    limits = type_rule(day, region)
    area, survey = table["area_m2"], table["survey"]
    built = total("built", "", area, is_built(survey)).value
    works = total("works", "", area, is_works(survey)).value
    homes = total("homes", "", area, is_housing(survey)).value
    if len(limits) < 2 or not built or works is None or homes is None:
        return None
    least, most = (limit.value for limit in limits)
    if least is None or most is None:
        return None
    mostly_works, few_homes = works / built > least, homes / built < most
    if mostly_works and few_homes:
        return "industry_led"
    return "integrated" if not mostly_works and not few_homes else "other"


def type_rule(day: date, region: str) -> tuple[Dated, ...]:
    """The two shares in force that part the types, A2/A and A1/A; empty before there were any."""
    rule = "rules.land.zone_type."
    names = ("industrial_share_above", "housing_share_below")
    try:
        return tuple(parameter(f"{rule}{name}").on(day, region) for name in names)
    except NoValueOnDay:
        return ()


def _fault(code: str, zone: str, said: str) -> Fault:
    remedy = "Correct the category of the zone, or leave it empty to let its land decide."
    return Fault(code, said, remedy, Severity.WARNING, layer="zones", feature=zone, column="category")
