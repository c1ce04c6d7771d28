"""How the paper goes out by mail, as feeds.yaml says it. No secret stands here, only its name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from sundaypaper.addresses import plain_address
from sundaypaper.errors import DeliveryError
from sundaypaper.forms import values as v
from sundaypaper.forms.strict import Strict
from sundaypaper.plugins import DOTTED, unknown
from sundaypaper.text import clean

KINDS = ("smtp", "list", "file")


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server. password is the name of an environment variable, or "" where none is asked.

    tls: starttls asks for it after the greeting, tls speaks it from the first byte, none neither.
    """

    host: str
    port: int
    tls: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password: str = ""


@dataclass(frozen=True, slots=True)
class DeliverySpec:
    """Through which channel, from whom, and how fast.

    kind is smtp, list, file or `package.module:name`. to is the address of a list; inbox the one
    whose plus-addresses take bounces and leave mails. a_second is the most mails a second (0: no
    limit), a_connection the most on one connection.
    """

    kind: str
    address: str
    name: str = ""
    to: str = ""
    inbox: str = ""
    server: Server | None = None
    folder: Path | None = None
    a_second: float = 0
    a_connection: int = 100

    @property
    def is_list(self) -> bool:
        """Whether one mail goes to a list, which keeps its own members."""
        return self.kind == "list"


@dataclass(frozen=True, slots=True)
class InboxSpec:
    """Where bounces and leave mails come in: a Maildir, or a mailbox on an IMAP server."""

    kind: Literal["maildir", "imap"]
    folder: Path | None = None
    server: Server | None = None
    mailbox: str = "INBOX"


@dataclass(frozen=True, slots=True)
class ReadersSpec:
    """A known group: its file, or the name of the environment variable that holds the lines."""

    path: Path | None = None
    variable: str = ""


# ---------------------------------------------------------------- what feeds.yaml says of it


def _sender(value: str) -> str:
    """`Sunday Paper <paper@lab.example>`, or the address alone; the address in its plain form."""
    name, address = split_sender(value)
    return f"{name} <{address}>" if name else address


def split_sender(value: str) -> tuple[str, str]:
    """The name, which may be empty, and the plain address. ValueError where there is none."""
    text = clean(value)
    name, opened, rest = text.rpartition("<")
    if opened and not rest.endswith(">"):
        raise ValueError(f"expected Name <name@lab.example>, found {v.shown(value)}")
    return (name.strip(' "'), _address(rest[:-1])) if opened else ("", _address(text))


def _address(value: str) -> str:
    try:
        return plain_address(value)
    except DeliveryError as bad:
        raise ValueError(
            f"expected a mail address such as paper@lab.example, found {v.shown(value)}"
        ) from bad


def _optional_address(value: str) -> str:
    return _address(value) if value else ""


def _variable(value: str) -> str:
    """The name of an environment variable, written `env:NAME`: no secret stands in this file."""
    name = value.removeprefix("env:")
    if name == value or not v.VARIABLE.fullmatch(name):
        raise ValueError(
            "expected env: and the name of an environment variable that holds it, such as "
            "env:SUNDAYPAPER_SMTP_PASSWORD (what is found here is not shown)"
        )
    return name


def _source(value: str) -> str:
    """A file, or `env:NAME`."""
    return f"env:{_variable(value)}" if value.startswith("env:") else value


def _kind(value: str) -> str:
    if value not in KINDS and not DOTTED.fullmatch(value):
        raise ValueError(unknown(clean(value, 60), (*KINDS, "package.module:name")))
    return value


def _join(value: str) -> str:
    """A page to join by, or an address to write to."""
    if not value:
        return ""
    return (
        v.url(value) if value.startswith(("http://", "https://")) else f"mailto:{_address(value)}"
    )


Sender = Annotated[str, AfterValidator(_sender), WithJsonSchema({"type": "string"})]
Address = Annotated[str, AfterValidator(_optional_address), WithJsonSchema({"type": "string"})]
Variable = Annotated[
    str, AfterValidator(_variable), WithJsonSchema({"type": "string", "pattern": "^env:"})
]
Source = Annotated[v.Text, AfterValidator(_source)]
Kind = Annotated[str, AfterValidator(_kind), WithJsonSchema({"type": "string"})]
Join = Annotated[str, AfterValidator(_join), WithJsonSchema({"type": "string"})]
Port = Annotated[int, Field(ge=1, le=65_535)]


class ServerEntry(Strict):
    """A mail server, and how it is spoken to."""

    host: v.Text = Field(description="the name of the server, such as smtp.lab.example")
    port: Port | None = Field(
        default=None, description="its port; 587 for starttls, 465 for tls, 993 for IMAP over tls"
    )
    tls: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="starttls, tls (from the first byte) or none"
    )
    user: v.Short = Field(default="", description="whom to log in as; nobody where it is empty")
    password: Variable | None = Field(
        default=None, description="where the password is: env:NAME_OF_A_VARIABLE, never itself"
    )


class DeliveryEntry(Strict):
    """How issues go out by mail."""

    kind: Kind = Field(
        description="smtp (each reader their own), list (one mail to a mailing list), file (a folder "
        "of .eml), or package.module:name of your own channel"
    )
    sender: Sender = Field(alias="from", description="who sends: Sunday Paper <paper@lab.example>")
    to: Address = Field(default="", description="for list: the address of the mailing list")
    server: ServerEntry | None = Field(
        default=None, description="for smtp and list: the server that takes the mails"
    )
    folder: v.Short = Field(default="mails", description="for file: where the .eml files go")
    a_second: Annotated[float, Field(ge=0, le=10_000, allow_inf_nan=False)] = Field(
        default=0, description="the most mails a second; 0 for no limit"
    )
    a_connection: Annotated[int, Field(ge=1, le=100_000)] = Field(
        default=100, description="the most mails on one connection"
    )

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.kind in ("smtp", "list") and self.server is None:
            raise ValueError(f"kind {self.kind} needs a server: {{host: …}}")
        if self.kind == "list" and not self.to:
            raise ValueError("kind list needs to: the address of the mailing list")
        if self.kind != "list" and self.to:
            raise ValueError(f"kind {self.kind} has no to: its readers are those who subscribed")
        return self


class ReadersEntry(Strict):
    """A known group, such as a lab: its members get the mail without asking for it."""

    source: Source = Field(
        alias="from",
        description="a CSV file with a column address and perhaps filter, edition and empty, or "
        "env:NAME of the variable that holds such lines",
    )


class InboxEntry(Strict):
    """Where leave mails and bounces come in."""

    kind: Literal["maildir", "imap"] = Field(description="maildir or imap")
    address: Address = Field(
        default="",
        description="the address whose plus-addresses (paper+…@lab.example) end there; that of "
        "delivery.from where it is empty",
    )
    folder: v.Short = Field(default="", description="for maildir: the folder with new/ and cur/")
    server: ServerEntry | None = Field(default=None, description="for imap: the server")
    mailbox: v.Text = Field(default="INBOX", description="for imap: the mailbox")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.kind == "maildir" and not self.folder:
            raise ValueError("kind maildir needs a folder")
        if self.kind == "imap" and self.server is None:
            raise ValueError("kind imap needs a server: {host: …}")
        return self


class SubscribeEntry(Strict):
    """What the page subscribe/ offers beside feeds."""

    join: Join = Field(
        default="",
        description="where to ask for the mail: the join page of a mailing list, a form elsewhere, "
        "or an address to write to",
    )


# ---------------------------------------------------------------- from one to the other

SMTP_PORTS = {"starttls": 587, "tls": 465, "none": 25}
IMAP_PORTS = {"starttls": 143, "tls": 993, "none": 143}


def delivery_of(
    entry: DeliveryEntry | None, inbox: InboxEntry | None, folder: Path
) -> DeliverySpec | None:
    """How mails go out; relative folders lie below `folder`."""
    if entry is None:
        return None
    name, address = split_sender(entry.sender)
    taken = (inbox.address if inbox else "") or address
    server = _server(entry.server, SMTP_PORTS)
    where = folder / entry.folder
    return DeliverySpec(
        entry.kind,
        address,
        name,
        entry.to,
        taken,
        server,
        where,
        entry.a_second,
        entry.a_connection,
    )


def inbox_of(entry: InboxEntry | None, folder: Path) -> InboxSpec | None:
    """Where bounces and leave mails are read."""
    if entry is None:
        return None
    where = folder / entry.folder if entry.folder else None
    return InboxSpec(entry.kind, where, _server(entry.server, IMAP_PORTS), entry.mailbox)


def readers_of(entry: ReadersEntry | None, folder: Path) -> ReadersSpec | None:
    """Where the known group is listed."""
    if entry is None:
        return None
    if entry.source.startswith("env:"):
        return ReadersSpec(variable=entry.source.removeprefix("env:"))
    return ReadersSpec(path=folder / entry.source)


def _server(entry: ServerEntry | None, ports: dict[str, int]) -> Server | None:
    if entry is None:
        return None
    port = entry.port or ports[entry.tls]
    return Server(entry.host, port, entry.tls, entry.user, entry.password or "")
