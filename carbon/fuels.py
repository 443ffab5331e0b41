"""Fuels burned (燃料燃烧): calorific value x carbon content x oxidation x 44/12; other gases by sector."""

from __future__ import annotations

from carbon.category import Ask, Category, Quote, quality
from carbon.choices import families
from carbon.emitted import Faults, emitted, numbers, told
from carbon.line import Factor
from data.errors import UnitMismatch
from data.parameters import has, parameter
from data.records import Dated, Fault, Severity
from data.units import convert, is_metered_power

CO2_PER_C = 44 / 12
ENERGY = "GJ"
KG_PER_TJ_IN_T_PER_GJ = 1e-6
# What a fuel is used for -> sector of the tables that tell other gases by it; none: manufacturing
SECTORS = {
    "power": "energy_industries",
    "heat": "energy_industries",
    "commercial": "commercial",
    "residential": "residential",
    "road": "road",
}
FEEDSTOCK = "used as raw material, so not burned: its carbon is counted with the process"


def quote(fuel: str, unit: str, ask: Ask) -> Quote:
    """What one stated unit of a fuel emits; nothing where it is used as raw material (`feedstock`).

    Formula: tCO2 = amount x NCV (GJ) x CC (tC/TJ) x OF x 44/12 / 1000; amounts stated in units of
    energy (GJ, tce) need no NCV. Families that know CH4 and N2O (kg/TJ) add them x GWP.

    Parameters
    ----------
    fuel : item of data/factors/activity_names.csv
    unit : as stated

    Source: GB/T 32150; ndrc-2025-910 附件4 二(二)1; the article of each default stands with its value.
    """
    table = fuel_table(fuel, ask)
    if not table:
        return Quote(faults=(_not_in_family(fuel, ask),))
    times, base, said = measure(fuel, unit, ask)
    if not base:
        return Quote(faults=said)
    if ask.purpose == "feedstock":
        return Quote(base, times, elsewhere=FEEDSTOCK, notation="NA", faults=said)
    factor, silent = fuel_factor(fuel, base, ask)
    if factor is None:
        return Quote(base, times, faults=silent)
    return Quote(base, times, factor, factor, quality=quality(factor, ask), faults=said)


def fuel_factor(fuel: str, per: str, ask: Ask) -> tuple[Factor | None, Faults]:
    """The emission factor of a fuel in the chosen family, per unit of amount or per GJ.

    Carbon of biomass stands apart as `biogenic`; its methane counts, with the potential of methane that is
    not fossil. Methane and nitrous oxide follow the sector (`SECTORS`) that the purpose names.

    >>> factor, _ = fuel_factor("diesel", "t", Ask(2023, "410000"))
    >>> round(factor.value, 4), factor.unit
    (3.1451, 'tCO2/t')
    """
    table = fuel_table(fuel, ask)
    names = [_named(table, "carbon_content", ask), _named(table, "oxidation", ask)]
    heat, parts, faults = _heat(table, per, ask)
    carbon, lost = told(names, ask)
    if faults or lost:
        return None, faults + lost
    content, oxidised = numbers(carbon)
    co2 = heat * content * oxidised * CO2_PER_C / 1000
    is_biomass = grown(table, ask)
    tonnes = {"co2": 0.0 if is_biomass else co2}
    parts += carbon
    if has(f"{table}.ch4"):
        gases, lost = told([_named(table, gas, ask) for gas in ("ch4", "n2o")], ask)
        if lost:
            return None, lost
        ch4, n2o = (heat * each * KG_PER_TJ_IN_T_PER_GJ for each in numbers(gases))
        tonnes |= {"ch4_nonfossil" if is_biomass else "ch4_fossil": ch4, "n2o": n2o}
        parts += gases
    return emitted(per, tonnes, parts, ask, biogenic=co2 if is_biomass else 0.0)


def carbon_factor(fuel: str, per: str, ask: Ask) -> tuple[float, tuple[Dated, ...], Faults]:
    """All carbon in one unit of a fuel as carbon dioxide, tCO2; the values behind it; what is lacking.

    Formula: NCV (GJ) x CC (tC/TJ) x 44/12 / 1000, oxidation 100 %

    >>> co2, _, _ = carbon_factor("diesel", "t", Ask(2023, "410000"))
    >>> round(co2, 4)  # 43.33 x 20.2 x 44/12 / 1000
    3.2093
    """
    table = fuel_table(fuel, ask)
    heat, parts, faults = _heat(table, per, ask)
    carbon, lost = told([_named(table, "carbon_content", ask)], ask)
    if faults or lost:
        return float("nan"), (), faults + lost
    return heat * numbers(carbon)[0] * CO2_PER_C / 1000, parts + carbon, ()


def fuel_table(fuel: str, ask: Ask) -> str:
    """The dotted name under which the chosen family holds a fuel; empty where it does not know it.

    >>> fuel_table("diesel", Ask(2023, "410000")), fuel_table("wood", Ask(2023, "410000"))
    ('factors.fuel_cn_a.diesel', '')
    """
    table = f"factors.fuel_{ask.choices.family}.{fuel}"
    return table if has(_named(table, "carbon_content", ask)) else ""


def grown(table: str, ask: Ask) -> bool:
    """Whether the carbon of a fuel has grown (生物质), so that its carbon dioxide stands apart."""
    return bool(parameter(_named(table, "carbon_content", ask)).more.get("biogenic"))


def measure(fuel: str, unit: str, ask: Ask) -> tuple[float, str, Faults]:
    """Stated unit -> times, unit of the factor, and what must be said; no unit where it is not usable.

    >>> measure("diesel", "万吨", Ask(2023, "410000"))
    (10000.0, 't', ())
    """
    per = _per(fuel_table(fuel, ask), ask)
    if is_metered_power(unit):  # a meter of power does not measure fuel; whoever writes kWh has mixed up rows
        return 1.0, "", (_unit_unusable(fuel, unit, per, ask),)
    for base in dict.fromkeys((per, ENERGY)):
        try:
            return convert(1.0, unit, base), base, ()
        except UnitMismatch:
            continue
    if "Nm3" not in per:
        return 1.0, "", (_unit_unusable(fuel, unit, per, ask),)
    try:
        return convert(1.0, unit, per.replace("Nm3", "m3")), per, (_state_unknown(fuel, unit),)
    except UnitMismatch:
        return 1.0, "", (_unit_unusable(fuel, unit, per, ask),)


def _heat(table: str, per: str, ask: Ask) -> tuple[float, tuple[Dated, ...], Faults]:
    """GJ in one unit: 1 where the unit is GJ itself, else the calorific value."""
    if per == ENERGY:
        return 1.0, (), ()
    parts, faults = told([_named(table, "ncv", ask)], ask)
    return (numbers(parts)[0] if parts else float("nan")), parts, faults


def _named(table: str, quantity: str, ask: Ask) -> str:
    """The value for the equipment or the sector where the family has one, else the one for all."""
    own = ask.choices.equipment if quantity == "oxidation" else ""
    for kind in (own, SECTORS.get(ask.purpose, "")):
        if kind and has(f"{table}.{quantity}.{kind}"):
            return f"{table}.{quantity}.{kind}"
    return f"{table}.{quantity}"


def _per(table: str, ask: Ask) -> str:
    """The unit in which a family values a fuel; GJ where it gives no calorific value."""
    name = _named(table, "ncv", ask)
    return parameter(name).unit.partition("/")[2] if has(name) else ENERGY


def _state_unknown(fuel: str, unit: str) -> Fault:
    return Fault(
        code="gas_state_not_stated",
        message=f"{fuel} is stated in {unit} without its state; "
        "it is read as 标准立方米 (0 °C, 101.325 kPa).",
        remedy="Write 万标准立方米 when it is so; a volume at 20 °C must be divided by 1.0732 first.",
        severity=Severity.WARNING,
        layer="activity",
        column="unit",
    )


def _not_in_family(fuel: str, ask: Ask) -> Fault:
    know = [name for name in families() if has(f"factors.fuel_{name}.{fuel}.carbon_content")]
    return Fault(
        code="fuel_not_in_family",
        message=f"The fuel family {ask.choices.family} has no values for {fuel}. "
        f"Families that have: {', '.join(know) or 'none'}.",
        remedy="Choose another family, name the fuel as that family does, or add its values with their "
        f"article to data/factors/fuel_{ask.choices.family}.yaml.",
        layer="activity",
        column="item",
    )


def _unit_unusable(fuel: str, unit: str, per: str, ask: Ask) -> Fault:
    energy = "" if per == ENERGY else ", or as energy in GJ or tce; or give its calorific value in ncv_gj"
    return Fault(
        code="unit_unusable",
        message=f"{fuel} is stated in {unit or 'no unit'}; {ask.choices.family} values it per {per}.",
        remedy=f"State it in {per} or a multiple of it{energy}.",
        layer="activity",
        column="unit",
    )


FUEL = Category(name="fuel", label="燃料", scope="scope1", part="fuel", quote=quote)
