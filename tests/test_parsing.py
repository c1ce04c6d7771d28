"""Parsing in child processes: what a document may cost, and what becomes of one that costs more."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

import ill_parsers
from sundaypaper.errors import ParseError, SourceError
from sundaypaper.parsing import Limits, Pool, Refused
from sundaypaper.parsing.child import answer
from sundaypaper.parsing.limits import MB

ENTRY = ill_parsers.__name__
TIGHT = Limits(seconds=0.2, memory=20 * MB, output=MB)


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    """A pool of one child, which is started anew whenever it was ended."""
    with Pool(ENTRY, TIGHT, size=1) as made:
        yield made


@pytest.mark.parametrize(
    ("parser", "says"),
    [
        ("search", "reading it takes more than 0.2 s of processor time, so it was stopped"),
        ("fill", "reading it takes more than 20 MB of memory, so it was stopped"),
        ("hide", "reading it takes more than 20 MB of memory, so it was stopped"),
        ("boast", "what was read of it is more than 1 MB, so it was stopped"),
        ("crash", "the process that read it was ended (Segmentation fault)"),
        ("vanish", "the process that read it was ended (Killed)"),
        ("leave", "the process that read it ended with status 3 (SomeError: why)"),
        ("lie", "the process that read it gave an answer that makes no sense"),
    ],
)
def test_an_ill_document_costs_itself_alone(pool: Pool, parser: str, says: str) -> None:
    """A sentence says what happened, and the next document is read as if there had been none."""
    with pytest.raises(ParseError) as told:
        pool.parse(parser, b"", b"why")
    assert str(told.value) == says
    assert pool.parse("echo", b"", b"next") == b"next"


def test_a_child_that_only_waits_is_ended_too() -> None:
    """No processor time is used, so the clock ends it."""
    with (
        Pool(ENTRY, Limits(seconds=0.01, wall=0.1), size=1) as pool,
        pytest.raises(ParseError, match=r"^reading it takes more than 0\.2 s, so it was stopped$"),
    ):
        pool.parse("wait", b"", b"")


def test_a_refusal_comes_back_with_its_kind_and_its_words(pool: Pool) -> None:
    """The parser's own error by name; half a surrogate pair does not keep the rest from being said."""
    with pytest.raises(Refused, match=r"^not \? this$") as told:
        pool.parse("refuse", b"", b"")
    assert told.value.kind == "Peculiar"
    with pytest.raises(Refused, match=r"^cannot be read \(KeyError: 'nothing'\)$") as told:
        pool.parse("stumble", b"", b"")
    assert told.value.kind == "ParseError"


@pytest.mark.parametrize(
    ("parser", "error", "words"),
    [
        (ill_parsers.refuse, "Peculiar", "not ? this"),
        (ill_parsers.stumble, "ParseError", "cannot be read (KeyError: 'nothing')"),
    ],
)
def test_an_answer_says_why_there_is_no_result(parser, error: str, words: str) -> None:
    """As the child makes it."""
    answered, result = answer(parser, b"", b"")
    assert (answered.error, answered.words, result) == (error, words, b"")
    assert answer(ill_parsers.echo, b"", b"as it is")[1] == b"as it is"


def test_what_a_library_prints_is_no_answer(pool: Pool) -> None:
    """More than a pipe holds, on either stream, holds nothing up."""
    assert pool.parse("chatter", b"", b"") == b"done"
    assert pool.parse("echo", b"", b"next") == b"next"


def pid(pool: Pool) -> int:
    """The process that reads the next document."""
    return int(json.loads(pool.parse("surroundings", b"", b""))["pid"])


def test_a_child_is_used_again_and_one_that_keeps_memory_is_not(pool: Pool) -> None:
    """A leak ends with its child, before the next document pays for it."""
    with Pool(ENTRY, Limits(), size=1) as roomy:
        first = pid(roomy)
        assert pid(roomy) == first
        assert roomy.parse("hoard", b"", b"") == b"kept"
        assert pid(roomy) != first


def test_a_child_that_died_while_it_was_idle_costs_no_document(pool: Pool) -> None:
    """Another takes its place."""
    gone = pid(pool)
    os.kill(gone, signal.SIGKILL)
    os.waitid(os.P_PID, gone, os.WEXITED | os.WNOWAIT)
    assert pid(pool) != gone


def test_a_child_leaves_it_to_its_parent_when_to_stop(pool: Pool) -> None:
    """A terminal's Ctrl-C and a supervisor's SIGTERM reach the whole group; a run may be let finish."""
    child = pid(pool)
    for interruption in (signal.SIGINT, signal.SIGTERM):
        os.kill(child, interruption)
        assert pid(pool) == child


def test_a_child_has_nothing_of_its_parent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable with a secret, no open file though it is inheritable, no folder of ours."""
    monkeypatch.setenv("SMTP_PASSWORD", "secret")
    with (tmp_path / "paper.db").open("wb") as file, Pool(ENTRY, Limits(), size=1) as pool:
        os.set_inheritable(file.fileno(), True)
        has = json.loads(pool.parse("surroundings", b"", b""))
    assert "SMTP_PASSWORD" not in has["environ"]
    assert "secret" not in str(has)
    assert set(has["files"].values()) == {"pipe"}
    assert has["cwd"] == "/"


@contextmanager
def begun(folder: Path) -> Iterator[tuple[bytes, threading.Event]]:
    """The path of a pipe that a parser opens when it begins, and the event that it did."""
    pipe, seen = folder / "begun", threading.Event()
    os.mkfifo(pipe)

    def look() -> None:
        with pipe.open("rb"):
            seen.set()

    threading.Thread(target=look, daemon=True).start()
    yield bytes(pipe), seen


def test_others_are_read_while_one_hangs_and_an_interruption_ends_it(tmp_path: Path) -> None:
    """A child that is busy for good holds up nobody, neither at work nor at the end."""
    patient = Limits(seconds=90)  # by itself it ends too late
    with (
        begun(tmp_path) as (path, seen),
        Pool(ENTRY, patient, size=2) as pool,
        ThreadPoolExecutor(2) as threads,
    ):
        hangs: Future[bytes] = threads.submit(pool.parse, "search", path, b"")
        assert seen.wait(60)
        assert pool.parse("echo", b"", b"meanwhile") == b"meanwhile"
        pool.close()
        with pytest.raises(SourceError, match="the run was interrupted"):
            hangs.result(45)
        with pytest.raises(SourceError, match="the run was interrupted"):
            pool.parse("echo", b"", b"afterwards")


def test_whoever_waits_for_a_child_hears_of_an_interruption(tmp_path: Path) -> None:
    """Not only the thread whose document is being read."""
    with (
        begun(tmp_path) as (path, seen),
        Pool(ENTRY, Limits(seconds=1, wall=50), size=1) as pool,
        ThreadPoolExecutor(3) as threads,
    ):
        asked = [threads.submit(pool.parse, "wait", path, b"")]
        assert seen.wait(60)
        asked += [threads.submit(pool.parse, "echo", b"", b"") for _ in "ab"]
        pool.close()
        for thread in asked:
            with pytest.raises(SourceError, match="the run was interrupted"):
                thread.result(60)


PARENT = """
import sys
from sundaypaper.parsing import Limits, Pool
with Pool("ill_parsers", Limits(seconds=600, wall=600), size=1) as pool:
    print(pool.parse("surroundings", b"", b"").decode(), flush=True)
    pool.parse(sys.argv[1], sys.argv[2].encode(), b"")
"""


@pytest.mark.parametrize("parser", ["search", "wait"])
def test_no_child_outlives_a_parent_that_is_killed(tmp_path: Path, parser: str) -> None:
    """SIGKILL while the child searches with its interpreter held, or waits: it ends with its parent."""
    with begun(tmp_path) as (path, seen):
        command = [sys.executable, "-c", PARENT, parser, path.decode()]
        environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environ) as parent:
            assert parent.stdout is not None
            child = os.pidfd_open(json.loads(parent.stdout.readline())["pid"])
            assert seen.wait(60)
            parent.kill()
        try:
            ended, _, _ = select.select([child], [], [], 30)
            assert ended
        finally:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(child, signal.SIGKILL)
            os.close(child)


def test_where_no_process_can_be_started_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without room for one more, and a program that cannot be loaded."""
    with Pool("no_such_module", Limits(), size=1) as pool:
        with pytest.raises(ParseError) as told:
            pool.parse("echo", b"", b"")
        assert str(told.value) == (
            "the process that read it ended with status 1 "
            "(ModuleNotFoundError: No module named 'no_such_module')"
        )
        monkeypatch.setattr(sys, "executable", "/no/such/python")
        with pytest.raises(ParseError, match="no process could be started to read it"):
            pool.parse("echo", b"", b"")
