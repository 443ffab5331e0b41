"""Benefit per mu (亩均效益): investment, tax, value added and revenue over a named area.

Taxes, value added and revenue of a zone are divided by its built town land A, as the national
综合地均税收 is: approved area is a figure of law that today's zones have outgrown, administered
area may hold whole townships, and enterprises' own land leaves out streets and public use.
Investment is that of industrial and logistic enterprises over A2, as TD/T 1029 has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from data.records import Result
from geo.benefit.amounts import Amount, amount, industrial
from geo.benefit.areas import BASES, AreaBase, area_bases, own_land_mu
from geo.benefit.per_mu import per_area
from geo.benefit.statements import Statements, numbers

__all__ = [
    "BASES",
    "FIGURES",
    "AreaBase",
    "area_bases",
    "by_enterprise",
    "measure",
    "own_land_mu",
    "per_area",
]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure per mu.

    Parameters
    ----------
    column : of the enterprises' statements, 万元
    base : the area that gives the value; empty for the one that is asked for
    industry_only : whether only industrial and logistic enterprises count
    """

    code: str
    label: str
    column: str
    amount_label: str
    article: str
    base: str = ""
    industry_only: bool = False


FIGURES: tuple[Figure, ...] = (
    Figure(
        "investment_intensity",
        "工业用地固定资产投入强度",
        "investment_cny10k",
        "工业(物流)企业累计固定资产投资",
        "tdt-1029 工业用地固定资产投入强度",
        base="industrial",
        industry_only=True,
    ),
    Figure(
        "industrial_tax_per_mu",
        "工业用地地均税收",
        "tax_cny10k",
        "工业(物流)企业税收",
        "tdt-1029 工业用地地均税收",
        base="industrial",
        industry_only=True,
    ),
    Figure("tax_per_mu", "亩均税收", "tax_cny10k", "税收", "tdt-1029 综合地均税收"),
    Figure("value_added_per_mu", "亩均增加值", "value_added_cny10k", "增加值", "henan-2023-13 (指标名称)"),
    Figure("revenue_per_mu", "亩均营业收入", "revenue_cny10k", "营业收入", "over A as tax; not defined"),
)


def measure(
    enterprises: pd.DataFrame,
    parcels: pd.DataFrame,
    zone: Mapping[str, Any],
    year: int,
    *,
    base: str = "built",
) -> list[Result]:
    """The figures per mu of a zone in one year.

    Parameters
    ----------
    enterprises : statements of the year, as in the contract; rows of other years are left out
    parcels : the zone's parcels, area_m2 apportioned to it
    zone : approved_ha, administered_ha
    year : of the statements
    base : approved, administered, built or own, for all figures but investment_intensity

    Returns
    -------
    one Result per figure, 万元/mu, with 万元/ha and every other area in the breakdown. Where an
    enterprise's figure is missing the value is None, the reason names the enterprise, and the
    breakdown holds `partial_sum` and `known_share` (of the number of enterprises)

    Raises
    ------
    NoSuchCode : there is no such base
    ColumnMissing : the parcels have no area_m2
    """
    if "year" in enterprises and not (mine := numbers(enterprises, "year") == year).all():
        enterprises = enterprises[mine]
    bases = area_bases(zone, parcels, enterprises)
    told = Statements(enterprises), industrial(enterprises)
    return [_figure(each, told, bases, base, year) for each in FIGURES]


def _figure(
    figure: Figure, of: tuple[Statements, pd.Series], bases: Mapping[str, AreaBase], base: str, year: int
) -> Result:
    enterprises, member = of
    only = member if figure.industry_only else None
    summed = amount(enterprises, figure.column, figure.amount_label, year, only)
    told = Result(
        figure.column,
        figure.amount_label,
        summed.value,
        summed.unit,
        inputs=(summed.as_input(f"enterprises {year}"),),
        articles=(figure.article,),
        reason=summed.reason,
    )
    made = per_area(figure.code, figure.label, told, "CNY10k", bases, base=figure.base or base)
    return replace(made, breakdown={**made.breakdown, **_partial(summed)})


def _partial(summed: Amount) -> dict[str, float]:
    if summed.value is not None or not summed.known:
        return {}
    return {"partial_sum": summed.partial, "known_share": summed.known / summed.count}


def by_enterprise(enterprises: pd.DataFrame) -> pd.DataFrame:
    """Each enterprise's own figures per mu of the land it uses.

    Formula: amount / (own + leased in - leased out)

    Parameters
    ----------
    enterprises : statements; columns as in the contract

    Returns
    -------
    DataFrame on the same index: enterprise_id, own_mu, and one column per figure, 万元/mu. NaN
    where land or amount is not stated, or the land is not above zero

    >>> one = {"enterprise_id": ["E1"], "land_mu": [20.0], "leased_in_mu": [0], "leased_out_mu": [10]}
    >>> by_enterprise(pd.DataFrame({**one, "tax_cny10k": [300.0]}))["tax_per_mu"].item()
    30.0
    """
    land = own_land_mu(enterprises)
    usable = land.where(land > 0)
    blank = pd.Series(float("nan"), index=enterprises.index)
    names = enterprises.get("enterprise_id", pd.Series(None, index=enterprises.index, dtype="str"))
    figures = {
        figure.code: pd.to_numeric(enterprises.get(figure.column, blank), errors="coerce") / usable
        for figure in FIGURES
    }
    return pd.DataFrame({"enterprise_id": names, "own_mu": land, **figures}, index=enterprises.index)
