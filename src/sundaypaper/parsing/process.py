"""One child process: started, asked, and told why it ended."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from threading import Timer
from typing import IO, cast

from sundaypaper.parsing import frames
from sundaypaper.text import clean

START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from importlib import import_module; import_module(sys.argv[2]).main()"
)
# Without these some systems start no program; the rest of the environment stays with the parent.
NEEDED = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
MOMENT = 5.0  # seconds in which a process that has closed its pipes ends


class Child:
    """A child that waits for documents. It ends when its lifeline, a pipe, is closed.

    A pipe closes with its process whatever ends that, so no child outlives its parent.
    """

    def __init__(self, command: tuple[str, ...], environ: Mapping[str, str]) -> None:
        theirs, ours = os.pipe()
        with os.fdopen(theirs, "rb"), ExitStack() as opened:
            self._lifeline = opened.enter_context(os.fdopen(ours, "wb"))
            self._process = subprocess.Popen(  # noqa: S603 our own program
                (*command, str(theirs)),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                pass_fds=(theirs,),
                env=dict(environ),
                cwd="/",
            )
            opened.pop_all()
        pipes = (self._process.stdin, self._process.stdout, self._process.stderr)
        self._given, self._answers, self._errors = cast(tuple[IO[bytes], ...], pipes)
        self._late = False

    def lives(self) -> bool:
        """Whether it can still be asked."""
        return self._process.poll() is None

    def exchange(self, asked: tuple[bytes, ...], wall: float, most: int) -> tuple[bytes, bytes]:
        """The two frames of its answer, each of so many bytes at most.

        EOFError or OSError where it ended instead, TooLong where it says too much.
        """
        watch = Timer(wall, self._expire)
        watch.daemon = True
        watch.start()
        try:
            frames.write(self._given, *asked)
            return (
                frames.read(self._answers, most),
                frames.read(self._answers, most),
            )
        finally:
            watch.cancel()

    def _expire(self) -> None:
        self._late = True
        self._process.kill()

    def how_it_ended(self, seconds: float, wall: float) -> str:
        """Why it gave no answer, in words for a ledger."""
        try:
            status = self._process.wait(MOMENT)
        except subprocess.TimeoutExpired:
            return "the process that read it stopped answering"
        if self._late:
            return f"reading it takes more than {wall:.1f} s, so it was stopped"
        if status == -signal.SIGPROF:
            return (
                f"reading it takes more than {seconds:.1f} s of processor time, so it was stopped"
            )
        if status < 0:
            return f"the process that read it was ended ({signal.strsignal(-status)})"
        said = self._errors.read().decode("utf-8", "replace")
        last = clean(said.strip().rpartition("\n")[2], 200)
        return f"the process that read it ended with status {status}{last and f' ({last})'}"

    def kill(self) -> None:
        """End it now, whoever waits for it."""
        self._process.kill()

    def end(self) -> None:
        """End it now, and leave nothing of it behind."""
        self._process.kill()
        self._process.wait()
        self._lifeline.close()
        for pipe in (self._given, self._answers, self._errors):
            with suppress(OSError):  # what it did not take any more
                pipe.close()


def started(entry: str, *told: str) -> Child:
    """A child that runs the `main` of a module; what it is told are its first arguments but two.

    OSError or SubprocessError where no process can be started.
    """
    unwritten = ("-B",) if sys.dont_write_bytecode else ()
    command = (sys.executable, "-I", "-S", *unwritten, "-W", "ignore", "-c", START)
    paths = json.dumps([os.path.abspath(path) for path in sys.path])
    environ = {name: os.environ[name] for name in NEEDED if name in os.environ}
    return Child((*command, paths, entry, *told), environ)
