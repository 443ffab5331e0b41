"""The table of a yearly evaluation (评价办法): indicators, weights, leagues, normalisation.

The document lies in `data/rules/standing/leagues/`; its weights and the figure that splits two leagues are
dated rules of their own, so that an office can put its own values in their place.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from data.errors import NoSuchParameter, RuleFileError
from data.parameters import files, names, parameter, read_strictly
from data.records import Dated

FOLDER = "rules/standing/leagues"
NORMALISATIONS = ("best", "mean")
KEYS = {
    *("label", "meaning", "article", "status", "notes", "normalisation", "decimals"),
    *("split", "weights", "indicators", "leagues"),
}
LEAGUES = ("manufacturing_upper", "manufacturing_lower", "services")


@dataclass(frozen=True)
class Scheme:
    """An evaluation as its file has it.

    Parameters
    ----------
    normalisation : `best` or `mean`, of the league
    decimals : of the score; equal scores after rounding share a rank
    split, weights : names of the dated rules
    indicators : code -> label, unit, measure
    leagues : code -> label
    """

    name: str
    label: str
    article: str
    status: str
    normalisation: str
    decimals: int
    split: str
    weights: str
    indicators: Mapping[str, Mapping[str, Any]]
    leagues: Mapping[str, str]

    def weighed(self, day: date, region: str) -> dict[str, Dated]:
        """The weight of each indicator in force; together they are 1.

        Raises
        ------
        RuleFileError : they do not add up, or weigh other things than the indicators
        NoValueOnDay : one has no value on that day
        """
        weighed = {n.rpartition(".")[2] for n in names() if n.startswith(f"{self.weights}.")}
        if weighed != set(self.indicators):
            odd = ", ".join(sorted(weighed ^ set(self.indicators)))
            raise RuleFileError(f"{self.weights} and {self.name} do not name the same indicators: {odd}.")
        found = {code: parameter(f"{self.weights}.{code}").on(day, region) for code in self.indicators}
        whole = math.fsum(float(each.value or 0) for each in found.values())
        if not math.isclose(whole, 1.0, abs_tol=1e-9):
            raise RuleFileError(
                f"{self.weights}: the weights of {day} add up to {whole:g}, not to 1. Correct them."
            )
        return found

    def parted(self, day: date, region: str) -> Dated:
        """The revenue that splits the two leagues of manufacturing zones, in force."""
        return parameter(self.split).on(day, region)


def scheme(name: str) -> Scheme:
    """The scheme of that name, the office's before ours.

    >>> scheme("henan_2023_13").normalisation
    'best'

    Raises
    ------
    NoSuchParameter : there is no such file
    RuleFileError : a key is missing or unknown
    """
    known = files(FOLDER)
    path = known.get(f"{FOLDER}/{name}")
    if path is None:
        raise NoSuchParameter(name, [each.rpartition("/")[2] for each in known])
    return _read(path)


@cache
def _read(path: Path) -> Scheme:
    said = read_strictly(path)
    if set(said) != KEYS:
        raise RuleFileError(f"{path.name}: missing or unknown: {', '.join(sorted(set(said) ^ KEYS))}.")
    if said["normalisation"] not in NORMALISATIONS:
        raise RuleFileError(f"{path.name}: normalisation is one of {', '.join(NORMALISATIONS)}.")
    if set(said["leagues"]) != set(LEAGUES):
        raise RuleFileError(f"{path.name}: leagues are {', '.join(LEAGUES)}.")
    if any(set(each) != {"label"} for each in said["leagues"].values()):
        raise RuleFileError(f"{path.name}: a league has a label, in quotes, and nothing else.")
    for code, each in said["indicators"].items():
        if set(each) != {"label", "unit", "measure"}:
            raise RuleFileError(f"{path.name}, {code}: give label, unit and measure.")
    return Scheme(
        name=path.stem,
        label=said["label"],
        article=said["article"],
        status=said["status"],
        normalisation=said["normalisation"],
        decimals=said["decimals"],
        split=said["split"],
        weights=said["weights"],
        indicators=said["indicators"],
        leagues={code: each["label"] for code, each in said["leagues"].items()},
    )
