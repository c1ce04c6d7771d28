"""Tables of issues: the entries printed in them, accepted claims, counts and amendments."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from typing import Any

from sundaypaper.errors import StoreError
from sundaypaper.models import Amendment, Claimed, Issue, IssueHead, Picked, TopicEntry
from sundaypaper.query import TOPIC_LINES
from sundaypaper.store.base import chunks
from sundaypaper.store.packs import Packs
from sundaypaper.store.recall import KEPT
from sundaypaper.store.recall import TABLES as RECALLED
from sundaypaper.store.rows import (
    MAIN,
    Count,
    claimed_rows,
    counts_of,
    head_of,
    picked_of,
    topic_rows,
)
from sundaypaper.store.upcast import written

# Pages of topics list the newest entries, so those of old issues need not be kept. A few weeks more
# than are looked at, and three times the lines, since drafts and entries may go again.
TOPIC_WEEKS_KEPT = 16
TOPIC_LINES_KEPT = 3 * TOPIC_LINES


class Issues(Packs):
    """Reads and writes issues, what they printed, and amendments."""

    def keep_issue(self, issue: Issue) -> bool:
        """Keep a draft or freeze an issue; False where nothing changed. A frozen one never changes."""
        document = zlib.compress(written(issue), 6)
        with self.guard(), self.db.atomic():
            rows = list(self.db.query("select state, doc from issues where week = ?", [issue.week]))
            if rows and rows[0]["state"] == "frozen":
                raise StoreError(f"{issue.week} is printed; a printed issue does not change")
            if rows and rows[0]["doc"] == document:
                return False
            self.db.table("issues").upsert(
                {
                    "week": issue.week,
                    "state": issue.state,
                    "head": written(head_of(issue)).decode(),
                    "digest": sha256(document).hexdigest(),
                    "doc": document,
                    "picked": picked_of(issue),
                },
                pk="week",
            )
            self.db.table("printed").delete_where("week = ?", [issue.week])
            self.db.table("claimed").delete_where("week = ?", [issue.week])
            self.db.table("claimed").insert_all(claimed_rows(issue))
            self._keep_topic_entries(issue)
            if issue.state == "frozen":
                counts = counts_of(issue, self._counted_elsewhere(issue.week))
                self.db.table("counts").insert_all(asdict(count) for count in counts)
            self.db.table("printed").insert_all(
                {"week": issue.week, "entry": item.id, "section": section.id}
                for section in issue.sections
                for item in section.items
            )
        return True

    def _keep_topic_entries(self, issue: Issue) -> None:
        self.db.table("topic_entries").delete_where("week = ?", [issue.week])
        self.db.table("topic_entries").insert_all(topic_rows(issue))
        newest = "select week from issues order by week desc limit ?"
        self.db.table("topic_entries").delete_where(f"week not in ({newest})", [TOPIC_WEEKS_KEPT])
        enough = (
            "select topic, week from (select topic, week, sum(count(*)) over (partition by topic "
            "order by week desc rows between unbounded preceding and 1 preceding) as newer "
            "from topic_entries group by topic, week) where newer >= ?"
        )
        self.db.table("topic_entries").delete_where(
            f"(topic, week) in ({enough})", [TOPIC_LINES_KEPT]
        )

    def drop_drafts(self, later_than: str) -> tuple[str, ...]:
        """Drop the drafts of weeks after that one; which weeks they were, the oldest first."""
        query = "select week from issues where week > ? and state != 'frozen' order by week"
        with self.guard(), self.db.atomic():
            dropped = tuple(row["week"] for row in self.db.query(query, [later_than]))
            for table in (
                ("issues", "printed", "claimed", "topic_entries", *RECALLED) if dropped else ()
            ):
                marks = ",".join("?" * len(dropped))
                self.db.table(table).delete_where(f"week in ({marks})", dropped)
        return dropped

    def issue(self, week: str) -> Issue | None:
        """A week's issue as it was composed."""
        with self.guard():
            rows = list(self.db.query("select doc from issues where week = ?", [week]))
            if not rows:
                return None
            document = self.packed(f"the issue {week}", self._issue_document, week, rows[0]["doc"])
        return self.read(Issue, document, f"the issue {week}")

    def heads(self) -> tuple[IssueHead, ...]:
        """All issues as the archive lists them, newest first."""
        with self.guard():
            rows = list(self.db.query("select week, head from issues order by week desc"))
        return tuple(self.read(IssueHead, row["head"], f"the issue {row['week']}") for row in rows)

    def issue_hashes(self) -> dict[str, str]:
        """The hash of each issue's content, by week, newest first."""
        with self.guard():
            rows = self.db.query("select week, digest from issues order by week desc")
            return {row["week"]: row["digest"] for row in rows}

    def printed_in(self, ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """The weeks in whose frozen issues each entry was printed, oldest first."""
        by_entry: dict[str, list[str]] = {}
        with self.guard():
            for chunk in chunks(sorted(set(ids))):
                marks = ",".join("?" * len(chunk))
                query = (
                    "select distinct p.entry, p.week from printed p join issues i on i.week = p.week "  # noqa: S608 only marks
                    f"where i.state = 'frozen' and p.entry in ({marks}) order by p.week"
                )
                for row in self.db.query(query, chunk):
                    by_entry.setdefault(row["entry"], []).append(row["week"])
        return {id: tuple(weeks) for id, weeks in by_entry.items()}

    def papers_printed(self, since: str) -> tuple[str, ...]:
        """The arXiv papers that frozen issues printed since a week, newest issue first."""
        query = (
            "select p.entry, max(p.week) as week from printed p join issues i on i.week = p.week "
            "where i.state = 'frozen' and p.week >= ? and p.entry like 'arxiv:%' "
            "group by p.entry order by week desc, p.entry"
        )
        with self.guard():
            return tuple(row["entry"] for row in self.db.query(query, [since]))

    def shelved(self) -> dict[str, str]:
        """The landmarks that frozen issues have shown, by id, with the first week that did."""
        query = (
            "select p.entry, min(p.week) as week from printed p join issues i on i.week = p.week "
            "where i.state = 'frozen' and p.section = 'shelf' group by p.entry"
        )
        with self.guard():
            return {row["entry"]: row["week"] for row in self.db.query(query)}

    # ------------------------------------------------------------ what pages need of many issues

    def picked(self, weeks: Iterable[str]) -> dict[str, Picked]:
        """The picks that the issues of those weeks printed, without entries that they only list."""
        chosen = sorted(set(weeks))
        marks = ",".join("?" * len(chosen))
        with self.guard():
            query = f"select week, picked from issues where week in ({marks}) order by week desc"  # noqa: S608 only marks
            return {
                row["week"]: self.read(Picked, row["picked"], f"the issue {row['week']}")
                for row in self.db.query(query, chosen)
            }

    def printed_by_week(self) -> dict[str, frozenset[str]]:
        """The ids of entries that each issue printed, dates left out, by week, newest first."""
        by_week: dict[str, set[str]] = {}
        with self.guard():
            for row in self.db.query(
                "select distinct week, entry from printed where section != 'dates' order by week desc"
            ):
                by_week.setdefault(row["week"], set()).add(row["entry"])
        return {week: frozenset(ids) for week, ids in by_week.items()}

    def topic_entries(self, topic: str, since: str, most: int) -> tuple[TopicEntry, ...]:
        """New entries of a topic in issues since a week, each once; up to most.

        Newest week first, within a week the highest score first.
        """
        query = (
            "select entry, doc, score, max(week) as newest from topic_entries "  # noqa: S608 constants
            "where topic = ? and week >= ? "
            f"and {KEPT} "
            "group by entry order by newest desc, score desc, entry limit ?"
        )
        with self.guard():
            rows = self.db.query(query, [topic, since, most])
            return tuple(
                self.read(TopicEntry, row["doc"], f"the line of {row['entry']}") for row in rows
            )

    def claimed(self, venue: str, year: int, most: int) -> tuple[Claimed, ...]:
        """Entries that claim acceptance at a venue and year, each once, newest first; up to most."""
        query = (
            "select venue, year, entry, doc, week, max(week) as newest from claimed "  # noqa: S608 constants
            f"where venue = ? and year = ? and {KEPT} "
            "group by entry order by newest desc, entry limit ?"
        )
        with self.guard():
            rows = self.db.query(query, [venue, year, most])
            return tuple(self._claimed(row) for row in rows)

    def _claimed(self, row: Mapping[str, Any]) -> Claimed:
        name = f"the claim of {row['entry']}"
        return self.read(Claimed, self.packed(name, self._claim_document, row), name)

    def claimed_by_week(self, venue: str, year: int) -> dict[str, int]:
        """Counts of those entries by the newest week that holds each, newest week first."""
        query = (
            "select newest, count(*) as n from (select max(week) as newest from claimed "  # noqa: S608 constants
            "where venue = ? and year = ? "
            f"and {KEPT} "
            "group by entry) group by newest order by newest desc"
        )
        with self.guard():
            return {row["newest"]: row["n"] for row in self.db.query(query, [venue, year])}

    def venue_years(self) -> dict[tuple[str, int], tuple[int, tuple[str, ...]]]:
        """The number of entries that claim acceptance at each venue and year, and their weeks."""
        query = (
            "select venue, year, count(distinct entry) as n, group_concat(distinct week) as weeks "  # noqa: S608 constants
            f"from claimed where {KEPT} "
            "group by venue, year order by venue, year desc"
        )
        with self.guard():
            rows = list(self.db.query(query))
        return {
            (row["venue"], row["year"]): (row["n"], tuple(sorted(row["weeks"].split(","))))
            for row in rows
        }

    # ------------------------------------------------------------ counts of weeks

    def counts(self, weeks: Iterable[str], venues: Iterable[str] = ()) -> tuple[Count, ...]:
        """Counts of printed weeks, for every topic and for those venues.

        Oldest week first.
        """
        chosen, named = sorted(set(weeks)), sorted(set(venues))
        query = (
            f"select * from counts where week in ({','.join('?' * len(chosen))}) "  # noqa: S608 only marks
            f"and (kind != 'venue' or key in ({','.join('?' * len(named))})) "
            "order by week, kind, key"
        )
        with self.guard():
            return tuple(Count(**row) for row in self.db.query(query, [*chosen, *named]))

    def _counted_elsewhere(self, week: str) -> frozenset[tuple[str, str]]:
        """Venue and paper of those claims of a week that another printed issue holds too."""
        query = (
            "select e.venue, e.year, e.week, e.entry, e.doc from claimed c join claimed e on e.venue = c.venue "
            "and e.year = c.year and e.entry = c.entry and e.week != c.week "
            "join issues i on i.week = e.week where c.week = ? and i.state = 'frozen'"
        )
        # The track is read here, not in SQL, which knows nothing of formats.
        rows = self.db.query(query, [week])
        return frozenset(
            (row["venue"], row["entry"]) for row in rows if self._claimed(row).claim.track in MAIN
        )

    # ------------------------------------------------------------ amendments

    def amend(self, amendment: Amendment) -> None:
        """Store an amendment; one of its kind that held until then is replaced by it."""
        with self.guard(), self.db.atomic():
            self._end(amendment.id, amendment.kind, amendment.made)
            self.db.table("amendments").insert(
                {
                    "entry": amendment.id,
                    "made": amendment.made.isoformat(),
                    "kind": amendment.kind,
                    "text": amendment.text,
                    "until": "",
                    "old": amendment.old,
                }
            )

    def take_back(self, amendment: Amendment, now: datetime) -> None:
        """Let an amendment hold no longer; it stays on record."""
        with self.guard(), self.db.atomic():
            self._end(amendment.id, amendment.kind, now)

    def _end(self, id: str, kind: str, now: datetime) -> None:
        ended = "update amendments set until = ? where entry = ? and kind = ? and until = ''"
        self.db.execute(ended, [now.isoformat(), id, kind])

    def amendments(self) -> dict[str, tuple[Amendment, ...]]:
        """All amendments by entry, or by week, oldest first; those too that hold no longer."""
        by_id: dict[str, tuple[Amendment, ...]] = {}
        with self.guard():
            for row in self.db.query("select * from amendments order by made, id"):
                amendment = Amendment(
                    row["entry"],
                    datetime.fromisoformat(row["made"]),
                    row["kind"],
                    row["text"],
                    datetime.fromisoformat(row["until"]) if row["until"] else None,
                    row["old"],
                )
                by_id[amendment.id] = (*by_id.get(amendment.id, ()), amendment)
        return by_id

    def removed(self) -> frozenset[str]:
        """The ids of entries that are removed."""
        with self.guard():
            query = "select distinct entry from amendments where kind = 'removed' and until = ''"
            return frozenset(row["entry"] for row in self.db.query(query))
