"""`/preferences/…/issues/`: the issues that a reader got, each as they got it."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from sundaypaper.pipeline import mails, subscriptions
from sundaypaper.pipeline.opening import look_into_store
from sundaypaper.web.preferences import Preferences, link_of
from sundaypaper.web.reception import Kept, Reception
from sundaypaper.web.refusing import or_busy

# A mail has its styles in its elements; nothing else of it is loaded or run.
AS_MAILED = (
    "default-src 'none'; style-src-attr 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)


def routes(reception: Reception) -> list[Route]:
    """The list, and each issue."""
    issues = _Issues(reception, Preferences(reception))
    place = "/preferences/{token}/issues"
    return [
        *(Route(path, or_busy(reception, issues.listed)) for path in (place, f"{place}/")),
        Route(place + "/{week}", or_busy(reception, issues.one)),
    ]


@dataclass(frozen=True, slots=True)
class _Issues:
    reception: Reception
    preferences: Preferences

    async def listed(self, request: Request) -> Response:
        """The issues that went out to a reader, newest first."""
        visit = await self.preferences.visit(request)
        if visit is None:
            return await self.reception.unknown(request)
        got = await self.reception.workers.call(
            lambda kept: subscriptions.got(kept.readers, visit.subscriber)
        )
        return await self.reception.page(
            request, "reader/issues.html", 200, got=got, preferences=link_of(visit.subscriber)
        )

    async def one(self, request: Request) -> Response:
        """An issue as it was mailed, with the links of now."""
        visit = await self.preferences.visit(request)
        if visit is None:
            return await self.reception.unknown(request)
        here, week = self.reception.here, request.path_params["week"]

        def shown(kept: Kept) -> str | None:
            with look_into_store(here.root, here.output) as store:
                return mails.as_got(
                    visit.pages.config,
                    store,
                    kept.readers,
                    visit.subscriber,
                    week,
                    templates=here.templates,
                    app=here.base_url,
                )

        html = await self.reception.workers.call(shown)
        if html is None:
            return await self.reception.unknown(request)
        return HTMLResponse(html, headers={"content-security-policy": AS_MAILED})
