"""Satellite against ledger in a zone (卫星核台账): what `mutan cover … --store` has kept of a year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from api.listings.listing import Asked, Listing, columns
from data.errors import NotHere
from data.records import Input, Result
from geo.cover import VERDICTS

FAMILY = "cover"
DISAGREEMENT = ".disagreement"
SHOWN = columns(
    ("parcel_id", "地块编号"),
    ("legend", "图例"),
    ("verdict_label", "判定"),
    ("mu", "不一致面积", "mu", "number"),
)


def make(asked: Asked) -> Listing:
    """The shares that a raster showed, and the parcels about which it and the ledger differ, most land first.

    Raises
    ------
    NotHere : nothing is kept of that zone and year
    """
    name = asked.zone["name"]
    kept = kept_cover(asked)
    if not kept:
        raise NotHere(
            "land cover (make it with mutan cover book RASTER --classes NAME --year YEAR --store) of",
            f"{asked.code} in {asked.year}",
        )
    rows = [row for each in kept for row in differing(each)]
    frame = pd.DataFrame(rows, columns=["parcel_id", "legend", "verdict", "verdict_label", "mu"])
    return Listing(
        name="cover",
        title=f"{name}：卫星与台账",
        asked=asked,
        columns=SHOWN,
        frame=frame.sort_values("mu", ascending=False, kind="stable").reset_index(drop=True),
        results=tuple(_result(row) for row in kept),
        notes=("一致的地块不列出；无法判断的列出全部面积。", f"记于 {kept[0]['when']}。"),
        articles=tuple(dict.fromkeys(article for row in kept for article in row["articles"])),
        placed_by="parcel_id",
    )


def kept_cover(asked: Asked) -> list[Mapping[str, Any]]:
    """The results of the family `cover` of a zone and year, as the book keeps them."""
    return asked.book.results(asked.code, asked.year, FAMILY)


def differing(row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The parcels in a kept result on disagreement; none in any other."""
    if not row["code"].endswith(DISAGREEMENT):
        return
    for key, mu in row["breakdown"].items():
        head, _, parcel = key.partition(".")
        verdict = head.removesuffix("_mu")
        yield {
            "parcel_id": parcel,
            "legend": row["code"].split(".")[1],
            "verdict": verdict,
            "verdict_label": VERDICTS.get(verdict, verdict),
            "mu": mu,
        }


def _result(row: Mapping[str, Any]) -> Result:
    """A kept result as a record again, without its parts, which stand in the table."""
    inputs = (
        Input(i["name"], i["label"], i["value"], i["unit"], i.get("origin", ""), i.get("count"))
        for i in row["inputs"]
    )
    return Result(
        row["code"],
        row["label"],
        row["value"],
        row["unit"],
        tuple(inputs),
        row["formula"],
        tuple(row["articles"]),
        reason=row["reason"] or "",
        layer_versions=tuple(row["layer_versions"]),
    )
