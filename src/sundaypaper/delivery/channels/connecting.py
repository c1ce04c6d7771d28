"""Opens an SMTP connection: dial, TLS, greeting, login; DeliveryError says what to put right."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from sundaypaper.delivery.channels.answers import Reply, status_of, words_of
from sundaypaper.delivery.tokens import (
    MECHANISM,
    Run,
    TokenRefused,
    run_command,
    tokens,
    xoauth2,
)
from sundaypaper.errors import DeliveryError

if TYPE_CHECKING:
    from sundaypaper.delivery.settings import ServerEntry


class Times(NamedTuple):
    """Seconds: to connect, for the greeting (some servers let strangers wait), for any reply."""

    connect: float = 30
    greeting: float = 90
    reply: float = 60


def connect(
    server: ServerEntry,
    environ: Mapping[str, str],
    certificates: Callable[[], ssl.SSLContext],
    times: Times,
    run: Run = run_command,
) -> smtplib.SMTP:
    """A connection that is greeted, encrypted as `server` says, and logged in.

    DeliveryError, which says what to do, where that fails. A token that is refused is asked for
    once more.
    """
    if not server.token:
        return _connected(server, certificates, times, _password(server, environ))
    refused: TokenRefused | None = None
    for token in tokens(server, "delivery.server.token", environ, run):
        try:
            return _connected(server, certificates, times, token)
        except TokenRefused as bad:
            refused = bad
    assert refused
    raise refused


def _connected(
    server: ServerEntry,
    certificates: Callable[[], ssl.SSLContext],
    times: Times,
    secret: str,
) -> smtplib.SMTP:
    where = f"the mail server {server.host}:{server.smtp_port}"
    smtp = smtplib.SMTP(timeout=times.reply)
    try:
        smtp.sock = sock = _dial(server, where, times)
        if server.tls == "tls":
            smtp.sock = sock = _encrypted(sock, server, where, certificates())
        _greet(smtp, where, times)
        sock.settimeout(times.reply)
        if server.tls == "starttls":
            _starttls(smtp, sock, server, where, certificates())
        if server.token:
            _show_token(smtp, server, where, secret)
        elif server.user:
            _login(smtp, server, where, secret)
    except OSError as bad:  # smtplib's errors are of this kind, too
        smtp.close()
        raise DeliveryError(_broken(where, server, bad)) from bad
    except BaseException:
        smtp.close()
        raise
    return smtp


def _password(server: ServerEntry, environ: Mapping[str, str]) -> str:
    if not server.user:
        return ""
    if not server.password:
        raise DeliveryError(
            "delivery.server in feeds.yaml has a user and no password: give it password: env:NAME, "
            "the name of the environment variable that holds it"
        )
    password = environ.get(server.password, "")
    if not password:
        raise DeliveryError(
            f"the environment variable {server.password}, which delivery.server.password in "
            "feeds.yaml names, is not set: set it to the password of the mail account"
        )
    if not (password + server.user).isascii():
        raise DeliveryError(
            f"the user or the password (in {server.password}) of {server.host} holds a character "
            "beyond ASCII, which not every mail server reads alike: choose another password"
        )
    return password


def _dial(server: ServerEntry, where: str, times: Times) -> socket.socket:
    try:
        sock = socket.create_connection((server.host, server.smtp_port), times.connect)
    except (socket.gaierror, UnicodeError) as bad:
        raise DeliveryError(
            f"{where} is not found: no address belongs to that name; check delivery.server.host in "
            "feeds.yaml, and the network"
        ) from bad
    except TimeoutError as bad:
        raise DeliveryError(
            f"{where} did not answer within {times.connect:g} seconds: check delivery.server.port in "
            "feeds.yaml; many networks block port 25, and 587 or 465 are open"
        ) from bad
    except OSError as bad:
        raise DeliveryError(
            f"{where} cannot be reached: {bad.strerror or bad}; check delivery.server.host and port "
            "in feeds.yaml (587 for starttls, 465 for tls), and that the server runs"
        ) from bad
    sock.settimeout(times.greeting)
    return sock


def _greet(smtp: smtplib.SMTP, where: str, times: Times) -> None:
    """Read the banner and send EHLO; DeliveryError where the server refuses."""
    try:
        greeting = Reply(*_text(smtp.getreply()))
    except smtplib.SMTPServerDisconnected as bad:
        raise DeliveryError(
            f"{where} hung up, or did not greet within {times.greeting:g} seconds: if it speaks TLS "
            "from the first byte (port 465), say tls: tls below delivery.server in feeds.yaml; else "
            "try again later"
        ) from bad
    if greeting.code // 100 != 2:
        raise DeliveryError(
            f"{where} turned us away ({words_of(greeting)}): try again later, or ask whoever runs it "
            "whether this machine may send through it"
        )
    smtp.ehlo_or_helo_if_needed()


def _starttls(
    smtp: smtplib.SMTP,
    sock: socket.socket,
    server: ServerEntry,
    where: str,
    trusted: ssl.SSLContext,
) -> None:
    if not smtp.has_extn("starttls"):
        raise DeliveryError(
            f"{where} does not offer STARTTLS, so nothing is sent: readers' addresses would go "
            "unencrypted. Below delivery.server in feeds.yaml say tls: tls (with port 465) if it "
            "speaks that, or tls: none if the way to it is safe, such as inside one machine"
        )
    reply = Reply(*_text(smtp.docmd("STARTTLS")))
    if reply.code != 220:
        raise DeliveryError(
            f"{where} offers STARTTLS and refuses it ({words_of(reply)}), so nothing is sent: try again "
            "later, or ask whoever runs it"
        )
    smtp.sock = _encrypted(sock, server, where, trusted)
    # What came without TLS, or was pushed in before it, is forgotten.
    smtp.file, smtp.ehlo_resp, smtp.helo_resp = None, None, None
    smtp.esmtp_features, smtp.does_esmtp = {}, False
    smtp.ehlo_or_helo_if_needed()


def _encrypted(
    sock: socket.socket, server: ServerEntry, where: str, trusted: ssl.SSLContext
) -> ssl.SSLSocket:
    try:
        return trusted.wrap_socket(sock, server_hostname=server.host)
    except ssl.SSLCertVerificationError as bad:
        raise DeliveryError(
            f"{where} shows a certificate that is not trusted ({bad.verify_message}), so nothing is "
            "sent. delivery.server.host in feeds.yaml must be a name in the certificate; for a "
            "server of your own, put its certificate or that of its issuer into a file and set "
            "SSL_CERT_FILE to it for `sundaypaper send`"
        ) from bad
    except ssl.SSLError as bad:
        raise DeliveryError(
            f"{where} does not speak TLS as tls: {server.tls} expects ({bad.reason or bad}), so "
            "nothing is sent: port 587 usually goes with starttls, port 465 with tls"
        ) from bad


def _login(smtp: smtplib.SMTP, server: ServerEntry, where: str, password: str) -> None:
    try:
        smtp.login(server.user, password)
    except smtplib.SMTPServerDisconnected:
        raise
    except smtplib.SMTPResponseException as bad:
        reply = Reply(*_text((bad.smtp_code, bad.smtp_error)))
        # Its words may repeat the password, plain or encoded.
        reply = Reply(reply.code, status_of(reply))
        raise DeliveryError(
            f"{where} does not let us in ({words_of(reply)}): check delivery.server.user in feeds.yaml and the "
            f"password in {server.password}; some providers want a password made for one program"
        ) from None
    except smtplib.SMTPException as bad:
        raise DeliveryError(
            f"{where} takes no login here that this program knows: leave user and password out of "
            "delivery.server in feeds.yaml, or use its port for senders, usually 587 or 465"
        ) from bad


def _show_token(smtp: smtplib.SMTP, server: ServerEntry, where: str, token: str) -> None:
    if MECHANISM not in smtp.esmtp_features.get("auth", "").upper().split():
        raise DeliveryError(
            f"{where} takes no tokens here ({MECHANISM}): give delivery.server in feeds.yaml a "
            "password in place of token, or its port for senders, usually 587"
        )

    def said(challenge: bytes | None = None) -> str:
        # The first time what it asks for; then it explains its refusal, and wants an empty line.
        return xoauth2(server.user, token) if challenge is None else ""

    try:
        smtp.auth(MECHANISM, said)
    except smtplib.SMTPAuthenticationError as bad:
        reply = Reply(*_text((bad.smtp_code, bad.smtp_error)))
        reply = Reply(reply.code, status_of(reply))  # its words may repeat the token
        raise TokenRefused(
            f"{where} does not let us in with the token ({words_of(reply)}): check delivery.server.user "
            "in feeds.yaml, and that what delivery.server.token names gives a token that has not "
            "expired and may send mail"
        ) from None


def _broken(where: str, server: ServerEntry, bad: OSError) -> str:
    if isinstance(bad, smtplib.SMTPHeloError):
        return f"{where} refuses our EHLO ({words_of(Reply(*_text(bad.args[:2])))}): ask whoever runs it"
    return (
        f"{where} hung up before it took any mail, in the middle of tls: {server.tls} or the login: "
        "try again later; if it goes on, check port and tls below delivery.server in feeds.yaml"
    )


def _text(reply: tuple[int, bytes | str]) -> tuple[int, str]:
    code, text = reply
    return code, text.decode("utf-8", "replace") if isinstance(text, bytes) else text
