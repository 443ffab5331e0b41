"""Balance (调入调出平衡): what a zone takes in against what it gives up, of land or of its quality.

    measure: {area: added, against: lost, as: difference}                     m²: what comes less what goes
    measure: {area: added, against: lost, as: ratio}                          what comes over what goes
    measure: {area: added, against: lost, land: {class_code: ["01"]}}         of cultivated land alone
    measure: {area: added, against: lost, land: {category: [farmland]}, mean: grade}  its mean grade

Land of a kind is told from the parcels of the land that moves. Land without a parcel, or with one whose class
is not known, may be of the kind or not: the figure then lies between two bounds.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.errors import RuleFileError
from data.records import Dated, Input
from geo.boundary_change.conditions.condition import Condition
from geo.boundary_change.conditions.grounds import Grounds
from geo.boundary_change.conditions.land_kinds import MOVES, Kind, Land, is_of, kind_of, land_of, moving
from geo.boundary_change.conditions.measured import Measured, asked_of
from geo.boundary_change.conditions.thresholds import held
from geo.boundary_change.judgement import Judgement
from geo.boundary_change.request import Request

AREAS = ("added", "lost", "asked", "gives_up", "boundary", "after")
WAYS = ("difference", "ratio")


def balance(condition: Condition, limit: Dated, request: Request, grounds: Grounds) -> Judgement:
    """What comes held against what goes.

    Formula: of(area) - of(against), or of(area) / of(against); of: an area, m², or a mean weighted by area

    Raises
    ------
    RuleFileError : `measure` is badly written
    """
    may = {"area": AREAS, "against": ("lost", *AREAS), "as": WAYS, "land": {}, "mean": ""}
    said = asked_of(condition.rule, condition.measure, may)
    kind = kind_of(condition.rule, said["land"])
    names = (str(said["area"]), str(said["against"]))
    if (kind or said["mean"]) and not set(names) <= set(MOVES):
        raise RuleFileError(
            f"{condition.rule}: measure: land and mean are told of land that moves, so area and against are "
            f"added and lost; {names[0]} and {names[1]} stand there."
        )
    if said["mean"]:
        figure = _means(names, kind, str(said["mean"]), str(said["as"]), grounds)
    else:
        sides = [land_of(name, kind, request, grounds) for name in names]
        figure = _areas(sides, names, str(said["as"]))
    return held(condition, limit, request, figure)


def _areas(sides: list[Land], names: tuple[str, str], way: str) -> Measured:
    comes, goes = sides
    inputs = (comes.told, goes.told)
    reason = " ".join(filter(None, (comes.reason, goes.reason)))
    low_high = [(side.known, side.known + side.unsure) for side in sides]
    (least, most), (fewest, all_of) = low_high
    if way == "difference":
        bounds, value, unit = (least - all_of, most - fewest), comes.known - goes.known, "m2"
    elif fewest <= 0:
        why = f"Nothing is known to be {names[1]}, so there is nothing to compare with. {reason}".strip()
        return Measured(None, "1", why, inputs=inputs)
    else:
        bounds, value, unit = (least / all_of, most / fewest), comes.known / goes.known, "1"
    formula = f"{names[0]} {'-' if way == 'difference' else '/'} {names[1]}"
    if reason:
        return Measured(None, unit, reason, formula, inputs, bounds)
    return Measured(value, unit, "", formula, inputs)


def _means(names: tuple[str, str], kind: Kind, column: str, way: str, grounds: Grounds) -> Measured:
    """Mean of a column of the parcels on either side, weighted by area."""
    told, why, inputs = [], [], []
    for name in names:
        rows = moving(grounds, name)
        if rows is None or column not in rows:
            why.append(f"The parcels of the land that is {name} have no column {column}.")
            continue
        yes, no = is_of(rows, kind)
        figures = pd.to_numeric(rows[column], errors="coerce").to_numpy(np.float64)
        area = rows["area_m2"].to_numpy(np.float64)
        unsure = ~(yes | no) | (yes & ~np.isfinite(figures))
        if unsure.any():
            lacks = area[unsure].sum()
            why.append(f"{lacks:.2f} m² of the land that is {name} have no {column}, or no class.")
        elif not yes.any():
            why.append(f"No such land is {name}, so it has no {column}.")
        else:
            mean = float(np.average(figures[yes], weights=area[yes]))
            told.append(mean)
            inputs.append(Input(f"{column}.{name}", f"{name} {column}", mean, "1", "parcels", int(yes.sum())))
    if why:
        return Measured(None, "1", " ".join(why), inputs=tuple(inputs))
    value = told[0] - told[1] if way == "difference" else told[0] / told[1]
    formula = f"mean {column} of {names[0]} {'-' if way == 'difference' else '/'} {names[1]}"
    return Measured(value, "1", "", formula, tuple(inputs))
