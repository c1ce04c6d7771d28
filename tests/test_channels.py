"""The channels: what a mail server may do to a letter, and what becomes of it."""

from __future__ import annotations

import os
import socket
import ssl
import stat
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from timeit import default_timer
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult

from mail_servers import Act, Certificate, MailServer, Moment, Say, certificate
from sundaypaper.delivery import Outbox, Readers, import_rows, read_people, send, without_addresses
from sundaypaper.delivery.channels import ChannelTools, open_channel
from sundaypaper.delivery.channels.answers import Reply, status_of, words_of
from sundaypaper.delivery.channels.connecting import Times
from sundaypaper.delivery.channels.smtp import SmtpChannel
from sundaypaper.delivery.channels.transaction import stuffed
from sundaypaper.delivery.pace import SendingPace
from sundaypaper.delivery.settings import DeliverySpec, ServerEntry
from sundaypaper.errors import DeliveryError
from sundaypaper.models import Answer, Delivery, Letter, Subscriber

TAG = "a" * 26
SENDER, READER = f"paper+b-{TAG}@paper.example", "ada.reader@lab.example"
BODY = f"Message-ID: <2026-W10.{TAG}@paper.example>\r\nSubject: Week 10\r\n\r\nHello.\r\n".encode()
LETTER = Letter(SENDER, READER, BODY)
USUAL = Times(connect=5, greeting=5, reply=5)
SOON = Times(connect=50, greeting=0.2, reply=40)
IMPATIENT = Times(connect=50, greeting=40, reply=0.2)


class Clock:
    """A clock that moves only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def no_sleep(seconds: float) -> None:
    """Where nothing should wait."""
    pytest.fail(f"slept {seconds} seconds")


def channel(
    port: int,
    *,
    tls: Any = "none",
    user: str = "",
    password: str = "",
    times: Times = USUAL,
    clock: Clock | None = None,
    environ: dict[str, str] | None = None,
    certificates: Callable[[], ssl.SSLContext] | None = None,
    **more: Any,
) -> SmtpChannel:
    """A channel to a server on loopback."""
    server = ServerEntry("127.0.0.1", port, tls, user, password)
    spec = DeliverySpec("smtp", "paper@paper.example", server=server, **more)
    sleep = clock.sleep if clock else no_sleep
    tools = ChannelTools(clock or default_timer, sleep, environ or {}, certificates)
    return SmtpChannel(spec, tools, times)


def waits(monkeypatch: pytest.MonkeyPatch) -> list[float | None]:
    """How long a socket waits, as often as that is set."""
    seen, settimeout = list[float | None](), socket.socket.settimeout

    def noted(self: socket.socket, seconds: float | None) -> None:
        seen.append(seconds)
        settimeout(self, seconds)

    monkeypatch.setattr(socket.socket, "settimeout", noted)
    return seen


def say(verb: str, answer: str | Act) -> Say:
    """Answer one verb so, always."""
    return lambda at: answer if at.verb == verb else None


def once(verb: str, answer: str | Act) -> Say:
    """Answer one verb so, on the first connection only."""
    return lambda at: answer if at.verb == verb and at.connection == 1 else None


def sent(server: MailServer, letters: int = 1, **more: Any) -> list[Answer]:
    """The answers to some letters over one channel."""
    with server, channel(server.port, **more) as open_:
        open_.check()
        return [open_.send(LETTER) for _ in range(letters)]


def why_not(server: MailServer, **more: Any) -> str:
    """The sentence with which a check fails; nothing may have been sent."""
    with server, channel(server.port, **more) as open_:
        with pytest.raises(DeliveryError) as caught:
            open_.check()
        assert not server.said("MAIL", "RCPT", "DATA")
    return str(caught.value)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A self-signed certificate for 127.0.0.1."""
    return certificate(tmp_path_factory.mktemp("own"))


# ---------------------------------------------------------------- a letter arrives


def test_a_letter_arrives_byte_for_byte() -> None:
    """Lines that begin with dots, a lone dot, 998 characters, and a dot at the very end."""
    lines = (b"", b".", b"..", b".x", b"..y", b"x" * 998, b"." * 998, b"end", b".")
    body = b".first: a dot\r\n" + b"\r\n".join(lines) + b"\r\n"
    with MailServer() as server, channel(server.port) as open_:
        assert open_.send(Letter(SENDER, READER, body)).state == "sent"
    assert [(m.sender, m.recipient, m.body) for m in server.mails] == [(SENDER, READER, body)]


def test_a_body_without_a_last_line_break_gets_one() -> None:
    """The dot that ends a mail stands on a line of its own."""
    assert stuffed(b"a\r\n.") == b"a\r\n..\r\n.\r\n"
    assert stuffed(b"") == b".\r\n"


def test_the_answer_says_what_the_server_said() -> None:
    """The code, the enhanced status and the words with the queue's number."""
    (answer,) = sent(MailServer())
    assert answer == Answer("sent", 250, "2.0.0", "250 2.0.0 queued as 7F3A")


def test_one_connection_carries_many_and_then_makes_room_for_a_new_one() -> None:
    """Seven letters, at most three on one connection."""
    server = MailServer()
    sent(server, 7, a_connection=3)
    assert [m.connection for m in server.mails] == [1, 1, 1, 2, 2, 2, 3]


def test_a_connection_ends_with_a_goodbye_unless_something_broke() -> None:
    """QUIT after the last letter; none in the middle of a mail, where it would be a line of it."""
    with MailServer() as server:
        with channel(server.port) as open_:
            open_.send(LETTER)
        assert len(server.said("QUIT")) == 1
        with suppress(KeyboardInterrupt), channel(server.port) as open_:
            open_.send(LETTER)
            raise KeyboardInterrupt
    assert len(server.said("QUIT")) == 1


@pytest.mark.parametrize("offers", [(), ("250-PIPELINING",)], ids=["in turn", "pipelined"])
def test_the_size_is_announced_where_the_server_asks(offers: tuple[str, ...]) -> None:
    """SIZE stands at MAIL where the server offers it, and never where it does not."""
    with MailServer(offers=offers) as server, channel(server.port) as open_:
        assert open_.send(LETTER).state == "sent"
    assert server.said("MAIL") == [f"{SENDER} SIZE={len(BODY)}"]
    bare = MailServer(offers=offers, data_size_limit=0)
    assert [a.state for a in sent(bare)] == ["sent"]
    assert bare.said("MAIL") == [SENDER]


# ---------------------------------------------------------------- moods


@pytest.mark.parametrize("offers", [(), ("250-PIPELINING",)], ids=["in turn", "pipelined"])
@pytest.mark.parametrize(
    ("verb", "reply", "expected"),
    [
        ("RCPT", "451 4.7.1 greylisted", ("deferred", 451, "4.7.1")),
        ("RCPT", "452 4.2.2 full", ("deferred", 452, "4.2.2")),
        ("MAIL", "452 4.3.1 no room", ("deferred", 452, "4.3.1")),
        ("MAIL", "552 5.3.4 too large", ("failed", 552, "5.3.4")),
        ("RCPT", "550 5.1.1 nobody", ("failed", 550, "5.1.1")),
        ("RCPT", "550 nobody", ("failed", 550, "")),
        ("RCPT", "550 4.1.1 nonsense", ("failed", 550, "")),
        ("DATA", "554 5.7.1 no", ("failed", 554, "5.7.1")),
        ("DATA", "451 4.3.0 later", ("deferred", 451, "4.3.0")),
        ("DOT", "552 5.7.0 content refused", ("failed", 552, "5.7.0")),
        ("DOT", "554 no", ("failed", 554, "")),
        ("DOT", "552 5.2.2 full", ("failed", 552, "5.2.2")),
        ("DOT", "451 4.7.1 later", ("deferred", 451, "4.7.1")),
    ],
)
def test_a_refusal_is_told_with_its_status_and_the_next_letter_goes(
    verb: str, reply: str, expected: tuple[str, int, str], offers: tuple[str, ...]
) -> None:
    """4xx is deferred, 5xx failed, on the same connection as the letter after it."""
    refused = list[str]()

    def moody(at: Moment) -> str | None:
        if at.verb != verb or refused:
            return None
        refused.append(at.verb)
        return reply

    server = MailServer(moody, offers=offers)
    first, second = sent(server, 2)
    assert (first.state, first.code, first.status) == expected
    assert first.told == reply
    assert (second.state, len(server.mails), server.connections) == ("sent", 1, 1)


def test_421_after_so_many_means_a_new_connection_and_nothing_else() -> None:
    """A server that closes after two mails: five letters arrive, each once."""
    moody = lambda at: "421 4.7.0 enough" if at.verb == "MAIL" and at.carried == 2 else None  # noqa: E731
    server = MailServer(moody)
    assert [a.state for a in sent(server, 5)] == ["sent"] * 5
    assert [m.connection for m in server.mails] == [1, 1, 2, 2, 3]


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "DOT"])
@pytest.mark.parametrize("offers", [(), ("250-PIPELINING",)], ids=["in turn", "pipelined"])
def test_421_twice_defers_the_letter(verb: str, offers: tuple[str, ...]) -> None:
    """Two tries, no more, and the server's words."""
    server = MailServer(say(verb, "421 4.7.0 not now"), offers=offers)
    (answer,) = sent(server)
    assert answer == Answer("deferred", 421, "4.7.0", "421 4.7.0 not now")
    assert (server.connections, server.mails) == (2, [])


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
def test_a_connection_that_breaks_before_the_dot_is_made_anew(verb: str) -> None:
    """The letter is tried once more and arrives once."""
    server = MailServer(once(verb, Act.HANG_UP))
    assert [a.state for a in sent(server)] == ["sent"]
    assert (server.connections, len(server.mails)) == (2, 1)


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "BODY"])
def test_a_connection_that_breaks_twice_before_the_dot_defers(verb: str) -> None:
    """In the middle of a body larger than any buffer, too: the dot never left."""
    letter = Letter(SENDER, READER, BODY + b"0123456789abcdef\r\n" * 700_000)
    with MailServer(say(verb, Act.HANG_UP)) as server, channel(server.port) as open_:
        answer = open_.send(letter)
    assert (answer.state, answer.code, server.connections) == ("deferred", 0, 2)
    assert answer.told.startswith("the connection broke before the mail was handed over: ")
    assert server.mails == []


def test_a_server_that_breaks_off_everything_is_left_alone() -> None:
    """After three letters in a row the sending stops; none of the others is touched."""
    with MailServer(say("RCPT", Act.HANG_UP)) as server, channel(server.port) as open_:
        assert [open_.send(LETTER).state for _ in range(3)] == ["deferred"] * 3
        with pytest.raises(DeliveryError, match="3 mails in a row"):
            open_.send(LETTER)
    assert server.connections == 6


def test_a_refusal_that_is_about_us_stops_the_sending() -> None:
    """550 at MAIL FROM fails no reader: the sentence says what to do, without an address."""
    server = MailServer(say("MAIL", f"550 5.7.1 <{SENDER}> may not send for {READER}"))
    with server, channel(server.port) as open_, pytest.raises(DeliveryError) as caught:
        open_.send(LETTER)
    assert "delivery.from" in str(caught.value)
    assert "550 5.7.1 <address> may not send for <address>" in str(caught.value)
    assert "@" not in str(caught.value)


@pytest.mark.parametrize("verb", ["MAIL", "RCPT"])
@pytest.mark.parametrize("offers", [(), ("250-PIPELINING",)], ids=["in turn", "pipelined"])
def test_a_server_that_wants_a_login_stops_the_sending(verb: str, offers: tuple[str, ...]) -> None:
    """530 is about us wherever it comes, and so is a 503 that speaks of the login."""
    for reply in ("530 5.7.0 Authentication required", "503 AUTH first"):
        server = MailServer(say(verb, reply), offers=offers)
        with server, channel(server.port) as open_, pytest.raises(DeliveryError, match="login"):
            open_.send(LETTER)


def test_a_server_that_takes_eight_connections_turns_the_ninth_away() -> None:
    """The ninth is told so and when one of the eight goes it gets in."""
    full: Say = lambda at: (  # noqa: E731
        "421 4.7.0 too many connections" if at.verb == "CONNECT" and at.open > 8 else None
    )
    with MailServer(full) as server:
        eight = [channel(server.port) for _ in range(8)]
        for open_ in eight:
            open_.check()
        with channel(server.port) as ninth:
            with pytest.raises(DeliveryError, match=r"421 4\.7\.0 too many connections"):
                ninth.check()
            eight.pop().__exit__(None)
            ninth.check()
            assert ninth.send(LETTER).state == "sent"
        for open_ in eight:
            open_.__exit__(None)


def test_nonsense_before_the_dot_is_no_success() -> None:
    """DATA answered with 250 instead of 354: not sent, and not failed."""
    (answer,) = sent(MailServer(say("DATA", "250 sure")))
    assert (answer.state, answer.code) == ("deferred", 0)


# ---------------------------------------------------------------- the dot (RFC 1047)


@pytest.mark.parametrize(
    ("act", "kept"), [(Act.HANG_UP, 0), (Act.TAKE_AND_HANG_UP, 1), (Act.TAKE_AND_SILENCE, 1)]
)
def test_no_answer_to_the_dot_leaves_the_letter_uncertain(
    act: Act, kept: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether the server kept it or not: never sent again by itself, never failed, never sent."""
    server, waited = MailServer(once("DOT", act)), waits(monkeypatch)
    first, second = sent(server, 2, times=IMPATIENT)
    assert waited[:3] == [50, 40, 0.2]  # not as long as a greeting is waited for
    assert (first.state, first.code, first.status) == ("uncertain", 0, "")
    assert "may have arrived" in first.told
    assert (second.state, server.connections, len(server.mails)) == ("sent", 2, kept + 1)


@pytest.mark.parametrize("reply", ["", "blah", "150 hm", "354 go on"])
def test_nonsense_after_the_dot_leaves_the_letter_uncertain(reply: str) -> None:
    """Only 2xx, 4xx and 5xx decide."""
    server = MailServer(once("DOT", reply or " "))
    assert [a.state for a in sent(server, 2)] == ["uncertain", "sent"]


def test_a_server_that_answers_no_dot_leaves_few_in_doubt() -> None:
    """Three are uncertain; the others wait for a person."""
    with MailServer(say("DOT", Act.TAKE_AND_HANG_UP)) as server, channel(server.port) as open_:
        assert [open_.send(LETTER).state for _ in range(3)] == ["uncertain"] * 3
        with pytest.raises(DeliveryError, match="broke off"):
            open_.send(LETTER)
    assert len(server.mails) == 3


# ---------------------------------------------------------------- with the outbox

NOW, WEEK = datetime(2026, 3, 8, 12, tzinfo=UTC), "2026-W10"


@pytest.fixture
def readers(tmp_path: Path) -> Iterator[Readers]:
    """Twenty confirmed subscribers, queued."""
    made = (n.to_bytes(32, "big") for n in count(1))
    with Readers(tmp_path / "readers.db", lambda size: next(made)[-size:]) as kept:
        people = "".join(f"reader{n}@lab.example\n" for n in range(20)).encode()
        import_rows(kept, read_people(people, "people.csv"), "lab list", NOW)
        Outbox(kept).queue(WEEK, [one.id for one in kept.receiving(NOW.date())], NOW)
        yield kept


def deliver(readers: Readers, server: MailServer, **more: Any) -> tuple[dict[str, int], list[str]]:
    """Send the issue to all of them; how the rows stand, and the log."""

    def write(delivery: Delivery, subscriber: Subscriber) -> Letter:
        return Letter(SENDER, subscriber.address, BODY)

    log, outbox = list[str](), Outbox(readers)
    with server, suppress(DeliveryError):
        send(outbox, WEEK, channel(server.port), write, now=lambda: NOW, tell=log.append, **more)
    return {state: many for state, many in outbox.counts(WEEK).items() if many}, log


def test_a_quota_a_second_is_kept(readers: Readers) -> None:
    """Five in any second of the clock that both ends share: none of twenty is put off."""
    clock, taken = Clock(), list[float]()

    def quota(at: Moment) -> str | None:
        if at.verb != "RCPT":
            return None
        taken.append(clock())
        recent = [t for t in taken if t > clock() - 0.999999]
        return "451 4.7.1 too fast" if len(recent) > 5 else None

    counts, _ = deliver(readers, MailServer(quota), pace=SendingPace(5, clock, clock.sleep))
    assert counts == {"sent": 20}
    assert clock() - 1000 == pytest.approx(19 / 5)


def test_a_second_try_waits_for_its_turn_too() -> None:
    """A server that counts is asked no more often because a connection broke."""
    clock = Clock()
    with MailServer(once("MAIL", Act.HANG_UP)) as server:
        pace = SendingPace(2, clock, clock.sleep)
        spec = DeliverySpec("smtp", SENDER, server=ServerEntry("127.0.0.1", server.port, "none"))
        pace.take()
        with SmtpChannel(spec, ChannelTools(clock, clock.sleep, {}, pace=pace)) as open_:
            assert open_.send(LETTER).state == "sent"
    assert clock() - 1000 == pytest.approx(1 / 2)


def test_nothing_of_a_letter_arrives_before_it_may_end() -> None:
    """All but the dot is there; whoever may not end it hangs up, and no mail was sent."""
    with MailServer() as server, channel(server.port) as open_:

        def never() -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            open_.send_when(LETTER, never)
        assert open_.send_when(LETTER, lambda: None).state == "sent"
    assert (len(server.mails), server.connections) == (1, 2)


def test_a_server_that_takes_nobody_pauses_the_issue(readers: Readers) -> None:
    """554 to all: eleven fail, nobody is suppressed, the others wait, no address in the log."""
    counts, log = deliver(
        readers, MailServer(lambda at: f"554 <{at.argument}> no" if at.verb == "RCPT" else None)
    )
    assert counts == {"queued": 9, "failed": 11}
    assert len(readers.receiving(NOW.date())) == 20
    assert log[0] == 'week=2026-W10 subscriber=1 state=failed code=554 told="554 <address> no"'


def test_a_refusal_is_the_readers_or_ours(readers: Readers) -> None:
    """550 5.1.1 fails and is counted, 552 5.7.0 is put off; all others get theirs."""
    replies = {"reader3@lab.example": "550 5.1.1 nobody", "reader4@lab.example": "552 5.7.0 spam"}
    server = MailServer(lambda at: replies.get(at.argument) if at.verb == "RCPT" else None)
    counts, _ = deliver(readers, server)
    assert counts == {"sent": 18, "failed": 1, "deferred": 1}
    scores = [readers.export(f"reader{n}@lab.example")["subscriber"]["score"] for n in range(20)]
    assert scores == [0, 0, 0, 1, *[0] * 16]


@pytest.mark.parametrize(
    ("verb", "reply"),
    [
        ("MAIL", "550 5.1.8 bad outbound sender"),
        ("MAIL", "550 no"),
        ("RCPT", f"553 5.7.1 <{SENDER}>: Sender address rejected: not owned by user"),
        ("RCPT", "550 5.1.8 Access denied, bad outbound sender"),
        ("RCPT", "550 relay not permitted"),
        ("DOT", "554 5.2.252 SendAsDenied; paper not allowed to send as news"),
        ("DOT", "550 SPF check failed"),
        ("DOT", "554 5.7.1 fails DMARC"),
    ],
)
def test_a_refused_sender_burns_no_reader(readers: Readers, verb: str, reply: str) -> None:
    """At MAIL, RCPT or the end: one mail waits with the server's words, nineteen are untouched."""
    counts, log = deliver(readers, MailServer(say(verb, reply)))
    assert counts == {"queued": 19, "deferred": 1}
    assert "state=deferred" in log[0]
    assert len(readers.receiving(NOW.date())) == 20


class Nested(MailServer):
    """A server that takes no second MAIL after a mail that it refused, until it hears RSET."""

    def __init__(self, reply: str) -> None:
        self.stuck, self.reply = False, reply
        super().__init__(self.moody)

    def moody(self, at: Moment) -> str | None:
        if at.verb == "DOT" and at.carried == 0 and not self.stuck:
            self.stuck = True
            return self.reply
        if at.verb == "RSET":
            self.stuck = False
        return "503 5.5.1 nested MAIL command" if at.verb == "MAIL" and self.stuck else None


@pytest.mark.parametrize(
    "reply", ["554 no", "552 5.2.2 full", "451 4.3.0 later", "554 5.7.1 quota"]
)
def test_a_letter_refused_after_its_dot_is_followed_by_rset(reply: str) -> None:
    """Or the next reader's mail is refused for it, as by servers with quotas."""
    server = Nested(reply)
    first, second = sent(server, 2)
    assert first.state in ("failed", "deferred")
    assert (second.state, server.connections, len(server.said("RSET"))) == ("sent", 1, 1)


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
def test_a_503_is_a_lost_place_and_no_refusal(verb: str) -> None:
    """Neither sender nor reader is meant: a new connection is made, and the letter goes."""
    server = MailServer(once(verb, "503 5.5.1 nested MAIL command"))
    assert [a.state for a in sent(server)] == ["sent"]
    assert server.connections == 2
    server = MailServer(say(verb, "503 5.5.1 Error: nested MAIL command"))
    (answer,) = sent(server)
    assert (answer.state, answer.code) == ("deferred", 0)


def test_a_quota_of_mails_a_connection_loses_nobody(readers: Readers) -> None:
    """421 after seven on each connection: twenty readers, twenty mails."""
    moody: Say = lambda at: "421 enough" if at.verb == "MAIL" and at.carried == 7 else None  # noqa: E731
    server = MailServer(moody)
    counts, _ = deliver(readers, server)
    assert counts == {"sent": 20}
    assert len({mail.recipient for mail in server.mails}) == len(server.mails) == 20


# ---------------------------------------------------------------- before the wire


@pytest.mark.parametrize(
    "bad",
    [
        "a@lab.example\r\nDATA", "a\n@lab.example", "a@lab.example\0", "a@lab.example> SIZE=1",
        "<a@lab.example", "a b@lab.example", "a@lab.example\x85", "ä@lab.example", "", "nobody",
    ],
)  # fmt: skip
def test_a_bad_address_never_reaches_the_wire(bad: str) -> None:
    """CR, LF, controls, brackets, blanks, letters beyond ASCII: failed, whichever side they are on."""
    with MailServer() as server, channel(server.port) as open_:
        answers = [open_.send(Letter(SENDER, bad, BODY)), open_.send(Letter(bad, READER, BODY))]
    assert [(a.state, a.code, a.status) for a in answers] == [("failed", 0, "")] * 2
    assert "recipient is no address" in answers[0].told
    assert "sender is no address" in answers[1].told
    assert server.connections == 0


def test_no_mail_hides_in_a_mail() -> None:
    """A dot after a bare line feed, where some servers would see the end, is one more line to them."""
    assert stuffed(b"a\n.\nMAIL FROM:<x@y>\r\n") == b"a\n..\nMAIL FROM:<x@y>\r\n.\r\n"


def test_a_mail_that_is_not_7_bit_is_refused() -> None:
    """Nothing was agreed with the server that would let it pass."""
    with MailServer() as server, channel(server.port) as open_:
        assert open_.send(Letter(SENDER, READER, BODY + "ä\r\n".encode())).state == "failed"
    assert server.connections == 0


# ---------------------------------------------------------------- whom we talk to


@pytest.mark.parametrize("from_the_start", [False, True], ids=["starttls", "tls"])
def test_a_letter_goes_encrypted(own: Certificate, from_the_start: bool) -> None:
    """Both ways of TLS, with the name and the certificate checked."""
    server = MailServer(
        tls=own.server(), from_the_start=from_the_start, require_starttls=not from_the_start
    )
    kind = "tls" if from_the_start else "starttls"
    assert [a.state for a in sent(server, 2, tls=kind, certificates=own.trusted)] == ["sent"] * 2
    assert from_the_start or all(mail.encrypted for mail in server.mails)


def test_without_starttls_nothing_is_sent() -> None:
    """A server, or somebody between, that does not offer it: refused, and how to go on."""
    told = why_not(MailServer(), tls="starttls")
    assert "does not offer STARTTLS, so nothing is sent" in told
    assert "tls: none" in told


def test_what_is_pushed_in_before_tls_is_forgotten(
    own: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Replies that somebody between adds to that of STARTTLS answer nothing that we say later."""
    push = SMTP.push

    async def pushed_in(self: SMTP, status: Any) -> None:
        begins = str(status).startswith("220 ") and "TLS" in str(status)
        await push(self, f"{status}\r\n250 8BITMIME" if begins else status)

    monkeypatch.setattr(SMTP, "push", pushed_in)
    server = MailServer(tls=own.server(), require_starttls=True)
    answers = sent(server, tls="starttls", certificates=own.trusted)
    assert [answer.state for answer in answers] == ["sent"]
    assert [mail.encrypted for mail in server.mails] == [True]


@pytest.mark.parametrize("from_the_start", [False, True], ids=["starttls", "tls"])
def test_a_certificate_of_nobody_is_refused(own: Certificate, from_the_start: bool) -> None:
    """Self-signed: nothing is sent, and the way to trust it is told."""
    server = MailServer(tls=own.server(), from_the_start=from_the_start)
    told = why_not(server, tls="tls" if from_the_start else "starttls")
    assert "not trusted (self-signed certificate), so nothing is sent" in told
    assert "SSL_CERT_FILE" in told


def test_the_way_to_trust_a_server_of_ones_own_works(
    own: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SSL_CERT_FILE with its certificate, as the sentence says."""
    monkeypatch.setenv("SSL_CERT_FILE", str(own.path))
    assert [a.state for a in sent(MailServer(tls=own.server()), tls="starttls")] == ["sent"]


def test_a_certificate_for_another_name_is_refused(tmp_path: Path) -> None:
    """Trusted, but not for this host."""
    other = certificate(tmp_path, "DNS:other.example")
    told = why_not(MailServer(tls=other.server()), tls="starttls", certificates=other.trusted)
    assert "IP address mismatch" in told
    assert "delivery.server.host" in told


def test_tls_where_none_is_spoken_names_the_ports() -> None:
    """tls: tls at a port of starttls."""
    assert "port 587 usually goes with starttls" in why_not(MailServer(), tls="tls")


def test_a_greeting_that_does_not_come_ends_the_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """A banner slower than we wait for, or a server that waits for TLS itself."""
    waited = waits(monkeypatch)
    told = why_not(MailServer(say("CONNECT", Act.SILENCE)), times=SOON)
    assert waited == [50, 0.2]  # not as long as a reply
    assert "did not greet within 0.2 seconds" in told


@pytest.mark.parametrize(
    ("verb", "reply"),
    [("CONNECT", "554 5.7.1 no mail from here"), ("EHLO", "550 5.7.1 no mail from here")],
)
def test_a_server_that_turns_us_away_is_quoted(verb: str, reply: str) -> None:
    """At connect or at EHLO: one sentence, nothing sent."""
    refuse: Say = lambda at: reply if at.verb == verb else None  # noqa: E731
    server = MailServer(refuse)
    with server, channel(server.port, tls="starttls") as open_:
        with pytest.raises(DeliveryError) as caught:
            open_.check()
        assert not server.said("MAIL")
    assert "no mail from here" in str(caught.value) or "STARTTLS" in str(caught.value)


def test_a_refused_connection_and_an_unknown_name_are_told_apart() -> None:
    """Each with the setting to look at."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(
            DeliveryError, match=r"cannot be reached: Connection refused; check delive"
        ):
            channel(taken.getsockname()[1]).check()
    spec = DeliverySpec("smtp", "p@paper.example", server=ServerEntry("mail.invalid", 587))
    with pytest.raises(DeliveryError, match=r"mail\.invalid:587 is not found"):
        SmtpChannel(spec, ChannelTools(default_timer, no_sleep, {})).check()


# ---------------------------------------------------------------- logging in

SECRET = "hunter2-and-more"


def plain_login(data: Any) -> str:
    """User and password as AUTH PLAIN has them on the wire (RFC 4616)."""
    return b64encode(b"\0" + data.login + b"\0" + data.password).decode()


def guarded(own: Certificate) -> MailServer:
    """A server that wants a login under TLS."""

    def judge(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        good = (data.login, data.password) == (b"paper@paper.example", SECRET.encode())
        words = f"535 5.7.8 {data.login.decode()}: {data.password.decode()}, {plain_login(data)}"
        return AuthResult(success=good, handled=False, message=None if good else words)

    return MailServer(tls=own.server(), authenticator=judge, auth_required=True)


def login(own: Certificate, environ: dict[str, str], **more: Any) -> dict[str, Any]:
    """What a channel needs to log in there."""
    asked = {"tls": "starttls", "user": "paper@paper.example", "password": "PAPER_SMTP"}
    return asked | {"certificates": own.trusted, "environ": environ} | more


def test_the_password_comes_from_the_environment(own: Certificate) -> None:
    """The variable that feeds.yaml names."""
    server = guarded(own)
    assert [a.state for a in sent(server, **login(own, {"PAPER_SMTP": SECRET}))] == ["sent"]


def test_a_wrong_password_names_its_variable_and_nothing_more(own: Certificate) -> None:
    """Only the code is repeated: a server may put the password into its words, encoded too."""
    told = why_not(guarded(own), **login(own, {"PAPER_SMTP": "wrong-" + SECRET}))
    assert "does not let us in (535 5.7.8): check" in told
    assert "AHBhcGVy" not in told
    assert "PAPER_SMTP" in told
    assert SECRET not in told
    assert "@" not in told


@pytest.mark.parametrize(
    ("environ", "more", "expected"),
    [
        ({}, {}, "the environment variable PAPER_SMTP, which"),
        ({"PAPER_SMTP": "pässwort"}, {}, "beyond ASCII"),
        ({}, {"password": ""}, "a user and no password"),
    ],
)
def test_a_login_that_cannot_work_is_told_before_anything_is_connected(
    own: Certificate, environ: dict[str, str], more: dict[str, Any], expected: str
) -> None:
    """A missing variable, a password that SMTP cannot carry, no password at all."""
    server = guarded(own)
    told = why_not(server, **login(own, environ, **more))
    assert expected in told
    assert "pässwort" not in told
    assert server.connections == 0


def test_a_server_without_logins_says_so(own: Certificate) -> None:
    """A user in feeds.yaml where the server takes none."""
    environ = {"PAPER_SMTP": SECRET}
    server = MailServer(tls=own.server(), auth_exclude_mechanism=["LOGIN", "PLAIN"])
    assert "leave user and password out" in why_not(server, **login(own, environ))


def test_a_login_goes_over_no_line_that_lost_its_encryption() -> None:
    """STARTTLS is not offered: neither the password nor a letter is sent."""
    server = MailServer(auth_require_tls=False)
    with (
        server,
        channel(
            server.port, tls="starttls", user="u", password="P", environ={"P": SECRET}
        ) as open_,
        pytest.raises(DeliveryError, match="STARTTLS"),
    ):
        open_.send(LETTER)
    assert {at.verb for at in server.moments} == {"CONNECT", "EHLO"}


# ---------------------------------------------------------------- what is told


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (f"5.1.1 <{READER}>: unknown", "550 5.1.1 <address>: unknown"),
        (f"5.1.1 <{READER.upper()}> unknown", "550 5.1.1 <address> unknown"),
        ("5.1.1 no mailbox ada.reader here", "550 5.1.1 no mailbox <address> here"),
        ("5.1.1 forwards to o'brien@other.example;", "550 5.1.1 forwards to <address>;"),
        ('5.1.1 "ada r"@x.example and to=ada@[1.2.3.4]', "550 5.1.1 <address> and <address>"),
        ("5.1.1 one\n5.1.1 two", "550 5.1.1 one two"),
        ("5.1.1 \x1b[31m \u202egnp", "550 5.1.1 [31m gnp"),
        ("", "550"),
    ],
)
def test_a_server_is_quoted_without_any_address(words: str, expected: str) -> None:
    """The recipient, the name before their @, and whatever else looks like an address."""
    assert words_of(Reply(550, words), READER) == expected


def test_a_server_that_talks_much_is_cut_short() -> None:
    """200 characters, and no half of an address at the end."""
    assert len(words_of(Reply(550, "x y " * 5000), READER)) <= 200
    flood = (f"{'r' * 200}@lab.example " * 200)[:5000]
    assert set(without_addresses(flood).split()) == {"<address>"}


def test_a_status_counts_only_where_it_fits_its_code() -> None:
    """RFC 2034: the first digits agree, and it stands first."""
    assert status_of(Reply(550, "5.1.1 x")) == "5.1.1"
    assert status_of(Reply(550, "4.1.1 x")) == status_of(Reply(550, "see 5.1.1")) == ""
    assert status_of(Reply(550, "5.1.1.1 x")) == status_of(Reply(550, "5.1.1234")) == ""


# ---------------------------------------------------------------- a folder, and the table


def folder_channel(folder: Path | str) -> Any:
    """The channel of kind file."""
    spec = DeliverySpec("file", "paper@paper.example", folder=str(folder))
    return open_channel(spec, ChannelTools(default_timer, no_sleep, {}))


def test_a_folder_gets_one_file_a_letter(tmp_path: Path) -> None:
    """Named by the Message-ID, whole, for its owner's eyes; the same letter again is the same file."""
    folder = tmp_path / "mails"
    with folder_channel(folder) as open_:
        open_.check()
        assert [open_.send(LETTER), open_.send(LETTER)] == [Answer("sent")] * 2
    assert [p.name for p in folder.iterdir()] == [f"2026-W10.{TAG}.eml"]
    file = folder / f"2026-W10.{TAG}.eml"
    assert file.read_bytes() == BODY
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("name", [b"../up", b".hidden", b"a/b", b"", b"x" * 300])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: bytes) -> None:
    """A Message-ID that is no plain name fails; one in the body is none."""
    body = b"Message-ID: <" + name + b"@x.example>\r\n\r\nMessage-ID: <good@x.example>\r\n"
    with folder_channel(tmp_path / "mails") as open_:
        open_.check()
        assert open_.send(Letter(SENDER, READER, body)).state == "failed"
    assert list(tmp_path.rglob("*")) == [tmp_path / "mails"]


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """A file in its place; no folder named at all."""
    (tmp_path / "mails").write_text("")
    with pytest.raises(DeliveryError, match=r"cannot be written to .*mails"):
        folder_channel(tmp_path / "mails").check()
    with pytest.raises(DeliveryError, match="needs a folder"):
        folder_channel("")


def test_a_disk_that_is_full_stops_the_sending(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing half-written stays behind."""

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with folder_channel(tmp_path) as open_:
        open_.check()
        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(DeliveryError, match="No space left on device"):
            open_.send(LETTER)
    assert list(tmp_path.iterdir()) == []


class Own:
    """A channel of somebody else."""

    def __init__(self, spec: DeliverySpec, tools: ChannelTools) -> None:
        self.spec = spec


@pytest.fixture
def spec() -> DeliverySpec:
    """One without server and folder."""
    return DeliverySpec("smtp", "paper@paper.example")


def test_a_channel_is_named_in_feeds_yaml(spec: DeliverySpec) -> None:
    """smtp, list, file, somebody else's by its dotted name; anything else is told."""
    tools = ChannelTools(default_timer, no_sleep, {})
    dotted = DeliverySpec("test_channels:Own", spec.address)
    made: Any = open_channel(dotted, tools)
    assert (type(made).__name__, made.spec) == ("Own", dotted)
    with pytest.raises(DeliveryError, match=r"delivery\.kind .*did you mean “smtp”"):
        open_channel(DeliverySpec("smpt", spec.address), tools)
    with pytest.raises(DeliveryError, match="needs a server"):
        open_channel(spec, tools)
    there = DeliverySpec("list", spec.address, server=ServerEntry("mx.example", 25, "none"))
    assert isinstance(open_channel(there, tools), SmtpChannel)
