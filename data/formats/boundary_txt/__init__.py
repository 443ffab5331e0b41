"""Boundary-point text (界址点成果): plots as numbered points, as land offices report them, in and out.

One grammar, in seven dialects: header sections, then for each plot a line that ends in `@` and its points.

    text.py       bytes to lines: encodings, line ends, full-width characters
    dialects.py   the seven dialects: fields of a plot, columns of a point, and which one a file is
    sections.py   the lines that are no points: keys of the header, plots
    points.py     points in bulk; a line that does not fit is named with what is wrong with it
    places.py     which column is the northing, which belt and datum: the CRS
    rings.py      points to rings: where one ends, whether it closes, how many points were declared
    plots.py      what a plot declares of itself, as columns
    looks.py      what a text is that is no boundary-point text
    gathering.py  the points of a file, in bulk or on a second look
    doubts.py     what is amiss with them
    reading.py    all of it together: a file as a table, one row for each plot
    outlines.py   polygons as numbered points: first point, direction, labels
    writing.py    a table as a file in the chosen dialect
"""
