"""A real browser over a real address: what browser tests share."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

from sundaypaper.cli.browsing import Quiet

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
def served(folder: Path) -> Iterator[str]:
    """A folder over HTTP on loopback, as `sundaypaper browse` serves it; the address of its root."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
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
