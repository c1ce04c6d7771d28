"""Where mails come from: a Maildir into which others deliver, and an IMAP server that may fail."""

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from fake_imap import PASSWORD, USER, FakeImap
from inbound import INBOX, TAG, TOKEN, dsn, feedback, group, leave_mail, mail
from sundaypaper.delivery.inbox import InboxCounts, open_mailbox, read_inbox
from sundaypaper.delivery.inbox.imap import Imap, quoted, utf7
from sundaypaper.delivery.inbox.loop import LIMIT
from sundaypaper.delivery.settings import InboxEntry, ServerEntry
from sundaypaper.errors import DeliveryError
from test_inbox import Books

NOW = datetime(2026, 3, 9, 6, tzinfo=UTC)
LETTER = mail([("To", INBOX), ("Subject", "Hello")])
MAILS = [leave_mail(), dsn([group("5.1.1")]), LETTER, feedback()]


def read(mailbox, books: Books | None = None) -> InboxCounts:
    """Read an inbox that is open."""
    return read_inbox(mailbox, INBOX, books or Books(), now=NOW, tell=lambda _: None)


# ---------------------------------------------------------------- Maildir


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty Maildir."""
    for name in ("new", "cur", "tmp"):
        (tmp_path / "mails" / name).mkdir(parents=True)
    return tmp_path / "mails"


def deliver(folder: Path, raw: bytes, name: str, place: str = "new") -> None:
    """Put a mail there as a server does: written in tmp/, then moved."""
    (folder / "tmp" / name).write_bytes(raw)
    (folder / "tmp" / name).rename(folder / place / name)


def maildir(folder: Path):
    """The Maildir as feeds.yaml would name it."""
    return open_mailbox(InboxEntry("maildir", folder=str(folder)), {})


def names(folder: Path) -> dict[str, list[str]]:
    """What lies where."""
    return {place: sorted(os.listdir(folder / place)) for place in ("new", "cur")}


def test_handled_mails_are_moved_and_marked_and_the_others_stay_as_they_are(folder):
    """new/ to cur/ with the flag S, which is what "read" is in a Maildir."""
    for number, raw in enumerate(MAILS):
        deliver(folder, raw, f"170000000{number}.M1P1.host")
    with maildir(folder) as box:
        counts = read(box)
    assert counts == InboxCounts(left=1, bounced=1, complained=1, others=1)
    assert names(folder) == {
        "new": ["1700000002.M1P1.host"],
        "cur": [f"170000000{n}.M1P1.host:2,S" for n in (0, 1, 3)],
    }
    assert (folder / "new" / "1700000002.M1P1.host").read_bytes() == LETTER


def test_a_second_reading_finds_only_what_is_left(folder):
    """Nothing is acted upon twice."""
    for number, raw in enumerate(MAILS):
        deliver(folder, raw, f"170000000{number}.M1P1.host")
    books = Books()
    for expected in (4, 1):
        with maildir(folder) as box:
            counts = read(box, books)
        assert counts.handled() + counts.others == expected
    assert len(books.asked) == 3


def test_unread_mails_that_a_mail_program_has_moved_are_read_too(folder):
    """cur/ without S is unread; with S it was read, with T it is thrown away."""
    for flags in ("", "F", "S", "FS", "T"):
        deliver(folder, leave_mail(), f"17000{flags or '0'}.host:2,{flags}", "cur")
    with maildir(folder) as box:
        counts = read(box)
    assert counts.left == 2
    assert names(folder)["cur"] == [
        "170000.host:2,S",
        "17000F.host:2,FS",
        "17000FS.host:2,FS",
        "17000S.host:2,S",
        "17000T.host:2,T",
    ]


def test_mails_that_arrive_or_vanish_meanwhile_disturb_nothing(folder):
    """The new one waits for the next reading, the one that somebody took is theirs."""
    for number in range(6):
        deliver(folder, leave_mail(), f"17000000{number}.host")

    class Busy(Books):
        def leave(self, token: str, now: datetime) -> bool:
            deliver(folder, leave_mail(), "1800000000.host")
            (folder / "new" / "170000000.host").rename(folder / "cur" / "170000000.host:2,RS")
            (folder / "new" / "170000003.host").unlink()
            return True

    with maildir(folder) as box:
        counts = read(box, Busy())
    assert counts == InboxCounts(left=5)
    assert names(folder)["new"] == ["1800000000.host"]
    assert "170000000.host:2,RS" in names(folder)["cur"]


def test_only_the_first_quarter_of_a_megabyte_is_read_from_disk(folder):
    """However large a mail is."""
    deliver(folder, leave_mail() + b"x" * 3_000_000, "1700000000.host")
    with maildir(folder) as box:
        assert [len(raw or b"") for _, raw in box] == [262_144]


def test_links_pipes_and_folders_are_no_mails(folder, tmp_path):
    """A link is not followed, and nobody waits for the other end of a pipe."""
    (tmp_path / "secret").write_bytes(leave_mail())
    (folder / "new" / "1.link").symlink_to(tmp_path / "secret")
    os.mkfifo(folder / "new" / "2.pipe")
    (folder / "new" / "3.folder").mkdir()
    deliver(folder, leave_mail(), "4.host")
    deliver(folder, leave_mail(), ".hidden")
    books = Books()
    with maildir(folder) as box:
        counts = read(box, books)
    assert counts == InboxCounts(left=1, failed=3)
    assert (folder / "new" / "1.link").is_symlink()


def test_a_folder_that_is_no_maildir_is_told_before_anything_else(tmp_path):
    """With what to do."""
    with (
        pytest.raises(DeliveryError, match=r"no folder new; point inbox\.folder"),
        maildir(tmp_path),
    ):
        pass
    with pytest.raises(DeliveryError, match="needs a folder"):
        open_mailbox(InboxEntry("maildir"), {})


def test_a_mail_that_cannot_be_marked_stops_the_reading(folder):
    """Otherwise each run would read it again, and nobody would know."""
    deliver(folder, leave_mail(), "1700000000.host")
    with maildir(folder) as box:
        shutil.rmtree(folder / "cur")
        (folder / "cur").write_text("")
        box._names = lambda place: ["new/1700000000.host"] if place == "new" else []
        with pytest.raises(DeliveryError, match="cannot be marked as read: Not a directory"):
            read(box)


# ---------------------------------------------------------------- IMAP


def imap(server: FakeImap, tls="none", *, box="INBOX", password=PASSWORD, **more) -> Imap:
    """The mailbox on that server."""
    where = ServerEntry("127.0.0.1", server.port, tls, USER, "IMAP_PASSWORD")
    spec = InboxEntry("imap", server=where, mailbox=box)
    return Imap(spec, {"IMAP_PASSWORD": password}, LIMIT, **more)


@pytest.mark.parametrize("uid_last", [False, True])
def test_handled_mails_are_marked_as_seen_on_the_server_and_the_others_are_not(uid_last):
    """By their UID, whose place in the answer is the server's choice; only unread ones are read."""
    mails = [*MAILS, leave_mail()]
    with FakeImap(mails, seen={1}, deleted={5}, uid_last=uid_last) as server:
        with imap(server) as box:
            counts = read(box)
        assert counts == InboxCounts(bounced=1, complained=1, others=1)
        assert server.seen == {1, 2, 4}
        assert server.asked[-1] == "LOGOUT"
        assert not any("DELETE" in one.replace("UNDELETED", "") for one in server.asked)


def test_mails_are_fetched_without_marking_and_only_their_beginning():
    """PEEK, and 256 kB."""
    with FakeImap([leave_mail() + b"x" * 400_000]) as server, imap(server) as box:
        assert [(key, len(raw or b"")) for key, raw in box] == [("1", 262_144)]
        assert "UID FETCH 1 (UID BODY.PEEK[]<0.262144>)" in server.asked


def test_many_mails_are_fetched_some_at_a_time_and_those_that_vanish_are_passed():
    """40 of them, one of which somebody expunged."""
    with FakeImap([leave_mail()] * 40, gone={17}) as server, imap(server) as box:
        assert read(box).left == 39
        assert sum(one.startswith("UID FETCH") for one in server.asked) == 3


def test_a_mail_that_the_server_cannot_show_costs_no_other():
    """It is told each time and left; the nineteen beside it are read."""
    with FakeImap([leave_mail()] * 20, damaged={3}) as server, imap(server) as box:
        counts = read(box)
        assert (counts.left, counts.failed) == (19, 1)
        assert server.seen == set(range(1, 21)) - {3}


def test_a_server_that_hangs_up_midway_leaves_what_was_handled_handled():
    """The error says how much that was, and who it was."""
    with FakeImap([leave_mail()] * 10, stores=3) as server:
        with pytest.raises(DeliveryError) as told, imap(server) as box:
            read(box)
        assert server.seen == {1, 2, 3}
    text = str(told.value)
    assert f"the IMAP server 127.0.0.1:{server.port} did not mark a mail as read" in text
    assert "4 mails were handled (4 left) before that" in text


@pytest.mark.parametrize(
    ("knobs", "more", "words"),
    [
        ({}, {"password": "not-it"}, "refused the user or the password; check inbox.server.user"),
        ({}, {"password": ""}, "the environment variable IMAP_PASSWORD is not set"),
        ({}, {"box": "Nowhere"}, "does not open the mailbox Nowhere"),
        ({"read_only": True}, {}, "does not open the mailbox INBOX for reading and marking"),
        ({"refuse_store": True}, {}, "did not mark a mail as read: not allowed for <address>"),
        ({"capabilities": "IMAP4rev1 LOGINDISABLED"}, {}, "takes no password on a connection"),
        ({"announce": 10**15}, {}, "announced 1000000000000000 bytes where 1000000 are the most"),
        ({"dumb": True}, {"timeout": 0.2}, "cannot be reached: no answer within 0.2 seconds"),
        ({"dumb": True}, {"tls": "tls", "timeout": 0.2}, "no answer within 0.2 seconds"),
        ({}, {"tls": "starttls"}, "cannot be reached: TLS not supported by server"),
        ({}, {"tls": "tls", "timeout": 2}, "cannot be reached"),
    ],
)
def test_every_failure_is_a_sentence_without_password_or_address(knobs, more, words):
    """It names the server and what to do."""
    with FakeImap(MAILS[:1], **knobs) as server:
        with pytest.raises(DeliveryError) as told, imap(server, **more) as box:
            read(box)
        assert more.get("password") != "" or not server.asked
    text = str(told.value)
    assert words in text
    assert f"127.0.0.1:{server.port}" in text
    cause: BaseException | None = told.value
    while cause:
        assert not any(secret in str(cause) for secret in (PASSWORD, "not-it", USER, "@"))
        cause = cause.__cause__


def test_a_server_that_is_not_there_is_a_sentence():
    """With the place where it is named."""
    with FakeImap([]) as server:
        box = imap(server)
    with pytest.raises(DeliveryError, match=r"cannot be reached: .* check host, port and tls"), box:
        pass


def test_a_password_of_any_characters_is_taken_and_a_plain_login_quotes_it():
    """AUTHENTICATE PLAIN where it is offered; LOGIN only takes ASCII, and says so."""
    with FakeImap([], capabilities="IMAP4rev1") as server:
        with imap(server) as box:
            assert read(box) == InboxCounts()
        with (
            pytest.raises(DeliveryError, match="refused the user"),
            imap(server, password="schlüssel"),
        ):
            pass
        with (
            pytest.raises(DeliveryError, match="refused the user"),
            imap(server, password="a\r\nb"),
        ):
            pass
        assert sum(one.startswith("LOGIN") for one in server.asked) == 1


def test_mailboxes_have_the_names_that_people_gave_them():
    """Modified UTF-7, quotes and backslashes."""
    assert utf7("Müll & mehr") == "M&APw-ll &- mehr"
    assert quoted('a "b" \\c') == r'"a \"b\" \\c"'
    with FakeImap([leave_mail()]) as server, imap(server, box="Müll") as box:
        assert read(box).left == 1


def test_a_full_mailbox_is_asked_for_in_windows(monkeypatch):
    """One answer is one line, and a line has its most."""
    monkeypatch.setattr("sundaypaper.delivery.inbox.imap.WINDOW", 4)
    with FakeImap([LETTER] * 10) as server, imap(server) as box:
        assert read(box).others == 10
        assert sum(one.startswith("UID SEARCH") for one in server.asked) == 3


def test_feeds_yaml_decides_which_mailbox_it_is(tmp_path):
    """open_mailbox makes either, and an IMAP one without a server is refused."""
    spec = InboxEntry("imap", server=ServerEntry("imap.lab.example", 993, "tls"))
    assert isinstance(open_mailbox(spec, {}), Imap)
    with pytest.raises(DeliveryError, match="needs a server"):
        open_mailbox(InboxEntry("imap"), {})


# ---------------------------------------------------------------- TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> Path:
    """A key and a certificate for 127.0.0.1, in one file."""
    if not shutil.which("openssl"):
        pytest.skip("needs openssl to make a certificate")
    where = tmp_path_factory.mktemp("tls")
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=lab -keyout key -out crt"
    alternative = ["-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*command.split(), *alternative], cwd=where, check=True, capture_output=True)
    both = where / "both.pem"
    both.write_bytes((where / "key").read_bytes() + (where / "crt").read_bytes())
    return both


def serving(certificate: Path) -> ssl.SSLContext:
    """What the server shows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.mark.parametrize("kind", ["tls", "starttls"])
def test_mails_are_read_over_tls_where_the_certificate_is_trusted(certificate, kind):
    """And the password is said only after TLS is up."""
    with FakeImap(MAILS, **cast(Any, {kind: serving(certificate)})) as server:
        trust = lambda: ssl.create_default_context(cafile=str(certificate))  # noqa: E731
        with imap(server, kind, certificates=trust) as box:
            assert read(box).handled() == 3
        asked = [one.split()[0] for one in server.asked]
        assert kind == "tls" or asked.index("STARTTLS") < asked.index("AUTHENTICATE")


@pytest.mark.parametrize("kind", ["tls", "starttls"])
def test_a_certificate_that_nobody_vouches_for_is_refused(certificate, kind):
    """Nothing is said to that server, least of all the password."""
    with FakeImap(MAILS, **cast(Any, {kind: serving(certificate)})) as server:
        with (
            pytest.raises(DeliveryError, match="its certificate is not trusted"),
            imap(server, kind),
        ):
            pass
        assert not any(one.startswith(("AUTHENTICATE", "LOGIN")) for one in server.asked)


def test_what_the_fakes_know_is_what_the_books_know():
    """The mails above carry the token and the tag of the one reader."""
    assert {TOKEN, TAG} == set(Books().known)
