"""Routes (路由): `ROUTERS` is the table of contents of the service."""

from api.routes import (
    collections,
    emissions,
    inventory,
    items,
    landing,
    listings,
    maps,
    parameters,
    report,
    requests,
    requests_in,
    zones,
)

ROUTERS = (
    landing.router,
    collections.router,
    items.router,
    zones.router,
    inventory.router,
    report.router,
    requests.router,
    requests_in.router,
    emissions.router,  # before the listings, which take every name below a zone
    listings.router,
    parameters.router,
    maps.router,
)
