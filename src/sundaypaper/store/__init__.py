"""paper.db: the only SQL of the program. Dataclasses in and out; one writer; SQLite on disk.

The journal is SQLite's rollback journal, not WAL: some versions of SQLite in use can lose commits
in WAL mode with two connections, and one writer gains nothing from it.
"""

from __future__ import annotations

import json

from sundaypaper.store.entries import Entries
from sundaypaper.store.issues import Issues
from sundaypaper.store.rows import Count, Run, run_of
from sundaypaper.store.tables import migrations

__all__ = ["Count", "Run", "Store", "migrations"]


class Store(Entries, Issues):
    """paper.db: entries, issues and the run log."""

    def log_run(self, run: Run) -> None:
        """Add a line to the run log."""
        with self.guard():
            self.db.table("runs").insert(
                {
                    "started": run.started.isoformat(),
                    "now": run.now.isoformat(),
                    "week": run.week,
                    "status": run.status,
                    "seconds": round(run.seconds, 3),
                    "doc": json.dumps(run.detail, sort_keys=True),
                },
                pk="id",
            )

    def last_runs(self, count: int = 5) -> tuple[Run, ...]:
        """The newest runs, newest first."""
        with self.guard():
            rows = list(self.db.query("select * from runs order by id desc limit ?", [count]))
        return tuple(run_of(row) for row in rows)
