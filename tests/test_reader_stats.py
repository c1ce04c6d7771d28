"""What the operator sees of the readers: `stats`, a line of `status`, and who has not confirmed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from os import urandom
from pathlib import Path

import pytest

from sundaypaper.database import sqlite3
from sundaypaper.delivery import Outbox, Readers, SignUps
from sundaypaper.models import Answer, SignUp, Subscriber
from terminal import typed

NOW = datetime(2026, 3, 12, 12, tzinfo=UTC)  # a Thursday, 2026-W11
DAY = timedelta(days=1)
SENT = Answer("sent", 250)
FEEDS = """sources: [{kind: arxiv}]
topics:
  - {id: vision, name: Computer vision, match: "vision"}
  - {id: nlp, name: Language, match: "language"}
editions:
  - {id: building, name: Building, match: "topic:nlp"}
"""
# Days before NOW on which they came, and what they wish.
PEOPLE = (
    (20, ""), (20, ""), (20, "topic:vision"), (13, "topic:vision OR topic:nlp"),
    (13, "author:hinton -topic:nlp"), (6, "topic:vision has:code -topic:nlp"), (1, ""),
)  # fmt: skip


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A paper that nobody reads yet."""
    (tmp_path / "feeds.yaml").write_text(FEEDS, encoding="utf-8")
    return tmp_path


def said(root: Path, *words: str) -> str:
    """What a command prints at NOW."""
    done = typed(root, "--now", NOW.isoformat(), *words)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.fixture
def people(root: Path) -> Iterator[tuple[Readers, list[Subscriber]]]:
    """Seven subscribers and one of an edition."""
    with Readers(root / "readers.db", urandom) as readers:
        added = [
            readers.add(
                f"r{n}@lab.example", filter=filter, consent="asked", now=NOW - days * DAY
            ).subscriber
            for n, (days, filter) in enumerate(PEOPLE)
        ]
        builder = readers.add("b@lab.example", edition="building", consent="asked", now=NOW)
        yield readers, [*added, builder.subscriber]


def mailed(readers: Readers, week: str, now: datetime, *back: int) -> None:
    """An issue that all get; from some it comes back."""
    box = Outbox(readers)
    box.queue(week, [one.id for one in readers.receiving(now.date())], now)
    for row in box.claim(box.due(week, now, count=99), now):
        box.settle(row, SENT, now)
        if row.subscriber in back:
            box.returned(row.tag, "5.1.1", "no such user", now)


def figures(root: Path, *words: str) -> dict[str, object]:
    """`stats --json`."""
    kept = json.loads(said(root, "stats", "--json", *words))
    assert isinstance(kept, dict)
    return kept


def test_wishes_are_counted_by_topic_and_an_excluded_one_is_not_wished(
    root: Path, people: tuple[Readers, list[Subscriber]]
) -> None:
    """By their names, the most wished first; whose filter names none is counted apart."""
    readers, seven = people
    readers.pause(seven[0].id, NOW.date(), "", NOW)
    kept = figures(root)
    assert (kept["subscribers"], kept["paused"], kept["everything"], kept["other"]) == (8, 1, 3, 1)
    assert list(kept["topics"].items()) == [("Computer vision", 3), ("Language", 1)]  # type: ignore[attr-defined]
    assert kept["editions"] == {"Building": 1}


def test_growth_adds_up_and_outlives_who_is_erased(
    root: Path, people: tuple[Readers, list[Subscriber]]
) -> None:
    """Each goes once: who leaves and is erased after it, or whose mails had come back before."""
    readers, seven = people
    readers.leave(seven[0].id, "one click", NOW - 7 * DAY)
    readers.erase("r0@lab.example", NOW)
    readers.stop(seven[1].id, "bounce", NOW - DAY)
    readers.leave(seven[1].id, "leave mail", NOW)
    readers.erase("r2@lab.example", NOW)
    readers.complain(seven[3].id, NOW)
    weeks = [
        {"week": "2026-W11", "joined": 2, "left": 2, "bounced": 1, "subscribers": 4},
        {"week": "2026-W10", "joined": 1, "left": 1, "bounced": 0, "subscribers": 5},
        {"week": "2026-W09", "joined": 2, "left": 0, "bounced": 0, "subscribers": 5},
        {"week": "2026-W08", "joined": 3, "left": 0, "bounced": 0, "subscribers": 3},
    ]
    assert figures(root)["weeks"] == weeks
    assert figures(root, "--weeks", "2")["weeks"] == weeks[:2]


def test_who_leaves_is_counted_at_the_issue_that_they_got_last(
    root: Path, people: tuple[Readers, list[Subscriber]]
) -> None:
    """With what came back and failed of it; who left before any issue stands at none."""
    readers, seven = people
    mailed(readers, "2026-W09", NOW - 10 * DAY)
    readers.leave(seven[0].id, "one click", NOW - 9 * DAY)
    mailed(readers, "2026-W10", NOW - 3 * DAY, 2, 3)
    readers.leave(seven[1].id, "one click", NOW - 2 * DAY)
    readers.erase("r4@lab.example", NOW)
    readers.leave(readers.add("new@lab.example", consent="asked", now=NOW).subscriber.id, "x", NOW)
    assert figures(root)["issues"] == [
        {"week": "2026-W10", "sent": 7, "returned": 2, "failed": 0, "left": 2},
        {"week": "2026-W09", "sent": 8, "returned": 0, "failed": 0, "left": 1},
    ]


def test_the_tables_show_sums_and_no_address(
    root: Path, people: tuple[Readers, list[Subscriber]]
) -> None:
    """Aligned, with bars; a topic’s name of feeds.yaml is shown as it is."""
    readers, seven = people
    mailed(readers, "2026-W10", NOW - 3 * DAY, 2)
    readers.leave(seven[1].id, "one click", NOW)
    lines = said(root, "stats").splitlines()
    assert "@" not in "".join(lines)
    assert [line.rstrip() for line in lines] == [
        "7 subscribers get the paper",
        "",
        "what they wish",
        "everything                2  ████████████████",
        "Computer vision           3  ████████████████████████",
        "Language                  1  ████████",
        "edition Building          1  ████████",
        "a filter without a topic  1  ████████",
        "",
        "by week   joined  left  bounced  subscribers",
        "2026-W11      +2    -1        0            7",
        "2026-W10      +1     0        0            6",
        "2026-W09      +2     0        0            5",
        "2026-W08      +3     0        0            3",
        "",
        "by issue  sent  came back  failed  left after it",
        "2026-W10     8          1       0              1",
    ]


def test_status_says_what_the_last_seven_days_brought(
    root: Path, people: tuple[Readers, list[Subscriber]]
) -> None:
    """Sign-ups, confirmations and leavers, without what a flood of sign-ups asked for."""
    readers, seven = people
    sign_ups = SignUps(readers)
    for n in range(3):
        sign_ups.ask(SignUp(f"new{n}@lab.example"), NOW)
        sign_ups.ask(SignUp(f"new{n}+x@lab.example"), NOW)
    tokens = list[str]()
    while notice := sign_ups.claim(NOW):
        sign_ups.settle(notice, SENT, NOW)
        tokens.append(notice.token)
    for token in tokens[:2]:
        sign_ups.confirm(token, "203.0.113.0/24", NOW)
    readers.leave(seven[0].id, "one click", NOW - 6 * DAY)
    readers.leave(seven[1].id, "one click", NOW - 7 * DAY)
    line = "readers, last 7 days: 3 sign-ups, 2 confirmed; 5 joined in all, 1 left"
    assert said(root, "status").splitlines()[-1] == line


def test_status_opens_no_readers_and_makes_none(root: Path) -> None:
    """It reads a few rows of a file of any version, and leaves it as it is."""
    assert "readers" not in said(root, "status")
    assert not (root / "readers.db").exists()
    with sqlite3.connect(root / "readers.db") as older:
        older.execute("create table subscribers (id integer primary key)")
    older.close()
    before = (root / "readers.db").read_bytes()
    assert "0 sign-ups, 0 confirmed; 0 joined in all, 0 left" in said(root, "status")
    assert (root / "readers.db").read_bytes() == before


def test_before_anybody_reads_there_is_nothing_to_count(root: Path) -> None:
    """A sentence, or zeros; no file is made."""
    assert "nobody reads by mail yet" in said(root, "stats")
    assert figures(root)["subscribers"] == 0
    assert not (root / "readers.db").exists()


def test_the_list_shows_who_has_paused_and_who_has_not_confirmed(
    root: Path, people: tuple[Readers, list[Subscriber]]
) -> None:
    """By state and source, without addresses; what a flood brought is counted alone."""
    readers, seven = people
    readers.pause(seven[2].id, datetime(2026, 4, 5).date(), "", NOW)
    sign_ups = SignUps(readers)
    for address in ("ada@lab.example", "ada+1@lab.example", "ada+2@lab.example", "eve@lab.example"):
        sign_ups.ask(SignUp(address, network="203.0.113.0/24"), NOW - 2 * DAY)
    for _ in range(2):
        notice = sign_ups.claim(NOW - 2 * DAY)
        assert notice
        sign_ups.settle(notice, SENT, NOW - 2 * DAY)
    sign_ups.ask(SignUp("bob@lab.example"), NOW)
    lines = said(root, "subscribers", "list").splitlines()
    assert "     3  paused      command   r…@lab.example                topic:vision, paused until 2026-04-05" in lines  # fmt: skip
    assert lines[-6:] == [
        "7 of 8 get the next issue",
        "signed up on the page, and no subscriber by it:",
        "        expired     web       a…@lab.example                asked 2026-03-10 12:00 UTC",
        "        expired     web       e…@lab.example                asked 2026-03-10 12:00 UTC",
        "        asked       web       b…@lab.example                asked 2026-03-12 12:00 UTC",
        "1 whose mail waits, 2 never confirmed, 2 that got no mail",
    ]
    assert "eve@lab.example" in said(root, "subscribers", "list", "--addresses")
