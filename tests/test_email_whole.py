"""Whole mails, from a hostile issue to the bytes on the wire: flawless, light, and nobody else's."""

from __future__ import annotations

import email
import email.policy
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from lxml import html

import sample_issue
from effort import share
from sundaypaper.formats.email import Links, message
from sundaypaper.formats.email.letter import Post, blank, leave_address
from sundaypaper.formats.site import environment
from sundaypaper.models import Issue

QUEUED = datetime(2026, 3, 8, 7, tzinfo=UTC)
MARK, TOKEN, TAG = (
    "markmarkmarkmarkmarkmarkma",
    "tokentokentokentokentokent",
    "tagtagtagtagtagtagtagtagta",
)
INBOX = "paper@lab.example"
POST = Post(INBOX, "Sunday Paper", INBOX, "Sunday Paper", "https://p.example/archive/", "", "", "2026-W10", MARK)  # fmt: skip
LINKS = Links(leave=f"mailto:{leave_address(INBOX, MARK)}?subject=leave", mark=MARK)
HEADERS = ["From", "To", "Date", "Message-ID", "Subject", "MIME-Version", "List-Id", "List-Unsubscribe",
           "List-Archive", "Precedence", "Feedback-ID", "Content-Type"]  # fmt: skip
NASTY = (
    "</title><script>alert(1)</script>", "x\r\nBcc: eve@evil.example", "=?utf-8?b?ZXZl?=", "\x00\x07",
    "$\\frac{a}{b}$ and $\\mathbb{R}^{n", "مرحبا \u202e evil", "🤖" * 9, "W" * 400, "a\ud800b", MARK,
    ".\n.\n..", "&amp; {{7*7}} {% raw %}", "<img src=https://evil.example/p.png>", "O'Brien \"q\"", "",
)  # fmt: skip
SAMPLE = sample_issue.sample_issue(110)
MAILS = 100


def words(dice: random.Random) -> str:
    """A title, a name or a sentence as a stranger may write it."""
    return " ".join(
        dice.choice((*NASTY, "Attention", "of graphs")) for _ in range(dice.randint(1, 6))
    )


def issues() -> Iterator[Issue]:
    """The first of a hundred issues whose every word of others is hostile, in many sizes."""
    dice = random.Random(11)
    for _ in range(share(MAILS)):
        entries = tuple(
            replace(
                pick,
                title=words(dice),
                authors=(words(dice), *pick.authors),
                gist=words(dice) * dice.choice((1, 1, 40)),
                source=words(dice),
                url=dice.choice((pick.url, "javascript:alert(1)", "https://evil.example/?" + MARK)),
            )
            for pick in SAMPLE.entries
        )
        sections = tuple(one for one in SAMPLE.sections if dice.random() < 0.8)
        yield replace(SAMPLE, entries=entries, sections=sections, headline=words(dice))


def test_mails_of_hostile_issues_are_flawless() -> None:
    """No defect, the exact headers, at most 80 kB and 998 characters a line, one way out."""
    env = environment(None)
    for issue in issues():
        made = message(issue, sample_issue.MASTHEAD, LINKS, env=env)
        letter = blank(made, POST, QUEUED).fill("ada@uni.example", TOKEN, TAG)
        mail = email.message_from_bytes(letter.body, policy=email.policy.default)
        parts = list(mail.walk())
        assert [part.defects for part in parts] == [[]] * 3
        assert mail.keys() == HEADERS
        assert str(mail["Subject"]).count("\n") == 0
        assert len(made.subject) <= 78
        html_part = parts[2].get_content()
        assert len(parts[2].as_bytes()) <= 80_500  # with its own two headers
        assert max(map(len, letter.body.split(b"\r\n"))) <= 998
        assert MARK.encode() not in letter.body.replace(b"=\r\n", b"")
        tree = html.document_fromstring(html_part)
        assert not tree.xpath("//script|//img|//form|//iframe|//link|//*[@onload]|//*[@src]")
        links = [str(url) for url in tree.xpath("//a/@href")]
        assert all(url.startswith(("https://", "http://", "mailto:", "#")) for url in links)
        assert not [
            url for url in links if TOKEN in url and not url.startswith("mailto:paper+leave-")
        ]
        assert any(TOKEN in url for url in links)
        assert TOKEN in parts[1].get_content()
