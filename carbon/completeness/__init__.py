"""Completeness (完整性): what should have been stated and was not, what it might be, and what looks wrong.

`completeness` asks for categories by industry; `jumps`, `outliers`, `compared` and `zone_totals` hold them
against last year, the industry, and the zone's own figures. None of them changes a number.
"""

from carbon.completeness.account import Completeness, completeness
from carbon.completeness.jumps import jumps
from carbon.completeness.outliers import outliers
from carbon.completeness.park import Park
from carbon.completeness.sums import compared
from carbon.completeness.zone_rows import zone_totals

__all__ = ["Completeness", "Park", "compared", "completeness", "jumps", "outliers", "zone_totals"]
