"""An amount per mu (亩均), with the area it was divided by, and the other areas beside it."""

from __future__ import annotations

from collections.abc import Mapping

from data.errors import NoSuchCode
from data.records import Input, Result
from data.units import m2_to_ha, m2_to_mu
from geo.benefit.areas import AreaBase


def per_area(
    code: str,
    label: str,
    amount: Result | float | None,
    unit: str,
    bases: Mapping[str, AreaBase],
    *,
    base: str = "built",
    reason: str = "",
) -> Result:
    """An amount divided by an area.

    Formula: amount / area of `base`

    Parameters
    ----------
    amount : the amount; a Result brings its inputs, articles and reason along
    unit : unit of the amount; the value is then in `unit`/mu, with `unit`/ha in the breakdown
    bases : the areas to divide by, as `area_bases` makes them
    base : which of them gives the value
    reason : why the amount is None, where it is a bare number

    Returns
    -------
    Result whose breakdown holds `per_mu.<base>`, `per_ha.<base>` and `area_mu.<base>` for every
    area that is known

    Raises
    ------
    NoSuchCode : there is no such area

    Examples
    --------
    >>> bases = {"built": AreaBase("built", "已建成", 20_000.0)}
    >>> per_area("tax_per_mu", "亩均税收", 600.0, "CNY10k", bases).value
    20.0
    """
    if base not in bases:
        raise NoSuchCode(base, "The list of areas to divide by", bases)
    whole = amount.value if isinstance(amount, Result) else amount
    area = bases[base]
    told = whole is not None and whole == whole
    value = whole / m2_to_mu(area.area_m2) if told and whole is not None and area.area_m2 else None
    why = "" if told else (amount.reason if isinstance(amount, Result) else reason)
    said = [] if told else [why or f"The amount of {code} is not known."]
    said += [area.reason] if area.area_m2 is None else []
    own = amount.inputs if isinstance(amount, Result) else ()
    top = own or (Input(code.split("_per_")[0], label, whole if told else None, unit),)
    return Result(
        code=code,
        label=label,
        value=value,
        unit=f"{unit}/mu",
        inputs=(*top, *(each.as_input() for each in bases.values())),
        formula=f"{amount.label if isinstance(amount, Result) else unit} / {area.label}",
        articles=amount.articles if isinstance(amount, Result) else (),
        reason=" ".join(said),
        area_base=base,
        layer_versions=amount.layer_versions if isinstance(amount, Result) else (),
        breakdown=_beside(whole if told else None, bases),
    )


def _beside(amount: float | None, bases: Mapping[str, AreaBase]) -> dict[str, float]:
    """The figure by each area that is known."""
    shown: dict[str, float] = {}
    for name, each in bases.items():
        if each.area_m2 is None:
            continue
        shown[f"area_mu.{name}"] = m2_to_mu(each.area_m2)
        if amount is not None:
            shown[f"per_mu.{name}"] = amount / m2_to_mu(each.area_m2)
            shown[f"per_ha.{name}"] = amount / m2_to_ha(each.area_m2)
    return shown
