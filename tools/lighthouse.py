"""Score the kinds of page with Lighthouse and write what it says: docs/lighthouse.md.

Pages are served on loopback and compressed, as the hosts of static files do. Performance depends
on the machine and on what else it does, so it is measured three times and the median is kept.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from http.server import ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from quiet import Quiet

ROOT = Path(__file__).parent.parent
COMMAND = Path(__file__).parent / "checks/lighthouse/node_modules/lighthouse/cli/index.js"
RUNS = 3
CATEGORIES = {"performance": "Performance", "accessibility": "Accessibility", "best-practices": "Best practices", "seo": "SEO"}  # fmt: skip
FIGURES = {"largest-contentful-paint": "Largest paint", "total-blocking-time": "Blocked", "cumulative-layout-shift": "Shift", "total-byte-weight": "Weight"}  # fmt: skip
# The newest of each kind, as a reader would come upon it.
KINDS = {"Front page": "index.html", "Issue": "issues/*/index.html", "All entries of a week": "issues/*/all/index.html", "Topic": "topics/*/index.html", "Venue": "venues/*/*/index.html", "Entry": "e/arxiv-*/index.html", "Archive": "archive/index.html", "Trends": "trends/index.html", "Search": "search/index.html", "My paper": "mine/index.html", "Subscribe": "subscribe/index.html"}  # fmt: skip
PRESETS = {"Phone": [], "Desktop": ["--preset=desktop"]}
COMPRESSED = {".html", ".css", ".js", ".json", ".svg", ".atom", ".opml", ".ics", ".txt", ".xml"}

Report = dict[str, Any]


class Compressing(Quiet):
    """Serves text with gzip, as the hosts of static files do."""

    def send_head(self) -> BytesIO | BinaryIO | None:
        """The head, and the text that is to follow it."""
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if path.suffix not in COMPRESSED or not path.is_file():
            return super().send_head()
        body = gzip.compress(path.read_bytes(), 6, mtime=0)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600")
        self.end_headers()
        return BytesIO(body)


@contextmanager
def served(site: Path) -> Iterator[str]:
    """A folder over HTTP on loopback; the address of its root."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Compressing, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def pages(site: Path) -> dict[str, str]:
    """One page of every kind that the build has, as kind -> path: the fullest of its newest."""
    found = {}
    for kind, pattern in KINDS.items():
        paths = sorted(site.glob(pattern))
        newest = paths[-1:] if kind in ("Issue", "All entries of a week") else paths
        if newest:
            found[kind] = max(newest, key=lambda p: p.stat().st_size).relative_to(site).as_posix()
    return found


def lighthouse(url: str, options: list[str], chromium: str) -> Report:
    """One report of Lighthouse on an address; SystemExit with its own words where it fails."""
    flags = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"
    command = ["node", str(COMMAND), url, "--output=json", "--quiet", f"--chrome-flags={flags}"]
    command += ["--no-enable-error-reporting", *options]
    there = {**os.environ, "CHROME_PATH": chromium}
    done = subprocess.run(command, env=there, capture_output=True, text=True, check=False, timeout=300)  # fmt: skip
    report: Report = json.loads(done.stdout or "{}")
    if done.returncode or report.get("runtimeError"):
        why = report.get("runtimeError", {}).get("message") or done.stderr
        raise SystemExit(f"Lighthouse could not judge {url}: {why.strip()}")
    return report


def judged(url: str, preset: list[str], chromium: str) -> Report:
    """The report whose performance is the median of three; the other categories do not vary."""
    reports = [lighthouse(url, preset, chromium)]
    once_more = [*preset, "--only-categories=performance"]
    reports += [lighthouse(url, once_more, chromium) for _ in range(RUNS - 1)]
    middle = sorted(reports, key=lambda one: one["categories"]["performance"]["score"])[RUNS // 2]
    whole = reports[0]
    whole["categories"]["performance"] = middle["categories"]["performance"]
    whole["audits"] |= middle["audits"]
    return whole


def row(kind: str, report: Report) -> str:
    """A line of the table."""
    scores = [f"{report['categories'][name]['score'] * 100:.0f}" for name in CATEGORIES]
    figures = [_figure(name, report["audits"][name]["numericValue"]) for name in FIGURES]
    return f"| {' | '.join([kind, *scores, *figures])} |"


def _figure(name: str, value: float) -> str:
    if name == "cumulative-layout-shift":
        return f"{value:.3f}".rstrip("0").rstrip(".")
    if name == "total-byte-weight":
        return f"{value / 1000:.0f} kB"
    return f"{value / 1000:.1f} s" if name == "largest-contentful-paint" else f"{value:.0f} ms"


def lost(report: Report) -> list[str]:
    """What cost a point: each audit that counts and has not full marks, with what was found."""
    found = []
    for name in CATEGORIES:
        for part in report["categories"][name]["auditRefs"]:
            audit = report["audits"][part["id"]]
            if part["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                told = audit.get("displayValue", "").replace("\u00a0", " ")
                found.append(f"{audit['title']}{f' ({told})' if told else ''}")
    return found


def table(title: str, reports: dict[str, Report]) -> list[str]:
    """A preset: its scores, and below them what cost points."""
    names = ["Page", *CATEGORIES.values(), *FIGURES.values()]
    lines = [f"## {title}", "", f"| {' | '.join(names)} |", f"| --- {'| ---: ' * (len(names) - 1)}|"]  # fmt: skip
    lines += [row(kind, report) for kind, report in reports.items()]
    costs = [f"* {kind}: {one}" for kind, report in reports.items() for one in lost(report)]
    return [*lines, "", *(["Below full marks:", "", *costs] if costs else ["No audit that counts is below 90."]), ""]  # fmt: skip


def introduction(report: Report, places: dict[str, str], performances: list[int]) -> str:
    """What was measured, with what, when, and how far it may be trusted."""
    browser = report["environment"]["hostUserAgent"].split("Chrome/")[1].split(".")[0]
    listed = ", ".join(f"{kind.lower()} `{path}`" for kind, path in places.items())
    return f"""\
# What Lighthouse says

<!-- Made by `make lighthouse`; not by hand. -->

Lighthouse {report["lighthouseVersion"]} with Chromium {browser}, {datetime.now(UTC):%-d %B %Y}, over a build of the demo served on loopback with gzip and
`Cache-Control: max-age=600`, as hosts of static files send it. Performance is the median of {RUNS} runs in Lighthouse’s own
throttling (a phone on slow 4G; a desktop on cable); it depends on the machine and on what else it does, and the lowest
median was {min(performances)}. The other three do not vary. No test asks for these scores; what a rule can hold is held by `tests/test_html.py`,
`tests/test_site.py` and `tests/test_accessibility.py`. The demo’s weeks are short: a real one is heavier.

Pages: {listed}.
"""


def main() -> None:
    """Score docs/sample, or the build in the folder that is named."""
    site = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "sample"
    chromium = os.environ.get("SUNDAYPAPER_CHROMIUM") or shutil.which("chromium")
    if chromium is None or not COMMAND.exists():
        raise SystemExit("Lighthouse or Chromium is missing; `make lighthouse` installs them")
    places = pages(site)
    presets: dict[str, dict[str, Report]] = {}
    with served(site) as root:
        for title, options in PRESETS.items():
            presets[title] = {}
            for kind, place in places.items():
                presets[title][kind] = judged(root + place, options, chromium)
                print(title, row(kind, presets[title][kind]), flush=True)
    reports = [report for kinds in presets.values() for report in kinds.values()]
    performances = [round(one["categories"]["performance"]["score"] * 100) for one in reports]
    lines = [introduction(reports[0], places, performances)]
    lines += [line for title, kinds in presets.items() for line in table(title, kinds)]
    text = "\n".join(lines).rstrip()
    (ROOT / "docs" / "lighthouse.md").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
