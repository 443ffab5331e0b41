"""Routes (路由): `ROUTERS` is the table of contents of the service."""

from api.routes import collections, items, landing, listings, maps, parameters, report, zones

ROUTERS = (
    landing.router,
    collections.router,
    items.router,
    zones.router,
    report.router,
    listings.router,
    parameters.router,
    maps.router,
)
