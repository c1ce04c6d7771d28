"""The web app: its routes, and what stands before each of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from sundaypaper.web import (
    finding,
    health,
    issues,
    leaving,
    mails,
    metrics,
    preferences,
    subscribing,
)
from sundaypaper.web.bodies import Bodies
from sundaypaper.web.builds import Builds
from sundaypaper.web.clients import Forwarded
from sundaypaper.web.finder import Finder
from sundaypaper.web.guard import Guard
from sundaypaper.web.reception import Reception, reception
from sundaypaper.web.static import Site
from sundaypaper.web.surroundings import Surroundings
from sundaypaper.web.told import Pages
from sundaypaper.web.watched import Watched


def app(
    here: Surroundings,
    mailer: Callable[[], str] = lambda: "",
    more: Sequence[BaseRoute] = (),
    beside: Callable[[], AbstractAsyncContextManager[None]] | None = None,
    wake: Callable[[], None] = lambda: None,
    readers: Reception | None = None,
) -> ASGIApp:
    """The whole app over a root.

    mailer gives what is wrong with the mailer, "" for nothing; more are routes before all others;
    beside is entered before the first request and left after the last. wake tells the mailer that
    something waits for it; readers is who receives them, where it is made elsewhere.
    """
    pages, builds, finder = Pages(here), Builds(here.output / "site"), Finder(here)
    site, desk = Site(builds, Bodies(), pages.tell), readers or reception(here, finder, wake)
    watched, figures = Watched(here), metrics.Figures()
    # Each part of the app is one line. The build comes last: it answers whatever nobody else does.
    routes: list[BaseRoute] = [
        *more,
        *health.routes(here, builds, mailer, watched),
        *metrics.routes(here, builds, watched, figures),
        *mails.routes(here, pages),
        *finding.routes(here, finder),
        *subscribing.routes(desk),
        *leaving.routes(desk),
        *preferences.routes(desk),
        *issues.routes(desk),
        Route("/{path:path}", site, methods=["GET"]),
    ]

    async def told(_: Request, bad: Exception) -> Response:
        assert isinstance(bad, HTTPException)
        return HTMLResponse(pages.tell(bad.status_code), bad.status_code, bad.headers)

    async def failed(_: Request, bad: Exception) -> Response:
        return HTMLResponse(pages.tell(500), 500)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.push_async_callback(run_in_threadpool, finder.close)
            stack.push_async_callback(run_in_threadpool, desk.close)
            if beside is not None:
                await stack.enter_async_context(beside())
            yield

    starlette = Starlette(
        routes=routes,
        exception_handlers={HTTPException: told, Exception: failed},
        lifespan=lifespan,
    )
    # Where it would lead is made of the Host header.
    starlette.router.redirect_slashes = False
    guarded = Guard(starlette, pages.tell, here.say, here.monotonic)
    counted = metrics.Counted(guarded, figures, here.monotonic)
    return Forwarded(counted, lambda: here.config().web.proxies)
