"""Land-use change (土地利用变化): by a named method, on a line of its own, never netted.

Two kinds of method: yearly fluxes (tCO2 per hectare and year, as `guangdong_2018`), and stocks (tC per
hectare, as `heigit`), whose difference is given off in the year in which land changes its use.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import pandas as pd

from carbon.category import Ask, Category, Quote, quality
from carbon.choices import Choices
from carbon.emitted import Faults, in_base, told
from carbon.line import Factor
from data.parameters import has, parameter
from data.records import Fault

CO2_PER_C = 44 / 12
STOCK = "tC/ha"
TO = "_to_"
STAYS = "land that stays as it is has no emission by a method of stocks"
BUILT = (
    *("housing", "commercial", "public", "education_health_culture", "research", "industrial", "storage"),
    *("mining", "transport", "utilities", "special", "park"),
)
USES = {
    **dict.fromkeys(("forest", "woodland"), "forest"),
    **dict.fromkeys(("cropland", "farmland"), "cropland"),
    **{use: use for use in ("grassland", "wetland", "water", "settlement")},
    **dict.fromkeys(BUILT, "settlement"),
}
"""Uses of the methods, and the categories of our land-use classes that fall under them"""


class Told(NamedTuple):
    """A factor, or the reason why there is none: what stays, or faults."""

    factor: Factor | None = None
    elsewhere: str = ""
    faults: Faults = ()


def quote(item: str, unit: str, ask: Ask) -> Quote:
    """What one stated unit of land emits in the year, by the chosen method; a sink is negative.

    Formula: flux method: tCO2/ha of its table; stock method: (stock before - stock after) x 44/12, told
    for the year of the change

    Parameters
    ----------
    item : a use (`forest`), or a change (`forest_to_settlement`)
    unit : as stated; an area

    Source: the article of each value stands with it; ndrc-2025-910 附件4 has no place for land
    """
    times, unusable = in_base(item, unit, "ha")
    if unusable:
        return Quote(faults=unusable)
    before, _, after = item.partition(TO)
    told_of = _of(before, after, ask)
    if told_of.factor is None:
        notation = "NA" if told_of.elsewhere else ""
        return Quote("ha", times, elsewhere=told_of.elsewhere, notation=notation, faults=told_of.faults)
    return Quote("ha", times, told_of.factor, quality=quality(told_of.factor, ask))


def converted(
    changes: pd.DataFrame, method: str, year: int, region: str, known_on: date = date.max
) -> pd.DataFrame:
    """What changes of land use emit in the year of the change; one look-up for each pair of uses.

    Formula: tco2e = area_ha x factor of the pair; land whose use stays has none

    Parameters
    ----------
    changes : `from_use, to_use` (uses of the methods, or categories of land-use classes) and `area_ha` >= 0
    method : one of `carbon.choices.land_methods()`
    region : GB/T 2260 code

    Returns
    -------
    On the same index: `factor` (tCO2/ha), `tco2e` (positive: given off), `method`, `source`, and `missing`,
    which says why a row is not told and is empty where it is.

    Raises
    ------
    NoSuchCode : no such method

    >>> changes = pd.DataFrame({"from_use": ["forest"], "to_use": ["industrial"], "area_ha": [2.0]})
    >>> converted(changes, "heigit", 2023, "410000")["tco2e"].round(6).tolist()
    [1144.0]
    """
    ask = Ask(year, region, Choices(land=method), known_on)
    pairs = pd.DataFrame({name: changes[name].astype("str").fillna("") for name in ("from_use", "to_use")})
    known = pairs.drop_duplicates()
    rows = [_row(before, after, ask) for before, after in known.itertuples(index=False)]
    each = pd.DataFrame(rows, columns=["factor", "source", "missing"], index=known.index)
    told_of = pairs.merge(known.join(each), on=["from_use", "to_use"], how="left").set_index(changes.index)
    area = pd.to_numeric(changes["area_ha"], errors="coerce").astype(float)
    usable = area.ge(0) & area.lt(float("inf"))
    blank = "the area is not known, or is no area"
    return pd.DataFrame({
        "factor": told_of["factor"].astype(float),
        "tco2e": (area * told_of["factor"].astype(float)).where(usable),
        "method": method,
        "source": told_of["source"],
        "missing": told_of["missing"].where(usable | (told_of["missing"] != ""), blank),
    })


def is_stock(method: str) -> bool:
    """Whether a method holds stocks, and tells changes alone, or yearly fluxes of all land.

    >>> is_stock("heigit"), is_stock("guangdong_2018")
    (True, False)
    """
    table = f"factors.land_{method}"
    return any(
        parameter(f"{table}.{use}").unit == STOCK for use in set(USES.values()) if has(f"{table}.{use}")
    )


def _row(before: str, after: str, ask: Ask) -> tuple[float, str, str]:
    uses = [USES.get(before), USES.get(after)]
    for said, use in zip((before, after), uses, strict=True):
        if use is None:
            return float("nan"), "", f"{said or 'a blank'} is no use that a method of land carbon knows"
    if uses[0] == uses[1]:
        return 0.0, "", ""
    told_of = _of(str(uses[0]), str(uses[1]), ask)
    if told_of.factor is None:
        return float("nan"), "", told_of.faults[-1].message
    return told_of.factor.value, told_of.factor.source, ""


def _of(before: str, after: str, ask: Ask) -> Told:
    """The factor of land that stays (`after` empty) or that changes its use."""
    table = f"factors.land_{ask.choices.land}"
    stock = is_stock(ask.choices.land)
    if stock and not after:
        return Told(elsewhere=STAYS)
    uses = [before, after] if stock else [f"{before}{TO}{after}" if after else before]
    lacking = [use for use in uses if not has(f"{table}.{use}")]
    if lacking:
        return Told(faults=(_not_in_method(lacking, ask),))
    parts, lost = told([f"{table}.{use}" for use in uses], ask)
    if lost:
        return Told(faults=lost)
    values = [float(part.value or 0.0) for part in parts]
    value = (values[0] - values[1]) * CO2_PER_C if stock else values[0]
    return Told(Factor(value, "tCO2/ha", parts, value))


def _not_in_method(lacking: list[str], ask: Ask) -> Fault:
    table = f"factors.land_{ask.choices.land}"
    uses = sorted(set(USES.values()))
    pairs = (f"{before}{TO}{after}" for before in uses for after in uses)
    known = ", ".join(use for use in (*uses, *pairs) if has(f"{table}.{use}"))
    return Fault(
        code="land_not_in_method",
        message=f"The method {ask.choices.land} has no value for {' and '.join(lacking)}. It has: {known}.",
        remedy="Choose another method with land, name the use as that method does, or add its value with its "
        f"article to data/factors/land_{ask.choices.land}.yaml.",
        layer="activity",
        column="item",
    )


LAND = Category("land", "土地利用变化", "land", "", quote)
