"""Requests on maps (申请地图): those of a zone as a layer, and one request with its parts and surroundings.

What is classified is never drawn: constraints are read without it, and a finding whose place is withheld
carries no geometry.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import quote

import geopandas as gpd
import pandas as pd
import shapely

import maps
from api.chinese import chinese
from api.features import unrestricted
from api.requests.columns import STATES
from data.book.interface import Ask, Book
from data.errors import MutanError
from data.units import m2_to_ha, m2_to_mu
from geo.boundary_change.kinds import kinds
from geo.boundary_change.strips import polygonal
from maps import BaseMap

BESIDE = 0.02  # degrees around a request in which constraints are drawn
WITHHELD = "涉密图斑不画，也不给名称。"
PARTS = {"asked": "申请范围", "added": "调入", "lost": "调出"}


def requests_of(book: Book, zone: str) -> gpd.GeoDataFrame:
    """The requests of a zone that are not withdrawn, as the layer `requests` takes them."""
    labels = {name: kind.label for name, kind in kinds().items()}
    filed = [each for each in book.requests(zone=zone) if each.state != "withdrawn"]
    rows = [
        {
            "id": each.number,
            "name": each.draft.name,
            "kind": labels.get(each.draft.kind, each.draft.kind),
            "day": each.draft.day.isoformat(),
            "state": STATES[each.state],
            "verdict": each.verdict,
        }
        for each in filed
    ]
    columns = ["id", "name", "kind", "day", "state", "verdict"]
    shapes = [polygonal(each.draft.shape) for each in filed]
    return gpd.GeoDataFrame(pd.DataFrame(rows, columns=columns), geometry=shapes, crs=4490)


def request_html(
    book: Book, number: str, *, root: str, assets_url: str | None = None, base: BaseMap | None = None
) -> str:
    """The page of one request: the zone, the land asked for, added, lost and kept, and the parts not met.

    Parameters
    ----------
    root : path under which the service stands, for links

    Raises
    ------
    NotHere : there is no such request
    """
    from api.requests.filing import told_of

    told, draft = told_of(book, number), book.request(number).draft
    parts = parts_of(book, number, told)
    zone = book.read("zones", Ask(zone=draft.zone, on=draft.day))
    drawn = maps.request_page(
        parts,
        _about(told, draft.zone, root),
        zone=zone if len(zone) else None,
        constraints=_around(book, draft.day, parts if len(parts) else zone),
        note=WITHHELD,
        base=base,
    )
    title = f"{number} {told['request']['name']}"
    notice = book.notes().get("notice", "")
    return maps.render(drawn, title=title, embed=assets_url is None, assets_url=assets_url, notice=notice)


def parts_of(book: Book, number: str, told: Mapping[str, Any]) -> gpd.GeoDataFrame:
    """The parts of a request as the layer `request` takes them; without a check the land asked for alone."""
    try:
        rows = list(_lands(book, number))
    except MutanError:  # the zone or a rule is no longer what it was: what was checked then is still known
        rows = []
    if not rows and told.get("geometry"):
        shape = shapely.geometry.shape(told["geometry"])
        rows = [_row("asked", PARTS["asked"], told["area"]["asked"]["m2"], shape)]
    trimmed = told.get("trimmed")
    if trimmed and trimmed["geometry"]:
        shape = shapely.geometry.shape(trimmed["geometry"])
        rows.append(_row("kept", "避让后可保留", trimmed["area"]["m2"], shape))
    for each in told.get("findings", []):
        if each["geometry"] and not each["withheld"] and each["outcome"] != "met":
            shape = shapely.geometry.shape(each["geometry"])
            rows.append(_row(each["outcome"], each["label"], each["area_m2"], shape, each["article"]))
    columns = ["part", "name", "area", "article"]
    shapes = [polygonal(row.pop("shape")) for row in rows]
    return gpd.GeoDataFrame(pd.DataFrame(rows, columns=columns), geometry=shapes, crs=4490)


def _lands(book: Book, number: str) -> Iterator[dict[str, Any]]:
    """The land asked for, added and lost, cut against the zone as a check cuts it."""
    from api.requests.filing import request_again

    request = request_again(book, book.request(number))
    for part, name in PARTS.items():
        shape = request.shapes[part]
        if not shape.is_empty:
            yield _row(part, name, shape.area, request.degrees(shape))


def _row(
    part: str, name: str, area_m2: float | None, shape: shapely.Geometry, article: str | None = None
) -> dict[str, Any]:
    area = None if area_m2 is None else f"{m2_to_ha(area_m2):,.4f} 公顷，{m2_to_mu(area_m2):,.2f} 亩"
    return {"part": part, "name": name, "area": area, "article": article, "shape": shape}


def _around(book: Book, day: date, seen: gpd.GeoDataFrame) -> gpd.GeoDataFrame | None:
    """The constraint features around the land that everybody may see."""
    if not len(seen):
        return None
    west, south, east, north = (float(side) for side in seen.total_bounds)
    box = (west - BESIDE, south - BESIDE, east + BESIDE, north + BESIDE)
    return unrestricted(book.read("constraints", Ask(on=day, box=box)))


def _about(told: Mapping[str, Any], zone: str, root: str) -> dict[str, Any]:
    """What stands beside the map."""
    about, own = told["request"], f"{root}/requests/{told['id']}"
    facts = [("编号", told["id"]), ("状态", told["state_label"])]
    facts += [
        (label, str(about[name]))
        for label, name in (("开发区", "zone_name"), ("类型", "kind_label"), ("核查日期", "day"))
        if about.get(name)
    ]
    findings = [
        {"label": each["label"], "outcome": each["outcome"], "text": chinese(each["reason"] or "")}
        for each in told.get("findings", [])
        if each["outcome"] != "met"
    ]
    links = [{"label": "← 申请", "href": own}, {"label": "核查表", "href": f"{own}/report"}]
    links.append({"label": "开发区地图", "href": f"{root}/maps/{quote(zone, safe='')}"})
    return {
        "verdict": told.get("verdict"),
        "wording": told.get("wording_zh", ""),
        "facts": facts,
        "findings": findings,
        "links": links,
    }
