"""What was chosen where the text of a scheme leaves a choice (口径说明), in words."""

from __future__ import annotations

import numpy as np

from geo.benefit.result_frame import Stand
from geo.benefit.scheme import Scheme


def scope(scheme: Scheme) -> str:
    """Whom each group of a scheme takes: `规上: above_scale is True; 规下: all`."""
    said = (f"{group.label}: {' and '.join(map(str, group.who)) or 'all'}" for group in scheme.groups)
    return "; ".join(said)


def choices(scheme: Scheme, stand: Stand) -> dict[str, str]:
    """What was chosen where texts leave a choice, and how often it mattered."""
    silent = int(np.isnan(stand.land.stated.unregistered).sum())
    together = "equal totals stand together, in the better class"
    ties = together if scheme.together else "equal totals are parted by the smaller enterprise_id"
    by = f"first by {', '.join(scheme.ties)}; " if scheme.ties else ""
    made = {
        "scheme": f"{scheme.label} ({scheme.status})",
        "unit": "each zone by itself" if scheme.unit == "zone" else "the whole list",
        "rounding": f"numbers of enterprises are rounded {scheme.rounding.replace('_', ' ')}",
        "ties": by + ties,
        "land": "own + unregistered + leased in - leased out",
        "unregistered": f"{silent} of {len(stand.ids)} state no unregistered land; none is counted for them",
        "groups": scope(scheme),
    }
    for group in scheme.groups:
        if group.classes.cut == "two_stage":
            made[f"share_of.{group.code}"] = (
                f"per cents of the second stage are of the {group.classes.share_of}"
            )
        rules = sorted({item.base_rule for item in group.items} - {"value"})
        if rules:
            made[f"base.{group.code}"] = f"the group's own average is the base value ({', '.join(rules)})"
    if scheme.merge:
        apart = int((stand.units.lead != np.arange(len(stand.ids))).sum())
        made["merge"] = (
            f"firms of one {scheme.merge} are graded as one; {apart} share the result of their lead"
        )
    return made
