"""Access tokens for servers that take no passwords (OAuth 2.0), and how they are shown to them.

A token comes from an environment variable or from a command that prints one, is asked for at each
login and never kept, logged or shown.
"""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from sundaypaper.errors import DeliveryError

if TYPE_CHECKING:
    from sundaypaper.delivery.settings import ServerEntry

Run = Callable[[str], str]

MECHANISM = "XOAUTH2"
SECONDS = 60


class TokenRefused(DeliveryError):
    """The server does not let us in with a token: another one may be asked for, once."""


def xoauth2(user: str, token: str) -> str:
    """What AUTH XOAUTH2 wants of a client before it is encoded (Google's and Microsoft's form)."""
    return f"user={user}\x01auth=Bearer {token}\x01\x01"


def tokens(server: ServerEntry, where: str, environ: Mapping[str, str], run: Run) -> Iterator[str]:
    """The token of a server, and one more time where asking again gives another.

    where is the key of feeds.yaml that names it. DeliveryError where there is none.
    """
    first = _token(server.token or "", where, environ, run)
    yield first
    second = _token(server.token or "", where, environ, run)
    if second != first:
        yield second


def _token(source: str, where: str, environ: Mapping[str, str], run: Run) -> str:
    kind, _, name = source.partition(":")
    try:
        token = (environ.get(name, "") if kind == "env" else run(name)).strip()
    except DeliveryError as bad:
        raise DeliveryError(f"the command that {where} in feeds.yaml names {bad}") from None
    if not token and kind == "env":
        raise DeliveryError(
            f"the environment variable {name}, which {where} in feeds.yaml names, is not set: set it "
            "to an access token of the mail account"
        )
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise DeliveryError(
            f"what {where} in feeds.yaml names gives no access token: it has to be one word and "
            "nothing else (what came is not shown)"
        )
    return token


def run_command(command: str) -> str:
    """What a command prints; it is started without a shell. DeliveryError never shows its words."""
    try:
        done = subprocess.run(  # noqa: S603 the operator's own command, from their feeds.yaml
            shlex.split(command),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except OSError as bad:
        raise DeliveryError(f"cannot be run: {bad.strerror or bad}") from None
    except subprocess.TimeoutExpired:
        raise DeliveryError(f"did not end within {SECONDS} seconds") from None
    if done.returncode:
        raise DeliveryError(f"ended with status {done.returncode}: run it by hand to see why")
    return done.stdout.decode("utf-8", "replace")
