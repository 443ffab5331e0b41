"""Reading how scores become classes (分档): by shares, scores, ranks, or in two stages."""

from __future__ import annotations

from data.records import Status
from geo.benefit.scheme import Classes, Cut
from geo.benefit.scheme_node import Node

CUTS = ("none", "shares", "scores", "ranks", "two_stage")
WAYS = {
    "shares": ("share",),
    "scores": ("at_least", "rest"),
    "ranks": ("first", "last", "rest"),
    "two_stage": ("first", "last", "rest"),
}
DUST = 1e-9


def read_classes(node: Node, codes: tuple[str, ...], status: Status) -> Classes:
    """The classes of a group, the best first.

    Parameters
    ----------
    codes : indicators of the group, by which a half can be ranked again
    status : of the whole file

    Raises
    ------
    RuleFileError : a class has no cut, or shares do not add up
    """
    node.keys(("cut",), ("list", "top_share", "share_of", "status", "note"))
    cut = node.choice("cut", CUTS)
    if cut == "none":
        node.keys(("cut",), ("status", "note"))
        return Classes(cut, status=node.status(status), note=node.text("note", ""))
    cuts = tuple(_cut(each, cut, codes) for each in node.children("list"))
    if len(cuts) < 2:
        node.wrong("list", f"names {len(cuts)} class(es). Name two or more, the best first.")
    _add_up(node, cut, cuts)
    if cut != "two_stage":
        node.keys(("cut",), ("list", "status", "note"))
    return Classes(
        cut,
        cuts,
        top_share=node.number("top_share", DUST, 100) if cut == "two_stage" else 100.0,
        share_of=node.choice("share_of", ("group", "half")) if cut == "two_stage" else "group",
        status=node.status(status),
        note=node.text("note", ""),
    )


def _cut(node: Node, cut: str, codes: tuple[str, ...]) -> Cut:
    ways = WAYS[cut]
    staged = cut == "two_stage" and "rest" not in node.data
    node.keys(("label", "of", "by") if staged else ("label",), ways)
    given = [way for way in ways if node.data.get(way) is not None]
    if len(given) != 1:
        node.wrong(given[0] if given else ways[0], f"a class needs one cut. Give one of {', '.join(ways)}.")
    if "rest" in given and node.data["rest"] is not True:
        node.wrong("rest", "is not true. Write rest: true, or another cut.")
    for code in node.words("by"):
        if code not in codes:
            node.wrong("by", f"the group has no indicator {code}. Write one of {', '.join(codes)}.")
    if staged and not node.words("by"):
        node.wrong("by", f"names no indicator. Write some of {', '.join(codes)}.")
    high = 1e9 if cut == "ranks" else 100.0
    return Cut(
        label=node.text("label"),
        share=node.maybe("share", DUST, 100),
        at_least=node.maybe("at_least"),
        first=node.maybe("first", DUST, high),
        last=node.maybe("last", DUST, high),
        rest="rest" in given,
        of=node.choice("of", ("top", "bottom")) if staged else "",
        by=node.words("by"),
    )


def _add_up(node: Node, cut: str, cuts: tuple[Cut, ...]) -> None:
    shares = sum(each.share or 0.0 for each in cuts)
    if cut == "shares" and abs(shares - 100) > DUST:
        node.wrong("list", f"the shares add up to {shares:g} per cent, not to 100. Correct them.")
    if cut != "shares" and sum(each.rest for each in cuts) != 1:
        node.wrong("list", "one class, and only one, takes the rest. Write rest: true there.")
    limits = [each.at_least for each in cuts if each.at_least is not None]
    if cut == "scores" and (not cuts[-1].rest or limits != sorted(set(limits), reverse=True)):
        node.wrong("list", f"at_least must fall from class to class, and the last take the rest: {limits}.")
    rest = next((at for at, each in enumerate(cuts) if each.rest), 0)
    if cut in ("ranks", "two_stage") and (
        any(each.last for each in cuts[:rest]) or any(each.first for each in cuts[rest + 1 :])
    ):
        node.wrong("list", "first stands above the rest, and last below it. Put the best class first.")
    if cut == "two_stage" and any(
        (each.of == "top") != (at < rest) for at, each in enumerate(cuts) if not each.rest
    ):
        node.wrong("list", "classes above the rest come of the top half, those below it of the bottom half.")
    for half in ("top", "bottom"):
        of_half = [each for each in cuts if each.of == half]
        if len(of_half) > 1:
            node.wrong("list", f"two classes come of the {half} half. Keep one; the rest takes what is left.")
