"""Commands on dated values: rule and factor."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated

import typer

from api.cli.common import DAY, JsonOption, as_day, examples, now, print_json
from data.parameters import NATION
from data.records import Dated

On = Annotated[
    datetime | None, typer.Option(formats=DAY, metavar="DAY", help="As in force that day; default today.")
]
Region = Annotated[str, typer.Option(help="GB/T 2260 code.", metavar="CODE")]
KnownOn = Annotated[
    datetime | None, typer.Option(formats=DAY, metavar="DAY", help="With what was published by then.")
]
Name = Annotated[str | None, typer.Argument(metavar="NAME", help="As listed without a name.")]


def add_to(app: typer.Typer) -> None:
    """Hang the commands on the group."""
    said = "mutan rule land.industrial_share_min --on 2024-12-31 --region 410100"
    app.command(epilog=examples(said, "mutan rule"))(rule)
    said = "mutan factor grid_electricity.province --on 2022-12-31 --region 410000 --known-on 2024-06-01"
    app.command(epilog=examples(said, "mutan factor"))(factor)


def rule(
    name: Name = None,
    on: On = None,
    region: Region = NATION,
    known_on: KnownOn = None,
    json: JsonOption = False,
) -> None:
    """Show what a rule says, and the article it rests on; without a name, list them."""
    _show("rules", name, on, region, known_on, json)


def factor(
    name: Name = None,
    on: On = None,
    region: Region = NATION,
    known_on: KnownOn = None,
    json: JsonOption = False,
) -> None:
    """Show a factor, its source, and since when it holds; without a name, list them."""
    _show("factors", name, on, region, known_on, json)


def _show(
    folder: str,
    name: str | None,
    on: datetime | None,
    region: str,
    known_on: datetime | None,
    json: bool,
) -> None:
    from api.settings import settings
    from data.parameters import names, parameter
    from data.sources import cited, sourced

    settings()  # the office's own rules are laid over ours when the settings are read
    if name is None:
        listed = [each.removeprefix(f"{folder}.") for each in names() if each.startswith(f"{folder}.")]
        return print_json(listed) if json else typer.echo("\n".join(listed))
    whole = name if name.startswith(f"{folder}.") else f"{folder}.{name}"
    said = parameter(whole).on(as_day(on) or now().date(), region, as_day(known_on) or date.max)
    if json:
        return print_json(sourced(said))
    typer.echo(f"{said.label}: {said.value} {said.unit}, in {said.region} since {said.since}")
    typer.echo(f"  {said.article} (published {said.published}; {said.status})")
    if of := cited(said.article):
        typer.echo(f"  {of.title}, {of.issuer} [{of.grade}: {of.checked}]")
    for words in (said.note, *_beside(said)):
        if words:
            typer.echo(f"  {words}")
    return None


def _beside(said: Dated) -> Iterator[str]:
    """What stands beside the value: its bounds, who uses it, what came in its place."""
    if said.interval:
        yield f"95 %: {said.interval[0]:g} to {said.interval[1]:g} {said.unit}"
    if said.used_by:
        yield f"used by {', '.join(said.used_by)}"
    if said.superseded_by:
        yield f"superseded by {said.superseded_by}"
