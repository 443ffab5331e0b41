"""How a zone stands (开发区位次与进度): targets, leagues, monthly series, idle land, exit list, ranks.

`CONTENTS` names what becomes a result of a zone. Everything else is told for many zones at once.
"""

from __future__ import annotations

from geo.standing.exit_list import ExitList, exit_list
from geo.standing.exit_list import results as exit_results
from geo.standing.idle import Idle, idle_land
from geo.standing.idle_told import results as idle_results
from geo.standing.leagues import HENAN, Standing, league
from geo.standing.monthly import Monthly, monthly
from geo.standing.ranks import direction, ranks
from geo.standing.scheme import Scheme, scheme
from geo.standing.statements import ITEMS, Statements, read
from geo.standing.target import Target
from geo.standing.targets import LEAGUE_GOALS, PLAN, targets

__all__ = [
    "CONTENTS",
    "HENAN",
    "ITEMS",
    "LEAGUE_GOALS",
    "PLAN",
    "ExitList",
    "Idle",
    "Monthly",
    "Scheme",
    "Standing",
    "Statements",
    "Target",
    "direction",
    "exit_list",
    "exit_results",
    "idle_land",
    "idle_results",
    "league",
    "monthly",
    "ranks",
    "read",
    "scheme",
    "targets",
]

CONTENTS: tuple[tuple[str, str, str], ...] = (
    ("idle_area_mu", "疑似闲置土地面积", "mu"),
    ("idle_projects", "疑似闲置土地宗数", "count"),
    ("exit_area_mu", "退出清单土地面积", "mu"),
    ("exit_enterprises", "退出清单企业数", "count"),
)
"""Code, label and unit of each result of a zone that this room makes."""
