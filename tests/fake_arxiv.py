"""A small arXiv for tests: answers query urls over rows, as a transport of a real Net; no sockets.

A trouble is asked first with each request and the honest answer; it may give another answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape, quoteattr

import httpx

from sundaypaper import weeks
from sundaypaper.net import Net, Pace

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" '
    'xmlns:o="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom">'
)


def _stamp(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


@dataclass(frozen=True)
class Row:
    """A paper as the fake knows it; id without version."""

    id: str
    published: datetime
    updated: datetime
    version: int = 1
    categories: tuple[str, ...] = ("cs.LG",)
    comment: str = ""
    title: str = "A paper"

    def xml(self) -> str:
        """The entry of an Atom page."""
        categories = "".join(f"<category term={quoteattr(c)}/>" for c in self.categories)
        published, updated = (_stamp(moment) for moment in (self.published, self.updated))
        return (
            f"<entry><id>http://arxiv.org/abs/{self.id}v{self.version}</id>"
            f"<title>{escape(self.title)}</title><summary>An abstract.</summary>"
            f"<published>{published}</published>"
            f"<updated>{updated}</updated>{categories}"
            f"<arxiv:primary_category term={quoteattr(self.categories[0])}/>"
            f"<arxiv:comment>{escape(self.comment)}</arxiv:comment>"
            "<author><name>Ada Example</name></author></entry>"
        )


@dataclass(frozen=True)
class Asked:
    """A request: its number from 0, its query, and the moment of the clock at which it came."""

    number: int
    query: str
    start: int
    sort: str
    order: str
    at: float
    ids: tuple[str, ...] = ()

    @property
    def span(self) -> tuple[str, str] | None:
        """From and to of submittedDate, None where the question is another."""
        found = re.search(r"submittedDate:\[(\d{12}) TO (\d{12})\]", self.query)
        return (found[1], found[2]) if found else None


@dataclass(frozen=True)
class Honest:
    """What a truthful arXiv would answer: the rows of this page, and of how many."""

    rows: tuple[Row, ...]
    total: int


Trouble = Callable[[Asked, Honest], httpx.Response | None]


class Clock:
    """Seconds that pass only when somebody sleeps."""

    def __init__(self, moment: datetime) -> None:
        self.seconds = moment.timestamp()
        self.slept: list[float] = []

    def time(self) -> float:
        """Epoch seconds."""
        return self.seconds

    def sleep(self, seconds: float) -> None:
        """Let time pass; the source's own waits are kept in `slept` by `wait`."""
        self.seconds += seconds

    def wait(self, seconds: float) -> None:
        """Sleep, and remember it."""
        self.slept.append(seconds)
        self.sleep(seconds)


def page(rows: Sequence[Row], total: int | None = None) -> httpx.Response:
    """A page of results with a declared total."""
    declared = len(rows) if total is None else total
    body = f"{HEAD}<o:totalResults>{declared}</o:totalResults>" + "".join(r.xml() for r in rows)
    return httpx.Response(200, content=f"{body}</feed>".encode())


def complaint(status: int = 400, words: str = "this question is odd") -> httpx.Response:
    """An error as arXiv tells it: a feed with one entry."""
    body = (
        f"{HEAD}<o:totalResults>1</o:totalResults><entry>"
        "<id>https://arxiv.org/api/errors#odd_question</id><title>Error</title>"
        f"<summary>{escape(words)}</summary></entry></feed>"
    )
    return httpx.Response(status, content=body.encode())


@dataclass
class FakeArxiv(httpx.BaseTransport):
    """Answers over rows; asked holds the requests in order."""

    rows: list[Row]
    clock: Clock
    trouble: Trouble = lambda _asked, _honest: None
    asked: list[Asked] = field(default_factory=list)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer to one query url."""
        told = {k: v[0] for k, v in parse_qs(urlsplit(str(request.url)).query).items()}
        asked = Asked(
            len(self.asked),
            told.get("search_query", ""),
            int(told["start"]),
            told.get("sortBy", ""),
            told.get("sortOrder", ""),
            self.clock.time(),
            tuple(filter(None, told.get("id_list", "").split(","))),
        )
        self.asked.append(asked)
        honest = self.honest(asked, int(told["max_results"]))
        return self.trouble(asked, honest) or page(honest.rows, honest.total)

    def honest(self, asked: Asked, size: int) -> Honest:
        """What a truthful answer to that request holds now."""
        rows = list(filter(_matching(asked), self.rows))
        by_update = asked.sort == "lastUpdatedDate"
        rows.sort(
            key=lambda row: (row.updated if by_update else row.published, row.id),
            reverse=asked.order == "descending",
        )
        return Honest(tuple(rows[asked.start : asked.start + size]), len(rows))

    def net(self) -> Net:
        """A real Net whose only transport is this."""
        return Net(
            user_agent="test/1 (+https://example.org)",
            monotonic=self.clock.time,
            sleep=self.clock.sleep,
            resolve=lambda *_: [(2, 1, 6, "", ("151.101.3.42", 443))],
            transport=self,
        )

    def pace(self, folder: Path) -> Pace:
        """A real Pace on the same clock."""
        return Pace(folder / "arxiv.lock", wall=self.clock.time, sleep=self.clock.sleep)


def _matching(asked: Asked) -> Callable[[Row], bool]:
    """Whether a row answers the question."""
    ends = [datetime.strptime(t, "%Y%m%d%H%M").replace(tzinfo=UTC) for t in asked.span or ()]
    categories = set(re.findall(r"cat:([\w.-]+)", asked.query))
    names = [name.strip('"').lower() for name in re.findall(r'co:("[^"]+"|\w+)', asked.query)]

    def matches(row: Row) -> bool:
        if asked.ids and row.id not in asked.ids:
            return False
        if ends and not ends[0] <= row.published <= ends[1]:
            return False
        if categories and categories.isdisjoint(row.categories):
            return False
        return not names or any(name in row.comment.lower() for name in names)

    return matches


def submitted_for(day: date) -> datetime:
    """A moment of submission that arXiv lists on that day."""
    back = 3 if day.weekday() == 0 else 1
    return datetime(day.year, day.month, day.day, 10, tzinfo=UTC) - timedelta(days=back)


def week_of_rows(week: str, each: int, first: int = 1, comment: str = "") -> list[Row]:
    """Papers of a week, so many on each of its listing days, numbered from first."""
    rows: list[Row] = []
    for day in weeks.batch_days(week):
        for at in range(each):
            moment = submitted_for(day) + timedelta(seconds=at)
            number = first + len(rows)
            rows.append(Row(f"{day:%y%m}.{number:05}", moment, moment, comment=comment))
    return rows
