"""Kinds of values about the web app: proxies that are believed, limits, addresses with a token."""

from __future__ import annotations

import re
from ipaddress import ip_address, ip_network
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from sundaypaper.forms import values as v

TOKEN = "{token}"  # noqa: S105  # the place of one, and none itself
# As the library `limits` reads them: a number, a slash, a unit.
LIMIT = re.compile(r"([1-9][0-9]{0,6})/(second|minute|hour|day)")
# A header of a mail cannot break an address.
LONGEST = 400
# A network wider than this is no proxy of anybody's, but a good part of the internet.
WIDEST = 8


def network_in_usual_spelling(value: str, whose: str = "a machine") -> str:
    """An IP or a network in its usual spelling; ValueError for names and for everybody."""
    expected = f"expected the IP of {whose} such as 127.0.0.1 or a network such as 10.0.0.0/24, found {v.shown(value)}"  # fmt: skip
    if "%" in value:
        raise ValueError(expected)
    try:
        if "/" not in value:
            return str(ip_address(value))
        network = ip_network(value, strict=False)
    except ValueError as bad:
        raise ValueError(expected) from bad
    if network.prefixlen < WIDEST:
        raise ValueError(
            f"{network} is as good as everybody, who could then say any address to be theirs; name "
            f"the IP of {whose}"
        )
    if network.network_address != ip_address(value.partition("/")[0]):
        raise ValueError(f"{v.shown(value)} is one IP of a network: did you mean {network}?")
    return str(network)


def _proxy(value: str) -> str:
    return network_in_usual_spelling(value, "a proxy")


def _limit(value: object) -> str:
    """Limits joined as `20/hour; 100/day`, from such a text or a list of them."""
    parts = value.split(";") if isinstance(value, str) else value
    if not isinstance(parts, list | tuple) or not parts:
        raise ValueError(f"expected a limit such as 20/hour, found {v.shown(value)}")
    return "; ".join(map(_one_limit, parts))


def _one_limit(part: object) -> str:
    text = "".join(part.split()) if isinstance(part, str) else ""
    if not LIMIT.fullmatch(text):
        raise ValueError(
            "expected a number from 1 on and second, minute, hour or day, such as 20/hour, or several "
            f"joined by “;”, found {v.shown(part)}"
        )
    return text


def _with_token(value: str) -> str:
    """An https address with one {token} in its path or its query; "" is none."""
    if not value:
        return ""
    expected = f"expected an https address with {TOKEN} in it once, such as https://lab.example/leave/{TOKEN}"  # fmt: skip
    parts = urlsplit(v.url(value))
    rest = value.replace(TOKEN, "")
    if value.count(TOKEN) != 1 or "{" in rest or "}" in rest:
        raise ValueError(f"{expected}, found {v.shown(value)}")
    if parts.scheme != "https":
        raise ValueError(f"{expected}: mail programs ask no other, found {v.shown(value)}")
    if TOKEN not in parts.path + parts.query:
        raise ValueError(f"{expected}: the token stands in the path or behind “?”")
    if not value.isascii() or len(value) > LONGEST:
        raise ValueError(
            f"expected at most {LONGEST} characters of ASCII, since it becomes a header of mails: write "
            "others as %… and a name of a host as xn--…"
        )
    return value


Proxy = Annotated[str, AfterValidator(_proxy), WithJsonSchema({"type": "string", "minLength": 1})]
Limit = Annotated[
    str,
    BeforeValidator(_limit),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "minLength": 1},
                {"type": "array", "items": {"type": "string"}, "minItems": 1},
            ]
        }
    ),
]
AddressWithToken = Annotated[
    str,
    AfterValidator(_with_token),
    WithJsonSchema({"type": "string", "pattern": r"^(https://[^ ]*\{token\}[^ ]*)?$"}),
]
OptionalUrl = Annotated[
    str,
    AfterValidator(lambda value: v.url(value) if value else ""),
    WithJsonSchema({"type": "string", "pattern": "^(https?://[^ ]+)?$"}),
]
