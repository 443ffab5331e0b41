"""Chinese fonts for the PDF (中文字体): the first known one on this machine; never a page of empty boxes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import typst
from fontTools.ttLib import TTFont

from data.errors import MutanError
from maps.assets import ROOT

KNOWN = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "Microsoft YaHei",
    "PingFang SC", "HarmonyOS Sans SC", "Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC",
    "Source Han Serif CN", "SimSun", "NSimSun", "SimHei", "FangSong", "Songti SC", "STSong", "Heiti SC",
    "STHeiti", "Hiragino Sans GB", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "AR PL UMing CN",
    "AR PL SungtiL GB", "Droid Sans Fallback",
)  # fmt: skip
"""Families with the characters of GB 2312, the most legible on paper first"""
OURS = "noto-sans-sc"
"""Folder of maps/assets with a font that came with the program, where it did"""
COMMON = "的开发区边界调整核查表公顷亩"
LACKING = "〓"
"""What printers set for a character that they do not have"""
LOW = {ord(low): full for low, full in zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True)}
"""Low digits, as in CO₂, which many Chinese fonts lack"""
REMEDY = (
    "What is known: the PDF embeds its fonts, and none of those known here is installed. What to do: install "
    "one (Debian and Ubuntu: apt-get install fonts-noto-cjk; Fedora: google-noto-sans-cjk-fonts), or set "
    "MUTAN_FONTS to a folder with a Chinese .ttf, .otf or .ttc file; or ask for .html or .xlsx instead."
)


@dataclass(frozen=True, slots=True, eq=False)
class Fonts:
    """Fonts to print with.

    Parameters
    ----------
    families : the one that is used, and others for characters that it lacks
    found : all fonts of the machine, as typst wants them
    characters : code points that the families have
    """

    families: tuple[str, ...]
    found: typst.Fonts
    characters: frozenset[int]

    def readable(self, text: str) -> str:
        """The text with a mark in the place of each character that no family has; line ends stay.

        >>> made = Fonts(("甲体",), None, frozenset(map(ord, "甲〓")))
        >>> made.readable("甲乙")
        '甲〓'
        >>> Fonts(("甲体",), None, frozenset(map(ord, "CO2"))).readable("CO₂")
        'CO2'
        """
        text = text.translate({low: full for low, full in LOW.items() if low not in self.characters})
        lacking = {ord(c) for c in set(text)} - self.characters - {10, 32}
        mark = LACKING if ord(LACKING) in self.characters else "?"
        return text.translate(dict.fromkeys(lacking, mark)) if lacking else text


@cache
def chinese_fonts(folder: str = "") -> Fonts:
    """The fonts of this machine; looked for once.

    Parameters
    ----------
    folder : of the office's own fonts, which come first; empty: none

    Raises
    ------
    MutanError : there is no Chinese font, or none in the folder
    """
    own = _families(folder) if folder else ()
    folders = [str(each) for each in (folder, _ours()) if each]
    found = typst.Fonts(include_system_fonts=True, include_embedded_fonts=True, font_paths=folders)
    families = chosen((*own, *KNOWN), found.families())
    if not families:
        raise MutanError(f"No PDF can be made: there is no Chinese font on this machine. {REMEDY}")
    return Fonts(families, found, _characters(found, families))


def chosen(wanted: Iterable[str], there: Sequence[str]) -> tuple[str, ...]:
    """The first of the wanted families that are there, three at most.

    >>> chosen(KNOWN, ["DejaVu Sans", "SimSun", "Noto Sans SC"])
    ('Noto Sans SC', 'SimSun')
    """
    known = set(there)
    return tuple(dict.fromkeys(family for family in wanted if family in known))[:3]


def _families(folder: str) -> tuple[str, ...]:
    """The Chinese families of a folder."""
    found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
    chinese = {
        each.family: None
        for each in found.fonts()
        if each.path and set(map(ord, COMMON)) <= _of_file(each.path, each.index)
    }
    if not chinese:
        held = ", ".join(found.families()) or "no font at all"
        raise MutanError(
            f"MUTAN_FONTS names {folder}, which holds no Chinese font. What is known: it holds {held}. "
            "Put a Chinese .ttf, .otf or .ttc file there, or take the setting away."
        )
    return tuple(chinese)


def _characters(found: typst.Fonts, families: Sequence[str]) -> frozenset[int]:
    """Every character that one of the families has in its upright, regular cut."""
    cuts: dict[str, typst.FontInfo] = {}
    for each in found.fonts():
        held = cuts.get(each.family)
        if each.family in families and each.path and (held is None or _far(each) < _far(held)):
            cuts[each.family] = each
    return frozenset().union(*(_of_file(each.path, each.index) for each in cuts.values() if each.path))


def _far(font: typst.FontInfo) -> int:
    return abs(font.weight - 400) + 1000 * (font.style != "normal")


@cache
def _of_file(path: str, index: int) -> frozenset[int]:
    """The code points of one face."""
    with TTFont(path, fontNumber=index, lazy=True) as face:
        return frozenset(face.getBestCmap() or {})


_unpacked: tempfile.TemporaryDirectory[str] | None = None


@cache
def _ours() -> Path | None:
    """A folder with the font that came with the program, as files that typst reads; None without one."""
    global _unpacked
    packed = sorted((ROOT / OURS).glob("*.woff"))
    if not packed:
        return None
    _unpacked = tempfile.TemporaryDirectory(prefix="mutan-fonts-")
    for each in packed:
        with TTFont(each) as face:
            face.flavor = None
            face.save(Path(_unpacked.name) / f"{each.stem}.ttf")
    return Path(_unpacked.name)
