"""The group `mutan requests`: requests in the book, their life, variants and reports; batches."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.common import (
    DAY,
    BookOption,
    JsonOption,
    examples,
    note,
    note_lines,
    now,
    print_json,
    progress,
    the_book,
    who,
)
from api.cli.request import NOT_MET, CrsOption, DayOption, RepairOption, SnapOption
from data.errors import NotHere

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.requests.batch import Row
    from data.book import Book


LISTS = (".csv", ".xlsx")
NumberArgument = Annotated[
    str, typer.Argument(metavar="ID", help="Of the request, as 2026-0007; last: the newest.")
]
RemarkOption = Annotated[str, typer.Option(metavar="TEXT", help="Kept with the step.")]
BATCHES = (
    "mutan requests batch 清单.xlsx -o 汇总.xlsx",
    "mutan requests batch 坐标/*.txt --zone G411162 --kind expansion",
)


def add_to(app: typer.Typer) -> None:
    """Hang the commands on the group."""
    group = typer.Typer(no_args_is_help=True, help="Requests in the book, and batches.")
    group.command("batch", epilog=examples(*BATCHES))(batch)
    for name, command in COMMANDS.items():
        group.command(name)(command)
    app.add_typer(group, name="requests")


def batch(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Requests; or one .csv or .xlsx that lists them.")
    ],
    kind: Annotated[str, typer.Option(metavar="KIND", help="Where a list does not say.")] = "expansion",
    zone: Annotated[str, typer.Option(metavar="CODE", help="Where a list does not say.")] = "",
    day: DayOption = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="OUT", help="The summary: .xlsx .csv")
    ] = None,
    indicators: Annotated[
        str, typer.Option(metavar="NAME", help="Of before and after: conditions (what they hold), all, none.")
    ] = "conditions",
    book: BookOption = None,
    crs: CrsOption = None,
    snap: SnapOption = 0.1,
    repair: RepairOption = False,
    workers: Annotated[
        int | None, typer.Option(help="Processes at work; as many as there are processors.", min=1, max=64)
    ] = None,
    json: JsonOption = False,
) -> None:
    """Check many requests in one run; a file that cannot be read is told, and the others go on."""
    from api.requests.batch import Job, jobs_of
    from api.requests.batch import batch as check_all
    from api.requests.wishes import Wishes
    from api.workers import cores

    like = Wishes(
        kind, zone, (day or now()).date(), crs=crs, snap_m=snap, repair=repair, indicators=indicators
    )
    listed = len(files) == 1 and files[0].suffix.lower() in LISTS and not zone
    jobs = jobs_of(files[0], like) if listed else [Job(file, like) for file in files]
    if not listed and not zone:
        raise typer.BadParameter("name the zone, or give one list that does.", param_hint="--zone")
    rows: list[Row] = []
    with the_book(book) as open_book, progress(len(jobs), "check") as bar:
        for row in check_all(open_book, jobs, who=who(), when=now(), workers=workers or cores()):
            rows.append(row)
            bar.update(1)
    _say_rows(rows, output, json=json)
    if any(row.error for row in rows):
        raise typer.Exit(1)
    if any(row.verdict == "not_met" for row in rows):
        raise typer.Exit(NOT_MET)


def list_requests(
    zone: Annotated[str | None, typer.Option(metavar="CODE", help="Of this zone.")] = None,
    state: Annotated[str | None, typer.Option(metavar="STATE", help="drafted checked submitted …")] = None,
    book: BookOption = None,
    json: JsonOption = False,
) -> None:
    """The requests of the book, newest first."""
    from api.requests.filing import listed

    with the_book(book) as open_book:
        rows = listed(open_book, zone=zone, state=state)
    if json:
        print_json({"requests": rows})
        return
    for row in rows:
        said = (row["id"], row["zone"], row["kind"], row["state"], row["verdict"] or "-", row["name"])
        typer.echo("\t".join(said))
    note(f"{len(rows)} requests")


def show(number: NumberArgument, book: BookOption = None, json: JsonOption = False) -> None:
    """One request: its newest check, its steps, and whether that check is still good."""
    from api.requests.filing import told_of
    from api.requests.words import life_of, lines_of

    with the_book(book) as open_book:
        told = told_of(open_book, _named(open_book, number))
    if json:
        print_json(told)
        return
    typer.echo("\n".join([*life_of(told), *(lines_of(told) if told["checks"] else ())]))


def recheck(number: NumberArgument, book: BookOption = None, json: JsonOption = False) -> None:
    """Check a request again with the layers and rules as they are now, and tell what has changed."""
    from api.requests.filing import again
    from api.requests.words import changes_of

    with the_book(book, write=True) as open_book:
        told = again(open_book, _named(open_book, number), who=who(), when=now())
    if json:
        print_json(told)
    else:
        typer.echo("\n".join(changes_of(told["changes"])))
        typer.echo(f"Verdict: {told['verdict']}. {told['wording']}")
    if told["verdict"] == "not_met":
        raise typer.Exit(NOT_MET)


def submit(number: NumberArgument, remark: RemarkOption = "", book: BookOption = None) -> None:
    """Submit a request; its check must have been made on the layers and rules as they are now."""
    _step(number, "submitted", remark, book)


def send_back(number: NumberArgument, remark: RemarkOption = "", book: BookOption = None) -> None:
    """Return a submitted request to whoever filed it."""
    _step(number, "returned", remark, book)


def withdraw(number: NumberArgument, remark: RemarkOption = "", book: BookOption = None) -> None:
    """Withdraw a request that is not decided."""
    _step(number, "withdrawn", remark, book)


def decide(
    number: NumberArgument,
    outcome: Annotated[str, typer.Argument(metavar="OUTCOME", help="adopted or refused")],
    paper: Annotated[str, typer.Option(metavar="TEXT", help="Number and date of the paper that decides.")],
    valid_from: Annotated[
        datetime | None,
        typer.Option(formats=DAY, metavar="DAY", help="First day of the boundary; today."),
    ] = None,
    approved_ha: Annotated[
        float | None, typer.Option(metavar="HA", help="Approved area as the paper states it.", min=0)
    ] = None,
    remark: RemarkOption = "",
    book: BookOption = None,
) -> None:
    """Keep the decision of the authority; an adopted request becomes the zone's boundary from that day on."""
    from api.requests import life

    if outcome not in ("adopted", "refused"):
        raise typer.BadParameter(f"{outcome!r} is neither adopted nor refused.", param_hint="OUTCOME")
    when = now()
    with the_book(book, write=True) as open_book:
        named = _named(open_book, number)
        life.decide(
            open_book, named, outcome, paper=paper, since=(valid_from or when).date(), who=who(), when=when,
            approved_ha=approved_ha, note=remark,
        )  # fmt: skip
    note(f"Request {named} is {outcome}.")


def compare(
    number: NumberArgument,
    other: Annotated[str, typer.Argument(metavar="OTHER", help="Its variant.")],
    book: BookOption = None,
    json: JsonOption = False,
) -> None:
    """Two variants side by side: land in common and apart, findings and indicators that differ."""
    from api.requests.filing import compared
    from api.requests.words import changes_of

    with the_book(book) as open_book:
        told = compared(open_book, _named(open_book, number), _named(open_book, other))
    if json:
        print_json(told)
        return
    for name, land in told["land"].items():
        typer.echo(f"  {name:12} {land['ha']:>14.4f} ha")
    typer.echo("\n".join(changes_of(told["differences"])))


def report(
    number: NumberArgument,
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="REPORT", help=".html .pdf .xlsx .geojson")
    ],
    book: BookOption = None,
) -> None:
    """The page to print of a request's newest check."""
    from api.requests.filing import report as made
    from data.formats.whole import whole_or_not

    with the_book(book) as open_book:
        content = made(open_book, _named(open_book, number), output.suffix.lower().lstrip("."), now())
    with whole_or_not(output) as half:
        half.write_bytes(content)
    note(f"Wrote {output}.")


def _named(book: Book, number: str) -> str:
    """The number of a request; `last` is that of the newest.

    Raises
    ------
    NotHere : the book has no request at all
    """
    if number != "last":
        return number
    filed = book.requests()
    if not filed:
        raise NotHere("request", number)
    return filed[0].number


def _step(number: str, what: str, remark: str, book: str | None) -> None:
    from api.requests import life

    with the_book(book, write=True) as open_book:
        named = _named(open_book, number)
        life.step(open_book, named, what, who=who(), when=now(), note=remark)
    note(f"Request {named} is {what}.")


def _say_rows(rows: Sequence[Row], output: Path | None, *, json: bool) -> None:
    from api.requests.batch import write_rows

    if output is not None:
        write_rows(rows, output)
        note(f"Wrote {output}.")
    if json:
        print_json({"requests": [row.as_json() for row in rows]})
        return
    for row in rows:
        said = row.error or f"asks {row.asked_ha:.4f} ha, adds {row.added_ha:.4f} ha"
        held = ", ".join(row.not_met) or ", ".join(row.cannot_tell)
        typer.echo("\t".join((row.file, row.zone, row.verdict or "error", said, held)))
        if row.error:
            note_lines(row.faults)
    counts = {key: sum(row.verdict == key for row in rows) for key in ("met", "not_met", "cannot_tell", "")}
    told = {"": "not checked"}
    note(", ".join(f"{count} {told.get(key, key)}" for key, count in counts.items()))


COMMANDS = {
    "list": list_requests,
    "show": show,
    "recheck": recheck,
    "submit": submit,
    "return": send_back,
    "withdraw": withdraw,
    "decide": decide,
    "compare": compare,
    "report": report,
}
"""The commands of the group by name, `batch` beside them"""
