"""A digest as the bytes of a mail: the headers, the encoding, and what differs between readers."""

from __future__ import annotations

import email
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email import policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any

import pytest

from effort import share
from sundaypaper.errors import DeliveryError
from sundaypaper.formats.email import serialising
from sundaypaper.formats.email.letter import Post, blank, bounce_address, leave_address
from sundaypaper.models import Letter, Message
from sundaypaper.text import clean

MARK = "k3v2q7xa5bc4defg6hijlmnopq"
PREFERENCES_MARK, PREFERENCES = "qponmljihg6fed4cb5ax7q2v3k", "p2q3r4s5t6u7v2w3x4y5z6a7b2"
TOKEN, OTHER_TOKEN = "a2b3c4d5e6f7g2h3i4j5k6l7m2", "z7y6x5w4v3u2t7s6r5q4p3o2n7"
TAG, OTHER_TAG = "2345672345672345672345abcd", "7654327654327654327654zyxw"
QUEUED = datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
LEAVE = f"mailto:paper+leave-{MARK}@lab.example?subject=leave"
POST = Post(
    address="paper@lab.example",
    name="Sunday Paper",
    inbox="paper@lab.example",
    list_name="Sunday Paper",
    archive="https://lab.example/archive/index.html",
    help="https://lab.example/subscribe/index.html",
    subscribe="https://lab.example/subscribe/index.html",
    week="2026-W10",
    mark=MARK,
)
ONE_CLICK = replace(POST, one_click="https://lab.example/leave?token={token}")
MESSAGE = Message(
    subject="Sparse attention, measured",
    html=f'<p lang="en">Three papers – <a href="{LEAVE}">leave</a></p>\n',
    text=f"Three papers – leave: {LEAVE}\n",
    entries=3,
)
ALWAYS = ["From", "To", "Date", "Message-ID", "Subject", "MIME-Version"]
LISTED = [
    *ALWAYS,
    "List-Id",
    "List-Unsubscribe",
    "List-Archive",
    "List-Help",
    "List-Subscribe",
    "Precedence",
    "Feedback-ID",
    "Content-Type",
]
NASTY = [
    "\r\nBcc: victim@uni.example\r\n",
    "\nTo: victim@uni.example",
    "\r",
    "\0",
    "\x1b[31m",
    "\x7f\x85\u2028\u2029\x0b\x0c\x1c",
    "\ud800",
    "\uffff",
    "=?utf-8?q?hidden?=",
    "=?utf-8?b?",
    "👩‍👩‍👧‍👦",
    "日曜新聞",
    "שלום \u202eevil\u202c",
    "é\u0301",
    "w" * 1_200,
    "ü" * 700,
    "\n.\n..\n...\n",
    "\nFrom here on\n",
    "trailing   \n\t\n",
    "=3D =\n=",
    '"quoted" \\ <angled> (round), ; : @ [x]',
    "\n--=_0123456789abcdef\n",
    " ",
    "–",
    "$\\alpha$",
    "{{7*7}}</title><script>",
]


def made(message: Message = MESSAGE, post: Post = POST) -> Letter:
    """A letter to one reader."""
    return blank(message, post, QUEUED).fill("ada@uni.example", TOKEN, TAG)


def parsed(one: Letter) -> EmailMessage:
    """The letter as a strict reader takes it; no part may have a defect."""
    mail = email.message_from_bytes(one.body, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    for part in mail.walk():
        assert part.defects == []
        for value in part.values():
            assert list(getattr(value, "defects", ())) == []
    return mail


def contents(one: Letter) -> tuple[str, str]:
    """The text and the HTML of a letter, decoded, with lines that end in \\n."""
    plain, html = parsed(one).iter_parts()
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    return tuple(part.get_content().replace("\r\n", "\n") for part in (plain, html))


def header_lines(one: Letter) -> list[bytes]:
    """The lines above the text, as they are sent."""
    return one.body.partition(b"\r\n\r\n")[0].split(b"\r\n")


def sender_name(one: Letter) -> str:
    """The name of the From, decoded as RFC 2047 says; the new parser keeps blanks between words."""
    raw = email.message_from_bytes(one.body)["From"].replace("\r\n", "")
    return str(make_header(decode_header(parseaddr(raw)[0])))


# ---------------------------------------------------------------- headers


def test_a_letter_has_each_header_once_in_this_order() -> None:
    """Nothing is missing, nothing is there twice, nothing else is there."""
    mail = parsed(made())
    assert mail.keys() == LISTED
    assert mail["From"] == "Sunday Paper <paper@lab.example>"
    assert mail["To"] == "ada@uni.example"
    assert mail["Date"].datetime == QUEUED
    assert mail["Message-ID"] == f"<2026-W10.{TAG}@lab.example>"
    assert mail["Subject"] == "Sparse attention, measured"
    assert mail["List-Id"] == "<sunday-paper.lab.example>"
    assert mail["List-Archive"] == "<https://lab.example/archive/index.html>"
    assert mail["Precedence"] == "bulk"
    assert mail["Feedback-ID"] == "2026-W10:sunday-paper:digest:sundaypaper-app"


def test_another_inbox_keeps_the_message_id() -> None:
    """A resend after inbox.address was changed is still the same mail: the id is the sender's."""
    one = made(post=replace(POST, inbox="bounces@elsewhere.example"))
    assert parsed(one)["Message-ID"] == parsed(made())["Message-ID"]
    assert one.sender == f"bounces+b-{TAG}@elsewhere.example"


def test_without_a_web_app_one_leaves_by_mail_alone() -> None:
    """List-Unsubscribe is one line with a mailto, and nothing promises one click."""
    lines = header_lines(made())
    expected = f"<mailto:paper+leave-{TOKEN}@lab.example?subject=leave>"
    assert f"List-Unsubscribe: {expected}".encode() in lines
    assert not any(line.startswith(b"List-Unsubscribe-Post") for line in lines)


def test_one_click_stands_before_the_mailto_on_one_line() -> None:
    """RFC 8058: an https address with the token, neither folded nor encoded, and the Post header."""
    long = "https://lab.example/" + "deep/" * 60 + "leave?token={token}"
    lines = header_lines(made(post=replace(POST, one_click=long)))
    url = long.replace("{token}", TOKEN)
    mailto = f"mailto:paper+leave-{TOKEN}@lab.example?subject=leave"
    assert f"List-Unsubscribe: <{url}>, <{mailto}>".encode() in lines
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines


def test_a_mail_to_a_list_of_others_has_no_list_headers_of_ours() -> None:
    """The list writes its own; the envelope is the plain address, which the list knows."""
    message = replace(MESSAGE, html="<p>x</p>", text="x\n")
    one = made(message, replace(ONE_CLICK, own_list=False))
    assert parsed(one).keys() == [*ALWAYS, "Content-Type"]
    assert one.sender == "paper@lab.example"
    assert TOKEN.encode() not in one.body


def test_the_envelope_says_which_mail_bounced() -> None:
    """The sender carries the tag, the recipient is in plain form, in the header too."""
    one = blank(MESSAGE, POST, QUEUED).fill(" Ada@Bücher.example", TOKEN, TAG)
    assert one.sender == f"paper+b-{TAG}@lab.example" == bounce_address(POST.inbox, TAG)
    assert one.recipient == "Ada@xn--bcher-kva.example" == parsed(one)["To"]


def test_what_is_not_known_has_no_header() -> None:
    """A paper without pages on the web has no List-Archive."""
    mail = parsed(made(post=replace(POST, archive="", help="", subscribe="")))
    assert mail.keys() == [
        name for name in LISTED if name not in ("List-Archive", "List-Help", "List-Subscribe")
    ]


def test_the_date_is_when_the_mail_was_queued() -> None:
    """In UTC whatever zone it came in; a time without a zone is a mistake of the caller."""
    east = QUEUED.astimezone(timezone(timedelta(hours=9)))
    assert blank(MESSAGE, POST, east) == blank(MESSAGE, POST, QUEUED)
    with pytest.raises(ValueError, match="zone"):
        blank(MESSAGE, POST, QUEUED.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("", b"From: paper@lab.example"),
        ("Lab, the", b'From: "Lab, the" <paper@lab.example>'),
        ('The "Lab" \\', b'From: "The \\"Lab\\" \\\\" <paper@lab.example>'),
        ("Dr. X", b'From: "Dr. X" <paper@lab.example>'),
        ("x\r\nBcc: y@z.example", b'From: "x Bcc: y@z.example" <paper@lab.example>'),
    ],
)
def test_a_name_is_quoted_as_far_as_it_must(name: str, line: bytes) -> None:
    """What has a meaning in a header stands between quotes, and reads as it was written."""
    one = made(post=replace(POST, name=name))
    assert header_lines(one)[0] == line
    (sender,) = parsed(one)["From"].addresses
    assert (sender.display_name, sender.addr_spec) == (clean(name), "paper@lab.example")
    assert sender_name(one) == clean(name)


@pytest.mark.parametrize("text", ["日曜新聞 " * 12, "Ünï", "=?utf-8?q?hidden?=", "👩‍👩‍👧‍👦" * 8])
def test_words_beyond_ascii_are_encoded_and_read_as_written(text: str) -> None:
    """In subject and name; encoded words are 75 characters at most, their lines 76 (RFC 2047)."""
    one = made(replace(MESSAGE, subject=text), replace(POST, name=text))
    mail = parsed(one)
    assert mail["Subject"] == clean(text, 120)
    assert sender_name(one) == clean(text, 60)
    assert all(len(line) <= 76 for line in header_lines(one) if b"=?" in line)


def test_a_subject_of_two_megabytes_is_cut() -> None:
    """At a word, to 120 characters, and it stays one line."""
    subject = parsed(made(replace(MESSAGE, subject="many words\r\n" * 200_000)))["Subject"]
    assert subject.endswith("…")
    assert len(subject) <= 120
    assert parsed(made(replace(MESSAGE, subject="\0\r\n")))["Subject"] == "2026-W10"


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("Sunday Paper", "sunday-paper"),
        ("Café ML / Λ", "cafe-ml"),
        ("日曜新聞", "list"),
        ("a\r\nb>: c", "a-b-c"),
        ("x" * 200, "x" * 60),
    ],
)
def test_the_list_is_called_as_the_paper(title: str, label: str) -> None:
    """A label of RFC 2919 whatever the paper is called."""
    assert parsed(made(post=replace(POST, list_name=title)))["List-Id"] == f"<{label}.lab.example>"


@pytest.mark.parametrize("field", ["archive", "help", "subscribe"])
@pytest.mark.parametrize(
    "url",
    [
        "https://lab.example/\r\nBcc: x@y.example",
        "https://lab.example/a b\0",
        "javascript:alert(1)",
        "lab.example",
        "https://[lab.example/",
        "https://" + "ü" * 80 + ".example/",
    ],
)
def test_an_address_of_the_web_that_is_none_stops_everything(field: str, url: str) -> None:
    """Nothing may end a header or its angle brackets early."""
    changed: dict[str, Any] = {field: url}
    with pytest.raises(DeliveryError, match=field):
        blank(MESSAGE, replace(POST, **changed), QUEUED)


def test_an_address_of_the_web_beyond_ascii_is_written_in_ascii() -> None:
    """RFC 3987: the host in its xn-- form, the path percent-encoded, what was encoded left alone."""
    post = replace(POST, archive="https://bücher.example:8443/zeitung/ü%20x/>, <y?q=é&w=1")
    expected = "<https://xn--bcher-kva.example:8443/zeitung/%C3%BC%20x/%3E,%20%3Cy?q=%C3%A9&w=1>"
    assert parsed(made(post=post))["List-Archive"] == expected


@pytest.mark.parametrize(
    "url",
    [
        "http://lab.example/{token}",
        "http://127.0.0.1.lab.example/{token}",
        "http://127.0.0.1@lab.example/{token}",
        "https://lab.example/",
        "https://lab.example/{token}{token}",
        "http://localhost:8000/",
    ],
)
def test_one_click_needs_https_and_one_token(url: str) -> None:
    """RFC 8058 asks for it, and a token in the clear would be anybody's."""
    with pytest.raises(DeliveryError, match="one-click"):
        blank(MESSAGE, replace(POST, one_click=url), QUEUED)


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000"])
def test_one_click_on_this_machine_needs_no_https(host: str) -> None:
    """Nobody stands between, and so the whole way can be tried before there is a server."""
    post = replace(POST, one_click=f"http://{host}/leave/{{token}}")
    asked = parsed(made(post=post))["List-Unsubscribe"]
    assert asked.startswith(f"<http://{host}/leave/{TOKEN}>, <mailto:paper+leave-{TOKEN}@")


@pytest.mark.parametrize("length", [30, 31, 32])
def test_an_inbox_whose_plus_addresses_would_be_too_long_is_refused_before(length: int) -> None:
    """64 characters before the @: 31 of the inbox's own and 33 of +leave- and a token."""
    post = replace(POST, inbox="p" * length + "@lab.example")
    if length <= 31:
        assert len(made(post=post).sender) < 64 + len("@lab.example")
        return
    with pytest.raises(DeliveryError, match="at most 31"):
        blank(MESSAGE, post, QUEUED)


def test_a_header_line_never_grows_beyond_what_servers_take() -> None:
    """998 octets; an address of the web that is longer stops everything before the first mail."""
    fits = replace(POST, archive="https://lab.example/" + "a" * 960)
    assert max(map(len, header_lines(made(post=fits)))) <= 998
    with pytest.raises(DeliveryError, match="too long"):
        blank(MESSAGE, replace(POST, archive="https://lab.example/" + "a" * 1_000), QUEUED)


@pytest.mark.parametrize(
    "wrong",
    [
        {"address": "paper@lab.example\r\nBcc: x@y.example"},
        {"inbox": "paper@lab.example>"},
        {"week": "2026-W10\r\n"},
        {"week": "<2026>"},
        {"mark": "short"},
        {"mark": MARK.upper()},
    ],
)
def test_what_all_letters_share_is_checked_before_the_first(wrong: dict[str, str]) -> None:
    """Addresses, week and mark."""
    with pytest.raises(DeliveryError):
        blank(MESSAGE, replace(POST, **wrong), QUEUED)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "address", ["ada@uni.example\r\nBcc: x@y.example", "a da@uni.example", "<ada@uni.example>", ""]
)
def test_a_letter_to_what_is_no_address_is_refused_discreetly(address: str) -> None:
    """Before the wire, and the error does not say the address."""
    with pytest.raises(DeliveryError) as refused:
        blank(MESSAGE, POST, QUEUED).fill(address, TOKEN, TAG)
    assert "uni" not in str(refused.value)


@pytest.mark.parametrize("bad", ["", "short", "a" * 25 + "\n", "a" * 26 + "\r\n", "A" * 26])
def test_a_token_that_is_none_is_refused(bad: str) -> None:
    """It stands in headers: 26 small letters and digits, nothing else."""
    empty = blank(MESSAGE, POST, QUEUED)
    for token, tag in ((bad, TAG), (TOKEN, bad)):
        with pytest.raises(DeliveryError, match="26"):
            empty.fill("ada@uni.example", token, tag)


# ---------------------------------------------------------------- the body


def test_text_comes_first_and_both_read_as_written() -> None:
    """A reader of plain text gets all of it; the token stands where the mark stood."""
    assert contents(made()) == (
        MESSAGE.text.replace(MARK, TOKEN),
        MESSAGE.html.replace(MARK, TOKEN),
    )


def test_what_no_mail_can_carry_goes_and_the_rest_stays() -> None:
    """NUL, lone surrogates and other controls; any line end is a line end."""
    message = replace(MESSAGE, text="a\0b\x1bc\ud800d\r\ne\rf\n\tg \n.\n", html="<p>\x08x</p>")
    assert contents(made(message)) == ("abcd\ne\nf\n\tg \n.\n", "<p>x</p>")


def test_the_boundary_is_a_function_of_the_content() -> None:
    """The same digest has the same bytes; another has another boundary."""
    other = made(replace(MESSAGE, text="x"))
    assert made() == made()
    assert parsed(made()).get_boundary() != parsed(other).get_boundary()
    assert made().body.count(str(parsed(made()).get_boundary()).encode()) == 4


def test_a_mark_is_found_wherever_a_soft_line_break_runs_through_it() -> None:
    """The mark at every column of a line: nothing of it stays, and the token is whole."""
    breaks = 0
    for column in range(80):
        text = f"{'x' * column}{MARK}{'y' * 60}"
        empty = blank(replace(MESSAGE, text=text, html=text), POST, QUEUED)
        breaks += sum(piece == b"=\r\n" for piece in empty.pieces)
        one = empty.fill("ada@uni.example", TOKEN, TAG)
        assert contents(one) == (text.replace(MARK, TOKEN),) * 2
        assert max(map(len, one.body.split(b"\r\n\r\n", 1)[1].split(b"\r\n"))) <= 76
    assert breaks >= 50


def test_an_encoded_byte_that_ends_as_the_mark_begins_is_no_mark() -> None:
    """A stranger's text cannot stop the mail by putting the rest of the mark behind such a byte."""
    mark = "2" + MARK[1:]
    text = f"\u0442{mark[1:]} {mark}"  # its second byte is written =82
    post = replace(POST, mark=mark)
    assert contents(made(replace(MESSAGE, text=text), post))[0] == f"\u0442{mark[1:]} {TOKEN}"


def test_a_mark_that_was_lost_in_the_encoding_stops_everything(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Fewer places than the digest had: a reader could not leave, so nothing is sent."""
    quoted = serialising._quoted
    monkeypatch.setattr(serialising, "_quoted", lambda text: quoted(text).replace(b"k3v", b"=6B3v"))
    with pytest.raises(DeliveryError, match=r"3 places .* 1 were found"):
        blank(MESSAGE, POST, QUEUED)


def test_the_mark_may_not_stand_in_subject_or_name() -> None:
    """A token there would be read aloud by every mail program."""
    with pytest.raises(DeliveryError, match="mark"):
        blank(replace(MESSAGE, subject=f"On {MARK}"), POST, QUEUED)
    with pytest.raises(DeliveryError, match="mark"):
        blank(MESSAGE, replace(POST, name=MARK), QUEUED)


# ---------------------------------------------------------------- the token of the preferences


def test_each_token_stands_where_its_own_mark_stood() -> None:
    """At every column of a line, in both parts; neither token stands for the other mark."""
    post = replace(POST, preferences_mark=PREFERENCES_MARK)
    for column in range(80):
        text = f"{'x' * column}{PREFERENCES_MARK}{MARK}{'y' * 60}{PREFERENCES_MARK}"
        empty = blank(replace(MESSAGE, text=text, html=text), post, QUEUED)
        one = empty.fill("ada@uni.example", TOKEN, TAG, PREFERENCES)
        filled = f"{'x' * column}{PREFERENCES}{TOKEN}{'y' * 60}{PREFERENCES}"
        assert contents(one) == (filled, filled)


@pytest.mark.parametrize("bad", ["", TOKEN[:-1], TOKEN.upper(), f"{TOKEN}\n"])
def test_no_mail_leads_to_preferences_without_a_token_of_them(bad: str) -> None:
    """A link that leads nowhere is refused before anything is sent."""
    empty = blank(MESSAGE, replace(POST, preferences_mark=PREFERENCES_MARK), QUEUED)
    with pytest.raises(DeliveryError, match="token of preferences"):
        empty.fill("ada@uni.example", TOKEN, TAG, bad)


def test_the_two_marks_of_a_mail_differ() -> None:
    """One token would stand for both, and a link to leave would open the preferences."""
    with pytest.raises(DeliveryError, match="the two marks"):
        blank(MESSAGE, replace(POST, preferences_mark=MARK), QUEUED)


# ---------------------------------------------------------------- one reader and another


def test_filling_twice_gives_the_same_bytes() -> None:
    """A resend is the same mail, with the same Message-ID."""
    empty = blank(MESSAGE, ONE_CLICK, QUEUED)
    first = empty.fill("ada@uni.example", TOKEN, TAG)
    empty.fill("bob@lab.example", OTHER_TOKEN, OTHER_TAG)
    assert empty.fill("ada@uni.example", TOKEN, TAG) == first


def test_nothing_of_one_reader_stands_in_the_letter_of_another() -> None:
    """Two letters differ in address, token and tag alone, and no mark is left in either."""
    empty = blank(MESSAGE, ONE_CLICK, QUEUED)
    ada = empty.fill("ada@uni.example", TOKEN, TAG)
    bob = empty.fill("bob@college.example", OTHER_TOKEN, OTHER_TAG)
    own = (b"bob@college.example", OTHER_TOKEN.encode(), OTHER_TAG.encode())
    others = (b"ada@uni.example", TOKEN.encode(), TAG.encode())
    body = bob.body.replace(b"=\r\n", b"")
    assert not any(what in body or what in bob.sender.encode() for what in others)
    for mine, theirs in zip(own, others, strict=True):
        assert mine in body
        body = body.replace(mine, theirs)
    assert body == ada.body.replace(b"=\r\n", b"")
    assert MARK.encode() not in body


# ---------------------------------------------------------------- a thousand of them, or a fifth


def hostile(dice: random.Random, most: int) -> str:
    """Words with what strangers put into titles and names."""
    words = ["attention", "of", "a", "graph", "neural ", "mean-field\n"]
    return "".join(dice.choice((*words, *NASTY)) + " " for _ in range(dice.randint(0, most)))


def generated() -> Iterator[tuple[Message, Post]]:
    """The first mails of a thousand, the same ones each time."""
    dice = random.Random(5)
    for number in range(share(1_000)):
        html = f'<html lang="en"><p>{hostile(dice, 25)}<a href="{LEAVE}">{hostile(dice, 3)}</a></p>'
        text = f"{hostile(dice, 25)}\n{LEAVE}\n{hostile(dice, 4)}"
        post = POST if number % 2 else ONE_CLICK
        named = replace(post, name=hostile(dice, 3), list_name=hostile(dice, 3))
        yield Message(hostile(dice, 6), html, text, 1), named


def carried(text: str) -> str:
    """What of a text a mail carries, its mark filled."""
    text = re.sub(r"\r\n?", "\n", text).replace(MARK, TOKEN)
    return "".join(
        c for c in text if c in "\t\n" or (ord(c) >= 32 and ord(c) not in (0x7F, 0xD800, 0xFFFF))
    )


def test_generated_hostile_mails_are_flawless() -> None:
    """No defect, the exact headers, one recipient, lines within bounds, every word as written."""
    for message, post in generated():
        one = made(message, post)
        mail = parsed(one)
        extra = ["List-Unsubscribe-Post"] if post.one_click else []
        assert mail.keys() == [*LISTED[:8], *extra, *LISTED[8:]]
        assert [a.addr_spec for a in mail["To"].addresses] == ["ada@uni.example"]
        assert [a.addr_spec for a in mail["From"].addresses] == ["paper@lab.example"]
        assert sender_name(one) == clean(post.name, 60)
        assert mail["Subject"] == (clean(message.subject, 120) or "2026-W10")
        assert contents(one) == (carried(message.text), carried(message.html))
        bare = one.body.replace(b"\r\n", b"")
        assert not {*b"\r\n"} & {*bare}
        assert all(byte == 9 or 32 <= byte < 127 for byte in bare)
        assert max(map(len, header_lines(one))) <= 998
        assert max(map(len, one.body.split(b"\r\n\r\n", 1)[1].split(b"\r\n"))) <= 76


def test_addresses_made_from_tokens() -> None:
    """A plus and what the mail is for; the inbox may have a plus of its own."""
    assert leave_address("paper@lab.example", TOKEN) == f"paper+leave-{TOKEN}@lab.example"
    assert bounce_address("ml+paper@lab.example", TAG) == f"ml+paper+b-{TAG}@lab.example"
