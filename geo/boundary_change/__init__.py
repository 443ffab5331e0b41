"""Boundary change (边界调整): a request to expand or adjust a zone, held against every condition of its kind.

request      what is asked, cut against what the zone has
plots        coordinates in: plots, their CRS, what they declare
soundness    closed, simple, oriented; areas, limits, width, compactness
conditions   overlap, containment, distance, balance, threshold; read from data/rules
verdict      met, not met, or cannot tell, and the geometry that avoids every hard conflict
"""
