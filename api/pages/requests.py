"""The pages of requests (申请页面): the list with its form, one request, two side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from fastapi import Request, Response

from api.answers import HTML, guarded
from api.opened import opened
from api.pages.frame import figure, page
from api.pages.sketch import sketch
from api.requests import life
from api.settings import settings
from geo.boundary_change.conditions import conditions
from geo.boundary_change.conditions.condition import GROUPS
from geo.boundary_change.kinds import kinds
from geo.boundary_change.request import SNAP_M

CRS = {
    "EPSG:4490": "CGCS2000 经纬度",
    **{f"EPSG:{4488 + belt}": f"CGCS2000 3 度带 {belt}(带号在前)" for belt in (37, 38, 39)},
    **{f"EPSG:{4509 + belt}": f"CGCS2000 3 度带 {belt}(无带号)" for belt in (37, 38, 39)},
    "EPSG:4326": "WGS 84 经纬度",
    "EPSG:4610": "西安 80 经纬度",
    "gcj02": "GCJ-02 网络地图坐标",
    "bd09": "BD-09 百度坐标",
}
AREAS = {
    "boundary": "现有边界",
    "asked": "申请范围",
    "already_in_zone": "其中已在区内",
    "added": "调入",
    "lost": "调出",
    "after": "调整后",
    "dropped": "舍去的细条",
    "filled": "补上的缝隙",
}
UNFILED: Mapping[str, Any] = {
    "id": None,
    "state": None,
    "state_label": None,
    "may_be": [],
    "stale": [],
    "steps": [],
    "checks": [],
    "changes": [],
    "variant_of": None,
    "variants": [],
}


def list_page(
    request: Request,
    *,
    status: int = 200,
    detail: str = "",
    faults: Sequence[Mapping[str, Any]] = (),
    said: Mapping[str, str] | None = None,
) -> Response:
    """The requests of the book, and the form; with `detail`, why the last one was not taken.

    Parameters
    ----------
    said : what stood in the form, which stands there again; a file must be chosen anew
    """
    from api.requests.filing import listed

    here, query = opened(request), request.query_params
    zones = here.book.read("zones", columns=["code", "name"]).drop_duplicates("code").sort_values("code")
    offered = kinds()
    return _page(
        "requests.html",
        request,
        status,
        title="边界调整申请",
        rows=listed(here.book, zone=query.get("zone"), state=query.get("state")),
        kinds=list(offered.values()),
        names={name: each.label for name, each in offered.items()},
        zones=zones.to_dict("records"),
        reasons=_reasons(offered),
        states=life.LABELS,
        crs=CRS,
        snap_m=SNAP_M,
        today=date.today().isoformat(),
        open=settings().filing,
        detail=detail,
        faults=_whole(faults),
        said=dict(said or {}),
        asked={name: query.get(name, "") for name in ("zone", "state")},
    )


def request_page(request: Request, told: Mapping[str, Any]) -> Response:
    """One request as it was checked, with its life where it is filed."""
    whole = {**UNFILED, **told}
    about = whole["request"]
    findings = sorted(whole.get("findings", []), key=lambda each: _place(each["group"]))
    groups = [(name, list(each)) for name, each in groupby(findings, key=lambda each: each["group"])]
    return _page(
        "request.html",
        request,
        title=f"{whole['id'] or ''} {about['name']}".strip(),
        told=whole,
        faults=_whole(whole.get("faults", [])),
        groups=groups,
        not_held=_by_reason(whole.get("not_held", [])),
        drawn=sketch(whole) if groups else None,
        areas=AREAS,
        open=settings().filing,
        labels=life.LABELS,
    )


def compare_page(request: Request, told: Mapping[str, Any]) -> Response:
    """Two variants side by side."""
    one, other = told["one"], told["other"]
    title = f"{one['id']} 与 {other['id']}"
    return _page("request_compare.html", request, title=title, told=told, areas=AREAS)


def _whole(faults: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Faults with every field; what is empty is left out of their JSON."""
    lacking = dict.fromkeys(("code", "message", "remedy"), "") | dict.fromkeys((
        "file",
        "row",
        "column",
        "feature",
    ))
    return [{**lacking, **each} for each in faults]


def _place(group: str) -> int:
    return GROUPS.index(group) if group in GROUPS else len(GROUPS)


def _reasons(offered: Iterable[str]) -> dict[str, str]:
    """Every reason that may be declared -> the conditions that know it, and what each means by it."""
    found: dict[str, dict[str, None]] = {}
    for kind in offered:
        for each in conditions(kind):
            for code, words in each.reasons.items():
                found.setdefault(code, {})[f"{each.parameter.label}: {words}"] = None
    return {code: "; ".join(words) for code, words in found.items()}


def _by_reason(not_held: Sequence[Mapping[str, str]]) -> list[tuple[str, list[str]]]:
    """Conditions that do not hold, by the reason for it."""
    found: dict[str, list[str]] = {}
    for each in not_held:
        found.setdefault(each["reason"], []).append(each["label"])
    return list(found.items())


def held(value: float | None, unit: str, rule: str = "") -> str:
    """A measured value or a limit: square metres and metres as they are held, all else as results are shown.

    >>> held(304145.572, "m2"), held(None, "m2"), held(0.6, "1", "industrial_share")
    ('304,145.57 平方米', '—', '60.00 %')
    """
    if value is None or unit not in ("m2", "m"):
        return figure(value, unit, rule.rpartition(".")[2])
    return f"{value:,.2f} {'平方米' if unit == 'm2' else '米'}"


def _page(template: str, request: Request, status: int = 200, *, title: str, **said: Any) -> Response:
    body = page(template, request, title=title, notice=opened(request).notice(), held=held, **said)
    return guarded(Response(body, status, media_type=HTML))
