"""`inbox --check`: a mail to a leave address of nobody, and whether it comes in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from inbound import dsn, group, leave_mail
from mail_servers import MailServer
from sundaypaper.config import load
from sundaypaper.delivery import Readers
from sundaypaper.delivery.channels import ChannelTools
from sundaypaper.delivery.inbox.maildir import Maildir
from sundaypaper.errors import DeliveryError
from sundaypaper.pipeline.inbox_check import check_inbox
from sundaypaper.pipeline.mailing import MailJob, read_inbox
from test_delivery import PAPER, maildir

NOW = datetime(2026, 3, 8, 12, tzinfo=UTC)


@dataclass
class Wait:
    """A clock that moves while somebody sleeps; meanwhile something may happen."""

    then: Callable[[float], object] = lambda _: None
    now: float = 100.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept.append(seconds)
        self.then(self.now - 100)


@pytest.fixture
def server() -> Iterator[MailServer]:
    """A mail server that takes everything."""
    with MailServer() as running:
        yield running


@pytest.fixture
def new(tmp_path: Path, server: MailServer) -> Path:
    """Where mails come in: a Maildir that feeds.yaml names."""
    return maildir(tmp_path, server)


def checked(new: Path, wait: Wait) -> str:
    """What the check says."""
    config = load(new.parent.parent / "feeds.yaml")
    with Readers(new.parent.parent / "readers.db", lambda size: b"x" * size) as readers:
        tools = ChannelTools(lambda: wait.now, wait.sleep, {})
        job = MailJob(config, readers, {}, lambda: NOW, lambda _: None, tools)
        return check_inbox(job)


def test_a_mail_that_arrives_says_that_leave_mails_will(new: Path, server: MailServer) -> None:
    """It is marked as read, and all other mails are left as they are."""
    (new / "1.M1.host").write_bytes(leave_mail())

    def deliver(passed: float) -> None:
        if passed == 7:
            (new / "2.M1.host").write_bytes(server.mails[0].body)

    wait = Wait(deliver)
    told = checked(new, wait)
    assert told == "it came after 7 seconds: leave mails and bounces will arrive"
    (one,) = server.mails
    assert one.recipient.startswith("paper+leave-")
    assert one.sender == "paper@lab.example"
    assert [file.name for file in new.iterdir()] == ["1.M1.host"]
    assert [file.name for file in (new.parent / "cur").iterdir()] == ["2.M1.host:2,S"]


def test_a_mail_that_does_not_arrive_is_told_after_two_minutes(new: Path) -> None:
    """With what the server has to do; the clock is the one that was given."""
    wait = Wait()
    with pytest.raises(
        DeliveryError, match=r"did not come within 120 seconds.*recipient_delimi"
    ) as told:
        checked(new, wait)
    assert 120 <= sum(wait.slept) < 136
    assert "@" not in str(told.value)


def test_a_mail_that_comes_back_is_told_at_once(new: Path, server: MailServer) -> None:
    """A server that knows no plus-addresses sends a report to the inbox."""

    def bounce(passed: float) -> None:
        back = server.mails[0].body.decode().replace("\r\n", "\n")
        report = dsn([group("5.1.1")], to="paper@lab.example", back=back)
        (new / "2.M1.host").write_bytes(report)

    wait = Wait(bounce)
    with pytest.raises(DeliveryError, match=r"it came back with 5\.1\.1\. Whoever presses leave"):
        checked(new, wait)
    assert wait.slept == [1]


def test_a_mail_that_is_refused_is_told_without_waiting(new: Path, server: MailServer) -> None:
    """At once, with the server's words and without the address."""
    server.say = lambda at: f"550 5.1.1 <{at.argument}> unknown" if at.verb == "RCPT" else None
    with pytest.raises(DeliveryError, match=r"was not taken \(550 5\.1\.1 <address> unknown\)"):
        checked(new, Wait())


def test_what_sends_nothing_cannot_be_tried(new: Path) -> None:
    """A folder of .eml, or no inbox at all."""
    root = new.parent.parent
    text = (PAPER % 1).replace("kind: smtp", "kind: file")
    text = "\n".join(line for line in text.splitlines() if "server:" not in line)
    (root / "feeds.yaml").write_text(f"{text}\ninbox: {{kind: maildir, folder: Maildir}}\n")
    with pytest.raises(DeliveryError, match="sends nothing"):
        checked(new, Wait())
    (root / "feeds.yaml").write_text(PAPER % 1)
    with pytest.raises(DeliveryError, match="does not say where mails come in"):
        checked(new, Wait())


def test_a_check_that_came_too_late_ends_nobody(new: Path, server: MailServer) -> None:
    """The next reading finds a token of nobody."""
    with pytest.raises(DeliveryError):
        checked(new, Wait())
    (new / "2.M1.host").write_bytes(server.mails[0].body)
    root = new.parent.parent
    with Readers(root / "readers.db", lambda size: b"x" * size) as readers:
        tools = ChannelTools(float, lambda _: None, {})
        job = MailJob(load(root / "feeds.yaml"), readers, {}, lambda: NOW, lambda _: None, tools)
        assert read_inbox(job).counts.unknown == 1
    with Maildir(new.parent, 10) as box:
        assert list(box) == []
