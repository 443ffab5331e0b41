"""Soundness (几何质量): whether plots are sound, what they measure, and what lies on their four sides.

checking    check: every fault at once, and the figures of each plot
drawn       plots in flat arrays, in file coordinates and in metres
vertices    points that stand twice, short edges, sharp angles, spikes
crossings   rings that cross or touch themselves, and their lobes
nests       rings of one plot that do not fit each other
between     plots of one file that overlap, or leave a gap
beside      strips and gaps along the existing boundary
declared    declared against computed area, and number of points
mending     invalid plots made valid
figures     size, edges, widths, compactness; widths: how narrow a shape is
limits      the four limits
"""

from geo.boundary_change.soundness.checking import Soundness, check
from geo.boundary_change.soundness.figures import figures_of
from geo.boundary_change.soundness.limits import Limit, limits

__all__ = ["Limit", "Soundness", "check", "figures_of", "limits"]
