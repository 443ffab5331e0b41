"""Colours (配色): the only place that names one.

Outcomes follow the Okabe-Ito set, which people with any colour vision can tell apart; they also differ by
line and by mark (✓ ✗ ？), so that nothing rests on colour alone. Land classes follow the habit of Chinese
planning maps (yellow housing, brown industry, purple storage), with lightness spread wide.
Scripts and styles name the variables that `css()` declares.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

PAGE: Mapping[str, str] = MappingProxyType({
    "ink": "#1f2933",
    "ink-soft": "#52606d",
    "paper": "#ffffff",
    "paper-soft": "#f5f7f9",
    "ground": "#e9edf0",
    "line": "#d5dbe1",
    "accent": "#0b5a8a",
    "accent-soft": "#e3eff6",
    "notice": "#5c3d00",
    "notice-ground": "#fff3d1",
    "notice-line": "#e0b74a",
})

OUTCOME: Mapping[str, str] = MappingProxyType({
    "met": "#009e73",
    "not_met": "#d55e00",
    "cannot_tell": "#b4bcc4",
    "none": "#8fb8d6",
})

# The same three, dark enough to be read as text on white (contrast 4.5 : 1 or more).
OUTCOME_INK: Mapping[str, str] = MappingProxyType({
    "met": "#00694d",
    "not_met": "#a34700",
    "cannot_tell": "#52606d",
})

# Light to dark, one hue: told apart by lightness only.
SEQUENCE = ("#deebf4", "#a9cce3", "#6ba6cf", "#3279ad", "#134b77")

# The keys are those of data.codes.classes.CATEGORIES, in the order of a legend.
LAND_CLASS: Mapping[str, str] = MappingProxyType({
    "industrial": "#b5793f",
    "storage": "#8d6bb1",
    "mining": "#7a5230",
    "salt": "#c7d3dd",
    "housing": "#f4d35e",
    "commercial": "#d7433b",
    "research": "#c45f93",
    "education_health_culture": "#ea8fb5",
    "public": "#f3b6c4",
    "utilities": "#4a78a8",
    "park": "#5aab61",
    "transport": "#9aa5b1",
    "rural_road": "#c3cad1",
    "special": "#5d6b3a",
    "reserve": "#f2efe9",
    "vacant": "#e3d9c3",
    "farmland": "#dcebb0",
    "woodland": "#2f6f4f",
    "grassland": "#a9cf7e",
    "wetland": "#7fb5a8",
    "water": "#93d0ea",
    "water_works": "#5c93b8",
    "other": "#d8d2c8",
    "unknown": "#b4bcc4",
})

# For classes that LAND_CLASS does not name, in their order of appearance.
SPARE = ("#66c2a5", "#fc8d62", "#8da0cb", "#e78ac3", "#a6d854", "#ffd92f", "#e5c494", "#7f7f7f")

CONSTRAINT: Mapping[str, str] = MappingProxyType({
    "basic_farmland": "#b58900",
    "ecological_red_line": "#c0152f",
    "urban_boundary": "#6a3d9a",
    "other_zone": "#1f78b4",
    "control_unit": "#33691e",
    "planned_construction": "#0b7285",
    "evidence": "#846358",
    "water": "#2b7a9b",
    "river_land": "#1b4f72",
    "heritage": "#8e44ad",
    "nature_reserve": "#1e8449",
    "other": "#4b5563",
})

# Themes of the parcels: column -> value -> colour, told apart by lightness as well as by hue.
THEME: Mapping[str, Mapping[str, str]] = MappingProxyType({
    "survey": {
        "A1": "#f4d35e", "A2": "#b5793f", "A3": "#9aa5b1", "A4": "#d7433b", "A51": "#5aab61",
        "A52": "#ea8fb5",
        "A6": "#4a78a8", "B11": "#c9a47a", "B12": "#e0c9a6", "B1": "#d6b98f", "B21": "#a9cce3",
        "B22": "#deebf4", "B2": "#c4dcec", "C": "#2f6f4f",
    },
    "supply": {
        "supplied": "#3279ad", "idle": "#d55e00", "ready": "#a9cce3", "not_supplied": "#e3e8ec",
        "not_developable": "#2f6f4f",
    },
    "share_part": {"numerator": "#b5793f", "denominator": "#a9cce3", "outside": "#eef1f3"},
    "grade": {
        "A": "#00694d", "B": "#66c2a5", "C": "#f0b35b", "D": "#c0152f", "excused": "#8fb8d6",
        "unranked": "#7b8794", "none": "#eef1f3",
    },
    # one hue from light to dark, as emissions rise
    "emission": {
        "below": "#8fb8d6", "0": "#fdf3e3", "1": "#fbdcae", "2": "#f5b971", "3": "#e58a3f", "4": "#c55a1d",
        "5": "#8f3413", "6": "#571c0c", "none": "#eef1f3",
    },
    "exit_reason": {"idle": "#d55e00", "low_yield": "#f0b35b", "both": "#8c1d18", "none": "#eef1f3"},
    "cover_gap": {
        "agree": "#c7d3dd", "built_not_seen": "#d55e00", "seen_not_built": "#6a3d9a",
        "cannot_tell": "#eef1f3",
    },
})  # fmt: skip

# Requests by verdict, and the parts of one request.
REQUEST: Mapping[str, str] = MappingProxyType({
    "asked": PAGE["accent"],
    "added": "#1f78b4",
    "lost": "#6a3d9a",
    "kept": OUTCOME_INK["met"],
    "met": OUTCOME["met"],
    "not_met": OUTCOME["not_met"],
    "cannot_tell": "#7b8794",
    "": OUTCOME["none"],
})

BOUNDARY = "#7b1e3b"
OUTLINE = "#ffffff"
HIGHLIGHT = "#111827"


def land_class_colour(category: str, unnamed: int = 0) -> str:
    """Fill of a land class; the one numbered `unnamed` of the spare colours where it has none of its own.

    >>> land_class_colour("storage") == LAND_CLASS["storage"]
    True
    >>> land_class_colour("launch_pad", 9) == SPARE[1]
    True
    """
    return LAND_CLASS.get(category, SPARE[unnamed % len(SPARE)])


def theme_colour(column: str, value: str, unnamed: int = 0) -> str:
    """Fill of a value of a theme; grey where it is unknown, a spare colour where the theme does not name it.

    >>> theme_colour("grade", "A") == THEME["grade"]["A"], theme_colour("grade", "A+", 1) == SPARE[1]
    (True, True)
    """
    if value == "unknown":
        return LAND_CLASS["unknown"]
    return THEME.get(column, {}).get(value, SPARE[unnamed % len(SPARE)])


def constraint_colour(kind: str) -> str:
    """Outline of a constraint layer of that kind."""
    return CONSTRAINT.get(kind, CONSTRAINT["other"])


def request_colour(name: str) -> str:
    """Outline of a request by its verdict, or of a part of one.

    >>> request_colour("not_met") == OUTCOME["not_met"]
    True
    """
    return REQUEST[name]


def css() -> str:
    """All page colours as CSS variables: `--met`, `--met-ink`, `--seq-0` …"""
    named = {
        **PAGE,
        **OUTCOME,
        **{f"{name}-ink": colour for name, colour in OUTCOME_INK.items()},
        **{f"seq-{step}": colour for step, colour in enumerate(SEQUENCE)},
        "boundary": BOUNDARY,
        "outline": OUTLINE,
        "highlight": HIGHLIGHT,
    }
    return ":root{" + "".join(f"--{name}:{colour};" for name, colour in named.items()) + "}"
