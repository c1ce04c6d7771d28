"""The commands of docs/getting-started.md run as they stand, from an empty folder to published pages."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from loopback import Answer, Loopback
from sundaypaper import config
from sundaypaper.config.writing import FeedsText

PAGE = Path(__file__).parents[1] / "docs" / "getting-started.md"


def commands() -> list[str]:
    """The lines of its blocks of commands, without the one that installs."""
    blocks = re.findall(r"^```sh\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.M | re.S)
    return [line for block in blocks for line in block.splitlines()]


def only_this_source(file: Path, url: str) -> None:
    """Lead a new paper's sources to one feed: a test asks nobody else."""
    count = len(config.load(file).sources)
    feeds = FeedsText(file.read_text(encoding="utf-8"))
    feeds.append("sources", {"kind": "feed", "name": "Here", "url": url, "group": "lab"})
    feeds.remove(*(("sources", number) for number in range(count)))
    feeds.set("network.allow_private", True)
    file.write_text(feeds.text, encoding="utf-8")


def rss() -> bytes:
    """A feed with a post a day of the last two weeks."""
    now = datetime.now(UTC)
    items = "".join(
        f"<item><title>A robot, part {day}</title><link>https://a.example/{day}</link>"
        f"<pubDate>{format_datetime(now - timedelta(days=day, hours=1))}</pubDate></item>"
        for day in range(14)
    )
    return f"<rss version='2.0'><channel><title>A</title>{items}</channel></rss>".encode()


def test_the_page_leads_from_nothing_to_published_pages(tmp_path: Path) -> None:
    """Each line is typed as it stands; only the sources are others, and init asks none of them."""
    lines = commands()
    assert [shlex.split(line)[0] for line in lines] == ["sundaypaper"] * 6
    with Loopback({"/feed": Answer(body=rss())}) as server:
        for line in lines:
            words = [sys.executable, "-m", *shlex.split(line)]
            begins = "init" in words
            if begins:
                words += ["--yes", "--no-check"]
            environ = os.environ | {"HOME": str(tmp_path)}
            done = subprocess.run(words, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False)  # fmt: skip
            assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
            if begins:
                only_this_source(tmp_path / "my-paper" / "feeds.yaml", server.url("/feed"))
    front = tmp_path / "web" / "index.html"
    assert not front.is_symlink()
    assert "Robots weekly" in front.read_text(encoding="utf-8")
    assert list((tmp_path / "my-paper" / "backups").glob("paper-*.zip"))
