"""A layer drawn by our own script (图层): Folium places it, the page's script draws it from packed data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from branca.element import Element
from folium.elements import JSCSSMixin
from folium.map import Layer
from jinja2 import Environment, PackageLoader

from maps.payload import as_json

SCRIPTS = ("core", "results", "legend", "zones", "panel", "years", "parcels", "areas", "requests")
_TEMPLATES = Environment(loader=PackageLoader("maps", "templates"), autoescape=True)


class Raw(Element):
    """HTML that is already what it shall be.

    branca reads what it is given as a Jinja template, and would run what stands between double braces in
    somebody's zone name. This element is never read so.
    """

    def __init__(self, html: str):
        super().__init__()
        self.html = html

    def render(self, **kwargs: Any) -> str:
        """The HTML."""
        return self.html


class ClientLayer(JSCSSMixin, Layer):
    """One layer: a function of `Mutan` in maps/static, and the data that it draws.

    Parameters
    ----------
    kind : name of the function of the page's script
    payload : whatever that function reads; no text in it is ever HTML
    """

    _template = _TEMPLATES.get_template("layer.html")

    default_js: ClassVar[list[tuple[str, str]]] = [(f"mutan_{name}", f"mutan:{name}.js") for name in SCRIPTS]

    def __init__(self, kind: str, payload: Mapping[str, Any], name: str = ""):
        # show is off, for the template adds the layer itself; Folium would do so again at each rendering
        super().__init__(name=kind, overlay=True, control=False, show=False)
        self._name = "mutan"
        self._id = name or kind
        self.kind = kind
        self.payload = payload

    def render(self, **kwargs: Any) -> None:
        """Add the data as a JSON element, and the line that draws it."""
        data = f'<script type="application/json" id="{self.get_name()}">{as_json(self.payload)}</script>'
        self.get_root().html.add_child(Raw(data), name=f"{self.get_name()}_data")
        super().render(**kwargs)
