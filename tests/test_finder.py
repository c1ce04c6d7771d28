"""The finder: one child that looks, a short queue before it, and answers that are kept."""

from __future__ import annotations

import asyncio
import gc
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

import ill_finders
from asking import World, run, swap, write_build
from readers_weeks import BASE, InProcess, entry, issue, make_root
from sundaypaper.config import load
from sundaypaper.errors import QueryError
from sundaypaper.pipeline import publishing, query_child
from sundaypaper.pipeline.query_child import Asked, Desk, NoAnswerError, QueryChild, Served
from sundaypaper.store import Store
from sundaypaper.web.finder import MOST, Answer, Answers, Finder, FinderError

ENTRY = ill_finders.__name__


class Gate:
    """A child that answers with what it was asked, once it is let; counts what it was asked."""

    def __init__(self, is_open: bool = True) -> None:
        self.asked: list[str] = []
        self.open, self.begun = threading.Event(), threading.Event()
        self.trouble = ""
        self.is_closed = False
        if is_open:
            self.open.set()

    def ask(self, asked: Asked) -> bytes:
        """The question, text and build as bytes."""
        self.asked.append(asked.text)
        self.begun.set()
        assert self.open.wait(60)
        if self.is_closed:
            raise NoAnswerError("the app is ending")
        if asked.text == "wrong":
            raise QueryError(asked.text, 1, "it is wrong")
        if self.trouble:
            raise NoAnswerError(self.trouble)
        return f"{asked.question} {asked.text} {asked.build}".encode()

    def close(self) -> None:
        """Let go whoever waits."""
        self.is_closed = True
        self.open.set()

    def ended(self) -> None:
        """Nothing is left."""


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A world whose first build is in place."""
    write_build(tmp_path, "first", index_html="<p>first")
    write_build(tmp_path, "second", index_html="<p>second")
    swap(tmp_path, "first")
    return World(tmp_path)


def using(world: World, gate: Gate, work: Callable[[Finder], Awaitable[Any]], **how: Any) -> Any:
    """Do some work with a finder, which is closed afterwards."""

    unheard: list[dict[str, Any]] = []

    async def done() -> Any:
        asyncio.get_running_loop().set_exception_handler(lambda _, told: unheard.append(told))
        finder = Finder(world.here(), gate, **how)
        try:
            return await work(finder)
        finally:
            finder.close()

    result = run(done())
    gc.collect()
    assert unheard == []
    return result


async def until(holds: Callable[[], bool]) -> None:
    """Let others run until something holds."""
    while not holds():
        await asyncio.sleep(0)


# ---------------------------------------------------------------- one question at a time


def test_the_same_question_asked_at_once_is_looked_for_once(world: World) -> None:
    """And later it is at hand; another spelling is the same question then."""
    gate = Gate(is_open=False)

    async def work(finder: Finder) -> list[bytes]:
        same = [asyncio.create_task(finder.feed("robots", "atom")) for _ in range(20)]
        await until(gate.begun.is_set)
        gate.open.set()
        answers = [(await one).body for one in same]
        return [*answers, (await finder.feed(" (robots) ", "atom")).body]

    assert using(world, gate, work) == [b"atom robots first"] * 21
    assert gate.asked == ["robots"]


def test_too_many_at_once_are_turned_away_with_a_time(world: World) -> None:
    """Those that wait are answered; one that joins another is none more."""
    gate = Gate(is_open=False)

    async def work(finder: Finder) -> None:
        waiting = [asyncio.create_task(finder.feed(f"word{n}", "atom")) for n in range(MOST)]
        await until(gate.begun.is_set)
        joined = asyncio.create_task(finder.feed("word3", "atom"))
        with pytest.raises(FinderError, match="too many queries are looked for at once") as told:
            await finder.feed("another", "atom")
        assert told.value.retry_after == 5
        gate.open.set()
        assert [(await one).body for one in waiting][3] == (await joined).body
        await finder.feed("another", "atom")

    using(world, gate, work)
    assert gate.asked == [*(f"word{n}" for n in range(MOST)), "another"]


def test_who_waits_too_long_is_told_and_the_answer_is_kept(world: World) -> None:
    """For who asks next."""
    gate = Gate(is_open=False)

    async def work(finder: Finder) -> None:
        with pytest.raises(FinderError, match="the look takes longer than usual"):
            await finder.feed("robots", "json")
        gate.open.set()
        await until(lambda: finder.at_hand("robots", "json") is not None)

    using(world, gate, work, patience=0.0)
    assert gate.asked == ["robots"]


def test_who_goes_away_takes_nothing_from_the_others(world: World) -> None:
    """A look goes on when the one who asked first is gone, and when all are."""
    gate = Gate(is_open=False)

    async def work(finder: Finder) -> bytes:
        first = asyncio.create_task(finder.feed("robots", "atom"))
        second = asyncio.create_task(finder.feed("robots", "atom"))
        alone = asyncio.create_task(finder.feed("wrong", "atom"))
        await until(gate.begun.is_set)
        first.cancel()
        alone.cancel()
        gate.open.set()
        await until(lambda: len(gate.asked) == 2)
        return (await second).body

    assert using(world, gate, work) == b"atom robots first"


def test_the_loop_is_free_while_a_look_lasts(world: World) -> None:
    """Other work is done meanwhile, as far as one likes."""
    gate, done = Gate(is_open=False), []

    async def work(finder: Finder) -> None:
        look = asyncio.create_task(finder.feed("robots", "atom"))
        await until(gate.begun.is_set)
        for n in range(1000):
            await asyncio.sleep(0)
            done.append(n)
        assert not look.done()
        gate.open.set()
        await look

    using(world, gate, work)
    assert len(done) == 1000


# ---------------------------------------------------------------- what is kept


def test_a_new_build_is_looked_at_anew(world: World) -> None:
    """What was found under the one before is forgotten; a tag tells both apart."""
    gate = Gate()

    async def work(finder: Finder) -> tuple[Answer, Answer]:
        first = await finder.feed("robots", "atom")
        swap(world.root, "second")
        assert finder.at_hand("robots", "atom") is None
        return first, await finder.feed("robots", "atom")

    first, second = using(world, gate, work)
    assert (first.body, second.body) == (b"atom robots first", b"atom robots second")
    assert first.tag != second.tag
    assert first.modified is not None
    assert second.modified >= first.modified


def test_answers_are_kept_up_to_so_many_bytes(world: World) -> None:
    """Those that nobody has asked for longest go first; one that is larger than all is not kept."""
    kept = Answers(3_000)
    answers = {name: Answer(b"x" * 400, b"y" * 96, name, None) for name in "abcd"}
    for name in "abc":
        kept.put(("atom", name), "first", answers[name])
    assert kept.size == 3 * (500 + 4 + 400 + 96)
    assert kept.get(("atom", "a"), "first") is answers["a"]
    kept.put(("atom", "d"), "first", answers["d"])
    assert kept.size == 3_000
    assert kept.get(("atom", "b"), "first") is None
    assert kept.get(("atom", "a"), "first") is answers["a"]
    kept.put(("atom", "a"), "first", answers["a"])
    assert kept.size == 3_000
    kept.put(("atom", "large"), "first", Answer(b"x" * 3_000, b"", "", None))
    assert kept.get(("atom", "large"), "first") is None
    assert kept.size == 0
    kept.put(("atom", "a"), "first", answers["a"])
    kept.put(("atom", "b"), "second", answers["b"])
    assert kept.size == 1_000
    assert kept.get(("atom", "a"), "first") is None


def test_a_mistake_in_a_query_is_nobody_elses(world: World) -> None:
    """It is raised to who asked, told to no operator, and not kept."""
    gate = Gate()

    async def work(finder: Finder) -> None:
        for _ in "ab":
            with pytest.raises(QueryError, match="it is wrong"):
                await finder.tried("wrong")
        with pytest.raises(QueryError, match="unclosed quote"):
            await finder.feed('"robots', "atom")

    using(world, gate, work)
    assert gate.asked == ["wrong", "wrong"]
    assert world.said == []


def test_the_operator_hears_of_trouble_once(world: World) -> None:
    """Until there is an answer again; nobody else is told what it is."""
    gate = Gate()

    async def work(finder: Finder) -> None:
        for trouble in (
            "/root/paper.db: is damaged",
            "/root/paper.db: is damaged",
            "",
            "it is gone",
        ):
            gate.trouble = trouble
            if not trouble:
                await finder.feed("robots", "atom")
                continue
            with pytest.raises(FinderError) as told:
                await finder.feed(f"robots {len(gate.asked)}", "atom")
            assert str(told.value) == "nothing can be looked for right now"
            assert told.value.retry_after == 60

    using(world, gate, work)
    assert world.said == [
        "! a reader's query got no answer: /root/paper.db: is damaged",
        "! a reader's query got no answer: it is gone",
    ]


def test_closing_ends_a_look_under_way(world: World) -> None:
    """Who waits is told, and who asks afterwards, too; the operator knows."""
    gate = Gate(is_open=False)

    async def work(finder: Finder) -> None:
        waiting = [asyncio.create_task(finder.feed(f"word{n}", "atom")) for n in range(3)]
        await until(gate.begun.is_set)
        finder.close()
        for one in waiting:
            with pytest.raises(FinderError, match="the app is ending"):
                await one
        with pytest.raises(FinderError, match="the app is ending"):
            await finder.feed("another", "atom")

    using(world, gate, work)
    assert world.said == []


# ---------------------------------------------------------------- the child


@contextmanager
def child(entry: str = ENTRY, wall: float = 60.0) -> Iterator[QueryChild]:
    """A child, ended afterwards."""
    made = QueryChild(Served("/no/such/root", "/no/such/output", "", BASE), wall, entry)
    try:
        yield made
    finally:
        made.close()
        made.ended()


@contextmanager
def begun(folder: Path) -> Iterator[tuple[str, threading.Event]]:
    """A pipe that the child opens when it has begun, and the event that this sets."""
    path, event = folder / "begun", threading.Event()
    os.mkfifo(path)

    def listen() -> None:
        with path.open("rb"):
            event.set()

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    yield str(path), event
    with suppress(OSError):
        os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK))
    thread.join(60)


def asked(text: str, build: str = "first") -> Asked:
    """A question of the child."""
    return Asked("tried", text, build)


def test_a_child_is_asked_again_and_again_and_one_that_died_is_replaced() -> None:
    """Whether it died in a look, which is told, or idle, which costs no question."""
    with child() as made:
        first = made.ask(asked("who"))
        assert made.ask(asked("who")) == first
        with pytest.raises(NoAnswerError, match=r"was ended \(Killed\)"):
            made.ask(asked("vanish"))
        second = made.ask(asked("who"))
        assert second != first
        idle = os.pidfd_open(int(second))
        signal.pidfd_send_signal(idle, signal.SIGKILL)
        select.select([idle], [], [], 60)
        os.close(idle)
        assert made.ask(asked("who")) not in (first, second)


def test_a_look_without_end_is_ended_by_the_clock(tmp_path: Path) -> None:
    """And the next question has a child of its own."""
    says = r"takes more than 0\.5 s, so it was stopped"
    with (
        begun(tmp_path) as (path, _),
        child(wall=0.5) as made,
        pytest.raises(NoAnswerError, match=says),
    ):
        made.ask(asked("wait", path))
    with child() as made:
        assert made.ask(asked("who"))


def test_an_answer_of_no_sense_and_a_last_one_replace_the_child() -> None:
    """The next question is answered."""
    with child() as made:
        for text, says in (("lie", "gave an answer of no sense"), ("last", "so it is")):
            before = made.ask(asked("who"))
            with pytest.raises(NoAnswerError, match=says):
                made.ask(asked(text))
            assert made.ask(asked("who")) != before


def test_closing_ends_the_child_at_work(tmp_path: Path) -> None:
    """Who waits hears of it at once, and nothing is started any more."""
    with (
        begun(tmp_path) as (path, seen),
        ThreadPoolExecutor(1) as threads,
        child(wall=600) as made,
    ):
        waiting = threads.submit(made.ask, asked("wait", path))
        assert seen.wait(60)
        made.close()
        with pytest.raises(NoAnswerError, match="the app is ending"):
            waiting.result(30)
        with pytest.raises(NoAnswerError, match="the app is ending"):
            made.ask(asked("who"))


PARENT = """
import sys
from sundaypaper.pipeline.query_child import Asked, QueryChild, Served
QueryChild(Served(sys.argv[1], sys.argv[1], "", "")).ask(Asked("tried", "robots", ""))
"""


def test_no_child_outlives_an_app_that_is_killed(tmp_path: Path) -> None:
    """SIGKILL while the child waits for a file that gives nothing, deaf to everything else."""
    os.mkfifo(tmp_path / "feeds.yaml")
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with (
        subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path)], env=environ) as parent,
        # Open for writing as soon as the child has opened it to read.
        (tmp_path / "feeds.yaml").open("wb"),
    ):
        children = Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().split()
        assert len(children) == 1
        pid = os.pidfd_open(int(children[0]))
        parent.kill()
        try:
            ended, _, _ = select.select([pid], [], [], 30)
            assert ended
        finally:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(pid, signal.SIGKILL)
            os.close(pid)


def test_where_no_child_can_be_started_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that cannot be loaded, and no program at all."""
    with child("no_such_module") as made:
        with pytest.raises(NoAnswerError, match="No module named 'no_such_module'"):
            made.ask(asked("who"))
        monkeypatch.setattr(sys, "executable", "/no/such/python")
        with pytest.raises(NoAnswerError, match="no process could be started to look"):
            made.ask(asked("who"))


def test_a_real_child_finds_what_is_printed_and_what_is_printed_next(tmp_path: Path) -> None:
    """Over a root on the disk; it sees a new build as soon as it is in place, by itself."""
    root = make_root(tmp_path)
    world = World(root)

    async def work() -> None:
        finder = Finder(world.here(output=root / "output"))
        try:
            found = await finder.tried("topic:robotics")
            assert [week.hits for week in found.weeks] == [0, 3, 2]
            assert b"Robots that walk" in (await finder.feed("walk*", "json")).body
            with pytest.raises(QueryError) as told:
                await finder.tried("robots topic:robotic")
            assert (told.value.query, told.value.column) == ("robots topic:robotic", 8)
            print_week(root)
            found = await finder.tried("topic:robotics")
            assert [week.hits for week in found.weeks] == [1, 0, 3, 2]
        finally:
            finder.close()

    run(work())
    assert world.said == []


def print_week(root: Path) -> None:
    """Print and publish one more week."""
    with Store(root / "paper.db") as store:
        store.keep_issue(issue("2026-W13", entry("2603.00031", "Robots again", topic="robotics")))
        publishing.publish(load(root / "feeds.yaml"), store, root / "output", None)


# ---------------------------------------------------------------- the child's desk


def desk(root: Path, used: Callable[[], float] = lambda: 0.0) -> Desk:
    """A desk over a root; used tells the processor time."""
    return Desk(Served(str(root), str(root / "output"), "", BASE), used)


def test_a_look_is_bounded_in_processor_time_after_the_weeks_are_read(tmp_path: Path) -> None:
    """Reading them may take longer; the query is told to ask for less."""
    times = iter([100.0, 100.0, 101.9, 102.1])
    weeks = [issue("2026-W10", *(entry(f"2603.{n:05d}", "Robots") for n in range(200)))]
    head, body = desk(make_root(tmp_path, *weeks), lambda: next(times)).answer(asked("robots"))
    assert (head.column, body) == (1, b"")
    assert head.words == "it takes too long to look for all of this; ask for less at a time"


def test_trouble_is_told_in_words_and_the_next_question_is_answered(tmp_path: Path) -> None:
    """A feeds.yaml with a mistake, a lost paper.db, and what nobody thought of."""
    root = make_root(tmp_path)
    at = desk(root)
    good = (root / "feeds.yaml").read_text()
    (root / "feeds.yaml").write_text("sources: 5\n")
    head, _ = at.answer(asked("robots"))
    assert "feeds.yaml:1" in head.words
    assert head.column == 0
    (root / "feeds.yaml").write_text(good)
    (root / "paper.db").rename(root / "away.db")
    head, _ = at.answer(asked("robots"))
    assert "paper.db: is missing" in head.words
    (root / "away.db").rename(root / "paper.db")
    assert at.answer(asked("robots"))[0] == query_child.Head()


def test_a_lack_of_memory_ends_the_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next one begins with none."""

    def fail(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(query_child, "tried", fail)
    head, _ = desk(make_root(tmp_path)).answer(asked("robots"))
    assert head.last
    assert head.words == "the weeks take more memory than a query may"


def test_a_mistake_in_the_program_stops_no_other_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told with its kind."""

    def fail(*_: object) -> None:
        raise RuntimeError("who knows")

    at = desk(make_root(tmp_path))
    with monkeypatch.context() as patched:
        patched.setattr(query_child, "tried", fail)
        head, _ = at.answer(asked("robots"))
    assert head.words == "a mistake in the program (RuntimeError: who knows)"
    assert at.answer(asked("robots"))[0] == query_child.Head()


def test_in_process_and_child_answer_alike(tmp_path: Path) -> None:
    """What the tests of feeds ask in this process is what a child says."""
    root = make_root(tmp_path)
    here = InProcess(root)
    real = QueryChild(Served(str(root), str(root / "output"), "", BASE))
    try:
        for question in ("tried", "atom", "json"):
            one = Asked(question, "robot", "first")
            assert real.ask(one) == here.ask(one)
    finally:
        real.close()
        real.ended()
