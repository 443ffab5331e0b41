"""Marginal abatement list (边际减排成本清单): measures by what a tonne costs, cheapest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import accumulate
from typing import Any

from carbon.path.measure_faults import STATES
from carbon.path.measures import Measures
from data.errors import RulesError
from data.records import Dated
from data.units import CNY_PER_CNY10K

RATE = "rules.carbon.discount_rate"


@dataclass(frozen=True, slots=True)
class Abatement:
    """One measure of the list.

    Parameters
    ----------
    reduction : tCO2e per year when it works fully
    yearly_cost : investment spread over its lifetime and running cost, 万元 per year; below zero it saves
    cost : of one tonne, CNY/tCO2e; None where it cannot be told, and then `reason` says why
    cumulated : reduction of this and all cheaper measures; None where the cost is not told
    """

    measure_id: str
    name: str
    enterprise_id: str
    category: str
    state: str
    reduction: float | None
    yearly_cost: float | None
    cost: float | None
    cumulated: float | None = None
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """Every field; an empty reason is None."""
        return {**asdict(self), "reason": self.reason or None}


def annuity(rate: float, years: float) -> float:
    """What must be paid each year to pay back 1 over so many years.

    Formula: r / (1 - (1 + r)^-n); 1 / n at a rate of 0

    Parameters
    ----------
    rate : discount rate per year, >= 0
    years : lifetime, > 0

    >>> annuity(0.0, 10), round(annuity(0.06, 10), 6)
    (0.1, 0.135868)
    """
    return 1 / years if rate == 0 else float(rate / (1 - (1 + rate) ** -years))


def abatements(measures: Measures, rate: float | Dated) -> tuple[Abatement, ...]:
    """The measures that are not dropped, by cost of a tonne; those without a cost last, by id.

    Formula: (investment x annuity + yearly cost) x 10 000 / reduction

    Parameters
    ----------
    rate : discount rate per year, as 0.06; `rules.carbon.discount_rate` is an illustration

    Raises
    ------
    RulesError : the rate is below zero or not known

    >>> import pandas as pd
    >>> from carbon.path.measures import read_measures
    >>> row = dict(zone="Z", measure_id="A", reduction_tco2e=1000.0, investment_cny10k=100.0)
    >>> row |= dict(lifetime_years=10, yearly_cost_cny10k=-5.0)
    >>> abatements(read_measures(pd.DataFrame([row]), "Z"), 0.0)[0].cost
    50.0
    """
    known = rate.value if isinstance(rate, Dated) else rate
    if known is None or not known >= 0:
        raise RulesError(f"A discount rate of {known} cannot be used; give one of zero or more, as 0.06.")
    rows = measures.rows[measures.rows["state"].isin(STATES)].to_dict("records")
    made = [_abatement(row, known) for row in rows]
    told = sorted(
        (one for one in made if one.cost is not None), key=lambda one: (one.cost or 0, one.measure_id)
    )
    sums = accumulate(one.reduction or 0.0 for one in told)
    listed = [_cumulated(one, whole) for one, whole in zip(told, sums, strict=True)]
    return (*listed, *sorted((one for one in made if one.cost is None), key=lambda one: one.measure_id))


def _abatement(row: Mapping[Any, Any], rate: float) -> Abatement:
    reduction, invested, yearly, life = (
        _given(row[name])
        for name in ("reduction_tco2e", "investment_cny10k", "yearly_cost_cny10k", "lifetime_years")
    )
    lacking = [
        label
        for label, is_lacking in (
            ("年减排量", reduction is None),
            ("投资", invested is None),
            ("年运行费用", yearly is None),
            ("使用年限", bool(invested) and not life),
        )
        if is_lacking
    ]
    about: dict[str, Any] = {
        n: str(row[n]) for n in ("measure_id", "name", "enterprise_id", "category", "state")
    }
    if reduction is not None and reduction <= 0:
        reason = f"A reduction of {reduction:g} tCO2e has no cost per tonne."
        return Abatement(**about, reduction=reduction, yearly_cost=None, cost=None, reason=reason)
    if lacking or reduction is None or invested is None or yearly is None:
        reason = f"{', '.join(lacking)} not stated; state them (0 where there is none)."
        return Abatement(**about, reduction=reduction, yearly_cost=None, cost=None, reason=reason)
    whole = yearly + (invested * annuity(rate, life) if invested and life else 0.0)
    return Abatement(
        **about,
        reduction=reduction,
        yearly_cost=whole,
        cost=float(f"{whole * CNY_PER_CNY10K / reduction:.12g}"),
    )


def _given(value: float) -> float | None:
    return None if value != value else float(value)


def _cumulated(one: Abatement, whole: float) -> Abatement:
    return Abatement(**{**asdict(one), "cumulated": whole})
