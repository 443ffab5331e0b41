"""Reports (报告): what was assessed, as a workbook in the offices' own layout.

`write_report` writes a file, `report_bytes` gives the same workbook to a route. A zone by itself comes with
the lists of its parcels and enterprises; several come side by side, and put together below.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from api.report.grounds import articles_sheet, inputs_sheet, results_sheet, unverified, unverified_sheet
from api.report.lists import enterprises_sheet, parcels_sheet
from api.report.look import Look, look
from api.report.material import Material, gather
from api.report.notes import faults_sheet, guide_sheet
from api.report.sheet import Sheet
from api.report.summary import chosen, summary
from api.report.workbook import Workbook
from api.report.yearly import yearly
from data.book.interface import Book
from data.errors import FormatUnknown
from data.formats.whole import whole_or_not

__all__ = ["FORMS", "Written", "report_bytes", "write_report"]

FORMS = (".xlsx",)
LATER = (".html", ".pdf")


@dataclass(frozen=True, slots=True)
class Written:
    """What a report holds.

    Parameters
    ----------
    sheets : name -> rows of data
    missing, not_met : results without a value, and results that do not meet their target
    unverified : thresholds and factors that were used and not checked
    """

    zones: tuple[str, ...]
    year: int
    sheets: dict[str, int]
    missing: int
    not_met: int
    unverified: int

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "zones": list(self.zones),
            "year": self.year,
            "sheets": self.sheets,
            "missing": self.missing,
            "not_met": self.not_met,
            "unverified": self.unverified,
        }


def write_report(
    book: Book,
    codes: Sequence[str],
    year: int,
    out: Path,
    *,
    when: datetime,
    unit: str = "ha",
    decimals: int = 4,
    tick: Callable[[], object] = lambda: None,
) -> Written:
    """Write the report of zones in a year; the file is whole or not there at all.

    Parameters
    ----------
    codes : of zones; none: all that were in force at the end of the year
    out : .xlsx
    when : the moment of the report, which it states
    unit : of land: ha, mu, m2, or 公顷, 亩, 平方米
    tick : called after each zone

    Raises
    ------
    FormatUnknown : `out` has another extension; nothing is measured then
    MutanError : there is no such unit, or so many decimals cannot be shown
    NotHere, NothingInForce : a zone is not in the book, or was not in force at the end of the year
    """
    check_form(out)
    chosen_look = look(unit, decimals)
    material = gather(book, codes, year, when, tick)
    with whole_or_not(out) as temporary:
        return fill(temporary, material, chosen_look)


def report_bytes(
    book: Book,
    codes: Sequence[str],
    year: int,
    *,
    when: datetime,
    unit: str = "ha",
    decimals: int = 4,
) -> bytes:
    """The same workbook as bytes; parameters and errors as of `write_report`."""
    chosen_look = look(unit, decimals)
    into = BytesIO()
    fill(into, gather(book, codes, year, when), chosen_look)
    return into.getvalue()


def check_form(out: Path) -> None:
    """Nothing, when a report can be written under that name.

    Raises
    ------
    FormatUnknown : it cannot
    """
    suffix = out.suffix.lower()
    if suffix in FORMS:
        return
    said = (
        f"A report as {suffix} is not made yet" if suffix in LATER else f"No report is written as {suffix!r}"
    )
    raise FormatUnknown(f"{said} ({out.name}). There is {', '.join(FORMS)}: name the file {out.stem}.xlsx.")


def fill(target: Path | IO[bytes], material: Material, chosen_look: Look) -> Written:
    """Write every sheet of the report into a workbook."""
    sheets = {}
    with Workbook(target, chosen_look, material.notice, material.when) as book:
        for sheet in _sheets(material, chosen_look):
            book.add(sheet)
        sheets = dict(book.rows)
    rows = [row for account in material.accounts for row in account.results.values()]
    return Written(
        zones=tuple(account.code for account in material.accounts),
        year=material.year,
        sheets=sheets,
        missing=sum(row["value"] is None for row in rows),
        not_met=sum(row.get("outcome") == "not_met" for row in rows),
        unverified=len(unverified(material)),
    )


def _sheets(material: Material, look: Look) -> list[Sheet]:
    columns = chosen(material.accounts)
    alone = material.parcels is not None
    return [
        summary(material, look, columns),
        yearly(material, look),
        results_sheet(material, look),
        inputs_sheet(material, look),
        articles_sheet(material),
        unverified_sheet(material),
        faults_sheet(material, look),
        *([parcels_sheet(material, look), enterprises_sheet(material, look)] if alone else []),
        guide_sheet(material, look, columns),
    ]
