"""Pruning an old paper: what is packed reads as before, and only raw data leaves the site."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from published import dump, publish, texts
from sample_issue import claim, paper
from sundaypaper.cli.commands import app
from sundaypaper.errors import StoreError
from sundaypaper.models import Amendment, Entry, Issue, Pick, Place
from sundaypaper.pipeline import pruning
from sundaypaper.store import Store, packs
from test_archive import week_of

NOW = datetime(2026, 3, 8, 12, tzinfo=UTC)
OLD = "2026-W01"
WEEKS = (OLD, "2026-W02", "2026-W08")


def of(week: str, *picks: Pick) -> Issue:
    """A printed issue whose first entry stands in it, and whose others are only listed."""
    made = week_of(week, *(replace(pick, week=week) for pick in picks))
    first = picks[0].id
    sections = tuple(
        replace(section, items=tuple(item for item in section.items if item.id == first))
        for section in made.sections
    )
    texts = {pick.id: f"An abstract of “{pick.title}”\u2028 in full." for pick in picks}
    return replace(made, sections=sections, abstracts=texts)


def place(number: int, week: str, summary: str = "Words of an abstract.") -> Place:
    """A stored paper of a week."""
    id = paper(number).id
    made = Entry(id, "paper", "arXiv", f"https://arxiv.org/abs/{id[6:]}", "A “title”", summary)
    return Place(made, week, "", "", NOW)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A paper of three weeks: one paper of each is printed, two are listed, one of them accepted."""
    with Store(tmp_path / "paper.db") as store:
        for n, week in enumerate(WEEKS):
            store.save([place(10 * n + k, week) for k in (1, 2, 3)], (), ())
            listed = replace(paper(10 * n + 2), claims=(claim(4),))
            store.keep_issue(of(week, paper(10 * n + 1), listed, paper(10 * n + 3)))
    return tmp_path


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    """That paper's database."""
    with Store(folder / "paper.db") as opened:
        yield opened


def all_of(store: Store) -> object:
    """All that is read of issues, entries and claims."""
    issues = {week: store.issue(week) for week in WEEKS}
    ids = [paper(10 * n + k).id for n in range(3) for k in (1, 2, 3)]
    assert len(store.known(ids)) == 9
    assert len(store.claimed("cvpr", 2026, 9)) == 3
    return issues, store.known(ids), store.claimed("cvpr", 2026, 9), store.issue_hashes()


def rows(store: Store, query: str) -> list[tuple[object, ...]]:
    """The rows of a query."""
    return list(store.db.execute(query).fetchall())


def test_what_is_packed_reads_as_before(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries, claims and issues, with their hashes; the documents themselves are gone from the rows."""
    monkeypatch.setattr(packs, "OPEN", 1)
    before = all_of(store)
    done = pruning.prune(store, 5, lambda week: None)
    assert (done.until, done.packed) == ("2026-W03", (OLD, "2026-W02"))
    assert rows(store, "select week from issues where doc is null order by week") == [
        (OLD,),
        ("2026-W02",),
    ]
    assert len(rows(store, "select id from entries where doc = ''")) == 4
    assert all_of(store) == before
    assert pruning.prune(store, 5, lambda week: None).packed == ()


def test_printed_entries_and_what_a_later_week_touched_stay_out(store: Store) -> None:
    """They are asked for most, and will change."""
    late = replace(place(2, OLD), touched="2026-W08")
    store.save([late], (), ())
    pruning.prune(store, 5, lambda week: None)
    loose = rows(store, "select id from entries where week = '2026-W01' and doc != '' order by id")
    assert loose == [(paper(1).id,), (paper(2).id,)]
    assert store.known([late.entry.id])[late.entry.id] == late


def test_an_entry_that_changed_joins_the_pack_of_its_week_later(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is there already stays, and what it said before is forgotten."""
    pruning.prune(store, 5, lambda week: None)
    kept = store.known([paper(3).id])
    changed = place(2, OLD, "Other words.")
    store.save([changed], (), ())
    assert store.known([paper(2).id])[paper(2).id] == changed
    assert pruning.due(store, 5) == ()
    monkeypatch.setattr(packs, "LOOSE", 1)
    issue = store.issue(OLD)
    assert pruning.prune(store, 5, lambda week: None).packed == (OLD,)
    assert store.known([paper(2).id])[paper(2).id] == changed
    assert (store.known([paper(3).id]), store.issue(OLD)) == (kept, issue)


def test_a_pack_that_reads_as_something_else_is_refused(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing is changed: what lay in the rows was the only copy."""
    whole = packs.packed
    monkeypatch.setattr(packs, "packed", lambda entries, *rest: whole(entries[1:], *rest))
    before = dump(folder / "paper.db")
    with pytest.raises(StoreError, match=r"the pack of 2026-W01 is unreadable; .*restore"):
        pruning.prune(store, 5, lambda week: None)
    assert dump(folder / "paper.db") == before


@pytest.mark.parametrize("damage", ["zeroblob(50)", "substr(doc, 1, 200)", "x''"])
def test_a_damaged_pack_is_told_by_what_was_asked_for(store: Store, damage: str) -> None:
    """Whether it is no pack at all or ends before its time."""
    pruning.prune(store, 5, lambda week: None)
    store.db.execute(f"update packs set doc = {damage}")
    with pytest.raises(StoreError, match=r"the issue 2026-W01 is unreadable; .*restore"):
        store.issue(OLD)
    with pytest.raises(StoreError, match=r"the entry arxiv:\S+ is unreadable; .*restore"):
        store.known([paper(2).id])


KILLED = """
import os, signal, sys
from pathlib import Path
from sundaypaper.pipeline import pruning
from sundaypaper.store import Store, packs
whole = packs.packed
def packed(entries, claims, issue):
    if b"2026-W02" in issue:
        os.kill(os.getpid(), signal.SIGKILL)
    return whole(entries, claims, issue)
packs.packed = packed
with Store(Path(sys.argv[1])) as store:
    pruning.prune(store, 5, lambda week: None)
"""


def test_after_a_kill_in_the_middle_pruning_goes_on_where_it_was(folder: Path) -> None:
    """A real process: the week before is packed, the one under way is whole, nothing is noted."""
    with Store(folder / "paper.db") as store:
        before = all_of(store)
    dead = subprocess.run(
        [sys.executable, "-c", KILLED, str(folder / "paper.db")], check=False, env=os.environ
    )
    assert dead.returncode == -signal.SIGKILL
    with Store(folder / "paper.db") as store:
        assert all_of(store) == before
        assert pruning.pruned_until(store) == ""
        assert pruning.prune(store, 5, lambda week: None).packed == ("2026-W02",)
        assert all_of(store) == before


# ---------------------------------------------------------------- the site


def test_only_raw_data_of_old_weeks_leaves_the_site(folder: Path) -> None:
    """Every page and every file of the search is as before, also where all is made from nothing."""
    before = texts(publish(folder))
    with Store(folder / "paper.db") as store:
        pruning.prune(store, 5, lambda week: None)
    after = texts(publish(folder))
    gone = {f"issues/{week}/taste.js" for week in WEEKS[:2]}
    shorter = {f"issues/{week}/issue.json" for week in WEEKS[:2]}
    assert before.keys() - after.keys() == gone
    assert {path for path in after if after[path] != before[path]} == shorter
    document = json.loads(after[f"issues/{OLD}/issue.json"])
    assert ([entry["id"] for entry in document["entries"]], document["left_out"]) == (
        [paper(1).id],
        2,
    )
    assert json.loads(after["issues/2026-W08/issue.json"])["left_out"] == 0
    (folder / "output" / "site").unlink()
    assert texts(publish(folder)) == after


def test_a_removal_reaches_a_packed_week(folder: Path) -> None:
    """Its pages and its index are made anew from the pack, without what was taken out."""
    with Store(folder / "paper.db") as store:
        pruning.prune(store, 5, lambda week: None)
    publish(folder)
    gone = Amendment(paper(2).id, NOW, "removed", "Its authors asked.")
    site = texts(publish(folder, amendments=(gone,)))
    assert paper(1).title in site[f"issues/{OLD}/index.html"]
    assert paper(2).id[6:] not in site[f"issues/{OLD}/all/index.html"]
    assert paper(3).id[6:] in site[f"issues/{OLD}/all/index.html"]


# ---------------------------------------------------------------- the command


def test_the_command_says_what_it_would_do_and_does_it(folder: Path) -> None:
    """A dry run writes nothing; a paper that is too young has nothing to prune."""
    call = ["--root", str(folder), "prune"]
    before = dump(folder / "paper.db")
    young = CliRunner().invoke(app, call)
    assert (young.exit_code, "no issue is older than the newest 13 weeks" in young.output) == (0, True)  # fmt: skip
    dry = CliRunner().invoke(app, [*call, "--keep-weeks", "5", "--dry-run"])
    assert "weeks up to 2026-W03: 2 to pack (2026-W01 to 2026-W02); nothing was done" in dry.output
    assert dump(folder / "paper.db") == before
    done = CliRunner().invoke(app, [*call, "--keep-weeks", "5"])
    assert (done.exit_code, "pruned up to 2026-W03: 2 packed" in done.output) == (0, True)


def test_without_room_to_write_the_file_anew_it_is_packed_all_the_same(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk costs no data: what is free within the file is used by later weeks."""
    monkeypatch.setattr(pruning, "_lacks", lambda path: 5_000_000)
    done = CliRunner().invoke(app, ["--root", str(folder), "prune", "--keep-weeks", "5"])
    assert (done.exit_code, "the disk lacks 5 MB" in done.output) == (1, True)
    with Store(folder / "paper.db") as store:
        assert pruning.due(store, 5) == ()
        all_of(store)
