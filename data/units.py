"""The only conversions: mu, hectare, 万元, tce, MWh, GJ, on top of pint.

Areas have plain constants beside the registry, for they are applied to whole columns.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from tokenize import TokenError
from typing import TYPE_CHECKING, Any, TypeVar, cast

from data.errors import UnitMismatch

if TYPE_CHECKING:
    import pint

M2_PER_HA = 10_000.0
MU_PER_HA = 15.0
M2_PER_MU = M2_PER_HA / MU_PER_HA
CNY_PER_CNY10K = 10_000.0

# Spellings of statements; `ha` is hectare in our files, and pint reads it as hecto-years. Pint's ton is the
# short one of 907 kg, its T a tesla, its kt a knot, its kcal that of chemistry: none is meant in a statement.
SPELLINGS = {
    "1": "dimensionless",
    "ha": "hectare",
    "hm2": "hectare",
    "公顷": "hectare",
    "t": "tonnes",
    "T": "tonnes",
    "ton": "tonnes",
    "tons": "tonnes",
    "kt": "kilotonnes",
    "Mt": "megatonnes",
    "公吨": "tonnes",
    "公斤": "kilogram",
    "千克": "kilogram",
    "m2": "meter ** 2",
    "km2": "kilometer ** 2",
    "km²": "kilometer ** 2",
    "平方公里": "kilometer ** 2",
    "平方千米": "kilometer ** 2",
    "m³": "meter ** 3",
    "m3": "meter ** 3",
    "立方米": "meter ** 3",
    "方": "meter ** 3",
    "立方": "meter ** 3",
    "升": "liter",
    "标立方米": "Nm3",
    "标立方": "Nm3",
    "标准立方米": "Nm3",
    "标方": "Nm3",
    "度": "kilowatt_hour",
    "千瓦时": "kilowatt_hour",
    "千瓦·时": "kilowatt_hour",
    "千瓦小时": "kilowatt_hour",
    "兆瓦时": "megawatt_hour",
    "焦": "joule",
    "千焦": "kilojoule",
    "兆焦": "megajoule",
    "吉焦": "gigajoule",
    "太焦": "terajoule",
    "百万千焦": "gigajoule",
    "吨标煤": "tce",
    "千克标准煤": "kgce",
    "千克标煤": "kgce",
    "公斤标准煤": "kgce",
    "卡": "calorie_it",
    "kcal": "kcal_it",
    "千卡": "kcal_it",
    "大卡": "kcal_it",
    "吨二氧化碳": "tCO2",
    "吨CO2": "tCO2",
    "吨二氧化碳当量": "tCO2e",
    "吨CO2e": "tCO2e",
    "tCO2eq": "tCO2e",
    "米": "meter",
    "公里": "kilometer",
    "千米": "kilometer",
    "吨公里": "tonnes * kilometer",
}
# Spelt in any case: a power meter counts no milliwatt hours
ANY_CASE = {
    "kwh": "kilowatt_hour",
    "kw·h": "kilowatt_hour",
    "mwh": "megawatt_hour",
    "mw·h": "megawatt_hour",
    "gwh": "gigawatt_hour",
    "kj": "kilojoule",
    "mj": "megajoule",
    "gj": "gigajoule",
    "tj": "terajoule",
    "kg": "kilogram",
    "nm3": "Nm3",
    "tce": "tce",
    "kgce": "kgce",
}
# What pint's parser lets through when a cell holds something else than a unit: `?`, `吨(`, `t**t`
NOT_A_UNIT = (ValueError, TypeError, AssertionError, TokenError, SyntaxError, ArithmeticError)
POWERS = re.compile(r"(\*\*|\^).*(\*\*|\^)|(\*\*|\^)\s*-?\d{2}")
METERED = re.compile(r"(?i)[kMGT]?W\W?h|watt|瓦时|度$")
# Ratios of unlike things, which are not read as per cent although their unit is 1 as well
RATIO = re.compile(r"plot_ratio|_per_|容积率")
COUNTS = {"百万": 1e6, "千万": 1e7, "十万": 1e5, "十亿": 1e9, "万": 1e4, "亿": 1e8, "千": 1e3}
TENS = re.compile(r"[×x*]?\s*10\s*(?:\^|\*\*)\s*(\d)\s*(?=[^\d\s])")
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")

Numbers = TypeVar("Numbers")


@cache
def registry() -> pint.UnitRegistry[Any]:
    """The unit registry: pint's own units, and those of Chinese statistics.

    Made once, when first asked for: loading pint takes longer than measuring a small layer.
    """
    import pint

    units: pint.UnitRegistry[Any] = pint.UnitRegistry(on_redefinition="ignore")
    for line in (
        "mu = 2000 / 3 * meter ** 2 = 亩",
        "CNY = [currency] = 元",
        "CNY10k = 10000 * CNY = 万元",
        "CNY100M = 100000000 * CNY = 亿元",
        "USD = [us_dollar] = 美元",  # no rate of exchange is a constant, so dollars stay dollars
        # GB/T 2589-2020: one kilogram of standard coal equivalent is 29 307.6 kJ (7 000 kcal)
        "tce = 29.3076 * gigajoule = 吨标准煤",
        "kgce = 0.0293076 * gigajoule",
        "tonnes = 1000 * kilogram = 吨",
        # GB/T 2589-2020 counts heat in kilocalories of 4.1868 kJ
        "calorie_it = 4.1868 * joule",
        "kcal_it = 4.1868 * kilojoule",
        # GB standard state (0 °C, 101.325 kPa); a volume at that state is a thing of its own
        "Nm3 = [standard_volume] = 标准立方米",
        "tC = [carbon_mass]",
        "tCO2 = [co2_mass]",
        "tCO2e = [co2e_mass]",
        "person = [] = 人",
    ):
        units.define(line)
    return units


def convert(value: float, from_unit: str, to_unit: str) -> float:
    """One number from one unit into another.

    >>> convert(1, "ha", "mu")
    15.0
    >>> convert(2.5, "万kWh", "MWh")
    25.0
    >>> convert(30_000, "标准立方米", "10^4 Nm3")
    3.0
    >>> convert(2, "百万千焦", "GJ"), convert(3, "×10⁴m³", "m3"), convert(5, "KWH", "kWh")
    (2.0, 30000.0, 5.0)

    Raises
    ------
    UnitMismatch : a unit is not known, or the two measure different things
    """
    import pint

    units = registry()
    try:
        many, counted = _counted(from_unit)
        each, wanted = _counted(to_unit)
        amount = units.Quantity(value * many, counted).to(wanted)
        return round_trip(float(amount.magnitude) / each)
    except (pint.PintError, *NOT_A_UNIT) as odd:
        raise UnitMismatch(
            f"{value} {from_unit} cannot be told in {to_unit}: {odd}. "
            "Name the unit as in data/units.py, or correct it in the statement."
        ) from odd


def is_metered_power(unit: str) -> bool:
    """Whether a unit is one in which electricity is metered, such as kWh; GJ measures any energy.

    >>> [is_metered_power(unit) for unit in ("万千瓦时", "MWh", "GJ", "吨标准煤")]
    [True, True, False, False]
    """
    return bool(METERED.search(unit))


def is_share(code: str, unit: str) -> bool:
    """Whether a number is a part of a whole, and so is read in per cent; a ratio of unlike things is not.

    >>> is_share("industrial_share", "1"), is_share("plot_ratio", "1"), is_share("tax_per_mu", "CNY10k/mu")
    (True, False, False)
    """
    return unit == "1" and not RATIO.search(code)


def round_trip(value: float) -> float:
    """The same number without the dust of binary fractions in its sixteenth digit."""
    return float(f"{value:.15g}")


def _counted(unit: str) -> tuple[float, str]:
    """A unit without its count: `万吨` is ten thousand times `tonnes`."""
    unit = plain_unit(unit)
    if unit in {"万元", "亿元"}:
        return 1.0, unit
    times = 1.0
    if tens := TENS.match(unit):
        times, unit = 10.0 ** int(tens[1]), unit[tens.end() :]
    if POWERS.search(unit):  # 9**9**9 is an hour of arithmetic, not a unit
        raise ValueError(f"{unit} is no unit")
    if found := _spelt(unit):
        return times, found
    for count, many in COUNTS.items():
        if unit.startswith(count):
            unit = unit.removeprefix(count).strip()
            return times * many, _spelt(unit) or unit
    return times, unit


def _spelt(unit: str) -> str:
    """The name by which pint knows a spelling of statements; empty where it is none."""
    return SPELLINGS.get(unit) or ANY_CASE.get(unit.lower(), "")


def plain_unit(unit: str) -> str:
    """A unit in plain letters; a power of ten keeps its power.

    >>> plain_unit(" １０⁴ Ｎｍ³ "), plain_unit("㎥")
    ('10^4 Nm3', 'm3')
    """
    raised = re.sub(
        "(?<=[1１][0０])([⁰¹²³⁴⁵⁶⁷⁸⁹]+)", lambda found: "^" + found[1].translate(SUPERSCRIPTS), unit
    )
    return unicodedata.normalize("NFKC", raised).strip()


def m2_to_mu(area_m2: Numbers) -> Numbers:
    """Square metres in mu (亩): 1 mu = 10 000 / 15 m².

    >>> m2_to_mu(10_000.0)
    15.0
    """
    return cast(Numbers, cast(Any, area_m2) * MU_PER_HA / M2_PER_HA)


def m2_to_ha(area_m2: Numbers) -> Numbers:
    """Square metres in hectares.

    >>> m2_to_ha(25_000.0)
    2.5
    """
    return cast(Numbers, cast(Any, area_m2) / M2_PER_HA)


def mu_to_m2(area_mu: Numbers) -> Numbers:
    """Mu (亩) in square metres.

    >>> mu_to_m2(15.0)
    10000.0
    """
    return cast(Numbers, cast(Any, area_mu) * M2_PER_HA / MU_PER_HA)
