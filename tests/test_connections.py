"""Several connections at once: one transaction for all, and a window of doubt for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from threading import Barrier, Event, Lock
from typing import Any

import pytest

from sundaypaper.delivery import Outbox, Readers, import_rows, read_people, send
from sundaypaper.delivery.channels import TurnedAwayError
from sundaypaper.delivery.pace import SendingPace
from sundaypaper.errors import DeliveryError, StoreError
from sundaypaper.models import Answer, Delivery, Letter, Subscriber

NOW = datetime(2026, 3, 8, 12, tzinfo=UTC)
WEEK = "2026-W10"
SENT = Answer("sent", 250, "2.0.0", "250 ok")
REFUSED = Answer("failed", 550, "5.1.1", "550 nobody")
SOON = 10.0  # no test waits so long, unless it fails


class Line:
    """A channel; what happens to each letter is its script, by the subscriber's number."""

    def __init__(self, say: Callable[[int], Answer] = lambda n: SENT) -> None:
        self.say, self.taken, self.open = say, list[int](), False

    def __enter__(self) -> Line:
        self.open = True
        return self

    def __exit__(self, *_: object) -> None:
        self.open = False

    def check(self) -> None:
        """All is well."""

    def send(self, letter: Letter) -> Answer:
        """Answer and keep it."""
        number = int(letter.recipient[1:].split("@")[0])
        answer = self.say(number)
        self.taken.append(number)
        return answer


class Holding(Line):
    """A channel that begins with a letter and holds its end."""

    def __init__(self, began: Callable[[], object], ended: Callable[[], object]) -> None:
        super().__init__()
        self.began, self.ended = began, ended

    def send_when(self, letter: Letter, may_end: Callable[[], None]) -> Answer:
        """Begin, wait, end."""
        self.began()
        may_end()
        self.ended()
        return self.send(letter)


@pytest.fixture
def readers(tmp_path: Path) -> Iterator[Readers]:
    """Forty subscribers, queued."""
    made = iter(range(1, 10_000))
    with Readers(tmp_path / "readers.db", lambda size: next(made).to_bytes(size, "big")) as kept:
        people = "".join(f"r{n}@lab.example\n" for n in range(1, 41)).encode()
        import_rows(kept, read_people(people, "people.csv"), "lab list", NOW)
        Outbox(kept).queue(WEEK, range(1, 41), NOW)
        yield kept


@pytest.fixture
def box(readers: Readers) -> Outbox:
    """Their outbox."""
    return Outbox(readers)


def letter(delivery: Delivery, subscriber: Subscriber) -> Letter | None:
    """What a subscriber gets."""
    return Letter("b@lab.example", subscriber.address, delivery.tag.encode())


def run(box: Outbox, lines: Sequence[Line], week: str = WEEK, **more: Any) -> list[str]:
    """Send over these lines, and what was told."""
    told: list[str] = []
    send(box, week, lines[0], letter, now=lambda: NOW, tell=told.append, beside=lines[1:], **more)
    return told


def counts(box: Outbox) -> dict[str, int]:
    """The rows by state, without those that there are none of."""
    return {state: many for state, many in box.counts(WEEK).items() if many}


def test_all_connections_share_the_work_and_nobody_gets_it_twice(box: Outbox) -> None:
    """After the first mail, which goes alone, four are under way at the same time."""
    together = Barrier(4)

    def say(number: int) -> Answer:
        if number in range(2, 6):
            together.wait(SOON)
        return SENT

    lines = [Line(say) for _ in range(4)]
    told = run(box, lines)
    assert not together.broken
    assert sorted(n for line in lines for n in line.taken) == list(range(1, 41))
    assert len(told) == 40
    assert counts(box) == {"sent": 40}
    assert not any(line.open for line in lines)


def test_the_first_mail_of_a_run_goes_alone(box: Outbox) -> None:
    """It may be refused for all: a sender that is not taken leaves one reader waiting, not eight."""
    ours = Answer("failed", 553, "5.7.1", "553 5.7.1 sender not owned by user")
    lines = [Line(lambda n: ours) for _ in range(8)]
    with pytest.raises(DeliveryError, match="does not take our mail"):
        run(box, lines)
    assert counts(box) == {"queued": 39, "deferred": 1}


def test_a_letter_begins_while_its_claim_is_written_and_ends_behind_it(
    box: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The conversation overlaps with the commit; the dot never comes before it is durable."""
    happened, began, ended = list[str](), Event(), Event()
    usual = box.together

    @contextmanager
    def slow() -> Iterator[Any]:
        with usual() as conn:
            yield conn
            if happened:
                return
            assert began.wait(SOON)
            assert not ended.wait(0.02)
        happened.append("committed")

    monkeypatch.setattr(box, "together", slow)

    def end() -> None:
        ended.set()
        happened.append("ended")

    run(box, [Holding(began.set, end) for _ in range(2)])
    assert happened[:2] == ["committed", "ended"]
    assert counts(box) == {"sent": 40}


def test_a_claim_that_could_not_be_written_sends_nothing(
    box: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full at the second commit: what was begun is never ended, and waits in the queue."""
    ended, usual, commits = list[int](), box.together, list[int]()

    @contextmanager
    def full() -> Iterator[Any]:
        with usual() as conn:
            yield conn
            commits.append(1)
            if len(commits) == 2:
                raise StoreError("disk full")

    monkeypatch.setattr(box, "together", full)
    with pytest.raises(StoreError, match="disk full"):
        run(box, [Holding(lambda: None, lambda: ended.append(1)) for _ in range(3)])
    assert len(ended) == 1
    assert counts(box) == {"sent": 1, "queued": 39}


def test_at_any_moment_no_more_rows_are_in_doubt_than_there_are_connections(
    box: Outbox, readers: Readers
) -> None:
    """What a kill would leave: looked at from outside at each letter."""
    seen = list[int]()

    def say(number: int) -> Answer:
        with Readers(readers.path, lambda size: b"x" * size) as other:
            seen.append(Outbox(other).counts(WEEK)["sending"])
        return SENT

    run(box, [Line(say) for _ in range(3)])
    assert len(seen) == 40
    assert 1 <= max(seen) <= 3


def test_who_leaves_before_the_claim_gets_nothing_though_the_letter_is_written(
    box: Outbox, readers: Readers
) -> None:
    """Letters are written ahead; consent is asked at the claim."""

    def say(number: int) -> Answer:
        if number == 1:
            with Readers(readers.path, lambda size: b"\x01" * size) as web:
                web.leave(2, "web", NOW)
                web.suppress("r3@lab.example", "complaint", NOW)
        return SENT

    lines = [Line(say) for _ in range(4)]
    run(box, lines)
    assert sorted(n for line in lines for n in line.taken) == [1, *range(4, 41)]
    assert counts(box) == {"sent": 38, "suppressed": 2}


def test_eleven_failures_stop_all_connections(box: Outbox) -> None:
    """Those under way are awaited and written down; nothing more begins on any of them."""
    lines = [Line(lambda n: REFUSED) for _ in range(4)]
    with pytest.raises(DeliveryError, match="paused: 11 of the last"):
        run(box, lines)
    taken = sum(len(line.taken) for line in lines)
    assert 11 <= taken <= 14
    assert counts(box) == {"failed": taken, "queued": 40 - taken}


def test_one_connection_that_breaks_leaves_the_others_to_end(box: Outbox) -> None:
    """Its mail waits, the run ends with its sentence, and what the others brought is sent."""
    both = Barrier(2)

    def say(number: int) -> Answer:
        if number in (2, 3):
            both.wait(SOON)
        if number == 3:
            raise DeliveryError("the server cannot be reached")
        return SENT

    with pytest.raises(DeliveryError, match="cannot be reached"):
        run(box, [Line(say), Line(say)])
    states = [row.state for row in box.deliveries(WEEK)]
    assert states[:3] == ["sent", "sent", "deferred"]
    assert not {"sending", "uncertain"} & set(states)


def test_a_server_that_takes_fewer_connections_is_sent_to_over_those(box: Outbox) -> None:
    """What is turned away at the door is told, and costs nobody a mail."""
    turned = Event()

    class Shut(Line):
        def check(self) -> None:
            turned.set()
            raise DeliveryError("421 too many connections of paper@lab.example")

    def say(number: int) -> Answer:
        assert number != 2 or turned.wait(SOON)
        return SENT

    told = run(box, [Line(say), Shut()])
    assert counts(box) == {"sent": 40}
    assert (
        "one connection less than delivery.connections of feeds.yaml says: "
        "421 too many connections of <address>"
    ) in told


def test_a_connection_that_cannot_be_renewed_leaves_the_mails_to_the_others(box: Outbox) -> None:
    """Its mail in hand waits; where it was the last one, so do all."""
    renewed = Event()

    class Worn(Line):
        def send(self, letter: Letter) -> Answer:
            if self.taken:
                renewed.set()
                raise TurnedAwayError("421 too many connections of paper@lab.example")
            return super().send(letter)

    def say(number: int) -> Answer:
        assert number < 20 or renewed.wait(SOON)
        return SENT

    told = run(box, [Line(say), Worn()])
    assert counts(box) == {"sent": 39, "deferred": 1}
    assert sum("one connection less" in line and "of <address>" in line for line in told) == 1
    box.queue("2026-W11", range(1, 41), NOW)
    with pytest.raises(DeliveryError, match="too many connections"):
        run(box, [Worn(), Worn(), Worn()], week="2026-W11")
    states = [row.state for row in box.deliveries("2026-W11")]
    assert not {"sending", "uncertain", "failed"} & set(states)
    assert states.count("deferred") <= 3


def test_no_more_connections_open_than_there_are_mails(box: Outbox) -> None:
    """One reader needs one."""

    class Counted(Line):
        checked = 0

        def check(self) -> None:
            Counted.checked += 1

    run(box, [Counted() for _ in range(8)], only=frozenset({7}))
    assert Counted.checked == 1
    assert counts(box) == {"sent": 1, "queued": 39}


def test_the_pace_holds_over_all_connections(box: Outbox) -> None:
    """Ten a second over four connections are a mail each tenth of a second."""

    class Clock:
        now = 1000.0

        def __call__(self) -> float:
            return self.now

        def sleep(self, seconds: float) -> None:
            self.now += seconds

    clock, turns = Clock(), list[float]()

    class Noted(SendingPace):
        def take(self) -> float:
            turns.append(clock())
            return super().take()

    run(box, [Line() for _ in range(4)], pace=Noted(10, clock, clock.sleep))
    gaps = [later - before for before, later in pairwise(turns)]
    assert len(turns) == 40
    assert min(gaps) >= 0.0999


def test_nothing_is_in_doubt_while_the_pace_makes_all_wait(box: Outbox, readers: Readers) -> None:
    """A kill between two mails of a slow pace leaves none uncertain."""
    seen, clock = list[int](), [1000.0]

    def sleep(seconds: float) -> None:
        with Readers(readers.path, lambda size: b"x" * size) as other:
            seen.append(Outbox(other).counts(WEEK)["sending"])
        clock[0] += seconds

    run(box, [Line()], pace=SendingPace(20, lambda: clock[0], sleep), only=frozenset(range(1, 6)))
    assert seen
    assert max(seen) == 0


def test_who_asks_to_stop_gets_what_is_under_way_and_no_more(box: Outbox) -> None:
    """Two are under way: both are awaited and settled; the rest is queued, and none in doubt."""
    asked, both = Event(), Barrier(2)

    def say(number: int) -> Answer:
        if number in (2, 3):
            both.wait(SOON)
            asked.set()
        return SENT

    run(box, [Line(say), Line(say)], stopping=asked.is_set)
    assert counts(box) == {"sent": 3, "queued": 37}
    assert [row.tries for row in box.deliveries(WEEK)[3:]] == [0] * 37


def test_who_ends_at_once_waits_for_no_server(box: Outbox) -> None:
    """A second Ctrl-C: the mail under way is in doubt, and what was only written is queued."""
    begun, over = Event(), Event()

    def write(delivery: Delivery, subscriber: Subscriber) -> Letter | None:
        if subscriber.id == 9:
            assert begun.wait(SOON)
            raise KeyboardInterrupt
        return letter(delivery, subscriber)

    def say(number: int) -> Answer:
        if number == 2:
            begun.set()
            over.wait(SOON)
        return SENT

    with pytest.raises(KeyboardInterrupt):
        send(
            box,
            WEEK,
            Line(say),
            write,
            now=lambda: NOW,
            tell=lambda line: None,
            beside=[Line(say)],
        )
    over.set()
    states = [row.state for row in box.deliveries(WEEK)]
    assert states[:2] == ["sent", "uncertain"]
    assert states[8:] == ["queued"] * 32


def test_letters_are_written_as_they_are_needed(box: Outbox) -> None:
    """The first mail goes out before ten thousand others are written."""
    written, at_the_first, lock = list[int](), list[int](), Lock()

    def write(delivery: Delivery, subscriber: Subscriber) -> Letter | None:
        with lock:
            written.append(subscriber.id)
        return letter(delivery, subscriber)

    def say(number: int) -> Answer:
        if number == 1:
            at_the_first.append(len(written))
        return SENT

    send(box, WEEK, Line(say), write, now=lambda: NOW, tell=lambda line: None)
    assert at_the_first[0] <= 8
    assert written == list(range(1, 41))
