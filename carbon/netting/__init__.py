"""Netting (区内流动抵扣): each enterprise on its own, what flows between, and what ties both.

Fuel of a plant in the park is counted once, where it is burned; what its buyers bought is IE. The check:

    Σ enterprises on their own - Σ internal flows, as suppliers state them, x factor of the buyer
    = park total
"""

from carbon.netting.account import Netting, netting

__all__ = ["Netting", "netting"]
