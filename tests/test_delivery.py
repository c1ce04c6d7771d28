"""An issue goes out: a frozen issue, twenty readers with six wishes, a real SMTP server."""

from __future__ import annotations

import email
import email.policy
import os
import re
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from html import unescape
from io import StringIO
from pathlib import Path
from secrets import token_bytes

import pytest
from lxml import html
from rich.console import Console
from typer.testing import CliRunner

import inbound
from mail_servers import Act, MailServer, Moment
from sample_issue import WEEK, sample_issue
from sundaypaper import query
from sundaypaper.cli import app, mailing
from sundaypaper.cli.world import World
from sundaypaper.config import load
from sundaypaper.delivery import Outbox, Readers
from sundaypaper.errors import BusyError, DeliveryError
from sundaypaper.formats import mathematics
from sundaypaper.issue import MAIL_SIZES
from sundaypaper.locks import run_lock
from sundaypaper.models import Amendment, Issue
from sundaypaper.pipeline.edition_views import Cards, edition_of
from sundaypaper.store import Store

PAPER = """sources: [{kind: arxiv}]
base_url: https://paper.example/
delivery:
  kind: smtp
  from: Sunday Paper <paper@lab.example>
  server: {host: 127.0.0.1, port: %d, tls: none}
editions:
  - {id: building, name: Building, match: "topic:mlops OR topic:efficiency-systems"}
"""
# Filter, edition, what an empty week brings.
WISHES = (
    ("", "", "say"),
    ("topic:vision OR topic:robotics", "", "say"),
    ("status:accepted venue:cvpr track:main", "", "skip"),
    ("", "building", "say"),
    ("zeppelin topic:graphs", "", "say"),
    ("zeppelin topic:graphs", "", "skip"),
)
PEOPLE = [(f"reader{n}@site{n % 3}.example", *WISHES[n % len(WISHES)]) for n in range(20)]
Said = Callable[..., str]


@pytest.fixture
def issue() -> Issue:
    """The sample week, printed."""
    return replace(sample_issue(400), state="frozen")


@pytest.fixture
def server() -> Iterator[MailServer]:
    """A mail server that takes everything."""
    with MailServer() as running:
        yield running


@pytest.fixture
def root(tmp_path: Path, server: MailServer, issue: Issue) -> Path:
    """A paper with that issue and a delivery to that server."""
    (tmp_path / "feeds.yaml").write_text(PAPER % server.port, encoding="utf-8")
    with Store(tmp_path / "paper.db") as store:
        store.keep_issue(issue)
    return tmp_path


@pytest.fixture
def said(root: Path) -> Said:
    """Runs `sundaypaper --root root …` and gives what it printed."""

    def run(*words: str, status: int = 0) -> str:
        done = CliRunner().invoke(app, ["--root", str(root), *words])
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == status, done.output
        return str(done.output)

    return run


@pytest.fixture
def twenty(root: Path, said: Said) -> Path:
    """The paper with its twenty readers."""
    lines = [
        f'{address},"{filter}",{edition},{empty}' for address, filter, edition, empty in PEOPLE
    ]
    (root / "people.csv").write_text("\n".join(["address,filter,edition,empty", *lines]))
    assert "20 added" in said("subscribers", "import", str(root / "people.csv"), "--consent", "lab")
    return root


def mail(body: bytes) -> EmailMessage:
    """A mail as a mail program parses it."""
    made = email.message_from_bytes(body, policy=email.policy.default)
    assert isinstance(made, EmailMessage)
    return made


def part(body: bytes, kind: str) -> str:
    """The text or the HTML of a mail."""
    found = mail(body).get_body((kind,))
    assert found is not None
    text: str = found.get_content()
    return text


def titles(body: bytes) -> list[str]:
    """The titles that a mail tells of, in order: those of entries in full, which are links."""
    tree = html.document_fromstring(part(body, "html"))
    linked = (node for node in tree.iter("h3") if node.find(".//a") is not None)
    return [" ".join(node.text_content().split()) for node in linked]


def expected(root: Path, issue: Issue, filter: str, edition: str) -> list[str]:
    """The titles that the issue holds for a wish, from the composed edition itself."""
    config = load(root / "feeds.yaml")
    match, sizes = query.parse(filter) if filter else query.EVERYTHING, MAIL_SIZES
    if edition:
        match = config.editions[0].match
        sizes = {**MAIL_SIZES, "accepted_titles": 0}
    made = edition_of(config, issue, Cards(issue), match, sizes)
    picks = {pick.id: pick for pick in made.entries}
    items = [i for section in made.sections for i in section.items if i.form != "title"]
    news = [
        i
        for section in made.sections
        if section.id not in ("shelf", "dates")
        for i in section.items
    ]
    cards = Cards(issue).matcher(match)
    assert all(cards(picks[item.id]) for item in news), (
        "an entry that the filter does not let through"
    )
    return [mathematics.plain(picks[item.id].title) for item in items]


def test_each_reader_gets_exactly_their_entries(
    twenty: Path, said: Said, server: MailServer, issue: Issue
) -> None:
    """Twenty readers, six wishes: each mail holds the entries of its wish, and no others."""
    told = said("send", "--week", WEEK)
    skipped = [who for who, *wish in PEOPLE if tuple(wish) == WISHES[5]]
    assert f"{20 - len(skipped)} sent, {len(skipped)} suppressed" in told
    got = {one.recipient: one.body for one in server.mails}
    assert len(got) == len(server.mails) == 20 - len(skipped)
    for address, filter, edition, empty in PEOPLE:
        if (filter, edition, empty) == WISHES[5]:
            assert address not in got
        else:
            assert titles(got[address]) == expected(twenty, issue, filter, edition)
    assert part(got[PEOPLE[4][0]], "plain").count("Nothing for your topics this week") == 1
    assert len({tuple(titles(body)) for body in got.values()}) == 5


def test_the_preview_is_what_is_sent_but_for_tokens(
    twenty: Path, said: Said, server: MailServer
) -> None:
    """Byte for byte: address, Date, Message-ID and tokens aside."""
    said("preview", "--filter", WISHES[1][0])
    said("send")
    (sent,) = [one.body for one in server.mails if one.recipient == PEOPLE[1][0]]
    previewed = (twenty / "mails" / "preview" / f"{WEEK}-filtered.eml").read_bytes()

    def without_tokens(body: bytes) -> bytes:
        body = re.sub(rb"(?m)^(To|Date): [^\r\n]*", rb"\1:", body)
        body = body.replace(b"=\r\n", b"")  # wherever a soft line break runs through a token
        return re.sub(rb"(leave-|W10\.)[a-z0-9]{26}@", rb"\1TOKEN@", body)

    assert without_tokens(sent) == without_tokens(previewed)
    assert sent != previewed


def test_a_blank_filter_is_no_filter(root: Path, said: Said, issue: Issue) -> None:
    """Spaces are the whole paper, as for a subscriber; beside an edition they say nothing."""
    for words in (("preview", "--filter", "  "), ("preview", "--filter", "")):
        assert f"{WEEK}.eml" in said(*words)
    shown = (root / "mails" / "preview" / f"{WEEK}.html").read_text()
    assert unescape(issue.headline) in unescape(shown)
    said("subscribers", "add", "ada@lab.example", "--filter", " ", "--edition", "building")
    assert "edition building" in said("subscribers", "list")


def test_nobody_reads_of_anybody_else(twenty: Path, said: Said, server: MailServer) -> None:
    """A mail names its own reader alone; tokens and Message-IDs are all different."""
    said("send")
    addresses = {address for address, *_ in PEOPLE}
    ids = set()
    for one in server.mails:
        assert mail(one.body)["To"] == one.recipient
        others = addresses - {one.recipient}
        assert not any(re.search(rf"\b{re.escape(o)}\b", one.body.decode()) for o in others)
        leave = re.search(r"leave-([a-z0-9]{26})@", str(mail(one.body)["List-Unsubscribe"]))
        assert leave
        ids |= {leave[1], mail(one.body)["Message-ID"], one.sender}
    assert len(ids) == 3 * len(server.mails)


def test_addresses_stand_in_readers_db_alone(twenty: Path, said: Said, server: MailServer) -> None:
    """Not in the build, the logs, paper.db, the previews, or what the commands print."""
    told = said("publish") + said("send") + said("deliveries") + said("preview")
    told += said("subscribers", "list") + said("status")
    (twenty / "people.csv").unlink()
    needles = [address.encode() for address, *_ in PEOPLE]
    assert not any(needle in told.encode() for needle in needles)
    held = {
        path.name
        for path in twenty.rglob("*")
        if path.is_file() and any(needle in path.read_bytes() for needle in needles)
    }
    assert held <= {"readers.db", "readers.db-wal"}
    assert held


def test_sending_again_sends_nothing(twenty: Path, said: Said, server: MailServer) -> None:
    """The outbox remembers; a new subscriber gets the issue that is out."""
    said("send")
    count = len(server.mails)
    said("send")
    assert len(server.mails) == count
    said("subscribers", "add", "late@lab.example")
    said("send")
    assert [one.recipient for one in server.mails[count:]] == ["late@lab.example"]


def test_one_reader_alone_can_be_sent_to(twenty: Path, said: Said, server: MailServer) -> None:
    """--to takes a subscriber; anybody else is told to use preview."""
    said("send", "--to", PEOPLE[0][0])
    assert [one.recipient for one in server.mails] == [PEOPLE[0][0]]
    with pytest.raises(DeliveryError, match="preview") as refused:
        said("send", "--to", "stranger@else.example")
    assert "stranger" not in str(refused.value)


def test_a_dry_run_writes_every_mail_and_sends_none(
    twenty: Path, said: Said, server: MailServer
) -> None:
    """The same letters as files, named by no address; the outbox stays empty."""
    assert "none is sent" in said("send", "--dry-run")
    assert server.mails == []
    files = list((twenty / "mails" / "dry-run").glob("*.eml"))
    assert len(files) == 20 - sum(tuple(wish) == WISHES[5] for _, *wish in PEOPLE)
    assert not any("@" in file.name or "reader" in file.name for file in files)
    assert "nothing was sent" in said("deliveries")


def test_a_dry_run_shows_the_lines_of_the_group_that_cannot_be_used(
    root: Path, said: Said, server: MailServer
) -> None:
    """Each by its place, with status 1; the good ones are written, and nobody is kept."""
    (root / "feeds.yaml").write_text(PAPER % server.port + "readers: {from: lab.csv}\n")
    lines = ("ada@lab.example,Ada,", "ben@lab.example,Ben,topic:visoin", "cid at lab.example,,")
    (root / "lab.csv").write_text("\n".join(["Email,Name,filter", *lines]))
    told = said("send", "--dry-run", status=1)
    assert "lab.csv:1: columns that are not used: Name" in told
    assert "lab.csv:3: there is no topic “visoin”; did you mean “vision”?" in told
    assert "lab.csv:4: address: this is no mail address" in told
    assert "1 mail of 2026-W10 written" in told
    assert "0 of 0 get the next issue" in said("subscribers", "list")
    told = said("send", status=1)
    assert "lab.csv:3: there is no topic" in told
    assert [mail.recipient for mail in server.mails] == ["ada@lab.example"]


def test_a_preview_refuses_a_filter_that_nothing_can_match(said: Said) -> None:
    """A misspelt topic is told, and no mail with nothing in it is shown as if it were right."""
    told = said("preview", "--filter", "topic:visoin", status=2)
    assert "did you mean" in told
    assert "“vision”" in told


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_whoever_stops_a_sending_gets_the_mail_under_way(
    twenty: Path, said: Said, server: MailServer, number: int, status: int
) -> None:
    """Its answer is awaited and kept, the others wait, and nobody is in doubt."""

    def stop(at: Moment) -> None:
        if at.verb == "DOT" and len(server.mails) == 2:
            os.kill(os.getpid(), number)

    server.say = stop
    told = said("send", status=status)
    assert "stopped as asked: the mails under way were awaited, and no other was begun" in told
    assert "`sundaypaper send --week 2026-W10` goes on" in told
    assert len(server.mails) == 3
    assert "uncertain" not in said("deliveries")
    server.say = lambda at: None
    said("send")
    assert 15 < len({mail.recipient for mail in server.mails}) == len(server.mails)


@pytest.mark.parametrize(
    ("args", "step"),
    [(("send", "--dry-run"), "_write"), (("send",), "_read_first")],
)
def test_before_anything_is_sent_an_interrupt_ends_at_once(
    twenty: Path,
    said: Said,
    server: MailServer,
    monkeypatch: pytest.MonkeyPatch,
    args: tuple[str, ...],
    step: str,
) -> None:
    """A dry run, or an inbox that does not answer: no mail is under way, so none is waited for."""
    after: list[str] = []

    def interrupted(*_: object) -> int:
        os.kill(os.getpid(), signal.SIGINT)
        after.append(step)
        return 0

    monkeypatch.setattr(mailing, step, interrupted)
    # A shell that runs the tests in the background has Ctrl-C ignored.
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        said(*args, status=130)
    finally:
        signal.signal(signal.SIGINT, usual)
    assert (after, server.mails) == ([], [])


def test_whoever_stops_twice_waits_for_no_server(
    twenty: Path, said: Said, server: MailServer
) -> None:
    """The mail under way is in doubt, and said to be; the handlers of before are back."""
    usual = signal.getsignal(signal.SIGINT)

    def stop(at: Moment) -> Act | None:
        if at.verb != "DOT":
            return None
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGTERM)
        return Act.SILENCE

    server.say = stop
    told = said("send", status=130)
    assert (
        "ended at once; `sundaypaper deliveries --week 2026-W10` shows the mails in doubt" in told
    )
    assert "1 uncertain" in said("deliveries")
    assert signal.getsignal(signal.SIGINT) is usual


def test_several_connections_send_an_issue(twenty: Path, said: Said, server: MailServer) -> None:
    """As many as feeds.yaml allows, and each reader once."""
    text = (PAPER % server.port).replace("kind: smtp", "kind: smtp\n  connections: 4")
    (twenty / "feeds.yaml").write_text(text, encoding="utf-8")
    said("send")
    assert 1 < server.connections <= 4
    assert len({mail.recipient for mail in server.mails}) == len(server.mails) > 15


def test_a_rehearsal_reaches_nobody(twenty: Path, said: Said, server: MailServer) -> None:
    """Under --now no mail leaves the machine."""
    said("--now", "2026-03-08T12:00:00Z", "send", status=2)
    assert server.mails == []


def test_a_second_send_is_refused_while_one_is_at_work(
    root: Path, said: Said, server: MailServer
) -> None:
    """Nothing of it leaves; when the first one is done the next gives the reader their one mail."""
    said("subscribers", "add", "ada@lab.example")
    with run_lock(root / "send.lock"), pytest.raises(BusyError):
        said("send")
    assert server.mails == []
    said("send")
    assert [mail.recipient for mail in server.mails] == ["ada@lab.example"]


def test_a_draft_is_never_mailed(root: Path, said: Said, server: MailServer) -> None:
    """Nor is a week that does not exist; both say what to do."""
    with Store(root / "paper.db") as store:
        draft = replace(sample_issue(60), week="2026-W11", state="draft", why_draft="It waits.")
        store.keep_issue(draft)
    with pytest.raises(DeliveryError, match="is a draft, and a draft is never mailed: It waits"):
        said("send", "--week", "2026-W11")
    with pytest.raises(DeliveryError, match="run --week 2026-W09"):
        said("send", "--week", "2026-W09")
    said("subscribers", "add", "ada@lab.example")
    said("send")
    assert WEEK in str(mail(server.mails[0].body)["Message-ID"])


def test_what_was_removed_since_is_in_no_mail(
    root: Path, said: Said, server: MailServer, issue: Issue
) -> None:
    """An entry that was taken out after printing is one neutral line in a later mail."""
    first = issue.sections[0].items[0].id
    gone = next(pick for pick in issue.entries if pick.id == first)
    with Store(root / "paper.db") as store:
        store.amend(Amendment(first, issue.composed, "removed", "at the authors' request"))
    said("subscribers", "add", "ada@lab.example")
    said("send")
    for kind in ("plain", "html"):
        text = " ".join(unescape(part(server.mails[0].body, kind)).split())
        assert gone.title not in text
        assert "at the authors' request" in text


def test_who_leaves_while_an_issue_goes_out_gets_nothing_of_it(
    twenty: Path, said: Said, server: MailServer
) -> None:
    """Consent is looked up when a mail is claimed, not when the issue was queued."""
    last = PEOPLE[18][0]

    def leave_in_the_middle(at: Moment) -> None:
        if at.verb == "DOT" and not left:
            left.append(at)
            with Readers(twenty / "readers.db", token_bytes) as readers:
                found = readers.find_address(last)
                assert found
                readers.leave(found.token, "in mid-send", found_at)

    left: list[Moment] = []
    found_at = sample_issue().composed
    server.say = leave_in_the_middle
    said("send")
    assert left
    assert last not in {one.recipient for one in server.mails}


def test_while_an_app_is_alive_mails_lead_to_it(
    twenty: Path, said: Said, server: MailServer
) -> None:
    """Two days after it was last alive one leaves by mail again, as in every mail."""
    with Readers(twenty / "readers.db", token_bytes) as readers:
        readers.served("https://paper.example/", datetime.now(UTC) - timedelta(days=1))
        ada = readers.find_address(PEOPLE[0][0])
    assert ada
    said("send", "--to", PEOPLE[0][0])
    with Readers(twenty / "readers.db", token_bytes) as readers:
        readers.served("https://paper.example/", datetime.now(UTC) - timedelta(days=3))
    said("send", "--to", PEOPLE[1][0])
    alive, gone = (mail(one.body) for one in server.mails)
    assert alive["List-Unsubscribe"].startswith(
        f"<https://paper.example/leave/{ada.token}>, <mailto:"
    )
    assert alive["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    preferences = f"https://paper.example/preferences/{ada.preferences}"
    assert preferences in part(server.mails[0].body, "plain")
    assert gone["List-Unsubscribe"].startswith("<mailto:")
    assert "List-Unsubscribe-Post" not in gone


def test_a_list_gets_one_mail_without_our_list_headers(
    root: Path, said: Said, server: MailServer
) -> None:
    """kind list: one recipient, who keeps its own members; subscribers of ours get none."""
    said("subscribers", "add", "ada@lab.example")
    text = (PAPER % server.port).replace("kind: smtp", "kind: list\n  to: ml-weekly@lab.example")
    text += "subscribe: {join: https://lists.lab.example/ml-weekly}\n"
    (root / "feeds.yaml").write_text(text, encoding="utf-8")
    said("send")
    said("send")
    (one,) = server.mails
    assert (one.recipient, one.sender) == ("ml-weekly@lab.example", "paper@lab.example")
    made = mail(one.body)
    assert not [name for name in made if name.startswith("List-") or name == "Precedence"]
    assert "https://lists.lab.example/ml-weekly" in part(one.body, "plain")
    assert "+leave-" not in one.body.decode()


def test_a_known_group_comes_from_the_environment_or_a_file(
    root: Path, said: Said, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its members need not ask; who is no longer listed gets no more; without it nobody of it does."""
    with_group = PAPER % server.port + "readers: {from: env:GROUP}\n"
    (root / "feeds.yaml").write_text(with_group, encoding="utf-8")
    with pytest.raises(DeliveryError, match="GROUP, which readers names"):
        said("send")
    monkeypatch.setenv("GROUP", "ada@lab.example,topic:vision\nben@lab.example")
    assert "2 added" in said("send")
    assert {one.recipient for one in server.mails} == {"ada@lab.example", "ben@lab.example"}
    with Store(root / "paper.db") as store:
        store.keep_issue(replace(sample_issue(60), week="2026-W11", state="frozen"))
    monkeypatch.setenv("GROUP", "ben@lab.example")
    assert "1 left" in said("send")
    assert [one.recipient for one in server.mails[2:]] == ["ben@lab.example"]
    (root / "feeds.yaml").write_text(PAPER % server.port, encoding="utf-8")
    with Store(root / "paper.db") as store:
        store.keep_issue(replace(sample_issue(60), week="2026-W12", state="frozen"))
    said("send")
    assert len(server.mails) == 3


def test_mails_that_may_have_arrived_wait_for_a_persons_choice(
    root: Path, said: Said, server: MailServer
) -> None:
    """uncertain is shown, and resent with the same Message-ID only by deliveries --again."""
    said("subscribers", "add", "ada@lab.example")
    said("send")
    with Readers(root / "readers.db", token_bytes) as readers, readers.writing() as conn:
        conn.execute("update deliveries set state = 'sending'")
    assert "1 uncertain" in said("send", status=1)
    assert len(server.mails) == 1
    assert "subscriber 1  uncertain" in said("deliveries", "--week", WEEK)
    said("deliveries", "--again", "uncertain", status=2)
    assert "1 mail queued again" in said(
        "deliveries", "--week", WEEK, "--again", "uncertain", "--yes"
    )
    said("send")
    first, second = (mail(one.body)["Message-ID"] for one in server.mails)
    assert first == second


def test_a_filter_that_no_longer_parses_fails_its_reader_alone(
    twenty: Path, said: Said, server: MailServer
) -> None:
    """A language may lose a field: the others get their mail, and the row says why."""
    with Readers(twenty / "readers.db", token_bytes) as readers, readers.writing() as conn:
        conn.execute("update subscribers set filter = 'colour:(' where id = 1")
    assert "1 failed" in said("send", status=1)
    assert "the filter of subscriber 1" in said("deliveries", "--week", WEEK)


def test_a_filter_says_the_same_by_whatever_name(
    root: Path, said: Said, server: MailServer
) -> None:
    """A topic by its printed name, a venue with its year, and beside them a topic that has gone."""
    said("subscribers", "add", "a@lab.example", "--filter", "topic:vision venue:cvpr year:2026")
    said("subscribers", "add", "b@lab.example", "--filter", 'topic:"Computer vision" venue:cvpr26')
    said("subscribers", "add", "c@lab.example", "--filter", "topic:vision")
    gone = "topic:gone OR topic:vision venue:cvpr26"
    with Readers(root / "readers.db", token_bytes) as readers, readers.writing() as conn:
        conn.execute("update subscribers set filter = ? where id = 3", (gone,))
    said("send")
    one, other, third = [titles(mail.body) for mail in server.mails]
    assert one
    assert one == other == third


def test_an_edition_that_is_gone_gives_the_whole_paper_and_says_so(
    root: Path, said: Said, server: MailServer
) -> None:
    """Better all of it with a word than nothing in silence."""
    said("subscribers", "add", "ada@lab.example", "--edition", "building")
    text = (PAPER % server.port).replace("id: building", "id: making")
    (root / "feeds.yaml").write_text(text, encoding="utf-8")
    said("send")
    assert "The edition “building” is no longer made" in part(server.mails[0].body, "plain")


def test_without_delivery_the_command_says_what_is_missing(root: Path, said: Said) -> None:
    """A sentence with the key that feeds.yaml needs; to look at a mail none is needed."""
    (root / "feeds.yaml").write_text("sources: [{kind: arxiv}]\n", encoding="utf-8")
    with pytest.raises(DeliveryError, match="give it `delivery:`"):
        said("send")
    with pytest.raises(DeliveryError, match="give it `inbox:`"):
        said("inbox")
    assert f"{WEEK}.html" in said("preview")


def test_leave_mails_in_the_inbox_end_a_subscription(
    root: Path, said: Said, server: MailServer
) -> None:
    """The address in List-Unsubscribe, written to: read from a Maildir, and the person is gone."""
    said("subscribers", "add", "ada@lab.example")
    said("send")
    header = str(mail(server.mails[0].body)["List-Unsubscribe"])
    address = re.search(r"mailto:([^?>]+)", header)
    assert address
    new = maildir(root, server)
    note = f"From: ada@lab.example\r\nTo: {address[1]}\r\nSubject: leave\r\n\r\n"
    (new / "1.M1.host").write_bytes(note.encode())
    assert "1 left" in said("inbox")
    assert "0 of 1 get the next issue" in said("subscribers", "list")
    with Readers(root / "readers.db", token_bytes) as readers:
        assert Outbox(readers).counts(WEEK)["sent"] == 1


def maildir(root: Path, server: MailServer) -> Path:
    """An empty Maildir that feeds.yaml names as inbox; its folder for new mails."""
    for folder in ("new", "cur", "tmp"):
        (root / "Maildir" / folder).mkdir(parents=True)
    text = PAPER % server.port + "inbox: {kind: maildir, folder: Maildir}\n"
    (root / "feeds.yaml").write_text(text, encoding="utf-8")
    return root / "Maildir" / "new"


def token_of(root: Path, address: str) -> str:
    """A subscriber's own token."""
    with Readers(root / "readers.db", token_bytes) as readers:
        found = readers.find_address(address)
    assert found
    return found.token


def test_a_leave_mail_that_waits_holds_for_the_issue_that_is_sent(
    twenty: Path, said: Said, server: MailServer
) -> None:
    """`send` reads the inbox first, so that the run which comes next mails nobody who left."""
    new = maildir(twenty, server)
    apple = ("Auto-Submitted", "auto-replied")
    address = inbound.leave_address(token_of(twenty, PEOPLE[0][0]))
    (new / "1.M1.host").write_bytes(inbound.leave_mail(address, apple))
    told = said("send")
    assert "1 left" in told
    assert PEOPLE[0][0] not in {one.recipient for one in server.mails}
    assert {one.recipient for one in server.mails} >= {PEOPLE[1][0], PEOPLE[19][0]}
    assert list(new.iterdir()) == []
    (new / "2.M1.host").write_bytes(inbound.leave_mail(address, apple))
    said("send", "--dry-run")
    assert len(list(new.iterdir())) == 1


def test_an_inbox_that_send_cannot_read_is_told_and_mails_go_out(
    twenty: Path, said: Said, server: MailServer
) -> None:
    """Status 1, since somebody who left may get this issue; the others are not kept waiting."""
    text = PAPER % server.port + "inbox: {kind: maildir, folder: nowhere}\n"
    (twenty / "feeds.yaml").write_text(text, encoding="utf-8")
    told = said("send", status=1)
    assert "the inbox could not be read; who left since the last time may get this issue" in told
    assert PEOPLE[0][0] in {one.recipient for one in server.mails}


def test_what_comes_back_is_shown_and_can_be_sent_again(
    twenty: Path, said: Said, server: MailServer
) -> None:
    """By its code; above 5 % it is a warning, and the sums hold all the while."""
    new = maildir(twenty, server)
    said("send")
    went = len(server.mails)
    tags = [re.search(r"\+b-([a-z2-7]{26})@", one.sender) for one in server.mails]
    dmarc = "Final-Recipient: rfc822; x@y.example\nAction: failed\nStatus: 5.7.509\n"
    dmarc += "Diagnostic-Code: smtp; 550 5.7.509 Access denied, x@y.example fails DMARC\n"
    for number, tag in enumerate(tags[:3]):
        assert tag
        lines = dmarc if number else inbound.group("5.1.1")
        (new / f"{number}.M1.host").write_bytes(inbound.dsn([lines], tag=tag[1]))
    warning = (
        f"{WEEK}: 3 of {went} mails came back (2 with 5.7.509, 1 with 5.1.1). “550 5.7.509 Access "
        "denied, <address> fails DMARC”. Put it right"
    )
    told = said("inbox", status=1)
    assert "1 bounced, 2 returned" in told
    assert warning in told
    told = said("deliveries")
    assert "3 returned" in told
    assert warning in told
    assert "subscriber 1  returned 5.1.1, 1 try: 550 5.1.1 <address>: no" in told
    assert "nothing new" in said("inbox")
    with Readers(twenty / "readers.db", token_bytes) as readers:
        counts = Outbox(readers).counts(WEEK)
        assert (sum(counts.values()), counts["returned"]) == (20, 3)
        scores = [readers.export(PEOPLE[n][0])["subscriber"]["score"] for n in range(3)]
    assert scores == [1, 0, 0]
    assert "3 mails queued again" in said("deliveries", "--week", WEEK, "--again", "returned")
    said("send")
    assert [one.body for one in server.mails[went:]] == [one.body for one in server.mails[:3]]
    with Readers(twenty / "readers.db", token_bytes) as readers:
        assert Outbox(readers).counts(WEEK)["returned"] == 0


def test_one_mail_of_twenty_that_comes_back_is_no_warning(
    twenty: Path, said: Said, server: MailServer
) -> None:
    """5 % are borne: shown, and no more."""
    said("subscribers", "add", "one@lab.example")
    said("subscribers", "add", "two@lab.example")
    said("subscribers", "add", "three@lab.example")
    new = maildir(twenty, server)
    said("send")
    assert len(server.mails) == 20
    tag = re.search(r"\+b-([a-z2-7]{26})@", server.mails[0].sender)
    assert tag
    (new / "1.M1.host").write_bytes(inbound.dsn([inbound.group("5.7.1")], tag=tag[1]))
    assert "came back" not in said("inbox")
    assert "19 sent, 3 suppressed, 1 returned" in said("deliveries")


def test_the_mails_that_wait_for_a_person_are_named(
    root: Path, said: Said, server: MailServer
) -> None:
    """What each is called in the mailbox, its subject, who wrote it, and why; never an address."""
    new = maildir(root, server)
    for number in range(22):
        heading = [("From", "Ada L. <ada@lab.example>"), ("To", inbound.INBOX), ("Subject", f"Q {number}")]  # fmt: skip
        (new / f"{number:02}.M1.host").write_bytes(inbound.mail(heading))
    told = said("inbox")
    assert "22 mails left unread, for a person" in told
    assert "  mail new/00.M1.host: “Q 0”, from Ada L.; a letter" in told
    assert "“Q 19”" in told
    assert "“Q 20”" not in told
    assert "and 2 more" in told
    assert "@" not in told


def test_sending_to_one_reader_leaves_the_others_where_they_are(
    twenty: Path, said: Said, server: MailServer
) -> None:
    """After a pause an operator tries it on themselves first: nobody else gets anything."""
    server.say = lambda at: "421 4.3.2 closing" if at.verb == "CONNECT" else None
    with pytest.raises(DeliveryError):
        said("send")
    server.say = lambda at: None
    said("send", "--to", PEOPLE[3][0], status=1)
    assert [one.recipient for one in server.mails] == [PEOPLE[3][0]]


def test_who_was_queued_and_is_no_recipient_any_more_gets_nothing(
    root: Path, said: Said, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A group leaves feeds.yaml, or readers give way to a list, while mails still wait."""
    monkeypatch.setenv("GROUP", "ada@lab.example\nben@lab.example")
    (root / "feeds.yaml").write_text(PAPER % server.port + "readers: {from: env:GROUP}\n")
    server.say = lambda at: "421 4.3.2 closing" if at.verb == "CONNECT" else None
    with pytest.raises(DeliveryError):
        said("send")
    server.say = lambda at: None
    text = (PAPER % server.port).replace("kind: smtp", "kind: list\n  to: ml-weekly@lab.example")
    (root / "feeds.yaml").write_text(text)
    assert "1 sent, 2 suppressed" in said("send")
    assert [one.recipient for one in server.mails] == ["ml-weekly@lab.example"]


def test_nobody_can_end_a_list_by_a_complaint(root: Path, said: Said, server: MailServer) -> None:
    """Its archive shows every Message-ID; a report that holds one ends nothing."""
    text = (PAPER % server.port).replace("kind: smtp", "kind: list\n  to: ml-weekly@lab.example")
    (root / "feeds.yaml").write_text(text + "inbox: {kind: maildir, folder: Maildir}\n")
    for folder in ("new", "cur", "tmp"):
        (root / "Maildir" / folder).mkdir(parents=True)
    said("send")
    id = str(mail(server.mails[0].body)["Message-ID"])
    report = inbound.feedback(back=f"Message-ID: {id}\nFrom: Sunday Paper <paper@lab.example>\n")
    (root / "Maildir" / "new" / "1.M1.host").write_bytes(report)
    assert "1 unknown" in said("inbox")
    assert "1 of 1 get the next issue" in said("subscribers", "list")


def test_a_pause_holds_until_a_person_goes_on(
    twenty: Path, said: Said, server: MailServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """What runs each hour by itself passes over it, and says so on stderr; `send` goes on."""
    server.say = lambda at: "554 no" if at.verb == "RCPT" else None
    with pytest.raises(DeliveryError, match="paused: 11 of the last 11"):
        said("send")
    assert "paused" in said("deliveries")
    server.say = lambda at: None
    composed = sample_issue().composed
    mailing.tend(World(twenty, composed, False, Console(file=StringIO(), width=200)))
    assert "are paused" in capsys.readouterr().err
    assert server.mails == []
    said("deliveries", "--week", WEEK, "--again", "failed")
    said("send")
    assert len(server.mails) == 20 - sum(tuple(wish) == WISHES[5] for _, *wish in PEOPLE)


def test_an_inbox_that_cannot_be_read_does_not_stop_the_paper(
    twenty: Path, server: MailServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """The hourly round says so and sends; the hour after an old issue it sends nothing."""
    text = PAPER % server.port + "inbox: {kind: maildir, folder: nowhere}\n"
    (twenty / "feeds.yaml").write_text(text, encoding="utf-8")
    composed = sample_issue().composed
    old = World(twenty, composed + timedelta(days=9), False, Console(file=StringIO(), width=200))
    mailing.tend(old)
    assert server.mails == []
    here = World(twenty, composed + timedelta(hours=1), False, Console(file=StringIO(), width=300))
    mailing.tend(here)
    assert "the inbox could not be read" in capsys.readouterr().err
    assert server.mails


@pytest.mark.parametrize(("late", "sent"), [(0, True), (1, False)])
def test_an_issue_is_mailed_by_itself_within_six_days(
    twenty: Path, server: MailServer, late: int, sent: bool
) -> None:
    """And a second: then it is nobody's news, and goes out only where a person says so."""
    now = sample_issue().composed + timedelta(days=6, seconds=late)
    mailing.tend(World(twenty, now, False, Console(file=StringIO(), width=200)))
    assert bool(server.mails) == sent


def test_a_dry_run_changes_nothing_and_leaves_no_old_mails(
    root: Path, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A member of the group gets a file and no row; files of an earlier dry run are gone."""
    monkeypatch.setenv("GROUP", "ada@lab.example")
    (root / "feeds.yaml").write_text(PAPER % 1 + "readers: {from: env:GROUP}\n")
    said("--now", "2026-03-08T12:00:00Z", "send", "--dry-run")
    assert "0 of 0" in said("subscribers", "list")
    monkeypatch.setenv("GROUP", "ben@lab.example")
    said("send", "--dry-run")
    (left,) = (root / "mails" / "dry-run").glob("*.eml")
    assert b"ben@lab.example" in left.read_bytes()
    said("subscribers", "erase", "ben@lab.example", "--yes")
    assert list((root / "mails").rglob("*.eml")) == []


def test_mails_of_a_run_that_was_killed_can_be_queued_again_at_once(
    root: Path, said: Said, server: MailServer
) -> None:
    """The row still says `sending`: who asks for it again need not send first."""
    said("subscribers", "add", "ada@lab.example")
    said("send")
    with Readers(root / "readers.db", token_bytes) as readers, readers.writing() as conn:
        conn.execute("update deliveries set state = 'sending'")
    told = said("deliveries", "--week", WEEK, "--again", "uncertain", "--yes")
    assert "1 mail queued again" in told


def test_a_preview_of_an_unknown_edition_is_refused(said: Said) -> None:
    """It would show the whole paper without a word."""
    said("preview", "--edition", "nosuch", status=2)
    said("preview", "--edition", "building", "--filter", "topic:vision", status=2)
