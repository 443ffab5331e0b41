"""Which encoding Chinese text is in (文字编码): what is declared, held against the bytes; else a guess.

Order: what the person names, the .cpg file, the language byte of the .dbf, a guess. A declared encoding
in which the bytes make no sense is set aside, with a fault.

The guess tries UTF-8, GB 18030 (which contains GBK and GB 2312) and Big5. Where several fit, it counts
characters of the first level of GB 2312 (3,755) or of Big5 (5,401), which each standard filled with those
in common use: text read in the wrong one lands outside.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from data.errors import FileUnusable
from data.formats.faults import reader_fault
from data.records import Fault

SPELLINGS = {
    "gb18030": "936 cp936 gbk gb2312 gb18030 54936 20936 ms936 ansi936 windows936 euccn hz gb x936 oem936",
    "cp950": "950 cp950 big5 ms950 ansi950 windows950 big5eten oem950",
    "big5hkscs": "951 cp951 big5hkscs hkscs",
    "utf-8": "utf8 65001 cp65001 utf8sig unicode11utf8 utf8bom",
    "utf-16": "utf16 1200 utf16le unicode ucs2",
    "latin-1": "88591 iso88591 latin1 28591",
    "": "ansi oem system default none unknown",
}
LANGUAGE_BYTES = {
    0x01: "cp437", 0x02: "cp850", 0x03: "cp1252", 0x13: "cp932", 0x4D: "gb18030", 0x4E: "cp949",
    0x4F: "cp950", 0x50: "cp874", 0x58: "cp1252", 0x59: "cp1252", 0x64: "cp852", 0x65: "cp866",
    0x78: "cp950", 0x79: "cp949", 0x7A: "gb18030", 0x7B: "cp932", 0x7C: "cp874", 0xC8: "cp1250",
    0xC9: "cp1251", 0xCA: "cp1254", 0xCB: "cp1253",
}  # fmt: skip
"""Language driver byte -> code page. 0x57 is `ANSI of that machine`, which says nothing."""

WIDE = ("utf-8", "gb18030", "cp950", "big5hkscs")
EVERYDAY = set(
    "的一不在有中国人大地市县区乡镇村省路街河山水田林园厂房宅用工业商公共管理开发高新技术经济产建设"
)
EVERYDAY |= set("國縣區鄉鎮廠園業發開產經濟設東西南北前後上下號號户農")
ENOUGH, NOT_CHINESE, MARGIN = 0.85, 0.3, 0.3
"""Shares of common characters: surely Chinese, surely not, and a difference that decides."""
SAMPLE = 500_000
"""Bytes beyond which more text would not change the answer"""
LONE_PAIR = rb"(?<![\x80-\xff])[\xc2-\xdf][\x80-\xbf](?![\x80-\xff])"
LONE_BYTE = rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])"
"""One accented letter among plain ones: in UTF-8, and in the encodings of one byte a letter"""


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding, how it was found (`named`, `guessed` …), and how well the bytes fit it."""

    name: str
    found: str
    fit: float = 1.0


def canonical(said: str) -> str | None:
    """Our name of an encoding as people spell it; empty when it says nothing, None when nobody knows it.

    >>> canonical("GBK"), canonical("936"), canonical("Big-5"), canonical("UTF8"), canonical("OEM")
    ('gb18030', 'gb18030', 'cp950', 'utf-8', '')
    """
    bare = re.sub(r"[^a-z0-9]", "", said.lower())
    for name, spellings in SPELLINGS.items():
        if bare in spellings.split() or not bare:
            return name if bare else ""
    number = re.search(r"(\d{3,5})$", bare)
    for candidate in (said.strip(), bare, f"cp{number[1]}" if number else ""):
        try:
            return codecs.lookup(candidate).name
        except (LookupError, ValueError):  # a null byte is a value error
            continue
    return None


def named(said: str) -> str:
    """The encoding that a person names.

    Raises
    ------
    FileUnusable : there is no such encoding
    """
    name = canonical(said)
    if not name:
        raise FileUnusable(f"There is no encoding {said!r}. Try utf-8, gb18030 (contains GBK) or big5.")
    return name


def decoded(raw: bytes, encoding: str, full: bool = False) -> tuple[str, str]:
    """Text of one value, and what was wrong with it: `` nothing, `cut` mid-character, `odd` bytes.

    Parameters
    ----------
    full : the value fills its field, so that its last character may have been cut

    >>> decoded("地块".encode("gb18030")[:3], "gb18030", full=True)
    ('地', 'cut')
    """
    try:
        return raw.decode(encoding), ""
    except UnicodeDecodeError as odd:
        rest = raw[odd.start :]
        if full and len(rest) < 4 and _is_beginning(rest, encoding):
            return raw[: odd.start].decode(encoding), "cut"
        return raw.decode(encoding, "replace"), "odd"


def _is_beginning(rest: bytes, encoding: str) -> bool:
    """Whether more bytes could still make a character of these."""
    try:
        return codecs.getincrementaldecoder(encoding)().decode(rest) == ""
    except UnicodeDecodeError:
        return False


@cache
def _common() -> dict[str, frozenset[str]]:
    def block(encoding: str, first: int, last: int) -> set[str]:
        pairs = (bytes((a, b)) for a in range(first, last + 1) for b in range(0x40, 0xFF))
        return set("".join(pair.decode(encoding, "ignore") for pair in pairs))

    simplified, traditional = block("gb2312", 0xB0, 0xD7), block("big5", 0xA4, 0xC6)
    marks = set("，。、；：（）《》“”‘’—…·【】！？％℃㎡①②③④⑤⑥⑦⑧⑨０１２３４５６７８９ⅠⅡⅢⅣ　")
    # Below U+0800 UTF-8 has two bytes a letter, as GBK has: there it proves nothing.
    both = frozenset(c for c in simplified | traditional | marks if ord(c) >= 0x800)
    of_big5 = frozenset(traditional | marks)
    return {"utf-8": both, "gb18030": frozenset(simplified | marks), "cp950": of_big5, "big5hkscs": of_big5}


def fit(values: Sequence[tuple[bytes, bool]], encoding: str) -> float:
    """How well texts read in an encoding: -1 when they cannot be, else the share of common characters.

    Parameters
    ----------
    values : bytes, and whether the value fills its field
    """
    texts = []
    for raw, full in values:
        text, wrong = decoded(raw, encoding, full)
        if wrong == "odd":
            return -1.0
        texts.append(text)
    wide = [c for c in "".join(texts) if ord(c) > 0x7F]
    if not wide:
        return 0.0
    common = sum(c in _common().get(encoding, ()) for c in wide)
    everyday = sum(c in EVERYDAY for c in wide)
    return (common + 0.05 * everyday) / len(wide)


def guess(values: Sequence[tuple[bytes, bool]]) -> Encoding | None:
    """The encoding in which the texts make most sense; None when they make none in any.

    UTF-8 that decodes is UTF-8: text of another encoding seldom does by chance, and then only in short
    pairs without Chinese, which the first level of GB 2312 outdoes.

    >>> guess([("郑州市".encode("gbk"), False)]).name
    'gb18030'
    >>> guess([("鄭州市".encode("big5"), False)]).name
    'cp950'
    """
    fits = {name: fit(values, name) for name in WIDE}
    pair = any(re.search(LONE_PAIR, raw) for raw, _ in values)
    if fits["utf-8"] >= 0.5 or (fits["utf-8"] >= 0 and (pair or fits["gb18030"] < ENOUGH)):
        return Encoding("utf-8", "guessed", fits["utf-8"])
    name = max(WIDE[1:], key=lambda each: fits[each])
    if fits[name] < NOT_CHINESE and any(re.search(LONE_BYTE, raw) for raw, _ in values):
        return None
    return Encoding(name, "guessed", fits[name]) if fits[name] >= 0 else None


def find(
    values: Iterable[tuple[bytes, bool]],
    declared: Sequence[tuple[str, str]],
    file: str,
    faults: list[Fault],
) -> Encoding:
    """The encoding of a file's texts: the first declaration that its bytes bear out, else a guess.

    Parameters
    ----------
    values : texts with bytes beyond ASCII, and whether each fills its field
    declared : pairs of where it is declared and how it is spelled, most binding first
    faults : list to which contradictions and guesses are added

    Raises
    ------
    FileUnusable : it declares UTF-16, and seems to mean it
    """
    sample, size = [], 0
    for value in values:
        sample.append(value)
        if (size := size + len(value[0])) > SAMPLE:
            break
    best = guess(sample) if sample else None
    for where, said in declared:
        name = canonical(said)
        if name and (not sample or _borne_out(sample, name, best)):
            return Encoding(name, where)
        if name != "":
            faults.append(_contradiction(where, said, name, file))
    if not sample:
        return Encoding("utf-8", "plain")
    if best is None:
        if any(canonical(said) == "utf-16" for _, said in declared):
            raise FileUnusable(f"{file} declares UTF-16, which a .dbf cannot hold. Export it as UTF-8.")
        faults.append(_guessed("latin-1", "no Chinese encoding fits its bytes", file))
        return Encoding("latin-1", "guessed", 0.0)
    faults.append(_guessed(best.name, f"{min(best.fit, 1):.0%} of its characters are common ones", file))
    return best


def _borne_out(sample: Sequence[tuple[bytes, bool]], name: str, best: Encoding | None) -> bool:
    if name == "utf-16":
        return False
    wrong = sum(decoded(raw, name, full)[1] == "odd" for raw, full in sample)
    if name in WIDE:
        # A few damaged values do not make a declaration wrong; a much better fit elsewhere does.
        better = best is not None and best.fit >= ENOUGH and best.fit > fit(sample, name) + MARGIN
        return wrong <= len(sample) * 0.02 and (wrong > 0 or not better)
    # One byte, one letter: anything decodes, so that it is the Chinese that has to speak against it.
    runs = b" ".join(raw for raw, _ in sample)
    chinese = best is not None and best.fit >= ENOUGH and re.search(rb"[\x80-\xff]{2}", runs)
    return not wrong and not chinese


def _contradiction(where: str, said: str, name: str | None, file: str) -> Fault:
    why = "the text makes no sense in it" if name else "nobody knows an encoding of that name"
    return reader_fault(
        "encoding_contradicted",
        f"The {where} says {said!r}, but {why}; it was set aside.",
        "Correct the .cpg file, or name the encoding (--encoding).",
        file=file,
    )


def _guessed(name: str, why: str, file: str) -> Fault:
    return reader_fault(
        "encoding_guessed",
        f"Nothing sound says which encoding the text is in; it was read as {name}: {why}.",
        "Look at the names; if they are garbled, name the encoding (--encoding gb18030, big5, utf-8).",
        file=file,
    )
