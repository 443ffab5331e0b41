"""What looks wrong in an inventory (核查): what is missing, jumps, outliers, sums that do not agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from carbon.category import Ask
from carbon.completeness import Completeness, Park, compared, completeness, jumps, outliers, zone_totals
from carbon.inventory import Inventory
from carbon.netting import Netting
from carbon.tables import plain
from data.records import Fault


@dataclass(frozen=True)
class Checked:
    """What was found beside the totals; none of it changes a number.

    Parameters
    ----------
    completeness : what should have been stated and was not
    tables : name -> frame: `jumps` between the years, `outliers` of intensity, `sums` against the totals that
        enterprises and zone state themselves, `repeated` by the zone
    """

    completeness: Completeness
    tables: Mapping[str, pd.DataFrame]
    faults: tuple[Fault, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain values; of outliers and sums only those that a person should look at."""
        odd = {
            "jumps": self.tables["jumps"],
            "outliers": self.tables["outliers"].query("outlier"),
            "sums": self.tables["sums"].query("outcome == 'not_met'"),
            "repeated": self.tables["repeated"],
        }
        return {**self.completeness.as_json(), **{name: plain(rows) for name, rows in odd.items()}}


def checked(
    told: Mapping[int, Inventory],
    ask: Ask,
    netted: Netting,
    enterprises: pd.DataFrame,
    statistics: pd.DataFrame,
) -> Checked:
    """An inventory held against the industry, the year before, and the zone's own figures.

    Parameters
    ----------
    told : the inventory of the year that `ask` names, and of the year before
    netted : of that year; with it buyers of power and heat inside the park are comparable
    """
    now = told[ask.year]
    before = told.get(ask.year - 1)
    earlier = before.frame if before is not None and len(before.frame) else None
    park = Park(now.zone, ask, now.frame, now.quotes, enterprises)
    lacking = completeness(park, earlier)
    frames = {year: each.frame for year, each in told.items() if len(each.frame)}
    alone = netted.enterprises.set_index("enterprise_id")["total_tco2e"]
    found = {
        "jumps": jumps(frames, ask),
        "outliers": outliers(park, tonnes=alone),
        "sums": compared(park, statistics),
        "repeated": zone_totals(park),
    }
    tables = {name: frame for name, (frame, _) in found.items()}
    said = tuple(fault for _, faults in found.values() for fault in faults)
    return Checked(lacking, tables, lacking.faults + said)
