"""A drawing as a table (读入图形): one row for each plot."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from ezdxf.document import Drawing

from data.errors import FileUnusable
from data.formats.dxf.chains import NEAR, sorted_out
from data.formats.dxf.curves import SAGITTA
from data.formats.dxf.drawing import Sheet, open_drawing
from data.formats.dxf.gathering import gather, probe
from data.formats.dxf.plots import Plots, Text, doubles, names_of, plots_of, within_others
from data.formats.dxf.telling import Teller
from data.formats.dxf.units import metres_per_unit
from data.formats.dxf.walking import Walk
from data.formats.opening import digest
from data.records import Source, Table

FORMAT = "DXF"
LEAST_WIDTH = 1e-3


def read_dxf(
    path: Path,
    *,
    layer: str | None = None,
    encoding: str | None = None,
    nest: bool = False,
    sagitta: float = SAGITTA,
) -> Table:
    """The closed outlines of a drawing's model space, as plots without a CRS: a drawing declares none.

    Columns: plot_name (the one text that lies in the plot), layer, handle, entity (its type in the drawing),
    line (of the entity in the file; missing in a binary drawing and where there are no handles).

    Parameters
    ----------
    layer : of the drawing; None takes all
    encoding : of its texts; None takes what it declares, if its bytes bear that out
    nest : outlines that lie in one another, of one layer, are holes and islands; else each is a plot
    sagitta : metres that a chord may lie from its arc

    Raises
    ------
    FileBroken : cut off, or damaged; the message names the line
    FileTooLarge : it passes a limit
    FileUnusable : there is no such layer, or no entity in it
    """
    sheet = open_drawing(path, encoding)
    doc = sheet.doc
    metres = metres_per_unit(_unit(doc), probe(Walk(path.name, doc)), path.name, sheet.faults)
    walk = Walk(path.name, doc)
    met = gather(walk, layer, sagitta / metres)
    if layer is not None and not met.outlines:
        raise FileUnusable(_no_layer(path, layer, walk))
    sorted_ = sorted_out(met.outlines, NEAR / metres)
    plots = plots_of(sorted_.closed, nest, LEAST_WIDTH / metres)
    teller = Teller(path.name, sheet, metres, sagitta)
    sheet.faults += [*walk.told(), *teller.of_lines(sorted_), *teller.of_rings(plots), *teller.unused(met)]
    plots = plots.kept(np.array([shape is not None for shape in plots.shapes], bool))
    twice = doubles(plots)
    sheet.faults += teller.of_doubles(plots, twice)
    plots = plots.kept(~np.isin(np.arange(len(plots.shapes)), [one for one, _ in twice]))
    if not nest:
        sheet.faults += teller.of_nested(plots, within_others(plots))
    sheet.faults += teller.of_layers(plots)
    frame = _frame(plots, met.texts, sheet, metres)
    source = Source(str(path), digest([path]), FORMAT, layer or "", sheet.encoding)
    return Table(frame, source, tuple(sheet.faults))


def _unit(doc: Drawing) -> int:
    """$INSUNITS; 0 where the header has none."""
    said = doc.header.get("$INSUNITS", 0)
    return said if isinstance(said, int) else 0


def _no_layer(path: Path, layer: str, walk: Walk) -> str:
    names = sorted(walk.layers)
    shown = ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")
    known = f"Those with visible entities are: {shown or 'none'}"
    return f"{path.name} has no outline in a layer {layer!r}. {known}. Name one of them."


def _frame(plots: Plots, texts: Sequence[Text], sheet: Sheet, metres: float) -> gpd.GeoDataFrame:
    shapes = plots.shapes
    names = names_of(plots, texts)
    if metres != 1.0 and len(shapes):
        shapes = shapely.transform(shapes, lambda points: points * metres)
    lines = [sheet.line(each.handle) for each in plots.outlines]
    columns = {
        "plot_name": pd.Series(names, dtype="str"),
        "layer": pd.Series([each.layer for each in plots.outlines], dtype="str"),
        "handle": pd.Series([each.handle for each in plots.outlines], dtype="str"),
        "entity": pd.Series([each.kind for each in plots.outlines], dtype="str"),
        "line": pd.Series(lines, dtype="Int64"),
    }
    return gpd.GeoDataFrame(pd.DataFrame(columns), geometry=gpd.array.from_shapely(shapes))
