"""Servers that take no passwords: a token from a variable or a command, renewed once, shown nowhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from fake_imap import USER, FakeImap
from mail_servers import MailServer
from sundaypaper.delivery.channels import ChannelTools
from sundaypaper.delivery.channels.connecting import Times
from sundaypaper.delivery.channels.smtp import SmtpChannel
from sundaypaper.delivery.inbox import open_mailbox
from sundaypaper.delivery.settings import DeliverySpec, InboxEntry, ServerEntry
from sundaypaper.delivery.tokens import run_command
from sundaypaper.errors import DeliveryError
from test_channels import LETTER
from test_config_delivery import loaded, mistake

TOKEN = "ya29.a0AfB-secret_token"
Open = Callable[..., Any]


class Command:
    """A command that prints one token after the other."""

    def __init__(self, *printed: str) -> None:
        self.printed, self.asked = list(printed), list[str]()

    def __call__(self, command: str) -> str:
        self.asked.append(command)
        return self.printed[min(len(self.asked), len(self.printed)) - 1] + "\n"


def sending(port: int, token: str, environ: dict[str, str], run: Callable[[str], str]) -> str:
    """Send a letter over SMTP with a token; the state of it."""
    server = ServerEntry("127.0.0.1", port, "none", USER, token=token)
    spec = DeliverySpec("smtp", "paper@paper.example", server=server)
    tools = ChannelTools(float, lambda _: None, environ, run=run)
    with SmtpChannel(spec, tools, Times(5, 5, 5)) as channel:
        return channel.send(LETTER).state


def reading(port: int, token: str, environ: dict[str, str], run: Callable[[str], str]) -> str:
    """Look into a mailbox over IMAP with a token."""
    server = ServerEntry("127.0.0.1", port, "none", USER, token=token)
    with open_mailbox(InboxEntry("imap", server=server), environ, run) as box:
        return "sent" if not list(box) else ""


@contextmanager
def smtp(token: str = TOKEN) -> Iterator[tuple[Open, int]]:
    """A mail server that wants a token."""
    with MailServer(token=token) as server:
        yield sending, server.port


@contextmanager
def imap(token: str = TOKEN) -> Iterator[tuple[Open, int]]:
    """A mailbox that wants a token."""
    with FakeImap([], capabilities="IMAP4rev1 LOGINDISABLED AUTH=XOAUTH2", token=token) as server:
        yield reading, server.port


both = pytest.mark.parametrize("server", [smtp, imap])


@both
def test_a_token_comes_from_the_environment_or_from_a_command(server: Any) -> None:
    """The command's words go to it as they are, and its last line break is no part of the token."""
    run = Command(TOKEN)
    with server() as (use, port):
        assert use(port, "env:PAPER_TOKEN", {"PAPER_TOKEN": TOKEN}, run) == "sent"
        assert run.asked == []
        assert use(port, "command:oama access paper", {}, run) == "sent"
        assert run.asked == ["oama access paper"]


@both
def test_a_token_that_is_refused_is_asked_for_once_more(server: Any) -> None:
    """An hour is over: the command prints a new one, and the mails go."""
    run = Command("expired", TOKEN)
    with server() as (use, port):
        assert use(port, "command:oama", {}, run) == "sent"
    assert run.asked == ["oama", "oama"]


@both
def test_a_token_that_stays_refused_is_told_without_it(server: Any) -> None:
    """After two tries; the words of the server, which repeat it, are not shown."""
    for run, tries in ((Command("wrong-1", "wrong-2", TOKEN), 2), (Command("wrong-1"), 2)):
        with server() as (use, port), pytest.raises(DeliveryError) as told:
            use(port, "command:oama access", {}, run)
        assert len(run.asked) == tries
        assert "token" in str(told.value)
        assert not any(word in str(told.value) for word in ("wrong", USER, "Bearer", "oama"))
    with server() as (use, port), pytest.raises(DeliveryError, match="expired"):
        use(port, "env:PAPER_TOKEN", {"PAPER_TOKEN": "wrong-3"}, Command("never asked"))


@both
@pytest.mark.parametrize(
    ("token", "environ", "printed", "expected"),
    [
        ("env:PAPER_TOKEN", {}, "", "the environment variable PAPER_TOKEN, which"),
        ("env:PAPER_TOKEN", {"PAPER_TOKEN": "two words"}, "", "gives no access token"),
        ("command:oama", {}, "", "gives no access token"),
        ("command:oama", {}, "Sign in at secret-page\nthen", "gives no access token"),
        ("command:oama", {}, "tökén", "gives no access token"),
    ],
)
def test_what_is_no_token_is_told_before_anything_is_connected(
    server: Any, token: str, environ: dict[str, str], printed: str, expected: str
) -> None:
    """The key of feeds.yaml is named, and what came instead is not shown."""
    use = sending if server is smtp else reading
    with pytest.raises(DeliveryError, match=expected) as told:
        use(1, token, environ, Command(printed))
    where = "delivery.server.token" if server is smtp else "inbox.server.token"
    assert where in str(told.value)
    assert "secret-page" not in str(told.value)
    assert "two words" not in str(told.value)


def test_a_server_without_tokens_says_so() -> None:
    """Before it is shown one."""
    with MailServer() as server, pytest.raises(DeliveryError, match="takes no tokens here"):
        sending(server.port, "env:T", {"T": TOKEN}, Command())
    with FakeImap([]) as box, pytest.raises(DeliveryError, match="takes no tokens here"):
        reading(box.port, "env:T", {"T": TOKEN}, Command())
    assert not any("AUTH" in one for one in box.asked)


def test_a_command_is_run_without_a_shell_and_its_words_are_not_shown() -> None:
    """What it prints is the token; how it ends is told, not what it says."""
    assert run_command(f"{sys.executable} -c \"print('a$HOME;b')\"") == "a$HOME;b\n"
    failing = f"{sys.executable} -c \"import sys; sys.exit('secret')\""
    with pytest.raises(DeliveryError, match="ended with status 1") as told:
        run_command(failing)
    assert "secret" not in str(told.value)
    with pytest.raises(DeliveryError, match="cannot be run: No such file"):
        run_command("/nowhere/oama access")


def test_feeds_yaml_names_a_token_and_never_holds_one(tmp_path: Path) -> None:
    """A variable or a command; a password beside it, no user, or a bare token are mistakes."""
    text = "inbox: {kind: imap, server: {host: h.example, user: u, %s}}"
    for word, kept in (
        ("token: env:PAPER_TOKEN", "env:PAPER_TOKEN"),
        ("token: command:oama access u", "command:oama access u"),
        ("token: 'command: oama access u'", "command:oama access u"),
    ):
        inbox = loaded(tmp_path, text % word).inbox
        assert inbox
        assert inbox.server
        assert inbox.server.token == kept
    for word, said in (
        (f"token: {TOKEN}", "expected env: and the name"),
        ("token: 'command:'", "expected env: and the name"),
        ("token: 'command: a \"b'", "expected env: and the name"),
        ("token: env:A, password: env:B", "a password or a token, not both"),
    ):
        found = mistake(tmp_path, text % word)
        assert said in found
        assert TOKEN not in found
    assert "a token needs a user" in mistake(
        tmp_path, "inbox: {kind: imap, server: {host: h.example, token: env:A}}"
    )
