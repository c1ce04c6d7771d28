"""Votes of readers elsewhere: what a list says, when it is asked, and a week that lacks it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from loopback import Answer, Asked, Loopback
from running import Said, job
from sundaypaper import config
from sundaypaper.config import Config
from sundaypaper.models import Ask, Fetched, Issue, PollState, Votes
from sundaypaper.net import Net, Pace
from sundaypaper.pipeline.collecting import try_sources
from sundaypaper.pipeline.run import collect_week, print_by_hand, run_week
from sundaypaper.sources import Tools, VotesSource, in_process
from sundaypaper.sources.votes import fetch
from sundaypaper.store import Store
from test_bundle import PAPER, written
from test_pipeline import Arxiv, Paper, week_of_papers

FRIDAY = datetime(2026, 3, 6, 12, tzinfo=UTC)
SUNDAY = datetime(2026, 3, 8, 12, tzinfo=UTC)
TUESDAY = datetime(2026, 3, 10, 12, tzinfo=UTC)
FIRST, SECOND = "arxiv:2603.00001", "arxiv:2603.00002"
# Without a paper that names a venue arXiv's answer is not believed.
OLD = Paper("2501.00001", "2025-01-06T09:00:00Z", comment="CVPR 2025")


def row(id: object, votes: object) -> dict[str, Any]:
    """A row as the real list has it, with a word of the rest."""
    return {"paper": {"id": id, "upvotes": votes, "title": "A paper"}, "numComments": 0}


@dataclass
class Listing:
    """A list by ISO week, which answers a page at a time; says is an answer in its place."""

    weeks: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    says: Answer | None = None

    def __call__(self, asked: Asked) -> Answer:
        if self.says:
            return self.says
        given = {name: values[0] for name, values in parse_qs(urlsplit(asked.path).query).items()}
        size, page = int(given["limit"]), int(given["p"])
        rows = self.weeks.get(given["week"], [])[page * size : (page + 1) * size]
        return Answer(body=json.dumps(rows).encode())


def net() -> Net:
    """A real client that may ask loopback."""
    return Net(
        user_agent="test", allow_private=True, monotonic=lambda: 0.0, sleep=lambda _seconds: None
    )


def asked_for(
    listing: Listing | Answer, ask: Ask | None = None, poll: PollState | None = None
) -> tuple[Fetched, list[str]]:
    """What a list brings when it is asked once, and the paths that were asked."""
    with Loopback({"/list": listing}) as server, net() as client:
        spec = VotesSource("Readers", server.url("/list"))
        ask = ask or Ask("2026-W10", SUNDAY, SUNDAY)
        return fetch(spec, poll or PollState("Readers"), client, ask), server.paths()


def counted(fetched: Fetched) -> dict[str, int]:
    """The votes by entry id."""
    return {id: of.count for id, (of,) in fetched.votes.items()}


# ---------------------------------------------------------------- what a list says


def test_each_paper_has_its_votes_with_the_list_and_the_day() -> None:
    """The list of the week is asked; who says it and when stands beside the count."""
    listing = Listing({"2026-W10": [row("2603.00001", 118), row("2603.00002", 0)]})
    fetched, paths = asked_for(listing)
    assert paths == ["/list?week=2026-W10&p=0&limit=100"]
    assert fetched.votes == {
        FIRST: (Votes("Readers", 118, SUNDAY),),
        SECOND: (Votes("Readers", 0, SUNDAY),),
    }
    assert (fetched.report.kind, fetched.report.state, fetched.report.fetched) == (
        "votes",
        "fresh",
        2,
    )
    assert (fetched.news, fetched.updates) == ((), ())


def test_pages_are_asked_until_one_is_short() -> None:
    """A list of 230 papers takes three."""
    rows = [row(f"2603.{n:05}", 500 - n) for n in range(1, 231)]
    fetched, paths = asked_for(Listing({"2026-W10": rows}))
    assert [path.split("p=")[1] for path in paths] == ["0&limit=100", "1&limit=100", "2&limit=100"]
    assert len(counted(fetched)) == 230
    assert counted(fetched)["arxiv:2603.00230"] == 270


def test_a_list_without_an_end_is_read_so_far() -> None:
    """Ten pages at most, and the report says that the rest was not read."""
    rows = [row(f"2603.{n:05}", 9) for n in range(1, 1501)]
    fetched, paths = asked_for(Listing({"2026-W10": rows}))
    assert (len(paths), len(counted(fetched))) == (10, 1000)
    assert "of 2026-W10 the first 1,000 rows alone were read" in fetched.report.detail


def test_a_server_that_gives_every_page_the_same_rows_is_asked_twice() -> None:
    """A page that names no new paper is the last."""
    same = Answer(body=json.dumps([row(f"2603.{n:05}", 9) for n in range(1, 101)]).encode())
    fetched, paths = asked_for(same)
    assert (len(paths), len(counted(fetched))) == (2, 100)


def test_a_paper_on_two_rows_has_the_larger_count() -> None:
    """While the pages are read a paper may move from one to the next."""
    rows = [row("2603.00001", 7), row("2603.00001", 9), row("2603.00001", 8)]
    assert counted(asked_for(Listing({"2026-W10": rows}))[0]) == {FIRST: 9}


def test_an_empty_list_is_an_answer() -> None:
    """Nobody voted for a paper of the week: fresh, 0."""
    fetched, _ = asked_for(Listing())
    assert (fetched.report.state, fetched.report.fetched, fetched.votes) == ("fresh", 0, {})


@pytest.mark.parametrize(
    "bad",
    [
        row("2603.00002", -1),
        row("2603.00002", 3.5),
        row("2603.00002", "12"),
        row("2603.00002", True),
        row("2603.00002", None),
        row("2603.00002", 10**30),
        row("no-id", 5),
        row("2603.00002; drop table votes", 5),
        row("٢٦٠٣.٠٠٠٠٢", 5),
        row("", 5),
        row(2603.00002, 5),
        {"paper": []},
        {"id": "2603.00002", "upvotes": 5},
        [],
        "2603.00002",
        None,
    ],
)
def test_a_row_that_cannot_be_believed_is_left_out_and_counted(bad: Any) -> None:
    """The other rows hold; the report says how many could not be read."""
    fetched, _ = asked_for(Listing({"2026-W10": [row("2603.00001", 4), bad]}))
    assert counted(fetched) == {FIRST: 4}
    assert fetched.report.state == "fresh"
    assert fetched.report.detail == "1 of 2 rows could not be read"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"<!doctype html><p>Down for maintenance</p>", "not JSON"),
        (b"", "not JSON"),
        (b"\xff\xfe[", "not JSON"),
        (b'[{"paper": ', "not JSON"),
        (b'{"error": "no such week"}', "JSON, but not a list of papers"),
        (b"[" * 100_000, "not JSON"),
        (b"[" + b"[]," * 300_000 + b"[]]", "more than 200,000 values"),
        (b"[" + b"9" * 10_000 + b"]", "not JSON"),
        (json.dumps([row("2603.00001", -4)] * 3).encode(), "none of 3 rows names an arXiv paper"),
        (b" " * 10_000_000, "larger than 4 MB"),
    ],
)
def test_what_is_no_list_fails_and_says_why(body: bytes, why: str) -> None:
    """A page of a portal, a bomb, a half: a failure with a reason, and nothing is kept of it."""
    fetched, paths = asked_for(Answer(body=body))
    assert (fetched.report.state, fetched.votes, len(paths)) == ("failed", {}, 1)
    assert why in fetched.report.detail
    assert fetched.poll.failures == 1


def test_what_came_before_a_failure_is_kept() -> None:
    """The first page has the most voted papers; the report names what is missing."""
    listing = Listing({"2026-W10": [row(f"2603.{n:05}", 300 - n) for n in range(1, 151)]})

    def cut(asked: Asked) -> Answer:
        return Answer(503) if "p=1" in asked.path else listing(asked)

    with Loopback({"/list": cut}) as server, net() as client:
        spec = VotesSource("Readers", server.url("/list"))
        fetched = fetch(spec, PollState("Readers"), client, Ask("2026-W10", TUESDAY, TUESDAY))
    assert (fetched.report.state, len(fetched.votes)) == ("incomplete", 100)
    assert [(part.name, part.fetched) for part in fetched.report.missing] == [
        ("the list of 2026-W10", 100),
        ("the list of 2026-W11", 0),
    ]
    assert fetched.poll.failures == 1


# ---------------------------------------------------------------- which lists, and when


def test_a_week_that_is_over_asks_the_next_list_too() -> None:
    """A paper that came onto the list of Monday has the larger of its two counts."""
    listing = Listing(
        {
            "2026-W10": [row("2603.00001", 30), row("2603.00002", 9)],
            "2026-W11": [row("2603.00001", 12), row("2603.00003", 5)],
        }
    )
    fetched, paths = asked_for(listing, Ask("2026-W10", TUESDAY, TUESDAY))
    assert [path.split("&")[0] for path in paths] == ["/list?week=2026-W10", "/list?week=2026-W11"]
    assert counted(fetched) == {FIRST: 30, SECOND: 9, "arxiv:2603.00003": 5}
    assert fetched.report.detail == "the lists of 2026-W10 and 2026-W11"


def test_earlier_weeks_that_the_run_composes_are_asked_too() -> None:
    """Each with the list that follows it, and each list once."""
    ask = Ask("2026-W12", datetime(2026, 3, 20, tzinfo=UTC), SUNDAY, composed=("2026-W10", "2026-W12"))  # fmt: skip
    _, paths = asked_for(Listing(), ask)
    weeks = ["2026-W10", "2026-W11", "2026-W12"]
    assert paths == [f"/list?week={week}&p=0&limit=100" for week in weeks]


def test_each_week_is_told_of_its_own_lists_alone() -> None:
    """So a run that composes one week more or less tells the others the same."""
    listing = Listing({"2026-W10": [row("2603.00001", 30)], "2026-W12": [row("2603.00002", 9)]})
    ask = Ask("2026-W12", datetime(2026, 3, 20, tzinfo=UTC), SUNDAY, composed=("2026-W10", "2026-W12"))  # fmt: skip
    fetched, _ = asked_for(listing, ask)
    told = {week: (r.state, r.fetched, r.detail) for week, r in fetched.weekly.items()}
    assert told == {
        "2026-W10": ("fresh", 1, "the lists of 2026-W10 and 2026-W11"),
        "2026-W12": ("fresh", 1, ""),
    }
    assert fetched.report.fetched == 2


def test_a_list_that_fails_is_missing_in_the_weeks_that_wanted_it_alone() -> None:
    """The week whose lists came before it is told of no failure."""
    listing = Listing({"2026-W10": [row("2603.00001", 30)]})

    def cut(asked: Asked) -> Answer:
        return Answer(503) if "W12" in asked.path else listing(asked)

    ask = Ask("2026-W12", datetime(2026, 3, 20, tzinfo=UTC), SUNDAY, composed=("2026-W10",))
    with Loopback({"/list": cut}) as server, net() as client:
        fetched = fetch(VotesSource("R", server.url("/list")), PollState("R"), client, ask)
    states = {week: r.state for week, r in fetched.weekly.items()}
    assert states == {"2026-W12": "failed", "2026-W10": "fresh"}
    assert fetched.report.state == "incomplete"


def test_a_week_that_has_not_begun_is_not_asked_for() -> None:
    """On the Sunday on which a week is printed the next one has no list."""
    fetched, paths = asked_for(Listing(), Ask("2026-W11", SUNDAY, SUNDAY))
    assert (paths, fetched.report.state, fetched.poll.next_check) == ([], "not due", None)


def test_it_is_asked_once_a_day_and_again_before_printing() -> None:
    """An hour later nobody is asked, but for a run that prints; the next day it is asked again."""
    morning = datetime(2026, 3, 6, 6, 17, tzinfo=UTC)
    ask = Ask("2026-W10", morning, morning)
    fetched, _ = asked_for(Listing(), ask)
    poll = replace(fetched.poll, note="")  # the loopback has another port each time
    later = replace(ask, wall=morning + timedelta(hours=1))
    again, paths = asked_for(Listing(), later, poll)
    assert (again.report.state, paths) == ("not due", [])
    assert again.report.detail == "next check 2026-03-07 00:00 UTC"
    _, paths = asked_for(Listing(), replace(later, printing=True), poll)
    assert len(paths) == 1
    _, paths = asked_for(Listing(), replace(ask, wall=morning + timedelta(days=1)), poll)
    assert len(paths) == 1


def test_a_server_that_asks_for_time_gets_it_even_before_printing() -> None:
    """Our own back-off gives way to printing, Retry-After does not."""
    with net() as client:
        for headers, times in (({}, 2), ({"Retry-After": "7200"}, 1)):
            with Loopback({"/list": Answer(503, headers)}) as server:
                spec = VotesSource("Readers", server.url("/list"))
                ask = Ask("2026-W10", SUNDAY, SUNDAY)
                poll = fetch(spec, PollState("Readers"), client, ask).poll
                quiet = fetch(spec, poll, client, ask).report
                fetch(spec, poll, client, replace(ask, printing=True))
                assert (quiet.state, len(server.asked)) == ("not due", times)


def test_a_rehearsal_leaves_no_next_check_behind() -> None:
    """Neither a good answer nor a failure delays the real run."""
    ask = Ask("2026-W10", SUNDAY, SUNDAY, rehearsal=True)
    good, _ = asked_for(Listing(), ask)
    assert (good.poll.next_check, good.poll.answered_at) == (None, SUNDAY)
    bad, _ = asked_for(Answer(500), ask)
    assert (bad.report.state, bad.poll) == ("failed", PollState("Readers"))


def test_a_list_that_is_off_is_not_asked() -> None:
    """It stands in the ledger as switched off."""
    spec = VotesSource("Readers", "http://127.0.0.1:1/list", off=True)
    with net() as client:
        fetched = fetch(spec, PollState("Readers"), client, Ask("2026-W10", SUNDAY, SUNDAY))
    assert (fetched.report.state, fetched.votes) == ("off", {})


# ---------------------------------------------------------------- the line


@dataclass
class Desk:
    """A root over a small arXiv and a list of votes; said is what the last run told."""

    root: Path
    server: Loopback
    store: Store
    tools: Tools
    listing: Listing
    said: Said = field(default_factory=Said)

    def config(self, votes: str = "", more: str = "") -> Config:
        """The feeds.yaml, read anew."""
        url = self.server.url
        (self.root / "feeds.yaml").write_text(
            f"network: {{allow_private: true}}\n{more}sources:\n"
            f"  - {{kind: votes, name: Readers, api_url: '{url('/list')}'{votes}}}\n"
            f"  - {{kind: arxiv, categories: [cs.SC], api_url: '{url('/api/query')}'}}\n"
        )
        return config.load(self.root / "feeds.yaml")

    def run(self, week: str, now: datetime, votes: str = "", more: str = "") -> Issue:
        """A run of a week at that moment, as the clock has it."""
        self.said = Said()
        made = job(self.config(votes, more), self.store, self.root, now, self.tools, self.said)
        return run_week(replace(made, ask=replace(made.ask, rehearsal=False)), week).issue

    def lists(self) -> list[str]:
        """The weeks whose lists were asked, in order."""
        asked = (path for path in self.server.paths() if path.startswith("/list"))
        return [parse_qs(urlsplit(path).query)["week"][0] for path in asked]


@contextmanager
def a_desk(root: Path, listing: Listing, arxiv: Arxiv | None = None) -> Iterator[Desk]:
    """A desk whose arXiv knows five papers of 2026-W10."""
    script: dict[str, Callable[[Asked], Answer]] = {
        "/api/query": arxiv or Arxiv([*week_of_papers(), OLD]),
        "/list": listing,
    }
    pace = Pace(root / "arxiv.lock", wall=lambda: 0.0, sleep=lambda _seconds: None)
    with Loopback(script) as server, net() as client, Store(root / "paper.db") as store:
        tools = Tools(client, pace, lambda _seconds: None, lambda _line: None, in_process)
        yield Desk(root, server, store, tools, listing)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk whose list knows one of the papers."""
    with a_desk(tmp_path, Listing({"2026-W10": [row("2603.00001", 118)]})) as made:
        yield made


def votes_in(issue: Issue) -> dict[str, tuple[int, datetime]]:
    """Counts and moments by the id of the paper."""
    return {p.id: (of.count, of.asked) for p in issue.entries for of in p.votes}


def made_note(issue: Issue) -> str:
    """What stands under “How this issue was made”."""
    return next((section.note for section in issue.sections if section.id == "made"), "")


def test_votes_stand_at_their_papers_and_bring_none(desk: Desk) -> None:
    """The list is asked after arXiv, wherever it stands in feeds.yaml; its report is in the ledger."""
    desk.listing.weeks["2026-W10"].append(row("2603.99999", 70))
    issue = desk.run("2026-W10", SUNDAY)
    assert issue.state == "frozen", issue.why_draft
    assert votes_in(issue) == {FIRST: (118, SUNDAY)}
    assert sorted(p.id for p in issue.entries) == [f"arxiv:2603.{n:05}" for n in range(1, 6)]
    assert desk.server.paths()[-1] == "/list?week=2026-W10&p=0&limit=100"
    report = next(r for r in issue.ledger if r.source == "Readers")
    assert (report.state, report.fetched) == ("fresh", 2)
    assert made_note(issue) == ""
    assert "votes: 1 fresh, for 2 papers" in desk.said.lines[0]


def test_a_list_that_fails_never_holds_a_week(desk: Desk) -> None:
    """The week is printed without votes; the run and the issue say so."""
    desk.listing.says = Answer(500)
    issue = desk.run("2026-W10", SUNDAY)
    assert (issue.state, votes_in(issue)) == ("frozen", {})
    assert made_note(issue) == "Without votes: Readers failed."
    said = next(line for line in desk.said.lines if "without new votes" in line)
    assert said.startswith("  ! without new votes: Readers is failed: http://127.0.0.1:")
    assert "answered 500: the fault is the site's. Asked again in 1 h" in said


def test_earlier_votes_stay_with_their_day_where_the_list_fails_later(desk: Desk) -> None:
    """A draft of Wednesday had votes; on Sunday the list is down, and the issue says whose day it is."""
    wednesday = datetime(2026, 3, 4, 12, tzinfo=UTC)
    desk.run("2026-W10", wednesday)
    desk.listing.says = Answer(500)
    issue = desk.run("2026-W10", SUNDAY)
    assert votes_in(issue) == {FIRST: (118, wednesday)}
    assert made_note(issue) == "Votes are those of 4 March: Readers failed."


def test_a_later_answer_replaces_an_earlier_one(desk: Desk) -> None:
    """Also where the later count is lower; a paper that left the list keeps what it had."""
    wednesday = datetime(2026, 3, 4, 12, tzinfo=UTC)
    desk.listing.weeks["2026-W10"].append(row("2603.00002", 5))
    desk.run("2026-W10", wednesday)
    desk.listing.weeks["2026-W10"] = [row("2603.00001", 90)]
    issue = desk.run("2026-W10", SUNDAY)
    assert votes_in(issue) == {FIRST: (90, SUNDAY), SECOND: (5, wednesday)}


def test_the_run_that_prints_asks_again_although_it_was_asked_that_day(desk: Desk) -> None:
    """While arXiv is incomplete the second run of a day asks no list; the one that prints does."""
    arxiv = desk.server.script["/api/query"]
    assert isinstance(arxiv, Arxiv)
    arxiv.lies = 1000
    assert desk.run("2026-W10", SUNDAY).state == "draft"
    assert desk.run("2026-W10", SUNDAY + timedelta(hours=1)).state == "draft"
    assert desk.lists() == ["2026-W10"]
    arxiv.lies = 0
    desk.listing.weeks["2026-W10"] = [row("2603.00001", 140)]
    issue = desk.run("2026-W10", SUNDAY + timedelta(hours=2))
    assert issue.state == "frozen"
    assert desk.lists() == ["2026-W10"] * 2
    assert votes_in(issue) == {FIRST: (140, SUNDAY + timedelta(hours=2))}


def test_a_week_that_waits_for_its_editor_is_asked_for_once_a_day(desk: Desk) -> None:
    """Nothing is printed by such a run, so there is no reason to ask again."""
    for hour in range(3):
        desk.run("2026-W10", SUNDAY + timedelta(hours=hour), more="print: {hold: true}\n")
    assert desk.lists() == ["2026-W10"]
    assert print_by_hand(
        job(desk.config(), desk.store, desk.root, SUNDAY + timedelta(hours=4)), "2026-W10"
    ).state == "frozen"  # fmt: skip


def test_a_week_that_is_completed_later_is_asked_for_too(tmp_path: Path) -> None:
    """Its own list and the next one, and its ledger says that the list answered."""
    later = [replace(p, id=f"2603.1{p.id[-4:]}", published=_a_week_later(p.published))
             for p in week_of_papers()]  # fmt: skip
    arxiv = Arxiv([*week_of_papers(), *later, OLD], lies=1000)
    listing = Listing({"2026-W11": [row("2603.00001", 31), row("2603.10001", 12)]})
    with a_desk(tmp_path, listing, arxiv) as desk:
        listing.says = Answer(500)
        assert desk.run("2026-W10", SUNDAY).state == "draft"
        arxiv.lies, listing.says = 0, None
        desk.run("2026-W11", SUNDAY + timedelta(days=7))
        assert desk.lists() == ["2026-W10", "2026-W10", "2026-W11"]
        issue = desk.store.issue("2026-W10")
    assert issue is not None
    assert issue.state == "frozen"
    assert {id: count for id, (count, _) in votes_in(issue).items()} == {FIRST: 31}
    assert {r.source: r.state for r in issue.ledger} == {"Readers": "fresh", "arXiv": "fresh"}


def _a_week_later(moment: str) -> str:
    """The same time a week later."""
    then = datetime.fromisoformat(moment) + timedelta(days=7)
    return then.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_votes_of_a_list_that_was_switched_off_are_not_printed(desk: Desk) -> None:
    """`off: true` takes them out of a draft, though they are kept; nothing is called missing."""
    wednesday = datetime(2026, 3, 4, 12, tzinfo=UTC)
    assert votes_in(desk.run("2026-W10", wednesday))
    issue = desk.run("2026-W10", SUNDAY, votes=", off: true")
    assert (votes_in(issue), made_note(issue), desk.lists()) == ({}, "", ["2026-W10"])


def test_no_issue_prints_votes_of_a_day_to_come(desk: Desk) -> None:
    """A rehearsal of a later day left them; the run of today asks in vain, and prints none."""
    desk.store.save((), (), (), votes={FIRST: (Votes("Readers", 500, TUESDAY),)})
    desk.listing.says = Answer(500)
    assert votes_in(desk.run("2026-W10", SUNDAY)) == {}


def test_a_week_printed_by_hand_says_that_its_list_was_never_asked(desk: Desk) -> None:
    """An editor prints what was collected before the list stood in feeds.yaml."""
    made = desk.config()
    without = replace(made, sources=made.sources[1:])
    run_week(
        job(replace(without, hold=True), desk.store, desk.root, SUNDAY, desk.tools), "2026-W10"
    )
    issue = print_by_hand(job(made, desk.store, desk.root, SUNDAY), "2026-W10")
    assert made_note(issue) == "Without votes: Readers has not been asked for this week."


def test_a_list_that_may_not_be_asked_is_missing_too(desk: Desk) -> None:
    """It failed for another week and asked for time: this one is printed without, and says so."""
    moment = (SUNDAY + timedelta(days=2)).isoformat()
    note = f"of {desk.server.url('/list')} wait {moment}"
    desk.store.save((), (), (PollState("Readers", note=note),))
    issue = desk.run("2026-W10", SUNDAY)
    assert (issue.state, desk.lists()) == ("frozen", [])
    assert made_note(issue) == "Without votes: Readers has not been asked for this week."


def test_collecting_alone_asks_the_list_and_trying_keeps_nothing(desk: Desk) -> None:
    """`collect` keeps the votes; `feeds check` says how many papers have some."""
    made = desk.config()
    (report,) = try_sources(made, ["Readers"], desk.tools, Ask("", SUNDAY, SUNDAY))
    assert (report.state, report.fetched) == ("fresh", 1)
    assert desk.store.votes([FIRST]) == {}
    assert collect_week(job(made, desk.store, desk.root, SUNDAY, desk.tools), "2026-W10")
    assert desk.store.votes([FIRST]) == {FIRST: (Votes("Readers", 118, SUNDAY),)}


def test_lists_of_one_host_are_asked_one_after_another(desk: Desk) -> None:
    """Two lists at the same address never overlap."""
    made = desk.config()
    second = VotesSource("Others", desk.server.url("/list"))
    two = replace(made, sources=(*made.sources, second))
    issue = run_week(job(two, desk.store, desk.root, SUNDAY, desk.tools), "2026-W10").issue
    assert desk.server.most_at_once == 1
    (of,) = [pick.votes for pick in issue.entries if pick.votes]
    assert [(v.source, v.count) for v in of] == [("Others", 118), ("Readers", 118)]


def test_what_is_kept_comes_back_and_nothing_else(tmp_path: Path) -> None:
    """By entry, each source once, an entry without votes left out."""
    with Store(tmp_path / "paper.db") as store:
        both = (Votes("A", 3, FRIDAY), Votes("B", 4, SUNDAY))
        store.save((), (), (), votes={FIRST: both, SECOND: (Votes("A", 0, FRIDAY),)})
        assert store.votes([FIRST, "arxiv:2603.00009"]) == {FIRST: both}
        assert store.votes([]) == {}


def test_the_votes_of_a_bundle_stand_at_its_papers(tmp_path: Path) -> None:
    """Recorded with the name of their list and its day; no network is asked."""
    said = [{"source": "Readers", "count": 41, "asked": "2026-03-08T08:00:00Z"}]
    folder = tmp_path / "recorded"
    written(folder, PAPER | {"votes": said}, format=2)
    (tmp_path / "feeds.yaml").write_text(
        "sources: [{kind: bundle, name: Recorded, path: recorded}]\n"
    )
    nobody: Any = None
    tools = Tools(nobody, nobody, nobody, lambda _line: None, in_process)
    with Store(tmp_path / "paper.db") as store:
        made = config.load(tmp_path / "feeds.yaml")
        issue = run_week(job(made, store, tmp_path, SUNDAY, tools), "2026-W10").issue
    assert (issue.state, made_note(issue)) == ("frozen", "")
    assert votes_in(issue) == {FIRST: (41, datetime(2026, 3, 8, 8, tzinfo=UTC))}
