"""Hooks: who is called, for what, once; and what becomes of a call that nobody takes."""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from timeit import default_timer
from typing import Any

import pytest

from loopback import Answer, Asked, Loopback, Raw
from sundaypaper.config import load
from sundaypaper.config.web_settings import EVENTS
from sundaypaper.delivery import Readers
from sundaypaper.delivery.hook_calls import HookCalls, HookOutcome
from sundaypaper.delivery.sign_ups import SignUps
from sundaypaper.errors import DeliveryError
from sundaypaper.models import Answer as MailAnswer
from sundaypaper.models import IssueHead, SignUp
from sundaypaper.net import Net
from sundaypaper.pipeline import hooks
from sundaypaper.pipeline.hooks import HookJob, call_hooks, hook_troubles, note_printed, signature

NOW = datetime(2026, 3, 8, 12, tzinfo=UTC)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_" + "QUJD" * 8
ADA = "ada@lab.example"
DOCS = Path(__file__).parents[1] / "docs" / "hooks.md"
YAML = """base_url: https://paper.example/
network: {{allow_private: {private}}}
sources: [{{kind: arxiv}}]
hooks:
  subscribed: {url}
  printed: {url}
  secret: env:HOOK_SECRET
"""


def numbered() -> Callable[[int], bytes]:
    """Randomness that never repeats and is the same in every test."""
    made = iter(range(1, 1_000_000))
    return lambda size: next(made).to_bytes(size, "big")


@dataclass
class Paper:
    """A root with its readers, whose clock moves by hand."""

    root: Path
    readers: Readers
    now: datetime = NOW
    environ: dict[str, str] = field(default_factory=lambda: {"HOOK_SECRET": SECRET})
    lines: list[str] = field(default_factory=list)
    said: set[str] = field(default_factory=set)
    is_ending: bool = False

    def hooked(self, url: str, private: str = "true") -> None:
        """feeds.yaml names that address for both events."""
        (self.root / "feeds.yaml").write_text(YAML.format(url=url, private=private))

    def job(self) -> HookJob:
        """The job with feeds.yaml as it is now."""
        config = load(self.root / "feeds.yaml")
        net = Net(
            user_agent="test/1",
            allow_private=config.network.allow_private,
            monotonic=default_timer,
            sleep=lambda _: None,
        )
        say = self.lines.append
        return HookJob(config, self.readers, self.environ, net, lambda: self.now, say, lambda: self.is_ending, self.said)  # fmt: skip

    def round(self) -> int:
        """One round of whoever calls hooks; how many calls were taken."""
        return call_hooks(self.job())

    def later(self, **more: float) -> None:
        """Time goes by."""
        self.now += timedelta(**more)

    def confirms(self, address: str = ADA, **more: Any) -> None:
        """Somebody confirms a sign-up of the page."""
        more = {"origin": "web", "consent": "sign-up page, text 1"} | more
        self.readers.add(address, now=self.now, **more)

    def troubles(self) -> tuple[str, ...]:
        """What `status` says of hooks."""
        return hook_troubles(load(self.root / "feeds.yaml"), self.readers, self.now)


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    """A paper with an empty readers.db."""
    with Readers(tmp_path / "readers.db", numbered()) as readers:
        yield Paper(tmp_path, readers)


@pytest.fixture
def is_ours() -> Callable[..., bool]:
    """The verifier that the manual shows to whoever writes a receiver."""
    (code,) = re.findall(r"```python\n(.+?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    made: dict[str, Any] = {}
    exec(code, made)
    verifier: Callable[..., bool] = made["is_ours"]
    return verifier


def head(week: str = "2026-W10", composed: datetime = NOW) -> IssueHead:
    """An issue that was printed."""
    return IssueHead(week, "frozen", "Kettles learn “to boil”", 40, 400, composed)


def published(paper: Paper, week: str = "2026-W10") -> Path:
    """The page of an issue is out; the folder of the pages."""
    page = paper.root / "output" / "site" / "issues" / week / "index.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text("…")
    return paper.root / "output"


# ------------------------------------------------------------ what is sent


def test_a_signature_is_that_of_the_specification() -> None:
    """The published vector of Standard Webhooks."""
    keys = hooks.signing_keys({"X": SECRET}, "X")
    made = signature(keys, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_confirmed_sign_up_is_told_once_and_names_no_address(
    paper: Paper, is_ours: Callable[..., bool]
) -> None:
    """Number, wish and time in a call that the manual's ten lines take for ours."""
    with Loopback({"/in": Answer(204)}) as server:
        paper.hooked(server.url("/in"))
        paper.confirms(filter='topic:robotics author:"x@y.example"')
        assert [paper.round(), paper.round()] == [1, 0]
        (asked,) = server.asked
    assert (asked.method, asked.headers["content-type"]) == ("POST", "application/json")
    assert json.loads(asked.body) == {
        "type": "reader.subscribed",
        "timestamp": "2026-03-08T12:00:00Z",
        "data": {
            "subscriber": 1,
            "edition": "",
            "filter": 'topic:robotics author:"<address>"',
            "source": "web",
            "confirmed": "2026-03-08T12:00:00Z",
        },
    }
    assert b"@" not in asked.body
    assert re.fullmatch(r"msg_[a-z2-7]{26}", asked.headers["webhook-id"])
    then = NOW.timestamp()
    assert is_ours(SECRET, asked.headers, asked.body, lambda: then + 299)
    assert not is_ours(SECRET, asked.headers, asked.body, lambda: then + 301)
    assert not is_ours(SECRET, asked.headers, asked.body + b" ", lambda: then)
    assert not is_ours(OTHER, asked.headers, asked.body, lambda: then)


def test_a_sign_up_is_told_once_it_is_confirmed_and_not_before(paper: Paper) -> None:
    """Who only asked, and whose mail is on its way, is nobody's news."""
    with Loopback({"/in": Answer()}) as server:
        paper.hooked(server.url("/in"))
        sign_ups = SignUps(paper.readers)
        sign_ups.ask(SignUp(ADA, "topic:vision", network="203.0.113.0/24"), paper.now)
        notice = sign_ups.claim(paper.now)
        assert notice is not None
        sign_ups.settle(notice, MailAnswer("sent", 250), paper.now)
        assert paper.round() == 0
        paper.later(minutes=10)
        sign_ups.confirm(notice.token, "203.0.113.0/24", paper.now)
        assert paper.round() == 1
        sign_ups.confirm(notice.token, "203.0.113.0/24", paper.now)
        assert paper.round() == 0
        (asked,) = server.asked
    told = json.loads(asked.body)
    assert told["data"]["filter"] == "topic:vision"
    assert told["timestamp"] == told["data"]["confirmed"] == "2026-03-08T12:10:00Z"
    assert b"203.0.113" not in asked.body
    assert b"ada" not in asked.body


def test_a_printed_issue_is_told_once_when_its_page_is_out(paper: Paper) -> None:
    """A draft, an old issue and one whose page is not there are not told."""
    heads = (
        replace(head("2026-W11"), state="draft"),
        head(),
        head("2026-W08", NOW - timedelta(days=7)),
    )
    for week in ("2026-W11", "2026-W08"):
        published(paper, week)
    with Loopback({"/in": Answer()}) as server:
        paper.hooked(server.url("/in"))
        note_printed(paper.job(), heads, paper.root / "output")
        assert paper.round() == 0
        note_printed(paper.job(), heads, published(paper))
        assert paper.round() == 1
        note_printed(paper.job(), heads, published(paper))
        assert paper.round() == 0
        (asked,) = server.asked
    assert json.loads(asked.body) == {
        "type": "issue.printed",
        "timestamp": "2026-03-08T12:00:00Z",
        "data": {
            "week": "2026-W10",
            "headline": "Kettles learn “to boil”",
            "page": "https://paper.example/issues/2026-W10/index.html",
            "issue_json": "https://paper.example/issues/2026-W10/issue.json",
        },
    }


def test_nobody_else_than_who_signed_up_on_the_page_is_told_of(paper: Paper) -> None:
    """Not who was added or imported, not who confirmed long ago; who comes back is told anew."""
    with Loopback({"/in": Answer()}) as server:
        paper.hooked(server.url("/in"))
        paper.confirms("a@lab.example", origin="command")
        paper.confirms("b@lab.example", origin="import")
        paper.confirms("c@lab.example")
        paper.later(days=6, seconds=1)
        assert paper.round() == 0
        paper.confirms(ADA)
        assert paper.round() == 1
        paper.readers.leave(4, "one click", paper.now)
        paper.later(hours=1)
        paper.confirms(ADA, again=True)
        assert paper.round() == 1
        told = [json.loads(asked.body)["data"]["subscriber"] for asked in server.asked]
    assert told == [4, 4]


def test_a_secret_is_changed_without_a_gap(paper: Paper, is_ours: Callable[..., bool]) -> None:
    """While the variable holds two, whoever knows one of them takes the call for ours."""
    paper.environ["HOOK_SECRET"] = f"{OTHER} {SECRET}"
    with Loopback({"/in": Answer()}) as server:
        paper.hooked(server.url("/in"))
        paper.confirms()
        assert paper.round() == 1
        (asked,) = server.asked
    for secret in (SECRET, OTHER):
        assert is_ours(secret, asked.headers, asked.body, NOW.timestamp)


@pytest.mark.parametrize("secret", ["", "hunter2", "whsec_c2hvcnQ=", "whsec_" + "QUJD" * 30, "whsec_QUJ"])  # fmt: skip
def test_without_a_good_secret_nothing_is_sent_and_that_is_said_once(
    paper: Paper, secret: str
) -> None:
    """The sentence names the variable and not what it holds; the call waits."""
    paper.environ["HOOK_SECRET"] = secret
    with Loopback({"/in": Answer()}) as server:
        paper.hooked(server.url("/in"))
        paper.confirms()
        assert [paper.round(), paper.round()] == [0, 0]
        assert server.asked == []
        (line,) = paper.lines
        assert "HOOK_SECRET" in line
        assert not secret or secret not in line
        paper.later(hours=3)
        (trouble,) = paper.troubles()
        assert "1 call to be made again" in trouble
        assert "with the secret?" in trouble
        paper.environ["HOOK_SECRET"] = SECRET
        assert paper.round() == 1


def test_a_paper_without_hooks_calls_nobody_and_notes_nothing(paper: Paper) -> None:
    """No table is touched."""
    (paper.root / "feeds.yaml").write_text("sources: [{kind: arxiv}]\n")
    paper.confirms()
    note_printed(paper.job(), [head()], published(paper))
    assert (paper.round(), hooks.note_confirmed(paper.job()), paper.troubles()) == (0, 0, ())
    assert paper.readers.db.table("hook_calls").count == 0
    assert paper.lines == []


# ------------------------------------------------------------ what nobody takes


def test_a_call_that_fails_is_tried_eight_times_over_a_day_and_a_half(paper: Paper) -> None:
    """With the same id and body, and a time of its own each; then it is given up, and said."""
    with Loopback({"/in": Answer(500)}) as server:
        paper.hooked(server.url("/in"))
        paper.confirms()
        paper.round()
        for wait in (5, 60, 600, 3_600, 14_400, 43_200, 86_400):
            asked = len(server.asked)
            paper.later(seconds=wait - 1)
            paper.round()
            assert len(server.asked) == asked
            paper.later(seconds=1)
            paper.round()
            assert len(server.asked) == asked + 1
        paper.later(days=1)
        paper.round()
        assert len(server.asked) == 8
        assert len({(a.headers["webhook-id"], a.body) for a in server.asked}) == 1
        times = [int(a.headers["webhook-timestamp"]) for a in server.asked]
    assert [b - a for a, b in pairwise(times)] == [5, 60, 600, 3_600, 14_400, 43_200, 86_400]  # fmt: skip
    assert paper.troubles() == ("hook subscribed: 1 call given up within a week: it answered 500",)
    assert paper.lines[0] == "hook subscribed: try 1 of its call failed: it answered 500"


def test_who_asks_to_wait_is_left_alone_for_so_long(paper: Paper) -> None:
    """429 with Retry-After: neither that call nor another is made before; a day at most."""
    answers = [Answer(429, {"Retry-After": "1800"}), Answer(503, {"Retry-After": "9999999"})]
    with Loopback({"/in": lambda _: answers.pop(0) if answers else Answer()}) as server:
        paper.hooked(server.url("/in"))
        paper.confirms()
        paper.round()
        paper.later(seconds=1_799)
        paper.confirms("bob@lab.example")
        paper.round()
        assert len(server.asked) == 1
        assert "again from 2026-03-08 12:30 UTC on: it answered 429" in paper.troubles()[0]
        paper.later(seconds=1)
        paper.round()
        assert len(server.asked) == 2
        paper.later(days=1)
        assert paper.round() == 2
    assert paper.troubles() == ()


def test_calls_to_an_address_that_fails_rest_together(paper: Paper) -> None:
    """A hundred sign-ups cost one try in five minutes, not a hundred."""
    with Loopback({"/in": Answer(502)}) as server:
        paper.hooked(server.url("/in"))
        for number in range(100):
            paper.confirms(f"reader{number}@lab.example")
        for _ in range(133):
            paper.round()
            paper.later(seconds=5)
        # At once, after 5 seconds, a minute, and then each five minutes.
        assert len(server.asked) == 4
        server.script["/in"] = Answer()
        paper.later(minutes=5)
        assert paper.round() == 100


def test_who_wants_no_more_calls_gets_none_until_feeds_yaml_changes(paper: Paper) -> None:
    """410 switches the hook off, for what comes after too, and `status` says so."""
    answers = [Answer(410)]
    with Loopback({"/in": lambda _: answers.pop(0) if answers else Answer()}) as server:
        paper.hooked(server.url("/in"))
        paper.confirms()
        paper.round()
        paper.later(days=2)
        paper.confirms("bob@lab.example")
        assert (paper.round(), len(server.asked)) == (0, 1)
        (trouble,) = paper.troubles()
        assert "hook subscribed: is switched off until feeds.yaml changes" in trouble
        with (paper.root / "feeds.yaml").open("a") as file:
            file.write("# mended\n")
        assert (paper.round(), len(server.asked)) == (1, 2)
        assert json.loads(server.asked[1].body)["data"]["subscriber"] == 2


def test_a_redirect_is_no_answer_and_is_not_followed(paper: Paper) -> None:
    """Whoever moved says so in feeds.yaml."""
    with Loopback({"/in": Answer(308, {"Location": "/new"}), "/new": Answer()}) as server:
        paper.hooked(server.url("/in"))
        paper.confirms()
        assert paper.round() == 0
        assert server.paths() == ["/in"]
    assert "it answered 308, and leads elsewhere" in paper.lines[0]


def test_an_answer_of_a_gigabyte_is_a_yes_all_the_same(paper: Paper) -> None:
    """Its status came; the rest is not read."""
    sent: list[int] = []

    def endless(_: Asked, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
        with suppress(OSError):
            for number in range(1_000):
                connection.sendall(b"x" * 1_000_000)
                sent.append(number)

    with Loopback({"/in": Raw(endless)}) as server:
        paper.hooked(server.url("/in"))
        paper.confirms()
        assert paper.round() == 1
    assert len(sent) < 20


def test_a_receiver_that_says_nothing_holds_nobody(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When its time is up the call has failed, and the round goes on."""
    monkeypatch.setattr(hooks, "PATIENCE", 0.2)
    hold = threading.Event()

    def silent(*_: Any) -> None:
        hold.wait(20)

    with Loopback({"/in": Raw(silent)}) as server:
        paper.hooked(server.url("/in"))
        paper.confirms()
        assert paper.round() == 0
        hold.set()
    assert "did not come whole within its time" in paper.lines[0]


def test_a_round_begins_no_call_after_fifteen_seconds(paper: Paper) -> None:
    """So that a receiver that is slow to say yes keeps no mail waiting."""

    def slow(_: Asked) -> Answer:
        paper.later(seconds=9)
        return Answer()

    with Loopback({"/in": slow}) as server:
        paper.hooked(server.url("/in"))
        for number in range(5):
            paper.confirms(f"reader{number}@lab.example")
        assert [paper.round() for _ in range(3)] == [2, 2, 1]


def test_private_addresses_are_called_only_where_feeds_yaml_allows_it(paper: Paper) -> None:
    """The way out judges them as it does a source's."""
    with Loopback({"/in": Answer()}) as server:
        paper.hooked(server.url("/in"), private="false")
        paper.confirms()
        assert paper.round() == 0
        assert server.asked == []
        assert "refused" in paper.lines[0]
        paper.hooked(server.url("/in"))
        paper.later(minutes=1)
        assert paper.round() == 1


def test_nobody_at_home_is_said_and_tried_again(paper: Paper) -> None:
    """A connection that is refused raises nothing."""
    with Loopback({}) as server:
        gone = server.url("/in")
    paper.hooked(gone)
    paper.confirms()
    assert paper.round() == 0
    assert "the connection failed" in paper.lines[0]
    assert "1 call to be made again" in paper.troubles()[0]


# ------------------------------------------------------------ kills and two at once


def _killed_before_it_settles(root: Path) -> None:
    """A process that dies when the answer has come and is not kept."""

    def die(*_: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    HookCalls.settle = die  # type: ignore[assignment,method-assign]
    with Readers(root / "readers.db", numbered()) as readers:
        Paper(root, readers).round()


def test_a_call_that_a_kill_leaves_open_is_made_again_under_its_name(paper: Paper) -> None:
    """The receiver knows it by webhook-id; until it is sure that nobody is at it, nobody calls."""
    with Loopback({"/in": Answer()}) as server:
        paper.hooked(server.url("/in"))
        paper.confirms()
        line = multiprocessing.get_context("spawn")
        process = line.Process(target=_killed_before_it_settles, args=(paper.root,))
        process.start()
        process.join()
        assert (process.exitcode, len(server.asked)) == (-signal.SIGKILL, 1)
        paper.later(seconds=119)
        assert paper.round() == 0
        paper.later(seconds=1)
        assert [paper.round(), paper.round()] == [1, 0]
        first, second = server.asked
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body


def test_a_call_that_dies_in_its_last_try_is_given_up(paper: Paper) -> None:
    """However often the program is killed in it, it is tried eight times."""
    paper.hooked("https://a.example/")
    paper.confirms()
    hooks.note_confirmed(paper.job())
    calls = HookCalls(paper.readers)
    for number in range(1, 9):
        claimed = calls.claim(("subscribed",), "f", paper.now)
        assert claimed is not None
        assert claimed.tries == number
        paper.later(minutes=2)
    assert calls.claim(("subscribed",), "f", paper.now) is None
    assert "1 call given up within a week: nobody took it in time" in paper.troubles()[0]


def test_two_that_call_at_once_never_make_the_same_call(paper: Paper) -> None:
    """Between the look and the lock another took it; who comes late changes nothing that is done."""
    paper.hooked("https://a.example/")
    paper.confirms()
    hooks.note_confirmed(paper.job())
    calls, events = HookCalls(paper.readers), EVENTS
    with Readers(paper.root / "readers.db", numbered()) as others:
        first = calls.claim(events, "f", NOW)
        assert first is not None
        assert HookCalls(others).claim(events, "f", NOW) is None
        paper.later(minutes=2)
        second = HookCalls(others).claim(events, "f", paper.now)
        assert second is not None
        assert (second.id, second.tries) == (first.id, 2)
        HookCalls(others).settle(second, HookOutcome("taken"), "f", paper.now)
        calls.settle(first, HookOutcome("refused", "too late"), "f", paper.now)
    states = list(paper.readers.db.query("select state, told, body from hook_calls"))
    assert states == [{"state": "done", "told": "", "body": ""}]


def test_a_program_that_ends_leaves_its_call_to_the_next(paper: Paper) -> None:
    """What our own end cut off is no fault of the receiver."""

    def cut(_: Asked, connection: socket.socket) -> None:
        paper.is_ending = True
        connection.close()

    with Loopback({"/in": Raw(cut)}) as server:
        paper.hooked(server.url("/in"))
        paper.confirms()
        assert paper.round() == 0
        assert paper.lines == []
        server.script["/in"] = Answer()
        paper.is_ending = False
        paper.later(minutes=2)
        assert paper.round() == 1


# ------------------------------------------------------------ what is kept


def test_who_is_erased_is_told_of_no_more(paper: Paper) -> None:
    """A call that waits is gone with them; an export shows it before."""
    with Loopback({"/in": Answer(500)}) as server:
        paper.hooked(server.url("/in"))
        paper.confirms(filter="topic:vision")
        paper.round()
        (call,) = paper.readers.export(ADA)["hook_calls"]
        assert (call["event"], call["state"]) == ("subscribed", "waiting")
        assert "topic:vision" in call["body"]
        paper.readers.erase(ADA, paper.now)
        paper.later(days=1)
        paper.round()
        assert len(server.asked) == 1
    assert b"topic:vision" not in (paper.root / "readers.db").read_bytes()


def test_what_was_told_is_forgotten_and_still_told_once(paper: Paper) -> None:
    """A settled call keeps no word of the reader; after a month nothing of it is left."""
    with Loopback({"/in": Answer()}) as server:
        paper.hooked(server.url("/in"))
        paper.confirms(filter="topic:vision")
        paper.round()
        assert [r["body"] for r in paper.readers.db.query("select body from hook_calls")] == [""]
        paper.later(days=31)
        paper.confirms("bob@lab.example")
        paper.round()
        assert len(server.asked) == 2
    assert [r["subscriber"] for r in paper.readers.db.query("select * from hook_calls")] == [2]


def test_old_news_is_given_up(paper: Paper) -> None:
    """An address that was off for a week hears nothing of what came before."""
    paper.environ["HOOK_SECRET"] = ""
    with Loopback({"/in": Answer()}) as server:
        paper.hooked(server.url("/in"))
        paper.confirms()
        paper.round()
        paper.later(days=7, seconds=1)
        paper.environ["HOOK_SECRET"] = SECRET
        assert paper.round() == 0
        assert server.asked == []
    assert "1 call given up" in paper.troubles()[0]


def test_a_readers_db_that_cannot_be_used_is_said_and_raises_nothing(paper: Paper) -> None:
    """Whoever calls hooks goes on with their own work."""
    paper.hooked("https://a.example/")
    paper.readers.db.execute("drop table hook_calls")
    assert [paper.round(), paper.round()] == [0, 0]
    (line,) = paper.lines
    assert "readers.db" in line


def test_a_secret_that_is_none_is_refused_with_its_variable() -> None:
    """Which variable, and what belongs into it."""
    with pytest.raises(DeliveryError, match="the variable NAME is not set"):
        hooks.signing_keys({}, "NAME")
    with pytest.raises(DeliveryError, match="NAME: expected secrets of the form whsec_"):
        hooks.signing_keys({"NAME": f"{SECRET} other"}, "NAME")
