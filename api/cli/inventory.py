"""The command inventory: a zone's emissions in a year, on the terminal, as JSON, as a workbook."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.common import (
    DAY,
    BookOption,
    JsonOption,
    YearOption,
    as_day,
    examples,
    note,
    note_faults,
    now,
    print_json,
    progress,
    the_book,
)

if TYPE_CHECKING:
    from api.inventories.account import Account
    from api.inventories.wishes import Wishes


def add_to(app: typer.Typer) -> None:
    """Hang the command on the group."""
    said = (
        "mutan inventory G411031 --year 2024 -o 清单.xlsx",
        "mutan inventory G411031 --year 2024 --why --only fuel",
        "mutan inventory G411031 --year 2024 --gwp AR6 --vintage 2022 --json",
    )
    app.command(epilog=examples(*said))(inventory)


def inventory(
    year: YearOption,
    zone: Annotated[
        list[str] | None, typer.Argument(metavar="ZONE...", help="Codes; none: all zones, in short.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="OUT", help="An .xlsx file, for one zone.")
    ] = None,
    family: Annotated[str, typer.Option(metavar="NAME", help="Fuel family: cn_a cn_b cn_c ipcc2006 …")] = "",
    equipment: Annotated[str, typer.Option(metavar="NAME", help="Of coal, when not stated.")] = "",
    electricity: Annotated[
        str, typer.Option(metavar="NAME", help="Grid factor: province region nation residual fossil.")
    ] = "",
    vintage: Annotated[
        str, typer.Option(metavar="YEAR", help="Data year of grid factors, or exact: none of another year.")
    ] = "",
    gwp: Annotated[str, typer.Option(metavar="NAME", help="Warming potentials: SAR AR4 AR5 AR6.")] = "",
    captured: Annotated[str, typer.Option(metavar="NAME", help="Captured CO2: apart, deducted.")] = "",
    land: Annotated[str, typer.Option(metavar="NAME", help="Method of land-use change.")] = "",
    known_on: Annotated[
        datetime | None, typer.Option(formats=DAY, metavar="DAY", help="With what was published by then.")
    ] = None,
    approach: Annotated[int, typer.Option(help="Of uncertainty: 1 propagation, 2 draws.", min=1, max=2)] = 2,
    draws: Annotated[int, typer.Option(help="Of approach 2.", min=100, max=200_000)] = 10_000,
    seed: Annotated[int, typer.Option(help="Of approach 2.", min=0)] = 0,
    why: Annotated[bool, typer.Option("--why", help="Down to the row of each statement.")] = False,
    only: Annotated[
        str, typer.Option(metavar="NAME", help="Of --why: a figure, a category, an item, an enterprise.")
    ] = "",
    book: BookOption = None,
    json: JsonOption = False,
) -> None:
    """Emissions of a zone in a year (碳排放清单): two totals, how sure, netting, gates; a workbook."""
    from api.inventories.wishes import Wishes

    day = as_day(known_on)
    wishes = Wishes.of({
        "family": family,
        "equipment": equipment,
        "electricity": electricity,
        "vintage": vintage,
        "gwp": gwp,
        "captured": captured,
        "land": land,
        "known_on": day.isoformat() if day else "",
        "approach": str(approach),
        "draws": str(draws),
        "seed": str(seed),
    })
    if output and len(zone or ()) != 1:
        raise typer.BadParameter("A workbook is of one zone; name it.", param_hint="--output")
    if zone is not None and len(zone) == 1:
        doors = {"output": output, "book": book, "json": json, "why": why, "only": only}
        return _one(zone[0], year, wishes, doors)
    return _many(zone or [], year, wishes, book, json)


def _one(code: str, year: int, wishes: Wishes, doors: dict[str, Any]) -> None:
    from api.inventories.account import account_of
    from api.inventories.document import document

    with the_book(doors["book"]) as open_book:
        account = account_of(open_book, code, year, wishes)
        written = _written(account, doors["output"], open_book.notes().get("notice", ""))
    if doors["json"]:
        return print_json({**document(account, why=doors["why"]), **({"file": written} if written else {})})
    _tell(account, doors["why"], doors["only"])
    return None


def _written(account: Account, output: Path | None, notice: str) -> dict[str, Any] | None:
    if output is None:
        return None
    from api.inventories.workbook import write_workbook

    told = write_workbook(account, output, when=now(), notice=notice)
    rows = ", ".join(f"{name} {count}" for name, count in told.sheets.items())
    note(f"Wrote {output}: rows by sheet: {rows}.")
    note(f"{told.unverified} factors are not verified; they are in the sheet 排放因子.")
    return {"file": str(output), **told.as_json()}


def _tell(account: Account, why: bool, only: str) -> None:
    """The figures in words, and with `why` what they rest on."""
    from api.inventories.why import lines_of
    from api.words import MARKS, number

    said = list(lines_of(account, only)) if why or only else []
    typer.echo(f"{account.code} {account.name} {account.year}")
    if said:
        typer.echo("\n".join(said))
        return
    for each in account.results:
        typer.echo(f"  {each.code:34} {each.label}  {number(each.value, each.unit, each.code)}")
        if each.value is None:
            typer.echo(f"      cannot tell: {each.reason}")
    sure = account.uncertainty
    if sure.half_width is not None:
        typer.echo(
            f"  95 %: {sure.low:,.0f} to {sure.high:,.0f} tCO2e (±{sure.half_width:.1%}) {sure.reason}"
        )
    net = account.netting
    sums = [net.enterprises_tco2e, net.internal_tco2e, net.park_tco2e, net.gap_tco2e]
    said = " ".join(
        f"{what} {number(value, 'tCO2e', '')}"
        for what, value in zip(("enterprises", "less flows inside", "park", "gap"), sums, strict=True)
    )
    typer.echo(f"  netting: {said}  [{MARKS[net.holds]}] {net.reason}")
    for found in account.findings:
        typer.echo(f"  {found.rule:34} {found.label}  {MARKS[found.outcome]} {found.reason}")
    note_faults(account.faults)


def _many(codes: list[str], year: int, wishes: Wishes, book: str | None, json: bool) -> None:
    """The totals of several zones, a line each."""
    from datetime import date

    from api.assess import zone_codes
    from api.inventories.many import totals_of

    told = []
    with the_book(book) as open_book:
        chosen = codes or zone_codes(open_book, date(year, 12, 31))
        with progress(len(chosen), f"inventory {year}") as bar:
            for each in totals_of(open_book, chosen, year, wishes):
                told.append(each)
                bar.update(1)
    if json:
        return print_json({"zones": told})
    for each in told:
        known = each["totals"]["location"]["total"], each["totals"]["ndrc910"]["total"]
        said = "\t".join("—" if value is None else f"{value:,.1f}" for value in known)
        typer.echo(f"{each['zone']}\t{each['name']}\t{said}")
        for total, reasons in each["reasons"].items():
            if each["totals"][total]["total"] is None:
                typer.echo(f"    {total} cannot tell: {reasons['total']}")
    note(f"{len(told)} zones; tCO2e by place, tCO2 of a zero-carbon park. Name one to see it whole.")
    return None
