"""Guide indicators and basic conditions of a zero-carbon park (引导指标, 基本条件).

Each is held against what statistics state. What only a person can find is answered there too: 1 for
fulfilled, 0 for not; until then it cannot be told, and the finding says what to show.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from carbon.gates.holding import RULES, At, Known, hold
from carbon.gates.stated import ITEMS, Stated, missing
from data.errors import NoSuchCode
from data.parameters import parameter
from data.records import Finding, Input, Outcome

GUIDES = ("clean_energy", "product_energy", "solid_waste", "waste_energy", "water_reuse")
CONDITIONS = ("condition_entity", "condition_boundary", "condition_metering", "condition_accidents")
WASTE = ("heat", "cold", "pressure")
SHOW = {
    "condition_entity": "Show the approval of the zone, and for a provincial one its entry in the latest "
    "《中国开发区审核公告目录》.",
    "condition_boundary": "Show that the whole zone is meant, or the 四至边界 and manager of the 园中园.",
    "condition_metering": "Show the statistics, meters and monitoring of energy and carbon there are.",
    "condition_accidents": "Show what the departments of safety and environment say of the last three years.",
}


def guides(figures: Stated, at: At, excluded: Mapping[str, str] | None = None) -> tuple[Finding, ...]:
    """The five guide indicators, each met, not met, cannot tell, or left out with the reason given.

    Parameters
    ----------
    figures : what the zone's statistics state for the year
    excluded : name out of `GUIDES` -> why the park cannot work on it (附件3 一); it is not asked for then;
        a blank reason leaves the indicator in

    Raises
    ------
    NoSuchCode : `excluded` names no guide indicator

    Source: ndrc-2025-910 附件3
    """
    left_out = dict(excluded or {})
    for name in left_out:
        if name not in GUIDES:
            raise NoSuchCode(name, f"The list of guide indicators ({', '.join(GUIDES)})", GUIDES)
    return tuple(_guide(name, figures, at, left_out.get(name)) for name in GUIDES)


def conditions(figures: Stated, at: At) -> tuple[Finding, ...]:
    """The four basic conditions, for a person to answer.

    Source: ndrc-2025-910 附件1
    """
    return tuple(_condition(name, figures, at) for name in CONDITIONS)


def waste_energy(figures: Stated) -> tuple[Known, tuple[Input, ...]]:
    """Use of waste heat, cold and pressure: as stated, or the mean weighted by what is available.

    Formula: Σ rate x available / Σ available. The text names no weights; what can be recovered (GJ)
    is taken. One of which nothing is available needs no rate.

    >>> rates = {"waste_heat_use_rate": 0.6, "waste_pressure_use_rate": 0.2}
    >>> there = {"heat": 300.0, "cold": 0.0, "pressure": 100.0}
    >>> amounts = {f"waste_{kind}_available": gj for kind, gj in there.items()}
    >>> waste_energy(Stated(rates | amounts))[0].value
    0.5
    """
    whole = figures.get("waste_energy_use_rate")
    if whole is not None:
        return Known(whole), (_input("waste_energy_use_rate", figures),)
    names = [f"waste_{kind}_{which}" for kind in WASTE for which in ("use_rate", "available")]
    inputs = tuple(_input(name, figures) for name in names)
    pairs = [
        (figures.get(f"waste_{kind}_use_rate"), figures.get(f"waste_{kind}_available")) for kind in WASTE
    ]
    lacking = [
        kind
        for kind, (rate, there) in zip(WASTE, pairs, strict=True)
        if there is None or (there > 0 and rate is None)
    ]
    if len(lacking) == len(WASTE):
        return Known(None, f"{ITEMS['waste_energy_use_rate'].label} is not stated."), inputs
    if lacking:
        return Known(None, f"Rate or amount of waste {' and '.join(lacking)} is not stated."), inputs
    whole_gj = sum(there for _, there in pairs if there)
    if not whole_gj:
        return Known(None, "No waste heat, cold or pressure is there to be used."), inputs
    return Known(sum(rate * there for rate, there in pairs if rate and there) / whole_gj), inputs


def _guide(name: str, figures: Stated, at: At, left_out: str | None) -> Finding:
    rule = f"{RULES}.{name}"
    item = parameter(rule).measures
    if name == "waste_energy":
        known, inputs = waste_energy(figures)
    else:
        known, inputs = _stated(item, figures), (_input(item, figures),)
    found = hold(rule, known, at, inputs=inputs, remedy=missing(item))
    if left_out is None:
        return found
    if not left_out.strip():
        return replace(found, reason=f"{found.reason} It can only be left out with a reason.".strip())
    return replace(
        found,
        outcome=Outcome.CANNOT_TELL,
        shortfall=None,
        shortfall_unit="",
        reason=f"Left out of the acceptance: {left_out.strip()}",
        remedy="State the reason in the application (附件3 一).",
    )


def _condition(name: str, figures: Stated, at: At) -> Finding:
    rule = f"{RULES}.{name}"
    item = parameter(rule).measures
    known = figures.get(item)
    said = Known(known, "" if known is not None else "A person must answer this.")
    found = hold(rule, said, at, inputs=(_input(item, figures),), remedy=f"{SHOW[name]} {_answer(item)}")
    if found.outcome is Outcome.NOT_MET:
        return replace(found, shortfall=None, shortfall_unit="", remedy=SHOW[name])
    return found


def _answer(item: str) -> str:
    how = "how many there were" if item == "major_accidents_3y" else "1 (fulfilled) or 0 (not)"
    return f"Then state {item} in the statistics of that year: {how}."


def _stated(item: str, figures: Stated) -> Known:
    value = figures.get(item)
    return Known(value, "" if value is not None else f"{ITEMS[item].label} is not stated.")


def _input(item: str, figures: Stated) -> Input:
    return Input(item, ITEMS[item].label, figures.get(item), ITEMS[item].unit, "statistics")
