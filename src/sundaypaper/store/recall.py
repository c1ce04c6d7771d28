"""Tables of what later weeks look back at: authors, vectors, what is like what, what goes on from it.

All of it is made from issues and entries, and made again where it is missing: nothing here is the
only copy of anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sundaypaper.models import AuthorCount, Earlier, Issue, Related, Sequel, Written
from sundaypaper.store.base import Base, chunks
from sundaypaper.text import fold

TABLES = ("authors", "vectors", "related", "earlier")
# Given names as letters alone: too many people are "Y. Zhang" for a page.
INITIALS = re.compile(r"(?:[a-z] )+\S+$")
REMOVED = "(select entry from amendments where kind = 'removed' and until = '')"
KEPT, OTHER_KEPT = f"entry not in {REMOVED}", f"other not in {REMOVED}"


@dataclass(frozen=True, slots=True)
class WeekVectors:
    """The vectors of a week's entries: their ids (N), and the bytes of all vectors one after another."""

    ids: tuple[str, ...]
    vectors: bytes


class Recall(Base):
    """Reads and writes what is looked back at."""

    def recalled(self) -> dict[str, tuple[str, str]]:
        """Of each week that is held: the digest of its issue, and the model behind its vectors."""
        with self.guard():
            rows = list(self.db.query("select week, digest, model from vectors"))
        return {row["week"]: (row["digest"], row["model"]) for row in rows}

    def recall(
        self,
        issue: Issue,
        digest: str,
        model: str,
        vectors: WeekVectors,
        related: Mapping[str, Sequence[Related]],
    ) -> None:
        """Hold all of an issue in place of what was held of its week."""
        with self.guard(), self.db.atomic():
            for table in TABLES:
                self.db.table(table).delete_where("week = ?", [issue.week])
            self.db.conn.executemany(
                "insert or ignore into authors values (?, ?, ?, ?, ?, ?)", _author_rows(issue)
            )
            self.db.table("earlier").insert_all(_earlier_rows(issue))
            self.db.table("related").insert_all(_related_rows(issue.week, related))
            self._keep_vectors(issue.week, digest, model, vectors)

    def keep_vectors(self, week: str, digest: str, model: str, vectors: WeekVectors) -> None:
        """Hold the vectors of a week in place of those of another model; all else stays."""
        with self.guard(), self.db.atomic():
            self._keep_vectors(week, digest, model, vectors)

    def _keep_vectors(self, week: str, digest: str, model: str, vectors: WeekVectors) -> None:
        row = {"week": week, "digest": digest, "model": model}
        row |= {"ids": "\n".join(vectors.ids)}
        self.db.table("vectors").upsert({**row, "vectors": vectors.vectors}, pk="week")

    def vectors(self, weeks: Iterable[str], model: str) -> dict[str, WeekVectors]:
        """The vectors of those weeks, as far as that model made them, the newest week first."""
        chosen = sorted(set(weeks))
        marks = ",".join("?" * len(chosen))
        query = f"select * from vectors where model = ? and week in ({marks}) order by week desc"  # noqa: S608 only marks
        with self.guard():
            rows = list(self.db.query(query, [model, *chosen]))
        return {
            row["week"]: WeekVectors(tuple(row["ids"].split("\n")), row["vectors"])
            for row in rows
            if row["ids"]
        }

    def related(self, week: str) -> dict[str, tuple[Related, ...]]:
        """What is like each entry that the issue of a week printed, the nearest first, by entry."""
        query = f"select * from related where week = ? and {OTHER_KEPT} order by entry, number"  # noqa: S608 constants
        found: dict[str, list[Related]] = {}
        with self.guard():
            for row in self.db.query(query, [week]):
                shared = tuple(row["shared"].split("\n"))
                near = Related(row["other"], row["held"], row["title"], row["url"], bool(row["has_page"]), shared)  # fmt: skip
                found.setdefault(row["entry"], []).append(near)
        return {entry: tuple(near) for entry, near in found.items()}

    def sequels(self) -> tuple[Sequel, ...]:
        """All printed entries that go on from a printed one, oldest week first."""
        query = f"select * from earlier where {KEPT} and {OTHER_KEPT} order by week, entry"  # noqa: S608 constants
        with self.guard():
            return tuple(
                Sequel(
                    row["week"],
                    row["title"],
                    Earlier(
                        row["entry"], row["other"], row["other_title"], row["printed"], row["how"]
                    ),
                )
                for row in self.db.query(query)
            )

    # ------------------------------------------------------------ authors

    def first_written(self, names: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """The printed papers of which each folded name is the first author, by name."""
        found: dict[str, list[str]] = {}
        with self.guard():
            for chunk in chunks(sorted(set(names))):
                marks = ",".join("?" * len(chunk))
                query = (
                    f"select distinct name, entry from authors where name in ({marks}) "  # noqa: S608 only marks
                    f"and printed = 1 and first = 1 and paper = 1 and {KEPT} order by name, entry"
                )
                for row in self.db.query(query, chunk):
                    found.setdefault(row["name"], []).append(row["entry"])
        return {name: tuple(ids) for name, ids in found.items()}

    def printed_names(self) -> dict[str, frozenset[str]]:
        """The printed entries of every folded name that stands over one."""
        found: dict[str, set[str]] = {}
        query = f"select distinct name, entry from authors where printed = 1 and {KEPT}"  # noqa: S608 constants
        with self.guard():
            for row in self.db.query(query):
                found.setdefault(row["name"], set()).add(row["entry"])
        return {name: frozenset(ids) for name, ids in found.items()}

    def author_counts(self, names: Iterable[str]) -> dict[str, AuthorCount]:
        """How often each of those folded names stands over an entry, by name."""
        found = {}
        with self.guard():
            for chunk in chunks(sorted(set(names))):
                marks = ",".join("?" * len(chunk))
                query = (
                    "select name, count(distinct entry) as n, max(week) as newest, "  # noqa: S608 only marks
                    "count(distinct case when printed = 1 then entry end) as printed "
                    f"from authors where name in ({marks}) and {KEPT} group by name"
                )
                for row in self.db.query(query, chunk):
                    found[row["name"]] = AuthorCount(
                        row["name"], row["n"], row["printed"], row["newest"]
                    )
        return found

    def most_written(self, since: str, most: int) -> tuple[AuthorCount, ...]:
        """The names that stand over most papers of the weeks since one, at most so many."""
        query = (
            "select name, count(distinct entry) as n, max(week) as newest, "  # noqa: S608 constants
            "count(distinct case when printed = 1 then entry end) as printed from authors "
            f"where week >= ? and paper = 1 and {KEPT} group by name having n > 1 "
            "order by n desc, printed desc, name limit ?"
        )
        with self.guard():
            return tuple(
                AuthorCount(row["name"], row["n"], row["printed"], row["newest"])
                for row in self.db.query(query, [since, most])
            )

    def written(self, name: str, most: int, since: str = "") -> tuple[Written, ...]:
        """The entries of a folded name in weeks since one, each once, newest first; up to most."""
        query = (
            "select entry, max(week) as newest, max(printed) as printed from authors "  # noqa: S608 constants
            f"where name = ? and week >= ? and {KEPT} group by entry "
            "order by newest desc, entry limit ?"
        )
        with self.guard():
            return tuple(
                Written(row["entry"], row["newest"], bool(row["printed"]))
                for row in self.db.query(query, [name, since, most])
            )


def _author_rows(issue: Issue) -> Iterable[tuple[str, str, str, bool, bool, bool]]:
    """A row for each name over an entry of the week; what is no news of any week has none."""
    printed = {item.id for section in issue.sections for item in section.items}
    for pick in issue.entries:
        if pick.kind == "event" or pick.standing == "backlog":
            continue
        paper, there = pick.kind == "paper", pick.id in printed
        for number, author in enumerate(pick.authors):
            name = fold(author)
            if name and not INITIALS.match(name):
                yield name, pick.id, issue.week, paper, there, number == 0


def _earlier_rows(issue: Issue) -> Iterable[dict[str, str]]:
    titles = {pick.id: pick.title for pick in issue.entries}
    for found in issue.earlier:
        yield {
            "week": issue.week,
            "entry": found.id,
            "title": titles[found.id],
            "other": found.other,
            "other_title": found.title,
            "printed": found.printed,
            "how": found.how,
        }


def _related_rows(
    week: str, related: Mapping[str, Sequence[Related]]
) -> Iterable[dict[str, str | int]]:
    for entry, near in related.items():
        for number, other in enumerate(near):
            yield {
                "week": week,
                "entry": entry,
                "number": number,
                "other": other.id,
                "held": other.week,
                "title": other.title,
                "url": other.url,
                "has_page": int(other.has_page),
                "shared": "\n".join(other.shared),
            }
