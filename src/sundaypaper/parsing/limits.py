"""What one document may cost, and how a child holds itself to it.

The kernel counts, since a search that never ends holds the interpreter and hears no signal of ours.
Memory is limited where /proc tells how much is in use (Linux); elsewhere time alone is.
"""

from __future__ import annotations

import fcntl
import os
import resource
import select
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

MB = 1_000_000
STATM = Path("/proc/self/statm")


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one document. seconds and seconds_a_mb are of processor time.

    wall and ten times the processor time may pass on the clock: it only ends what waits, since on
    a busy machine two seconds of work take long.
    memory is in bytes above what the idle child has, output in bytes of what it answers.
    """

    seconds: float = 2.0
    seconds_a_mb: float = 0.5
    wall: float = 30.0
    memory: int = 100 * MB
    output: int = 10 * MB

    def seconds_for(self, size: int) -> float:
        """The processor time that a document of so many bytes may take."""
        return self.seconds + self.seconds_a_mb * size / MB

    def wall_for(self, size: int) -> float:
        """The seconds that may pass on the clock meanwhile."""
        return self.wall + 10 * self.seconds_for(size)


def die_with(lifeline: int) -> None:
    """End this process when the other end of a pipe is closed, whatever it is doing then.

    Nothing is ever written to that pipe: its parent's death closes it.
    """
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
    flags = fcntl.fcntl(lifeline, fcntl.F_GETFL)
    fcntl.fcntl(lifeline, fcntl.F_SETFL, flags | os.O_ASYNC)
    if select.select([lifeline], [], [], 0)[0]:
        raise SystemExit


def leave_signals_to_the_parent() -> None:
    """Go on where a terminal or a supervisor interrupts the whole group: the parent decides."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def forbid_the_rest() -> None:
    """No core dump, no process, and no file larger than a compiled module."""
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_FSIZE, 4 * MB),
    ):
        _lower(what, most)


@contextmanager
def held(seconds: float, memory: int) -> Iterator[None]:
    """Hold what is done within to so much processor time and to a size in all.

    Beyond the time the kernel ends the process; beyond the memory there is a MemoryError.
    """
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    if memory:
        _lower(resource.RLIMIT_AS, memory)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def used() -> float:
    """How many seconds of processor time this process has used."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_utime


def size() -> int:
    """How many bytes of memory this process has, 0 where that is not told."""
    try:
        return int(STATM.read_bytes().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def _lower(what: int, most: int) -> None:
    """Lower a soft limit; that of the system stays where it is lower."""
    _, hard = resource.getrlimit(what)
    low = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (low, hard))
