"""Gate of a zero-carbon park (国家级零碳园区): emissions per unit of energy, by class of energy consumed.

The core indicator decides whether acceptance may be asked for; guides and conditions stand in `guides`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from carbon.gates.holding import RULES, At, Known, hold, limit
from data.parameters import parameter
from data.records import Dated, Finding, Input, Outcome
from data.units import round_trip

SMALL, LARGE = f"{RULES}.core_20_100", f"{RULES}.core_100_up"
FORMULA = "total of 附件4 (tCO2) / energy consumed (tce, electricity at 等价值)"
TOTAL, ENERGY = "零碳园区碳排放总量", "年综合能源消费量"


def zero_carbon_gate(total_tco2: Known | float | None, energy_tce: Known | float | None, at: At) -> Finding:
    """The core indicator: emissions per tce against the limit of the park's class of energy.

    Formula: intensity = total / energy; to be cut = total - limit x energy

    Parameters
    ----------
    total_tco2 : total by 附件4, tCO2; negative where exports outweigh all else
    energy_tce : energy consumed in the year, tce; a `Known` with ends while its coal equivalent is unverified

    Returns
    -------
    Finding; `shortfall` is how many tonnes must be cut. It cannot be told below 200 000 tce, for which the
    text names no value, and where the ends of the energy lead to different answers

    Source: ndrc-2025-910 附件3

    >>> from datetime import date
    >>> found = zero_carbon_gate(110_000.0, 500_000.0, At("Z", 2024, date(2025, 12, 31)))
    >>> found.measured, found.limit.value, found.shortfall, found.outcome.value
    (0.22, 0.2, 10000.0, 'not_met')
    """
    total, energy = _known(total_tco2, TOTAL), _known(energy_tce, ENERGY)
    inputs = (
        Input("ndrc910_total", TOTAL, total.value, "tCO2"),
        Input("energy_tce", ENERGY, energy.value, "tce"),
    )
    if total.value is None or energy.value is None or energy.value <= 0:
        return _silent(total, energy, at, inputs)
    found = {each: _class(each, total.value, at, inputs) for each in dict.fromkeys(energy.ends)}
    mine = found[energy.value]
    if len({one.outcome for one in found.values()}) == 1:
        return mine
    return _open(mine, found)


def acceptance(core: Finding) -> Finding:
    """Whether acceptance may be asked for (申请验收): in principle not while the core indicator is not met.

    Source: ndrc-2025-910 附件3 一
    """
    remedy = {
        Outcome.MET: "",
        Outcome.NOT_MET: f"Cut {core.shortfall or 0:,.0f} tCO2 first; a park below the core indicator may in "
        "principle not ask for acceptance.",
        Outcome.CANNOT_TELL: "Settle the core indicator first.",
    }
    return replace(
        core,
        rule=f"{RULES}.acceptance",
        label="核心指标为验收评估的首要条件, 达不到的原则上不得申请验收",
        reason=f"The core indicator cannot be told: {core.reason}" if core.reason else "",
        remedy=remedy[core.outcome],
    )


def _open(mine: Finding, found: Mapping[float, Finding]) -> Finding:
    """The finding left open, for the ends of the energy lead to different answers."""
    low, high = min(found), max(found)
    told = "; ".join(f"with {each:,.0f} tce {_words(found[each])}" for each in (low, high))
    return replace(
        mine,
        outcome=Outcome.CANNOT_TELL,
        shortfall=None,
        shortfall_unit="",
        reason=f"The answer depends on the coal equivalent of electricity, which is not verified: {told}.",
        remedy="State 电力等价值折标系数 (electricity_coal_equivalent) of that year in the statistics.",
    )


def _known(number: Known | float | None, what: str) -> Known:
    known = number if isinstance(number, Known) else Known(number)
    if known.value is None and not known.reason:
        return Known(None, f"{what} is not known.")
    return known


def _class(energy: float, total: float, at: At, inputs: tuple[Input, ...]) -> Finding:
    """The finding as it would be with exactly that energy."""
    start, large = (limit(f"{RULES}.{name}", at) for name in ("class_from", "class_large"))
    if start is not None and start.value is not None and energy < start.value:
        return _too_small(energy, total, at, (start, inputs))
    is_large = large is not None and large.value is not None and energy >= large.value
    name = LARGE if is_large else SMALL
    found = replace(hold(name, Known(round_trip(total / energy)), at, inputs=inputs), formula=FORMULA)
    if found.outcome is not Outcome.NOT_MET or found.limit is None or found.limit.value is None:
        return found
    cut = round_trip(total - found.limit.value * energy)
    return replace(
        found,
        shortfall=cut,
        shortfall_unit="tCO2",
        remedy=f"Cut {cut:,.0f} tCO2 a year at the energy of {at.year}; saved energy lowers the limit too.",
    )


def _too_small(energy: float, total: float, at: At, more: tuple[Dated, tuple[Input, ...]]) -> Finding:
    start, inputs = more
    return Finding(
        rule=SMALL,
        label="单位能耗碳排放",
        kind="zones",
        subject=at.zone,
        outcome=Outcome.CANNOT_TELL,
        measured=round_trip(total / energy),
        unit="tCO2/tce",
        formula=FORMULA,
        inputs=inputs,
        reason=f"{energy:,.0f} tce lie below {start.value:,.0f} tce, where the text begins "
        f"to name a value ({start.article}).",
        remedy="Ask the provincial commission which value it holds smaller parks to.",
    )


def _silent(total: Known, energy: Known, at: At, inputs: tuple[Input, ...]) -> Finding:
    reasons = [each.reason for each in (total, energy) if each.value is None]
    if energy.value is not None and energy.value <= 0:
        reasons.append(f"The energy consumed is {energy.value:,.0f} tce: nothing can be told per tce.")
    return Finding(
        rule=SMALL,
        label=parameter(SMALL).label.partition("(")[0],
        kind="zones",
        subject=at.zone,
        outcome=Outcome.CANNOT_TELL,
        unit="tCO2/tce",
        formula=FORMULA,
        inputs=inputs,
        reason=" ".join(reasons),
        remedy="Complete the statements that the total and the energy are lacking.",
    )


def _words(found: Finding) -> str:
    if found.limit is None or found.limit.value is None:
        return "no value is named"
    told = "met" if found.outcome is Outcome.MET else "not met"
    return f"{found.measured:.4g} against {found.limit.value:g} tCO2/tce is {told}"
