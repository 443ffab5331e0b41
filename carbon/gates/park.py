"""The gate of a zero-carbon park as a whole (零碳园区申报自查): core, acceptance, guides, conditions."""

from __future__ import annotations

from collections.abc import Mapping

from carbon.energy_balance import Energy
from carbon.gates.guides import conditions, guides
from carbon.gates.holding import At, Known
from carbon.gates.stated import Stated
from carbon.gates.zero_carbon import acceptance, zero_carbon_gate
from carbon.totals import Totals
from data.records import Finding


def park_gate(
    totals: Totals, energy: Energy, figures: Stated, at: At, excluded: Mapping[str, str] | None = None
) -> tuple[Finding, ...]:
    """Every finding on one park and year: the core indicator, acceptance, five guides, four conditions.

    Parameters
    ----------
    totals : the zero-carbon park total of the inventory (`Inventory.ndrc910`)
    energy : the energy balance of the same year
    figures : what the zone's statistics state for the year
    excluded : guide indicator -> why the park cannot work on it

    Source: ndrc-2025-910 附件1, 附件3
    """
    total = Known(totals.told.get("total"), totals.reasons.get("total", ""))
    core = zero_carbon_gate(total, energy_known(energy), at)
    return (core, acceptance(core), *guides(figures, at, excluded), *conditions(figures, at))


def energy_known(energy: Energy) -> Known:
    """The energy consumed as a number that lies between ends while its coal equivalent is not verified."""
    whole = energy.equivalent
    return Known(whole.value, whole.reason, energy.low, energy.high)
