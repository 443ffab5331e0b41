"""Drawings (DXF): closed outlines of a CAD drawing as plots, one row for each.

    drawing.py   bytes to a drawing: cut off, binary, encodings, lines of entities, units
    walking.py   the entities of the model space, blocks taken apart, hidden layers left out
    curves.py    arcs to chords, with the area that moves
    outlines.py  one entity as outlines
    gathering.py the lines and texts of a drawing, and entities that cannot be read
    chains.py    open pieces that close together; gaps
    plots.py     outlines to plots: hatches, doubles, one within another, names out of texts
    reading.py   all of it together: a file as a table

What counts as a plot: a closed polyline, also of lines and arcs that meet; a hatch; a circle or an ellipse.
Each closed line is a plot of its own, also where it lies within another one of its layer: drawings put plots
into a zone's outline as often as they cut a hole into a plot. Such pairs are told; with `nest=True` they are
holes. The boundaries of one hatch always nest.
"""
