"""One sentence in both languages (句式): English with named holes, Chinese with the same holes.

A hole is `{name}` or `{name:kind}`; the kinds stand in holes.py. The full stop at the end is left to the
text: a reason without one gets none in Chinese.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from api.chinese.holes import KINDS
from data.errors import RuleFileError

HOLE = re.compile(r"\{(\w+)(?::(\w+))?\}")
DIGITS = re.compile(r"(?<![A-Za-z\d.])\d+(?:\.\d+)?")
NUMBER = r"[-+±]?\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?|[-+]?inf|nan"
SHAPES = {"number": f"(?:{NUMBER})", "word": r"[^\s,;:]+?", "day": r"\d{4}-\d\d-\d\d"}
"""Kind of a hole -> what it looks like; all others may hold anything"""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A sentence with holes.

    Parameters
    ----------
    chinese : with `{name}` for each hole
    kinds : name of each hole -> its kind, empty for text that stays as it is
    shape : what a whole English sentence looks like, without its full stop
    start : what it begins with, empty when that is a hole
    longest : its longest piece between holes; a text without it is not looked at again
    weight : letters that are fixed; of two that fit, the heavier is meant
    """

    english: str
    chinese: str
    kinds: Mapping[str, str]
    shape: re.Pattern[str]
    start: str
    longest: str
    weight: int


def pattern(english: str, chinese: str) -> Pattern:
    """Compile a pair, and refuse one in which a value would be lost.

    >>> made = pattern("{n:number} of {m:number} lines are lost.", "{m} 行中 {n} 行遗失。")
    >>> made.start, made.longest, made.shape.fullmatch("3 of 1,200 lines are lost").groupdict()
    ('', ' lines are lost', {'n': '3', 'm': '1,200'})

    Raises
    ------
    RuleFileError : a hole or a number stands on one side only, or a hole twice in the English
    """
    body, told = english.removesuffix("."), chinese.removesuffix("。")
    kinds = {name: kind or "" for name, kind in HOLE.findall(body)}
    names = HOLE.findall(body)
    if strange := set(kinds.values()) - set(KINDS):
        raise RuleFileError(
            f"{english}: {', '.join(strange)} is no kind of hole; there are {', '.join(KINDS)}."
        )
    lost = set(kinds) ^ {name for name, _ in HOLE.findall(told)}
    if lost or len(kinds) < len(names):
        raise RuleFileError(f"{english}: {sorted(lost) or 'a hole'} must stand once on both sides.")
    fixed = [HOLE.sub("\0", said) for said in (body, told)]
    if odd := set(DIGITS.findall(fixed[0])) - set(DIGITS.findall(fixed[1])):
        raise RuleFileError(f"{english}: the Chinese lacks {', '.join(sorted(odd))}.")
    pieces = fixed[0].split("\0")
    longest = max(pieces, key=len)
    return Pattern(english, told, kinds, _shape(body), pieces[0], longest, sum(map(len, pieces)))


def _shape(body: str) -> re.Pattern[str]:
    made, at = "", 0
    for hole in HOLE.finditer(body):
        inside = SHAPES.get(hole[2] or "", ".+?")
        made += f"{re.escape(body[at : hole.start()])}(?P<{hole[1]}>{inside})"
        at = hole.end()
    return re.compile(made + re.escape(body[at:]), re.DOTALL)
