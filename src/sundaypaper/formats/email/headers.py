"""Headers of a digest mail: addresses and names made safe, then each header in its order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import Header
from email.utils import format_datetime, quote
from urllib.parse import quote as percent
from urllib.parse import urlsplit

from sundaypaper import text as plain
from sundaypaper.addresses import LONGEST_LOCAL, plain_address
from sundaypaper.errors import DeliveryError

LONGEST_WORD = 75  # RFC 2047, 2
LOOPBACK = ("127.0.0.1", "::1", "localhost")
LONGEST_SUBJECT, LONGEST_NAME, LONGEST_LIST = 120, 60, 60
# The last part of Feedback-ID, of 5 to 15 characters and the same in all mails.
SENDER = "sundaypaper-app"

TOKEN = re.compile(r"[a-z0-9]{26}")
WEEK = re.compile(r"[0-9]{4}-W[0-9]{2}")
URL = re.compile(r"https?://[!#-;=?-\[\]-~]+")
# What a phrase of RFC 5322 may hold without quotes.
ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
# Where the recipient and the tag will stand; no other control character is left by then.
TO, TAG = "\x01", "\x02"


@dataclass(frozen=True, slots=True)
class Post:
    """Data that all letters of one sending share.

    address and name are the From; inbox the address whose plus-addresses take bounces and leave
    mails; list_name what the paper is called; archive, help and subscribe addresses of the web, ""
    where there is none. mark stands in the Message wherever a subscriber's token will, and
    preferences_mark, where it is not empty, wherever that of their preferences will. own_list is
    False for the mail to a list that others keep: such a mail has no List header of ours and comes
    from the plain address. one_click is an address of the web with {token} in it, "" where none
    answers: https, or http on this very machine.
    """

    address: str
    name: str
    inbox: str
    list_name: str
    archive: str
    help: str
    subscribe: str
    week: str
    mark: str
    own_list: bool = True
    one_click: str = ""
    preferences_mark: str = ""

    @property
    def marks(self) -> tuple[str, ...]:
        """The marks that there are, that of the token first."""
        return (self.mark, self.preferences_mark) if self.preferences_mark else (self.mark,)


def leave_address(inbox: str, token: str) -> str:
    """The address to which a mail ends the subscription with that token."""
    return _plus(inbox, f"leave-{token}")


def bounce_address(inbox: str, tag: str) -> str:
    """The envelope sender of the mail with that tag, to which it bounces."""
    return _plus(inbox, f"b-{tag}")


def _plus(inbox: str, detail: str) -> str:
    local, _, domain = inbox.rpartition("@")
    return f"{local}+{detail}@{domain}"


# ---------------------------------------------------------------- what all letters share


def checked(post: Post) -> Post:
    """The post with its addresses in plain form and its names on one line."""
    marks = post.marks
    if not all(map(TOKEN.fullmatch, marks)) or not WEEK.fullmatch(post.week):
        raise DeliveryError(
            "the mark of a mail is 26 small letters and digits, its week as 2026-W10"
        )
    if len(set(marks)) < len(marks):
        raise DeliveryError("the two marks of a mail are the same, and two tokens stand for them")
    made = Post(
        address=plain_address(post.address),
        name=plain.clean(post.name, LONGEST_NAME),
        inbox=plain_address(post.inbox),
        list_name=slug(post.list_name),
        archive=_url(post.archive, "archive"),
        help=_url(post.help, "help"),
        subscribe=_url(post.subscribe, "subscribe"),
        week=post.week,
        mark=post.mark,
        own_list=post.own_list,
        one_click=_one_click(post),
        preferences_mark=post.preferences_mark,
    )
    longest = len(leave_address(made.inbox, made.mark).rpartition("@")[0])
    if made.own_list and longest > LONGEST_LOCAL:
        room = LONGEST_LOCAL - (longest - len(made.inbox.rpartition("@")[0]))
        raise DeliveryError(
            f"the inbox that bounces and leave mails go to is too long before its @: at most {room} "
            "characters leave room for +leave- and a token; shorten inbox.address in feeds.yaml"
        )
    return made


def slug(title: str) -> str:
    """A title as a label of RFC 2919: small ASCII letters and digits, joined by hyphens."""
    words = re.findall(r"[a-z0-9]+", plain.fold(title))
    return "-".join(words)[:LONGEST_LIST].strip("-") or "list"


def _url(url: str, what: str) -> str:
    """An address of the web in ASCII (RFC 3987), safe between < and >; "" stays ""."""
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        made = parts._replace(
            netloc=parts.netloc.encode("idna").decode("ascii"),
            path=percent(parts.path, safe="/%:@!$&'()*+,;=~{}"),
            query=percent(parts.query, safe="/%:@!$&'()*+,;=~?{}"),
        ).geturl()
    except ValueError:
        made = ""
    if url != plain.clean(url) or not URL.fullmatch(made):
        raise DeliveryError(
            f"the address of {what} for the header of mails is no address of the web"
        )
    return made


def _one_click(post: Post) -> str:
    """The address of one-click unsubscription, with the mark in it.

    RFC 8058 asks for https and an unguessable token. What never leaves this machine needs no https.
    """
    url = _url(post.one_click, "one-click unsubscription")
    if url and not (is_private(url) and url.count("{token}") == 1):
        raise DeliveryError("one-click unsubscription needs an https address with {token} in it")
    return url.replace("{token}", post.mark)


def is_private(url: str) -> bool:
    """Whether nobody on the way reads what is asked for at an address: https, or this machine."""
    return url.startswith("https://") or is_local(url)


def is_local(url: str) -> bool:
    """Whether an address of the web leads to this machine alone."""
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and parts.hostname in LOOPBACK


# ---------------------------------------------------------------- headers


def headers(subject: str, post: Post, queued: datetime) -> list[tuple[str, str]]:
    """Names and values in the order of the mail; values may be folded, and are ASCII."""
    line = plain.clean(subject, LONGEST_SUBJECT) or post.week
    if any(mark in line or mark in post.name for mark in post.marks):
        raise DeliveryError("the subject or the sender's name holds the mark of tokens; not sent")
    # Not the inbox's: that may change between a try and a resend, which keeps the id.
    host = post.address.rpartition("@")[2]
    made = [
        ("From", mailbox(post.name, post.address)),
        ("To", TO),
        ("Date", format_datetime(queued.astimezone(UTC))),
        ("Message-ID", f"<{post.week}.{TAG}@{host}>"),
        ("Subject", words(line, "Subject")),
        ("MIME-Version", "1.0"),
    ]
    # A list that others keep writes its own, and may stop what calls itself bulk as a loop.
    return made + list(_list_headers(post)) if post.own_list else made


def _list_headers(post: Post) -> Iterator[tuple[str, str]]:
    """The List headers of RFC 2919, 2369 and 8058, and what marks bulk mail.

    No Auto-Submitted: RFC 3834 forbids it where a person had a hand in the mail, and an issue may be
    edited and sent by one; its responders keep silent for List and Precedence headers alike.
    """
    yield "List-Id", f"<{post.list_name}.{post.address.rpartition('@')[2]}>"
    leave = f"<mailto:{percent(leave_address(post.inbox, post.mark), safe='@+')}?subject=leave>"
    if post.one_click:
        yield "List-Unsubscribe", f"<{post.one_click}>, {leave}"
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"
    else:
        yield "List-Unsubscribe", leave
    urls = (("Archive", post.archive), ("Help", post.help), ("Subscribe", post.subscribe))
    yield from ((f"List-{name}", f"<{url}>") for name, url in urls if url)
    yield "Precedence", "bulk"
    yield "Feedback-ID", f"{post.week}:{post.list_name}:digest:{SENDER}"


def words(line: str, header: str) -> str:
    """One line of text as a header's value, in encoded words where it has to be (RFC 2047)."""
    charset = "us-ascii" if line.isascii() and "=?" not in line else "utf-8"
    return Header(line, charset, LONGEST_WORD, header).encode(linesep="\r\n")


def mailbox(name: str, address: str) -> str:
    """A name and an address as the value of From."""
    if not name:
        return address
    if not name.isascii() or "=?" in name:
        return f"{words(name, 'From')}\r\n <{address}>"
    return f"{name} <{address}>" if ATOMS.fullmatch(name) else f'"{quote(name)}" <{address}>'
