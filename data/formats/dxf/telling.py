"""What is odd about a drawing (图形中的问题), each with the handle, the layer and the line of the entity."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from data.formats.dxf.chains import Sorted
from data.formats.dxf.curves import signed_area
from data.formats.dxf.drawing import Sheet
from data.formats.dxf.gathering import Gathered
from data.formats.dxf.outlines import Outline
from data.formats.dxf.plots import Plots
from data.formats.limits import FAULTS_LISTED
from data.records import Fault, Severity

ALWAYS_TOLD = {
    "REGION",
    "3DSOLID",
    "BODY",
    "SURFACE",
    "3DFACE",
    "SOLID",
    "TRACE",
    "MLINE",
    "ACAD_PROXY_ENTITY",
}
"""Types that may hold an outline which is lost when they are not read"""
POLYLINES = {"LWPOLYLINE", "POLYLINE"}


@dataclass(frozen=True)
class Teller:
    """Puts what was met into records.

    Parameters
    ----------
    file : name of the file
    sheet : the drawing, for the line of an entity
    metres : to one unit of the drawing
    sagitta : metres that a chord may lie from its arc
    """

    file: str
    sheet: Sheet
    metres: float
    sagitta: float

    def of_lines(self, sorted_: Sorted) -> Iterator[Fault]:
        """Arcs, gaps, joined pieces, and lines that stay open."""
        yield from self._curves(sorted_.closed)
        gaps = {id(each): gap for each, gap in sorted_.mended}
        for outline, gap in sorted_.mended[:FAULTS_LISTED]:
            yield self._at(
                outline, "outline_nearly_closed",
                f"its ends lie {gap * self.metres:.4f} m apart; it was closed.",
                "Close it in CAD (PEDIT, Close), if that is what is meant.", Severity.WARNING,
            )  # fmt: skip
        yield from self._rest(len(sorted_.mended), "outline_nearly_closed", "outlines were closed over a gap")
        joined = [each for each in sorted_.closed if each.pieces and id(each) not in gaps]
        for outline in joined[:FAULTS_LISTED]:
            yield self._at(
                outline, "outline_from_pieces",
                f"it was joined of {len(outline.pieces)} pieces, end to end: {_some(outline.pieces)}.",
                "Join them in CAD (PEDIT, Join), if that is what is meant.", Severity.WARNING,
            )  # fmt: skip
        yield from self._rest(len(joined), "outline_from_pieces", "outlines were joined of pieces")
        yield from self._open(sorted_)
        heights = sum(each.heights for each in sorted_.closed)
        if heights:
            yield self._word(
                "heights_dropped",
                f"{heights} outlines carry heights (Z); they were left out.",
                "Nothing need be done.",
            )

    def _curves(self, closed: Sequence[Outline]) -> Iterator[Fault]:
        curved = [each for each in closed if each.curved]
        if not curved:
            return
        moved = np.array([each.moved * np.sign(signed_area(each.points)) for each in curved]) * self.metres**2
        most = int(np.abs(moved).argmax())
        yield self._at(
            curved[most], "arcs_to_chords",
            f"{len(curved)} outlines have arcs or curves. They were cut into chords that lie at most "
            f"{self.sagitta:g} m off; that moves {np.abs(moved).sum():.4f} m² in all, and most, "
            f"{abs(moved[most]):.4f} m², in this one.",
            "Nothing need be done, unless the boundary has corners of its own there: draw these, then.",
            Severity.WARNING,
        )  # fmt: skip

    def _open(self, sorted_: Sorted) -> Iterator[Fault]:
        """An open polyline is an error where outlines are looked for; loose lines are counted."""
        plots_in = {each.layer for each in sorted_.closed}
        lone: list[Outline] = []
        lines: list[Outline] = []
        for each in sorted_.left:
            (lone if POLYLINES & set(each.kind.split("+")) or len(each.pieces) > 2 else lines).append(each)
        for outline in lone[:FAULTS_LISTED]:
            meant = outline.layer in plots_in or not plots_in
            pieces = f"; it was joined of {len(outline.pieces)} pieces" if outline.pieces else ""
            yield self._at(
                outline, "outline_open",
                f"it is open: its ends lie {outline.gap * self.metres:.3f} m apart{pieces}. It was not taken "
                f"as a plot.",
                "Close it in CAD (PEDIT, Close), if it bounds a plot; else move it to a layer of its own.",
                Severity.ERROR if meant else Severity.WARNING,
            )  # fmt: skip
        yield from self._rest(len(lone), "outline_open", "lines are open")
        for (layer, kind), n in sorted(Counter((each.layer, each.kind) for each in lines).items()):
            yield self._word(
                "lines_not_used",
                f"{n} entities {kind} of the layer {layer!r} close to no outline, and were not used.",
                "Join them in CAD (PEDIT, Join), if they bound a plot.",
            )

    def of_rings(self, plots: Plots) -> Iterator[Fault]:
        """Rings that enclose nothing, cross, or are equal."""
        for trouble in plots.troubles[:FAULTS_LISTED]:
            ring = plots.rings[trouble.ring]
            other = "" if trouble.other is None else plots.rings[trouble.other].handle
            said = trouble.fault(names=[each.handle for each in plots.rings], plot=ring.handle)
            message = said.message.partition(": ")[2]
            yield self._at(ring, trouble.code, f"{message}{f' (with {other})' if other else ''}", said.remedy)

    def of_doubles(self, plots: Plots, pairs: Sequence[tuple[int, int]]) -> Iterator[Fault]:
        """Outlines that were drawn twice."""
        for double, kept in pairs[:FAULTS_LISTED]:
            yield self._at(
                plots.outlines[double], "drawn_twice",
                f"{plots.outlines[kept].kind} {plots.outlines[kept].handle} is the same; it was taken once.",
                "Nothing need be done; delete one of the two to be sure.", Severity.WARNING,
            )  # fmt: skip
        yield from self._rest(len(pairs), "drawn_twice", "outlines were drawn twice")

    def of_nested(self, plots: Plots, pairs: Sequence[tuple[int, int]]) -> Iterator[Fault]:
        """Outlines that lie wholly in another one of their layer: holes, or plots of their own."""
        for inner, outer in pairs[:FAULTS_LISTED]:
            area = plots.shapes[inner].area * self.metres**2
            yield self._at(
                plots.outlines[inner], "outline_within_another",
                f"it lies wholly within {plots.outlines[outer].handle}, of which it covers {area:.2f} m². "
                "Each was taken as a plot of its own, so that this land counts in both.",
                "If it is a hole, give the plot as a hatch with that hole, or read the file with nest=True; "
                "if it is a plot, put the outer line into another layer.",
                Severity.WARNING,
            )  # fmt: skip
        yield from self._rest(
            len(pairs), "outline_within_another", "outlines lie within others of their layer"
        )

    def of_layers(self, plots: Plots) -> Iterator[Fault]:
        """No plot at all, or plots in several layers."""
        layers = Counter(each.layer for each in plots.outlines)
        if not layers:
            yield Fault(
                "no_outline", "The drawing holds no closed outline in its model space.",
                "Draw the plots there as closed polylines (PEDIT, Close; BOUNDARY makes them of areas).",
                file=self.file,
            )  # fmt: skip
        elif len(layers) > 1:
            shown = ", ".join(f"{name} ({n})" for name, n in layers.most_common(10))
            yield self._word(
                "layers_several",
                f"Closed outlines lie in {len(layers)} layers: {shown}. All were taken as plots.",
                "Choose one layer (--layer), if the others are frames, buildings or the like.",
            )

    def unused(self, met: Gathered) -> Iterator[Fault]:
        """Entities that could not be read, and types of those that are no lines."""
        for outline, why in met.unread[:FAULTS_LISTED]:
            yield self._at(
                outline, "entity_unreadable", f"it cannot be read: {why}.",
                "Draw it again, or delete it; AUDIT in CAD finds such entities.",
            )  # fmt: skip
        yield from self._rest(len(met.unread), "entity_unreadable", "entities cannot be read")
        counts = met.unused
        if not counts:
            return
        shown = ", ".join(f"{kind} ({n})" for kind, n in sorted(counts.items()))
        lost = ALWAYS_TOLD & set(counts)
        remedy = f"Turn {', '.join(sorted(lost))} into closed polylines (BOUNDARY), if they bound a plot."
        said = f"Entities that are no outlines were not used: {shown}."
        yield self._word("entities_not_used", said, remedy if lost else "Nothing need be done.")

    def _at(
        self, outline: Outline, code: str, message: str, remedy: str,
        severity: Severity = Severity.ERROR,
    ) -> Fault:  # fmt: skip
        said = f"{outline.kind} {outline.handle} of the layer {outline.layer!r}: {message}"
        row = self.sheet.line(outline.handle)
        return Fault(
            code, said, remedy, severity, file=self.file, row=row, layer=outline.layer,
            feature=outline.handle,
        )  # fmt: skip

    def _rest(self, count: int, code: str, what: str) -> Iterator[Fault]:
        if count > FAULTS_LISTED:
            yield self._word(
                code, f"{count - FAULTS_LISTED} more, {count} in all: {what}.", "See those listed."
            )

    def _word(self, code: str, message: str, remedy: str) -> Fault:
        return Fault(code, message, remedy, Severity.WARNING, file=self.file)


def _some(handles: Sequence[str]) -> str:
    more = f" and {len(handles) - 5} more" if len(handles) > 5 else ""
    return ", ".join(handles[:5]) + more
