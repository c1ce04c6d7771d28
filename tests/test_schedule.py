"""`tick`, `schedule` and `serve --schedule`: real roots, and where it matters real processes."""

from __future__ import annotations

import fcntl
import os
import re
import signal
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from loopback import Asked, Loopback, Raw
from mail_servers import MailServer
from processes import command
from sundaypaper.cli.stopping import Stop, given_time
from sundaypaper.cli.world import Memory
from sundaypaper.pipeline.log_lines import log_line, note_line
from sundaypaper.store import Store
from terminal import typed

SHELF = "sources:\n  - {kind: bundle, name: A, path: shelf}\n"
MAIL = "delivery: {kind: file, from: paper@lab.example}\n"
W10, W13 = "2026-03-08T08:00:00Z", "2026-03-29T08:00:00Z"
MOMENT = datetime(2026, 12, 6, 7, 0, 3, tzinfo=UTC)
STAMPED = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+\d\d:\d\d level=(info|warn|error) event=[a-z_]+"
)

Tick = Callable[..., CompletedProcess[str]]


@pytest.fixture
def tick(tmp_path: Path) -> Tick:
    """Types `sundaypaper --now … tick` in tmp_path."""

    def at(now: str, *words: str) -> CompletedProcess[str]:
        return typed(tmp_path, "--now", now, *words, "tick")

    return at


def weeks(root: Path) -> dict[str, str]:
    """The state of each week."""
    with Store(root / "paper.db") as store:
        return {head.week: head.state for head in store.heads()}


def mails(root: Path) -> list[str]:
    """The weeks whose mails were written."""
    return sorted(file.name[:8] for file in (root / "mails").glob("*.eml"))


# ---------------------------------------------------------------- one tick


def test_a_tick_prints_publishes_and_mails_and_the_next_does_nothing(
    tick: Tick, tmp_path: Path
) -> None:
    """All that a cron line is for; the second one only says when the next work is due."""
    target = tmp_path / "www"
    (tmp_path / "feeds.yaml").write_text(f"publish: {{to: {target}}}\n{MAIL}{SHELF}")
    typed(tmp_path, "subscribers", "add", "ada@lab.example", "--consent", "asked")
    done = tick(W10)
    assert (done.returncode, done.stderr) == (0, "")
    assert " event=printed week=2026-W10 " in done.stdout
    assert weeks(tmp_path) == {"2026-W10": "frozen"}
    assert mails(tmp_path) == ["2026-W10"]
    assert (target / "index.html").is_file()
    again = tick(W10)
    assert again.returncode == 0
    assert (
        again.stdout
        == "2026-03-08T08:00:00+00:00 level=info event=waits next=2026-03-08T09:00+00:00\n"
    )
    assert mails(tmp_path) == ["2026-W10"]


def test_all_lines_are_stamped_and_hold_no_address(tick: Tick, tmp_path: Path) -> None:
    """Progress and mails alike, in the paper's own time."""
    (tmp_path / "feeds.yaml").write_text(f"timezone: Asia/Kolkata\n{MAIL}{SHELF}")
    typed(tmp_path, "subscribers", "add", "ada@lab.example", "--consent", "asked")
    lines = tick(W10).stdout.splitlines()
    assert len(lines) > 5
    assert all(STAMPED.match(line) for line in lines)
    assert all(line.startswith("2026-03-08T13:30:00+05:30 ") for line in lines)
    assert any("event=mail week=2026-W10 subscriber=1 state=sent" in line for line in lines)
    assert not any("@" in line for line in lines)


def test_what_goes_well_is_silent_with_quiet(tick: Tick, tmp_path: Path) -> None:
    """So cron mails nobody."""
    (tmp_path / "feeds.yaml").write_text(MAIL + SHELF)
    done = tick(W10, "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert weeks(tmp_path) == {"2026-W10": "frozen"}


def test_a_draft_waits_and_is_no_fault(tick: Tick, tmp_path: Path) -> None:
    """On Friday there is one; on Sunday at 07:59 nothing is due, at 08:00 it is printed."""
    (tmp_path / "feeds.yaml").write_text(SHELF)
    assert " event=draft week=2026-W10 " in tick("2026-03-06T12:00:00Z").stdout
    tick("2026-03-08T06:00:00Z")
    early = tick("2026-03-08T07:59:00Z")
    assert "next=2026-03-08T08:00+00:00" in early.stdout
    assert weeks(tmp_path) == {"2026-W10": "draft"}
    tick(W10)
    assert weeks(tmp_path) == {"2026-W10": "frozen"}


def test_a_sunday_that_falls_short_is_completed_by_the_next_tick(
    tick: Tick, tmp_path: Path
) -> None:
    """It prints nothing, says draft on stderr with status 1; a quarter of an hour later it is out."""
    (tmp_path / "feeds.yaml").write_text(SHELF.replace("shelf", "nowhere"))
    short = tick(W10, "--quiet")
    assert short.returncode == 1
    assert " level=warn event=draft week=2026-W10 " in short.stderr
    (tmp_path / "feeds.yaml").write_text(SHELF)
    done = tick("2026-03-08T08:15:00Z", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    assert weeks(tmp_path) == {"2026-W10": "frozen"}


def test_three_weeks_of_downtime_are_made_up_and_only_the_newest_is_mailed(
    tick: Tick, tmp_path: Path
) -> None:
    """The weeks between are printed, said, and not sent: they are nobody's news."""
    (tmp_path / "feeds.yaml").write_text(MAIL + SHELF)
    typed(tmp_path, "subscribers", "add", "ada@lab.example", "--consent", "asked")
    tick(W10)
    done = tick(W13)
    assert weeks(tmp_path) == dict.fromkeys(("2026-W13", "2026-W12", "2026-W11", "2026-W10"), "frozen")  # fmt: skip
    assert re.findall(r"event=made_up week=(\S+) mailed=(\S+)", done.stdout) == [
        ("2026-W11", "no"),
        ("2026-W12", "no"),
    ]
    assert mails(tmp_path) == ["2026-W10", "2026-W13"]


def test_a_week_that_is_made_up_late_is_not_mailed_though_it_is_the_newest(
    tick: Tick, tmp_path: Path
) -> None:
    """Printed by hand a week after its time: it goes out when a person sends it."""
    (tmp_path / "feeds.yaml").write_text(f"print: {{hold: true}}\n{MAIL}{SHELF}")
    typed(tmp_path, "subscribers", "add", "ada@lab.example", "--consent", "asked")
    tick(W10)
    typed(tmp_path, "--now", "2026-03-16T09:00:00Z", "print", "--week", "2026-W10")
    assert tick("2026-03-16T09:00:00Z", "--quiet").returncode == 0
    assert weeks(tmp_path)["2026-W10"] == "frozen"
    assert mails(tmp_path) == []


def test_a_held_week_is_told_once_and_is_no_fault(tick: Tick, tmp_path: Path) -> None:
    """It waits for its editor; the next tick has nothing to say."""
    (tmp_path / "feeds.yaml").write_text(f"print: {{hold: true}}\n{SHELF}")
    done = tick(W10, "--quiet")
    assert done.returncode == 0
    assert " level=warn event=held week=2026-W10 " in done.stderr
    assert tick("2026-03-08T08:15:00Z", "--quiet").stderr == ""


@pytest.mark.parametrize("lock", ["tick.lock", "run.lock"])
def test_another_at_work_is_75_and_nothing_is_done(tick: Tick, tmp_path: Path, lock: str) -> None:
    """Another tick, or a run by hand."""
    (tmp_path / "feeds.yaml").write_text(SHELF)
    with (tmp_path / lock).open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        done = tick(W10, "--quiet")
    assert done.returncode == 75
    assert weeks(tmp_path) == {}


def mailing_to(root: Path, port: int) -> None:
    """A paper that prints at once and mails one reader through a server at a port."""
    (root / "feeds.yaml").write_text(
        "print: {at: mon 00:00}\ndelivery: {kind: smtp, from: paper@lab.example, "
        f"server: {{host: 127.0.0.1, port: {port}, tls: none}}}}\n{SHELF}"
    )
    typed(root, "subscribers", "add", "ada@lab.example", "--consent", "asked")


def test_mail_that_is_owed_is_a_fault_of_each_tick_and_said_once(tmp_path: Path) -> None:
    """Deferred: status 1 also where nothing is due, so that no job runs green; told the first time."""
    with MailServer() as server:
        server.say = lambda at: "451 4.3.0 later" if at.verb == "RCPT" else None
        mailing_to(tmp_path, server.port)
        first = typed(tmp_path, "--quiet", "tick")
        assert first.returncode == 1
        assert "1 deferred" in first.stderr
        assert "ada@" not in first.stderr
        second = typed(tmp_path, "--quiet", "tick")
        assert (second.returncode, second.stderr) == (1, "")


def test_a_mail_server_that_is_away_is_told_and_stops_no_other_work(tmp_path: Path) -> None:
    """The issue is out; the next tick tries again."""
    with socket.create_server(("127.0.0.1", 0)) as away:
        port = away.getsockname()[1]
    mailing_to(tmp_path, port)
    done = typed(tmp_path, "--quiet", "tick")
    assert done.returncode == 1
    assert " level=error event=failed work=mail " in done.stderr
    assert set(weeks(tmp_path).values()) == {"frozen"}
    with MailServer() as server:
        mailing_to(tmp_path, server.port)
        assert typed(tmp_path, "--quiet", "tick").returncode == 0
        assert len(server.mails) == 1


# ---------------------------------------------------------------- lines and signals


def test_a_line_is_pairs_that_a_program_can_split() -> None:
    """Quoted where needed; a text of many lines is one."""
    line = log_line(MOMENT, "info", "printed", week="2026-W49", seconds=41.2, text='a "b"\nc')
    assert line == (
        "2026-12-06T07:00:03+00:00 level=info event=printed week=2026-W49 seconds=41.2 "
        'text="a \\"b\\" c"'
    )


@pytest.mark.parametrize(
    "text",
    ["ada@lab.example left", "week=2026-W10 told=ada@lab.example", '  ! <ada@lab.example> "x"'],
)
def test_no_address_gets_into_a_line(text: str) -> None:
    """Whatever says it, and in whatever form."""
    assert "ada" not in note_line(MOMENT, "warn", text)
    assert "ada" not in log_line(MOMENT, "warn", "failed", text=text)


def test_a_warning_is_news_once() -> None:
    """Said the last time, it is not said again; kept without its words."""
    first = Memory()
    assert not first.knows("1 failed: ada@lab.example")
    then = Memory.of(first.kept())
    assert then.knows("1 failed: ada@lab.example")
    assert not then.knows("2 failed")
    assert "ada" not in first.kept()


def test_what_is_under_way_has_its_time_and_then_ends() -> None:
    """The first signal asks; when the grace is over it is an interruption."""
    stop = Stop()

    def work() -> None:
        with given_time(stop, 0.01, lambda: 0.0):
            os.kill(os.getpid(), signal.SIGTERM)
            assert stop.asked()
            threading.Event().wait(60)

    with pytest.raises(KeyboardInterrupt):
        work()
    assert stop.status == 143


def test_a_second_signal_ends_at_once_but_not_one_that_comes_with_the_first() -> None:
    """A service manager signals all processes, and whoever started one hands it on."""
    seconds, heard = iter([0.0, 1.0, 5.0]), list[str]()

    def work() -> None:
        with given_time(Stop(), 1000, lambda: next(seconds)):
            for moment in ("first", "with it", "later"):
                heard.append(moment)
                os.kill(os.getpid(), signal.SIGTERM)

    with pytest.raises(KeyboardInterrupt):
        work()
    assert heard == ["first", "with it", "later"]


# ---------------------------------------------------------------- processes


@contextmanager
def started(root: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    """A process of `sundaypaper` whose streams are read as one."""
    process = subprocess.Popen(
        command(root, *words), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def read_until(process: subprocess.Popen[str], word: str) -> str:
    """What a process says until a word is in it, or its end."""
    said = ""
    assert process.stdout
    for line in process.stdout:
        said += line
        if word in line:
            break
    return said


def test_schedule_says_when_the_next_is_prints_at_once_and_ends_with_0(tmp_path: Path) -> None:
    """SIGTERM while nothing is under way."""
    (tmp_path / "feeds.yaml").write_text(f"print: {{at: mon 00:00}}\n{SHELF}")
    with started(tmp_path, "schedule") as process:
        said = read_until(process, "event=waits")
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate(timeout=60)
        assert process.returncode == 0, said + rest
    assert "event=started next=" in said
    assert "event=printed " in said
    assert "event=ended" in rest
    assert set(weeks(tmp_path).values()) == {"frozen"}


def test_sigterm_in_the_middle_leaves_what_the_next_tick_completes(tmp_path: Path) -> None:
    """A source that never answers is under way: its grace over, it is left; nothing is printed of it."""
    asked, gone = threading.Event(), threading.Event()

    def hang(_: Asked, __: socket.socket) -> None:
        asked.set()
        gone.wait(60)

    with Loopback({"/feed": Raw(hang)}) as server:
        feed = f"  - {{kind: feed, name: B, url: '{server.url('/feed')}'}}\n"
        (tmp_path / "feeds.yaml").write_text(
            f"network: {{allow_private: true}}\nprint: {{at: mon 00:00}}\n{SHELF}{feed}"
        )
        with started(tmp_path, "schedule", "--grace", "0.2") as process:
            assert asked.wait(60)
            process.send_signal(signal.SIGTERM)
            said, _ = process.communicate(timeout=60)
            assert process.returncode == 0, said
        gone.set()
    assert "stopping: what is under way has 0 s to end" in said
    assert weeks(tmp_path) == {}
    (tmp_path / "feeds.yaml").write_text(f"print: {{at: mon 00:00}}\n{SHELF}")
    assert typed(tmp_path, "--quiet", "tick").returncode == 0
    assert set(weeks(tmp_path).values()) == {"frozen"}


def test_serve_works_by_the_clock_beside_and_both_end(tmp_path: Path) -> None:
    """One process: the pages are answered, the issue is printed, SIGTERM ends both with 0."""
    (tmp_path / "feeds.yaml").write_text(f"print: {{at: mon 00:00}}\n{SHELF}")
    with started(tmp_path, "serve", "--schedule", "--port", "0") as process:
        said = read_until(process, "Ctrl-C ends it")
        url = re.findall(r"http://\S+", said)[0]
        printed = said if "event=waits" in said else said + read_until(process, "event=waits")
        assert "event=printed " in printed
        end = time.monotonic() + 30
        while time.monotonic() < end:
            with urllib.request.urlopen(url, timeout=30) as answer:
                if b"Sunday Paper" in answer.read():
                    break
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate(timeout=60)
        assert process.returncode == 0, printed + rest
    assert "ended" in rest


def test_who_stays_refuses_to_rehearse(tmp_path: Path) -> None:
    """`--now` would stand still for ever; it names what rehearses."""
    (tmp_path / "feeds.yaml").write_text(SHELF)
    for words in (("schedule",), ("serve", "--schedule")):
        done = typed(tmp_path, "--now", W10, *words)
        assert done.returncode == 2
        assert "tick" in done.stderr
