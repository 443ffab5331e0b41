"""Tables of boundary points (界址点表): rows that are points of numbered plots become polygons.

naming.py     which column is which: plot, ring, point, northing, easting, degrees
cells.py      cells to numbers: full-width digits, degrees, minutes and seconds; what cannot be read
sequence.py   which rows make a ring, and in which order
axes.py       northing or easting, by name and by magnitude; the CRS that a title states
reading.py    all of it together
"""

from data.formats.point_tables.naming import looks_like_points
from data.formats.point_tables.reading import plots_of_points

__all__ = ["looks_like_points", "plots_of_points"]
