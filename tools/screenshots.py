"""Take the pictures of docs/screenshots from docs/sample: the main pages, phone and desk, light and dark.

The mail is that of the demo.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

HOME = Path(__file__).resolve().parent.parent
OUT = HOME / "docs" / "screenshots"
SAMPLE = HOME / "docs" / "sample"
FLAGS = ["--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
PAGES = {
    "issue": "issues/2026-W47/index.html",
    "all": "issues/2026-W47/all/index.html",
    "entry": "e/arxiv-1706.03762/index.html",
    "topic": "topics/vision/index.html",
    "venues": "venues/index.html",
    "mine": "mine/index.html",
    "trends": "trends/index.html",
}
# A mail as it is, and as programs show it that turn its colours round without asking.
MAILS = {"mail": "none", "mail-inverted": "invert(1)"}
SIZES = {"desk": (1280, 960), "phone": (390, 844)}


def main() -> None:
    """All pages in all sizes and schemes."""
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    with sync_playwright() as playwright:
        path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))  # fmt: skip
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        for size in SIZES:
            for scheme in ("light", "dark"):
                take(browser, size, scheme)
            take_mail(browser, size)
        browser.close()


def take(browser: Browser, size: str, scheme: str) -> None:
    """The top of every page, as it is first seen."""
    width, height = SIZES[size]
    viewport = {"width": width, "height": height}
    page = browser.new_page(viewport=viewport, color_scheme=scheme)  # type: ignore[arg-type]
    for name, place in PAGES.items():
        page.goto((SAMPLE / place).as_uri())
        page.wait_for_timeout(200)
        page.screenshot(path=OUT / f"{name}-{size}-{scheme}.png")
    page.close()


def take_mail(browser: Browser, size: str) -> None:
    """The top of the sample issue as a mail."""
    width, height = SIZES[size]
    demo = HOME / "demo"
    command = [sys.executable, "-m", "sundaypaper", "--root", str(demo), "preview"]
    subprocess.run(command, check=True, capture_output=True)
    (mail,) = (demo / "mails" / "preview").glob("*.html")
    page = browser.new_page(viewport={"width": width, "height": height})
    for name, turned in MAILS.items():
        page.goto(mail.as_uri())
        page.add_style_tag(content=f"html {{ background: white; filter: {turned} }}")
        page.screenshot(path=OUT / f"{name}-{size}.png")
    page.close()


if __name__ == "__main__":
    main()
