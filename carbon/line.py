"""A line of the inventory (排放清单行): an amount, a factor, and their product, with both kept."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from data.errors import UnitMismatch
from data.records import Dated, Status

GASES = ("CO2", "CH4", "N2O", "HFCs", "PFCs", "SF6", "NF3")
"""The seven gases and groups of gases (七种温室气体) of an inventory, in the order of its tables."""


@dataclass(frozen=True, slots=True)
class Amount:
    """How much of something, in a unit written as the factor writes it.

    Parameters
    ----------
    value : in `unit`, finite
    unit : `t`, `10^4 Nm3`, `GJ`, `MWh`
    """

    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class Factor:
    """What one unit emits, and the dated values from which that follows.

    Parameters
    ----------
    value : all gases counted, in `unit`; carbon dioxide of biogenic origin is not in it
    unit : `tCO2/t` where only carbon dioxide is counted, `tCO2e/t` where other gases are
    parts : the dated values, in the order of the formula
    co2 : carbon dioxide alone, tCO2 per the same unit
    others : name out of `GASES`, and tCO2e per the same unit, of each other gas; `value` is `co2` and these
    biogenic : carbon dioxide of biogenic origin (生物成因), tCO2 per the same unit, apart from `value`
    """

    value: float
    unit: str
    parts: tuple[Dated, ...]
    co2: float
    others: tuple[tuple[str, float], ...] = ()
    biogenic: float = 0.0

    @property
    def per(self) -> str:
        """The unit that the amount must have."""
        return self.unit.partition("/")[2]

    @property
    def source(self) -> str:
        """The articles of its parts, each once."""
        return "; ".join(dict.fromkeys(part.article for part in self.parts))

    @property
    def verified(self) -> bool:
        """Whether every part has been checked against its source."""
        return all(part.status is Status.VERIFIED for part in self.parts)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the inventory.

    Parameters
    ----------
    scope : scope1, scope2; empty where the category is not known
    amount, unit : as the factor needs it; None where it was not stated
    factor, factor_unit, source : None and empty where none applies
    tco2e : amount x factor; None where a notation stands for it or it is not known
    notation : NE, NO, IE, C, NA; empty when there is a number
    quality : how good the factor is, in words
    factors : the dated values behind the factor
    """

    scope: str
    category: str
    item: str
    enterprise_id: str
    amount: float | None
    unit: str
    factor: float | None = None
    factor_unit: str = ""
    source: str = ""
    tco2e: float | None = None
    notation: str = ""
    quality: str = ""
    factors: tuple[Dated, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The contract's fields; the dated values stand once for the whole inventory."""
        return {name: value for name, value in asdict(self).items() if name != "factors"}


def line(
    amount: Amount, factor: Factor, *, scope: str, category: str, item: str, enterprise_id: str = ""
) -> Line:
    """Amount times factor. Units must agree as written; none is guessed or converted.

    Formula: tco2e = amount x factor

    >>> heat = Factor(0.11, "tCO2/GJ", (), 0.11)
    >>> line(Amount(200.0, "GJ"), heat, scope="scope2", category="heat", item="bought").tco2e
    22.0

    Raises
    ------
    UnitMismatch : the amount is in another unit than the factor is per
    """
    if factor.per != amount.unit:
        raise UnitMismatch(
            f"{category} {item}: the amount is in {amount.unit}, but the factor is per {factor.per}. "
            "Convert the amount first, with data/units.py."
        )
    return Line(
        scope=scope,
        category=category,
        item=item,
        enterprise_id=enterprise_id,
        amount=amount.value,
        unit=amount.unit,
        factor=factor.value,
        factor_unit=factor.unit,
        source=factor.source,
        tco2e=amount.value * factor.value,
        quality="verified default" if factor.verified else "unverified default",
        factors=factor.parts,
    )
