"""Base map (底图): a plain ground, or tiles from an address that the office configures.

No provider is built in.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from math import isnan

import folium

Bounds = tuple[float, float, float, float]
CHINA: Bounds = (73.5, 18.0, 135.1, 53.6)


@dataclass(frozen=True, slots=True)
class BaseMap:
    """Tiles under the map, in Web Mercator (EPSG:3857).

    Tiles in GCJ-02 (most commercial providers of China) lie hundreds of metres beside the survey; use
    tiles in CGCS2000 or WGS 84, such as Tianditu's `vec_w` and `cva_w`.

    Parameters
    ----------
    urls : addresses with {x}, {y}, {z} and, where there are subdomains, {s}; drawn in this order
    attribution : whose map it is, plain text
    subdomains : one character each
    max_zoom : deepest level that the server has
    """

    urls: tuple[str, ...]
    attribution: str
    subdomains: str = "abc"
    max_zoom: int = 18

    def layers(self) -> list[folium.TileLayer]:
        """One Folium layer for each address."""
        return [
            folium.TileLayer(
                tiles=url,
                attr=escape(self.attribution),
                name=f"base{order}",
                subdomains=self.subdomains,
                max_native_zoom=self.max_zoom,
                max_zoom=20,
                overlay=order > 0,
                control=False,
            )
            for order, url in enumerate(self.urls)
        ]


def empty_map(bounds: Bounds, base: BaseMap | None = None) -> folium.Map:
    """A map of west, south, east, north (all China when nan), on plain ground without a base map.

    Its layers fit the view when they are drawn: they know how wide the legend is.
    """
    west, south, east, north = CHINA if any(isnan(side) for side in bounds) else bounds
    drawn = folium.Map(
        location=[(south + north) / 2, (west + east) / 2],
        tiles=None,
        zoom_start=5,
        max_zoom=20,
        prefer_canvas=True,
        control_scale=False,
        zoom_control=False,
        zoom_snap=1 if base else 0.25,  # tiles are sharp at whole levels only
    )
    drawn._id = "mutan"  # Folium draws a random name each time; ours stays, so that equal pages are equal
    for order, layer in enumerate(base.layers() if base else ()):
        layer._id = str(order)
        drawn.add_child(layer)
    return drawn
