"""Waste and waste water (废弃物与废水): landfill, incineration, composting, digestion, treatment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from carbon.category import Ask, Category, Quote, quality
from carbon.emitted import Faults, emitted, in_base, no_factor, numbers, told
from data.parameters import has, parameter
from data.records import Dated

TABLE = "factors.waste"
CO2_PER_C, CH4_PER_C, N2O_PER_N = 44 / 12, 16 / 12, 44 / 28
KG_PER_T = 1000.0
METHANE = "ch4_nonfossil"
STATE_LOAD = (
    "State the load, not the water: t of COD removed (or N discharged) = volume x (inflow - outflow)."
)
Parts = tuple[Dated, ...]


class Released(NamedTuple):
    """Tonnes of each gas and of biogenic carbon dioxide from one unit, and the values they follow from."""

    tonnes: Mapping[str, float]
    parts: Parts
    biogenic: float = 0.0


def quote(item: str, unit: str, ask: Ask) -> Quote:
    """What one stated unit of waste, of load in waste water or of methane recovered emits.

    Formula: the one of its treatment, below; methane is of non-fossil origin, and carbon dioxide of
    biogenic origin stands apart. The zero-carbon park total has no place for waste.

    Landfill is told by mass balance: all methane that the waste of the year can ever give, told in that
    year. It needs the waste by type; unsorted municipal waste has no known carbon content here and asks for
    a factor of one's own in measured_tco2e.

    Parameters
    ----------
    item : `landfill_<type>_<site>`, `incineration_<waste>`, `composting`, `digestion`,
        `wastewater_<treatment>`, `wastewater_nitrogen`, `methane_recovered`
    unit : as stated; t of wet waste, of COD removed, of N discharged, or of CH4

    Source: ipcc-2006-v5; mee-province-guide-2025 for incineration
    """
    remedy = STATE_LOAD if item.startswith("wastewater") else ""
    times, unusable = in_base(item, unit, "t", remedy)
    if unusable:
        return Quote(faults=unusable)
    released, lost = _treatment(item)(item, ask)
    if released is None:
        return Quote("t", times, faults=lost)
    factor, lost = emitted("t", released.tonnes, released.parts, ask, released.biogenic)
    if factor is None:
        return Quote("t", times, faults=lost)
    return Quote("t", times, factor, quality=quality(factor, ask))


def landfill_methane(mcf: float, doc: float, decomposed: float, share: float, oxidised: float) -> float:
    """Methane of one tonne of waste, t, by mass balance.

    Formula: MCF x DOC x DOCf x F x 16/12 x (1 - OX).  Source: ipcc-2006-v5 chapter 3

    Parameters
    ----------
    mcf : methane correction factor of the site, 0..1
    doc : degradable organic carbon, tC/t wet waste
    decomposed : part of it that decays
    share : methane in the gas, by volume
    oxidised : part that is oxidised in the cover

    >>> round(landfill_methane(1.0, 0.15, 0.5, 0.5, 0.0), 6)
    0.05
    """
    return mcf * doc * decomposed * share * CH4_PER_C * (1.0 - oxidised)


def burned_carbon(carbon: float, fossil: float, oxidised: float) -> tuple[float, float]:
    """Fossil and biogenic carbon dioxide of one tonne of waste burned, t.

    Formula: CCW x FCF x CE x 44/12, and CCW x (1 - FCF) x CE x 44/12

    >>> [round(each, 4) for each in burned_carbon(0.4, 0.4, 0.95)]
    [0.5573, 0.836]
    """
    all_of_it = carbon * oxidised * CO2_PER_C
    return all_of_it * fossil, all_of_it * (1.0 - fossil)


def _treatment(item: str) -> Callable[[str, Ask], tuple[Released | None, Faults]]:
    for prefix, treatment in TREATMENTS.items():
        if item.startswith(prefix):
            return treatment
    return _by_gas


def _landfill(item: str, ask: Ask) -> tuple[Released | None, Faults]:
    kind, site = _type_and_site(item)
    names = [f"{TABLE}.landfill.mcf.{site}", f"{TABLE}.landfill.degradable.{kind}"]
    if not all(has(name) for name in names):
        return None, (no_factor(item, item, "There is no such type of waste or site."),)
    degradable = parameter(names[1])
    if not degradable.values:
        return None, (no_factor(item, degradable.label, "State the waste by type: paper, food, wood …"),)
    names += [f"{TABLE}.landfill.{part}" for part in ("decomposed", "methane_share", f"oxidised.{site}")]
    parts, lost = told(names, ask)
    if lost:
        return None, lost
    mcf, doc, decomposed, share, oxidised = numbers(parts)
    return Released({METHANE: landfill_methane(mcf, doc, decomposed, share, oxidised)}, parts), ()


def _type_and_site(item: str) -> tuple[str, str]:
    """The type of waste and the site of an item.

    >>> _type_and_site("landfill_rubber_leather_managed_covered")
    ('rubber_leather', 'managed_covered')
    """
    said = item.removeprefix("landfill_")
    words = said.split("_")
    for cut in range(1, len(words)):
        site = "_".join(words[cut:])
        if has(f"{TABLE}.landfill.mcf.{site}"):
            return "_".join(words[:cut]), site
    return said, ""


def _incineration(item: str, ask: Ask) -> tuple[Released | None, Faults]:
    if not has(f"{TABLE}.{item}.carbon"):
        return _by_gas(item, ask)
    parts, lost = told([f"{TABLE}.{item}.{part}" for part in ("carbon", "fossil", "oxidised")], ask)
    beside, lost_too = told([name for name in (f"{TABLE}.{item}.n2o",) if has(name)], ask)
    if lost or lost_too:
        return None, lost + lost_too
    carbon, fossil, oxidised = numbers(parts)
    co2, biogenic = burned_carbon(carbon, fossil, oxidised)
    tonnes = {"co2": co2}
    if beside:
        tonnes["n2o"] = numbers(beside)[0] / KG_PER_T
    return Released(tonnes, parts + beside, biogenic), ()


def _by_gas(item: str, ask: Ask) -> tuple[Released | None, Faults]:
    names = {gas: f"{TABLE}.{item}.{gas}" for gas in (METHANE, "n2o") if has(f"{TABLE}.{item}.{gas}")}
    if not names:
        return None, (no_factor(item, item, f"{TABLE} holds none."),)
    parts, lost = told(names.values(), ask)
    if lost:
        return None, lost
    kilograms = zip(names, numbers(parts), strict=True)
    return Released({gas: value / KG_PER_T for gas, value in kilograms}, parts), ()


def _wastewater(item: str, ask: Ask) -> tuple[Released | None, Faults]:
    """Methane = COD x Bo x MCF; nitrous oxide = N x share that becomes N2O-N x 44/28."""
    if item == "wastewater_nitrogen":
        parts, lost = told([f"{TABLE}.wastewater.nitrogen"], ask)
        return (None, lost) if lost else (Released({"n2o": numbers(parts)[0] * N2O_PER_N}, parts), ())
    corrected = f"{TABLE}.wastewater.mcf.{item.removeprefix('wastewater_')}"
    if not has(corrected):
        return None, (no_factor(item, item, "There is no such treatment."),)
    parts, lost = told([f"{TABLE}.wastewater.capacity", corrected], ask)
    if lost:
        return None, lost
    capacity, mcf = numbers(parts)
    return Released({METHANE: capacity * mcf}, parts), ()


def _recovered(item: str, ask: Ask) -> tuple[Released | None, Faults]:
    """Methane burned or sold instead of let out: -1 t; less what a landfill's cover had oxidised anyway."""
    covered = item.removeprefix("methane_recovered").strip("_")
    parts, lost = told([f"{TABLE}.landfill.oxidised.managed_{covered}"] if covered else [], ask)
    if lost:
        return None, lost
    return Released({METHANE: -(1.0 - sum(numbers(parts)))}, parts), ()


TREATMENTS: Mapping[str, Callable[[str, Ask], tuple[Released | None, Faults]]] = {
    "landfill_": _landfill,
    "incineration_": _incineration,
    "wastewater_": _wastewater,
    "methane_recovered": _recovered,
}
WASTE = Category("waste", "废弃物与废水", "scope1", "", quote, gas="CH4")
