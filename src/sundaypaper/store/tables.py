"""The tables of paper.db, and how an older file becomes a newer one."""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

migrations = Migrations("paper")


@migrations()
def first_tables(db: Database) -> None:
    """Entries, wordings, poll states, issues, what was printed, and the run log."""
    _tables_of_sources(db)
    _tables_of_issues(db)


@migrations()
def names_of_entries(db: Database) -> None:
    """By which other names, all hashes, a feed names the entries that are kept."""
    db.table("names").create({"name": str, "entry": str}, pk="name", not_null={"entry"})


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
