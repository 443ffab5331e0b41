"""An assessment (评价结果): what one zone was found to be in one year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from carbon.inventory import Inventory
from data.errors import NotHere, NothingInForce
from data.records import Fault, Result


@dataclass(frozen=True, slots=True)
class Assessment:
    """What one zone was found to be in one year.

    Parameters
    ----------
    results : indicators of land, benefit and emissions, each with its inputs and articles
    faults : what was odd about the data; the only one of a year without a boundary says so
    inventory : the lines behind the emissions; None in a year in which no boundary was in force
    """

    zone: str
    name: str
    year: int
    results: tuple[Result, ...]
    faults: tuple[Fault, ...]
    inventory: Inventory | None

    @property
    def skipped(self) -> bool:
        """Whether nothing was measured, because no boundary was in force."""
        return self.inventory is None

    def or_raise(self) -> Assessment:
        """The same assessment.

        Raises
        ------
        NothingInForce : it was skipped
        """
        if self.skipped:
            (fault,) = self.faults
            raise NothingInForce(f"{fault.message} {fault.remedy}")
        return self

    def as_json(self) -> dict[str, Any]:
        """The contract's object."""
        return {
            "zone": self.zone,
            "name": self.name,
            "year": self.year,
            "results": [result.as_json() for result in self.results],
            "faults": [fault.as_json() for fault in self.faults],
        }

    def result(self, code: str) -> Result:
        """The result of that code.

        Raises
        ------
        NotHere : there is no such result
        """
        for each in self.results:
            if each.code == code:
                return each
        raise NotHere("result", code, [each.code for each in self.results])
