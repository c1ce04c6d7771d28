"""The outbox: rows that never lie about a mail, whatever happens between two of them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sundaypaper.delivery import Outbox, Readers, import_rows, outbox, read_people, tag
from sundaypaper.errors import StoreError
from sundaypaper.models import Answer, Delivery, Subscriber

ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 3, 8, 12, tzinfo=UTC)
WEEK = "2026-W10"
SENT = Answer("sent", 250)
LATER = Answer("deferred", 451, "4.7.1", "451 try again")


def numbered() -> Iterator[bytes]:
    """Bytes that never repeat."""
    n = 0
    while True:
        n += 1
        yield n.to_bytes(32, "big")


@pytest.fixture
def readers(tmp_path: Path) -> Iterator[Readers]:
    """Five subscribers."""
    made = numbered()
    with Readers(tmp_path / "readers.db", lambda size: next(made)[-size:]) as kept:
        people = "".join(f"r{n}@lab.example\n" for n in range(1, 6)).encode()
        import_rows(kept, read_people(people, "people.csv"), "lab list", NOW)
        yield kept


@pytest.fixture
def box(readers: Readers) -> Outbox:
    """The issue is queued for all five."""
    box = Outbox(readers)
    box.queue(WEEK, range(1, 6), NOW)
    return box


def claim_next(
    box: Outbox,
    week: str = WEEK,
    now: datetime = NOW,
    settle: tuple[Delivery, Answer] | None = None,
) -> tuple[Delivery, Subscriber] | None:
    """Settle a row and claim the next that is due, in one transaction, as a sender does."""
    with box.together():
        if settle:
            box.settle(*settle, now)
        while due := box.due(week, now):
            if claimed := box.claim(due, now):
                assert due[0][1]
                return claimed[0], due[0][1]
    return None


def claim(box: Outbox, now: datetime = NOW) -> tuple[Delivery, Subscriber]:
    """The next row, which must be there."""
    claimed = claim_next(box, WEEK, now)
    assert claimed is not None
    return claimed


def settle(box: Outbox, *answers: Answer, now: datetime = NOW) -> None:
    """Claim and settle one row after the other."""
    for answer in answers:
        box.settle(claim(box, now)[0], answer, now)


def states(box: Outbox) -> list[str]:
    """The states in the order of the subscribers; their counts always add up."""
    rows = box.deliveries(WEEK)
    assert sum(box.counts(WEEK).values()) == len(rows)
    return [row.state for row in rows]


def told(box: Outbox, subscriber: int) -> str:
    """What stands at a row."""
    return box.deliveries(WEEK)[subscriber - 1].told


# ---------------------------------------------------------------- queue and tag


def test_queueing_twice_adds_only_new_people(readers: Readers, box: Outbox) -> None:
    """Rows that are there keep their state; numbers that nobody has are passed over."""
    settle(box, SENT)
    readers.add("new@lab.example", consent="asked", now=NOW)
    assert box.queue(WEEK, [1, 2, 6, 999], NOW) == 1
    assert states(box) == ["sent", *["queued"] * 5]
    assert box.weeks() == (WEEK,)


def test_a_tag_is_a_function_of_secret_issue_and_reader() -> None:
    """26 letters; each of the three changes it."""
    one = tag(b"s" * 32, WEEK, "t")
    assert one == tag(b"s" * 32, WEEK, "t") == "2ecffgr4fbwgfiel4dlwpp2v3d"
    others = {tag(b"x" * 32, WEEK, "t"), tag(b"s" * 32, "2026-W11", "t"), tag(b"s" * 32, WEEK, "u")}
    assert len(others | {one}) == 4


def test_a_bounce_finds_its_row_by_the_tag(box: Outbox) -> None:
    """And nothing for a tag that is not ours."""
    row = box.deliveries(WEEK)[2]
    assert box.by_tag(row.tag) == row
    assert box.by_tag("a" * 26) is None


def test_no_tag_finds_nobody(readers: Readers, box: Outbox) -> None:
    """The rows of a person who was erased have none, and a bounce without one is not theirs."""
    readers.erase("r3@lab.example", NOW)
    assert "" in {row.tag for row in box.deliveries(WEEK)}
    assert box.by_tag("") is None


# ---------------------------------------------------------------- claim and settle


def test_rows_are_claimed_in_order_and_settled_with_the_next_claim(box: Outbox) -> None:
    """One transaction does both; the last call only settles."""
    settled = None
    for number in range(1, 6):
        claimed = claim_next(box, WEEK, NOW, settled)
        assert claimed is not None
        delivery, subscriber = claimed
        assert (delivery.subscriber, subscriber.address) == (number, f"r{number}@lab.example")
        assert (delivery.state, delivery.tries, delivery.queued) == ("sending", 1, NOW)
        assert states(box)[number - 1] == "sending"
        assert box.counts(WEEK)["sent"] == number - 1
        settled = delivery, SENT
    assert claim_next(box, WEEK, NOW, settled) is None
    assert states(box) == ["sent"] * 5


def test_what_is_only_looked_at_is_not_claimed(box: Outbox) -> None:
    """A letter can be written before its row is claimed; the pass goes on behind it."""
    before = box.deliveries(WEEK)
    assert [row.subscriber for row, _ in box.due(WEEK, NOW, count=2)] == [1, 2]
    assert [row.subscriber for row, _ in box.due(WEEK, NOW, frozenset({4, 5}), count=9)] == [4, 5]
    assert box.deliveries(WEEK) == before
    assert [row.subscriber for row, _ in box.due(WEEK, NOW)] == [1]


def test_who_wishes_something_else_by_now_is_not_claimed_and_due_again(
    box: Outbox, readers: Readers
) -> None:
    """The letter that was written before is not what they want."""
    stale = box.due(WEEK, NOW, count=2)
    readers.change(1, filter="topic:nlp", now=NOW)
    assert [row.subscriber for row in box.claim(stale, NOW)] == [2]
    fresh = box.due(WEEK, NOW)
    assert fresh[0][1] is not None
    assert (fresh[0][1].id, fresh[0][1].filter) == (1, "topic:nlp")
    (claimed,) = box.claim(fresh, NOW)
    assert (claimed.subscriber, claimed.state, claimed.tries) == (1, "sending", 1)
    assert box.claim(fresh, NOW) == []


def test_two_senders_never_claim_the_same_row(box: Outbox, readers: Readers) -> None:
    """Even without the lock: a second connection sees what the first one claimed."""
    with Readers(readers.path, lambda size: b"\x09" * size) as other:
        first, second = claim(box)[0], claim(Outbox(other))[0]
    assert (first.subscriber, second.subscriber) == (1, 2)


def test_consent_is_checked_in_the_moment_of_the_claim(box: Outbox, readers: Readers) -> None:
    """Whoever left, was suppressed, erased or never confirmed since the queue was made gets none."""
    readers.leave(1, "leave mail", NOW)
    readers.suppress("r2@lab.example", "complaint", NOW)
    readers.db.table("subscribers").update(3, {"state": "pending"})
    readers.db.table("subscribers").delete(4)
    assert claim(box)[0].subscriber == 5
    assert states(box) == [*["suppressed"] * 4, "sending"]
    assert [told(box, n) for n in range(1, 5)] == [
        "the person left",
        "suppressed: the person reported the mail as unwanted",
        "not confirmed",
        "the person asked to be erased",
    ]


def test_nobody_can_leave_between_the_check_and_the_claim(
    box: Outbox, readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another connection waits for the end of the transaction that checks consent."""
    refused = outbox._refused

    def checked_while_leaving(row: Mapping[str, Any], at: str) -> str:
        why = refused(row, at)
        with Readers(readers.path, lambda size: b"\x01" * size) as web:
            web.db.execute("pragma busy_timeout = 0").fetchone()
            with pytest.raises(StoreError, match="locked"):
                web.leave(1, "web", NOW)
        return why

    monkeypatch.setattr(outbox, "_refused", checked_while_leaving)
    assert claim(box)[0].subscriber == 1


def test_a_person_erased_while_queued_is_suppressed_and_counted(
    box: Outbox, readers: Readers
) -> None:
    """The sum of the issue stays what it was; a mail that is under way is settled as it ends."""
    delivery, _ = claim(box)
    readers.erase("r1@lab.example", NOW)
    readers.erase("r2@lab.example", NOW)
    assert states(box)[:2] == ["sending", "suppressed"]
    box.settle(delivery, SENT, NOW)
    assert states(box)[:2] == ["sent", "suppressed"]


def test_settling_twice_keeps_the_first_word(box: Outbox) -> None:
    """An interrupted loop may settle once more; a row that is settled stays."""
    delivery, _ = claim(box)
    box.settle(delivery, SENT, NOW)
    box.settle(delivery, Answer("failed", 550, "5.1.1", "no"), NOW)
    assert states(box)[0] == "sent"


def test_a_late_answer_to_a_settled_row_does_not_end_a_subscription(
    box: Outbox, readers: Readers
) -> None:
    """“No such mailbox” of a mail that was sent is told of nobody: they get the next issue."""
    delivery, _ = claim(box)
    box.settle(delivery, SENT, NOW)
    box.settle(delivery, Answer("failed", 550, "5.1.1", "no such mailbox"), NOW)
    assert readers.reason("r1@lab.example") is None
    assert 1 in {one.id for one in readers.receiving(NOW.date())}


def test_what_a_server_repeats_of_an_address_is_not_kept(box: Outbox, readers: Readers) -> None:
    """Told is cleaned before it is written."""
    settle(box, Answer("failed", 550, "5.7.1", "550 <r1@lab.example>: relay denied for R1@LAB.example"))  # fmt: skip
    assert told(box, 1) == "550 <address>: relay denied for <address>"


# ---------------------------------------------------------------- again later, or never


def test_a_deferred_mail_waits_longer_each_time_and_fails_after_48_hours(box: Outbox) -> None:
    """15 minutes, 30, 1, 2, 4, 8, 8 … hours; the last try is made at 48 hours."""
    now, waits = NOW, []
    box.queue("2026-W11", [1], NOW)
    while claimed := claim_next(box, "2026-W11", now):
        box.settle(claimed[0], LATER, now)
        (row,) = box.deliveries("2026-W11")
        if row.state == "failed":
            break
        assert row.due is not None
        assert claim_next(box, "2026-W11", row.due - timedelta(seconds=1)) is None
        waits.append((row.due - now) / timedelta(minutes=1))
        now = row.due
    assert waits == [15, 30, 60, 120, 240, 480, 480, 480, 480, 480, 15]
    assert now == NOW + timedelta(hours=48)
    assert row.told == "given up after 48 hours: 451 try again"
    assert box.readers.reason("r1@lab.example") is None


def test_a_deferred_mail_does_not_hold_up_the_others(box: Outbox) -> None:
    """The pass goes on; when it is due the row is claimed in a new pass."""
    settle(box, LATER, SENT, SENT)
    assert claim(box, NOW + timedelta(minutes=15))[0].subscriber == 4
    box.settle(claim(box, NOW)[0], SENT, NOW)
    again = claim(box, NOW + timedelta(minutes=15))[0]
    assert (again.subscriber, again.tries) == (1, 2)


@pytest.mark.parametrize(
    ("status", "words", "state", "score"),
    [
        ("5.1.1", "no such user", "failed", 1.0),
        ("5.1.10", "recipient not found", "failed", 1.0),
        ("5.2.1", "disabled", "failed", 1.0),
        ("5.2.2", "over quota", "failed", 0.5),
        ("", "no mailbox here by that name (#5.1.1)", "failed", 1.0),
        ("", "no", "failed", 0.0),
        ("5.3.4", "too large", "failed", 0.0),
        ("5.1.8", "bad outbound sender", "deferred", 0.0),
        ("5.1.1", "Sender address rejected: unknown", "deferred", 0.0),
        ("5.7.0", "content", "deferred", 0.0),
    ],
)
def test_a_refusal_counts_as_the_same_status_counts_in_a_bounce(
    box: Outbox, readers: Readers, status: str, words: str, state: str, score: float
) -> None:
    """A missing mailbox 1, a full one half, what is not about the reader nothing; nobody is lost."""
    settle(box, Answer("failed", 550, status, f"550 {status} {words}"))
    assert states(box)[0] == state
    person = readers.export("r1@lab.example")["subscriber"]
    assert (person["score"], readers.suppressed("r1@lab.example")) == (score, None)


def test_three_issues_refused_by_a_missing_mailbox_end_it(box: Outbox, readers: Readers) -> None:
    """As three bounces on three days do, and the address of a list is spared."""
    for days in (0, 7, 14):
        week, then = f"2026-W{20 + days // 7}", NOW + timedelta(days=days)
        box.queue(week, [1, 2], then)
        spared = Outbox(readers, frozenset({2}))
        while claimed := claim_next(spared, week, then):
            spared.settle(claimed[0], Answer("failed", 550, "5.1.1", "550 5.1.1 gone"), then)
    assert readers.suppressed("r1@lab.example") == "bounce"
    assert readers.suppressed("r2@lab.example") is None


def test_a_mailbox_said_to_be_missing_for_now_counts_nothing(box: Outbox, readers: Readers) -> None:
    """Only a failure for good does."""
    settle(box, Answer("deferred", 450, "5.1.1", "450 not now"))
    assert readers.export("r1@lab.example")["subscriber"]["score"] == 0


def test_only_a_mail_that_went_out_comes_back(box: Outbox) -> None:
    """Sent or perhaps sent; what waits to go once more waits, and a forged tag changes nothing."""
    settle(box, SENT, Answer("uncertain"), LATER)
    rows = box.deliveries(WEEK)
    for row in rows:
        box.returned(row.tag, "5.7.1", "550 5.7.1 no <r1@lab.example>", NOW)
    assert box.returned("z" * 26, "5.7.1", "", NOW) is None
    assert box.returned("", "5.7.1", "", NOW) is None
    assert states(box)[:3] == ["returned", "returned", "deferred"]
    assert (box.deliveries(WEEK)[0].status, told(box, 1)) == ("5.7.1", "550 5.7.1 no <address>")
    assert sum(box.counts(WEEK).values()) == len(rows)
    assert box.again(WEEK, ["failed", "uncertain"], NOW) == 0
    assert box.again(WEEK, ["returned"], NOW) == 2
    assert (box.deliveries(WEEK)[0].status, told(box, 1)) == ("", "")


# ---------------------------------------------------------------- crashes


def test_a_row_left_at_sending_is_parked_and_resent_only_by_choice(
    box: Outbox, readers: Readers
) -> None:
    """After a crash it is uncertain and never claimed, until a person says so: same tag, same Date."""
    lost, _ = claim(box)
    fresh = Outbox(readers)
    assert fresh.recover(NOW) == 1
    assert fresh.recover(NOW) == 0
    assert "may have arrived" in told(fresh, 1)
    assert claim(fresh)[0].subscriber == 2
    later = NOW + timedelta(days=3)
    assert fresh.again(WEEK, ["failed"], later) == 0
    assert fresh.again(WEEK, ["uncertain"], later) == 1
    row = fresh.deliveries(WEEK)[0]
    assert (row.state, row.tag, row.queued, row.told) == ("queued", lost.tag, NOW, "")


def test_a_mail_queued_again_has_its_48_hours_anew(box: Outbox) -> None:
    """Or the first greylisting after a resend would be its end."""
    settle(box, Answer("failed", 552, "5.3.4", "no"))
    later = NOW + timedelta(days=3)
    assert box.again(WEEK, ["failed", "uncertain"], later) == 1
    settle(box, LATER, now=later)
    row = box.deliveries(WEEK)[0]
    assert (row.state, row.due) == ("deferred", later + timedelta(minutes=15))


def test_whoever_still_knows_settles_what_a_restart_took_for_uncertain(box: Outbox) -> None:
    """The truth of the sender is better than the guess."""
    delivery, _ = claim(box)
    box.recover(NOW)
    box.settle(delivery, SENT, NOW)
    assert states(box)[0] == "sent"


def test_a_claim_that_was_not_committed_claimed_nothing(
    box: Outbox, readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An interrupt within the transaction takes back the settling with it."""
    delivery, _ = claim(box)

    def interrupted(_row: object, _at: str) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(outbox, "_refused", interrupted)
    with pytest.raises(KeyboardInterrupt):
        claim_next(box, WEEK, NOW, (delivery, SENT))
    assert not readers.db.conn.in_transaction
    assert states(box) == ["sending", *["queued"] * 4]


@pytest.mark.parametrize("connections", [1, 8])
def test_eight_kills_lose_and_double_nothing(connections: int) -> None:
    """SIGKILL at random moments while readers are served; the receiver knows what arrived.

    At most one mail a connection and kill is in doubt. `make bench` kills fifty times, with 5,000
    readers.
    """
    script = str(ROOT / "benchmarks" / "delivery_kill.py")
    done = subprocess.run(
        [
            *(sys.executable, script, "--kills", "8", "--readers", "500", "--seed", "3", "--json"),
            *("--connections", str(connections)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    tally = json.loads(done.stdout)
    assert tally["kills"] >= 8
    # Of 500 a few are refused for good, and each kill leaves some that did not arrive.
    assert tally["accepted"] > (490 - 8 * connections) * tally["issues"]
    assert tally["lost"] == tally["doubled"] == tally["wrong_sums"] == tally["untold"] == 0
    assert tally["lost_after_resending"] == tally["addresses_in_the_log"] == 0
    assert tally["crashed_senders"] == 0
    assert tally["most_uncertain_a_kill"] <= connections


def test_patience_begins_with_the_first_try(box: Outbox) -> None:
    """A mail that lay queued for three days while the server was down is still put off."""
    late = NOW + timedelta(days=3)
    claimed = claim_next(box, WEEK, late)
    assert claimed
    box.settle(claimed[0], Answer("deferred", 451, "4.7.1", "451 greylisted"), late)
    assert box.counts(WEEK)["deferred"] == 1


def test_who_is_no_recipient_any_more_gets_nothing_that_was_queued(box: Outbox) -> None:
    """Rows that wait are suppressed with the reason; what was sent stays sent."""
    claimed = claim_next(box, WEEK, NOW)
    assert claimed
    box.settle(claimed[0], Answer("sent"), NOW)
    assert box.withdraw(WEEK, [2], "no recipient any more", NOW) == 3
    counts = box.counts(WEEK)
    assert (counts["sent"], counts["queued"], counts["suppressed"]) == (1, 1, 3)


def test_the_address_of_a_list_is_never_suppressed_by_a_bounce(readers: Readers) -> None:
    """It stands for many, none of whom is gone."""
    box = Outbox(readers, spared=frozenset({1}))
    box.queue(WEEK, [1], NOW)
    claimed = claim_next(box, WEEK, NOW)
    assert claimed
    box.settle(claimed[0], Answer("failed", 550, "5.1.1", "550 no such user"), NOW)
    assert any(one.id == 1 for one in readers.receiving(NOW.date()))


def test_a_long_queue_is_written_in_parts_between_which_others_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two and a half thousand: a web app that may not wait comes in twice; an interrupt loses none."""
    monkeypatch.setattr(outbox, "AT_ONCE", 1_000)
    made, path = numbered(), tmp_path / "readers.db"
    with Readers(path, lambda size: next(made)[-size:]) as kept, Readers(path, bytes) as web:
        people = "".join(f"r{n}@lab.example\n" for n in range(2_500)).encode()
        import_rows(kept, read_people(people, "people.csv"), "lab list", NOW)
        web.db.execute("pragma busy_timeout = 0").fetchone()
        tagged, calls = kept.tag, list[int]()

        def tag(week: str, token: str) -> str:
            if len(calls) in (1_500, 2_400):
                web.served("https://paper.example/", NOW)
            calls.append(1)
            if len(calls) == 2_450:
                raise KeyboardInterrupt
            return tagged(week, token)

        monkeypatch.setattr(kept, "tag", tag)
        box = Outbox(kept)
        with pytest.raises(KeyboardInterrupt):
            box.queue(WEEK, range(1, 2_501), NOW)
        assert box.counts(WEEK)["queued"] == 2_000
        assert box.queue(WEEK, range(1, 2_501), NOW) == 500


def test_a_crash_may_be_looked_for_in_one_week_alone(box: Outbox) -> None:
    """A welcome leaves the mails of other years to the next sending of all."""
    box.queue("2026-W09", [1], NOW)
    for week in (WEEK, "2026-W09"):
        box.claim(box.due(week, NOW), NOW)
    assert box.recover(NOW, WEEK) == 1
    assert box.counts(WEEK)["uncertain"] == box.counts("2026-W09")["sending"] == 1
    assert box.recover(NOW) == 1
    assert box.counts("2026-W09")["uncertain"] == 1


def test_what_is_asked_of_one_reader_reads_the_rows_of_no_other(readers: Readers) -> None:
    """In steps of SQLite's machine, of which a look through the week takes 20,000."""
    with readers.writing():
        for n in range(3_000):
            readers.add(f"one{n}@lab.example", consent="asked", now=NOW)
    box, one, steps = Outbox(readers), frozenset({2_500}), list[int]()
    box.queue(WEEK, range(1, 3_001), NOW)
    readers.db.conn.set_progress_handler(lambda: steps.append(1), 1)
    assert box.is_due(WEEK, NOW, one)
    assert [row.subscriber for row, _ in box.due(WEEK, NOW, one, 8)] == [2_500]
    assert box.counts(WEEK, one)["queued"] == 1
    assert len(steps) < 1_000
    readers.db.conn.set_progress_handler(None, 1)


def test_whoever_writes_waits_for_a_part_of_the_queue_alone(readers: Readers) -> None:
    """Between two parts of 2,000 rows somebody leaves, and somebody is erased: neither gets a mail."""
    with readers.writing():
        for n in range(4_000):
            readers.add(f"one{n}@lab.example", consent="asked", now=NOW)
    box, parts = Outbox(readers), list[int]()

    def began(statement: str) -> None:
        if statement.startswith("begin immediate"):
            parts.append(1)

    tagged, made = readers.tag, list[str]()

    def tag(week: str, token: str) -> str:
        made.append(token)
        if len(made) == 2_001:
            assert not readers.db.conn.in_transaction
            readers.leave(3_000, "one click", NOW)
            readers.erase("one3999@lab.example", NOW)
        return tagged(week, token)

    readers.db.conn.set_trace_callback(began)
    readers.tag = tag  # type: ignore[method-assign]
    assert box.queue(WEEK, range(1, 9_000), NOW) == 4_004
    assert len(parts) == 5  # three, and the two in between
    assert box.counts(WEEK)["queued"] == 4_004
    rows = box.due(WEEK, NOW, frozenset({3_000, 4_005}), 8)
    assert box.claim(rows, NOW) == []
