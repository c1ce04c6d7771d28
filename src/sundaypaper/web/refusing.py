"""Answers that several of the readers' pages give where nothing was done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from math import ceil

from starlette.requests import Request
from starlette.responses import Response

from sundaypaper.errors import StoreError
from sundaypaper.web.limiting import Over
from sundaypaper.web.reception import Reception
from sundaypaper.web.workers import TooBusyError

AGAIN = 30  # seconds after which whoever met a busy paper may try again

Endpoint = Callable[[Request], Awaitable[Response]]


def or_busy(reception: Reception, endpoint: Endpoint) -> Endpoint:
    """An endpoint that says so where too much waits, or a database does not answer.

    The operator is told what a database says, once.
    """

    async def answered(request: Request) -> Response:
        try:
            return await endpoint(request)
        except TooBusyError:
            pass
        except StoreError as bad:
            reception.tell(str(bad))
        answer = await reception.page(request, "reader/busy.html", 503)
        answer.headers["retry-after"] = str(AGAIN)
        return answer

    return answered


async def too_many(reception: Reception, request: Request, over: Over, form: str) -> Response:
    """More came than is taken in a while; says when to come again, and where the form is."""
    minutes = ceil(over.seconds / 60)
    answer = await reception.page(
        request, "reader/too_many.html", 429, of=over.of, minutes=minutes, form=form
    )
    answer.headers["retry-after"] = str(over.seconds)
    return answer


def own_place(request: Request) -> str:
    """The place of the page that was asked for, from the root: where its form is."""
    return str(request.scope["path"]).strip("/")
