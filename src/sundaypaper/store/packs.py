"""Weeks that are packed: their entries, claims and issue in one compressed blob each, read as before.

An abstract stands in an entry, in the issue of its week, and with each of its claims: apart they are
compressed one by one, together each stands once. Nothing is lost: a row whose document is empty is
read from the pack of its week.

A pack is xz over lines: what the parts weigh, entries, claims, and the issue, so that a reader of
entries stops before the issue.
"""

from __future__ import annotations

import json
import lzma
import zlib
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from sundaypaper.models import Entry, Place
from sundaypaper.store.base import UNREADABLE, Base, decoded
from sundaypaper.store.upcast import NewerFormatError

FORMAT = 1
# A week's issue is 10 MB behind 5 MB of entries, and has to see them.
FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": 6, "dict_size": 1 << 25}]
# What a reader allows a pack to need, so that a damaged one takes no more.
MEMORY = 1 << 27
LONGEST_HEAD = 200
# Packs that are kept open: what is asked for together is of few weeks.
OPEN = 4
# So many entries that are not in the pack of their week yet make it worth making anew.
LOOSE = 200


P = ParamSpec("P")
Held = TypeVar("Held")


@dataclass(frozen=True)
class Pack:
    """A pack as it is stored; its parts are decompressed when they are asked for."""

    blob: bytes

    @cached_property
    def entries(self) -> Mapping[str, bytes]:
        """The documents of entries by id."""
        return {json.loads(line)["id"]: line for line in self._part(0).splitlines()}

    @cached_property
    def claims(self) -> Mapping[tuple[str, int, str], bytes]:
        """The documents of claims by venue, year and entry."""
        held = {}
        for line in self._part(1).splitlines():
            document = json.loads(line)
            claim = document["claim"]
            held[claim["venue"], claim["year"] or 0, document["id"]] = line
        return held

    @property
    def issue(self) -> bytes:
        """The document of the week's issue; empty where it had none."""
        return self._part(2)

    def _part(self, number: int) -> bytes:
        """One part; ValueError where the pack is damaged."""
        try:
            reader = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MEMORY)
            raw = reader.decompress(self.blob, LONGEST_HEAD)
            head, _, begun = raw.partition(b"\n")
            about = json.loads(head)
            if about["format"] > FORMAT:
                raise NewerFormatError(f"format {about['format']}, known up to {FORMAT}")
            starts = sum(about["parts"][:number])
            wanted = starts + about["parts"][number]
            while len(begun) < wanted and not (reader.eof or reader.needs_input):
                begun += reader.decompress(b"", wanted - len(begun))
        except (lzma.LZMAError, EOFError, KeyError, TypeError) as bad:
            raise ValueError(str(bad)) from bad
        if len(begun) < wanted:
            raise ValueError("a pack ends before its time")
        return begun[starts:wanted]


def packed(entries: Sequence[bytes], claims: Sequence[bytes], issue: bytes) -> bytes:
    """The blob of a pack; entries and claims are documents without a line end in them."""
    parts = [b"".join(line + b"\n" for line in lines) for lines in (entries, claims)]
    parts.append(issue)
    head = json.dumps({"format": FORMAT, "parts": [len(part) for part in parts]}).encode() + b"\n"
    return lzma.compress(head + b"".join(parts), lzma.FORMAT_XZ, filters=FILTERS)


def plain(document: str | bytes) -> bytes:
    """A stored document as its JSON: bytes are compressed, text is of before they were."""
    return zlib.decompress(document) if isinstance(document, bytes) else document.encode()


class Packs(Base):
    """Reads documents that may lie in a pack, and packs weeks."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._open: OrderedDict[str, Pack] = OrderedDict()

    # ------------------------------------------------------------ reading

    def packed(self, name: str, read: Callable[P, Held], *args: P.args, **named: P.kwargs) -> Held:
        """A document that may lie in a pack; StoreError, which calls it by name, where it does not."""
        try:
            return read(*args, **named)
        except UNREADABLE as bad:
            raise self.unreadable(name, bad) from bad

    def _place(self, row: Mapping[str, Any]) -> Place:
        try:
            entry = decoded(
                Entry, row["doc"] or self._pack(row["week"]).entries[row["id"]].decode()
            )
            first_seen = datetime.fromisoformat(row["first_seen"])
        except UNREADABLE as bad:
            raise self.unreadable(f"the entry {row['id']}", bad) from bad
        return Place(entry, row["week"], row["late"], row["touched"], first_seen)

    def _pack(self, week: str) -> Pack:
        """The pack of a week; LookupError where there is none."""
        if week not in self._open:
            rows = list(self.db.query("select doc from packs where week = ?", [week]))
            if not rows:
                raise LookupError(f"no pack of {week}")
            self._open[week] = Pack(rows[0]["doc"])
            while len(self._open) > OPEN:
                self._open.popitem(last=False)
        self._open.move_to_end(week)
        return self._open[week]

    def _issue_document(self, week: str, document: bytes | None) -> str | bytes:
        """The document of an issue, from its row or the pack."""
        return document or self._pack(week).issue.decode()

    def _claim_document(self, row: Mapping[str, Any]) -> str | bytes:
        """The document of a claim, from its row or the pack."""
        key = row["venue"], row["year"], row["entry"]
        held: str | bytes = row["doc"] or self._pack(row["week"]).claims[key].decode()
        return held

    # ------------------------------------------------------------ packing

    def to_pack(self, until: str) -> tuple[str, ...]:
        """The weeks up to one that are worth packing now, oldest first."""
        query = f"""
            select week from issues where state = 'frozen' and doc is not null and week <= :until
            union select week from (
                select week, count(*) as n from entries where {_LOOSE} group by week
            ) where n >= :loose order by week"""  # noqa: S608 constants
        with self.guard():
            rows = self.db.query(query, {"until": until, "loose": LOOSE})
            return tuple(row["week"] for row in rows)

    def pack(self, week: str, until: str) -> int:
        """Pack a week in one transaction; until is the newest week that is packed at all.

        Entries that a week after it touched stay as they are, and so do those that are printed: they
        are asked for most. Returns how many bytes the pack has. StoreError where what was packed does
        not read as what it was: nothing is changed then.
        """
        with self.guard(), self.db.atomic():
            entries, own = self._entries_to_pack(week, until)
            claims, issue, digest = self._issue_to_pack(week)
            blob = packed(list(entries.values()), list(claims.values()), issue)
            self._refuse_other(week, Pack(blob), entries, claims, issue)
            self.db.table("packs").upsert({"week": week, "doc": blob}, pk="week")
            self.db.conn.executemany(
                "update entries set doc = '' where id = ?", [(id,) for id in own]
            )
            self.db.execute("update claimed set doc = '' where week = ?", [week])
            self.db.execute("update issues set doc = null where week = ? and digest = ?", [week, digest])  # fmt: skip
        self._open.pop(week, None)
        return len(blob)

    def _entries_to_pack(self, week: str, until: str) -> tuple[dict[str, bytes], list[str]]:
        """The documents of a week's pack by id, those that are in it already and those that join."""
        query = (
            f"select id, doc from entries where week = :week and ({_LOOSE} or doc = '') order by id"  # noqa: S608 constants
        )
        rows = list(self.db.query(query, {"week": week, "until": until}))
        old = self._pack(week).entries if any(not row["doc"] for row in rows) else {}
        held = {row["id"]: plain(row["doc"]) if row["doc"] else old[row["id"]] for row in rows}
        return held, [row["id"] for row in rows if row["doc"]]

    def _issue_to_pack(self, week: str) -> tuple[dict[tuple[str, int, str], bytes], bytes, str]:
        """The claims of a week's issue, its document and digest; nothing where it is no frozen one."""
        query = "select doc, digest from issues where week = ? and state = 'frozen'"
        rows = list(self.db.query(query, [week]))
        if not rows:
            return {}, b"", ""
        issue = plain(self._issue_document(week, rows[0]["doc"]))
        claims = {}
        for row in self.db.query("select * from claimed where week = ? order by entry, venue, year", [week]):  # fmt: skip
            key = row["venue"], row["year"], row["entry"]
            claims[key] = plain(row["doc"]) if row["doc"] else self._pack(week).claims[key]
        return claims, issue, rows[0]["digest"]

    def _refuse_other(
        self,
        week: str,
        pack: Pack,
        entries: Mapping[str, bytes],
        claims: Mapping[tuple[str, int, str], bytes],
        issue: bytes,
    ) -> None:
        if (pack.entries, pack.claims, pack.issue) == (entries, claims, issue):
            return
        raise self.unreadable(f"the pack of {week}", ValueError("it reads as something else"))

    def trim(self, before: str) -> None:
        """Drop the vectors of weeks before one: nothing looks back so far."""
        with self.guard(), self.db.atomic():
            self.db.execute(
                "update vectors set ids = '', vectors = x'' where week < ? and ids != ''", [before]
            )

    def shrink(self) -> None:
        """Give back the room of what was dropped."""
        with self.guard():
            self.db.execute("vacuum")


# Entries that may go into the pack of their week, by :until.
_LOOSE = (
    "week != '' and week <= :until and late <= :until and touched <= :until and doc != '' "
    "and id not in (select entry from printed)"
)
