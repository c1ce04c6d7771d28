"""What `status` says is wrong with a paper, and that it says nothing where nothing is."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from readers_weeks import issue
from sundaypaper.config import Config, load
from sundaypaper.delivery import Outbox, Readers
from sundaypaper.delivery.channels import ChannelTools
from sundaypaper.models import Answer, Issue, PollState, SourceReport
from sundaypaper.pipeline.mailing import MailJob, read_inbox
from sundaypaper.pipeline.watching import Watch, as_json, watch
from sundaypaper.store import Run, Store
from sundaypaper.wording.runs import how_it_ended
from terminal import typed

W08, W09, W10 = "2026-W08", "2026-W09", "2026-W10"
SUNDAY = datetime(2026, 3, 8, 8, tzinfo=UTC)  # when W10 is printed
NOON = SUNDAY + timedelta(hours=4)
GIGABYTE = 10**9
MAIL = "delivery: {kind: smtp, from: paper@lab.example, server: {host: 127.0.0.1, tls: none}}\n"
ADA = "ada@lab.example"


@dataclass
class Root:
    """The root of a paper that asks arXiv and two feeds, with what its runs kept."""

    folder: Path
    more: str = ""
    free: int = 50 * GIGABYTE
    store: Store = field(init=False)

    def __post_init__(self) -> None:
        self.store = Store(self.folder / "paper.db")

    @property
    def config(self) -> Config:
        """feeds.yaml, as it says now."""
        file = self.folder / "feeds.yaml"
        feeds = "".join(
            f", {{kind: feed, name: {n}, url: 'https://{n}.example/f'}}" for n in ("one", "two")
        )
        file.write_text(f"sources: [{{kind: arxiv, name: arXiv}}{feeds}]\n{self.more}")
        return load(file)

    def ran(self, at: datetime, week: str, status: int = 0, **detail: Any) -> None:
        """A run left its line in the log."""
        self.store.log_run(Run(at, at, week, status, 30.0, detail))

    def printed(self, week: str, at: datetime) -> None:
        """A week was printed at a moment."""
        self.store.keep_issue(replace(issue(week), composed=at))

    def drafted(self, week: str) -> None:
        """A week is a draft."""
        self.store.keep_issue(replace(issue(week), state="draft", why_draft="Whatever."))

    def reported(self, week: str, **states: str) -> None:
        """What the ledger of a week says of its sources."""
        reports = [
            SourceReport(name, "arxiv" if name == "arXiv" else "feed", state, detail="no answer")  # type: ignore[arg-type]
            for name, state in states.items()
        ]
        self.store.keep_reports(week, reports)

    def answered(self, at: datetime) -> None:
        """arXiv answered in full up to a moment."""
        self.store.save([], [], [PollState("arXiv", answered_at=at)])

    def seen(self, now: datetime) -> Watch:
        """What a look sees."""
        return watch(self.config, self.store, self.folder, now, lambda _: self.free)

    def troubles(self, now: datetime) -> list[str]:
        """The parts that need a person, the worst first."""
        return [trouble.part for trouble in self.seen(now).troubles]


@pytest.fixture
def root(tmp_path: Path) -> Root:
    """A paper whose W09 was printed on its Sunday, and all is well until W10 is due."""
    made = Root(tmp_path)
    made.ran(SUNDAY - timedelta(days=7), W09)
    made.reported(W09, arXiv="fresh", one="fresh", two="unchanged")
    made.printed(W09, SUNDAY - timedelta(days=7))
    made.answered(SUNDAY - timedelta(days=7))
    return made


def good_week(root: Root) -> None:
    """W10 is printed at its time."""
    root.ran(SUNDAY, W10)
    root.reported(W10, arXiv="fresh", one="fresh", two="fresh")
    root.printed(W10, SUNDAY)
    root.answered(SUNDAY)


# ---------------------------------------------------------------- late


def test_a_paper_is_well_until_three_hours_after_its_print_time(root: Root) -> None:
    """A timer may be late and a run takes a while; after that somebody has to look."""
    assert root.seen(SUNDAY + timedelta(hours=2, minutes=59)).well
    (trouble,) = root.seen(SUNDAY + timedelta(hours=3)).troubles
    assert trouble.part == "issue"
    assert trouble.text == (
        "2026-W10 is late: it was due on Sunday 8 March at 08:00; the newest that is printed is "
        "2026-W09, 1 week before. Nothing ran since then: `sundaypaper run` prints it; is the timer or "
        "`schedule` alive?"
    )


def test_what_is_due_follows_the_papers_own_clock(root: Root) -> None:
    """Eight in Delhi is half past two in UTC; the margin is counted from there."""
    root.more = "timezone: Asia/Kolkata\n"
    assert root.seen(SUNDAY - timedelta(hours=2, minutes=31)).well
    late = root.seen(SUNDAY - timedelta(hours=2, minutes=30))
    assert "due on Sunday 8 March at 08:00" in late.troubles[0].text


def test_a_printed_week_is_well(root: Root) -> None:
    """Nothing is said of it but when the next one comes."""
    good_week(root)
    seen = root.seen(NOON)
    assert (seen.well, seen.standing.state) == (True, "printed")
    assert seen.next_due == SUNDAY + timedelta(days=7)


def test_a_new_paper_is_not_late_before_its_first_sunday(tmp_path: Path) -> None:
    """It began on Wednesday; last Sunday was before its time, the next one is not."""
    root = Root(tmp_path)
    assert root.troubles(NOON) == []  # nothing ran ever
    root.ran(NOON + timedelta(days=3), W10, status=1)
    assert root.troubles(NOON + timedelta(days=3)) == []
    assert root.troubles(NOON + timedelta(days=7)) == ["issue"]


def test_a_week_that_waits_for_its_editor_is_not_late(root: Root) -> None:
    """The machine has done its part: said, and no trouble. What arXiv still owes is one."""
    root.more = "print: {hold: true}\n"
    root.ran(SUNDAY, W10)
    root.reported(W10, arXiv="incomplete", one="fresh", two="fresh")
    root.drafted(W10)
    assert root.troubles(NOON) == ["issue"]
    root.reported(W10, arXiv="fresh")
    seen = root.seen(NOON)
    assert (seen.well, seen.waits) == (
        True,
        ("2026-W10 waits for its editor: `sundaypaper print --week 2026-W10`",),
    )


def test_a_late_paper_says_what_its_last_run_met(root: Root) -> None:
    """A full disk is called that, and an arXiv that did not answer is, too."""
    root.ran(SUNDAY, W10, status=1, error=["paper.db: database or disk is full"])
    assert (
        root.seen(NOON)
        .troubles[0]
        .text.endswith("The last run failed: paper.db: database or disk is full")
    )
    root.ran(SUNDAY + timedelta(hours=1), W10, status=1, outcome="a draft")
    root.reported(W10, arXiv="failed", one="fresh", two="fresh")
    root.drafted(W10)
    assert "It is a draft: arXiv is failed: no answer." in root.seen(NOON).troubles[0].text


def test_runs_that_ceased_are_told_while_the_paper_is_not_late_yet(root: Root) -> None:
    """A paper of an editor's may be printed by hand while the timer is dead."""
    root.printed(W10, SUNDAY)
    assert root.troubles(SUNDAY + timedelta(hours=20)) == []
    assert root.troubles(SUNDAY + timedelta(days=1, hours=1)) == ["schedule"]


# ---------------------------------------------------------------- sources


def test_an_arxiv_that_never_answers_in_full_is_told_once_it_was_asked(root: Root) -> None:
    """A source that nobody asks is not to blame for its silence."""
    root.printed(W10, SUNDAY)
    root.ran(SUNDAY + timedelta(days=1), W10)
    assert root.troubles(SUNDAY + timedelta(days=2)) == []
    root.ran(SUNDAY + timedelta(days=1, hours=1), W10)
    (trouble,) = root.seen(SUNDAY + timedelta(days=2)).troubles
    assert trouble.text.startswith("arXiv has not answered in full since 2026-03-01")


def test_a_feed_that_fails_for_three_weeks_is_told_and_one_bad_week_is_not(root: Root) -> None:
    """Feeds of others come and go; one that is gone has to be taken out by a person."""
    root.reported(W08, arXiv="fresh", one="failed", two="fresh")
    root.drafted(W08)
    good_week(root)
    assert root.troubles(NOON) == []
    other = Root(root.folder / "other")
    for back, week in enumerate((W10, W09, W08)):
        other.reported(week, arXiv="fresh", one="failed", two="fresh")
        other.printed(week, SUNDAY - timedelta(days=7 * back))
    other.ran(SUNDAY, W10)
    other.answered(SUNDAY)
    (trouble,) = other.seen(NOON).troubles
    assert trouble.text.startswith("one has failed for 3 weeks")


def test_most_sources_failing_is_one_trouble(root: Root) -> None:
    """Six of eight at once is a network, not six feeds."""
    root.ran(SUNDAY, W10)
    root.reported(W10, arXiv="fresh", one="failed", two="failed")
    root.printed(W10, SUNDAY)
    root.answered(SUNDAY)
    (trouble,) = root.seen(NOON).troubles
    assert trouble.text.startswith("2 of 3 sources failed in 2026-W10 (one, two)")


# ---------------------------------------------------------------- mail, inbox, disk


@pytest.fixture
def mailing(root: Root) -> Root:
    """W10 is printed, mail goes out by SMTP, and Ada has read for a month."""
    good_week(root)
    root.more = MAIL
    with readers_of(root) as readers:
        readers.add(ADA, origin="command", consent="asked", now=SUNDAY - timedelta(days=30))
    return root


def readers_of(root: Root) -> Readers:
    """readers.db of a root."""
    made = iter(range(1, 1_000_000))
    return Readers(root.folder / "readers.db", lambda size: next(made).to_bytes(size, "big"))


def test_a_printed_issue_of_which_no_mail_went_out_is_told(mailing: Root) -> None:
    """A run that ends well and mails nobody looks as good as any other; an hour after it is told."""
    assert mailing.troubles(SUNDAY + timedelta(hours=1)) == []
    (trouble,) = mailing.seen(NOON).troubles
    assert (
        trouble.text
        == "2026-W10 is printed and no mail of it went out: `sundaypaper send` sends it"
    )


def test_nobody_who_reads_is_no_mail_that_is_owed(root: Root) -> None:
    """Before the first subscriber there is nothing to send."""
    good_week(root)
    root.more = MAIL
    assert root.troubles(NOON) == []


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("queued", "1 should have gone out an hour ago or more"),
        ("uncertain", "1 may have arrived or not"),
        ("failed", "1 of 1 failed"),
        ("sent", ""),
    ],
)
def test_mails_that_wait_or_failed_are_told(mailing: Root, state: str, told: str) -> None:
    """By number and week, and never by address."""
    with readers_of(mailing) as readers:
        outbox = Outbox(readers)
        outbox.queue(W10, [1], SUNDAY)
        if state != "queued":
            rows = outbox.claim(outbox.due(W10, SUNDAY), SUNDAY)
            answer = Answer(state, 550, "no such mailbox")  # type: ignore[arg-type]
            outbox.settle(rows[0], answer, SUNDAY + timedelta(days=3))
    seen = mailing.seen(NOON)
    assert [trouble.part for trouble in seen.troubles] == (["mail"] if told else [])
    assert told in "".join(trouble.text for trouble in seen.troubles)
    assert ADA not in json.dumps(as_json(seen))


def test_a_mail_that_a_server_puts_off_is_told_only_where_nobody_tries_again(mailing: Root) -> None:
    """It is due in a quarter of an hour; an hour after that somebody should have tried."""
    with readers_of(mailing) as readers:
        outbox = Outbox(readers)
        outbox.queue(W10, [1], SUNDAY)
        rows = outbox.claim(outbox.due(W10, SUNDAY), SUNDAY)
        outbox.settle(rows[0], Answer("deferred", 451, "later"), SUNDAY)
    assert mailing.troubles(SUNDAY + timedelta(hours=1, minutes=14)) == []
    assert mailing.troubles(SUNDAY + timedelta(hours=1, minutes=16)) == ["mail"]


def test_an_inbox_that_nobody_reads_is_told_after_a_day(mailing: Root) -> None:
    """Whoever left by mail would go on getting it."""
    mailing.more = MAIL + "inbox: {kind: maildir, folder: inbox}\n"
    with readers_of(mailing) as readers:
        outbox = Outbox(readers)
        outbox.queue(W10, [1], SUNDAY)
        rows = outbox.claim(outbox.due(W10, SUNDAY), SUNDAY)
        outbox.settle(rows[0], Answer("sent", 250, "ok"), SUNDAY)
        readers.count_reading(SUNDAY)
    assert mailing.troubles(SUNDAY + timedelta(days=1, hours=2)) == []
    assert mailing.troubles(SUNDAY + timedelta(days=2)) == ["inbox"]


def test_to_read_the_inbox_is_what_is_counted(mailing: Root) -> None:
    """Whether a mail was in it or not."""
    mailing.more = MAIL + "inbox: {kind: maildir, folder: inbox}\n"
    for name in ("new", "cur", "tmp"):
        (mailing.folder / "inbox" / name).mkdir(parents=True)
    tools = ChannelTools(lambda: 0.0, lambda _: None, {})
    with readers_of(mailing) as readers:
        read_inbox(MailJob(mailing.config, readers, {}, lambda: NOON, print, tools))
    assert mailing.seen(NOON).mails.inbox_read == NOON.date()


def test_a_disk_that_two_weeks_would_fill_is_told(root: Root) -> None:
    """200 MB at least, whatever a week has brought so far."""
    root.free = 200_000_000
    assert root.troubles(SUNDAY) == []
    root.free -= 1
    (trouble,) = root.seen(SUNDAY).troubles
    assert (
        trouble.text == "200 MB are free where the paper lies, and two weeks need 200 MB: make room"
    )


def test_the_worst_comes_first(mailing: Root) -> None:
    """Readers notice a missing issue before anybody notices a disk."""
    mailing.free = 0
    assert mailing.troubles(NOON + timedelta(days=7)) == ["issue", "disk"]


# ---------------------------------------------------------------- as it is told


def test_a_check_is_one_line_and_its_exit_status(root: Root) -> None:
    """0 and one line where all is well, 1 and a line a trouble where it is not."""
    good_week(root)
    assert root.config
    well = typed(root.folder, "--now", "2026-03-08T12:00:00Z", "status", "--check")
    assert (well.returncode, well.stdout) == (
        0,
        "well: 2026-W10 is printed; the next is due 2026-03-15 08:00 UTC\n",
    )
    late = typed(root.folder, "--now", "2026-06-22T12:00:00Z", "status", "--check")
    assert late.returncode == 1
    (line,) = late.stdout.splitlines()
    assert line.startswith("issue: 2026-W25 is late: it was due on Sunday 21 June at 08:00;")


def test_json_has_the_names_that_the_manual_lists(root: Root) -> None:
    """Programs read them: a name that goes breaks them."""
    good_week(root)
    assert root.config
    done = typed(root.folder, "--now", "2026-03-08T12:00:00Z", "status", "--json")
    data = json.loads(done.stdout)
    assert sorted(data) == [
        *("at", "disk", "failing", "format", "issue", "last_run", "mails", "sources", "troubles"),
        *("waits", "well"),
    ]
    assert (data["well"], data["format"], data["issue"]["late"]) == (True, 1, False)
    manual = (Path(__file__).parents[1] / "docs" / "watching.md").read_text()
    inner = [name for value in data.values() if isinstance(value, dict) for name in value]
    missing = [name for name in (*data, *inner) if f"`{name}`" not in manual]
    assert sorted(set(missing) - set(data["sources"])) == []


def test_status_calls_things_by_their_names(root: Root) -> None:
    """Printed is printed, held is held, a full disk is a full disk."""
    root.more = "print: {hold: true}\n"
    root.reported(W10, arXiv="fresh", one="failed", two="fresh")
    root.drafted(W10)
    root.store.keep_issue(_of_landmarks_alone(W08))
    root.ran(SUNDAY, W10, status=1, error=["paper.db: database or disk is full"])
    assert root.config
    done = typed(root.folder, "--now", "2026-03-08T12:00:00Z", "status")
    assert done.returncode == 0
    assert "2026-W10  held" in done.stdout
    assert "2026-W09  printed" in done.stdout
    assert "2026-W08  printed 1 entry  A week" in done.stdout  # was “1 of 0 printed”
    assert "failed: paper.db: database or disk is full" in done.stdout
    assert "frozen" not in done.stdout
    assert "incomplete" not in done.stdout


def _of_landmarks_alone(week: str) -> Issue:
    """An issue that prints a landmark of the shelf, in a week that brought nothing."""
    made = issue(week)
    return replace(made, funnel=replace(made.funnel, listed=0, printed=1))


def test_how_a_run_ended_is_said_in_words() -> None:
    """Lines of before have none of their own."""
    assert how_it_ended(1, {"stopped": ["by the user"]}) == "stopped by the user"
    assert how_it_ended(0, {"outcome": "printed"}) == "printed"
    assert how_it_ended(1, {}) == "incomplete"


def test_a_damaged_database_is_told_and_is_no_traceback(root: Root) -> None:
    """As for every command."""
    assert root.config
    root.store.close()
    (root.folder / "paper.db").write_bytes(b"no database at all, for whoever looks")
    done = typed(root.folder, "status", "--check")
    assert done.returncode == 1
    assert "not a database" in done.stderr
