"""Mails about a subscription: their headers, their one link, and what they say in both parts."""

from __future__ import annotations

import email
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import get_args

import pytest
from lxml import html as lxml_html

from sundaypaper.errors import BuildError, DeliveryError
from sundaypaper.formats.email.notices import NoticePost, Wished, notice_letter
from sundaypaper.formats.site import environment
from sundaypaper.models import Letter, Notice, NoticeKind, SignUp

TOKEN, TAG = "k3v2q7xa5bc4defg6hijlmnopq", "2345672345672345672345abcd"
LINK = f"https://paper.example/confirm/{TOKEN}"
ASKED = datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
NETWORK = "203.0.113.0/24"
NOTICE = Notice(7, "confirm", SignUp("ada@uni.example", network=NETWORK), ASKED, TOKEN, TAG)
POST = NoticePost("paper@lab.example", "Sunday Paper", "box@lab.example", "Sunday Paper", 48, 7)
ENV, WHOLE = environment(None), Wished()
KINDS: tuple[NoticeKind, ...] = get_args(NoticeKind)
NASTY = (
    "x\r\nBcc: eve@evil.example",
    "</title><script>alert(1)</script>",
    "<a href=https://evil.example>win</a>",
    "=?utf-8?b?ZXZl?=",
    "{{ 7 * 7 }} {% raw %}",
    "\x00\x07 \u202e &amp; <b>",
    "日曜新聞 “ü” " + "w" * 400,
)


def letter(
    notice: Notice = NOTICE, wish: Wished = WHOLE, link: str = LINK, post: NoticePost = POST
) -> Letter:
    """A notice as it is sent."""
    return notice_letter(notice, wish, link, post, ENV)


def parsed(one: Letter) -> EmailMessage:
    """The letter as a strict reader takes it; no part may have a defect."""
    mail = email.message_from_bytes(one.body, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    for part in mail.walk():
        assert part.defects == []
    return mail


def contents(one: Letter) -> tuple[str, str]:
    """Its text and its HTML."""
    plain, html = parsed(one).iter_parts()
    return plain.get_content(), html.get_content()


def flowed(text: str) -> str:
    """Words one space apart, without the lines that are drawn."""
    return " ".join(re.sub(r"[=-]{8,}", " ", text).split())


# ---------------------------------------------------------------- headers


def test_a_notice_has_each_header_once_in_this_order() -> None:
    """What answers mails by itself keeps silent; nothing says that it is of a list, or bulk."""
    assert [name for name, _ in parsed(letter()).items()] == [
        "From",
        "To",
        "Date",
        "Message-ID",
        "Subject",
        "MIME-Version",
        "Auto-Submitted",
        "X-Auto-Response-Suppress",
        "Feedback-ID",
        "Content-Type",
    ]
    mail = parsed(letter())
    assert mail["From"] == "Sunday Paper <paper@lab.example>"
    assert mail["To"] == "ada@uni.example"
    assert mail["Date"] == "Sun, 08 Mar 2026 07:30:00 +0000"
    assert mail["Message-ID"] == f"<notice.{TAG}@lab.example>"
    assert mail["Subject"] == "Please confirm: Sunday Paper by mail"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "OOF, AutoReply"


def test_it_comes_back_to_an_address_of_its_own() -> None:
    """The envelope names the mail by its tag, and neither reader nor token."""
    one = letter()
    assert (one.sender, one.recipient) == (f"box+b-{TAG}@lab.example", "ada@uni.example")


@pytest.mark.parametrize(
    "bad", ["ada", "ada@uni.example\r\nBcc: eve@evil.example", "a b@c.example"]
)
def test_a_notice_to_what_is_no_address_is_refused_discreetly(bad: str) -> None:
    """Before anything of it is made, and without showing it."""
    with pytest.raises(DeliveryError) as refused:
        letter(replace(NOTICE, sign_up=SignUp(bad)))
    assert "ada" not in str(refused.value)


def test_a_tag_that_is_none_is_refused() -> None:
    """It stands in the Message-ID and in the envelope."""
    with pytest.raises(DeliveryError, match="tag"):
        letter(replace(NOTICE, tag=f"{TAG[:-2]}\r\n"))


# ---------------------------------------------------------------- what it says


def test_it_says_who_asked_when_and_for_what_how_long_it_holds_and_what_else_to_do() -> None:
    """The time in UTC, whatever the zone of the clock; the network and no more of an address."""
    east = replace(NOTICE, asked=ASKED.astimezone(timezone(timedelta(hours=9))))
    for notice in (NOTICE, east):
        text, _ = contents(letter(notice))
        assert flowed(text) == (
            "Sunday Paper Please confirm "
            "Somebody, probably you, asked that Sunday Paper be sent to this address: on Sunday "
            "8 March 2026, 07:30 UTC, from the network 203.0.113.0/24. "
            "What will come once a week: the whole paper. "
            f"Confirm the subscription: {LINK} "
            "The link leads to a page with one button, and holds for 48 hours. Once you have "
            "confirmed, the newest issue that is printed comes at once; each mail has a link by "
            "which you leave. "
            "If it was not you, do nothing. Without the confirmation no issue is sent, and what was "
            "asked for is deleted after 7 days."
        )


def test_without_a_network_none_is_named() -> None:
    """No empty “from the network”."""
    text, html = contents(letter(replace(NOTICE, sign_up=SignUp("ada@uni.example"))))
    assert "07:30 UTC. " in flowed(text)
    assert "network" not in text + html


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (Wished(edition="Vision"), "once a week: the edition “Vision”."),
        (Wished(skips=True), "in weeks when something matches: the whole paper."),
        (Wished(topics=("Graphs",)), "once a week: entries on the topic Graphs."),
        (
            Wished(topics=("Graphs", "Vision"), venues=("ICML", "CVPR"), people=1, queries=2),
            "once a week: entries on the topics Graphs, Vision; or of the venues ICML, CVPR; or by "
            "1 author; or found by 2 queries.",
        ),
        (
            Wished(edition="Vision", queries=1),
            "once a week: entries of the edition “Vision”; or found by 1 query.",
        ),
        (Wished(people=3, skips=True), "in weeks when something matches: entries by 3 authors."),
    ],
)
def test_it_says_in_plain_words_what_was_asked_for(wish: Wished, said: str) -> None:
    """Names of the paper's own; what somebody wrote themselves is counted."""
    text, html = contents(letter(wish=wish))
    assert f"What will come {said}" in flowed(text)
    assert f"What will come {said}" in flowed(lxml_html.document_fromstring(html).text_content())


@pytest.mark.parametrize("kind", KINDS)
def test_both_parts_say_the_same_and_have_the_one_link(kind: NoticeKind) -> None:
    """Who reads plain text misses nothing; who is told of a move has nothing to follow."""
    link = "" if kind == "moved" else LINK
    text, html = contents(letter(replace(NOTICE, kind=kind), link=link))
    tree = lxml_html.document_fromstring(html)
    assert tree.xpath("//@href") == [link] * bool(link)
    assert re.findall(r"https?://\S+", text) == [link] * bool(link)
    for element in tree.xpath("//head|//comment()"):
        element.getparent().remove(element)
    assert flowed(text).replace(f": {link}" if link else "\0", "") == flowed(tree.text_content())
    assert "src=" not in html
    assert max(map(len, text.splitlines())) <= 78


@pytest.mark.parametrize(
    ("kind", "subject", "said"),
    [
        ("known", "You have Sunday Paper by mail already", "It is sent here already"),
        ("move", "Please confirm: Sunday Paper to this address", "to this address from now on"),
        ("moved", "Sunday Paper goes to your new address", "confirmed from the new address"),
    ],
)
def test_each_kind_says_what_it_is_about(kind: NoticeKind, subject: str, said: str) -> None:
    """In its subject, and in its first sentence."""
    one = letter(replace(NOTICE, kind=kind), link="" if kind == "moved" else LINK)
    assert parsed(one)["Subject"] == subject
    text = flowed(contents(one)[0])
    assert said in text
    assert "Sunday 8 March 2026, 07:30 UTC" in text
    assert "not you" in text or "If it was not" in text


@pytest.mark.parametrize("hostile", NASTY)
def test_hostile_names_are_only_words(hostile: str) -> None:
    """In the name of the paper and of the sender, the network and a topic: no tag, no header."""
    notice = replace(NOTICE, sign_up=SignUp("ada@uni.example", network=hostile))
    post = replace(POST, name=hostile, paper=hostile)
    one = letter(notice, Wished(topics=(hostile,)), post=post)
    assert len(parsed(one).items()) == 10
    assert one.body.count(b"\r\nTo: ") == 1
    text, html = contents(one)
    tree = lxml_html.document_fromstring(html)
    assert tree.xpath("//@href") == [LINK]
    assert tree.xpath("//script") == []
    assert "49" not in text
    assert max(map(len, one.body.split(b"\r\n"))) <= 200


def test_every_sentence_lies_in_a_template_that_an_operator_may_replace(tmp_path: Path) -> None:
    """Another language in one file changes subject, HTML and text; its mistakes name their line."""
    folder = tmp_path / "mail"
    folder.mkdir()
    french = {
        "subject": "Confirmez : {{ told.paper }}",
        "title": "À confirmer",
        "said": "Demandé le {{ told.asked }} & noté.",
        "wish": "",
        "button": "Confirmer",
        "holds": "{{ told.hours }} heures.",
        "otherwise": "Sinon, rien.",
    }
    sets = [f"{{% set {name} %}}{said}{{% endset %}}" for name, said in french.items()]
    (folder / "notice_confirm.html").write_text("\n".join(sets), encoding="utf-8")
    one = notice_letter(NOTICE, Wished(), LINK, POST, environment(tmp_path))
    assert parsed(one)["Subject"] == "Confirmez : Sunday Paper"
    text, html = contents(one)
    assert flowed(text) == (
        "Sunday Paper À confirmer Demandé le Sunday 8 March 2026, 07:30 UTC & noté. "
        f"Confirmer: {LINK} 48 heures. Sinon, rien."
    )
    assert "Somebody" not in html
    (folder / "notice_confirm.html").write_text("\n".join(sets[1:]), encoding="utf-8")
    with pytest.raises(BuildError, match="subject"):
        notice_letter(NOTICE, Wished(), LINK, POST, environment(tmp_path))
    broken = sets[0].replace("told.paper", "told.papre")
    (folder / "notice_confirm.html").write_text("\n" + broken, encoding="utf-8")
    with pytest.raises(BuildError, match=r"notice_confirm\.html:2: .*papre"):
        notice_letter(NOTICE, Wished(), LINK, POST, environment(tmp_path))
