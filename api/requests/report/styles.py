"""How each thing looks on the map (图式): told apart by line and hatch first, so that it prints in black."""

from __future__ import annotations

from dataclasses import dataclass

from data.codes.roles import roles
from maps.palette import BOUNDARY, HIGHLIGHT, OUTCOME_INK, PAGE, constraint_colour


@dataclass(frozen=True, slots=True)
class Style:
    """How one kind of thing is drawn.

    Parameters
    ----------
    label : in the legend
    colour : of line and hatch
    width : of its outline, mm; 0: none
    dash : of its outline, mm on and off; empty: whole
    hatch : key of HATCHES; empty: no filling
    """

    label: str
    colour: str
    width: float
    dash: str = ""
    hatch: str = ""


# name -> angle in degrees, spacing in mm, dash along the lines in mm, width in mm
HATCHES: dict[str, tuple[float, float, str, float]] = {
    "rising": (-45, 2.2, "", 0.12),
    "falling": (45, 2.2, "", 0.12),
    "dense": (45, 0.8, "", 0.22),
    "level": (0, 1.6, "", 0.12),
    "waves": (0, 1.4, "1.6 0.9", 0.14),
    "upright": (90, 1.6, "", 0.12),
    "dashes": (-45, 1.6, "1.2 0.8", 0.14),
    "dots": (0, 1.5, "0.25 1.25", 0.25),
    "steep": (65, 1.8, "", 0.12),
    "flat": (-20, 1.8, "", 0.12),
}

PARCELS = Style("地块界线", PAGE["line"], 0.1)
ZONE = Style("开发区现有边界", BOUNDARY, 0.7, "5 1 0.8 1")
ASKED = Style("申请范围", HIGHLIGHT, 0.5)
ASKED_FINE = Style(ASKED.label, ASKED.colour, 0.2)
ADDED = Style("调入（新增）土地", PAGE["accent"], 0.0, "", "rising")
LOST = Style("调出土地", BOUNDARY, 0.25, "1 0.6", "falling")
TRIMMED = Style("避让后的建议范围", OUTCOME_INK["met"], 0.45, "2.2 1.1")
OFFENDING = Style("涉及部分（编号同表）", OUTCOME_INK["not_met"], 0.35, "", "dense")

ROLES: dict[str, tuple[str, str]] = {
    "basic_farmland": ("level", ""),
    "ecological_red_line": ("dashes", "3 0.8"),
    "urban_boundary": ("", "4 1.2"),
    "control_unit": ("", "1.5 0.8"),
    "planned_construction": ("", "0.8 0.8"),
    "planned_land_use": ("", "0.8 0.8"),
    "construction_control": ("", "2.4 0.6 0.4 0.6"),
    "other_zone": ("dots", "3 0.8 0.6 0.8"),
    "water": ("waves", ""),
    "river_land": ("waves", "1 0.5"),
    "heritage": ("upright", ""),
    "nature_reserve": ("steep", ""),
    "cultivated_land": ("level", "0.6 0.6"),
}
"""Hatch and dash of each role, without a hatch where it covers whole towns; all others are hatched steeply"""
COLOURED = {
    "water": "other_zone",
    "river_land": "other_zone",
    "cultivated_land": "basic_farmland",
    "nature_reserve": "control_unit",
}
"""Roles that take the colour of another"""


def role_style(role: str) -> Style:
    """The style of constraint features of a role.

    >>> role_style("basic_farmland").label, role_style("basic_farmland").hatch
    ('永久基本农田', 'level')
    >>> role_style("something_else").label
    'something_else'
    """
    known = roles().get(role)
    hatch, dash = ROLES.get(role, ("steep", "0.5 0.5"))
    colour = constraint_colour(COLOURED.get(role, role))
    return Style(known.label if known else role, colour, 0.25, dash, hatch)


CSS_FAMILIES = (
    "'Noto Sans CJK SC','Noto Sans SC','Source Han Sans SC','Microsoft YaHei','PingFang SC',"
    "'Hiragino Sans GB','SimSun','WenQuanYi Micro Hei',sans-serif"
)
"""Fonts of the page in a browser, which takes the first that it has"""
