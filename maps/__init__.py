"""PICTURES: what has been measured, drawn with Folium. Stands on `geo`, `carbon` and `data`."""

from maps.base import BaseMap
from maps.page import render
from maps.pages import province_page, request_page, zone_page

__all__ = ["BaseMap", "province_page", "render", "request_page", "zone_page"]
