"""`/metrics`: figures for Prometheus, sums alone; to those whom feeds.yaml names, and nobody else.

A proxy makes every stranger look like itself, so what a proxy passed on is never answered here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from ipaddress import ip_network
from pathlib import Path

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sundaypaper import __version__
from sundaypaper.pipeline.watching import WORST, Watch
from sundaypaper.web.builds import Builds
from sundaypaper.web.clients import address_of, is_forwarded
from sundaypaper.web.surroundings import Surroundings
from sundaypaper.web.watched import Watched

PATIENCE = 5.0  # seconds; who collects figures waits for ten
SECONDS = (0.005, 0.025, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
CLASSES = ("1xx", "2xx", "3xx", "4xx", "5xx")

disable_created_metrics()  # type: ignore[no-untyped-call]


class Figures:
    """Requests as they were answered, and the paper as it was seen; no word of a request is kept."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "sundaypaper_requests",
            "Requests by class of status.",
            ["status"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "sundaypaper_request_seconds",
            "How long an answer took.",
            registry=self.registry,
            buckets=SECONDS,
        )
        for name in CLASSES:
            self.requests.labels(name)

    def answered(self, status: int, seconds: float) -> None:
        """Count an answer."""
        self.requests.labels(CLASSES[min(max(status // 100, 1), 5) - 1]).inc()
        self.seconds.observe(seconds)

    def text(self, seen: Watch | None, build: str | None) -> bytes:
        """All figures in the text format 0.0.4."""
        gauges = _Gauges()
        gauges.one("watched", "Whether the paper could be looked at.", seen is not None)
        gauges.by("build_info", "The program.", "version", {__version__: 1})
        if build and (made := _made(build)):
            gauges.one("pages_timestamp_seconds", "When the pages were published.", made)
        if seen is not None:
            _paper(gauges, seen)
        return generate_latest(self.registry) + generate_latest(gauges.registry)


class _Gauges:
    """Figures of one answer: what was true of an earlier one is not there."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()

    def one(self, name: str, about: str, value: float) -> None:
        """A figure without labels."""
        Gauge(f"sundaypaper_{name}", about, registry=self.registry).set(value)

    def by(self, name: str, about: str, label: str, values: Mapping[str, float]) -> None:
        """A figure for each value of a label, all of which are words of ours."""
        gauge = Gauge(f"sundaypaper_{name}", about, [label], registry=self.registry)
        for value, figure in values.items():
            gauge.labels(value).set(figure)


def _paper(gauges: _Gauges, seen: Watch) -> None:
    parts = [trouble.part for trouble in seen.troubles]
    troubles: dict[str, float] = {part: parts.count(part) for part in WORST}
    mails = seen.mails
    gauges.one("late", "1 where the issue that is due is not out.", seen.standing.late)
    gauges.by("troubles", "What `status --check` tells, by part.", "part", troubles)
    gauges.one(
        "next_due_timestamp_seconds", "When the next issue is due.", seen.next_due.timestamp()
    )
    gauges.by("sources", "Sources by state in the newest week.", "state", seen.sources)
    gauges.by("mails", "Mails of the newest mailed issue by state.", "state", mails.states)
    gauges.one("mails_owed", "Mails that should have gone out by now.", mails.owed)
    gauges.one("subscribers", "Subscribers who are confirmed.", mails.subscribers)
    gauges.one("sign_ups_pending", "Sign-ups that nobody has confirmed yet.", mails.pending)
    gauges.one("disk_free_bytes", "Bytes that are free where the paper lies.", seen.space.free)
    gauges.one("disk_needed_bytes", "Bytes that two weeks need.", seen.space.needed)
    if seen.newest is not None:
        at = seen.newest.composed
        gauges.one("issue_timestamp_seconds", "When the newest issue was printed.", at.timestamp())
        age = (seen.at - at).total_seconds()
        gauges.one("issue_age_seconds", "Age of the newest issue at the last look.", age)
    if seen.last_run is not None:
        began = seen.last_run.now.timestamp()
        gauges.one("last_run_timestamp_seconds", "When the last run began.", began)


class Counted:
    """Stands before the whole app and counts its answers."""

    def __init__(self, app: ASGIApp, figures: Figures, monotonic: Callable[[], float]) -> None:
        self.app, self.figures, self.monotonic = app, figures, monotonic

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = self.monotonic()

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.figures.answered(message["status"], self.monotonic() - began)
            await send(message)

        await self.app(scope, receive, counted)


def may_look(request: Request, networks: tuple[str, ...]) -> bool:
    """Whether a request comes from one of the networks, and directly."""
    if is_forwarded(request.scope):
        return False
    client = address_of(request.client.host if request.client else "")
    return client is not None and any(client in ip_network(network) for network in networks)


def routes(here: Surroundings, builds: Builds, watched: Watched, figures: Figures) -> list[Route]:
    """The route of the figures; for whoever may not look there is none."""

    async def answer(request: Request) -> Response:
        if not may_look(request, here.config().web.metrics):
            raise HTTPException(404)
        text = figures.text(await watched.seen(PATIENCE), builds.current())
        return Response(text, headers={"content-type": CONTENT_TYPE_PLAIN_0_0_4})

    return [Route("/metrics", answer)]


def _made(build: str) -> float:
    try:
        return Path(build).stat().st_mtime
    except OSError:  # another build took its place just now
        return 0.0
