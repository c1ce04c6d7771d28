"""Forms of the keys delivery, readers and inbox of feeds.yaml; secrets only by variable name."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, WithJsonSchema, model_validator

from sundaypaper.delivery.channels import CHANNELS, ChannelKind, kind_of
from sundaypaper.forms import Form, key
from sundaypaper.forms import mail as m
from sundaypaper.forms import values as v
from sundaypaper.forms.web import AddressWithToken
from sundaypaper.plugins import DOTTED, declared, unknown
from sundaypaper.text import clean

NOBODY = "paper@chat.invalid"
SMTP_PORTS = {"starttls": 587, "tls": 465, "none": 25}
IMAP_PORTS = {"starttls": 143, "tls": 993, "none": 143}


def _kind(value: str) -> str:
    if value in CHANNELS or DOTTED.fullmatch(value):
        return value
    theirs = declared("channels")
    if value not in theirs:
        raise ValueError(unknown(clean(value, 60), (*CHANNELS, *theirs, "package.module:name")))
    return value


def _kinds() -> str:
    """The kinds there are, each with what it does."""
    ours = (f"{word} ({kind.does})" for word, kind in CHANNELS.items())
    return f"{', '.join(ours)}, or package.module:name of your own channel"


def _which(fact: str) -> str:
    """The kinds that have a fact, as a sentence names them."""
    return " and ".join(word for word, kind in CHANNELS.items() if getattr(kind, fact))


Kind = Annotated[str, AfterValidator(_kind), WithJsonSchema({"type": "string"})]


@dataclass(frozen=True, slots=True)
class ServerEntry(Form):
    """A mail server, and how it is spoken to."""

    host: Annotated[v.Text, key("the name of the server, such as smtp.lab.example")]
    port: Annotated[
        m.Port | None, key("its port; 587 for starttls, 465 for tls, 993 for IMAP over tls")
    ] = None
    tls: Annotated[
        Literal["starttls", "tls", "none"], key("starttls, tls (from the first byte) or none")
    ] = "starttls"
    user: Annotated[v.Short, key("whom to log in as; nobody where it is empty")] = ""
    password: Annotated[
        m.Variable | None, key("where the password is: env:NAME_OF_A_VARIABLE, never itself")
    ] = None
    token: Annotated[
        m.Token | None,
        key(
            "in place of a password, where an access token for XOAUTH2 is: env:NAME_OF_A_VARIABLE, "
            "or command:WORDS of a command that prints one (docs/mail-tokens.md)"
        ),
    ] = None

    @model_validator(mode="after")
    def _one_secret(self) -> Self:
        if self.token and self.password:
            raise ValueError("give a password or a token, not both")
        if self.token and not self.user:
            raise ValueError("a token needs a user: the address of the mail account")
        return self

    @property
    def smtp_port(self) -> int:
        """The port at which it takes mails."""
        return self.port or SMTP_PORTS[self.tls]

    @property
    def imap_port(self) -> int:
        """The port at which it shows a mailbox."""
        return self.port or IMAP_PORTS[self.tls]


@dataclass(frozen=True, slots=True)
class DeliveryEntry(Form):
    """How issues go out by mail."""

    kind: Annotated[Kind, key(_kinds())]
    sender: Annotated[
        m.OptionalSender,
        key("who sends, of every kind but chat: Sunday Paper <paper@lab.example>", alias="from"),
    ] = ""
    to: Annotated[m.Address, key("for list: the address of the mailing list")] = ""
    chats: Annotated[
        tuple[m.Variable, ...],
        key(
            "chats that the minute and “Read first” are posted to, beside the mails or, with kind chat, "
            "alone: env:NAME of the variable that holds the secret address of each (docs/chat.md)"
        ),
    ] = ()
    server: Annotated[
        ServerEntry | None, key(f"for {_which('needs_server')}: the server that takes the mails")
    ] = None
    folder: Annotated[v.Short, key(f"for {_which('writes_files')}: where the .eml files go")] = (
        "mails"
    )
    a_second: Annotated[
        float, key("the most mails a second; 0 for no limit", ge=0, le=10_000, allow_inf_nan=False)
    ] = 0
    a_connection: Annotated[int, key("the most mails on one connection", ge=1, le=100_000)] = 100
    connections: Annotated[
        int, key("how many connections send at once; not more than the server allows", ge=1, le=64)
    ] = 1
    one_click: Annotated[
        AddressWithToken,
        key(
            "where no `sundaypaper serve` runs: the address of a service of yours that ends the "
            "subscription whose {token} it is sent by POST (RFC 8058)"
        ),
    ] = ""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.channel.needs_server and self.server is None:
            raise ValueError(f"kind {self.kind} needs a server: {{host: …}}")
        if self.channel.is_chat != (not self.sender):
            has = "has no from: it sends no mail" if self.sender else "needs from: who sends"
            raise ValueError(f"kind {self.kind} {has}")
        if self.channel.is_chat and not self.chats:
            raise ValueError("kind chat needs chats: [env:NAME_OF_A_VARIABLE]")
        if self.is_list and bool(self.to) == self.channel.is_chat:
            has = "has no to: its chats" if self.to else "needs to: the address of the mailing list"
            raise ValueError(f"kind {self.kind} {has}")
        if not self.is_list and self.to:
            raise ValueError(f"kind {self.kind} has no to: its readers are those who subscribed")
        if self.is_list and self.one_click:
            raise ValueError(
                f"kind {self.kind} has no one_click: the list keeps its members, and says how to leave"
            )
        return self

    @property
    def channel(self) -> ChannelKind:
        """The row of its kind."""
        return kind_of(self.kind)

    @property
    def is_list(self) -> bool:
        """Whether one mail goes to a list, which keeps its own members."""
        return self.channel.is_list

    @property
    def name(self) -> str:
        """The name of the sender, which may be empty."""
        return m.split_sender(self.sender)[0] if self.sender else ""

    @property
    def address(self) -> str:
        """The address of the sender; where none sends mails, one of nobody."""
        return m.split_sender(self.sender)[1] if self.sender else NOBODY


@dataclass(frozen=True, slots=True)
class DeliverySpec(DeliveryEntry):
    """How issues go out, with the address whose plus-addresses take bounces and leave mails."""

    inbox: str = ""


@dataclass(frozen=True, slots=True)
class ReadersEntry(Form):
    """A known group, such as a lab: its members get the mail without asking for it."""

    source: Annotated[
        m.FileOrVariable,
        key(
            "a CSV file with a column address or email and perhaps filter, edition and empty, or "
            "env:NAME of the variable that holds such lines",
            alias="from",
        ),
    ]

    @property
    def variable(self) -> str:
        """The name of the environment variable that holds the lines; empty where a file does."""
        return self.source.removeprefix("env:") if self.source.startswith("env:") else ""

    def in_folder(self, folder: Path) -> Self:
        """With its file seen from the folder of feeds.yaml."""
        return self if self.variable else replace(self, source=str(folder / self.source))


@dataclass(frozen=True, slots=True)
class InboxEntry(Form):
    """Where leave mails and bounces come in."""

    kind: Annotated[Literal["maildir", "imap"], key("maildir or imap")]
    address: Annotated[
        m.Address,
        key(
            "the address whose plus-addresses (paper+…@lab.example) end there; that of "
            "delivery.from where it is empty"
        ),
    ] = ""
    folder: Annotated[v.Short, key("for maildir: the folder with new/ and cur/")] = ""
    server: Annotated[ServerEntry | None, key("for imap: the server")] = None
    mailbox: Annotated[v.Text, key("for imap: the mailbox")] = "INBOX"

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.kind == "maildir" and not self.folder:
            raise ValueError("kind maildir needs a folder")
        if self.kind == "imap" and self.server is None:
            raise ValueError("kind imap needs a server: {host: …}")
        return self

    def in_folder(self, folder: Path) -> Self:
        """With its folder seen from that of feeds.yaml."""
        return replace(self, folder=str(folder / self.folder)) if self.folder else self


def spec_of(entry: DeliveryEntry, inbox: InboxEntry | None, folder: Path) -> DeliverySpec:
    """How mails go out; the folder of mails is seen from that of feeds.yaml."""
    given = {field.name: getattr(entry, field.name) for field in fields(entry)}
    given["folder"] = str(folder / entry.folder)
    return DeliverySpec(**given, inbox=(inbox.address if inbox else "") or entry.address)
