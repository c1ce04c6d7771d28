"""paper.db: the only SQL of the program. Dataclasses in and out; one writer; SQLite on disk.

The journal is SQLite's rollback journal, not WAL: some versions of SQLite in use can lose commits
in WAL mode with two connections, and one writer gains nothing from it.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from sqlite_utils import Database

from sundaypaper.codec import from_json, to_json
from sundaypaper.errors import StoreError
from sundaypaper.models import Entry, Issue, IssueHead, Place, PollState, SourceReport, Wording
from sundaypaper.store.rows import Run, columns_of, columns_of_wording, head_of, run_of, wording_of
from sundaypaper.store.tables import migrations

__all__ = ["Run", "Store", "migrations"]

CHUNK = 500
DAMAGED = "the file is damaged or not a database; restore it from a backup, or move it away"
T = TypeVar("T")


class Store:
    """One connection to paper.db, migrated; StoreError tells what is wrong with the file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._guard():
            path.parent.mkdir(parents=True, exist_ok=True)
            self.db = Database(sqlite3.connect(path, isolation_level=None, timeout=10))
            try:
                self._refuse_damaged()
                self._refuse_newer()
                migrations.apply(self.db)
            except BaseException:
                self.db.close()
                raise

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.db.close()

    @contextmanager
    def _guard(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as bad:
            raise StoreError(f"{self.path}: {bad}; {_cure(bad)}") from bad
        except OSError as bad:
            raise StoreError(f"{self.path}: {bad.strerror or bad}") from bad

    def _refuse_damaged(self) -> None:
        told = self.db.execute("pragma quick_check(1)").fetchone()[0]
        if told != "ok":
            raise sqlite3.DatabaseError(told.replace("\n", " "))

    def _refuse_newer(self) -> None:
        known = {m.name for m in migrations.pending(Database(memory=True))}
        applied = {m.name for m in migrations.applied(self.db)}
        if newer := applied - known:
            raise StoreError(
                f"{self.path}: written by a newer version of sundaypaper "
                f"({', '.join(sorted(newer))}); upgrade the program"
            )

    def _read(self, kind: type[T], document: str | bytes) -> T:
        """A document back to what it was; bytes are compressed. StoreError where it is damaged."""
        try:
            raw = zlib.decompress(document) if isinstance(document, bytes) else document
            return from_json(kind, raw)
        except (ValueError, zlib.error) as bad:
            raise StoreError(f"{self.path}: a row of {kind.__name__} is unreadable; {DAMAGED}") from bad  # fmt: skip

    def _place(self, row: Mapping[str, Any]) -> Place:
        entry = self._read(Entry, row["doc"])
        try:
            first_seen = datetime.fromisoformat(row["first_seen"])
        except ValueError as bad:
            raise StoreError(
                f"{self.path}: the row of {entry.id} is unreadable; {DAMAGED}"
            ) from bad
        return Place(entry, row["week"], row["late"], row["touched"], first_seen)

    # ------------------------------------------------------------ entries

    def known(self, ids: Iterable[str]) -> dict[str, Place]:
        """The rows of those ids that are kept."""
        found: dict[str, Place] = {}
        with self._guard():
            for chunk in _chunks(sorted(set(ids))):
                marks = ",".join("?" * len(chunk))
                query = f"select * from entries where id in ({marks})"  # noqa: S608 only marks
                found |= {row["id"]: self._place(row) for row in self.db.query(query, chunk)}
        return found

    def named(self, names: Iterable[str]) -> dict[str, str]:
        """The ids of the entries that are kept under those names: their ids or other names."""
        found: dict[str, str] = {}
        with self._guard():
            for chunk in _chunks(sorted(set(names))):
                marks = ",".join(f"?{n}" for n in range(1, len(chunk) + 1))
                query = (
                    f"select id as name, id as entry from entries where id in ({marks}) "  # noqa: S608 only marks
                    f"union all select name, entry from names where name in ({marks})"
                )
                found |= {row["name"]: row["entry"] for row in self.db.query(query, chunk)}
        return found

    def brought(self, source: str) -> list[int]:
        """How many entries came with each fetch of a source; of the first only what was news."""
        query = (
            "select count(*) as n, sum(week != '') as news from entries where source = ? "
            "group by first_seen order by first_seen"
        )
        with self._guard():
            rows = list(self.db.query(query, [source]))
        return [row["n"] if at else row["news"] for at, row in enumerate(rows)]

    def save(
        self,
        places: Sequence[Place],
        wordings: Sequence[tuple[str, Wording]],
        polls: Sequence[PollState],
        names: Mapping[str, str] | None = None,
    ) -> int:
        """Keep one source's places, wordings (by entry id) and poll states in one transaction.

        names gives ids by their other names; one that is kept already stays as it is.

        Returns how many rows were written.
        """
        changed = 0
        with self._guard(), self.db.atomic():
            documents = [columns_of(at) for at in places]
            if documents:
                self.db.table("entries").upsert_all(documents, pk="id", batch_size=CHUNK)
            changed += len(documents)
            changed += self._add_wordings(wordings)
            if names:
                self.db.conn.executemany("insert or ignore into names values (?, ?)", names.items())
                changed += len(names)
            for poll in polls:
                changed += self._save_poll(poll)
        return changed

    def _add_wordings(self, wordings: Sequence[tuple[str, Wording]]) -> int:
        """Number each entry's new wordings on from those that are kept."""
        numbers: dict[str, int] = {}
        for chunk in _chunks(sorted({id for id, _ in wordings})):
            marks = ",".join("?" * len(chunk))
            query = (
                f"select entry, count(*) as n from wordings where entry in ({marks}) group by entry"  # noqa: S608 only marks
            )
            numbers |= {row["entry"]: row["n"] for row in self.db.query(query, chunk)}
        rows = []
        for id, wording in wordings:
            number = numbers.get(id, 0)
            numbers[id] = number + 1
            rows.append(columns_of_wording(id, number, wording))
        if rows:
            self.db.table("wordings").insert_all(rows, batch_size=CHUNK)
        return len(rows)

    def _save_poll(self, poll: PollState) -> int:
        document = to_json(poll).decode()
        rows = list(self.db.query("select doc from polls where source = ?", [poll.source]))
        if rows and rows[0]["doc"] == document:
            return 0
        self.db.table("polls").upsert({"source": poll.source, "doc": document}, pk="source")
        return 1

    def poll(self, source: str) -> PollState:
        """What a source remembers; a blank state where it is new."""
        with self._guard():
            rows = list(self.db.query("select doc from polls where source = ?", [source]))
        return self._read(PollState, rows[0]["doc"]) if rows else PollState(source)

    def of_week(self, week: str) -> tuple[Place, ...]:
        """All of a week's issue: its own entries, late ones, papers updated or reworded in it."""
        query = (
            "select * from entries where week = :w union select * from entries where late = :w "
            "union select * from entries where touched = :w and kind = 'paper' "
            "union select * from entries where id in "
            "(select entry from wordings where week = :w and number > 0) order by id"
        )
        with self._guard():
            return tuple(self._place(row) for row in self.db.query(query, {"w": week}))

    def backlog(self) -> int:
        """How many entries are kept that no issue will print."""
        with self._guard():
            return int(
                self.db.execute("select count(*) from entries where week = ''").fetchone()[0]
            )

    def events(self, start: datetime, end: datetime) -> tuple[Place, ...]:
        """Events that start between the two moments, soonest first."""
        query = "select * from entries where starts >= ? and starts < ? order by starts, id"
        with self._guard():
            rows = self.db.query(query, [start.isoformat(), end.isoformat()])
            return tuple(self._place(row) for row in rows)

    def wordings(self, ids: Iterable[str]) -> dict[str, tuple[Wording, ...]]:
        """All wordings of those entries, oldest first."""
        found: dict[str, list[Wording]] = {}
        with self._guard():
            for chunk in _chunks(sorted(set(ids))):
                marks = ",".join("?" * len(chunk))
                query = f"select * from wordings where entry in ({marks}) order by entry, number"  # noqa: S608 only marks
                for row in self.db.query(query, chunk):
                    found.setdefault(row["entry"], []).append(wording_of(row))
        return {id: tuple(rows) for id, rows in found.items()}

    def keep_reports(self, week: str, reports: Sequence[SourceReport]) -> None:
        """Keep what each source last told of that week; an answer of nothing new keeps what it had.

        A week that is printed keeps its reports as they were.
        """
        if any(head.week == week and head.state == "frozen" for head in self.heads()):
            return
        kept = self.reports(week)
        with self._guard(), self.db.atomic():
            for report in reports:
                old = kept.get(report.source)
                if old == report or (old is not None and _says_less(report, old)):
                    continue
                row = {"week": week, "source": report.source, "doc": to_json(report).decode()}
                self.db.table("reports").upsert(row, pk=("week", "source"))

    def reports(self, week: str) -> dict[str, SourceReport]:
        """What each source last told of that week."""
        with self._guard():
            rows = self.db.query("select source, doc from reports where week = ?", [week])
            return {row["source"]: self._read(SourceReport, row["doc"]) for row in rows}

    # ------------------------------------------------------------ issues

    def keep_issue(self, issue: Issue) -> bool:
        """Keep a draft or freeze an issue; False where nothing changed. A frozen one never changes."""
        document = zlib.compress(to_json(issue), 6)
        with self._guard(), self.db.atomic():
            rows = list(self.db.query("select state, doc from issues where week = ?", [issue.week]))
            if rows and rows[0]["state"] == "frozen":
                raise StoreError(f"{issue.week} is printed; a printed issue does not change")
            if rows and rows[0]["doc"] == document:
                return False
            self.db.table("issues").upsert(
                {
                    "week": issue.week,
                    "state": issue.state,
                    "head": to_json(head_of(issue)).decode(),
                    "digest": sha256(document).hexdigest(),
                    "doc": document,
                },
                pk="week",
            )
            self.db.table("printed").delete_where("week = ?", [issue.week])
            self.db.table("printed").insert_all(
                {"week": issue.week, "entry": item.id, "section": section.id}
                for section in issue.sections
                for item in section.items
            )
        return True

    def issue(self, week: str) -> Issue | None:
        """A week's issue as it was composed."""
        with self._guard():
            rows = list(self.db.query("select doc from issues where week = ?", [week]))
        return self._read(Issue, rows[0]["doc"]) if rows else None

    def heads(self) -> tuple[IssueHead, ...]:
        """All issues as the archive lists them, newest first."""
        with self._guard():
            rows = list(self.db.query("select head from issues order by week desc"))
        return tuple(self._read(IssueHead, row["head"]) for row in rows)

    def digests(self) -> dict[str, str]:
        """What each issue's content hashes to, by week, newest first."""
        with self._guard():
            rows = self.db.query("select week, digest from issues order by week desc")
            return {row["week"]: row["digest"] for row in rows}

    def printed_in(self, ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """The weeks in whose frozen issues each entry was printed, oldest first."""
        found: dict[str, list[str]] = {}
        with self._guard():
            for chunk in _chunks(sorted(set(ids))):
                marks = ",".join("?" * len(chunk))
                query = (
                    "select distinct p.entry, p.week from printed p join issues i on i.week = p.week "  # noqa: S608 only marks
                    f"where i.state = 'frozen' and p.entry in ({marks}) order by p.week"
                )
                for row in self.db.query(query, chunk):
                    found.setdefault(row["entry"], []).append(row["week"])
        return {id: tuple(weeks) for id, weeks in found.items()}

    def papers_printed(self, since: str) -> tuple[str, ...]:
        """The arXiv papers that frozen issues printed since a week, newest issue first."""
        query = (
            "select p.entry, max(p.week) as week from printed p join issues i on i.week = p.week "
            "where i.state = 'frozen' and p.week >= ? and p.entry like 'arxiv:%' "
            "group by p.entry order by week desc, p.entry"
        )
        with self._guard():
            return tuple(row["entry"] for row in self.db.query(query, [since]))

    def shelved(self) -> frozenset[str]:
        """The landmarks that frozen issues have shown."""
        query = (
            "select distinct p.entry from printed p join issues i on i.week = p.week "
            "where i.state = 'frozen' and p.section = 'shelf'"
        )
        with self._guard():
            return frozenset(row["entry"] for row in self.db.query(query))

    # ------------------------------------------------------------ run log

    def log_run(self, run: Run) -> None:
        """Add a line to the run log."""
        with self._guard():
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
        with self._guard():
            rows = list(self.db.query("select * from runs order by id desc limit ?", [count]))
        return tuple(run_of(row) for row in rows)


def _says_less(report: SourceReport, old: SourceReport) -> bool:
    """Whether a report says less of the week than the one before; an answer ends a failure."""
    if report.state == "not due":
        return True
    return report.state == "unchanged" and old.state not in ("failed", "incomplete", "waiting")


def _chunks(ids: list[str]) -> Iterator[list[str]]:
    for at in range(0, len(ids), CHUNK):
        yield ids[at : at + CHUNK]


def _cure(bad: sqlite3.DatabaseError) -> str:
    if isinstance(bad, sqlite3.OperationalError):
        return "is the disk full, the folder read-only, or another program holding the file?"
    return DAMAGED
