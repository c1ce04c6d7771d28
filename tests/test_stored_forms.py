"""Documents of paper.db name their format: older ones are lifted, newer ones are called newer."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import stored_forms
from sample_issue import paper
from sundaypaper.errors import StoreError
from sundaypaper.models import Claim, PollState, SourceReport
from sundaypaper.store import Run, Store, upcast
from sundaypaper.store.upcast import NewerFormatError, lifted
from test_store import NOW, WEEK, at, entry, issue

CVPR = Claim("cvpr", 2026, "main", "accepted", None, "CVPR 2026")
OLDER = "2026-W09"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A database with a document of every kind, and one paper that two weeks tell of."""
    with Store(tmp_path / "paper.db") as store:
        store.save([at()], [], [PollState("arxiv", etag='"x"')])
        told = replace(paper(1), id="arxiv:2603.00001", claims=(CVPR,))
        store.keep_issue(issue(OLDER, entries=(told,)))
        store.keep_issue(issue(entries=(told,)))
        store.keep_reports("2026-W11", [SourceReport("arxiv", "arxiv", "fresh")])
        store.log_run(Run(NOW, NOW, WEEK, 0, 1.5, {"failed": ["blog"]}))
        yield store


def plain(document: str | bytes) -> dict[str, Any]:
    """A document as JSON has it."""
    raw = zlib.decompress(document) if isinstance(document, bytes) else document
    data: dict[str, Any] = json.loads(raw)
    return data


def edit(store: Store, table: str, column: str, change: Callable[[dict[str, Any]], Any]) -> None:
    """Change every document of a column, as another version might have written it."""
    for row in list(store.db.query(f"select rowid as n, {column} as doc from {table}")):
        document = plain(row["doc"])
        change(document)
        text = json.dumps(document)
        kept = zlib.compress(text.encode()) if isinstance(row["doc"], bytes) else text
        store.db.execute(f"update {table} set {column} = ? where rowid = ?", [kept, row["n"]])


COLUMNS = {
    ("entries", "doc"): ("the entry arxiv:2603.00001", lambda s: s.known([entry().id])),
    ("polls", "doc"): ("the poll state of arxiv", lambda s: s.poll("arxiv")),
    ("reports", "doc"): ("the report of arxiv for 2026-W11", lambda s: s.reports("2026-W11")),
    ("issues", "head"): ("the issue 2026-W10", lambda s: s.heads()),
    ("issues", "doc"): ("the issue 2026-W10", lambda s: s.issue(WEEK)),
    ("issues", "picked"): ("the issue 2026-W10", lambda s: s.picked([WEEK])),
    ("claimed", "doc"): ("the claim of arxiv:2603.00001", lambda s: s.claimed("cvpr", 2026, 9)),
    ("topic_entries", "doc"): (
        "the line of arxiv:2603.00001",
        lambda s: s.topic_entries("reasoning-agents", WEEK, 9),
    ),
    ("runs", "doc"): ("line 1 of the run log", lambda s: s.last_runs()),
}
EVERY = pytest.mark.parametrize(("place", "name_and_reading"), COLUMNS.items())
Named = tuple[str, Callable[[Store], object]]


def test_every_document_names_its_format(store: Store) -> None:
    """All columns of paper.db that hold JSON; nothing else in it does."""
    for table, column in COLUMNS:
        documents = [row["doc"] for row in store.db.query(f"select {column} as doc from {table}")]
        assert documents
        assert {plain(document)["format"] for document in documents} == {1}
    held = {(t.name, c.name) for t in store.db.tables for c in t.columns if c.name in ("doc", "head", "picked")}  # fmt: skip
    # A pack holds documents of other columns, each with its format.
    assert held == {*COLUMNS, ("packs", "doc")}


@EVERY
def test_a_document_of_before_formats_is_read_as_it_was(
    store: Store, place: tuple[str, str], name_and_reading: Named
) -> None:
    """0.1.0 named no format: without it each says the same."""
    _, reading = name_and_reading
    want = reading(store)
    edit(store, *place, lambda document: document.pop("format"))
    assert reading(store) == want


@EVERY
def test_a_document_of_a_newer_version_is_called_that(
    store: Store, place: tuple[str, str], name_and_reading: Named
) -> None:
    """The file, the document and what to do; never that it is damaged or should be moved away."""
    name, reading = name_and_reading
    edit(store, *place, lambda document: document.update(format=2, kind="video", new={}))
    with pytest.raises(StoreError) as caught:
        reading(store)
    assert str(caught.value).endswith(
        f"paper.db: {name} was written by a newer version of Sunday Paper "
        "(format 2, known up to 1); upgrade the program"
    )


@EVERY
@pytest.mark.parametrize("number", [None, True, "1", 1.0, -1, [1]])
def test_a_format_that_is_no_number_is_damage(
    store: Store, place: tuple[str, str], name_and_reading: Named, number: object
) -> None:
    """No version writes such a one."""
    name, reading = name_and_reading
    edit(store, *place, lambda document: document.update(format=number))
    with pytest.raises(StoreError, match=rf"paper\.db: {name} is unreadable; .*damaged.*restore"):
        reading(store)


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document.update(kind="video"),
        lambda document: document.pop("title"),
        lambda document: document.update(authors=None),
    ],
)
def test_what_a_known_format_cannot_say_is_damage(
    store: Store, change: Callable[[dict[str, Any]], Any]
) -> None:
    """An unknown word, a field that is missing or of another type, in the format that is written."""
    edit(store, "entries", "doc", change)
    with pytest.raises(StoreError, match=r"the entry arxiv:2603\.00001 is unreadable; .*damaged"):
        store.known([entry().id])


def test_a_week_is_not_printed_over_claims_of_a_newer_version(store: Store) -> None:
    """Whether another week counted a paper is read from documents as well."""
    edit(store, "claimed", "doc", lambda document: document.update(format=2))
    told = replace(paper(1), id="arxiv:2603.00001", claims=(CVPR,))
    with pytest.raises(StoreError, match=r"the claim of arxiv:2603\.00001 was written by a newer"):
        store.keep_issue(issue("2026-W11", entries=(told,)))
    assert store.issue("2026-W11") is None


def test_steps_are_made_in_order_from_the_format_that_is_named() -> None:
    """Of three steps a document of format 0 makes all, one of format 2 the last."""

    def step(name: str) -> upcast.Step:
        return lambda document: {**document, "made": document["made"] + name}

    steps = (step("a"), step("b"), step("c"))
    assert lifted({"made": ""}, steps) == {"format": 3, "made": "abc"}
    assert lifted({"format": 2, "made": ""}, steps) == {"format": 3, "made": "c"}
    assert lifted({"format": 3, "made": ""}, steps) == {"format": 3, "made": ""}
    with pytest.raises(NewerFormatError, match="format 4, known up to 3"):
        lifted({"format": 4, "made": ""}, steps)


def test_the_next_format_reads_all_before_it(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A version whose entries have a headline in place of a title, tried out the other way round."""

    def second(document: dict[str, Any]) -> dict[str, Any]:
        rest = {key: value for key, value in document.items() if key != "headline"}
        return {**rest, "title": document["headline"]}

    edit(store, "entries", "doc", lambda d: d.update(headline=d.pop("title")))
    monkeypatch.setitem(upcast.STEPS, "Entry", (*upcast.STEPS["Entry"], second))
    assert store.known([entry().id])[entry().id] == at()
    edit(store, "entries", "doc", lambda document: document.pop("format"))
    assert store.known([entry().id])[entry().id] == at()
    store.save([at(2)], [], [])
    row = next(store.db.query("select doc from entries where id = 'arxiv:2603.00002'"))
    assert zlib.decompress(row["doc"]).startswith(b'{"format":2,"id":"arxiv:2603.00002",')
    assert store.known(["arxiv:2603.00002"])["arxiv:2603.00002"] == at(2)


def test_no_form_changes_without_a_format() -> None:
    """What is kept of each format; docs/notes/0010-stored-forms.md says what to do where this fails."""
    kept = json.loads(stored_forms.FILE.read_text(encoding="utf-8"))
    assert stored_forms.forms() == kept
    assert kept["Claimed"]["form"]["claim"]["status"] == (
        '"accepted" | "rejected" | "submitted" | "withdrawn"'
    )
    assert {*kept, "Run"} == set(upcast.STEPS)
