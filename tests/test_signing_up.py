"""Mails that sign-ups bring about: the notice, and the newest issue for whoever has confirmed."""

from __future__ import annotations

import email
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from mail_servers import MailServer
from sample_issue import sample_issue
from sundaypaper.config import Config, default_config
from sundaypaper.database import sqlite3
from sundaypaper.delivery import Outbox, Readers, SignUps
from sundaypaper.delivery.channels import ChannelTools
from sundaypaper.delivery.settings import DeliverySpec, ServerEntry
from sundaypaper.delivery.welcomes import queue_welcome
from sundaypaper.errors import BuildError, DeliveryError
from sundaypaper.formats.email.notices import Wished
from sundaypaper.locks import run_lock
from sundaypaper.models import Answer, Letter, SignUp, Subscriber
from sundaypaper.pipeline import mailing, recipients, signing_up
from sundaypaper.pipeline.mailing import MailJob, send_week
from sundaypaper.pipeline.mails import Mails, as_got, issues_got, paper_to_send
from sundaypaper.pipeline.opening import MEMORY
from sundaypaper.pipeline.signing_up import WishWords, into_folder, newest_week, tend_sign_ups
from sundaypaper.store import Store

NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
WEEK, BASE = "2026-W10", "https://paper.example/"
ADA, BOB, CY = "ada@uni.example", "bob@uni.example", "cy@uni.example"
NET = "203.0.113.0/24"
ISSUE = sample_issue(110)
PAPERS = [pick for pick in ISSUE.entries if pick.url.startswith("https://arxiv.org/abs/2603.000")]
VISION = {pick.url for pick in PAPERS if any(tag.topic == "vision" for tag in pick.tags)}
SPEC = DeliverySpec("smtp", "Sunday Paper <paper@lab.example>", inbox="box@lab.example")
SENT = Answer("sent", 250, "2.0.0", "250 ok")
NOT_OURS = Answer("failed", 553, "5.7.1", "553 5.7.1 Sender address rejected: not owned by user")


@dataclass
class Postbox:
    """A server: it keeps letters, and answers each as its script says."""

    say: Callable[[Letter], Answer] = lambda letter: SENT
    down: str = ""
    opened: int = 0
    letters: list[Letter] = field(default_factory=list)

    def __enter__(self) -> Postbox:
        self.opened += 1
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing stays open."""

    def check(self) -> None:
        """Says whether it takes mails."""
        if self.down:
            raise DeliveryError(self.down)

    def send(self, letter: Letter) -> Answer:
        """Keep a letter that it takes."""
        answer = self.say(letter)
        if answer.state == "sent":
            self.letters.append(letter)
        return answer

    @property
    def to(self) -> list[str]:
        """Whom the letters are for."""
        return [letter.recipient for letter in self.letters]


@dataclass
class Paper:
    """A paper with sign-ups, a printed issue, and the server that takes its mails."""

    folder: Path
    readers: Readers
    store: Store
    server: Postbox
    config: Config
    now: datetime = NOW
    said: list[str] = field(default_factory=list)
    templates: Path | None = None

    @property
    def job(self) -> MailJob:
        """The job of sending."""
        tools = ChannelTools(lambda: 0.0, lambda seconds: None, {})
        return MailJob(self.config, self.readers, {}, lambda: self.now, self.said.append, tools)

    @property
    def sign_ups(self) -> SignUps:
        """What was asked for."""
        return SignUps(self.readers)

    def ask(self, address: str = ADA, **wish: str) -> None:
        """What a form sends."""
        self.sign_ups.ask(SignUp(address, network=NET, **wish), self.now)  # type: ignore[arg-type]

    def tend(self) -> int:
        """One round of the mailer."""
        return tend_sign_ups(self.job, BASE, lambda: nullcontext(self.store), self.templates)

    def join(self, address: str = ADA, week: str = WEEK, **wish: str) -> Subscriber:
        """Sign up, follow the link of the mail, and confirm."""
        self.ask(address, **wish)
        assert self.tend() == 1
        link = re.search(rf"{BASE}confirm/([a-z2-7]{{26}})", text_of(self.server.letters[-1]))
        assert link
        done = self.sign_ups.confirm(link[1], NET, self.now, week)
        assert done.subscriber
        self.server.letters.clear()
        return done.subscriber

    def row(self, who: Subscriber) -> tuple[str, str]:
        """State and words of a reader's row of the week."""
        rows = Outbox(self.readers).deliveries(WEEK)
        return next((row.state, row.told) for row in rows if row.subscriber == who.id)

    def pending(self) -> list[str]:
        """The states of sign-ups."""
        return [one.state for one in self.sign_ups.pending(self.now)]


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    """paper.db with one printed issue."""
    with Store(MEMORY) as kept:
        kept.keep_issue(ISSUE)
        yield kept


@pytest.fixture
def paper(tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Paper]:
    """A paper before its first reader."""
    made = iter(range(1, 1_000_000))
    server = Postbox()
    monkeypatch.setattr(signing_up, "open_channel", lambda spec, tools: server)
    monkeypatch.setattr(mailing, "open_channels", lambda spec, tools: (server,))
    config = replace(default_config(), delivery=SPEC)
    with Readers(tmp_path / "readers.db", lambda size: next(made).to_bytes(size, "big")) as kept:
        yield Paper(tmp_path, kept, store, server, config)


def parsed(letter: Letter) -> EmailMessage:
    """A letter as a program reads it."""
    mail = email.message_from_bytes(letter.body, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def text_of(letter: Letter) -> str:
    """Its plain text."""
    plain = next(iter(parsed(letter).iter_parts()))
    return str(plain.get_content()).replace("\r\n", "\n")


def html_of(letter: Letter) -> str:
    """Its HTML."""
    _, html = parsed(letter).iter_parts()
    return str(html.get_content()).replace("\r\n", "\n")


# ---------------------------------------------------------------- from the form to the issue


def test_a_sign_up_brings_one_mail_and_its_confirmation_the_newest_issue(paper: Paper) -> None:
    """As it was wished, with the links of that reader; further rounds send nothing."""
    paper.ask(filter="topic:vision")
    assert paper.tend() == 1
    (asked,) = paper.server.letters
    assert parsed(asked)["Auto-Submitted"] == "auto-generated"
    (link,) = re.findall(r"https?://\S+", text_of(asked))
    assert link.startswith(f"{BASE}confirm/")
    assert "entries on the topic Computer vision" in " ".join(text_of(asked).split())
    assert paper.tend() == 0
    paper.server.letters.clear()

    done = paper.sign_ups.confirm(link.rpartition("/")[2], NET, NOW, newest_week(paper.store))
    ada = done.subscriber
    assert ada
    assert paper.tend() == 1
    (welcome,) = paper.server.letters
    assert welcome.recipient == ADA
    mail, text = parsed(welcome), text_of(welcome)
    leave = f"{BASE}leave/{ada.token}"
    assert mail["List-Unsubscribe"] == f"<{leave}>, <mailto:box+leave-{ada.token}@lab.example?subject=leave>"  # fmt: skip
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"leave: {leave}\n" in text
    assert f"change: {BASE}preferences/{ada.preferences}\n" in text
    told = set(re.findall(r"https://arxiv.org/abs/2603\.000\S+", text))
    assert 5 <= len(told) <= len(VISION)
    assert told <= VISION
    assert paper.row(ada)[0] == "sent"
    assert paper.tend() == 0
    assert send_week(paper.job, mails_of(paper))["sent"] == 1
    assert paper.server.to == [ADA]


def mails_of(paper: Paper) -> Mails:
    """The mails of the week."""
    return Mails(paper_to_send(paper.config, paper.store, WEEK, None, SPEC, BASE))


def test_who_is_here_already_is_told_so_with_the_link_of_their_preferences(paper: Paper) -> None:
    """And nothing of the subscription changes."""
    ada = paper.join(filter="topic:graphs")
    paper.tend()
    paper.server.letters.clear()
    paper.now += timedelta(days=2)
    paper.ask(filter="topic:vision")
    assert paper.tend() == 1
    (known,) = paper.server.letters
    assert re.findall(r"https?://\S+", text_of(known)) == [f"{BASE}preferences/{ada.preferences}"]
    assert "already" in parsed(known)["Subject"]
    assert paper.readers.find(ada.id) == ada


def test_a_move_is_confirmed_from_the_new_address_and_told_to_the_old(paper: Paper) -> None:
    """The mail to the old address has no link: those of earlier mails are void."""
    ada = paper.join()
    paper.tend()
    paper.server.letters.clear()
    paper.now += timedelta(days=2)
    paper.sign_ups.ask_move(ada.id, BOB, NET, paper.now)
    assert paper.tend() == 1
    (move,) = paper.server.letters
    (link,) = re.findall(rf"{BASE}confirm/([a-z2-7]+)", text_of(move))
    assert move.recipient == BOB
    paper.sign_ups.confirm(link, NET, paper.now)
    assert paper.tend() == 1
    moved = paper.server.letters[1]
    assert moved.recipient == ADA
    assert re.findall(r"https?://", text_of(moved) + html_of(moved)) == []


def test_no_word_of_a_stranger_is_mailed_to_anybody(paper: Paper) -> None:
    """A form that mails what is typed into it sends anybody's advertisement to anybody."""
    paper.ask(filter='topic:vision OR author:"Buy Pills Now" OR "www.evil.example" OR cheap*')
    paper.tend()
    (asked,) = paper.server.letters
    for part in (parsed(asked)["Subject"], text_of(asked), html_of(asked)):
        assert not re.search(r"buy|pills|evil|cheap", part, re.IGNORECASE)
    said = " ".join(text_of(asked).split())
    assert "on the topic Computer vision; or by 1 author; or found by 2 queries." in said


@pytest.mark.parametrize(
    ("sign_up", "wished"),
    [
        (SignUp(ADA), Wished()),
        (SignUp(ADA, empty="skip"), Wished(skips=True)),
        (SignUp(ADA, edition="research"), Wished(edition="Research")),
        (SignUp(ADA, edition="gone"), Wished()),
        (SignUp(ADA, "topic:graphs", "gone"), Wished(topics=("Graphs",))),
        (SignUp(ADA, "topic:graphs"), Wished(topics=("Graphs",))),
        (SignUp(ADA, "topic:cats OR venue:dogs"), Wished(queries=2)),
        (
            SignUp(ADA, "topic:vision OR venue:icml OR author:li OR (has:code -survey)"),
            Wished(topics=("Computer vision",), venues=("ICML",), people=1, queries=1),
        ),
        (SignUp(ADA, "(ring:accepted OR ring:near) kind:paper OR robots"), Wished("Research", queries=1)),
        (SignUp(ADA, "topic:("), Wished(queries=1)),
    ],
)  # fmt: skip
def test_a_wish_is_said_by_the_names_that_the_paper_has(sign_up: SignUp, wished: Wished) -> None:
    """What has no such name is counted."""
    assert WishWords(default_config())(sign_up) == wished


# ---------------------------------------------------------------- servers and their moods


def test_nothing_is_connected_to_where_nothing_is_due(paper: Paper) -> None:
    """It is asked every few seconds."""
    assert paper.tend() == 0
    assert paper.server.opened == 0
    assert not (paper.folder / "send.lock").exists()


def test_nothing_is_claimed_while_the_server_is_down(paper: Paper) -> None:
    """As soon as it is back the mail goes out, and nobody waits for a back-off."""
    paper.ask()
    paper.server.down = "mail.lab.example does not answer"
    with pytest.raises(DeliveryError, match="does not answer"):
        paper.tend()
    assert paper.pending() == ["asked"]
    paper.server.down = ""
    assert paper.tend() == 1


def test_a_server_that_is_lost_defers_the_mail_in_hand_and_ends_the_round(paper: Paper) -> None:
    """What was not begun goes out in the next round; no error shows an address."""

    def lost(letter: Letter) -> Answer:
        raise DeliveryError(f"the connection broke at {letter.recipient}")

    paper.ask(ADA)
    paper.ask(BOB)
    paper.server.say = lost
    with pytest.raises(DeliveryError, match="the connection broke") as told:
        paper.tend()
    assert "uni.example" not in str(told.value) + "".join(paper.said)
    paper.server.say = lambda letter: SENT
    assert paper.tend() == 1
    paper.now += QUARTER
    assert paper.tend() == 1
    assert paper.server.to == [BOB, ADA]


def test_a_channel_of_somebody_else_that_breaks_leaves_its_mail_in_doubt(paper: Paper) -> None:
    """It may have arrived: it is not sent again by itself."""

    def broken(letter: Letter) -> Answer:
        raise RuntimeError(f"no route to {letter.recipient}")

    paper.ask()
    paper.server.say = broken
    with pytest.raises(DeliveryError, match="RuntimeError") as told:
        paper.tend()
    assert "uni.example" not in str(told.value) + "".join(paper.said)
    assert paper.pending() == ["uncertain"]
    paper.server.say = lambda letter: SENT
    paper.now += timedelta(hours=1)
    assert paper.tend() == 0


def test_a_server_that_refuses_our_sender_ends_the_round_and_fails_nobody(paper: Paper) -> None:
    """Three in a row; once it is put right all get theirs."""
    for n in range(5):
        paper.ask(f"reader{n}@uni.example")
    paper.server.say = lambda letter: NOT_OURS
    with pytest.raises(DeliveryError, match="tried again by themselves"):
        paper.tend()
    assert paper.pending() == ["asked"] * 5
    assert sum("state=failed" in line for line in paper.said) == 3
    paper.server.say = lambda letter: SENT
    paper.now += QUARTER
    assert paper.tend() == 5


def test_one_refused_mail_holds_up_no_other(paper: Paper) -> None:
    """A mailbox that is not there fails, and the next reader gets theirs."""
    gone = Answer("failed", 550, "5.1.1", "550 5.1.1 no such user")
    paper.server.say = lambda letter: gone if letter.recipient == ADA else SENT
    paper.ask(ADA)
    paper.ask(BOB)
    assert paper.tend() == 1
    assert paper.pending() == ["failed", "sent"]
    assert paper.said[0] == 'notice=1 kind=confirm state=failed told="550 5.1.1 no such user"'


def test_what_a_crash_left_is_in_doubt_and_not_sent_again(paper: Paper) -> None:
    """It may have arrived; who asks anew gets a new one, as far as their mailbox may."""
    paper.ask()
    assert paper.sign_ups.claim(NOW)
    assert paper.tend() == 0
    assert paper.pending() == ["uncertain"]


def test_a_mistake_in_a_template_loses_no_sign_up(paper: Paper) -> None:
    """It is told with its line, and the mail goes out when it is mended."""
    paper.templates = paper.folder / "templates"
    words = paper.templates / "mail" / "notice_confirm.html"
    words.parent.mkdir(parents=True)
    words.write_text("{% set subject %}{{ told.papre }}{% endset %}")
    paper.ask()
    with pytest.raises(BuildError, match=r"notice_confirm\.html:1: .*papre"):
        paper.tend()
    assert paper.pending() == ["asked"]
    words.unlink()
    paper.now += QUARTER
    assert paper.tend() == 1


def test_two_mailers_do_not_meet(paper: Paper) -> None:
    """While another process has the lock of notices, nothing is claimed here."""
    paper.ask()
    with run_lock(paper.folder / "notices.lock"):
        assert paper.tend() == 0
    assert paper.pending() == ["asked"]
    assert paper.tend() == 1


def test_a_list_that_keeps_its_members_writes_to_nobody_else(paper: Paper) -> None:
    """Its readers sign up there."""
    paper.config = replace(paper.config, delivery=replace(SPEC, kind="list", to="ml@lab.example"))
    paper.ask()
    assert paper.tend() == 0
    assert paper.server.opened == 0


def test_the_paper_does_not_write_to_itself(paper: Paper) -> None:
    """Its own sender and inbox are nobody who could confirm."""
    for address in ("paper@lab.example", "box@lab.example"):
        paper.ask(address)
    assert paper.tend() == 0
    assert paper.pending() == ["dropped", "dropped"]


def test_without_a_way_to_send_mails_go_into_a_folder(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For a demonstration; where feeds.yaml says how they go out, that holds."""
    monkeypatch.undo()
    undecided = replace(paper.config, delivery=None)
    paper.config = undecided
    with pytest.raises(DeliveryError, match="delivery:"):
        paper.tend()
    paper.config = into_folder(undecided, paper.folder / "mails")
    paper.ask()
    assert paper.tend() == 1
    (file,) = (paper.folder / "mails").iterdir()
    assert re.fullmatch(r"notice\.[a-z2-7]{26}\.eml", file.name)
    assert file.stat().st_mode & 0o777 == 0o600
    config = replace(undecided, delivery=SPEC)
    assert into_folder(config, paper.folder) is config


def test_over_smtp_a_notice_bounces_to_an_address_of_its_own(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real server takes it; the envelope shows the tag of the mail, and no token."""
    monkeypatch.undo()
    with MailServer() as server:
        entry = ServerEntry("127.0.0.1", server.port, "none")
        paper.config = replace(paper.config, delivery=replace(SPEC, server=entry))
        paper.ask()
        assert paper.tend() == 1
        (one,) = server.mails
    assert one.recipient == ADA
    tag = re.fullmatch(r"box\+b-([a-z2-7]{26})@lab\.example", one.sender)
    assert tag
    mail = email.message_from_bytes(one.body, policy=policy.default)
    assert mail["Message-ID"] == f"<notice.{tag[1]}@lab.example>"
    assert paper.sign_ups.returned(tag[1], "550 5.1.1 no such user", NOW)
    assert paper.pending() == ["failed"]


# ---------------------------------------------------------------- welcomes


WELCOME = "This is the newest issue. It comes now because you have confirmed your subscription."


def test_a_welcome_says_at_its_top_why_it_comes_now(paper: Paper, tmp_path: Path) -> None:
    """Before the news, in both parts and on the page of what they got; an operator may say it else."""
    ada = paper.join()
    paper.tend()
    (letter,) = paper.server.letters
    for said in (" ".join(text_of(letter).split()), html_of(letter)):
        assert said.count(WELCOME) == 1
        assert said.index(WELCOME) < said.index("in one minute")
    shown = as_got(paper.config, paper.store, paper.readers, ada, WEEK, templates=None, app=BASE)
    assert shown
    assert WELCOME in shown
    words = "{% macro short(way) %}{{ way.what }}{% endmacro %}{% macro whole(way) %}{{ way.what }}{% endmacro %}"
    paper.templates = tmp_path / "templates"
    (paper.templates / "mail").mkdir(parents=True)
    (paper.templates / "mail" / "ways.txt").write_text(
        f"{words}{{% set welcome = 'Da ist sie.' %}}"
    )
    paper.join(BOB)
    paper.tend()
    text = text_of(paper.server.letters[0])
    assert "Da ist sie." in text
    assert f"\nleave: {BASE}leave/" in text


def test_only_a_welcome_says_so(paper: Paper) -> None:
    """Who was here before gets the same issue without it."""
    ada = paper.readers.add(ADA, consent="asked", now=NOW).subscriber
    mails = Mails(paper_to_send(paper.config, paper.store, WEEK, None, SPEC, BASE))
    send_week(paper.job, mails)
    assert paper.server.to == [ada.address]
    assert "because you have confirmed" not in text_of(paper.server.letters[0])


def test_while_an_issue_is_sent_elsewhere_a_welcome_waits_and_a_confirmation_does_not(
    paper: Paper,
) -> None:
    """Another process holds the lock of sending, for hours perhaps."""
    ada = paper.join(ADA)
    paper.ask(BOB)
    with run_lock(paper.folder / "send.lock"):
        assert paper.tend() == 1
        assert paper.server.to == [BOB]
        assert paper.row(ada)[0] == "queued"
    assert paper.tend() == 1
    assert paper.server.to == [BOB, ADA]


def test_whoever_confirms_while_the_week_is_sent_gets_it_from_that_sending(paper: Paper) -> None:
    """Once, and no welcome beside it."""
    paper.readers.add(CY, consent="asked", now=NOW)
    paper.ask(ADA)
    paper.tend()
    (token,) = re.findall(rf"{BASE}confirm/([a-z2-7]+)", text_of(paper.server.letters.pop()))

    def confirms(letter: Letter) -> Answer:
        paper.sign_ups.confirm(token, NET, NOW, WEEK)
        return SENT

    paper.server.say = confirms
    assert send_week(paper.job, mails_of(paper))["sent"] == 2
    assert paper.server.to == [CY, ADA]
    assert paper.tend() == 0


def test_nobody_confirms_between_the_list_of_recipients_and_what_is_withdrawn(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their welcome would be taken for the mail of somebody who is no recipient any more."""
    told = recipients.pausing

    def at_that_moment(*asked: object) -> tuple[Subscriber, ...]:
        other = sqlite3.connect(paper.folder / "readers.db", timeout=0)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("begin immediate")
        other.close()
        seen.append(True)
        return told(*asked)  # type: ignore[arg-type]

    seen: list[bool] = []
    monkeypatch.setattr(recipients, "pausing", at_that_moment)
    send_week(paper.job, mails_of(paper))
    assert seen == [True]


def test_a_welcome_is_for_its_reader_alone(paper: Paper) -> None:
    """Others whose mail of the week waits are left to the sending of the week."""
    bob = paper.readers.add(BOB, consent="asked", now=NOW).subscriber
    Outbox(paper.readers).queue(WEEK, [bob.id], NOW)
    paper.join(ADA)
    assert paper.tend() == 1
    assert paper.server.to == [ADA]
    assert paper.row(bob)[0] == "queued"


def test_where_no_issue_is_printed_there_is_no_welcome(paper: Paper) -> None:
    """Confirmed all the same; the first issue comes when it is printed."""
    with Store(MEMORY) as empty:
        assert newest_week(empty) == ""
        empty.keep_issue(replace(ISSUE, state="draft", why_draft="arXiv is late"))
        assert newest_week(empty) == ""
    paper.join(ADA, week="")
    assert paper.tend() == 0
    assert paper.server.letters == []


@pytest.mark.parametrize(("empty", "out"), [("skip", 0), ("say", 1)])
def test_an_issue_without_a_match_comes_only_to_those_who_want_it(
    paper: Paper, empty: str, out: int
) -> None:
    """“Only when something matches” holds for the welcome, too."""
    ada = paper.join(filter="zebrafish", empty=empty)
    assert paper.tend() == out
    expected = ("sent", "250 ok") if out else ("suppressed", "nothing matched")
    assert paper.row(ada) == expected
    if out:
        assert "nothing for you" in parsed(paper.server.letters[0])["Subject"]
    assert paper.tend() == 0


def test_whoever_leaves_before_the_welcome_gets_none(paper: Paper) -> None:
    """The wish to leave holds for the next mail."""
    ada = paper.join()
    paper.readers.leave(ada.id, "the page leave/", NOW)
    assert paper.tend() == 0
    assert paper.server.letters == []


def test_a_week_that_is_paused_waits_for_a_person(paper: Paper) -> None:
    """A welcome resumes nothing that 5 % of failures have stopped."""
    ada = paper.join()
    outbox = Outbox(paper.readers)
    outbox.pause(WEEK, NOW)
    assert paper.tend() == 0
    assert outbox.paused(WEEK)
    outbox.resume(WEEK)
    assert paper.tend() == 1
    assert paper.row(ada)[0] == "sent"


def test_a_week_that_is_paused_just_before_its_welcome_stays_so(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sending has found out that too many fail, and lets go of the lock."""
    paper.join()
    outbox = Outbox(paper.readers)

    def held(file: Path) -> AbstractContextManager[None]:
        if file.name == "send.lock":
            outbox.pause(WEEK, NOW)
        return run_lock(file)

    monkeypatch.setattr(signing_up, "run_lock", held)
    assert paper.tend() == 0
    assert outbox.paused(WEEK)


def test_an_issue_that_is_gone_holds_up_no_other_welcome(paper: Paper) -> None:
    """As after paper.db was restored from an older backup: who confirms later gets what there is."""
    ada, bob = paper.join(ADA, week=""), paper.join(BOB, week="")
    queue_welcome(paper.readers, "2026-W09", ada, NOW)
    queue_welcome(paper.readers, WEEK, bob, NOW)
    with pytest.raises(DeliveryError, match="there is no issue of 2026-W09"):
        paper.tend()
    assert paper.server.to == [BOB]
    assert paper.row(bob)[0] == "sent"
    assert paper.sign_ups.welcomes(NOW) == (("2026-W09", ada.id),)


# ---------------------------------------------------------------- what somebody got


def test_an_issue_is_shown_as_its_reader_got_it(paper: Paper) -> None:
    """By the wish of then, with the links of now; to nobody else, and no other week."""
    bob, ada = paper.join(BOB, week=""), paper.join(ADA, filter="topic:vision")
    paper.tend()
    mailed = html_of(paper.server.letters[0])
    paper.readers.change(ada.id, filter="topic:graphs", now=NOW)

    def shown(who: Subscriber, week: str = WEEK) -> str | None:
        return as_got(paper.config, paper.store, paper.readers, who, week, templates=None, app=BASE)

    page = shown(ada)
    assert page
    assert page.strip() == mailed.strip()
    assert f"{BASE}leave/{ada.token}" in page
    assert f"{BASE}preferences/{ada.preferences}" in page
    assert "<script" not in page
    assert [(row.week, row.queued) for row in issues_got(paper.readers, ada)] == [(WEEK, NOW)]
    assert shown(ada, "2026-W09") is None
    assert shown(bob) is None
    assert issues_got(paper.readers, bob) == ()
