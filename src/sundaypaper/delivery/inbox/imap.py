"""A mailbox on an IMAP server (RFC 9051), over TLS: unread mails by their UID, marked one by one.

No text of it shows a password, nor an address that the server repeats.
"""

from __future__ import annotations

import imaplib
import re
import ssl
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Any, Self

from sundaypaper.delivery.redaction import without_addresses
from sundaypaper.delivery.settings import InboxEntry, ServerEntry
from sundaypaper.delivery.tokens import (
    MECHANISM,
    Run,
    TokenRefused,
    run_command,
    tokens,
    xoauth2,
)
from sundaypaper.errors import DeliveryError

TIMEOUT = 60.0
# Python 3.11's client allocates what a server announces, and refuses lines of a million bytes.
MOST = 1_000_000
WINDOW = 50_000
AT_ONCE = 16
FETCHED = re.compile(rb"\bUID (\d{1,10})\b")

Certificates = Callable[[], ssl.SSLContext]


class _Bounded(imaplib.IMAP4):
    def read(self, size: int) -> bytes:
        if size > MOST:
            raise self.abort(f"the server announced {size} bytes where {MOST} are the most")
        return super().read(size)


class _BoundedTls(_Bounded, imaplib.IMAP4_SSL):
    pass


class Imap:
    """The unread mails of a mailbox over IMAP. limit: how many bytes of one are read."""

    def __init__(
        self,
        spec: InboxEntry,
        environ: Mapping[str, str],
        limit: int,
        *,
        timeout: float = TIMEOUT,
        certificates: Certificates = ssl.create_default_context,
        run: Run = run_command,
    ) -> None:
        if spec.server is None:
            raise DeliveryError("feeds.yaml: inbox of kind imap needs a server: {host: …}")
        self.server: ServerEntry = spec.server
        self.mailbox, self.environ, self.limit = spec.mailbox, environ, limit
        self.timeout, self.certificates, self.run = timeout, certificates, run
        self.place = f"the IMAP server {self.server.host}:{self.server.imap_port}"

    def __enter__(self) -> Self:
        if not self.server.token:
            self._enter(self._password())
            return self
        refused: TokenRefused | None = None
        for token in tokens(self.server, "inbox.server.token", self.environ, self.run):
            try:
                self._enter(token)
                return self
            except TokenRefused as bad:
                refused = bad
        assert refused
        raise refused

    def _enter(self, secret: str) -> None:
        with self._guard("cannot be reached", "check host, port and tls below inbox.server"):
            self.imap = self._connect()
        try:
            self._open(secret)
        except BaseException:
            self._hang_up()
            raise

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            with suppress(imaplib.IMAP4.error, OSError):
                self.imap.logout()
        self._hang_up()

    def __iter__(self) -> Iterator[tuple[str, bytes | None]]:
        """Each unread mail there is now, oldest first; those that vanish meanwhile are passed."""
        with self._guard("broke off", "try again later"):
            uids = self._unseen()
        for at in range(0, len(uids), AT_ONCE):
            with self._guard("broke off", "try again later"):
                mails = self._fetch_what_can_be(uids[at : at + AT_ONCE])
            yield from mails

    def done(self, key: str) -> None:
        """Mark a mail as read. DeliveryError where the server does not."""
        with self._guard("did not mark a mail as read", "check the rights on the mailbox"):
            self._expect(self.imap.uid("STORE", key, "+FLAGS.SILENT", r"(\Seen)"))

    # ------------------------------------------------------------ coming in

    def _password(self) -> str:
        name = self.server.password
        if name and not self.environ.get(name):
            raise DeliveryError(
                f"{self.place} wants a password, and the environment variable {name} is not set; "
                "set it to the password of inbox.server.user"
            )
        return self.environ[name] if name else ""

    def _connect(self) -> imaplib.IMAP4:
        host, port, tls = self.server.host, self.server.imap_port, self.server.tls
        if tls == "tls":
            return _BoundedTls(host, port, ssl_context=self.certificates(), timeout=self.timeout)
        imap = _Bounded(host, port, timeout=self.timeout)
        if tls == "starttls":
            try:
                imap.starttls(self.certificates())
            except BaseException:
                with suppress(OSError):
                    imap.shutdown()
                raise
        return imap

    def _open(self, password: str) -> None:
        if self.server.token:
            self._show_token(password)
        elif self.server.user:
            self._refuse_bare()
            with self._guard(
                "refused the user or the password",
                f"check inbox.server.user and the variable {self.server.password or '(none named)'}",
                silent=True,
            ):
                self._log_in(self.server.user, password)
        with self._guard(
            f"does not open the mailbox {self.mailbox} for reading and marking",
            "check inbox.mailbox",
        ):
            (count,) = self._expect(self.imap.select(quoted(utf7(self.mailbox))))
            self.count = int(count or 0)

    def _refuse_bare(self) -> None:
        """DeliveryError where the server takes no password without TLS: it must not be shown one."""
        if "LOGINDISABLED" in self.imap.capabilities:
            raise DeliveryError(
                f"{self.place} takes no password on a connection without TLS; set tls below "
                "inbox.server to starttls or tls"
            )

    def _log_in(self, user: str, password: str) -> None:
        """AUTHENTICATE PLAIN where it is offered, as it takes every character; else LOGIN."""
        if "AUTH=PLAIN" in self.imap.capabilities:
            answer = f"\0{user}\0{password}".encode()
            self.imap.authenticate("PLAIN", lambda _: answer)
            return
        if re.search(r"[\r\n\0]", user + password):
            raise imaplib.IMAP4.error("LOGIN takes no line breaks")
        self.imap.login(quoted(user), password)

    def _show_token(self, token: str) -> None:
        if f"AUTH={MECHANISM}" not in self.imap.capabilities:
            raise DeliveryError(
                f"{self.place} takes no tokens here ({MECHANISM}); give inbox.server a password in "
                "place of token, or set tls"
            )
        # What it asks for; then it explains its refusal, and wants an empty line.
        said = iter((xoauth2(self.server.user, token).encode(),))
        try:
            self.imap.authenticate(MECHANISM, lambda _: next(said, b""))
        except imaplib.IMAP4.abort as bad:
            raise DeliveryError(f"{self.place} broke off{self._reason(bad, True)}; try again later") from None  # fmt: skip
        except imaplib.IMAP4.error:
            # Its words may repeat the token.
            raise TokenRefused(
                f"{self.place} refused the token; check inbox.server.user, and that what "
                "inbox.server.token names gives a token that has not expired and may read mail"
            ) from None

    # ------------------------------------------------------------ asking

    def _unseen(self) -> list[bytes]:
        """The UIDs of all unread mails, asked for in windows: one answer is one line."""
        uids: list[bytes] = []
        for low in range(1, self.count + 1, WINDOW):
            high = min(low + WINDOW - 1, self.count)
            answer = self._expect(self.imap.uid("SEARCH", f"{low}:{high}", "UNSEEN", "UNDELETED"))
            for line in answer:
                uids += [uid for uid in (line or b"").split() if uid.isdigit()]
        return uids

    def _fetch_what_can_be(self, uids: list[bytes]) -> list[tuple[str, bytes | None]]:
        """As _fetch; one mail that the server cannot show is None, and costs no other."""
        try:
            return self._fetch(uids)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            if len(uids) == 1:
                return [(uids[0].decode("ascii"), None)]
            return [mail for uid in uids for mail in self._fetch_what_can_be([uid])]

    def _fetch(self, uids: list[bytes]) -> list[tuple[str, bytes | None]]:
        """The mails with these UIDs, as far as they are still there."""
        wanted = b",".join(uids).decode("ascii")
        answer = self._expect(self.imap.uid("FETCH", wanted, f"(UID BODY.PEEK[]<0.{self.limit}>)"))
        bodies: dict[bytes, bytes] = {}
        for at, item in enumerate(answer):
            if not isinstance(item, tuple):
                continue
            after = next((rest for rest in answer[at + 1 : at + 2] if isinstance(rest, bytes)), b"")
            match = FETCHED.search(item[0]) or FETCHED.search(after)
            if match:
                bodies[match[1]] = item[1]
        return [(uid.decode("ascii"), bodies[uid]) for uid in uids if uid in bodies]

    # ------------------------------------------------------------ what goes wrong

    def _expect(self, answer: tuple[str, list[Any]]) -> list[Any]:
        """The data of an answer that is OK; an error of imaplib where it is not."""
        status, data = answer
        if status != "OK":
            words = data[0] if data and isinstance(data[0], bytes) else b""
            raise imaplib.IMAP4.error(words.decode("utf-8", "replace"))
        return data

    @contextmanager
    def _guard(self, what: str, cure: str, *, silent: bool = False) -> Iterator[None]:
        """Turn errors inside into a DeliveryError; silent: without the server's words."""
        try:
            yield
        except (imaplib.IMAP4.error, OSError, ValueError) as bad:
            reason = self._reason(bad, silent)
            # Not "from bad": its text may hold an address.
            raise DeliveryError(f"{self.place} {what}{reason}; {cure}") from None

    def _reason(self, bad: Exception, silent: bool) -> str:
        if isinstance(bad, ssl.SSLCertVerificationError):
            return f": its certificate is not trusted ({bad.verify_message})"
        if isinstance(bad, TimeoutError):
            return f": no answer within {self.timeout:g} seconds"
        if silent and not isinstance(bad, (imaplib.IMAP4.abort, OSError)):
            return ""
        password = self.environ.get(self.server.password) if self.server.password else ""
        text = str(bad).replace(password, "(password)") if password else str(bad)
        return f": {without_addresses(text)}"

    def _hang_up(self) -> None:
        with suppress(OSError):
            self.imap.shutdown()


def quoted(text: str) -> str:
    """A quoted string of IMAP."""
    return '"' + text.replace("\\", r"\\").replace('"', r"\"") + '"'


def utf7(name: str) -> str:
    """The name of a mailbox in modified UTF-7 (RFC 3501, 5.1.3)."""

    def shifted(match: re.Match[str]) -> str:
        coded = b64encode(match[0].encode("utf-16-be")).decode("ascii")
        return f"&{coded.rstrip('=').replace('/', ',')}-"

    return re.sub(r"[^\x20-\x7e]+", shifted, name.replace("&", "&-"))
