"""`/leave/…`: the link in every mail. To open it shows a button; a POST leaves at once (RFC 8058).

Mail programs send that POST without cookie and with any Origin, and take no redirect for an answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sundaypaper.pipeline import subscriptions
from sundaypaper.web.forms import read_fields
from sundaypaper.web.reception import Reception
from sundaypaper.web.refusing import or_busy

ONE_CLICK = ("List-Unsubscribe", "One-Click")


def routes(reception: Reception) -> list[Route]:
    """The link by which readers leave."""
    link = _Link(reception)
    paths = ("/leave/{token}", "/leave/{token}/")
    return [Route(path, or_busy(reception, link.answer), methods=["GET", "POST"]) for path in paths]


@dataclass(frozen=True, slots=True)
class _Link:
    reception: Reception

    async def answer(self, request: Request) -> Response:
        reception, token = self.reception, request.path_params["token"]
        if request.method == "POST":
            how, now = await _how(request), reception.here.now()
            left = await reception.workers.call(
                lambda kept: subscriptions.leave(kept.readers, token, how, now)
            )
        else:
            left = await reception.workers.call(
                lambda kept: subscriptions.leaver(kept.readers, token)
            )
        if left is None:
            return await reception.unknown(request)
        template = "reader/left.html" if left.state == "left" else "reader/leave.html"
        return await reception.page(request, template, address=subscriptions.masked(left.address))


async def _how(request: Request) -> Literal["the page leave/", "one click"]:
    """Whether a mail program or the button asked; whoever shows the token leaves in either case."""
    fields = await read_fields(request)
    name, value = ONE_CLICK
    is_one_click = fields is not None and value in fields.values.get(name, ())
    return "one click" if is_one_click else "the page leave/"
