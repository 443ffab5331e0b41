"""Reading a scheme file strictly: what does not add up is refused, with file, key and remedy."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from data.errors import UnitMismatch
from data.kinds import Column, kind
from data.parameters import read_strictly
from data.records import Status
from data.units import convert
from geo.benefit.scheme import LAND, RULES_OF_BASE, Adjustment, Condition, Exemption, Group, Item, Scheme
from geo.benefit.scheme_classes import read_classes
from geo.benefit.scheme_node import Node

TOP = ("label", "meaning", "region", "since", "published", "article", "status", "unit", "rounding", "ties")
TOP_MAY = ("until", "notes", "decimals", "merge", "tenants", "exempt")
ITEM = ("code", "label", "numerator", "unit", "base", "weight")
ITEM_MAY = ("denominator", "cap", "floor", "when_missing", "when_zero", "plausible", "status", "note")
EXEMPT_MAY = ("who", "since", "years", "at", "when_missing", "article", "status", "note")
COMPARES = ("at_least", "above", "at_most", "below")
MISSING = ("cannot_tell", *RULES_OF_BASE)
DUST = 1e-9
MOST = 20  # indicators of one group


def read_scheme(path: Path, name: str) -> Scheme:
    """The scheme of a file.

    Raises
    ------
    RuleFileError : something in it is badly written; file, key and remedy are named
    """
    top = Node(path.name, "", read_strictly(path))
    top.keys((*TOP, "groups"), TOP_MAY)
    status, ties = top.status(), top.child("ties")
    ties.keys(("by", "last"))
    groups = tuple(_group(top.child("groups").child(code), code, status) for code in top.child("groups").data)
    _codes_agree(top, groups)
    decimals = top.maybe("decimals", 0, 9)
    return Scheme(
        name=name,
        label=top.text("label"),
        meaning=top.text("meaning"),
        region=_region(top),
        since=top.day("since"),
        until=top.day("until") if top.data.get("until") is not None else None,
        article=top.text("article"),
        published=top.day("published"),
        status=status,
        notes=top.text("notes", ""),
        unit=top.choice("unit", ("zone", "list")),
        rounding=top.choice("rounding", ("half_up", "down", "up")),
        ties=_ties(ties, groups),
        together=ties.choice("last", ("together", "enterprise_id")) == "together",
        decimals=None if decimals is None else int(decimals),
        groups=groups,
        exempt=tuple(_exemption(each, status) for each in top.children("exempt")),
        tenants=_tenants(top),
        merge=top.choice("merge", ("plot_id",)) if top.data.get("merge") is not None else "",
    )


def _region(top: Node) -> str:
    code = top.text("region")
    if not (code.isdigit() and len(code) == 6):
        top.wrong("region", f'holds {code!r}. Write the six digits of GB/T 2260, as "410000".')
    return code


def _tenants(top: Node) -> tuple[Condition, ...]:
    if top.data.get("tenants") is None:
        return ()
    top.child("tenants").keys(("who",))
    return _who(top.child("tenants"))


def _ties(ties: Node, groups: Sequence[Group]) -> tuple[str, ...]:
    known = {item.code for group in groups for item in group.items}
    for code in ties.words("by"):
        if code not in known:
            ties.wrong("by", f"no group has an indicator {code}. Write one of {', '.join(sorted(known))}.")
    return ties.words("by")


def _group(node: Node, code: str, status: Status) -> Group:
    node.keys(("label", "who", "score", "indicators", "classes"), ("correction", "bonus"))
    node.child("score").keys(("cap", "floor"))
    items = tuple(_item(each, node.child("score"), status) for each in node.children("indicators"))
    if len(items) > MOST:
        node.wrong("indicators", f"there are {len(items)}. A group has {MOST} at most; split it.")
    weights = sum(item.weight for item in items)
    if abs(weights - 100) > DUST:
        node.wrong("indicators", f"the weights add up to {weights:g}, not to 100. Correct them.")
    return Group(
        code=code,
        label=node.text("label"),
        who=_who(node),
        items=items,
        correction=_adjustment(node, "correction"),
        bonus=_adjustment(node, "bonus"),
        classes=read_classes(node.child("classes"), tuple(item.code for item in items), status),
    )


def _item(node: Node, score: Node, status: Status) -> Item:
    node.keys(ITEM, ITEM_MAY)
    denominator = node.text("denominator", "") if node.data.get("denominator") is not None else ""
    rule = node.data["base"] if node.data["base"] in RULES_OF_BASE else "value"
    if rule == "value" and (node.data["base"] is None or isinstance(node.data["base"], str)):
        node.wrong("base", f"holds {node.data['base']!r}. Write a number, {' or '.join(RULES_OF_BASE)}.")
    cap, floor = (
        (node if key in node.data else score).maybe(key, low, 1000)
        for key, low in (("cap", 0), ("floor", -1000))
    )
    when_zero = node.choice("when_zero", (*MISSING, "cap"), "cannot_tell")
    if when_zero == "cap" and cap is None:
        node.wrong(
            "when_zero", "says cap, but there is no cap. Give the indicator one, or write cannot_tell."
        )
    return Item(
        code=node.text("code"),
        label=node.text("label"),
        numerator=node.text("numerator"),
        denominator=denominator,
        unit=node.text("unit"),
        factor=_factor(node, denominator),
        base=node.number("base", DUST) if rule == "value" else None,
        base_rule=rule,
        weight=node.number("weight", DUST, 100),
        cap=cap,
        floor=floor,
        when_missing=_missing(node),
        when_zero=when_zero,
        plausible=_plausible(node),
        status=node.status(status),
        note=node.text("note", ""),
    )


def _missing(node: Node) -> str:
    if node.data.get("when_missing") in (0, "zero"):
        node.wrong("when_missing", f"a missing figure is never zero. Write one of {', '.join(MISSING)}.")
    return node.choice("when_missing", MISSING, "cannot_tell")


def _plausible(node: Node) -> tuple[float, float] | None:
    said = node.data.get("plausible")
    if said is None:
        return None
    if not isinstance(said, list) or len(said) != 2 or not all(isinstance(n, (int, float)) for n in said):
        node.wrong("plausible", f"holds {said!r}. Write the lowest and the highest value, as [-50, 2000].")
    return float(said[0]), float(said[1])


def _factor(node: Node, denominator: str) -> float:
    """What turns the units of the two columns into the unit of the indicator."""
    top = _number_column(node, "numerator", node.text("numerator"))
    below = _number_column(node, "denominator", denominator) if denominator else None
    unit, _, per = node.text("unit").partition("/")
    try:
        if unit == "1" and below is not None:
            return convert(1.0, top.unit or "1", below.unit or "1")
        if bool(per) != (below is not None):
            raise UnitMismatch("One has a denominator, the other has none.")
        return convert(1.0, top.unit or "1", unit) / (convert(1.0, below.unit or "1", per) if below else 1.0)
    except UnitMismatch as odd:
        columns = " / ".join(each.unit or "1" for each in (top, below) if each)
        node.wrong("unit", f"{node.data['unit']} is not what the columns give, {columns}. {odd}")


def _number_column(node: Node, key: str, name: str) -> Column:
    if name == LAND:
        return Column(LAND, "用地面积", "number", unit="亩")
    column = _column(node, key, name)
    if column.type not in ("number", "integer"):
        node.wrong(key, f"{name} ({column.label}) is no number. Name a column of numbers.")
    return column


def _column(node: Node, key: str, name: Any) -> Column:
    known = kind("enterprises").columns
    if name not in known:
        node.wrong(
            key, f"enterprises have no column {name}. Name one of data/kinds.yaml: {', '.join(known)}."
        )
    return known[name]


def _adjustment(node: Node, key: str) -> Adjustment | None:
    if node.data.get(key) is None:
        return None
    below = node.child(key)
    below.keys(("column", "default"), ("min", "max"))
    _number_column(below, "column", below.text("column"))
    lowest, highest = below.maybe("min"), below.maybe("max")
    return Adjustment(below.text("column"), below.number("default"), lowest, highest)


def _exemption(node: Node, status: Status) -> Exemption:
    node.keys(("code", "label"), EXEMPT_MAY)
    since = node.text("since", "")
    if ("since" in node.data) != ("years" in node.data) or not ("since" in node.data or "who" in node.data):
        node.wrong("since", "give both since (a day column) and years, or a condition who.")
    if since and _column(node, "since", since).type != "day":
        node.wrong("since", f"{since} is no day. Write started_on or land_since.")
    return Exemption(
        code=node.text("code"),
        label=node.text("label"),
        who=_who(node) if "who" in node.data else (),
        since=since,
        years=int(node.number("years", 1, 50)) if since else 0,
        at=node.choice("at", ("day", "year_end"), "year_end"),
        when_missing=node.choice("when_missing", ("graded", "cannot_tell"), "cannot_tell"),
        article=node.text("article", ""),
        status=node.status(status),
        note=node.text("note", ""),
    )


def _who(node: Node) -> tuple[Condition, ...]:
    """The conditions of `who`; each key is a column, `land`, `sections` or `divisions`."""
    if node.data.get("who") == {}:
        return ()
    who, made = node.child("who"), []
    for key, said in who.data.items():
        if key in ("sections", "divisions"):
            if not who.words(key):
                who.wrong(key, "names none. Write letters or two digits of GB/T 4754, each in quotes.")
            made.append(Condition(key[:-1], "one_of", who.words(key)))
            continue
        column = _number_column(who, key, key) if key == LAND else _column(who, key, key)
        if column.type == "flag" and isinstance(said, bool):
            made.append(Condition(key, "is", said))
        elif column.type in ("number", "integer") and isinstance(said, dict) and said:
            below = who.child(key)
            below.keys((), COMPARES)
            made += [Condition(key, test, below.number(test)) for test in said]
        elif column.type in ("code", "text") and isinstance(said, list):
            made.append(Condition(key, "one_of", who.words(key)))
        else:
            ask = {"flag": "true or false", "number": "{at_least: 5}"}.get(column.type, '["a", "b"]')
            who.wrong(key, f"holds {said!r}, and the column is a {column.type}. Write {ask}.")
    return tuple(made)


def _codes_agree(top: Node, groups: Sequence[Group]) -> None:
    """One code means one formula, in whatever group it stands."""
    seen: dict[str, Item] = {}
    for group in groups:
        for item in group.items:
            first = seen.setdefault(item.code, item)
            if (first.formula, first.unit) != (item.formula, item.unit):
                top.wrong(
                    f"groups.{group.code}.indicators.{item.code}",
                    f"is {item.formula} in {item.unit} here, and {first.formula} in {first.unit} before. "
                    "Give one of them another code.",
                )
