"""readers.db: who gets the paper, what they agreed to, who is never written to again."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from sundaypaper import addresses, delivery
from sundaypaper.database import sqlite3
from sundaypaper.delivery import Outbox, Readers, import_rows, read_people, sync_group
from sundaypaper.delivery import tables as delivery_tables
from sundaypaper.errors import DeliveryError, QueryError, StoreError
from sundaypaper.models import Subscriber

NOW = datetime(2026, 3, 8, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=30)
ADA, BOB = "ada@lab.example", "bob@lab.example"


def numbered() -> Callable[[int], bytes]:
    """Randomness that never repeats and is the same in every test."""
    made = iter(range(1, 1_000_000))
    return lambda size: next(made).to_bytes(size, "big")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the readers lie."""
    return tmp_path / "readers.db"


@pytest.fixture
def readers(path: Path) -> Iterator[Readers]:
    """A fresh readers.db."""
    with Readers(path, numbered()) as kept:
        yield kept


def add(readers: Readers, address: str = ADA, **more: object) -> Subscriber:
    """Somebody who asked for the mail."""
    return readers.add(address, consent="asked by mail", now=NOW, **more).subscriber  # type: ignore[arg-type]


def consents(readers: Readers, address: str = ADA) -> list[tuple[str, str]]:
    """Kind and text of what is recorded about somebody."""
    return [(c["kind"], c["text"]) for c in readers.export(address)["consents"]]


def outcomes(readers: Readers, text: str) -> list[str]:
    """What an import of a CSV says of its lines."""
    rows = read_people(text.encode(), "people.csv")
    return [o.told for o in import_rows(readers, rows, "lab list, 2026-11", NOW)]


def sync(readers: Readers, text: str) -> list[str]:
    """What the known group becomes."""
    rows = read_people(text.encode(), "group.csv")
    return [o.what for o in sync_group(readers, rows, NOW)]


# ---------------------------------------------------------------- coming, changing, leaving


def test_whoever_is_added_is_confirmed_and_why_is_recorded(readers: Readers) -> None:
    """One row with a token of 26 letters, and one consent."""
    ada = add(readers, filter=" topic:vision ", edition="vision", empty="skip")
    assert (ada.filter, ada.edition, ada.empty) == ("topic:vision", "vision", "skip")
    assert ada.state == "confirmed"
    assert len(ada.token) == 26
    assert set(ada.token) <= set("abcdefghijklmnopqrstuvwxyz234567")
    assert readers.find(ada.token) == readers.find(ada.id) == readers.find_address(ADA) == ada
    assert consents(readers) == [("given", "asked by mail")]


def test_the_token_holds_128_bits_of_the_randomness_that_came_in(path: Path) -> None:
    """16 bytes in base32, nothing of ours in it."""
    with Readers(path, lambda size: b"\xff" * size) as readers:
        assert add(readers).token == "7" * 25 + "4"


@pytest.mark.parametrize("filter", [BOB, " Bob@Lab.Example ", "bob+ml@bücher.example"])
def test_an_address_in_the_place_of_a_filter_is_neither_kept_nor_shown(
    readers: Readers, filter: str
) -> None:
    """Lists of subscribers show filters; one that asks a field for an address is a filter."""
    ada = add(readers, filter="author:x@lab.example has:code")
    for who in ("eve@lab.example", ADA):
        with pytest.raises(DeliveryError, match="are the columns in order") as told:
            add(readers, who, filter=filter)
        assert "@" not in str(told.value)
    with pytest.raises(DeliveryError, match="are the columns in order"):
        readers.change(ada.id, filter=filter, now=NOW)
    assert readers.subscribers() == (ada,)


def test_adding_twice_in_another_spelling_changes_nothing(readers: Readers) -> None:
    """The key of a spelling is unique; the second call says that they are there."""
    first = add(readers, filter="topic:vision")
    subscriber, new = readers.add("Ada@LAB.example", filter="cat:cs.CL", consent="x", now=NOW)
    assert (subscriber, new) == (first, False)
    assert len(consents(readers)) == 1


def test_a_filter_that_does_not_parse_keeps_nobody(readers: Readers) -> None:
    """QueryError before anything is written, also on change."""
    with pytest.raises(QueryError):
        add(readers, filter="topic:(")
    assert readers.subscribers() == ()
    ada = add(readers)
    with pytest.raises(QueryError):
        readers.change(ada.id, filter="(", now=NOW)


def test_a_change_is_made_and_recorded_without_what_was_wished(readers: Readers) -> None:
    """By token or number; what is the same is no change; a wrong token finds nobody."""
    ada = add(readers)
    changed = readers.change(ada.token, filter="cat:cs.CL", empty="skip", now=NOW)
    assert changed is not None
    assert (changed.filter, changed.empty) == ("cat:cs.CL", "skip")
    readers.change(ada.id, filter="cat:cs.CL", now=NOW)
    assert consents(readers)[1:] == [("changed", "filter, empty")]
    assert readers.change("a" * 26, filter="", now=NOW) is None


def test_leaving_holds_however_often_and_is_recorded_once(readers: Readers) -> None:
    """State left, the hash suppressed, one record; an unknown token changes nothing."""
    ada = add(readers)
    assert readers.leave("b" * 26, "leave mail", NOW) is None
    for _ in range(2):
        gone = readers.leave(ada.token, "leave mail", NOW)
        assert gone is not None
        assert gone.state == "left"
    assert readers.suppressed("ADA@lab.example") == "left"
    assert readers.receiving(NOW.date()) == ()
    assert consents(readers)[1:] == [("withdrawn", "leave mail")]


def test_who_is_suppressed_comes_back_only_by_asking_anew(readers: Readers) -> None:
    """A sentence without the address; with `again` the suppression is lifted and recorded."""
    ada = add(readers)
    readers.leave(ada.id, "leave mail", NOW)
    with pytest.raises(DeliveryError, match="the person left; add it only where") as told:
        add(readers)
    assert ADA not in str(told.value)
    subscriber, new = readers.add(ADA, consent="wrote again", now=LATER, again=True)
    assert (subscriber.id, subscriber.state, new) == (ada.id, "confirmed", True)
    assert readers.suppressed(ADA) is None
    assert consents(readers)[-1] == (
        "given",
        "asked anew after a suppression (left): wrote again",
    )


def test_an_address_that_is_no_subscriber_can_be_suppressed(readers: Readers) -> None:
    """Only its keyed hash is kept, and the first reason stays."""
    readers.suppress(BOB, "command", NOW)
    readers.suppress(BOB, "complaint", NOW)
    assert readers.suppressed(BOB) == "command"
    with pytest.raises(DeliveryError, match="by hand"):
        add(readers, BOB)


def test_hashes_of_two_files_differ(tmp_path: Path) -> None:
    """The hash is keyed: a list of addresses alone cannot be tried against it."""
    hashes = set()
    for n in (1, 2):
        with Readers(tmp_path / f"{n}.db", lambda size, n=n: bytes([n]) * size) as readers:  # type: ignore[misc]
            hashes.add(readers.hash(ADA))
    assert len(hashes) == 2


def test_only_confirmed_and_unsuppressed_people_get_an_issue(readers: Readers) -> None:
    """Pending, left and suppressed ones are kept but not sent to."""
    people = [add(readers, f"{n}@lab.example") for n in ("a", "b", "c", "d")]
    readers.db.table("subscribers").update(people[0].id, {"state": "pending"})
    readers.leave(people[1].id, "command", NOW)
    readers.suppress("c@lab.example", "bounce", NOW)
    assert [one.id for one in readers.receiving(NOW.date())] == [people[3].id]
    assert len(readers.subscribers()) == 4


# ---------------------------------------------------------------- bounces


def test_three_hard_bounces_on_three_days_end_it(readers: Readers) -> None:
    """One a day counts, whatever comes on that day or is told of an earlier one."""
    ada = add(readers)
    days = [date(2026, 3, 9), date(2026, 3, 9), date(2026, 3, 8), date(2026, 3, 16)]
    assert [readers.score(ada.id, True, day) for day in days] == [False] * 4
    assert readers.score(ada.id, True, date(2026, 3, 23))
    assert readers.suppressed(ADA) == "bounce"
    assert not readers.score(ada.id, True, date(2026, 3, 30))


def test_soft_bounces_count_half(readers: Readers) -> None:
    """The sixth soft one ends it."""
    ada = add(readers)
    start = date(2026, 3, 9)
    told = [readers.score(ada.id, False, start + timedelta(weeks=n)) for n in range(6)]
    assert told == [False] * 5 + [True]


@pytest.mark.parametrize(("pause", "off"), [(60, True), (61, False)])
def test_bounces_are_forgotten_after_sixty_days_without_one(
    readers: Readers, pause: int, off: bool
) -> None:
    """The third hard one ends it within the memory, and is a first one after it."""
    ada = add(readers)
    second = date(2026, 3, 16)
    readers.score(ada.id, True, date(2026, 3, 9))
    readers.score(ada.id, True, second)
    assert readers.score(ada.id, True, second + timedelta(days=pause)) is off


def test_a_complaint_ends_it_at_once(readers: Readers) -> None:
    """And one about somebody who is gone changes nothing."""
    ada = add(readers)
    assert readers.complain(ada.id, NOW)
    assert readers.suppressed(ADA) == "complaint"
    assert not readers.complain(ada.id, NOW)
    assert not readers.complain(999, NOW)
    assert not readers.score(999, True, NOW.date())


def test_who_asks_anew_starts_without_old_bounces(readers: Readers) -> None:
    """What suppressed the address is lifted, and does not count for the new subscription."""
    ada = add(readers)
    for day in (9, 10, 11):
        readers.score(ada.id, True, date(2026, 3, day))
    readers.add(ADA, consent="wrote again", now=NOW, again=True)
    assert readers.suppressed(ADA) is None
    assert not readers.score(ada.id, True, date(2026, 3, 12))


# ---------------------------------------------------------------- rights


def test_an_export_has_all_that_is_kept_about_one_person(readers: Readers) -> None:
    """Row, consents, deliveries, suppression, as JSON; nothing of anybody else."""
    ada, _ = readers.add(ADA, filter="topic:vision", consent=f"{BOB} asked for her", now=NOW)
    add(readers, BOB)
    Outbox(readers).queue("2026-W10", [one.id for one in readers.subscribers()], NOW)
    readers.leave(ada.id, "leave mail", NOW)
    kept = json.loads(json.dumps(readers.export(ADA)))
    assert kept["subscriber"]["address"] == ADA
    assert [c["kind"] for c in kept["consents"]] == ["given", "withdrawn"]
    assert [d["week"] for d in kept["deliveries"]] == ["2026-W10"]
    assert kept["suppressed"] == {"at": "2026-03-08T12:00:00+00:00", "reason": "left"}
    assert BOB not in json.dumps(kept)
    nobody = readers.export("nobody@lab.example")
    assert nobody == {
        "subscriber": None,
        "consents": [],
        "deliveries": [],
        "hook_calls": [],
        "suppressed": None,
        "notices": [],
        "mailbox": None,
    }


@pytest.mark.parametrize("journal", ["wal", "persist"])
def test_of_an_erased_person_no_byte_stays_but_the_keyed_hash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, journal: str
) -> None:
    """Neither in the file nor in its journals; their mails stay as bare numbers."""
    monkeypatch.setattr(delivery_tables, "fast_journal", lambda: journal)
    with Readers(tmp_path / "readers.db", numbered()) as readers:
        for n in range(300):
            add(readers, f"person{n}@lab.example", filter=f"topic:vision has:code {n}")
        ada = add(readers, ADA)
        box = Outbox(readers)
        box.queue("2026-W10", [ada.id, 1], NOW)
        assert readers.erase(ADA, NOW)
        held = b"".join(file.read_bytes() for file in tmp_path.iterdir())
        assert b"person7@lab.example" in held
        assert b"ada@lab" not in held
        assert ada.token.encode() not in held
        assert readers.suppressed(ADA) == "erased"
        assert sum(box.counts("2026-W10").values()) == 2
        assert box.deliveries("2026-W10")[1].tag == ""
        assert box.by_tag("") is None
        with pytest.raises(DeliveryError, match="asked to be erased"):
            add(readers, ADA)
        assert not readers.erase("nobody@lab.example", NOW)


def test_the_number_of_an_erased_person_never_comes_back(readers: Readers) -> None:
    """Or the next one would be taken for somebody who has the issue already."""
    ada = add(readers)
    readers.erase(ADA, NOW)
    assert add(readers, BOB).id > ada.id


def test_the_file_is_for_its_owner_only(readers: Readers, path: Path) -> None:
    """No group, no others: it holds addresses."""
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_erasure_that_others_hold_up_says_so_and_can_be_repeated(
    readers: Readers, path: Path
) -> None:
    """The person is gone at once; their trace, once nobody reads the file as it was before."""
    add(readers)
    readers.db.execute("pragma busy_timeout = 1")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("begin")
    other.execute("select count(*) from subscribers").fetchone()
    with pytest.raises(StoreError, match=r"forgotten, but .* trace .* run erase again") as told:
        readers.erase(ADA, NOW)
    assert ADA not in str(told.value)
    assert readers.subscribers() == ()
    other.close()
    assert not readers.erase(ADA, NOW)
    held = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert b"ada@lab" not in held


def test_an_erasure_waits_for_who_reads_a_little_longer(
    readers: Readers, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was busy once is tried again."""
    add(readers)
    readers.db.execute("pragma busy_timeout = 1")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("begin")
    other.execute("select count(*) from subscribers").fetchone()
    rewritten = readers._rewritten

    def once_more() -> bool:
        done = rewritten()
        other.close()
        return done

    monkeypatch.setattr(readers, "_rewritten", once_more)
    assert readers.erase(ADA, NOW)


def test_without_a_write_ahead_log_an_erasure_waits_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There the file cannot be written anew while it is read, and the sentence is the same."""
    monkeypatch.setattr(delivery_tables, "fast_journal", lambda: "persist")
    with Readers(tmp_path / "readers.db", numbered()) as readers:
        add(readers)
        readers.db.execute("pragma busy_timeout = 1")
        other = sqlite3.connect(tmp_path / "readers.db", isolation_level=None)
        rewrite = readers._rewrite

        def while_read() -> None:
            other.execute("begin")
            other.execute("select count(*) from subscribers").fetchone()
            rewrite()

        monkeypatch.setattr(readers, "_rewrite", while_read)
        with pytest.raises(StoreError, match="run erase again"):
            readers.erase(ADA, NOW)
        other.close()


def test_secrets_and_tokens_outlive_a_restart(path: Path) -> None:
    """A tag is the same tomorrow, or a bounce would find nothing."""
    tags = set()
    for seed in (b"\x01", b"\x02"):
        with Readers(path, lambda size, seed=seed: seed * size) as readers:  # type: ignore[misc]
            tags.add((readers.tag("2026-W10", "t"), readers.hash(ADA)))
    assert len(tags) == 1


def test_a_failure_in_the_middle_leaves_nothing_half_done(readers: Readers) -> None:
    """Consent and subscriber are one transaction."""
    readers.db.execute(
        "create trigger full before insert on consents begin select raise(abort, 'full'); end"
    )
    with pytest.raises(StoreError, match="full"):
        add(readers)
    assert readers.subscribers() == ()


def test_another_writer_is_seen_at_once(readers: Readers, path: Path) -> None:
    """Two connections, as a sender and a web app have."""
    ada = add(readers)
    with Readers(path, numbered()) as other:
        other.leave(ada.id, "web", NOW)
    assert readers.suppressed(ADA) == "left"


def test_who_waits_to_write_looks_often_and_gives_up_in_the_end(
    readers: Readers, path: Path
) -> None:
    """So often as it has milliseconds of patience, which it keeps for the next time."""
    asked = list[str]()
    with Readers(path, numbered()) as other:
        other.db.execute("pragma busy_timeout = 20").fetchone()
        other.db.conn.set_trace_callback(asked.append)
        with readers.writing(), pytest.raises(StoreError, match="locked"), other.writing():
            pytest.fail("two may not write at once")
        assert asked.count("begin immediate") == 21
        assert other.db.execute("pragma busy_timeout").fetchone() == (20,)
        with other.writing():
            other.served("https://paper.example/", NOW)
        assert other.db.execute("pragma busy_timeout").fetchone() == (20,)


def test_no_error_of_the_database_shows_an_address(readers: Readers) -> None:
    """What sqlite says of a broken rule names columns, not values."""
    add(readers)
    add(readers, BOB)
    with pytest.raises(StoreError) as told, readers.writing() as conn:
        conn.execute("update subscribers set key = ?", (ADA,))
    assert isinstance(told.value.__cause__, sqlite3.IntegrityError)
    assert ADA not in str(told.value)


# ---------------------------------------------------------------- lists of people


def test_a_list_with_a_header_may_have_its_columns_in_any_order(readers: Readers) -> None:
    """A mark of UTF-8 in front, quotes, blank lines and CRLF are what spreadsheets write."""
    text = '\ufeffempty,Address,filter\r\nskip,ada@lab.example,"author:""Fei-Fei Li"" has:code"\r\n'
    assert outcomes(readers, text + "\r\n,bob@lab.example,\r\n") == [
        "people.csv:2: subscriber 1 added",
        "people.csv:4: subscriber 2 added",
    ]
    ada, bob = readers.subscribers()
    assert (ada.filter, ada.empty) == ('author:"Fei-Fei Li" has:code', "skip")
    assert (bob.filter, bob.empty, bob.origin) == ("", "say", "import")
    assert consents(readers) == [("imported", "lab list, 2026-11")]


def test_a_list_without_a_header_starts_with_its_first_line(readers: Readers) -> None:
    """Address, filter, edition, empty."""
    outcomes(readers, "ada@lab.example,topic:vision,vision,skip\nbob@lab.example\n")
    ada, bob = readers.subscribers()
    assert (ada.filter, ada.edition, ada.empty) == ("topic:vision", "vision", "skip")
    assert bob.address == BOB


def test_each_line_says_what_became_of_it_and_none_shows_an_address(readers: Readers) -> None:
    """Added, there already, suppressed, bad; what is wrong is told with line and column."""
    readers.suppress("gone@lab.example", "complaint", NOW)
    told = outcomes(
        readers,
        "ada@lab.example\nADA@lab.example\ngone@lab.example\nno address\n"
        'bob@lab.example,topic:vision colour:red\nbob@lab.example,,,never\n"eve@lab.example,\n',
    )
    assert told[:3] == [
        "people.csv:1: subscriber 1 added",
        "people.csv:2: subscriber 1 there already",
        "people.csv:3: suppressed (complaint), not added",
    ]
    assert told[3].startswith("people.csv:4: address: ")
    assert told[4].startswith("people.csv:5: filter, column 14: unknown field colour")
    assert told[5].startswith("people.csv:6: empty is say")
    assert told[6].startswith("people.csv:7: unreadable")
    assert not any("@" in line for line in told)
    assert len(readers.subscribers()) == 1


def test_a_filter_with_an_unquoted_comma_is_told_not_guessed(readers: Readers) -> None:
    """Too many columns: nobody is added with half a filter."""
    (told,) = outcomes(readers, "ada@lab.example,a,b,say,c\n")
    assert told.startswith("people.csv:1: 5 columns where address, filter, edition, empty")
    assert readers.subscribers() == ()


def test_an_import_wants_a_reason(readers: Readers) -> None:
    """Nobody is written to without a record of why."""
    with pytest.raises(DeliveryError, match="--consent"):
        import_rows(readers, read_people(b"ada@lab.example", "x"), " ", NOW)


# ---------------------------------------------------------------- the known group


def test_the_group_follows_its_list(readers: Readers) -> None:
    """New ones come, filters follow, who is not listed leaves and may come back."""
    assert sync(readers, "ada@lab.example,topic:vision\nbob@lab.example\n") == ["added", "added"]
    assert sync(readers, "ada@lab.example,topic:vision\nbob@lab.example\n") == ["there already"] * 2
    assert sync(readers, "ada@lab.example,cat:cs.CL,,skip\n") == ["changed", "left"]
    ada, bob = readers.subscribers()
    assert (ada.filter, ada.empty, bob.state) == ("cat:cs.CL", "skip", "left")
    assert readers.suppressed(BOB) is None
    assert sync(readers, "ada@lab.example,cat:cs.CL,,skip\nbob@lab.example\n")[1] == "added"
    assert [one.state for one in readers.subscribers()] == ["confirmed"] * 2


def test_the_group_brings_nobody_back_who_left_by_themselves(readers: Readers) -> None:
    """A member's own leaving outlives every list."""
    sync(readers, "ada@lab.example\nbob@lab.example\n")
    readers.leave(1, "leave mail", NOW)
    assert sync(readers, "ada@lab.example\nbob@lab.example\n") == ["suppressed", "there already"]
    assert readers.receiving(NOW.date())[0].address == BOB


def test_the_group_leaves_alone_who_came_by_themselves(readers: Readers) -> None:
    """Neither their filter nor their subscription is the list's."""
    add(readers, filter="topic:vision")
    assert sync(readers, "ada@lab.example,cat:cs.CL\nbob@lab.example\n")[0] == "there already"
    sync(readers, "bob@lab.example\n")
    ada = readers.subscribers()[0]
    assert (ada.state, ada.filter) == ("confirmed", "topic:vision")


@pytest.mark.parametrize("text", ["", "address,filter\n", "\n\n"])
def test_a_list_that_is_empty_by_accident_ends_no_subscription(readers: Readers, text: str) -> None:
    """It is refused; nothing changes."""
    sync(readers, "ada@lab.example\n")
    with pytest.raises(DeliveryError, match="names nobody"):
        sync(readers, text)
    assert len(readers.receiving(NOW.date())) == 1


def test_a_line_that_cannot_be_read_ends_no_subscription(readers: Readers) -> None:
    """It may be the line of the one who seems to be missing; a bad filter keeps the old one."""
    sync(readers, "ada@lab.example\nbob@lab.example,topic:vision\n")
    assert sync(readers, "ada@lab.example\nbob at lab.example\n") == ["there already", "bad"]
    assert sync(readers, "ada@lab.example\nbob@lab.example,(\n") == ["there already", "bad"]
    assert [one.filter for one in readers.receiving(NOW.date())] == ["", "topic:vision"]


def test_what_others_say_is_told_without_addresses() -> None:
    """Servers and plug-ins repeat recipients in many shapes."""
    told = delivery.without_addresses(
        'rejected: <ada@lab.example>, "bob@lab.example" ada+x@lab.example:\n\x07 550'
    )
    assert told == 'rejected: <address>, "<address>" <address>: 550'


@pytest.mark.parametrize(
    "sentence",
    [
        addresses.NOT_ASCII,
        "an inbox that is too long before its @: at most 30 characters",
        "the filter author:@karpathy, or “@context” of JSON",
        "/srv/paper@home/mails cannot be written to",
        "@",
    ],
)
def test_an_at_sign_of_our_own_sentences_is_no_address(sentence: str) -> None:
    """A reader's address has a name before it and a domain with a dot behind it."""
    assert delivery.without_addresses(sentence) == sentence


@pytest.mark.parametrize(
    "address",
    [
        "ada@lab.example", "ADA.L+x@Sub.LAB.Example", '"ada l"@lab.example', "ada%40lab.example",
        "@relay.example:ada@lab.example", "ada@[192.0.2.1]", "a=b@lab.example", "ada@xn--lb-fka.example",
        "ädá@läb.example", "ada@lab.example.", "'ada@lab.example'", "b+ada=lab.example@list.example",
    ],
)  # fmt: skip
def test_an_address_is_hidden_however_it_is_written(address: str) -> None:
    """Nothing of its name or domain is left, inside brackets and without."""
    for text in (address, f"<{address}>", f"550 <{address}>: no", f"to={address}, no"):
        told = delivery.without_addresses(text).lower()
        assert "<address>" in told
        assert not any(piece in told for piece in ("ada", "ädá", "lab.", "läb", "192", "list"))


def test_a_member_of_the_group_who_asks_by_themselves_is_their_own(readers: Readers) -> None:
    """From then on the list neither overrules their filter nor ends their subscription."""
    assert sync(readers, "ada@lab.example,topic:vision\nbob@lab.example\n") == ["added", "added"]
    added = readers.add("ada@lab.example", consent="asked by mail", now=NOW)
    assert (added.new, added.subscriber.origin) == (False, "command")
    assert consents(readers)[1:] == [("given", "asked by mail")]
    readers.add("ada@lab.example", consent="asked once more", now=NOW)
    assert len(consents(readers)) == 2
    readers.change(added.subscriber.id, filter="topic:nlp", now=NOW)
    assert sync(readers, "ada@lab.example,topic:vision\nbob@lab.example\n")[0] == "there already"
    assert "left" not in sync(readers, "bob@lab.example\n")
    assert [one.filter for one in readers.receiving(NOW.date())] == ["topic:nlp", ""]


def test_a_member_whom_an_import_names_is_no_more_the_groups(readers: Readers) -> None:
    """Recorded as imported, with the reason that was given."""
    sync(readers, "ada@lab.example,topic:vision\n")
    assert outcomes(readers, "ada@lab.example\n") == ["people.csv:1: subscriber 1 there already"]
    assert consents(readers)[1:] == [("imported", "lab list, 2026-11")]
    assert sync(readers, "bob@lab.example\n") == ["added"]
    assert len(readers.receiving(NOW.date())) == 2


def test_an_address_that_stands_twice_in_a_list_counts_once(readers: Readers) -> None:
    """The second line is named; the wish does not change from one sending to the next."""
    twice = "ada@lab.example,topic:vision\nADA@lab.example,topic:nlp\n"
    assert sync(readers, twice) == ["added", "bad"]
    assert sync(readers, twice) == ["there already", "bad"]
    assert [one.filter for one in readers.receiving(NOW.date())] == ["topic:vision"]


def test_columns_in_the_wrong_order_show_no_address(readers: Readers) -> None:
    """An address where the filter should be is a bad line, and is neither kept nor told."""
    rows = read_people(b"topic:nlp,ada@lab.example\nbob@lab.example,ada@lab.example\n", "p.csv")
    outcomes = import_rows(readers, rows, "a list", NOW)
    assert [one.what for one in outcomes] == ["bad", "bad"]
    assert not any("@" in one.told for one in outcomes)
    assert readers.subscribers() == ()


def test_the_file_is_its_owners_alone_however_it_came(readers: Readers, path: Path) -> None:
    """Also one that was copied with wider rights, and the journals beside it."""
    add(readers)
    files = list(path.parent.iterdir())
    for file in files:
        file.chmod(0o644)
    with Readers(path, numbered()):
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert len(files) >= 2


# Eight processes that are ready, and then begin at once: when the pipe is closed.
OPENINGS = """
import os, sys, traceback
from pathlib import Path
from sundaypaper.delivery import Readers
wait, begin = os.pipe()
for _ in range(8):
    if not os.fork():
        os.close(begin)
        os.read(wait, 1)
        try:
            Readers(Path(sys.argv[1]), os.urandom).subscribers()
        except BaseException:
            traceback.print_exc()
        os._exit(0)
os.close(begin)
print(sorted(os.wait()[1] for _ in range(8)))
"""


def test_many_first_openings_at_once_are_one(path: Path) -> None:
    """Each finds the tables, whoever made them."""
    command = [sys.executable, "-c", OPENINGS, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == (f"{[0] * 8}\n", "")
