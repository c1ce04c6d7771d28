"""Subscriber lists in CSV: reading, importing, and syncing the group that feeds.yaml names."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from sundaypaper.addresses import plain_address, same
from sundaypaper.delivery.readers import Empty, Origin, Readers, checked
from sundaypaper.delivery.redaction import without_addresses
from sundaypaper.errors import DeliveryError, QueryError
from sundaypaper.models import Subscriber

COLUMNS = ("address", "filter", "edition", "empty")
GROUP = "a member of the group that feeds.yaml names"
GONE = "no longer listed in the group that feeds.yaml names"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list. place is file:line, counted from 1; wrong says why it cannot be used."""

    place: str
    address: str = ""
    filter: str = ""
    edition: str = ""
    empty: Empty = "say"
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """The outcome of one line; told begins with file:line and never shows an address."""

    place: str
    what: Literal["added", "there already", "suppressed", "bad", "changed", "left"]
    told: str = ""


# ---------------------------------------------------------------- reading


def read_people(raw: bytes, file: str) -> tuple[Row, ...]:
    """The lines of a CSV: address, filter, edition, empty; a first line may name the columns.

    file is how messages call it. DeliveryError where it is no UTF-8 or names unknown columns.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as bad:
        line = raw.count(b"\n", 0, bad.start) + 1
        raise DeliveryError(f"{file}:{line}: not UTF-8; save the list as CSV in UTF-8") from bad
    names: tuple[str, ...] | None = None
    rows = []
    for place, cells in _lines(text, file):
        if cells is None:
            rows.append(Row(place, wrong="unreadable: is a quote never closed?"))
        elif not any(cell.strip() for cell in cells):
            continue
        elif names is None:
            names = _names(place, cells)
            rows += [] if names else [_row(place, COLUMNS, cells)]
            names = names or COLUMNS
        else:
            rows.append(_row(place, names, cells))
    return tuple(rows)


def _lines(text: str, file: str) -> Iterator[tuple[str, list[str] | None]]:
    lines = csv.reader(text.splitlines(keepends=True), strict=True)
    while True:
        place = f"{file}:{lines.line_num + 1}"
        try:
            yield place, next(lines)
        except StopIteration:
            return
        except csv.Error:
            yield place, None


def _names(place: str, cells: list[str]) -> tuple[str, ...] | None:
    """The names of the columns where the first line has them."""
    names = tuple(cell.strip().lower() for cell in cells)
    if any("@" in name for name in names) or "address" not in names:
        return None
    for number, name in enumerate(names, 1):
        if name not in COLUMNS or names.index(name) != number - 1:
            raise DeliveryError(
                f"{place}: column {number} is unknown or named twice; the columns are "
                f"{', '.join(COLUMNS)}"
            )
    return names


def _row(place: str, names: tuple[str, ...], cells: list[str]) -> Row:
    if len(cells) > len(names):
        return Row(
            place,
            wrong=f"{len(cells)} columns where {', '.join(names)} are expected; a filter with a "
            'comma or a quote in it stands in quotes, and its own quotes twice: "a ""b c"""',
        )
    values = dict(zip(names, (cell.strip() for cell in cells), strict=False))
    empty = values.get("empty", "").lower()
    if empty not in ("", "say", "skip"):
        return Row(place, wrong="empty is say (a mail of one line) or skip (none)")
    row = Row(place, values["address"], values.get("filter", ""), values.get("edition", ""))
    return replace(row, empty="skip") if empty == "skip" else row


# ---------------------------------------------------------------- taking over


def import_rows(
    readers: Readers, rows: Sequence[Row], consent: str, now: datetime
) -> tuple[RowOutcome, ...]:
    """Add the people of a list, all in one transaction; consent says why they may be written to."""
    if not consent.strip():
        raise DeliveryError('say why these people may be written to: --consent "lab list, 2026-11"')
    with readers.writing():
        return tuple(_taken(readers, row, "import", consent, now) for row in rows)


def sync_group(readers: Readers, rows: Sequence[Row], now: datetime) -> tuple[RowOutcome, ...]:
    """Make the group what its list says: who is new is added, filters follow the list.

    Of two lines for one address the first counts. Members who are not listed any more are set to
    left and may come back, unless a line cannot be read: it may be theirs. Who is suppressed, or
    came by themselves, is left alone. DeliveryError where nobody is listed: a file that is empty
    by accident must not end every subscription.
    """
    if not any(row.address for row in rows):
        raise DeliveryError(
            "the list of the group names nobody, so nothing was changed; to end every "
            "subscription, take readers out of feeds.yaml and use subscribers suppress"
        )
    rows = _once(rows)
    with readers.writing():
        members = {same(member.address): member for member in readers.subscribers()}
        outcomes = [_synced(readers, row, members, now) for row in rows]
        listed = {_key(row) for row in rows}
        if "" not in listed:
            outcomes += _retired(readers, [m for k, m in members.items() if k not in listed], now)
    return tuple(outcomes)


def _once(rows: Sequence[Row]) -> list[Row]:
    """The rows; an address that stands twice is wrong the second time."""
    first: dict[str, str] = {}
    return [
        row
        if not (key := _key(row)) or (place := first.setdefault(key, row.place)) == row.place
        else replace(row, wrong=f"listed before, at {place}; only that line counts")
        for row in rows
    ]


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
    wish = {"filter": row.filter, "edition": row.edition, "empty": row.empty}
    if all(getattr(there, name) == value for name, value in wish.items()):
        return outcome
    readers.change(there.id, filter=row.filter, edition=row.edition, empty=row.empty, now=now)
    return RowOutcome(
        row.place, "changed", f"{row.place}: subscriber {there.id} gets what it says now"
    )


def _taken(readers: Readers, row: Row, origin: Origin, consent: str, now: datetime) -> RowOutcome:
    wrong = _wrong(row)
    if wrong:
        return RowOutcome(row.place, "bad", f"{row.place}: {without_addresses(wrong)}")
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
    what: Literal["added", "there already"] = "added" if new else "there already"
    return RowOutcome(row.place, what, f"{row.place}: subscriber {subscriber.id} {what}")


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
