"""What a command may load before it starts: a budget of modules, since a time says nothing elsewhere."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

FEEDS = "sources: [{kind: arxiv}]\n"
SCRIPT = """
import gc, json, sys
from sundaypaper import cli
sys.argv = ["sundaypaper", *json.loads(sys.argv[1])]
try:
    cli.main()
except SystemExit:
    pass
print("\\n" + json.dumps(sorted({name.partition(".")[0] for name in sys.modules}
    | {name for name in sys.modules if name.startswith(("sundaypaper.", "rich.", "typer."))})))
print(sum(generation["collections"] for generation in gc.get_stats()))
"""
# Of the packages that pyproject.toml names, all but those that read feeds.yaml and paper.db.
HEAVY = frozenset(
    "apscheduler arxiv css_inline feedparser httpcore httpx icalendar jinja2 latex2mathml leather "
    "lxml markdown_it numpy PIL rcssmin tldextract w3lib".split()
)
READS_A_FILE = frozenset("lark pydantic pysqlite3 ruamel sqlite_utils".split())
BARS = frozenset({"rich.progress", "rich.live", "rich.table"})  # what a run shows while it waits
SENDS = frozenset({"ssl", "smtplib", "sundaypaper.delivery.channels.smtp"})


def ended(root: Path, *words: str) -> tuple[frozenset[str], int]:
    """The modules that a command has loaded when it ends, and how often it looked for garbage."""
    line = json.dumps(["--root", str(root), *words])
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, line], capture_output=True, text=True, check=True
    )
    modules, collections = done.stdout.splitlines()[-2:]
    return frozenset(json.loads(modules)), int(collections)


@pytest.mark.parametrize("words", [("--version",), ("--help",), ("run", "--week", "soon")])
def test_what_needs_no_paper_loads_none_of_it(tmp_path: Path, words: tuple[str, ...]) -> None:
    """The version, the help and wrong use read no file, so they load nothing that reads one."""
    modules, _ = ended(tmp_path, *words)
    # pydantic is what typer itself checks arguments with.
    assert sorted(modules & (HEAVY | READS_A_FILE) - {"pydantic"}) == []
    assert not {name for name in modules if name.startswith("sundaypaper.pipeline.")}


def test_a_look_at_the_status_loads_neither_network_nor_pages(tmp_path: Path) -> None:
    """It reads feeds.yaml and paper.db: no template, no feed, no model and no mail is needed."""
    (tmp_path / "feeds.yaml").write_text(FEEDS)
    modules, collections = ended(tmp_path, "status")
    assert modules >= READS_A_FILE
    assert sorted(modules & HEAVY) == []
    rooms = {name.split(".")[1] for name in modules if name.startswith("sundaypaper.")}
    assert sorted(modules & (BARS | SENDS)) == []
    assert collections < 60  # 160 with Python's own threshold, a twelfth of all the work
    # The forms of sources and delivery are read with feeds.yaml; what they do is not.
    assert not rooms & {"formats", "net", "search", "build", "gist", "links"}


def test_a_paper_without_an_address_loads_nothing_to_draw_with(tmp_path: Path) -> None:
    """A card is named by a whole address; without one none is drawn, though pages are made."""
    (tmp_path / "feeds.yaml").write_text(FEEDS)
    modules, _ = ended(tmp_path, "publish")
    assert "sundaypaper.formats.site.issues" in modules
    assert "PIL" not in modules
