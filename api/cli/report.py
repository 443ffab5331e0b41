"""Commands that report: report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.common import (
    BookOption,
    JsonOption,
    YearOption,
    examples,
    note,
    now,
    print_json,
    progress,
    the_book,
)


def add_to(app: typer.Typer) -> None:
    """Hang the command on the group."""
    one = "mutan report G411031 --year 2024 -o 郑州经开.xlsx --unit 亩"
    app.command(epilog=examples("mutan report --year 2024 -o 全省.xlsx", one))(report)


def report(
    year: YearOption,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="OUT", help="An .xlsx file.")],
    zone: Annotated[
        list[str] | None, typer.Argument(metavar="ZONE...", help="Codes; none: all zones of the year.")
    ] = None,
    unit: Annotated[
        str, typer.Option(metavar="UNIT", help="Of land: 公顷, 亩, 平方米; or ha, mu, m2.")
    ] = "ha",
    decimals: Annotated[int, typer.Option(help="Of numbers; per cent have two fewer.", min=0, max=8)] = 4,
    book: BookOption = None,
    json: JsonOption = False,
) -> None:
    """Write the report of zones in a year: a workbook in the offices' own layout, ready to print."""
    from datetime import date

    from api.assess import zone_codes
    from api.report import check_form, write_report

    check_form(output)
    with the_book(book) as open_book:
        codes = zone or zone_codes(open_book, date(year, 12, 31))
        with progress(len(codes), f"report {year}") as bar:
            told = write_report(
                *(open_book, codes, year, output),
                when=now(),
                unit=unit,
                decimals=decimals,
                tick=lambda: bar.update(1),
            )
    if json:
        return print_json({"file": str(output), **told.as_json()})
    rows = ", ".join(f"{name} {count}" for name, count in told.sheets.items())
    note(f"Wrote {output}: {len(told.zones)} zones in {year}; rows by sheet: {rows}.")
    if told.missing:
        note(f"{told.missing} numbers cannot be told; each has its reason in the sheet 指标与依据.")
    if told.unverified:
        note(f"{told.unverified} thresholds and factors are not verified; they are in the sheet 未核实.")
    return None
