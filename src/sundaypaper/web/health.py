"""`/healthz`: whether there are pages, readers.db opens and the mailer lives; quick, and no secret.

That the paper is late is said beside: whoever ends and begins a sick program must not do so for that.
"""

from __future__ import annotations

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sundaypaper.pipeline.opening import readers_fault
from sundaypaper.pipeline.watching import Watch
from sundaypaper.web.builds import Builds
from sundaypaper.web.surroundings import Surroundings
from sundaypaper.web.watched import Watched

KEPT = 1.0  # seconds for which an answer about readers.db holds, however many ask
PATIENCE = 0.5  # seconds that a look at the paper may take; it goes on for the next who asks
FINE = "ok"


class Health:
    """What is well and what is not. mailer gives what is wrong with it, "" for nothing."""

    def __init__(
        self, here: Surroundings, builds: Builds, mailer: Callable[[], str], watched: Watched
    ) -> None:
        self.here, self.builds, self.mailer, self.watched = here, builds, mailer, watched
        self.looked, self.fault = float("-inf"), ""

    async def answer(self, _: Request) -> Response:
        """200 where all is well, else 503; each part by its name with what is wrong."""
        now = self.here.monotonic()
        if now - self.looked >= KEPT:
            self.looked = now
            self.fault = await run_in_threadpool(readers_fault, self.here.root)
        parts = {
            "pages": FINE if self.builds.current() else "none are published yet",
            "readers.db": self.fault or FINE,
            "mailer": self.mailer() or FINE,
        }
        well = all(told == FINE for told in parts.values())
        paper = _told(await self.watched.seen(PATIENCE))
        return JSONResponse({"well": well, **parts, "paper": paper}, 200 if well else 503)


def _told(seen: Watch | None) -> str:
    """How the paper stands, in a word or two."""
    if seen is None:
        return "not known"
    return "late" if seen.standing.late else FINE


def routes(
    here: Surroundings, builds: Builds, mailer: Callable[[], str], watched: Watched
) -> list[Route]:
    """The route of the app's health."""
    return [Route("/healthz", Health(here, builds, mailer, watched).answer)]
