"""Checks of mail addresses, and their one plain form. No error or log line here shows an address."""

from __future__ import annotations

import re

from sundaypaper.errors import DeliveryError

# What RFC 5321 calls a dot-string, and host names as DNS has them; no top level is a number.
LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
DOMAIN = re.compile(rf"({LABEL}\.)+(?![0-9]+\Z){LABEL}")
LONGEST, LONGEST_LOCAL = 254, 64
BLANKS = " \t\u00a0"
# Old and new IDNA make different hosts of ß, ς and the joiners: the mail would go to another's.
DOUBTFUL = re.compile("[ßẞς\u200c\u200d]")
# Two names of one host, as its owner says.
ONE_HOST = {"googlemail.com": "gmail.com"}

NO_ADDRESS = "this is no mail address: a name, an at sign and a domain such as lab.example"
NOT_ASCII = (
    "the part of this mail address before the @ has letters other than a to z, which few mail "
    "servers take: ask for another spelling of it"
)
TWO_HOSTS = (
    "the domain of this mail address can be read as two different ones: write it in its form of "
    "plain letters, which begins with xn--"
)


def plain_address(text: str) -> str:
    """The address without blanks around it, its domain in small ASCII letters (RFC 5321, 5890).

    DeliveryError, without the text in it, where the text is no address.
    """
    local, _, domain = text.strip(BLANKS).rpartition("@")
    if len(local) > LONGEST_LOCAL or len(domain) > LONGEST:
        raise DeliveryError(NO_ADDRESS)
    if local and not local.isascii():
        raise DeliveryError(NOT_ASCII)
    plain = f"{local}@{_host(domain)}"
    # "=?" in a header would be taken for an encoded word and decoded to something else.
    if len(plain) > LONGEST or not LOCAL.fullmatch(local) or "=?" in local:
        raise DeliveryError(NO_ADDRESS)
    return plain


def _host(domain: str) -> str:
    if DOUBTFUL.search(domain):
        raise DeliveryError(TWO_HOSTS)
    try:
        host = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        host = ""
    if not DOMAIN.fullmatch(host):
        raise DeliveryError(NO_ADDRESS)
    return host


def mailbox(address: str) -> str:
    """The key that the usual variants of a plain address share: no +detail, no dots before the @.

    Where a server tells them apart, people share a key: it is for counting only.
    """
    local, _, domain = same(address).rpartition("@")
    return f"{local.partition('+')[0].replace('.', '')}@{ONE_HOST.get(domain, domain)}"


def same(address: str) -> str:
    """The key under which two spellings of a plain address are one subscriber."""
    return address.casefold()
