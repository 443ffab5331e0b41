"""Settings: one class, one prefix. Each is a variable `MUTAN_…` of the environment."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from data.parameters import lay_over


class Settings(BaseSettings):
    """What a person who runs Mutan may set.

    Parameters
    ----------
    book : the .gpkg path or postgresql:// address that commands use when none is named
    base_map : URL template of map tiles ({z}, {x}, {y}); left empty, pages stand on grey
    base_map_credit : what the owner of the tiles wants to be said on the map
    rules : folder of the office's own rules and factors, which come before those of Mutan
    fonts : folder of Chinese fonts for printed pages, which come before those of the machine
    base_url : the public address of the service behind a proxy; empty: as the request came in
    page_limit : features on a page when the request names no limit
    most_features : features on a page at the most
    filing : whether requests to move a boundary may be filed and checked again over HTTP, by anybody
    office_token : who gives it over HTTP may take steps of requests; empty: nobody may
    """

    model_config = SettingsConfigDict(env_prefix="MUTAN_", extra="ignore")

    book: str = "mutan.gpkg"
    rules: str = ""
    base_map: str = ""
    base_map_credit: str = ""
    base_url: str = ""
    fonts: str = ""
    page_limit: Annotated[int, Field(ge=1, le=10_000)] = 100
    most_features: Annotated[int, Field(ge=1, le=100_000)] = 10_000
    filing: bool = True
    office_token: SecretStr = SecretStr("")


@cache
def settings() -> Settings:
    """The settings of this process, read once when first asked for; the office's rules are laid over then."""
    read = Settings()
    if read.rules:
        lay_over(Path(read.rules).resolve())
    return read
