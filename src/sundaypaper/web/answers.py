"""Answers of the readers' pages: rendered from templates, with what the paper is now."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from sundaypaper.config import Config
from sundaypaper.pipeline.opening import look_into_store
from sundaypaper.pipeline.query_child import newest_build
from sundaypaper.pipeline.reader_pages import ReaderPages, reader_pages
from sundaypaper.pipeline.subscriptions import HOURS
from sundaypaper.web.surroundings import Surroundings


class Folder(NamedTuple):
    """Where mails lie that no server takes: the folder, "" for none, and whether a page shows it."""

    folder: str
    page: bool


@dataclass(slots=True)
class Answers:
    """Gives the readers' pages. What they say of the paper is looked up once a build."""

    here: Surroundings
    _made: tuple[Config, str, ReaderPages] | None = None
    _making: asyncio.Lock = field(default_factory=asyncio.Lock)
    _renewing: asyncio.Task[ReaderPages] | None = None

    async def pages(self) -> ReaderPages:
        """The pages of now. After a new build the former ones serve until the store is read."""
        config, build = self.here.config(), newest_build(self.here.output)[0]
        if self._made is None or self._made[0] is not config:
            return await self._renewed(config, build)
        if self._made[1] != build and (self._renewing is None or self._renewing.done()):
            self._renewing = asyncio.create_task(self._renewed(config, build))
        return self._made[2]

    async def _renewed(self, config: Config, build: str) -> ReaderPages:
        async with self._making:
            if self._made is None or self._made[:2] != (config, build):
                self._made = config, build, await run_in_threadpool(self._read, config)
            return self._made[2]

    def _read(self, config: Config) -> ReaderPages:
        with look_into_store(self.here.root, self.here.output) as store:
            return reader_pages(config, store, self.here.templates)

    async def page(
        self,
        request: Request,
        template: str,
        status: int = 200,
        **values: object,
    ) -> Response:
        """The answer that a template makes at the path of a request."""
        pages = await self.pages()
        folder = Folder(str(self.here.mails or ""), self.here.show_mails)
        body = pages.page(
            template, request.scope["path"], hours=HOURS, into_folder=folder, **values
        )
        return HTMLResponse(body, status)
