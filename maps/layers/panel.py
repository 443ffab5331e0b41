"""Indicator panel (指标面板): one zone's results beside its map, each with its why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from maps.layers.client import ClientLayer
from maps.results import Row, pack_results
from maps.units import all_faces


def indicator_panel(
    code: str, facts: Mapping[str, str], results: Sequence[Row], *, links: Mapping[str, str] | None = None
) -> ClientLayer:
    """Label, value, unit, target and outcome of every indicator of a zone, and what each rests on.

    Parameters
    ----------
    code : zone code
    facts : what is said of the zone above its indicators, label -> text
    results : the zone's results of one year, in the order shown
    links : `home`: back to all zones; `why`: address with {code} and {result}
    """
    packed = pack_results(results, zone=code)
    payload = {
        "code": code,
        "facts": list(facts.items()),
        "results": packed,
        "units": all_faces(packed["units"]),
        "links": dict(links or {}),
    }
    return ClientLayer("indicators", payload)
