"""What the person who assesses has chosen (口径选择): definition, area to divide by, evaluation, scheme.

Each is a default that can be switched; the result names what was chosen in its label, formula or area base.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields

from api.settings import settings
from data.errors import MutanError, NoSuchCode
from geo.benefit import BASES
from geo.benefit.scheme import names as schemes
from geo.land.evaluation_table import evaluation_tables
from geo.land.industrial_share import DEFINITIONS

FLAGS: Mapping[str, bool] = {
    **dict.fromkeys(("true", "1", "是", "yes"), True),
    **dict.fromkeys(("false", "0", "否", "no", ""), False),
}


class NoSuchChoice(NoSuchCode):
    """A choice that is not offered; the message lists those that are."""

    def __init__(self, what: str, said: str, there: Collection[str]):
        self.code, self.system = said, what
        MutanError.__init__(self, f"{what}={said!r} is not offered. Choose one of: {', '.join(there)}.")


def flag(what: str, said: str) -> bool:
    """A yes or no that was written.

    Raises
    ------
    NoSuchChoice : it is neither

    >>> flag("vacant", "是"), flag("vacant", "false")
    (True, False)
    """
    if said.lower() not in FLAGS:
        raise NoSuchChoice(what, said, ("true", "false"))
    return FLAGS[said.lower()]


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
        """Refuse what does not exist, before anything is measured.

        Raises
        ------
        NoSuchChoice : a choice is not offered
        """
        settings()  # the office's own tables and schemes are laid over ours when the settings are read
        known = {
            "definition": ("auto", *DEFINITIONS),
            "base": tuple(BASES),
            "evaluation": ("", *evaluation_tables()),
            "scheme": ("", *schemes()),
        }
        for name, there in known.items():
            if (said := getattr(self, name)) not in there:
                raise NoSuchChoice(name, said, [each for each in there if each])

    @classmethod
    def of(cls, words: Mapping[str, str]) -> Chosen:
        """The choices that words name, as a request brings them; the others are the defaults.

        >>> Chosen.of({"definition": "p1", "vacant": "true", "year": "2024"})
        Chosen(definition='p1', vacant=True, base='built', evaluation='', scheme='')
        """
        said = {name: words[name] for name in NAMES if words.get(name)}
        return cls(vacant=flag("vacant", said.pop("vacant", "")), **said)


NAMES = tuple(each.name for each in fields(Chosen))
ABOUT: Mapping[str, str] = {
    "definition": "Of the industrial share that is held: p1 p2 p3 p4 auto.",
    "vacant": "Count 空闲地 1201 as construction land.",
    "base": f"Area to divide by: {' '.join(BASES)}.",
    "evaluation": "Table of ideal values and weights for the score of intensive use.",
    "scheme": "By which enterprises are graded.",
}
