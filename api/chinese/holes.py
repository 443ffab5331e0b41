"""What stands in the holes of a sentence (句中各项), and what becomes of it in Chinese.

number, word, day   stay as they are; they say what the hole can hold
(none)    any text, as it is: names, units, articles; not three English words in a row
term      a name for which terms.yaml or the categories have a Chinese one
list      several of these: "heat and power", "A1, A2 and 3 more"
said      a sentence or more of the program; when it is not known, the whole sentence stays English
maybe     the same, or else the text as it is: an explanation that a person wrote, the code of a fault
lines     statements, parted by semicolons: "E1 fuel 烟煤 (NE: …); and 3 more"
vintages  years of a factor: "from 2021 (published 2024-04-12), from 2022 (…)"
"""

from __future__ import annotations

import re
from collections.abc import Callable

from api.chinese.reading import terms, titles

RUN = re.compile(r"[A-Za-z]{2,}(?:,? [A-Za-z]{2,}){2}")
"""Three English words in a row, which are no name but a part of a sentence"""
ENGLISH = re.compile(r"[A-Za-z]{2,}[,;:]? [A-Za-z]{2,}")
MORE = re.compile(r"(?:and )?(\d[\d,]*) more")
LINE = re.compile(r"(the zone|\S+) (\w+) (.+?) \((.+)\)", re.DOTALL)
WITHOUT = re.compile(r"(\w+) (\w+) in (.+?) \((no calorific value in the family \w+)\)")
VINTAGE = re.compile(r"from (\d+) \(published ([\d-]+)\)")
BRACKETS = re.compile(r"\([^()]*\)")
FURTHER = re.compile(r"[.…;]\s+[A-Z\d][\w]* [\w.:]|^\d{4}: |; \d{4}: ")
SENTENCES = ("said", "maybe")
KINDS = ("number", "word", "day", "", "term", "list", *SENTENCES, "lines", "vintages")
NOTED = re.compile(r"([A-Z]{1,2}): (.*)", re.DOTALL)
Say = Callable[[str], "str | None"]


def filled(kind: str, value: str, say: Say) -> str | None:
    """The Chinese of what stands in a hole; None when it should be known and is not.

    Parameters
    ----------
    say : the Chinese of whole sentences, or None
    """
    if kind in ("", "term", "list") and RUN.search(value) and value not in terms():
        return None
    if kind == "term":
        return term(value)
    if kind == "list":
        return listed(value)
    if kind == "lines":
        return "；".join(_line(each, say) for each in _parted(value))
    if kind == "vintages":
        return VINTAGE.sub(r"\1 年（\2 公布）", value).replace("）, ", "）、")
    if kind == "maybe":
        return say(value) or term(value)
    if kind == "said":
        return say(value) or (None if ENGLISH.search(value) else term(value))
    return value


def swallows(value: str) -> bool:
    """Whether a hole seems to have taken in the next sentence, or the year before its own.

    >>> swallows("烟煤. The others sum to 3 t"), swallows("烟煤 (NE: 未计量. 待补)")
    (True, False)
    """
    return FURTHER.search(BRACKETS.sub("", value)) is not None


def term(name: str) -> str:
    """The Chinese term of a name, the title of a code, or the name.

    >>> term("scope2"), term("unit_missing"), term("烟煤")
    ('范围二', '没有单位', '烟煤')
    """
    return terms().get(name) or titles().get(name) or name


def listed(text: str) -> str:
    """Names one after another.

    >>> listed("heat and power"), listed("070005, 070007 and 1,055 more")
    ('热力、电力', '070005、070007 等，另有 1,055 个')
    """
    more = re.fullmatch(rf"(.+?)(?:,| and|; and) {MORE.pattern}", text, re.DOTALL)
    names = re.split(r", | and |; ", more[1] if more else text)
    told = "、".join(_sized(name) for name in names)
    return f"{told} 等，另有 {more[2]} 个" if more else told


def _sized(name: str) -> str:
    """A name, or a name with a count or an amount after it."""
    head, _, tail = name.rpartition(" ")
    return f"{term(head)} {tail}" if head in terms() else term(name)


def _parted(text: str) -> list[str]:
    """Cut at semicolons that stand in no brackets."""
    parts: list[str] = []
    for piece in text.split("; "):
        if parts and parts[-1].count("(") > parts[-1].count(")"):
            parts[-1] += "; " + piece
        else:
            parts.append(piece)
    return parts


def _line(text: str, say: Say) -> str:
    if more := MORE.fullmatch(text):
        return f"另有 {more[1]} 行"
    if gone := WITHOUT.fullmatch(text):
        return f"{term(gone[1])} {gone[2]}，单位 {term(gone[3])}（{say(gone[4]) or gone[4]}）"
    if not (line := LINE.fullmatch(text)):
        return say(text) or text
    who, category, item, why = line.groups()
    noted = NOTED.fullmatch(why)
    said = f"{noted[1]}：{noted[2]}" if noted else (say(why) or term(why))
    return f"{term(who)} {term(category)} {item}（{said}）"
