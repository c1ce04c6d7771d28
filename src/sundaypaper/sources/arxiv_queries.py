"""Queries to arXiv's API, page by page: retries, waits, and checks for short or empty pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from sundaypaper.errors import FetchError, ParseError, SourceError
from sundaypaper.models import Ask, Entry, Slice

if TYPE_CHECKING:
    from arxiv import Search

    from sundaypaper.net import Net, Pace
    from sundaypaper.sources.arxiv import ArxivSource
    from sundaypaper.sources.arxiv_page import ArxivPage
    from sundaypaper.sources.contract import Parse

PAGE = 2000
DEEPEST = 30_000
LARGEST = 50_000_000
TRIES = 7
# No connection at all is no fault of arXiv's: asking every question seven times would not help.
UNREACHABLE = 3
# So often must a page be as short, or as empty, before it is taken as it is.
DOUBTS = 3
# Seconds. Retry-After is honoured as sent; without it a throttled client waits a minute.
DEADLINE = 90.0
THROTTLE_FLOOR = 60.0
LONGEST_WAIT = 21_600.0
BUDGET = 1_200.0
BLOCK = 86_400.0


class Refused(SourceError):
    """A question that arXiv will not answer, however often it is asked."""


@dataclass
class Asking:
    """The state of one run's questions: entries by id, what is missing, seconds spent waiting.

    run runs the parser of a page.
    """

    spec: ArxivSource
    net: Net
    pace: Pace
    sleep: Callable[[float], None]
    ask: Ask
    tell: Callable[[str], None]
    run: Parse
    entries: dict[str, Entry] = field(default_factory=dict)
    missing: list[Slice] = field(default_factory=list)
    dropped: dict[str, None] = field(default_factory=dict)
    expected: int = 0
    fetched: int = 0
    waited: float = 0.0
    blocked: str = ""

    @property
    def moment(self) -> datetime:
        """The wall-clock time: that of the run's start plus the waits since."""
        return self.ask.wall + timedelta(seconds=self.waited)

    def stay_away(self, seconds: float, why: str) -> None:
        """Ask nothing more in this run, nor in another one before that many seconds are over."""
        self.pace.block(self.moment.timestamp() + seconds)
        self.blocked = why

    def keep(self, page: ArxivPage) -> None:
        """Add what a page brought; of a paper the newest version stays."""
        self.dropped |= dict.fromkeys(page.dropped)
        for entry in page.entries:
            known = self.entries.get(entry.id)
            if known is None or known.version <= entry.version:
                self.entries[entry.id] = entry


@dataclass
class PagesRead:
    """Counts over the pages of one question; steady while arXiv declared one and the same total."""

    ids: set[str] = field(default_factory=set)
    rows: int = 0
    unreadable: int = 0
    total: int | None = None
    steady: bool = True
    short: bool = False

    def take(self, page: ArxivPage) -> None:
        """Count a page."""
        self.steady = self.steady and self.total in (None, page.total)
        self.total = page.total
        self.short = self.short or page.held < min(PAGE, page.total - self.rows)
        self.ids |= {entry.id for entry in page.entries}
        self.rows += page.held
        self.unreadable += len(page.dropped)

    @property
    def lossy(self) -> bool:
        """Whether a short page left a hole: what follows it then begins with what came before."""
        return self.short and self.rows > len(self.ids) + self.unreadable

    @property
    def whole(self) -> bool:
        """Whether every declared paper came, once, while nothing moved."""
        return self.steady and len(self.ids) + self.unreadable >= (self.total or 0)


def pages(asking: Asking, search: Search) -> Iterator[ArxivPage]:
    """The pages of a search until the declared total is reached; SourceError where one fails."""
    start = total = 0
    while not start or start < total:
        if start + PAGE > DEEPEST:
            raise ParseError(f"more than {DEEPEST} results; arXiv gives no more of one question")
        page = _page(asking, address(asking.spec.api_url, search, start, PAGE), start)
        if page.total * 2 < total:
            raise ParseError(f"arXiv declared {total} results and then {page.total}")
        asking.keep(page)
        yield page
        total = page.total
        start += max(page.held, 1)


def by_id(asking: Asking, ids: list[str]) -> int:
    """Ask for papers by their arXiv ids, one page; how many came. Unknown ids are left out."""
    from arxiv import Search

    search = Search(id_list=ids)
    page = _page(asking, address(asking.spec.api_url, search, 0, len(ids)), 0)
    asking.keep(page)
    return page.held


def address(api_url: str, search: Search, start: int, size: int) -> str:
    """The url that asks for size results of a search, the first of them at start.

    By relevance is how arXiv sorts where nothing else is said.
    """
    asked: dict[str, str | int] = {}
    if search.query:
        asked["search_query"] = search.query
    if search.id_list:
        asked["id_list"] = ",".join(search.id_list)
    asked |= {"start": start, "max_results": size}
    from arxiv import SortCriterion

    if search.sort_by is not SortCriterion.Relevance:
        asked |= {"sortBy": search.sort_by.value, "sortOrder": search.sort_order.value}
    return f"{api_url}?{urlencode(asked)}"


def _page(asking: Asking, url: str, start: int) -> ArxivPage:
    """One page, asked again while it fails, within the budget of waiting; SourceError at the end.

    A short or empty page may be wrong, or all there is: it is taken once arXiv has repeated it
    (DOUBTS times in all). So is the fullest short page when no time is left.
    """
    from sundaypaper.sources.arxiv_page import ErrorEntry, parse

    faults: list[SourceError] = []
    doubtful: list[ArxivPage] = []
    while True:
        if asking.blocked:
            raise Refused(asking.blocked)
        try:
            page = asking.run(parse, _get(asking, url), asking.spec.name)
            doubt = _doubt(page, start)
        except (Refused, ErrorEntry) as refusal:
            raise Refused(str(refusal)) from refusal
        except SourceError as bad:
            faults.append(bad)
        else:
            if not doubt:
                return page
            faults.append(ParseError(doubt))
            if page.held or page.total <= start:
                doubtful.append(page)
        if sum(map(_unreachable, faults)) == UNREACHABLE:
            asking.blocked = f"arXiv cannot be reached: {faults[-1]}"
        fullest = max(doubtful, key=lambda page: page.held, default=None)
        if fullest and len(doubtful) == DOUBTS:
            return fullest
        if len(faults) == TRIES or not _wait(asking, faults):
            if fullest and fullest.held:
                return fullest
            raise Refused(asking.blocked) if asking.blocked else faults[-1]


def _doubt(page: ArxivPage, start: int) -> str:
    """Why a page may not be complete; "" where it is. ParseError where it holds too many entries."""
    promised = max(0, min(PAGE, page.total - start))
    if page.held > promised:
        raise ParseError(f"a page of {page.held} entries where {promised} were declared")
    if page.held < promised:
        return f"a page of {page.held} entries where {promised} were declared"
    return "" if page.held else "arXiv says that there is nothing"


def _get(asking: Asking, url: str) -> bytes:
    """The body of an answer; Refused for 400 and 403, FetchError for what may pass."""
    from sundaypaper.net import retry_after

    with asking.pace:
        answer = asking.net.get(
            url, headers={"Accept": "application/atom+xml"}, limit=LARGEST, deadline=DEADLINE
        )
    if not _same_house(answer.url, asking.spec.api_url):
        host = urlsplit(answer.url).hostname
        raise FetchError(f"arXiv's address leads to {host} instead", reason="redirect")
    if answer.status == 200:
        return answer.body
    if answer.status == 403:
        asking.stay_away(BLOCK, "arXiv refuses us (403); nothing is asked for 24 hours, see its terms of use for the API")  # fmt: skip
        raise Refused(asking.blocked)
    if answer.status == 400:
        raise Refused(_complaint(asking, answer.body))
    raise FetchError(
        f"arXiv answered with status {answer.status}",
        reason="status",
        status=answer.status,
        retry_after=retry_after(answer.headers, asking.moment),
    )


def _same_house(url: str, asked: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host == urlsplit(asked).hostname or f".{host}".endswith(".arxiv.org")


def _complaint(asking: Asking, body: bytes) -> str:
    from sundaypaper.sources.arxiv_page import ErrorEntry, parse

    try:
        asking.run(parse, body, "")
    except ErrorEntry as refusal:
        return f"{refusal} (400)"
    except ParseError:
        pass
    return "arXiv calls the question malformed (400)"


def _wait(asking: Asking, faults: list[SourceError]) -> bool:
    """Wait as long as the last fault calls for; False where this run cannot spend as much."""
    last = faults[-1]
    if asking.blocked:
        return False
    retry_after = last.retry_after if isinstance(last, FetchError) else None
    if retry_after is not None:
        seconds = min(retry_after, LONGEST_WAIT)
    elif _throttled(last):
        seconds = THROTTLE_FLOOR * 2.0 ** (sum(map(_throttled, faults)) - 1)
    else:
        seconds = 3.0 * 2.0 ** (len(faults) - 1)
    if asking.waited + seconds > BUDGET:
        if retry_after is not None:
            asking.stay_away(seconds, f"{last} and asks us to wait {seconds:.0f} s, longer than this run may")  # fmt: skip
        return False
    asking.tell(f"{last}; asking again in {seconds:.0f} s")
    asking.waited += seconds
    asking.sleep(seconds)
    return True


def _unreachable(fault: SourceError) -> bool:
    return isinstance(fault, FetchError) and fault.reason == "unreachable"


def _throttled(fault: SourceError) -> bool:
    if isinstance(fault, FetchError):
        return fault.status in (406, 429, 503)
    return "Rate exceeded" in str(fault)
