"""The admission list of a zone (准入禁止限制目录), read row by row, with what is wrong with each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd

from data.codes.industries import EDITIONS
from data.records import Fault, Severity
from geo.projects.industries import known_code, plain_code
from geo.projects.reading import FIRST_ROW, days, texts
from geo.rows import row_numbers

LIST = "admissions"
TREATMENTS = ("prohibited", "restricted", "permitted")
SEPARATORS = re.compile(r"[;；、,，\n]+")


class Row(NamedTuple):
    """One row of an admission list; `number` is the row of the sheet, as a person sees it."""

    treatment: str
    edition: str
    industry: str
    processes: tuple[str, ...]
    since: date
    until: date | None
    condition: str
    article: str
    published: date | None
    number: int


def words(text: str) -> tuple[str, ...]:
    """The processes named in a cell, each as it is compared: width, case and blanks do not count.

    >>> words("电镀；ＣＶＤ 镀膜、Printing")
    ('电镀', 'cvd镀膜', 'printing')
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    parts = (re.sub(r"\s+", "", part) for part in SEPARATORS.split(plain))
    return tuple(dict.fromkeys(part for part in parts if part))


def list_rows(admissions: pd.DataFrame | None, zone: str) -> tuple[list[Row], list[Fault]]:
    """The rows of one zone's list that can be used, and faults of the others.

    Parameters
    ----------
    admissions : columns of the kind `admissions`. A row whose code lacks its edition is used, with doubt
    """
    if admissions is None or admissions.empty:
        return [], []
    numbers = row_numbers(admissions, FIRST_ROW)
    here = np.array([each == zone for each in texts(admissions, "zone")], dtype=bool)
    own, numbers = admissions[here], numbers[here]
    names = ("treatment", "industry_edition", "industry", "process", "condition", "article")
    cells = {name: texts(own, name) for name in names}
    on = {name: days(own, name) for name in ("since", "until", "published")}
    rows, faults = [], []
    for at, number in enumerate(numbers.tolist()):
        given = {name: cell[at] for name, cell in cells.items()}
        since, until = on["since"][at], on["until"][at]
        wrong = [*_wrong(given, since, until, number)]
        faults += wrong
        if since is not None and all(each.severity is Severity.WARNING for each in wrong):
            rows.append(
                Row(given["treatment"], given["industry_edition"], plain_code(given["industry"]),
                    words(given["process"]), since, until, given["condition"], given["article"],
                    on["published"][at], number)
            )  # fmt: skip
    return rows, faults


def _wrong(given: dict[str, str], since: date | None, until: date | None, number: int) -> Iterator[Fault]:
    """What is wrong with one row; only a missing edition leaves it usable."""

    def fault(code: str, said: str, remedy: str, column: str, severity: Severity = Severity.ERROR) -> Fault:
        return Fault(code, said, remedy, severity, layer=LIST, row=number, column=column)

    if given["treatment"] not in TREATMENTS:
        said = f"{given['treatment'] or 'nothing'} is no treatment."
        yield fault("admission_treatment", said, f"Write one of {', '.join(TREATMENTS)}.", "treatment")
    if since is None:
        yield fault("admission_lacking", "since (施行日期) is not given.", "State it.", "since")
    elif until is not None and until <= since:
        said, remedy = f"The row ends on {until}, and begins on {since}.", "Correct the days."
        yield fault("admission_days", said, f"{remedy} `until` is the first day without it.", "until")
    if not given["article"]:
        yield fault(
            "admission_lacking", "article (依据) is not given.", "Name document and clause.", "article"
        )
    code, edition = given["industry"], given["industry_edition"]
    if not code:
        return
    if not edition and plain_code(code):
        said = f"{code} stands without the edition of GB/T 4754; whom it covers cannot be told for sure."
        yield fault("admission_edition", said, "State the edition.", "industry_edition", Severity.WARNING)
    elif edition not in EDITIONS or not known_code(plain_code(code), edition):
        said = f"{EDITIONS.get(edition, edition or 'GB/T 4754')} holds no industry {code}."
        yield fault("admission_industry", said, "Correct the code or its edition.", "industry")
