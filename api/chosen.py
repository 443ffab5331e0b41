"""What the person who assesses has chosen (口径选择): definition, area to divide by, evaluation, scheme.

Each is a default that can be switched; the result names what was chosen in its label, formula or area base.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from data.errors import NoSuchCode
from geo.benefit import BASES
from geo.benefit.scheme import names as schemes
from geo.land.evaluation_table import evaluation_tables
from geo.land.industrial_share import DEFINITIONS

YES = ("true", "1", "是", "yes")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The choices of one assessment.

    Parameters
    ----------
    definition : of the industrial share that is held against the target: p1, p2, p3, p4, or auto
    vacant : count 空闲地 1201 as construction land in P2 and P4
    base : area by which taxes, value added and revenue are divided: a key of `geo.benefit.BASES`
    evaluation : table of ideal values and weights for the score of intensive use; empty: none, and no score
    scheme : by which enterprises are graded; empty: the one of the zone's province, if there is one
    """

    definition: str = "auto"
    vacant: bool = False
    base: str = "built"
    evaluation: str = ""
    scheme: str = ""

    def __post_init__(self) -> None:
        """Refuse what does not exist, before anything is measured."""
        known = {
            "definition": ("auto", *DEFINITIONS),
            "base": tuple(BASES),
            "evaluation": ("", *evaluation_tables()),
            "scheme": ("", *schemes()),
        }
        for name, there in known.items():
            if (said := getattr(self, name)) not in there:
                raise NoSuchCode(said, f"The list for {name}", [each for each in there if each])

    @classmethod
    def of(cls, words: Mapping[str, str]) -> Chosen:
        """The choices that words name, as a request brings them; the others are the defaults.

        >>> Chosen.of({"definition": "p1", "vacant": "true", "year": "2024"})
        Chosen(definition='p1', vacant=True, base='built', evaluation='', scheme='')
        """
        said = {name: words[name] for name in NAMES if words.get(name)}
        vacant = said.pop("vacant", "").lower() in YES
        return cls(vacant=vacant, **said)


NAMES = tuple(each.name for each in fields(Chosen))
ABOUT: Mapping[str, str] = {
    "definition": "Of the industrial share that is held: p1 p2 p3 p4 auto.",
    "vacant": "Count 空闲地 1201 as construction land.",
    "base": f"Area to divide by: {' '.join(BASES)}.",
    "evaluation": "Table of ideal values and weights for the score of intensive use.",
    "scheme": "By which enterprises are graded.",
}
