"""Each recipe of the manual, from its feeds.yaml to its last command, as somebody types it."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from loopback import Answer, Loopback
from manual import DOCS, blocks
from sundaypaper import config
from sundaypaper.config.writing import FeedsText

# A Tuesday: what these papers print on Thursday to Monday is out, or waits for its editor.
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
WEEK = "2026-W10"
RECIPES = {"lab": "lab", "meetup": "meetup", "learner": "learner", "editor": "edited", "course": "course"}  # fmt: skip


def rss() -> bytes:
    """A feed with a post a day of the last two weeks."""
    items = "".join(
        f"<item><title>A robot with eyes, part {day}</title><link>https://a.example/{day}</link>"
        f"<pubDate>{format_datetime(NOW - timedelta(days=day, hours=1))}</pubDate></item>"
        for day in range(14)
    )
    return f"<rss version='2.0'><channel><title>A</title>{items}</channel></rss>".encode()


def stand_in(root: Path, url: str) -> None:
    """Lead a recipe's sources and mails to this machine; all else stays as it is written."""
    file = root / "feeds.yaml"
    feeds = FeedsText(file.read_text(encoding="utf-8"))
    read = config.load(file)
    feeds.append("sources", {"kind": "feed", "name": "Here", "url": url, "group": "lab"})
    feeds.remove(*(("sources", number) for number in range(len(read.sources))))
    feeds.set("network.allow_private", True)
    text = feeds.text
    if read.delivery:
        before, _, after = text.partition("delivery:\n")
        rest = after[after.index("inbox:") :].partition("\n")[2]
        text = f"{before}delivery: {{kind: file, from: Paper <paper@lab.example>}}\n{rest}"
    file.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_is_a_paper_from_its_file_to_its_last_command(name: str, tmp_path: Path) -> None:
    """Its feeds.yaml has no mistake, each of its commands ends well, and pages are there."""
    root = tmp_path / RECIPES[name]
    root.mkdir()
    of_page = list(blocks(DOCS / "recipes" / f"{name}.md"))
    (root / "feeds.yaml").write_text(of_page[0].text, encoding="utf-8")
    for block in of_page:
        if block.language == "csv":
            (root / "lab.csv").write_text(block.text, encoding="utf-8")
    assert config.load(root / "feeds.yaml").sources
    lines = [line for b in of_page if b.language == "sh" and not b.how for line in b.lines]
    assert len(lines) > 1
    with Loopback({"/feed": Answer(body=rss())}) as server:
        stand_in(root, server.url("/feed"))
        for line in lines:
            words = shlex.split(line, comments=True)
            assert words.pop(0) == "sundaypaper"
            typed = [sys.executable, "-m", "sundaypaper", "--now", f"{NOW:%Y-%m-%dT%H:%M:%SZ}", *words]  # fmt: skip
            environ = os.environ | {
                "HOME": str(tmp_path),
                "XDG_STATE_HOME": str(tmp_path / "state"),
            }
            done = subprocess.run(typed, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False)  # fmt: skip
            assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
    assert (root / "output" / "site" / "issues" / WEEK / "index.html").exists()


def test_a_block_that_is_not_run_says_why() -> None:
    """Of all recipes, those that stay until they are ended, and those that name an entry of yours."""
    reasons = {
        block.reason
        for name in RECIPES
        for block in blocks(DOCS / "recipes" / f"{name}.md")
        if block.language == "sh" and block.how
    }
    assert reasons == {"it stays until it is ended", "the entry is one of your issue's"}
