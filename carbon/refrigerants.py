"""Fluorinated gases (含氟气体): refilled or let out by mass, or a charge and what equipment leaks of it."""

from __future__ import annotations

from carbon.category import Ask, Category, Quote, quality
from carbon.emitted import Faults, emitted, group, in_base, no_factor, numbers, told
from carbon.line import GASES, Factor
from data.parameters import has
from data.records import Dated

TABLE = "factors.refrigerants"
LEAK = f"{TABLE}.leak"
OZONE = ("hcfc22",)
MIXED = ("hfc23", "hfc32", "hfc125", "hfc134a", "hfc143a", "hfc152a", "hfc227ea", "hfc236fa", "hfc245fa")
"""Gases of which the blends of the table are mixed"""
NOT_OF_THE_SEVEN = "an ozone-depleting gas of the Montreal Protocol, not one of the seven gases"


def quote(item: str, unit: str, ask: Ask) -> Quote:
    """What one stated unit of a gas emits: all of it, or what leaks of a charge in a year.

    Formula: tCO2e = t x Σ(part of the blend x warming potential); of a charge: x leak rate of its equipment

    A refill replaces what leaked, so gas refilled counts as let out. A leak rate of the IPCC is the middle of
    a printed range; where refills are known they come first, and the charge is then not stated.

    Parameters
    ----------
    item : a gas (`hfc134a`), a blend (`r410a`), or a charge (`chiller_r410a`)
    unit : as stated; a mass

    Source: ipcc-2006-v3 tables 7.8 and 7.9
    """
    times, unusable = in_base(item, unit, "t")
    if unusable:
        return Quote(faults=unusable)
    kit, gas = _kit_and_gas(item)
    if gas in OZONE:
        return Quote("t", times, elsewhere=NOT_OF_THE_SEVEN, notation="NA")
    factor, lost = _factor(kit, gas, ask)
    if factor is None:
        return Quote("t", times, faults=lost)
    return Quote("t", times, factor, quality=quality(factor, ask))


def _factor(kit: str, gas: str, ask: Ask) -> tuple[Factor | None, Faults]:
    blend, parts, lost = _composition(gas, ask)
    leak: tuple[Dated, ...] = ()
    if kit and not lost:
        leak, lost = told([f"{LEAK}.{kit}"], ask)
    if lost:
        return None, lost
    rate = numbers(leak)[0] if leak else 1.0
    return emitted("t", {each: part * rate for each, part in blend.items()}, leak + parts, ask)


def _composition(gas: str, ask: Ask) -> tuple[dict[str, float], tuple[Dated, ...], Faults]:
    """Gas -> part by mass; a pure gas is one part of itself."""
    mixed = [f"{TABLE}.{gas}.{each}" for each in MIXED if has(f"{TABLE}.{gas}.{each}")]
    if mixed:
        parts, lost = told(mixed, ask)
        gases = [part.name.rpartition(".")[2] for part in parts]
        return dict(zip(gases, numbers(parts), strict=True)), parts, lost
    if group(gas) not in GASES:
        return {}, (), (no_factor(gas, gas, "It is no gas or blend of data/factors/refrigerants.yaml."),)
    return {gas: 1.0}, (), ()


def _kit_and_gas(item: str) -> tuple[str, str]:
    """The equipment that holds a charge, empty for gas let out, and the gas.

    >>> _kit_and_gas("switchgear_mv_sf6"), _kit_and_gas("hfc134a")
    (('switchgear_mv', 'sf6'), ('', 'hfc134a'))
    """
    kit, _, gas = item.rpartition("_")
    return (kit, gas) if kit and has(f"{LEAK}.{kit}") else ("", item)


REFRIGERANT = Category("refrigerant", "含氟气体", "scope1", "", quote, gas="HFCs")
