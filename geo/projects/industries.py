"""Industry codes of projects and tables (行业代码): always with their edition, and how one covers another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from data.codes.industries import EDITIONS, industries, sections
from data.records import Fault
from geo.projects.reading import faults_at, texts

CODE = re.compile(r"[A-T]|\d{2,4}")


def plain_code(code: str) -> str:
    """A code as it is compared: a section letter alone, or digits alone; "" where it is neither.

    >>> plain_code("c3611"), plain_code("C"), plain_code("汽车")
    ('3611', 'C', '')
    """
    bare = re.sub(r"^[A-T](?=\d)", "", code.strip().upper())
    return bare if CODE.fullmatch(bare) else ""


def plain_grade(grade: str) -> str:
    """A land grade as it is compared: 07 and 7 are one.

    >>> plain_grade(" 07"), plain_grade("七等")
    ('7', '七等')
    """
    bare = grade.strip()
    return bare.lstrip("0") or bare if bare.isdecimal() else bare


@cache
def known_code(code: str, edition: str) -> bool:
    """Whether an edition holds the division or section of a plain code.

    >>> known_code("38", "gbt4754_2002"), known_code("3831", "gbt4754_2017")
    (False, True)
    """
    table = sections(edition)
    return bool(code) and (code in table.values() if code.isalpha() else code[:2] in table)


def readings(code: str, edition: str) -> Sequence[str]:
    """The editions that a code may be read by: its own, or, where that is not stated, all that hold it.

    >>> readings("38", "")
    ['gbt4754_2011', 'gbt4754_2017']
    """
    return [edition] if edition or not code else [each for each in EDITIONS if known_code(code, each)]


@cache
def section_of(code: str, edition: str) -> str:
    """The section letter of a plain code; "" where it has none in that edition.

    >>> section_of("5810", "gbt4754_2002"), section_of("C", "gbt4754_2017")
    ('F', 'C')
    """
    if not code or not edition:
        return ""
    return code if code.isalpha() else sections(edition).get(code[:2], "")


@cache
def name_of(code: str, edition: str) -> str:
    """`40 (仪器仪表制造业) of GB/T 4754-2017`."""
    table = industries(edition)
    if code.isalpha():
        named = table.loc[table["section"] == code, "section_name"].iloc[0]
    else:
        named = table.loc[code[:2], "name"]
    return f"{code} ({named}) of {EDITIONS[edition]}"


class Cover(NamedTuple):
    """Whether a row of a table covers a project: yes, no, or it may, and then why that cannot be told."""

    sure: bool
    why_not_sure: str = ""


NO = Cover(False)
YES = Cover(True)


def covers(row: str, row_edition: str, code: str, edition: str) -> Cover:
    """Whether an industry of a table covers that of a project, read by one edition.

    Codes of different editions never cover each other.

    Parameters
    ----------
    row, row_edition : of the table; an empty row covers every industry
    code, edition : of the project; empty where not known

    >>> covers("36", "gbt4754_2017", "3611", "gbt4754_2017").sure
    True
    >>> covers("36", "gbt4754_2002", "3611", "gbt4754_2017").sure
    False
    >>> covers("3611", "gbt4754_2017", "36", "gbt4754_2017").why_not_sure
    'the industry 36 is coarser than 3611'
    """
    if not row:
        return YES
    if edition and row_edition and edition != row_edition:
        return NO
    if not code:
        return Cover(False, "the industry is not given")
    if row.isalpha():
        return YES if section_of(code, edition or row_edition) == row else NO
    if code.startswith(row):
        return YES
    coarser = row.startswith(code) or (code.isalpha() and section_of(row, edition or row_edition) == code)
    return Cover(False, f"the industry {code} is coarser than {row}") if coarser else NO


def project_industries(projects: pd.DataFrame) -> tuple[list[str], list[str], list[Fault]]:
    """Plain code and edition of each project's industry, and faults; "" where it cannot be told.

    Parameters
    ----------
    projects : `industry`, `industry_edition`. An edition that is not stated is not guessed
    """
    given, editions = texts(projects, "industry"), texts(projects, "industry_edition")
    codes = [plain_code(code) for code in given]
    odd = np.array([bool(edition) and edition not in EDITIONS for edition in editions], bool)
    editions = ["" if bad else edition for bad, edition in zip(odd, editions, strict=True)]
    pairs = zip(codes, editions, strict=True)
    held = [
        bool(code) and any(known_code(code, each) for each in readings(code, edition))
        for code, edition in pairs
    ]
    unknown = np.array([bool(code) and not ok for code, ok in zip(given, held, strict=True)], bool)
    codes = ["" if bad else code for bad, code in zip(unknown, codes, strict=True)]
    where = [EDITIONS.get(edition, "No edition of GB/T 4754") for edition in editions]
    verb = ["holds no" if edition else "holds an" for edition in editions]
    no_code = Fault(
        "industry_unknown",
        "{where} {verb} industry {code}.",
        "Write a section letter or two to four digits of the stated edition of GB/T 4754.",
        column="industry",
    )
    no_edition = Fault(
        "edition_unknown",
        "{edition} is no edition of GB/T 4754.",
        f"Write one of {', '.join(EDITIONS)}.",
        column="industry_edition",
    )
    stated = texts(projects, "industry_edition")
    faults = [
        *faults_at(projects, unknown, no_code, where=where, verb=verb, code=given),
        *faults_at(projects, odd, no_edition, edition=stated),
    ]
    return codes, editions, faults
