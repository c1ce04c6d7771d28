"""The loop that sends: every row ends as what became of its mail, and no address leaves readers.db."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from sundaypaper.delivery import Outbox, Readers, import_rows, outbox, read_people, send
from sundaypaper.errors import DeliveryError
from sundaypaper.models import Answer, Delivery, Letter, Subscriber

NOW = datetime(2026, 3, 8, 12, tzinfo=UTC)
WEEK = "2026-W10"
SENT = Answer("sent", 250, "2.0.0", "250 ok")
REFUSED = Answer("failed", 554, "", "554 refused")
NOT_OURS = Answer("failed", 553, "5.7.1", "553 5.7.1 Sender address rejected: not owned by user")


class Postbox:
    """A channel that keeps letters; what it says to each is its script, by subscriber's mail."""

    def __init__(self, say: Callable[[str], Answer] = lambda to: SENT) -> None:
        self.say, self.taken, self.closed = say, list[str](), False

    def __enter__(self) -> Postbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.closed = True

    def check(self) -> None:
        """All is well."""

    def send(self, letter: Letter) -> Answer:
        """Keep it and answer."""
        answer = self.say(letter.recipient)
        self.taken.append(letter.recipient)
        return answer


@pytest.fixture
def readers(tmp_path: Path) -> Iterator[Readers]:
    """Three hundred subscribers."""
    made = iter(range(1, 10_000))
    with Readers(tmp_path / "readers.db", lambda size: next(made).to_bytes(size, "big")) as kept:
        people = "".join(f"r{n}@lab.example\n" for n in range(1, 301)).encode()
        import_rows(kept, read_people(people, "people.csv"), "lab list", NOW)
        yield kept


@pytest.fixture
def box(readers: Readers) -> Outbox:
    """An outbox without rows."""
    return Outbox(readers)


def letter(delivery: Delivery, subscriber: Subscriber) -> Letter | None:
    """What a subscriber gets."""
    return Letter("b@lab.example", subscriber.address, delivery.tag.encode())


def run(box: Outbox, channel: Postbox, write: Callable[..., Letter | None] = letter) -> list[str]:
    """Send, and the lines that were told."""
    lines: list[str] = []
    send(box, WEEK, channel, write, now=lambda: NOW, tell=lines.append)
    return lines


def rows(box: Outbox) -> list[tuple[str, str]]:
    """State and sentence of each row."""
    return [(row.state, row.told) for row in box.deliveries(WEEK)]


def number(address: str) -> int:
    """Which of the three hundred it is."""
    return int(address[1:].split("@")[0])


def test_everybody_gets_one_and_the_counts_say_so(box: Outbox) -> None:
    """In order, once; a second call finds nothing to do."""
    box.queue(WEEK, range(1, 301), NOW)
    channel = Postbox()
    lines = run(box, channel)
    assert [number(to) for to in channel.taken] == list(range(1, 301))
    assert channel.closed
    assert lines[0] == 'week=2026-W10 subscriber=1 state=sent code=250 told="250 ok"'
    assert len(lines) == 300
    counts = send(box, WEEK, channel, letter, now=lambda: NOW, tell=lines.append)
    assert (counts["sent"], sum(counts.values()), len(channel.taken)) == (300, 300, 300)


def test_nothing_is_claimed_when_the_channel_cannot_send(box: Outbox) -> None:
    """What can fail fails before the first mail."""
    box.queue(WEEK, [1, 2], NOW)
    channel = Postbox()

    def refused() -> None:
        raise DeliveryError("mail.lab.example:587: no TLS")

    channel.check = refused  # type: ignore[method-assign]
    with pytest.raises(DeliveryError, match="no TLS"):
        run(box, channel)
    assert [row.tries for row in box.deliveries(WEEK)] == [0, 0]


def test_who_wants_no_mail_of_an_empty_week_gets_none(box: Outbox) -> None:
    """Settled as suppressed with the reason; the others go on."""
    box.queue(WEEK, [1, 2, 3], NOW)
    channel = Postbox()
    run(box, channel, lambda d, s: None if s.id == 2 else letter(d, s))
    assert [row[0] for row in rows(box)] == ["sent", "suppressed", "sent"]
    assert rows(box)[1][1] == "nothing matched"


def test_a_letter_that_cannot_be_written_fails_alone(box: Outbox) -> None:
    """Its row has the sentence, without the address that stood in it."""
    box.queue(WEEK, [1, 2, 3], NOW)

    def write(delivery: Delivery, subscriber: Subscriber) -> Letter | None:
        if subscriber.id == 2:
            raise DeliveryError(f"no letter for {subscriber.address}: too heavy")
        return letter(delivery, subscriber)

    run(box, Postbox(), write)
    assert rows(box)[1] == ("failed", "no letter for <address>: too heavy")
    assert [row[0] for row in rows(box)] == ["sent", "failed", "sent"]


def test_a_lost_server_defers_the_mail_in_hand_and_ends_the_run(box: Outbox) -> None:
    """Nothing of it left; the rest stays queued, and what is told shows no address."""
    box.queue(WEEK, [1, 2, 3], NOW)

    def say(to: str) -> Answer:
        if number(to) == 2:
            raise DeliveryError(f"connection refused for {to}; is the server up?")
        return SENT

    with pytest.raises(DeliveryError) as told:
        run(box, Postbox(say))
    assert str(told.value) == "connection refused for <address>; is the server up?"
    assert told.value.__cause__ is None
    assert told.value.__suppress_context__
    assert [row[0] for row in rows(box)] == ["sent", "deferred", "queued"]


@pytest.mark.parametrize("trouble", [KeyboardInterrupt, OSError("cut"), RuntimeError("bug")])
def test_whatever_ends_a_send_leaves_that_mail_uncertain(
    box: Outbox, trouble: BaseException | type[BaseException]
) -> None:
    """The one before is sent, the one in hand may have arrived, the next is queued."""
    box.queue(WEEK, [1, 2, 3], NOW)

    def say(to: str) -> Answer:
        if number(to) == 2:
            raise trouble
        return SENT

    channel = Postbox(say)
    with pytest.raises((KeyboardInterrupt, DeliveryError)):
        run(box, channel)
    assert [row[0] for row in rows(box)] == ["sent", "uncertain", "queued"]
    assert "may have arrived" in rows(box)[1][1]
    assert channel.closed


def test_a_bug_while_a_letter_is_written_claims_nothing(box: Outbox) -> None:
    """Those before it are sent; the one in hand is queued, and was never claimed."""
    box.queue(WEEK, range(1, 21), NOW)

    def write(delivery: Delivery, subscriber: Subscriber) -> Letter | None:
        if subscriber.id == 9:
            raise ValueError("bug")
        return letter(delivery, subscriber)

    with pytest.raises(ValueError, match="bug"):
        run(box, Postbox(), write)
    assert [row[0] for row in rows(box)] == [*["sent"] * 8, *["queued"] * 12]
    assert {row.tries for row in box.deliveries(WEEK)[8:]} == {0}


def test_an_interrupt_while_claiming_settles_the_mail_before(
    box: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the server said is not forgotten with the transaction that was taken back."""
    box.queue(WEEK, [1, 2], NOW)
    refused, calls = outbox._refused, iter((False, True))

    def interrupted(row: Mapping[str, Any], at: str) -> str:
        if next(calls):
            raise KeyboardInterrupt
        return refused(row, at)

    monkeypatch.setattr(outbox, "_refused", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run(box, Postbox())
    assert [row[0] for row in rows(box)] == ["sent", "queued"]


def test_uncertain_answers_are_parked_and_the_run_goes_on(box: Outbox) -> None:
    """A line that broke after the dot stops nothing else."""
    box.queue(WEEK, [1, 2, 3], NOW)
    unsure = Answer("uncertain", 0, "", "the line broke after the dot")
    channel = Postbox(lambda to: unsure if number(to) == 2 else SENT)
    run(box, channel)
    run(box, channel)
    assert [row[0] for row in rows(box)] == ["sent", "uncertain", "sent"]
    assert len(channel.taken) == 3


def test_what_a_crash_left_is_told_at_the_next_start(box: Outbox) -> None:
    """And not sent again."""
    box.queue(WEEK, [1, 2], NOW)
    assert box.claim(box.due(WEEK, NOW), NOW)
    channel = Postbox()
    lines = run(box, channel)
    assert lines[0].startswith("1 uncertain: an earlier run ended")
    assert [number(to) for to in channel.taken] == [2]


def test_the_issue_pauses_at_the_eleventh_failure_and_can_go_on(box: Outbox) -> None:
    """10 failures are borne, the 11th within 200 ends the run; the rest is still queued."""
    box.queue(WEEK, range(1, 301), NOW)
    channel = Postbox(lambda to: REFUSED if number(to) <= 11 else SENT)
    with pytest.raises(DeliveryError, match=r"paused: 11 of the last 11 mails .* 554 refused"):
        run(box, channel)
    counts = box.counts(WEEK)
    assert (counts["failed"], counts["queued"], counts["sending"]) == (11, 289, 0)
    assert box.paused(WEEK)
    run(box, channel)
    assert box.counts(WEEK)["sent"] == 289
    assert not box.paused(WEEK)


def test_a_refused_sender_at_the_first_mail_stops_the_run_and_fails_nobody(box: Outbox) -> None:
    """Whoever the reader is, it says nothing of them: one mail is put off, all others wait."""
    box.queue(WEEK, range(1, 31), NOW)
    channel = Postbox(lambda to: NOT_OURS)
    with pytest.raises(DeliveryError, match=r"(?s)not owned by user.*delivery\.from") as told:
        run(box, channel)
    assert "<address>" not in str(told.value)
    assert (len(channel.taken), box.paused(WEEK)) == (1, False)
    counts = box.counts(WEEK)
    assert (counts["deferred"], counts["queued"], counts["failed"]) == (1, 29, 0)
    run(box, Postbox())
    assert box.counts(WEEK)["sent"] == 29


def test_a_sender_refused_later_stops_the_run_at_three_in_a_row(box: Outbox) -> None:
    """Two of them are borne, and one between two good ones is; a limit of mails is told as one."""
    box.queue(WEEK, range(1, 21), NOW)
    limit = Answer("deferred", 450, "4.7.1", "450 4.7.1 sending rate limit exceeded")
    channel = Postbox(lambda to: limit if number(to) in (2, 3, 5) or number(to) > 10 else SENT)
    with pytest.raises(DeliveryError, match="limits how much may be sent"):
        run(box, channel)
    assert number(channel.taken[-1]) == 13
    counts = box.counts(WEEK)
    assert (counts["sent"], counts["deferred"], counts["queued"]) == (7, 6, 7)


def test_a_status_that_is_the_senders_stops_the_run_for_now_too(box: Outbox) -> None:
    """Its words need not say so; whoever greylists says the same of everybody, and means a moment."""
    box.queue(WEEK, range(1, 8), NOW)
    nameless = Answer("deferred", 450, "4.7.25", "450 4.7.25 cannot find your hostname")
    with pytest.raises(DeliveryError, match="cannot find your hostname"):
        run(box, Postbox(lambda to: nameless))
    assert [row[0] for row in rows(box)] == ["deferred"] * 3 + ["queued"] * 4


def test_a_first_mail_refused_for_policy_lets_the_next_reader_have_theirs(box: Outbox) -> None:
    """It may be about that mail or that pair; at three in a row it is about all."""
    box.queue(WEEK, range(1, 8), NOW)
    quota = "554 5.7.1 quota of this sender exceeded for this recipient"
    over = Answer("failed", 554, "5.7.1", quota)
    run(box, Postbox(lambda to: over if number(to) == 1 else SENT))
    assert [row[0] for row in rows(box)] == ["deferred", *["sent"] * 6]
    box.queue("2026-W11", range(1, 8), NOW)
    channel = Postbox(lambda to: over)
    with pytest.raises(DeliveryError, match="quota of this sender"):
        send(box, "2026-W11", channel, letter, now=lambda: NOW, tell=lambda line: None)
    assert [row.state for row in box.deliveries("2026-W11")] == ["deferred"] * 3 + ["queued"] * 4


def test_one_reader_whom_the_server_does_not_serve_stops_the_others_once(
    box: Outbox, readers: Readers
) -> None:
    """At the first run, as if it were the sender; the next runs begin with that mail and go on."""
    box.queue(WEEK, [1, 2, 3], NOW)
    denied = Answer("failed", 554, "5.7.1", "554 5.7.1 Relay access denied")
    channel = Postbox(lambda to: denied if number(to) == 1 else SENT)
    with pytest.raises(DeliveryError, match="Relay access denied"):
        run(box, channel)
    later = NOW + timedelta(hours=1)
    send(Outbox(readers), WEEK, channel, letter, now=lambda: later, tell=lambda line: None)
    assert [number(to) for to in channel.taken] == [1, 1, 2, 3]
    assert [row[0] for row in rows(box)] == ["deferred", "sent", "sent"]


def test_what_only_one_letter_did_wrong_fails_that_letter(box: Outbox) -> None:
    """Too long for the server: it would be as long tomorrow, and the next one is shorter."""
    box.queue(WEEK, [1, 2], NOW)
    large = Answer("failed", 552, "5.3.4", "552 5.3.4 too large")
    run(box, Postbox(lambda to: large if number(to) == 1 else SENT))
    assert [row[0] for row in rows(box)] == ["failed", "sent"]


def test_mails_that_cannot_be_written_are_no_fault_of_the_server(box: Outbox) -> None:
    """Forty filters that no longer parse fail their readers, and the others get theirs."""
    box.queue(WEEK, range(1, 61), NOW)

    def unwritten(delivery: Delivery, subscriber: Subscriber) -> Letter | None:
        if subscriber.id <= 40:
            raise DeliveryError("the filter does not parse")
        return letter(delivery, subscriber)

    send(box, WEEK, Postbox(lambda to: SENT), unwritten, now=lambda: NOW, tell=lambda line: None)
    counts = box.counts(WEEK)
    assert (counts["failed"], counts["sent"]) == (40, 20)


def test_a_channel_of_somebody_else_may_break_and_shows_no_address(box: Outbox) -> None:
    """What it raises is told by its kind; what is no Answer is refused; the mail is uncertain."""
    for number_, said in ((1, ValueError("boom reader1@secret.example")), (2, None)):
        box.queue(WEEK, [number_], NOW)

        def say(to: str, said: Exception | None = said) -> Answer:
            if said:
                raise said
            return said  # type: ignore[return-value]

        with pytest.raises(
            DeliveryError, match=r"broke: (ValueError: boom <address>|TypeError)"
        ) as told:
            run(box, Postbox(say))
        assert said is None or told.value.__suppress_context__
        assert rows(box)[number_ - 1][0] == "uncertain"


def test_nothing_is_connected_to_where_nothing_is_due(box: Outbox) -> None:
    """A server that is down does not matter then."""
    channel = Postbox(lambda to: SENT)
    run(box, channel)
    assert not channel.closed
    assert channel.taken == []


def test_only_those_who_are_named_are_sent_to(box: Outbox) -> None:
    """The others stay as they are, also where they stand before and behind."""
    box.queue(WEEK, range(1, 6), NOW)
    channel = Postbox(lambda to: SENT)
    send(
        box, WEEK, channel, letter, now=lambda: NOW, tell=lambda line: None, only=frozenset({2, 4})
    )
    assert [number(to) for to in channel.taken] == [2, 4]
    assert [row[0] for row in rows(box)] == ["queued", "sent", "queued", "sent", "queued"]


def test_what_is_told_is_what_is_written_down(box: Outbox) -> None:
    """A mail that was put off for 48 hours has failed, in the line as in the row."""
    box.queue(WEEK, [1], NOW)
    told: list[str] = []
    later = Answer("deferred", 451, "4.7.1", "451 greylisted")
    for hours in (0, 60):
        moment = NOW + timedelta(hours=hours)
        clock = partial(datetime.fromtimestamp, moment.timestamp(), UTC)
        send(box, WEEK, Postbox(lambda to: later), letter, now=clock, tell=told.append)
    assert "state=deferred" in told[0]
    assert "state=failed" in told[1]
    assert rows(box)[0][0] == "failed"


def test_failures_that_lie_apart_do_not_pause(box: Outbox) -> None:
    """One in twenty is 5 % of every 200; one more within 200 is too many."""
    box.queue(WEEK, range(1, 301), NOW)
    run(box, Postbox(lambda to: REFUSED if number(to) % 20 == 0 else SENT))
    assert box.counts(WEEK)["failed"] == 15
    box.again(WEEK, ["failed"], NOW)
    box.queue("2026-W11", range(1, 301), NOW)
    channel = Postbox(lambda to: REFUSED if number(to) % 20 == 0 or number(to) == 201 else SENT)
    with pytest.raises(DeliveryError, match="paused: 11 of the last 200"):
        send(box, "2026-W11", channel, letter, now=lambda: NOW, tell=lambda line: None)


def test_deferred_mails_do_not_pause(box: Outbox) -> None:
    """A whole list that is greylisted only waits, and pushes no failure out of the window."""
    box.queue(WEEK, range(1, 301), NOW)
    later = Answer("deferred", 451, "4.7.1", "451 greylisted")
    run(box, Postbox(lambda to: REFUSED if number(to) <= 10 else later))
    assert box.counts(WEEK)["deferred"] == 290
    box.again(WEEK, ["failed"], NOW)
    channel = Postbox(lambda to: REFUSED if number(to) <= 10 else later)
    run(box, channel)
    box.queue("2026-W11", range(1, 301), NOW)
    channel = Postbox(lambda to: REFUSED if number(to) <= 10 or number(to) == 300 else later)
    with pytest.raises(DeliveryError, match="paused: 11 of the last 11"):
        send(box, "2026-W11", channel, letter, now=lambda: NOW, tell=lambda line: None)


def test_leaving_in_the_middle_of_an_issue_holds_for_the_next_mail(
    box: Outbox, readers: Readers
) -> None:
    """The reader after the one in hand leaves by another connection, and gets nothing."""
    box.queue(WEEK, [1, 2, 3], NOW)

    def say(to: str) -> Answer:
        if number(to) == 1:
            with Readers(readers.path, lambda size: b"\x01" * size) as web:
                web.leave(2, "web", NOW)
        return SENT

    channel = Postbox(say)
    run(box, channel)
    assert [number(to) for to in channel.taken] == [1, 3]
    assert rows(box)[1] == ("suppressed", "the person left")


def test_no_address_leaves_readers_db(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """A full round of everything that can go wrong; then every text and file is searched."""
    caplog.set_level(logging.DEBUG)
    texts: list[str] = []
    made = iter(range(1, 10_000))
    with Readers(tmp_path / "readers.db", lambda size: next(made).to_bytes(size, "big")) as readers:
        people = b"secret1@lab.example\nsecret2@lab.example,(\nsecret3 at lab.example\n"
        people += b"".join(b"secret%d@lab.example\n" % n for n in range(4, 60))
        texts += [str(o) for o in import_rows(readers, read_people(people, "p.csv"), "list", NOW)]
        left = readers.find_address("secret5@lab.example")
        assert left
        readers.leave(left.id, "leave mail from secret5@lab.example", NOW)
        box = Outbox(readers)
        box.queue(WEEK, [one.id for one in readers.subscribers()], NOW)

        def say(to: str) -> Answer:
            number = int(to[6:].split("@")[0])
            if number == 20:
                raise DeliveryError(f"cannot reach the server for {to}")
            state = ("sent", "deferred", "failed", "uncertain")[number % 4 if number < 30 else 2]
            return Answer(state, 250, "5.1.1", f"said of <{to}> and {to.upper()}")  # type: ignore[arg-type]

        for _ in range(2):
            with pytest.raises(DeliveryError) as told:
                send(box, WEEK, Postbox(say), letter, now=lambda: NOW, tell=texts.append)
            texts.append(repr(told.value))
        with pytest.raises(DeliveryError) as told:
            readers.add("secret5@lab.example", consent="x", now=NOW)
        texts += [repr(told.value), *map(repr, box.deliveries(WEEK)), str(box.counts(WEEK))]
        texts.append(str(readers.export("secret4@lab.example")).replace("secret4@lab.example", ""))
        (tmp_path / "said.log").write_text("\n".join([*texts, caplog.text, *capsys.readouterr()]))
        held = {
            file.name
            for file in tmp_path.iterdir()
            if b"secret" in file.read_bytes().lower().replace(b"subscriber", b"")
        }
    assert "paused" in "".join(texts)
    assert held <= {"readers.db", "readers.db-wal", "readers.db-journal"}
    assert held
