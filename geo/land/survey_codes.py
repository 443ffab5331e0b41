"""Survey codes (评价用地代码): what A2, B21, D1 or H1 says of a parcel.

TD/T 1029 counts the same land by several tables at once: its condition (A, B, C), its supply (D to G) and
whether it is high-tech (H). So a parcel may carry a code of each, as `A2/D21/H1`; a code of one table says
nothing about the others. A coarser code (`A`, `B2`, `D`) is taken for what it says and no more.

A1 住宅  A2 工矿仓储  A3 交通运输 (A31, A32)  A4 商服  A6 其他
A5 公共管理与公共服务 (A51 公园与绿地, A52 其他)
B1 已建成农村建设用地 (B11 工矿仓储, B12 其他)  B2 其他土地 (B21 已达到供地条件, B22 未达到供地条件)
C1 河湖及蓄滞洪区  C2 自然、生态保护区  C3 其他不可建设
D1 划拨  D21 有偿使用且未到期  D22 有偿使用且已到期但未处置
E 尚可供应  F 不可供应  G 闲置  H1, H2 高新技术产业

Source: explanation of the survey tables of TD/T 1029 (要点解读), and the code of an evaluation system.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

TOWN = ("A", "A1", "A2", "A3", "A31", "A32", "A4", "A5", "A51", "A52", "A6")
RURAL_BUILT = ("B1", "B11", "B12")
OPEN = ("B2", "B21", "B22")
CLOSED = ("C", "C1", "C2", "C3")
DEVELOPABLE = (*TOWN, "B", *RURAL_BUILT, *OPEN)
CONDITIONS = (*DEVELOPABLE, *CLOSED)

SUPPLY_OF: Mapping[str, str] = {
    **dict.fromkeys(("D", "D1", "D2", "D21", "D22"), "supplied"),
    **dict.fromkeys(("E", "E1", "E2", "E21", "E22", "F"), "unsupplied"),
    "G": "idle",
}
TENURE_OF: Mapping[str, str] = {"D1": "allocated", "D21": "granted", "D22": "expired"}
HIGH_TECH = ("H", "H1", "H2")
CODES = (*CONDITIONS, *SUPPLY_OF, *HIGH_TECH)

# supply states that a parcel may state beside a code without contradicting it
AGREES: Mapping[str, tuple[str, ...]] = {
    "A": ("supplied", "not_supplied", "ready", "idle", "unsupplied"),
    "B1": ("supplied", "not_supplied", "ready", "idle", "unsupplied"),
    "B21": ("supplied", "ready", "idle", "unsupplied"),
    "B22": ("not_supplied", "unsupplied"),
    "C": ("not_developable", "not_supplied", "unsupplied"),
    "D": ("supplied", "idle"),
    "E": ("ready", "not_supplied", "unsupplied"),
    "F": ("not_supplied", "not_developable", "unsupplied"),
    "G": ("idle", "supplied"),
}
_BETWEEN = re.compile(r"[/,;、|+]+")


@dataclass(frozen=True, slots=True)
class Spoken:
    """What one given code says; empty where it says nothing.

    Parameters
    ----------
    text : the code as it is written here, or as it was given when it is not known
    known : whether every part of it is a code of the survey, and no two of one table
    condition : A1 … C3
    supply : supplied, idle, or unsupplied, which is all that E and F say
    tenure : allocated, granted, expired
    high_tech : H1, H2, or H where the class is not said
    """

    text: str
    known: bool
    condition: str = ""
    supply: str = ""
    tenure: str = ""
    high_tech: str = ""

    @property
    def letters(self) -> tuple[str, ...]:
        """The parts of the code."""
        return tuple(self.text.split("/")) if self.known else ()

    @property
    def built(self) -> bool | None:
        """Whether the land is built; None where the code does not say."""
        if self.condition in {"", "B", *CLOSED}:
            return None
        return self.condition in {*TOWN, *RURAL_BUILT}


@lru_cache(maxsize=4096)
def spoken(given: str) -> Spoken:
    """What a code says, whatever its case, width and blanks.

    >>> spoken(" a 2/ｄ21 ")
    Spoken(text='A2/D21', known=True, condition='A2', supply='supplied', tenure='granted', high_tech='')
    >>> spoken("A9").known, spoken("A2/B21").known
    (False, False)
    """
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", given).upper())
    parts = [part for part in _BETWEEN.split(plain) if part]
    condition = [part for part in parts if part in CONDITIONS]
    supply = [part for part in parts if part in SUPPLY_OF]
    high = [part for part in parts if part in HIGH_TECH]
    if not parts or set(parts) - set(CODES) or max(map(len, (condition, supply, high))) > 1:
        return Spoken(given.strip(), known=False)
    return Spoken(
        "/".join([*condition, *supply, *high]),
        True,
        "".join(condition),
        SUPPLY_OF["".join(supply)] if supply else "",
        TENURE_OF.get("".join(supply), ""),
        "".join(high),
    )


def heard(given: pd.Series) -> tuple[list[Spoken | None], pd.Series]:
    """The distinct codes of a column, and which of them each parcel carries.

    Parameters
    ----------
    given : (n parcels,) codes as they came; missing or blank says nothing

    Returns
    -------
    what each distinct code says, with None at the end for a parcel without one; and (n parcels,) positions
    in that list
    """
    positions, distinct = pd.factorize(given)
    said = [spoken(str(code)) if str(code).strip() else None for code in distinct]
    return [*said, None], pd.Series(positions, index=given.index).mod(len(said) + 1)


def agrees(said: Spoken, supply: str) -> bool:
    """Whether a supply state can stand beside a code.

    >>> agrees(spoken("B22"), "supplied"), agrees(spoken("D1"), "idle"), agrees(spoken("B2"), "ready")
    (False, True, True)
    """
    for part in said.letters:
        allowed = AGREES.get(part) or AGREES.get(part[:2]) or AGREES.get(part[:1])
        if allowed is not None and supply not in allowed:
            return False
    return True
