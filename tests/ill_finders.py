"""A child of the finder that goes wrong as the query says: `QueryChild(…, entry="ill_finders")`."""

from __future__ import annotations

import os
import signal
import sys
import threading

from sundaypaper import codec
from sundaypaper.parsing import frames, limits
from sundaypaper.pipeline.query_child import Asked, Head


def main() -> None:
    """Answer with the number of this process, but for queries that name a way to go wrong."""
    limits.leave_signals_to_the_parent()
    limits.die_with(int(sys.argv[-1]))
    while True:
        try:
            asked = codec.from_json(Asked, frames.read(sys.stdin.buffer))
        except EOFError:
            return
        if asked.text == "vanish":
            os.kill(os.getpid(), signal.SIGKILL)
        if asked.text == "wait":
            with open(asked.build, "wb"):
                pass
            threading.Event().wait()
        head = Head("so it is", last=True) if asked.text == "last" else Head()
        raw = b"?" if asked.text == "lie" else codec.to_json(head)
        frames.write(sys.stdout.buffer, raw, str(os.getpid()).encode())
