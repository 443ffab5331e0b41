"""Industrial processes (工业过程): what products and materials give off beside the fuel burned for them."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from carbon.category import Ask, Category, Quote, quality
from carbon.emitted import Faults, emitted, in_base, no_factor, numbers, told
from carbon.line import Factor
from data.parameters import Parameter, has, parameter
from data.records import Dated, Fault, Severity

PRODUCTS, DEDUCTIONS = "factors.process", "factors.clinker_deductions"
CARBONATES, STEEL = "factors.carbonates", "factors.steel_materials"
MATERIALS = (DEDUCTIONS, CARBONATES, STEEL)
GASES = ("co2", "ch4_fossil", "n2o", "hfc23", "cf4", "c2f6", "sf6")
ABATED = ("n2o_removed", "removal_in_use")
KG_PER_T = 1000.0


def quote(item: str, unit: str, ask: Ask) -> Quote:
    """What one stated unit of a product or material emits.

    Formula: tCO2e = CO2 (t/t) + Σ(gas, kg/t / 1000 x warming potential); where plants remove nitrous
    oxide, N2O x (1 - removal x time in use). The zero-carbon park total takes the CO2 alone.

    What a plant with N2O removal emits is an item of its own (`nitric_acid_high_pressure_nscr`,
    `adipic_acid_thermal`); a plant whose removal was measured states its factor in measured_tco2e. What is
    stated twice over, as the coke that reduces and the pig iron it made, is warned of by each such item.

    Parameters
    ----------
    item : of data/factors/process.yaml, clinker_deductions.yaml, carbonates.yaml or steel_materials.yaml
    unit : as stated; a mass

    Source: ndrc-2025-910 附件4 三; ipcc-2006-v3; the article of each factor stands with its value.
    """
    times, unusable = in_base(item, unit, "t")
    if unusable:
        return Quote(faults=unusable)
    known = _known(item)
    if not known:
        return Quote("t", times, faults=(no_factor(item, item, "The tables of data/factors hold none."),))
    unvalued = [each for each in known.values() if not each.history()]
    if unvalued:
        instead = unvalued[0].more.get("instead", "")
        why = f"State instead {instead}." if instead else ""
        return Quote("t", times, faults=(no_factor(item, unvalued[0].label, why),))
    factor, lost = _factor(known, ask)
    if factor is None:
        return Quote("t", times, faults=lost)
    said = tuple(_counted_with(item, each) for each in known.values() if "counts_with" in each.more)
    return Quote("t", times, factor, _carbon(factor, known), quality=quality(factor, ask), faults=said)


def unmatched_deductions(lines: pd.DataFrame) -> Faults:
    """Deductions that their enterprise has no clinker to take them off, or that are more than it.

    Parameters
    ----------
    lines : priced lines, with `category, item, enterprise_id, tco2e`

    Returns
    -------
    One fault for each enterprise; none where every deduction is smaller than the clinker of its enterprise.
    """
    of_process = (lines["category"] == PROCESS.name).to_numpy()
    if not of_process.any():
        return ()
    process = lines.loc[of_process, ["item", "enterprise_id", "tco2e"]]
    known = {name for name in process["item"].unique() if name.isidentifier() and has(f"{DEDUCTIONS}.{name}")}
    clinker = process["item"].str.startswith("clinker").to_numpy(bool)
    taken = process[process["item"].isin(known).to_numpy()].groupby("enterprise_id")["tco2e"].sum()
    made = process[clinker].groupby("enterprise_id")["tco2e"].sum()
    over = taken[-taken > made.reindex(taken.index).fillna(0.0)]
    return tuple(
        Fault(
            code="deduction_without_clinker",
            message=f"{firm or 'The zone'} deducts {-amount:.6g} t for raw materials without carbonate, "
            f"and its clinker emits {made.get(firm, 0.0):.6g} t.",
            remedy="State the clinker that was burned of these materials with the same enterprise, "
            "or leave the materials out: they are deducted from clinker only.",
            layer="activity",
            feature=str(firm),
        )
        for firm, amount in over.items()
    )


def _known(item: str) -> Mapping[str, Parameter]:
    """Gas, or share of it that is removed -> its parameter; empty where no table has the item."""
    for table in MATERIALS:
        if has(f"{table}.{item}"):
            return {"co2": parameter(f"{table}.{item}")}
    parts = {part: f"{PRODUCTS}.{item}.{part}" for part in (*GASES, *ABATED)}
    return {part: parameter(name) for part, name in parts.items() if has(name)}


def _factor(known: Mapping[str, Parameter], ask: Ask) -> tuple[Factor | None, Faults]:
    parts, lost = told([each.name for each in known.values()], ask)
    if lost:
        return None, lost
    values = dict(zip(known, numbers(parts), strict=True))
    left = 1.0 - values.pop("n2o_removed", 0.0) * values.pop("removal_in_use", 1.0)
    tonnes = {
        gas: value if gas == "co2" else value / KG_PER_T * (left if gas == "n2o" else 1.0)
        for gas, value in values.items()
    }
    return emitted("t", tonnes, parts, ask)


def _carbon(factor: Factor, known: Mapping[str, Parameter]) -> Factor | None:
    """The carbon dioxide of a factor; None where it has none, for that method counts no other gas."""
    if "co2" not in known:
        return None
    parts: tuple[Dated, ...] = tuple(part for part in factor.parts if part.name == known["co2"].name)
    return Factor(factor.co2, "tCO2/t", parts, factor.co2)


def _counted_with(item: str, known: Parameter) -> Fault:
    return Fault(
        code="counted_twice_if_stated",
        message=f"The factor of {known.label} ({item}) holds {known.more['counts_with']}.",
        remedy="State fuels among these with purpose feedstock (用作原料), and leave products "
        "among them out; else they count twice.",
        severity=Severity.WARNING,
        layer="activity",
    )


PROCESS = Category("process", "工业过程", "scope1", "process", quote)
