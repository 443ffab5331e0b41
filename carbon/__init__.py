"""HOW MUCH: ledgers of energy in; greenhouse-gas lines out. Stands on `data` alone.

`CATEGORIES` is the table of contents: what is not in it, no inventory knows.
"""

from carbon.captured import CAPTURE
from carbon.category import Category
from carbon.conversion import CONVERSION
from carbon.energy import ELECTRICITY, HEAT
from carbon.fuels import FUEL
from carbon.land_carbon import LAND
from carbon.process import PROCESS
from carbon.refrigerants import REFRIGERANT
from carbon.reported import SCOPE3
from carbon.vehicles import VEHICLE
from carbon.waste import WASTE

CATEGORIES: dict[str, Category] = {
    category.name: category
    for category in (
        *(FUEL, VEHICLE, ELECTRICITY, HEAT, PROCESS, CONVERSION),
        *(WASTE, REFRIGERANT, CAPTURE, SCOPE3, LAND),
    )
}
