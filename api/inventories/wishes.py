"""Wishes (核算选项): choices of factors, the day of knowledge, and how to tell what is not sure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any

from api.chosen import NoSuchChoice
from api.settings import settings
from carbon.choices import CAPTURED, ELECTRICITY, EQUIPMENT, GWP, Choices, families, land_methods
from data.errors import MutanError

APPROACHES = {"1": "误差传播", "2": "蒙特卡洛"}
DRAWS_MOST = 200_000
CHOICES = tuple(each.name for each in fields(Choices))
ABOUT: Mapping[str, str] = {
    "family": "Fuel family: the tables fuel_NAME of data/factors.",
    "equipment": f"Where coal is burned, when a statement does not say: {' '.join(EQUIPMENT)}.",
    "electricity": f"Grid factor of the location total: {' '.join(ELECTRICITY)}.",
    "vintage": "Data year of grid factors: none, exact, or a year.",
    "gwp": f"Warming potentials: {' '.join(GWP)}.",
    "captured": f"Captured carbon dioxide: {' '.join(CAPTURED)}.",
    "land": "Method of land-use change: the tables land_NAME of data/factors.",
    "known_on": "Only with what was published by that day, as 2025-06-30.",
    "approach": "Of uncertainty: 1 propagation, 2 Monte Carlo.",
    "draws": "Of the Monte Carlo.",
    "seed": "Of the Monte Carlo.",
}
"""Name of a wish -> what it means, as commands and addresses spell it"""


@dataclass(frozen=True, slots=True)
class Wishes:
    """How an inventory is to be made.

    Parameters
    ----------
    known_on : only what was published by that day
    approach : 1 propagation of errors, 2 Monte Carlo
    draws, seed : of the Monte Carlo
    """

    choices: Choices = field(default_factory=Choices)
    known_on: date = date.max
    approach: int = 2
    draws: int = 10_000
    seed: int = 0

    @classmethod
    def of(cls, words: Mapping[str, str]) -> Wishes:
        """The wishes that words name, as a request brings them; the others are the defaults.

        >>> made = Wishes.of({"gwp": "AR6", "known_on": "2025-06-30", "year": "2024"})
        >>> made.choices.gwp, made.known_on.isoformat(), made.approach
        ('AR6', '2025-06-30', 2)

        Raises
        ------
        NoSuchCode, NoSuchChoice, MutanError : a choice does not exist, or a word is no day or number
        """
        settings()  # the office's own factors are laid over ours when the settings are read
        said = {name: words[name] for name in CHOICES if words.get(name)}
        approach = words.get("approach") or "2"
        if approach not in APPROACHES:
            raise NoSuchChoice("approach", approach, APPROACHES)
        return cls(
            Choices(**said),
            _day(words.get("known_on", "")),
            int(approach),
            _whole("draws", words.get("draws", ""), 10_000, 100, DRAWS_MOST),
            _whole("seed", words.get("seed", ""), 0, 0, 2**31),
        )

    def as_json(self) -> dict[str, Any]:
        """Plain values, those of the choices among them."""
        told = {name: value for name, value in asdict(self).items() if name != "choices"}
        known_on = None if self.known_on == date.max else self.known_on.isoformat()
        return {**self.choices.as_json(), **told, "known_on": known_on}


def offered() -> dict[str, tuple[str, ...]]:
    """The wishes that are one of a few, and what is offered of each.

    >>> offered()["gwp"]
    ('SAR', 'AR4', 'AR5', 'AR6')
    """
    return {
        "family": families(),
        "equipment": tuple(EQUIPMENT),
        "electricity": tuple(ELECTRICITY),
        "gwp": tuple(GWP),
        "captured": tuple(CAPTURED),
        "land": land_methods(),
        "approach": tuple(APPROACHES),
    }


def _day(said: str) -> date:
    if not said:
        return date.max
    try:
        return date.fromisoformat(said)
    except ValueError as odd:
        raise MutanError(f"known_on={said!r} is no day. Write it as 2025-06-30.") from odd


def _whole(name: str, said: str, default: int, least: int, most: int) -> int:
    if not said:
        return default
    if not (said.isascii() and said.isdecimal() and least <= int(said[:12]) <= most):
        raise MutanError(f"{name}={said!r} is no whole number from {least} to {most:,}.")
    return int(said)
