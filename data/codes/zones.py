"""Registry of zones (开发区审核公告目录 2018): the 150 of Henan, and the grammar of their codes.

The catalogue names zones as they were in 2018. Henan merged most of them in 2021, so a code of
the catalogue is not today's zone: `valid_to` and `predecessor` stay unknown until a document
says them, and `approved_ha` is the approved area, never that of the zone as it is run today.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from data.codes.tables import read_codes, rows_by_code
from data.errors import NoSuchCode
from data.records import Fault, Severity

GRAMMAR = re.compile(r"^(?P<level>[GS])(?P<province>\d{2})(?P<type>\d)(?P<serial>\d{3})$")

TYPES: Mapping[str, str] = {
    "G1": "国家级经济技术开发区",
    "G2": "国家级高新技术产业开发区",
    "G3": "海关特殊监管区域",
    "G4": "国家级开发区",
    "G5": "国家级开发区",
    "G6": "其他国家级开发区",
    "S7": "省级经济开发区",
    "S8": "省级高新技术产业园区",
    "S9": "省级工业园区、产业集聚区",
}


NUMBERS = ("approved_ha", "near_lon", "near_lat")


def zones() -> pd.DataFrame:
    """The 150 zones of Henan in the catalogue of 2018.

    Returns
    -------
    DataFrame: code, name, level (national, provincial), kind (etdz, htdz, customs, edz, park),
    city, city_code, county_code, approved_ha, approved_on (year-month), industries, valid_from,
    valid_to, predecessor, status (of the row), county_status (of county_code), near_lon,
    near_lat (rounded, the nine national zones only; a zone lies where its boundary says),
    stat_code (statistical, not GB/T 2260)
    """
    return read_codes("zones_henan", NUMBERS)


def zone(code: str) -> Mapping[str, Any]:
    """The catalogue row of that zone; None for what is not known.

    >>> zone("G411031")["approved_ha"]
    1249.0

    Raises
    ------
    NoSuchCode : the catalogue holds no such zone in Henan
    """
    known = rows_by_code("zones_henan", NUMBERS)
    if code not in known:
        raise NoSuchCode(code, "The catalogue of Henan's zones", known)
    return dict(known[code])


def check_code(code: str) -> Fault | None:
    """A fault when a zone code breaks the catalogue's grammar.

    Grammar: G national or S provincial, province (2 digits of GB/T 2260), type, serial (3).
    Type 1-6 goes with G, 7-9 with S. It is a warning: a zone younger than the catalogue has no
    code there, and may carry one of its own.

    >>> check_code("G411031") is None
    True
    >>> check_code("S411031").message
    'Zone code S411031 is provincial (S), but type 1 is 国家级经济技术开发区.'
    """
    remedy = "Write the code of the catalogue, or keep your own if the zone is not in it."
    places = rows_by_code("regions")
    if code in places:
        said = f"{code} is the region or statistical code of {places[code]['name']}, not a zone's."
        return _fault(said, remedy)
    read = GRAMMAR.match(code)
    if read is None:
        return _fault(f"Zone code {code!r} is not G or S and six digits, as in G411031.", remedy)
    if f"{read['province']}0000" not in places:
        return _fault(f"Zone code {code} names province {read['province']}, which is none.", remedy)
    if read["level"] + read["type"] not in TYPES:
        level = {"G": "national (G)", "S": "provincial (S)"}[read["level"]]
        kind = next((said for key, said in TYPES.items() if key[1] == read["type"]), "no type at all")
        return _fault(f"Zone code {code} is {level}, but type {read['type']} is {kind}.", remedy)
    return None


def _fault(message: str, remedy: str) -> Fault:
    return Fault("zone_code", message, remedy, Severity.WARNING, layer="zones", column="code")
