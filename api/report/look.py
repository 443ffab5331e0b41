"""How numbers of a report look (计量单位和小数位): land in hectares, mu or square metres, and decimals.

What is stored is square metres, and 万元 or tonnes per mu; every factor comes from data/units.py. A cell
holds the whole number; decimals are a matter of its format alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from data.errors import MutanError
from data.units import M2_PER_HA, m2_to_ha, m2_to_mu, mu_to_m2
from maps.units import name, shown_unit

LAND = {"ha": "公顷", "mu": "亩", "m2": "平方米"}
SPELT = {**{key: key for key in LAND}, **{said: key for key, said in LAND.items()}, "㎡": "m2", "m²": "m2"}
MOST_DECIMALS = 8
WORDS = {"point": "分", "year": "年"}
COUNTED = {"person", "people", "户", "家", "个"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A number as it stands in a cell.

    Parameters
    ----------
    value : None when it cannot be told
    kind : of number format: number, share or count
    unit : in Chinese, empty for a ratio
    """

    value: float | None
    kind: str
    unit: str


@dataclass(frozen=True, slots=True)
class Look:
    """The choices of who asks for the report.

    Parameters
    ----------
    unit : ha, mu or m2: of land; what is told per land is told per mu, or else per hectare
    decimals : 0 to 8; a share in per cent has two fewer, which is as fine
    """

    unit: str = "ha"
    decimals: int = 4

    @property
    def land(self) -> str:
        """The unit of land in Chinese."""
        return LAND[self.unit]

    @property
    def per(self) -> str:
        """The land by which money and emissions are divided: mu, or ha."""
        return "mu" if self.unit == "mu" else "ha"

    def shown(self, code: str, value: float | None, unit: str) -> Shown:
        """A stored number in the units of the report.

        >>> Look("mu").shown("built", 20_000.0, "m2")
        Shown(value=30.0, kind='number', unit='亩')
        >>> Look("ha").shown("tax_per_mu", 20.0, "CNY10k/mu")
        Shown(value=300.0, kind='number', unit='万元/公顷')
        >>> Look("ha").shown("supply_rate", 0.95, "1").kind, Look("ha").shown("floor_area", 5.0, "m2").unit
        ('share', '平方米')
        """
        face = shown_unit(code, unit)
        value = None if value is None or value != value else value
        if face == "%":
            return Shown(value, "share", "%")
        if face in LAND:
            return Shown(None if value is None else area_in(value, face, self.unit), "number", self.land)
        top, _, base = face.rpartition("/")
        if top and base in ("ha", "mu"):
            turned = None if value is None else per_in(value, base, self.per)
            return Shown(turned, "number", f"{name(top)}/{LAND[self.per]}")
        said = "平方米" if face == "floor_m2" else WORDS.get(face) or name(face)
        return Shown(value, "count" if unit in COUNTED else "number", said)

    def label(self, label: str, unit: str) -> str:
        """A label that does not say 亩均 where the number is told per hectare.

        >>> Look("ha").label("亩均税收", "万元/公顷"), Look("mu").label("亩均税收", "万元/亩")
        ('地均税收', '亩均税收')
        """
        return label.replace("亩均", "地均") if unit.endswith("/公顷") else label


def look(unit: str = "ha", decimals: int = 4) -> Look:
    """The look of these words: 公顷, 亩, 平方米, ha, mu, m2.

    Raises
    ------
    MutanError : there is no such unit, or so many decimals cannot be shown
    """
    if unit.strip() not in SPELT:
        raise MutanError(f"{unit!r} is no unit of land here. Give one of {', '.join(SPELT)}.")
    if not 0 <= decimals <= MOST_DECIMALS:
        raise MutanError(f"{decimals} decimals cannot be shown. Give 0 to {MOST_DECIMALS}.")
    return Look(SPELT[unit.strip()], decimals)


def area_in(value: float, unit: str, wanted: str) -> float:
    """An area in another unit of land; untouched where the unit is the same.

    >>> area_in(1.0, "ha", "mu"), area_in(30.0, "mu", "m2"), area_in(25_000.0, "m2", "ha")
    (15.0, 20000.0, 2.5)
    """
    if unit == wanted:
        return value
    in_m2 = {"m2": value, "mu": mu_to_m2(value), "ha": value * M2_PER_HA}[unit]
    return {"m2": in_m2, "mu": m2_to_mu(in_m2), "ha": m2_to_ha(in_m2)}[wanted]


def per_in(value: float, unit: str, wanted: str) -> float:
    """What is told per one unit of land, per another: 20 per mu is 300 per hectare.

    >>> per_in(20.0, "mu", "ha"), per_in(300.0, "ha", "mu"), per_in(7.7, "mu", "mu")
    (300.0, 20.0, 7.7)
    """
    many = area_in(1.0, wanted, unit)
    return value * many if many >= 1 else value / area_in(1.0, unit, wanted)
