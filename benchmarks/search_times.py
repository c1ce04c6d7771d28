"""How long a reader waits for the search page over a year, on two lines, and what it loads.

Needs Chromium, the tests on the path, and a folder that search_archive.py made. Every query is asked
in a browser that has nothing yet, from the address that holds it: milliseconds from there to the first
lines and to the count, requests and bytes until the first lines and in all, page, styles and scripts
included, nothing compressed. The processor is held to a quarter.
Usage: PYTHONPATH=src:tests search_times.py FOLDER
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from urllib.parse import quote_plus

from playwright.sync_api import Browser, Page
from search_archive import QUERIES

from browsing import chromium, served
from sundaypaper.config import default_config
from sundaypaper.formats import site
from sundaypaper.formats.site.rendering import copy, render
from sundaypaper.formats.vocabulary import vocabulary_page
from sundaypaper.models import Masthead
from sundaypaper.pipeline.known_names import kept_names
from sundaypaper.store import Store

# Kilobytes a second, and milliseconds until a request is answered.
LINES = {"1.6 Mbit/s, 150 ms": (200, 150), "9 Mbit/s, 60 ms": (1125, 60)}
SLOWER = 4
FILES = (
    "style.css",
    "more.css",
    "filter.css",
    "query.js",
    "archive.js",
    "take.js",
    "search.js",
    "favicon.svg",
)
WAITED = """() => {
  const told = () => document.getElementById("search-told")?.textContent ?? "";
  const seen = (name) => { window[name] ??= performance.now(); };
  window.bytes = () => performance.getEntriesByType("resource").reduce((sum, one) => sum + one.transferSize, 0)
    + performance.getEntriesByType("navigation")[0].transferSize;
  window.asked = () => performance.getEntriesByType("resource").length + 1;
  performance.setResourceTimingBufferSize(2000);
  new MutationObserver(() => {
    if (/^[0-9,]+ entr/.test(told())) seen("counted");
    if ((document.querySelector("#found-list li") || window.counted) && !window.first) {
      seen("first");
      [window.firstBytes, window.firstAsked] = [window.bytes(), window.asked()];
    }
  }).observe(document, { childList: true, subtree: true, characterData: true });
}"""


def pages(folder: Path, archive: Path) -> None:
    """The search page with all that it loads, beside an archive."""
    config = default_config()
    frame = site.PageFrame(Masthead("Sunday Paper"))
    env = site.environment(None)
    (folder / "archive").symlink_to(archive.resolve())
    (folder / "search").mkdir()
    with Store(folder / "paper.db") as store:
        names = vocabulary_page(kept_names(config, store))
    topics = ("topic", "Topic", [(topic.id, topic.name) for topic in config.topics])
    html = render("search.html", "search/index.html", env, frame, years=["2026"], filters=[topics])
    for page in (html, names, *(copy(name, env) for name in FILES)):
        (folder / page.path).write_bytes(page.body)


def measure(browser: Browser, address: str, line: tuple[int, int]) -> list[float]:
    """First lines and count in milliseconds; requests and bytes until the lines, and in all."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    throttle(page, line)
    page.add_init_script(f"({WAITED})()")
    page.goto(address, wait_until="commit")
    page.wait_for_function("() => window.counted", timeout=120_000)
    told = page.evaluate("[first, counted, firstAsked, firstBytes, asked(), bytes()]")
    context.close()
    return list(told)


def throttle(page: Page, line: tuple[int, int]) -> None:
    """Hold line and processor."""
    session = page.context.new_cdp_session(page)
    speed, latency = line
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", {"offline": False, "latency": latency, "downloadThroughput": speed * 1000, "uploadThroughput": speed * 1000})  # fmt: skip
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})


def main(archive: Path) -> None:
    """Print a line a query and a line."""
    with tempfile.TemporaryDirectory() as name, chromium() as browser, served(Path(name)) as root:
        pages(Path(name), archive)
        for line, speed in LINES.items():
            print(line)
            for says, query in QUERIES.items():
                first, counted, some, sent, every, all_sent = measure(browser, f"{root}search/index.html?q={quote_plus(query)}", speed)  # fmt: skip
                print(f"  {says} ({query}): first {first / 1000:.1f} s, {some:.0f} requests, {sent / 1000:.0f} kB; counted {counted / 1000:.1f} s, {every:.0f} requests, {all_sent / 1000:.0f} kB", flush=True)  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]) / "archive")
