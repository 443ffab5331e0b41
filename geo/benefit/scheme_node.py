"""A place in a scheme file: what stands there, and words for what should stand there instead."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any, NoReturn

from data.errors import RuleFileError
from data.records import Status


@dataclass(frozen=True, slots=True)
class Node:
    """A mapping of the file, and the path of keys that leads there.

    Parameters
    ----------
    file, where : name of the file, and dotted keys; empty at the top
    data : what stands there
    """

    file: str
    where: str
    data: Mapping[str, Any]

    def wrong(self, key: str, said: str) -> NoReturn:
        """Refuse the file: `said` holds what is wrong and what to do."""
        place = ".".join(filter(None, (self.where, key)))
        raise RuleFileError(f"{self.file}, {place or 'top'}: {said}")

    def keys(self, needs: Collection[str], may: Collection[str] = ()) -> None:
        """All keys of `needs`, and of others only those of `may`."""
        for key in self.data:
            if key not in needs and key not in may:
                known = sorted({*needs, *may})
                near = get_close_matches(str(key), known, 1, 0.5)
                said = f"Did you mean {near[0]}?" if near else f"Write one of {', '.join(known)}."
                self.wrong(str(key), f"there is no such key. {said}")
        for key in needs:
            if key not in self.data:
                self.wrong(key, "is not given. Add it.")

    def child(self, key: str) -> Node:
        """The mapping below a key."""
        below = self.data.get(key)
        if not isinstance(below, Mapping) or not below:
            self.wrong(key, f"holds {below!r}. Write a mapping of keys there.")
        return Node(self.file, ".".join(filter(None, (self.where, key))), below)

    def children(self, key: str) -> list[Node]:
        """The list of mappings below a key, each named by its code or label."""
        below = self.data.get(key) or []
        if not isinstance(below, list) or not all(isinstance(each, Mapping) for each in below):
            self.wrong(key, f"holds {below!r}. Write a list of mappings there.")
        place = ".".join(filter(None, (self.where, key)))
        named = [str(each.get("code", each.get("label", at))) for at, each in enumerate(below)]
        if twice := sorted({name for name in named if named.count(name) > 1}):
            self.wrong(key, f"{', '.join(twice)} stands there twice. Keep one.")
        return [Node(self.file, f"{place}.{name}", each) for name, each in zip(named, below, strict=True)]

    def text(self, key: str, default: str | None = None) -> str:
        """Words; blank ones are refused where there is no default."""
        said = self.data.get(key, default)
        if not isinstance(said, str) or (default is None and not said.strip()):
            hint = f'Quote it, as "{said}".' if isinstance(said, (int, float, bool)) else "Write words there."
            self.wrong(key, f"holds {said!r}. {hint}")
        return said.strip()

    def words(self, key: str) -> tuple[str, ...]:
        """A list of words; empty where the key is not given."""
        said = self.data.get(key, [])
        if not isinstance(said, list) or not all(isinstance(each, str) for each in said):
            self.wrong(key, f"holds {said!r}. Write a list of words, each in quotes.")
        return tuple(said)

    def choice(self, key: str, of: Collection[str], default: str | None = None) -> str:
        """One of some words."""
        said = self.data.get(key, default)
        if said not in of:
            self.wrong(key, f"holds {said!r}. Write one of {', '.join(of)}.")
        return str(said)

    def number(self, key: str, low: float = float("-inf"), high: float = float("inf")) -> float:
        """A number within bounds."""
        said = self.maybe(key, low, high)
        if said is None:
            self.wrong(key, "holds no number. Write one.")
        return said

    def maybe(self, key: str, low: float = float("-inf"), high: float = float("inf")) -> float | None:
        """A number within bounds, or null."""
        said = self.data.get(key)
        if said is None:
            return None
        if isinstance(said, bool) or not isinstance(said, (int, float)) or not low <= said <= high:
            self.wrong(key, f"holds {said!r}. Write a number from {low:g} to {high:g}, or null for none.")
        return float(said)

    def day(self, key: str) -> date:
        """A day, written without quotes."""
        said = self.data.get(key)
        if type(said) is not date:
            self.wrong(key, f"holds {said!r}. Write a day as 2021-07-01, without quotes.")
        return said

    def status(self, default: Status = Status.UNVERIFIED) -> Status:
        """How far this part has been checked; that of the whole file where it says nothing."""
        return Status(self.choice("status", tuple(Status), default))
