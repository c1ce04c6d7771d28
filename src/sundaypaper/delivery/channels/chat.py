"""Channel that posts to chats by apprise, in a child process whose only way out is our own proxy.

The address of a chat is a secret: feeds.yaml names the variable that holds it, and to the outbox it is
a recipient `VARIABLE@chat.invalid`. A letter's paragraphs are the post: the first and the last always,
those between as far as the service takes them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from email import message_from_bytes, policy
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Self

from sundaypaper.delivery.channels.contract import Channel, ChannelTools, HoldingChannel
from sundaypaper.errors import DeliveryError
from sundaypaper.models import Answer, Letter

if TYPE_CHECKING:
    from sundaypaper.delivery.settings import DeliverySpec
    from sundaypaper.net.doorway import Doorway, Passed

HOST = "chat.invalid"
CHILD = "sundaypaper.delivery.channels.chat_child"
WALL = 60.0  # seconds for one post, with whatever apprise waits for
ENVIRON = ("PATH", "LANG", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "LD_LIBRARY_PATH")
GREETING = 300  # bytes that the end of a greeting of TLS takes, or a refusal, and no post
NOT_YET, NEVER = (408, 425, 429), range(400, 500)


def recipient(variable: str) -> str:
    """The recipient of the chat whose address a variable holds."""
    return f"{variable.lower()}@{HOST}"


def is_chat(address: str) -> bool:
    """Whether a recipient is a chat."""
    return address.endswith(f"@{HOST}")


class ChatChannel:
    """Posts a letter to the chat that its recipient names."""

    def __init__(self, spec: DeliverySpec, tools: ChannelTools) -> None:
        self.tools = tools
        self.variables = {recipient(name): name for name in spec.chats}

    def __enter__(self) -> Self:
        # Here, since feeds.yaml is read by every command and posts are made by one.
        from sundaypaper.net.doorway import Doorway

        door = Doorway(self.tools.allow_private, WALL, self.tools.resolve, self.tools.dial)
        self.door: Doorway = door.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.door.__exit__(None, None, None)

    def check(self) -> None:
        """DeliveryError where no variable is set: one of several that is not keeps back its own post alone."""
        if not any(self.tools.environ.get(name) for name in self.variables.values()):
            raise DeliveryError(_unset(", ".join(self.variables.values())))

    def send(self, letter: Letter, /) -> Answer:
        """Post a letter; what became of it, without the address."""
        variable = self.variables.get(letter.recipient)
        if variable is None:
            return Answer("failed", told="this is no chat that feeds.yaml names")
        url = self.tools.environ.get(variable, "").strip()
        if not url:
            return Answer("deferred", told=_unset(variable))
        from sundaypaper.net.doorway import Passed

        self.door.passed = passed = Passed()
        asked = {"url": url, "paragraphs": paragraphs(letter.body)}
        try:
            told = _child(asked, self._environ())
        except subprocess.TimeoutExpired:
            told = {"state": "late", "codes": []}
        return _answer(variable, told, passed)

    def _environ(self) -> dict[str, str]:
        kept = {name: self.tools.environ[name] for name in ENVIRON if name in self.tools.environ}
        ways = dict.fromkeys(
            ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), self.door.url
        )
        return kept | ways | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


class WithChats:
    """A channel that posts letters to chats, and hands all others to the channel of the mails."""

    def __init__(self, mails: Channel, chats: ChatChannel) -> None:
        self.mails, self.chats = mails, chats

    def __enter__(self) -> Self:
        self.mails.__enter__()
        self.chats.__enter__()
        return self

    def __exit__(self, *how: Any) -> None:
        self.chats.__exit__(*how)
        self.mails.__exit__(*how)

    def check(self) -> None:
        """Check the mails' alone: a chat that is missing keeps no mail back."""
        self.mails.check()

    def send(self, letter: Letter, /) -> Answer:
        """Send a letter by the channel that it is for."""
        return (self.chats if is_chat(letter.recipient) else self.mails).send(letter)

    def send_when(self, letter: Letter, may_end: Callable[[], None], /) -> Answer:
        """As send; may_end is called before the end of a letter, or before a post begins."""
        if not is_chat(letter.recipient) and isinstance(self.mails, HoldingChannel):
            return self.mails.send_when(letter, may_end)
        may_end()
        return self.send(letter)


def paragraphs(body: bytes) -> list[str]:
    """The paragraphs of a letter's text."""
    text = message_from_bytes(body, policy=policy.default).get_content()
    return [
        part.strip("\n") for part in str(text).replace("\r\n", "\n").split("\n\n") if part.strip()
    ]


def _unset(variables: str) -> str:
    return (
        f"delivery.chats in feeds.yaml: {variables} is not set in the environment; it holds the address of "
        "the chat (docs/chat.md)"
    )


def _child(asked: Mapping[str, Any], environ: Mapping[str, str]) -> dict[str, Any]:
    """What the child says; {state: broken} where it ends without a word."""
    with TemporaryDirectory() as home:
        done = subprocess.run(  # noqa: S603 our own program
            [sys.executable, "-W", "ignore", "-c", f"import {CHILD} as child; child.main()"],
            input=json.dumps(asked).encode(),
            capture_output=True,
            timeout=WALL,
            env={**environ, "HOME": home},
            cwd=home,
            check=False,
        )
    try:
        told = json.loads(done.stdout)
    except ValueError:
        return {"state": "broken", "codes": []}
    return told if isinstance(told, dict) else {"state": "broken", "codes": []}


def _answer(variable: str, told: Mapping[str, Any], passed: Passed) -> Answer:
    state, codes = told["state"], [code for code in told["codes"] if code not in range(200, 300)]
    where = f"{told.get('service') or 'the chat'} of {variable}"
    code = codes[-1] if codes else 0
    if state == "sent":
        return Answer("sent", told=f"posted to {where}")
    if state == "unknown":
        return Answer("failed", told=f"{variable} holds no address of a chat that is known here (docs/chat.md)")  # fmt: skip
    if code in NOT_YET or code >= 500:
        return Answer("deferred", code, told=f"{where} takes no more now ({code})")
    if code in NEVER:
        return Answer("failed", code, told=f"{where} refused it ({code}): is the address right, and may it post there?")  # fmt: skip
    if passed.refused and passed.sent == 0:
        return Answer("deferred", told=f"{where} cannot be reached")
    if passed.sent <= GREETING and state != "late":
        return Answer("deferred", told=f"{where} cannot be reached, or TLS with it fails")
    if told["codes"]:
        return Answer("failed", told=f"{where} answered, and did not take it")
    return Answer("uncertain", told=f"the answer of {where} did not come; it may stand there")
