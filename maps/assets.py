"""Front-end files (前端资源): what a page loads, found on this machine and never on a network.

`ROOT` holds what the build brought from npm; `OWN` holds our own scripts and styles, named `mutan/…`.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from mimetypes import guess_type
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from data.errors import AssetMissing

ROOT = Path(__file__).with_name("assets")
OWN = Path(__file__).with_name("static")

# None: the page works without it, for only Icon markers use it, and page.py refuses these.
_TABLE: Mapping[str, str | None] = MappingProxyType({
    "https://cdn.jsdelivr.net/npm/leaflet@1.9.3/dist/leaflet.js": "leaflet/leaflet.js",
    "https://cdn.jsdelivr.net/npm/leaflet@1.9.3/dist/leaflet.css": "leaflet/leaflet.css",
    "https://code.jquery.com/jquery-3.7.1.min.js": "jquery/jquery.min.js",
    "https://cdnjs.cloudflare.com/ajax/libs/d3/3.5.5/d3.min.js": "d3/d3.min.js",
    "https://d3js.org/d3.v3.min.js": "d3/d3.min.js",
    "https://cdn.jsdelivr.net/npm/swagger-ui-dist@5/swagger-ui-bundle.js": "swagger-ui/swagger-ui-bundle.js",
    "https://cdn.jsdelivr.net/npm/swagger-ui-dist@5/swagger-ui.css": "swagger-ui/swagger-ui.css",
    "https://fastapi.tiangolo.com/img/favicon.png": "swagger-ui/favicon-32x32.png",
    "https://cdn.jsdelivr.net/npm/bootstrap@5.2.2/dist/js/bootstrap.bundle.min.js": None,
    "https://cdn.jsdelivr.net/npm/bootstrap@5.2.2/dist/css/bootstrap.min.css": None,
    "https://cdnjs.cloudflare.com/ajax/libs/Leaflet.awesome-markers/2.0.2/leaflet.awesome-markers.js": None,
    "https://cdnjs.cloudflare.com/ajax/libs/Leaflet.awesome-markers/2.0.2/leaflet.awesome-markers.css": None,
    "https://netdna.bootstrapcdn.com/bootstrap/3.0.0/css/bootstrap-glyphicons.css": None,
    "https://cdn.jsdelivr.net/npm/@fortawesome/fontawesome-free@6.2.0/css/all.min.css": None,
    "https://cdn.jsdelivr.net/gh/python-visualization/folium/folium/templates/"
    "leaflet.awesome.rotate.min.css": None,
})


def table() -> Mapping[str, str | None]:
    """Address that Folium, branca or FastAPI would load -> our file; None: a page does without it."""
    return _TABLE


def local(url: str) -> str | None:
    """Our file for an address; None when a page does without it.

    `mutan:map.js` names our own static file. A newer minor version of a listed address is the same file.

    >>> local("https://cdn.jsdelivr.net/npm/leaflet@1.9.4/dist/leaflet.js")
    'leaflet/leaflet.js'

    Raises
    ------
    AssetMissing : the address is not in the table; nothing is ever fetched in its place
    """
    if url.startswith("mutan:"):
        return f"mutan/{url.removeprefix('mutan:')}"
    if (known := _by_major()).get(_major(url), "") == "":
        raise AssetMissing(
            f"A page asks for {url}; {len(known)} addresses are known, not this one. Pages load "
            "nothing from a network. Add its npm package and file to tools/frontend/package.json, renew the "
            "lock with `npm install --package-lock-only` there, run `python hatch_build.py`, and add the "
            "address with its file to the table of maps/assets.py."
        )
    return known[_major(url)]


def names() -> frozenset[str]:
    """Every file that may be served or embedded, as `leaflet/leaflet.js` or `mutan/map.css`."""
    brought = (f.relative_to(ROOT).as_posix() for f in ROOT.rglob("*") if f.is_file() and f.name != ".stamp")
    return frozenset([*brought, *(f"mutan/{f.name}" for f in OWN.iterdir() if f.is_file())])


def path(name: str) -> Path:
    """Where a file lies. Only names of `names()` lead anywhere, so that a name from outside is safe.

    Raises
    ------
    AssetMissing : there is no such file, or the build has not brought it yet
    """
    if name in names():
        own = name.startswith("mutan/")
        return OWN / name.removeprefix("mutan/") if own else ROOT / name
    if not (ROOT / ".stamp").is_file():
        raise AssetMissing(
            f"The front-end file {name} is not there, for maps/assets has not been made. "
            "In a checkout run `python hatch_build.py` once, where npm reaches its registry; "
            "a wheel of mutan carries the files."
        )
    raise AssetMissing(f"There is no front-end file {name}. There are: {', '.join(sorted(names()))}.")


@cache
def text(name: str) -> str:
    r"""A script or style as text, ready to stand inside a page.

    Line ends are \n, so that a hash of the text is what the browser computes; a pointer to a source map,
    which would be asked for, is left out; so is anything that would close the element.
    """
    read = path(name).read_text("utf-8").replace("\r\n", "\n")
    read = re.sub(r"\n?//# sourceMappingURL=\S+\s*$|/\*# sourceMappingURL=.*?\*/", "", read)
    return re.sub(r"</(?=script|style)", r"<\\/", read, flags=re.IGNORECASE)


@cache
def embedded_style(name: str) -> str:
    """A style sheet whose url() images are data: addresses, so that it needs no other file."""
    folder = PurePosixPath(name).parent

    def inline(found: re.Match[str]) -> str:
        aim = found["aim"].strip("'\"")
        return found[0] if aim.startswith(("data:", "#")) else f"url({data_uri(str(folder / aim))})"

    return re.sub(r"url\((?P<aim>[^)]*)\)", inline, text(name))


def data_uri(name: str) -> str:
    """A file as a data: address."""
    kind = guess_type(name)[0] or "application/octet-stream"
    return f"data:{kind};base64,{b64encode(path(name).read_bytes()).decode()}"


def link(name: str, prefix: str) -> str:
    """The address of a file under the prefix that the server gives it.

    It ends in a part of the content's hash, so that a browser may keep it for ever.
    """
    return f"{prefix.rstrip('/')}/{name}?v={_hash(name)}"


@cache
def _hash(name: str) -> str:
    return hashlib.sha256(path(name).read_bytes()).hexdigest()[:10]


def _major(url: str) -> str:
    """The address with only the major number of its version, and without a doubled slash."""
    return re.sub(r"(?<=[@/-])(\d+)\.\d+\.\d+", r"\1", re.sub(r"(?<!:)//+", "/", url))


@cache
def _by_major() -> Mapping[str, str | None]:
    return {_major(url): name for url, name in table().items()}
