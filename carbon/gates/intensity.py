"""Intensities and growth (碳排放强度与增长): per tce, mu, 万元, and the national assessment.

The assessment (商资发〔2021〕188号) gives 绿色发展 15 % as a whole; the weights of its indicators are
not known, so none is scored. Value added and revenue are taken at the prices they are stated in.
"""

from __future__ import annotations

from typing import NamedTuple

from carbon.gates.figures import UNITS, Figures
from data.records import Result
from data.units import round_trip

ASSESSMENT = "mofcom-2021-188 绿色发展 (weights of the indicators not known)"
PRICES = "at current prices, as stated"
HOUSE = "house convention: no text lays it down"


class Ratio(NamedTuple):
    """One figure over another."""

    code: str
    label: str
    above: str
    below: str
    article: str = ""


RATIOS = (
    Ratio("emissions_per_tce", "单位能耗碳排放", "ndrc910_total", "energy_tce", "ndrc-2025-910 附件3"),
    Ratio("emissions_per_mu", "亩均碳排放", "emissions_total", "land"),
    Ratio("emissions_per_value_added", "单位增加值碳排放", "emissions_total", "value_added"),
    Ratio("emissions_per_revenue", "单位营业收入碳排放", "emissions_total", "revenue"),
    Ratio(
        "energy_per_industrial_value_added", "规上工业单位增加值能耗",
        "energy_above_scale", "industrial_value_added_above_scale", ASSESSMENT,
    ),
    Ratio(
        "emissions_per_industrial_value_added", "规上工业单位增加值二氧化碳排放量",
        "emissions_above_scale", "industrial_value_added_above_scale", ASSESSMENT,
    ),
)  # fmt: skip
GROWN = (
    ("emissions_growth", "园区二氧化碳排放量增长率", "ndrc910_total", ASSESSMENT),
    ("emissions_total_growth", "碳排放总量增长率(位置法)", "emissions_total", ""),
    ("energy_growth", "综合能源消费量增长率", "energy_tce", ""),
)


def intensities(now: Figures, before: Figures | None = None) -> tuple[Result, ...]:
    """Every intensity of the year, with its change against the year before, and the growth of the totals.

    Formula: figure / figure; change = this year's / last year's - 1 (in `breakdown`, with last year's value)

    Parameters
    ----------
    before : the year before; None: no change can be told

    >>> found = intensities(Figures(2024, {"emissions_total": 900.0, "land": 300.0}))
    >>> [(one.code, one.value, one.unit) for one in found if one.value is not None]
    [('emissions_per_mu', 3.0, 'tCO2e/mu')]
    """
    earlier = before if before is not None and before.year == now.year - 1 else None
    ratios = tuple(_intensity(ratio, now, earlier) for ratio in RATIOS)
    return ratios + tuple(_growth(which, now, earlier) for which in GROWN) + (_capacity(now, earlier),)


def change(now: float | None, before: float | None) -> float | None:
    """Growth as a share; None where one is lacking or the earlier one is not above zero.

    >>> change(110.0, 100.0), change(90.0, 0.0)
    (0.1, None)
    """
    if now is None or before is None or before <= 0:
        return None
    return float(f"{now / before - 1:.12g}")


def _ratio(ratio: Ratio, of: Figures | None) -> float | None:
    if of is None or ratio.above not in of.told or of.told.get(ratio.below, 0.0) <= 0:
        return None
    return round_trip(of.told[ratio.above] / of.told[ratio.below])


def _intensity(ratio: Ratio, now: Figures, before: Figures | None) -> Result:
    value, last = _ratio(ratio, now), _ratio(ratio, before)
    reason = now.why((ratio.above, ratio.below))
    if value is None and not reason:
        reason = (
            f"{now.year}: {UNITS[ratio.below][0]} is not above zero, and nothing can be told per unit of it"
        )
    changed = change(value, last)
    beside = {"before": last, "change": changed}
    money = UNITS[ratio.below][1] == "CNY10k"
    return Result(
        code=ratio.code,
        label=ratio.label,
        value=value,
        unit=f"{UNITS[ratio.above][1]}/{UNITS[ratio.below][1]}",
        inputs=(now.input(ratio.above), now.input(ratio.below)),
        formula=f"{ratio.above} / {ratio.below}{', ' + PRICES if money else ''}",
        articles=(ratio.article or HOUSE,),
        reason=reason,
        breakdown={name: number for name, number in beside.items() if number is not None},
    )


def _growth(which: tuple[str, str, str, str], now: Figures, before: Figures | None) -> Result:
    code, label, name, article = which
    last = before or Figures(now.year - 1)
    value = change(now.told.get(name), last.told.get(name))
    reason = "; ".join(filter(None, (now.why((name,)), last.why((name,)))))
    if value is None and not reason:
        reason = f"{last.year}: {UNITS[name][0]} was not above zero, and nothing can be told as growth of it"
    return Result(
        code=code,
        label=label,
        value=value,
        unit="1",
        inputs=(now.input(name), last.input(name)),
        formula=f"{name} of {now.year} / {name} of {last.year} - 1",
        articles=(article or HOUSE,),
        reason=reason,
    )


def _capacity(now: Figures, before: Figures | None) -> Result:
    name = "renewable_capacity"
    value = now.told.get(name)
    last = before.told.get(name) if before else None
    return Result(
        code=name,
        label=UNITS[name][0],
        value=value,
        unit="MW",
        inputs=(now.input(name),),
        formula="as stated in the statistics of the zone",
        articles=(HOUSE,),
        reason=now.why((name,)),
        breakdown={} if last is None else {"before": last},
    )
