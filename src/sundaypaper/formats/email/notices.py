"""Makes the mails about a subscription and nothing else: please confirm, you are here already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

from jinja2 import Environment

from sundaypaper import text as plain
from sundaypaper.addresses import plain_address
from sundaypaper.errors import DeliveryError
from sundaypaper.formats.email.digest import inlined
from sundaypaper.formats.email.headers import (
    LONGEST_NAME,
    SENDER,
    TOKEN,
    bounce_address,
    mailbox,
    slug,
    words,
)
from sundaypaper.formats.email.serialising import body_of, serialised
from sundaypaper.formats.template import rendered
from sundaypaper.models import Letter, Notice, NoticeKind
from sundaypaper.wording.dates import moment_words

SUBJECT, TEXT, HTML = "mail/notice_subject.txt", "mail/notice.txt", "mail/notice.html"
LONGEST_SUBJECT = 78


@dataclass(frozen=True, slots=True)
class Wished:
    """What a sign-up asks for in words of the paper's own: names of it, and counts of the rest.

    edition, topics and venues are names as they are printed; people and queries count what somebody
    wrote. skips: no mail comes in weeks without anything.
    """

    edition: str = ""
    topics: tuple[str, ...] = ()
    venues: tuple[str, ...] = ()
    people: int = 0
    queries: int = 0
    skips: bool = False

    @property
    def is_chosen(self) -> bool:
        """Whether there is more to it than the whole paper, or an edition."""
        return bool(self.topics or self.venues or self.people or self.queries)


@dataclass(frozen=True, slots=True)
class NoticePost:
    """Data that all notices share: the From, the inbox for bounces, what the paper is called.

    The link of a confirmation holds for so many hours; what nobody confirms is kept for so many days.
    """

    address: str
    name: str
    inbox: str
    paper: str
    hours: int
    days: int


@dataclass(frozen=True, slots=True)
class Told:
    """All that a notice says, as its templates have it; link is empty where there is none."""

    kind: NoticeKind
    paper: str
    asked: str
    network: str
    wish: Wished
    link: str
    hours: int
    days: int


def notice_letter(
    notice: Notice, wish: Wished, link: str, post: NoticePost, env: Environment
) -> Letter:
    """The letter of a notice, with its one link or "" for none.

    env is one of formats.site.environment. BuildError where a template has a mistake; DeliveryError,
    without the address, where it is none.
    """
    to = plain_address(notice.sign_up.address)
    if not TOKEN.fullmatch(notice.tag):
        raise DeliveryError("the tag of a notice is not 26 small letters and digits")
    told = told_of(notice, wish, link, post)
    subject, text = (rendered(env, name, told=told).strip() for name in (SUBJECT, TEXT))
    html = inlined(rendered(env, HTML, told=told), env)
    above = _headers(notice, subject, to, post)
    body = serialised(above, (("plain", body_of(f"{text}\n")), ("html", body_of(html))))
    return Letter(bounce_address(post.inbox, notice.tag), to, body)


def told_of(notice: Notice, wish: Wished, link: str, post: NoticePost) -> Told:
    """What the templates of a notice are given."""
    network = plain.clean(notice.sign_up.network, LONGEST_NAME)
    asked = moment_words(notice.asked)
    paper = plain.clean(post.paper, LONGEST_NAME)
    return Told(notice.kind, paper, asked, network, wish, link, post.hours, post.days)


def _headers(notice: Notice, subject: str, to: str, post: NoticePost) -> list[tuple[str, str]]:
    """No List header: it is one mail to one person, who is on no list by it.

    Responders keep silent for Auto-Submitted (RFC 3834), those of Exchange for a header of their own;
    that one does not name DR or NDR, since mails that cannot be delivered should come back.
    """
    host = post.address.rpartition("@")[2]
    return [
        ("From", mailbox(plain.clean(post.name, LONGEST_NAME), plain_address(post.address))),
        ("To", to),
        ("Date", format_datetime(_date(notice.asked))),
        ("Message-ID", f"<notice.{notice.tag}@{host}>"),
        ("Subject", words(plain.clean(subject, LONGEST_SUBJECT), "Subject")),
        ("MIME-Version", "1.0"),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "OOF, AutoReply"),
        ("Feedback-ID", f"{notice.kind}:{slug(post.paper)}:notice:{SENDER}"),
    ]


def _date(asked: datetime) -> datetime:
    if asked.tzinfo is None:
        raise ValueError("the time when somebody signed up has no zone")
    return asked.astimezone(UTC)
