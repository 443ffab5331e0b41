"""From the program's English to Chinese (译文): sentence by sentence, whole or not at all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache, lru_cache

from api.chinese.holes import SENTENCES, filled, swallows
from api.chinese.pattern import HOLE, Pattern, pattern
from api.chinese.reading import sentences, titles

MOST = 8_000
"""Letters of a text; a longer one is data, not a sentence of ours"""
PIECES_MOST = 24
"""Sentences that are read together; more are read one by one"""
DEPTH_MOST = 8
"""Sentences in sentences"""
WORD = re.compile(r"[A-Za-z]+")
ENDS = {".": "。", ";": "；"}
SPLIT = re.compile(r"(?<=[.…])\s+(?=\S)|(?<=;) ")


def title(code: str) -> str:
    """The short Chinese title of a fault's code; the code itself where there is none.

    >>> title("unit_unusable"), title("something_new")
    ('单位无法换算', 'something_new')
    """
    return titles().get(code, code)


@lru_cache(maxsize=1 << 14)
def chinese(text: str) -> str:
    """A text of the program in Chinese: reason, message, remedy, explanation.

    Sentences are read one by one; each keeps all of its values. One that is not known stays as it is, and
    so does what a person wrote.

    >>> chinese("2024: nobody has stated 营业收入 (revenue)")
    '2024 年：无人填报营业收入（revenue）'
    >>> chinese("1 of 3 lines are not known: E1 fuel 烟煤 (NE: 未计量). The others sum to 40.5 t.")
    '3 行中有 1 行未知：E1 燃料 烟煤（NE：未计量）；其余合计 40.5 吨。'
    >>> chinese("Nothing of ours.")
    'Nothing of ours.'
    """
    if not text or len(text) > MOST:
        return text
    return _said(text, 0) or _one_by_one(text)


def _one_by_one(text: str) -> str:
    """Each sentence that is known, between those that are not."""
    pieces = re.split(r"(?<=[.…])(\s+)(?=\S)", text)
    if len(pieces) == 1:
        return text
    made = ""
    for piece, space in zip(pieces[::2], [*pieces[1::2], ""], strict=True):
        told = _said(piece, 0)
        made += told or piece + space
    return made


@lru_cache(maxsize=1 << 12)  # a sentence within a sentence is asked for by every pattern around it
def _said(text: str, depth: int) -> str | None:
    """All sentences of a text in Chinese; None when one of them is not known.

    The longest run that fits goes first, for one pattern may hold two sentences; but no value may look as
    if it held the next one. When that leads nowhere, values may hold anything, and short runs go first.
    """
    if depth > DEPTH_MOST or not text:
        return None
    maybe = _candidates(text)
    cuts = [0, *(cut.end() for cut in SPLIT.finditer(text)), len(text)]
    if not maybe or len(cuts) > PIECES_MOST:
        return None
    return _run(text, cuts, maybe, (depth, True)) or _run(text, cuts, maybe, (depth, False))


def _run(text: str, cuts: list[int], maybe: list[Pattern], how: tuple[int, bool]) -> str | None:
    """The sentences between the cuts, one run after another, or None."""
    last = len(cuts) - 1
    failed: set[int] = set()

    def rest(at: int) -> str | None:
        if at == last:
            return ""
        if at in failed:
            return None
        ends = range(last, at, -1) if how[1] else range(at + 1, last + 1)
        for end in ends:
            span = text[cuts[at] : cuts[end]].strip()
            if (told := _sentence(span, maybe, how)) and (after := rest(end)) is not None:
                return told + after
        failed.add(at)
        return None

    return rest(0)


def _sentence(text: str, maybe: list[Pattern], how: tuple[int, bool]) -> str | None:
    """One sentence, by the heaviest pattern that fits."""
    end = text[-1] if text[-1] in ENDS else ""
    body = text.removesuffix(end)
    for each in maybe:
        if body.startswith(each.start) and each.longest in body and (held := each.shape.fullmatch(body)):
            told = _filled(each, held.groupdict(), how)
            if told is not None:
                return told + ENDS.get(end, "")
    return None


def _filled(each: Pattern, values: Mapping[str, str], how: tuple[int, bool]) -> str | None:
    told: dict[str, str] = {}
    for name, value in values.items():
        kind = each.kinds[name]
        if how[1] and kind not in SENTENCES and swallows(value):
            return None
        made = filled(kind, value, lambda inner: _said(inner, how[0] + 1))
        if made is None:
            return None
        told[name] = made.removesuffix("。") if kind in SENTENCES else made
    return HOLE.sub(lambda hole: told[hole[1]], each.chinese)


def _candidates(text: str) -> list[Pattern]:
    """The patterns of which a word stands in the text, the longest first."""
    every, by_word = patterns(), _by_word()
    found = {at for word in {"", *WORD.findall(text)} for at in by_word.get(word, ())}
    return [every[at] for at in sorted(found) if every[at].longest in text]


@cache
def _by_word() -> Mapping[str, list[int]]:
    """The rarest fixed word of each pattern -> where the pattern stands in `patterns`; empty: it has none."""
    words = [set(WORD.findall(re.sub(r"\w*\{.+?\}\w*", "\0", each.english))) for each in patterns()]
    often = Counter(word for those in words for word in those)
    found: dict[str, list[int]] = {}
    for at, those in enumerate(words):
        key = min(those, key=lambda word: (often[word], word), default="")
        found.setdefault(key, []).append(at)
    return found


@cache
def patterns() -> tuple[Pattern, ...]:
    """All sentences, the longest first.

    Raises
    ------
    RuleFileError : one of them loses a value
    """
    made = (pattern(english, told) for english, told in sentences().items())
    return tuple(sorted(made, key=lambda each: -each.weight))
