"""Fetching one address when it is due, with conditional requests; failures become reports.

    WebSource | due? | net.get, conditional | read -> a document | tell -> Fetched

How the answer is read and reported is up to the kind of source: `read` and `tell`.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol, TypeVar

from sundaypaper.errors import FetchError, ParseError, SourceError
from sundaypaper.models import Ask, Fetched, PollState, SourceReport, SourceState
from sundaypaper.sources.polling import Memory, after_failure, after_success, belongs, waits

if TYPE_CHECKING:
    from sundaypaper.net import Net, Response
    from sundaypaper.sources.contract import WebSource

Turn = AbstractContextManager[object] | None


class Parsed(Protocol):
    """A document as read. ttl is in seconds, None where it does not say when to ask again."""

    @property
    def ttl(self) -> float | None: ...


NOTHING_THERE = frozenset({404, 410})
REDIRECTED = frozenset({301, 302, 303, 307, 308})
T = TypeVar("T", bound=Parsed)
D = TypeVar("D")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: accept is the header; limit is in bytes.

    about names what is asked for, by default the address: where it changes, the poll state begins
    anew.
    """

    accept: str
    about: str = ""
    limit: int | None = None


def fetch(
    spec: WebSource,
    poll: PollState,
    net: Net,
    ask: Ask,
    asked: Asked,
    read: Callable[[Response], T],
    tell: Callable[[T, PollState, bool], Fetched],
    turn: Turn = None,
) -> Fetched:
    """Ask an address where it is due; its news and its next poll state. Never raises SourceError.

    tell is given the document, the next poll state, and whether this is the first fetch. turn is
    entered for the request only, where the host wants its requests apart.
    """
    about = asked.about or spec.url
    if not belongs(poll.note, about):  # configured anew: what is remembered is of another
        poll = PollState(spec.name)
    memory = Memory.of_note(poll.note, about)
    if spec.off:
        return _quiet(spec, poll, "off", "switched off in feeds.yaml")
    if memory.gone:
        return _quiet(spec, poll, "off", _gone(spec.url))
    if poll.next_check is not None and waits(poll.next_check, ask.wall):
        return _quiet(spec, poll, "not due", f"next check {poll.next_check:%Y-%m-%d %H:%M} UTC")
    try:
        with turn or nullcontext():
            headers = _headers(asked.accept, poll)
            answer = net.get(poll.url or spec.url, headers=headers, limit=asked.limit)
        if answer.status == 410 and not poll.url:
            gone = replace(poll, failures=poll.failures + 1, note=Memory(about, True).note())
            return _quiet(spec, gone, "off", _gone(answer.url))
        if answer.status == 304 and (poll.etag or poll.last_modified):
            poll = _good(poll, memory, answer, None, ask)
            return _quiet(spec, poll, "unchanged", "")
        parsed = document(read, answer, ask.wall)
    except SourceError as e:
        return _failed(spec, poll, about, ask, e)
    kept = _kept(poll, memory, answer, parsed, ask)
    return _with_move(poll, tell(parsed, kept, not poll.fetched_once))


def _quiet(spec: WebSource, poll: PollState, state: SourceState, detail: str) -> Fetched:
    return Fetched(SourceReport(spec.name, spec.kind, state, detail=detail), poll)


def _gone(url: str) -> str:
    return f"gone: {url} answered 410. Take it out of feeds.yaml, or give its new address."


def _headers(accept: str, poll: PollState) -> dict[str, str]:
    validators = {"if-none-match": poll.etag, "if-modified-since": poll.last_modified}
    return {"accept": accept} | {name: value for name, value in validators.items() if value}


def document(read: Callable[[Response], D], answer: Response, wall: datetime) -> D:
    """What an answer says; FetchError for any status but 200, ParseError for any error in reading."""
    if answer.status == 200:
        try:
            return read(answer)
        except ParseError:
            raise
        except Exception as e:  # one source's oddity must never stop the others
            raise ParseError(f"cannot be read ({type(e).__name__}: {str(e)[:100]})") from e
    from sundaypaper.net import retry_after

    raise FetchError(
        f"{answer.url} answered {answer.status}: {_remedy(answer.status)}.",
        reason="status",
        status=answer.status,
        retry_after=retry_after(answer.headers, wall),
    )


def _remedy(status: int) -> str:
    """What a status means for whoever reads there, and what to do."""
    if status in NOTHING_THERE:
        return (
            "nothing lies there. `sundaypaper feeds add` with the address of its page finds where a feed "
            "is now; correct it in feeds.yaml"
        )
    if status == 429:
        return "it is asked too often, perhaps by others too"
    if status >= 500:
        return "the fault is the site's"
    if status in REDIRECTED:
        return "it leads elsewhere and does not say where: correct the address in feeds.yaml"
    if status < 400:
        return "an answer without a document: open the address in a browser, and correct it in feeds.yaml"
    return (
        "the site turns programs away. Ask its owner to let feed readers in (`contact:` in feeds.yaml tells "
        "them who asks), look for another feed of it, or give the source `off: true`"
    )


def _good(
    poll: PollState, memory: Memory, answer: Response, ttl: float | None, ask: Ask
) -> PollState:
    """The poll state after a good answer, without its validators."""
    memory = memory.saw(answer.moved, ask.wall) if answer.moved or not poll.url else memory
    due = ask.wall + after_success(answer.headers, ttl, ask.wall)
    return replace(
        poll,
        url=memory.settled(ask.wall) or poll.url,
        failures=0,
        next_check=poll.next_check if ask.rehearsal else due,
        answered_at=ask.now,
        note=memory.note(),
    )


def _kept(
    poll: PollState, memory: Memory, answer: Response, document: Parsed, ask: Ask
) -> PollState:
    return replace(
        _good(poll, memory, answer, document.ttl, ask),
        etag=answer.headers.get("etag", ""),
        last_modified=answer.headers.get("last-modified", ""),
        fetched_once=True,
    )


def _with_move(before: PollState, fetched: Fetched) -> Fetched:
    """The same, with a note in the report where the address has moved for good."""
    if fetched.poll.url == before.url:
        return fetched
    moved = f"moved to {fetched.poll.url}: change it in feeds.yaml"
    detail = "; ".join(filter(None, (fetched.report.detail, moved)))
    return replace(fetched, report=replace(fetched.report, detail=detail))


def _failed(spec: WebSource, poll: PollState, about: str, ask: Ask, error: SourceError) -> Fetched:
    """A failure as a report; a rehearsal leaves no back-off behind, so it counts no failure."""
    detail, wait = setback(spec.url, poll, error, ask)
    if ask.rehearsal:
        return _quiet(spec, poll, "failed", detail)
    later = replace(
        poll,
        # A new address that fails is forgotten: the configured one is asked next.
        url="",
        etag="" if poll.url else poll.etag,
        last_modified="" if poll.url else poll.last_modified,
        failures=poll.failures + 1,
        next_check=ask.wall + wait,
        note=Memory(about).note(),
    )
    return _quiet(spec, later, "failed", detail)


def setback(url: str, poll: PollState, error: SourceError, ask: Ask) -> tuple[str, timedelta]:
    """A failure in words: what, how often by now, what happens next; and how long to wait."""
    asked = error.retry_after if isinstance(error, FetchError) else None
    offline = isinstance(error, FetchError) and error.reason == "unreachable"
    # The first time that nothing is reached the fault may be ours: nobody need wait to try again.
    wait = timedelta() if offline and not poll.failures else after_failure(poll.failures, asked)
    times = poll.failures + 1
    what = f"{url}: {error}." if isinstance(error, ParseError) else str(error)
    if ask.rehearsal:
        return what, wait
    again = "" if times == 1 else f" Failed {times} times in a row."
    hours = round(wait.total_seconds() / 3600)
    when = f"Asked again in {hours} h at the earliest." if hours else "Asked again at the next run."
    return f"{what}{again} {when}", wait
