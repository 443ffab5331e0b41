"""What has no place on the map (排放落图问题): enterprises without land, lines that are not told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from data.records import Fault, Severity


def without_parcel(firms: pd.DataFrame, *, moved: bool) -> Iterator[Fault]:
    """Enterprises that emit and stand on no parcel; `moved`: what they emit lies on built land."""
    firms = firms[(firms["known"] != 0) | (firms["lost"] > 0)]
    done = "It was put on the built land of the zone." if moved else "It is on no map and in no cell."
    for own, known in zip(firms.index, firms["known"], strict=True):
        yield Fault(
            "emissions_without_place",
            f"{known:,.2f} tCO2e of the enterprise, and it stands on no parcel of the zone. {done}",
            "Name it in enterprise_id of its parcels, or put it on built land with unplaced=built_land.",
            Severity.WARNING,
            "activity",
            str(own),
        )


def not_told(firms: pd.DataFrame, own: Mapping[str, Any]) -> Iterator[Fault]:
    """Emitters of which a line is not told, the zone itself last."""
    lost = firms[firms["lost"] > 0]
    rows = [*zip(lost.index, lost["lost"], lost["lines"], lost["reason"], strict=True)]
    if own["lost"]:
        rows.append(("", own["lost"], own["lines"], own["reason"]))
    for who, count, lines, reason in rows:
        yield Fault(
            "emissions_not_told",
            f"{count} of {lines} lines are not told, and only the others are on the map. {reason}",
            "Correct the statement; mutan inventory lists every line.",
            Severity.WARNING,
            "activity",
            str(who),
        )


def not_built(parcels: pd.DataFrame, over: float) -> Iterator[Fault]:
    """Land of which nobody says that it is built; `over`: tCO2e that lie on the whole zone for that."""
    if over:
        yield Fault(
            "emissions_over_zone",
            f"No parcel is known to be built, so {over:,.2f} tCO2e lie evenly on the whole zone.",
            "Say which parcels are built (built, 是否建成).",
            Severity.WARNING,
            "parcels",
        )
    blank = int(parcels["built"].isna().sum())
    if blank and not over:
        yield Fault(
            "built_not_known",
            f"{blank} parcels do not say whether they are built, so nothing that the zone states by itself "
            "is on them.",
            "Fill in built (是否建成).",
            Severity.WARNING,
            "parcels",
        )
