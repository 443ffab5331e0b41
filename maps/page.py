"""A page that asks nobody for anything (离线地图页): Folium's map in our own frame."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from hashlib import sha256
from html import escape
from urllib.parse import urlsplit

import folium
from branca.element import CssLink, Element, Figure, JavascriptLink, Link
from jinja2 import Environment, PackageLoader

from data.errors import AssetMissing
from maps import assets, palette

_PAGE = Environment(loader=PackageLoader("maps", "templates"), autoescape=True).get_template("page.html")
_STYLES = ("mutan:page.css", "mutan:panel.css", "mutan:print.css")
_ICON = "mutan/icon.svg"
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def render(
    drawn: folium.Map,
    *,
    title: str,
    embed: bool = True,
    assets_url: str | None = None,
    notice: str = "",
) -> str:
    """The page of a map, whole.

    Parameters
    ----------
    drawn : any Folium map; its class-level lists of links are left as they are
    title : plain text, shown and escaped
    embed : put every script, style and image inside; otherwise link to them under `assets_url`
    assets_url : address under which `assets.path(name)` is served, as `/assets`
    notice : plain text of a banner, such as that the data is made up; none when empty

    Raises
    ------
    AssetMissing : the map asks for an address that is not in the table of maps/assets.py, or for icons
    that need web fonts; or `embed` is off and no `assets_url` is given
    """
    if not embed and assets_url is None:
        raise AssetMissing(
            "A page that does not embed its files must know where they are: give assets_url, or embed=True."
        )
    _refuse_icons(drawn)
    prefix = None if embed else assets_url
    figure: Figure = drawn.get_root()
    for child in list(figure._children.values()):
        child.render()
    head = "\n".join(_head(figure, prefix))
    script = figure.script.render()
    return _PAGE.render(
        policy=_policy([*_SCRIPT.findall(head), script], _tile_hosts(drawn), linked=not embed),
        title=title,
        notice=notice,
        head=head,
        body=figure.html.render(),
        script=script,
    )


def _head(figure: Figure, prefix: str | None) -> Iterator[str]:
    """What Folium put into the head, its links led to our files; then our own styles, which win.

    The icon is named, for a browser asks the server for /favicon.ico otherwise.
    """
    icon = assets.data_uri(_ICON) if prefix is None else assets.link(_ICON, prefix)
    yield f'<link rel="icon" href="{escape(icon)}">'
    for child in figure.header._children.values():
        if isinstance(child, Link):
            yield _resource(child, prefix)
        else:
            yield child.render()
    yield f"<style>{palette.css()}</style>"
    yield from (_resource(CssLink(url), prefix) for url in _STYLES)


def _resource(link: Link, prefix: str | None) -> str:
    """A script or style, inside the page or under the prefix; nothing for what a page does without."""
    if (name := assets.local(link.url)) is None:
        return ""
    script = isinstance(link, JavascriptLink)
    if prefix is None and script:
        return f"<script>{assets.text(name)}</script>"
    if prefix is None:
        return f"<style>{assets.embedded_style(name)}</style>"
    address = escape(assets.link(name, prefix))
    return f'<script src="{address}"></script>' if script else f'<link rel="stylesheet" href="{address}">'


def _policy(scripts: Iterable[str], hosts: Iterable[str], *, linked: bool) -> str:
    """A Content-Security-Policy: only these very scripts run, only these hosts are asked for tiles.

    Styles may stand inline, for Folium writes some; a style cannot run anything.
    """
    own = ["'self'"] if linked else []
    hashes = [f"'sha256-{b64encode(sha256(said.encode()).digest()).decode()}'" for said in scripts]
    rules = {
        "default-src": ["'none'"],
        "script-src": [*own, *hashes],
        "style-src": [*own, "'unsafe-inline'"],
        "img-src": [*own, "data:", *hosts],
        "connect-src": own or ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
    }
    return "; ".join(f"{rule} {' '.join(said)}" for rule, said in rules.items())


def _tile_hosts(drawn: folium.Map) -> list[str]:
    """Scheme and host of every tile address, with each of its subdomains; 'self' for our own tiles."""
    hosts = set[str]()
    for layer in _descendants(drawn):
        if isinstance(layer, folium.TileLayer):
            place = urlsplit(layer.tiles)
            origin = f"{place.scheme}://{place.netloc}" if place.netloc else "'self'"
            hosts |= {origin.replace("{s}", part) for part in layer.options.get("subdomains", "abc")}
    return sorted(hosts)


def _refuse_icons(drawn: folium.Map) -> None:
    """Folium's Icon draws with web fonts that no page of ours carries; it would show an empty place."""
    if any(isinstance(child, folium.Icon) for child in _descendants(drawn)):
        raise AssetMissing(
            "The map holds a folium.Icon, which needs the web fonts of Font Awesome or Bootstrap 3; they are "
            "not among our files. Use folium.CircleMarker or folium.DivIcon."
        )


def _descendants(element: Element) -> Iterator[Element]:
    for child in list(element._children.values()):
        yield child
        yield from _descendants(child)
