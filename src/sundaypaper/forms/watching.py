"""Kinds of values about being watched: the address of an outside watch, and who sees figures."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from sundaypaper.forms import values as v
from sundaypaper.forms.web import network_in_usual_spelling

ENV = "env:"


def _healthcheck(value: str) -> str:
    """An address of the web, or `env:NAME` of the variable that holds one; "" is none."""
    if not value:
        return ""
    try:
        if not value.startswith(ENV):
            return v.url(value)
        if v.VARIABLE.fullmatch(value.removeprefix(ENV)):
            return value
    except ValueError:
        pass
    raise ValueError(
        "expected an address that begins with https://, or env: and the name of an environment variable "
        "that holds it, such as env:SUNDAYPAPER_HEALTHCHECK (what is found here is not shown)"
    )


def _metrics(value: object) -> tuple[str, ...]:
    """false for nobody, true for this machine, or the networks that may look."""
    if value in (False, "false", None, ""):
        return ()
    if value in (True, "true"):
        return ("127.0.0.0/8", "::1")
    named = [value] if isinstance(value, str) else value
    if not isinstance(named, list | tuple):
        raise ValueError(f"expected true or a list of networks such as [10.0.0.0/24], found {v.shown(value)}")  # fmt: skip
    return tuple(network_in_usual_spelling(str(one)) for one in named)


Healthcheck = Annotated[
    str,
    AfterValidator(_healthcheck),
    WithJsonSchema({"type": "string", "pattern": "^(https?://[^ ]+|env:[A-Za-z_][A-Za-z0-9_]*)?$"}),
]
Metrics = Annotated[
    tuple[str, ...],
    BeforeValidator(_metrics),
    WithJsonSchema(
        {"anyOf": [{"type": "boolean"}, {"type": "array", "items": {"type": "string"}}]}
    ),
]
