"""Routes (路由): `ROUTERS` is the table of contents of the service."""

from api.routes import collections, items, landing, maps, parameters, zones

ROUTERS = (landing.router, collections.router, items.router, zones.router, parameters.router, maps.router)
