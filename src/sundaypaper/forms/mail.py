"""Kinds of values about mail: senders, addresses, ports, and variables that hold secrets."""

from __future__ import annotations

import shlex
from typing import Annotated

from pydantic import AfterValidator, Field, WithJsonSchema

from sundaypaper.addresses import plain_address
from sundaypaper.errors import DeliveryError
from sundaypaper.forms import values as v
from sundaypaper.text import clean


def _sender(value: str) -> str:
    """`Sunday Paper <paper@lab.example>`, or the address alone; the address in its plain form."""
    name, address = split_sender(value)
    return f"{name} <{address}>" if name else address


def _optional_sender(value: str) -> str:
    return _sender(value) if value else ""


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


def _token(value: str) -> str:
    """`env:NAME`, or `command:` and the words of a command that prints it."""
    kind, colon, words = value.partition(":")
    if kind == "command" and colon and _command(words.strip()):
        return f"command:{words.strip()}"
    if kind != "env":
        raise ValueError(
            "expected env: and the name of an environment variable, or command: and a command that "
            "prints the token (what is found here is not shown)"
        )
    return f"env:{_variable(value)}"


def _command(words: str) -> bool:
    try:
        return bool(shlex.split(words))
    except ValueError:
        return False


def _source(value: str) -> str:
    """A file, or `env:NAME`."""
    return f"env:{_variable(value)}" if value.startswith("env:") else value


def _join(value: str) -> str:
    """A page to join by, or an address to write to."""
    if not value:
        return ""
    return (
        v.url(value) if value.startswith(("http://", "https://")) else f"mailto:{_address(value)}"
    )


Sender = Annotated[str, AfterValidator(_sender), WithJsonSchema({"type": "string"})]
OptionalSender = Annotated[
    str, AfterValidator(_optional_sender), WithJsonSchema({"type": "string"})
]
Address = Annotated[str, AfterValidator(_optional_address), WithJsonSchema({"type": "string"})]
Variable = Annotated[
    str, AfterValidator(_variable), WithJsonSchema({"type": "string", "pattern": "^env:"})
]
Token = Annotated[
    str,
    AfterValidator(_token),
    WithJsonSchema({"type": "string", "pattern": "^(env|command):"}),
]
FileOrVariable = Annotated[v.Text, AfterValidator(_source)]
Join = Annotated[str, AfterValidator(_join), WithJsonSchema({"type": "string"})]
Port = Annotated[int, Field(ge=1, le=65_535)]
