"""Feeds of a reader's own query: `/feeds/custom.atom?q=…` and `/feeds/custom.json?q=…`.

Nobody is asked who they are. What a network may ask for is bounded where it is not at hand, so that
nobody keeps the others from being answered, nor pushes what they asked for out of the cache.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from math import ceil

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from sundaypaper.errors import QueryError
from sundaypaper.pipeline.readers_queries import FeedKind
from sundaypaper.web.clients import network_of
from sundaypaper.web.finder import Answer, Finder, FinderError
from sundaypaper.web.static import is_known, takes_gzip
from sundaypaper.web.surroundings import Surroundings

TYPES: dict[FeedKind, str] = {
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
}
# A paper comes out once a week, but what is taken out is to be gone soon.
CACHED = "public, max-age=900"
ONE_QUERY = (
    "This is the address of a feed of your own: it wants one query behind ?q=, such as "
    "/feeds/custom.atom?q=topic:vision. The words and fields are those of the search page."
)
LOOKS, WINDOW, NETWORKS = 120, 3600.0, 10_000


class Looks:
    """Counts looks by network: so many in a window of time, in memory, for the last networks alone."""

    def __init__(self, monotonic: Callable[[], float], most: int = LOOKS) -> None:
        self._now, self._most = monotonic, most
        self._counts: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def wait(self, network: str) -> int:
        """Count a look; the seconds to wait where it is one too many, else 0."""
        now = self._now()
        begun, count = self._counts.get(network, (now, 0))
        if now - begun >= WINDOW:
            begun, count = now, 0
        if count >= self._most:
            return max(1, ceil(begun + WINDOW - now))
        self._counts[network] = begun, count + 1
        self._counts.move_to_end(network)
        if len(self._counts) > NETWORKS:
            self._counts.popitem(last=False)
        return 0


def routes(here: Surroundings, finder: Finder, looks: Looks | None = None) -> list[Route]:
    """The routes of both forms of a feed."""
    counted = looks or Looks(here.monotonic)

    def route(kind: FeedKind) -> Route:
        async def answer(request: Request) -> Response:
            return await _feed(request, kind, finder, counted)

        return Route(f"/feeds/custom.{kind}", answer, methods=["GET"])

    return [route("atom"), route("json")]


async def _feed(request: Request, kind: FeedKind, finder: Finder, looks: Looks) -> Response:
    queries = request.query_params.getlist("q")
    if len(queries) != 1 or not queries[0].strip():
        return _told(400, ONE_QUERY)
    try:
        found = finder.at_hand(queries[0], kind)
        if found is None:
            if wait := looks.wait(network_of(request)):
                return _told(429, "Too many new queries came from your network.", wait)
            found = await finder.feed(queries[0], kind)
    except QueryError as bad:
        return _told(400, f"The query behind ?q= cannot be answered: {bad}")
    except FinderError as bad:
        return _told(503, f"The feed cannot be made now: {bad}.", bad.retry_after)
    return _answer(request, kind, found)


def _told(status: int, sentence: str, wait: int = 0) -> Response:
    headers = {"Cache-Control": "no-store"}
    if wait:
        headers["Retry-After"] = str(wait)
        sentence = f"{sentence} Please ask again in {wait} seconds."
    return PlainTextResponse(f"{sentence}\n", status, headers)


def _answer(request: Request, kind: FeedKind, found: Answer) -> Response:
    packed = takes_gzip(request.headers.get("accept-encoding", ""))
    tag = f'"{found.tag}-gz"' if packed else f'"{found.tag}"'
    headers = {"ETag": tag, "Cache-Control": CACHED, "Vary": "Accept-Encoding"}
    headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # feeds are there to be read elsewhere
    if found.modified is not None:
        headers["Last-Modified"] = format_datetime(_second(found.modified), usegmt=True)
    if _is_had(request, tag, found.modified):
        return Response(status_code=304, headers=headers)
    body = found.packed if packed else found.body
    if packed:
        headers["Content-Encoding"] = "gzip"
    headers["Content-Length"] = str(len(body))
    shown = b"" if request.method == "HEAD" else body
    return Response(shown, headers=headers, media_type=TYPES[kind])


def _is_had(request: Request, tag: str, modified: datetime | None) -> bool:
    """Whether who asks has it already; a tag decides where one is given (RFC 9110, 13.2.2)."""
    if tags := request.headers.getlist("if-none-match"):
        return is_known(tags, tag)
    try:
        since = parsedate_to_datetime(request.headers.get("if-modified-since", ""))
    except (ValueError, OverflowError):  # such as a year of twenty digits
        return False
    if since.tzinfo is None:
        since = since.replace(tzinfo=UTC)
    return modified is not None and _second(modified) <= since


def _second(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
