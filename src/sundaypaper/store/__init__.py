"""paper.db: stores entries, issues and the run log as dataclasses, in SQLite, with one writer.

The journal is SQLite's rollback journal, not WAL: some versions of SQLite in use can lose commits
in WAL mode with two connections, and one writer gains nothing from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sundaypaper.store.base import UNREADABLE
from sundaypaper.store.entries import Entries
from sundaypaper.store.issues import Issues
from sundaypaper.store.recall import Recall, WeekVectors
from sundaypaper.store.rows import Count, Ledger, Run, columns_of_run, run_of
from sundaypaper.store.tables import ADDRESSES, migrations

__all__ = ["ADDRESSES", "Count", "Ledger", "Run", "Store", "WeekVectors", "migrations"]


class Store(Entries, Issues, Recall):
    """paper.db: entries, issues, what is looked back at, and the run log."""

    def fact(self, name: str) -> str:
        """What was settled once for this paper under a name; empty until then."""
        with self.guard():
            rows = list(self.db.query("select value from facts where name = ?", [name]))
        return rows[0]["value"] if rows else ""

    def settle(self, name: str, value: str) -> None:
        """Settle a fact of this paper."""
        with self.guard():
            self.db.table("facts").upsert({"name": name, "value": value}, pk="name")

    def log_run(self, run: Run) -> None:
        """Add a line to the run log."""
        with self.guard():
            self.db.table("runs").insert(columns_of_run(run), pk="id")

    def last_runs(self, count: int = 5) -> tuple[Run, ...]:
        """The newest runs, newest first."""
        with self.guard():
            rows = list(self.db.query("select * from runs order by id desc limit ?", [count]))
        return tuple(self._run(row) for row in rows)

    def began(self) -> datetime | None:
        """The time of the first run of this paper; None where there was none."""
        with self.guard():
            first = self.db.execute("select min(now) from runs").fetchone()[0]
        return datetime.fromisoformat(first) if first else None

    def _run(self, row: Mapping[str, Any]) -> Run:
        try:
            return run_of(row)
        except UNREADABLE as bad:
            raise self.unreadable(f"line {row['id']} of the run log", bad) from bad
