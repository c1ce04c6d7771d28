"""The child's side: takes documents one after another and answers what a parser made of each."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO

from sundaypaper import codec
from sundaypaper.errors import ParseError
from sundaypaper.parsing import frames, limits
from sundaypaper.parsing.replies import Answered

# About and body of a document to the JSON that is answered.
Parser = Callable[[bytes, bytes], bytes]
Table = Mapping[str, Callable[[], Parser]]
MEMORY = "MemoryError"
WORDS = 500
# A child that keeps so many bytes above its idle size is replaced.
KEPT = 50 * limits.MB


@dataclass(frozen=True, slots=True)
class Request:
    """The head of what is asked: the parser's name, and what the document may cost."""

    parser: str
    seconds: float
    memory: int


def serve(table: Table) -> None:  # pragma: no cover, as it runs in the child alone
    """Answer until the parent is gone. A row makes its parser ready, and is asked for it once."""
    limits.leave_signals_to_the_parent()
    limits.die_with(int(sys.argv[-1]))
    limits.forbid_the_rest()
    given, answers = sys.stdin.buffer, answers_alone()
    ready: dict[str, Parser] = {}
    idle = 0
    gc.set_threshold(20_000)
    while True:
        try:
            request = codec.from_json(Request, frames.read(given))
            if request.parser not in ready:
                before = limits.size() if ready else 0
                ready[request.parser] = table[request.parser]()
                idle += limits.size() - before
            about, body = frames.read(given), frames.read(given)
        except EOFError:
            return
        with limits.held(request.seconds, idle and idle + request.memory):
            answered, result = answer(ready[request.parser], about, body)
        del about, body
        last = answered.error == MEMORY or limits.size() > idle + KEPT
        head = codec.to_json(Answered(answered.error, answered.words, last))
        frames.write(answers, head, result)
        if last:
            return


def answer(parser: Parser, about: bytes, body: bytes) -> tuple[Answered, bytes]:
    """What a parser makes of a document, or why it makes nothing of it."""
    try:
        return Answered(), parser(about, body)
    except Exception as bad:  # one document's oddity must never stop the others
        if _is_of_memory(bad):
            return Answered(MEMORY), b""
        words = str(bad).encode("utf-8", "replace").decode()
        if isinstance(bad, ParseError):
            return Answered(type(bad).__name__, words), b""
        return Answered("ParseError", f"cannot be read ({type(bad).__name__}: {words[:100]})"), b""


def _is_of_memory(error: BaseException | None) -> bool:
    """Whether an error is for want of memory, or was raised on account of such a one."""
    while error is not None:
        if isinstance(error, MemoryError):
            return True
        error = error.__cause__ or error.__context__
    return False


def answers_alone() -> IO[bytes]:  # pragma: no cover, as it runs in the child alone
    """The pipe for answers, for us alone: what a library prints goes where errors go.

    Nobody reads those while the child lives, so they are lost when there are too many.
    """
    own = os.dup(1)
    os.dup2(2, 1)
    os.set_blocking(2, False)
    return os.fdopen(own, "wb")
