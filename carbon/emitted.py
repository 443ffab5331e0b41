"""What one unit emits, gas by gas (逐种气体): tonnes of each gas times the chosen warming potential."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from carbon.category import Ask, look_up
from carbon.line import GASES, Factor
from data.errors import UnitMismatch
from data.parameters import has
from data.records import Dated, Fault
from data.units import convert

PFCS = ("cf4", "c2f6")
Faults = tuple[Fault, ...]


def group(gas: str) -> str:
    """The group of `GASES` under which a gas is reported.

    >>> group("ch4_nonfossil"), group("hfc134a"), group("cf4"), group("sf6")
    ('CH4', 'HFCs', 'PFCs', 'SF6')
    """
    if gas.startswith("hfc"):
        return "HFCs"
    return "PFCs" if gas in PFCS else gas.partition("_")[0].upper()


def emitted(
    per: str, tonnes: Mapping[str, float], parts: tuple[Dated, ...], ask: Ask, biogenic: float = 0.0
) -> tuple[Factor | None, Faults]:
    """The factor of an amount that emits so many tonnes of each gas.

    Formula: tCO2e = CO2 + Σ(tonnes of a gas x its warming potential)

    Parameters
    ----------
    per : unit of the amount
    tonnes : `co2`, or a gas as data/factors/gwp.yaml names it, to tonnes per unit
    parts : the dated values from which the tonnes follow
    biogenic : tCO2 of biogenic origin per unit, apart from the sum

    >>> factor, _ = emitted("t", {"co2": 1.6, "n2o": 0.001}, (), Ask(2023, "410000"))
    >>> round(factor.value, 6), factor.unit, factor.co2
    (1.865, 'tCO2e/t', 1.6)
    """
    warm = {gas: mass for gas, mass in tonnes.items() if gas != "co2"}
    lacking = [gas for gas in warm if not has(_warming(gas, ask))]
    if lacking:
        return None, tuple(_no_potential(gas, ask) for gas in lacking)
    warming, faults = told([_warming(gas, ask) for gas in warm], ask)
    if faults:
        return None, faults
    sums = dict.fromkeys(GASES, 0.0)
    for (gas, mass), potential in zip(warm.items(), numbers(warming), strict=True):
        sums[group(gas)] += mass * potential
    co2 = tonnes.get("co2", 0.0)
    others = tuple((gas, sums[gas]) for gas in GASES if gas in {group(each) for each in warm})
    unit = f"tCO2e/{per}" if warm else f"tCO2/{per}"
    value = co2 + sum(each for _, each in others)
    return Factor(value, unit, parts + warming, co2, others, biogenic), ()


def told(names: Iterable[str], ask: Ask) -> tuple[tuple[Dated, ...], Faults]:
    """The values of several parameters for the year and place, or what is lacking of them.

    >>> told(["factors.gwp.ar5.n2o"], Ask(2023, "410000"))[0][0].value
    265
    """
    found = [look_up(name, ask, ask.region) for name in names]
    lost = tuple(fault for dated, faults in found if dated is None for fault in faults)
    return tuple(dated for dated, _ in found if dated is not None), lost


def numbers(parts: Iterable[Dated]) -> list[float]:
    """The values of dated values, in their order."""
    return [float(part.value) for part in parts if part.value is not None]


def in_base(item: str, unit: str, base: str, remedy: str = "") -> tuple[float, Faults]:
    """How many of the factor's unit one stated unit is; a fault where the two measure different things.

    >>> in_base("lime", "万吨", "t")
    (10000.0, ())
    >>> in_base("lime", "kWh", "t")[1][0].message
    'lime is stated in kWh; its factor is per t.'
    """
    try:
        return convert(1.0, unit, base), ()
    except UnitMismatch:
        fault = Fault(
            code="unit_unusable",
            message=f"{item} is stated in {unit or 'no unit'}; its factor is per {base}.",
            remedy=remedy or f"State it in {base} or a multiple of it.",
            layer="activity",
            column="unit",
        )
        return 1.0, (fault,)


def no_factor(item: str, label: str, why: str) -> Fault:
    """What is said of a product that a text names, and for which no factor is known.

    Source: ndrc-2025-910 附件4 三(三)2: without a factor, a mass balance with its basis stated
    """
    return Fault(
        code="factor_missing",
        message=f"No factor is known for {label} ({item}). {why}".strip(),
        remedy="State your own factor in measured_tco2e, per unit of the amount, from a mass balance or a "
        "verified report, and name its source; or state the materials that go in and come out.",
        layer="activity",
        column="measured_tco2e",
    )


def _warming(gas: str, ask: Ask) -> str:
    return f"factors.gwp.{ask.choices.gwp.lower()}.{gas}"


def _no_potential(gas: str, ask: Ask) -> Fault:
    return Fault(
        code="warming_potential_missing",
        message=f"{ask.choices.gwp} gives no warming potential of {gas}.",
        remedy="Choose another set of warming potentials with gwp.",
        layer="activity",
    )
