"""Results in words for a terminal: a line a number, and the chain behind it when it is asked why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from data.units import is_share

MOST_FAULTS = 20
"""Of one zone and year, on a terminal: something odd about every parcel would hide all else."""
MARKS = {"met": "达标", "not_met": "未达标", "cannot_tell": "无法判断"}


def lines_of(told: Mapping[str, Any], *, why: bool = False) -> Iterator[str]:
    """The lines of one assessment in the contract's shape."""
    yield f"{told['zone']} {told['name']} {told['year']}"
    said = ""
    for result in told["results"]:
        value = number(result["value"], result["unit"], result["code"])
        yield f"  {result['code']:34} {result['label']}  {value}{_held(result)}"
        reason = result.get("reason") or ""
        if result["value"] is None and reason and reason != said:  # one reason for many is told once
            yield f"      cannot tell: {reason}"
        said = reason
        if why:
            yield from why_lines(result)
    for fault in told["faults"][:MOST_FAULTS]:
        yield f"  ! {fault['severity']}: {fault['message']} {fault['remedy']}"
    if len(told["faults"]) > MOST_FAULTS:
        yield f"  ! … and {len(told['faults']) - MOST_FAULTS} more (--json lists them all)"


def why_lines(result: Mapping[str, Any]) -> Iterator[str]:
    """What a number rests on: formula, inputs, area, articles, layer versions."""
    if result.get("formula"):
        yield f"      formula  {result['formula']}"
    if result.get("area_base"):
        yield f"      area     {result['area_base']}"
    for each in result["inputs"]:
        count = f" over {each['count']} rows" if each.get("count") is not None else ""
        value = number(each.get("value"), each["unit"], each["name"])
        origin = f"  <- {each['origin']}" if each.get("origin") else ""
        yield f"      input    {each['label']}: {value}{count}{origin}"
    for key, part in result.get("breakdown", {}).items():
        yield f"      part     {key}: {part:.6g}"
    for each in result["articles"]:
        yield f"      article  {article(each)}"
    for version in result["layer_versions"]:
        yield f"      layer    {version}"


def number(value: float | None, unit: str, code: str) -> str:
    """A number with its unit; a share as a percentage, a ratio as it is; what is not known as a dash.

    >>> number(0.6, "1", "industrial_share"), number(1.72, "1", "plot_ratio")
    ('60.00 %', '1.72')
    >>> number(12.0, "count", "project_count")
    '12'
    >>> number(None, "1", "idle_rate"), number(12345.678, "CNY10k/mu", "tax_per_mu")
    ('—', '12,345.68 CNY10k/mu')
    """
    if value is None:
        return "—"
    if unit == "count":
        return f"{value:,.0f}"
    if is_share(code, unit):
        return f"{value:.2%}".replace("%", " %")
    return f"{value:,.2f}" if unit == "1" else f"{value:,.2f} {unit}"


def _held(result: Mapping[str, Any]) -> str:
    if result.get("outcome") is None:
        return ""
    target = number(result["target"], result["unit"], result["code"])
    return f"  [{MARKS[result['outcome']]}; target {target}]"


def article(said: str | Mapping[str, Any]) -> str:
    """An article in one line: value, source, place, first day and status of a dated one."""
    if isinstance(said, str):
        return said
    value = f"{said['name']} = {said['value']} {said['unit']}"
    since = f"in {said['region']} since {said['since']}"
    return f"{value}, {said['article']}, {since} ({said['status']})"
