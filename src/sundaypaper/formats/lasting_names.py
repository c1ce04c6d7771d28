"""The lasting names of feeds, of what stands in them, and of dates.

What they begin with is settled when the paper is first published and then kept, wherever it moves:
an id of Atom must not change when a document is relocated (RFC 4287, 4.2.6.1). A paper with an
address gets tag URIs (RFC 4151), one without them UUIDs made of its title. One that was published
before this was kept goes on with what it began with: the addresses of its pages.
"""

from __future__ import annotations

from datetime import date
from urllib.parse import quote, urlsplit
from uuid import NAMESPACE_URL, uuid5

from sundaypaper.formats.view import legal
from sundaypaper.models import Masthead
from sundaypaper.text import fold

# What may stand in a path as it is; all else is percent-encoded.
SAFE = "/~@:!$&'()*+,;="
TITLE = "title:"


def settled(masthead: Masthead, first: date) -> str:
    """What the names of a new paper begin with; first is the first day of its first issue.

    A host that no tag URI can name, such as an IPv6 address, leaves its addresses as names.
    """
    address = urlsplit(masthead.base_url)
    host = address.hostname or ""
    try:
        authority = host.encode("idna").decode()
    except UnicodeError:
        authority = ""
    if not authority or ":" in host:
        return addresses(masthead)
    place = f"{address.port or ''}{quote(address.path, safe=SAFE + '%')}"
    return f"tag:{authority},{first.isoformat()}:{place}"


def addresses(masthead: Masthead) -> str:
    """What the names of a paper begin with whose address or, without one, title is its name."""
    return masthead.base_url or f"{TITLE}{masthead.title}"


def identity(masthead: Masthead, path: str) -> str:
    """The lasting id of what stands at a path of the build."""
    begin = masthead.names or addresses(masthead)
    if begin.startswith(TITLE):
        title = legal(begin.removeprefix(TITLE))
        return uuid5(NAMESPACE_URL, f"sundaypaper/{title}/{path}").urn
    return begin + quote(path, safe=SAFE)


def host(masthead: Masthead) -> str:
    """What tells this paper's dates from another's in a calendar: its first host, else its title."""
    begin = masthead.names or addresses(masthead)
    if begin.startswith(TITLE):
        title = fold(begin.removeprefix(TITLE)).replace(" ", "-")
        return f"{title or 'paper'}.invalid"
    if begin.startswith("tag:"):
        return begin.removeprefix("tag:").partition(",")[0]
    return urlsplit(begin).hostname or "paper.invalid"
