"""The tables of paper.db, and the migrations that bring an older file up to date."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator

from sundaypaper.database import Database, Migrations, sqlite3
from sundaypaper.store import backfill

migrations = Migrations("paper")
# Names of feeds and dates that were the addresses of pages, before they were kept.
ADDRESSES = "addresses"


@migrations()
def first_tables(db: Database) -> None:
    """Entries, wordings, poll states, issues, what was printed, and the run log."""
    _tables_of_sources(db)
    _tables_of_issues(db)


@migrations()
def names_of_entries(db: Database) -> None:
    """Other names, all hashes, by which a feed calls stored entries."""
    db.table("names").create({"name": str, "entry": str}, pk="name", not_null={"entry"})


@migrations()
def what_pages_need(db: Database) -> None:
    """Picks apart from the whole issue, accepted claims by venue and year, and amendments."""
    db.table("issues").add_column("picked", bytes)
    db.table("claimed").create(
        {"venue": str, "year": int, "week": str, "entry": str, "doc": str},
        pk=("venue", "year", "entry", "week"),
        not_null={"doc"},
    )
    db.table("claimed").create_index(["week"])
    db.table("amendments").create(
        {"id": int, "entry": str, "made": str, "kind": str, "text": str}, pk="id"
    )
    db.table("amendments").create_index(["entry"])
    for issue in _issues(db):
        db.table("issues").update(issue["week"], {"picked": backfill.picked(issue)})
        db.table("claimed").insert_all(backfill.claims(issue), replace=True)


@migrations()
def what_weeks_brought(db: Database) -> None:
    """How many entries each printed week brought of every topic and venue."""
    db.table("counts").create(
        {"week": str, "kind": str, "key": str, "entries": int, "printed": int},
        pk=("week", "kind", "key"),
        not_null={"entries", "printed"},
    )
    earlier: frozenset[tuple[str, str]] = frozenset()
    for issue in _issues(db):
        if issue["state"] == "frozen":
            db.table("counts").insert_all(backfill.counts(issue, earlier))
            earlier |= backfill.accepted(issue)


@migrations()
def votes_of_readers(db: Database) -> None:
    """How many readers elsewhere voted for an entry, known here or not, when last asked."""
    db.table("votes").create(
        {"entry": str, "source": str, "count": int, "asked": str},
        pk=("entry", "source"),
        not_null={"count", "asked"},
    )


@migrations()
def what_lists_look_at(db: Database) -> None:
    """Claims with all that the filter box of a venue's page looks at."""
    for issue in _issues(db):
        db.table("claimed").insert_all(backfill.lists(issue), replace=True)


@migrations()
def what_is_settled_once(db: Database) -> None:
    """What is decided once for a paper and kept; one that has issues has its names already."""
    db.table("facts").create({"name": str, "value": str}, pk="name", not_null={"value"})
    if db.table("issues").count:
        db.table("facts").insert({"name": "names", "value": ADDRESSES})


@migrations()
def what_topics_list(db: Database) -> None:
    """New entries by topic and week, the best of each, with all that a filter box looks at."""
    db.table("topic_entries").create(
        {"topic": str, "week": str, "entry": str, "score": float, "doc": bytes},
        pk=("topic", "week", "entry"),
        not_null={"score", "doc"},
    )
    db.table("topic_entries").create_index(["week"])
    for row in list(db.query("select week from issues order by week desc limit 16")):
        issue = _issue(db, row["week"])
        db.table("topic_entries").insert_all(backfill.topic_lists(issue))


@migrations()
def what_later_weeks_look_back_at(db: Database) -> None:
    """Authors, vectors, what is like what and goes on from it: made again from issues where missing."""
    # Most bytes of a row are its key, which a table of its own order holds once.
    db.execute(
        "create table authors (name text not null, entry text not null, week text not null, "
        "paper integer not null, printed integer not null, first integer not null, "
        "primary key (name, entry, week)) without rowid"
    )
    db.execute("create index authors_printed on authors (name) where printed = 1")
    db.table("vectors").create(
        {"week": str, "digest": str, "model": str, "ids": str, "vectors": bytes}, pk="week"
    )
    db.table("related").create(
        {
            "week": str,
            "entry": str,
            "number": int,
            "other": str,
            "held": str,
            "title": str,
            "url": str,
            "has_page": int,
            "shared": str,
        },
        pk=("week", "entry", "number"),
    )
    db.table("earlier").create(
        {
            "week": str,
            "entry": str,
            "title": str,
            "other": str,
            "other_title": str,
            "printed": str,
            "how": str,
        },
        pk=("week", "entry"),
    )


@migrations()
def what_was_taken_back(db: Database) -> None:
    """When an amendment ceased to hold, "" while it holds; and the words that it replaced."""
    for column in ("until", "old"):
        db.table("amendments").add_column(column, str, not_null_default="")


@migrations()
def weeks_that_are_packed(db: Database) -> None:
    """Packs of old weeks; documents of entries and claims are compressed from here on."""
    db.table("packs").create({"week": str, "doc": bytes}, pk="week", not_null={"doc"})
    db.conn.create_function("compressed", 1, lambda text: zlib.compress(text.encode(), 6))
    for table in ("entries", "claimed"):
        db.execute(f"update {table} set doc = compressed(doc)")  # noqa: S608 constants
    db.conn.create_function("compressed", 1, None)


def _issues(db: Database) -> Iterator[backfill.Plain]:
    """All issues that are kept, the oldest first, as plain data."""
    for row in list(db.query("select week from issues order by week")):
        yield _issue(db, row["week"])


def _issue(db: Database, week: str) -> backfill.Plain:
    doc = next(db.query("select doc from issues where week = ?", [week]))["doc"]
    try:
        return dict(json.loads(zlib.decompress(doc)))
    except (ValueError, zlib.error) as bad:
        raise sqlite3.DatabaseError(f"the issue {week} is unreadable") from bad


def _tables_of_sources(db: Database) -> None:
    db.table("entries").create(
        {
            "id": str,
            "kind": str,
            "source": str,
            "week": str,
            "late": str,
            "touched": str,
            "first_seen": str,
            "starts": str,
            "doc": str,
        },
        pk="id",
        not_null={"kind", "source", "week", "late", "touched", "first_seen", "starts", "doc"},
    )
    for column in ("week", "late", "touched", "starts"):
        db.table("entries").create_index([column])
    db.table("wordings").create(
        {
            "entry": str,
            "number": int,
            "seen": str,
            "week": str,
            "version": int,
            "comment": str,
            "journal_ref": str,
        },
        pk=("entry", "number"),
    )
    db.table("wordings").create_index(["week"])
    db.table("polls").create({"source": str, "doc": str}, pk="source")
    db.table("reports").create({"week": str, "source": str, "doc": str}, pk=("week", "source"))


def _tables_of_issues(db: Database) -> None:
    db.table("issues").create(
        {"week": str, "state": str, "head": str, "digest": str, "doc": bytes}, pk="week"
    )
    db.table("printed").create(
        {"week": str, "entry": str, "section": str}, pk=("week", "entry", "section")
    )
    db.table("printed").create_index(["entry"])
    db.table("runs").create(
        {
            "id": int,
            "started": str,
            "now": str,
            "week": str,
            "status": int,
            "seconds": float,
            "doc": str,
        },
        pk="id",
    )
