"""Map layers (图层): what is not in MAP_LAYERS does not exist for the pages."""

from types import MappingProxyType

from maps.layers.boundary import zone_boundary
from maps.layers.constraints import constraints
from maps.layers.panel import indicator_panel
from maps.layers.parcels import parcels_by_class
from maps.layers.request import request_parts
from maps.layers.requests import requests_by_verdict
from maps.layers.zones import zones_by_indicator

MAP_LAYERS = MappingProxyType({
    "boundary": zone_boundary,
    "constraints": constraints,
    "panel": indicator_panel,
    "parcels": parcels_by_class,
    "request": request_parts,
    "requests": requests_by_verdict,
    "zones": zones_by_indicator,
})
