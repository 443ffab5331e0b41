"""The unit of a drawing (图形单位): what its header says, held against where its points would lie.

Templates of CAD programs declare millimetres, and surveyors draw in metres all the same: so the header alone
says little. Coordinates of a national grid tell, for only in one unit they lie in China.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from data.formats.boundary_txt.places import readings
from data.formats.dxf.drawing import median_place
from data.records import Fault, Severity

METRES = {1: 0.0254, 2: 0.3048, 4: 0.001, 5: 0.01, 6: 1.0, 7: 1000.0, 14: 0.1}
"""$INSUNITS -> metres. Source: the header variable's list in the DXF reference of its publisher"""
NAMES = {
    1: "inches",
    2: "feet",
    4: "millimetres",
    5: "centimetres",
    6: "metres",
    7: "kilometres",
    14: "decimetres",
}


def metres_per_unit(code: int, points: NDArray[np.float64], file: str, faults: list[Fault]) -> float:
    """Metres to one unit of the drawing: 1 unless the header says otherwise and the points bear it out.

    Parameters
    ----------
    code : $INSUNITS; 0 where the drawing has no unit
    points : (n, 2) some points of it

    >>> far, faults = np.array([[38470000.0, 3850000.0]]), []
    >>> metres_per_unit(4, far, "a.dxf", faults), metres_per_unit(4, far * 1000, "a.dxf", faults)
    (1.0, 0.001)
    >>> [fault.code for fault in faults]
    ['units_contradicted', 'units_scaled']
    """
    factor = METRES.get(code, 1.0 if code == 0 else float("nan"))
    if factor == 1.0:
        return 1.0
    x, y = median_place(points)
    as_is, scaled = _in_china(x, y), _in_china(x * factor, y * factor)
    name = NAMES.get(code, f"unit {code}")
    if as_is:
        faults.append(
            Fault(
                "units_contradicted",
                f"The header says {name} ($INSUNITS = {code}), but the points lie in China only in metres or "
                f"degrees; they were read as such.",
                "Set the drawing's unit to metres (UNITS) when it is saved next.",
                Severity.WARNING, file=file,
            )
        )  # fmt: skip
        return 1.0
    if scaled:
        faults.append(
            Fault(
                "units_scaled",
                f"The drawing is in {name} ($INSUNITS = {code}); its points were brought to metres.",
                "Nothing has to be done, if the plots lie where they should.",
                Severity.WARNING, file=file,
            )
        )  # fmt: skip
        return factor
    faults.append(
        Fault(
            "units_unclear",
            f"The header says {name} ($INSUNITS = {code}), and the points, as x {x:.6g}, y {y:.6g}, lie in "
            "no grid of China, in that unit or in metres; they were kept.",
            "Draw the plots in metres of a national grid (CGCS2000), with the unit set to metres (UNITS).",
            file=file,
        )
    )  # fmt: skip
    return 1.0


def _in_china(x: float, y: float) -> bool:
    return bool(readings(np.array([x]), np.array([y]))[0])
