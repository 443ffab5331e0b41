"""Pages (页面): the maps as whole pages, for a file or for the service, and our own frame for all else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

import maps
from api.assess import assess, parcels_of, zone_on
from api.collections import collections
from api.features import unrestricted
from api.listings.listing import Asked
from api.pages.request_map import requests_of
from api.pages.themes import with_themes
from api.settings import settings
from data.book.interface import Ask, Book
from data.errors import NotHere, NothingInForce

BESIDE = 0.02  # degrees around a zone in which constraints are drawn


def province_html(
    book: Book,
    year: int,
    indicator: str,
    *,
    links: Mapping[str, str] | None = None,
    assets_url: str | None = None,
) -> str:
    """The page of all zones in a year, coloured by an indicator.

    Parameters
    ----------
    links : see `maps.province_page`; None: the page stands alone
    assets_url : where front-end files are served; None: they stand inside the page

    Raises
    ------
    NothingInForce : no boundary was in force at the end of that year
    NotHere : no such indicator was assessed
    """
    zones = book.read("zones", Ask(on=date(year, 12, 31)))
    if not len(zones):
        raise NothingInForce(f"No boundary of any zone was in force on {year}-12-31. Ask for another year.")
    rows = book.results(year=year)
    served = collections()["indicators"].columns
    said = {row["code"]: row["label"] for row in rows}
    codes = [
        *(code for code, of in served.items() if code in said or of.unit),
        *(c for c in said if c not in served),
    ]
    indicators = [{"code": c, "label": said.get(c) or served[c].label} for c in codes]
    if indicator not in {each["code"] for each in indicators}:
        raise NotHere("indicator", indicator, [each["code"] for each in indicators])
    drawn = maps.province_page(
        zones, rows, indicator=indicator, indicators=indicators, links=links, base=base_map()
    )
    return _whole(drawn, f"开发区土地与碳 · {year} 年", book, assets_url)


def zone_html(
    book: Book,
    code: str,
    year: int,
    *,
    links: Mapping[str, str] | None = None,
    assets_url: str | None = None,
) -> str:
    """The page of one zone at the end of a year: parcels, boundary, constraints, requests and indicators.

    Classified constraints are never drawn.

    Raises
    ------
    NotHere, NothingInForce : there is no such zone, or it had no boundary then
    """
    day = date(year, 12, 31)
    zone = zone_on(book, code, day)
    parcels, _ = parcels_of(book, zone, day)
    boundary = book.read("zones", Ask(zone=code, on=day))
    west, south, east, north = boundary.total_bounds
    around = (west - BESIDE, south - BESIDE, east + BESIDE, north + BESIDE)
    limits = unrestricted(book.read("constraints", Ask(on=day, box=tuple(float(side) for side in around))))
    rows = book.results(code, year, "assess") or [each.as_json() for each in assess(book, code, year).results]
    parcels = _with_names(
        parcels, book.read("enterprises", Ask(zone=code, year=year), columns=["enterprise_id", "name"])
    )
    parcels = with_themes(Asked(book, code, year), parcels)
    drawn = maps.zone_page(
        boundary,
        parcels,
        rows,
        constraints=limits,
        requests=requests_of(book, code),
        links=links,
        base=base_map(),
    )
    return _whole(drawn, f"{zone['name']} · {year} 年", book, assets_url)


def base_map() -> maps.BaseMap | None:
    """The base map that the office has configured; None without."""
    said = settings()
    return maps.BaseMap((said.base_map,), said.base_map_credit) if said.base_map else None


def _with_names(parcels: pd.DataFrame, firms: pd.DataFrame) -> pd.DataFrame:
    names = firms.drop_duplicates("enterprise_id").set_index("enterprise_id")["name"]
    return parcels.assign(enterprise_name=parcels["enterprise_id"].map(names)) if len(parcels) else parcels


def _whole(drawn: object, title: str, book: Book, assets_url: str | None) -> str:
    notice = book.notes().get("notice", "")
    return maps.render(drawn, title=title, embed=assets_url is None, assets_url=assets_url, notice=notice)
