"""Tables of what sources sent: entries with their weeks, wordings, poll states and reports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from sundaypaper import ledger
from sundaypaper.models import Place, PollState, SourceReport, Votes, Wording
from sundaypaper.store.base import CHUNK, chunks
from sundaypaper.store.packs import Packs
from sundaypaper.store.rows import Ledger, columns_of, columns_of_wording, votes_of, wording_of
from sundaypaper.store.upcast import written


class Entries(Packs):
    """Reads and writes entries, wordings, poll states and source reports."""

    def known(self, ids: Iterable[str]) -> dict[str, Place]:
        """The stored places of those ids, by id."""
        places: dict[str, Place] = {}
        with self.guard():
            for chunk in chunks(sorted(set(ids))):
                marks = ",".join("?" * len(chunk))
                query = f"select * from entries where id in ({marks})"  # noqa: S608 only marks
                places |= {row["id"]: self._place(row) for row in self.db.query(query, chunk)}
        return places

    def stamps(self, ids: Iterable[str]) -> tuple[tuple[str, str, int], ...]:
        """Id, touched week and length of what is kept of those ids, which change as an entry does."""
        rows: list[tuple[str, str, int]] = []
        with self.guard():
            for chunk in chunks(sorted(set(ids))):
                marks = ",".join("?" * len(chunk))
                query = f"select id, touched, length(doc) as n from entries where id in ({marks})"  # noqa: S608 only marks
                rows += [(r["id"], r["touched"], r["n"]) for r in self.db.query(query, chunk)]
        return tuple(sorted(rows))

    def named(self, names: Iterable[str]) -> dict[str, str]:
        """Ids of stored entries by name, a name being their id or another name."""
        ids: dict[str, str] = {}
        with self.guard():
            for chunk in chunks(sorted(set(names))):
                marks = ",".join(f"?{n}" for n in range(1, len(chunk) + 1))
                query = (
                    f"select id as name, id as entry from entries where id in ({marks}) "  # noqa: S608 only marks
                    f"union all select name, entry from names where name in ({marks})"
                )
                ids |= {row["name"]: row["entry"] for row in self.db.query(query, chunk)}
        return ids

    def brought(self, source: str) -> list[int]:
        """The number of entries from each fetch of a source; of the first fetch only the news."""
        query = (
            "select count(*) as n, sum(week != '') as news from entries where source = ? "
            "group by first_seen order by first_seen"
        )
        with self.guard():
            rows = list(self.db.query(query, [source]))
        return [row["n"] if at else row["news"] for at, row in enumerate(rows)]

    @contextmanager
    def together(self) -> Iterator[None]:
        """Keep all that is saved inside, or nothing of it, in one transaction."""
        with self.guard(), self.db.atomic():
            yield

    def save(
        self,
        places: Sequence[Place],
        wordings: Sequence[tuple[str, Wording]],
        polls: Sequence[PollState],
        names: Mapping[str, str] | None = None,
        votes: Mapping[str, tuple[Votes, ...]] | None = None,
        ledgers: Mapping[str, Ledger] | None = None,
    ) -> int:
        """Keep one source's places, wordings (by entry id) and poll states in one transaction.

        names gives ids by their other names; one that is kept already stays as it is. votes, by
        entry id, replace what their source said of that entry before. ledgers, by week, are told
        with the poll state: a source that is not due again has its line there.

        Returns how many rows were written.
        """
        changed = 0
        with self.guard(), self.db.atomic():
            documents = [columns_of(at) for at in places]
            if documents:
                self.db.table("entries").upsert_all(documents, pk="id", batch_size=CHUNK)
            changed += len(documents)
            changed += self._add_wordings(wordings)
            if names:
                self.db.conn.executemany(
                    "insert or ignore into names (name, entry) values (?, ?)", names.items()
                )
                changed += len(names)
            if votes:
                changed += self._add_votes(votes)
            for poll in polls:
                changed += self._save_poll(poll)
            for week, told in (ledgers or {}).items():
                changed += self._tell(week, told)
        return changed

    def _add_votes(self, votes: Mapping[str, tuple[Votes, ...]]) -> int:
        rows = [
            {"entry": id, "source": of.source, "count": of.count, "asked": of.asked.isoformat()}
            for id, said in votes.items()
            for of in said
        ]
        self.db.table("votes").upsert_all(rows, pk=("entry", "source"), batch_size=CHUNK)
        return len(rows)

    def votes(self, ids: Iterable[str]) -> dict[str, tuple[Votes, ...]]:
        """The votes for those entries as they were last heard, by id."""
        by_entry: dict[str, list[Votes]] = {}
        with self.guard():
            for chunk in chunks(sorted(set(ids))):
                marks = ",".join("?" * len(chunk))
                query = f"select * from votes where entry in ({marks}) order by entry, source"  # noqa: S608 only marks
                for row in self.db.query(query, chunk):
                    by_entry.setdefault(row["entry"], []).append(votes_of(row))
        return {id: tuple(said) for id, said in by_entry.items()}

    def _add_wordings(self, wordings: Sequence[tuple[str, Wording]]) -> int:
        """Number each entry's new wordings on from those that are kept."""
        numbers: dict[str, int] = {}
        for chunk in chunks(sorted({id for id, _ in wordings})):
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
        document = written(poll).decode()
        rows = list(self.db.query("select doc from polls where source = ?", [poll.source]))
        if rows and rows[0]["doc"] == document:
            return 0
        self.db.table("polls").upsert({"source": poll.source, "doc": document}, pk="source")
        return 1

    def poll(self, source: str) -> PollState:
        """The poll state of a source; a blank state where it is new."""
        with self.guard():
            rows = list(self.db.query("select doc from polls where source = ?", [source]))
        if not rows:
            return PollState(source)
        return self.read(PollState, rows[0]["doc"], f"the poll state of {source}")

    def of_week(self, week: str) -> tuple[Place, ...]:
        """All entries for a week's issue: its own, late ones, papers updated or reworded in it."""
        query = (
            "select * from entries where week = :w union select * from entries where late = :w "
            "union select * from entries where touched = :w and kind = 'paper' "
            "union select * from entries where id in "
            "(select entry from wordings where week = :w and number > 0) order by id"
        )
        with self.guard():
            return tuple(self._place(row) for row in self.db.query(query, {"w": week}))

    def backlog(self) -> int:
        """The number of stored entries that belong to no week, so that no issue prints them."""
        with self.guard():
            return int(
                self.db.execute("select count(*) from entries where week = ''").fetchone()[0]
            )

    def events(self, start: datetime, end: datetime) -> tuple[Place, ...]:
        """Events that start between the two moments, soonest first."""
        query = "select * from entries where starts >= ? and starts < ? order by starts, id"
        with self.guard():
            rows = self.db.query(query, [start.isoformat(), end.isoformat()])
            return tuple(self._place(row) for row in rows)

    def wordings(self, ids: Iterable[str]) -> dict[str, tuple[Wording, ...]]:
        """All wordings of those entries, oldest first."""
        by_entry: dict[str, list[Wording]] = {}
        with self.guard():
            for chunk in chunks(sorted(set(ids))):
                marks = ",".join("?" * len(chunk))
                query = f"select * from wordings where entry in ({marks}) order by entry, number"  # noqa: S608 only marks
                for row in self.db.query(query, chunk):
                    by_entry.setdefault(row["entry"], []).append(wording_of(row))
        return {id: tuple(rows) for id, rows in by_entry.items()}

    def said_since(self, week: str) -> dict[str, tuple[str, Wording]]:
        """The week and the newest wording of every arXiv paper that stands in a week since then."""
        query = (
            "select e.id, e.week as stands, w.* from entries e join wordings w on w.entry = e.id "
            "where e.week >= ? and e.kind = 'paper' and e.id like 'arxiv:%' and w.number = "
            "(select max(number) from wordings where entry = e.id) order by e.id"
        )
        with self.guard():
            rows = self.db.query(query, [week])
            return {row["id"]: (row["stands"], wording_of(row)) for row in rows}

    def keep_reports(self, week: str, reports: Sequence[SourceReport]) -> None:
        """Tell sources' reports to the ledger of a week; see ledger.merged.

        A week that is printed keeps its reports as they were.
        """
        with self.guard(), self.db.atomic():
            self._tell(week, Ledger(reports))

    def _tell(self, week: str, told: Ledger) -> int:
        if list(self.db.query("select 1 from issues where week = ? and state = 'frozen'", [week])):
            return 0
        kept = self.reports(week)
        lines = [ledger.merged(kept.get(report.source), report) for report in told.reports]
        rows = [
            {"week": week, "source": line.source, "doc": written(line).decode()}
            for line in (*lines, *told.recorded)
            if line != kept.get(line.source)
        ]
        self.db.table("reports").upsert_all(rows, pk=("week", "source"))
        return len(rows)

    def reports(self, week: str) -> dict[str, SourceReport]:
        """Each source's line in the ledger of that week, by source."""
        with self.guard():
            rows = self.db.query(
                "select source, doc from reports where week = ? order by source", [week]
            )
            return {row["source"]: self._report(week, row["source"], row["doc"]) for row in rows}

    def reported_sources(self) -> tuple[str, ...]:
        """The sources that any week's ledger names."""
        with self.guard():
            rows = self.db.query("select distinct source from reports order by source")
            return tuple(row["source"] for row in rows)

    def _report(self, week: str, source: str, document: str) -> SourceReport:
        return self.read(SourceReport, document, f"the report of {source} for {week}")
