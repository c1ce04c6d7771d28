"""Walk two journeys through the accessibility tree and write what is met: docs/accessibility.md.

Each step is what a screen reader would be given: the part of the tree that has the focus, or that
the reader was led to. The keys are real; nothing is clicked.
"""

from __future__ import annotations

import shutil
import sys
import threading
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Locator, Page, sync_playwright
from quiet import Quiet

ROOT = Path(__file__).parent.parent
LINES = 14
WIDE = 110
INTRODUCTION = """\
# Two journeys, as a screen reader meets them

<!-- Made by `make journeys` from docs/sample; the words are the accessibility tree's own. -->

The paper is held to WCAG 2.2 AA: `tests/test_accessibility.py` runs axe-core over every kind of page, and tries by hand
what it cannot (order of keys, focus in sight, size of targets, 400 % zoom, forced colours). Here two readers go by keyboard
alone. What stands in a box is what the browser tells assistive technology: the role of each thing, and its name.
"""


class Walk:
    """A journey: every step is a key or a few, and what is met after it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.lines: list[str] = []

    def title(self, text: str) -> None:
        """Begin a journey."""
        self.lines += [f"## {text}", ""]

    def meets(self, what: str, met: Locator) -> None:
        """Write down what was done, and the part of the tree that it led to."""
        told = [line.removeprefix("- ") for line in met.aria_snapshot().splitlines()]
        told = [line.removesuffix(":") for line in told if "/url:" not in line]
        kept = [line if len(line) <= WIDE else f"{line[:WIDE]}…" for line in told[:LINES]]
        more = [f"… and {len(told) - LINES} lines more"] if len(told) > LINES else []
        self.lines += [what, "", "```yaml", *kept, *more, "```", ""]

    def tab_to(self, role: str, name: str) -> int:
        """Press Tab until the first control of that role and name has the focus; how many it took."""
        control = self.page.get_by_role(role, name=name).first  # type: ignore[arg-type]
        for count in range(1, 400):
            self.page.keyboard.press("Tab")
            if control.evaluate("e => e === document.activeElement"):
                return count
        raise SystemExit(f"no Tab key leads to the {role} {name!r}")

    @property
    def focus(self) -> Locator:
        """What has the focus."""
        return self.page.locator(":focus")


def entry_to_issue(walk: Walk, root: str, entry: str) -> None:
    """From a search engine: the skip link, the entry, its topic, the issue that printed it."""
    page = walk.page
    walk.title("From a search engine to an entry, its topic and its issue")
    page.goto(f"{root}{entry}")
    page.keyboard.press("Tab")
    walk.meets("The page of an entry opens. The first Tab finds the skip link:", walk.focus)
    page.keyboard.press("Enter")
    walk.meets("Enter leads past the masthead, to the entry itself:", page.locator("main article"))
    topic = page.locator("main section[aria-labelledby=topics] a").first.inner_text()
    count = walk.tab_to("link", topic)
    walk.meets(f"{count} more Tabs, and the entry’s first topic has the focus:", walk.focus)
    page.keyboard.press("Enter")
    page.wait_for_url("**/topics/*/index.html")
    walk.meets(
        "Enter opens the topic; its landmarks and headings:", page.locator("main section").first
    )
    page.go_back()
    week = page.locator(".dateline a").first.inner_text()
    walk.tab_to("link", week)
    page.keyboard.press("Enter")
    page.wait_for_url("**/issues/*/index.html")
    walk.meets("Back, and on to the issue that printed it; its minute:", page.locator("#minute"))
    walk.meets(
        "Below its first entry stand links, each of which holds its title:",
        page.locator("article .foot").first,
    )


def week_to_own(walk: Walk, root: str) -> None:
    """A week is filtered; then topics are chosen, and it stands in the reader's own order."""
    page = walk.page
    walk.title("To filter a week, and to put it in one’s own order")
    page.goto(f"{root}index.html")
    walk.tab_to("link", "entries of this week")
    walk.meets("On the front page, Tab to the link behind the last section:", walk.focus)
    page.keyboard.press("Enter")
    page.wait_for_url("**/all/index.html")
    walk.tab_to("searchbox", "Filter")
    walk.meets("Enter opens all entries of the week; Tab finds the filter box:", walk.focus)
    page.keyboard.type("has:code")
    page.locator("#filter-told:not(:empty)").wait_for()
    walk.meets("`has:code` is typed. The count is told politely, once the keys rest:", page.locator("#filter-told"))  # fmt: skip
    page.keyboard.type(" (")
    page.get_by_text("Column").wait_for()
    walk.meets("A slip is told with its place:", page.locator("#filter-told"))
    page.goto(f"{root}mine/index.html")
    choices = page.locator("summary", has_text="What it goes by")
    choices.focus()
    page.keyboard.press("Enter")
    walk.tab_to("checkbox", "Language models")
    walk.meets("“My paper” opens; Tab leads through what it goes by to a topic:", walk.focus)
    page.keyboard.press("Space")
    walk.meets("Space ticks it, and the page says what is kept:", page.locator("#mine-kept"))
    choices.focus()
    page.keyboard.press("Enter")
    page.locator("#mine-list .why", has_text="Language models").first.wait_for()
    walk.meets("What it goes by is closed, and the week stands in that order, each with its reason:", page.locator("#mine-list li").first)  # fmt: skip


def main() -> None:
    """Walk through docs/sample, or through the pages in the folder that is named."""
    site = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "sample"
    entry = sorted(site.glob("e/arxiv-*/index.html"))[0].relative_to(site).as_posix()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    root = f"http://127.0.0.1:{server.server_port}/"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-background-networking"],
        )
        walk = Walk(browser.new_page(viewport={"width": 1280, "height": 900}))
        entry_to_issue(walk, root, entry)
        week_to_own(walk, root)
        browser.close()
    server.shutdown()
    text = "\n".join([INTRODUCTION, *walk.lines]).rstrip()
    (ROOT / "docs" / "accessibility.md").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
