"""Databases that earlier versions wrote: they open, and say what they said then."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3 as stdlib
import subprocess
import sys
import zlib
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from published import dump
from sundaypaper.config import default_config
from sundaypaper.delivery import Outbox, Readers, figures, outbox, queries
from sundaypaper.errors import StoreError
from sundaypaper.models import Answer, Delivery, Subscriber
from sundaypaper.pipeline import publishing
from sundaypaper.store import Store

# paper-0.1.0.db and readers-0.1.0.db: they are the state called 0.1.0.
DATA = Path(__file__).parent / "data"
WEEKS = ("2026-W47", "2026-W46", "2026-W45")
NOW = datetime(2026, 3, 8, 12, tzinfo=UTC)
READER = Subscriber(
    id=1,
    address="reader@lab.example",
    filter="topic:robotics has:code",
    edition="",
    empty="say",
    state="confirmed",
    token="4ipkolgjyqjw7ua6bsbsuokzfq",
    origin="command",
    preferences="nh5sj5kxhmpefa6clalwja52ln",
)
# preferences: 26 characters of the HMAC of the token under 32 zero bytes, taken with openssl.
# The tag: 26 characters of the HMAC under the file's secret, taken without this program.
CLAIMED = Delivery("2026-W10", 1, "hswxnaqcqjidwiqgjv3eoa7cc2", "sending", 1, NOW, NOW)


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """A copy of the paper.db of 0.1.0."""
    return Path(shutil.copy(DATA / "paper-0.1.0.db", tmp_path / "paper.db"))


@pytest.fixture
def readers(tmp_path: Path) -> Path:
    """A copy of the readers.db of 0.1.0."""
    return Path(shutil.copy(DATA / "readers-0.1.0.db", tmp_path / "readers.db"))


def test_the_first_paper_shows_its_issues(paper: Path) -> None:
    """Heads, sections and picks of the three weeks, as the demo of 0.1.0 printed them."""
    with Store(paper) as store:
        heads = store.heads()
        issue = store.issue("2026-W46")
        picked = store.picked(["2026-W46"])["2026-W46"]
    assert tuple(head.week for head in heads) == WEEKS
    assert [(head.printed, head.listed) for head in heads] == [(28, 31), (25, 29), (25, 29)]
    assert heads[1].headline == "11 papers say they were accepted at NeurIPS, ICML and CVPR."
    assert issue is not None
    assert (issue.state, len(issue.entries), issue.words, issue.minutes) == ("frozen", 31, 1316, 6)
    assert [item.id for item in issue.sections[0].items][:2] == ["arxiv:2304.08485", "arxiv:2203.02155"]  # fmt: skip
    assert issue.newly_accepted[0].claim.span == "ICML 2025 Oral"
    assert picked.where["arxiv:2304.08485"] == ("lead",)


def test_the_first_paper_knows_its_entries_and_sources(paper: Path) -> None:
    """An entry with its place and wordings, a poll state, the reports and the run log."""
    with Store(paper) as store:
        place = store.known(["arxiv:1706.03762"])["arxiv:1706.03762"]
        wordings = store.wordings(["arxiv:2504.10415"])["arxiv:2504.10415"]
        poll = store.poll("Landmarks")
        reports = store.reports("2026-W46")
        run = store.last_runs(1)[0]
    assert (place.entry.title, place.week) == ("Attention Is All You Need", "2026-W45")
    assert place.entry.authors[-1] == "Illia Polosukhin"
    assert [wording.version for wording in wordings] == [1, 2]
    assert (poll.etag, poll.fetched_once) == ("", False)
    assert {name: report.state for name, report in reports.items()} == {
        "Landmarks": "fresh",
        "Example feed": "failed",
        "The shelf": "unchanged",
    }
    assert (run.week, run.status, run.detail["failed"]) == ("2026-W47", 0, [])


def test_the_first_paper_lists_claims_and_counts(paper: Path) -> None:
    """NeurIPS 2014 as its page lists it, and what a week brought."""
    with Store(paper) as store:
        lines = store.claimed("neurips", 2014, 9)
        counts = {(c.week, c.kind, c.key): (c.entries, c.printed) for c in store.counts(WEEKS)}
    assert [(line.id, line.week, line.claim.track) for line in lines] == [
        ("arxiv:1406.2661", "2026-W47", "main"),
        ("arxiv:1409.3215", "2026-W46", "main"),
        ("arxiv:1503.02531", "2026-W45", "workshop"),
    ]
    assert lines[1].title == "Sequence to Sequence Learning with Neural Networks"
    assert counts["2026-W46", "all", ""] == (28, 22)
    assert counts["2026-W45", "topic", "vision"] == (5, 3)


def test_the_first_papers_claims_get_what_a_filter_looks_at(paper: Path) -> None:
    """A line of NeurIPS 2014 in a file of 0.1.0: abstract, authors, categories, topics and day."""
    with Store(paper) as store:
        line = store.claimed("neurips", 2014, 9)[1].listed
    assert line.abstract.startswith("One LSTM reads a sentence into a vector")
    assert line.authors == ("Ilya Sutskever", "Oriol Vinyals", "Quoc V. Le")
    assert (line.kind, line.source, line.categories) == ("paper", "arXiv", ("cs.CL",))
    assert (line.day, line.week, line.ring) == ("2014-09-10", "2026-W46", "accepted")
    assert [claim.venue for claim in line.claims] == ["neurips"]


def test_the_first_paper_is_published(paper: Path, tmp_path: Path) -> None:
    """All pages and documents of its three weeks are made from the old file alone."""
    config = replace(default_config(), sources=())
    with Store(paper) as store:
        publishing.publish(config, store, tmp_path / "output", None)
    site = tmp_path / "output" / "site"
    document = json.loads((site / "issues" / "2026-W46" / "issue.json").read_bytes())
    assert document["format"] == 1
    assert document["headline"] == "11 papers say they were accepted at NeurIPS, ICML and CVPR."
    assert "LLM-SRBench" in (site / "issues" / "2026-W46" / "index.html").read_text("utf-8")
    assert "Sequence to Sequence" in (site / "venues" / "neurips" / "2014" / "index.html").read_text("utf-8")  # fmt: skip


def test_the_first_readers_get_what_they_asked_for(readers: Path) -> None:
    """The one subscriber with every wish, and the record of why they may be written to."""
    with Readers(readers, bytes) as file:
        assert file.subscribers() == file.receiving(NOW.date()) == (READER,)
        assert file.find_address("Reader@Lab.example") == READER
        kept = file.export("reader@lab.example")
    assert kept["consents"][0]["text"] == "added by hand with `subscribers add`"
    assert kept["suppressed"] is None


def test_a_mail_to_the_first_readers_has_the_tag_that_it_had(readers: Path) -> None:
    """Their secrets are kept: a bounce of before still finds its row."""
    with Readers(readers, bytes) as file:
        box = Outbox(file)
        assert box.queue("2026-W10", [1], NOW) == 1
        assert box.deliveries("2026-W10") == (replace(CLAIMED, state="queued", tries=0),)


def test_a_mail_of_the_first_readers_may_come_back(readers: Path) -> None:
    """A row of 0.1.0 gets the state and the code that came later."""
    with Readers(readers, bytes) as file:
        box = Outbox(file)
        box.queue("2026-W10", [1], NOW)
        [claimed] = box.claim(box.due("2026-W10", NOW), NOW)
        box.settle(claimed, Answer("sent", 250), NOW)
        back = box.returned(claimed.tag, "5.7.1", "550 5.7.1 no", NOW)
        assert back
        assert (back.state, back.status, back.told) == ("returned", "5.7.1", "550 5.7.1 no")
        assert box.counts("2026-W10")["returned"] == 1


# What 0.1.0 may have kept of two people more: mails that went out, one that waits, who left or was
# suppressed, and when.
KEPT = """
insert into subscribers (id, address, key, hash, filter, edition, empty, state, token, origin, created)
  values (2, 'b@lab.example', 'b@lab.example', x'02', '', 'building', 'say', 'left', 'b', 'import', '2026-01-01'),
         (3, 'c@lab.example', 'c@lab.example', x'03', 'cat:cs.CL', '', 'say', 'confirmed', 'c', 'import', '2026-01-01');
insert into deliveries (week, subscriber, tag, state, tries, queued, since, due, claimed)
  values ('2026-W08', 2, 't', 'sent', 1, '', '', '', '2026-02-22T12:00:00+00:00'),
         ('2026-W09', 2, 'u', 'sent', 1, '', '', '', '2026-03-01T12:00:00+00:00'),
         ('2026-W09', 1, 'v', 'sent', 1, '', '', '', '2026-03-01T12:00:00+00:00'),
         ('2026-W09', 3, 'w', 'queued', 0, '', '', '', null);
insert into consents (subscriber, at, kind, text)
  values (2, '2026-01-01T00:00:00+00:00', 'imported', 'lab list'),
         (3, '2026-01-01T00:00:00+00:00', 'imported', 'lab list'),
         (2, '2026-02-27T00:00:00+00:00', 'withdrawn', 'leave mail'),
         (3, '2026-03-02T00:00:00+00:00', 'withdrawn', 'suppressed: bounce');
"""


def test_the_first_readers_are_counted_and_their_mails_have_a_wish(readers: Path) -> None:
    """Who came and went by day, at the issue that they got last; the wish as far as it is known."""
    change(readers, KEPT)
    with Readers(readers, bytes) as file:
        mails = {(one.week, one.subscriber): (one.filter, one.edition) for week in ("2026-W08", "2026-W09")
                 for one in Outbox(file).deliveries(week)}  # fmt: skip
        counted = [tuple(tally) for tally in figures.tallies(file)]
        keys = [one.preferences for one in file.subscribers()]
        assert file.by_preferences(keys[0]) == READER
    assert mails == {
        ("2026-W08", 2): ("", "building"),
        ("2026-W09", 1): ("topic:robotics has:code", ""),
        ("2026-W09", 2): ("", "building"),
        ("2026-W09", 3): ("", ""),
    }
    assert counted == [
        (date(2026, 1, 1), "joined", "", 2),
        (date(2026, 2, 27), "left", "2026-W08", 1),
        (date(2026, 3, 2), "bounce", "", 1),
        (date(2026, 3, 8), "joined", "", 1),
    ]
    assert len(set(keys)) == 3
    assert {len(key) for key in keys} == {26}


READERS_KILLED = """
import os, signal, sys
from pathlib import Path
from sundaypaper.delivery import Readers, tables
whole = tables._what_was_before
def before(db):
    whole(db)
    os.kill(os.getpid(), signal.SIGKILL)
tables._what_was_before = before
Readers(Path(sys.argv[1]), os.urandom)
"""


def test_a_kill_while_the_readers_are_migrated_leaves_the_old_file(readers: Path) -> None:
    """A real process; the next opening begins anew, and changes nothing twice."""
    change(readers, KEPT)
    people = "select * from subscribers order by id"
    before = rows(readers, people)
    dead = subprocess.run([sys.executable, "-c", READERS_KILLED, str(readers)], check=False)
    assert dead.returncode == -signal.SIGKILL
    assert rows(readers, people) == before
    assert (
        rows(readers, "select name from sqlite_master where name in ('notices', 'tallies')") == []
    )
    for _ in range(2):
        with Readers(readers, bytes) as file:
            assert sum(tally.times for tally in figures.tallies(file)) == 5
            assert file.find(1) == READER


def test_rows_of_readers_are_read_by_the_names_of_their_columns(
    readers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked for in another order, a subscriber and a delivery are the same."""
    monkeypatch.setattr(queries, "COLUMNS", "paused, preferences, origin, token, state, empty, edition, filter, address, id")  # fmt: skip
    monkeypatch.setattr(outbox, "COLUMNS", "welcome, edition, filter, told, settled, due, queued, tries, status, state, tag, subscriber, week")  # fmt: skip
    asked = ("d.tries, d.queued,", "s.address, s.filter,")
    for name in ("NEXT", "NEXT_OF", "SOME"):
        text = getattr(outbox, name)
        assert all(names in text for names in asked)
        other = text.replace(asked[0], "d.queued, d.tries,")
        monkeypatch.setattr(outbox, name, other.replace(asked[1], "s.filter, s.address,"))
    with Readers(readers, bytes) as file:
        box = Outbox(file)
        box.queue("2026-W10", [1], NOW)
        assert box.due("2026-W10", NOW) == [(replace(CLAIMED, state="queued", tries=0), READER)]
        claimed = replace(CLAIMED, filter="topic:robotics has:code")
        assert box.claim([(CLAIMED, READER)], NOW) == [claimed]
        assert box.deliveries("2026-W10") == (claimed,)
        assert file.subscribers() == (READER,)


def test_readers_of_a_newer_version_are_refused_and_left_as_they_are(readers: Path) -> None:
    """The sentence names what is unknown and says to upgrade, not to move the file away."""
    newer = "insert into _sqlite_migrations values (9, 'readers', 'phones_of_2031', '2031-01-01');"
    change(readers, newer)
    before = dump(readers)
    with pytest.raises(StoreError) as caught:
        Readers(readers, bytes)
    assert str(caught.value) == (
        f"{readers}: written by a newer version of Sunday Paper (phones_of_2031); "
        "upgrade the program"
    )
    assert dump(readers) == before


# ---------------------------------------------------------------- migrations that are pending


BEFORE_PICKS = """
drop table claimed;
drop table amendments;
drop table counts;
alter table issues drop column picked;
delete from _sqlite_migrations where name in ('what_pages_need', 'what_weeks_brought');
"""
CLAIMS = "select venue, year, week, entry, doc from claimed order by venue, year, entry, week"
BEFORE_COUNTS = """
drop table counts;
delete from _sqlite_migrations where name = 'what_weeks_brought';
"""


def rows(path: Path, query: str) -> list[Any]:
    """What a query gives, asked without this program."""
    with stdlib.connect(path) as db:
        found = db.execute(query).fetchall()
    db.close()
    return found


def change(path: Path, script: str) -> None:
    """Run SQL on a file without this program."""
    with stdlib.connect(path) as db:
        db.executescript(script)
    db.close()


def as_first_kept(doc: str) -> Any:
    """A claim without what later versions keep beside it."""
    return {key: v for key, v in json.loads(doc).items() if key not in ("format", "listed")}


def _text(document: str | bytes) -> str:
    """A document of a claim, which is compressed in newer files."""
    return document if isinstance(document, str) else zlib.decompress(document).decode()


def derived(path: Path) -> dict[str, list[Any]]:
    """All that migrations derive from issues, as plain data."""
    picked = rows(path, "select week, picked from issues order by week")
    return {
        "picked": [(week, json.loads(zlib.decompress(document))) for week, document in picked],
        "claimed": [(*at, as_first_kept(_text(doc))) for *at, doc in rows(path, CLAIMS)],
        "counts": rows(path, "select * from counts order by week, kind, key"),
    }


@pytest.mark.parametrize("script", [BEFORE_PICKS, BEFORE_COUNTS], ids=["picks", "counts"])
def test_what_migrations_derive_is_what_0_1_0_wrote(paper: Path, script: str) -> None:
    """Picks, claims and counts of its three weeks: derived later, they are what 0.1.0 derived."""
    change(paper, script)
    with Store(paper) as store:
        assert store.picked(["2026-W46"])["2026-W46"].where["arxiv:2304.08485"] == ("lead",)
        assert [line.week for line in store.claimed("neurips", 2014, 1)] == ["2026-W47"]
    found, kept = derived(paper), derived(DATA / "paper-0.1.0.db")
    assert (found["picked"], found["claimed"]) == (kept["picked"], kept["claimed"])
    assert (len(kept["picked"]), len(kept["claimed"])) == (3, 75)
    # arxiv:1611.03530 (ICLR) and arxiv:1505.00468 (ICCV) stood on the shelf a week before they were
    # news. The migration counts them as news, as it did in 0.1.0; printing did not.
    assert set(found["counts"]) - set(kept["counts"]) == {
        ("2026-W46", "venue", "iclr", 6, 6),
        ("2026-W47", "venue", "iccv", 1, 1),
    }
    assert set(kept["counts"]) - set(found["counts"]) == {("2026-W46", "venue", "iclr", 5, 5)}
    assert len(kept["counts"]) == 110


KILLED = """
import os, signal, sys
from pathlib import Path
from sundaypaper.store import Store, tables
whole = tables._issues
def issues(db):
    db.execute("pragma cache_size = 1")  # so that pages reach the disk before the commit
    for number, issue in enumerate(whole(db)):
        if number == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        yield issue
tables._issues = issues
Store(Path(sys.argv[1]))
"""


def test_a_kill_in_the_middle_of_migrating_leaves_the_old_file(paper: Path) -> None:
    """A real process, killed with pages of two weeks on the disk; the next opening begins anew."""
    change(paper, BEFORE_PICKS)
    before = dump(paper)
    dead = subprocess.run([sys.executable, "-c", KILLED, str(paper)], check=False)
    assert dead.returncode == -signal.SIGKILL
    assert paper.with_name("paper.db-journal").exists()
    assert dump(paper) == before
    Store(paper).db.close()
    found, kept = derived(paper), derived(DATA / "paper-0.1.0.db")
    assert (found["picked"], found["claimed"]) == (kept["picked"], kept["claimed"])
    assert len(found["counts"]) == 111


def test_a_damaged_issue_that_a_migration_needs_is_named(paper: Path) -> None:
    """And the file stays what it was."""
    change(paper, BEFORE_PICKS)
    change(paper, "update issues set doc = x'00ff' where week = '2026-W46'")
    before = dump(paper)
    with pytest.raises(StoreError, match=r"paper\.db: the issue 2026-W46 is unreadable; .*restore"):
        Store(paper)
    assert dump(paper) == before
