"""Fuels burned (化石燃料燃烧): calorific value x carbon content x oxidation x 44/12."""

from __future__ import annotations

from carbon.category import Ask, Category, Quote, look_up, quality
from carbon.line import Factor
from data.errors import UnitMismatch
from data.parameters import has, parameter
from data.records import Dated, Fault, Severity
from data.units import convert

CO2_PER_C = 44 / 12
ENERGY = "GJ"


def quote(fuel: str, unit: str, ask: Ask) -> Quote:
    """What one stated unit of a fuel emits.

    Formula: tCO2 = amount x NCV (GJ) x CC (tC/TJ) x OF x 44/12 / 1000; amounts stated in units of
    energy (GJ, tce) need no NCV. Families that know CH4 and N2O (kg/TJ) add them x GWP.

    Parameters
    ----------
    fuel : item of data/factors/activity_names.csv
    unit : as stated

    Source: GB/T 32150; the article of each default stands with its value.
    """
    table = f"factors.fuel_{ask.choices.family}.{fuel}"
    if not has(f"{table}.ncv"):
        return Quote(faults=(_not_in_family(fuel, ask),))
    per = parameter(f"{table}.ncv").unit.partition("/")[2]
    try:
        times, base, said = _measure(unit, per, fuel)
    except UnitMismatch:
        return Quote(faults=(_unit_unusable(fuel, unit, per, ask),))
    factor, silent = fuel_factor(fuel, base, ask)
    if factor is None:
        return Quote(base, times, faults=silent)
    return Quote(base, times, factor, factor, quality=quality(factor, ask), faults=said)


def fuel_factor(fuel: str, per: str, ask: Ask) -> tuple[Factor | None, tuple[Fault, ...]]:
    """The emission factor of a fuel in the chosen family, per unit of amount or per GJ.

    >>> factor, _ = fuel_factor("diesel", "t", Ask(2023, "410000"))
    >>> round(factor.value, 4), factor.unit
    (3.1451, 'tCO2/t')
    """
    table = f"factors.fuel_{ask.choices.family}.{fuel}"
    oxidation = f"{table}.oxidation.{ask.choices.equipment}"
    names = [f"{table}.carbon_content", oxidation if has(oxidation) else f"{table}.oxidation"]
    if per != ENERGY:
        names.insert(0, f"{table}.ncv")
    parts, faults = _all(names, ask)
    if faults:
        return None, faults
    *heat, carbon, oxidised = _numbers(parts)
    energy = heat[0] if heat else 1.0
    co2 = energy * carbon * oxidised * CO2_PER_C / 1000
    if not has(f"{table}.ch4"):
        return Factor(co2, f"tCO2/{per}", parts, co2), ()
    gwp = f"factors.gwp.{ask.choices.gwp.lower()}"
    gases, faults = _all([f"{table}.ch4", f"{gwp}.ch4_fossil", f"{table}.n2o", f"{gwp}.n2o"], ask)
    if faults:
        return None, faults
    ch4, warming_ch4, n2o, warming_n2o = _numbers(gases)
    others = energy * co2e(0.0, ch4, n2o, (warming_ch4, warming_n2o)) / 1e6
    return Factor(co2 + others, f"tCO2e/{per}", parts + gases, co2), ()


def co2e(co2: float, ch4: float, n2o: float, gwp: tuple[float, float]) -> float:
    """Three gases as one: each times its warming potential (of CH4, of N2O), in the unit they come in.

    >>> round(co2e(2.244, 2e-4, 4e-6, (28, 265)), 5)
    2.25066
    """
    return co2 + ch4 * gwp[0] + n2o * gwp[1]


def _all(names: list[str], ask: Ask) -> tuple[tuple[Dated, ...], tuple[Fault, ...]]:
    found = [look_up(name, ask, ask.region) for name in names]
    parts = tuple(dated for dated, _ in found if dated is not None)
    return parts, tuple(fault for _, faults in found for fault in faults)


def _numbers(parts: tuple[Dated, ...]) -> list[float]:
    return [part.value for part in parts if part.value is not None]


def _measure(unit: str, per: str, fuel: str) -> tuple[float, str, tuple[Fault, ...]]:
    """Stated unit -> times, unit of the factor, and what must be said of the conversion."""
    for base in (per, ENERGY):
        try:
            return convert(1.0, unit, base), base, ()
        except UnitMismatch:
            continue
    state = Fault(
        code="gas_state_not_stated",
        message=f"{fuel} is stated in {unit} without its state; "
        "it is read as 标准立方米 (0 °C, 101.325 kPa).",
        remedy="Write 万标准立方米 when it is so; a volume at 20 °C must be divided by 1.0732 first.",
        severity=Severity.WARNING,
        layer="activity",
        column="unit",
    )
    return convert(1.0, unit, per.replace("Nm3", "m3")), per, (state,)


def _not_in_family(fuel: str, ask: Ask) -> Fault:
    return Fault(
        code="fuel_not_in_family",
        message=f"The fuel family {ask.choices.family} has no values for {fuel}.",
        remedy="Choose another family, name the fuel as that family does, or add its values with their "
        f"article to data/factors/fuel_{ask.choices.family}.yaml.",
        layer="activity",
        column="item",
    )


def _unit_unusable(fuel: str, unit: str, per: str, ask: Ask) -> Fault:
    return Fault(
        code="unit_unusable",
        message=f"{fuel} is stated in {unit or 'no unit'}; {ask.choices.family} values it per {per}.",
        remedy=f"State it in {per} or a multiple of it, or as energy in GJ or tce.",
        layer="activity",
        column="unit",
    )


FUEL = Category(name="fuel", label="燃料", scope="scope1", part="fuel", quote=quote)
