"""The entities of the model space (模型空间): blocks taken apart, hidden layers left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ezdxf.document import Drawing
from ezdxf.lldxf.const import DXFError

from data.errors import FileTooLarge, FileUnusable
from data.records import Fault, Severity

DEEPEST = 16
"""Blocks within blocks; a drawing that nests deeper nests into itself"""
MOST = 500_000
"""Entities after the blocks are taken apart: blocks of blocks of hundreds multiply"""


ODD = (DXFError, ArithmeticError, ValueError, TypeError, IndexError, KeyError, AttributeError, RecursionError)
"""What the library raises on an entity that contradicts itself"""


@dataclass
class Walk:
    """What is met on the way.

    Parameters
    ----------
    blocks : name of a block -> how often it is placed
    external : name of an external reference -> its path
    hidden : layer that is off or frozen -> entities in it
    unseen : entities that are set invisible
    layers : that hold visible entities
    broken : references that cannot be taken apart: block, handle, why
    """

    file: str
    doc: Drawing
    blocks: Counter[str] = field(default_factory=Counter)
    external: dict[str, str] = field(default_factory=dict)
    hidden: Counter[str] = field(default_factory=Counter)
    unseen: int = 0
    layers: set[str] = field(default_factory=set)
    broken: list[tuple[str, str, str]] = field(default_factory=list)
    met: int = 0
    _dark: dict[str, bool] = field(default_factory=dict)

    def entities(self) -> Iterator[tuple[Any, str, str]]:
        """Each visible entity with the layer that counts for it and the handle by which it is found.

        Raises
        ------
        FileTooLarge : the blocks unfold into too many entities
        FileUnusable : they nest too deep
        """
        for entity in self.doc.modelspace():
            yield from self._taken(entity, str(entity.dxf.handle or ""), "0", 0)

    def _taken(self, entity: Any, handle: str, within: str, depth: int) -> Iterator[tuple[Any, str, str]]:
        if not depth:
            self._count()
        own = str(_said(entity, "layer", "0"))
        layer = within if depth and own == "0" else own  # in a block layer 0 means: that of the reference
        if self._is_dark(layer):
            self.hidden[layer] += 1
        elif _said(entity, "invisible", 0):
            self.unseen += 1
        elif entity.dxftype() == "INSERT":
            yield from self._apart(entity, handle, layer, depth)
        else:
            self.layers.add(layer)
            yield entity, layer, handle

    def _count(self, more: int = 1) -> None:
        """Count entities, before they are made."""
        self.met += more
        if self.met > MOST:
            raise FileTooLarge(
                f"{self.file} has more than {MOST:,} entities once its blocks are taken apart. "
                "Save the outlines of the plots as a drawing of their own."
            )

    def _apart(self, entity: Any, handle: str, layer: str, depth: int) -> Iterator[tuple[Any, str, str]]:
        name = str(_said(entity, "name", ""))
        definition = entity.block()
        if definition is None:
            return
        if definition.block.is_xref or definition.block.is_xref_overlay:
            self.external[name] = str(definition.block.dxf.get("xref_path", ""))
            return
        if depth >= DEEPEST:
            raise FileUnusable(
                f"In {self.file} the block {name!r} nests deeper than {DEEPEST} blocks, perhaps into itself. "
                "Explode the blocks in CAD (EXPLODE), and save the drawing again."
            )
        self.blocks[name] += 1
        self._count(entity.mcount * max(len(definition), 1))
        for each in entity.multi_insert() if entity.mcount > 1 else (entity,):
            try:
                held = [*each.attribs, *each.virtual_entities()]
            except ODD as odd:
                self.broken.append((name, handle, str(odd) or type(odd).__name__))
                return
            for inner in held:
                yield from self._taken(inner, handle, layer, depth + 1)

    def _is_dark(self, layer: str) -> bool:
        """Whether a layer is off or frozen; one that the drawing does not define is neither."""
        if layer not in self._dark:
            table = self.doc.layers
            known = table.get(layer) if table.has_entry(layer) else None
            self._dark[layer] = known is not None and (known.is_off() or known.is_frozen())
        return self._dark[layer]

    def told(self) -> list[Fault]:
        """Blocks taken apart, external drawings, hidden layers."""
        faults = [
            Fault(
                "external_reference",
                f"The drawing shows another one, {name!r} ({path or 'without a path'}), by reference; its "
                "lines are not in this file, and were not read.",
                "Bind it in CAD (XREF, Bind), or give that drawing itself.",
                file=self.file,
            )
            for name, path in self.external.items()
        ]
        faults += [
            Fault(
                "block_unreadable",
                f"The reference {handle} to the block {name!r} cannot be taken apart: {why.rstrip('.')}.",
                "Explode it in CAD (EXPLODE), or delete it.",
                file=self.file,
                feature=handle,
            )
            for name, handle, why in self.broken
        ]
        words = (
            (
                "blocks_exploded", self.blocks.total(),
                f"{self.blocks.total()} block references were taken apart, with scale and rotation: "
                f"{_most(self.blocks)}.",
                "Check their outlines on the map; explode them in CAD (EXPLODE) to be sure.",
            ),
            (
                "layers_hidden", len(self.hidden),
                f"{len(self.hidden)} layers are off or frozen, and their entities were not read: "
                f"{_most(self.hidden)}.",
                "Turn them on and thaw them in CAD, if their outlines are meant.",
            ),
            (
                "entities_invisible", self.unseen,
                f"{self.unseen} entities are set invisible, and were not read.",
                "Make them visible in CAD (UNISOLATEOBJECTS), if their outlines are meant.",
            ),
        )  # fmt: skip
        for code, count, message, remedy in words:
            if count:
                faults.append(Fault(code, message, remedy, Severity.WARNING, file=self.file))
        return faults


def _said(entity: Any, name: str, otherwise: Any) -> Any:
    """An attribute that every entity should have; not all do."""
    try:
        return entity.dxf.get(name, otherwise)
    except ODD:
        return otherwise


def _most(counts: Counter[str]) -> str:
    """The names that are met most, each with its number."""
    shown = ", ".join(f"{name} ({n})" for name, n in counts.most_common(8))
    return shown + (f" and {len(counts) - 8} more" if len(counts) > 8 else "")
