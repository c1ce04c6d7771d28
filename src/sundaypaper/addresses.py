"""Mail addresses in one plain form, refused before they reach a wire. Nothing here shows one."""

from __future__ import annotations

import re

from sundaypaper.errors import DeliveryError

# What RFC 5321 calls a dot-string, and host names as DNS has them.
LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
DOMAIN = re.compile(rf"{LABEL}(\.{LABEL})+")
LONGEST, LONGEST_LOCAL = 254, 64


def plain_address(text: str) -> str:
    """The address without blanks around it, its domain in small ASCII letters (RFC 5321, 5890).

    DeliveryError, which does not contain it, where it is not one.
    """
    local, _, domain = text.strip().rpartition("@")
    try:
        host = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        host = ""
    plain = f"{local}@{host}"
    fits = len(plain) <= LONGEST and len(local) <= LONGEST_LOCAL
    if not (fits and LOCAL.fullmatch(local) and DOMAIN.fullmatch(host)):
        raise DeliveryError("this is no mail address of the form name@lab.example")
    return plain


def same(address: str) -> str:
    """The key under which two spellings of a plain address are one subscriber."""
    return address.casefold()
