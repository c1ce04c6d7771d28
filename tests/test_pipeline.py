"""The whole line over a small arXiv and a blog on loopback: collect, read, edit, publish."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

import pytest

from loopback import Answer, Asked, Loopback
from published import dump
from running import Said, job
from sundaypaper import config, query
from sundaypaper.errors import BuildError
from sundaypaper.models import Ask, Entry, Issue, IssueHead, SourceReport, Topic
from sundaypaper.net import Net, Pace
from sundaypaper.pipeline.collecting import collect
from sundaypaper.pipeline.completeness import owed
from sundaypaper.pipeline.printing import print_week
from sundaypaper.pipeline.reading import EntryReader
from sundaypaper.pipeline.run import print_by_hand, run_week
from sundaypaper.sources import ArxivSource, Tools, in_process
from sundaypaper.store import Store
from sundaypaper.wording.reports import lacks

SUNDAY_10 = datetime(2026, 3, 8, 12, tzinfo=UTC)
SUNDAY_11 = datetime(2026, 3, 15, 12, tzinfo=UTC)
SUNDAY_12, SUNDAY_13, SUNDAY_14 = (SUNDAY_11 + timedelta(weeks=n) for n in (1, 2, 3))

FEED = """<rss version="2.0"><channel><title>Kettles</title>
<item><title>How kettles boil quickly</title><link>https://blog.example/kettles</link>
<pubDate>Wed, 04 Mar 2026 10:00:00 GMT</pubDate>
<description>On &lt;a href="https://arxiv.org/abs/2603.00001v1"&gt;a paper&lt;/a&gt;.</description></item>
<item><title>An old post about cups</title><link>https://blog.example/cups</link>
<pubDate>Wed, 04 Feb 2026 10:00:00 GMT</pubDate><description>Cups.</description></item>
</channel></rss>"""


@dataclass
class Paper:
    """A paper as arXiv would show it."""

    id: str
    published: str
    updated: str = ""
    version: int = 1
    comment: str = ""
    title: str = "A Kettle for Diffusion Models"
    category: str = "cs.SC"

    def entry(self) -> str:
        return (
            f"<entry><id>http://arxiv.org/abs/{self.id}v{self.version}</id>"
            f"<title>{escape(self.title)} {self.id}</title><updated>{self.updated or self.published}</updated>"
            f"<published>{self.published}</published><summary>We propose kettle {self.id}.</summary>"
            f"<author><name>Ada Example {self.id}</name></author><arxiv:comment>{escape(self.comment)}</arxiv:comment>"
            f'<category term="{self.category}"/><arxiv:primary_category term="{self.category}"/></entry>'
        )  # fmt: skip


@dataclass
class Arxiv:
    """A small arXiv: filters by submittedDate, sorts, pages; lies for as many answers as told.

    far are papers that lie behind the pages that are read, and come only when asked for by id.
    """

    papers: list[Paper] = field(default_factory=list)
    lies: int = 0
    far: set[str] = field(default_factory=set)

    def __call__(self, asked: Asked) -> Answer:
        query = {k: v[0] for k, v in parse_qs(urlsplit(asked.path).query).items()}
        found = self.papers
        if "id_list" in query:
            found = [p for p in found if p.id in query["id_list"].split(",")]
            return Answer(body=page(found, len(found)))
        found = [p for p in found if p.id not in self.far]
        if "submittedDate:[" in query["search_query"]:
            low, high = query["search_query"].split("[")[1].rstrip("]").split(" TO ")
            found = [p for p in found if low <= p.published.translate(DIGITS)[:12] <= high]
        elif "co:" in query["search_query"]:
            found = [p for p in found if "CVPR" in p.comment]
        found = sorted(found, key=lambda p: p.updated or p.published)
        if query["sortOrder"] == "descending":
            found.reverse()
        if self.lies:
            self.lies -= 1
            return Answer(body=page([], len(found)))
        return Answer(body=page(found, len(found)))


DIGITS = str.maketrans("", "", "-:TZ")


def page(papers: list[Paper], total: int) -> bytes:
    """An answer of arXiv's query API."""
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom" '
        'xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">'
        f"<opensearch:totalResults>{total}</opensearch:totalResults>"
        + "".join(p.entry() for p in papers)
        + "</feed>"
    ).encode()


@dataclass
class Desk:
    """A root with its configuration, store and tools; slept sums what was waited."""

    root: Path
    config: config.Config
    store: Store
    tools: Tools
    arxiv: Arxiv
    server: Loopback
    slept: list[float]

    def run(self, week: str, now: datetime) -> Issue:
        """The line that the command runs, for one week."""
        return run_week(job(self.config, self.store, self.root, now, self.tools), week).issue

    def new(self, issue: Issue) -> list[str]:
        """The ids that an issue calls new."""
        return [p.id for p in issue.entries if p.standing == "new"]


def week_of_papers(month: str = "2603", day: int = 2) -> list[Paper]:
    """A paper for every batch of a week, submitted on Friday and on Monday to Thursday morning."""
    days = [("2026-02-27", 1), *((f"2026-03-{day + n:02}", n + 2) for n in range(4))]
    return [Paper(f"{month}.{n:05}", f"{when}T09:00:00Z") for when, n in days]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk over one small category of arXiv with one week of papers, and one blog."""
    old = Paper("2501.00001", "2025-01-06T09:00:00Z", comment="CVPR 2025")
    arxiv, slept = Arxiv([*week_of_papers(), old]), list[float]()
    feed = Answer(headers={"Content-Type": "application/rss+xml", "ETag": '"k1"'}, body=FEED.encode())  # fmt: skip

    def blog(asked: Asked) -> Answer:
        return Answer(304) if asked.headers.get("if-none-match") == '"k1"' else feed

    with Loopback({"/api/query": arxiv, "/feed": blog}) as server:
        (tmp_path / "feeds.yaml").write_text(
            "network: {allow_private: true}\nsources:\n"
            f"  - {{kind: arxiv, categories: [cs.SC], api_url: '{server.url('/api/query')}'}}\n"
            f"  - {{kind: feed, name: Kettles, url: '{server.url('/feed')}', group: practitioner}}\n"
        )
        made = config.load(tmp_path / "feeds.yaml")
        pace = Pace(tmp_path / "arxiv.lock", wall=lambda: 0.0, sleep=slept.append)
        net = Net(user_agent="test", allow_private=True, monotonic=lambda: 0.0, sleep=slept.append)
        with net, Store(tmp_path / "paper.db") as store:
            tools = Tools(net, pace, slept.append, lambda _line: None, in_process)
            yield Desk(tmp_path, made, store, tools, arxiv, server, slept)


def test_a_week_is_printed_whole_and_frozen(desk: Desk) -> None:
    """All papers of the week are new, the post is folded under its paper, the old post is not there."""
    issue = desk.run("2026-W10", SUNDAY_10)
    assert issue.state == "frozen", issue.why_draft
    assert sorted(desk.new(issue)) == [f"arxiv:2603.{n:05}" for n in range(1, 6)]
    discussed = {p.id: [m.source for m in p.discussed] for p in issue.entries if p.discussed}
    assert discussed == {"arxiv:2603.00001": ["Kettles"]}
    page = (desk.root / "output/site/issues/2026-W10/index.html").read_text()
    assert "A Kettle for Diffusion Models 2603.00001" in page
    assert "How kettles boil quickly" in page
    assert "An old post about cups" not in page


def test_the_same_moment_again_asks_and_changes_nothing(desk: Desk) -> None:
    """arXiv is not asked, the blog is asked conditionally, no row and no byte changes."""
    desk.run("2026-W10", SUNDAY_10)
    rows = [line for line in dump(desk.store.path) if '"runs"' not in line]
    site = (desk.root / "output/site").readlink()
    desk.server.asked.clear()
    desk.run("2026-W10", SUNDAY_10)
    assert [a.path for a in desk.server.asked] == ["/feed"]
    assert desk.server.asked[0].headers["if-none-match"] == '"k1"'
    assert [line for line in dump(desk.store.path) if '"runs"' not in line] == rows
    assert (desk.root / "output/site").readlink() == site


def test_an_unfinished_week_is_a_draft_until_its_last_batch_is_out(desk: Desk) -> None:
    """On Wednesday a draft says why; on Sunday the same week is frozen with all of it."""
    early = desk.run("2026-W10", datetime(2026, 3, 4, 12, tzinfo=UTC))
    assert early.state == "draft"
    assert "its last batch comes out on 2026-03-06 at 01:00 UTC" in early.why_draft
    assert "draft" in (desk.root / "output/site/index.html").read_text().lower()
    assert desk.run("2026-W10", SUNDAY_10).state == "frozen"


def test_a_lying_arxiv_gives_a_draft_that_names_the_gap_and_heals(desk: Desk) -> None:
    """Empty pages that declare papers are never nothing new; the next run completes the week."""
    desk.arxiv.lies = 10_000
    draft = desk.run("2026-W10", SUNDAY_10)
    assert draft.state == "draft"
    assert "submitted 2026-02-26 to 2026-03-05, 0 of " in draft.why_draft
    gaps = [s for report in draft.ledger for s in report.missing]
    assert "a page of 0 entries where 5 were declared" in {s.why for s in gaps}
    assert not desk.new(draft) or all(id.startswith("post:") for id in desk.new(draft))
    desk.arxiv.lies = 0
    healed = desk.run("2026-W10", SUNDAY_10)
    assert healed.state == "frozen"
    assert len([id for id in desk.new(healed) if id.startswith("arxiv:")]) == 5


def test_a_paper_found_later_is_late_and_one_reworded_is_newly_accepted(desk: Desk) -> None:
    """The week after tells of both, once, and the printed issue does not change."""
    code = "Code is available at https://github.com/example/kettle"
    desk.arxiv.papers[2] = replace(desk.arxiv.papers[2], comment=code)
    first = desk.run("2026-W10", SUNDAY_10)
    before = (desk.root / "output/site/issues/2026-W10/issue.json").read_bytes()
    desk.arxiv.papers[2] = replace(
        desk.arxiv.papers[2],
        version=2,
        updated="2026-03-10T09:00:00Z",
        comment="Accepted at CVPR 2026",
    )
    desk.arxiv.papers += [
        Paper("2603.00006", "2026-03-05T09:30:00Z", title="A Cup Found Late"),
        Paper("2603.01000", "2026-03-10T09:00:00Z", title="A New Cup"),
    ]
    second = desk.run("2026-W11", SUNDAY_11)
    assert [a.id for a in second.newly_accepted] == ["arxiv:2603.00003"]
    assert second.newly_accepted[0].new == "Accepted at CVPR 2026"
    assert (second.newly_accepted[0].old, second.newly_accepted[0].printed) == (
        code,
        "2026-W10",
    )
    standing = {p.id: p.standing for p in second.entries if p.kind == "paper"}
    assert standing == {
        "arxiv:2603.00003": "update",
        "arxiv:2603.00006": "late",
        "arxiv:2603.01000": "new",
    }
    assert not set(desk.new(first)) & set(desk.new(second))
    assert (desk.root / "output/site/issues/2026-W10/issue.json").read_bytes() == before
    desk.arxiv.papers[2] = replace(
        desk.arxiv.papers[2],
        version=3,
        updated="2026-03-17T09:00:00Z",
        comment="CVPR 2026 camera-ready, accepted",
    )
    third = desk.run("2026-W12", datetime(2026, 3, 22, 12, tzinfo=UTC))
    assert third.newly_accepted == ()


def test_what_a_blog_that_answered_lacks_is_told(desk: Desk) -> None:
    """By the run, and by the ledger of the issue."""
    desk.server.script["/feed"] = Answer(
        body=FEED.replace("Wed, 04 Feb 2026 10:00:00 GMT", "lately").encode()
    )
    said = Said()
    assert live(desk, SUNDAY_10, said).state == "frozen"
    told = "1 of 2 dates could not be read: “lately”"
    assert f"  ! Kettles: {told}" in said.lines
    ledger = (desk.root / "output/site/issues/2026-W10/ledger/index.html").read_text()
    assert f"answered: {told}" in ledger


def test_what_a_filter_keeps_out_is_no_lack() -> None:
    """It was wished for; and what failed is told elsewhere."""
    report = SourceReport("Kettles", "feed", "fresh", detail="2 kept out by its filter")
    assert lacks(report) == ""
    assert (
        lacks(replace(report, detail="1 without a date; 2 kept out by its filter"))
        == "1 without a date"
    )
    assert lacks(replace(report, state="failed", detail="no answer")) == ""


def test_a_dead_blog_is_named_and_stops_nothing(desk: Desk) -> None:
    """Its failure is a row of the ledger; the issue is out."""
    desk.server.script["/feed"] = Answer(500)
    issue = desk.run("2026-W10", SUNDAY_10)
    assert issue.state == "frozen"
    states = {report.source: report.state for report in issue.ledger}
    assert states == {"arXiv": "fresh", "Kettles": "failed"}
    page = (desk.root / "output/site/index.html").read_text()
    assert "Kettles" in page
    assert "500" in page


def test_a_slow_host_keeps_no_other_waiting(desk: Desk, tmp_path: Path) -> None:
    """It answers only when another host has been asked, which stands behind it in feeds.yaml."""
    other_was_asked = threading.Event()

    def slow(asked: Asked) -> Answer:
        return Answer(body=FEED.encode()) if other_was_asked.wait(5) else Answer(504)

    def other(asked: Asked) -> Answer:
        other_was_asked.set()
        return Answer(body=FEED.encode())

    with Loopback({"/feed": slow}) as first, Loopback({"/feed": other}) as second:
        feeds = (("Slow", first.url("/feed")), ("Other", second.url("/feed")))
        lines = [f"  - {{kind: feed, name: {name}, url: '{url}'}}\n" for name, url in feeds]
        text = (tmp_path / "feeds.yaml").read_text() + "".join(lines)
        (tmp_path / "feeds.yaml").write_text(text)
        ask = Ask("2026-W10", SUNDAY_10, SUNDAY_10)
        made = config.load(tmp_path / "feeds.yaml")
        reports = collect(made, desk.store, desk.tools, ask, lambda _: None).reports
    assert {report.source: report.state for report in reports} == {
        "arXiv": "fresh", "Kettles": "fresh", "Slow": "fresh", "Other": "fresh",
    }  # fmt: skip


def test_a_draft_that_was_left_behind_is_completed_by_a_later_week(desk: Desk) -> None:
    """arXiv failed on one Sunday; the run of the next one prints both weeks, and nothing is lost."""
    desk.arxiv.lies = 10_000
    assert desk.run("2026-W10", SUNDAY_10).state == "draft"
    desk.arxiv.lies = 0
    desk.arxiv.papers.append(Paper("2603.01000", "2026-03-10T09:00:00Z", title="A New Cup"))
    assert desk.run("2026-W11", SUNDAY_11).state == "frozen"
    healed = desk.store.issue("2026-W10")
    assert healed is not None
    assert healed.state == "frozen", healed.why_draft
    assert len([id for id in desk.new(healed) if id.startswith("arxiv:")]) == 5


def test_weeks_without_papers_of_a_busy_category_stay_drafts_until_they_come(desk: Desk) -> None:
    """Nothing in W11 nor W12: neither is printed; when both have come, W13 prints all three."""
    ask_busy(desk)
    desk.arxiv.papers = [replace(paper, category="cs.LG") for paper in desk.arxiv.papers]
    assert desk.run("2026-W10", SUNDAY_10).state == "frozen"
    for week, sunday in (("2026-W11", SUNDAY_11), ("2026-W12", SUNDAY_12)):
        issue = desk.run(week, sunday)
        assert issue.state == "draft"
        assert "arXiv is incomplete: listed on 2026-03-" in issue.why_draft
    desk.arxiv.papers += busy_week(SUNDAY_13, 3000)
    assert desk.run("2026-W13", SUNDAY_13).state == "frozen"
    assert [states(desk)[f"2026-W{n}"] for n in (10, 11, 12, 13)] == ["frozen", "draft", "draft", "frozen"]  # fmt: skip
    desk.arxiv.papers += [*busy_week(SUNDAY_11, 1000), *busy_week(SUNDAY_12, 2000)]
    desk.arxiv.papers += busy_week(SUNDAY_14, 4000)
    desk.run("2026-W14", SUNDAY_14)
    assert set(states(desk).values()) == {"frozen"}


def busy_week(sunday: datetime, first: int) -> list[Paper]:
    """A paper of a busy category for each listing day of the week before a Sunday."""
    moments = [sunday - timedelta(days=back) for back in (9, 6, 5, 4, 3)]
    return [
        Paper(f"2603.{first + n:05}", f"{at:%Y-%m-%d}T09:00:00Z", category="cs.LG")
        for n, at in enumerate(moments)
    ]


def ask_busy(desk: Desk) -> None:
    """Ask arXiv for a category in which hundreds of papers come every week."""
    specs = (
        replace(spec, categories=("cs.LG",)) if isinstance(spec, ArxivSource) else spec
        for spec in desk.config.sources
    )
    desk.config = replace(desk.config, sources=tuple(specs))


def states(desk: Desk) -> dict[str, str]:
    """Whether each week is printed."""
    return {head.week: head.state for head in desk.store.heads()}


def test_a_week_that_never_becomes_complete_is_printed_by_hand_with_a_reason(desk: Desk) -> None:
    """arXiv's own silence holds the week; its editor does not have to."""
    ask_busy(desk)
    desk.arxiv.papers = []
    assert desk.run("2026-W10", SUNDAY_10).state == "draft"
    with pytest.raises(BuildError, match=r"listed on 2026-03-02.*--incomplete REASON"):
        print_week(desk.config, desk.store, "2026-W10", SUNDAY_10)
    printed = print_week(desk.config, desk.store, "2026-W10", SUNDAY_10, "arXiv was down all week")
    assert printed.state == "frozen"


def test_a_week_that_was_complete_is_printed_although_arxiv_is_down_now(desk: Desk) -> None:
    """Its run of Saturday came before its time, and no run came on Sunday; nothing of it is missing."""
    saturday = SUNDAY_10 - timedelta(days=1)
    assert desk.run("2026-W10", saturday).why_draft.startswith("It is printed on Sunday")
    desk.server.script["/api/query"] = Answer(500)
    assert desk.run("2026-W11", SUNDAY_11).state == "draft"
    complete = desk.store.issue("2026-W10")
    assert complete is not None
    assert complete.state == "frozen", complete.why_draft


def test_a_week_in_which_nothing_ran_is_printed_with_the_next(desk: Desk) -> None:
    """The machine was off in W11: the run of W12 prints W11 first."""
    desk.run("2026-W10", SUNDAY_10)
    desk.arxiv.papers += [
        Paper("2603.01000", "2026-03-10T09:00:00Z", title="A New Cup"),
        Paper("2603.02000", "2026-03-17T09:00:00Z", title="A Newer Cup"),
    ]
    desk.run("2026-W12", datetime(2026, 3, 22, 12, tzinfo=UTC))
    missed = desk.store.issue("2026-W11")
    assert missed is not None
    assert desk.new(missed) == ["arxiv:2603.01000"]


def live(desk: Desk, now: datetime, said: Said | None = None) -> Issue:
    """A run without --now, at a moment of the clock."""
    work = job(desk.config, desk.store, desk.root, now, desk.tools, said)
    return run_week(replace(work, ask=replace(work.ask, rehearsal=False))).issue


def test_a_clock_that_was_ahead_silences_no_source_and_leaves_no_draft(desk: Desk) -> None:
    """Ten years off for one run: the next one asks each source, and its week leads the paper."""
    desk.server.script["/api/query"] = Answer(500)
    assert live(desk, datetime(2036, 3, 9, 12, tzinfo=UTC)).state == "draft"
    desk.server.script["/api/query"] = desk.arxiv
    said = Said()
    desk.server.asked.clear()
    assert live(desk, SUNDAY_10, said).state == "frozen"
    assert "/feed" in desk.server.paths()
    assert [head.week for head in desk.store.heads()] == ["2026-W10"]
    assert "  ! the draft of 2036-W10 is dropped: that week has not begun; was the clock wrong?" in said.lines  # fmt: skip
    pages = desk.root / "output/site"
    assert [p.parent.name for p in pages.glob("issues/*/index.html")] == ["2026-W10"]


@pytest.mark.parametrize(("week", "day", "told"), [("2026-W15", 12, False), ("2026-W16", 19, True)])
def test_a_week_that_is_missed_for_good_is_named(
    desk: Desk, week: str, day: int, told: bool
) -> None:
    """Four weeks without a run are made up; of five arXiv is not asked for the first, a person may."""
    desk.run("2026-W10", SUNDAY_10)
    desk.arxiv.papers += (Paper("2604.01000", "2026-04-07T09:00:00Z", title="A New Cup"),)
    said, now = Said(), datetime(2026, 4, day, 12, tzinfo=UTC)
    run_week(job(desk.config, desk.store, desk.root, now, desk.tools, said), week)
    notice = "  ! 2026-W11 was never printed and arXiv is not asked so far back; `sundaypaper run --week 2026-W11` makes it up"  # fmt: skip
    assert (notice in said.lines) == told
    assert (desk.store.issue("2026-W11") is None) == told


def test_what_was_fetched_before_an_interruption_is_kept(desk: Desk) -> None:
    """Ctrl-C while arXiv is at work: the blog that had answered stands in the database."""
    desk.tools = replace(desk.tools, sleep=stop_here)
    desk.server.script["/api/query"] = Answer(500)
    with pytest.raises(KeyboardInterrupt):
        desk.run("2026-W10", SUNDAY_10)
    assert desk.store.poll("Kettles").etag == '"k1"'


class KilledError(BaseException):
    """Stands for a kill: nothing may catch it and clean up."""


def killed(*_: object, **__: object) -> None:
    """What a step does that the run does not live to see."""
    raise KilledError


def test_what_arxiv_told_a_run_that_was_killed_completes_the_weeks(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is kept with its report: the next run does not ask, and prints the week that was owed too."""
    desk.arxiv.lies = 10_000
    assert desk.run("2026-W10", SUNDAY_10).state == "draft"
    desk.arxiv.lies = 0
    desk.arxiv.papers.append(Paper("2603.01000", "2026-03-10T09:00:00Z", title="A New Cup"))
    with monkeypatch.context() as patched:
        patched.setattr("sundaypaper.pipeline.run._to_compose", killed)
        with pytest.raises(KilledError):
            desk.run("2026-W11", SUNDAY_11)
    desk.server.asked.clear()
    newest = desk.run("2026-W11", SUNDAY_11)
    assert [a.path for a in desk.server.asked] == ["/feed"]
    owed_one = desk.store.issue("2026-W10")
    assert owed_one is not None
    assert (owed_one.state, newest.state) == ("frozen", "frozen")
    assert {r.source: r.state for r in newest.ledger}["arXiv"] == "fresh"


def test_a_failure_of_a_run_that_was_killed_is_the_weeks_failure(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next run may not ask again yet, which makes the failure no less true."""
    desk.server.script["/feed"] = Answer(500)
    work = job(desk.config, desk.store, desk.root, SUNDAY_10, desk.tools)
    work = replace(work, ask=replace(work.ask, rehearsal=False))
    with monkeypatch.context() as patched:
        patched.setattr("sundaypaper.pipeline.run._to_compose", killed)
        with pytest.raises(KilledError):
            run_week(work, "2026-W10")
    desk.server.asked.clear()
    issue = run_week(work, "2026-W10").issue
    assert desk.server.asked == []
    assert {r.source: r.state for r in issue.ledger} == {"arXiv": "fresh", "Kettles": "failed"}


def test_a_week_printed_by_hand_by_who_was_stopped_then_is_published_by_typing_it_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is printed for good, so typing it again says so; but the pages show it."""
    held = replace(desk.config, hold=True)
    work = job(held, desk.store, desk.root, SUNDAY_10, desk.tools)
    run_week(work, "2026-W10")
    page = desk.root / "output/site/index.html"
    with monkeypatch.context() as patched:
        patched.setattr("sundaypaper.pipeline.run.publish", killed)
        with pytest.raises(KilledError):
            print_by_hand(work, "2026-W10")
    assert "waits for its editor" in page.read_text()
    with pytest.raises(BuildError, match="printed already"):
        print_by_hand(work, "2026-W10")
    assert "waits for its editor" not in page.read_text()


def stop_here(_seconds: float) -> None:
    """What a signal does to a run that waits."""
    raise KeyboardInterrupt


def test_an_acceptance_told_without_a_new_version_is_found_by_asking_again(desk: Desk) -> None:
    """What was printed is asked for by id: its comment changed, its date and version did not."""
    code = "Code is available at https://github.com/example/kettle"
    old = desk.arxiv.papers[2] = replace(
        desk.arxiv.papers[2], published="2026-02-27T09:00:00Z", comment=code
    )
    assert desk.run("2026-W10", SUNDAY_10).state == "frozen"
    desk.arxiv.papers[2] = replace(old, comment=f"ICML 2026. {code}")
    desk.arxiv.far = {old.id}
    later = datetime(2026, 5, 3, 12, tzinfo=UTC)
    desk.arxiv.papers.append(Paper("2604.30000", "2026-04-28T09:00:00Z", title="A Spring Cup"))
    issue = desk.run("2026-W18", later)
    assert [(a.id, a.claim.venue) for a in issue.newly_accepted] == [("arxiv:2603.00003", "icml")]
    asked = [a.path for a in desk.server.asked if "id_list" in a.path]
    assert len(asked) == 1
    assert "2603.00003" in asked[0]
    desk.server.asked.clear()
    desk.run("2026-W19", datetime(2026, 5, 10, 12, tzinfo=UTC))
    assert not [a for a in desk.server.asked if "2603.00003" in a.path]


def asked_by_id(desk: Desk) -> list[str]:
    """The questions by id since the last look."""
    asked = [a.path for a in desk.server.asked if "id_list" in a.path]
    desk.server.asked.clear()
    return asked


def test_what_was_submitted_to_a_venue_is_asked_again_when_it_has_decided(desk: Desk) -> None:
    """Never printed, it is asked for every week after ICML's usual decision, and once a week only."""
    one = desk.arxiv.papers[2] = replace(desk.arxiv.papers[2], comment="Submitted to ICML 2026")
    desk.run("2026-W10", SUNDAY_10)
    assert one.id not in {id for ids in desk.store.printed_by_week().values() for id in ids}
    assert asked_by_id(desk) == []
    desk.arxiv.far = {paper.id for paper in week_of_papers()}
    for day, week in ((3, "2026-W18"), (10, "2026-W19"), (17, "2026-W20")):
        sunday = datetime(2026, 5, day, 12, tzinfo=UTC)
        tuesday = sunday - timedelta(days=5)
        desk.arxiv.papers.append(Paper(f"2605.{day:05}", f"{tuesday:%Y-%m-%dT09:00:00Z}"))
        issue = desk.run(week, sunday)
        assert issue.state == "frozen", issue.why_draft
        (asked,) = asked_by_id(desk)
        assert one.id in asked
        desk.run(week, sunday + timedelta(days=1))  # after Sunday's announcement
        assert asked_by_id(desk) == []


def test_an_example_that_is_named_by_its_id_is_asked_for_once_and_then_gives_the_topic(desk: Desk) -> None:  # fmt: skip
    """Until its text has come, it is told as one of which nothing can be learnt."""
    named = "arxiv:2401.00042"
    said = "Kettles that sing: the acoustics of boiling water in domestic vessels"
    desk.arxiv.papers.append(Paper("2401.00042", "2024-01-02T09:00:00Z", title=said))
    desk.arxiv.far = {"2401.00042"}
    none = query.parse("zzznothing")
    kettles = Topic("kettles", "Kettles", none, (named,))
    desk.config = replace(desk.config, topics=(*desk.config.topics, kettles))
    assert EntryReader(desk.config, desk.store).unread_examples() == (("kettles", named),)
    desk.run("2026-W10", SUNDAY_10)
    (asked,) = asked_by_id(desk)
    assert "2401.00042" in asked
    assert EntryReader(desk.config, desk.store).unread_examples() == ()
    alike = Entry("arxiv:2603.9", "paper", "arXiv", "", said, "")
    tagged = EntryReader(desk.config, desk.store).tag(alike, None)
    assert "kettles" in [tag.topic for tag in tagged.tags]


def test_a_challenge_is_told_by_the_title_where_the_comment_names_the_workshop(desk: Desk) -> None:
    """The reader of a week hands the title on to the claims."""
    title = "The Second Pond Restoration Challenge: Methods and Results"
    report = Entry("arxiv:2603.9", "paper", "arXiv", "", title, "", comment="CVPRW 2026")
    (claim,) = EntryReader(desk.config, desk.store).tag(report, None).claims
    assert (claim.venue, claim.track) == ("cvpr", "challenge")


def test_nothing_is_asked_by_id_on_top_of_arxivs_troubles(desk: Desk) -> None:
    """A week whose answer is incomplete asks for the known papers when it is complete."""
    desk.run("2026-W10", SUNDAY_10)
    desk.arxiv.papers.append(Paper("2603.10000", "2026-03-10T09:00:00Z"))
    desk.arxiv.far = {paper.id for paper in week_of_papers()}
    desk.server.script["/api/query"] = Answer(500)
    assert desk.run("2026-W11", SUNDAY_11).state == "draft"
    assert asked_by_id(desk) == []
    desk.server.script["/api/query"] = desk.arxiv
    assert desk.run("2026-W11", SUNDAY_11).state == "frozen"
    assert len(asked_by_id(desk)) == 1


def test_what_earlier_weeks_owe_reaches_back_as_far_as_arxiv_is_asked() -> None:
    """A draft, a week missed, and after a long pause only the weeks that can still be complete."""

    def head(week: str, state: Literal["frozen", "draft"]) -> IssueHead:
        return IssueHead(week, state, "", 0, 0, SUNDAY_10)

    assert owed((), "2026-W12") == []
    assert owed((head("2026-W11", "frozen"),), "2026-W12") == []
    both = (head("2026-W10", "frozen"), head("2026-W09", "draft"))
    assert owed(both, "2026-W12") == ["2026-W09", "2026-W11"]
    long = owed((head("2026-W10", "frozen"),), "2026-W30")
    assert long == ["2026-W26", "2026-W27", "2026-W28", "2026-W29"]
