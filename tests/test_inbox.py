"""The inbox: who leaves, what came back, who complained; and what is none of these."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.header import decode_header
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort import calls
from inbound import (
    INBOX,
    JUDGED,
    OTHER_TAG,
    PROSE,
    READER,
    SERVERS,
    TAG,
    TOKEN,
    bounce_address,
    bounces,
    dsn,
    feedback,
    group,
    leave_address,
    leave_mail,
    mail,
    prose_bounce,
    returned,
    vacations,
)
from sundaypaper.delivery.inbox import InboxCounts, mime, read_inbox
from sundaypaper.delivery.inbox.loop import Waiting
from sundaypaper.delivery.inbox.mails import (
    Bounce,
    Complaint,
    Ignored,
    Leave,
    Other,
    Returned,
    read_mail,
)
from sundaypaper.errors import DeliveryError

DATA = Path(__file__).parent / "data" / "mails"
BROKEN = sorted(DATA.glob("broken-*.eml"))
NOW = datetime(2026, 3, 9, 6, tzinfo=UTC)
KNOWN = frozenset({TOKEN, TAG})


@dataclass
class Books:
    """A judge who knows one reader, and writes down what was asked."""

    known: frozenset[str] = KNOWN
    ends: bool = False
    asked: list[tuple[object, ...]] = field(default_factory=list)
    back: list[tuple[str, str, str]] = field(default_factory=list)

    def leave(self, token: str, now: datetime) -> bool:
        self.asked.append(("leave", token, now))
        return token in self.known

    def bounced(self, tag: str, hard: bool, day: date) -> bool | None:
        self.asked.append(("bounced", tag, hard, day))
        return self.ends if tag in self.known else None

    def returned(self, tag: str, status: str, told: str) -> bool:
        self.back.append((tag, status, told))
        return tag in self.known

    def complained(self, tag: str, day: date) -> bool:
        self.asked.append(("complained", tag, day))
        return tag in self.known


class Heap:
    """A mailbox in memory."""

    def __init__(self, *mails: bytes | None) -> None:
        self.mails, self.marked = mails, list[str]()

    def __iter__(self):
        yield from ((str(number), raw) for number, raw in enumerate(self.mails))

    def done(self, key: str) -> None:
        self.marked.append(key)


def read(*mails: bytes | None, books: Books | None = None) -> tuple[InboxCounts, Heap, list[str]]:
    """The counts, the mailbox after it, and what was told."""
    heap, told = Heap(*mails), list[str]()
    counts = read_inbox(heap, INBOX, books or Books(), now=NOW, tell=told.append)
    return counts, heap, told


# ---------------------------------------------------------------- leaving


@pytest.mark.parametrize("name", ["Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc"])
def test_a_mail_to_the_leave_address_is_found_by_every_header_that_may_name_it(name):
    """Servers differ in where they write the address that a mail was delivered to."""
    raw = leave_mail("undisclosed-recipients:;", (name, leave_address()), subject="")
    assert read_mail(raw, INBOX) == Leave(TOKEN)


@pytest.mark.parametrize(
    "to",
    [
        f"<{leave_address()}>",
        f'"Sunday, (the) Paper" <{leave_address()}>',
        f"{leave_address()} (leave (please))",
        f"Sunday Paper <{leave_address().upper()}>",
        f"someone@far.example,\n {leave_address()}",
        f"leavers: other@far.example, {leave_address()};",
        f"=?utf-8?Q?Zeitung_=C3=BC?= <{leave_address()}>",
        f'"Paper :( or \\"leave, now\\" <(" <{leave_address()}>',
    ],
)
def test_names_comments_groups_case_and_folding_around_the_address_are_understood(to):
    """As mail programs write addresses."""
    assert read_mail(leave_mail(to), INBOX) == Leave(TOKEN)


@pytest.mark.parametrize(
    "to",
    [
        f'"{leave_address()}" <someone@far.example>',
        f'"a, <{leave_address()}>, b" <someone@far.example>',
        f"someone@far.example ({leave_address()})",
        f"someone@far.example (see, {leave_address()}, (there))",
        leave_address(inbox="paper@lab.example.evil.example"),
        leave_address(inbox="paper@evil-lab.example"),
        leave_address(inbox="news.paper@lab.example"),
        leave_address(inbox="paper@labxexample"),
        leave_address(TOKEN[:-1]),
        leave_address(TOKEN + "a"),
        leave_address("1" * 26),
    ],
)
def test_what_only_looks_like_the_leave_address_is_none(to):
    """A display name, a comment, another domain, another length, other letters."""
    assert read_mail(leave_mail(to), INBOX) == Other()


def test_a_server_without_plus_addresses_takes_the_token_in_the_subject():
    """Mailed to the inbox itself; encoded words and capitals are what phones make of it."""
    for subject in (f"leave {TOKEN}", f"Unsubscribe  {TOKEN.upper()} "):
        assert read_mail(leave_mail(INBOX, subject=subject), INBOX) == Leave(TOKEN)
    coded = base64.b64encode(f"leave {TOKEN}".encode()).decode()
    assert read_mail(leave_mail(INBOX, subject=f"=?utf-8?B?{coded}?="), INBOX) == Leave(TOKEN)


@pytest.mark.parametrize(
    ("to", "subject"),
    [
        (INBOX, "leave"),
        (INBOX, f"do not leave {TOKEN}"),
        (INBOX, f"leave {TOKEN}a"),
        (INBOX, f"What is {TOKEN}?"),
        (INBOX, "=?utf-8?B?broken?="),
        (INBOX, "=?no-such-charset?Q?leave?="),
    ],
)
def test_other_subjects_are_for_a_person(to, subject):
    """Nobody is sent away by a mail that talks about leaving."""
    assert read_mail(leave_mail(to, subject=subject), INBOX) == Other()


@pytest.mark.parametrize(
    "subject",
    [
        f"leave {TOKEN}",
        f"Re: leave {TOKEN}",
        f"WG: AW: Unsubscribe {TOKEN.upper()}.",
        f"[staff] Fwd: leave {TOKEN}",
        f"leave {leave_address()}",
        f"Unsubscribe: mailto:{leave_address()}?subject=leave",
    ],
)
def test_a_subject_that_shows_the_token_leaves_whomever_the_mail_was_written_to(subject):
    """An alias, a helpdesk, a list: what counts is that it came in, and what it shows."""
    for to in (INBOX, "elsewhere@far.example", "undisclosed-recipients:;"):
        assert read_mail(leave_mail(to, subject=subject), INBOX) == Leave(TOKEN)


BY_PROGRAMS = [
    (("Auto-Submitted", "auto-replied"), ("X-Apple-Unsubscribe", "true")),
    (("Auto-Submitted", "AUTO-GENERATED; owner=x"),),
    (("Precedence", "auto_reply"),),
    (("Precedence", "bulk"), ("X-Auto-Response-Suppress", "All")),
    (("X-Autoreply", "yes"),),
    (("X-Autorespond", "away"),),
]


@pytest.mark.parametrize("path", [f"<{READER}>", "<>"])
@pytest.mark.parametrize("marks", BY_PROGRAMS)
def test_whoever_shows_the_token_leaves_whatever_program_wrote_the_mail(marks, path):
    """Apple's mail program marks its leave mails as automatic, others send them from nobody."""
    for raw in (leave_mail("", *marks), leave_mail(INBOX, *marks, subject=f"leave {TOKEN}")):
        assert read_mail(raw.replace(f"<{READER}>".encode(), path.encode(), 1), INBOX) == Leave(
            TOKEN
        )


LEAVES = DATA.glob("leave-*.eml")
STAYS = DATA.glob("stay-*.eml")
LEAVER = "2pgrjuwoi6ft44jkmr4fe3zcna"


@pytest.mark.parametrize("path", sorted(LEAVES), ids=lambda path: path.stem)
def test_the_leave_mails_of_many_programs_leave(path):
    """Each as a program writes it: buttons, forwards, answers, HTML alone, every encoding."""
    assert read_mail(path.read_bytes(), INBOX) == Leave(LEAVER)
    assert read_mail(path.read_bytes().replace(b"\n", b"\r\n"), INBOX) == Leave(LEAVER)


@pytest.mark.parametrize("path", sorted(STAYS), ids=lambda path: path.stem)
def test_who_only_quotes_a_mail_of_ours_stays(path):
    """Answers, forwards, vacations, bounces and complaints carry its links: they ask for nothing."""
    raw = path.read_bytes()
    assert LEAVER.encode() in raw
    for end in (b"\n", b"\r\n"):
        found = read_mail(raw.replace(b"\n", end), INBOX)
        assert not isinstance(found, Leave)
        if path.stem == "stay-complaint":
            assert found == Complaint(TAG, LEAVER)


def test_a_link_whose_plus_was_not_decoded_still_leads_there():
    """Some programs take the address of the link as it is written, with %2B."""
    assert read_mail(leave_mail(leave_address().replace("+", "%2B")), INBOX) == Leave(TOKEN)


def test_a_button_that_marks_its_mail_as_not_automatic_leaves():
    """Auto-Submitted: no, and a bulk precedence, say nothing against it."""
    raw = leave_mail("", ("Auto-Submitted", "no"), ("Precedence", "bulk"))
    assert read_mail(raw, INBOX) == Leave(TOKEN)


def test_leaving_twice_is_leaving_once_and_the_books_are_asked_once():
    """A flood with one token costs one look into the books."""
    books = Books()
    counts, heap, _ = read(*[leave_mail()] * 5, books=books)
    assert (counts.left, len(heap.marked)) == (5, 5)
    assert books.asked == [("leave", TOKEN, NOW)]


def test_an_unknown_token_is_counted_and_marked():
    """And asked for each time: nothing is kept of what strangers make up."""
    books = Books(known=frozenset())
    counts, heap, told = read(leave_mail(), leave_mail(), books=books)
    assert (counts.unknown, counts.left, heap.marked) == (2, 0, ["0", "1"])
    assert len(books.asked) == 2
    assert told == ["mail=0 state=unknown", "mail=1 state=unknown"]


# ---------------------------------------------------------------- bounces


def test_bounces_of_six_servers_in_all_their_forms_are_judged_by_their_status():
    """504 of them: servers, statuses, languages of the prose, line endings."""
    seen = 0
    for what, raw, verdict in bounces():
        found = read_mail(raw, INBOX)
        status = what.split()[1]
        if verdict == "nothing":
            assert found == Returned(TAG, status), what
        else:
            assert found == Bounce(TAG, verdict == "hard", status), what
        seen += 1
    assert seen == 504


@pytest.mark.parametrize("action", ["delayed", "relayed", "delivered", "expanded", ""])
def test_only_a_failure_is_a_bounce(action):
    """Whatever the status beside it says."""
    assert isinstance(read_mail(dsn([group("5.1.1", action)]), INBOX), Ignored)


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ([group("5.1.1"), group("5.1.1")], Bounce(TAG, True, "5.1.1")),
        ([group("5.1.1"), group("4.4.7", reply=450)], Bounce(TAG, False, "4.4.7")),
        ([group("5.1.1"), group("2.0.0", "delivered")], None),
        ([group("5.1.1"), group("5.7.1")], Returned(TAG, "5.7.1")),
    ],
)
def test_of_several_recipients_the_mildest_counts(groups, expected):
    """A reader who forwards to two mailboxes has one that works."""
    found = read_mail(dsn(groups), INBOX)
    assert found == expected if expected else isinstance(found, Ignored)


@pytest.mark.parametrize(
    ("status", "diagnostic", "expected"),
    [
        ("5.0.0", "smtp; 550 5.1.1 no such user", ("hard", "5.1.1")),
        ("5.0.0", "smtp; 550-5.7.1 looks like spam", "5.7.1"),
        ("5.1.1", "smtp; 550 5.7.1 policy", "5.7.1"),
        ("5.7.1", "smtp; 550 5.1.1 no such user", "5.7.1"),
        ("5.0.0", "smtp; 550 user unknown", ("soft", "5.0.0")),
        ("5.1.1 (no such user)", "x-local; whatever", ("hard", "5.1.1")),
        ("5.4.310", "", ("hard", "5.4.310")),
        ("5.1.90", "", "5.1.90"),
        ("5.1.0", "", ("soft", "5.1.0")),
        ("5.5.0", "", ("soft", "5.5.0")),
        ("5.5.2", "", "5.5.2"),
        ("4.7.0", "", "4.7.0"),
        ("five", "smtp; 5511 5.1.11", ""),
        ("", "", ""),
        ("5.2.1234", "", ""),
        ("5.7.509", "smtp; 550 5.7.509 Access denied", "5.7.509"),
        ("5.0.0", "smtp; 550 blocked using a list", "5.0.0"),
        ("5.1.1", "smtp; 550 5.1.1 Sender address rejected", "5.1.1"),
        ("5.2.2", "smtp; 550 5.1.1 no such user", ("soft", "5.2.2")),
        ("4.4.7", "smtp; 550 5.1.1 no such user", ("soft", "4.4.7")),
    ],
)
def test_a_status_that_leaves_it_open_is_read_together_with_the_diagnostic(
    status, diagnostic, expected
):
    """The other server's word decides on 5.0.0; policy and content never count."""
    lines = f"Final-Recipient: rfc822; {READER}\nAction: failed\n"
    lines += f"Status: {status}\nDiagnostic-Code: {diagnostic}\n"
    found = read_mail(dsn([lines]), INBOX)
    if isinstance(expected, str):
        assert found == Returned(TAG, expected)
        assert isinstance(found, Returned)
        assert found.told == diagnostic.partition("; ")[2]
    else:
        assert found == Bounce(TAG, expected[0] == "hard", expected[1])


def test_an_encoded_report_and_one_that_names_no_type_are_read():
    """Some gateways encode what must not be, or lose the parameter report-type."""
    plain = dsn([group("5.1.1")])
    assert read_mail(plain.replace(b" report-type=delivery-status;", b""), INBOX) == Bounce(
        TAG, True, "5.1.1"
    )
    start = plain.index(b"Reporting-MTA")
    end = plain.index(b"\n--4Qf7", start)
    coded = base64.encodebytes(plain[start:end])
    kind = b"Content-Type: message/delivery-status\n"
    raw = plain[:start] + coded + plain[end:]
    raw = raw.replace(kind, kind + b"Content-Transfer-Encoding: base64\n")
    assert read_mail(raw, INBOX) == Bounce(TAG, True, "5.1.1")
    broken = raw.replace(coded, b"abcde")
    assert isinstance(read_mail(broken, INBOX), Ignored)
    mixed = plain.replace(b"multipart/report;", b"multipart/mixed;")
    assert read_mail(mixed, INBOX) == Bounce(TAG, True, "5.1.1")


def test_a_bounce_that_lost_its_address_is_found_by_the_message_id():
    """Some submission servers put their own envelope sender on every mail."""
    raw = dsn([group("5.1.1")], to=INBOX)
    assert read_mail(raw, INBOX) == Bounce(TAG, True, "5.1.1")


def test_a_bounce_of_somebody_elses_mail_is_marked_and_counted():
    """No tag of ours in it, whatever it says."""
    back = "Message-ID: <20260309.1234@lab.example>\nFrom: someone@lab.example\n"
    counts, heap, told = read(dsn([group("5.1.1")], to=INBOX, back=back))
    assert (counts.ignored, heap.marked) == (1, ["0"])
    assert told == ['mail=0 state=ignored told="a bounce of no mail of ours"']


def test_a_bounce_to_a_leave_address_ends_nothing():
    """No mail of ours has that sender: it was made up."""
    books = Books()
    counts, _, _ = read(dsn([group("5.1.1")], to=leave_address()), books=books)
    assert (counts.ignored, books.asked) == (1, [])


def test_forged_tags_are_counted_as_unknown_and_change_nothing():
    """Also those of another domain, which are not even asked about."""
    books = Books()
    forged = dsn([group("5.1.1")], tag=OTHER_TAG)
    elsewhere = dsn([group("5.1.1")], to=bounce_address(inbox="paper@evil.example"), back="")
    counts, heap, _ = read(forged, elsewhere, books=books)
    assert (counts.unknown, counts.ignored, counts.bounced) == (1, 1, 0)
    assert books.asked == [("bounced", OTHER_TAG, True, NOW.date())]
    assert heap.marked == ["0", "1"]


@pytest.mark.parametrize(
    "to",
    [
        f"x{bounce_address()}",
        f"{bounce_address()}.evil.example",
        f"{bounce_address()} <someone@far.example>",
        bounce_address(TAG + "a"),
    ],
)
def test_what_only_looks_like_a_bounce_address_is_none(to):
    """Nothing before it, nothing behind it."""
    assert isinstance(read_mail(dsn([group("5.1.1")], to=to, back=""), INBOX), Ignored)


def test_a_bounce_counts_for_the_day_it_is_read_and_says_when_it_ended_a_subscription():
    """A date in the mail may be forged, to make three days of one."""
    books = Books(ends=True)
    counts, _, told = read(dsn([group("5.1.1")]), books=books)
    assert (counts.bounced, counts.suppressed) == (1, 1)
    assert books.asked == [("bounced", TAG, True, date(2026, 3, 9))]
    assert told == ["mail=0 state=bounced status=5.1.1 hard suppressed"]


def test_ten_bounces_of_one_mail_are_judged_once():
    """Whatever their statuses are."""
    books = Books()
    hard = [dsn([group(s)]) for s, verdict in JUDGED if verdict == "hard"]
    counts, _, _ = read(*hard, books=books)
    assert (counts.bounced, len(books.asked)) == (len(hard), 1)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"<{READER}>:\n192.0.2.1 does not like it.\nSaid: 550 5.1.1 none here\n", "5.1.1"),
        (f"<{READER}>:\nNo mailbox here by that name. (#5.1.1)\n", "5.1.1"),
        ("Said: 552 5.2.2 over quota\n", "5.2.2"),
        ("Said: 550-5.7.1 looks like\n550 5.7.1 spam\n", Returned(TAG, "5.7.1")),
        ("Said: 550 5.1.1 none here, and 550 5.7.1 spam\n", Returned(TAG, "5.7.1")),
        ("Said: 450 4.2.2 later\n", None),
        ("See section 5.1.1 of the manual\n", None),
        ("It did not work.\n", None),
    ],
)
def test_a_bounce_in_words_counts_half_and_only_with_an_unmistakable_code(body, expected):
    """Soft at most; one of policy came back, and the rest of them is marked and ignored."""
    found = read_mail(prose_bounce(body), INBOX)
    if expected is None:
        assert isinstance(found, Ignored)
    else:
        assert found == (Bounce(TAG, False, expected) if isinstance(expected, str) else expected)


def test_a_bounce_in_words_that_names_whom_it_failed_came_back_without_a_code():
    """As Exim says that there is no way to an address; its warning of a delay names nobody."""
    raw = prose_bounce(f"{READER}\nUnrouteable address\n")
    failed = b"X-Failed-Recipients: " + READER.encode() + b"\n"
    assert read_mail(failed + raw, INBOX) == Returned(TAG, "")
    assert isinstance(read_mail(raw, INBOX), Ignored)


@pytest.mark.parametrize(
    "sender",
    [
        "Mail Delivery Subsystem <noreply@old.example>",
        "Postmaster <postmaster@old.example>",
        "System Administrator <admin@old.example>",
        "MAILER-DAEMON (Mail System)",
    ],
)
def test_a_server_that_writes_in_words_is_known_by_what_it_calls_itself(sender):
    """With an empty envelope sender, or where none is recorded."""
    said = "Said: 550 5.1.1 none here\n"
    for path in (b"Return-Path: <>\n", b""):
        raw = prose_bounce(said, sender=sender).replace(b"Return-Path: <>\n", path)
        assert read_mail(raw, INBOX) == Bounce(TAG, False, "5.1.1")
    assert read_mail(prose_bounce(said, sender=sender, path=f"<{READER}>"), INBOX) == Other()


def test_a_postmaster_may_leave_like_anybody():
    """Their mail names no empty sender."""
    raw = leave_mail().replace(READER.encode(), b"postmaster@far.example")
    assert read_mail(raw, INBOX) == Leave(TOKEN)
    assert read_mail(raw.partition(b"\n")[2], INBOX) == Leave(TOKEN)


def test_a_person_who_quotes_a_bounce_is_no_bounce():
    """Without an empty envelope sender it is a letter, and so it is without a tag."""
    said = "Said: 550 5.1.1 none here\n"
    assert read_mail(prose_bounce(said, path=f"<{READER}>"), INBOX) == Other()
    assert read_mail(prose_bounce(said, to=INBOX), INBOX) == Other()
    assert read_mail(prose_bounce(said, sender=READER), INBOX) == Other()
    for mark in (b"X-Autoreply: yes\n", b"X-Autorespond: away\n"):
        assert read_mail(mark + prose_bounce(said), INBOX) == Other()


def test_the_code_of_a_bounce_in_words_stands_at_its_beginning():
    """What comes far below is the mail that is quoted."""
    body = "It did not work.\n" + "quoted line\n" * 1000 + "550 5.1.1\n"
    assert isinstance(read_mail(prose_bounce(body), INBOX), Ignored)


# ---------------------------------------------------------------- complaints


@pytest.mark.parametrize(
    "raw",
    [
        feedback(),
        feedback(whole=False),
        feedback("ABUSE"),
        feedback("fraud"),
        feedback("opt-out"),
        feedback(back=base64.encodebytes(returned().encode()).decode(), encoding="base64"),
    ],
)
def test_a_complaint_is_found_by_the_message_id_of_the_mail_in_it(raw):
    """Whole or headers only, encoded or not."""
    assert read_mail(raw, INBOX) == Complaint(TAG, TOKEN)


def test_a_complaint_is_found_by_what_a_loop_has_left_of_the_mail():
    """Each loop redacts something else."""
    path = f"Return-Path: <{bounce_address()}>\nMessage-ID: <redacted@loop.example>\n"
    leave = f"List-Unsubscribe: <mailto:{leave_address()}?subject=leave>\n"
    told = f"Original-Mail-From: <{bounce_address()}>\n"
    assert read_mail(feedback(back=path), INBOX) == Complaint(TAG, "")
    assert read_mail(feedback(back=leave), INBOX) == Complaint("", TOKEN)
    assert read_mail(feedback(back="Subject: x\n", fields=told), INBOX) == Complaint(TAG, "")
    assert read_mail(feedback(back="", to=bounce_address()), INBOX) == Complaint(TAG, "")
    assert read_mail(feedback(back="", to=leave_address()), INBOX) == Complaint("", TOKEN)


def test_a_complaint_suppresses_at_once_and_by_the_token_where_only_that_is_known():
    """The tag is asked first."""
    books = Books(known=frozenset({TOKEN}))
    counts, heap, told = read(feedback(), books=books)
    assert (counts.complained, heap.marked, told) == (1, ["0"], ["mail=0 state=complained"])
    assert [asked[:2] for asked in books.asked] == [("complained", TAG), ("leave", TOKEN)]


def test_a_complaint_with_a_forged_tag_is_unknown():
    """Nobody is suppressed by it."""
    books = Books(known=frozenset())
    counts, _, _ = read(feedback(), books=books)
    assert (counts.unknown, counts.complained) == (1, 0)


def test_a_complaint_that_shows_nothing_of_ours_is_for_a_person():
    """Somebody complained; who, only a person can find out."""
    counts, heap, told = read(feedback(back="Subject: x\n"))
    assert (counts.others, heap.marked, told) == (1, [], [])


def test_other_feedback_suppresses_nobody():
    """not-spam is counted; virus, authentication and the rest are for the operator."""
    assert isinstance(read_mail(feedback("not-spam"), INBOX), Ignored)
    for kind in ("virus", "auth-failure", "other", ""):
        assert read_mail(feedback(kind), INBOX) == Other()


# ---------------------------------------------------------------- everything else


@pytest.mark.parametrize("to", [bounce_address(), INBOX])
def test_vacation_replies_stay_unread_and_change_nothing(to):
    """They come to the envelope sender, in any language, marked in many ways."""
    books = Books()
    replies = list(vacations(to))
    counts, heap, told = read(*replies, books=books)
    assert counts.others == len(replies) >= 5
    assert (books.asked, heap.marked, told) == ([], [], [])


def test_a_letter_and_a_read_receipt_stay_unread():
    """What a person wrote is for a person."""
    receipt = dsn([group("5.1.1")]).replace(b"delivery-status", b"disposition-notification")
    counts, heap, _ = read(mail([("To", INBOX), ("Subject", "Hello")]), receipt)
    assert (counts.others, heap.marked) == (2, [])


def test_what_waits_for_a_person_is_told_by_its_heading_and_why():
    """Its number, a short subject, who wrote it without their address, and why it is left."""
    long = "=?utf-8?q?Caf=C3=A9?= " + "and more " * 20
    mails = [
        mail([("From", f'"Ada L." <{READER}>'), ("To", INBOX), ("Subject", f"From {READER}")]),
        mail([("From", READER), ("To", INBOX), ("Subject", long)]),
        next(vacations(bounce_address())),
        *(path.read_bytes().replace(b"TAG" * 8 + b"TA", TAG.encode()) for path in BROKEN),
    ]
    waiting, told = list[Waiting](), list[str]()
    counts = read_inbox(
        Heap(*mails), INBOX, Books(), now=NOW, tell=told.append, wait=waiting.append
    )
    assert (counts.others, counts.handled()) == (5, 1)
    assert waiting[0] == Waiting("0", "From <address>", "Ada L.", "a letter")
    assert waiting[1].subject.startswith("Café and more")
    assert (len(waiting[1].subject) <= 60, waiting[1].sender) == (True, "<address>")
    assert waiting[2].why == "an automatic reply"
    assert [(one.key, one.why) for one in waiting[3:]] == [
        ("3", "a report of which nothing can be read"),
        ("5", "a report of which nothing can be read"),
    ]
    assert waiting[4].sender == "<address>"  # MAILER-DAEMON@x
    assert len(told) == 1
    assert told[0].startswith("mail=4 state=ignored")


def test_a_mail_that_cannot_be_read_is_told_and_left():
    """The others are read all the same."""
    counts, heap, told = read(None, leave_mail())
    assert (counts.failed, counts.left, heap.marked) == (1, 1, ["1"])
    assert told[0].startswith("mail=0 state=failed")


def test_nothing_that_is_told_shows_an_address_a_token_or_a_tag():
    """Whatever came in, and whatever the mailbox calls it."""
    mails = [raw for _, raw, _ in list(bounces())[::20]]
    mails += [leave_mail(), feedback(), feedback("not-spam"), prose_bounce("550 5.1.1\n")]
    heap, told = Heap(*mails), list[str]()
    heap.mails = tuple(mails)
    read_inbox(_Named(heap), INBOX, Books(), now=NOW, tell=told.append)
    text = "\n".join(told)
    assert len(told) == len(mails)
    assert not any(word in text for word in ("@", READER, TOKEN, TAG, "far.example"))


class _Named:
    """A mailbox whose keys hold an address."""

    def __init__(self, heap: Heap) -> None:
        self.heap = heap

    def __iter__(self):
        yield from ((f"{READER}.{key}", raw) for key, raw in self.heap)

    def done(self, key: str) -> None:
        self.heap.done(key)


def test_a_mailbox_that_fails_midway_says_what_was_handled():
    """And the marks that were set are there."""

    class Failing(Heap):
        def __iter__(self):
            yield from super().__iter__()
            raise DeliveryError("the mailbox broke off")

    heap = Failing(leave_mail(), mail([("To", INBOX)]), dsn([group("5.1.1")]))
    with pytest.raises(DeliveryError) as told:
        read_inbox(heap, INBOX, Books(), now=NOW, tell=lambda _: None)
    assert str(told.value) == (
        "the mailbox broke off; 2 mails were handled (1 left, 1 bounced, 1 others) before that, "
        "which stays so: run inbox again for the rest"
    )
    assert heap.marked == ["0", "2"]


def test_a_mail_is_marked_only_after_the_books_have_it():
    """A crash between the two asks twice, and loses nothing."""

    class Crashing(Books):
        def leave(self, token: str, now: datetime) -> bool:
            raise RuntimeError

    heap = Heap(leave_mail())
    with pytest.raises(RuntimeError):
        read_inbox(heap, INBOX, Crashing(), now=NOW, tell=lambda _: None)
    assert heap.marked == []


# ---------------------------------------------------------------- hostile mails


def cheap(raw: bytes, most: int = 3000) -> object:
    """What a mail is, if that is known after at most so many calls."""
    meanings: list[object] = []
    assert calls(lambda: meanings.append(read_mail(raw, INBOX))) <= most
    return meanings[0]


REPORT = (
    f"Return-Path: <>\nTo: {bounce_address()}\n"
    "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
)


def test_parts_within_parts_are_not_followed():
    """4,000 of them, in 256 kB."""
    nested = "".join(
        f"--b{n}\nContent-Type: multipart/mixed; boundary=b{n + 1}\n\n" for n in range(4000)
    )
    bomb = REPORT.replace("boundary=b\n", "boundary=b0\n") + nested
    assert cheap(bomb.encode()) == Other()


def test_only_the_first_parts_are_looked_at():
    """A report behind 20 others is none, and 60,000 parts cost nothing."""
    part = "--b\n\nx\n"
    status = "--b\nContent-Type: message/delivery-status\n\n" + group("5.1.1")
    assert cheap((REPORT + part * 19 + status).encode()) == Bounce(TAG, True, "5.1.1")
    assert cheap((REPORT + part * 20 + status).encode()) == Other()
    assert cheap((REPORT + part * 60_000).encode()) == Other()


made_to_be_slow = pytest.mark.parametrize(
    "raw",
    [
        REPORT + "--b\nContent-Type: message/delivery-status\n\n" + "Action: failed\n\n" * 17_000,
        REPORT + "--b\nContent-Type: message/delivery-status\n\n" + "\n" * 250_000,
        REPORT + "--b" + " " * 250_000,
        REPORT + "\n--b \r" * 40_000,
        "a:\n" * 80_000,
        "a:" + "\n b" * 80_000,
        f"To: {'(' * 200_000}{leave_address()}",
        f"To: {'()' * 100_000}{leave_address()}",
        'To: "' + "\\" * 250_000,
        "To: " + '"" ' * 80_000,
        "To: " + "<" * 250_000,
        "To: " + "a@b," * 60_000,
        "Content-Type: multipart/report" + ';"' * 120_000,
        "Content-Type: multipart/report; " + "boundary*" + "9" * 100_000 + "*=x",
        f"To: {INBOX}\nSubject: " + "=?utf-8?Q?=20?= " * 15_000,
        f"To: {INBOX}\nSubject: " + "=?a?q?" * 40_000,
        f"To: {INBOX}\nSubject: leave " + " " * 200_000,
        f"To: {INBOX}\n\n" + "-" * 200_000,
        f"To: {INBOX}\n\n" + "on " * 80_000,
        f"To: {INBOX}\n\n" + "leave: a: " * 25_000,
        f"To: {INBOX}\n\n" + "paper+leave-" * 20_000,
        f"To: {INBOX}\nContent-Type: text/html\n\n" + "<p " * 80_000,
        f"To: {INBOX}\nContent-Type: text/html\n\n" + "&lt" * 80_000,
        "550 " * 60_000,
        "\n" * 250_000,
        "",
    ],
)


@made_to_be_slow
def test_mails_made_to_be_slow_cost_two_calls_a_byte_at_most(raw):
    """Each is about 256 kB of what some parser takes badly."""
    mail = raw.encode()[:262_144]
    assert isinstance(cheap(mail, 3000 + 2 * len(mail)), (Other, Ignored, Bounce))


@pytest.mark.clock
@made_to_be_slow
def test_mails_made_to_be_slow_are_read_within_a_second(raw):
    """No regular expression goes back and forth in them."""
    began = process_time()
    read_mail(raw.encode()[:262_144], INBOX)
    assert process_time() - began < 1


def test_only_the_beginning_of_a_long_subject_is_decoded(monkeypatch):
    """2,000 characters of 64,000: what follows is not looked at."""
    decoded = []

    def noted(text):
        decoded.append(text)
        return decode_header(text)

    monkeypatch.setattr(mime, "decode_header", noted)
    raw = f"To: {INBOX}\nSubject: {'=?utf-8?Q?=20?= ' * 4000}\n\n".encode()
    assert read_mail(raw, INBOX) == Other()
    assert [len(text) for text in decoded] == [2000]


def test_an_attachment_is_never_opened():
    """Not a zip, not an xml; not even where a report holds it."""
    zipped = "--b\nContent-Type: application/zip\n\nPK\x03\x04\n"
    entity = '--b\nContent-Type: text/xml\n\n<!DOCTYPE x [<!ENTITY a "aaaa">]>\n'
    assert cheap((REPORT + zipped + entity).encode()) == Other()


def test_only_the_beginning_of_a_large_mail_is_read():
    """A report beyond the first 256 kB is none."""
    head, rest = dsn([group("5.1.1")], prose="x" * 300_000).split(b"x" * 300_000)
    counts, heap, _ = read(head + b"x" * 300_000 + rest, head + b"x" * 200_000 + rest)
    assert (counts.others, counts.bounced, heap.marked) == (1, 1, ["1"])


def test_garbage_around_the_address_does_not_hide_it():
    """Headers of 8 bits without a charset, and lines that are no headers."""
    raw = b"\xff\xfe broken\nSubject: \xe4\xf6\xfc\nFrom: \x80\x81\n\x00\n" + leave_mail()
    assert read_mail(raw, INBOX) == Leave(TOKEN)


@given(st.binary(max_size=600), st.integers(0, 500), st.integers(0, 40))
def test_no_bytes_raise(noise, at, cut):
    """Random bytes, and reports with a hole of random bytes."""
    for raw in (noise, dsn([group("5.1.1")], server=SERVERS[1]), feedback()):
        read_mail(raw[:at] + noise + raw[at + cut :], INBOX)


def test_the_generated_mails_are_what_they_say():
    """The parser of Python's own email package agrees on their parts."""
    from email import message_from_bytes

    for what, raw, _ in bounces():
        parsed = message_from_bytes(raw)
        assert parsed.get_content_type() == "multipart/report", what
        assert len(parsed.get_payload()) == 3, what
        assert not parsed.defects, what
    assert len(PROSE) == 3
