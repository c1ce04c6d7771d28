"""Issues, published as a run publishes them: kept in a real store, rendered, swapped in."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from sundaypaper.config import Config, default_config
from sundaypaper.models import Amendment, Issue, Masthead
from sundaypaper.pipeline import publishing
from sundaypaper.store import Store

MASTHEAD = Masthead("Sunday Paper", version="0.1.0")


def publish(
    folder: Path,
    *issues: Issue,
    masthead: Masthead = MASTHEAD,
    templates: Path | None = None,
    amendments: tuple[Amendment, ...] = (),
    config: Config | None = None,
) -> Path:
    """Publish issues below a folder; returns the folder of the pages."""
    with Store(folder / "paper.db") as store:
        for issue in issues:
            store.keep_issue(issue)
        for amendment in amendments:
            store.amend(amendment)
        chosen = config or replace(default_config(), masthead=masthead)
        publishing.publish(chosen, store, folder / "output", templates)
    return folder / "output" / "site"


def texts(site: Path) -> dict[str, str]:
    """All files of a build, path to text."""
    files = (file for file in sorted(site.rglob("*")) if file.is_file())
    return {
        file.relative_to(site).as_posix(): file.read_bytes().decode(errors="replace")
        for file in files
    }


def pages(
    *issues: Issue, masthead: Masthead = MASTHEAD, amendments: tuple[Amendment, ...] = ()
) -> dict[str, str]:
    """The whole build of some issues, path to text."""
    with TemporaryDirectory() as folder:
        return texts(publish(Path(folder), *issues, masthead=masthead, amendments=amendments))


def dump(path: Path) -> list[str]:
    """All that a database holds, as SQL."""
    with sqlite3.connect(path) as db:
        lines = list(db.iterdump())
    db.close()
    return lines
