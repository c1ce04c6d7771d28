"""Whether readers.db may leave this machine for a place that others can read, and as what.

A mailing list keeps its own members: what is kept here of it is one address, which feeds.yaml
names too, and which issues it got.
"""

from __future__ import annotations

from pathlib import Path

from sundaypaper.addresses import plain_address, same
from sundaypaper.delivery.readers import Readers
from sundaypaper.delivery.tables import Randomness

# Tables of what is known of persons, each with what a person calls it.
PERSONS = {
    "notices": "sign-ups that wait",
    "suppressed": "addresses that get nothing any more",
    "mailboxes": "mailboxes that asked for mails",
}


def persons(readers: Readers, of_list: str) -> str:
    """What of readers is kept beside the address of a list, which may be empty; "" for nothing."""
    key = same(plain_address(of_list)) if of_list else ""
    found = []
    with readers.guard():
        conn = readers.db.conn
        asked = "select count(*) from subscribers where key <> ?"
        if conn.execute(asked, (key,)).fetchone()[0]:
            found.append("subscribers")
        beside = "subscriber not in (select id from subscribers where key = ?)"
        for table, called in (("deliveries", "their mails"), ("consents", "what they agreed to")):
            asked = f"select count(*) from {table} where {beside}"  # noqa: S608  # names of ours
            if conn.execute(asked, (key,)).fetchone()[0]:
                found.append(called)
        for table, called in PERSONS.items():
            if conn.execute(f"select count(*) from {table}").fetchone()[0]:  # noqa: S608
                found.append(called)
    return ", ".join(found)


def take_keys_out(file: Path, random: Randomness) -> None:
    """Remove from a copy of readers.db what only this machine may know; opening makes new keys."""
    with Readers(file, random) as copy:
        with copy.writing() as conn:
            ids = [id for (id,) in conn.execute("select id from subscribers")]
            fresh = [(copy.token(), id) for id in ids]
            conn.executemany("update subscribers set token = ?, preferences = '' where id = ?", fresh)  # fmt: skip
            conn.execute("update deliveries set tag = ''")
            conn.execute("delete from hook_calls")
            conn.execute("delete from secrets")
        with copy.guard():
            copy.db.execute("vacuum")
            copy.db.execute("pragma journal_mode = delete").fetchone()
