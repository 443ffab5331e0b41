"""The service (服务): `uvicorn api.app:app`, or `create_app` with a book of one's own.

Nothing is read when this module is imported; the book is opened by the first request.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import answer_faults
from api.opened import Opened
from api.routes import ROUTERS

# Measured on a page of 1,000 parcels (630 kB): level 1 takes 4 ms and leaves a sixth; level 6 takes 10 ms.
SQUEEZE = 1
WORTH_SQUEEZING = 1024


class HeadAsGet:
    """Answers HEAD as GET without the body, so that every path has it."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self.app({**scope, "method": "GET"}, receive, without_body)


def create_app(book: str | None = None) -> FastAPI:
    """The application.

    Parameters
    ----------
    book : address of the book; None: as the settings say (MUTAN_BOOK)
    """

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        yield
        app.state.opened.close()

    app = FastAPI(title="亩碳 Mutan", openapi_url=None, docs_url=None, redoc_url=None, lifespan=life)
    app.state.opened = Opened(book)
    for router in ROUTERS:
        app.include_router(router)
    answer_faults(app)
    app.add_middleware(GZipMiddleware, minimum_size=WORTH_SQUEEZING, compresslevel=SQUEEZE)
    app.add_middleware(HeadAsGet)
    return app


app = create_app()
