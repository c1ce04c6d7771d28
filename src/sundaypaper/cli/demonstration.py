"""`sundaypaper demo`: prints sample issues from the bundle that ships with the program.

It runs all the usual steps in a root of its own, `demo/` below the root that was named, and needs
no network.
"""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path

from sundaypaper import weeks
from sundaypaper.cli.calling import opened, this_command
from sundaypaper.cli.world import World
from sundaypaper.errors import BuildError, StoreError
from sundaypaper.locks import run_lock
from sundaypaper.pipeline.samples import sample_weeks

HEADER = "# The sample issues: "
FEEDS = f"""\
{HEADER}known works of the field, printed as if they had come out in three weeks.
# Made anew by each `sundaypaper demo`; your own paper's feeds.yaml lies one folder up.
title: Sunday Paper
sources:
  - {{kind: bundle, name: Landmarks, path: shelf, use: news}}
  - {{kind: bundle, name: The shelf, path: shelf, use: shelf}}
"""

OWN = (
    "feeds.yaml", "paper.db", "paper.db-journal", "arxiv.lock", "output",
    # What `serve` keeps of who tried it out: a lock of sending without its readers would be a loss.
    "readers.db", "readers.db-journal", "readers.db-wal", "readers.db-shm", "limits.db",
    "limits.db-journal", "limits.db-wal", "limits.db-shm", "send.lock", "notices.lock", "mails",
)  # fmt: skip


def run(here: World, run_week: Callable[[World, str | None], int]) -> None:
    """Print the sample issues and say what to try; BuildError where demo/ is not ours to use."""
    root = here.root / "demo"
    _refuse_foreign(root)
    weeks_of_sample, made = sample_weeks()
    # Each week takes the lock of a run; this one keeps a second demo out between them.
    with run_lock(root / "demo.lock"):
        with run_lock(root / "run.lock"):
            _begin_anew(root)
        for week in weeks_of_sample:
            noon = datetime.combine(weeks.sunday(week), time(12), UTC)
            then = replace(here, root=root, now=min(noon, made), rehearsal=True, sample=True)
            here.say(f"\n{week}")
            if run_week(then, week):
                raise StoreError(f"the sample issue {week} is not complete; please report it")
    _what_to_try(here, root)


def _refuse_foreign(root: Path) -> None:
    """Raise BuildError where the folder `demo` holds files that no demo made."""
    feeds = root / "feeds.yaml"
    try:
        ours = feeds.read_text(encoding="utf-8", errors="replace").startswith(HEADER)
    except OSError:
        ours = False
    if not ours and root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise BuildError(
            f"{root}: holds files that no demo made; move them, or name another --root"
        )


def _begin_anew(root: Path) -> None:
    """Remove the files that an earlier demo made, and no others."""
    try:
        for name in OWN:
            path = root / name
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        (root / "feeds.yaml").write_text(FEEDS, encoding="utf-8")
    except OSError as bad:
        raise BuildError(f"{bad.filename or root}: {bad.strerror or bad}") from bad


def _what_to_try(here: World, root: Path) -> None:
    program = this_command()
    command = f"{program} --root {shlex.quote(str(root))}"
    here.say(
        f"\nThree sample issues are printed. Try:\n"
        f"  {opened(root / 'output' / 'site' / 'index.html')}\n"
        f"  {command} serve --show-mails  # at an address, with what readers do there\n"
        f"  {command} explain arxiv:1706.03762\n"
        f"  {command} topics try 'attention OR transformer*'\n"
        f"  {program} init my-paper  # a paper of your own",
    )
