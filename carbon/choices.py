"""Choices that an inventory rests on (核算选项), recorded with every result."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from data.errors import NoSuchCode
from data.parameters import files, has, roots

YEAR = re.compile(r"(19|20)\d{2}")
EQUIPMENT = {"industrial_boiler": "工业锅炉", "power_boiler": "发电锅炉", "cement_kiln": "水泥窑"}
ELECTRICITY = {
    "province": "省级平均",
    "region": "区域平均",
    "nation": "全国平均",
    "residual": "全国平均(不包括市场化交易的非化石能源电量)",
    "fossil": "全国化石能源电力",
    "ets": "全国碳市场报告用电网排放因子",
}
CAPTURED = {"apart": "另列, 不扣减", "deducted": "从合计中扣减"}
GWP = {"SAR": "IPCC 1995", "AR4": "IPCC 2007", "AR5": "IPCC 2013", "AR6": "IPCC 2021"}
# Why the defaults are what they are; an inventory carries the grounds beside the choice.
GROUNDS = {
    "family": "cn_a is the table of the guide for industry that has no guide of its own (ndrc-2015-guides-3, "
    "工业其他行业); a park holds many industries, and this table holds most of their fuels",
    "equipment": "most coal of a park is burned in industrial boilers; only cn_c asks for it",
    "electricity": "the announcements (mee-nbs-2024-12 and later) give a factor for the province itself",
    "gwp": "the aluminium guide of the national carbon market of 2024 uses AR5 (cets-ag-2024)",
    "vintage": "the factor of the accounting year itself; where none is published yet, the latest "
    "earlier one stands in, and a warning names both years",
    "captured": "neither ndrc-2025-910 附件4 nor GPC deducts it; it is told apart",
}


def families() -> tuple[str, ...]:
    """The fuel families there are: each `factors/fuel_<family>.yaml`, ours or the office's, is one.

    >>> "cn_a" in families()
    True
    """
    return _tables("fuel_", roots())


def land_methods() -> tuple[str, ...]:
    """The methods of land-use change there are: each `factors/land_<method>.yaml` is one.

    >>> "guangdong_2018" in land_methods()
    True
    """
    return _tables("land_", roots())


@cache
def _tables(prefix: str, _roots: tuple[Path, ...]) -> tuple[str, ...]:
    names = (name.removeprefix("factors/") for name in files("factors"))
    return tuple(name.removeprefix(prefix) for name in names if name.startswith(prefix))


@dataclass(frozen=True, slots=True)
class Choices:
    """What the person who accounts may choose; the number changes with each of them.

    Parameters
    ----------
    family : table of default fuel properties, one of `families()`
    equipment : where coal is burned, for families whose oxidation depends on it
    electricity : which published factor stands for bought electricity in the location total
    gwp : report from which warming potentials are taken
    vintage : data year of grid factors: empty for the accounting year, with the latest earlier one standing
        in; `exact` for the accounting year or none; or a year, as 2022
    captured : whether captured carbon dioxide stands apart or is deducted, one of `CAPTURED`
    land : method of land-use change, one of `land_methods()`

    Raises
    ------
    NoSuchCode : a choice that does not exist; the message names those near it
    """

    family: str = "cn_a"
    equipment: str = "industrial_boiler"
    electricity: str = "province"
    gwp: str = "AR5"
    vintage: str = ""
    captured: str = "apart"
    land: str = "guangdong_2018"

    def __post_init__(self) -> None:
        for chosen, system, known in (
            (self.family, "The list of fuel families", families()),
            (self.equipment, "The list of equipment", EQUIPMENT),
            (self.electricity, "The list of electricity factors", ELECTRICITY),
            (self.gwp, "The list of warming potentials", GWP),
            (self.captured, "The list of ways with captured carbon dioxide", CAPTURED),
            (self.land, "The list of methods of land-use change", land_methods()),
        ):
            if chosen not in known:
                raise NoSuchCode(chosen, f"{system} ({', '.join(known)})", known)
        if self.vintage not in ("", "exact") and not YEAR.fullmatch(self.vintage):
            raise NoSuchCode(self.vintage, "The list of vintages (empty, exact, or a year)", ("exact",))

    @property
    def gases(self) -> tuple[str, ...]:
        """The gases that the fuel family counts; the Chinese guides count carbon dioxide only.

        >>> Choices().gases, Choices(family="ipcc2006").gases
        (('CO2',), ('CO2', 'CH4', 'N2O'))
        """
        others = has(f"factors.fuel_{self.family}.diesel.ch4")
        return ("CO2", "CH4", "N2O") if others else ("CO2",)

    def as_json(self) -> dict[str, Any]:
        """The choices, the gases that follow, and on what ground the defaults stand."""
        default = Choices()
        grounds = {
            name: ground for name, ground in GROUNDS.items() if getattr(self, name) == getattr(default, name)
        }
        return {
            **asdict(self),
            "gases": list(self.gases),
            "exports": "location: not netted; ndrc910: netted",
            "grounds": grounds,
        }
