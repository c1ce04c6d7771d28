"""A real browser over a real address: what browser tests share."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, Request, sync_playwright
from starlette.types import ASGIApp, Receive, Scope, Send

from sundaypaper.web.bodies import Bodies
from sundaypaper.web.builds import Builds
from sundaypaper.web.guard import Guard
from sundaypaper.web.serving import listen, url_of
from sundaypaper.web.static import Site

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


def find_chromium() -> str | None:
    """An installed Chromium, or the one that SUNDAYPAPER_CHROMIUM names.

    Its headless shell, the same engine without a desk around it, takes half the work.
    """
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")  # fmt: skip
    return os.environ.get("SUNDAYPAPER_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)  # fmt: skip


@contextmanager
def chromium() -> Iterator[Browser]:
    """Chromium without a window; skipped loudly where there is none."""
    path = find_chromium()
    if path is None:
        if os.environ.get("SUNDAYPAPER_REQUIRE_BROWSER"):
            pytest.fail("no Chromium found, and SUNDAYPAPER_REQUIRE_BROWSER is set")
        pytest.skip("NO CHROMIUM FOUND: the pages were not tried in a browser")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield launched
        launched.close()


@contextmanager
def served(site: Path, below: str = "") -> Iterator[str]:
    """A site over HTTP on loopback, as `sundaypaper serve` serves it; the address of its root.

    below is a path such as `a/b/`, which a proxy takes off.
    """
    inner = Site(Builds(site), Bodies(), lambda status: b"%d" % status)
    guarded = Guard(inner, lambda status: b"%d" % status, print, time.monotonic)

    async def web(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["raw_path"].removeprefix(f"/{below}".encode().rstrip(b"/"))
        await guarded({**scope, "raw_path": path}, receive, send)

    with running(web) as address:
        yield f"{address}{below}"


@contextmanager
def running(web: ASGIApp) -> Iterator[str]:
    """An app on loopback, in a thread; the address of its root, with a slash at the end."""
    config = uvicorn.Config(web, log_config=None, log_level="critical", ws="none", lifespan="off")
    with listen("127.0.0.1", 0) as listening:
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        yield url_of(listening)
        server.should_exit = True
        thread.join()


def failure(request: Request) -> list[str]:
    """A request that failed; one that the browser itself gave up to follow a link is none."""
    why = request.failure or ""
    return [] if "ERR_ABORTED" in why else [f"failed: {request.url} ({why})"]


def watched(page: Page, here: str = "") -> list[str]:
    """What a page will complain of: console errors, failed requests, requests to other hosts."""
    troubles: list[str] = []

    def elsewhere(request: Request) -> None:
        home = request.url.startswith(("file:", "data:", "blob:"))
        if not home and request.url.split("/")[2] != here:
            troubles.append(f"asked: {request.url}")

    page.on("console", lambda m: troubles.append(m.text) if m.type in ("error", "warning") else None)  # fmt: skip
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("requestfailed", lambda r: troubles.extend(failure(r)))
    page.on("request", elsewhere)
    page.on("dialog", lambda d: troubles.append(f"dialog: {d.message}"))
    return troubles


def opened(browser: Browser, url: str, **context: object) -> tuple[Page, list[str]]:
    """A page in a window of its own, and what it complained of."""
    page = browser.new_context(**context).new_page()  # type: ignore[arg-type]
    troubles = watched(page, url.split("/")[2])
    page.goto(url)
    return page, troubles


@contextmanager
def window(browser: Browser, width: int, height: int = 900, **how: Any) -> Iterator[Page]:
    """A window of its own, which keeps nothing; to open one costs more than a page in it."""
    context = browser.new_context(viewport={"width": width, "height": height}, **how)
    yield context.new_page()
    context.close()


def resize(page: Page, width: int, height: int = 900) -> None:
    """Make the window so large."""
    page.set_viewport_size({"width": width, "height": height})
