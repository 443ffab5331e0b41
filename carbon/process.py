"""Industrial processes (工业过程) and conversion of energy (加工转换): known by name, not computed yet.

A statement that they do not occur (NO) closes the totals that need them; an amount leaves them open.
"""

from __future__ import annotations

from carbon.category import Category

PROCESS = Category("process", "工业过程", "scope1", "process")
CONVERSION = Category("conversion", "加工转换", "scope1", "conversion")
