"""Lists of people as spreadsheets and other newsletters write them: nobody is guessed at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sundaypaper.delivery import (
    People,
    Readers,
    Row,
    import_rows,
    list_files,
    read_people,
    sync_group,
)
from sundaypaper.errors import DeliveryError

LISTS = Path(__file__).parent / "data" / "lists"
NOW = datetime(2026, 3, 8, 12, tzinfo=UTC)
ADDED, BAD, GONE, NOTE = "added", "bad", "not subscribed", "note"


@pytest.fixture(scope="module")
def readers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Readers]:
    """One readers.db for all lists; each test takes back what it wrote."""
    made = iter(range(1, 100_000))
    path = tmp_path_factory.mktemp("lists") / "readers.db"
    with Readers(path, lambda size: next(made).to_bytes(size, "big")) as kept:
        yield kept


def taken(readers: Readers, raw: bytes) -> tuple[list[str], list[str], list[str]]:
    """What becomes of a list: the outcomes, what is told, and `address filter` of those added."""
    with readers.rehearsing():
        outcomes = import_rows(readers, read_people(raw, "list.csv"), "a list", NOW)
        people = [f"{one.address} {one.filter}".strip() for one in readers.subscribers()]
    assert not any(re.search(r"\w@|@\w", outcome.told) for outcome in outcomes)
    return [one.what for one in outcomes], [one.told for one in outcomes], people


# The right values of the thirty inputs, by hand.
THIRTY = [
    ("01-email-header.csv", [NOTE, ADDED, ADDED], ["ann@lab.example", "bob@lab.example"]),
    ("02-Email-caps-header.csv", [NOTE, ADDED], ["ann2@lab.example"]),
    ("03-bom-address.csv", [ADDED], ["ann3@lab.example topic:vision"]),
    ("04-bom-quoted.csv", [ADDED], ["ann4@lab.example topic:vision"]),
    ("05-semicolon.csv", [ADDED], ["ann5@lab.example topic:vision"]),
    (
        "06-semicolon-noheader.csv",
        [ADDED, ADDED],
        ["ann6@lab.example topic:vision", "bob6@lab.example"],
    ),
    ("07-tab.tsv", [ADDED], ["ann7@lab.example topic:vision"]),
    ("08-cp1252.csv", [NOTE, BAD], []),
    ("09-utf16.csv", [ADDED], ["ann9@lab.example topic:vision"]),
    ("10-dups.csv", [ADDED, BAD, BAD], ["Ann10@lab.example topic:vision"]),
    ("11-display-name.csv", [ADDED, ADDED], ["ann11@lab.example", "bob11@lab.example"]),
    ("12-mailto.csv", [ADDED], ["ann12@lab.example"]),
    (
        "13-trailing-commas.csv",
        [ADDED, ADDED],
        ["ann13@lab.example topic:vision", "bob13@lab.example"],
    ),
    ("14-blank-first-line.csv", [ADDED], ["ann14@lab.example topic:vision"]),
    ("15-sep-line.csv", [ADDED], ["ann15@lab.example topic:vision"]),
    ("16-cr-only.csv", [ADDED, ADDED], ["ann16@lab.example topic:vision", "bob16@lab.example"]),
    (
        "17-nbsp-zwsp.csv",
        [ADDED] * 3,
        ["ann17@lab.example", "bob17@lab.example", "cid17@lab.example"],
    ),
    ("18-trailing-dot.csv", [ADDED, BAD, BAD], ["ann18@lab.example"]),
    ("19-idn.csv", [ADDED, "there already", BAD], ["ann19@xn--mller-kva.example"]),
    ("20-smtputf8.csv", [BAD, BAD], []),
    ("21-quoted-local.csv", [BAD, BAD, BAD], []),
    ("22-formula.csv", [BAD], []),
    ("23-list-of-names-first.csv", [NOTE, ADDED], ["ann23@lab.example"]),
    ("24-newline-in-quotes.csv", [ADDED], ["ann24@lab.example topic:vision OR topic:robotics"]),
    ("25-listmonk-export.csv", [NOTE, ADDED, GONE], ["ann25@lab.example"]),
    ("26-mailchimp-export.csv", [NOTE, ADDED], ["ann26@lab.example"]),
    ("27-mailman-list.txt", [ADDED, ADDED], ["ann27@lab.example", "bob27@lab.example"]),
    ("28-only-unsub.csv", [BAD], []),
    ("29-filter-unquoted-comma.csv", [BAD], []),
    ("30-E-Mail.csv", [NOTE, ADDED], ["ann30@lab.example"]),
]


@pytest.mark.parametrize(("file", "outcomes", "people"), THIRTY, ids=[one[0] for one in THIRTY])
def test_thirty_lists_are_taken_as_they_are_meant(
    readers: Readers, file: str, outcomes: list[str], people: list[str]
) -> None:
    """Who is added and with which filter, line by line; what is not taken is told."""
    whats, told, added = taken(readers, (LISTS / file).read_bytes())
    assert (whats, added) == (outcomes, people)
    assert all(line.startswith("list.csv:") for line in told)


ANN = "ann@lab.example"
EXPORTS = {
    "mailchimp, cleaned": (
        '"Email Address","First Name","CLEAN_TIME","CLEAN_CAMPAIGN_TITLE"\n'
        f'{ANN},Ann,,\nbob@lab.example,Bob,"2026-01-02 10:00:00","Week 1"\n',
        [NOTE, ADDED, GONE],
    ),
    "mailchimp, unsubscribed": (
        "Email Address,UNSUB_TIME,UNSUB_REASON\n"
        f"{ANN},,\nbob@lab.example,2026-01-02,SPAM_COMPLAINT\n",
        [ADDED, GONE],
    ),
    "substack": (
        "email,active_subscription,expiry,plan,email_disabled,created_at\n"
        f"{ANN},false,,other,false,2026-01-01\nbob@lab.example,true,,yearly,true,2026-01-01\n",
        [NOTE, ADDED, GONE],
    ),
    "buttondown": (
        "email,notes,tags,subscriber_type,source\n"
        f"{ANN},,,regular,api\nbob@lab.example,,,unsubscribed,api\n"
        "cid@lab.example,,,unactivated,api\ndan@lab.example,,,undeliverable,api\n",
        [NOTE, ADDED, GONE, GONE, GONE],
    ),
    "ghost": (
        "id,email,name,note,subscribed_to_emails,complimentary_plan,created_at,deleted_at\n"
        f"1,{ANN},Ann,,true,false,2026-01-01,\n2,bob@lab.example,Bob,,false,false,2026-01-01,\n"
        "3,cid@lab.example,Cid,,true,false,2026-01-01,2026-02-01\n",
        [NOTE, ADDED, GONE, GONE],
    ),
    "listmonk, a list's": (
        "uuid,email,name,status,subscription_status\n"
        f"0,{ANN},Ann,enabled,confirmed\n1,bob@lab.example,Bob,enabled,unsubscribed\n"
        "2,cid@lab.example,Cid,disabled,confirmed\n",
        [NOTE, ADDED, GONE, GONE],
    ),
    "phplist": (
        f"email\tconfirmed\tblacklisted\thtmlemail\n{ANN}\t1\t0\t1\nbob@lab.example\t0\t0\t1\n"
        "cid@lab.example\t1\t1\t1\n",
        [NOTE, ADDED, GONE, GONE],
    ),
    "phplist, its export": (
        "ID\tEmail\tIs the subscriber confirmed\tIs the subscriber blacklisted\tBounce count\n"
        f"1\t{ANN}\t1\t0\t1\n2\tbob@lab.example\t0\t0\t0\n3\tcid@lab.example\t1\t1\t0\n",
        [NOTE, ADDED, GONE, GONE],
    ),
    "brevo": (
        "CONTACT ID,EMAIL,FIRSTNAME,EMAIL_BLACKLISTED,SMS_BLACKLISTED,UNSUBSCRIBE_URL\n"
        f"1,{ANN},Ann,FALSE,TRUE,1\n2,bob@lab.example,Bob,TRUE,FALSE,1\n",
        [NOTE, ADDED, GONE],
    ),
    "joined words": (f"displayName,userEmail\nAnn,{ANN}\n", [NOTE, ADDED]),
    "salesforce": (
        f"Id,FirstName,Email,HasOptedOutOfEmail\n1,Ann,{ANN},false\n2,Bob,bob@lab.example,true\n",
        [NOTE, ADDED, GONE],
    ),
    "hubspot": (
        "Record ID,Email,Unsubscribed from all email,Marketing contact status\n"
        f"1,{ANN},,Marketing contact\n2,bob@lab.example,Yes,Non-marketing contact\n",
        [NOTE, ADDED, GONE],
    ),
    "google groups": (
        "Members for lab-list\nEmail address,Nickname,Group status,Email status,Email preference\n"
        f"{ANN},Ann,member,,email\nbob@lab.example,Bob,member,Bouncing,email\n"
        "cid@lab.example,Cid,member,,No email\ndan@lab.example,Dan,banned,,email\n",
        [NOTE, NOTE, ADDED, GONE, GONE, GONE],
    ),
    "google contacts": (
        "First Name,Last Name,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value\n"
        f"Ann,Lee,* Work,{ANN},,\nBob,Li,,bob@lab.example,Home,bobby@lab.example\n",
        [NOTE, ADDED, ADDED],
    ),
    "outlook": (
        '"First Name","E-mail Address","E-mail Type","E-mail Display Name","E-mail 2 Address"\r\n'
        f'"Ann","{ANN}","SMTP","Ann Lee ({ANN})",""\r\n',
        [NOTE, ADDED],
    ),
    "outlook, german": (f"Vorname;Nachname;E-Mail-Adresse\r\nAnn;Lee;{ANN}\r\n", [NOTE, ADDED]),
    "thunderbird": (
        f"First Name,Display Name,Primary Email,Secondary Email\nAnn,Ann Lee,{ANN},\n",
        [NOTE, ADDED],
    ),
    "french": (f"Nom;Adresse électronique\nAnn;{ANN}\n", [NOTE, ADDED]),
    "spanish": (f"Nombre,Correo electrónico,Estado\nAnn,{ANN},Dado de baja\n", [NOTE, GONE]),
    "chinese": (f"姓名,邮箱\nAnn,{ANN}\n", [NOTE, ADDED]),
    "a customer's street": (f"Name,Address,Email\nAnn,1 Main Street,{ANN}\n", [NOTE, ADDED]),
    "a form": (f"Timestamp,Your email (required),Email format\n2026,{ANN},html\n", [NOTE, ADDED]),
    "swedish": (f"Namn;E-mailadress\nAnn;{ANN}\n", [NOTE, ADDED]),
    "google workspace": (
        f"Group Email [Required],Member Email,Member Role\nlab@g.example,{ANN},MEMBER\n",
        [NOTE, ADDED],
    ),
    "mailerlite": (f"Subscriber,Status\n{ANN},Active\nbob@lab.example,Junk\n", [ADDED, GONE]),
    "opted out": (f"Email,Opted Out\n{ANN},No\nbob@lab.example,Yes\n", [ADDED, GONE]),
    "a person's words": (
        f"email,Marketing Consent\n{ANN},yes\nbob@lab.example,No\n",
        [ADDED, GONE],
    ),
    "pipes": (f"name|mail\nAnn|{ANN}\n", [NOTE, ADDED]),
    "sep= tab": (f"sep=\t\nMail\tName\n{ANN}\tAnn\n", [NOTE, ADDED]),
    "sep= and CR": (f"sep=;\rMail;Name\r{ANN};Ann\r", [NOTE, ADDED]),
    "a roster": (
        f'Ann Lee <{ANN}>\n"Lee, Bob" <bob@lab.example>\nLi, Cid <cid@lab.example>\n'
        "dan@lab.example (Dan)\n<eve@lab.example>\n# gone since spring\n",
        [ADDED] * 5,
    ),
    "marks of direction": (f"email\n\u202a{ANN}\u202c\n'bob@lab.example'\n", [ADDED, ADDED]),
    "mailto with a subject": (f"email\nMAILTO:{ANN}?subject=hi\n", [ADDED]),
    "a name with a line break": (
        f'name,email\n"Ann\nLee",{ANN}\nbob,bob@lab.example',
        [NOTE, ADDED, ADDED],
    ),
    "a name with U+2028": (f"name,email\nAnn\u2028Lee,{ANN}\n", [NOTE, ADDED]),
}


@pytest.mark.parametrize("name", EXPORTS)
def test_exports_of_other_programs_are_read_by_the_names_of_their_columns(
    readers: Readers, name: str
) -> None:
    """No name becomes a filter, and nobody who left there is written to from here."""
    text, outcomes = EXPORTS[name]
    whats, _, people = taken(readers, text.encode())
    assert whats == outcomes
    assert people[:1] == ([ANN] if ADDED in outcomes else [])
    assert not any(" " in one for one in people)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
def test_any_unicode_that_excel_writes_is_read(readers: Readers, encoding: str) -> None:
    """With a mark in front or without one."""
    text = f"Name\tE-Mail\r\nMüller\t{ANN}\r\nLi\tbob@lab.example\r\n"
    assert taken(readers, text.encode(encoding))[2] == [ANN, "bob@lab.example"]


def test_of_a_list_in_an_unknown_encoding_plain_lines_are_taken(readers: Readers) -> None:
    """A name in Windows-1252 harms nobody; an address or a filter in it might be another one."""
    raw = f"Name;E-Mail;filter\nMüller;{ANN};\nLi;bob@müller.example;\nLi;cid@lab.example;Müller\n"
    whats, told, people = taken(readers, raw.encode("cp1252"))
    assert (whats, people) == ([NOTE, NOTE, ADDED, BAD, BAD], [ANN])
    assert told[3].startswith("list.csv:3: the file is not UTF-8")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name,city\nAnn,Rome\n", "list.csv:1: no column is named address or email"),
        ("\n\nadress\nann@lab.example\n", "list.csv:3: no column is named address"),
        ("Email,E-mail\na@lab.example,b@lab.example\n", "list.csv:1: columns 1 and 2 may both"),
        ("address,filter,filter\n", "list.csv:1: column 3 is named twice: filter"),
        ("email,filtr\nann@lab.example,topic:nlp\n", "list.csv:1: .* did you mean filter"),
        ("email,Filters\nann@lab.example,topic:nlp\n", "list.csv:1: .* did you mean filter"),
    ],
)
def test_a_first_line_that_leaves_a_doubt_stops_with_its_line(text: str, told: str) -> None:
    """It never turns into somebody's address or filter."""
    with pytest.raises(DeliveryError, match=told):
        read_people(text.encode(), "list.csv")


def test_without_a_header_mere_words_are_no_filter(readers: Readers) -> None:
    """`ann@…,Ann Lee` is a person; a second column that asks for a field is a filter."""
    text = f"{ANN},Ann Lee\nbob@lab.example,Vision\ncid@lab.example,topic:vision\n"
    whats, told, people = taken(readers, text.encode())
    assert (whats, people) == ([BAD, BAD, ADDED], ["cid@lab.example topic:vision"])
    assert "put the line address,filter above the list" in told[0]


def test_what_a_column_is_named_is_read_once_and_not_for_each_person(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A list of many columns and people takes no longer than its cells do."""

    read: list[str] = []

    def counted(name: str) -> None:
        before = getattr(list_files, name)

        def seen(text: str) -> str:
            read.append(text)
            return str(before(text))

        monkeypatch.setattr(list_files, name, seen)

    def readings(people: int) -> int:
        read.clear()
        list_files.read_people(b"email,Colour\n" + b"a@lab.example,red\n" * people, "l.csv")
        return read.count("Colour")

    counted("fold")
    counted("clean")
    assert readings(3) == readings(30)


def test_columns_that_are_not_used_are_named(readers: Readers) -> None:
    """So that nobody believes in a column `topics`; those that say who is gone were used."""
    told = taken(readers, f"email,name,topics,status\n{ANN},Ann,vision,active\n".encode())[1]
    assert told[0] == "list.csv:1: columns that are not used: name, topics"


def test_a_quote_that_is_never_closed_says_that_nothing_after_it_was_read(readers: Readers) -> None:
    """What a list holds behind it is not lost in silence."""
    whats, told, people = taken(
        readers, f'email\n{ANN}\n"bob@lab.example\ncid@lab.example\n'.encode()
    )
    assert (whats, people) == ([ADDED, BAD], [ANN])
    assert told[1] == (
        "list.csv:3: unreadable: is a quote never closed? Nothing that follows it was read"
    )


def test_who_is_marked_in_one_line_is_added_by_none(readers: Readers) -> None:
    """Whichever of the two comes first."""
    text = f"email,status\n{ANN},active\n{ANN.upper()},unsubscribed\n"
    whats, told, people = taken(readers, text.encode())
    assert (whats, people) == ([GONE, GONE], [])
    assert told[0] == "list.csv:2: not added: status is “unsubscribed” (list.csv:3)"


def test_a_second_line_that_says_the_same_is_no_mistake(readers: Readers) -> None:
    """Two lists put together hold people twice; another wish is told with its place."""
    line = f"{ANN},topic:nlp\n"
    whats, told, _ = taken(readers, f"address,filter\n{line}{line}{ANN},topic:vision\n".encode())
    assert whats == [ADDED, "there already", BAD]
    assert told[2].startswith("list.csv:4: listed before, at list.csv:2, with another wish")


def test_a_subscriber_keeps_a_wish_of_their_own_and_the_import_says_so(readers: Readers) -> None:
    """The filter of the line is not dropped in silence."""
    with readers.rehearsing():
        readers.add(ANN, filter="topic:nlp", consent="asked", now=NOW)
        people = read_people(f"address,filter\n{ANN},topic:vision\n".encode(), "list.csv")
        (outcome,) = import_rows(readers, people, "a list", NOW)
        assert readers.subscribers()[0].filter == "topic:nlp"
    assert outcome.what == "kept"
    assert "keeps a wish that is not this one" in outcome.told


def test_a_member_who_is_marked_leaves_the_group(readers: Readers) -> None:
    """As one who is not listed any more, and may come back."""
    listed = People((Row("a:1", ANN), Row("a:2", "bob@lab.example")))
    marked = People((Row("a:1", ANN, marked="status is “unsubscribed”"), listed.rows[1]))
    with readers.rehearsing():
        sync_group(readers, listed, NOW)
        whats = [one.what for one in sync_group(readers, marked, NOW)]
        assert whats == [GONE, "there already", "left"]
        assert [one.address for one in readers.receiving(NOW.date())] == ["bob@lab.example"]
        assert [one.what for one in sync_group(readers, listed, NOW)] == [ADDED, "there already"]


@pytest.mark.parametrize(
    ("filter", "kept"),
    [
        ("topic:vision\r\n OR\u00a0topic:nlp", "topic:vision OR topic:nlp"),
        ("\ufefftopic:\u200bvision\u202c", "topic:vision"),
        ("نمی\u200cخواهم", "نمی\u200cخواهم"),
    ],
)
def test_a_filter_is_kept_as_one_line(readers: Readers, filter: str, kept: str) -> None:
    """What copying brings along goes; what belongs to words of a language stays."""
    with readers.rehearsing():
        assert readers.add(ANN, filter=filter, consent="x", now=NOW).subscriber.filter == kept


@pytest.mark.parametrize(
    "filter", ["bob@lab.example", "Bob Li <bob@lab.example>", "and bob@lab.example too"]
)
def test_an_address_among_the_words_of_a_filter_is_told_and_not_shown(
    readers: Readers, filter: str
) -> None:
    """Two people on one line: the second would be a wish, and whoever lists subscribers would see it."""
    with pytest.raises(DeliveryError, match="looks like an address in the filter") as bad:
        readers.add(ANN, filter=filter, consent="x", now=NOW)
    assert "bob" not in str(bad.value)


@pytest.mark.parametrize("filter", ["\x1b[2Jtopic:nlp", "a\x00b", "=1+2", "#NAME?", "#REF!"])
def test_what_nobody_can_have_meant_is_no_filter(readers: Readers, filter: str) -> None:
    """Control characters, formulas of a spreadsheet and its errors; the message shows none of it."""
    with pytest.raises(DeliveryError, match="the filter") as bad:
        readers.add(ANN, filter=filter, consent="x", now=NOW)
    assert str(bad.value).isprintable()
