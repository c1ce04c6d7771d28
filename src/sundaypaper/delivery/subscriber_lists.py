"""Takes the people of a list over: importing them, and syncing the group that feeds.yaml names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from sundaypaper.addresses import plain_address, same
from sundaypaper.delivery.list_files import People, Row
from sundaypaper.delivery.readers import Origin, Readers, checked
from sundaypaper.delivery.redaction import without_addresses
from sundaypaper.errors import DeliveryError, QueryError
from sundaypaper.models import Subscriber

GROUP = "a member of the group that feeds.yaml names"
What = Literal[
    "added",
    "there already",
    "kept",
    "not subscribed",
    "suppressed",
    "bad",
    "changed",
    "left",
    "note",
]
GONE = "no longer listed in the group that feeds.yaml names"


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """The outcome of one line; told begins with file:line and never shows an address.

    kept: a subscriber whose own wish is not what the line says. not subscribed: the list itself says
    so. note: nothing about a line, but about the list.
    """

    place: str
    what: What
    told: str = ""


# ---------------------------------------------------------------- taking over


def import_rows(
    readers: Readers, people: People, consent: str, now: datetime
) -> tuple[RowOutcome, ...]:
    """Add the people of a list, all in one transaction; consent says why they may be written to."""
    if not consent.strip():
        raise DeliveryError('say why these people may be written to: --consent "lab list, 2026-11"')
    with readers.writing():
        rows = [_taken(readers, row, "import", consent, now) for row in _once(people.rows)]
    return (*_notes(people), *rows)


def sync_group(readers: Readers, people: People, now: datetime) -> tuple[RowOutcome, ...]:
    """Make the group what its list says: who is new is added, filters follow the list.

    Members who are not listed any more, or listed as unsubscribed, are set to left and may come
    back, unless a line cannot be read: it may be theirs. Who is suppressed, or came by themselves,
    is left alone. DeliveryError where nobody is listed: a file that is empty by accident must not
    end every subscription.
    """
    if not any(row.address and not row.marked for row in people.rows):
        raise DeliveryError(
            "the list of the group names nobody, so nothing was changed; to end every "
            "subscription, take readers out of feeds.yaml and use subscribers suppress"
        )
    rows = _once(people.rows)
    with readers.writing():
        members = {same(member.address): member for member in readers.subscribers()}
        outcomes = [_synced(readers, row, members, now) for row in rows]
        listed = {_key(row) for row in rows if not row.marked}
        if "" not in listed:
            outcomes += _retired(readers, [m for k, m in members.items() if k not in listed], now)
    return (*_notes(people), *outcomes)


def _notes(people: People) -> Iterator[RowOutcome]:
    return (RowOutcome(note.partition(": ")[0], "note", note) for note in people.notes)


def _once(rows: Sequence[Row]) -> list[Row]:
    """The rows, of which no two say different things of one address.

    Who is marked in one line is marked in all. A second wish is wrong: nobody can tell which holds.
    """
    marks = {_key(row): f"{row.marked} ({row.place})" for row in reversed(rows) if row.marked}
    first: dict[str, Row] = {}
    return [_agreed(row, first, marks) for row in rows]


def _agreed(row: Row, first: dict[str, Row], marks: dict[str, str]) -> Row:
    key = _key(row)
    if not key or row.wrong:
        return row
    if key in marks:
        return row if row.marked else replace(row, marked=marks[key])
    before = first.setdefault(key, row)
    if _wish(before) == _wish(row):
        return row
    return replace(
        row,
        wrong=f"listed before, at {before.place}, with another wish; only that line counts. For both "
        "filters write one line: (this) OR (that)",
    )


def _wish(row: Row | Subscriber) -> dict[str, str]:
    return {"filter": row.filter, "edition": row.edition, "empty": row.empty}


def _retired(readers: Readers, unlisted: list[Subscriber], now: datetime) -> Iterator[RowOutcome]:
    for member in unlisted:
        if member.origin == "group" and member.state == "confirmed":
            readers.retire(member, GONE, now)
            yield RowOutcome("", "left", f"subscriber {member.id}: {GONE}")


def _synced(
    readers: Readers, row: Row, members: dict[str, Subscriber], now: datetime
) -> RowOutcome:
    outcome = _taken(readers, row, "group", GROUP, now)
    there = members.get(_key(row))
    if outcome.what != "there already" or not there or there.origin != "group":
        return outcome
    if _wish(there) == _wish(row):
        return outcome
    filter, edition, empty = row.filter, row.edition, row.empty
    readers.change(there.id, filter=filter, edition=edition, empty=empty, now=now, by_list=True)
    return RowOutcome(
        row.place, "changed", f"{row.place}: subscriber {there.id} gets what it says now"
    )


def _taken(readers: Readers, row: Row, origin: Origin, consent: str, now: datetime) -> RowOutcome:
    wrong = _wrong(row)
    if wrong:
        return RowOutcome(row.place, "bad", f"{row.place}: {without_addresses(wrong)}")
    if row.marked:
        return RowOutcome(row.place, "not subscribed", f"{row.place}: not added: {row.marked}")
    reason = readers.suppressed(row.address)
    if reason:
        return RowOutcome(row.place, "suppressed", f"{row.place}: suppressed ({reason}), not added")
    subscriber, new = readers.add(
        row.address,
        filter=row.filter,
        edition=row.edition,
        empty=row.empty,
        origin=origin,
        consent=consent,
        now=now,
    )
    if new:
        return RowOutcome(row.place, "added", f"{row.place}: subscriber {subscriber.id} added")
    there = f"{row.place}: subscriber {subscriber.id} there already"
    if origin == "import" and (row.filter or row.edition) and _wish(row) != _wish(subscriber):
        return RowOutcome(row.place, "kept", f"{there}, and keeps a wish that is not this one")
    return RowOutcome(row.place, "there already", there)


def _wrong(row: Row) -> str:
    """Why a line cannot be used, or nothing."""
    if row.wrong:
        return row.wrong
    try:
        plain_address(row.address)
    except DeliveryError as bad:
        return f"address: {bad}"
    try:
        checked(row.filter)
    except DeliveryError as bad:
        return str(bad)
    except QueryError as bad:
        return f"filter, {bad}"
    return ""


def _key(row: Row) -> str:
    try:
        return same(plain_address(row.address))
    except DeliveryError:
        return ""
