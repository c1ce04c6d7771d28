"""An issue through a real Postfix and a real dovecot: sent, bounced, left, refused."""

from __future__ import annotations

import os
import re
import smtplib
from collections.abc import Callable, Iterator
from dataclasses import replace
from email import message_from_bytes
from pathlib import Path

import pytest
from typer.testing import CliRunner

from real_servers import PASSWORD, RealServers, missing, real_servers
from sample_issue import WEEK, sample_issue
from sundaypaper.cli import app
from sundaypaper.errors import DeliveryError
from sundaypaper.store import Store

WHY = missing()
pytestmark = pytest.mark.skipif(
    bool(WHY) and "SUNDAYPAPER_REQUIRE_MAIL" not in os.environ, reason=WHY
)
PAPER = """sources: [{{kind: arxiv}}]
delivery:
  kind: smtp
  from: Sunday Paper <paper@lab.example>
  server: {{host: 127.0.0.1, port: {port}, tls: none{login}}}
inbox: {{kind: imap, server: {{host: 127.0.0.1, port: {imap}, tls: none, user: paper, password: env:MAIL}}}}
"""
Said = Callable[..., str]


@pytest.fixture(scope="module")
def servers() -> Iterator[RealServers]:
    """Both servers, for all that is tried here."""
    assert not WHY, WHY
    with real_servers() as running:
        yield running


@pytest.fixture
def said(tmp_path: Path, servers: RealServers, monkeypatch: pytest.MonkeyPatch) -> Said:
    """Runs a command in a root that has an issue and mails through `near`."""
    monkeypatch.setenv("MAIL", PASSWORD)
    settings(tmp_path, servers, servers.near)
    with Store(tmp_path / "paper.db") as store:
        store.keep_issue(replace(sample_issue(400), state="frozen"))

    def run(*words: str, status: int = 0) -> str:
        done = CliRunner().invoke(app, ["--root", str(tmp_path), *words])
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == status, done.output
        return str(done.output)

    return run


def settings(root: Path, servers: RealServers, port: int, login: str = "") -> None:
    """Write feeds.yaml for one of Postfix's ports."""
    (root / "feeds.yaml").write_text(PAPER.format(port=port, imap=servers.imap, login=login))


def test_an_issue_is_sent_bounced_and_left(servers: RealServers, said: Said) -> None:
    """Four readers: one leaves by mail, one is unknown, one's server refuses us, one stays."""
    said("inbox", "--check")
    for who in (
        "stays@lab.example",
        "leaves@lab.example",
        "gone@far.example",
        "policy@far.example",
    ):
        said("subscribers", "add", who)
    assert f"{WEEK}: 4 sent" in said("send")
    servers.wait(lambda: bool(servers.mailbox("stays") and servers.mailbox("leaves")))
    (mail,) = servers.mailbox("leaves")
    leave = re.search(r"mailto:([^?>]+)", str(message_from_bytes(mail)["List-Unsubscribe"]))
    assert leave
    with smtplib.SMTP("127.0.0.1", servers.near) as smtp:
        button = f"From: leaves@lab.example\r\nTo: {leave[1]}\r\nSubject: leave\r\n"
        smtp.sendmail("", [leave[1]], f"{button}Auto-Submitted: auto-replied\r\n\r\n")
    servers.wait(lambda: len(servers.mailbox("paper")) == 3)
    told = said("inbox", status=1)
    assert "inbox: 1 left, 1 bounced, 1 returned" in told
    assert "2 of 4 mails came back" in told
    told = said("deliveries")
    assert f"{WEEK}  2 sent, 2 returned" in told
    assert "returned 5.1.1, 1 try: 550 5.1.1 <address>: Recipient address rejected" in told
    assert "returned 5.7.1, 1 try: 550 5.7.1 <address>: Recipient address rejected" in told
    assert "3 of 4 get the next issue" in said("subscribers", "list")
    assert servers.mailbox("paper") == []


def test_a_login_that_does_not_own_the_sender_burns_no_reader(
    servers: RealServers, said: Said, tmp_path: Path
) -> None:
    """Postfix says it at RCPT, by its default: one mail waits, the others are not tried."""
    settings(tmp_path, servers, servers.owned, ", user: somebody, password: env:MAIL")
    for number in range(5):
        said("subscribers", "add", f"reader{number}@lab.example")
    with pytest.raises(DeliveryError, match=r"(?s)Sender address rejected.*delivery\.from"):
        said("send")
    assert f"{WEEK}  4 queued, 1 deferred" in said("deliveries")


def test_a_mail_refused_at_its_end_is_that_readers_alone(
    servers: RealServers, said: Said, tmp_path: Path
) -> None:
    """Postfix keeps the transaction open until RSET; the next reader gets the mail."""
    settings(tmp_path, servers, servers.quota)
    for who in ("full@lab.example", "after@lab.example", "last@lab.example"):
        said("subscribers", "add", who)
    assert f"{WEEK}: 2 sent, 1 failed" in said("send", status=1)
    servers.wait(lambda: bool(servers.mailbox("after") and servers.mailbox("last")))
