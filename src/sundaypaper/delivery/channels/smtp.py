"""Channel over SMTP: one reused connection, with a retry if it broke before the dot."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Self

from sundaypaper.delivery.channels.answers import CLOSING, LONGEST
from sundaypaper.delivery.channels.connecting import Times, connect
from sundaypaper.delivery.channels.contract import ChannelTools, TurnedAwayError
from sundaypaper.delivery.channels.transaction import refusal, transact
from sundaypaper.delivery.pace import UNPACED
from sundaypaper.delivery.redaction import without_addresses
from sundaypaper.errors import DeliveryError
from sundaypaper.models import Answer, Letter
from sundaypaper.text import clean

if TYPE_CHECKING:
    from sundaypaper.delivery.settings import DeliverySpec

# So many letters in a row may end with a broken connection.
MOST_BROKEN = 3
GOODBYE = 5.0


class SmtpChannel:
    """Sends through the server in feeds.yaml; kind `list` is the same with one recipient."""

    def __init__(self, spec: DeliverySpec, tools: ChannelTools, times: Times | None = None) -> None:
        if spec.server is None:
            raise DeliveryError(f"delivery of kind {spec.kind} needs a server: {{host: …}}")
        self.server, self.most = spec.server, spec.a_connection
        self.environ, self.run, self.times = tools.environ, tools.run, times or Times()
        self.certificates = cache(tools.certificates or ssl.create_default_context)
        self.pace = tools.pace or UNPACED
        self._line: smtplib.SMTP | None = None
        self._used = self._broken = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Say goodbye, or in the middle of something hang up: a server drops half a mail."""
        self._hang_up() if kind else self._say_goodbye()

    def check(self) -> None:
        """Connect, encrypt and log in; the connection is kept for the first letter."""
        self._ready()

    def send(self, letter: Letter, /) -> Answer:
        """Hand a letter over; once more on a new connection where the first one did not last.

        DeliveryError: no connection comes about or lasts, or the server will not take our sender.
        """
        return self._send(letter, None)

    def send_when(self, letter: Letter, may_end: Callable[[], None], /) -> Answer:
        """As send; the dot follows when may_end has returned."""
        return self._send(letter, may_end)

    def _send(self, letter: Letter, may_end: Callable[[], None] | None) -> Answer:
        if why := refusal(letter):
            return Answer("failed", told=why)
        if self._broken >= MOST_BROKEN:
            raise DeliveryError(
                f"stopped: the mail server {self.server.host} broke off {self._broken} mails in a row; "
                "find out why before the others go (its log; a limit of mails an hour; tls and port)"
            )
        answer = self._try(letter, may_end)
        if answer.state == "deferred" and self._line is None:
            self.pace.wait()
            answer = self._try(letter, may_end)
        self._broken = 0 if self._line else self._broken + 1
        return answer

    def _try(self, letter: Letter, may_end: Callable[[], None] | None) -> Answer:
        """One try; the connection is gone after it where the server closes or breaks it."""
        line = self._ready()
        self._used += 1
        try:
            answer = transact(line, letter, may_end)
        except OSError as bad:
            self._hang_up()
            why = without_addresses(str(bad), letter.recipient)
            words = clean(f"the connection broke before the mail was handed over: {why}", LONGEST)
            return Answer("deferred", told=words)
        except BaseException:
            self._hang_up()
            raise
        if answer.code == CLOSING or answer.state == "uncertain":
            self._hang_up()
        return answer

    def _ready(self) -> smtplib.SMTP:
        """The connection, a new one where there is none or it has carried its share."""
        if self._line and self._used >= self.most:
            self._say_goodbye()
        if self._line is None:
            self._line = self._connected()
            if self._line.sock:  # the dot comes apart, and must not wait for the body's receipt
                self._line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._used = 0
        return self._line

    def _connected(self) -> smtplib.SMTP:
        try:
            return connect(self.server, self.environ, self.certificates, self.times, self.run)
        except DeliveryError as bad:
            raise TurnedAwayError(str(bad)) from bad

    def _say_goodbye(self) -> None:
        if self._line and self._line.sock:
            self._line.sock.settimeout(GOODBYE)
            with suppress(OSError):
                self._line.quit()
        self._hang_up()

    def _hang_up(self) -> None:
        line, self._line = self._line, None
        if line:
            line.close()
