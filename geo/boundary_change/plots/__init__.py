"""Plots of a request (申请地块): coordinates of any file in, polygons in a known CRS out.

taking.py     any table as plots: polygons, lines of the file, what was lost
columns.py    what plots declare of themselves, under many names, areas as hectares
places.py     the CRS that holds: chosen, declared, or the only one that fits
readings.py   other readings of the numbers: other axes, other belts, packed degrees
telling.py    what speaks against a reading, in words
"""

from geo.boundary_change.plots.taking import Plots, plots_of

__all__ = ["Plots", "plots_of"]
