"""One zone: indicators, inventory, why, history (开发区). Every number here can be asked why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import PurePath
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Path, Query, Request, Response

from api.answers import HTML, base_of, fresh, guarded, json_answer, wants_html
from api.asking import refuse_unknown
from api.assess import Assessment, assess, zone_codes, zone_on
from api.chosen import NAMES, Chosen
from api.inventories.account import FIGURES
from api.inventories.why import statements
from api.inventories.wishes import ABOUT
from api.listings import of_a_zone
from api.opened import Opened, opened
from api.pages.frame import page
from api.routes.inventory import accounted, wished
from data.errors import NotHere
from data.records import Fault, Severity
from data.units import m2_to_ha

router = APIRouter(prefix="/zones/{code}")

Code = Annotated[str, Path(max_length=64)]
Year = Annotated[
    int | None, Query(ge=1990, le=2100, description="What was in force at its end; the newest assessed.")
]
ASKED = frozenset({"year", "f"})
BESIDE = frozenset({"zone", "year", "when", "family"})


@router.get("/indicators")
def read_indicators(request: Request, code: Code, year: Year = None, live: bool = False) -> Response:
    """The results of a zone in a year: those kept in the book, else, or with `live`, measured now."""
    refuse_unknown(request.query_params, ASKED | {"live", *NAMES})
    here, chosen = opened(request), _chosen(request)

    def make() -> Response:
        told = _told(here, code, year or _newest(here, code), live, chosen)
        if not wants_html(request):
            return json_answer(told)
        title = f"{told['name']} {told['year']} 年指标"
        body = page(
            "indicators.html", request, title=title, notice=here.notice(), told=told, listings=of_a_zone()
        )
        return guarded(Response(body, media_type=HTML))

    return fresh(request, here.stamp(), make)


@router.get("/why/{result}")
def read_why(request: Request, code: Code, result: Code, year: Year = None) -> Response:
    """What a number rests on: formula, inputs, articles, versions, and the features and statements behind."""
    refuse_unknown(request.query_params, ASKED | {*NAMES, *ABOUT})
    here, chosen = opened(request), _chosen(request)

    def make() -> Response:
        whole = _told(here, code, year or _newest(here, code), chosen=chosen)
        place = {"zone": code, "year": whole["year"]}
        found, lines = _figure(request, whole, result)
        told = {
            **place,
            **found,
            "versions": _versions(here, found["layer_versions"]),
            "features": _behind(request, found, place),
            "lines": lines,
        }
        if not wants_html(request):
            return json_answer(told)
        title = f"为什么：{found['label']}"
        body = page("why.html", request, title=title, notice=here.notice(), told=told, name=whole["name"])
        return guarded(Response(body, media_type=HTML))

    return fresh(request, here.stamp(), make)


def _figure(
    request: Request, whole: Mapping[str, Any], result: str
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A figure as it was kept with the assessment, and the statements behind it where it is one of emissions.

    One that the assessment does not have, or that other choices of the inventory are asked for, is computed.

    Raises
    ------
    NotHere : neither the assessment nor the inventory has it
    """
    kept = {each["code"]: each for each in whole["results"]}
    if not result.startswith(FIGURES):
        if result not in kept:
            raise NotHere("result", result, list(kept))
        return kept[result], []
    account = accounted(opened(request), whole["zone"], whole["year"], wished(request.query_params))
    anew = result not in kept or not ABOUT.keys().isdisjoint(request.query_params)
    told = account.result(result).as_json() if anew else kept[result]
    return told, statements(account, result)


@router.get("/history")
def read_history(request: Request, code: Code) -> Response:
    """The periods of a zone's boundary, each with its area."""
    refuse_unknown(request.query_params, frozenset({"f"}))
    here = opened(request)

    def make() -> Response:
        parts = here.book.parts("zones", code)
        if not parts:
            raise NotHere("zone", code, zone_codes(here.book))
        periods = [
            {
                "valid_from": part.valid_from,
                "valid_to": part.valid_to,
                "area_m2": part.area_m2,
                "area_ha": None if part.area_m2 is None else m2_to_ha(part.area_m2),
                "version": f"zones v{part.version}",
            }
            for part in parts
        ]
        told = {"zone": code, "periods": periods}
        if not wants_html(request):
            return json_answer(told)
        body = page("history.html", request, title=f"{code} 界线沿革", notice=here.notice(), told=told)
        return guarded(Response(body, media_type=HTML))

    return fresh(request, here.stamp(), make)


def _chosen(request: Request) -> Chosen | None:
    """The choices that the request makes; None where it makes none."""
    said = {name: value for name, value in request.query_params.items() if name in NAMES}
    return Chosen.of(said) if said else None


def _told(
    here: Opened, code: str, year: int, live: bool = False, chosen: Chosen | None = None
) -> dict[str, Any]:
    """The contract's object: results as they were kept; else, or by other choices, measured now."""
    kept = [] if live or chosen else here.book.results(code, year, "assess")
    if not kept:
        return _measured(here, code, year, chosen).as_json()
    zone = zone_on(here.book, code, date(year, 12, 31))
    when = kept[0]["when"]
    return {
        "zone": code,
        "name": zone["name"],
        "year": year,
        "assessed": when,
        "results": [{k: v for k, v in row.items() if k not in BESIDE} for row in kept],
        "faults": [_not_kept(when).as_json()],
    }


def _not_kept(when: str) -> Fault:
    return Fault(
        "faults_not_kept",
        f"These results were kept on {when}; the faults of the data that were met then were not.",
        "Ask with live=true to measure anew and see them, or run mutan check.",
        Severity.WARNING,
    )


def _measured(here: Opened, code: str, year: int, chosen: Chosen | None = None) -> Assessment:
    key = ("assessed", code, year, chosen)
    return here.kept(key, lambda: assess(here.book, code, year, chosen=chosen))


def _newest(here: Opened, code: str) -> int:
    """The newest year that was assessed, else the last whole one."""
    years = [int(row["year"]) for row in here.book.results(code)]
    if not years:
        zone_on(here.book, code, date(date.today().year - 1, 12, 31))
    return max(years, default=date.today().year - 1)


def _versions(here: Opened, names: list[str]) -> list[dict[str, Any]]:
    known = {version.name: version for version in here.book.versions()}
    return [
        {
            "name": version.name,
            "source": PurePath(version.source.path).name,
            "sha256": version.source.sha256,
            "rows": version.rows,
            "who": version.who,
            "when": version.when,
            "crs": version.crs,
        }
        for name in names
        if (version := known.get(name))
    ]


def _behind(request: Request, found: Mapping[str, Any], place: Mapping[str, Any]) -> list[dict[str, str]]:
    """Where the features are from which the result was measured."""
    kinds = {name.partition(" ")[0] for name in found["layer_versions"]}
    titles = {"zones": "界线", "parcels": "地块", "enterprises": "企业年报"}
    base = base_of(request)
    items = [
        {"title": title, "href": f"{base}/collections/{kind}/items?{urlencode({**place, 'f': 'html'})}"}
        for kind, title in titles.items()
        if kind in kinds
    ]
    if "activity" in kinds:
        code, year = quote(str(place["zone"]), safe=""), place["year"]
        items.append({"title": "碳排放清单", "href": f"{base}/zones/{code}/inventory?year={year}"})
    return items
