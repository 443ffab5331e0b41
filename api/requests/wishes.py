"""What a person says beside the file of a request (申请选项)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any

from api.requests.land_conversion import METHOD
from data.codes.roles import role
from data.errors import MutanError
from geo.boundary_change.request import SNAP_M

INDICATORS = ("all", "conditions", "none")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person who asks says beside the file; what is left alone is taken from the file.

    Parameters
    ----------
    kind : expansion, adjustment, recognition, upgrade, removal: a folder of data/rules
    zone : code
    day : for which it is checked: layers and rules as they are in force then
    name : of the request, or of the new zone
    crs : of the file's coordinates, when it does not say or is wrong
    layer, encoding : of a file with several layers; of its text
    snap_m : strips and gaps along the old boundary narrower than this are drawing, metres, 0 to 10
    whole : the file is the new boundary as a whole
    repair : mend invalid polygons, and report what that did to their area
    reasons : codes of declared reasons (举证情形)
    roles : kind of a constraint layer -> its role, where its name does not tell
    land : method of land-use change
    indicators : all; those that conditions hold; or none

    Raises
    ------
    MutanError : a tolerance, a role, or a choice of indicators that there is not
    """

    kind: str
    zone: str
    day: date
    name: str = ""
    crs: str | None = None
    layer: str | None = None
    encoding: str | None = None
    snap_m: float = SNAP_M
    whole: bool = False
    repair: bool = False
    reasons: tuple[str, ...] = ()
    roles: Mapping[str, str] = field(default_factory=dict)
    land: str = METHOD
    indicators: str = "all"

    def __post_init__(self) -> None:
        if not 0 <= self.snap_m <= 10:
            raise MutanError(
                f"A snap tolerance of {self.snap_m} m is none: give 0 to 10 metres, such as 0.1."
            )
        if self.indicators not in INDICATORS:
            raise MutanError(f"indicators={self.indicators!r} is not offered: {', '.join(INDICATORS)}.")
        for name in self.roles.values():
            role(name)

    def as_json(self) -> dict[str, Any]:
        """Plain values, from which `of_json` makes the same wishes again."""
        return {**asdict(self), "day": self.day.isoformat(), "reasons": list(self.reasons)}

    @classmethod
    def of_json(cls, said: Mapping[str, Any]) -> Wishes:
        """Wishes that were kept as JSON; keys of a later version are left out."""
        known = {each.name for each in fields(cls)}
        kept = {name: value for name, value in said.items() if name in known}
        kept["day"] = date.fromisoformat(str(kept["day"]))
        kept["reasons"] = tuple(kept.get("reasons", ()))
        return cls(**kept)
