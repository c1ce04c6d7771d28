"""Queries to arXiv's API, page by page: retries, waits, and checks for short or empty pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from sundaypaper.errors import FetchError, ParseError, SourceError
from sundaypaper.models import Ask, Entry, Slice
from sundaypaper.sources.arxiv_memory import Part

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
# So often must a page be as short, or as empty, before it is taken as it is; one question by id may
# well name what arXiv does not know.
DOUBTS, DOUBTS_BY_ID = 3, 2
# So many ids of a question may arXiv call malformed, one after another, before it is given up.
MALFORMED = 5
# Seconds. Retry-After is honoured as sent; without it a throttled client waits a minute.
DEADLINE = 90.0
THROTTLE_FLOOR = 60.0
LONGEST_WAIT = 21_600.0
BUDGET = 1_200.0
BLOCK = 86_400.0
# So often a day may arXiv turn us away, over all runs; then nothing is asked until the day is over.
MOST_REFUSED = 8


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
    # Requests in a row that brought no page that is whole.
    fruitless: int = 0
    blocked: str = ""
    # Answered completely: in earlier runs, which are not asked again, and by now.
    kept: Mapping[str, Part] = field(default_factory=dict)
    answered: dict[str, Part] = field(default_factory=dict)

    @property
    def moment(self) -> datetime:
        """The wall-clock time: that of the run's start plus the waits since."""
        return self.ask.wall + timedelta(seconds=self.waited)

    def stay_away(self, seconds: float, why: str) -> None:
        """Ask nothing more in this run, nor in another one before that many seconds are over."""
        self.pace.block(self.moment.timestamp() + seconds)
        self.blocked = why

    def turned_away(self, why: SourceError) -> int:
        """Count an answer that throttles us; how many came in a row, over all runs of a day."""
        count, since = self.pace.refused()
        if count >= MOST_REFUSED:
            left = since + BLOCK - self.moment.timestamp()
            self.stay_away(left, f"{why}, {count} times within a day; nothing is asked until it is over")  # fmt: skip
        return count

    def check_blocked(self) -> None:
        """Refused where nothing may be asked, be it for what another run of this machine was told."""
        if not self.blocked and (until := self.pace.blocked()) is not None:
            self.blocked = (
                "arXiv refused us (403) or asked us to wait; "
                f"nothing is asked before {datetime.fromtimestamp(until, UTC):%Y-%m-%d %H:%M} UTC"
            )
        if self.blocked:
            raise Refused(self.blocked)

    def keep(self, page: ArxivPage) -> None:
        """Add what a page brought; of a paper the newest version stays."""
        for name in page.dropped:
            if name not in self.dropped:
                self.tell(f"cannot be read: {name}")
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
    # Rows that came twice on one page: no page that shifts can do that, so they hide nothing.
    repeated: int = 0
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
        self.repeated += page.repeated

    @property
    def lossy(self) -> bool:
        """Whether a short page left a hole: what follows it then begins with what came before."""
        return self.short and self.rows > len(self.ids) + self.unreadable + self.repeated

    @property
    def whole(self) -> bool:
        """Whether every declared paper came while nothing moved."""
        came = len(self.ids) + self.unreadable + self.repeated
        return self.steady and came >= (self.total or 0)

    def agrees(self, other: PagesRead) -> bool:
        """Whether this reading and one from the other end show that only copies of rows are lacking.

        Both had every row, and either brought the same papers, or between them all.
        """
        total = self.total or 0
        if not (self.steady and other.steady and other.total == total):
            return False
        if min(self.rows, other.rows) < total:
            return False
        return self.ids == other.ids or len(self.ids | other.ids) + self.unreadable >= total


def pages(asking: Asking, search: Search) -> Iterator[ArxivPage]:
    """The pages of a search until the declared total is reached; SourceError where one fails."""
    start = total = repeated = 0
    while not start or start < total:
        if start + PAGE > DEEPEST:
            raise ParseError(f"more than {DEEPEST} results; arXiv gives no more of one question")
        url = address(asking.spec.api_url, search, start, PAGE)
        page = _page(asking, url, start, copies=repeated)
        if page.total * 2 < total:
            raise ParseError(f"arXiv declared {total} results and then {page.total}")
        asking.keep(page)
        yield page
        total = page.total
        start += max(page.held, 1)
        repeated += page.repeated


def by_id(asking: Asking, ids: list[str]) -> set[str]:
    """Ask for papers by their arXiv ids, one page; which came. Others arXiv does not know.

    Of ids that arXiv calls malformed, which spoils the question for all, the rest is asked for.
    """
    from arxiv import Search

    left = list(ids)
    for _again in range(MALFORMED):
        search = Search(id_list=left)
        url = address(asking.spec.api_url, search, 0, len(left))
        try:
            page = _page(asking, url, 0, doubts=DOUBTS_BY_ID)
        except Refused as refusal:
            odd = [id for id in left if re.search(rf"(?<![\w./]){re.escape(id)}(?![\w/])", str(refusal))]  # fmt: skip
            left = [id for id in left if id not in odd]
            if not odd or asking.blocked:
                raise
            if not left:
                return set()
        else:
            asking.keep(page)
            return {entry.id for entry in page.entries}
    raise ParseError(f"arXiv calls {len(ids) - len(left)} ids malformed and more")


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


def _page(
    asking: Asking, url: str, start: int, *, copies: int = 0, doubts: int = DOUBTS
) -> ArxivPage:
    """One page, asked again while it fails, within the budget of waiting; SourceError at the end.

    A short or empty page may be wrong, or all there is: it is taken once arXiv has repeated it
    (doubts times in all). So is the fullest short page when no time is left. Where nothing has
    come for as many requests as a page may cost, each further page costs one.
    """
    from sundaypaper.sources.arxiv_page import ErrorEntry, parse

    faults: list[SourceError] = []
    doubtful: list[ArxivPage] = []
    tries = TRIES if asking.fruitless < TRIES else 1
    while True:
        asking.check_blocked()
        asking.fruitless += 1
        try:
            page = asking.run(parse, _get(asking, url), asking.spec.name)
            doubt = _doubt(page, start, copies)
        except (Refused, ErrorEntry) as refusal:
            raise Refused(str(refusal)) from refusal
        except SourceError as bad:
            faults.append(bad)
        else:
            asking.pace.welcomed()
            if not doubt:
                asking.fruitless = 0
                return page
            faults.append(ParseError(doubt))
            if page.held or page.total <= start or doubts == DOUBTS_BY_ID:
                doubtful.append(page)
        if sum(map(_unreachable, faults)) == UNREACHABLE:
            asking.blocked = f"arXiv cannot be reached: {faults[-1]}"
        fullest = max(doubtful, key=lambda page: page.held, default=None)
        if fullest and len(doubtful) == doubts:
            asking.fruitless = asking.fruitless if fullest.held else 0
            return fullest
        if not _wait(asking, faults, tries):
            if fullest and fullest.held:
                return fullest
            raise Refused(asking.blocked) if asking.blocked else faults[-1]


def _doubt(page: ArxivPage, start: int, copies: int) -> str:
    """Why a page may not be complete; "" where it is. ParseError where it holds too many entries.

    Rows that came twice, here and on the pages before (copies), may or may not be in arXiv's total.
    """
    promised = max(0, min(PAGE, page.total - start))
    if page.held - page.repeated - copies > promised:
        raise ParseError(f"a page of {page.held} entries where {promised} were declared")
    if page.held < promised:
        return f"a page of {page.held} entries where {promised} were declared"
    return "" if page.held else "arXiv says that there is nothing"


def _get(asking: Asking, url: str) -> bytes:
    """The body of an answer; Refused for 400 and 403, FetchError for what may pass."""
    from sundaypaper.net import retry_after

    def before_hop(target: str) -> None:
        if not _same_house(target, asking.spec.api_url):
            host = urlsplit(target).hostname
            raise FetchError(f"arXiv's address leads to {host} instead", reason="redirect")
        asking.pace.again()

    with asking.pace:
        answer = asking.net.get(
            url,
            headers={"Accept": "application/atom+xml"},
            limit=LARGEST,
            deadline=DEADLINE,
            before_hop=before_hop,
        )
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


def _wait(asking: Asking, faults: list[SourceError], tries: int) -> bool:
    """Wait as long as the last fault calls for; False where it is not asked again in this run."""
    last = faults[-1]
    throttled = _throttled(last)
    refused = asking.turned_away(last) if throttled else 0
    if asking.blocked:
        return False
    retry_after = last.retry_after if isinstance(last, FetchError) else None
    if retry_after is not None:
        seconds = min(retry_after, LONGEST_WAIT)
    elif throttled:
        seconds = THROTTLE_FLOOR * 2.0 ** (refused - 1)
    else:
        seconds = 3.0 * 2.0 ** (len(faults) - 1)
    if asking.waited + seconds > BUDGET:
        if retry_after is not None or _rate_limited(last):
            asked = "asks us to wait" if retry_after is not None else "calls for a wait of"
            asking.stay_away(seconds, f"{last} and {asked} {seconds:.0f} s, longer than this run may")  # fmt: skip
        return False
    if len(faults) >= tries:
        return False
    asking.tell(f"{last}; asking again in {seconds:.0f} s")
    asking.waited += seconds
    asking.sleep(seconds)
    return True


def _unreachable(fault: SourceError) -> bool:
    return isinstance(fault, FetchError) and fault.reason in ("unreachable", "redirect")


def _throttled(fault: SourceError) -> bool:
    if isinstance(fault, FetchError) and fault.status in (406, 503):
        return True
    return _rate_limited(fault)


def _rate_limited(fault: SourceError) -> bool:
    """Whether we are turned away, and not just this question."""
    if isinstance(fault, FetchError):
        return fault.status == 429
    return "Rate exceeded" in str(fault)
