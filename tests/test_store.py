"""paper.db on a real disk: kept, reopened, unchanged by repeats, whole or refused with a sentence."""

from __future__ import annotations

import errno
import os
import signal
import sqlite3 as stdlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Barrier
from typing import Literal

import pytest
from sqlite_utils import Database

from published import dump
from sample_issue import paper
from sundaypaper import database
from sundaypaper.database import DatabaseFile, fast_journal, sqlite3
from sundaypaper.errors import StoreError
from sundaypaper.models import (
    Amendment,
    Claim,
    Entry,
    Funnel,
    Issue,
    Item,
    Pick,
    Place,
    PollState,
    Section,
    SourceReport,
    Wording,
)
from sundaypaper.store import Ledger, Run, Store, migrations

NOW = datetime(2026, 3, 8, 12, tzinfo=UTC)
WEEK = "2026-W10"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the database lies."""
    return tmp_path / "paper.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    """A new database."""
    with Store(path) as opened:
        yield opened


def entry(number: int = 1, **said: object) -> Entry:
    """A paper with every kind of field filled in."""
    made = Entry(
        f"arxiv:2603.{number:05}",
        "paper",
        "arxiv",
        "https://arxiv.org/abs/2603.00001",
        "Gödel’s “late” 東京 paper",
        authors=("Ana Öz", "李"),
        published=NOW - timedelta(days=3),
        categories=("cs.LG",),
        links=("https://a.example/?b=c",),
    )
    return replace(made, **said)  # type: ignore[arg-type]


def at(
    number: int = 1, week: str = WEEK, late: str = "", touched: str = "", **said: object
) -> Place:
    """A paper in its place."""
    return Place(entry(number, **said), week, late, touched or week, NOW)


def wording(comment: str, week: str = WEEK) -> Wording:
    """A wording of that week."""
    return Wording(NOW, 1, comment, "J. 1", week)


def issue(week: str = WEEK, *, frozen: bool = True, **said: object) -> Issue:
    """A small issue with one paper and one landmark."""
    sections = (
        Section("lead", "Read first", (Item("arxiv:2603.00001", "code"),)),
        Section("shelf", "From the shelf", (Item("arxiv:1706.03762", "a landmark"),)),
    )
    made = Issue(
        week=week,
        title="Sunday Paper",
        composed=NOW,
        state="frozen" if frozen else "draft",
        headline=f"The week {week}",
        minute=(),
        sections=sections,
        entries=(),
        newly_accepted=(),
        funnel=Funnel(listed=30, new=20, updates=5, posts=5, accepted=1, near=1, printed=2),
        ledger=(),
        abstracts={"arxiv:2603.00001": "Abstract."},
        words=10,
        minutes=1,
        fingerprint="f",
    )
    return replace(made, **said)  # type: ignore[arg-type]


# ---------------------------------------------------------------- the file


def test_a_new_database_is_made_with_its_folders_and_reopens_as_it_was(tmp_path: Path) -> None:
    """What was saved is there after closing, and opening writes nothing."""
    path = tmp_path / "a" / "b" / "paper.db"
    with Store(path) as store:
        store.save([at()], [(entry().id, wording("8 pages"))], [PollState("arxiv", etag='"x"')])
        store.keep_issue(issue())
        store.keep_reports("2026-W11", [SourceReport("arxiv", "arxiv", "fresh")])
        store.log_run(Run(NOW, NOW, WEEK, 0, 1.5, {}))
    before, raw = dump(path), path.read_bytes()
    with Store(path) as store:
        assert store.known([entry().id]) == {entry().id: at()}
        assert store.wordings([entry().id]) == {entry().id: (wording("8 pages"),)}
        assert store.poll("arxiv") == PollState("arxiv", etag='"x"')
        assert store.issue(WEEK) == issue()
        assert store.reports("2026-W11") == {"arxiv": SourceReport("arxiv", "arxiv", "fresh")}
        assert store.last_runs() == (Run(NOW, NOW, WEEK, 0, 1.5, {}),)
    assert dump(path) == before
    assert path.read_bytes() == raw


@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_many_first_openings_at_the_same_time_make_one_database(
    tmp_path: Path, journal: Literal["delete", "wal"]
) -> None:
    """Twenty-four at once, three times; none finds it locked or half made."""

    def opened(path: Path, together: Barrier) -> list[str]:
        together.wait()
        with DatabaseFile(path, migrations, journal) as file:
            return file.db.table_names()

    with ThreadPoolExecutor(24) as pool:
        for number in range(3):
            asked = tmp_path / f"{number}.db", Barrier(24)
            tables = [one.result() for one in [pool.submit(opened, *asked) for _ in range(24)]]
            assert "entries" in tables[0]
            assert tables == [tables[0]] * 24


def test_a_file_system_without_locks_on_folders_is_no_hindrance(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As some network file systems."""

    def refuse(*_: int) -> None:
        raise OSError(errno.EBADF, "Bad file descriptor")

    monkeypatch.setattr("fcntl.flock", refuse)
    with Store(path) as store:
        assert store.known([]) == {}


def test_the_journal_is_not_a_write_ahead_log(store: Store) -> None:
    """One file to copy when nothing runs."""
    assert store.db.execute("pragma journal_mode").fetchone()[0] == "delete"


@pytest.mark.parametrize("journal", ["delete", "persist", "wal"])
def test_a_commit_is_on_the_disk_before_it_counts(
    path: Path, journal: Literal["delete", "persist", "wal"]
) -> None:
    """Full synchronisation, whatever the journal: a mail is claimed before it leaves."""
    with DatabaseFile(path, migrations, journal) as file:
        assert file.db.execute("pragma synchronous").fetchone()[0] == 2
    with DatabaseFile(path, migrations, journal) as file:
        assert file.db.execute("pragma synchronous").fetchone()[0] == 2


@pytest.mark.parametrize(
    ("version", "journal"),
    [((3, 51, 2), "persist"), ((3, 51, 3), "wal"), ((3, 52, 0), "wal"), ((3, 7, 0), "persist")],
)
def test_a_write_ahead_log_only_where_it_loses_no_commit(
    monkeypatch: pytest.MonkeyPatch, version: tuple[int, int, int], journal: str
) -> None:
    """SQLite 3.7.0 to 3.51.2 can lose one of two writers' commits in it."""
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
    assert fast_journal() == journal


def test_a_database_of_a_newer_version_is_refused_and_left_as_it_is(path: Path) -> None:
    """The sentence names the unknown migration and says to upgrade."""
    with Store(path) as store:
        store.db.table("_sqlite_migrations").insert(
            {"migration_set": "paper", "name": "comments_of_2031", "applied_at": "2031-01-01"}
        )
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"newer version .*comments_of_2031.*upgrade"):
        Store(path)
    assert path.read_bytes() == before


def test_a_migration_that_fails_leaves_the_database_as_it_was(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of the tables are not there; the next opening makes them all."""
    first = migrations.pending(Database(memory=True))[0]
    whole: Callable[..., None] = first.fn

    def broken(db: object) -> None:
        whole(db)
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(first, "fn", broken)
    with pytest.raises(StoreError, match="disk I/O error"):
        Store(path)
    assert not [line for line in dump(path) if "entries" in line]
    monkeypatch.undo()
    with Store(path) as store:
        assert store.known([]) == {}


@pytest.mark.parametrize(
    "raw", [b"not a database at all" * 100, b"SQLite format 3\0" + b"\xff" * 500]
)
def test_a_file_that_is_no_database_is_refused_with_a_sentence(path: Path, raw: bytes) -> None:
    """It says which file, and what to do; the file is not touched."""
    path.write_bytes(raw)
    with pytest.raises(StoreError, match=r"paper\.db: .*damaged or not a database; restore"):
        Store(path)
    assert path.read_bytes() == raw


def test_a_damaged_page_is_found_when_the_database_is_opened(path: Path) -> None:
    """Not at the first reading that happens to pass there."""
    with Store(path) as store:
        store.save([at(n, summary="word " * 300) for n in range(400)], [], [])
    raw = bytearray(path.read_bytes())
    middle = len(raw) // 2 // 4096 * 4096
    raw[middle : middle + 100] = b"\xff" * 100
    path.write_bytes(raw)
    with pytest.raises(StoreError, match=r"paper\.db: .*damaged or not a database; restore"):
        Store(path)


@pytest.mark.parametrize(
    ("damage", "name", "reading"),
    [
        ("entries set doc = '{'", "the entry arxiv:2603.00001", lambda s: s.known([entry().id])),
        ("entries set doc = '{}'", "the entry arxiv:2603.00001", lambda s: s.of_week(WEEK)),
        ("entries set first_seen = ''", "the entry arxiv:2603.00001", lambda s: s.of_week(WEEK)),
        ("polls set doc = 'x'", "the poll state of arxiv", lambda s: s.poll("arxiv")),
        ("polls set doc = null", "the poll state of arxiv", lambda s: s.poll("arxiv")),
        ("reports set doc = 'x'", "the report of arxiv for 2026-W11", lambda s: s.reports("2026-W11")),
        ("issues set head = '[]'", "the issue 2026-W10", lambda s: s.heads()),
        ("issues set doc = x'00ff'", "the issue 2026-W10", lambda s: s.issue(WEEK)),
        ("runs set doc = '{'", "line 1 of the run log", lambda s: s.last_runs()),
        ("runs set started = ''", "line 1 of the run log", lambda s: s.last_runs()),
    ],
)  # fmt: skip
def test_a_damaged_row_is_told_with_a_sentence(
    store: Store, damage: str, name: str, reading: Callable[[Store], object]
) -> None:
    """The file, what is kept in the row, and what to do; never a traceback of a parser."""
    store.save([at()], [], [PollState("arxiv")])
    store.keep_issue(issue())
    store.keep_reports("2026-W11", [SourceReport("arxiv", "arxiv", "fresh")])
    store.log_run(Run(NOW, NOW, WEEK, 0, 1.5, {}))
    reading(store)
    store.db.execute(f"update {damage}")
    with pytest.raises(StoreError, match=rf"paper\.db: {name} is unreadable; .*restore"):
        reading(store)


def test_a_text_with_a_byte_changed_is_damage_and_is_not_shown(store: Store) -> None:
    """The cure is a backup; what the row held may be somebody's address."""
    store.save([at()], [], [])
    store.db.execute("update entries set doc = cast(x'616461ff40' as text)")
    with pytest.raises(StoreError, match="restore it from a backup") as raised:
        store.known([entry().id])
    assert "ada" not in str(raised.value)


def test_a_path_that_cannot_hold_a_database_is_told_with_a_sentence(tmp_path: Path) -> None:
    """A file where a folder should be, and a folder where the file should be."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"file/paper\.db: "):
        Store(tmp_path / "file" / "paper.db")
    with pytest.raises(StoreError, match="unable to open database file; is the disk full"):
        Store(tmp_path)


def test_a_read_only_folder_is_told_with_a_sentence() -> None:
    """Seen by a user without privileges even where root runs the tests."""
    user = os.geteuid()
    with TemporaryDirectory() as name:
        Path(name).chmod(0o555)
        os.seteuid(65534 if user == 0 else user)
        try:
            with pytest.raises(StoreError, match=r"paper\.db: unable to open .*folder read-only"):
                Store(Path(name) / "paper.db")
            with pytest.raises(StoreError, match="Permission denied"):
                Store(Path(name) / "new" / "paper.db")
        finally:
            os.seteuid(user)
            Path(name).chmod(0o755)


def test_a_write_that_is_not_allowed_is_told_with_a_sentence(store: Store) -> None:
    """SQLite's own words and what to look at; reading goes on."""
    store.save([at()], [], [])
    store.db.execute("pragma query_only = 1")
    with pytest.raises(StoreError, match=r"attempt to write a readonly database; is the disk full"):
        store.save([at(2)], [], [])
    assert store.known([entry().id])


def test_a_full_disk_loses_nothing_that_was_there(store: Store) -> None:
    """The transaction that does not fit leaves no trace; after making room it goes through."""
    store.save([at()], [], [])
    pages = store.db.execute("pragma page_count").fetchone()[0]
    store.db.execute(f"pragma max_page_count = {pages + 2}")
    many = [at(n, summary="x" * 1000) for n in range(2, 300)]
    with pytest.raises(StoreError, match="full"):
        store.save(many, [], [PollState("arxiv", etag="new")])
    assert len(store.of_week(WEEK)) == 1
    assert store.poll("arxiv").etag == ""
    store.db.execute("pragma max_page_count = 100000")
    assert store.save(many, [], []) == len(many)


def test_a_database_held_by_another_program_is_told_with_a_sentence(
    store: Store, path: Path
) -> None:
    """Waiting has an end."""
    store.db.execute("pragma busy_timeout = 1")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("begin exclusive")
    with pytest.raises(StoreError, match="another program holding the file"):
        store.known(["arxiv:2603.00001"])
    other.close()
    assert store.known(["arxiv:2603.00001"]) == {}


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_store import at, wording, entry
from sundaypaper.store import Store
store = Store(Path(sys.argv[1]))
store.db.execute("pragma cache_size = 5")  # so that pages reach the disk before the commit
store._save_poll = lambda poll: os.kill(os.getpid(), signal.SIGKILL)
store.save([at(n, summary="new " * 300) for n in range(1, 900)], [(entry().id, wording("b"))], [None])
"""


def test_a_kill_in_the_middle_of_a_transaction_leaves_what_was_there(path: Path) -> None:
    """A real process, killed with half of its pages on the disk; the next opening rolls it back."""
    with Store(path) as store:
        store.save([at(n) for n in range(1, 600)], [(entry().id, wording("a"))], [])
    before = dump(path)
    here = str(Path(__file__).parent)
    dead = subprocess.run([sys.executable, "-c", KILLED, str(path), here], check=False)
    assert dead.returncode == -signal.SIGKILL
    assert path.with_name("paper.db-journal").exists()
    with Store(path) as store:
        assert len(store.of_week(WEEK)) == 599
        assert store.wordings([entry().id])[entry().id] == (wording("a"),)
    assert dump(path) == before


# ---------------------------------------------------------------- entries


@pytest.mark.parametrize("step", ["_save_poll", "_tell"])
def test_one_sources_places_wordings_poll_and_report_are_one_transaction(
    store: Store, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Where one of the last writes fails, none of the others is there."""

    def fail(*_: object) -> int:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(store, step, fail)
    told = {WEEK: Ledger([SourceReport("arxiv", "arxiv", "fresh")])}
    poll = PollState("arxiv", etag="new")
    with pytest.raises(StoreError, match="disk I/O error; the disk failed to read or write"):
        store.save([at()], [(entry().id, wording("8 pages"))], [poll], ledgers=told)
    assert store.known([entry().id]) == {}
    assert store.wordings([entry().id]) == {}
    assert (store.poll("arxiv"), store.reports(WEEK)) == (PollState("arxiv"), {})


def test_more_ids_than_one_question_takes_are_all_found(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """1,201 entries with wordings and printed rows, in one go, where SQLite takes 999 values."""
    monkeypatch.setattr(database, "sqlite3", stdlib)
    store = Store(path)
    store.db.conn.setlimit(stdlib.SQLITE_LIMIT_VARIABLE_NUMBER, 999)
    many = [at(n) for n in range(1201)]
    told = [(p.entry.id, wording("8 pages")) for p in many]
    assert store.save(many, told, []) == 2402
    ids = [p.entry.id for p in many]
    assert store.known([*ids, *ids, "arxiv:none"]) == {p.entry.id: p for p in many}
    assert store.wordings(iter(ids)).keys() == set(ids)
    items = tuple(Item(id, "") for id in ids)
    store.keep_issue(issue(sections=(Section("lead", "", items),)))
    assert store.printed_in(ids) == dict.fromkeys(ids, (WEEK,))
    assert (store.known([]), store.wordings([]), store.printed_in([])) == ({}, {}, {})


def test_saving_an_entry_again_replaces_it(store: Store) -> None:
    """One row an entry; the last one counts."""
    store.save([at()], [], [])
    store.save([at(late="2026-W11", title="Better")], [], [])
    assert store.of_week(WEEK) == (at(late="2026-W11", title="Better"),)


def test_the_same_poll_again_writes_no_row(store: Store) -> None:
    """Counted by SQLite itself."""
    poll = PollState("arxiv", etag='"a"', next_check=NOW)
    assert store.save([], [], [poll]) == 1
    before = store.db.conn.total_changes
    assert store.save([], [], [poll]) == 0
    assert store.db.conn.total_changes == before
    assert store.save([], [], [replace(poll, failures=1)]) == 1
    assert store.poll("arxiv") == replace(poll, failures=1)


def test_a_source_that_was_never_asked_remembers_nothing(store: Store) -> None:
    """A blank state with its name."""
    assert store.poll("new") == PollState("new")


def test_wordings_come_back_oldest_first_by_entry(store: Store) -> None:
    """In the order in which they were kept, also over several runs."""
    one, two = entry(1).id, entry(2).id
    store.save([], [(one, wording("a")), (two, wording("x"))], [])
    store.save([], [(one, wording("b")), (one, wording("a"))], [])
    assert store.wordings([one, two]) == {
        one: (wording("a"), wording("b"), wording("a")),
        two: (wording("x"),),
    }


def test_a_weeks_issue_holds_its_own_late_and_updated_entries_once(store: Store) -> None:
    """By id; what belongs to other weeks or to none stays out, as does a post edited in the week."""
    own, late, touched = at(1), at(2, "2026-W08", WEEK), at(3, "2026-W07", touched=WEEK)
    edited = Place(entry(4, kind="post"), "2026-W07", "", WEEK, NOW)
    backlog, other = at(5, "", touched="x"), at(6, "2026-W11")
    store.save([other, backlog, edited, touched, late, own], [], [])
    assert store.of_week(WEEK) == (own, late, touched)


def test_a_paper_reworded_in_a_week_belongs_to_it_even_after_a_later_update(store: Store) -> None:
    """A new version in the next week does not take the news out of an issue still in the making."""
    paper = at(1, "2026-W05", touched="2026-W11")
    first_met = at(2, "2026-W05", touched="2026-W05")
    told = [
        (paper.entry.id, wording("8 pages", "2026-W05")),
        (paper.entry.id, wording("Accepted", WEEK)),
        (first_met.entry.id, wording("8 pages", WEEK)),
    ]
    store.save([paper, first_met], told, [])
    assert store.of_week(WEEK) == (paper,)
    assert store.of_week("2026-W11") == (paper,)


def test_events_come_soonest_first_from_the_start_to_before_the_end(store: Store) -> None:
    """Entries without a start are none."""
    days = [NOW + timedelta(days=n) for n in (3, 0, 21, 1)]
    store.save([at(n, kind="event", starts=day) for n, day in enumerate(days)] + [at(9)], [], [])
    found = store.events(NOW, NOW + timedelta(days=21))
    assert [p.entry.starts for p in found] == [days[1], days[3], days[0]]


def test_papers_of_the_last_weeks_come_with_their_newest_wording(store: Store) -> None:
    """With the week in which each stands; older ones, backlog, posts and other papers are left out."""
    own, other = at(1, "2026-W09"), at(2, "2026-W10", id="doi:10.1/x")
    left = [at(3, "2026-W01"), at(4, "", touched="x"), at(5, kind="post"), at(6), other]
    told = [(p.entry.id, wording("8 pages")) for p in (own, *left)]
    store.save([own, *left], [*told[:-2], (own.entry.id, wording("Accepted"))], [])
    assert store.said_since("2026-W09") == {own.entry.id: ("2026-W09", wording("Accepted"))}


# ---------------------------------------------------------------- reports


def test_each_source_keeps_what_it_last_told_of_a_week(store: Store) -> None:
    """Not due and unchanged hide nothing that was told before, but end a failure."""
    fresh = SourceReport("arxiv", "arxiv", "fresh", expected=10, fetched=10)
    failed = SourceReport("blog", "feed", "failed", detail="timeout")
    quiet = SourceReport("quiet", "feed", "unchanged")
    idle = SourceReport("idle", "feed", "not due")
    store.keep_reports(WEEK, [fresh, failed, quiet, idle])
    kept = {"arxiv": fresh, "blog": failed, "quiet": quiet, "idle": idle}
    assert store.reports(WEEK) == kept
    again = [
        replace(fresh, state="unchanged", fetched=0),
        replace(failed, state="fresh", detail=""),
        replace(quiet, state="not due"),
    ]
    store.keep_reports(WEEK, again)
    assert store.reports(WEEK) == kept | {"blog": again[1]}
    store.keep_reports(WEEK, [replace(fresh, state="incomplete", fetched=4)])
    assert store.reports(WEEK)["arxiv"].state == "incomplete"
    assert store.reports("2026-W11") == {}


def test_what_a_bundle_recorded_is_told_as_it_stands(store: Store) -> None:
    """Told twice it is not added up; what a source told is."""
    own, recorded = SourceReport("B", "bundle", "fresh", new=2), SourceReport("X", "feed", "fresh", new=5)  # fmt: skip
    for _ in range(2):
        store.save([], [], [], ledgers={WEEK: Ledger([own], [recorded])})
    assert {name: report.new for name, report in store.reports(WEEK).items()} == {"B": 4, "X": 5}


def test_the_same_reports_again_write_no_row(store: Store) -> None:
    """Counted by SQLite itself."""
    reports = [SourceReport("arxiv", "arxiv", "fresh"), SourceReport("blog", "feed", "failed")]
    store.keep_reports(WEEK, reports)
    before = store.db.conn.total_changes
    store.keep_reports(WEEK, reports)
    assert store.db.conn.total_changes == before


def test_a_printed_week_keeps_its_reports_as_they_were(store: Store) -> None:
    """A draft's may still change."""
    fresh = SourceReport("arxiv", "arxiv", "fresh")
    store.keep_reports(WEEK, [fresh])
    store.keep_issue(issue(frozen=False))
    store.keep_reports(WEEK, [replace(fresh, fetched=3)])
    assert store.reports(WEEK)["arxiv"].fetched == 3
    store.keep_issue(issue())
    store.keep_reports(WEEK, [replace(fresh, state="failed"), replace(fresh, source="other")])
    assert store.reports(WEEK) == {"arxiv": replace(fresh, fetched=3)}


# ---------------------------------------------------------------- issues


def test_a_draft_changes_until_it_is_frozen_and_then_never(store: Store, path: Path) -> None:
    """Also not by an equal one or by a draft; the refusal is a sentence and writes nothing."""
    assert store.keep_issue(issue(frozen=False))
    assert store.keep_issue(issue(frozen=False, headline="Better"))
    assert store.keep_issue(issue())
    before = dump(path)
    for again in (issue(), issue(headline="Other"), issue(frozen=False)):
        with pytest.raises(
            StoreError, match="2026-W10 is printed; a printed issue does not change"
        ):
            store.keep_issue(again)
    assert dump(path) == before
    assert store.issue(WEEK) == issue()


def test_drafts_after_a_week_are_dropped_and_what_is_printed_never(store: Store) -> None:
    """With what they printed and claimed; an earlier draft stays."""
    for week, frozen in (("2026-W09", False), ("2026-W11", False), ("2026-W12", True)):
        store.keep_issue(issue(week, frozen=frozen))
    assert store.drop_drafts("2026-W10") == ("2026-W11",)
    assert store.drop_drafts("2026-W10") == ()
    assert list(store.issue_hashes()) == ["2026-W12", "2026-W09"]
    assert "2026-W11" not in store.printed_by_week()


def test_an_equal_draft_again_writes_no_row(store: Store) -> None:
    """Counted by SQLite itself; its digest stays, that of another differs."""
    store.keep_issue(issue(frozen=False))
    before, digests = store.db.conn.total_changes, store.issue_hashes()
    assert store.keep_issue(issue(frozen=False)) is False
    assert store.db.conn.total_changes == before
    assert store.issue_hashes() == digests
    store.keep_issue(issue(frozen=False, headline="Other"))
    assert store.issue_hashes() != digests


def test_an_issue_and_what_it_printed_are_kept_together(
    store: Store,
) -> None:
    """Two places of one entry in one section cannot be kept, and then nothing of the issue is."""
    store.keep_issue(issue(frozen=False))
    twice = (Item("arxiv:2603.00002", ""), Item("arxiv:2603.00002", ""))
    with pytest.raises(StoreError):
        store.keep_issue(issue(sections=(Section("lead", "", twice),)))
    assert store.issue(WEEK) == issue(frozen=False)
    store.keep_issue(issue())
    assert store.printed_in(["arxiv:2603.00001", "arxiv:2603.00002"]) == {
        "arxiv:2603.00001": (WEEK,)
    }


def test_an_issue_without_sections_is_kept(store: Store) -> None:
    """A quiet week prints nothing, and that is an issue too."""
    assert store.keep_issue(issue(sections=()))
    assert store.issue(WEEK) == issue(sections=())


def test_only_frozen_issues_have_printed_and_shelved(store: Store) -> None:
    """What a draft shows may still fall out; a second draft forgets what the first one showed."""
    ids = ["arxiv:2603.00001", "arxiv:1706.03762"]
    store.keep_issue(issue(frozen=False))
    assert store.printed_in(ids) == {}
    assert store.shelved() == {}
    store.keep_issue(issue("2026-W11"))
    store.keep_issue(issue("2026-W09"))
    assert store.printed_in(ids) == dict.fromkeys(ids, ("2026-W09", "2026-W11"))
    assert store.shelved() == {"arxiv:1706.03762": "2026-W09"}
    store.keep_issue(issue(sections=()))
    assert store.printed_in(ids)[ids[0]] == ("2026-W09", "2026-W11")


def test_the_archive_lists_issues_newest_first(store: Store) -> None:
    """Heads and digests in one order, over a new year."""
    for week in ("2026-W53", "2027-W01", "2026-W09"):
        store.keep_issue(issue(week))
    assert [head.week for head in store.heads()] == ["2027-W01", "2026-W53", "2026-W09"]
    assert list(store.issue_hashes()) == ["2027-W01", "2026-W53", "2026-W09"]
    head = store.heads()[0]
    assert (head.state, head.printed, head.listed, head.composed) == ("frozen", 2, 30, NOW)
    assert store.issue("2026-W01") is None


def test_the_run_log_tells_the_newest_first(store: Store) -> None:
    """As many as were asked for, each as it was logged."""
    runs = [Run(NOW, NOW, WEEK, n, 1.5, {"failed": ["blog"], "n": n}) for n in range(7)]
    for run in runs:
        store.log_run(run)
    assert store.last_runs(2) == (runs[6], runs[5])
    assert len(store.last_runs()) == 5


# ---------------------------------------------------------------- what pages need of many issues


def accepted_at(number: int, *claims: Claim) -> Pick:
    """A pick with those claims."""
    return replace(paper(number), id=f"arxiv:2603.{number:05}", claims=claims)


CVPR = Claim("cvpr", 2026, "main", "accepted", None, "CVPR 2026")
ICML = Claim("icml", 2026, "main", "submitted", None, "submitted to ICML 2026")


def test_picks_are_read_without_the_rest_of_the_week(store: Store) -> None:
    """What stands in a section comes back with its sections; what is only listed does not."""
    printed, listed = accepted_at(1), accepted_at(9)
    store.keep_issue(issue(entries=(printed, listed)))
    store.keep_issue(issue("2026-W11", entries=(listed,)))
    found = store.picked([WEEK, "2026-W12"])
    assert list(found) == [WEEK]
    assert found[WEEK].picks == (printed,)
    assert found[WEEK].where["arxiv:2603.00001"] == ("lead",)
    assert store.picked([]) == {}
    assert store.printed_by_week()[WEEK] == {"arxiv:2603.00001", "arxiv:1706.03762"}


def test_a_venue_lists_who_says_to_be_accepted_once(store: Store) -> None:
    """Two weeks tell of one paper and a submission is none; a draft made anew forgets its lines."""
    store.keep_issue(issue(entries=(accepted_at(1, CVPR, ICML), accepted_at(2, CVPR))))
    store.keep_issue(issue("2026-W11", frozen=False, entries=(accepted_at(2, CVPR, CVPR),)))
    lines = store.claimed("cvpr", 2026, 9)
    assert [(line.id[-1], line.week) for line in lines] == [("2", "2026-W11"), ("1", WEEK)]
    assert [line.id[-1] for line in store.claimed("cvpr", 2026, 1)] == ["2"]
    assert store.claimed_by_week("cvpr", 2026) == {"2026-W11": 1, WEEK: 1}
    assert store.venue_years() == {("cvpr", 2026): (2, (WEEK, "2026-W11"))}
    store.keep_issue(issue("2026-W11", frozen=False))
    assert [line.week for line in store.claimed("cvpr", 2026, 9)] == [WEEK, WEEK]
    assert store.claimed("icml", 2026, 9) == ()


def test_a_file_of_before_is_given_picks_and_venues(path: Path) -> None:
    """An issue that was kept by an older version is read by the newer one."""
    with Store(path) as store:
        first = accepted_at(1, CVPR, replace(CVPR, track="workshop"))
        store.keep_issue(issue(entries=(first, accepted_at(9, ICML))))
        for table in ("claimed", "amendments"):
            store.db.table(table).drop()
        store.db.table("issues").transform(drop={"picked"})
        store.db.execute(
            "delete from _sqlite_migrations where name in ('what_pages_need', 'what_lists_look_at', 'what_was_taken_back')"
        )
    with Store(path) as store:
        kept = store.picked([WEEK])[WEEK]
        assert kept.week == WEEK
        assert kept.picks == (first,)
        assert kept.where == {"arxiv:2603.00001": ("lead",), "arxiv:1706.03762": ("shelf",)}
        assert kept.abstracts == {"arxiv:2603.00001": "Abstract."}
        [line] = store.claimed("cvpr", 2026, 9)
        assert (line.id, line.week, line.claim) == ("arxiv:2603.00001", WEEK, CVPR)
        assert (line.title, line.url) == (paper(1).title, paper(1).url)
        assert line.listed.abstract == "Abstract."
        assert line.listed.claims == first.claims
        assert store.claimed("icml", 2026, 9) == ()
        assert store.amendments() == {}


def test_amendments_come_back_by_entry_oldest_first(store: Store) -> None:
    """A note and a removal of one entry; what was removed is known by its id."""
    late = Amendment("arxiv:2603.00001", NOW + timedelta(days=2), "removed", "asked by its authors")
    early = Amendment("arxiv:2603.00001", NOW, "note", "The venue was misread.")
    other = Amendment("arxiv:2603.00002", NOW, "note", "Its code has moved.")
    for amendment in (late, early, other):
        store.amend(amendment)
    assert store.amendments() == {late.id: (early, late), other.id: (other,)}
    assert store.removed() == {late.id}
