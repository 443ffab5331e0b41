"""A checked request in words for a terminal (终端输出): verdict, areas, findings, what changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from api.words import number

OUTCOMES = {"met": "met", "not_met": "NOT MET", "cannot_tell": "cannot tell"}
AREAS = ("boundary", "asked", "already_in_zone", "added", "lost", "after")


def lines_of(told: Mapping[str, Any]) -> Iterator[str]:
    """The lines of one document."""
    about = told["request"]
    yield (
        f"{about['kind_label']} {about['kind']}: {about['name']}, zone {about['zone']} {about['zone_name']}, "
        f"as of {about['day']}, by {about['file'] or 'no file'}"
    )
    yield f"Verdict: {OUTCOMES[told['verdict']]}. {told['wording']}"
    yield from _areas(told["area"])
    if told["limits"]:
        yield "Limits (四至): " + "；".join(told["limits"].values())
    yield from _findings(told["findings"])
    by_reason: dict[str, list[str]] = {}
    for each in told["not_held"]:
        by_reason.setdefault(each["reason"], []).append(each["label"])
    for reason, labels in by_reason.items():
        yield f"Not held: {reason} {'、'.join(labels)}"
    yield from _changes(told)
    yield from _trimmed(told["trimmed"])
    if told["unverified"]:
        yield "Rules used and not verified against their source: " + ", ".join(told["unverified"])
    for note in told["notes"]:
        yield f"Note: {note}"
    if told["notice"]:
        yield f"Notice: {told['notice']}"


def _areas(areas: Mapping[str, Any]) -> Iterator[str]:
    for name in AREAS:
        if (size := areas[name])["m2"] or name in ("asked", "added"):
            yield f"  {name:16} {size['ha']:>14.4f} ha {size['mu']:>14.2f} mu"
    for name in ("dropped", "filled"):
        if areas[name]["m2"]:
            yield f"  {name:16} {areas[name]['m2']:>14.2f} m² narrower than the snap tolerance"
    if areas["declared_ha"] is not None:
        plane = areas["plane_ha"]
        yield f"  {'declared':16} {areas['declared_ha']:>14.4f} ha, in the plane of the file {plane} ha"


def _findings(findings: list[Mapping[str, Any]]) -> Iterator[str]:
    group = None
    for each in findings:
        if each["group"] != group:
            group = each["group"]
            yield str(group)
        yield f"  {OUTCOMES[each['outcome']]:11} {each['label']}: {_held(each)}"
        if each["outcome"] == "met":
            continue
        if each["against"]:
            yield f"      against  {', '.join(each['against'][:5])}"
        if each["reason"]:
            yield f"      reason   {each['reason']}"
        if each["remedy"]:
            yield f"      remedy   {each['remedy']}"
        if each["article"]:
            yield f"      article  {each['article']} (since {each['since']}, {each['status']})"


def _held(each: Mapping[str, Any]) -> str:
    measured = (
        "not known" if each["measured"] is None else number(each["measured"], each["unit"], each["rule"])
    )
    if each["limit"] is None:
        return measured
    sign = {"at most": "≤", "at least": "≥"}.get(each["compare"] or "", "limit")
    return f"{measured} ({sign} {number(each['limit'], each['limit_unit'] or each['unit'], each['rule'])})"


def _changes(told: Mapping[str, Any]) -> Iterator[str]:
    moved = [row for row in told["indicators"]["rows"] if row["change"] != 0 and row["before"] is not None]
    if moved:
        yield "Before and after"
    for row in moved:
        before, after = (
            "cannot tell" if row[side] is None else number(row[side], row["unit"], row["code"])
            for side in ("before", "after")
        )
        yield f"  {row['code']:34} {row['label']}  {before} -> {after}"
    land = told["land_carbon"]
    if land is not None:
        said = f"cannot tell: {land['reason']}" if land["tco2e"] is None else f"{land['tco2e']:.1f} tCO2e"
        yield f"  {'land converted':34} 土地转用碳排放  {said} (method {land['method']})"


def _trimmed(trimmed: Mapping[str, Any] | None) -> Iterator[str]:
    if trimmed is None:
        return
    kept, lost = trimmed["area"], trimmed["loses"]
    yield (
        f"A geometry that avoids every hard conflict would keep {kept['ha']:.4f} ha "
        f"and lose {lost['ha']:.4f} ha (--trimmed OUT.geojson writes it)."
    )


def life_of(told: Mapping[str, Any]) -> Iterator[str]:
    """State, steps and staleness of a filed request."""
    yield f"Request {told['id']}: {told['state']} {told['state_label']}"
    for step in told["steps"]:
        said = " ".join(each for each in (step["paper"], step["version"], step["note"]) if each)
        yield f"  {step['when']}  {step['what']:10} {step['who']}  {said}".rstrip()
    if told["stale"]:
        yield f"Since the last check have changed: {', '.join(told['stale'])}. Check it again."
    if told["may_be"]:
        yield f"It can be: {', '.join(told['may_be'])}"


def changes_of(changes: list[Mapping[str, Any]]) -> Iterator[str]:
    """What differs between two checks, a line each."""
    if not changes:
        yield "Nothing has changed."
    for each in changes:
        before, after = _plain(each["before"]), _plain(each["after"])
        yield f"  {each['what']:44} {each['label']}  {before} -> {after} {each['unit']}".rstrip()


def _plain(value: Any) -> str:
    if value is None:
        return "not known"
    return f"{value:,.4f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value) or "none"
